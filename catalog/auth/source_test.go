package auth_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

func TestOneRefreshForManyGoroutines(t *testing.T) {
	t.Parallel()
	for title, c := range map[string]struct {
		lasts time.Duration
		ahead time.Duration
		ask   func(*auth.Source, context.Context) (catalog.Credential, error)
	}{
		"expired":   {lasts: -time.Second},
		"ends now":  {},
		"ends soon": {lasts: time.Minute, ahead: 5 * time.Minute},
		"refused": {lasts: life, ask: func(s *auth.Source, ctx context.Context) (catalog.Credential, error) {
			return s.Refresh(ctx, pair("0", 0))
		}},
		"refused due": {lasts: time.Minute, ahead: 5 * time.Minute, ask: func(s *auth.Source, ctx context.Context) (catalog.Credential, error) {
			return s.Refresh(ctx, pair("0", 0))
		}},
	} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := &platform{takes: time.Second, policy: auth.Policy{Ahead: c.ahead, SingleUse: true}}, due(t, c.lasts)
				source := auth.NewSource(account, s, p)
				ask := c.ask
				if ask == nil {
					ask = (*auth.Source).Credential
				}
				many(func() {
					got, err := ask(source, t.Context())
					want(t, got, err, "1")
				})
				many(func() { // whoever comes late with the old one
					got, err := source.Refresh(t.Context(), pair("0", 0))
					want(t, got, err, "1")
				})
				if p.calls() != 1 {
					t.Errorf("%d refreshes, want 1", p.calls())
				}
				s.holds(t, pair("1", 0))
			})
		})
	}
}

func TestLivingTokenIsNotRefreshedNorLoadedAgain(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{policy: auth.Policy{Ahead: time.Minute}}, due(t, life)
		source := auth.NewSource(account, s, p)
		many(func() {
			got, err := source.Credential(t.Context())
			want(t, got, err, "0")
		})
		if p.calls() != 0 || s.calls("Load") != 1 {
			t.Errorf("%d refreshes and %d loads, want 0 and 1", p.calls(), s.calls("Load"))
		}
		time.Sleep(life - time.Minute)
		got, err := source.Credential(t.Context())
		want(t, got, err, "1")
	})
}

func TestFailedRefreshAheadReturnsTheLivingToken(t *testing.T) {
	t.Parallel()
	for title, failure := range map[string]error{"down": unavailable(), "refused": refused(), "lost": lostAnswer(), "unnamed": errDown} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := (&platform{policy: auth.Policy{Ahead: 10 * time.Minute}}).failing(failure, failure), due(t, 5*time.Minute)
				source := auth.NewSource(account, s, p)
				many(func() {
					got, err := source.Credential(t.Context())
					want(t, got, err, "0")
				})
				if p.calls() != 1 {
					t.Errorf("a platform that fails is asked %d times for 100 calls", p.calls())
				}
				time.Sleep(5 * time.Minute) // now the token is dead
				got, err := source.Credential(t.Context())
				if got.IsZero() == (err == nil) || err != nil && catalog.KindOf(err) == "" {
					t.Errorf("with a dead token: %q, %v", name(got), err)
				}
				got, err = source.Credential(t.Context())
				if title != "refused" {
					want(t, got, err, "1")
				} else if wantKind(t, got, err, catalog.ErrReauthorize); p.calls() != 1 { // for good
					t.Errorf("a platform that refused the token was asked %d times", p.calls())
				}
			})
		})
	}
}

func TestSlowRefreshAheadHoldsNobodyUp(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{takes: 20 * time.Second, policy: auth.Policy{Ahead: 10 * time.Minute}}, due(t, 5*time.Minute)
		source, start := auth.NewSource(account, s, p), time.Now()
		many(func() {
			got, err := source.Credential(t.Context())
			want(t, got, err, "0")
		})
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("callers with a living token waited %v", took)
		}
		time.Sleep(30 * time.Second)
		got, err := source.Credential(t.Context())
		want(t, got, err, "1")
		if p.calls() != 1 {
			t.Errorf("%d refreshes", p.calls())
		}
	})
}

func TestTokensShorterThanAheadAreNotBoughtForEveryCall(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p := &platform{life: time.Minute, policy: auth.Policy{Ahead: 5 * time.Minute}}
		source := auth.NewSource(account, due(t, time.Minute), p)
		for range 600 {
			if _, err := source.Credential(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if n := p.calls(); n < 10 || n > 25 {
			t.Errorf("%d tokens of a minute were bought in ten minutes", n)
		}
	})
}

func TestFirstTokenShorterThanAheadIsUsed(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p := &platform{life: time.Minute, policy: auth.Policy{Ahead: 5 * time.Minute}}
		source := auth.NewSource(account, &store{}, p)
		many(func() {
			got, err := source.Credential(t.Context())
			want(t, got, err, "1")
		})
	})
}

func TestCallerLeavesAndTheRefreshGoesOn(t *testing.T) {
	t.Parallel()
	for title, ask := range map[string]func(*auth.Source, context.Context) (catalog.Credential, error){
		"due": (*auth.Source).Credential,
		"refused": func(s *auth.Source, ctx context.Context) (catalog.Credential, error) {
			return s.Refresh(ctx, pair("0", 0))
		},
	} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := &platform{takes: 10 * time.Second, policy: auth.Policy{SingleUse: true}}, due(t, 0)
				source := auth.NewSource(account, s, p)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				start := time.Now()
				got, err := ask(source, ctx)
				wantKind(t, got, err, context.DeadlineExceeded)
				if took := time.Since(start); took != time.Second {
					t.Errorf("left after %v", took)
				}
				time.Sleep(10 * time.Second)
				synctest.Wait()
				s.holds(t, pair("1", 0))
				got, err = source.Credential(t.Context())
				want(t, got, err, "1")
				if p.calls() != 1 {
					t.Errorf("%d refreshes", p.calls())
				}
			})
		})
	}
}

