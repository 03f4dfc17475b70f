package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
)

const (
	// poll is how soon a refresh made by another process is looked for; the
	// next looks come later and later, up to slowPoll.
	poll     = 100 * time.Millisecond
	slowPoll = time.Second
	// storeTime bounds one dealing with the credential store. It also is what
	// the clocks of two processes may differ without harm.
	storeTime = 10 * time.Second
)

// exchange replaces the credential used, once over all processes: it records
// the intent, asks the platform, and stores the answer if nobody else did
// meanwhile. Nothing is locked while the platform is asked.
func (s *Source) exchange(ctx context.Context, used catalog.Credential, ahead bool) (catalog.Credential, error) {
	if a := s.unstored; a != nil {
		return s.keep(ctx, a)
	}
	patience := time.Now().Add(s.policy.Timeout + 2*storeTime) // longer than an intent of another process lasts
	for wait := poll; ; wait = min(2*wait, slowPoll) {
		stored, err := s.load(ctx)
		switch {
		case catalog.KindOf(err) == catalog.ErrNotFound:
			s.adopt(catalog.StoredCredential{})
			return s.first(ctx)
		case err != nil:
			return catalog.Credential{}, s.storeError("load credential", err)
		}
		s.memory.version = stored.Version
		found := s.adopt(stored)
		if a := s.recovered(ctx, stored); a != nil {
			if fresh, err := s.keep(ctx, a); err == nil || found.Same(used) {
				return fresh, err
			}
		}
		if !found.Same(used) {
			return found, nil
		}
		if err := s.hopeless(ctx, stored); err != nil {
			return catalog.Credential{}, err
		}
		if stored.Refresh == nil {
			intent, err := s.begin(ctx, stored)
			if err == nil {
				return s.ask(ctx, stored, intent)
			}
			if catalog.KindOf(err) != catalog.ErrConflict {
				return catalog.Credential{}, err
			}
		} else if busy, err := s.judge(ctx, stored.Refresh); err != nil {
			return catalog.Credential{}, err
		} else if busy && ahead {
			return used, nil
		}
		if time.Now().After(patience) {
			return catalog.Credential{}, s.failed(catalog.ErrUnavailable, "others have been refreshing the credential for too long")
		}
		time.Sleep(wait) // a flight has no caller to end it; patience does
	}
}

// first asks for a credential where none is stored yet. There is nothing a
// refresh could be recorded with, so two processes may both ask; the first
// answer stored is everybody's.
func (s *Source) first(ctx context.Context) (catalog.Credential, error) {
	if s.refresher == nil {
		return catalog.Credential{}, s.dead("no credential is stored for the account")
	}
	if s.common.isEnding() {
		return catalog.Credential{}, s.failed(catalog.ErrUnavailable, "the process is ending")
	}
	asking, cancel := context.WithTimeout(ctx, s.policy.Timeout)
	defer cancel()
	s.memory.event = &Refresh{StartedAt: time.Now()}
	fresh, err := s.call(asking, catalog.Credential{})
	if err != nil {
		return catalog.Credential{}, s.named(err)
	}
	return s.keep(ctx, &answer{fresh: fresh})
}

// hopeless is why a credential on record cannot be replaced, nil when it may be.
func (s *Source) hopeless(ctx context.Context, stored catalog.StoredCredential) error {
	switch refused := s.memory.refused; {
	case s.refresher == nil:
		return s.dead("the platform refused a credential that cannot be refreshed")
	case refused.version == stored.Version:
		if r := stored.Refresh; r != nil && slices.Contains(s.memory.ended, r.Attempt) { // the store failed when it was to go
			_ = s.cancel(ctx, r.Attempt)
		}
		return refused.err
	case s.common.isEnding() && stored.Refresh == nil:
		return s.failed(catalog.ErrUnavailable, "the process is ending")
	}
	return nil
}

