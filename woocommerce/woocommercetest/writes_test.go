package woocommercetest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type productJSON struct {
	ID                             int64
	Name, Type, Status, SKU, Price string
	Regular                        string   `json:"regular_price"`
	Sale                           string   `json:"sale_price"`
	Manage                         any      `json:"manage_stock"`
	Quantity                       any      `json:"stock_quantity"`
	Stock                          string   `json:"stock_status"`
	Modified                       string   `json:"date_modified_gmt"`
	Meta                           []object `json:"meta_data"`
	ParentID                       int64    `json:"parent_id"`
}

func TestPricesAreCleanedNotRefused(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	at := "/products/" + itoa64(s.AddProduct(Product{Name: "x", RegularPrice: "5"}).ID)
	for sent, kept := range map[string]string{
		"12.50": "12.50", "12,50": "1250", "1,299.50": "1299.50", "1.234,50": "1.23450", "1e3": "13", "abc": "", "-5": "-5",
	} {
		p := decode[productJSON](t, do(t, s, "PUT", at, fmt.Sprintf(`{"regular_price":%q}`, sent)))
		if p.Regular != kept {
			t.Errorf("%s is kept as %q, want %q", sent, p.Regular, kept)
		}
	}
	if n := len(s.Violations()); n != 6 {
		t.Errorf("%d violations: %q", n, s.Violations())
	}
	p := decode[productJSON](t, do(t, s, "PUT", at, `{"regular_price":"10","sale_price":"10"}`))
	if p.Sale != "" || p.Price != "10" {
		t.Errorf("a sale price no lower than the price: %+v", p)
	}
	batch := decode[map[string][]productJSON](t, do(t, s, "POST", "/products/batch", `{"update":[{"id":`+at[10:]+`,"regular_price":12.5}]}`))
	if got := batch["update"][0].Regular; got != "12.5" {
		t.Errorf("a number in a batch: %q", got)
	}
}

func TestWritesOfAProduct(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{TB: t, Clock: clock.now})
	r := do(t, s, "POST", "/products", `{"name":"A & B <script>x</script>","sku":"N-1","regular_price":"9.90","stock_quantity":3,
		"meta_data":[{"key":"f","value":1.1},{"key":"o","value":{"a":[1,{}]}},{"key":"n","value":null}]}`)
	p := decode[productJSON](t, r)
	if r.status != 201 || p.Name != "A &amp; B " || p.Quantity != nil || p.Status != "publish" || len(p.Meta) != 2 || p.Meta[0]["value"] != "1.1" {
		t.Errorf("%d %+v", r.status, p)
	}
	if want := s.StoreURL() + products + "/" + itoa64(p.ID); r.header.Get("Location") != want {
		t.Errorf("Location %s", r.header.Get("Location"))
	}
	at := "/products/" + itoa64(p.ID)
	clock.add(5 * time.Second)
	again := decode[productJSON](t, do(t, s, "PUT", at, `{}`))
	if again.Modified == p.Modified {
		t.Error("an empty PUT moves the date of change")
	}
	p = decode[productJSON](t, do(t, s, "POST", at, `{"manage_stock":true,"stock_quantity":"7","stock_status":"outofstock","meta_data":[{"key":"f","value":null}]}`))
	if fmt.Sprintf("%v %s %d", p.Quantity, p.Stock, len(p.Meta)) != "7 instock 1" {
		t.Errorf("%+v", p)
	}
	f := fails(t, do(t, s, "PUT", at, `{"stock_quantity":2.5,"name":7}`), 400, "rest_invalid_param")
	if !strings.Contains(f.Message, "name, stock_quantity") {
		t.Error(f.Message)
	}
	dup := fails(t, do(t, s, "POST", "/products", `{"sku":"n-1"}`), 400, "product_invalid_sku")
	if !strings.Contains(string(dup.Data), `"resource_id":`+itoa64(p.ID)) {
		t.Errorf("%s", dup.Data)
	}
	for _, method := range []string{"DELETE", "POST _method", "POST header"} {
		q := decode[productJSON](t, do(t, s, "POST", "/products", `{"name":"gone"}`))
		path := "/products/" + itoa64(q.ID)
		switch method {
		case "DELETE":
			r = do(t, s, "DELETE", path, "")
		case "POST _method":
			r = do(t, s, "POST", path+"?_method=DELETE", "")
		default:
			req := request(t, "POST", s.StoreURL()+"/wp-json/wc/v3"+path)
			req.SetBasicAuth(s.ConsumerKey(), s.ConsumerSecret())
			req.Header.Set("X-HTTP-Method-Override", "DELETE")
			r = reach(t, s, req)
		}
		if got := decode[productJSON](t, r); r.status != 200 || got.Status != "publish" || s.Product(q.ID).Status != "trash" {
			t.Errorf("%s: %d %+v", method, r.status, got)
		}
		fails(t, do(t, s, "DELETE", path, ""), 410, "woocommerce_rest_already_trashed")
		if r = do(t, s, "DELETE", path+"?force=true", ""); r.status != 200 || s.Product(q.ID) != nil {
			t.Errorf("%s: forced %d", method, r.status)
		}
	}
	do(t, s, "DELETE", at, "")
	fails(t, do(t, s, "POST", "/products", `{"sku":"N-1"}`), 400, "woocommerce_rest_product_not_created")
}

