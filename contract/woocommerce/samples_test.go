package woocommerce_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"html"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
)

// decoders read each sample through the adapter.
var decoders = map[string]func(*testing.T){
	"product_simple":                  productSimple,
	"products_variable_page":          productsVariable,
	"variations_page":                 productsVariable,
	"variations_global":               variationsGlobal,
	"variation_via_products_endpoint": variationAlone,
	"orders_page":                     func(t *testing.T) { orders(t, "orders_page") },
	"order_with_coupon":               func(t *testing.T) { orders(t, "order_with_coupon") },
	"order_refunds":                   noRefunds,
	"order_notes":                     notes,
	"customer":                        customers,
	"settings_general_currency":       shop,
	"index_v3":                        routes,
	"errors":                          everyError,
	// Which the adapter does not ask for: a host's own call hands them through.
	"currency_current": func(t *testing.T) { handedThrough(t, "currency_current") },
	"system_status":    func(t *testing.T) { handedThrough(t, "system_status") },
	"settings_groups":  func(t *testing.T) { handedThrough(t, "settings_groups") },
}

func TestSamples(t *testing.T) {
	t.Parallel()
	good, names := 0, files(t, "samples")
	for _, name := range names {
		if t.Run(name, func(t *testing.T) {
			decode, known := decoders[name]
			if !known {
				t.Fatal("no test decodes this sample")
			}
			decode(t)
		}) {
			good++
		}
	}
	if len(names) != len(decoders) {
		t.Errorf("%d samples are expected and %d are there", len(decoders), len(names))
	}
	specs.Report(t, "woocommerce samples decoded %d/%d", good, len(names))
}

// settings are what products ask for beside themselves.
func settings(t *testing.T) script {
	return script{
		"": sample(t, "index_v3").Body, "/settings/general/woocommerce_currency": sample(t, "settings_general_currency").Body,
		"/settings/products/woocommerce_weight_unit":   json.RawMessage(`{"id":"woocommerce_weight_unit","value":"lbs"}`),
		"/settings/tax/woocommerce_prices_include_tax": json.RawMessage(`{"id":"woocommerce_prices_include_tax","value":"yes"}`),
	}
}

// rows are the records of a page, in the order of ids, with their own bytes.
func rows(t *testing.T, bodies ...json.RawMessage) (page json.RawMessage, all []json.RawMessage) {
	t.Helper()
	for _, body := range bodies {
		var some []json.RawMessage
		if err := json.Unmarshal(body, &some); err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
	}
	id := func(raw json.RawMessage) int64 { return number(t, raw, "id") }
	slices.SortFunc(all, func(a, b json.RawMessage) int { return cmp.Compare(id(a), id(b)) })
	return slices.Concat([]byte("["), bytes.Join(raws(all), []byte(",")), []byte("]")), all
}

func raws(all []json.RawMessage) (out [][]byte) {
	for _, raw := range all {
		out = append(out, raw)
	}
	return out
}

// member reads a member of a record, by a path with points; "" when absent.
func member(t *testing.T, raw json.RawMessage, path string) json.RawMessage {
	t.Helper()
	for step := range strings.SplitSeq(path, ".") {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(raw, &object); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		raw = object[step]
	}
	return raw
}

func text(t *testing.T, raw json.RawMessage, path string) string {
	t.Helper()
	found := member(t, raw, path)
	if len(found) == 0 || string(found) == "null" {
		return ""
	}
	var s string
	if json.Unmarshal(found, &s) == nil {
		return s
	}
	return string(found)
}

func number(t *testing.T, raw json.RawMessage, path string) (n int64) {
	t.Helper()
	if err := json.Unmarshal(member(t, raw, path), &n); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return n
}

// moment is a time as the *_gmt fields tell it.
func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format("2006-01-02T15:04:05")
}

