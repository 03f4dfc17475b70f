package auth_test

import (
	"errors"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

func TestFirstCredential(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{takes: time.Second}, &store{}
		one, two := auth.NewSource(account, s, p), auth.NewSource(account, s, p)
		many(func() {
			got, err := one.Credential(t.Context())
			want(t, got, err, "1")
		})
		got, err := two.Credential(t.Context())
		want(t, got, err, "1")
		if p.calls() != 1 || p.sent[0] != "" {
			t.Errorf("sent %q, want one call without a token", p.sent)
		}
		s.holds(t, pair("1", 0))
	})
}

// Nothing can be put on record where no credential is, so two processes that
// start together both ask; they end with the same credential.
func TestFirstCredentialInTwoProcessesAtOnce(t *testing.T) {
	inTime(t, func(t *testing.T) {
		p, s := &platform{takes: time.Second}, &store{}
		sources := []*auth.Source{auth.NewSource(account, s, p), auth.NewSource(account, s, p)}
		names := make(chan string, 200)
		for _, source := range sources {
			go many(func() {
				got, err := source.Credential(t.Context())
				if err != nil {
					t.Error(err)
				}
				names <- name(got)
			})
		}
		first := <-names
		for range 199 {
			if other := <-names; other != first {
				t.Fatalf("one process has %q, the other %q", first, other)
			}
		}
		if p.calls() > 2 {
			t.Errorf("%d calls for two processes", p.calls())
		}
	})
}

func TestFirstCredentialFails(t *testing.T) {
	inTime(t, func(t *testing.T) {
		s := &store{}
		source := auth.NewSource(account, s, (&platform{}).failing(refused(), errDown))
		got, err := source.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrReauthorize)
		got, err = source.Credential(t.Context())
		wantKind(t, got, err, catalog.ErrUnavailable, errDown)
		got, err = source.Credential(t.Context())
		want(t, got, err, "1")
	})
}

func TestStaticCredential(t *testing.T) {
	inTime(t, func(t *testing.T) {
		s := due(t, -life) // an end that nobody can do anything about
		source := auth.NewSource(account, s, nil)
		got, err := source.Credential(t.Context())
		want(t, got, err, "0")
		used := got
		got, err = source.Refresh(t.Context(), used)
		wantKind(t, got, err, catalog.ErrReauthorize)

		s.with(func(op string, _ int) fault { return fails }) // a store that is down says nothing about the token
		got, err = source.Refresh(t.Context(), used)
		wantKind(t, got, err, catalog.ErrUnavailable, errDown)
		if errors.Is(err, catalog.ErrUnauthorized) {
			t.Errorf("a store that is down passes for a refused token: %v", err)
		}

		s.with(nil)
		s.put(t, pair("entered anew", life))
		many(func() {
			got, err := source.Refresh(t.Context(), used)
			want(t, got, err, "entered anew")
		})
		got, err = source.Credential(t.Context())
		want(t, got, err, "entered anew")
	})
}

func TestAccountWithoutCredential(t *testing.T) {
	inTime(t, func(t *testing.T) {
		s := &store{}
		source := auth.NewSource(account, s, nil)
		for range 2 {
			got, err := source.Credential(t.Context())
			wantKind(t, got, err, catalog.ErrReauthorize)
			if errors.Is(err, catalog.ErrNotFound) {
				t.Errorf("it would pass for a missing product: %v", err)
			}
		}
		s.put(t, pair("connected", life))
		got, err := source.Credential(t.Context())
		want(t, got, err, "connected")
		if err := s.Delete(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		got, err = source.Refresh(t.Context(), got)
		wantKind(t, got, err, catalog.ErrReauthorize)
		got, err = source.Credential(t.Context()) // erased, so no longer remembered
		wantKind(t, got, err, catalog.ErrReauthorize)
	})
}
