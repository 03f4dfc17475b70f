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

var once = auth.Policy{SingleUse: true, Ahead: 24 * time.Hour}

// Every way of not knowing what became of a refresh.
func unknownOutcomes() map[string]func(*platform) {
	return map[string]func(*platform){
		"lost answer":       func(p *platform) { p.failing(lostAnswer()) },
		"unreadable answer": func(p *platform) { p.failing(&catalog.Error{Kind: catalog.ErrBadAnswer}) },
		"error of no kind":  func(p *platform) { p.failing(errDown) },
		"no answer in time": func(p *platform) { p.takes = time.Minute },
		"lost, wrapped":     func(p *platform) { p.failing(&catalog.Error{Kind: catalog.ErrUnavailable, Err: lostAnswer()}) },
		"empty answer": func(p *platform) {
			p.answer = func(context.Context, int, catalog.Credential) (catalog.Credential, error) {
				return catalog.Credential{}, nil
			}
		},
	}
}

func TestUnknownOutcomeIsNeverRepeated(t *testing.T) {
	t.Parallel()
	for title, arrange := range unknownOutcomes() {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := &platform{policy: once}, due(t, 2*time.Hour)
				arrange(p)
				source := auth.NewSource(account, s, p)
				for range 100 { // the old token serves until it ends
					got, err := source.Credential(t.Context())
					want(t, got, err, "0")
					time.Sleep(time.Minute)
				}
				time.Sleep(time.Hour)
				for range 3 {
					start := time.Now()
					got, err := source.Credential(t.Context())
					wantKind(t, got, err, catalog.ErrReauthorize, catalog.ErrOutcomeUnknown)
					if catalog.KindOf(err) != catalog.ErrReauthorize || !strings.Contains(err.Error(), "works only once") || !strings.Contains(err.Error(), "connect the store again") {
						t.Errorf("the error does not say what to do: %v", err)
					}
					if time.Since(start) != 0 {
						t.Errorf("waited %v for an answer that was lost", time.Since(start))
					}
					got, err = source.Refresh(t.Context(), pair("0", 0))
					wantKind(t, got, err, catalog.ErrReauthorize, catalog.ErrOutcomeUnknown)
				}
				got, err := auth.NewSource(account, s, p).Credential(t.Context()) // after a restart
				wantKind(t, got, err, catalog.ErrReauthorize, catalog.ErrOutcomeUnknown)
				if p.calls() != 1 {
					t.Errorf("the token was sent %d times", p.calls())
				}
				if s.record(t).Refresh == nil {
					t.Error("the intent is gone")
				}
			})
		})
	}
}

// Whoever sent the refresh knows that no answer will come.
func TestNobodyWaitsForALostAnswer(t *testing.T) {
	inTime(t, func(t *testing.T) {
		source, start := auth.NewSource(account, due(t, 0), (&platform{policy: once}).failing(lostAnswer())), time.Now()
		for range 2 {
			got, err := source.Credential(t.Context())
			wantKind(t, got, err, catalog.ErrReauthorize, catalog.ErrOutcomeUnknown)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("waited %v", took)
		}
	})
}

func TestGrantHealsALostRefresh(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := (&platform{policy: once}).failing(lostAnswer()), due(t, 0)
		source, other := auth.NewSource(account, s, p), auth.NewSource(account, s, p)
		got, err := source.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrReauthorize, catalog.ErrOutcomeUnknown)
		s.put(t, pair("granted", 48*time.Hour))
		for _, source := range []*auth.Source{source, other} {
			got, err = source.Credential(t.Context())
			want(t, got, err, "granted")
		}
		time.Sleep(48 * time.Hour)
		got, err = source.Credential(t.Context())
		want(t, got, err, "1")
		if p.sentTwice() != "" {
			t.Errorf("sent %q", p.sent)
		}
	})
}

// The same tokens stored anew, say at every start of a host, must not be sent
// again: the store keeps the intent, and a source knows what it has sent.
func TestLostTokenStoredAnewIsNotSent(t *testing.T) {
	t.Parallel()
	for title, failure := range map[string]error{"lost": lostAnswer(), "refused": refused()} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := (&platform{policy: once}).failing(failure), due(t, 0)
				source := auth.NewSource(account, s, p)
				for range 3 {
					got, err := source.Credential(t.Context())
					kind := catalog.ErrReauthorize
					if title == "lost" {
						wantKind(t, got, err, kind, catalog.ErrOutcomeUnknown)
					} else {
						wantKind(t, got, err, kind, failure)
					}
					s.put(t, pair("0", 0))
				}
				if p.calls() != 1 {
					t.Errorf("sent %q", p.sent)
				}
			})
		})
	}
}

