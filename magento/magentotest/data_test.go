package magentotest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestSeedIsDeterministic(t *testing.T) {
	t.Parallel()
	c := newClock()
	a, b := start(t, &Config{Clock: c.now}), start(t, &Config{Clock: c.now})
	unexported := cmpopts.IgnoreUnexported(Product{}, Order{}, Customer{})
	if diff := cmp.Diff(a.Products(), b.Products(), unexported); diff != "" {
		t.Errorf("%.300s", diff)
	}
	if diff := cmp.Diff(a.Orders(), b.Orders(), unexported); diff != "" {
		t.Errorf("%.300s", diff)
	}
	if diff := cmp.Diff(a.Customers(), b.Customers(), unexported); diff != "" {
		t.Errorf("%.300s", diff)
	}
	other := start(t, &Config{Clock: c.now, Seed: 7})
	if cmp.Equal(a.Products(), other.Products(), unexported) {
		t.Error("the seed changes nothing")
	}
}

func TestSeededShopIsRich(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	types, states, most := map[string]int{}, map[string]int{}, 0
	for _, p := range s.Products() {
		types[p.Type]++
		most = max(most, len(p.Children))
	}
	for _, kind := range []string{TypeSimple, TypeVirtual, TypeConfigurable, TypeBundle, TypeGrouped, TypeDownloadable} {
		if types[kind] == 0 {
			t.Errorf("no %s product", kind)
		}
	}
	if most != bigCount {
		t.Errorf("the largest product has %d variants", most)
	}
	currencies, guests, gone, virtual, tracked, refunded := map[string]int{}, 0, 0, 0, 0, 0
	skus := map[string]bool{}
	for _, p := range s.Products() {
		if skus[skuKey(p.SKU)] {
			t.Errorf("SKU %q twice", p.SKU)
		}
		skus[skuKey(p.SKU)] = true
	}
	for _, o := range s.Orders() {
		states[o.State]++
		currencies[o.Currency]++
		if o.CustomerID == 0 {
			guests++
		}
		if o.Shipping == nil {
			virtual++
		}
		for _, it := range o.Items {
			if s.Product(it.ProductID) == nil {
				gone++
			}
		}
		for _, sh := range o.Shipments {
			tracked += len(sh.Tracks)
		}
		refunded += len(o.CreditMemos)
	}
	for _, state := range []string{StateNew, StatePendingPayment, StatePaymentReview, StateProcessing, StateComplete, StateClosed, StateCanceled, StateHolded} {
		if states[state] == 0 {
			t.Errorf("no order in state %s: %v", state, states)
		}
	}
	if len(currencies) != 2 || guests == 0 || gone == 0 || virtual == 0 || tracked == 0 || refunded == 0 {
		t.Errorf("%v guests %d gone %d virtual %d tracks %d refunds %d", currencies, guests, gone, virtual, tracked, refunded)
	}
}

func TestOrderSumsAddUp(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, o := range s.Orders() {
		for name, tt := range map[string]Totals{"order": o.Totals, "base": o.Base} {
			sum := toUnits(tt.Subtotal) + toUnits(tt.Shipping) + toUnits(tt.Tax) + toUnits(tt.Discount)
			if sum != toUnits(tt.Grand) {
				t.Errorf("order %d %s: %d != %s", o.ID, name, sum, tt.Grand)
			}
			if (o.State == StateComplete || o.State == StateClosed) && tt.Paid != tt.Grand {
				t.Errorf("order %d %s %s: paid %s of %s", o.ID, o.State, name, tt.Paid, tt.Grand)
			}
			if o.State == StateClosed && tt.Refunded != tt.Grand {
				t.Errorf("order %d %s: refunded %s of %s", o.ID, name, tt.Refunded, tt.Grand)
			}
		}
	}
}

func TestChildrenAreTheLinkedProducts(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	n := 0
	for _, p := range s.Products() {
		if p.Type != TypeConfigurable && n > 4 {
			continue
		}
		n++
		var got []int64
		for _, c := range decode[[]struct{ ID int64 }](t, get(t, s, "/V1/configurable-products/"+encode(p.SKU)+"/children")) {
			got = append(got, c.ID)
		}
		if !slices.Equal(got, p.Children) {
			t.Errorf("%s: %v, want %v", p.SKU, got, p.Children)
		}
	}
	failure(t, get(t, s, "/V1/configurable-products/AB%2F15/options/all"), 400)
}

