package shopifytest

import "strings"

func rootFields() map[string]fieldSet {
	byID := func(kind string) resolver {
		return func(x *exec, f *field, _ any) {
			x.one(f, "id", kind, func(id int64, gid string) any { return x.fetch(kind, id, gid) })
		}
	}
	q := fieldSet{
		"shop":    func(x *exec, f *field, _ any) { x.object(f, "Shop", x.srv) },
		"product": byID("Product"), "productVariant": byID("ProductVariant"), "order": byID("Order"),
		"customer": byID("Customer"), "inventoryItem": byID("InventoryItem"), "inventoryLevel": byID("InventoryLevel"),
		"event": byID("BasicEvent"),
		"location": func(x *exec, f *field, _ any) {
			if f.text("id") == "" {
				x.orNothing(f, x.srv.store.location(locationBase))
				return
			}
			x.one(f, "id", "Location", func(id int64, _ string) any { return x.srv.store.location(id) })
		},
		"productByIdentifier": identified("Product", func(x *exec, by, value string) any {
			return x.srv.store.productByHandle(value)
		}),
		"productVariantByIdentifier": identified("ProductVariant", nil),
		"orderByIdentifier":          identified("Order", nil),
		"locationByIdentifier":       identified("Location", nil),
		"customerByIdentifier": identified("Customer", func(x *exec, by, value string) any {
			for _, c := range x.srv.store.customers.all() {
				if by == "emailAddress" && strings.EqualFold(c.Email, value) || by == "phoneNumber" && c.Phone == value {
					return c
				}
			}
			return nil
		}),
		"products": func(x *exec, f *field, _ any) {
			t := x.srv.store.products
			sort := f.text("sortKey")
			if sort == "RELEVANCE" {
				sort = "ID"
			}
			query := x.query(f, productFilters)
			x.connection(f, query.text, rowSeq(t, sort, productText(sort), filtered(t, query)))
		},
		"productsCount": func(x *exec, f *field, _ any) {
			countRows(x, f, x.srv.store.products, productFilters, nil)
		},
		"productVariants": func(x *exec, f *field, _ any) {
			query := x.query(f, variantFilters)
			refs := x.srv.store.variantCandidates(query)
			x.connection(f, query.text, idSeq(len(refs), func(i int) int64 { return refs[i].id }, func(i int) any {
				v := x.variantAt(refs[i])
				if v == nil || !query.matches(variantKey(v), func() any { return v }) {
					return nil
				}
				return v
			}))
		},
		// The real field counts every variant whatever the filter says.
		"productVariantsCount": func(x *exec, f *field, _ any) {
			if text := f.text("query"); text != "" {
				x.warns = append(x.warns, searchNote{path: x.here(f), query: text, warnings: []searchWarning{
					{strings.SplitN(text, ":", 2)[0], "Invalid search field for this query.", "invalid_field"}}})
			}
			n, limit := len(x.srv.store.variantOrder()), 10000
			if l, ok := f.int("limit"); ok {
				limit = l
			} else if v, given := f.args["limit"]; given && v == nil {
				limit = n
			}
			x.object(f, "Count", &count{n: min(n, limit), more: n > limit})
		},
		"orders": func(x *exec, f *field, _ any) { x.orders(f, "") },
		"ordersCount": func(x *exec, f *field, _ any) {
			countRows(x, f, x.srv.store.orders, orderFilters, x.visible)
		},
		"customers": func(x *exec, f *field, _ any) {
			t := x.srv.store.customers
			sort := f.text("sortKey")
			if sort == "RELEVANCE" {
				sort = "ID"
			}
			query := x.query(f, customerFilters)
			x.connection(f, query.text, rowSeq(t, sort, func(c *Customer) string { return c.LastName + ", " + c.FirstName }, filtered(t, query)))
		},
		"customersCount": func(x *exec, f *field, _ any) {
			countRows(x, f, x.srv.store.customers, customerFilters, nil)
		},
		"inventoryItems": func(x *exec, f *field, _ any) {
			query := x.query(f, itemFilters)
			refs := x.srv.store.variantCandidates(query)
			x.connection(f, query.text, idSeq(len(refs), func(i int) int64 { return refs[i].item }, func(i int) any {
				v := x.variantAt(refs[i])
				if v == nil {
					return nil
				}
				it := (*itemRef)(v)
				k := key{v.v.Item.ID, v.v.Item.CreatedAt.Unix(), v.v.Item.UpdatedAt.Unix()}
				if !query.matches(k, func() any { return it }) {
					return nil
				}
				return it
			}))
		},
		"locations": func(x *exec, f *field, _ any) {
			all := x.srv.store.locations
			query := x.query(f, locationFilters)
			x.connection(f, query.text, placeSeq(len(all), func(i int) int64 { return all[i].ID }, func(i int) any {
				k := key{all[i].ID, all[i].CreatedAt.Unix(), all[i].UpdatedAt.Unix()}
				if (!all[i].Active && !f.bool("includeInactive")) || !query.matches(k, func() any { return all[i] }) {
					return nil
				}
				return all[i]
			}))
		},
		"locationsCount":   func(x *exec, f *field, _ any) { x.object(f, "Count", &count{n: len(x.srv.store.locations)}) },
		"collection":       null,
		"collections":      empty,
		"collectionsCount": func(x *exec, f *field, _ any) { x.object(f, "Count", &count{}) },
		"node": func(x *exec, f *field, _ any) {
			x.node1(f, f.text("id"))
		},
		"nodes": func(x *exec, f *field, _ any) {
			ids := f.texts("ids")
			x.list(f, len(ids), func(i int) { x.nodeIn(f, ids[i]) })
		},
		"currentAppInstallation": func(x *exec, f *field, _ any) { x.object(f, "AppInstallation", x.grant) },
		"appInstallation":        func(x *exec, f *field, _ any) { x.object(f, "AppInstallation", x.grant) },
		"publicApiVersions": func(x *exec, f *field, _ any) {
			vs := append(append([]string{}, x.srv.versions...), "unstable")
			x.list(f, len(vs), func(i int) { x.object(f, "ApiVersion", &vs[i]) })
		},
		"events": func(x *exec, f *field, _ any) {
			t := x.srv.store.events
			query := x.query(f, eventFilters)
			x.connection(f, query.text, rowSeq(t, f.text("sortKey"), nil, filtered(t, query)))
		},
		// Nothing here runs in the background: a job is done, and what only
		// mutations create does not exist.
		"job":              func(x *exec, f *field, _ any) { x.object(f, "Job", x.srv.job(f.text("id"))) },
		"productOperation": null,
		"webhookSubscription": func(x *exec, f *field, _ any) {
			x.orNothing(f, x.srv.subscription(input(f.args).id("id", "WebhookSubscription")))
		},
		"webhookSubscriptions": subscriptions,
		"bulkOperation":        func(x *exec, f *field, _ any) { x.orNothing(f, x.srv.bulkOperation(f.text("id"))) },
		"bulkOperations":       empty,
		"eventsCount":          func(x *exec, f *field, _ any) { countRows(x, f, x.srv.store.events, eventFilters, nil) },
	}
	for name, r := range q {
		if scope := rootScope(name); scope != "" {
			q[name] = func(x *exec, f *field, o any) {
				if x.may(f, scope) {
					r(x, f, o)
				}
			}
		}
	}
	return map[string]fieldSet{
		"QueryRoot": q,
	}
}

