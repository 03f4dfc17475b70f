package woocommerce_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// meanwhile runs a function before each request of a list, of which several may
// be under way, one call of it after the other.
type meanwhile struct {
	http.RoundTripper
	path string
	act  func(request int)
	mu   sync.Mutex
	n    int
}

func (m *meanwhile) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/wc/v3"+m.path) {
		m.mu.Lock()
		m.n++
		m.act(m.n)
		m.mu.Unlock()
	}
	return m.RoundTripper.RoundTrip(r)
}

// disturbed opens a store in which act happens before each request of the list
// at path.
func disturbed(t *testing.T, server *woocommercetest.Server, path string, act func(request int)) catalog.Engine {
	t.Helper()
	return openStore(t, newAdapter(t, server, woocommerce.Config{Transport: &meanwhile{RoundTripper: server.Transport(), path: path, act: act}}), server)
}

// exactly reports ids that were there throughout and are missing, and ids that
// came more than once.
func exactly(before, after, got []string) (missing, twice []string) {
	seen := map[string]int{}
	for _, id := range got {
		if seen[id]++; seen[id] == 2 {
			twice = append(twice, id)
		}
	}
	for _, id := range before {
		if seen[id] == 0 && slices.Contains(after, id) {
			missing = append(missing, id)
		}
	}
	return missing, twice
}

func productIDs(server *woocommercetest.Server) []string {
	return mapped(server.Products(), func(p *woocommercetest.Product) string { return id(p.ID) })
}

// churn adds, changes, trashes, restores and deletes products, and tells which
// of them went, if only for a while.
func churn(server *woocommercetest.Server, random *rand.Rand) (gone []int64) {
	for range random.IntN(5) {
		all := server.Products()
		victim := all[random.IntN(len(all))].ID
		switch n := random.IntN(6); {
		case n == 0:
			server.AddProduct(woocommercetest.Product{Name: "new", RegularPrice: "1"})
		case n == 1:
			_ = server.UpdateProduct(victim, func(p *woocommercetest.Product) { p.Name += "!" })
		case n == 2 && len(server.TrashedProducts()) > 0: // comes back in the middle
			_ = server.UpdateProduct(server.TrashedProducts()[0].ID, func(p *woocommercetest.Product) { p.Status = "publish" })
		case len(all) < 15:
		case n == 3:
			gone = append(gone, victim)
			_ = server.TrashProduct(victim)
		default:
			gone = append(gone, victim)
			_ = server.DeleteProduct(victim)
		}
	}
	return gone
}

// without drops what went.
func without(before []string, gone []int64) []string {
	return slices.DeleteFunc(before, func(one string) bool {
		return slices.ContainsFunc(gone, func(n int64) bool { return id(n) == one })
	})
}

// Whatever happens between two pages, what is there throughout comes exactly
// once.
func TestEachProductComesExactlyOnceWhileProductsComeAndGo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 1))
			server := newServer(t, woocommercetest.Config{Products: 40 + random.IntN(120), Orders: -1, Customers: -1})
			before := productIDs(server)
			var gone []int64
			engine := disturbed(t, server, "/products", func(int) { gone = append(gone, churn(server, random)...) })
			got := ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 1 + random.IntN(17)}}), productID)
			if missing, twice := exactly(without(before, gone), productIDs(server), got); len(missing) > 0 || len(twice) > 0 {
				t.Errorf("missing %v, twice %v", missing, twice)
			}
		})
	}
}

