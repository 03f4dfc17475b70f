package sallatest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestProductsAreHeldBackUntilTheyCanBeSold(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	image := `,"images":[{"original":"https://example.com/a.jpg"}]`
	for _, tt := range []struct{ name, more, want string }{
		{"neither image nor stock", ``, "hidden"},
		{"stock alone", `,"quantity":3,"status":"sale"`, "hidden"},
		{"an image alone", image + `,"status":"sale"`, "out"},
		{"both", image + `,"quantity":3`, "sale"},
		{"both, though out was asked for", image + `,"quantity":3,"status":"out"`, "sale"},
		{"both, and hidden on purpose", image + `,"quantity":3,"status":"hidden"`, "hidden"},
		{"an image and no end of stock", image + `,"unlimited_quantity":true`, "sale"},
	} {
		put(t, s, "POST", "/products", `{"name":"x","price":10.5,"product_type":"product"`+tt.more+`}`, 201)
		if p := s.Products()[0]; p.Status != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, p.Status, tt.want)
		}
	}
	put(t, s, "POST", "/products", `{"name":"x","price":1,"product_type":"product"}`, 201)
	p := s.Products()[0]
	attach(t, s, p.ID, "https://example.com/b.jpg", 201)
	if got := s.Product(p.ID); got.Status != "out" || len(got.Images) != 1 || !got.Images[0].Main {
		t.Errorf("with an image it is %s: %+v", got.Status, got.Images)
	}
	put(t, s, "POST", "/products/quantities/bulk", bulkRow("id", p.ID, `"quantity":2`), 201)
	s.FinishQueued()
	if got := s.Product(p.ID); got.Status != "sale" {
		t.Errorf("with stock too it is %s", got.Status)
	}
}

func bulkRow(kind string, id int64, more string) string {
	return fmt.Sprintf(`{"products":[{"identifer_type":%q,"identifer":"%d",%s}]}`, kind, id, more)
}

// attach sends the form of an image and returns its id.
func attach(t testing.TB, s *Server, product int64, original string, want int) int64 {
	t.Helper()
	body := "--b\r\nContent-Disposition: form-data; name=\"original\"\r\n\r\n" + original + "\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"alt\"\r\n\r\nصورة\r\n--b--\r\n"
	r, err := http.NewRequestWithContext(t.Context(), "POST", "https://"+APIHost+apiPrefix+"/products/"+itoa64(product)+"/images", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.Token())
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	res, err := roundTrip(s.Client(), r)
	if err != nil || res.status != want {
		t.Fatalf("attach: %d %s %v", res.status, res.body, err)
	}
	return decode[struct{ Data struct{ ID int64 } }](t, res).Data.ID
}

