package auth

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Source is the credential source of one account. It is safe for concurrent
// use, also by several processes over one CredentialStore.
type Source struct {
	account   catalog.Account
	store     catalog.CredentialStore
	refresher Refresher // nil = the credential never changes
	policy    Policy
	owner     string
	common    *common

	mu       sync.Mutex
	current  catalog.StoredCredential // as the store had it last; zero = not loaded
	calm     time.Time                // a living token is left alone until then
	flight   *flight                  // the look into the store, or refresh, under way in this process
	unstored *answer                  // a new credential the store has not taken yet

	memory memory // used by the flight alone
}

// NewSource makes the source of an account's credential. A nil store is
// memory; a nil refresher is for credentials that never expire.
func NewSource(account catalog.Account, store catalog.CredentialStore, refresher Refresher) *Source {
	if store == nil {
		store = &catalog.MemoryCredentials{}
	}
	s := &Source{account: account.Clone(), store: store, refresher: refresher, owner: rand.Text(), common: &common{}}
	if refresher != nil {
		s.policy = refresher.RefreshPolicy()
	}
	if s.policy.Timeout <= 0 {
		s.policy.Timeout = 30 * time.Second
	}
	return s
}

// aheadWait is how long a caller with a living token waits for the next one.
const aheadWait = 2 * time.Second

// Credential implements catalog.CredentialSource. A token that is about to
// expire is refreshed first; when that fails or takes longer than two seconds
// while the token still lives, the token is returned. It asks the store at the first call, and later only when
// the token is due.
func (s *Source) Credential(ctx context.Context) (catalog.Credential, error) {
	if err := ctx.Err(); err != nil {
		return catalog.Credential{}, err
	}
	known, calm := s.known()
	if known.IsZero() {
		var err error
		if known, err = s.join(ctx, catalog.Credential{}, needed); err != nil {
			return catalog.Credential{}, err
		}
		_, calm = s.known()
	}
	now := time.Now()
	ahead := alive(known, now)
	if s.refresher == nil || ahead && (!known.Expired(now, s.policy.Ahead) || now.Before(calm)) {
		return known, nil
	}
	wait, how := ctx, needed
	if ahead {
		how = spare
		var cancel context.CancelFunc
		wait, cancel = context.WithTimeout(ctx, aheadWait)
		defer cancel()
	}
	fresh, err := s.join(wait, known, how)
	if err != nil && ahead && ctx.Err() == nil {
		if alive(known, time.Now()) {
			return known, nil
		}
		return s.join(ctx, known, needed) // it died while we waited
	}
	return fresh, err
}

// Refresh implements catalog.CredentialSource.
func (s *Source) Refresh(ctx context.Context, used catalog.Credential) (catalog.Credential, error) {
	return s.join(ctx, used, needed)
}

// known is the latest credential, and until when it is left alone if it lives.
func (s *Source) known() (catalog.Credential, time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current.Credential.Clone(), s.calm
}

// alive reports whether a call can be made with c: a refresh token alone is
// none.
func alive(c catalog.Credential, now time.Time) bool {
	return !c.Expired(now, 0) && (!c.AccessToken.IsZero() || c.RefreshToken.IsZero())
}

// adopt takes what the store holds as the truth, whatever its version: stores
// are read by one flight at a time, so it is the latest.
func (s *Source) adopt(stored catalog.StoredCredential) catalog.Credential {
	s.mu.Lock()
	defer s.mu.Unlock()
	stored.Refresh = nil
	s.current = stored
	return stored.Credential.Clone()
}

// learn takes what somebody else has read from the store, unless something
// later is known.
func (s *Source) learn(stored catalog.StoredCredential) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stored.Version > s.current.Version {
		stored.Refresh = nil
		s.current = stored
	}
}

// idle reports whether forgetting the source loses nothing.
func (s *Source) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.flight == nil && s.unstored == nil
}

func (s *Source) failed(kind catalog.Kind, why string) *catalog.Error {
	return &catalog.Error{Platform: s.account.Platform, Op: "refresh credential", Kind: kind, Message: why}
}

// dead is the error when only the merchant can help.
func (s *Source) dead(why string) *catalog.Error {
	e := s.failed(catalog.ErrReauthorize, why)
	e.Hint = "have the merchant connect the store again"
	return e
}

// unknown is the error when a single-use refresh token was sent and its
// answer never arrived. While the access token lives only OnRefresh and
// KeepAlive tell it.
func (s *Source) unknown(cause error) error {
	e := s.dead("the access token no longer works")
	e.Err = s.lost(cause)
	return e
}

func (s *Source) lost(cause error) *catalog.Error {
	e := s.failed(catalog.ErrOutcomeUnknown, "the answer to the last refresh was lost, and its refresh token works only once")
	e.Platform, e.Err = "", cause
	return e
}

var _ catalog.CredentialSource = (*Source)(nil)