// rootScope is the scope a root field needs.
func rootScope(name string) string {
	switch {
	case strings.HasPrefix(name, "product"), strings.HasPrefix(name, "collection"):
		return "read_products"
	case strings.HasPrefix(name, "order"):
		return "read_orders"
	case strings.HasPrefix(name, "customer"):
		return "read_customers"
	case strings.HasPrefix(name, "inventory"):
		return "read_inventory"
	case strings.HasPrefix(name, "location"):
		return "read_locations"
	}
	return ""
}

// may checks a scope and, without it, leaves null and an error.
func (x *exec) may(f *field, scope string) bool {
	if x.grant.has(scope) {
		return true
	}
	need := "`" + scope + "` access scope."
	x.fail(f, gqlError{message: "Access denied for " + f.name + " field. Required access: " + need,
		code: "ACCESS_DENIED", access: need})
	return false
}

// identified resolves an identifier input of which one field is given.
func identified(kind string, find func(x *exec, by, value string) any) resolver {
	return func(x *exec, f *field, _ any) {
		in, _ := f.args["identifier"].(map[string]any)
		for by, v := range in {
			value, _ := v.(string)
			switch {
			case v == nil:
			case by == "id":
				k, id, ok := parseGID(value)
				if !ok || (k != "" && k != kind) {
					x.fail(f, gqlError{message: "invalid id", code: "RESOURCE_NOT_FOUND"})
					return
				}
				x.orNothing(f, x.fetch(kind, id, value))
				return
			case find != nil && by != "customId":
				x.orNothing(f, find(x, by, value))
				return
			}
		}
		x.nothing(f)
	}
}

func (x *exec) node1(f *field, id string) {
	kind, n, ok := parseGID(id)
	if !ok || kind == "" {
		x.fail(f, gqlError{message: "invalid id", code: "RESOURCE_NOT_FOUND"})
		return
	}
	if scope := nodeScope(kind); scope != "" && !x.may(f, scope) {
		return
	}
	x.orNothing(f, x.fetch(kind, n, id))
}

// nodeIn is node1 inside a list, whose elements may be null.
func (x *exec) nodeIn(f *field, id string) {
	x.node1(f, id)
	if x.null {
		x.null = false
		x.buf = append(x.buf, "null"...)
	}
}

func nodeScope(kind string) string {
	switch kind {
	case "Product", "ProductVariant":
		return "read_products"
	case "Order", "Fulfillment", "Refund":
		return "read_orders"
	case "Customer":
		return "read_customers"
	case "InventoryItem", "InventoryLevel":
		return "read_inventory"
	case "Location":
		return "read_locations"
	}
	return ""
}

// variantAt makes the variant behind a reference, keeping its product for
// the next one.
func (x *exec) variantAt(r variantPlace) *variantRef {
	if x.last == nil || x.last.ID != r.product {
		p := x.srv.store.products.get(r.product)
		if p == nil {
			return nil
		}
		x.last = p
	}
	if r.pos >= len(x.last.Variants) {
		return nil
	}
	return &variantRef{x.last, &x.last.Variants[r.pos]}
}

func variantKey(v *variantRef) key {
	return key{v.v.ID, v.v.CreatedAt.Unix(), v.v.UpdatedAt.Unix()}
}
