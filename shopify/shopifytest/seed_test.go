package shopifytest

import (
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestTheSameConfigGivesTheSameShop(t *testing.T) {
	t.Parallel()
	clock := newClock()
	one, two := start(t, &Config{Clock: clock.Now}), start(t, &Config{Clock: clock.Now})
	other := start(t, &Config{Clock: clock.Now, Seed: 1})
	if !reflect.DeepEqual(one.Products(), two.Products()) || !reflect.DeepEqual(one.Orders(), two.Orders()) ||
		!reflect.DeepEqual(one.Customers(), two.Customers()) {
		t.Error("two shops of one config differ")
	}
	if reflect.DeepEqual(one.Products(), other.Products()) {
		t.Error("another seed gives the same products")
	}
	query := `{ products(first: 250) { nodes { id title variants(first: 5) { nodes { sku price } } } } }`
	if a, b := ask(t, one, query, nil), ask(t, two, query, nil); string(a.Data) != string(b.Data) {
		t.Error("answers differ")
	}
}

// TestOddShapes makes sure that the shop holds every oddity that it promises.
func TestOddShapes(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	have := map[string]bool{}
	note := func(name string, ok bool) { have[name] = have[name] || ok }
	skus, updated := map[string]int{}, map[time.Time]int{}
	for _, p := range s.Products() {
		updated[p.UpdatedAt]++
		note("id above 2^53", p.ID > 1<<53)
		note("300 variants", len(p.Variants) == 300)
		note("30 images", len(p.Media) == 30)
		note("260 images", len(p.Media) == 260)
		note("no image", len(p.Media) == 0)
		note("unlisted", p.Status == "UNLISTED")
		note("draft", p.Status == "DRAFT")
		note("archived", p.Status == "ARCHIVED")
		note("quotes", strings.Contains(p.Title, `"`))
		note("arabic", strings.Contains(p.Title, "قهوة"))
		note("gift card", p.GiftCard)
		for i := range p.Variants {
			v := &p.Variants[i]
			skus[v.SKU]++
			note("empty sku", v.SKU == "")
			note("no cost", v.Item.UnitCost == "")
			note("untracked", !v.Item.Tracked)
			note("zero price", v.Price == "0.00")
			note("not stocked somewhere", len(v.Item.Levels) == 2)
		}
	}
	note("duplicate sku", skus["DUP-001"] > 1)
	for _, n := range updated {
		note("equal updatedAt", n > 1)
	}
	var oldest time.Time
	for _, o := range s.Orders() {
		if oldest.IsZero() || o.CreatedAt.Before(oldest) {
			oldest = o.CreatedAt
		}
		note("order id above 2^53", o.ID > 1<<53)
		note("more than 250 lines", len(o.Lines) > 250)
		note("more than 50 lines", len(o.Lines) > 50 && len(o.Lines) <= 250)
		note("no payment status", o.FinancialStatus == "")
		note("no customer", o.CustomerID == 0)
		note("dirhams", o.PresentmentCurrency == "AED")
		note("three places", o.PresentmentCurrency == "KWD" && strings.Count(o.Total.Presentment, ".") == 1 && len(o.Total.Presentment)-strings.Index(o.Total.Presentment, ".") == 4)
		note("new status word", o.FulfillmentStatus == "FULFILLMENT_NOT_REQUIRED")
		note("cancelled", !o.CancelledAt.IsZero())
		note("note", o.Note != "")
		note("attributes", len(o.Attributes) > 0)
		note("discount", len(o.DiscountCodes) > 0)
		note("several parcels", len(o.Fulfillments) > 1)
		note("partly refunded", o.FinancialStatus == "PARTIALLY_REFUNDED")
		note("refunded", o.FinancialStatus == "REFUNDED")
		note("zero money", o.Total.Shop == "0.0")
		for i := range o.Fulfillments {
			note("several numbers", len(o.Fulfillments[i].Tracking) > 1)
		}
		for i := range o.Lines {
			note("line without product", o.Lines[i].ProductID == 0)
			note("gift card line", o.Lines[i].GiftCard)
			note("line properties", len(o.Lines[i].Attributes) > 0)
		}
	}
	note("90 days of orders", time.Since(oldest) > 89*day)
	for _, c := range s.Customers() {
		note("no e-mail", c.Email == "")
		note("no name", c.FirstName == "")
		note("addresses", len(c.Addresses) > 1)
	}
	for name, ok := range have {
		if !ok {
			t.Errorf("the shop has none: %s", name)
		}
	}
	if len(have) < 40 {
		t.Errorf("only %d shapes looked for", len(have))
	}
}

func TestOldVersionsDoNotKnowNewWords(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Unthrottled: true})
	query := `{"query":"{ orders(first: 250) { nodes { displayFulfillmentStatus } } }"}`
	for version, want := range map[string]bool{"2026-07": false, "2026-10": true} {
		a := post(t, s, "/admin/api/"+version+"/graphql.json", s.Token(), "application/json", query)
		if got := strings.Contains(string(a.Raw), "FULFILLMENT_NOT_REQUIRED"); got != want {
			t.Errorf("%s: %v", version, got)
		}
	}
}

