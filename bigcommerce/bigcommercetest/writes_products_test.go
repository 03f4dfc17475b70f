package bigcommercetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProductRefusals(t *testing.T) {
	t.Parallel()
	const variant = `{"sku":"%s","option_values":[{"option_display_name":"Size","label":"%s"}]}`
	create := func(more string) string { return `{"name":"n","type":"physical","weight":1,"price":1` + more + `}` }
	for _, test := range []struct {
		name, method, path, body string
		status                   int
		says                     string
	}{
		{"a negative price", "POST", "", strings.Replace(create(""), `"price":1`, `"price":-1`, 1), 422, `"price":"error.min"`},
		{"a price that is text", "POST", "", create(`,"sale_price":"9.90"`), 422, `"sale_price":"error.expected.jsnumber"`},
		{"no type of product", "PUT", "/101", `{"type":"service"}`, 422, `"type":"must be one of physical, digital"`},
		{"a name of nothing", "PUT", "/101", `{"name":""}`, 422, `"name":"error.minLength"`},
		{"a name too long", "PUT", "/101", `{"name":"` + strings.Repeat("ن", 251) + `"}`, 422, `"name":"error.maxLength"`},
		{"null for a text", "PUT", "/101", `{"description":null}`, 422, `"description":"error.expected.jsstring"`},
		{"text for a flag", "PUT", "/101", `{"is_visible":"yes"}`, 422, `"is_visible":"error.expected.jsboolean"`},
		{"an unknown category", "PUT", "/101", `{"categories":[19,999]}`, 409, "Category with id 999 does not exist."},
		{"an unknown brand", "PUT", "/101", `{"brand_id":999}`, 409, "Brand with id 999 does not exist."},
		{"the name of another", "PUT", "/101", `{"name":"TWO"}`, 409, "The product name is a duplicate"},
		{"the SKU of another", "PUT", "/101", `{"sku":"SKU-2"}`, 409, "The product sku is a duplicate"},
		{"the SKU of another's variant", "PUT", "/101", `{"sku":"v-6-1"}`, 409, "The product sku is a duplicate"},
		{"a batch in which one is wrong", "PUT", "", `[{"id":101,"name":"new"},{"id":102,"price":-1}]`, 422, `"price":"error.min"`},
		{"a batch in which one is gone", "PUT", "", `[{"id":101,"name":"new"},{"id":9}]`, 404, "not found"},
		{"a batch in which one has no id", "PUT", "", `[{"name":"new"}]`, 422, `"id":"Please provide a id."`},
		{"an image of nowhere", "POST", "", create(`,"images":[{"description":"x"}]`), 422, "image_url must be present"},
		{"a variant without SKU", "POST", "", create(`,"variants":[{"option_values":[{"option_display_name":"Size","label":"S"}]}]`), 422, `"code":22004`},
		{"a variant without options", "POST", "", create(`,"variants":[{"sku":"a"}]`), 422, "option_values"},
		{"two variants of one SKU", "POST", "", create(`,"variants":[` + fmt.Sprintf(variant+","+variant, "a", "S", "a", "L") + `]`), 409, "not unique"},
		{"two variants of one kind", "POST", "", create(`,"variants":[` + fmt.Sprintf(variant+","+variant, "a", "S", "b", "S") + `]`), 409, "with these options"},
		{"a variant with the SKU of a product", "POST", "", create(`,"variants":[` + fmt.Sprintf(variant, "sku-2", "S") + `]`), 409, "not unique"},
		{"a blank SKU", "PUT", "/106/variants/10005000", `{"sku":""}`, 422, `"code":22004`},
		{"a SKU taken", "PUT", "/106/variants/10005000", `{"sku":"SKU-2"}`, 409, "not unique"},
		{"a price of a variant", "PUT", "/106/variants/10005000", `{"price":"1"}`, 422, `"price":"error.expected.jsnumber"`},
		{"a variant of the same values", "POST", "/106/variants", `{"sku":"new","option_values":[{"id":106001,"option_id":106000},{"id":106501}]}`, 409, "with these options"},
		{"a variant of unknown values", "POST", "/106/variants", `{"sku":"new","option_values":[{"id":7,"option_id":106000},{"id":106501}]}`, 422, "not of this product"},
		{"the base variant", "DELETE", "/101/variants/10000000", "", 422, "only variant"},
		{"an option beside variants", "POST", "/106/options", `{"display_name":"New","type":"dropdown","option_values":[{"label":"a"}]}`, 422, "has variants"},
		{"an option of its name", "POST", "/106/options", `{"display_name":"size","type":"dropdown","option_values":[{"label":"a"}]}`, 409, "duplicate"},
		{"an option without values", "POST", "/101/options", `{"display_name":"New","type":"dropdown"}`, 422, "option_values"},
		{"a value that is there", "POST", "/106/options/106000/values", `{"label":"small","sort_order":1}`, 422, "duplicate"},
		{"an image without a URL", "POST", "/101/images", `{"description":"x"}`, 422, "image_url must be present if uploading by url"},
		{"an image that cannot be had", "POST", "/101/images", `{"image_url":"nowhere"}`, 400, "could not be downloaded"},
		{"an unknown image", "PUT", "/101/images/7", `{"description":"x"}`, 404, "not found"},
		{"an assignment to nothing", "PUT", "/category-assignments", `[{"product_id":101,"category_id":7}]`, 422, "does not exist"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{Products: 10})
			if err := s.UpdateProduct(102, func(p *Product) { p.Name, p.SKU = "two", "SKU-2" }); err != nil {
				t.Fatal(err)
			}
			before, events := s.Products(), len(s.Events())
			r := do(t, s, test.method, "/v3/catalog/products"+test.path, test.body)
			if r.status != test.status || !strings.Contains(r.body, test.says) {
				t.Errorf("%d %s", r.status, r.body)
			}
			if diff := cmp.Diff(before, s.Products()); diff != "" || len(s.Effects()) > 0 || len(s.Events()) > events {
				t.Errorf("something was changed: %d effects\n%s", len(s.Effects()), diff)
			}
		})
	}
}

