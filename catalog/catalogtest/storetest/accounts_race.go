package storetest

import (
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
	won := count(t, catalog.ErrConflict, func(i int) error {
		return a.Put(t.Context(), account(fmt.Sprint("t-", i), "acme.example"))
	})
	all, err := catalog.Collect(a.List(t.Context(), catalog.AccountQuery{}))
	if err != nil || len(won) != 1 || len(all) != 1 || all[0].ID != fmt.Sprint("t-", won[0]) {
		t.Errorf("there are %v, %v; %v won", all, err, won)
	}
}
