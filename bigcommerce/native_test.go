package bigcommerce_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

func TestNativeCalls(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 3, Orders: 3, Customers: 3})
	native := capability[catalog.RESTCaller](t, engine)
	result, err := native.Do(t.Context(), catalog.RESTRequest{Path: "v3/catalog/brands", Query: url.Values{"id:in": {"36,37"}}})
	if err != nil || !strings.Contains(string(result.Body), "Acme") || result.Header.Get("X-Rate-Limit-Requests-Quota") == "" {
		t.Errorf("%s, %v", result.Body, err)
	}
	result, err = native.Do(t.Context(), catalog.RESTRequest{Method: "put", Path: "/v2/orders/" + id(server.Orders()[0].ID), Body: map[string]string{"staff_notes": "x"}})
	if err != nil || server.Orders()[0].StaffNotes != "x" {
		t.Errorf("%s, %v", result.Body, err)
	}
	before := len(server.Calls())
	for _, path := range []string{"", "/", "v2", "/v1/store", "/stores/other/v2/store", "/v2/../../other/v2/store", "/v2/%2e%2e/x", "/v2//store", "/v2/store?x=1", "/v2/store#x", `/v2\store`, "/v2/a%2fb", "/v2/%zz", "/v2/a%0d%0ab"} {
		if _, err := native.Do(t.Context(), catalog.RESTRequest{Path: path}); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: %v", path, err)
		}
	}
	if _, err := native.Do(t.Context(), catalog.RESTRequest{Method: "POST", Path: "/v3/customers", Body: func() {}}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("a body that is no JSON: %v", err)
	}
	if n := len(server.Calls()) - before; n > 0 {
		t.Errorf("%d refused calls were sent", n)
	}
}

// Two calls of V2 take everything of a kind away; nobody means them.
func TestDeletingEverythingIsRefused(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 3, Orders: 3, Customers: 3})
	native := capability[catalog.RESTCaller](t, engine)
	for _, path := range []string{"/v2/orders", "v2/orders/", "/v2/orders/101/shipments", "/v2/orders/101/shipments/", "/v2/%6frders"} {
		if _, err := native.Do(t.Context(), catalog.RESTRequest{Method: "delete", Path: path}); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if n := len(server.Calls()); n > 0 {
		t.Errorf("%d calls were sent", n)
	}
	if _, err := native.Do(t.Context(), catalog.RESTRequest{Method: "DELETE", Path: "/v2/orders/" + id(server.Orders()[1].ID)}); err != nil || !server.Orders()[1].Deleted {
		t.Errorf("archiving one order: %v", err)
	}
}