func TestVariationsAndTheirParentsStock(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{TB: t, Clock: clock.now})
	colors := Attribute{ID: 1, Name: "Color", Slug: "pa_color", Variation: true, Options: []string{"Red", "Blue"}}
	parent := s.AddProduct(Product{Name: "Hat", SKU: "HAT", ManageStock: true, StockQuantity: 9, Attributes: []Attribute{colors}, Variations: []Variation{
		{RegularPrice: "12", ManageStock: StockParent, Choices: []Choice{{1, "Color", "pa_color", "Red"}}}, {RegularPrice: "7", SKU: "HAT-2"},
	}})
	at := "/products/" + itoa64(parent.ID)
	v := decode[[]productJSON](t, get(t, s, at+"/variations?orderby=id&order=asc"))
	if v[0].Manage != "parent" || fmt.Sprint(v[0].Quantity) != "9" || v[0].SKU != "HAT" || v[0].Name != "Red" || v[1].Manage != false || v[1].Quantity != nil {
		t.Errorf("%+v", v)
	}
	if p := decode[productJSON](t, get(t, s, at)); p.Price != "7" || p.Regular != "" {
		t.Errorf("%+v", p)
	}
	clock.add(time.Minute)
	fails(t, do(t, s, "PUT", "/products/"+itoa64(v[1].ID), `{"name":"x"}`), 404, "woocommerce_rest_invalid_product_id")
	fails(t, do(t, s, "DELETE", "/products/"+itoa64(v[1].ID), ""), 404, "woocommerce_rest_invalid_product_id")
	do(t, s, "PUT", at+"/variations/"+itoa64(v[1].ID), `{"manage_stock":true,"stock_quantity":4}`)
	whole := decode[productJSON](t, get(t, s, "/products/"+itoa64(v[1].ID)))
	if whole.Type != "variation" || whole.ParentID != parent.ID || fmt.Sprint(whole.Quantity) != "4" {
		t.Errorf("%+v", whole)
	}
	after := s.Product(parent.ID)
	if !after.ModifiedAt.Equal(clock.now()) || !after.Variations[1].ModifiedAt.Equal(clock.now()) || after.Variations[0].ModifiedAt.Equal(clock.now()) {
		t.Error("a change of a variation moves its product, not its siblings")
	}
	if got := walk(t, s, "/variations?modified_after="+clock.now().Add(-time.Second).Format(time.RFC3339)); len(got) != 1 || got[0] != v[1].ID {
		t.Errorf("changed variations %v", got)
	}
	made := decode[productJSON](t, do(t, s, "POST", at+"/variations", `{"regular_price":"3","sku":"HAT-3","attributes":[{"id":1,"option":"Blue"}]}`))
	if made.SKU != "HAT-3" || len(s.Product(parent.ID).Variations) != 3 {
		t.Errorf("%+v", made)
	}
	path := at + "/variations/" + itoa64(made.ID)
	if r := do(t, s, "DELETE", path, ""); r.status != 200 {
		t.Error(r.status, r.body)
	}
	if n := len(walk(t, s, at+"/variations")); n != 2 {
		t.Errorf("%d variations beside one in the trash", n)
	}
	fails(t, do(t, s, "PUT", at+"/variations/5", `{}`), 400, "woocommerce_rest_product_variation_invalid_id")
	old := start(t, &Config{Version: "10.2.1"})
	fails(t, get(t, old, "/variations"), 404, "rest_no_route")
}

