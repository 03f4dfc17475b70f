package salla_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// A run that is killed behind any record and taken up by another process has
// read everything in the end, at the price of nothing while nothing changes.
func TestResumesBehindEveryRecord(t *testing.T) {
	t.Parallel()
	server := newServer(t, quiet(45, -1, -1, false))
	engine := openStore(t, newAdapter(t, server, salla.Config{}), server.Store)
	all := productIDs(server)
	for cut := range len(all) {
		var got []string
		var cursor catalog.Cursor
		for p, err := range engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 10}}) {
			if err != nil {
				t.Fatal(err)
			}
			got, cursor = append(got, p.ID), p.Cursor
			if len(got) == cut+1 {
				break
			}
		}
		for p, err := range engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 10, After: cursor}}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, p.ID)
		}
		if !slices.Equal(all, got) {
			t.Fatalf("behind record %d: %d records, want %d", cut, len(got), len(all))
		}
	}
}

// A run that is killed at every page, in a store that changes while nobody
// reads, misses nothing that was there throughout.
func TestResumesInAStoreThatChanged(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 3))
			server := newServer(t, quiet(120, -1, -1, seed%2 == 0))
			engine := openStore(t, newAdapter(t, server, salla.Config{}), server.Store)
			before := productIDs(server)
			var got []string
			var cursor catalog.Cursor
			for done := false; !done; {
				done = true
				stop := 1 + random.IntN(25)
				for p, err := range engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 4 + random.IntN(20), After: cursor}}) {
					if err != nil {
						t.Fatal(err)
					}
					got, cursor = append(got, p.ID), p.Cursor
					if stop--; stop == 0 {
						done = false
						break
					}
				}
				for range random.IntN(5) {
					if all := server.Products(); random.IntN(3) > 0 && len(all) > 30 {
						_ = server.DeleteProduct(all[random.IntN(len(all))].ID)
					} else {
						server.AddProduct(sallatest.Product{Name: "new", Price: "1"})
					}
				}
				if len(got) > 20_000 {
					t.Fatal("it never ends")
				}
			}
			if missing, _ := holds(before, productIDs(server), got); len(missing) > 0 {
				t.Errorf("missing %v", missing)
			}
		})
	}
}

func TestOrdersResumeAtEveryPage(t *testing.T) {
	t.Parallel()
	server := newServer(t, quiet(20, 40, 10, false))
	engine := openStore(t, newAdapter(t, server, salla.Config{}), server.Store)
	for _, query := range []catalog.OrderQuery{{}, {UpdatedSince: server.Orders()[0].UpdatedAt.Add(-40 * 24 * time.Hour)}, {Status: []catalog.OrderStatus{catalog.OrderCompleted, catalog.OrderPending}}} {
		query.PageSize = 7
		whole := ids(t, engine.Orders(t.Context(), query), func(o catalog.Order) string { return o.ID })
		got := map[string]bool{}
		for pages := 0; pages < 40; pages++ {
			n := 0
			for o, err := range engine.Orders(t.Context(), query) {
				if err != nil {
					t.Fatal(err)
				}
				got[o.ID], query.After = true, o.Cursor
				if n++; n == 7 {
					break
				}
			}
			if n < 7 {
				break
			}
		}
		if found := slices.Sorted(maps.Keys(got)); !slices.Equal(found, whole) || len(whole) == 0 {
			t.Errorf("%d of %d orders", len(found), len(whole))
		}
	}
}
