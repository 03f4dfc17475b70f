package catalog_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

// manyEngine lists orders, customers and stock beside products.
type manyEngine struct {
	*simStore
	at time.Time
}

func (m manyEngine) Features() catalog.Features {
	f := catalog.ResourceFeatures{Changes: catalog.ChangesNative, Overlap: time.Minute, Grain: time.Second}
	return catalog.Features{Platform: "sim", Resources: map[catalog.Resource]catalog.ResourceFeatures{
		catalog.Products: f, catalog.Orders: f, catalog.Customers: f, catalog.Inventory: f}}
}

// since yields one old and one new record, as the filter says.
func since[T any](at, from time.Time, make func(string, time.Time) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for id, t := range map[string]time.Time{"old": at.AddDate(-1, 0, 0), "new": at} {
			if !t.Before(from) && !yield(make(id, t), nil) {
				return
			}
		}
	}
}

func (m manyEngine) Orders(_ context.Context, q catalog.OrderQuery) iter.Seq2[catalog.Order, error] {
	return since(m.at, q.UpdatedSince, func(id string, t time.Time) catalog.Order { return catalog.Order{ID: id, UpdatedAt: t} })
}

func (m manyEngine) Customers(_ context.Context, q catalog.CustomerQuery) iter.Seq2[catalog.Customer, error] {
	return since(m.at, q.UpdatedSince, func(id string, t time.Time) catalog.Customer { return catalog.Customer{ID: id, UpdatedAt: t} })
}

func (m manyEngine) InventoryLevels(_ context.Context, q catalog.InventoryQuery) iter.Seq2[catalog.InventoryLevel, error] {
	return since(m.at, q.UpdatedSince, func(id string, t time.Time) catalog.InventoryLevel {
		return catalog.InventoryLevel{ItemID: "item", LocationID: id, UpdatedAt: t}
	})
}

// readThrice gives how many records each of three reads delivered; before the third something changed.
func readThrice[T any](t *testing.T, e *manyEngine, open func(catalog.Engine, string, ...catalog.ChangeOptions) *catalog.Changes[T]) (counts [3]int) {
	t.Helper()
	saved := ""
	for i := range counts {
		if i == 2 {
			e.at = time.Now()
		}
		changes := open(e, saved)
		all, err := catalog.Collect(changes.All(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		counts[i], saved = len(all), changes.Checkpoint()
	}
	return counts
}

func TestChangesOfEveryResource(t *testing.T) {
	t.Parallel()
	want := [3]int{2, 0, 1}
	at := time.Now().Add(-24 * time.Hour)
	if got := readThrice(t, &manyEngine{at: at}, catalog.OrderChanges); got != want {
		t.Errorf("orders: %v, want %v", got, want)
	}
	if got := readThrice(t, &manyEngine{at: at}, catalog.CustomerChanges); got != want {
		t.Errorf("customers: %v, want %v", got, want)
	}
	if got := readThrice(t, &manyEngine{at: at}, catalog.InventoryChanges); got != want {
		t.Errorf("inventory: %v, want %v", got, want)
	}
}
