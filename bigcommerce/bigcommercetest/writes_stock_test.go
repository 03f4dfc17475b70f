package bigcommercetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	absolutePath = "/v3/inventory/adjustments/absolute"
	relativePath = "/v3/inventory/adjustments/relative"
)

func stockBody(items ...string) string {
	return `{"reason":"r","items":[` + strings.Join(items, ",") + `]}`
}

func stockItem(identity string, location int64, n int) string {
	return fmt.Sprintf(`{"location_id":%d,%s,"quantity":%d}`, location, identity, n)
}

func TestStockRefusals(t *testing.T) {
	t.Parallel()
	good := stockItem(`"product_id":101`, 1, 1)
	for name, test := range map[string]struct {
		method, path, body, says string
	}{
		"a variant of a product tracked as one": {"PUT", absolutePath, stockBody(good, stockItem(`"variant_id":10008000`, 1, 1)),
			"[Item with variant_id 10008000 is tracked by product, please update stock by product id]"},
		"a product tracked by variant": {"PUT", absolutePath, stockBody(good, stockItem(`"product_id":106`, 1, 1)),
			"[Item with product_id 106 is tracked by variant, please update stock by variant id]"},
		"no tracking":         {"PUT", absolutePath, stockBody(good, stockItem(`"product_id":103`, 1, 1)), "not tracked"},
		"an unknown SKU":      {"PUT", absolutePath, stockBody(good, stockItem(`"sku":"nobody"`, 1, 1)), "Items were not found"},
		"no identity":         {"PUT", absolutePath, stockBody(good, `{"location_id":1,"quantity":1}`), "Items were not found"},
		"no location":         {"PUT", absolutePath, stockBody(good, `{"product_id":101,"quantity":1}`), "Location with id"},
		"less than nothing":   {"PUT", absolutePath, stockBody(good, stockItem(`"product_id":101`, 1, -1)), "is invalid"},
		"more than there is":  {"PUT", absolutePath, stockBody(good, stockItem(`"product_id":101`, 1, 1<<31)), "is invalid"},
		"a quantity in text":  {"PUT", absolutePath, stockBody(good, `{"location_id":1,"product_id":101,"quantity":"1"}`), "is invalid"},
		"relative below zero": {"POST", relativePath, stockBody(good, stockItem(`"product_id":101`, 1, -1_000_000)), "not enough stock"},
		"below zero in two":   {"POST", relativePath, stockBody(stockItem(`"product_id":110`, 1, -30), stockItem(`"product_id":110`, 1, -30)), "not enough stock"},
		"relative before absolute": {"POST", relativePath, stockBody(good, stockItem(`"product_id":110`, 3, 1)),
			"Items with identity: [product_id 110] requires absolute adjustment before relative"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{Products: 12})
			if err := s.UpdateProduct(109, func(p *Product) { p.Tracking = "product" }); err != nil {
				t.Fatal(err)
			}
			if err := s.UpdateProduct(110, func(p *Product) { p.Tracking, p.Levels = "product", []Level{{LocationID: 1, OnHand: 40}} }); err != nil {
				t.Fatal(err)
			}
			before := s.Products()
			r := do(t, s, test.method, test.path, test.body)
			if r.status != 422 || !strings.Contains(r.body, test.says) || !strings.Contains(r.body, `"errors":{}`) ||
				r.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%d %s", r.status, r.body)
			}
			if diff := cmp.Diff(before, s.Products()); diff != "" || len(s.Effects()) > 0 {
				t.Errorf("some of it was applied\n%s", diff)
			}
		})
	}
}

func TestTwoThousandItems(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 1})
	items := make([]string, 2001)
	for i := range items {
		items[i] = stockItem(`"product_id":101`, 1, i)
	}
	if r := do(t, s, "PUT", absolutePath, stockBody(items[:2000]...)); r.status != 200 || s.Product(101).Levels[0].OnHand != 1999 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := do(t, s, "PUT", absolutePath, stockBody(items...)); r.status != 422 || s.Product(101).Levels[0].OnHand != 1999 {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// TestAdjustmentsShowLater: an answer of 200 does not mean that the stock has
// changed, and what waits counts when the next one is checked.
func TestAdjustmentsShowLater(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 3, InventoryRequests: 2})
	if err := s.SetStock(101, 0, 1, 5); err != nil {
		t.Fatal(err)
	}
	do(t, s, "POST", relativePath, stockBody(stockItem(`"product_id":101`, 1, -4)))
	if n := s.Product(101).Levels[0].OnHand; n != 5 || len(s.Effects()) != 0 {
		t.Errorf("%d pieces, %d effects at once", n, len(s.Effects()))
	}
	if r := do(t, s, "POST", relativePath, stockBody(stockItem(`"product_id":101`, 1, -4))); r.status != 422 {
		t.Errorf("four more of one: %d", r.status)
	}
	fetch(t, s, "/v2/time")
	if n := s.Product(101).Levels[0].OnHand; n != 1 || len(s.Effects()) != 1 {
		t.Errorf("%d pieces, %d effects after two requests", n, len(s.Effects()))
	}
}

func TestAdjustmentsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now, Products: 3, InventoryDelay: time.Second})
	do(t, s, "PUT", absolutePath, stockBody(stockItem(`"product_id":101`, 1, 500)))
	do(t, s, "POST", relativePath, stockBody(stockItem(`"sku":"SKU-1"`, 1, 7)))
	c.add(time.Second)
	if n := s.Product(101).Levels[0].OnHand; n != 507 || len(s.Effects()) != 2 {
		t.Errorf("%d pieces, %d effects", n, len(s.Effects()))
	}
}

// TestCatalogStock: the catalog sends the sum of all locations but sets the
// default one, and nothing where the product is tracked another way.
func TestCatalogStock(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 10})
	if err := s.UpdateProduct(101, func(p *Product) { p.Levels = []Level{{LocationID: 1, OnHand: 5}, {LocationID: 2, OnHand: 7}} }); err != nil {
		t.Fatal(err)
	}
	if r := do(t, s, "PUT", "/v3/catalog/products/101", `{"inventory_level":9}`); !strings.Contains(r.body, `"inventory_level":16,`) {
		t.Errorf("%s", r.body)
	}
	before := s.Product(103)
	do(t, s, "PUT", "/v3/catalog/products/103", `{"inventory_level":9}`)
	if diff := cmp.Diff(before, s.Product(103)); diff != "" {
		t.Error(diff)
	}
	do(t, s, "PUT", "/v3/catalog/products/101", `{"inventory_level":99999999999}`)
	if n := s.Product(101).Levels[0].OnHand; n != maxOnHand {
		t.Errorf("%d pieces", n)
	}
}

func TestStockSettings(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 3})
	path := "/v3/inventory/locations/1/items"
	before := s.Product(101).Levels[0].OnHand
	if r := do(t, s, "PUT", path, `{"settings":[{"identity":{"product_id":101},"safety_stock":4,"warning_level":9}]}`); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if l := s.Product(101).Levels[0]; l != (Level{1, before, 4, 9}) || len(s.Effects()) != 1 {
		t.Errorf("%+v", l)
	}
	if r := do(t, s, "PUT", path, `{"settings":[{"identity":{"product_id":101}}]}`); r.status != 422 || !strings.Contains(r.body, "At least one setting") {
		t.Errorf("%d %s", r.status, r.body)
	}
}