// Rows that leave before the page to come pull the rest forward, over the edge
// of the pages read: by one, by a page, by many pages, to nothing.
func TestAGapBehindTheLastPageIsFoundAndRead(t *testing.T) {
	t.Parallel()
	for _, leave := range []int{1, 10, 35, 70} {
		for _, size := range []int{1, 3, 10} {
			server := newServer(t, woocommercetest.Config{Products: 100, Orders: -1, Customers: -1})
			before := productIDs(server)
			engine := openStore(t, newAdapter(t, server, woocommerce.Config{}), server)
			var got []string
			options := catalog.ListOptions{PageSize: size, Limit: 70}
			for p, err := range engine.Products(t.Context(), catalog.ProductQuery{ListOptions: options}) {
				if err != nil {
					t.Fatal(err)
				}
				got, options.After = append(got, p.ID), p.Cursor
			}
			for _, p := range server.Products()[70-leave : 70] {
				_ = server.DeleteProduct(p.ID)
			}
			options.Limit = 0
			calls := len(server.Calls())
			got = append(got, ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: options}), productID)...)
			if missing, twice := exactly(before, productIDs(server), got); len(missing) > 0 || len(twice) > 0 {
				t.Errorf("%d left, pages of %d: missing %v, twice %v", leave, size, missing, twice)
			}
			if n := len(server.Calls()) - calls; size == 10 && n > 25 {
				t.Errorf("%d left: %d calls for 30 products", leave, n)
			}
		}
	}
}

// A quiet list costs no more than its pages: one row of each overlaps.
func TestAQuietListIsNotReadTwice(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: 199})
	if n := len(ids(t, engine.Customers(t.Context(), catalog.CustomerQuery{ListOptions: catalog.ListOptions{PageSize: 50}}), customerID)); n != 199 {
		t.Errorf("%d customers", n)
	}
	if n := len(server.Calls()); n != 5 {
		t.Errorf("%d calls", n)
	}
}

func TestEachOrderComesExactlyOnceWhileOrdersChangeStatus(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 2))
			server := newServer(t, woocommercetest.Config{Products: 20, Orders: 90, Customers: 10})
			open := func() (all []string) {
				for _, o := range server.Orders() {
					if o.Status == "processing" || o.Status == "completed" {
						all = append(all, id(o.ID))
					}
				}
				return all
			}
			stayed := map[string]bool{}
			for _, id := range open() {
				stayed[id] = true
			}
			engine := disturbed(t, server, "/orders", func(int) {
				for range random.IntN(4) {
					all := server.Orders()
					o := all[random.IntN(len(all))]
					delete(stayed, id(o.ID))
					status := []string{"processing", "completed", "cancelled", "trash"}[random.IntN(4)]
					_ = server.UpdateOrder(o.ID, func(o *woocommercetest.Order) { o.Status = status })
				}
			})
			query := catalog.OrderQuery{ListOptions: catalog.ListOptions{PageSize: 2 + random.IntN(9)}, Status: []catalog.OrderStatus{catalog.OrderOpen, catalog.OrderCompleted}}
			got := ids(t, engine.Orders(t.Context(), query), orderID)
			if missing, twice := exactly(keysOf(stayed), keysOf(stayed), got); len(missing) > 0 || len(twice) > 0 {
				t.Errorf("missing %v, twice %v", missing, twice)
			}
		})
	}
}

func keysOf(set map[string]bool) (all []string) {
	for k := range set {
		all = append(all, k)
	}
	return all
}

func TestEachCustomerComesExactlyOnceWhileCustomersComeAndGo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 3))
		server := newServer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: 80})
		of := func() []string {
			return mapped(server.Customers(), func(c *woocommercetest.Customer) string { return id(c.ID) })
		}
		before := of()
		engine := disturbed(t, server, "/customers", func(int) {
			for range random.IntN(4) {
				if all := server.Customers(); random.IntN(3) > 0 && len(all) > 20 {
					_ = server.DeleteCustomer(all[random.IntN(len(all))].ID)
				} else {
					server.AddCustomer(woocommercetest.Customer{FirstName: "new"})
				}
			}
		})
		got := ids(t, engine.Customers(t.Context(), catalog.CustomerQuery{ListOptions: catalog.ListOptions{PageSize: 2 + random.IntN(9)}}), customerID)
		if missing, twice := exactly(before, of(), got); len(missing) > 0 || len(twice) > 0 {
			t.Errorf("seed %d: missing %v, twice %v", seed, missing, twice)
		}
	}
}