type orderJSON struct {
	ID                              int64
	Status, Total, Currency, Number string
	Items                           []struct {
		ID      int64
		Total   string
		Price   any
		SKU     any
		Product int64 `json:"product_id"`
	} `json:"line_items"`
	Refunds []struct{ Total, Reason string }
	Paid    any `json:"date_paid"`
}

func TestOrdersMoveStock(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := s.AddProduct(Product{Name: "Cup", RegularPrice: "10.00", ManageStock: true, StockQuantity: 5, SKU: "CUP"})
	left := func() int { return s.Product(p.ID).StockQuantity }
	r := do(t, s, "POST", "/orders", `{"currency":"USD","line_items":[{"sku":"CUP","quantity":2},{"product_id":99}],"shipping_lines":[{"method_title":"Post","method_id":"flat_rate","total":"5.00"}]}`)
	o := decode[orderJSON](t, r)
	if r.status != 201 || o.Total != "25.00" || o.Currency != "USD" || o.Status != "pending" || o.Items[1].Total != "0.00" || o.Number != itoa64(o.ID) || left() != 5 {
		t.Errorf("%d %+v", r.status, o)
	}
	if o.ID <= p.ID {
		t.Errorf("order %d after product %d: one sequence", o.ID, p.ID)
	}
	at := "/orders/" + itoa64(o.ID)
	for _, step := range []struct {
		status string
		left   int
	}{{"processing", 3}, {"completed", 3}, {"cancelled", 5}, {"completed", 3}, {"failed", 3}, {"pending", 5}} {
		o = decode[orderJSON](t, do(t, s, "PUT", at, fmt.Sprintf(`{"status":%q}`, step.status)))
		if o.Status != step.status || left() != step.left {
			t.Errorf("%s: %s, %d left", step.status, o.Status, left())
		}
	}
	o = decode[orderJSON](t, do(t, s, "PUT", at, `{"set_paid":true,"line_items":[{"product_id":`+itoa64(p.ID)+`},{"id":`+itoa64(o.Items[0].ID)+`,"quantity":0}]}`))
	if o.Status != "processing" || o.Paid == nil || len(o.Items) != 2 || o.Total != "15.00" {
		t.Errorf("%+v", o)
	}
	if d := decode[orderJSON](t, get(t, s, at+"?dp=4")); d.Total != "15.0000" {
		t.Errorf("dp=4 gives %s", d.Total)
	}
	notes := decode[[]object](t, get(t, s, at+"/notes"))
	before := s.Order(o.ID).ModifiedAt
	note := do(t, s, "POST", at+"/notes", `{"note":"","customer_note":true}`)
	if more := decode[[]object](t, get(t, s, at+"/notes")); note.status != 201 || len(more) != len(notes)+1 || !s.Order(o.ID).ModifiedAt.Equal(before) {
		t.Errorf("a note: %d, %d notes", note.status, len(more))
	}
	fails(t, get(t, s, "/orders/1/notes"), 404, "woocommerce_rest_order_invalid_id")
}

