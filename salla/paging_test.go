package salla_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// meanwhile runs a function before each request of a list.
type meanwhile struct {
	http.RoundTripper
	path string
	act  func(request int)
	n    atomic.Int64
}

func (m *meanwhile) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/admin/v2"+m.path {
		m.act(int(m.n.Add(1)))
	}
	return m.RoundTripper.RoundTrip(r)
}

// disturbed opens a store in which act happens before each request of the
// list at path.
func disturbed(t *testing.T, server *sallatest.Server, path string, act func(request int)) catalog.Engine {
	t.Helper()
	adapter, err := salla.New(salla.Config{CustomersBudget: customersWindow(t, 1e6, time.Minute),
		Transport: &meanwhile{RoundTripper: server.Transport(), path: path, act: act}})
	if err != nil {
		t.Fatal(err)
	}
	return openStore(t, adapter, server.Store)
}

func quiet(products, orders, customers int, even bool) sallatest.Config {
	return sallatest.Config{Products: products, Orders: orders, Customers: customers, Unthrottled: true, PerMinute: 1_000_000, EvenPages: even}
}

// holds reports which of the ids that were there throughout are missing, and
// how many came more than once.
func holds(before, after, got []string) (missing []string, twice int) {
	seen := map[string]int{}
	for _, id := range got {
		seen[id]++
		if seen[id] > 1 {
			twice++
		}
	}
	for _, id := range before {
		if slices.Contains(after, id) && seen[id] == 0 {
			missing = append(missing, id)
		}
	}
	return missing, twice
}

func productIDs(server *sallatest.Server) []string {
	return mapped(server.Products(), func(p *sallatest.Product) string { return id(p.ID) })
}

// Rows that are put in come first and push the rest back; rows that are taken
// out anywhere pull the rest forward. Whatever happens between two pages,
// nothing present throughout is missed, and nothing comes twice in one run.
func TestNothingIsMissedWhileProductsComeAndGo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 1))
			server := newServer(t, quiet(60+random.IntN(150), -1, -1, seed%2 == 0))
			before := productIDs(server)
			engine := disturbed(t, server, "/products", func(int) {
				for range random.IntN(4) {
					if random.IntN(2) == 0 {
						server.AddProduct(sallatest.Product{Name: "new", Price: "1"})
						continue
					}
					if all := server.Products(); len(all) > 20 {
						_ = server.DeleteProduct(all[random.IntN(len(all))].ID)
					}
				}
			})
			var got []string
			for p, err := range engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 5 + random.IntN(16)}}) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, p.ID)
			}
			if missing, twice := holds(before, productIDs(server), got); len(missing) > 0 || twice > 0 {
				t.Errorf("missing %v, %d came twice", missing, twice)
			}
		})
	}
}

// Many rows at once leave the pages read already: more than a page's worth.
func TestNothingIsMissedWhenManyRowsLeaveAtOnce(t *testing.T) {
	t.Parallel()
	server := newServer(t, quiet(200, -1, -1, false))
	before := productIDs(server)
	engine := disturbed(t, server, "/products", func(request int) {
		if request == 8 {
			for _, p := range server.Products()[:55] {
				_ = server.DeleteProduct(p.ID)
			}
		}
	})
	got := ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 10}}), func(p catalog.Product) string { return p.ID })
	if missing, twice := holds(before, productIDs(server), got); len(missing) > 0 || twice > 0 {
		t.Errorf("missing %v, %d came twice", missing, twice)
	}
}

// With a filter by status records enter a list in its middle, where they hide
// from its total those that leave.
func TestNothingIsMissedWhileOrdersChangeStatus(t *testing.T) {
	t.Parallel()
	for seed := range uint64(15) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 2))
			server := newServer(t, quiet(20, 120, 10, true))
			completed := func() []string {
				return chosen(server.Orders(), func(o *sallatest.Order) bool { return nativeStatus(o.Status) == "completed" }, func(o *sallatest.Order) string { return id(o.ID) })
			}
			before, stayed := completed(), map[string]bool{}
			for _, id := range before {
				stayed[id] = true
			}
			engine := disturbed(t, server, "/orders", func(request int) {
				all := server.Orders()
				// One leaves near the front, one enters near the end.
				for _, o := range all[:40] {
					if nativeStatus(o.Status) == "completed" && random.IntN(3) > 0 {
						stayed[id(o.ID)] = false
						_ = server.UpdateOrder(o.ID, func(o *sallatest.Order) { o.Status = server.StatusNamed("canceled") })
						break
					}
				}
				for _, o := range slices.Backward(all) {
					if nativeStatus(o.Status) == "in_progress" {
						_ = server.UpdateOrder(o.ID, func(o *sallatest.Order) { o.Status = server.StatusNamed("completed") })
						break
					}
				}
			})
			got := ids(t, engine.Orders(t.Context(), catalog.OrderQuery{Status: []catalog.OrderStatus{catalog.OrderCompleted},
				ListOptions: catalog.ListOptions{PageSize: 6}}), func(o catalog.Order) string { return o.ID })
			maps.DeleteFunc(stayed, func(_ string, there bool) bool { return !there })
			if missing, _ := holds(before, slices.Collect(maps.Keys(stayed)), got); len(missing) > 0 {
				t.Errorf("missing %v", missing)
			}
		})
	}
}

func TestAListThatNeverStopsShrinkingIsGivenUp(t *testing.T) {
	t.Parallel()
	server := newServer(t, quiet(60, -1, -1, true))
	engine := disturbed(t, server, "/products", func(request int) {
		if request%2 == 1 {
			server.AddProduct(sallatest.Product{Name: "new", Price: "1"})
		} else {
			_ = server.DeleteProduct(server.Products()[0].ID)
		}
	})
	_, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 10}}))
	if catalog.KindOf(err) != catalog.ErrConflict {
		t.Errorf("it ended with %v", err)
	}
}

// Trap 8: a list answers with fewer rows than asked for, and with short pages
// before the end. Only currentPage and totalPages end it.
func TestShortPagesDoNotEndAList(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 300, Orders: -1, Customers: -1})
	got := ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 10}}), func(p catalog.Product) string { return p.ID })
	if len(got) != 300 {
		t.Errorf("%d products", len(got))
	}
	for _, call := range server.Calls() {
		if !strings.Contains(call.Query, "per_page=10") {
			t.Errorf("asked for %s", call.Query)
		}
	}
}

// Links name hosts of Salla's own inside and drop parameters: nothing is
// followed, all calls go to the one host.
func TestLinksAreNeverFollowed(t *testing.T) {
	t.Parallel()
	for _, links := range []string{`{"next":"http://evil.example/admin/v2/products?page=2"}`, `[]`, `["x"]`, `"x"`, `null`} {
		server, engine := quick(t, sallatest.Config{Products: 45, Orders: -1, Customers: -1})
		server.Inject(sallatest.Replaced("pagination.links", links).Repeat(-1))
		got := ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 20}}), func(p catalog.Product) string { return p.ID })
		if len(got) != 45 {
			t.Errorf("%s: %d products", links, len(got))
		}
		for _, call := range server.Calls() {
			if call.Host != sallatest.APIHost {
				t.Errorf("a call to %s", call.Host)
			}
		}
	}
}
