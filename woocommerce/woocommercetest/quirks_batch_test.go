package woocommercetest

import (
	"fmt"
	"strings"
	"testing"
)

type batchJSON map[string][]struct {
	ID    int64
	Error *failure
}

// A batch validates nothing: what single routes refuse is mended, ignored or
// refused item by item, and the answer is 200.
func TestGapsOfBatches(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	p := s.AddProduct(Product{Name: "Cup", RegularPrice: "9", ManageStock: true, StockQuantity: 4})
	at := fmt.Sprintf("/products/%d", p.ID)
	for _, c := range []struct{ name, item, single, fields, want, code string }{
		{"a number for a price", `"regular_price":12.5`, "rest_invalid_param", "regular_price", "12.5", ""},
		{"half a piece", `"stock_quantity":2.5`, "rest_invalid_param", "stock_quantity", "2", ""},
		{"a word for a quantity", `"stock_quantity":"many"`, "rest_invalid_param", "stock_quantity", "0", ""},
		{"an unknown status", `"status":"bogus"`, "rest_invalid_param", "status", "draft", ""},
		{"an unknown type", `"type":"bogus"`, "rest_invalid_param", "type", "simple", ""},
		{"an unknown stock status", `"manage_stock":false,"stock_status":"bogus"`, "rest_invalid_param", "stock_status", "instock", ""},
		{"an unknown visibility", `"catalog_visibility":"bogus"`, "rest_invalid_param", "catalog_visibility", "visible", "product_invalid_catalog_visibility"},
		{"an unknown tax status", `"tax_status":"bogus"`, "rest_invalid_param", "tax_status", "taxable", "product_invalid_tax_status"},
		{"null", `"regular_price":null`, "", "regular_price", "9", ""},
	} {
		if err := s.UpdateProduct(p.ID, func(q *Product) { *q = *p }); err != nil {
			t.Fatal(err)
		}
		if c.single != "" {
			fails(t, do(t, s, "PUT", at, "{"+c.item+"}"), 400, c.single)
		}
		r := do(t, s, "POST", "/products/batch", fmt.Sprintf(`{"update":[{"id":%d,%s}]}`, p.ID, c.item))
		item := decode[batchJSON](t, r)["update"][0]
		switch {
		case r.status != 200, (item.Error != nil) != (c.code != ""), item.Error != nil && item.Error.Code != c.code:
			t.Errorf("%s: %d %.300s", c.name, r.status, r.body)
		}
		if got := fieldsOf(decode[object](t, get(t, s, at)), c.fields); got != c.want {
			t.Errorf("%s: %s is %q, want %q", c.name, c.fields, got, c.want)
		}
	}
}

func TestBatchesSucceedInPart(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := s.AddProduct(Product{Name: "Cup", SKU: "CUP"})
	q := s.AddProduct(Product{Name: "Pot", Type: "variable", Variations: []Variation{{RegularPrice: "5"}, {RegularPrice: "6"}}})
	before := len(s.Effects())
	r := do(t, s, "POST", "/products/batch", fmt.Sprintf(`{
		"create":[{"name":"a","sku":"NEW"},{"name":"b","sku":"new"},{"name":"c","id":4}],
		"update":[{"id":%d,"name":"Cup"},{"id":%d,"sku":"CUP"},{"id":%d,"name":"x"},{"name":"no id"}],
		"delete":[0,%d,%d,7]}`, p.ID, q.ID, q.Variations[0].ID, q.Variations[1].ID, p.ID))
	var got []string
	answer := decode[batchJSON](t, r)
	for _, part := range []string{"create", "update", "delete"} {
		for _, item := range answer[part] {
			if item.Error != nil {
				got = append(got, fmt.Sprintf("%s %d %s", part, item.ID, item.Error.Code))
			} else {
				got = append(got, part)
			}
		}
	}
	want := fmt.Sprintf(`create|create 0 product_invalid_sku|create 0 woocommerce_rest_product_exists|update|update %d product_invalid_sku|`+
		`update %d woocommerce_rest_invalid_product_id|update 0 woocommerce_rest_product_invalid_id|`+
		`delete %d woocommerce_rest_invalid_product_id|delete|delete 7 woocommerce_rest_product_invalid_id`, q.ID, q.Variations[0].ID, q.Variations[1].ID)
	if strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
	if did := strings.Join(actions(s, before), " "); did != "product.create product.delete" {
		t.Errorf("effects %s", did)
	}
	// Of variations, by their product's route.
	before = len(s.Effects())
	at := fmt.Sprintf("/products/%d/variations/batch", q.ID)
	list := decode[batchJSON](t, do(t, s, "POST", at, fmt.Sprintf(
		`{"update":[{"id":%d,"manage_stock":true,"stock_quantity":3},{"id":%d,"regular_price":"6"},{"id":%d}],"delete":[%d]}`,
		q.Variations[0].ID, q.Variations[1].ID, q.ID, q.Variations[1].ID)))
	if list["update"][2].Error.Code != "woocommerce_rest_product_variation_invalid_id" || list["delete"][0].ID != q.Variations[1].ID {
		t.Errorf("%v", list)
	}
	if did := strings.Join(actions(s, before), " "); did != "variation.update variation.delete" {
		t.Errorf("effects %s", did)
	}
	ids := strings.Repeat(`{"name":"x"},`, 101)
	before = len(s.Effects())
	fails(t, do(t, s, "POST", "/products/batch", `{"create":[`+ids[:len(ids)-1]+`]}`), 413, "woocommerce_rest_request_entity_too_large")
	if len(s.Effects()) != before {
		t.Error("a batch that is too long has effects")
	}
}
