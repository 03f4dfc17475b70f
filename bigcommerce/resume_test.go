package bigcommerce_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// Runs that are killed anywhere and taken up by another process, with pages of
// another size, in a store that changes all the while, have read each record
// that was there throughout exactly once.
func TestKilledAndResumedWhileTheStoreChanges(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 3))
			server := newServer(t, bigcommercetest.Config{Products: 60, Orders: -1, Customers: 60, Unthrottled: true, Quota: 1_000_000})
			for range 60 {
				server.AddOrder(bigcommercetest.Order{StatusID: 11})
			}
			process := func() catalog.Engine { return openStore(t, newAdapter(t, server, bigcommerce.Config{}), server.Store) }
			for name, r := range map[string]struct {
				ids  func() []string
				read func(catalog.Engine, catalog.ListOptions, func(string, catalog.Cursor) bool) error
				add  func()
				drop func(int64) error
			}{
				"products": {func() []string {
					return mapped(server.Products(), func(p *bigcommercetest.Product) string { return id(p.ID) })
				},
					func(e catalog.Engine, o catalog.ListOptions, next func(string, catalog.Cursor) bool) error {
						for p, err := range e.Products(t.Context(), catalog.ProductQuery{ListOptions: o}) {
							if err != nil || !next(p.ID, p.Cursor) {
								return err
							}
						}
						return nil
					}, func() { server.AddProduct(bigcommercetest.Product{}) }, server.DeleteProduct},
				"orders": {func() []string {
					return mapped(server.Orders(), func(o *bigcommercetest.Order) string { return id(o.ID) })
				},
					func(e catalog.Engine, o catalog.ListOptions, next func(string, catalog.Cursor) bool) error {
						for p, err := range e.Orders(t.Context(), catalog.OrderQuery{ListOptions: o}) {
							if err != nil || !next(p.ID, p.Cursor) {
								return err
							}
						}
						return nil
					}, func() { server.AddOrder(bigcommercetest.Order{StatusID: 11}) }, server.DeleteOrder},
				"customers": {func() []string {
					return mapped(server.Customers(), func(c *bigcommercetest.Customer) string { return id(c.ID) })
				},
					func(e catalog.Engine, o catalog.ListOptions, next func(string, catalog.Cursor) bool) error {
						for p, err := range e.Customers(t.Context(), catalog.CustomerQuery{ListOptions: o}) {
							if err != nil || !next(p.ID, p.Cursor) {
								return err
							}
						}
						return nil
					}, func() { server.AddCustomer(bigcommercetest.Customer{}) }, server.DeleteCustomer},
			} {
				throughout := set(r.ids())
				var got []string
				var after catalog.Cursor
				for ended := false; !ended; {
					ended = true
					err := r.read(process(), catalog.ListOptions{PageSize: 1 + random.IntN(9), After: after}, func(record string, cursor catalog.Cursor) bool {
						got, after = append(got, record), cursor
						if random.IntN(3) == 0 {
							r.add()
						}
						if all := r.ids(); random.IntN(3) > 0 && len(all) > 5 {
							gone := all[random.IntN(len(all))]
							if random.IntN(2) == 0 {
								gone = record // the very one the cursor stands on
							}
							delete(throughout, gone)
							_ = r.drop(mustInt(t, gone)) // may be gone already
						}
						ended = random.IntN(6) > 0
						return ended
					})
					if err != nil {
						t.Fatal(name, err)
					}
					if len(got) > 5000 {
						t.Fatal(name, "never ends")
					}
				}
				exactlyOnce(t, name, got, throughout)
			}
		})
	}
}
