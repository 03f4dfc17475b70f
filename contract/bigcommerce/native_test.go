package bigcommerce_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

type object = map[string]any

// TestNativeCalls sends a host's own calls, of which the method, the query and
// the body must arrive as the vendor's files have them.
func TestNativeCalls(t *testing.T) {
	t.Parallel()
	a := loadAPI(t)
	s := bigcommercetest.NewServer(&bigcommercetest.Config{TB: t, Products: 5, Orders: -1, Customers: 5, Unthrottled: true, Quota: 1_000_000})
	t.Cleanup(s.Close)
	order := s.AddOrder(bigcommercetest.Order{StatusID: 11})
	wire := &recorder{to: s.Transport()}
	e := open(t, bigcommerce.Config{Transport: wire, Attempts: 1}, catalog.Account{Store: s.StoreHash()}, s.Token())
	var hook struct {
		Data struct {
			ID int64 `json:"id"`
		} `json:"data"`
	}
	do := func(method, path string, query url.Values, body any) catalog.RESTResult {
		t.Helper()
		got, err := e.Do(t.Context(), catalog.RESTRequest{Method: method, Path: path, Query: query, Body: body})
		if err != nil {
			t.Errorf("%s %s: %v", method, path, err)
		}
		return got
	}
	do("GET", "/v2/time", nil, nil)
	do("GET", "/v2/order_statuses", nil, nil)
	do("GET", "/v2/currencies", nil, nil)
	do("GET", "/v3/hooks", url.Values{"is_active": {"true"}, "limit": {"50"}}, nil)
	made := do("POST", "/v3/hooks", nil, object{"scope": "store/order/created", "destination": "https://h.example.com/in", "is_active": true, "headers": object{"X-Souk": "y"}})
	if err := unmarshal(made.Body, &hook); err != nil || hook.Data.ID == 0 {
		t.Fatalf("no hook was made: %v", err)
	}
	at := "/v3/hooks/" + id(hook.Data.ID)
	do("PUT", at, nil, object{"scope": "store/order/created", "destination": "https://h.example.com/in", "is_active": false})
	do("GET", at, nil, nil)
	do("DELETE", at, nil, nil)
	do("PUT", "/v2/orders/"+id(order.ID), nil, object{"staff_notes": "packed", "status_id": 9})
	product := s.Products()[0]
	do("PUT", "/v3/catalog/products/"+id(product.ID), nil, object{"name": "Renamed", "is_visible": false})
	do("GET", "/v3/catalog/products/"+id(product.ID)+"/variants", url.Values{"limit": {"10"}}, nil)
	do("PUT", "/v3/customers", nil, []object{{"id": s.Customers()[0].ID, "first_name": "Noor"}})
	do(http.MethodDelete, "/v3/catalog/products/"+id(product.ID), nil, nil)
	for name := range wire.check(t, a, "native calls") {
		t.Errorf("a native call needs the exception for %s", name)
	}
}