// TestPartlySaved: stock and URL may fail although the product is saved, which
// a 207 says; of a new product and of batches its data is an array.
func TestPartlySaved(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 10})
	type partly struct {
		Data   json.RawMessage
		Errors problem
	}
	check := func(r reply, array bool, field string) partly {
		t.Helper()
		var p partly
		r.decode(t, &p)
		if r.status != 207 || (p.Data[0] == '[') != array || p.Errors.Status != 422 || p.Errors.Errors[field] == "" {
			t.Errorf("%d %s", r.status, r.body)
		}
		return p
	}
	check(do(t, s, "PUT", "/v3/catalog/products/101", `{"name":"saved","inventory_level":-1}`), false, "inventory_level")
	check(do(t, s, "PUT", "/v3/catalog/products/102", `{"name":"this too","custom_url":{"url":"/product-101/"}}`), false, "custom_url")
	check(do(t, s, "PUT", "/v3/catalog/products", `[{"id":103,"name":"three","custom_url":{"url":"/ثلاثة/"}},{"id":104,"name":"four"}]`), true, "0.custom_url")
	p := check(do(t, s, "POST", "/v3/catalog/products", `{"name":"new","type":"digital","weight":0,"price":1,"inventory_tracking":"product","inventory_level":-5}`), true, "inventory_level")
	var made []idOnly
	if err := json.Unmarshal(p.Data, &made); err != nil {
		t.Fatal(err)
	}
	for id, name := range map[int64]string{101: "saved", 102: "this too", 103: "three", 104: "four", made[0].ID: "new"} {
		if got := s.Product(id); got.Name != name || id < 110 && got.URL != fmt.Sprintf("/product-%d/", id) {
			t.Errorf("%d is %q at %s", id, got.Name, got.URL)
		}
	}
	check(do(t, s, "PUT", "/v3/catalog/products/106/variants/10005000", `{"mpn":"m","inventory_level":-1}`), false, "inventory_level")
	if s.Product(106).Variants[0].MPN != "m" {
		t.Error("the variant was not saved")
	}
	if n := len(s.Effects()); n != 6 {
		t.Errorf("%d effects", n)
	}
}

