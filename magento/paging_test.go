package magento_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// disturber changes the shop before each page of a list.
type disturber struct {
	base http.RoundTripper
	path string
	act  func()
}

func (d disturber) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, d.path) {
		d.act()
	}
	return d.base.RoundTrip(r)
}

// Between every two pages products change, appear and vanish; what is there
// throughout comes exactly once.
func TestScansComeExactlyOnceWhileTheShopChanges(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 5))
			server := newServer(t, magentotest.Config{Products: 150, Orders: -1, Customers: -1, RepeatLastPage: seed%2 == 0})
			throughout := map[string]bool{}
			for _, p := range server.Products() {
				throughout[id(p.ID)] = true
			}
			disturb := disturber{base: server.Transport(), path: "/V1/products", act: func() {
				all := server.Products()
				for range random.IntN(6) {
					p := all[random.IntN(len(all))]
					switch random.IntN(4) {
					case 0:
						server.AddProduct(magentotest.Product{Name: "new"})
					case 1:
						if server.DeleteProduct(p.ID) == nil {
							delete(throughout, id(p.ID))
						}
					default:
						_ = server.UpdateProduct(p.ID, func(p *magentotest.Product) { p.Name += "!" })
					}
				}
			}}
			engine := openStore(t, newAdapter(t, server, magento.Config{Transport: disturb}), server)
			seen := map[string]int{}
			for p, err := range engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 1 + random.IntN(20)}}) {
				if err != nil {
					t.Fatal(err)
				}
				if seen[p.ID]++; seen[p.ID] > 1 {
					t.Errorf("product %s came %d times", p.ID, seen[p.ID])
				}
				if len(seen) > 5000 {
					t.Fatal("the list does not end")
				}
			}
			for id := range throughout {
				if seen[id] == 0 {
					t.Errorf("product %s is missing", id)
				}
			}
		})
	}
}

// In the order of change a record that changes comes again, later; none is
// missed and the last change comes last.
func TestScansByChangeMissNothingWhileTheShopChanges(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 6))
			server := newServer(t, magentotest.Config{Products: -1, Orders: 120, Customers: -1})
			pages := 0
			disturb := disturber{base: server.Transport(), path: "/V1/orders", act: func() {
				if pages++; pages > 40 {
					return // the list would grow as fast as it is read
				}
				all := server.Orders()
				for range random.IntN(3) {
					_ = server.UpdateOrder(all[random.IntN(len(all))].ID, func(o *magentotest.Order) { o.CustomerNote += "!" })
				}
			}}
			engine := openStore(t, newAdapter(t, server, magento.Config{Transport: disturb}), server)
			var got []catalog.Order
			for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{ListOptions: catalog.ListOptions{PageSize: 7, Sort: catalog.SortUpdated}}) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, o)
			}
			if !slices.IsSortedFunc(got, func(a, b catalog.Order) int { return a.UpdatedAt.Compare(b.UpdatedAt) }) {
				t.Error("not the oldest change first")
			}
			seen := map[string]string{}
			for _, o := range got {
				seen[o.ID] = o.Note
			}
			for _, o := range server.Orders() {
				if note, ok := seen[id(o.ID)]; !ok {
					t.Errorf("order %d is missing", o.ID)
				} else if pages > 40 && note != o.CustomerNote {
					t.Errorf("order %d came as %q, it is %q", o.ID, note, o.CustomerNote)
				}
			}
		})
	}
}

// A run that is killed behind any record and taken up by another process, in a
// shop that changed meanwhile, reads what was there throughout exactly once.
func TestResumesInAShopThatChanged(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 7))
			server := newServer(t, magentotest.Config{Products: 90, Orders: -1, Customers: -1})
			throughout := map[string]bool{}
			for _, p := range server.Products() {
				throughout[id(p.ID)] = true
			}
			seen := map[string]int{}
			var cursor catalog.Cursor
			for done := false; !done; {
				done = true
				stop := 1 + random.IntN(25)
				engine := openStore(t, newAdapter(t, server, magento.Config{}), server)
				for p, err := range engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 4 + random.IntN(20), After: cursor}}) {
					if err != nil {
						t.Fatal(err)
					}
					seen[p.ID]++
					cursor = p.Cursor
					if stop--; stop == 0 {
						done = false
						break
					}
				}
				all := server.Products()
				if p := all[random.IntN(len(all))]; len(all) > 40 && server.DeleteProduct(p.ID) == nil {
					delete(throughout, id(p.ID))
				}
				if len(seen) < 200 {
					server.AddProduct(magentotest.Product{})
				}
			}
			for id := range maps.Keys(throughout) {
				if seen[id] != 1 {
					t.Errorf("product %s came %d times", id, seen[id])
				}
			}
		})
	}
}
