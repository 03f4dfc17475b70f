package magentotest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// checker compares answers with the vendor's schema.
type checker struct {
	root   *doc
	values int
	found  map[string]bool
}

// check walks a value: every key must be one of the schema's, every value of
// its type, every required field there.
func (k *checker) check(at string, schema *doc, v any) {
	schema = schema.schema(k.root)
	if schema == nil {
		return
	}
	k.values++
	kind := ""
	if n := schema.at("type"); n != nil {
		kind = n.value
	}
	switch v := v.(type) {
	case map[string]any:
		props := schema.at("properties")
		if props == nil {
			if kind != "object" {
				k.report("%s is an object, the schema says %s", at, kind)
			}
			return
		}
		for name, e := range v {
			p := props.at(name)
			if p == nil {
				k.report("%s has a field %s the schema does not have", at, name)
				continue
			}
			k.check(at+"."+name, p, e)
		}
		if req := schema.at("required"); req != nil {
			for _, name := range req.list {
				if _, ok := v[name]; !ok && !lenient(at, name) {
					k.report("%s lacks the required %s", at, name)
				}
			}
		}
	case []any:
		if kind != "array" && len(v) > 0 {
			k.report("%s is an array, the schema says %s", at, kind)
			return
		}
		for _, e := range v {
			k.check(at+"[]", schema.at("items"), e)
		}
	case string:
		k.scalar(at, kind, "string")
	case bool:
		k.scalar(at, kind, "boolean")
	case json.Number:
		if kind == "integer" && strings.Contains(v.String(), ".") {
			k.report("%s is %s, the schema says integer", at, v)
		}
		if kind != "integer" {
			k.scalar(at, kind, "number")
		}
	}
}

func (k *checker) scalar(at, kind, got string) {
	if kind != got && kind != "" {
		k.report("%s is a %s, the schema says %s", at, got, kind)
	}
}

func (k *checker) report(format string, args ...any) { k.found[fmt.Sprintf(format, args...)] = true }

// lenient names what the schema wants and shops do not send.
func lenient(at, name string) bool {
	return name == "items" || strings.HasSuffix(at, "payment") || // items of a filter group, null fields of a payment
		strings.HasSuffix(at, "attributes[]") && name == "value"
}

// known are the places where shops differ from the schema generated from
// their comments.
var known = []string{
	".custom_attributes[].value is an array, the schema says string",
	".parameters is an object, the schema says array",
	"fields[] lacks the required converter", "fields[] lacks the required source", // absent in the vendor's own sample
	"region_code", ".items[].tier_prices[].extension_attributes has a field website_id",
}

func TestAnswersFitTheVendorsSchema(t *testing.T) {
	t.Parallel()
	spec := readSpec(t, "admin-schema-2.4.9.yaml")
	if n := len(spec.at("definitions").kids); n < 400 {
		t.Fatalf("only %d definitions were read", n)
	}
	s := start(t, &Config{TB: t})
	o := orderIn(t, s, StateClosed, func(o *Order) bool { return len(o.Shipments) > 0 })
	conf := s.Products()[0]
	requests := []string{
		"products" + sc(500, 1, ""), "orders" + sc(200, 1, ""), "customers/search" + sc(100, 1, ""),
		"products/" + encode(conf.SKU), "products/AB%2F15", "products/" + encode(s.Products()[11].SKU), "products/" + encode(conf.SKU) + "/media",
		"configurable-products/" + encode(conf.SKU) + "/children", "configurable-products/" + encode(conf.SKU) + "/options/all",
		"bundle-products/" + encode(s.Products()[11].SKU) + "/children", "categories", "categories/list" + sc(9, 1, ""),
		"products/attributes" + sc(9, 1, ""), "products/attributes/color", "products/attributes/color/options",
		"store/storeConfigs", "store/storeViews", "store/storeGroups", "store/websites", "directory/currency", "modules",
		"inventory/source-items" + sc(99, 1, ""), "inventory/sources" + sc(99, 1, ""), "inventory/sources/default", "inventory/stocks" + sc(9, 1, ""),
		"inventory/stocks/2", "inventory/stock-source-links" + sc(9, 1, ""), "inventory/stock-resolver/website/base",
		"inventory/get-product-salable-quantity/AB%2F15/2", "inventory/is-product-salable/AB%2F15/2", "stockItems/AB%2F15", "stockStatuses/AB%2F15",
		"orders/" + itoa(o.ID), "orders/" + itoa(o.ID) + "/statuses", "orders/" + itoa(o.ID) + "/comments", "orders/items" + sc(300, 1, ""),
		"orders/items/" + itoa(o.Items[0].ID), "shipments" + sc(99, 1, ""), "shipment/" + itoa(o.Shipments[0].ID), "shipment/" + itoa(o.Shipments[0].ID) + "/comments",
		"invoices" + sc(99, 1, ""), "invoices/" + itoa(o.Invoices[0].ID), "creditmemos" + sc(99, 1, ""), "creditmemo/" + itoa(o.CreditMemos[0].ID),
		"customers/" + itoa(s.Customers()[1].ID), "customers/addresses/" + itoa(s.Customers()[1].Addresses[0].ID), "customerGroups/search" + sc(9, 1, ""),
		"inventory/dump-stock-index-data/website/base",
	}
	k := &checker{root: spec, found: map[string]bool{}}
	for _, path := range requests {
		k.hold(t, get(t, s, "/V1/"+path), "GET", path)
	}
	k.settle(t, len(requests))
}

