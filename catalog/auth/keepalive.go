package auth

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Sweep says what Provider.KeepAlive looks at. The zero value looks at all
// accounts.
type Sweep struct {
	// Registry has the accounts' adapters; nil = catalog.Default.
	Registry *catalog.Registry
	// Query narrows the accounts.
	Query catalog.AccountQuery
	// Margin is how long before the end of its refresh token a credential is
	// refreshed, and, where refresh tokens work once only, before the end of
	// its access token, which is what serves should the answer be lost; 0 = 7
	// days. Sweep several times within it.
	Margin time.Duration
	// Parallel is how many accounts are looked at at once; 0 = 4.
	Parallel int
	// Report is told of each account, one at a time; nil = nobody is.
	Report func(Kept)
}

// Kept is how a sweep left one account.
type Kept struct {
	Account catalog.Account
	State   KeptState
	// Err is why, for the states that have a reason.
	Err error
	// ExpiresAt and RefreshExpiresAt are when the tokens die that are now on
	// record; zero when they do not, or it is not known.
	ExpiresAt, RefreshExpiresAt time.Time
}

// KeptState is what a sweep found or did.
type KeptState string

// The states of an account after a sweep.
const (
	// KeptFresh: nothing is due, or another process is at it.
	KeptFresh KeptState = "fresh"
	// KeptRefreshed: it has a new credential.
	KeptRefreshed KeptState = "refreshed"
	// KeptUnknown: the answer to a refresh was lost. The old access token
	// serves until ExpiresAt; have the merchant connect again before.
	KeptUnknown KeptState = "unknown"
	// KeptDead: the merchant must connect the store again.
	KeptDead KeptState = "dead"
	// KeptFailed: it could not be refreshed now; the next sweep tries again.
	KeptFailed KeptState = "failed"
)

// KeepAlive refreshes the credentials of accounts that nobody may call for
// before their refresh tokens die, and finds those that were lost. A host runs
// it on a schedule, such as once a day; several processes may, since each
// credential is still refreshed once. Accounts that are not usable are passed
// over. It returns how many accounts were left in which state, and the error
// that ended the sweep early: that of the list, or ctx's. What went wrong with
// single accounts is for Sweep.Report.
func (p *Provider) KeepAlive(ctx context.Context, sweep Sweep) (map[KeptState]int, error) {
	if p.common.accounts == nil {
		return nil, &catalog.ConfigError{Platform: "auth", Field: "ProviderConfig.Accounts", Reason: "is nil; KeepAlive needs the accounts"}
	}
	if sweep.Registry == nil {
		sweep.Registry = catalog.Default
	}
	if sweep.Margin <= 0 {
		sweep.Margin = 7 * 24 * time.Hour
	}
	if sweep.Parallel <= 0 {
		sweep.Parallel = 4
	}
	var mu sync.Mutex
	tally := map[KeptState]int{}
	work := make(chan catalog.Account)
	var workers sync.WaitGroup
	for range sweep.Parallel {
		workers.Go(func() {
			for account := range work {
				kept := p.keep(ctx, sweep, account)
				mu.Lock()
				tally[kept.State]++
				if sweep.Report != nil {
					sweep.Report(kept)
				}
				mu.Unlock()
			}
		})
	}
	err := p.feed(ctx, sweep.Query, work)
	close(work)
	workers.Wait()
	return tally, err
}

func (p *Provider) feed(ctx context.Context, query catalog.AccountQuery, work chan<- catalog.Account) error {
	for account, err := range p.common.accounts.List(ctx, query) {
		switch {
		case err != nil:
			return err
		case !account.Status.Usable():
			continue
		}
		select {
		case work <- account:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}

func (p *Provider) keep(ctx context.Context, sweep Sweep, account catalog.Account) Kept {
	adapter, err := sweep.Registry.Get(account.Platform)
	if err != nil {
		return Kept{Account: account, State: KeptFailed, Err: err}
	}
	s, err := p.source(adapter, account)
	if err != nil {
		return Kept{Account: account, State: KeptFailed, Err: err}
	}
	kept := s.keepAlive(ctx, sweep.Margin)
	kept.Account = account
	return kept
}

// keepAlive refreshes the credential if it is dying.
func (s *Source) keepAlive(ctx context.Context, margin time.Duration) Kept {
	stored, err := s.load(ctx)
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return Kept{State: KeptDead, Err: s.dead("no credential is stored for the account")}
	}
	if err != nil {
		return Kept{State: KeptFailed, Err: s.storeError("load credential", err)}
	}
	old, now := stored.Credential, time.Now()
	lost := s.policy.SingleUse && stored.Refresh != nil && now.After(stored.Refresh.Deadline)
	kept := Kept{State: KeptFresh, ExpiresAt: old.ExpiresAt, RefreshExpiresAt: old.RefreshExpiresAt}
	if s.refresher == nil || !lost && !s.policy.dying(old, now, margin) {
		return kept
	}
	s.learn(stored)
	how := needed
	if alive(old, now) {
		how = early
	}
	fresh, err := s.join(ctx, old, how)
	switch {
	case err == nil && !fresh.Same(old):
		return Kept{State: KeptRefreshed, ExpiresAt: fresh.ExpiresAt, RefreshExpiresAt: fresh.RefreshExpiresAt}
	case err == nil:
		return kept
	}
	kept.State, kept.Err = KeptFailed, err
	living := alive(old, time.Now())
	switch {
	case errors.Is(err, catalog.ErrOutcomeUnknown) && living:
		kept.State, kept.Err = KeptUnknown, s.candid(err, old)
	case errors.Is(err, catalog.ErrReauthorize):
		kept.State = KeptDead
	}
	return kept
}

// dying reports whether c should be refreshed although nobody needs it now. A
// credential without a refresh token is simply asked for when it is needed.
func (p Policy) dying(c catalog.Credential, now time.Time, margin time.Duration) bool {
	if c.RefreshToken.IsZero() {
		return false
	}
	if !c.RefreshExpiresAt.IsZero() && !now.Add(margin).Before(c.RefreshExpiresAt) {
		return true
	}
	return p.SingleUse && c.Expired(now, max(p.Ahead, margin))
}
