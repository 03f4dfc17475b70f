package auth_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

func TestTwoProcessesSendOneRefresh(t *testing.T) {
	t.Parallel()
	for title, policy := range map[string]auth.Policy{"single use": {SingleUse: true}, "reusable": {}} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := &platform{policy: policy, takes: 20 * time.Second}, due(t, 0)
				var both sync.WaitGroup
				for range 2 {
					source := auth.NewSource(account, s, p)
					both.Go(func() {
						many(func() {
							got, err := source.Credential(t.Context())
							want(t, got, err, "1")
						})
					})
				}
				both.Wait()
				if p.calls() != 1 {
					t.Errorf("%d refreshes", p.calls())
				}
				if n := s.calls("Load"); n > 40 {
					t.Errorf("%d looks into the store in 20 seconds", n)
				}
			})
		})
	}
}

// While the token lives, a process does not wait for another's refresh.
func TestAheadNobodyWaitsForAnotherProcess(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{policy: auth.Policy{Ahead: 10 * time.Minute, SingleUse: true}, takes: 20 * time.Second}, due(t, 5*time.Minute)
		one, two := auth.NewSource(account, s, p), auth.NewSource(account, s, p)
		go func() { _, _ = one.Credential(t.Context()) }()
		time.Sleep(time.Second)
		start := time.Now()
		got, err := two.Credential(t.Context())
		want(t, got, err, "0")
		if time.Since(start) != 0 {
			t.Errorf("waited %v", time.Since(start))
		}
		got, err = two.Refresh(t.Context(), got) // but a refused one is worth waiting for
		want(t, got, err, "1")
		if p.calls() != 1 {
			t.Errorf("%d refreshes", p.calls())
		}
	})
}

// A caller who cannot wait less must not get the answer of one who can.
func TestRefusedCallerJoinsALookAhead(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{policy: auth.Policy{Ahead: 10 * time.Minute, SingleUse: true}}, due(t, 11*time.Minute)
		source := auth.NewSource(account, s, p)
		got, err := source.Credential(t.Context())
		want(t, got, err, "0")
		time.Sleep(5 * time.Minute)
		crashed(t, s, 0)
		time.AfterFunc(20*time.Second, func() { s.put(t, pair("another's", life)) })
		s.once("Load", func() { time.Sleep(time.Second) })
		go func() {
			got, err := source.Credential(t.Context())
			want(t, got, err, "0")
		}()
		time.Sleep(500 * time.Millisecond)
		got, err = source.Refresh(t.Context(), got)
		want(t, got, err, "another's")
	})
}

func TestRefusedCallerJoinsTheFirstLook(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{}, due(t, life)
		source := auth.NewSource(account, s, p)
		s.once("Load", func() { time.Sleep(time.Second) })
		go func() {
			got, err := source.Credential(t.Context())
			want(t, got, err, "0")
		}()
		time.Sleep(500 * time.Millisecond)
		got, err := source.Refresh(t.Context(), pair("0", 0)) // as another process had it
		want(t, got, err, "1")
	})
}

// crashed leaves behind what a process does that died in a refresh. Its clock
// is ahead by as much.
func crashed(t *testing.T, s *store, ahead time.Duration) {
	t.Helper()
	now := time.Now().Add(ahead)
	stored := s.record(t)
	if err := s.BeginRefresh(t.Context(), id, stored.Version, catalog.RefreshIntent{Attempt: "crashed", Owner: "another", StartedAt: now, Deadline: now.Add(40 * time.Second)}); err != nil {
		t.Fatal(err)
	}
}

func TestIntentOfADeadProcess(t *testing.T) {
	t.Parallel()
	for title, c := range map[string]struct {
		policy auth.Policy
		clock  time.Duration // of the dead process, against ours
		wait   time.Duration // at most
	}{
		"reusable":                 {wait: 42 * time.Second},
		"reusable, clock ahead":    {clock: time.Hour, wait: 42 * time.Second},
		"reusable, clock behind":   {clock: -time.Hour, wait: time.Second},
		"single use":               {policy: auth.Policy{SingleUse: true}, wait: 42 * time.Second},
		"single use, clock ahead":  {policy: auth.Policy{SingleUse: true}, clock: time.Hour, wait: 42 * time.Second},
		"single use, clock behind": {policy: auth.Policy{SingleUse: true}, clock: -time.Hour, wait: time.Second},
	} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := &platform{policy: c.policy}, due(t, 0)
				crashed(t, s, c.clock)
				source, start := auth.NewSource(account, s, p), time.Now()
				got, err := source.Credential(t.Context())
				if time.Since(start) > c.wait {
					t.Errorf("waited %v, want at most %v", time.Since(start), c.wait)
				}
				if !c.policy.SingleUse {
					if want(t, got, err, "1"); err != nil {
						return
					}
					if p.sent[0] != pair("0", 0).RefreshToken.Reveal() {
						t.Errorf("sent %q, want the same refresh token", p.sent)
					}
					s.holds(t, pair("1", 0))
					return
				}
				wantKind(t, got, err, catalog.ErrReauthorize, catalog.ErrOutcomeUnknown)
				time.Sleep(1000 * time.Hour)
				got, err = source.Credential(t.Context())
				wantKind(t, got, err, catalog.ErrReauthorize, catalog.ErrOutcomeUnknown)
				if p.calls() != 0 || s.record(t).Refresh == nil {
					t.Errorf("%d calls; on record is %+v", p.calls(), s.record(t).Refresh)
				}
			})
		})
	}
}

