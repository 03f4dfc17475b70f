package sallatest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// route is an endpoint. A pattern's * is one segment, handed over unescaped.
type route struct {
	method, pattern string
	scope           string // "" for none
	params          string // query parameters, besides page and per_page on lists
	multipart       bool   // takes a form, not JSON
	serve           func(c *call)
	segments        []string
}

func (r *route) takes(param string) bool { return slices.Contains(strings.Fields(r.params), param) }

func findRoute(method, path string) (found *route, args []string, known bool) {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	for i := range routes {
		r := &routes[i]
		if len(r.segments) != len(segments) {
			continue
		}
		var got []string
		match := true
		for j, want := range r.segments {
			switch {
			case want == "*":
				v, err := url.PathUnescape(segments[j])
				match = match && err == nil
				got = append(got, v)
			case want != segments[j]:
				match = false
			}
		}
		if !match {
			continue
		}
		known = true
		if r.method == method {
			return r, got, true
		}
	}
	return nil, nil, known
}

// id reads path argument n; 0 when it is no number.
func (c *call) id(n int) int64 {
	id, err := strconv.ParseInt(c.args[n], 10, 64)
	if err != nil {
		c.server.book.Violationf("%s %s: %q is no id", c.r.Method, c.path, c.args[n])
	}
	return id
}

const paging = " page per_page "

// routes are tried in order, so a fixed segment stands before a variable one.
var routes = buildRoutes()

