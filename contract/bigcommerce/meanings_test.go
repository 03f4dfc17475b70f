package bigcommerce_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
)

// meaning is what an event is to say, and where in its body the id of the
// record is; "" for none.
type meaning struct {
	kind     catalog.EventKind
	resource catalog.Resource
	id       string
}

func order(kind catalog.EventKind, at string) meaning    { return meaning{kind, catalog.Orders, at} }
func product(kind catalog.EventKind, at string) meaning  { return meaning{kind, catalog.Products, at} }
func customer(kind catalog.EventKind, at string) meaning { return meaning{kind, catalog.Customers, at} }
func stock(at string) meaning {
	return meaning{catalog.EventInventoryChanged, catalog.Inventory, at}
}

// byProduct marks stock that is kept under a product and no variant.
const byProduct = "product-"

// meanings are of the scopes the model has something for.
var meanings = map[string]meaning{
	"store/order/created":                             order(catalog.EventOrderCreated, "data.id"),
	"store/order/updated":                             order(catalog.EventOrderUpdated, "data.id"),
	"store/order/archived":                            order(catalog.EventOrderDeleted, "data.id"),
	"store/order/statusUpdated":                       order(catalog.EventOrderUpdated, "data.id"),
	"store/order/message/created":                     order(catalog.EventOrderUpdated, "data.id"),
	"store/order/refund/created":                      order(catalog.EventOrderRefunded, "data.id"),
	"store/order/transaction/created":                 order(catalog.EventOrderUpdated, "data.order_id"),
	"store/order/metafield/created":                   order(catalog.EventOther, "data.resource_id"),
	"store/channel/1/order/updated":                   order(catalog.EventOrderUpdated, "data.order_id"),
	"store/shipment/created":                          order(catalog.EventOrderFulfilled, "data.orderId"),
	"store/shipment/updated":                          order(catalog.EventOrderUpdated, "data.orderId"),
	"store/shipment/deleted":                          order(catalog.EventOrderUpdated, "data.orderId"),
	"store/product/created":                           product(catalog.EventProductCreated, "data.id"),
	"store/product/updated":                           product(catalog.EventProductUpdated, "data.id"),
	"store/product/deleted":                           product(catalog.EventProductDeleted, "data.id"),
	"store/channel/1/product/assigned":                product(catalog.EventProductUpdated, "data.product_id"),
	"store/sku/created":                               product(catalog.EventProductUpdated, "data.sku.product_id"),
	"store/sku/updated":                               product(catalog.EventProductUpdated, "data.sku.product_id"),
	"store/sku/deleted":                               product(catalog.EventProductUpdated, "data.sku.product_id"),
	"store/product/inventory/updated":                 stock(byProduct + "data.inventory.product_id"),
	"store/product/inventory/order/updated":           stock(byProduct + "data.inventory.product_id"),
	"store/sku/inventory/updated":                     stock("data.inventory.variant_id"),
	"store/sku/inventory/order/updated":               stock("data.inventory.variant_id"),
	"store/channel/*/inventory/product/stock_changed": stock("data.variant_id"),
	"store/customer/created":                          customer(catalog.EventCustomerCreated, "data.id"),
	"store/customer/updated":                          customer(catalog.EventCustomerUpdated, "data.id"),
	"store/customer/deleted":                          customer(catalog.EventCustomerDeleted, "data.id"),
	"store/customer/address/created":                  customer(catalog.EventCustomerUpdated, "data.address.customer_id"),
	"store/customer/address/updated":                  customer(catalog.EventCustomerUpdated, "data.address.customer_id"),
	"store/customer/address/deleted":                  customer(catalog.EventCustomerUpdated, "data.address.customer_id"),
	"store/customer/channel/login/access/updated":     customer(catalog.EventCustomerUpdated, "data.customer_id"),
	"store/inventory/location/created":                {catalog.EventOther, catalog.Locations, "data.location_id"},
	"store/inventory/location/metafield/created":      {catalog.EventOther, catalog.Locations, "data.resource_id"},
	"store/information/updated":                       {catalog.EventShopUpdated, catalog.Shops, ""},
	"store/app/uninstalled":                           {catalog.EventAppUninstalled, catalog.App, ""},
}

// others are the beginnings of the scopes souk has nothing for.
var others = []string{"store/cart/", "store/category/", "store/subscriber/", "store/brand/metafield/", "store/hook/", "store/metafield/", "store/modifier/",
	"store/option/", "store/priceList/", "store/priceLists/", "store/customer/payment/", "store/channel/created", "store/channel/updated", "store/channel/metafield/",
	"store/channel/1/cart/", "store/channel/1/category", "store/channel/1/notifications/", "store/channel/1/page/", "store/channel/1/script/",
	"store/channel/1/settings/", "store/channel/1/socialMediaLinks/", "store/channel/1/theme/"}

// meant is what an event of a scope is to say. A scope that nothing is said of
// fails the test.
func meant(t testing.TB, scope string) meaning {
	t.Helper()
	m, known := meanings[scope]
	if !known {
		if !slices.ContainsFunc(others, func(begin string) bool { return strings.HasPrefix(scope, begin) }) {
			t.Errorf("nothing is said of %s", scope)
		}
		return meaning{kind: catalog.EventOther}
	}
	return m
}

// check holds an event against its body.
func (m meaning) check(t testing.TB, e catalog.Event, body object) {
	t.Helper()
	path, prefix := m.id, ""
	if rest, ok := strings.CutPrefix(path, byProduct); ok {
		path, prefix = rest, byProduct
	}
	id := ""
	if path != "" {
		var at any = body
		for name := range strings.SplitSeq(path, ".") {
			o, ok := at.(object)
			if !ok || o[name] == nil {
				t.Fatalf("%s has no %s", e.Topic, path)
			}
			at = o[name]
		}
		id = prefix + fmt.Sprint(at)
	}
	want := m.kind
	if kind, ok := becomes(body); ok && m.kind == catalog.EventOrderUpdated {
		want = kind
	}
	if e.Kind != want || e.Resource != m.resource || e.ResourceID != id || e.Topic != body["scope"] || e.Platform != "bigcommerce" {
		t.Errorf("%s is %s of %s %q, want %s of %s %q", e.Topic, e.Kind, e.Resource, e.ResourceID, want, m.resource, id)
	}
}

// becomes is what a new status says of an order.
func becomes(body object) (catalog.EventKind, bool) {
	data, _ := body["data"].(object)
	status, _ := data["status"].(object)
	switch fmt.Sprint(status["new_status_id"]) {
	case "2", "3":
		return catalog.EventOrderFulfilled, true
	case "5":
		return catalog.EventOrderCancelled, true
	}
	return "", false
}
