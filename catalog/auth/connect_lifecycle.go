package auth

import (
	"context"
	"log/slog"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Lifecycle is what happens to an account from its first credential to the
// end of its last: stores get connected, by a flow of [Connect] or a webhook,
// and uninstalled or revoked. Connect uses one; a host hands it what arrives
// by webhook:
//
//	d.On(catalog.EventAppUninstalled, life.Event)
//	d.On(catalog.EventPrivacyShopRedact, life.Event) // and the other two
//
// Every method may be repeated: what a crash left half done, the next call
// mends. It is safe for concurrent use; do not change the fields once it is in
// use.
type Lifecycle struct {
	// Registry has the adapters; nil = catalog.Default.
	Registry *catalog.Registry
	// Accounts and Credentials keep what is connected. Required.
	Accounts    catalog.Accounts
	Credentials catalog.CredentialStore
	// AccountID chooses the host's id for a store that has no account yet and
	// that nobody asked for by id. "" = the store waits, unclaimed, until
	// Claim. An id that is in use for another store is refused. nil = the
	// platform and the store, as "salla:1305146709".
	AccountID func(ctx context.Context, arrival Arrival) (string, error)
	// OnConnected hears of every credential that was stored; nil = nobody does.
	// The store stays connected when it fails, and the caller sees the error.
	OnConnected func(ctx context.Context, connection Connection) error
	// OnEnded hears of an account that was uninstalled or whose credential is
	// dead, after its credential was erased; nil = nobody does. When it fails,
	// the event fails, so that it comes again.
	OnEnded func(ctx context.Context, account catalog.Account) error
	// OnPrivacy acts on the privacy requests that platforms send, at least
	// once each: export or erase what the host keeps. nil = such an event is an
	// error, since it must not be acknowledged unread.
	OnPrivacy func(ctx context.Context, event catalog.Event) error
	// Logger hears what happened to which account; nil = nobody does.
	Logger *slog.Logger
}

// Arrival is a store that arrived with a working credential.
type Arrival struct {
	Platform, Store string
	// Via is the name of the Method or Route it came by, or "webhook".
	Via string
	// Account is the id of the account the host asked for, "" when it did not
	// or when the merchant began on the platform's pages.
	Account string
}

// Connection is a connected store.
type Connection struct {
	Account catalog.Account
	// Scopes were granted; nil when the platform does not tell.
	Scopes []string
	// Missing are the scopes the app asked for and did not get; known only right
	// after connecting.
	Missing []string
	// ExpiresAt is when the access token dies, zero when it does not by
	// itself.
	ExpiresAt time.Time
	// NextRefresh is from when on the token is replaced, zero when it never
	// is.
	NextRefresh time.Time
	// New says that the account was made just now.
	New bool
}