func TestStock(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 60})
	items := decode[struct {
		Items []struct {
			SKU        string
			SourceCode string `json:"source_code"`
			Quantity   json.Number
			Status     int
		}
		TotalCount int `json:"total_count"`
	}](t, get(t, s, "/V1/inventory/source-items"+sc(1000, 1, "")))
	truth := s.SourceItems()
	if items.TotalCount != len(truth) || len(truth) < 60 {
		t.Fatalf("%d of %d", items.TotalCount, len(truth))
	}
	for i, it := range items.Items {
		if it.SKU != truth[i].SKU || it.Quantity.String() != truth[i].Quantity || it.Status != truth[i].Status {
			t.Errorf("%+v, want %+v", it, truth[i])
		}
	}
	sku := "24-MB00022"
	before := s.ProductBySKU(sku).UpdatedAt
	if r := do(t, s, "POST", "/V1/inventory/source-items", `{"sourceItems":[{"sku":"`+sku+`","source_code":"riyadh","quantity":7.5,"status":1},{"sku":"`+sku+`","source_code":"default","quantity":2,"status":1},{"sku":"`+sku+`","source_code":"jeddah","quantity":0,"status":0}]}`); r.status != 200 || r.body != "[]" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if !s.ProductBySKU(sku).UpdatedAt.Equal(before) {
		t.Error("stock changed the product's time")
	}
	if got := decode[float64](t, get(t, s, "/V1/inventory/get-product-salable-quantity/"+sku+"/2")); got != 9.5 {
		t.Errorf("salable %v", got)
	}
	s.Reserve(sku, "-3")
	if got := decode[float64](t, get(t, s, "/V1/inventory/get-product-salable-quantity/"+sku+"/2")); got != 6.5 {
		t.Errorf("salable %v after a reservation", got)
	}
	failure(t, get(t, s, "/V1/inventory/get-product-salable-quantity/24-MB00000/2"), 400)
	failure(t, do(t, s, "POST", "/V1/inventory/source-items", `{"sourceItems":[{"sku":"`+sku+`","source_code":"moon","quantity":7,"status":1}]}`), 400)
	if st := decode[struct {
		StockID int `json:"stock_id"`
	}](t, get(t, s, "/V1/inventory/stock-resolver/website/base")); st.StockID != 2 {
		t.Errorf("stock %d", st.StockID)
	}
	export := decode[struct {
		Items []struct {
			SKU string
			Qty json.Number
		}
		TotalCount int `json:"total_count"`
	}](t, get(t, s, "/V1/inventory/export-stock-salable-qty/website/base"+sc(30, 1, "entity_id ASC")))
	if export.TotalCount != len(export.Items) || export.TotalCount >= 30 || export.TotalCount == 0 {
		t.Errorf("export of %d, total_count %d", len(export.Items), export.TotalCount)
	}
	legacy := decode[struct {
		ItemID int64 `json:"item_id"`
		Qty    json.Number
	}](t, get(t, s, "/V1/stockItems/"+sku))
	if legacy.Qty != "2" {
		t.Errorf("legacy %s", legacy.Qty)
	}
	if r := do(t, s, "PUT", "/V1/products/"+sku+"/stockItems/"+itoa(legacy.ItemID), `{"stockItem":{"qty":11,"is_in_stock":true}}`); r.status != 200 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if got := decode[float64](t, get(t, s, "/V1/inventory/get-product-salable-quantity/"+sku+"/1")); got != 8 {
		t.Errorf("salable of the default stock %v", got)
	}
	none := start(t, &Config{TB: t, Products: 60, NoMSI: true})
	if e := failure(t, get(t, none, "/V1/inventory/sources"+sc(1, 1, "")), 404); e.Message != msgNoRoute {
		t.Error(e.Message)
	}
	if r := get(t, none, "/V1/modules"); strings.Contains(r.body, "InventoryApi") {
		t.Error(r.body)
	}
}
