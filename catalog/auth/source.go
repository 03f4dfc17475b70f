package auth

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Refresher is an adapter whose credentials expire.
type Refresher interface {
	// RefreshCredential asks the platform for the credential that follows
	// used, which is zero when there is none yet and the platform gives
	// credentials to an app by itself. A refresh token that is dead is
	// ErrReauthorize; an answer that was lost after sending is
	// ErrOutcomeUnknown. It is safe for concurrent use.
	RefreshCredential(ctx context.Context, account catalog.Account, used catalog.Credential) (catalog.Credential, error)
	// RefreshPolicy says how the platform treats refreshes.
	RefreshPolicy() Policy
}

// Policy says how a platform treats refreshes.
type Policy struct {
	// Ahead is how long before its end an access token is replaced.
	Ahead time.Duration
	// SingleUse says that sending a refresh token twice is punished, so that a
	// refresh of unknown outcome must never be repeated.
	SingleUse bool
	// Timeout bounds one refresh with its retries; 0 = 30 seconds.
	Timeout time.Duration
}

// Source is the credential source of one account. It is safe for concurrent
// use, also by several processes over one CredentialStore.
type Source struct {
	account   catalog.Account
	store     catalog.CredentialStore
	refresher Refresher // nil = the credential never changes
	policy    Policy
	owner     string

	mu      sync.Mutex
	current catalog.StoredCredential // the latest known; zero = not loaded
	flight  *flight                  // the refresh under way in this process
}

// flight is a refresh that several callers wait for.
type flight struct {
	done   chan struct{}
	result catalog.Credential
	err    error
}

// NewSource makes the source of an account's credential. A nil refresher is
// for credentials that never expire.
func NewSource(account catalog.Account, store catalog.CredentialStore, refresher Refresher) *Source {
	s := &Source{account: account.Clone(), store: store, refresher: refresher, owner: rand.Text()}
	if refresher != nil {
		s.policy = refresher.RefreshPolicy()
	}
	if s.policy.Timeout <= 0 {
		s.policy.Timeout = 30 * time.Second
	}
	return s
}

// Credential implements catalog.CredentialSource. A token that is about to
// expire is refreshed first; when that fails while the token still lives, the
// token is returned.
func (s *Source) Credential(ctx context.Context) (catalog.Credential, error) {
	current, err := s.load(ctx)
	if err != nil {
		return catalog.Credential{}, err
	}
	now := time.Now()
	if s.refresher == nil || !current.Credential.IsZero() && !current.Credential.Expired(now, s.policy.Ahead) {
		return current.Credential, nil
	}
	fresh, err := s.refresh(ctx, current.Credential)
	if err != nil && ctx.Err() == nil && !current.Credential.AccessToken.IsZero() && !current.Credential.Expired(now, 0) {
		return current.Credential, nil
	}
	return fresh, err
}

// Refresh implements catalog.CredentialSource.
func (s *Source) Refresh(ctx context.Context, used catalog.Credential) (catalog.Credential, error) {
	if s.refresher == nil {
		stored, err := s.store.Load(ctx, s.account.ID)
		if err == nil && !stored.Credential.Same(used) {
			s.remember(stored)
			return stored.Credential, nil
		}
		return catalog.Credential{}, s.dead("the platform refused a credential that cannot be refreshed")
	}
	return s.refresh(ctx, used)
}

func (s *Source) dead(why string) error {
	return &catalog.Error{Platform: s.account.Platform, Op: "refresh credential", Kind: catalog.ErrReauthorize, Message: why, Hint: "have the merchant connect the store again"}
}

// load returns the latest known credential, from memory where possible. An
// account without one has the zero credential if the platform gives them to
// the app by itself.
func (s *Source) load(ctx context.Context) (catalog.StoredCredential, error) {
	if err := ctx.Err(); err != nil {
		return catalog.StoredCredential{}, err
	}
	s.mu.Lock()
	current := s.current
	s.mu.Unlock()
	if current.Version != 0 {
		return current, nil
	}
	stored, err := s.store.Load(ctx, s.account.ID)
	if catalog.KindOf(err) == catalog.ErrNotFound && s.refresher != nil {
		return catalog.StoredCredential{}, nil
	}
	if err == nil {
		s.remember(stored)
	}
	return stored, err
}

func (s *Source) remember(stored catalog.StoredCredential) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stored.Version > s.current.Version {
		stored.Refresh = nil
		s.current = stored
	}
}

// refresh joins the refresh under way, or starts one. The refresh itself goes
// on when this caller gives up, since others wait for it and its answer must
// be stored.
func (s *Source) refresh(ctx context.Context, used catalog.Credential) (catalog.Credential, error) {
	s.mu.Lock()
	if known := s.current; known.Version != 0 && !known.Credential.Same(used) {
		s.mu.Unlock()
		return known.Credential, nil
	}
	f := s.flight
	if f == nil {
		f = &flight{done: make(chan struct{})}
		s.flight = f
		go s.fly(context.WithoutCancel(ctx), f, used)
	}
	s.mu.Unlock()
	select {
	case <-f.done:
		return f.result, f.err
	case <-ctx.Done():
		return catalog.Credential{}, ctx.Err()
	}
}

func (s *Source) fly(ctx context.Context, f *flight, used catalog.Credential) {
	ctx, cancel := context.WithTimeout(ctx, s.policy.Timeout)
	defer cancel()
	f.result, f.err = s.exchange(ctx, used)
	s.mu.Lock()
	s.flight = nil
	s.mu.Unlock()
	close(f.done)
}

var _ catalog.CredentialSource = (*Source)(nil)
