package magento_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// FuzzVerify: whatever is signed is read or refused as unreadable, and what is
// not signed is never accepted.
func FuzzVerify(f *testing.F) {
	for _, body := range []string{`{"data":{"entity_id":5,"created_at":"2026-01-01 00:00:00"}}`, `{"data":[]}`, `[]`, ``, `{"data":{"entity_id":{}}}`, `{"id":"7"}`} {
		f.Add([]byte(body), "sales.order.created", "x")
	}
	f.Add([]byte(`{"data":{"entity_id":5,"increment_id":"1","state":"new","created_at":"2026-01-01 00:00:00","updated_at":[],"base_currency_code":"SAR","base_grand_total":"1e3","items":[{"qty_shipped":0}],`+
		`"billing_address":{},"payment":{"method":"x"},"extension_attributes":{"shipping_assignments":[{}]}}}`), "sales.order.created", "x")
	f.Add([]byte(`{"data":{"id":5,"group_id":1,"email":7,"created_at":"2026-01-01 00:00:00","updated_at":"","website_id":1,"addresses":{},"extension_attributes":{"is_subscribed":"x"}}}`), "customer.updated", "x")
	_, engine := quick(f, magentotest.Config{Products: 1, Orders: 1, Customers: 1})
	decoder, ok := catalog.As[catalog.EventDecoder](engine)
	if !ok {
		f.Fatal("no decoder")
	}
	const token = "a token of the shop's"
	open := func(scheme magento.Scheme) catalog.WebhookVerifier {
		a, err := magento.New(magento.Config{WebhookScheme: scheme, ClientID: "app", WebhookSecrets: []catalog.Secret{catalog.NewSecret(token)}})
		if err != nil {
			f.Fatal(err)
		}
		v, err := a.Verifier(catalog.VerifierConfig{Account: &catalog.Account{Store: "https://shop.example.com"}})
		if err != nil {
			f.Fatal(err)
		}
		return v
	}
	async, shared, io := open(magento.SchemeAsyncEvents), open(magento.SchemeHeader), open(magento.SchemeIOEvents)
	f.Fuzz(func(t *testing.T, body []byte, topic, header string) {
		d := catalog.Delivery{Method: http.MethodPost, URL: &url.URL{Path: "/", RawQuery: "event=" + url.QueryEscape(topic)}, Header: http.Header{}, Body: body}
		d.Header.Set("X-Magento-Signature", magentotest.SignAsync(token, body))
		verdict, err := async.Verify(t.Context(), d)
		if (err == nil) != (len(verdict.Events) == 1) || err != nil && !errors.Is(err, catalog.ErrBadAnswer) {
			t.Errorf("signed: %+v, %v", verdict, err)
		}
		for _, e := range verdict.Events {
			catalogtest.DecodesSoundly(t, decoder, e)
		}
		for _, name := range []string{"X-Magento-Signature", "X-Webhook-Secret", "X-Adobe-Digital-Signature-1"} {
			d.Header.Set(name, header)
		}
		for _, v := range []catalog.WebhookVerifier{async, shared, io} {
			if strings.TrimSpace(header) == token || strings.EqualFold(strings.TrimSpace(header), magentotest.SignAsync(token, body)) {
				continue
			}
			if _, err := v.Verify(t.Context(), d); !errors.Is(err, catalog.ErrUnauthorized) {
				t.Errorf("header %q: %v", header, err)
			}
		}
	})
}

// FuzzRecords: whatever a shop says of a record, reading it neither panics nor
// costs the record its JSON.
func FuzzRecords(f *testing.F) {
	for _, record := range []string{
		`{"id":1,"sku":"A","price":1.5e-3,"status":1,"type_id":"configurable","extension_attributes":{"configurable_product_links":[1,"2",null],"configurable_product_options":[{"attribute_id":"93","values":[{"value_index":49}]}]},"custom_attributes":{"3":{"attribute_code":"special_price","value":"1"}}}`,
		`{"entity_id":7,"state":"processing","base_grand_total":1e400,"items":[{"item_id":1,"qty_ordered":1e-9,"product_type":"bundle"},{"item_id":2,"parent_item_id":1,"qty_shipped":"x"}],"extension_attributes":{"shipping_assignments":[{"shipping":null}]}}`,
		`{"id":3,"email":null,"addresses":[{"region":"Texas"}],"extension_attributes":[]}`, `{"id":"4","created_at":"0000-00-00 00:00:00","updated_at":-1}`, `[]`, `7`, `{"id":{}}`,
	} {
		f.Add([]byte(record))
	}
	server := magentotest.NewServer(&magentotest.Config{Products: -1, Orders: -1, Customers: -1})
	f.Cleanup(server.Close)
	answers := &fixed{base: server.Transport()}
	a, err := magento.New(magento.Config{Transport: answers, Attempts: 1})
	if err != nil {
		f.Fatal(err)
	}
	engine, err := a.Open(catalog.Account{Store: server.StoreURL()}, catalog.StaticCredential(integration(server)))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		if !json.Valid(record) {
			return
		}
		answers.set(`{"items":[` + string(record) + `],"total_count":1}`)
		check := func(raw json.RawMessage, err error) {
			if err == nil && string(raw) != string(json.RawMessage(strings.TrimSpace(string(record)))) {
				t.Errorf("Raw is %s, the record %s", raw, record)
			}
		}
		limit := catalog.ListOptions{Limit: 1}
		for v, err := range engine.Products(t.Context(), catalog.ProductQuery{ListOptions: limit}) {
			check(v.Raw, err)
		}
		for v, err := range engine.Orders(t.Context(), catalog.OrderQuery{ListOptions: limit}) {
			check(v.Raw, err)
		}
		for v, err := range engine.Customers(t.Context(), catalog.CustomerQuery{ListOptions: limit}) {
			check(v.Raw, err)
		}
	})
}