func buildRoutes() []route {
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	list := []route{
		{method: get, pattern: "store/info", serve: storeInfo},

		{method: get, pattern: "products", scope: "products.read", params: paging + "keyword status category format", serve: listProducts},
		{method: post, pattern: "products", scope: "products.read_write", serve: createProduct},
		{method: get, pattern: "products/quantities", scope: "products.read", params: paging + "branch", serve: listQuantities},
		{method: post, pattern: "products/quantities/bulk", scope: "products.read_write", serve: bulkQuantities},
		{method: get, pattern: "products/quantities/audit", scope: "products.read", params: paging + "keyword categories brands tags branch", serve: listAudit},
		{method: get, pattern: "products/quantities/quantity-change-reason", scope: "products.read", serve: listReasons},
		{method: put, pattern: "products/quantities/variant/*", scope: "products.read_write", serve: variantQuantity},
		{method: get, pattern: "products/sku/*", scope: "products.read", params: "format", serve: productBySKU},
		{method: put, pattern: "products/sku/*", scope: "products.read_write", serve: updateProductBySKU},
		{method: del, pattern: "products/sku/*", scope: "products.read_write", serve: deleteProductBySKU},
		{method: post, pattern: "products/sku/*/price", scope: "products.read_write", serve: priceBySKU},
		{method: get, pattern: "products/variants/*", scope: "products.read", serve: variantDetails},
		{method: put, pattern: "products/variants/*", scope: "products.read_write", serve: updateVariant},
		{method: post, pattern: "products/prices/bulkPrice", scope: "products.read_write", serve: bulkPrices},
		{method: post, pattern: "products/actions", scope: "products.read_write", serve: productActions},
		{method: get, pattern: "products/tags", scope: "products.read", params: paging, serve: listTags},
		{method: post, pattern: "products/tags", scope: "products.read_write", params: "tag_name", serve: createTag},
		{method: post, pattern: "products/images/*", scope: "products.read_write", multipart: true, serve: updateImage},
		{method: del, pattern: "products/images/*", scope: "products.read_write", serve: deleteImage},
		{method: get, pattern: "products/options/values/*", scope: "products.read", serve: valueDetails},
		{method: put, pattern: "products/options/values/*", scope: "products.read_write", serve: updateValue},
		{method: del, pattern: "products/options/values/*", scope: "products.read_write", serve: deleteValue},
		{method: get, pattern: "products/options/*", scope: "products.read", serve: optionDetails},
		{method: post, pattern: "products/options/*", scope: "products.read_write", serve: createValue},
		{method: put, pattern: "products/options/*", scope: "products.read_write", serve: updateOption},
		{method: del, pattern: "products/options/*", scope: "products.read_write", serve: deleteOption},
		{method: get, pattern: "products/*", scope: "products.read", params: "format", serve: productDetails},
		{method: put, pattern: "products/*", scope: "products.read_write", serve: updateProduct},
		{method: del, pattern: "products/*", scope: "products.read_write", serve: deleteProduct},
		{method: post, pattern: "products/*/status", scope: "products.read_write", serve: productStatus},
		{method: post, pattern: "products/*/options", scope: "products.read_write", serve: createOption},
		{method: post, pattern: "products/*/images", scope: "products.read_write", multipart: true, serve: attachImage},
		{method: post, pattern: "products/sku/*/images", scope: "products.read_write", multipart: true, serve: attachImageBySKU},
		{method: get, pattern: "products/*/variants", scope: "products.read", params: paging, serve: listVariants},

		{method: get, pattern: "orders", scope: "orders.read", params: paging + orderParams, serve: listOrders},
		{method: get, pattern: "orders/items", scope: "orders.read", params: "order_id", serve: listOrderItems},
		{method: get, pattern: "orders/statuses", scope: "orders.read", serve: listStatuses},
		{method: get, pattern: "orders/statuses/*", scope: "orders.read", serve: statusDetails},
		{method: post, pattern: "orders/actions", scope: "orders.read_write", serve: orderActions},
		{method: get, pattern: "orders/*", scope: "orders.read", params: "format reference_id", serve: orderDetails},
		{method: get, pattern: "orders/*/histories", scope: "orders.read", params: paging, serve: listHistories},
		{method: post, pattern: "orders/*/histories", scope: "orders.read_write", serve: createHistory},
		{method: post, pattern: "orders/*/status", scope: "orders.read_write", serve: postStatus},

		{method: get, pattern: "customers", scope: "customers.read", params: paging + "keyword date_from date_to fields", serve: listCustomers},
		{method: post, pattern: "customers", scope: "customers.read_write", serve: createCustomer},
		{method: get, pattern: "customers/groups", scope: "customers.read", params: paging, serve: listGroups},
		{method: get, pattern: "customers/*", scope: "customers.read", params: "fields", serve: customerDetails},
		{method: put, pattern: "customers/*", scope: "customers.read_write", serve: updateCustomer},
		{method: del, pattern: "customers/*", scope: "customers.read_write", serve: deleteCustomer},

		{method: get, pattern: "shipments", scope: "shipping.read", params: paging + shipmentParams, serve: listShipments},
		{method: post, pattern: "shipments", scope: "shipping.read_write", serve: createShipment},
		{method: get, pattern: "shipments/*", scope: "shipping.read", serve: shipmentDetails},
		{method: put, pattern: "shipments/*", scope: "shipping.read_write", serve: updateShipment},
		{method: get, pattern: "shipments/*/tracking", scope: "shipping.read", serve: shipmentTracking},
		{method: post, pattern: "shipments/*/cancel", scope: "shipping.read_write", serve: cancelShipment},
		{method: post, pattern: "shipments/*/return", scope: "shipping.read_write", serve: returnShipment},
		{method: get, pattern: "shipping/companies", scope: "shipping.read", serve: listCouriers},

		{method: get, pattern: "branches", scope: "branches.read", params: paging + "is_default keyword branch_code", serve: listBranches},
		{method: get, pattern: "branches/*", scope: "branches.read", params: "with", serve: branchDetails},
		{method: get, pattern: "categories", scope: "categories.read", params: paging + "keyword status with", serve: listCategories},
		{method: get, pattern: "categories/*", scope: "categories.read", params: "with", serve: categoryDetails},
		{method: get, pattern: "brands", scope: "brands.read", params: paging + "keyword with", serve: listBrands},
		{method: post, pattern: "brands", scope: "brands.read_write", serve: createBrand},
		{method: get, pattern: "taxes", scope: "taxes.read", params: paging, serve: listTaxes},
		{method: get, pattern: "payment/methods", scope: "payments.read", params: paging + "status", serve: listPayments},
		{method: get, pattern: "countries", scope: "metadata.read", params: paging, serve: listCountries},
		{method: get, pattern: "countries/*/cities", scope: "metadata.read", params: paging, serve: listCities},
		{method: get, pattern: "currencies", scope: "metadata.read", serve: listCurrencies},

		{method: get, pattern: "webhooks", scope: "webhooks.read", params: paging, serve: listWebhooks},
		{method: get, pattern: "webhooks/events", scope: "webhooks.read", serve: listEvents},
		{method: post, pattern: "webhooks/subscribe", scope: "webhooks.read_write", serve: subscribe},
		{method: del, pattern: "webhooks/unsubscribe", scope: "webhooks.read_write", params: "id url", serve: unsubscribe},
		{method: put, pattern: "webhooks/*", scope: "webhooks.read_write", serve: updateWebhook},
	}
	for i := range list {
		list[i].segments = strings.Split(list[i].pattern, "/")
	}
	return list
}
