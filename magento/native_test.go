package magento_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento/magentotest"
)

func TestNativeCalls(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 20, Orders: 5})
	rest := as[catalog.RESTCaller](t, engine)
	added := server.AddProduct(magentotest.Product{SKU: "A+B c&d"})
	for _, path := range []string{"/products/" + url.PathEscape("A+B c&d"), "products/A%2BB%20c%26d"} {
		result, err := rest.Do(t.Context(), catalog.RESTRequest{Path: path})
		var got struct{ ID int64 }
		if err != nil || json.Unmarshal(result.Body, &got) != nil || got.ID != added.ID {
			t.Errorf("%s: %s, %v", path, result.Body, err)
		}
	}
	result, err := rest.Do(t.Context(), catalog.RESTRequest{Method: "POST", Path: "/orders/" + id(server.Orders()[0].ID) + "/comments",
		Body: map[string]any{"statusHistory": map[string]any{"comment": "hello", "is_customer_notified": 0, "is_visible_on_front": 0, "parent_id": server.Orders()[0].ID}}})
	if err != nil || string(result.Body) != "true" {
		t.Errorf("a comment: %s, %v", result.Body, err)
	}
	query := url.Values{"searchCriteria[filter_groups][0][filters][0][field]": {"sku"}, "searchCriteria[filter_groups][0][filters][0][value]": {"A+B c&d"}, "searchCriteria[pageSize]": {"5"}}
	result, err = rest.Do(t.Context(), catalog.RESTRequest{Path: "/products", Query: query})
	var list struct {
		Total int `json:"total_count"`
	}
	if err != nil || json.Unmarshal(result.Body, &list) != nil || list.Total != 1 {
		t.Errorf("a list: %s, %v", result.Body, err)
	}
	result, err = rest.Do(t.Context(), catalog.RESTRequest{Path: "/orders/404404"})
	if !errors.Is(err, catalog.ErrNotFound) || result.Status != 404 || len(result.Body) == 0 {
		t.Errorf("what is not there: %d, %v", result.Status, err)
	}
	before := len(server.Calls())
	for _, path := range []string{"/a?b", "/a#b", `/a\b`, "/a/%2e%2e/b", "/a//b", "/%", "/a%00b", "/a%0ab"} {
		if _, err := rest.Do(t.Context(), catalog.RESTRequest{Path: path}); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := rest.Do(t.Context(), catalog.RESTRequest{Path: "/x", Body: func() {}}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("a body that cannot be encoded: %v", err)
	}
	if n := len(server.Calls()) - before; n > 0 {
		t.Errorf("%d calls were sent", n)
	}
}
