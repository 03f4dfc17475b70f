package woocommerce_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// FuzzVerify: whatever is signed is read or refused as unreadable, and what is
// not signed is never accepted.
func FuzzVerify(f *testing.F) {
	for _, body := range []string{`{"id":439}`, `{"id":6,"type":"variation","parent_id":5,"date_modified_gmt":"2026-11-21T00:01:26"}`,
		`{"code":"woocommerce_rest_product_invalid_id","message":"Invalid ID.","data":{"status":404}}`, `[]`, ``, `{"id":{}}`, `webhook_id=1`} {
		f.Add([]byte(body), "product.created", "x")
	}
	f.Add([]byte(`{"id":6,"catalog_visibility":"visible","type":"simple","price":"1","variations":[]}`), "product.updated", "x")
	f.Add([]byte(`{"id":7,"status":"x","currency":"SAR","total":"1e9","line_items":[{"id":1,"quantity":"a"}],"refunds":[]}`), "order.updated", "x")
	f.Add([]byte(`{"id":8,"username":"a","billing":[],"date_modified_gmt":"0000-00-00"}`), "customer.created", "x")
	v := verifier(f, woocommerce.Config{}, hookSecret)
	server, engine := quick(f, woocommercetest.Config{Products: 1, Orders: -1, Customers: -1})
	if _, err := engine.Product(f.Context(), id(server.Products()[0].ID)); err != nil { // for the currency
		f.Fatal(err)
	}
	decoder := capability[catalog.EventDecoder](f, engine)
	f.Fuzz(func(t *testing.T, body []byte, topic, signature string) {
		good := catalog.Delivery{Method: "POST", Body: body, Header: http.Header{}}
		good.Header.Set("X-WC-Webhook-Topic", topic)
		good.Header.Set("X-WC-Webhook-Signature", woocommercetest.Sign(hookSecret, body))
		verdict, err := v.Verify(t.Context(), good)
		if (err == nil) != (len(verdict.Events) == 1) || err != nil && !errors.Is(err, catalog.ErrBadAnswer) {
			t.Errorf("signed: %+v, %v", verdict, err)
		}
		for _, e := range verdict.Events {
			catalogtest.DecodesSoundly(t, decoder, e)
		}
		if signature == woocommercetest.Sign(hookSecret, body) {
			return
		}
		forged := good
		forged.Header = good.Header.Clone()
		forged.Header.Set("X-WC-Webhook-Signature", signature)
		if verdict, err := v.Verify(t.Context(), forged); !errors.Is(err, catalog.ErrUnauthorized) || len(verdict.Events) > 0 {
			t.Errorf("signature %q: %+v, %v", signature, verdict, err)
		}
	})
}

// canned answers every request for records with one body, and what else an
// engine asks for as a store would.
type canned struct{ body []byte }

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	body := c.body
	switch {
	case bytes.Contains([]byte(r.URL.Path), []byte("/settings/")):
		body = []byte(`{"id":"x","value":"SAR"}`)
	case r.URL.Query().Has("_fields"):
		body = []byte(`{"routes":[]}`)
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}, "X-Wp-Total": {"1"}}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: r}, nil
}

// FuzzRecords: any answer is records, records with problems or an error, and
// what is read has sound amounts and its own bytes.
func FuzzRecords(f *testing.F) {
	for _, body := range []string{
		`[{"id":1,"name":"A &amp; B","type":"variable","status":"publish","date_modified_gmt":"2026-08-21T09:00:00","price":"00012.5","manage_stock":"parent","stock_quantity":-3,"attributes":[{"name":"x","variation":true,"options":["a"]}]}]`,
		`[{"id":2,"status":"completed","currency":"SAR","total":"10","line_items":[{"id":3,"quantity":3,"subtotal":"10.00","total":"9","price":3.3333,"sku":null,"meta_data":[{"key":"a","value":{"b":1}}]}],"refunds":[{"id":4,"total":"-1.00"}]}]`,
		`[{"id":5,"email":"a@b.c","billing":[],"date_created_gmt":null}]`, `[]`, `{}`, `[1,"x",null,[]]`, `[{"id":1},{"id":1},{"id":"3"}]`, "<br>\n[{\"id\":1}]", `[{"id":9e99,"variations":[7,8]}]`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		adapter, err := woocommerce.New(woocommerce.Config{Transport: canned{body}, Attempts: 1})
		if err != nil {
			t.Fatal(err)
		}
		engine, err := adapter.Open(catalog.Account{Store: "https://shop.example"}, catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret("k"), Secret: catalog.NewSecret("s")}))
		if err != nil {
			t.Fatal(err)
		}
		options := catalog.ListOptions{OnBadItem: func(*catalog.ItemError) error { return nil }, Limit: 50}
		for p, err := range engine.Products(t.Context(), catalog.ProductQuery{ListOptions: options}) {
			sound(t, body, p.Record, p.ID, err)
		}
		for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{ListOptions: options}) {
			sound(t, body, o.Record, o.ID, err)
			for _, l := range o.LineItems {
				if amount := l.UnitPrice.Store; !amount.IsZero() {
					if _, err := catalog.NewMoney(amount.Amount(), amount.Currency()); err != nil {
						t.Errorf("unit price %q", amount.Amount())
					}
				}
			}
		}
		for c, err := range engine.Customers(t.Context(), catalog.CustomerQuery{ListOptions: options}) {
			sound(t, body, c.Record, c.ID, err)
		}
		for l, err := range capability[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), catalog.InventoryQuery{ListOptions: options}) {
			sound(t, body, l.Record, l.ItemID, err)
		}
	})
}

func sound(t *testing.T, body []byte, r catalog.Record, id string, err error) {
	t.Helper()
	switch {
	case err != nil && catalog.KindOf(err) == "":
		t.Errorf("%v is no error of souk's", err)
	case err == nil && (id == "" || !bytes.Contains(body, r.Raw)):
		t.Errorf("record %q with the bytes %.80q", id, r.Raw)
	}
}
