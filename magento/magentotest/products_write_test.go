package magentotest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// effectsOf are the actions of the effects, "update x2" for two.
func effectsOf(s *Server) []string {
	out := []string{}
	for _, e := range s.Effects() {
		out = append(out, e.Action+" "+e.ID)
	}
	return out
}

func wantEffects(t *testing.T, s *Server, want ...string) {
	t.Helper()
	if got := effectsOf(s); !slices.Equal(got, append([]string{}, want...)) {
		t.Errorf("effects %q, want %q", got, want)
	}
}

func TestProductSavedInPart(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now})
	before := s.ProductBySKU("AB/15")
	c.add(time.Hour)
	r := do(t, s, "PUT", "/V1/products/AB%2F15", `{"product":{"price":12.1234567,"status":2,"custom_attributes":[{"attribute_code":"special_price","value":"10"},{"attribute_code":"barcode","value":""}],"extension_attributes":{"stock_item":{"qty":4,"is_in_stock":true}}}}`)
	if r.status != 200 || !strings.Contains(r.body, `"qty":4`) {
		t.Fatalf("%d %s", r.status, r.body)
	}
	got := s.Product(before.ID)
	if got.Price != "12.123457" || got.Status != 2 || got.Attribute("special_price") != "10.000000" || got.Attribute("barcode") != "" {
		t.Errorf("%+v", got)
	}
	if got.Name != before.Name || got.Attribute("description") != before.Attribute("description") || len(got.TierPrices) != len(before.TierPrices) || !got.UpdatedAt.Equal(c.now()) {
		t.Errorf("more than was named changed: %+v", got)
	}
	wantEffects(t, s, "product.update AB/15", "stock.set AB/15@default")
	do(t, s, "PUT", "/V1/products/AB%2F15", `{"product":{"status":2}}`)
	wantEffects(t, s, "product.update AB/15", "stock.set AB/15@default")
}

func TestProductSaveInAView(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := s.ProductBySKU("AB/15")
	decode[any](t, do(t, s, "PUT", "/rest/ar/V1/products/AB%2F15", `{"product":{"name":"اسم","custom_attributes":[{"attribute_code":"meta_title","value":"عنوان"}]}}`))
	if got := s.Product(p.ID); got.Name != p.Name || got.Scoped["ar"]["name"] != "اسم" {
		t.Errorf("a write in a view changed the name of all: %+v", got.Scoped)
	}
	if r := do(t, s, "GET", "/rest/ar/V1/products/AB%2F15", ""); !strings.Contains(r.body, "meta_title") {
		t.Error("the view does not show an attribute of its own")
	}
	if r := get(t, s, "/V1/products/AB%2F15"); strings.Contains(r.body, "meta_title") {
		t.Error("another view shows it")
	}
}

func TestProductCreated(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	made := decode[struct{ ID int64 }](t, do(t, s, "POST", "/V1/products", `{"product":{"sku":"N+/1","name":"New Coffee!","price":3,"attribute_set_id":4,"custom_attributes":[{"attribute_code":"barcode","value":"628"}]}}`))
	got := s.Product(made.ID)
	if got.Attribute("barcode") != "628" || got.Attribute("url_key") != "new-coffee" || !slices.Equal(got.Websites, []int64{1, 2}) {
		t.Errorf("%+v", got)
	}
	// POST of a SKU that is there changes it.
	again := decode[struct{ ID int64 }](t, do(t, s, "POST", "/V1/products", `{"product":{"sku":"n+/1","price":4}}`))
	if again.ID != made.ID || s.Product(made.ID).Price != "4" {
		t.Errorf("%d, price %s", again.ID, s.Product(made.ID).Price)
	}
	one := decode[struct{ ID int64 }](t, do(t, s, "POST", "/rest/default/V1/products", `{"product":{"sku":"N2","name":"Other","price":3,"attribute_set_id":4}}`))
	if w := s.Product(one.ID).Websites; !slices.Equal(w, []int64{1}) {
		t.Errorf("made in a view, it is on %v", w)
	}
	if r := do(t, s, "DELETE", "/V1/products/N%2B%2F1", ""); r.body != "true" || s.Product(made.ID) != nil {
		t.Errorf("%d %s", r.status, r.body)
	}
	failure(t, do(t, s, "DELETE", "/V1/products/N%2B%2F1", ""), 404)
	wantEffects(t, s, "product.create N+/1", "product.update N+/1", "product.create N2", "product.delete N+/1")
}

func TestBadProductsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{})
	s.AddProduct(Product{SKU: "SEEN", Name: "Seen", Price: "1", Attributes: []Attribute{{Code: "url_key", Value: "seen"}}})
	const post, put = "POST", "PUT"
	for name, try := range map[string]struct {
		method, body, message string
		status                int
	}{
		"no name":              {post, `{"product":{"sku":"X","price":1,"attribute_set_id":4}}`, msgEmpty, 400},
		"no price":             {post, `{"product":{"sku":"X","name":"x","attribute_set_id":4}}`, msgEmpty, 400},
		"no attribute set":     {post, `{"product":{"sku":"X","name":"x","price":1}}`, "Invalid product data: %1", 400},
		"no SKU":               {post, `{"product":{"name":"x","price":1,"attribute_set_id":4}}`, msgEmpty, 400},
		"a long SKU":           {post, `{"product":{"sku":"` + strings.Repeat("x", 65) + `","name":"x","price":1,"attribute_set_id":4}}`, "SKU length should be %1 characters maximum.", 400},
		"a taken URL key":      {post, `{"product":{"sku":"X","name":"seen","price":1,"attribute_set_id":4}}`, "URL key for specified store already exists.", 400},
		"a negative price":     {put, `{"product":{"price":-1}}`, "Please enter a number 0 or greater in this field.", 400},
		"a price of text":      {put, `{"product":{"price":"dear"}}`, msgType, 400},
		"an empty name":        {put, `{"product":{"name":""}}`, msgEmpty, 400},
		"no price any more":    {put, `{"product":{"price":null}}`, msgEmpty, 400},
		"an option's label":    {put, `{"product":{"custom_attributes":[{"attribute_code":"manufacturer","value":"Zara"}]}}`, msgNotSaved, 400},
		"an empty attribute":   {put, `{"product":{"custom_attributes":[{"attribute_code":"barcode"}]}}`, "An empty custom attribute is specified. Enter the attribute and try again.", 400},
		"a special price of x": {put, `{"product":{"custom_attributes":[{"attribute_code":"special_price","value":"x"}]}}`, msgNotSaved, 400},
		"an unknown field":     {put, `{"product":{"prize":1}}`, msgField, 400},
		"an unknown website":   {put, `{"product":{"extension_attributes":{"website_ids":[9]}}}`, "The website with id %1 that was requested wasn't found. Verify the website and try again.", 404},
		"no JSON":              {put, `{"prize":`, "Decoding error.", 400},
		"no product":           {put, `{"product":null}`, msgRequired, 400},
		"saveOptions, no SKU":  {put, `{"product":{"price":1},"saveOptions":true}`, msgEmpty, 400},
	} {
		path := "/V1/products"
		if try.method == put {
			path += "/AB%2F15"
		}
		if e := failure(t, do(t, s, try.method, path, try.body), try.status); e.Message != try.message {
			t.Errorf("%s: %q", name, e.Message)
		}
	}
	wantEffects(t, s)
	req := bearer(request(t, s, "PUT", "/V1/products/AB%2F15", `{"product":{}}`), s.AccessToken())
	req.Header.Set("Content-Type", "text/plain")
	failure(t, mustSend(t, s, req), http.StatusBadRequest)
	do(t, s, put, "/V1/products/AB%2F15", `{"product":{"custom_attributes":[{"attribute_code":"colour","value":"1"}]}}`)
	wantEffects(t, s) // an attribute there is not is ignored
	wantViolation(t, s, `no product attribute is called "colour"`)
}

func TestProductSKUs(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{})
	p := s.AddProduct(Product{SKU: "OLD", Price: "1"})
	s.SetStock("OLD", "riyadh", "7")
	s.Reserve("OLD", "-2")
	id := fmt.Sprint(p.ID)
	// The path's SKU wins where the body has one member.
	decode[any](t, do(t, s, "PUT", "/V1/products/OLD", `{"product":{"id":`+id+`,"sku":"NEW"}}`))
	if got := s.Product(p.ID).SKU; got != "OLD" {
		t.Errorf("renamed to %s against the path", got)
	}
	decode[any](t, do(t, s, "PUT", "/V1/products/OLD", `{"product":{"id":`+id+`,"sku":"NEW"},"saveOptions":true}`))
	if got := s.Product(p.ID).SKU; got != "NEW" || s.ProductBySKU("OLD") != nil {
		t.Errorf("it is %s", got)
	}
	if r := decode[page](t, get(t, s, "/V1/inventory/source-items"+sc(9, 1, "", "sku", "eq", "NEW"))); r.TotalCount != 1 {
		t.Errorf("%d source items followed", r.TotalCount)
	}
	if q := decode[float64](t, get(t, s, "/V1/inventory/get-product-salable-quantity/NEW/2")); q != 5 {
		t.Errorf("salable %v: the reservation follows too", q)
	}
	// A SKU that is taken gets a number.
	decode[any](t, do(t, s, "PUT", "/V1/products/AB%2F15", `{"product":{"id":`+id+`}}`))
	if got := s.Product(p.ID).SKU; got != "AB/15-1" {
		t.Errorf("it is %s", got)
	}
	// PUT creates what is not there.
	failure(t, do(t, s, "PUT", "/V1/products/NOWHERE", `{"product":{"name":"x"}}`), 400)
	wantViolation(t, s, "which is no product, creates it")
	failure(t, do(t, s, "PUT", "/V1/products/NOWHERE", `{"product":{"id":2,"name":"x"}}`), 400)
}

