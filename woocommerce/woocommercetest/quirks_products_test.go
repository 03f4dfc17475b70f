package woocommercetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fieldsOf reads some fields of a record, as JSON would print them.
func fieldsOf(o object, names string) string {
	var parts []string
	for name := range strings.FieldsSeq(names) {
		parts = append(parts, fmt.Sprint(o[name]))
	}
	return strings.Join(parts, " ")
}

// What the store makes of values it does not keep as they are.
func TestWhatBecomesOfAProductsFields(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, c := range []struct {
		name, body, fields, want string
		violations               int
	}{
		{"a backslash goes", `{"name":"a\\b \\\\ c"}`, "name", `ab \ c`, 0},
		{"HTML stays, scripts go", `{"description":"<b>x</b><script>y</script> & z"}`, "description", "<b>x</b> &amp; z", 0},
		{"a SKU is one clean line", `{"sku":"  A \n B<i> "}`, "sku", "A B", 0},
		{"a barcode is digits and dashes", `{"global_unique_id":"EAN 628-1"}`, "global_unique_id", "628-1", 0},
		{"a quantity without management", `{"stock_quantity":3}`, "stock_quantity manage_stock", "<nil> false", 0},
		{"a managed status is derived", `{"manage_stock":true,"stock_quantity":0,"stock_status":"instock"}`, "stock_status", "outofstock", 0},
		{"backorders without management", `{"backorders":"notify"}`, "backorders backordered", "no false", 0},
		{"backorders with it", `{"manage_stock":true,"stock_quantity":-2,"backorders":"yes"}`, "stock_quantity stock_status", "-2 onbackorder", 0},
		{"a difference", `{"manage_stock":true,"stock_quantity":5}|{"inventory_delta":-2}`, "stock_quantity", "3", 0},
		{"management off loses the quantity", `{"manage_stock":true,"stock_quantity":5}|{"manage_stock":false}|{"manage_stock":true}`, "stock_quantity stock_status", "0 outofstock", 0},
		{"a variable product has no price", `{"type":"variable","regular_price":"5"}`, "regular_price price", " ", 0},
		{"nothing external about a simple one", `{"external_url":"https://x.example.test"}`, "external_url", "", 0},
		{"a sale ends when the price falls to it", `{"regular_price":"9","sale_price":"5"}|{"regular_price":"4"}`, "regular_price sale_price", "4 ", 0},
		{"null erases", `{"regular_price":"9"}|{"regular_price":null}`, "regular_price", "", 1},
		{"null of a number is none", `{"manage_stock":true,"stock_quantity":5}|{"stock_quantity":null}`, "stock_quantity", "0", 1},
		{"null of a date is ignored", `{"date_on_sale_to":null}`, "date_on_sale_to", "<nil>", 1},
		{"null of the low level is meant", `{"manage_stock":true,"low_stock_amount":4}|{"low_stock_amount":null}`, "low_stock_amount", "<nil>", 0},
		{"an unknown field", `{"price":"5"}`, "price", "", 1},
	} {
		bodies := strings.Split(c.body, "|")
		before := len(s.Violations())
		r := do(t, s, "POST", "/products", bodies[0])
		at := "/products/" + itoa64(decode[productJSON](t, r).ID)
		for _, body := range bodies[1:] {
			r = do(t, s, "PUT", at, body)
		}
		if got := fieldsOf(decode[object](t, r), c.fields); r.status >= 300 || got != c.want {
			t.Errorf("%s: %d, %s is %q, want %q", c.name, r.status, c.fields, got, c.want)
		}
		if n := len(s.Violations()) - before; n != c.violations {
			t.Errorf("%s: violations %q", c.name, s.Violations()[before:])
		}
		do(t, s, "DELETE", at+"?force=true", "")
	}
}