func TestPartialUpdateLeavesTheRest(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now, Products: 20, Unthrottled: true})
	for member, raw := range map[string]string{
		"name": `"New name"`, "description": `""`, "price": "12.3457", "sale_price": "0", "weight": "0.5", "sku": `"NEW-SKU"`, "upc": `""`,
		"is_visible": "false", "availability": `"disabled"`, "categories": "[20]", "brand_id": "0", "search_keywords": `""`,
		"meta_keywords": `["a","b"]`, "page_title": `"Title"`, "warranty": `"<p>1 & 2</p>"`, "order_quantity_minimum": "3",
		"inventory_tracking": `"none"`, "width": "2.5", "preorder_release_date": "null",
	} {
		for _, id := range []int64{101, 106, 107, 113} {
			read := func() map[string]json.RawMessage {
				var v struct{ Data map[string]json.RawMessage }
				fetch(t, s, fmt.Sprintf("/v3/catalog/products/%d", id)).decode(t, &v)
				return v.Data
			}
			if member == "sku" {
				raw = fmt.Sprintf(`"NEW-%d"`, id)
			} else if member == "name" {
				raw = fmt.Sprintf(`"New name %d"`, id)
			}
			before := read()
			if r := do(t, s, "PUT", fmt.Sprintf("/v3/catalog/products/%d", id), `{"`+member+`":`+raw+`}`); r.status != 200 {
				t.Fatalf("%s: %d %s", member, r.status, r.body)
			}
			after := read()
			if string(after[member]) != raw {
				t.Errorf("%s is %s, not %s", member, after[member], raw)
			}
			for _, follows := range []string{member, "date_modified", "calculated_price", "inventory_level"} {
				delete(before, follows)
				delete(after, follows)
			}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("%s changed something else\n%s", member, diff)
			}
		}
	}
}

// TestAmountsAreRounded: the catalog keeps four places and sends no zeros at
// the end.
func TestAmountsAreRounded(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 3})
	for sent, want := range map[string]string{"12.50": "12.5", "1.00005": "1.0001", "0.00004": "0", "1e2": "100", "99999999999.99": "99999999999.99"} {
		r := do(t, s, "PUT", "/v3/catalog/products/101", `{"price":`+sent+`}`)
		if r.status != 200 || !strings.Contains(r.body, `"price":`+want+`,"cost`) {
			t.Errorf("%s: %d %.400s", sent, r.status, r.body)
		}
	}
}

func TestOptionsAndVariantsOfASimpleProduct(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 3})
	type made struct {
		Data struct {
			ID     int64
			Values []idOnly `json:"option_values"`
		}
	}
	var option, value, variant made
	do(t, s, "POST", "/v3/catalog/products/101/options", `{"display_name":"Size","type":"dropdown","option_values":[{"label":"S","sort_order":0}]}`).decode(t, &option)
	path := fmt.Sprintf("/v3/catalog/products/101/options/%d", option.Data.ID)
	do(t, s, "POST", path+"/values", `{"label":"L","sort_order":1}`).decode(t, &value)
	if got := v3[idOnly](t, s, path+"/values"); len(got.Data) != 2 || got.Data[1].ID != value.Data.ID {
		t.Fatalf("values %+v", got.Data)
	}
	r := do(t, s, "POST", "/v3/catalog/products/101/variants", fmt.Sprintf(`{"sku":"N-L","price":5,"option_values":[{"id":%d,"option_id":%d}]}`, value.Data.ID, option.Data.ID))
	r.decode(t, &variant)
	p := s.Product(101)
	if r.status != 200 || len(p.Variants) != 1 || p.Variants[0].ID != variant.Data.ID || p.Simple() {
		t.Fatalf("%d %s\n%+v", r.status, r.body, p.Variants)
	}
	r = do(t, s, "PUT", "/v3/catalog/variants", fmt.Sprintf(`[{"product_id":101,"sku":"N-S","option_values":[{"id":%d,"option_id":%d}]},{"id":%d,"price":null}]`,
		option.Data.Values[0].ID, option.Data.ID, variant.Data.ID))
	if p = s.Product(101); r.status != 200 || len(p.Variants) != 2 || p.Variants[0].Price != "" || p.Variants[1].SKU != "N-S" {
		t.Errorf("%d %s", r.status, r.body)
	}
	if n := len(s.Effects()); n != 5 {
		t.Errorf("%d effects", n)
	}
}