func TestEndedContextStartsNothing(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{}, due(t, 0)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for _, source := range []*auth.Source{auth.NewSource(account, s, p), auth.NewSource(account, s, nil)} {
			got, err := source.Credential(ctx)
			wantKind(t, got, err, context.Canceled)
			got, err = source.Refresh(ctx, pair("0", 0))
			wantKind(t, got, err, context.Canceled)
		}
		synctest.Wait()
		if p.calls()+s.calls("Load") != 0 {
			t.Error("a caller that had left already was served")
		}
	})
}

func TestNewerCredentialInTheStoreWins(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{}, due(t, life)
		source := auth.NewSource(account, s, p)
		got, err := source.Credential(t.Context())
		want(t, got, err, "0")
		s.put(t, pair("granted", life))
		got, err = source.Refresh(t.Context(), got)
		want(t, got, err, "granted")
		got, err = source.Credential(t.Context())
		want(t, got, err, "granted")

		time.Sleep(life)
		s.put(t, pair("granted again", life))
		got, err = source.Credential(t.Context()) // due, and replaced already
		want(t, got, err, "granted again")
		if p.calls() != 0 {
			t.Errorf("the platform was asked %d times", p.calls())
		}
	})
}

// A store restored from a backup counts its versions from an earlier one.
func TestStoreThatWentBack(t *testing.T) {
	inTime(t, func(t *testing.T) {
		first, second := due(t, life), due(t, life)
		for range 5 {
			first.put(t, pair("late", life))
		}
		switching := &switched{CredentialStore: first}
		source := auth.NewSource(account, switching, &platform{})
		got, err := source.Credential(t.Context())
		want(t, got, err, "late")
		switching.CredentialStore = second
		got, err = source.Refresh(t.Context(), got)
		want(t, got, err, "0")
		got, err = source.Credential(t.Context())
		want(t, got, err, "0")
	})
}

type switched struct{ catalog.CredentialStore }

func TestRefreshTokenAlone(t *testing.T) {
	inTime(t, func(t *testing.T) {
		s := &store{}
		s.put(t, catalog.Credential{RefreshToken: catalog.NewSecret("refresh-only")})
		got, err := auth.NewSource(account, s, &platform{}).Credential(t.Context())
		want(t, got, err, "1")
	})
}

func TestEndlessTokenIsRefreshedWhenRefused(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{policy: auth.Policy{Ahead: time.Hour}}, &store{}
		endless := pair("0", 0)
		endless.ExpiresAt = time.Time{}
		s.put(t, endless)
		source := auth.NewSource(account, s, p)
		time.Sleep(1000 * time.Hour)
		got, err := source.Credential(t.Context())
		want(t, got, err, "0")
		got, err = source.Refresh(t.Context(), got)
		want(t, got, err, "1")
	})
}

func TestWhatThePlatformDoesNotRepeatIsKept(t *testing.T) {
	t.Parallel()
	for title, singleUse := range map[string]bool{"single use": true, "reusable": false} {
		t.Run(title, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				p, s := &platform{policy: auth.Policy{SingleUse: singleUse}}, &store{}
				p.answer = func(context.Context, int, catalog.Credential) (catalog.Credential, error) {
					return catalog.Credential{AccessToken: catalog.NewSecret("access-" + canary + "-1"), ExpiresAt: time.Now().Add(life)}, nil
				}
				old := pair("0", 0)
				old.Key, old.Secret, old.TokenSecret = catalog.NewSecret("k"), catalog.NewSecret("s"), catalog.NewSecret("t")
				old.Scopes, old.WebhookSecrets, old.RefreshExpiresAt = []string{"read"}, []catalog.Secret{catalog.NewSecret("w")}, time.Now().Add(100*life)
				s.put(t, old)
				got, err := auth.NewSource(account, s, p).Credential(t.Context())
				want(t, got, err, "1")
				if !got.Key.Equal(old.Key) || !got.Secret.Equal(old.Secret) || !got.TokenSecret.Equal(old.TokenSecret) ||
					len(got.Scopes) != 1 || len(got.WebhookSecrets) != 1 {
					t.Errorf("got %+v", got)
				}
				// A token that works once must not be kept for a second time.
				if kept := got.RefreshToken.Equal(old.RefreshToken); kept == singleUse || got.RefreshExpiresAt.IsZero() == kept {
					t.Errorf("the refresh token was kept: %v, until %v", kept, got.RefreshExpiresAt)
				}
			})
		})
	}
}

func TestCallersShareNothing(t *testing.T) {
	inTime(t, func(t *testing.T) {
		s := &store{}
		c := pair("0", life)
		c.Scopes = []string{"read"}
		s.put(t, c)
		source := auth.NewSource(account, s, &platform{})
		many(func() {
			got, err := source.Credential(t.Context())
			if err != nil || got.Scopes[0] != "read" {
				t.Errorf("scopes %v, %v", got.Scopes, err)
			}
			got.Scopes[0] = "changed"
			if got, err = source.Refresh(t.Context(), pair("older", 0)); err != nil || got.Scopes[0] != "read" {
				t.Errorf("scopes %v, %v", got.Scopes, err)
			}
			got.Scopes[0] = "changed"
		})
	})
}
