package auth

import (
	"context"
	"errors"
	"maps"

	"github.com/soukhq/souk/catalog"
)

const opConnect = "connect store"

// unclaimedReason says why an account that waits for the host is not active.
const unclaimedReason = "the store waits to be claimed by one of the host's accounts"

// unfinishedReason is what a crash between account and credential leaves.
const unfinishedReason = "connecting was not finished"

// unclaimedID is the id of an account that no host has claimed.
func unclaimedID(platform, store string) string { return "unclaimed:" + platform + ":" + store }

func (l *Lifecycle) check() error {
	switch {
	case l == nil:
		return connectConfig("Lifecycle", "is nil")
	case l.Accounts == nil:
		return connectConfig("Lifecycle.Accounts", "is nil; &catalog.MemoryAccounts{} keeps accounts in memory")
	case l.Credentials == nil:
		return connectConfig("Lifecycle.Credentials", "is nil; &catalog.MemoryCredentials{} keeps credentials in memory")
	}
	return nil
}

func (l *Lifecycle) registry() *catalog.Registry {
	if l.Registry == nil {
		return catalog.Default
	}
	return l.Registry
}

// Grant keeps a credential that arrived by webhook (catalog.Verdict.Grants),
// possibly for a store that has no account yet: see AccountID and Claim. Call
// it before the webhook is answered, since the platform may send it only once.
// A delivery that comes again, or late, never replaces a credential that lives
// longer.
func (l *Lifecycle) Grant(ctx context.Context, platform string, grant catalog.Grant) (Connection, error) {
	return l.Accept(ctx, Arrival{Platform: platform, Store: grant.Store, Via: "webhook"}, Grant{Grant: grant})
}

// Accept keeps a credential that was won now, as by a flow of the host's own:
// for the account arrival names, else for the one the store has, else for a new
// one. A store that belongs to another account is ErrConflict, and so is an
// account that has another store.
func (l *Lifecycle) Accept(ctx context.Context, arrival Arrival, grant Grant) (Connection, error) {
	// The account is put on record first, unusable when it is new, then the
	// credential; then the account is active. Whatever a crash leaves, the next
	// grant for the store mends, and nothing secret is ever kept for an account
	// that nobody can find.
	if err := l.check(); err != nil {
		return Connection{}, err
	}
	adapter, err := l.registry().Get(arrival.Platform)
	if err != nil {
		return Connection{}, err
	}
	store, err := adapter.CanonicalStore(grant.Store)
	if err != nil {
		return Connection{}, err
	}
	if grant.Credential.IsZero() {
		return Connection{}, &catalog.Error{Platform: arrival.Platform, Op: opConnect, Kind: catalog.ErrInvalid, Message: "the grant holds no credential"}
	}
	arrival.Store = store
	account, fresh, err := l.account(ctx, arrival)
	if err != nil {
		return Connection{}, err
	}
	settings := maps.Clone(account.Settings)
	if settings == nil && len(grant.Settings) > 0 {
		settings = map[string]string{}
	}
	maps.Copy(settings, grant.Settings)
	if fresh || !maps.Equal(settings, account.Settings) {
		account.Settings = settings
		if err := l.Accounts.Put(ctx, account); err != nil {
			return Connection{}, err
		}
	}
	credential, err := l.swap(ctx, account.ID, grant.Credential, working(account))
	if err != nil {
		return Connection{}, err
	}
	status, reason := catalog.AccountActive, ""
	if account.ID == unclaimedID(account.Platform, account.Store) {
		status, reason = catalog.AccountUnclaimed, unclaimedReason
	}
	if err := l.Accounts.SetStatus(ctx, account.ID, status, reason); err != nil {
		return Connection{}, err
	}
	if account, err = l.Accounts.Get(ctx, account.ID); err != nil {
		return Connection{}, err
	}
	connection := describe(adapter, account, credential)
	connection.Missing, connection.New = grant.Missing, fresh
	l.log(ctx, "store connected", account, "via", arrival.Via)
	if l.OnConnected != nil {
		err = l.OnConnected(ctx, connection)
	}
	return connection, err
}

// account finds or prepares the account of an arrival. A new one has not been
// stored yet.
func (l *Lifecycle) account(ctx context.Context, arrival Arrival) (account catalog.Account, fresh bool, err error) {
	conflict := func(message, hint string) error {
		return &catalog.Error{Platform: arrival.Platform, Op: opConnect, Kind: catalog.ErrConflict, Code: "foreign_store", Message: message, Hint: hint}
	}
	known, err := l.Accounts.ByStore(ctx, arrival.Platform, arrival.Store)
	switch {
	case err == nil && (arrival.Account == "" || arrival.Account == known.ID):
		return known, false, nil
	case err == nil && known.ID == unclaimedID(arrival.Platform, arrival.Store):
		claimed, err := l.Claim(ctx, arrival.Platform, arrival.Store, arrival.Account)
		return claimed.Account, false, err
	case err == nil:
		return catalog.Account{}, false, conflict("the store is connected to another account", "disconnect it there first")
	case catalog.KindOf(err) != catalog.ErrNotFound:
		return catalog.Account{}, false, err
	}
	id := arrival.Account
	if id == "" {
		id = arrival.Platform + ":" + arrival.Store
		if l.AccountID != nil {
			if id, err = l.AccountID(ctx, arrival); err != nil {
				return catalog.Account{}, false, err
			}
		}
	}
	if id == "" {
		id = unclaimedID(arrival.Platform, arrival.Store)
	}
	other, err := l.Accounts.Get(ctx, id)
	switch {
	case err == nil:
		return catalog.Account{}, false, conflict("the account is connected to the store "+other.Store+" on "+other.Platform, "use an account of its own for each store")
	case catalog.KindOf(err) != catalog.ErrNotFound:
		return catalog.Account{}, false, err
	}
	return catalog.Account{ID: id, Platform: arrival.Platform, Store: arrival.Store,
		Status: catalog.AccountReauthorize, Reason: unfinishedReason}, true, nil
}

