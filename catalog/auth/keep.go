package auth

import (
	"context"
	"time"

	"github.com/soukhq/souk/catalog"
)

// answer is a new credential on its way into the store.
type answer struct {
	version int64 // what it replaces; 0 = nothing
	used    catalog.Credential
	fresh   catalog.Credential
	attempt string // "" when nothing was on record
}

// clocks is what two clocks may differ: of two credentials that end within it,
// nobody can say which is the later.
const clocks = time.Minute

// outlives reports whether the answer goes into the store although somebody
// changed what is there. A credential that was granted meanwhile is the later,
// since the platform would not have refreshed one that a grant had replaced;
// not so the old tokens with another field changed, nor an old grant that came
// late.
func (a *answer) outlives(stored catalog.Credential) bool {
	if stored.Same(a.used) {
		return true
	}
	return !stored.ExpiresAt.IsZero() && stored.ExpiresAt.Add(clocks).Before(a.fresh.ExpiresAt)
}

// keep stores a new credential before anybody uses it. It is not dropped when
// the store fails, since the refresh token it came from may be spent: after
// storeTime it waits in memory for the next call.
func (s *Source) keep(ctx context.Context, a *answer) (catalog.Credential, error) {
	s.hold(a)
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	for wait := poll / 2; ; wait = min(2*wait, slowPoll) {
		stored, err := s.put(ctx, a)
		switch catalog.KindOf(err) {
		case catalog.ErrReauthorize, catalog.ErrInvalid: // it can never be stored
			s.hold(nil)
			s.strike(ctx, a.attempt)
			return catalog.Credential{}, err
		}
		if err == nil {
			s.hold(nil)
			s.strike(ctx, a.attempt)
			return s.adopt(stored), nil
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			e := s.storeError("store credential", err)
			e.Kind, e.Hint = catalog.ErrUnavailable, "the new credential waits in memory; the next call stores it"
			return catalog.Credential{}, e
		}
	}
}

// put tries once to store the answer. It returns what the store then holds.
func (s *Source) put(ctx context.Context, a *answer) (catalog.StoredCredential, error) {
	version, err := s.store.CompareAndSwap(ctx, s.account.ID, a.version, a.fresh)
	if err == nil {
		return catalog.StoredCredential{Credential: a.fresh, Version: version}, nil
	}
	if catalog.KindOf(err) != catalog.ErrConflict {
		return catalog.StoredCredential{}, err
	}
	stored, loadErr := s.store.Load(ctx, s.account.ID)
	switch {
	case catalog.KindOf(loadErr) == catalog.ErrNotFound: // the merchant has left; his credential stays erased
		s.adopt(catalog.StoredCredential{})
		return catalog.StoredCredential{}, s.dead("the credential was erased while it was refreshed")
	case loadErr != nil:
		return catalog.StoredCredential{}, loadErr
	case !a.outlives(stored.Credential):
		return stored, nil
	}
	a.version, a.fresh.WebhookSecrets = stored.Version, stored.Credential.WebhookSecrets
	return catalog.StoredCredential{}, err
}

// hold keeps an answer until the store has it; nil lets go of it. A token just
// bought is left alone for a while even if it is shorter than Policy.Ahead.
func (s *Source) hold(a *answer) {
	s.common.holds(s, a != nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unstored = a
	s.rest()
}

// rest leaves a living token alone for a while. The caller holds s.mu.
func (s *Source) rest() { s.calm = time.Now().Add(s.policy.pause()) }

// load reads the store, within storeTime.
func (s *Source) load(ctx context.Context) (catalog.StoredCredential, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	return s.store.Load(ctx, s.account.ID)
}

// cancel removes an attempt from the record; one that is gone is no error.
func (s *Source) cancel(ctx context.Context, attempt string) error {
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	err := s.store.CancelRefresh(ctx, s.account.ID, attempt)
	if err == nil || catalog.KindOf(err) == catalog.ErrConflict {
		return nil
	}
	return s.storeError("cancel refresh", err)
}

// storeError makes a failure of the credential store look like one: without a
// kind it would pass for a refused credential, and "not found" for a missing
// product.
func (s *Source) storeError(op string, err error) *catalog.Error {
	e := &catalog.Error{Platform: s.account.Platform, Op: op, Kind: catalog.KindOf(err), Message: "the credential store failed", Err: err}
	switch e.Kind {
	case "", catalog.ErrNotFound, catalog.ErrConflict, catalog.ErrUnauthorized, catalog.ErrReauthorize:
		e.Kind = catalog.ErrUnavailable
	}
	return e
}
