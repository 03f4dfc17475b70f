package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/soukhq/souk/catalog"
)

func credentialsOneSwapWins(t *testing.T, s catalog.CredentialStore) {
	version := int64(0)
	for round := range 20 {
		versions := make([]int64, 32)
		won := count(t, catalog.ErrConflict, func(i int) (err error) {
			versions[i], err = s.CompareAndSwap(t.Context(), "t-1", version, token(fmt.Sprint(round, "/", i)))
			return err
		})
		if len(won) != 1 {
			t.Fatalf("round %d: %d won", round, len(won))
		}
		version = versions[won[0]]
		if got := load(t, s, "t-1"); got.Version != version || !got.Credential.Same(token(fmt.Sprint(round, "/", won[0]))) {
			t.Fatalf("round %d: stored is not what the winner wrote", round)
		}
	}
}

func credentialsOneRefreshWins(t *testing.T, s catalog.CredentialStore) {
	version := swap(t, s, "t-1", 0, token("a"))
	for round := range 20 {
		won := count(t, catalog.ErrConflict, func(i int) error {
			return s.BeginRefresh(t.Context(), "t-1", version, intent(fmt.Sprint(round, "/", i)))
		})
		if len(won) != 1 {
			t.Fatalf("round %d: %d won", round, len(won))
		}
		attempt := fmt.Sprint(round, "/", won[0])
		if got := load(t, s, "t-1").Refresh; got == nil || got.Attempt != attempt {
			t.Fatalf("round %d: on record is %+v, the winner was %s", round, got, attempt)
		}
		if round%2 == 0 {
			version = swap(t, s, "t-1", version, token(fmt.Sprint(round)))
		} else if err := s.CancelRefresh(t.Context(), "t-1", attempt); err != nil {
			t.Fatal(err)
		}
	}
}

// Each goroutine adds one scope again and again until its swap succeeds.
func credentialsConcurrent(t *testing.T, s catalog.CredentialStore) {
	swap(t, s, "t-1", 0, catalog.Credential{AccessToken: catalog.NewSecret("a")})
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			for {
				stored, err := s.Load(t.Context(), "t-1")
				if err != nil {
					t.Error(err)
					return
				}
				next := stored.Credential
				next.Scopes = append(next.Scopes, fmt.Sprint(i))
				if _, err = s.CompareAndSwap(t.Context(), "t-1", stored.Version, next); err == nil {
					return
				} else if !errors.Is(err, catalog.ErrConflict) {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if got := load(t, s, "t-1").Credential.Scopes; len(got) != 32 {
		t.Errorf("%d of 32 updates are left: %v", len(got), got)
	}
}