func TestRefunds(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := s.AddProduct(Product{Name: "Cup", RegularPrice: "10.00", ManageStock: true, StockQuantity: 5})
	o := s.AddOrder(Order{Status: "completed", Total: "20.00", Items: []LineItem{{Name: "Cup", ProductID: p.ID, Quantity: 2, Subtotal: "20.00"}}})
	at := "/orders/" + itoa64(o.ID)
	fails(t, do(t, s, "POST", at+"/refunds", `{"amount":"5"}`), 500, "woocommerce_rest_cannot_create_order_refund")
	r := do(t, s, "POST", at+"/refunds", `{"api_refund":false,"reason":"broken","line_items":[{"id":`+itoa64(o.Items[0].ID)+`,"quantity":1,"refund_total":10}]}`)
	f := decode[struct {
		ID     int64
		Amount string
		Lines  []struct {
			Quantity int
			Total    string
		} `json:"line_items"`
	}](t, r)
	if r.status != 201 || f.Amount != "10.00" || f.Lines[0].Quantity != -1 || f.Lines[0].Total != "-10.00" || s.Product(p.ID).StockQuantity != 4 {
		t.Errorf("%d %s, %d left", r.status, r.body, s.Product(p.ID).StockQuantity)
	}
	do(t, s, "POST", at+"/refunds", `{"api_refund":false,"amount":"10.00"}`)
	got := decode[orderJSON](t, get(t, s, at))
	if got.Status != "refunded" || len(got.Refunds) != 2 || got.Refunds[1].Total != "-10.00" || got.Refunds[1].Reason != "broken" {
		t.Errorf("%+v", got)
	}
	if list := walk(t, s, at+"/refunds"); len(list) != 2 || list[1] != f.ID {
		t.Errorf("refunds %v", list)
	}
	if r := get(t, s, "/orders/1/refunds"); r.body != "[]" {
		t.Errorf("refunds of no order: %s", r.body)
	}
	if f := fails(t, do(t, s, "POST", "/orders/1/refunds", `{}`), 500, "woocommerce_rest_invalid_order_id"); string(f.Data) != "404" {
		t.Errorf("data %s", f.Data)
	}
}

func TestBatchesValidateNothing(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	o := s.AddOrder(Order{Status: "completed"})
	r := do(t, s, "POST", "/orders/batch", `{"update":[{"id":`+itoa64(o.ID)+`,"status":"bogus"},{"id":5}],"delete":[6]}`)
	got := decode[map[string][]struct {
		ID     int64
		Status string
		Error  *failure
	}](t, r)
	if r.status != 200 || got["update"][0].Status != "pending" || got["update"][1].Error.Code != "woocommerce_rest_shop_order_invalid_id" || got["delete"][0].ID != 6 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if len(s.Violations()) != 1 {
		t.Errorf("violations %q", s.Violations())
	}
	if r := do(t, s, "POST", "/products/batch", `{}`); r.status != 200 || r.body != "[]" {
		t.Errorf("%d %s", r.status, r.body)
	}
	p := s.AddProduct(Product{Name: "x"})
	s.AddSubscription(Subscription{Topic: "product.deleted", DeliveryURL: "https://x.example.test"})
	do(t, s, "POST", "/products/batch", `{"delete":[`+strconv.FormatInt(p.ID, 10)+`]}`)
	if s.Product(p.ID) != nil || s.QueuedDeliveries() != 0 {
		t.Error("a batch deletes for good and tells nobody")
	}
}

func TestCustomers(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	r := do(t, s, "POST", "/customers", `{"email":"new@example.test","first_name":"نورة","billing":{"city":"جدة"}}`)
	u := decode[struct {
		ID       int64
		Username string
		Billing  map[string]string
	}](t, r)
	if r.status != 201 || u.Username != "new" || u.Billing["city"] != "جدة" {
		t.Errorf("%d %s", r.status, r.body)
	}
	fails(t, do(t, s, "POST", "/customers", `{"first_name":"x"}`), 400, "rest_missing_callback_param")
	if r := do(t, s, "DELETE", "/customers/"+itoa64(u.ID)+"?force=true", ""); r.status != 200 || s.Customer(u.ID) != nil {
		t.Error(r.status)
	}
	null := decode[[]object](t, get(t, s, "/customers?per_page=100&orderby=id"))
	nulls := 0
	for _, c := range null {
		if c["date_modified_gmt"] == nil {
			nulls++
		}
	}
	if nulls == 0 {
		t.Error("no customer without a date of change")
	}
	if d := cmp.Diff("customer", null[0]["role"]); d != "" {
		t.Error(d)
	}
}