func TestOnlyNamedFieldsChange(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Clock: newClock().now, Products: 60, Orders: 10, Customers: 10})
	id := find(t, s, func(p *Product) bool { return counted(p) && p.SalePrice != "" && p.Brand != nil && len(p.Tags) > 0 }).ID
	path := "/products/" + itoa64(id)
	for _, tt := range []struct {
		name, body string
		change     func(*Product)
	}{
		{"name", `{"name":"شماغ"}`, func(p *Product) { p.Name, p.NameEN = "شماغ", "" }},
		{"list price under a sale", `{"price":99.5}`, func(p *Product) { p.RegularPrice = "99.5" }},
		{"sale price", `{"sale_price":"80.00"}`, func(p *Product) { p.SalePrice, p.Price = "80.00", "80.00" }},
		{"no sale price", `{"sale_price":0}`, func(p *Product) { p.SalePrice, p.Price = "", p.RegularPrice }},
		{"empty texts", `{"description":"","sku":"","mpn":null,"gtin":""}`, func(p *Product) { p.Description, p.SKU, p.MPN, p.GTIN = "", "", "", "" }},
		{"empty cost", `{"cost_price":null}`, func(p *Product) { p.CostPrice = "" }},
		{"no brand", `{"brand_id":null}`, func(p *Product) { p.Brand = nil }},
		{"a brand", `{"brand_id":883017162}`, func(p *Product) { p.Brand = &Ref{883017162, "بربري"} }},
		{"tags replace tags", `{"tags":[1298199463]}`, func(p *Product) { p.Tags = []Ref{{1298199463, "صيف"}} }},
		{"no tags", `{"tags":[]}`, func(p *Product) { p.Tags = nil }},
		{"categories replace categories", `{"categories":[601049212,558898595]}`, func(p *Product) {
			p.Categories = []Ref{{601049212, "أطعمة"}, {558898595, "الهدايا"}}
		}},
		{"quantity", `{"quantity":7}`, func(p *Product) { p.Quantity = 7 }},
		{"no end of stock", `{"unlimited_quantity":true}`, func(p *Product) { p.Unlimited = true }},
		{"a quantity of what is unlimited", `{"quantity":70}`, func(*Product) {}},
		{"the same again", `{"name":"شماغ","price":"99.5"}`, func(*Product) {}},
		{"hidden by the switch that shows", `{"show_in_web":true}`, func(p *Product) { p.Status = "hidden" }},
		{"for search engines", `{"metadata_title":"t","metadata_description":"d"}`, func(p *Product) { p.MetaTitle, p.MetaText = "t", "d" }},
	} {
		want := s.snapshot()
		for _, p := range want.Products {
			if p.ID == id {
				tt.change(p)
			}
		}
		put(t, s, "PUT", path, tt.body, 201)
		got := s.snapshot()
		want.Effects = got.Effects
		for i, p := range got.Products {
			want.Products[i].UpdatedAt = p.UpdatedAt
		}
		if diff := want.diff(got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	counts(t, s, "a field that is so already", 0, func() { put(t, s, "PUT", path, `{"price":99.5}`, 201) })
	counts(t, s, "a field that is not", 1, func() { put(t, s, "PUT", path, `{"price":99}`, 201) })
	counts(t, s, "the status deleted", 1, func() { put(t, s, "PUT", path, `{"status":"deleted"}`, 201) })
	if s.Product(id) != nil {
		t.Error("the status deleted leaves the product")
	}
}

func TestProductsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 60, Orders: 10, Customers: 10})
	p := find(t, s, counted)
	other := find(t, s, func(o *Product) bool { return counted(o) && o.SKU != p.SKU })
	path := "/products/" + itoa64(p.ID)
	full := func(change string) string { return `{"name":"x","price":1,"product_type":"product",` + change + `}` }
	refuseAll(t, s, []refusal{
		{"nothing", "POST", "/products", `{}`, 422, `"product_type":["حقل product_type مطلوب."]`},
		{"no JSON", "POST", "/products", `[]`, 400, "Bad Request"},
		{"a type there is not", "POST", "/products", `{"name":"x","price":1,"product_type":"simple"}`, 422, "product_type"},
		{"a SKU that is taken", "POST", "/products", full(`"sku":"` + p.SKU + `"`), 422, `"sku"`},
		{"a negative price", "POST", "/products", `{"name":"x","price":-1,"product_type":"product"}`, 422, `"price"`},
		{"a price in words", "PUT", path, `{"price":"cheap"}`, 422, `"price"`},
		{"a price as money", "PUT", path, `{"price":{"amount":1,"currency":"SAR"}}`, 422, `"price"`},
		{"no price", "PUT", path, `{"price":null}`, 422, `"price"`},
		{"no name", "PUT", path, `{"name":""}`, 422, `"name"`},
		{"the other's SKU", "PUT", path, `{"sku":"` + other.SKU + `"}`, 422, `"sku"`},
		{"a status there is not", "PUT", path, `{"status":"active"}`, 422, `"status"`},
		{"a broken quantity", "PUT", path, `{"quantity":1.5}`, 422, `"quantity"`},
		{"an unknown tag", "PUT", path, `{"tags":[7]}`, 422, `"tags"`},
		{"an unknown brand", "PUT", path, `{"brand_id":7}`, 422, `"brand_id"`},
		{"an unknown channel", "PUT", path, `{"channels":["shop"]}`, 422, `"channels"`},
		{"an unknown unit", "PUT", path, `{"weight_type":"stone"}`, 422, `"weight_type"`},
		{"a date of another form", "PUT", path, `{"sale_end":"1/2/2027"}`, 422, `"sale_end"`},
		{"another type", "PUT", path, `{"product_type":"digital"}`, 422, `"product_type"`},
		{"an unknown product", "PUT", "/products/7", `{"name":"x"}`, 404, ""},
		{"an unknown SKU", "PUT", "/products/sku/none", `{"name":"x"}`, 404, ""},
		{"deleting an unknown one", "DELETE", "/products/7", "", 404, ""},
		{"a status by itself", "POST", path + "/status", `{"status":"deleted"}`, 422, `"status"`},
		{"a price by SKU without one", "POST", "/products/sku/" + p.SKU + "/price", `{}`, 422, `"price"`},
		{"too many variants", "POST", "/products", full(`"options":[` + manyOptions(12, 12) + `]`), 422, `"options"`},
		{"an option without a name", "POST", path + "/options", `{"values":[{"name":"a"}]}`, 422, "validation_failed"},
		{"prices of nothing", "POST", "/products/prices/bulkPrice", `{}`, 422, `"products"`},
		{"a row without its price", "POST", "/products/prices/bulkPrice", `{"products":[{"id":1}]}`, 422, `"products.0.price":["حقل products.0.price مطلوب."]`},
		{"no operation", "POST", "/products/actions", `{}`, 422, `"operations"`},
		{"an operation there is not", "POST", "/products/actions", `{"operations":[{"action_name":"x"}]}`, 422, "The selected operations.0.action_name is invalid."},
		{"a formula of one's own", "POST", "/products/actions", `{"operations":[{"action_name":"pricing","value":{"column":"price","formula":"price * 2","amount":1}}]}`, 422, "formula"},
		{"a tag without a name", "POST", "/products/tags", "", 422, `"tag_name"`},
		{"a brand without a name", "POST", "/brands", `{}`, 422, `"name"`},
	})
}