// settle reports what was found and is not known.
func (k *checker) settle(t *testing.T, answers int) {
	t.Helper()
	skipped := 0
next:
	for problem := range k.found {
		for _, ok := range known {
			if strings.Contains(problem, ok) {
				skipped++
				continue next
			}
		}
		t.Error(problem)
	}
	t.Logf("%d answers, %d values held against the schema; %d known differences", answers, k.values, skipped)
}

// TestAnswersToWritesFitTheVendorsSchema holds every kind of write against the
// schema of its answer.
func TestAnswersToWritesFitTheVendorsSchema(t *testing.T) {
	t.Parallel()
	spec := readSpec(t, "admin-schema-2.4.9.yaml")
	k := &checker{root: spec, found: map[string]bool{}}
	s, commerce := start(t, &Config{TB: t, QueueRequests: 1}), start(t, &Config{TB: t, Edition: Commerce})
	o, open := s.AddSale(true), s.AddSale(false)
	order, line := itoa(o.ID), itoa(o.Items[0].ID)
	ship := decode[int64](t, do(t, s, "POST", "/V1/order/"+order+"/ship", `{"items":[{"order_item_id":`+line+`,"qty":1}],"arguments":{"extension_attributes":{"source_code":"default"}}}`))
	work := accepted(t, do(t, s, "PUT", "/rest/all/async/bulk/V1/products/bySku", `[{"product":{"sku":"AB/15","price":3.5}},{"product":{"sku":"AB/15","price":-1}}]`))
	writes := [][3]string{
		{"POST", "products", `{"product":{"sku":"K","name":"K","price":3,"attribute_set_id":4}}`},
		{"PUT", "products/K", `{"product":{"price":4}}`},
		{"POST", "products/K/media", `{"entry":{"media_type":"image","label":"x","position":1,"disabled":false,"types":[],"content":{"base64_encoded_data":"aGVsbG8=","type":"image/png","name":"x.png"}}}`},
		{"POST", "configurable-products/K/options", `{"option":{"attribute_id":"93","label":"Color","position":0,"values":[{"value_index":49}]}}`},
		{"POST", "products/base-prices", `{"prices":[{"price":1,"store_id":0,"sku":"none"}]}`},
		{"POST", "products/special-price", `{"prices":[{"price":1,"store_id":0,"sku":"none","price_from":"","price_to":""}]}`},
		{"POST", "products/cost", `{"prices":[{"cost":1,"store_id":0,"sku":"AB/15"}]}`},
		{"DELETE", "products/K", ""},
		{"POST", "orders/" + order + "/comments", `{"statusHistory":{"comment":"x","is_customer_notified":0,"is_visible_on_front":0}}`},
		{"POST", "orders/" + itoa(open.ID) + "/hold", ""}, {"POST", "orders/" + itoa(open.ID) + "/unhold", ""}, {"POST", "orders/" + itoa(open.ID) + "/cancel", ""},
		{"POST", "order/" + order + "/refund", `{"items":[{"order_item_id":` + line + `,"qty":1}]}`},
		{"POST", "order/" + order + "/ship", `{"items":[{"order_item_id":` + line + `,"qty":1}],"arguments":{"extension_attributes":{"source_code":"default"}}}`},
		{"POST", "shipment/track", `{"entity":{"order_id":` + order + `,"parent_id":` + itoa(ship) + `,"track_number":"1","title":"x","carrier_code":"ups","description":"y"}}`},
		{"GET", "shipment/" + itoa(ship), ""}, {"DELETE", "shipment/track/1", ""},
		{"POST", "customers", `{"customer":{"email":"k@example.com","firstname":"n","lastname":"x","addresses":[` + newAddress + `]}}`},
		{"GET", "bulk/" + work.UUID + "/status", ""}, {"GET", "bulk/" + work.UUID + "/detailed-status", ""}, {"GET", "bulk" + sc(9, 1, ""), ""},
		{"GET", "bulk/" + work.UUID + "/operation-status/3", ""},
	}
	for _, w := range writes {
		k.hold(t, do(t, s, w[0], "/V1/"+w[1], w[2]), w[0], w[1])
	}
	do(t, commerce, "POST", "/V1/eventing/eventSubscribe", `{"event":{"name":"observer.customer_save_commit_after","fields":[{"name":"email"}],"rules":[{"field":"email","operator":"equal","value":"x"}]}}`)
	k.hold(t, get(t, commerce, "/V1/eventing/getEventSubscriptions"), "GET", "eventing/getEventSubscriptions")
	k.settle(t, len(writes)+1)
}

// hold decodes an answer and checks it against the schema of its route.
func (k *checker) hold(t *testing.T, r reply, method, path string) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(r.body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || r.status != 200 {
		t.Errorf("%s: %d %v %s", path, r.status, err, r.body)
		return
	}
	plain, _, _ := strings.Cut(path, "?")
	to, _ := findRoute(method, "/V1/"+plain)
	schema := k.root.answerOf(k.root.specPath(to), method)
	if schema == nil {
		t.Errorf("%s: no schema", to.pattern)
		return
	}
	k.check(to.pattern, schema, v)
}

func TestRoutesAreTheVendors(t *testing.T) {
	t.Parallel()
	paas, saas := readSpec(t, "admin-schema-2.4.9.yaml"), readSpec(t, "accs-schema.yaml")
	for _, r := range routes {
		if r.only == withAsync { // a module's own
			continue
		}
		where := r.method + " " + r.pattern
		if in := paas.specPath(r) != ""; in != (r.only != onlySaaS) {
			t.Errorf("%s: in the specification %v", where, in)
		}
		if in := saas.specPath(r) != ""; in != r.served(&Config{Edition: SaaS}) {
			t.Errorf("%s: in the SaaS specification %v, served %v", where, in, !in)
		}
	}
	t.Logf("%d routes", len(routes))
}
