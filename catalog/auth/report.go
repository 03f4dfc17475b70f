package auth

import (
	"context"
	"errors"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Refresh is what became of one refresh.
type Refresh struct {
	Account catalog.Account
	// StartedAt is when it began; zero when another process did, and its end is
	// not known.
	StartedAt time.Time
	// Err is nil when the new credential is stored. ErrOutcomeUnknown calls
	// for somebody's attention: the answer was lost, the refresh token is not
	// sent again, and the store must be connected again before ExpiresAt.
	// ErrReauthorize: the platform refused the refresh token for good. After
	// any other error it is tried again.
	Err error
	// JournalErr is why the Journal could not be written, nil when it was or
	// there is none.
	JournalErr error
	// ExpiresAt and RefreshExpiresAt are when the tokens die that are now in
	// use; zero when they do not, or it is not known.
	ExpiresAt, RefreshExpiresAt time.Time
}

// tell reports the flight's refresh, if it made one, and remembers a dead
// credential on the account.
func (s *Source) tell(ctx context.Context, f *flight) {
	if event := s.memory.event; event != nil && s.common.onRefresh != nil {
		event.Account, event.Err = s.account.Clone(), f.err
		now := f.result
		if f.err != nil {
			now = f.used
			if alive(now, time.Now()) {
				event.Err = s.candid(f.err, now)
			}
		}
		event.ExpiresAt, event.RefreshExpiresAt = now.ExpiresAt, now.RefreshExpiresAt
		func() {
			defer func() { _ = recover() }() // the host's function must not undo a refresh
			s.common.onRefresh(*event)
		}()
	}
	if !f.ahead && errors.Is(f.err, catalog.ErrReauthorize) && s.memory.version != 0 {
		s.condemn(ctx, s.memory.version, f.err)
	}
}

// candid says of a lost refresh what holds while the old access token lives.
func (s *Source) candid(err error, used catalog.Credential) error {
	if !errors.Is(err, catalog.ErrOutcomeUnknown) {
		return err
	}
	e := s.lost(nil)
	e.Platform, e.Hint = s.account.Platform, "the old access token still serves; have the merchant connect the store again"
	if !used.ExpiresAt.IsZero() {
		e.Hint += " before " + used.ExpiresAt.UTC().Format(time.RFC3339)
	}
	return e
}

// condemn remembers on the account that its credential, at this version, is
// dead. One that was stored meanwhile is not.
func (s *Source) condemn(ctx context.Context, version int64, why error) {
	if s.common.accounts == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	same := func() bool {
		stored, err := s.store.Load(ctx, s.account.ID)
		return err == nil && stored.Version == version
	}
	account, err := s.common.accounts.Get(ctx, s.account.ID)
	if err != nil || !account.Status.Usable() || !same() {
		return
	}
	reason := why.Error()
	if s.common.accounts.SetStatus(ctx, account.ID, catalog.AccountReauthorize, reason) != nil || same() {
		return
	}
	// The store was connected again in between, and may have been marked so
	// before us.
	if account, err = s.common.accounts.Get(ctx, account.ID); err == nil && account.Status == catalog.AccountReauthorize && account.Reason == reason {
		_ = s.common.accounts.SetStatus(ctx, account.ID, catalog.AccountActive, "")
	}
}
