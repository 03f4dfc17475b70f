package bigcommercetest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// time0 is a pause long enough to tell two changes apart.
const time0 = 90 * time.Second

func TestProductWrites(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now, Products: 10})
	c.add(time0)
	r := do(t, s, "POST", "/v3/catalog/products", `{"name":"قميص","type":"physical","weight":0.5,"price":19.90,"categories":[19],
		"inventory_tracking":"variant","variants":[{"sku":"Q-S","option_values":[{"option_display_name":"Size","label":"S"}]},
		{"sku":"Q-L","price":25,"option_values":[{"option_display_name":"Size","label":"L"}]}]}`)
	var made struct {
		Data struct {
			ID    int64
			Price json.Number
			Base  *int64 `json:"base_variant_id"`
		}
	}
	r.decode(t, &made)
	p := s.Product(made.Data.ID)
	if r.status != 200 || p == nil || made.Data.Price != "19.9" || made.Data.Base != nil || len(p.Variants) != 2 || p.Variants[1].Price != "25" ||
		len(p.Options) != 1 || len(p.Options[0].Values) != 2 || !p.ModifiedAt.Equal(c.now()) {
		t.Fatalf("%d %s\n%+v", r.status, r.body, p)
	}
	path := fmt.Sprintf("/v3/catalog/products/%d", p.ID)
	c.add(time0)
	if r := do(t, s, "PUT", path, `{"is_visible":false,"categories":[21]}`); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if p = s.Product(p.ID); p.Visible || p.Name != "قميص" || len(p.Categories) != 1 || !p.ModifiedAt.Equal(c.now()) {
		t.Errorf("a change is partial, an array replaces: %+v", p)
	}
	v := p.Variants[0]
	if r := do(t, s, "PUT", fmt.Sprintf("%s/variants/%d", path, v.ID), `{"price":12.5,"weight":null}`); r.status != 200 || !strings.Contains(r.body, `"weight":null`) {
		t.Errorf("variant: %d %s", r.status, r.body)
	}
	if r := do(t, s, "PUT", "/v3/catalog/variants", fmt.Sprintf(`[{"id":%d,"inventory_level":7},{"id":%d,"upc":"1"}]`, v.ID, p.Variants[1].ID)); r.status != 200 {
		t.Errorf("variants: %d %s", r.status, r.body)
	}
	if got := s.Product(p.ID); onHand(got.Variants[0].Levels) != 7 || got.Variants[0].Price != "12.5" || got.Variants[1].UPC != "1" {
		t.Errorf("%+v", got.Variants)
	}
	if got := v3[idOnly](t, s, "/v3/catalog/variants?sku=q-l"); len(got.Data) != 1 {
		t.Errorf("%d variants by a new SKU", len(got.Data))
	}
	if r := do(t, s, "PUT", "/v3/catalog/products", `[{"id":101,"price":1.25},{"id":102,"name":"two"}]`); r.status != 200 || s.Product(101).Price != "1.25" {
		t.Errorf("batch: %d %s", r.status, r.body)
	}
	if r := do(t, s, "DELETE", path, ""); r.status != 204 || s.Product(p.ID) != nil {
		t.Errorf("delete: %d", r.status)
	}
	if r := do(t, s, "DELETE", "/v3/catalog/products?id:in=101,102,9", ""); r.status != 204 || len(s.Products()) != 8 {
		t.Errorf("bulk delete: %d, %d left", r.status, len(s.Products()))
	}
}