func manyOptions(sizes ...int) string {
	var options []string
	for i, n := range sizes {
		var values []string
		for j := range n {
			values = append(values, fmt.Sprintf(`{"name":"v%d"}`, j))
		}
		options = append(options, fmt.Sprintf(`{"name":"o%d","values":[%s]}`, i, strings.Join(values, ",")))
	}
	return strings.Join(options, ",")
}

func TestOptionsMakeVariants(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	put(t, s, "POST", "/products", `{"name":"x","price":10,"product_type":"product","quantity":4,"images":[{"original":"https://e.example/a"}],"options":[`+manyOptions(2, 3)+`]}`, 201)
	p := s.Products()[0]
	if len(p.Variants) != 6 || p.Quantity != 4 || p.Status != "sale" || !p.Variants[0].Unlimited || p.Variants[0].Price != "10" || p.Variants[0].SKU != "" {
		t.Fatalf("made %+v", p)
	}
	path := "/products/options/" + itoa64(p.Options[0].ID)
	put(t, s, "POST", path, `{"name":"v2","price":5}`, 201)
	q := s.Product(p.ID)
	kept := slices.ContainsFunc(q.Variants, func(v Variant) bool { return v.ID == p.Variants[5].ID })
	if len(q.Variants) != 9 || !kept {
		t.Errorf("a value more: %d variants, the old ones kept: %v", len(q.Variants), kept)
	}
	put(t, s, "DELETE", "/products/options/values/"+itoa64(p.Options[0].Values[0].ID), "", 202)
	if q = s.Product(p.ID); len(q.Variants) != 6 || slices.ContainsFunc(q.Variants, func(v Variant) bool { return v.ID == p.Variants[0].ID }) {
		t.Errorf("a value less: %d variants", len(q.Variants))
	}
	put(t, s, "PUT", "/products/options/values/"+itoa64(q.Options[0].Values[0].ID), `{"name":"other"}`, 201)
	if r := s.Product(p.ID); r.Options[0].Values[0].Name != "other" || r.Variants[0].ID != q.Variants[0].ID {
		t.Error("a value's new name makes new variants")
	}
	put(t, s, "PUT", path, `{"name":"Colour"}`, 201)
	if r := s.Product(p.ID); r.Options[0].Name != "Colour" || r.Variants[0].ID != q.Variants[0].ID {
		t.Error("an option's new name makes new variants")
	}
	put(t, s, "PUT", path, `{"values":[{"name":"v1"},{"name":"other"}]}`, 201)
	if r := s.Product(p.ID); len(r.Variants) != 6 || r.Variants[0].ID == q.Variants[0].ID {
		t.Error("a list of values leaves the variants of the old ones")
	}
	body := put(t, s, "POST", "/products/"+itoa64(p.ID)+"/options", `{"name":"third","values":[{"name":"only"}]}`, 201)
	var made struct {
		Data struct {
			ID   int64
			Skus []struct{ ID int64 }
		}
	}
	if err := json.Unmarshal([]byte(body), &made); err != nil || len(made.Data.Skus) != 6 {
		t.Errorf("%v %s", err, body)
	}
	put(t, s, "DELETE", "/products/options/"+itoa64(made.Data.ID), "", 202)
	put(t, s, "GET", "/products/options/"+itoa64(made.Data.ID), "", 404)
	put(t, s, "GET", path, "", 200)
	put(t, s, "GET", "/products/options/values/"+itoa64(s.Product(p.ID).Options[0].Values[0].ID), "", 200)
	seeded := find(t, s, varied)
	counts(t, s, "a value of a seeded product", 1, func() {
		put(t, s, "POST", "/products/options/"+itoa64(seeded.Options[0].ID), `{"name":"new"}`, 201)
	})
	after := s.Product(seeded.ID)
	if len(after.Variants) != 8 || after.Quantity != seeded.Quantity {
		t.Errorf("%d variants with a stock of %d, was %d", len(after.Variants), after.Quantity, seeded.Quantity)
	}
	for _, v := range after.Variants {
		put(t, s, "GET", "/products/variants/"+itoa64(v.ID), "", 200)
	}
}