// TestBatchOfVariants: one that is wrong keeps all of them from being saved,
// and the answer has a shape of its own.
func TestBatchOfVariants(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 10})
	r := do(t, s, "PUT", "/v3/catalog/variants", `[{"id":10005000,"price":5},{"id":10005001,"sku":""},{"id":7,"price":1},{"product_id":9,"sku":"x"}]`)
	var bad struct {
		Errors []problem `json:"batch_errors"`
	}
	r.decode(t, &bad)
	if r.status != 422 || len(bad.Errors) != 3 || bad.Errors[0].Code != 22004 || len(s.Effects()) > 0 {
		t.Errorf("%d %s, %d effects", r.status, r.body, len(s.Effects()))
	}
}

func TestImages(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 3})
	var made struct{ Data idOnly }
	path := "/v3/catalog/products/101/images"
	do(t, s, "POST", path, `{"image_url":"https://example.com/a.jpg","description":"one"}`).decode(t, &made)
	do(t, s, "POST", path, `{"image_url":"https://example.com/b.jpg","is_thumbnail":true}`)
	do(t, s, "PUT", fmt.Sprintf("%s/%d", path, made.Data.ID), `{"description":"uno"}`)
	images := s.Product(101).Images
	if len(images) != 2 || images[0].Description != "uno" || images[0].Thumbnail || !images[1].Thumbnail {
		t.Errorf("%+v", images)
	}
	do(t, s, "DELETE", fmt.Sprintf("%s/%d", path, made.Data.ID), "")
	do(t, s, "PUT", "/v3/catalog/products/101", `{"images":[{"image_url":"https://example.com/c.jpg"}]}`)
	if n := len(s.Product(101).Images); n != 2 {
		t.Errorf("%d images: a PUT of the product adds those without an id", n)
	}
	if n := len(s.Effects()); n != 5 {
		t.Errorf("%d effects", n)
	}
}

func TestAssignments(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 3})
	before := s.Product(101).Categories
	for range 2 {
		if r := do(t, s, "PUT", "/v3/catalog/products/category-assignments", `[{"product_id":101,"category_id":26}]`); r.status != 204 {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	if diff := cmp.Diff(append(before, 26), s.Product(101).Categories); diff != "" {
		t.Error(diff)
	}
	if r := do(t, s, "DELETE", "/v3/catalog/products/category-assignments?product_id:in=101&category_id:in=19", ""); r.status != 204 || len(s.Product(101).Categories) != 2 {
		t.Errorf("%d %v", r.status, s.Product(101).Categories)
	}
	if n := len(s.Effects()); n != 2 {
		t.Errorf("%d effects", n)
	}
}

func TestBrandsByName(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 3})
	do(t, s, "PUT", "/v3/catalog/products/101", `{"brand_name":"acme"}`)
	do(t, s, "PUT", "/v3/catalog/products/102", `{"brand_name":"جديد"}`)
	do(t, s, "PUT", "/v3/catalog/products/103", `{"brand_name":"جديد"}`)
	if a, b, c := s.Product(101).BrandID, s.Product(102).BrandID, s.Product(103).BrandID; a != brandBase || b != brandBase+4 || c != b {
		t.Errorf("brands %d, %d, %d", a, b, c)
	}
	if got := v3[idOnly](t, s, "/v3/catalog/brands"); len(got.Data) != 5 {
		t.Errorf("%d brands", len(got.Data))
	}
}

func TestProductLimit(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 3, ProductLimit: 3})
	if r := do(t, s, "POST", "/v3/catalog/products", `{"name":"n","type":"digital","weight":0,"price":1}`); r.status != 507 || len(s.Effects()) > 0 {
		t.Errorf("%d %s", r.status, r.body)
	}
}
