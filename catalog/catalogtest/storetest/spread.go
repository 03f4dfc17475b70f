package storetest

import (
	"context"
	"iter"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// SpreadAccounts sends each call to the next of several handles to one store,
// as if every call came from another process.
func SpreadAccounts(handles ...catalog.Accounts) catalog.Accounts {
	return &accountsSpread{turn[catalog.Accounts]{handles: handles}}
}

// SpreadCredentials is SpreadAccounts for credentials.
func SpreadCredentials(handles ...catalog.CredentialStore) catalog.CredentialStore {
	return &credentialsSpread{turn[catalog.CredentialStore]{handles: handles}}
}

// SpreadStates is SpreadAccounts for states.
func SpreadStates(handles ...auth.States) auth.States {
	return &statesSpread{turn[auth.States]{handles: handles}}
}

type turn[S any] struct {
	handles []S
	n       atomic.Uint64
}

func (t *turn[S]) next() S { return t.handles[t.n.Add(1)%uint64(len(t.handles))] }

type accountsSpread struct{ turn[catalog.Accounts] }

func (s *accountsSpread) Get(ctx context.Context, id string) (catalog.Account, error) {
	return s.next().Get(ctx, id)
}

func (s *accountsSpread) ByStore(ctx context.Context, platform, store string) (catalog.Account, error) {
	return s.next().ByStore(ctx, platform, store)
}

func (s *accountsSpread) Put(ctx context.Context, a catalog.Account) error {
	return s.next().Put(ctx, a)
}

func (s *accountsSpread) SetStatus(ctx context.Context, id string, status catalog.AccountStatus, reason string) error {
	return s.next().SetStatus(ctx, id, status, reason)
}

func (s *accountsSpread) Delete(ctx context.Context, id string) error {
	return s.next().Delete(ctx, id)
}

func (s *accountsSpread) List(ctx context.Context, q catalog.AccountQuery) iter.Seq2[catalog.Account, error] {
	return s.next().List(ctx, q)
}

type credentialsSpread struct{ turn[catalog.CredentialStore] }

func (s *credentialsSpread) Load(ctx context.Context, account string) (catalog.StoredCredential, error) {
	return s.next().Load(ctx, account)
}

func (s *credentialsSpread) CompareAndSwap(ctx context.Context, account string, version int64, next catalog.Credential) (int64, error) {
	return s.next().CompareAndSwap(ctx, account, version, next)
}

func (s *credentialsSpread) BeginRefresh(ctx context.Context, account string, version int64, intent catalog.RefreshIntent) error {
	return s.next().BeginRefresh(ctx, account, version, intent)
}

func (s *credentialsSpread) CancelRefresh(ctx context.Context, account, attempt string) error {
	return s.next().CancelRefresh(ctx, account, attempt)
}

func (s *credentialsSpread) Delete(ctx context.Context, account string) error {
	return s.next().Delete(ctx, account)
}

type statesSpread struct{ turn[auth.States] }

func (s *statesSpread) Put(ctx context.Context, key string, value catalog.Secret, until time.Time) error {
	return s.next().Put(ctx, key, value, until)
}

func (s *statesSpread) Take(ctx context.Context, key string) (catalog.Secret, error) {
	return s.next().Take(ctx, key)
}

var (
	_ catalog.Accounts        = (*accountsSpread)(nil)
	_ catalog.CredentialStore = (*credentialsSpread)(nil)
	_ auth.States             = (*statesSpread)(nil)
)
