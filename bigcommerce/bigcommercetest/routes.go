package bigcommercetest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// route is an endpoint. A pattern's * is one segment, handed over unescaped.
type route struct {
	method, pattern string
	scope           string // "" for none, "a|b" for either
	params          string // query parameters
	inFlight        int    // documented cap on requests under way; 0 for none
	alone           bool   // one at a time for each first argument
	serve           func(c *call)

	segments []string
	names    []string
}

func (r *route) takes(param string) bool { return slices.Contains(r.names, param) }

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

// id reads path argument n; false after it has answered 404.
func (c *call) id(n int) (int64, bool) {
	id, err := strconv.ParseInt(c.args[n], 10, 64)
	if err != nil {
		c.violation("%q is no id", c.args[n])
		c.notFound()
	}
	return id, err == nil
}

// wrongPath says what is wrong with a request no route takes, naming the paths
// that informal documents have.
func wrongPath(method, path string, known bool) string {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	last := segments[len(segments)-1]
	switch {
	case strings.HasPrefix(path, "/v3/orders") && last == "messages", method == "POST" && last == "messages":
		return "order messages are read only, at GET /v2/orders/{id}/messages"
	case strings.HasPrefix(path, "/v3/orders") && len(segments) <= 3:
		return "orders are in V2: /v2/orders"
	case path == "/v3/hooks/events":
		return "the list of events was taken out of the API"
	case strings.HasPrefix(path, "/v3/store"), path == "/v3/currencies":
		return "store information and currencies are in V2"
	case strings.HasPrefix(path, "/v3/customers/") && len(segments) == 3:
		return "there is no customer by id: /v3/customers?id:in="
	case strings.HasPrefix(path, "/v2/products"), strings.HasPrefix(path, "/v2/hooks"):
		return "products and hooks are in V3"
	case last == "refund":
		return "refunds are created at payment_actions/refunds"
	case strings.Contains(path, "shippingaddresses"):
		return "the link of an order is misspelt: the path is shipping_addresses"
	case known:
		return "the endpoint does not take this method"
	}
	return "no such endpoint"
}

const (
	paging      = " page limit "
	fieldParams = " include_fields exclude_fields "
)

// routes are tried in order, so a fixed segment stands before a variable one.
var routes = buildRoutes()

func buildRoutes() []route {
	var list []route
	list = append(list, catalogRoutes()...)
	list = append(list, storeRoutes()...)
	list = append(list, orderRoutes()...)
	list = append(list, customerRoutes()...)
	list = append(list, stockRoutes()...)
	list = append(list, hookRoutes()...)
	for i := range list {
		list[i].segments = strings.Split(list[i].pattern, "/")
		list[i].names = strings.Fields(list[i].params)
	}
	return list
}

const (
	get, post, put, del = "GET", "POST", "PUT", "DELETE"

	products = "store_v2_products"
)

func catalogRoutes() []route {
	const at = "v3/catalog/products"
	named := paging + fieldParams + "id id:in id:not_in id:min id:max id:greater id:less name name:like page_title page_title:like sort direction "
	return []route{
		{method: get, pattern: at, scope: products, params: productParams, serve: listProducts},
		{method: post, pattern: at, scope: products, params: fieldParams, serve: createProduct},
		{method: put, pattern: at, scope: products, params: fieldParams, serve: updateProducts},
		{method: del, pattern: at, scope: products, params: productParams, serve: deleteProducts},
		{method: get, pattern: at + "/channel-assignments", scope: products, params: paging + "product_id:in channel_id:in",
			serve: assignments("channel_id", func(p *Product) []int64 { return p.Channels })},
		{method: get, pattern: at + "/category-assignments", scope: products, params: paging + "product_id:in category_id:in",
			serve: assignments("category_id", func(p *Product) []int64 { return p.Categories })},
		{method: put, pattern: at + "/channel-assignments", scope: products, serve: assign("channel_id", channelsOf, isChannel)},
		{method: del, pattern: at + "/channel-assignments", scope: products, params: "product_id:in channel_id:in",
			serve: unassign("channel_id", channelsOf)},
		{method: put, pattern: at + "/category-assignments", scope: products, serve: assign("category_id", categoriesOf, isCategory)},
		{method: del, pattern: at + "/category-assignments", scope: products, params: "product_id:in category_id:in",
			serve: unassign("category_id", categoriesOf)},
		{method: get, pattern: at + "/*", scope: products, params: fieldParams + "include", serve: getProduct},
		{method: put, pattern: at + "/*", scope: products, params: fieldParams, serve: updateProduct},
		{method: del, pattern: at + "/*", scope: products, serve: deleteProduct},
		{method: get, pattern: at + "/*/variants", scope: products, params: paging + fieldParams, serve: listProductVariants},
		{method: post, pattern: at + "/*/variants", scope: products, serve: createVariant},
		{method: get, pattern: at + "/*/variants/*", scope: products, params: fieldParams, serve: getVariant},
		{method: put, pattern: at + "/*/variants/*", scope: products, serve: updateVariant},
		{method: del, pattern: at + "/*/variants/*", scope: products, serve: deleteVariant},
		{method: get, pattern: at + "/*/images", scope: products, params: paging + fieldParams, serve: listImages},
		{method: post, pattern: at + "/*/images", scope: products, serve: createImage},
		{method: get, pattern: at + "/*/images/*", scope: products, params: fieldParams, serve: getImage},
		{method: put, pattern: at + "/*/images/*", scope: products, serve: updateImage},
		{method: del, pattern: at + "/*/images/*", scope: products, serve: deleteImage},
		{method: get, pattern: at + "/*/options", scope: products, params: paging + fieldParams, serve: listOptions},
		{method: post, pattern: at + "/*/options", scope: products, serve: createOption},
		{method: get, pattern: at + "/*/options/*", scope: products, params: fieldParams, serve: getOption},
		{method: get, pattern: at + "/*/options/*/values", scope: products, params: paging + fieldParams, serve: listValues},
		{method: post, pattern: at + "/*/options/*/values", scope: products, serve: createValue},
		{method: get, pattern: at + "/*/modifiers", scope: products, params: paging + fieldParams, serve: listModifiers},
		{method: get, pattern: at + "/*/custom-fields", scope: products, params: paging + fieldParams, serve: listCustomFields},
		{method: get, pattern: "v3/catalog/variants", scope: products, params: variantParams, serve: listVariants},
		{method: put, pattern: "v3/catalog/variants", scope: products, serve: updateVariants},
		{method: get, pattern: "v3/catalog/summary", scope: products, serve: catalogSummary},
		{method: get, pattern: "v3/catalog/categories", scope: products, serve: listNamed(allCategories, true), params: named +
			"parent_id parent_id:in parent_id:min parent_id:max parent_id:greater parent_id:less keyword is_visible"},
		{method: get, pattern: "v3/catalog/categories/*", scope: products, params: fieldParams, serve: getNamed(allCategories, true)},
		{method: get, pattern: "v3/catalog/brands", scope: products, params: named, serve: listNamed((*Store).allBrands, false)},
		{method: get, pattern: "v3/catalog/brands/*", scope: products, params: fieldParams, serve: getNamed((*Store).allBrands, false)},
	}
}