// begin puts the intent to refresh on record. It is ErrConflict when somebody
// was faster.
func (s *Source) begin(ctx context.Context, stored catalog.StoredCredential) (catalog.RefreshIntent, error) {
	token := stored.Credential.RefreshToken
	if err := s.memory.refusal(stored.Version, token); err != nil {
		return catalog.RefreshIntent{}, err
	}
	now := time.Now().UTC()
	intent := catalog.RefreshIntent{Attempt: rand.Text(), Fingerprint: catalog.Fingerprint(token), Owner: s.owner,
		StartedAt: now, Deadline: now.Add(s.policy.Timeout + storeTime)}
	limited, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	err := s.store.BeginRefresh(limited, s.account.ID, stored.Version, intent)
	if err == nil || catalog.KindOf(err) == catalog.ErrConflict {
		return intent, err
	}
	// The store may have taken it down all the same.
	s.memory.ended = remember(s.memory.ended, intent.Attempt)
	_ = s.cancel(ctx, intent.Attempt)
	return intent, s.storeError("begin refresh", err)
}

// judge looks at a refresh on record. It reports whether somebody is busy with
// it; if not, the intent is removed where sending again is harmless, else the
// outcome is unknown.
func (s *Source) judge(ctx context.Context, intent *catalog.RefreshIntent) (busy bool, err error) {
	switch {
	case slices.Contains(s.memory.ended, intent.Attempt):
	case s.memory.lost.attempt == intent.Attempt:
		return false, s.unknown(nil)
	case !s.memory.overdue(intent):
		return true, nil
	case s.policy.SingleUse:
		if s.memory.told != intent.Attempt {
			s.memory.told, s.memory.event = intent.Attempt, &Refresh{}
		}
		return false, s.unknown(nil)
	}
	return false, s.cancel(ctx, intent.Attempt)
}

// ask sends the refresh that intent announced.
func (s *Source) ask(ctx context.Context, stored catalog.StoredCredential, intent catalog.RefreshIntent) (catalog.Credential, error) {
	asking, cancel := context.WithDeadline(ctx, intent.StartedAt.Add(s.policy.Timeout))
	defer cancel()
	if asking.Err() != nil { // the store, or this machine, slept too long
		return s.drop(ctx, intent, s.failed(catalog.ErrUnavailable, "there was no time left to refresh"))
	}
	token := stored.Credential.RefreshToken
	s.memory.lost.version = 0
	s.memory.event = &Refresh{StartedAt: intent.StartedAt}
	fresh, err := s.call(asking, stored.Credential)
	if err == nil {
		if s.policy.SingleUse && !fresh.RefreshToken.Equal(token) {
			s.memory.spend(token, s.dead("the refresh token on record was used already"))
		}
		a := &answer{version: stored.Version, used: stored.Credential, fresh: s.policy.follow(fresh, stored.Credential), attempt: intent.Attempt}
		s.note(ctx, a)
		return s.keep(ctx, a)
	}
	if s.policy.SingleUse && !unused(err) {
		err = s.unknown(err)
		s.memory.lost.attempt, s.memory.lost.version = intent.Attempt, stored.Version
		s.memory.spend(token, err)
		return catalog.Credential{}, err // the intent stays, so that nobody sends the token again
	}
	if errors.Is(err, catalog.ErrReauthorize) {
		// Whoever replaced the token that the platform calls dead may have stored its follower.
		if now, loadErr := s.load(ctx); loadErr == nil && !now.Credential.Same(stored.Credential) {
			return s.adopt(now), nil
		}
		if s.policy.SingleUse {
			s.memory.spend(token, err)
		}
		if !token.IsZero() { // an app that needs no token may be installed again
			s.memory.refused.version, s.memory.refused.err = stored.Version, err
		}
	}
	return s.drop(ctx, intent, s.named(err))
}

// drop takes an attempt that did nothing off the record. Should the store fail
// now, the next call tries again.
func (s *Source) drop(ctx context.Context, intent catalog.RefreshIntent, err error) (catalog.Credential, error) {
	s.memory.ended = remember(s.memory.ended, intent.Attempt)
	if undo := s.cancel(ctx, intent.Attempt); undo != nil {
		return catalog.Credential{}, fmt.Errorf("%w; the refresh is still on record: %w", err, undo)
	}
	return catalog.Credential{}, err
}