// Fields that are lists are replaced as a whole.
func TestListsOfAProductAreReplaced(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := decode[object](t, do(t, s, "POST", "/products", `{"name":"x","images":[{"src":"https://x.example.test/a.png?v=1","alt":"A"}],
		"tags":[{"name":"Fresh & new"},{"name":"fresh &amp; NEW"}],"categories":[],
		"attributes":[{"name":"Size","options":["S","M | L"],"variation":true}]}`))
	at := "/products/" + fmt.Sprint(p["id"])
	images, tags := p["images"].([]any), p["tags"].([]any)
	image := images[0].(object)
	if !strings.HasPrefix(fmt.Sprint(image["src"]), s.StoreURL()+"/wp-content/uploads/") || fieldsOf(image, "name alt") != "a A" {
		t.Errorf("the copied picture is %v", image)
	}
	if len(tags) != 1 || fieldsOf(tags[0].(object), "name slug") != "Fresh &amp; new fresh-new" {
		t.Errorf("tags %v", tags)
	}
	if c := p["categories"].([]any); len(c) != 1 {
		t.Errorf("categories %v, want the default one", c)
	}
	if a := p["attributes"].([]any)[0].(object); fmt.Sprint(a["options"]) != "[S M L]" || fmt.Sprint(a["position"]) != "0" {
		t.Errorf("attributes %v", a)
	}
	id := fmt.Sprint(image["id"])
	p = decode[object](t, do(t, s, "PUT", at, `{"images":[{"id":`+id+`,"alt":"B"},{"src":"https://x.example.test/a.png?v=1"}],"tags":[],"categories":[],"attributes":[]}`))
	if images = p["images"].([]any); len(images) != 2 || fieldsOf(images[0].(object), "id alt") != id+" B" || images[1].(object)["id"] == image["id"] {
		t.Errorf("pictures %v", images)
	}
	if len(p["tags"].([]any)) != 0 || len(p["categories"].([]any)) != 1 || len(p["attributes"].([]any)) != 0 {
		t.Errorf("%v %v %v", p["tags"], p["categories"], p["attributes"])
	}
	effects := len(s.Effects())
	fails(t, do(t, s, "PUT", at, `{"name":"y","images":[{"id":5}]}`), 400, "woocommerce_product_invalid_image_id")
	fails(t, do(t, s, "PUT", at, `{"name":"y","tags":[{"name":"none"}],"images":[{"src":"ftp://x/a.png"}]}`), 400, "woocommerce_product_image_upload_error")
	if d := cmp.Diff(p, decode[object](t, get(t, s, at))); d != "" || len(s.Effects()) != effects {
		t.Errorf("refused writes changed:\n%s", d)
	}
}

func TestCodesAreUnique(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	var one, other *Product
	for _, p := range s.Products() { // as seeded
		switch {
		case p.GlobalUniqueID == "" || len(p.Variations) > 0:
		case one == nil:
			one = p
		case other == nil:
			other = p
		}
	}
	at := "/products/" + itoa64(other.ID)
	f := fails(t, do(t, s, "PUT", at, fmt.Sprintf(`{"global_unique_id":%q}`, one.GlobalUniqueID)), 400, "product_invalid_global_unique_id")
	if string(f.Data) != fmt.Sprintf(`{"status":400,"resource_id":%d}`, one.ID) {
		t.Errorf("%s", f.Data)
	}
	fails(t, do(t, s, "PUT", at, fmt.Sprintf(`{"sku":%q}`, strings.ToLower(one.SKU))), 400, "product_invalid_sku")
	if err := s.TrashProduct(one.ID); err != nil {
		t.Fatal(err)
	}
	fails(t, do(t, s, "POST", "/products", fmt.Sprintf(`{"sku":%q}`, one.SKU)), 400, "woocommerce_rest_product_not_created")
	if r := do(t, s, "PUT", at, fmt.Sprintf(`{"sku":%q,"global_unique_id":%q}`, one.SKU, one.GlobalUniqueID)); r.status != 200 {
		t.Errorf("an update with the codes of a trashed product: %d %s", r.status, r.body)
	}
	fails(t, do(t, s, "POST", "/products", `{"id":5,"name":"x"}`), 400, "woocommerce_rest_product_exists")
}

