package catalog

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"
)

// MemoryAccounts keeps accounts in memory, for tests and small programs: they
// are gone with the process. The zero value is ready. It is safe for
// concurrent use.
type MemoryAccounts struct {
	mu      sync.RWMutex
	byID    map[string]Account
	byStore map[[2]string]string
}

func noAccount(op string) error {
	return &Error{Op: op, Kind: ErrNotFound, Message: "no such account"}
}

// Get implements Accounts.
func (m *MemoryAccounts) Get(ctx context.Context, id string) (Account, error) {
	if err := ctx.Err(); err != nil {
		return Account{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	account, ok := m.byID[id]
	if !ok {
		return Account{}, noAccount("get account " + clip(id, 60))
	}
	return account.Clone(), nil
}

// ByStore implements Accounts.
func (m *MemoryAccounts) ByStore(ctx context.Context, platform, store string) (Account, error) {
	if err := ctx.Err(); err != nil {
		return Account{}, err
	}
	m.mu.RLock()
	id, ok := m.byStore[[2]string{platform, store}]
	m.mu.RUnlock()
	if !ok {
		return Account{}, noAccount("find account of " + platform + " store " + clip(store, 80))
	}
	return m.Get(ctx, id)
}

// Put implements Accounts.
func (m *MemoryAccounts) Put(ctx context.Context, account Account) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := CheckAccount(account); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	key := [2]string{account.Platform, account.Store}
	if owner, taken := m.byStore[key]; taken && owner != account.ID {
		return &Error{Platform: account.Platform, Op: "put account", Kind: ErrConflict, Message: "the store belongs to another account", Hint: "find it with ByStore"}
	}
	if m.byID == nil {
		m.byID, m.byStore = make(map[string]Account), make(map[[2]string]string)
	}
	account = account.Clone()
	account.UpdatedAt = time.Now().UTC()
	account.CreatedAt = account.UpdatedAt
	if old, ok := m.byID[account.ID]; ok {
		delete(m.byStore, [2]string{old.Platform, old.Store})
		account.CreatedAt = old.CreatedAt
	}
	m.byID[account.ID], m.byStore[key] = account, account.ID
	return nil
}

// CheckAccount reports a missing ID, Platform or Store; every Accounts
// implementation uses it in Put.
func CheckAccount(a Account) error {
	for _, f := range []struct{ name, value string }{{"ID", a.ID}, {"Platform", a.Platform}, {"Store", a.Store}} {
		if f.value == "" {
			return &Error{Platform: a.Platform, Op: "put account", Kind: ErrInvalid, Message: f.name + " is empty", Hint: "an account needs ID, Platform and Store"}
		}
	}
	return nil
}

// SetStatus implements Accounts.
func (m *MemoryAccounts) SetStatus(ctx context.Context, id string, status AccountStatus, reason string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	account, ok := m.byID[id]
	if !ok {
		return noAccount("set status of account " + clip(id, 60))
	}
	account.Status, account.Reason, account.UpdatedAt = status, reason, time.Now().UTC()
	m.byID[id] = account
	return nil
}

// Delete implements Accounts.
func (m *MemoryAccounts) Delete(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, ok := m.byID[id]; ok {
		delete(m.byStore, [2]string{old.Platform, old.Store})
		delete(m.byID, id)
	}
	return nil
}

// List implements Accounts. It yields the accounts that were there at the
// start, as they are when it comes to them.
func (m *MemoryAccounts) List(ctx context.Context, query AccountQuery) iter.Seq2[Account, error] {
	return func(yield func(Account, error) bool) {
		for _, id := range m.ids(query) {
			account, err := m.Get(ctx, id)
			if KindOf(err) == ErrNotFound || err == nil && !query.matches(account) {
				continue // deleted or changed since the start
			}
			if !yield(account, err) || err != nil {
				return
			}
		}
	}
}

func (m *MemoryAccounts) ids(query AccountQuery) []string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var ids []string
	for id, a := range m.byID {
		if query.matches(a) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (q AccountQuery) matches(a Account) bool {
	return a.ID > q.After && (q.Platform == "" || a.Platform == q.Platform) &&
		(q.Status == "" || a.Status == q.Status || q.Status == AccountActive && a.Status == "")
}

var _ Accounts = (*MemoryAccounts)(nil)