func TestUsedTokenStoredAnewIsNotSent(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{policy: once}, due(t, 0)
		source := auth.NewSource(account, s, p)
		got, err := source.Credential(t.Context())
		want(t, got, err, "1")
		s.put(t, pair("0", 0)) // a backup
		got, err = source.Refresh(t.Context(), got)
		want(t, got, err, "0")
		got, err = source.Refresh(t.Context(), got)
		wantKind(t, got, err, catalog.ErrReauthorize)
		if p.sentTwice() != "" {
			t.Errorf("sent %q", p.sent)
		}
		if s.record(t).Refresh != nil {
			t.Error("an intent was left for nothing")
		}
	})
}

// A host with nothing left to lose may have the token sent once more.
func TestCancelledIntentAllowsOneMore(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := (&platform{policy: once}).failing(lostAnswer(), refused()), due(t, 0)
		source := auth.NewSource(account, s, p)
		got, err := source.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrOutcomeUnknown)
		if err := s.CancelRefresh(t.Context(), id, s.record(t).Refresh.Attempt); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			got, err = source.Credential(t.Context())
			if wantKind(t, got, err, catalog.ErrReauthorize); errors.Is(err, catalog.ErrOutcomeUnknown) {
				t.Errorf("the answer of the last try is known: %v", err)
			}
		}
		if p.calls() != 2 {
			t.Errorf("%d calls, want 2", p.calls())
		}
	})
}

// What certainly did not use the token up may be tried again.
func TestFailuresBeforeTheTokenWasUsed(t *testing.T) {
	t.Parallel()
	for _, kind := range []catalog.Kind{catalog.ErrUnavailable, catalog.ErrRateLimited, catalog.ErrUnauthorized, catalog.ErrForbidden,
		catalog.ErrInvalid, catalog.ErrNotFound, catalog.ErrConflict, catalog.ErrUnsupported} {
		t.Run(string(kind), func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				failure := error(&catalog.Error{Kind: kind})
				if kind == catalog.ErrInvalid {
					failure = &catalog.ConfigError{Field: "ClientID"}
				}
				s := due(t, 0)
				source := auth.NewSource(account, s, (&platform{policy: once}).failing(failure))
				got, err := source.Credential(t.Context())
				if wantKind(t, got, err, kind); errors.Is(err, catalog.ErrOutcomeUnknown) {
					t.Errorf("error is %v", err)
				}
				s.holds(t, pair("0", 0))
				got, err = source.Credential(t.Context())
				want(t, got, err, "1")
			})
		})
	}
}

func TestRefusedRefreshToken(t *testing.T) {
	t.Parallel()
	for title, policy := range map[string]auth.Policy{"single use": once, "reusable": {}} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := (&platform{policy: policy}).failing(refused(), refused(), refused()), due(t, 0)
				source := auth.NewSource(account, s, p)
				many(func() {
					if p.calls() > 0 && !policy.SingleUse {
						return // asking again is harmless there
					}
					got, err := source.Credential(t.Context())
					wantKind(t, got, err, catalog.ErrReauthorize)
				})
				s.holds(t, pair("0", 0))
				if policy.SingleUse && p.calls() != 1 {
					t.Errorf("the dead token was sent %d times", p.calls())
				}
				s.put(t, pair("granted", 48*time.Hour))
				got, err := source.Credential(t.Context())
				want(t, got, err, "granted")
			})
		})
	}
}

// The platform calls a token dead because somebody else has replaced it.
func TestRefusedBecauseReplaced(t *testing.T) {
	inTime(t, func(t *testing.T) {
		s := due(t, 0)
		p := &platform{policy: once}
		p.answer = func(context.Context, int, catalog.Credential) (catalog.Credential, error) {
			s.put(t, pair("granted", 48*time.Hour))
			return catalog.Credential{}, refused()
		}
		got, err := auth.NewSource(account, s, p).Credential(t.Context())
		want(t, got, err, "granted")
		s.holds(t, pair("granted", 0))
	})
}

func TestSlowStoreLeavesNoTimeToSend(t *testing.T) {
	inTime(t, func(t *testing.T) {
		policy := once
		policy.Timeout = time.Second
		p, s := &platform{policy: policy}, due(t, 0)
		s.once("BeginRefresh", func() { time.Sleep(2 * time.Second) })
		source := auth.NewSource(account, s, p)
		got, err := source.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable)
		if p.calls() != 0 {
			t.Error("sent when no answer could be waited for")
		}
		s.holds(t, pair("0", 0))
		got, err = source.Credential(t.Context())
		want(t, got, err, "1")
	})
}
