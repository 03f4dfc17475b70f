package bigcommerce_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// exactlyOnce holds that got has every record that was there throughout once,
// and none twice.
func exactlyOnce(t *testing.T, what string, got []string, throughout map[string]bool) {
	t.Helper()
	seen := map[string]int{}
	for _, id := range got {
		if seen[id]++; seen[id] == 2 {
			t.Errorf("%s: %s comes twice", what, id)
		}
	}
	for id, was := range throughout {
		if was && seen[id] == 0 {
			t.Errorf("%s: %s, which was there throughout, is missing", what, id)
		}
	}
}

// set is the records there are at first.
func set(ids []string) map[string]bool {
	all := map[string]bool{}
	for _, id := range ids {
		all[id] = true
	}
	return all
}

// The stock of a store whose products come and go and whose stock is counted
// otherwise meanwhile: what is there throughout comes once, also in a run that
// is killed again and again.
func TestStockComesOnceWhileTheStoreChanges(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 11))
			server, engine := quick(t, bigcommercetest.Config{Products: 60, Orders: -1, Customers: -1})
			stock := capability[catalog.InventoryReader](t, engine)
			throughout := set(levelsOf(server.Products()))
			var got []string
			options := catalog.ListOptions{PageSize: 1 + random.IntN(9)}
			for done := false; !done; {
				done = true
				for l, err := range stock.InventoryLevels(t.Context(), catalog.InventoryQuery{ListOptions: options}) {
					if err != nil {
						t.Fatal(err)
					}
					got, options.After = append(got, l.ItemID+"@"+l.LocationID), l.Cursor
					if random.IntN(4) == 0 {
						disturb(t, server, random)
					}
					if seed%2 == 1 && random.IntN(25) == 0 { // killed
						done = false
						break
					}
				}
				present := set(levelsOf(server.Products()))
				for level := range throughout {
					throughout[level] = throughout[level] && present[level]
				}
			}
			exactlyOnce(t, "stock", got, throughout)
		})
	}
}

// disturb adds, changes or deletes a product.
func disturb(t *testing.T, server *bigcommercetest.Server, random *rand.Rand) {
	t.Helper()
	all := server.Products()
	p := all[random.IntN(len(all))]
	switch random.IntN(4) {
	case 0:
		server.AddProduct(bigcommercetest.Product{Tracking: "product", Levels: []bigcommercetest.Level{{LocationID: 1, OnHand: 3}}})
	case 1:
		if len(all) > 20 {
			update(t, server.DeleteProduct(p.ID))
		}
	case 2:
		update(t, server.UpdateProduct(p.ID, func(p *bigcommercetest.Product) { p.Name += "!" }))
	default:
		if p.Tracking == "product" {
			update(t, server.SetStock(p.ID, 0, 1, random.IntN(50)))
		}
	}
}

// Orders that leave the list by their state while it is read push none of the
// others over the edge of a page.
func TestOrdersByStatusWhileTheyChange(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 5))
			server, engine := quick(t, bigcommercetest.Config{Products: 5, Orders: 400, Customers: 10})
			throughout := map[string]bool{}
			for _, o := range server.Orders() {
				if o.StatusID == 5 && !o.Deleted {
					throughout[id(o.ID)] = true
				}
			}
			var got []string
			q := catalog.OrderQuery{Status: []catalog.OrderStatus{catalog.OrderCancelled}, ListOptions: catalog.ListOptions{PageSize: 4}}
			for o, err := range engine.Orders(t.Context(), q) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, o.ID)
				all := server.Orders()
				other := all[random.IntN(len(all))]
				if throughout[id(other.ID)] {
					delete(throughout, id(other.ID))
				}
				update(t, server.UpdateOrder(other.ID, func(o *bigcommercetest.Order) { o.StatusID = []int{5, 11, 0}[random.IntN(3)] }))
			}
			exactlyOnce(t, "cancelled orders", got, throughout)
		})
	}
}

// Options and modifiers would cut a page to ten products without a word, so
// they are never asked for; the options are there all the same.
func TestOptionsDoNotCutThePage(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 250, Orders: -1, Customers: -1})
	withOptions := 0
	for _, p := range collect(t, engine.Products(t.Context(), catalog.ProductQuery{})) {
		of := server.Product(mustInt(t, p.ID))
		withOptions += min(1, len(p.Options))
		names := mapped(of.Options, func(o bigcommercetest.Option) string { return o.Name })
		if got := mapped(p.Options, func(o catalog.Option) string { return o.Name }); !slices.Equal(got, names) {
			t.Errorf("product %s has the options %v, want %v", p.ID, got, names)
		}
		if len(p.Variants) != len(of.Variants) {
			t.Errorf("product %s has %d variants, want %d", p.ID, len(p.Variants), len(of.Variants))
		}
	}
	pages := 0
	for _, c := range server.Calls() {
		if strings.HasSuffix(c.Path, "/v3/catalog/products") {
			if pages++; strings.Contains(c.Query, "options") || strings.Contains(c.Query, "modifiers") {
				t.Errorf("asked for %s", c.Query)
			}
		}
	}
	if pages != 1 || withOptions < 50 {
		t.Errorf("%d pages of %d products with options", pages, withOptions)
	}
}

// A whole catalogue costs its pages, the store's information, and the names of
// its brands and categories once.
func TestCallsOfAScan(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 1000, Orders: -1, Customers: 700})
	collect(t, engine.Products(t.Context(), catalog.ProductQuery{}))
	if n := len(server.Calls()); n != 4+3 {
		t.Errorf("%d calls for four pages of products", n)
	}
	product := id(server.Products()[0].ID)
	for range 3 { // further engines of the store know what the first one learnt
		if _, err := engine.Product(t.Context(), product); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(server.Calls()); n != 7+3 {
		t.Errorf("%d calls after three single reads", n)
	}
	before := len(server.Calls())
	collect(t, engine.Customers(t.Context(), catalog.CustomerQuery{}))
	if n := len(server.Calls()) - before; n != 3*2 { // customers with more than ten addresses are on each page
		t.Errorf("%d calls for three pages of customers", n)
	}
}