func TestStockWrites(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now, Products: 10, InventoryDelay: 2 * time.Second})
	level := func(path string, location int64) int {
		p := v3[struct {
			Locations []struct {
				ID     int64 `json:"location_id"`
				OnHand int   `json:"total_inventory_onhand"`
			}
		}](t, s, path)
		for _, l := range p.Data[0].Locations {
			if l.ID == location {
				return l.OnHand
			}
		}
		return -1
	}
	const path = "/v3/inventory/items?product_id:in=101"
	before := level(path, 1)
	r := do(t, s, "PUT", "/v3/inventory/adjustments/absolute", `{"reason":"count","items":[{"location_id":1,"product_id":101,"quantity":77}]}`)
	if r.status != 200 || !strings.Contains(r.body, "transaction_id") {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if got := level(path, 1); got != before {
		t.Errorf("%d at once, the change takes two seconds", got)
	}
	c.add(2 * time.Second)
	if got := level(path, 1); got != 77 {
		t.Errorf("%d after two seconds", got)
	}
	do(t, s, "POST", "/v3/inventory/adjustments/relative", `{"reason":"sold","items":[{"location_id":1,"sku":"sku-1","quantity":-7}]}`)
	c.add(2 * time.Second)
	if got := level(path, 1); got != 70 {
		t.Errorf("%d after a relative change", got)
	}
	if p := s.Product(101); !p.ModifiedAt.Equal(c.now()) || p.Levels[0].OnHand != 70 {
		t.Errorf("%+v at %v", p.Levels, p.ModifiedAt)
	}
	if r := do(t, s, "POST", "/v3/inventory/adjustments/relative", `{"reason":"sold","items":[{"location_id":1,"product_id":101,"quantity":-71}]}`); r.status != 422 {
		t.Errorf("below zero: %d", r.status)
	}
	if err := s.SetStock(101, 0, 2, 5); err != nil || level(path, 2) != 5 {
		t.Errorf("SetStock: %v", err)
	}
	if err := s.SetStock(101, s.Product(101).Variants[0].ID, 2, 5); err == nil {
		t.Error("a variant of a product that is tracked as one was set")
	}
	scopes := map[string]int{}
	for _, e := range s.Events() {
		scopes[e.Scope]++
	}
	if scopes["store/product/inventory/updated"] != 3 || scopes["store/channel/*/inventory/product/stock_changed"] != 3 {
		t.Errorf("events %v", scopes)
	}
}

func TestCustomerWrites(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now, Customers: 3})
	c.add(time0)
	r := do(t, s, "POST", "/v3/customers", `[{"email":"new@example.com","first_name":"نورة","last_name":"X","addresses":[{"first_name":"a","address1":"s","city":"c","country_code":"SA"}]}]`)
	var list struct {
		Data []struct {
			ID        int64
			Addresses []idOnly
		}
	}
	r.decode(t, &list)
	if r.status != 200 || len(list.Data) != 1 || len(list.Data[0].Addresses) != 1 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	id := list.Data[0].ID
	address := fmt.Sprintf(`[{"customer_id":%d,"first_name":"b","address1":"s","city":"c","country_code":"SA"}]`, id)
	for _, want := range []int{1, 0} { // the second time it is there already
		do(t, s, "POST", "/v3/customers/addresses", address).decode(t, &list)
		if len(list.Data) != want {
			t.Errorf("%d addresses in the answer, want %d", len(list.Data), want)
		}
	}
	if r := do(t, s, "PUT", "/v3/customers", fmt.Sprintf(`[{"id":%d,"company":"Acme"}]`, id)); r.status != 200 || s.Customer(id).Company != "Acme" {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := do(t, s, "PUT", "/v3/customers/addresses", fmt.Sprintf(`[{"id":%d,"city":"d"}]`, s.Customer(id).Addresses[1].ID)); r.status != 200 || s.Customer(id).Addresses[1].City != "d" {
		t.Errorf("%d %s", r.status, r.body)
	}
	since := url.QueryEscape(c.now().Format(time.RFC3339))
	if got := v3[idOnly](t, s, "/v3/customers?date_modified:min="+since); len(got.Data) != 1 || got.Data[0].ID != id {
		t.Errorf("changed since: %v", got.Data)
	}
	if r := do(t, s, "DELETE", fmt.Sprintf("/v3/customers/addresses?id:in=%d", s.Customer(id).Addresses[0].ID), ""); r.status != 204 || len(s.Customer(id).Addresses) != 1 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := do(t, s, "DELETE", "/v3/customers?id:in=1,"+itoa(id), ""); r.status != 204 || len(s.Customers()) != 2 {
		t.Errorf("%d, %d left", r.status, len(s.Customers()))
	}
}

func TestRecordsAreCopies(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 3, Orders: 3, Customers: 3})
	p := s.Products()[2]
	p.Variants[0].SKU = "spoilt"
	given := Product{Name: "mine", Categories: []int64{19}}
	added := s.AddProduct(given)
	given.Categories[0], added.Categories[0] = 0, 0
	if s.Products()[2].Variants[0].SKU == "spoilt" || s.Product(added.ID).Categories[0] != 19 {
		t.Error("a snapshot leads into the store")
	}
	for _, err := range []error{s.UpdateProduct(9, func(*Product) {}), s.DeleteOrder(9), s.UpdateCustomer(99, func(*Customer) {}), s.SetStock(9, 0, 1, 1)} {
		if err == nil {
			t.Error("an unknown record was changed")
		}
	}
}