// holds compares what the adapter says with what the sample does.
func holds(t *testing.T, raw json.RawMessage, record catalog.Record, said map[string]string) {
	t.Helper()
	if !bytes.Equal(record.Raw, raw) || len(record.Problems) > 0 {
		t.Errorf("the record's own JSON is another, or has problems: %v", record.Problems)
	}
	for path, got := range said {
		if want := text(t, raw, path); got != want && got != html.UnescapeString(want) {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

func holdsProduct(t *testing.T, raw json.RawMessage, p catalog.Product) {
	t.Helper()
	holds(t, raw, p.Record, map[string]string{"id": p.ID, "name": p.Title, "slug": p.Handle, "type": p.Type, "status": p.NativeStatus, "description": p.Description,
		"date_created_gmt": moment(p.CreatedAt), "date_modified_gmt": moment(p.UpdatedAt), "permalink": p.URL})
	var categories, options []struct {
		Name      string
		Variation bool
	}
	if err := json.Unmarshal(member(t, raw, "categories"), &categories); err != nil || len(categories) != len(p.Categories) {
		t.Errorf("%d categories, %v", len(p.Categories), err)
	}
	if err := json.Unmarshal(member(t, raw, "attributes"), &options); err != nil || len(slices.DeleteFunc(options, func(o struct {
		Name      string
		Variation bool
	}) bool {
		return !o.Variation
	})) != len(p.Options) {
		t.Errorf("%d options, %v", len(p.Options), err)
	}
}

func holdsVariant(t *testing.T, raw json.RawMessage, v catalog.Variant) {
	t.Helper()
	said := map[string]string{"id": v.ID, "sku": v.SKU, "global_unique_id": v.Barcode, "price": v.Price.Amount(), "weight": v.Weight.Value,
		"date_created_gmt": moment(v.CreatedAt), "date_modified_gmt": moment(v.UpdatedAt)}
	if v.Quantity != nil {
		said["stock_quantity"] = v.Quantity.String()
	}
	if v.CompareAtPrice.Amount() != "" {
		said["regular_price"] = v.CompareAtPrice.Amount()
	}
	for path, got := range said {
		if want := text(t, raw, path); got != want {
			t.Errorf("variant %s: %s is %q, want %q", v.ID, path, got, want)
		}
	}
	if v.Price.Amount() != "" && v.Price.Currency() != "USD" || v.Tracked != (text(t, raw, "manage_stock") != "false") {
		t.Errorf("variant %s: %v, tracked %v", v.ID, v.Price, v.Tracked)
	}
}

func productSimple(t *testing.T) {
	raw := sample(t, "product_simple").Body
	s := settings(t)
	s["/products/17"] = raw
	p, err := open(t, s, store, anyKey).Product(t.Context(), "17")
	if err != nil {
		t.Fatal(err)
	}
	holdsProduct(t, raw, p)
	holdsVariant(t, raw, p.Variants[0])
	if p.Variants[0].Weight.Unit != "lb" || p.Variants[0].CompareAtPrice.Amount() != "11.37" {
		t.Errorf("%+v", p.Variants[0])
	}
}

func productsVariable(t *testing.T) {
	s := settings(t)
	page, all := rows(t, sample(t, "products_variable_page").Body)
	variations, own := rows(t, sample(t, "variations_page").Body)
	s["/products"], s["/variations"] = page, variations
	got, err := catalog.Collect(open(t, s, store, anyKey).Products(t.Context(), catalog.ProductQuery{}))
	if err != nil || len(got) != len(all) {
		t.Fatalf("%d products, %v", len(got), err)
	}
	variants := 0
	for i, p := range got {
		holdsProduct(t, all[i], p)
		for j, v := range p.Variants { // in the order of the product's own list
			raw := own[slices.IndexFunc(own, func(raw json.RawMessage) bool { return text(t, raw, "id") == v.ID })]
			holdsVariant(t, raw, v)
			if !bytes.Equal(p.More[j].Raw, raw) {
				t.Errorf("the part of variant %s is not its own JSON", v.ID)
			}
			variants++
		}
	}
	if variants != len(own) {
		t.Errorf("%d of %d variations", variants, len(own))
	}
}

func variationsGlobal(t *testing.T) {
	s := settings(t)
	page, all := rows(t, sample(t, "variations_global").Body, sample(t, "variations_page").Body)
	s["/products"], s["/variations"] = json.RawMessage(`[]`), page
	levels, err := catalog.Collect(open(t, s, store, anyKey).InventoryLevels(t.Context(), catalog.InventoryQuery{}))
	if err != nil {
		t.Fatal(err)
	}
	own := slices.DeleteFunc(all, func(raw json.RawMessage) bool { return text(t, raw, "manage_stock") == "parent" })
	if len(levels) != len(own) || len(own) == 0 {
		t.Fatalf("%d levels of %d variations with stock of their own", len(levels), len(own))
	}
	for i, l := range levels {
		holds(t, own[i], l.Record, map[string]string{"id": l.ItemID, "parent_id": l.ProductID, "sku": l.SKU, "stock_quantity": l.Available.String(), "date_modified_gmt": moment(l.UpdatedAt)})
	}
}

func variationAlone(t *testing.T) {
	raw := sample(t, "variation_via_products_endpoint").Body
	s := settings(t)
	s[""], s["/products"], s["/products/224"] = json.RawMessage(`{"routes":[]}`), json.RawMessage(`[]`), raw
	e := open(t, s, store, anyKey)
	if _, err := e.Product(t.Context(), "224"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("as a product: %v", err)
	}
	levels, err := catalog.Collect(e.InventoryLevels(t.Context(), catalog.InventoryQuery{ItemIDs: []string{"224"}}))
	if err != nil || len(levels) != 1 {
		t.Fatalf("%d levels, %v", len(levels), err)
	}
	l := levels[0]
	holds(t, raw, l.Record, map[string]string{"id": l.ItemID, "parent_id": l.ProductID, "sku": l.SKU, "stock_quantity": l.Available.String()})
}

func orders(t *testing.T, name string) {
	page, all := rows(t, sample(t, name).Body)
	got, err := catalog.Collect(open(t, script{"/orders": page}, store, anyKey).Orders(t.Context(), catalog.OrderQuery{}))
	if err != nil || len(got) != len(all) {
		t.Fatalf("%d orders, %v", len(got), err)
	}
	for i, o := range got {
		raw := all[i]
		customer := "0"
		if o.Customer != nil {
			customer = o.Customer.ID
		}
		holds(t, raw, o.Record, map[string]string{"id": o.ID, "number": o.Number, "status": o.NativeStatus, "currency": o.Currency, "total": o.Total.Store.Amount(),
			"discount_total": o.Discount.Store.Amount(), "shipping_total": o.Shipping.Store.Amount(), "total_tax": o.Tax.Store.Amount(), "customer_id": customer,
			"billing.email": o.Email, "billing.city": o.BillingAddress.City, "billing.state": o.BillingAddress.ProvinceCode, "shipping.postcode": o.ShippingAddress.PostalCode,
			"date_created_gmt": moment(o.CreatedAt), "date_modified_gmt": moment(o.UpdatedAt), "date_paid_gmt": moment(o.ProcessedAt), "date_completed_gmt": moment(o.ClosedAt),
			"customer_note": o.Note, "created_via": o.Source, "payment_method": strings.Join(o.PaymentMethods, "")})
		var items []json.RawMessage
		if err := json.Unmarshal(member(t, raw, "line_items"), &items); err != nil || len(items) != len(o.LineItems) {
			t.Fatalf("%d lines, %v", len(o.LineItems), err)
		}
		for j, l := range o.LineItems {
			name := l.Title
			if l.Variant != "" {
				name += " - " + l.Variant
			}
			for path, got := range map[string]string{"id": l.ID, "name": name, "product_id": l.ProductID, "quantity": l.Quantity.String(), "total": l.Total.Store.Amount(), "sku": l.SKU} {
				if want := text(t, items[j], path); got != want && got != html.UnescapeString(want) {
					t.Errorf("order %s, line %d: %s is %q, want %q", o.ID, j, path, got, want)
				}
			}
			gross := l.UnitPrice.Store.Decimal().Mul(l.Quantity.Decimal())
			net, err := l.Total.Store.Add(l.Discount.Store)
			if err != nil || gross.Sub(net.Decimal()).Abs().GreaterThan(net.Decimal().Abs().Shift(-5)) || text(t, items[j], "subtotal") != net.Amount() {
				t.Errorf("order %s, line %d: %s each make %s", o.ID, j, l.UnitPrice.Store, net)
			}
		}
	}
}

// noRefunds reads an answer without refunds, of an order that names one: it was
// taken back meanwhile.
func noRefunds(t *testing.T) {
	_, all := rows(t, sample(t, "orders_page").Body)
	var order map[string]json.RawMessage
	if err := json.Unmarshal(all[0], &order); err != nil {
		t.Fatal(err)
	}
	order["refunds"] = json.RawMessage(`[{"id":9,"reason":"late","total":"-1.00"}]`)
	raw, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	path := "/orders/" + string(order["id"])
	o, err := open(t, script{path: raw, path + "/refunds": sample(t, "order_refunds").Body}, store, anyKey).Order(t.Context(), string(order["id"]))
	if err != nil || len(o.Refunds) != 1 || o.Refunds[0].Total.Store.Amount() != "1.00" || len(o.Refunds[0].Lines) != 0 || len(o.Problems) > 0 {
		t.Errorf("%+v, %v, %v", o.Refunds, o.Problems, err)
	}
}

func notes(t *testing.T) {
	r := sample(t, "order_notes")
	_, all := rows(t, r.Body)
	seq := open(t, script{"/orders/435/notes": r.Body}, store, anyKey).OrderHistory(t.Context(), "435")
	got, err := catalog.Collect(seq)
	if err != nil || len(got) != len(all) {
		t.Fatalf("%d notes, %v", len(got), err)
	}
	for i, h := range got {
		holds(t, all[i], h.Record, map[string]string{"id": h.ID, "author": h.Author, "note": h.Text, "date_created_gmt": moment(h.At)})
	}
}

func customers(t *testing.T) {
	page, all := rows(t, sample(t, "customer").Body)
	got, err := catalog.Collect(open(t, script{"/customers": page}, store, anyKey).Customers(t.Context(), catalog.CustomerQuery{}))
	if err != nil || len(got) != len(all) {
		t.Fatalf("%d customers, %v", len(got), err)
	}
	for i, c := range got {
		holds(t, all[i], c.Record, map[string]string{"id": c.ID, "first_name": c.FirstName, "last_name": c.LastName, "email": c.Email, "billing.phone": c.Phone,
			"billing.address_1": c.DefaultAddress.Line1, "billing.country": c.DefaultAddress.CountryCode, "date_created_gmt": moment(c.CreatedAt), "date_modified_gmt": moment(c.UpdatedAt)})
		if len(c.Addresses) != 1 { // the other is empty
			t.Errorf("%d addresses", len(c.Addresses))
		}
	}
}

func shop(t *testing.T) {
	s := settings(t)
	s["/settings/general"] = slices.Concat(json.RawMessage("["), sample(t, "settings_general_currency").Body, json.RawMessage("]"))
	h := &withHome{script: s}
	got, err := open(t, h, store, anyKey).Shop(t.Context())
	if err != nil || got.Currency != text(t, sample(t, "settings_general_currency").Body, "value") || got.WeightUnit != "lb" || !got.TaxesIncluded || got.TimeZone != "-05:00" {
		t.Errorf("%+v, %v", got, err)
	}
}

func routes(t *testing.T) {
	s := settings(t)
	page, _ := rows(t, sample(t, "products_variable_page").Body)
	s["/products"], s["/variations"] = page, json.RawMessage(`[]`) // and no product's own list
	if _, err := catalog.Collect(open(t, s, store, anyKey).Products(t.Context(), catalog.ProductQuery{})); err != nil {
		t.Errorf("the list of all variations is not found in the index: %v", err)
	}
}

func handedThrough(t *testing.T, name string) {
	r := sample(t, name)
	_, path, _ := strings.Cut(r.Request.Path, "/wc/v3")
	got, err := open(t, script{path: r.Body}, store, anyKey).Do(t.Context(), catalog.RESTRequest{Path: path})
	if err != nil || got.Status != r.Status || !bytes.Equal(got.Body, r.Body) {
		t.Errorf("status %d, %v", got.Status, err)
	}
}