func TestChangesShow(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{Clock: clock.Now, Unthrottled: true})
	clock.add(time.Hour)
	p := s.Products()[3]
	item := p.Variants[0].Item
	if !s.SetInventory(item.ID, item.Levels[0].LocationID, 777) {
		t.Fatal("no such item")
	}
	s.UpdateOrder(s.Orders()[2].ID, func(o *Order) { o.Note = "changed" })
	s.DeleteCustomer(s.Customers()[1].ID)
	stamp := clock.Now().Format(time.RFC3339)
	type seen struct {
		Products, Orders struct{ Nodes []struct{ ID string } }
		InventoryItem    struct {
			InventoryLevel struct {
				UpdatedAt  time.Time
				Quantities []struct {
					Name      string
					Quantity  int
					UpdatedAt *time.Time
				}
			}
		}
		Events struct {
			Nodes []struct{ SubjectID, SubjectType string }
		}
		CustomersCount struct{ Count int }
	}
	got := into[seen](t, ask(t, s, `query($q: String, $i: ID!, $l: ID!) {
		products(first: 5, query: $q) { nodes { id } } orders(first: 5, query: $q) { nodes { id } }
		inventoryItem(id: $i) { inventoryLevel(locationId: $l) { updatedAt quantities(names: ["available", "on_hand"]) { name quantity updatedAt } } }
		events(first: 5, query: "action:destroy", reverse: true) { nodes { ... on BasicEvent { subjectId subjectType } } }
		customersCount { count } }`,
		map[string]any{"q": "updated_at:>='" + stamp + "'", "i": apiID("InventoryItem", item.ID), "l": apiID("Location", item.Levels[0].LocationID)}))
	q := got.InventoryItem.InventoryLevel.Quantities
	if len(got.Products.Nodes) != 1 || got.Products.Nodes[0].ID != apiID("Product", p.ID) || len(got.Orders.Nodes) != 1 ||
		q[0].Quantity != 777 || q[1].UpdatedAt != nil || !got.InventoryItem.InventoryLevel.UpdatedAt.Equal(clock.Now()) ||
		len(got.Events.Nodes) != 1 || got.Events.Nodes[0].SubjectType != "CUSTOMER" || got.CustomersCount.Count != 99 {
		t.Errorf("%+v", got)
	}
	if p.Variants[0].Item.Levels[0].Available == 777 {
		t.Error("a record handed out before has changed")
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 100, Orders: 50, Unthrottled: true})
	products := s.Products()
	var wg sync.WaitGroup
	var bad atomic.Int32
	for g := range 16 {
		wg.Go(func() {
			for i := range 12 {
				p := products[(g*7+i)%len(products)]
				switch (g + i) % 4 {
				case 0:
					s.UpdateProduct(p.ID, func(p *Product) { p.Title += "." })
				case 1:
					s.SetInventory(p.Variants[0].Item.ID, locationBase, i)
				case 2:
					s.AddOrder(Order{Note: "x"})
				}
				a := ask(t, s, `{ products(first: 50, sortKey: TITLE) { nodes { id variants(first: 5) { nodes { sku } } } }
					productVariants(first: 5, query: "sku:SKU-1-1") { nodes { id } } orders(first: 5) { nodes { id lineItems(first: 5) { nodes { variant { id } product { title } } } } } }`, nil)
				if a.Status != 200 || len(a.Errors) > 0 {
					bad.Add(1)
				}
				s.Ledger()
				s.Calls()
			}
		})
	}
	wg.Wait()
	if l := s.Ledger(); bad.Load() != 0 || l.Answered != 16*12 || l.PointsCharged <= 0 {
		t.Errorf("%d bad answers, %+v", bad.Load(), l)
	}
}

func TestAHundredThousandProductsStartAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 100_000, Orders: -1, Customers: -1})
	got := into[productPage](t, ask(t, s, pageQuery, map[string]any{"first": 3, "sort": "UPDATED_AT", "rev": true}))
	if len(got.Products.Nodes) != 3 || !got.Products.PageInfo.HasNextPage {
		t.Errorf("%+v", got)
	}
	if s.store.products.ids[50_000].rec != nil {
		t.Error("records are made ahead of need")
	}
}
