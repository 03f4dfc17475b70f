package catalog

import (
	"context"
	"sync"
)

// MemoryCredentials keeps credentials in memory, for tests and programs that
// may lose them: a rotated token is gone with the process. The zero value is
// ready. It is safe for concurrent use, within one process.
type MemoryCredentials struct {
	mu     sync.Mutex
	stored map[string]StoredCredential
	// versions outlive deletion, so that a swap against a credential that was
	// erased and replaced meanwhile cannot succeed.
	versions map[string]int64
}

func credentialError(op string, kind Kind, why string) error {
	return &Error{Op: op, Kind: kind, Message: why}
}

// Load implements CredentialStore.
func (m *MemoryCredentials) Load(ctx context.Context, account string) (StoredCredential, error) {
	if err := ctx.Err(); err != nil {
		return StoredCredential{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	stored, ok := m.stored[account]
	if !ok {
		return StoredCredential{}, credentialError("load credential", ErrNotFound, "no credential is stored for the account")
	}
	stored.Credential = stored.Credential.Clone()
	if stored.Refresh != nil {
		intent := *stored.Refresh
		stored.Refresh = &intent
	}
	return stored, nil
}

// CompareAndSwap implements CredentialStore.
func (m *MemoryCredentials) CompareAndSwap(ctx context.Context, account string, version int64, next Credential) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if account == "" || next.IsZero() {
		return 0, credentialError("store credential", ErrInvalid, "the account id or the credential is empty")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stored[account].Version != version {
		return 0, credentialError("store credential", ErrConflict, "the credential was changed meanwhile")
	}
	if m.stored == nil {
		m.stored, m.versions = make(map[string]StoredCredential), make(map[string]int64)
	}
	m.versions[account]++
	stored := StoredCredential{Credential: next.Clone(), Version: m.versions[account]}
	if old := m.stored[account]; old.Credential.RefreshToken.Equal(next.RefreshToken) {
		stored.Refresh = old.Refresh // the token may have been sent
	}
	m.stored[account] = stored
	return m.versions[account], nil
}

// BeginRefresh implements CredentialStore.
func (m *MemoryCredentials) BeginRefresh(ctx context.Context, account string, version int64, intent RefreshIntent) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if intent.Attempt == "" {
		return credentialError("begin refresh", ErrInvalid, "the attempt id is empty")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	stored, ok := m.stored[account]
	if !ok || stored.Version != version || stored.Refresh != nil {
		return credentialError("begin refresh", ErrConflict, "the credential was changed, or another refresh is on record")
	}
	stored.Refresh = &intent
	m.stored[account] = stored
	return nil
}

// CancelRefresh implements CredentialStore.
func (m *MemoryCredentials) CancelRefresh(ctx context.Context, account, attempt string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	stored, ok := m.stored[account]
	if !ok || stored.Refresh == nil || stored.Refresh.Attempt != attempt {
		return credentialError("cancel refresh", ErrConflict, "that refresh is not on record")
	}
	stored.Refresh = nil
	m.stored[account] = stored
	return nil
}

// Delete implements CredentialStore.
func (m *MemoryCredentials) Delete(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.stored, account)
	return nil
}

var _ CredentialStore = (*MemoryCredentials)(nil)
