package shopify_test

import (
	"bytes"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// The seeded store has products with 300 variants and 260 images, far beyond
// what a list's page holds of each.
func TestAllVariantsAndImages(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	engine := open(t, server)
	seen := map[string]bool{}
	for product, err := range engine.Products(t.Context(), catalog.ProductQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		id, err := strconv.ParseInt(product.ID, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		truth := server.Product(id)
		var want, got []string
		for _, v := range truth.Variants {
			want = append(want, gidOf(v.ID)+" "+v.SKU+" "+v.Price)
		}
		for _, v := range product.Variants {
			got = append(got, v.ID+" "+v.SKU+" "+v.Price.Amount())
			if v.Price.Currency() != "SAR" {
				t.Fatalf("variant %s is priced in %q", v.ID, v.Price.Currency())
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("variants of %s (-want +got):\n%s", product.ID, diff)
		}
		if len(product.Images) != len(truth.Media) {
			t.Errorf("product %s has %d images, want %d", product.ID, len(product.Images), len(truth.Media))
		}
		if product.Title != truth.Title || !product.UpdatedAt.Equal(truth.UpdatedAt.Truncate(1e9)) || !slices.Equal(product.Tags, truth.Tags) {
			t.Errorf("product %s: title %q, updated %v, tags %v", product.ID, product.Title, product.UpdatedAt, product.Tags)
		}
		if n := len(product.Variants) - 50; n > 0 && len(product.More) < n {
			t.Errorf("product %s keeps %d separate parts of its JSON, want at least %d", product.ID, len(product.More), n)
		}
		seen[product.ID] = true
	}
	if len(seen) != 500 {
		t.Errorf("%d different products, want 500", len(seen))
	}
}

// Orders have lines, shipped lines and refunded lines beyond a page too.
func TestAllLinesOfOrders(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	long := 0
	for order, err := range open(t, server).Orders(t.Context(), catalog.OrderQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		id, _ := strconv.ParseInt(order.ID, 10, 64)
		truth := server.Order(id)
		if len(order.LineItems) != len(truth.Lines) || len(order.Fulfillments) != len(truth.Fulfillments) || len(order.Refunds) != len(truth.Refunds) {
			t.Fatalf("order %s: %d lines, %d shipments, %d refunds; want %d, %d, %d", order.Number, len(order.LineItems), len(order.Fulfillments), len(order.Refunds),
				len(truth.Lines), len(truth.Fulfillments), len(truth.Refunds))
		}
		for i, f := range order.Fulfillments {
			if len(f.Lines) != len(truth.Fulfillments[i].Lines) || len(f.Tracking) != len(truth.Fulfillments[i].Tracking) {
				t.Errorf("shipment %s: %d lines, %d trackings; want %d, %d", f.Name, len(f.Lines), len(f.Tracking), len(truth.Fulfillments[i].Lines), len(truth.Fulfillments[i].Tracking))
			}
			if len(f.Lines) > 25 {
				long++
			}
		}
		for i, r := range order.Refunds {
			if len(r.Lines) != len(truth.Refunds[i].Lines) || r.Total.Store.Amount() != truth.Refunds[i].Total.Shop {
				t.Errorf("refund %s of %s: %d lines, %v", r.ID, order.Number, len(r.Lines), r.Total)
			}
		}
		if order.Total.Store.Amount() != truth.Total.Shop || order.Total.Shopper.Amount() != truth.Total.Presentment || order.Number != truth.Name {
			t.Errorf("order %s: total %v, want %v", order.Number, order.Total, truth.Total)
		}
		if len(order.Problems) != 0 {
			t.Errorf("order %s: %v", order.Number, order.Problems)
		}
		if len(order.LineItems) > 50 {
			long++
		}
	}
	if long < 2 {
		t.Error("no order was long enough to prove anything")
	}
}

func TestRawIsKeptUnchanged(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{Products: 600})
	var kept []catalog.Product
	var copies [][]byte
	for product, err := range open(t, server).Products(t.Context(), catalog.ProductQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, product)
		copies = append(copies, bytes.Clone(product.Raw))
	}
	for i, product := range kept {
		if !bytes.Equal(product.Raw, copies[i]) {
			t.Fatalf("Raw of product %s changed after it was read", product.ID)
		}
		node, err := catalog.DecodeRaw[struct{ ID, Title string }](product)
		if err != nil || node.ID != "gid://shopify/Product/"+product.ID || node.Title != product.Title {
			t.Fatalf("Raw of product %s is %+v, %v", product.ID, node, err)
		}
		if clone := product.Clone(); &clone.Raw[0] == &product.Raw[0] || !bytes.Equal(clone.Raw, product.Raw) {
			t.Fatalf("the clone of product %s shares its page, or lost its Raw", product.ID)
		}
	}
}

func TestProductsBySKU(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	finder, ok := catalog.As[catalog.ProductFinder](open(t, server))
	if !ok {
		t.Fatal("no ProductFinder")
	}
	bySKU := map[string][]string{} // products by SKU, as the store has them
	for _, p := range server.Products() {
		for _, v := range p.Variants {
			if id := gidOf(p.ID); v.SKU != "" && !slices.Contains(bySKU[v.SKU], id) {
				bySKU[v.SKU] = append(bySKU[v.SKU], id)
			}
		}
	}
	tried, shared := 0, 0
	for sku, want := range bySKU {
		if len(want) == 1 && tried > 20 {
			continue
		}
		found, err := catalog.Collect(finder.ProductsBySKU(t.Context(), sku))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range found {
			got = append(got, p.ID)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("SKU %q gives products %v, want %v", sku, got, want)
		}
		if tried++; len(want) > 1 {
			shared++
		}
	}
	if shared == 0 {
		t.Error("no SKU was shared by several products")
	}
	if found, err := catalog.Collect(finder.ProductsBySKU(t.Context(), "no such SKU")); err != nil || len(found) != 0 {
		t.Errorf("an unknown SKU gives %d products, %v", len(found), err)
	}
}

func TestInventoryEveryWay(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{Products: 120})
	reader, ok := catalog.As[catalog.InventoryReader](open(t, server))
	if !ok {
		t.Fatal("no InventoryReader")
	}
	truth := map[string]int64{}
	var item, location string
	for _, p := range server.Products() {
		for _, v := range p.Variants {
			for _, l := range v.Item.Levels {
				item, location = gidOf(v.Item.ID), gidOf(l.LocationID)
				truth[item+"@"+location] = int64(l.Available)
			}
		}
	}
	read := func(q catalog.InventoryQuery) map[string]int64 {
		t.Helper()
		got := map[string]int64{}
		for l, err := range reader.InventoryLevels(t.Context(), q) {
			if err != nil {
				t.Fatal(err)
			}
			if l.Available == nil || l.OnHand == nil || len(l.Raw) == 0 || l.Platform == "" || l.VariantID == "" || l.ProductID == "" {
				t.Fatalf("level %+v is not complete", l)
			}
			n, _ := l.Available.Int()
			if _, twice := got[l.ItemID+"@"+l.LocationID]; twice {
				t.Fatalf("item %s at %s came twice", l.ItemID, l.LocationID)
			}
			got[l.ItemID+"@"+l.LocationID] = n
		}
		return got
	}
	only := func(keep func(key string) bool) map[string]int64 {
		want := map[string]int64{}
		for key, n := range truth {
			if keep(key) {
				want[key] = n
			}
		}
		return want
	}
	check := func(name string, q catalog.InventoryQuery, want map[string]int64) {
		t.Helper()
		if diff := cmp.Diff(want, read(q)); diff != "" || len(want) == 0 {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	check("all", catalog.InventoryQuery{}, truth)
	check("one location", catalog.InventoryQuery{LocationID: location}, only(func(k string) bool { return k[len(k)-len(location):] == location }))
	check("named items", catalog.InventoryQuery{ItemIDs: []string{"gid://shopify/InventoryItem/" + item, "1"}}, only(func(k string) bool { return k[:len(item)+1] == item+"@" }))
	since := server.Products()[0].CreatedAt.AddDate(-10, 0, 0)
	check("by change, from long ago", catalog.InventoryQuery{UpdatedSince: since}, truth)

	// A list can be continued behind any level, even between two of one item.
	whole, err := catalog.Collect(reader.InventoryLevels(t.Context(), catalog.InventoryQuery{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{0, 1, 2, 3, 4, 5, 6, 100, len(whole) - 2, len(whole) - 1} {
		q := catalog.InventoryQuery{}
		q.After = whole[at].Cursor
		rest, err := catalog.Collect(reader.InventoryLevels(t.Context(), q))
		if err != nil || len(rest) != len(whole)-at-1 {
			t.Errorf("behind level %d there are %d more, %v; want %d", at, len(rest), err, len(whole)-at-1)
		}
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	counter, ok := catalog.As[catalog.Counter](open(t, server))
	if !ok {
		t.Fatal("no Counter")
	}
	variants := 0
	for _, p := range server.Products() {
		variants += len(p.Variants)
	}
	for resource, want := range map[catalog.Resource]int{catalog.Products: 500, catalog.Orders: 200, catalog.Customers: 100, catalog.Variants: variants} {
		got, err := counter.Count(t.Context(), resource)
		if err != nil || got.N != int64(want) || got.AtLeast {
			t.Errorf("count of %s is %+v, %v; want exactly %d", resource, got, err, want)
		}
	}
}
