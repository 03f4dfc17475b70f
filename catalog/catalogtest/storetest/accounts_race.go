package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/soukhq/souk/catalog"
)

func accountsConcurrent(t *testing.T, a catalog.Accounts) {
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			id := fmt.Sprintf("t-%02d", i)
			for range 10 {
				if err := a.Put(t.Context(), account(id, id+".example")); err != nil {
					t.Error(err)
				}
				if err := a.SetStatus(t.Context(), id, catalog.AccountSuspended, id); err != nil {
					t.Error(err)
				}
				if got, err := a.ByStore(t.Context(), "shopify", id+".example"); err != nil || got.Reason != id {
					t.Errorf("%s: %+v, %v", id, got, err)
				}
				if _, err := catalog.Collect(a.List(t.Context(), catalog.AccountQuery{})); err != nil {
					t.Error(err)
				}
				if i%2 == 0 {
					if err := a.Delete(t.Context(), id); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	if all, err := catalog.Collect(a.List(t.Context(), catalog.AccountQuery{})); err != nil || len(all) != 16 {
		t.Errorf("%d accounts are left, %v; want 16", len(all), err)
	}
}

// Many accounts want one store: it belongs to one of them.
func accountsOneWinner(t *testing.T, a catalog.Accounts) {
	var wg sync.WaitGroup
	errs := make([]error, 32)
	for i := range errs {
		wg.Go(func() { errs[i] = a.Put(t.Context(), account(fmt.Sprintf("t-%02d", i), "acme.example")) })
	}
	wg.Wait()
	winner := ""
	for i, err := range errs {
		if err == nil && winner == "" {
			winner = fmt.Sprintf("t-%02d", i)
		} else if !errors.Is(err, catalog.ErrConflict) {
			t.Errorf("t-%02d: %v, want ErrConflict", i, err)
		}
	}
	all, err := catalog.Collect(a.List(t.Context(), catalog.AccountQuery{}))
	if err != nil || len(all) != 1 || all[0].ID != winner {
		t.Errorf("there are %v, %v; want %s alone", all, err, winner)
	}
}