func TestListsOfProductsAreReplaced(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := s.AddProduct(Product{
		SKU: "L", Price: "1", TierPrices: []TierPrice{{1, "5", "0.9"}, {1, "10", "0.8"}}, Links: []Link{{"related", "AB/15", TypeSimple, 1}},
		Media: []Media{{ID: 71, Type: "image", File: "/a/b/ab.jpg", Types: []string{"image"}}, {ID: 72, Type: "image", File: "/c/d/cd.jpg"}}, Categories: []int64{3, 4},
	})
	same := `{"product":{"extension_attributes":{"category_links":[{"position":0,"category_id":"5"}],"website_ids":[2]}}}`
	decode[any](t, do(t, s, "PUT", "/V1/products/L", `{"product":{"tier_prices":[{"customer_group_id":1,"qty":3,"value":0.7}],"product_links":[],"media_gallery_entries":[{"id":72,"label":"the other"}],"extension_attributes":{"category_links":[{"position":0,"category_id":"5"}],"website_ids":[2]}}}`))
	got := s.Product(p.ID)
	if len(got.TierPrices) != 1 || len(got.Links) != 0 || len(got.Media) != 1 || got.Media[0].Label != "the other" || !slices.Equal(got.Categories, []int64{5}) || !slices.Equal(got.Websites, []int64{2}) {
		t.Errorf("%+v", got)
	}
	decode[any](t, do(t, s, "PUT", "/V1/products/L", same)) // what is there already
	image := decode[int64](t, do(t, s, "POST", "/V1/products/L/media", `{"entry":{"media_type":"image","label":"new","position":2,"disabled":false,"types":["image"],"content":{"base64_encoded_data":"aGVsbG8=","type":"image/png","name":"New.png"}}}`))
	if got := s.Product(p.ID); len(got.Media) != 2 || got.Media[1].ID != image || got.Attribute("image") != got.Media[1].File {
		t.Errorf("%d: %+v", image, got.Media)
	}
	failure(t, do(t, s, "POST", "/V1/products/L/media", `{"entry":{"media_type":"image","content":{"base64_encoded_data":"%%","type":"image/png","name":"x.png"}}}`), 400)
	if r := do(t, s, "DELETE", "/V1/products/L/media/"+itoa(image), ""); r.body != "true" || s.Product(p.ID).Attribute("image") != "" {
		t.Errorf("%d %s", r.status, r.body)
	}
	failure(t, do(t, s, "DELETE", "/V1/products/L/media/"+itoa(image), ""), 404)
	wantEffects(t, s, "product.update L", "product.update L", "product.update L")
}