func TestWaitForAnotherProcessEnds(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{}, due(t, 0)
		forever := catalog.RefreshIntent{Attempt: "a", StartedAt: time.Now(), Deadline: time.Now().Add(1000 * time.Hour)}
		if err := s.BeginRefresh(t.Context(), id, 1, forever); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		got, err := auth.NewSource(account, s, p).Credential(t.Context())
		if wantKind(t, got, err, catalog.ErrUnavailable); errors.Is(err, context.DeadlineExceeded) || time.Since(start) > time.Minute {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestBeginRefreshConflict(t *testing.T) {
	t.Parallel()
	for title, c := range map[string]struct {
		rival func(*testing.T, *store)
		want  string
	}{
		"replaced":   {want: "granted", rival: func(t *testing.T, s *store) { s.put(t, pair("granted", life)) }},
		"same, anew": {want: "1", rival: func(t *testing.T, s *store) { s.put(t, pair("0", 0)) }},
		"another starts": {want: "another's", rival: func(t *testing.T, s *store) {
			crashed(t, s, 0)
			time.AfterFunc(5*time.Second, func() { s.put(t, pair("another's", life)) })
		}},
	} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := &platform{policy: auth.Policy{SingleUse: true}}, due(t, 0)
				s.once("BeginRefresh", func() { c.rival(t, s) })
				got, err := auth.NewSource(account, s, p).Credential(t.Context())
				want(t, got, err, c.want)
				if asked := c.want == "1"; asked != (p.calls() == 1) {
					t.Errorf("%d calls", p.calls())
				}
				s.holds(t, got)
			})
		})
	}
}

// A store whose reads lag behind must not be hammered.
func TestConflictForEverDoesNotSpin(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{}, due(t, 0)
		source := auth.NewSource(account, &conflicting{s}, p)
		got, err := source.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable)
		if n := s.calls("Load"); n > 60 || p.calls() != 0 {
			t.Errorf("%d loads and %d calls", n, p.calls())
		}
	})
}

type conflicting struct{ *store }

func (conflicting) BeginRefresh(context.Context, string, int64, catalog.RefreshIntent) error {
	return &catalog.Error{Kind: catalog.ErrConflict}
}

// What is stored while the platform answers.
func TestSwapConflict(t *testing.T) {
	t.Parallel()
	secrets := func(c catalog.Credential) catalog.Credential {
		c.WebhookSecrets = []catalog.Secret{catalog.NewSecret("rotated")}
		return c
	}
	for title, c := range map[string]struct {
		rival func(*testing.T, *store)
		want  string
	}{
		"a grant wins":                   {want: "granted", rival: func(t *testing.T, s *store) { s.put(t, pair("granted", life)) }},
		"a grant a little older wins":    {want: "granted", rival: func(t *testing.T, s *store) { s.put(t, pair("granted", life-30*time.Second)) }},
		"a late grant of long ago loses": {want: "1", rival: func(t *testing.T, s *store) { s.put(t, pair("granted", life/2)) }},
		"an endless grant wins":          {want: "granted", rival: func(t *testing.T, s *store) { c := pair("granted", 0); c.ExpiresAt = time.Time{}; s.put(t, c) }},
		"the old one changed loses":      {want: "1", rival: func(t *testing.T, s *store) { s.put(t, secrets(pair("0", 2*life))) }},
		"the old one changed twice loses": {want: "1", rival: func(t *testing.T, s *store) {
			s.put(t, pair("0", 2*life))
			s.once("CompareAndSwap", func() { s.put(t, secrets(pair("0", 2*life))) })
		}},
		"the same answer by another way": {want: "1", rival: func(t *testing.T, s *store) { s.put(t, pair("1", life)) }},
	} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := &platform{policy: auth.Policy{SingleUse: true}}, due(t, 2*life)
				s.once("CompareAndSwap", func() { c.rival(t, s) })
				source := auth.NewSource(account, s, p)
				got, err := source.Refresh(t.Context(), pair("0", 0))
				want(t, got, err, c.want)
				s.holds(t, got)
				if title[:7] == "the old" && len(s.record(t).Credential.WebhookSecrets) != 1 {
					t.Error("the secret rotated meanwhile is lost")
				}
				got, err = source.Credential(t.Context())
				want(t, got, err, c.want)
				if p.calls() != 1 {
					t.Errorf("%d calls", p.calls())
				}
			})
		})
	}
}

func TestErasedDuringRefreshStaysErased(t *testing.T) {
	t.Parallel()
	for title, lasts := range map[string]time.Duration{"dead token": 0, "living token": 5 * time.Minute} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := &platform{policy: auth.Policy{SingleUse: true, Ahead: 10 * time.Minute}}, due(t, lasts)
				p.answer = func(_ context.Context, _ int, used catalog.Credential) (catalog.Credential, error) {
					if used.IsZero() {
						return catalog.Credential{}, refused()
					}
					return p.issue(), nil
				}
				s.once("CompareAndSwap", func() { _ = s.Delete(context.Background(), id) })
				source := auth.NewSource(account, s, p)
				got, err := source.Credential(t.Context())
				if lasts > 0 {
					want(t, got, err, "0") // for the last time
					got, err = source.Credential(t.Context())
				}
				wantKind(t, got, err, catalog.ErrReauthorize)
				if _, err := s.Load(t.Context(), id); !errors.Is(err, catalog.ErrNotFound) {
					t.Errorf("the merchant left, and the store has %v", err)
				}
			})
		})
	}
}
