package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

func accountsOf(t testing.TB, list ...catalog.Account) *catalog.MemoryAccounts {
	t.Helper()
	accounts := &catalog.MemoryAccounts{}
	for _, a := range list {
		if err := accounts.Put(context.Background(), a); err != nil {
			t.Fatal(err)
		}
	}
	return accounts
}

func status(t testing.TB, accounts catalog.Accounts, want catalog.AccountStatus) string {
	t.Helper()
	got, err := accounts.Get(context.Background(), id)
	if err != nil || got.Status != want {
		t.Errorf("the account is %q, %v; want %q", got.Status, err, want)
	}
	return got.Reason
}

// A lost answer is told at once, while the old token serves; the account is
// marked when that is dead.
func TestLostAnswerIsTold(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s, accounts := (&platform{policy: once}).failing(lostAnswer()), due(t, time.Hour), accountsOf(t, account)
		h := newHouse(p, s, accounts, nil)
		source := h.source(t)
		got, err := source.Credential(t.Context())
		want(t, got, err, "0")
		if len(h.told) != 1 || strings.Contains(h.told[0].Err.Error(), "no longer works") || !strings.Contains(h.told[0].Err.Error(), "connect the store again before 2000-01-01T01:00:00Z") ||
			!h.told[0].ExpiresAt.Equal(time.Now().Add(time.Hour)) {
			t.Errorf("told %+v", h.told)
		}
		h.heard(t, catalog.ErrOutcomeUnknown)
		next := newHouse(p, s, accounts, nil)
		for range 3 {
			time.Sleep(10 * time.Minute)
			got, err = next.source(t).Credential(t.Context())
			want(t, got, err, "0")
		}
		next.heard(t, catalog.ErrOutcomeUnknown) // by the record, and once
		status(t, accounts, "")
		time.Sleep(30 * time.Minute)
		got, err = source.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrReauthorize, catalog.ErrOutcomeUnknown)
		if reason := status(t, accounts, catalog.AccountReauthorize); reason != err.Error() {
			t.Errorf("the reason is %q", reason)
		}
	})
}

// Refused for good: remembered, and the platform is not asked again.
func TestReauthorizeIsTerminal(t *testing.T) {
	t.Parallel()
	for title, policy := range map[string]auth.Policy{"single use": {SingleUse: true}, "reusable": {}} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s, accounts := (&platform{policy: policy}).failing(refused(), refused()), due(t, 0), accountsOf(t, account)
				h := newHouse(p, s, accounts, nil)
				for range 3 {
					got, err := h.source(t).Credential(t.Context())
					wantKind(t, got, err, catalog.ErrReauthorize)
				}
				if p.calls() != 1 {
					t.Errorf("asked %d times", p.calls())
				}
				h.heard(t, catalog.ErrReauthorize)
				status(t, accounts, catalog.AccountReauthorize)
				s.put(t, pair("granted", life))
				got, err := h.source(t).Credential(t.Context())
				want(t, got, err, "granted")
			})
		})
	}
}

func TestCondemned(t *testing.T) {
	t.Parallel()
	for title, c := range map[string]struct {
		before catalog.AccountStatus
		rival  func(*testing.T, *store, catalog.Accounts)
		want   catalog.AccountStatus
	}{
		"active":            {before: catalog.AccountActive, want: catalog.AccountReauthorize},
		"uninstalled stays": {before: catalog.AccountUninstalled, want: catalog.AccountUninstalled},
		"suspended stays":   {before: catalog.AccountSuspended, want: catalog.AccountSuspended},
		"connected again just before": {before: catalog.AccountActive, want: catalog.AccountActive,
			rival: func(t *testing.T, s *store, _ catalog.Accounts) { s.put(t, pair("granted", life)) }},
		"erased just before": {before: catalog.AccountActive, want: catalog.AccountActive,
			rival: func(t *testing.T, s *store, _ catalog.Accounts) { _ = s.Delete(t.Context(), id) }},
	} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				known := account
				known.Status = c.before
				s, accounts := due(t, 0), accountsOf(t, known)
				if c.rival != nil {
					s.once("CancelRefresh", func() { c.rival(t, s, accounts) })
				}
				got, err := newHouse((&platform{}).failing(refused()), s, accounts, nil).source(t).Credential(t.Context())
				wantKind(t, got, err, catalog.ErrReauthorize)
				status(t, accounts, c.want)
			})
		})
	}
}

// The merchant connects again between our last look and the mark.
func TestCondemnedTooLate(t *testing.T) {
	inTime(t, func(t *testing.T) {
		s := due(t, 0)
		accounts := &late{MemoryAccounts: accountsOf(t, account), before: func() { s.put(t, pair("granted", life)) }}
		got, err := newHouse((&platform{}).failing(refused()), s, accounts, nil).source(t).Credential(t.Context())
		wantKind(t, got, err, catalog.ErrReauthorize)
		status(t, accounts, catalog.AccountActive)
	})
}

type late struct {
	*catalog.MemoryAccounts
	before func()
}

func (l *late) SetStatus(ctx context.Context, id string, status catalog.AccountStatus, reason string) error {
	if l.before != nil {
		l.before()
		l.before = nil
	}
	return l.MemoryAccounts.SetStatus(ctx, id, status, reason)
}

func TestTemporaryFailureMarksNothing(t *testing.T) {
	inTime(t, func(t *testing.T) {
		accounts := accountsOf(t, account)
		h := newHouse((&platform{policy: once}).failing(unavailable()), due(t, 0), accounts, nil)
		got, err := h.source(t).Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable)
		h.heard(t, catalog.ErrUnavailable)
		status(t, accounts, "")
	})
}

// A hook that panics does not undo a refresh.
func TestHookThatPanics(t *testing.T) {
	inTime(t, func(t *testing.T) {
		s := due(t, 0)
		p := auth.NewProvider(auth.ProviderConfig{Store: s, OnRefresh: func(auth.Refresh) { panic("the host's") }})
		source, err := p.CredentialSource(adapter{platform: &platform{policy: once}}, account)
		if err != nil {
			t.Fatal(err)
		}
		got, err := source.Credential(t.Context())
		want(t, got, err, "1")
	})
}

func TestShutdown(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{policy: auth.Policy{SingleUse: true, Ahead: time.Minute}, takes: 5 * time.Second}, due(t, 0)
		h := newHouse(p, s, nil, nil)
		source := h.source(t)
		ctx, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		if _, err := source.Credential(ctx); !errors.Is(err, context.DeadlineExceeded) { // the caller has gone, its refresh has not
			t.Errorf("got %v", err)
		}
		hurry, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := h.Shutdown(hurry); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "1 refreshes are under way") {
			t.Errorf("in a hurry: %v", err)
		}
		if err := h.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		s.holds(t, pair("1", 0))
		got, err := source.Credential(t.Context())
		want(t, got, err, "1") // it lives
		time.Sleep(life)
		got, err = source.Credential(t.Context())
		if wantKind(t, got, err, catalog.ErrUnavailable); p.calls() != 1 {
			t.Errorf("%d refreshes, one after the end", p.calls())
		}
	})
}

// A credential that the store did not take is offered again at the end.
func TestShutdownStoresWhatWaits(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{policy: once}, due(t, 0).with(swapFails)
		h := newHouse(p, s, nil, nil)
		got, err := h.source(t).Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable)
		if err := h.Shutdown(t.Context()); !errors.Is(err, catalog.ErrUnavailable) || !strings.Contains(err.Error(), "1 new credentials") {
			t.Errorf("while the store is down: %v", err)
		}
		s.with(nil)
		if err := h.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		s.holds(t, pair("1", 0))
	})
}