func TestVariantsWritten(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	child := func(sku, color string) int64 {
		return decode[struct{ ID int64 }](t, do(t, s, "POST", "/V1/products", `{"product":{"sku":"`+sku+`","name":"Shirt","price":3,"attribute_set_id":4,"visibility":1,"custom_attributes":[{"attribute_code":"color","value":"`+color+`"}]}}`)).ID
	}
	a, b, twin := child("V-A", "49"), child("V-B", "50"), child("V-TWIN", "49")
	parent := `{"product":{"sku":"V","name":"Shirt","type_id":"configurable","attribute_set_id":4,"extension_attributes":{"configurable_product_options":[{"attribute_id":"93","label":"Color","position":0,"values":[{"value_index":49},{"value_index":50}]}],"configurable_product_links":[%s]}}}`
	if e := failure(t, do(t, s, "POST", "/V1/products", fmt.Sprintf(parent, fmt.Sprint(a, ",", twin))), 400); !strings.Contains(e.Message, "same set of attribute values") {
		t.Error(e.Message)
	}
	made := decode[struct{ ID int64 }](t, do(t, s, "POST", "/V1/products", fmt.Sprintf(parent, fmt.Sprint(a))))
	if p := s.Product(made.ID); !slices.Equal(p.Children, []int64{a}) || len(p.Options) != 1 || p.Options[0].Code != "color" {
		t.Fatalf("%+v", p)
	}
	if r := do(t, s, "POST", "/V1/configurable-products/V/child", `{"childSku":"V-B"}`); r.body != "true" {
		t.Errorf("%d %s", r.status, r.body)
	}
	failure(t, do(t, s, "POST", "/V1/configurable-products/V/child", `{"childSku":"V-B"}`), 400)
	failure(t, do(t, s, "POST", "/V1/configurable-products/V/child", `{"childSku":"V-TWIN"}`), 400)
	failure(t, do(t, s, "POST", "/V1/configurable-products/V/child", `{"childSku":"none"}`), 404)
	if got := s.Product(made.ID).Children; !slices.Equal(got, []int64{a, b}) {
		t.Errorf("children %v", got)
	}
	// The list in the product replaces.
	decode[any](t, do(t, s, "PUT", "/V1/products/V", `{"product":{"extension_attributes":{"configurable_product_links":[`+itoa(b)+`]}}}`))
	if got := s.Product(made.ID).Children; !slices.Equal(got, []int64{b}) {
		t.Errorf("children %v", got)
	}
	if r := do(t, s, "DELETE", "/V1/configurable-products/V/children/V-B", ""); r.body != "true" {
		t.Errorf("%d %s", r.status, r.body)
	}
	failure(t, do(t, s, "DELETE", "/V1/configurable-products/V/children/V-B", ""), 404)
	failure(t, do(t, s, "POST", "/V1/configurable-products/V-B/child", `{"childSku":"V-A"}`), 400)
	// An option makes a simple product a configurable one.
	id := decode[int64](t, do(t, s, "POST", "/V1/configurable-products/V-TWIN/options", `{"option":{"attribute_id":"144","label":"Size","position":0,"values":[{"value_index":166}]}}`))
	if p := s.Product(twin); p.Type != TypeConfigurable || p.Options[0].ID != id {
		t.Errorf("%+v", p)
	}
	failure(t, do(t, s, "POST", "/V1/configurable-products/V/options", `{"option":{"attribute_id":"144","label":"Size"}}`), 400)
}

func TestPricesInBulk(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	parent := s.Products()[0].SKU
	r := do(t, s, "POST", "/V1/products/base-prices", `{"prices":[{"price":9.99,"store_id":0,"sku":"AB/15"},{"price":1,"store_id":0,"sku":"nothing"},{"price":1,"store_id":0,"sku":"`+parent+`"},{"price":-1,"store_id":0,"sku":"24-MB00021"}]}`)
	if r.status != 200 || strings.Count(r.body, msgPriceRow) != 3 || !strings.Contains(r.body, `{"fieldName":"SKU","fieldValue":"nothing"}`) || s.ProductBySKU("AB/15").Price != "9.99" {
		t.Errorf("%d %s", r.status, r.body)
	}
	special := `{"prices":[{"price":%s,"store_id":%d,"sku":"AB/15","price_from":"2026-01-02 00:00:00","price_to":"%s"}]}`
	if r := do(t, s, "POST", "/V1/products/special-price", fmt.Sprintf(special, "8.5", 0, "")); r.body != "[]" {
		t.Errorf("%s", r.body)
	}
	if p := s.ProductBySKU("AB/15"); p.Attribute("special_price") != "8.500000" || p.Attribute("special_from_date") != "2026-01-02 00:00:00" {
		t.Errorf("%+v", p.Attributes)
	}
	for _, bad := range []string{fmt.Sprintf(special, "8", 1, ""), fmt.Sprintf(special, "-8", 0, ""), fmt.Sprintf(special, "8", 0, "2026-05-01")} {
		if r := do(t, s, "POST", "/V1/products/special-price", bad); r.status != 200 || !strings.Contains(r.body, "Row ID: SKU = %SKU") {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	do(t, s, "POST", "/V1/products/special-price-delete", fmt.Sprintf(special, "9", 0, ""))
	if s.ProductBySKU("AB/15").Attribute("special_price") == "" {
		t.Error("another price than the one named was removed")
	}
	do(t, s, "POST", "/V1/products/special-price-delete", fmt.Sprintf(special, "8.5", 0, ""))
	if p := s.ProductBySKU("AB/15"); p.Attribute("special_price") != "" || p.Attribute("special_from_date") != "" {
		t.Errorf("%+v", p.Attributes)
	}
	if r := do(t, s, "POST", "/V1/products/cost", `{"prices":[{"cost":2,"store_id":0,"sku":"AB/15"}]}`); r.body != "[]" || s.ProductBySKU("AB/15").Attribute("cost") != "2.000000" {
		t.Errorf("%s", r.body)
	}
	wantEffects(t, s, "product.update AB/15", "product.update AB/15", "product.update AB/15", "product.update AB/15")
}