func TestImages(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := find(t, s, func(p *Product) bool { return len(p.Images) > 1 })
	counts(t, s, "the same image twice", 2, func() {
		attach(t, s, p.ID, "https://e.example/a", 201)
		attach(t, s, p.ID, "https://e.example/a", 201)
	})
	put(t, s, "DELETE", "/products/images/"+itoa64(p.Images[0].ID), "", 202)
	put(t, s, "DELETE", "/products/images/"+itoa64(p.Images[0].ID), "", 404)
	for n := len(s.Product(p.ID).Images); n < maxImages; n++ {
		attach(t, s, p.ID, "https://e.example/b", 201)
	}
	attach(t, s, p.ID, "https://e.example/c", 422)
	if got := s.Product(p.ID); len(got.Images) != maxImages || got.Images[len(got.Images)-1].Alt != "صورة" {
		t.Errorf("%d images", len(got.Images))
	}
}

func TestBulkWorkOnProducts(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, QueueRequests: 3})
	a, b := find(t, s, counted), find(t, s, varied)
	put(t, s, "POST", "/products/prices/bulkPrice", fmt.Sprintf(`{"products":[{"id":%d,"price":500,"sale_price":400},{"id":%d,"price":300},{"id":7,"price":1}]}`, a.ID, b.ID), 201)
	for range 2 {
		get(t, s, "/store/info")
		if p := s.Product(a.ID); p.RegularPrice == "500" {
			t.Fatal("what is queued is done at once")
		}
	}
	get(t, s, "/store/info")
	if p, q := s.Product(a.ID), s.Product(b.ID); p.Price != "400" || q.RegularPrice != "300" || q.SalePrice != b.SalePrice || q.Variants[0].Price != b.Variants[0].Price {
		t.Errorf("prices %s and %s", p.Price, q.RegularPrice)
	}
	if e := endpoints(s, 0); len(e) != 2 {
		t.Errorf("effects %v", e)
	}
	ids := fmt.Sprintf(`"filters":{"ids":[%d,%d]}`, a.ID, b.ID)
	body := put(t, s, "POST", "/products/actions", `{"operations":[{"action_name":"pricing","value":{"column":"price","formula":"price + (price * amount /100 )","amount":10}}],`+ids+`}`, 200)
	if !strings.Contains(body, `"status":"in_progress"`) || s.Product(a.ID).RegularPrice != "500" {
		t.Errorf("many are changed at once: %s", body)
	}
	if s.FinishQueued(); s.Product(a.ID).RegularPrice != "550.00" {
		t.Errorf("550 is %s", s.Product(a.ID).RegularPrice)
	}
	one := fmt.Sprintf(`"filters":{"ids":[%d]}`, a.ID)
	put(t, s, "POST", "/products/actions", `{"operations":[{"action_name":"features","value":{"tags":[566146469]}},{"action_name":"sale-channels","value":{"channels":["app"]}}],`+one+`}`, 200)
	if p := s.Product(a.ID); len(p.Tags) != 1 || !slices.Equal(p.Channels, []string{"app"}) {
		t.Errorf("one is not changed at once: %+v", p)
	}
	put(t, s, "DELETE", "/products/"+itoa64(a.ID), "", 202)
	put(t, s, "POST", "/products/actions", `{"operations":[{"action_name":"restore"}],`+one+`}`, 200)
	if p := s.Product(a.ID); p == nil || p.RegularPrice != "550.00" || s.Products()[0].ID != a.ID {
		t.Error("a product is not restored")
	}
	n := len(s.Products())
	put(t, s, "POST", "/products/actions", `{"operations":[{"action_name":"duplicate"}],"filters":{"ids":[`+itoa64(b.ID)+`]}}`, 200)
	copied := s.Products()[0]
	if len(s.Products()) != n+1 || copied.Name != b.Name || copied.Variants[0].ID == b.Variants[0].ID {
		t.Errorf("a copy %+v", copied)
	}
	for _, v := range copied.Variants {
		put(t, s, "GET", "/products/variants/"+itoa64(v.ID), "", 200)
	}
	s.LoseQueued(1)
	counts(t, s, "work that is lost", 0, func() {
		put(t, s, "POST", "/products/prices/bulkPrice", `{"products":[{"id":`+itoa64(a.ID)+`,"price":1}]}`, 201)
	})
}

func TestTagsAndBrands(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	tag := "/products/tags?tag_name=" + url.QueryEscape("شتاء 🧣")
	counts(t, s, "a tag twice", 1, func() {
		if a, b := put(t, s, "POST", tag, "", 200), put(t, s, "POST", tag, "", 200); a != b {
			t.Errorf("%s\n%s", a, b)
		}
	})
	counts(t, s, "a brand twice", 2, func() {
		put(t, s, "POST", "/brands", `{"name":"سوق"}`, 201)
		put(t, s, "POST", "/brands", `{"name":"سوق"}`, 201)
	})
	if list := put(t, s, "GET", "/products/tags", "", 200); !strings.Contains(list, `"pagenation":`) || strings.Contains(list, `"pagination":`) || !strings.Contains(list, "شتاء") {
		t.Error(list)
	}
	if l := decode[listing](t, get(t, s, "/brands?keyword="+url.QueryEscape("سوق"))); l.Pagination.Total != 2 {
		t.Errorf("brands %+v", l)
	}
}
