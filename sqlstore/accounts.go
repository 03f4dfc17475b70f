package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"iter"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Accounts returns the accounts in the database. Times are kept to the
// microsecond; text must be UTF-8 without zero bytes.
func (s *Store) Accounts() catalog.Accounts { return (*accounts)(s) }

type accounts Store

const accountColumns = "id, platform, store, status, reason, settings, created_at, updated_at"

// scanAccount reads accountColumns.
func scanAccount(scan func(...any) error) (catalog.Account, error) {
	var a catalog.Account
	var settings []byte
	var created, updated sql.NullInt64
	if err := scan(&a.ID, &a.Platform, &a.Store, &a.Status, &a.Reason, &settings, &created, &updated); err != nil {
		return catalog.Account{}, err
	}
	a.CreatedAt, a.UpdatedAt = fromMicros(created), fromMicros(updated)
	return a, json.Unmarshal(settings, &a.Settings)
}

func noAccount(op string) error {
	return &catalog.Error{Op: op, Kind: catalog.ErrNotFound, Message: "no such account"}
}

// one finds an account by a condition.
func (a *accounts) one(ctx context.Context, op, where string, args ...any) (catalog.Account, error) {
	s := (*Store)(a)
	if err := errors.Join(ctx.Err(), checkText(texts(args)...)); err != nil {
		return catalog.Account{}, absent(op, err)
	}
	account, err := scanAccount(s.read.QueryRowContext(ctx, s.sql("SELECT "+accountColumns+" FROM souk_accounts WHERE "+where), args...).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return catalog.Account{}, noAccount(op)
	}
	return account, s.failed(ctx, op, err)
}

// absent turns a text that cannot be stored into one that is not.
func absent(op string, err error) error {
	if catalog.KindOf(err) == catalog.ErrInvalid {
		return noAccount(op)
	}
	return err
}

func texts(args []any) []string {
	list := make([]string, len(args))
	for i, a := range args {
		list[i], _ = a.(string)
	}
	return list
}

// Get implements catalog.Accounts.
func (a *accounts) Get(ctx context.Context, id string) (catalog.Account, error) {
	return a.one(ctx, "get account", "id = $1", id)
}

// ByStore implements catalog.Accounts.
func (a *accounts) ByStore(ctx context.Context, platform, store string) (catalog.Account, error) {
	return a.one(ctx, "find account of "+platform+" store", "platform = $1 AND store = $2", platform, store)
}

// Put implements catalog.Accounts.
func (a *accounts) Put(ctx context.Context, account catalog.Account) error {
	const op = "put account"
	s := (*Store)(a)
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := catalog.CheckAccount(account); err != nil {
		return err
	}
	for name, value := range account.Settings {
		if err := checkText(name, value); err != nil {
			return err
		}
	}
	if err := checkText(account.ID, account.Platform, account.Store, string(account.Status)); err != nil {
		return err
	}
	settings, err := json.Marshal(account.Settings)
	if err != nil {
		return err
	}
	_, err = s.write.ExecContext(ctx, s.sql(`INSERT INTO souk_accounts (`+accountColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
		ON CONFLICT (id) DO UPDATE SET platform = excluded.platform, store = excluded.store, status = excluded.status,
			reason = excluded.reason, settings = excluded.settings, updated_at = excluded.updated_at`),
		account.ID, account.Platform, account.Store, string(account.Status), readable(account.Reason), string(settings), micros(s.now()))
	s.accountsWritten.Add(1)
	if err != nil && s.dialect.isUnique(err) {
		return &catalog.Error{Platform: account.Platform, Op: op, Kind: catalog.ErrConflict, Message: "the store belongs to another account", Hint: "find it with ByStore"}
	}
	return s.failed(ctx, op, err)
}

// SetStatus implements catalog.Accounts.
func (a *accounts) SetStatus(ctx context.Context, id string, status catalog.AccountStatus, reason string) error {
	const op = "set status of account"
	s := (*Store)(a)
	if err := errors.Join(ctx.Err(), checkText(id)); err != nil {
		return absent(op, err)
	}
	if err := checkText(string(status)); err != nil {
		return err
	}
	n, err := s.exec(ctx, op, "UPDATE souk_accounts SET status = $2, reason = $3, updated_at = $4 WHERE id = $1",
		id, string(status), readable(reason), micros(s.now()))
	s.accountsWritten.Add(1)
	if err == nil && n == 0 {
		return noAccount(op)
	}
	return err
}

// Delete implements catalog.Accounts.
func (a *accounts) Delete(ctx context.Context, id string) error {
	s := (*Store)(a)
	if err := ctx.Err(); err != nil || checkText(id) != nil {
		return err
	}
	_, err := s.exec(ctx, "delete account", "DELETE FROM souk_accounts WHERE id = $1", id)
	s.accountsWritten.Add(1)
	return err
}

// List reads ahead, this far and for this long.
const (
	listPage = 64
	listAge  = time.Second
)

// List implements catalog.Accounts. Nothing is held while it yields. What was
// read ahead is read again when this Store has written since; a change by
// another process may show up to a second late.
func (a *accounts) List(ctx context.Context, query catalog.AccountQuery) iter.Seq2[catalog.Account, error] {
	return func(yield func(catalog.Account, error) bool) {
		after := query.After
		for {
			seen, read := a.accountsWritten.Load(), time.Now()
			page, err := a.page(ctx, query, after)
			if err != nil {
				yield(catalog.Account{}, err)
				return
			}
			for i, account := range page {
				if i > 0 && (a.accountsWritten.Load() != seen || time.Since(read) > listAge || ctx.Err() != nil) {
					break
				}
				if after = account.ID; !yield(account, nil) {
					return
				}
			}
			if len(page) == 0 {
				return
			}
		}
	}
}

// page reads the accounts behind an id.
func (a *accounts) page(ctx context.Context, query catalog.AccountQuery, after string) ([]catalog.Account, error) {
	const op = "list accounts"
	s := (*Store)(a)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	other := string(query.Status)
	if query.Status == catalog.AccountActive {
		other = ""
	}
	rows, err := s.read.QueryContext(ctx, s.sql(`SELECT `+accountColumns+` FROM souk_accounts
		WHERE id > $1 AND ($2 = '' OR platform = $2) AND ($3 = '' OR status = $3 OR status = $4) ORDER BY id LIMIT $5`),
		after, query.Platform, string(query.Status), other, listPage)
	if err != nil {
		return nil, s.failed(ctx, op, err)
	}
	var page []catalog.Account
	err = each(rows, func() error {
		account, err := scanAccount(rows.Scan)
		page = append(page, account)
		return err
	})
	return page, s.failed(ctx, op, err)
}

var _ catalog.Accounts = (*accounts)(nil)