func TestEachLevelComesExactlyOnceWhileProductsComeAndGo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 4))
			version := []string{"10.5.2", "10.2.0"}[seed%2]
			server := newServer(t, woocommercetest.Config{Version: version, Products: 60, Orders: -1, Customers: -1})
			of := func() []string { return mapped(levels(server), func(l level) string { return id(l.item) }) }
			before := levels(server)
			var gone []int64
			act := func(int) { gone = append(gone, churn(server, random)...) }
			both := &meanwhile{RoundTripper: &meanwhile{RoundTripper: server.Transport(), path: "/variations", act: act}, path: "/products", act: act}
			engine := openStore(t, newAdapter(t, server, woocommerce.Config{Transport: both}), server)
			options := catalog.ListOptions{PageSize: 2 + random.IntN(9)}
			reader := capability[catalog.InventoryReader](t, engine)
			var got []string
			for cut := 5 + random.IntN(40); ; cut = 1000 { // once killed and resumed
				options.Limit = cut
				n := len(got)
				for l, err := range reader.InventoryLevels(t.Context(), catalog.InventoryQuery{ListOptions: options}) {
					if err != nil {
						t.Fatal(err)
					}
					got, options.After = append(got, l.ItemID), l.Cursor
				}
				if len(got)-n < cut {
					break
				}
			}
			stayed := mapped(slices.DeleteFunc(before, func(l level) bool { return slices.Contains(gone, l.product) }), func(l level) string { return id(l.item) })
			if missing, twice := exactly(stayed, of(), got); len(missing) > 0 || len(twice) > 0 {
				t.Errorf("missing %v, twice %v", missing, twice)
			}
		})
	}
}

// Rows that the key may not see are missing from pages, which are shorter than
// asked for before the end.
func TestShortPagesDoNotEndAList(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: 60, Orders: -1, Customers: -1})
	hide := &hider{RoundTripper: server.Transport(), every: 3}
	engine := openStore(t, newAdapter(t, server, woocommerce.Config{Transport: hide}), server)
	for _, size := range []int{1, 2, 5, 7} {
		got := ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: size}}), productID)
		want := productIDs(server)
		want = slices.DeleteFunc(want, hide.hides)
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d: %d of %d products", size, len(got), len(want))
		}
	}
}

func TestAStoreThatKeepsToNoOrderIsRefused(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: 40, Orders: -1, Customers: -1})
	engine := openStore(t, newAdapter(t, server, woocommerce.Config{Transport: &reorderer{server.Transport()}}), server)
	_, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{}))
	if e := failure(t, err); e.Kind != catalog.ErrBadAnswer || !strings.Contains(e.Hint, "plugin") {
		t.Errorf("%v", err)
	}
}

// A cache that leaves parameters out of account gives the first page for ever:
// were its rows merely known, the list would seem to end.
func TestAStoreThatDoesNotPageIsRefused(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2, 5, 20} {
		server := newServer(t, woocommercetest.Config{Products: 40, Orders: -1, Customers: -1})
		engine := openStore(t, newAdapter(t, server, woocommerce.Config{Transport: &deaf{server.Transport(), "offset"}}), server)
		got, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: size}}))
		if err == nil || failure(t, err).Kind != catalog.ErrBadAnswer {
			t.Errorf("pages of %d: %d products, %v", size, len(got), err)
		}
	}
}

func TestALimitAsksForNoMore(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: 60, Orders: 60, Customers: -1})
	if n := len(ids(t, engine.Orders(t.Context(), catalog.OrderQuery{ListOptions: catalog.ListOptions{Limit: 3}}), orderID)); n != 3 {
		t.Errorf("%d orders", n)
	}
	if c := server.Calls()[0]; !strings.Contains(c.Query, "per_page=3") {
		t.Errorf("asked for %s", c.Query)
	}
}