// Ten addresses come inside a customer; the others are asked for.
func TestCustomersWithManyAddresses(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: 60})
	many := 0
	for _, c := range collect(t, engine.Customers(t.Context(), catalog.CustomerQuery{})) {
		want := server.Customer(mustInt(t, c.ID)).Addresses
		if len(c.Addresses) != len(want) || c.DefaultAddress != nil {
			t.Errorf("customer %s has %d addresses, want %d", c.ID, len(c.Addresses), len(want))
		}
		if len(want) > 10 {
			many++
			alone, err := engine.Customer(t.Context(), c.ID)
			if err != nil || len(alone.Addresses) != len(want) || len(alone.More) != len(want) {
				t.Errorf("customer %s alone: %d addresses, %v", c.ID, len(alone.Addresses), err)
			}
		}
	}
	if many == 0 {
		t.Error("no customer has more than ten addresses")
	}
}

// A customer list without a cursor cannot be gone on with; it must not look
// like its end.
func TestCustomersWithoutACursor(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: 10})
	for _, odd := range []string{`null`, `{"links":{"next":"?x"}}`, `{"end_cursor":"a b&c=d","links":{"next":"?x"}}`, `{"end_cursor":7,"links":[]}`} {
		server.Inject(bigcommercetest.Replaced("meta.cursor_pagination", odd).On("GET", "/v3/customers"))
		got, err := catalog.Collect(engine.Customers(t.Context(), catalog.CustomerQuery{ListOptions: catalog.ListOptions{PageSize: 4}}))
		if catalog.KindOf(err) != catalog.ErrBadAnswer || len(got) > 4 {
			t.Errorf("%s: %d customers, %v", odd, len(got), err)
		}
	}
}

// An account's channel narrows products and orders; the rest is the store's.
func TestChannel(t *testing.T) {
	t.Parallel()
	server := newServer(t, bigcommercetest.Config{Products: 40, Orders: 60, Customers: 10, Unthrottled: true, Quota: 1_000_000})
	adapter := newAdapter(t, server, bigcommerce.Config{})
	account := catalog.Account{Store: server.StoreHash(), Settings: map[string]string{"channel_id": "2"}}
	engine, err := adapter.Open(account, catalog.StaticToken(server.Token()))
	if err != nil {
		t.Fatal(err)
	}
	products := collect(t, engine.Products(t.Context(), catalog.ProductQuery{}))
	for _, p := range products {
		if !slices.Contains(server.Product(mustInt(t, p.ID)).Channels, 2) {
			t.Errorf("product %s is not of the channel", p.ID)
		}
	}
	orders := collect(t, engine.Orders(t.Context(), catalog.OrderQuery{}))
	for _, o := range orders {
		if server.Order(mustInt(t, o.ID)).ChannelID != 2 {
			t.Errorf("order %s is not of the channel", o.ID)
		}
	}
	if len(products) != 20 || len(orders) < 20 || len(orders) > 30 {
		t.Errorf("%d products and %d orders", len(products), len(orders))
	}
	counter := capability[catalog.Counter](t, engine)
	if n, err := counter.Count(t.Context(), catalog.Products); err != nil || n.N != 20 {
		t.Errorf("%+v, %v", n, err)
	}
	calls := server.Calls()
	if q := calls[len(calls)-1].Query; !strings.Contains(q, "include_fields=sku&") {
		t.Errorf("the count asks for %s, of which the documents' list of fields must have the field", q)
	}
	if _, err := counter.Count(t.Context(), catalog.Variants); catalog.KindOf(err) != catalog.ErrUnsupported {
		t.Errorf("variants of a channel: %v", err)
	}
	// A cursor of the channel's list is none of the store's.
	all := openStore(t, adapter, server.Store)
	q := catalog.ProductQuery{ListOptions: catalog.ListOptions{After: products[3].Cursor}}
	if _, err := catalog.Collect(all.Products(t.Context(), q)); catalog.KindOf(err) != catalog.ErrInvalid {
		t.Errorf("the cursor of another channel: %v", err)
	}
	account.Settings["channel_id"] = "2,3"
	if _, err := adapter.Open(account, catalog.StaticToken("t")); catalog.KindOf(err) != catalog.ErrInvalid {
		t.Errorf("two channels: %v", err)
	}
}

// A list that answers one page for ever is an error, not an endless read.
func TestPagesThatRepeat(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 2, Orders: -1, Customers: 30})
	order := server.AddOrder(manyLines(60))
	row := func(text string) string { return "[" + strings.Repeat(text+",", 59) + text + "]" }
	server.Inject(answered(200, row(`{"id":1,"order_id":2}`)).On("GET", "/v2/orders/*/products").Repeat(-1))
	if _, err := engine.Order(t.Context(), id(order.ID)); catalog.KindOf(err) != catalog.ErrBadAnswer {
		t.Errorf("V2: %v", err)
	}
	server.Inject(answered(200, `{"data":[{"id":36,"name":"Acme"}],"meta":{"pagination":{"current_page":1,"total_pages":9}}}`).On("GET", "/v3/catalog/brands").Repeat(-1))
	if _, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{})); catalog.KindOf(err) != catalog.ErrBadAnswer {
		t.Errorf("V3: %v", err)
	}
	if n := len(server.Calls()); n > 12 {
		t.Errorf("%d calls", n)
	}
}
