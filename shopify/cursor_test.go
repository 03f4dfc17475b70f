package shopify_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// A host that pages by cursor gets on whatever the page, also where many
// records changed in the same second.
func TestPagingByChangeThroughEqualTimes(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{Products: 40})
	at := time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)
	for i, p := range server.Products() {
		server.UpdateProduct(p.ID, func(p *shopifytest.Product) { p.UpdatedAt = at.Add(time.Duration(i/15) * time.Second) })
	}
	engine := open(t, server)
	for _, limit := range []int{1, 4, 15, 16, 100} {
		var got []string
		query := catalog.ProductQuery{ListOptions: catalog.ListOptions{Sort: catalog.SortUpdated, Limit: limit, PageSize: limit%7 + 1}}
		for range 100 {
			page, err := catalog.Collect(engine.Products(t.Context(), query))
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, p := range page {
				got = append(got, p.ID)
			}
			query.After, query.OmitRaw = page[len(page)-1].Cursor, !query.OmitRaw
		}
		unique := slices.Compact(slices.Sorted(slices.Values(got)))
		if len(got) != 40 || len(unique) != 40 {
			t.Errorf("limit %d: %d products, %d different, want 40", limit, len(got), len(unique))
		}
	}
}

// Cursors come from outside in many hosts.
func TestDamagedCursors(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{Products: 3})
	engine := open(t, server)
	for _, position := range []string{"-5", "+5", "5 OR status:draft", "x", "٣"} {
		query := catalog.ProductQuery{}
		query.After = catalog.NewCursor("shopify", catalog.Products, "|", position)
		if _, err := catalog.Collect(engine.Products(t.Context(), query)); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("stable, %q: %v", position, err)
		}
		query.Sort = catalog.SortUpdated
		query.After = catalog.NewCursor("shopify", catalog.Products, "updated|", position)
		if _, err := catalog.Collect(engine.Products(t.Context(), query)); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("by change, %q: %v", position, err)
		}
		stock := catalog.InventoryQuery{}
		stock.After = catalog.NewCursor("shopify", catalog.Inventory, "item::", position)
		reader, _ := catalog.As[catalog.InventoryReader](engine)
		if _, err := catalog.Collect(reader.InventoryLevels(t.Context(), stock)); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("stock, %q: %v", position, err)
		}
	}
}

// The query part of a GID is no id.
func TestGIDWithAQuery(t *testing.T) {
	t.Parallel()
	body := fmt.Sprintf(`{"data":{"customer":{"id":%q}}}`, "gid://shopify/Customer/18446744073709551615?from=a/b")
	c, err := scriptedEngine(t, always(body)).Customer(t.Context(), "18446744073709551615")
	if err != nil || c.ID != "18446744073709551615" {
		t.Errorf("id %q, %v", c.ID, err)
	}
}
