package auth_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// bazaarAdapter is the platform as a registry has it.
type bazaarAdapter struct{ adapter }

func (bazaarAdapter) Platform() string { return "bazaar" }

func registryOf(t testing.TB, p *platform) *catalog.Registry {
	t.Helper()
	r := &catalog.Registry{}
	if err := r.Register(bazaarAdapter{adapter{platform: p}}); err != nil {
		t.Fatal(err)
	}
	return r
}

const day = 24 * time.Hour

// swept runs a sweep over the one account and returns what it reports.
func swept(t testing.TB, h *house, sweep auth.Sweep) auth.Kept {
	t.Helper()
	var reports []auth.Kept
	sweep.Registry, sweep.Report = registryOf(t, h.platform), func(k auth.Kept) { reports = append(reports, k) }
	tally, err := h.KeepAlive(t.Context(), sweep)
	if err != nil || len(reports) != 1 || reports[0].Account.ID != id || tally[reports[0].State] != 1 || len(tally) != 1 {
		t.Fatalf("%d reports, %v, %v", len(reports), tally, err)
	}
	return reports[0]
}

func TestKeepAlive(t *testing.T) {
	t.Parallel()
	with := func(access, refresh time.Duration) catalog.Credential {
		c := pair("0", access)
		if refresh != 0 {
			c.RefreshExpiresAt = time.Now().Add(refresh)
		}
		return c
	}
	for title, c := range map[string]struct {
		policy          auth.Policy
		access, refresh time.Duration // until they die; refresh 0 = not known
		margin          time.Duration
		alone           bool // without a refresh token
		want            auth.KeptState
	}{
		"single use, far":                        {policy: once, access: 8 * day, refresh: 24 * day, want: auth.KeptFresh},
		"single use, the access token's margin":  {policy: once, access: 7 * day, refresh: 23 * day, want: auth.KeptRefreshed},
		"single use, the end of refreshing":      {policy: once, access: 30 * day, refresh: 7 * day, want: auth.KeptRefreshed},
		"single use, a shorter margin":           {policy: once, access: 3 * day, refresh: 20 * day, margin: 2 * day, want: auth.KeptFresh},
		"single use, access dead":                {policy: once, access: -day, refresh: 20 * day, want: auth.KeptRefreshed},
		"reusable, access dead":                  {access: -day, refresh: 60 * day, want: auth.KeptFresh},
		"reusable, the end of refreshing":        {access: -day, refresh: 7 * day, want: auth.KeptRefreshed},
		"reusable, end of refreshing not known":  {access: -day, want: auth.KeptFresh},
		"nothing to refresh with, asked anew":    {access: -day, alone: true, want: auth.KeptFresh},
		"single use without a refresh token yet": {policy: once, access: day, alone: true, want: auth.KeptFresh},
	} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := &platform{policy: c.policy, life: 14 * day}, &store{}
				first := with(c.access, c.refresh)
				if c.alone {
					first.RefreshToken = catalog.Secret{}
				}
				s.put(t, first)
				h := newHouse(p, s, accountsOf(t, account), nil)
				got := swept(t, h, auth.Sweep{Margin: c.margin})
				if got.State != c.want || got.Err != nil {
					t.Errorf("%s, %v; want %s", got.State, got.Err, c.want)
				}
				if refreshed := c.want == auth.KeptRefreshed; refreshed != (p.calls() == 1) || !got.ExpiresAt.Equal(s.record(t).Credential.ExpiresAt) {
					t.Errorf("%d refreshes; reported end %v, on record %v", p.calls(), got.ExpiresAt, s.record(t).Credential.ExpiresAt)
				}
			})
		})
	}
}

// A store that nobody calls stays connected for a year of daily sweeps.
func TestIdleAccountStaysConnected(t *testing.T) {
	t.Parallel()
	for title, c := range map[string]struct {
		policy        auth.Policy
		access        time.Duration
		refresh, most time.Duration
	}{
		"single use, two weeks and a month":  {policy: once, access: 14 * day, refresh: 30 * day, most: 60},
		"reusable, an hour and three months": {access: time.Hour, refresh: 90 * day, most: 6},
	} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				s := &store{}
				issue := func(n int) catalog.Credential {
					fresh := pair(fmt.Sprint(n), c.access)
					fresh.RefreshExpiresAt = time.Now().Add(c.refresh)
					return fresh
				}
				s.put(t, issue(0))
				p := &platform{policy: c.policy}
				p.answer = func(_ context.Context, n int, used catalog.Credential) (catalog.Credential, error) {
					if time.Now().After(used.RefreshExpiresAt) {
						return catalog.Credential{}, refused()
					}
					return issue(n), nil
				}
				h := newHouse(p, s, accountsOf(t, account), nil)
				for range 365 {
					if got := swept(t, h, auth.Sweep{}); got.Err != nil {
						t.Fatal(got.Err)
					}
					time.Sleep(day)
				}
				got, err := h.source(t).Credential(t.Context())
				if err != nil || got.IsZero() || p.calls() > int(c.most) || p.sentTwice() != "" {
					t.Errorf("after a year: %v, %d refreshes", err, p.calls())
				}
			})
		})
	}
}

func TestSweepReportsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for title, c := range map[string]struct {
		failure error
		lasts   time.Duration
		want    auth.KeptState
		kind    error
		status  catalog.AccountStatus
	}{
		"lost, still serving": {lostAnswer(), day, auth.KeptUnknown, catalog.ErrOutcomeUnknown, ""},
		"lost and dead":       {lostAnswer(), 0, auth.KeptDead, catalog.ErrOutcomeUnknown, catalog.AccountReauthorize},
		"refused":             {refused(), 0, auth.KeptDead, catalog.ErrReauthorize, catalog.AccountReauthorize},
		"refused, serving":    {refused(), day, auth.KeptDead, catalog.ErrReauthorize, ""},
		"down":                {unavailable(), day, auth.KeptFailed, catalog.ErrUnavailable, ""},
	} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				s, accounts := due(t, c.lasts), accountsOf(t, account)
				h := newHouse((&platform{policy: once}).failing(c.failure), s, accounts, nil)
				for range 2 {
					got := swept(t, h, auth.Sweep{})
					if got.State != c.want || !errors.Is(got.Err, c.kind) {
						t.Errorf("%s, %v; want %s, %v", got.State, got.Err, c.want, c.kind)
					}
					status(t, accounts, c.status)
					if c.want != auth.KeptUnknown {
						return
					}
					time.Sleep(time.Hour) // the next sweep knows from the record
					h = newHouse(h.platform, s, accounts, nil)
				}
				if h.platform.calls() != 1 {
					t.Errorf("%d calls", h.platform.calls())
				}
			})
		})
	}
}

func TestSweepOfAnAccountWithoutCredential(t *testing.T) {
	inTime(t, func(t *testing.T) {
		accounts := accountsOf(t, account)
		got := swept(t, newHouse(&platform{}, &store{}, accounts, nil), auth.Sweep{})
		if got.State != auth.KeptDead || !errors.Is(got.Err, catalog.ErrReauthorize) {
			t.Errorf("%s, %v", got.State, got.Err)
		}
		status(t, accounts, "") // its install may be under way
		s := due(t, 0).faulty("Load", fails)
		if got = swept(t, newHouse(&platform{}, s, accounts, nil), auth.Sweep{}); got.State != auth.KeptFailed || !errors.Is(got.Err, errDown) {
			t.Errorf("%s, %v", got.State, got.Err)
		}
	})
}

// What this process has in memory does not hide what another has stored.
func TestSweepTrustsTheRecord(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{policy: once, life: 14 * day}, due(t, 10*day)
		h := newHouse(p, s, accountsOf(t, account), nil)
		got, err := h.source(t).Credential(t.Context())
		want(t, got, err, "0")
		s.put(t, pair("another's", 3*day))
		if kept := swept(t, h, auth.Sweep{}); kept.State != auth.KeptRefreshed || p.sent[0] != pair("another's", 0).RefreshToken.Reveal() {
			t.Errorf("%s, sent %q", kept.State, p.sent)
		}
		got, err = h.source(t).Credential(t.Context())
		want(t, got, err, "1")
	})
}

// counted lists many accounts and watches how many are looked at at once.
type counted struct {
	catalog.MemoryCredentials
	mu        sync.Mutex
	now, most int
}

func (c *counted) Load(ctx context.Context, account string) (catalog.StoredCredential, error) {
	c.mu.Lock()
	c.now++
	c.most = max(c.most, c.now)
	c.mu.Unlock()
	time.Sleep(time.Second)
	c.mu.Lock()
	c.now--
	c.mu.Unlock()
	return c.MemoryCredentials.Load(ctx, account)
}

func TestSweepIsBounded(t *testing.T) {
	inTime(t, func(t *testing.T) {
		var list []catalog.Account
		credentials := &counted{}
		for i := range 50 {
			a := catalog.Account{ID: fmt.Sprintf("t-%02d", i), Platform: "bazaar", Store: fmt.Sprint(i)}
			switch i % 10 {
			case 0:
				a.Status = catalog.AccountUninstalled
			case 1:
				a.Platform = "unknown"
			}
			list = append(list, a)
			if _, err := credentials.CompareAndSwap(t.Context(), a.ID, 0, pair("0", 30*day)); err != nil {
				t.Fatal(err)
			}
		}
		accounts := accountsOf(t, list...)
		p := auth.NewProvider(auth.ProviderConfig{Store: credentials, Accounts: accounts})
		registry := registryOf(t, &platform{})
		tally, err := p.KeepAlive(t.Context(), auth.Sweep{Registry: registry, Parallel: 3})
		if diff := cmp.Diff(map[auth.KeptState]int{auth.KeptFresh: 40, auth.KeptFailed: 5}, tally); diff != "" || err != nil || credentials.most != 3 {
			t.Errorf("%v, at most %d at once (-want +got)\n%s", err, credentials.most, diff)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		if tally, err = p.KeepAlive(ctx, auth.Sweep{Registry: registry}); !errors.Is(err, context.DeadlineExceeded) || len(tally) == 0 {
			t.Errorf("with an ended context: %v, %v", tally, err)
		}
		p = auth.NewProvider(auth.ProviderConfig{Store: credentials, Accounts: failing{accounts}})
		if _, err = p.KeepAlive(t.Context(), auth.Sweep{Registry: registry}); !errors.Is(err, errDown) {
			t.Errorf("a list that breaks off: %v", err)
		}
		if _, err = auth.NewProvider(auth.ProviderConfig{}).KeepAlive(t.Context(), auth.Sweep{}); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("without accounts: %v", err)
		}
	})
}

type failing struct{ catalog.Accounts }

func (failing) List(context.Context, catalog.AccountQuery) iter.Seq2[catalog.Account, error] {
	return func(yield func(catalog.Account, error) bool) { yield(catalog.Account{}, errDown) }
}