// swapTries bounds the tries to store a credential beside others that do too.
const swapTries = 10

// swap stores a credential. Where the one on record works, or was stored just
// now, the one that was issued later stays: a webhook may come again after its
// token was refreshed, and of two flows at once the slower one may have the
// token that the platform has replaced. It returns the one on record then.
func (l *Lifecycle) swap(ctx context.Context, account string, next catalog.Credential, lives bool) (catalog.Credential, error) {
	for range swapTries {
		stored, err := l.Credentials.Load(ctx, account)
		if err != nil && catalog.KindOf(err) != catalog.ErrNotFound {
			return catalog.Credential{}, err
		}
		if stored.Credential.Same(next) || lives && outlives(stored.Credential, next) {
			return stored.Credential, nil
		}
		_, err = l.Credentials.CompareAndSwap(ctx, account, stored.Version, next)
		if err == nil {
			return next, nil
		}
		if catalog.KindOf(err) != catalog.ErrConflict {
			return catalog.Credential{}, err
		}
		lives = true
	}
	return catalog.Credential{}, &catalog.Error{Op: opConnect, Kind: catalog.ErrConflict, Message: "the credential is changed by others all the time"}
}

// outlives reports whether a was issued after b: both are pairs of tokens, which
// live for the same time on a platform, and a ends later.
func outlives(a, b catalog.Credential) bool {
	pairs := !a.RefreshToken.IsZero() && !b.RefreshToken.IsZero() && !a.ExpiresAt.IsZero() && !b.ExpiresAt.IsZero()
	return pairs && a.ExpiresAt.After(b.ExpiresAt)
}

// Connection describes the account with the host's id. One without a
// credential is ErrNotFound.
func (l *Lifecycle) Connection(ctx context.Context, id string) (Connection, error) {
	account, err := l.Accounts.Get(ctx, id)
	if err != nil {
		return Connection{}, err
	}
	stored, err := l.Credentials.Load(ctx, id)
	if err != nil {
		return Connection{}, err
	}
	adapter, _ := l.registry().Get(account.Platform)
	return describe(adapter, account, stored.Credential), nil
}

func describe(adapter catalog.Adapter, account catalog.Account, credential catalog.Credential) Connection {
	c := Connection{Account: account, Scopes: credential.Clone().Scopes, ExpiresAt: credential.ExpiresAt}
	if r, ok := adapter.(Refresher); ok && !c.ExpiresAt.IsZero() {
		c.NextRefresh = c.ExpiresAt.Add(-r.RefreshPolicy().Ahead)
	}
	return c
}

// working reports whether the account's credential should work.
func working(a catalog.Account) bool {
	return a.Status.Usable() || a.Status == catalog.AccountUnclaimed
}

// known finds a store that is connected.
func (l *Lifecycle) known(ctx context.Context, platform, store string) (Connection, error) {
	account, err := l.Accounts.ByStore(ctx, platform, store)
	if err != nil {
		return Connection{}, err
	}
	if !working(account) {
		return Connection{}, &catalog.Error{Platform: platform, Op: opConnect, Kind: catalog.ErrNotFound, Message: "the account is not active"}
	}
	return l.Connection(ctx, account.ID)
}

func (l *Lifecycle) log(ctx context.Context, message string, account catalog.Account, more ...any) {
	if l.Logger != nil {
		l.Logger.InfoContext(ctx, message, append([]any{"platform", account.Platform, "store", account.Store, "account", account.ID}, more...)...)
	}
}

// Claim gives a store that arrived by itself to the host's account. The host
// has made sure that the merchant owns the store: the grant does not say who
// installed the app. Claiming again what the account has is no error; the store
// of another account is ErrConflict, a store nobody has heard of ErrNotFound,
// and a token that is being refreshed ErrUnavailable: try again.
func (l *Lifecycle) Claim(ctx context.Context, platform, store, id string) (Connection, error) {
	if err := l.check(); err != nil {
		return Connection{}, err
	}
	adapter, err := l.registry().Get(platform)
	if err != nil {
		return Connection{}, err
	}
	if store, err = adapter.CanonicalStore(store); err != nil {
		return Connection{}, err
	}
	return l.claim(ctx, platform, store, id)
}

// refused reports whether err says that a credential is dead.
func refused(err error) bool {
	return errors.Is(err, catalog.ErrUnauthorized) && !errors.Is(err, catalog.ErrOutcomeUnknown)
}