// Seconds in which more records changed than a page holds, in a store that
// orders records of one second anew for every page.
func TestByChangeNothingIsMissedAmongEqualTimes(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 5))
			start := time.Now().Add(-100 * time.Hour).Truncate(time.Second)
			clock := &clock{now: start.Add(time.Hour)}
			server := newServer(t, woocommercetest.Config{Products: 10, Orders: -1, Customers: -1, UnstableTies: true, Clock: clock.read, Epoch: start})
			for i := range 80 {
				server.AddProduct(woocommercetest.Product{Name: "x", ModifiedAt: start.Add(time.Duration(i/(1+random.IntN(40))) * time.Second)})
			}
			engine := openStore(t, newAdapter(t, server, woocommerce.Config{}), server)
			options := catalog.ListOptions{PageSize: 1 + random.IntN(12), Sort: catalog.SortUpdated}
			before, last := productIDs(server), time.Time{}
			var got []string
			for cut := 1 + random.IntN(50); ; cut = 1000 { // once killed and resumed
				options.Limit = cut
				n := len(got)
				for p, err := range engine.Products(t.Context(), catalog.ProductQuery{ListOptions: options}) {
					if err != nil {
						t.Fatal(err)
					}
					if p.UpdatedAt.Before(last) {
						t.Errorf("%s at %v after %v", p.ID, p.UpdatedAt, last)
					}
					got, options.After, last = append(got, p.ID), p.Cursor, p.UpdatedAt
				}
				if len(got)-n < cut {
					break
				}
			}
			if missing, twice := exactly(before, productIDs(server), got); len(missing) > 0 || len(twice) > 0 {
				t.Errorf("pages of %d: missing %v, twice %v", options.PageSize, missing, twice)
			}
		})
	}
}

// Records that change while they are read come later, in their new state.
func TestByChangeNothingIsMissedWhileProductsChange(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 6))
			start := time.Now().Add(-100 * time.Hour).Truncate(time.Second)
			clock := &clock{now: start}
			server := newServer(t, woocommercetest.Config{Products: 90, Orders: -1, Customers: -1, UnstableTies: seed%2 == 0, Clock: clock.read})
			before := productIDs(server)
			var gone []int64
			engine := disturbed(t, server, "/products", func(request int) {
				clock.push(time.Duration(random.IntN(20)) * time.Second)
				if request < 12 {
					gone = append(gone, churn(server, random)...)
				}
			})
			got := ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 2 + random.IntN(9), Sort: catalog.SortUpdated}}), productID)
			if missing, _ := exactly(without(before, gone), productIDs(server), got); len(missing) > 0 {
				t.Errorf("missing %v", missing)
			}
		})
	}
}

// A record may change after the store chose a page's rows and before it wrote
// them. Then a row shows a time that says nothing of its place: were it taken
// for how far the page reaches, what lies between would be lost.
func TestByChangeARowThatChangedWhileThePageWasMadeHidesNothing(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: 60, Orders: -1, Customers: -1})
	late := &latecomer{RoundTripper: server.Transport(), now: func() time.Time { return time.Now().UTC() }}
	engine := openStore(t, newAdapter(t, server, woocommerce.Config{Transport: late}), server)
	got := ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 7, Sort: catalog.SortUpdated}}), productID)
	if missing, _ := exactly(productIDs(server), productIDs(server), got); len(missing) > 0 || late.n == 0 {
		t.Errorf("%d rows changed, missing %v", late.n, missing)
	}
}

// Stores before 5.8 ignore the filter by change without a word.
func TestByChangeAStoreThatIgnoresTheFilterIsRefused(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: 60, Orders: -1, Customers: -1})
	deaf := &deaf{server.Transport(), "modified_after"}
	engine := openStore(t, newAdapter(t, server, woocommerce.Config{Transport: deaf}), server)
	_, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 7, Sort: catalog.SortUpdated}}))
	if e := failure(t, err); e.Kind != catalog.ErrUnsupported || !strings.Contains(e.Hint, "5.8") {
		t.Errorf("%v", err)
	}
}