func TestVariationsWritten(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	size := Attribute{Name: "Size", Slug: "Size", Variation: true, Options: []string{"S", "L"}}
	fit := Attribute{Name: "Fit", Slug: "Fit", Options: []string{"slim"}}
	p := s.AddProduct(Product{Name: "Hat", Type: "variable", Attributes: []Attribute{size, fit}})
	at := fmt.Sprintf("/products/%d/variations", p.ID)
	v := decode[object](t, do(t, s, "POST", at, `{"regular_price":"5","attributes":[{"name":"size","option":"S"},{"name":"Fit","option":"slim"},{"name":"Hue","option":"red"}],
		"image":{"src":"https://x.example.test/h.png"},"date_on_sale_to_gmt":"2027-01-01T00:00:00"}`))
	if got := fmt.Sprint(v["attributes"]); got != "[map[id:0 name:Size option:S slug:Size]]" || len(s.Violations()) != 2 {
		t.Errorf("attributes %s, %q", got, s.Violations())
	}
	if v["date_on_sale_to_gmt"] != "2027-01-01T00:00:00" || v["image"] == nil {
		t.Errorf("%v %v", v["date_on_sale_to_gmt"], v["image"])
	}
	one := at + "/" + fmt.Sprint(v["id"])
	do(t, s, "PUT", one, `{"menu_order":7}`)
	v = decode[object](t, do(t, s, "PUT", one, `{"menu_order":0,"image":{}}`))
	if fieldsOf(v, "menu_order image") != "7 <nil>" {
		t.Errorf("menu_order and image %s", fieldsOf(v, "menu_order image"))
	}
	// Of a product that manages the stock itself.
	do(t, s, "PUT", fmt.Sprintf("/products/%d", p.ID), `{"manage_stock":true,"stock_quantity":6}`)
	v = decode[object](t, do(t, s, "PUT", one, `{"stock_quantity":9}`))
	if fieldsOf(v, "manage_stock stock_quantity") != "parent 6" {
		t.Errorf("%s; the product's stock counts", fieldsOf(v, "manage_stock stock_quantity"))
	}
	v = decode[object](t, do(t, s, "PUT", one, `{"manage_stock":true,"stock_quantity":0}`))
	if fieldsOf(v, "manage_stock stock_quantity stock_status") != "true 0 outofstock" {
		t.Errorf("%s", fieldsOf(v, "manage_stock stock_quantity stock_status"))
	}
	if v = decode[object](t, do(t, s, "PUT", one, `{"manage_stock":"parent"}`)); v["manage_stock"] != "parent" {
		t.Errorf("%v", v["manage_stock"])
	}
	// The product follows when only its variations count.
	do(t, s, "PUT", one, `{"manage_stock":true,"stock_quantity":0}`)
	do(t, s, "PUT", fmt.Sprintf("/products/%d", p.ID), `{"manage_stock":false}`)
	for quantity, want := range map[string]string{"1": "instock", "0": "outofstock"} {
		do(t, s, "PUT", one, `{"stock_quantity":`+quantity+`}`)
		if got := s.Product(p.ID).Stock(); got != want {
			t.Errorf("with %s pieces the product is %s", quantity, got)
		}
	}
	other := s.AddProduct(Product{Name: "Simple"})
	wrong := fmt.Sprintf("/products/%d/variations", other.ID)
	fails(t, do(t, s, "PUT", wrong+"/"+fmt.Sprint(v["id"]), `{}`), 403, "woocommerce_rest_cannot_edit")
	fails(t, do(t, s, "DELETE", wrong+"/"+fmt.Sprint(v["id"]), ""), 404, "woocommerce_rest_product_variation_invalid_id")
	fails(t, do(t, s, "POST", "/products/5/variations", `{}`), 404, "woocommerce_rest_product_variation_invalid_parent")
	before := len(s.Violations())
	do(t, s, "POST", wrong, `{"regular_price":"5"}`)
	if o := decode[object](t, get(t, s, fmt.Sprintf("/products/%d", other.ID))); fieldsOf(o, "type variations") != "simple []" || len(s.Violations()) != before+1 {
		t.Errorf("a variation of a simple product: %s, %q", fieldsOf(o, "type variations"), s.Violations()[before:])
	}
	do(t, s, "DELETE", one, "")
	fails(t, do(t, s, "DELETE", one, ""), 410, "woocommerce_rest_already_trashed")
}
