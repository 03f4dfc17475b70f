package catalog

import (
	"context"
	"iter"
	"maps"
	"time"
)

// Account is one merchant's store as the host knows it: plain data to keep in
// a database. It holds no secret.
type Account struct {
	// ID is the host's own name for the account, unique over all platforms.
	ID string
	// Platform is the adapter's name.
	Platform string
	// Store is the platform's name for the store: a Shopify domain, a Salla
	// merchant number, a WooCommerce or Magento base URL, a BigCommerce hash.
	Store string
	// Status says whether the account can be used.
	Status AccountStatus
	// Reason says why the status is what it is; for people.
	Reason string
	// Settings are per-store options of the adapter, such as a store view; the
	// adapter's package documents the names. Never put a secret here.
	Settings map[string]string
	// CreatedAt and UpdatedAt are kept by the Accounts store.
	CreatedAt, UpdatedAt time.Time
}

// Clone returns a copy with its own Settings.
func (a Account) Clone() Account {
	a.Settings = maps.Clone(a.Settings)
	return a
}

// AccountStatus says whether an account can be used.
type AccountStatus string

// The states of an account. The zero value counts as AccountActive.
const (
	AccountActive AccountStatus = "active"
	// AccountReauthorize: the credential is dead; the merchant must connect
	// the store again.
	AccountReauthorize AccountStatus = "reauthorize"
	// AccountUninstalled: the merchant removed the app.
	AccountUninstalled AccountStatus = "uninstalled"
	// AccountSuspended: the platform froze or locked the store.
	AccountSuspended AccountStatus = "suspended"
	// AccountUnclaimed: the store's credential arrived by itself, and the host
	// has not said yet which of its accounts the store is.
	AccountUnclaimed AccountStatus = "unclaimed"
)

// Usable reports whether calls for the account can succeed.
func (s AccountStatus) Usable() bool { return s == "" || s == AccountActive }

// Accounts is where a host keeps its accounts. Implementations are safe for
// concurrent use, return copies, and return ctx's error when it has ended.
type Accounts interface {
	// Get returns the account with the host's id, or ErrNotFound.
	Get(ctx context.Context, id string) (Account, error)
	// ByStore returns the account of a platform's store, or ErrNotFound. A
	// webhook knows only this.
	ByStore(ctx context.Context, platform, store string) (Account, error)
	// Put creates the account or replaces the one with its ID. CreatedAt is
	// kept from the first Put, UpdatedAt is set. A store that belongs to
	// another account is ErrConflict; a missing ID, Platform or Store is
	// ErrInvalid.
	Put(ctx context.Context, account Account) error
	// SetStatus changes the status and its reason, or returns ErrNotFound.
	SetStatus(ctx context.Context, id string, status AccountStatus, reason string) error
	// Delete removes the account; deleting an absent one is no error.
	Delete(ctx context.Context, id string) error
	// List yields the accounts in byte order of ID, after the id After. One
	// that changes meanwhile comes as it is then, or not at all.
	List(ctx context.Context, query AccountQuery) iter.Seq2[Account, error]
}

// AccountQuery narrows Accounts.List; zero fields do not filter.
type AccountQuery struct {
	Platform string
	Status   AccountStatus // AccountActive also finds the zero status
	After    string        // an account ID to continue behind
}

// CredentialStore keeps one credential per account, with a version that makes
// lost updates visible, and the intents of refreshes under way, which make it
// impossible to use a single-use refresh token twice. Implementations are
// safe for concurrent use by many processes where they claim so, keep secrets
// encrypted at rest where they are durable, return copies, hold no lock between
// calls, and return ctx's error when it has ended.
type CredentialStore interface {
	// Load returns the account's credential, or ErrNotFound.
	Load(ctx context.Context, account string) (StoredCredential, error)
	// CompareAndSwap stores next if the version is still the given one, 0
	// meaning that none is stored. A refresh intent is cleared by another
	// refresh token and stays with the same one, which may have been used. It
	// returns the new version, or ErrConflict and changes nothing. Versions of one account
	// grow and are never given out twice, not even after Delete: a swap against
	// a credential that was erased and replaced meanwhile must not succeed. An
	// empty account or credential is ErrInvalid.
	CompareAndSwap(ctx context.Context, account string, version int64, next Credential) (int64, error)
	// BeginRefresh records, durably and before anything is sent, that a
	// refresh of this version is about to be sent. It returns ErrConflict
	// when none is stored, the version has moved on or an intent exists,
	// whatever its age: an intent never expires into "free". The version stays
	// the same. An empty Attempt is ErrInvalid.
	BeginRefresh(ctx context.Context, account string, version int64, intent RefreshIntent) error
	// CancelRefresh removes the intent of an attempt of which it is certain
	// that nothing was sent, or that the platform refused it. An attempt that is not on record is ErrConflict.
	CancelRefresh(ctx context.Context, account, attempt string) error
	// Delete erases the account's credential and intent; erasing an absent
	// one is no error.
	Delete(ctx context.Context, account string) error
}

// StoredCredential is a credential on record.
type StoredCredential struct {
	Credential Credential
	// Version grows with every change.
	Version int64
	// Refresh is the refresh under way, nil when there is none. One whose
	// deadline has passed has an unknown outcome.
	Refresh *RefreshIntent
}

// RefreshIntent says that somebody is about to use, or has used, a refresh
// token.
type RefreshIntent struct {
	// Attempt is random and unique.
	Attempt string
	// Fingerprint names the refresh token without revealing it.
	Fingerprint string
	// Owner says which process, for people.
	Owner string
	// StartedAt and Deadline bound the attempt; after Deadline its answer can
	// no longer arrive.
	StartedAt, Deadline time.Time
}
