package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/soukhq/souk/catalog"
)

// poll is how often a refresh made by another process is looked for.
const poll = 100 * time.Millisecond

// exchange replaces the credential used, once over all processes: it records
// the intent, asks the platform, and stores the answer if nobody else did
// meanwhile. Nothing is locked while the platform is asked.
func (s *Source) exchange(ctx context.Context, used catalog.Credential) (catalog.Credential, error) {
	for {
		stored, err := s.store.Load(ctx, s.account.ID)
		if catalog.KindOf(err) == catalog.ErrNotFound {
			return s.first(ctx)
		}
		if err != nil {
			return catalog.Credential{}, err
		}
		if !stored.Credential.Same(used) {
			s.remember(stored)
			return stored.Credential, nil
		}
		if stored.Refresh != nil {
			if err := s.await(ctx, stored.Refresh); err != nil {
				return catalog.Credential{}, err
			}
			continue
		}
		intent := catalog.RefreshIntent{Attempt: rand.Text(), Fingerprint: catalog.Fingerprint(used.RefreshToken), Owner: s.owner,
			StartedAt: time.Now().UTC(), Deadline: time.Now().UTC().Add(s.policy.Timeout)}
		err = s.store.BeginRefresh(ctx, s.account.ID, stored.Version, intent)
		if catalog.KindOf(err) == catalog.ErrConflict {
			continue // somebody was faster; look again
		}
		if err != nil {
			return catalog.Credential{}, err
		}
		return s.ask(ctx, stored, intent)
	}
}

// first asks for a credential where none is stored yet.
func (s *Source) first(ctx context.Context) (catalog.Credential, error) {
	fresh, err := s.refresher.RefreshCredential(ctx, s.account, catalog.Credential{})
	if err != nil {
		return catalog.Credential{}, err
	}
	return s.keep(ctx, 0, fresh)
}

// await waits for another's refresh. One whose deadline has passed is taken
// over where repeating is harmless, else its outcome is unknown.
func (s *Source) await(ctx context.Context, intent *catalog.RefreshIntent) error {
	if time.Now().Before(intent.Deadline) {
		select {
		case <-time.After(poll):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if s.policy.SingleUse {
		return &catalog.Error{Platform: s.account.Platform, Op: "refresh credential", Kind: catalog.ErrOutcomeUnknown,
			Message: "an earlier refresh was sent and its answer was lost; the refresh token works only once",
			Hint:    "the access token serves until it expires; then have the merchant connect the store again"}
	}
	err := s.store.CancelRefresh(ctx, s.account.ID, intent.Attempt)
	if catalog.KindOf(err) == catalog.ErrConflict {
		return nil // somebody else took it over
	}
	return err
}

// ask sends the refresh that intent announced.
func (s *Source) ask(ctx context.Context, stored catalog.StoredCredential, intent catalog.RefreshIntent) (catalog.Credential, error) {
	fresh, err := s.refresher.RefreshCredential(ctx, s.account, stored.Credential)
	if err == nil {
		return s.keep(ctx, stored.Version, fresh)
	}
	if errors.Is(err, catalog.ErrOutcomeUnknown) && s.policy.SingleUse {
		return catalog.Credential{}, err // the intent stays, so that nobody sends the token again
	}
	// The refresh is over; the store may be slow although the platform was.
	clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if undo := s.store.CancelRefresh(clean, s.account.ID, intent.Attempt); undo != nil && catalog.KindOf(undo) != catalog.ErrConflict {
		return catalog.Credential{}, errors.Join(err, undo)
	}
	return catalog.Credential{}, err
}

// keep stores a new credential before anybody uses it. One that somebody else
// stored meanwhile wins: it is the later.
func (s *Source) keep(ctx context.Context, version int64, fresh catalog.Credential) (catalog.Credential, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	next, err := s.store.CompareAndSwap(ctx, s.account.ID, version, fresh)
	if catalog.KindOf(err) == catalog.ErrConflict {
		stored, err := s.store.Load(ctx, s.account.ID)
		if err != nil {
			return catalog.Credential{}, err
		}
		s.remember(stored)
		return stored.Credential, nil
	}
	if err != nil {
		return catalog.Credential{}, err
	}
	s.remember(catalog.StoredCredential{Credential: fresh, Version: next})
	return fresh, nil
}
