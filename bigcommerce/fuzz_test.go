package bigcommerce_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// FuzzVerify: whatever is signed is read or refused as unreadable, and what is
// not signed is never accepted.
func FuzzVerify(f *testing.F) {
	for _, b := range []string{body, `[]`, ``, `{"producer":[],"scope":{}}`, `{"producer":"stores/a","scope":"store/channel/*/x","data":[{"id":1}]}`,
		`{"producer":"stores/a","scope":"store/sku/created","created_at":99999999999,"data":{"id":"x","sku":[],"status":{"new_status_id":5}}}`} {
		f.Add([]byte(b), "v1,AAAA")
	}
	v := verifier(f, bigcommerce.Config{ClientSecrets: secrets(clientSecret)}, catalog.VerifierConfig{})
	f.Fuzz(func(t *testing.T, body []byte, signature string) {
		d := delivered(string(body))
		verdict, err := v.Verify(t.Context(), d)
		if (err == nil) != (len(verdict.Events) == 1) || err != nil && !errors.Is(err, catalog.ErrBadAnswer) {
			t.Errorf("signed: %+v, %v", verdict, err)
		}
		if err == nil && (verdict.Events[0].Key == "" || verdict.Events[0].OccurredAt.After(time.Unix(1e11, 0))) {
			t.Errorf("%+v", verdict.Events[0])
		}
		if strings.Contains(signature, strings.TrimPrefix(d.Header.Get(bigcommercetest.HeaderSignature), "v1,")) {
			return
		}
		if _, err := v.Verify(t.Context(), with(d, bigcommercetest.HeaderSignature, signature)); !errors.Is(err, catalog.ErrUnauthorized) {
			t.Errorf("signature %q: %v", signature, err)
		}
	})
}

// canned answers every path by its end.
type canned map[string]string

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	body, status := "", http.StatusNoContent
	for suffix, text := range c {
		if strings.HasSuffix(r.URL.Path, suffix) {
			body, status = text, http.StatusOK
		}
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// FuzzRecords: whatever a record holds, it is read, with problems, or refused;
// its amounts have a currency and its times a zone.
func FuzzRecords(f *testing.F) {
	for _, text := range []string{
		`{"data":{"id":7,"price":1.5e2,"is_visible":true,"availability":"disabled","inventory_tracking":"variant","date_created":"2018-08-15T14:49:05+00:00",` +
			`"variants":[{"id":8,"sku":"V-1","price":null,"calculated_price":"9","option_values":[{"id":1,"label":"M"}]}],"images":[{"id":1,"sort_order":2}]}}`,
		`{"id":7,"status_id":3,"default_currency_code":"SAR","total_inc_tax":"8","items_total":1,"date_created":"Tue, 05 Mar 2019 21:40:11 +0000",` +
			`"consignments":{"shipping":[{"id":1,"line_items":[{"id":2,"quantity":1,"applied_discounts":[{"amount":1}]}]}],"downloads":[],"email":{}}}`,
		`{"data":[{"id":7,"email":"a@b","address_count":2,"addresses":[{"id":1}]}],"meta":{"pagination":{"current_page":1,"total_pages":1}}}`,
		`{"data":[{"identity":{"sku":"V-1","variant_id":8},"locations":[{"location_id":1,"available_to_sell":-3}]}]}`,
		`[{"id":1,"subject":"s","message":"m","date_created":""}]`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		wire := canned{"/v2/store": `{"id":"a","currency":"SAR","weight_units":"KGS","secure_url":"https://a.example"}`,
			"/v3/catalog/products/7": text, "/v2/orders/7": text, "/v3/customers": text, "/v3/inventory/items": text, "/messages": text,
			"/payment_actions/refunds": `{"data":[]}`, "/v3/catalog/brands": `{"data":[]}`, "/v3/catalog/categories": `{"data":[]}`}
		app, err := bigcommerce.New(bigcommerce.Config{Transport: wire, Attempts: 1, Quota: 1_000_000})
		if err != nil {
			t.Fatal(err)
		}
		engine, err := app.Open(catalog.Account{Store: "a"}, catalog.StaticToken("token"))
		if err != nil {
			t.Fatal(err)
		}
		if p, err := engine.Product(t.Context(), "7"); err == nil {
			for _, v := range p.Variants {
				if !v.Price.IsZero() && v.Price.Currency() != "SAR" {
					t.Errorf("a price in %q", v.Price.Currency())
				}
			}
		}
		if o, err := engine.Order(t.Context(), "7"); err == nil && (o.ID == "" || o.CreatedAt.Location() != time.UTC) {
			t.Errorf("order %q at %v", o.ID, o.CreatedAt)
		}
		if c, err := engine.Customer(t.Context(), "7"); err == nil && c.ID == "" {
			t.Error("a customer without an id")
		}
		for l, err := range engine.(*bigcommerce.Engine).InventoryLevels(t.Context(), catalog.InventoryQuery{SKU: "V-1"}) {
			if err == nil && l.SKU != "V-1" {
				t.Errorf("stock of %q", l.SKU)
			}
		}
		for h, err := range engine.(*bigcommerce.Engine).OrderHistory(t.Context(), "7") {
			if err == nil && h.ID == "" {
				t.Error("a message without an id")
			}
		}
	})
}
