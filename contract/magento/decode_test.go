package magento_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// script answers each path from /V1 on with a body of its own.
type script map[string]json.RawMessage

func (s script) RoundTrip(r *http.Request) (*http.Response, error) {
	_, path, _ := strings.Cut(r.URL.Path, "/V1")
	status, body := http.StatusOK, s[path]
	if body == nil {
		status, body = http.StatusNotFound, json.RawMessage(`{"message":"Request does not match any route."}`)
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)), Request: r}, nil
}

// changed sets members of the first record of an answer.
func changed(t testing.TB, body json.RawMessage, members map[string]any) json.RawMessage {
	t.Helper()
	var answer struct {
		Items []map[string]any `json:"items"`
		Total int              `json:"total_count"`
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&answer); err != nil || len(answer.Items) != 1 {
		t.Fatalf("%d records, %v", len(answer.Items), err)
	}
	for name, value := range members {
		if _, known := answer.Items[0][name]; !known {
			t.Errorf("the description has no %s", name)
		}
		answer.Items[0][name] = value
	}
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestAnswersAsDescribed reads one record of each kind that has every field of
// the description, of the type it says: none may be odd to the decoders, and
// each record keeps its JSON. What the records refer to fits together.
func TestAnswersAsDescribed(t *testing.T) {
	t.Parallel()
	for name, spec := range map[string]string{"2.4.9": onPremises, "SaaS": asService} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := loadAPI(t, spec)
			answers, fields := script{}, 0
			add := func(path, pattern string, members map[string]any) {
				body, m := a.answer(t, pattern)
				fields += m.fields
				if members != nil {
					body = changed(t, body, members)
				}
				answers[path] = body
			}
			add("/products", "/V1/products", map[string]any{"type_id": "configurable", "status": 1})
			add("/products/attributes/1", "/V1/products/attributes/{attributeCode}", nil)
			add("/categories/list", "/V1/categories/list", nil)
			add("/store/storeConfigs", "/V1/store/storeConfigs", nil)
			add("/store/websites", "/V1/store/websites", nil)
			add("/orders", "/V1/orders", map[string]any{"state": "processing"})
			add("/shipments", "/V1/shipments", map[string]any{"order_id": 1})
			add("/creditmemos", "/V1/creditmemos", map[string]any{"order_id": 1})
			add("/customers/search", "/V1/customers/search", nil)
			add("/inventory/sources", "/V1/inventory/sources", map[string]any{"source_code": "default"})
			add("/inventory/source-items", "/V1/inventory/source-items", map[string]any{"source_code": "default", "sku": "A"})

			app, err := magento.New(magento.Config{Transport: answers, Attempts: 1})
			if err != nil {
				t.Fatal(err)
			}
			opened, err := app.Open(catalog.Account{Store: "https://shop.example.com"}, catalog.StaticToken("a token"))
			if err != nil {
				t.Fatal(err)
			}
			e := opened.(*magento.Engine)
			records := 0
			look := func(what string, r catalog.Record, err error) {
				t.Helper()
				if err != nil {
					t.Errorf("%s: %v", what, err)
					return
				}
				records++
				for _, p := range r.Problems {
					t.Errorf("%s: %s", what, p)
				}
				if !json.Valid(r.Raw) || r.RawKind == "" {
					t.Errorf("%s: Raw is %.80s", what, r.Raw)
				}
			}
			one := catalog.ListOptions{Limit: 1}
			shop, err := e.Shop(t.Context())
			look("shop", shop.Record, err)
			for v, err := range e.Products(t.Context(), catalog.ProductQuery{ListOptions: one}) {
				look("product", v.Record, err)
			}
			for v, err := range e.Orders(t.Context(), catalog.OrderQuery{ListOptions: one}) {
				if look("order", v.Record, err); len(v.LineItems) == 0 || len(v.Fulfillments) == 0 || len(v.Refunds) == 0 || v.ShippingAddress == nil {
					t.Errorf("the order lacks lines, shipments, refunds or an address: %+v", v)
				}
			}
			for v, err := range e.Customers(t.Context(), catalog.CustomerQuery{ListOptions: one}) {
				look("customer", v.Record, err)
			}
			for v, err := range e.Locations(t.Context(), one) {
				look("location", v.Record, err)
			}
			for v, err := range e.InventoryLevels(t.Context(), catalog.InventoryQuery{ListOptions: one, LocationID: "default"}) {
				look("inventory level", v.Record, err)
			}
			if records != 6 {
				t.Errorf("%d records were read, want 6", records)
			}
			specs.Report(t, "magento answers as %s describes them %d/%d, with %d values", name, records, 6, fields)
		})
	}
}

// TestRefusalsAsDescribed: the error body of the description, with each field
// filled, becomes a whole error.
func TestRefusalsAsDescribed(t *testing.T) {
	t.Parallel()
	a := loadAPI(t, onPremises)
	definition := a.doc.Definitions["error-response"]
	if definition == nil {
		t.Fatal("there is no definition error-response")
	}
	for name := range definition.Value.Properties {
		switch name {
		case "message", "errors", "code", "parameters", "trace":
		default:
			t.Errorf("the description has a field %s that nobody reads", name)
		}
	}
	server := magentotest.NewServer(&magentotest.Config{Products: -1, Orders: -1, Customers: -1})
	t.Cleanup(server.Close)
	e := open(t, server, server.Transport(), false)
	server.Inject(magentotest.Fault{Status: 400, Body: `{"message":"a %1","errors":[{"message":"b %c","parameters":{"c":"d"}}],"code":7,"parameters":["e"],"trace":"#0 /var/www"}`}.Repeat(-1))
	_, err := e.Shop(t.Context())
	if err == nil || !strings.Contains(err.Error(), "a e") || !strings.Contains(err.Error(), "b d") || strings.Contains(err.Error(), "/var/www") {
		t.Errorf("got %v", err)
	}
	specs.Report(t, "magento refusals as described 1/1")
}
