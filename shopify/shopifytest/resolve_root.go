package shopifytest

import (
	"strconv"
	"strings"
	"time"
)

// parseGID reads a global id, or a bare number, which the platform accepts
// too. kind is "" for a bare number.
func parseGID(s string) (kind string, id int64, ok bool) {
	rest, found := strings.CutPrefix(s, "gid://shopify/")
	if found {
		if kind, rest, found = strings.Cut(rest, "/"); !found || kind == "" {
			return "", 0, false
		}
		rest, _, _ = strings.Cut(rest, "?")
	}
	id, err := strconv.ParseInt(rest, 10, 64)
	return kind, id, err == nil && id >= 0
}

// any writes a node by what it is.
func (x *exec) any(f *field, o any) {
	switch v := o.(type) {
	case *Product:
		x.object(f, "Product", v)
	case *variantRef:
		x.object(f, "ProductVariant", v)
	case *itemRef:
		x.object(f, "InventoryItem", v)
	case *levelRef:
		x.object(f, "InventoryLevel", v)
	case *Location:
		x.object(f, "Location", v)
	case *Customer:
		x.object(f, "Customer", v)
	case *Order:
		outer := x.order
		x.order = v
		x.object(f, "Order", v)
		x.order = outer
	case *orderPart:
		outer := x.order
		x.order = v.order
		x.object(f, v.kind, v.part)
		x.order = outer
	case *Media:
		x.object(f, mediaType(v), v)
	case *Event:
		x.object(f, "BasicEvent", v)
	case *discount:
		x.object(f, "DiscountCodeApplication", v)
	default: // parts that only ever occur as one type
		x.object(f, f.typ, v)
	}
}

// query reads the search argument of a list.
func (x *exec) query(f *field, fs filterSet) query { return x.search(f, f.text("query"), fs) }

func (x *exec) search(f *field, text string, fs filterSet) query {
	if text == "" {
		return query{}
	}
	root, warns := parseSearch(text)
	if root == nil {
		return query{text: text}
	}
	root.bind(fs, func(name string) {
		warns = append(warns, searchWarning{name, "Invalid search field for this query.", "invalid_field"})
	})
	if len(warns) > 0 {
		x.warns = append(x.warns, searchNote{path: x.here(f), query: text, warnings: warns})
		x.srv.book.Violationf("search %q: field %q is unknown or its value is cut at a colon", text, warns[0].field)
	}
	return query{text, root}
}

// filtered is the item function of a list over a table.
func filtered[T any](t *table[T], q query) func(*row[T]) any {
	return func(r *row[T]) any {
		if q.root == nil {
			return t.load(r)
		}
		var rec *T
		load := func() any {
			if rec == nil {
				rec = t.load(r)
			}
			return rec
		}
		if !q.matches(r.key, load) {
			return nil
		}
		return load()
	}
}

// countRows counts matches without making records the filter can do without.
func countRows[T any](x *exec, f *field, t *table[T], fs filterSet, keep func(*row[T]) bool) {
	q := x.query(f, fs)
	limit := 10000
	if n, ok := f.int("limit"); ok {
		limit = n
	} else if v, given := f.args["limit"]; given && v == nil {
		limit = int(^uint(0) >> 1)
	}
	c := &count{}
	for _, r := range t.ids {
		if keep != nil && !keep(r) || !q.matches(r.key, func() any { return t.load(r) }) {
			continue
		}
		if c.n == limit {
			c.more = true
			break
		}
		c.n++
	}
	x.object(f, "Count", c)
}

// one writes the record behind an id argument: null when there is none, an
// error when the id cannot be one of that kind.
func (x *exec) one(f *field, arg, kind string, find func(id int64, gid string) any) {
	text := f.text(arg)
	k, id, ok := parseGID(text)
	if !ok || (k != "" && k != kind) {
		x.fail(f, gqlError{message: "invalid id", code: "RESOURCE_NOT_FOUND"})
		return
	}
	x.orNothing(f, find(id, text))
}

func (x *exec) orNothing(f *field, o any) {
	if isNil(o) {
		x.nothing(f)
		return
	}
	x.any(f, o)
}

func isNil(o any) bool {
	switch v := o.(type) {
	case nil:
		return true
	case *Product:
		return v == nil
	case *Order:
		return v == nil
	case *Customer:
		return v == nil
	case *variantRef:
		return v == nil
	case *itemRef:
		return v == nil
	case *levelRef:
		return v == nil
	case *Location:
		return v == nil
	case *Event:
		return v == nil
	}
	return false
}

// fetch finds any node by its kind.
func (x *exec) fetch(kind string, id int64, gid string) any {
	st := x.srv.store
	switch kind {
	case "Product":
		return st.products.get(id)
	case "ProductVariant":
		return st.variant(id)
	case "InventoryItem":
		return st.item(id)
	case "InventoryLevel":
		return st.level(id, gid)
	case "Order":
		return x.visibleOrder(st.orders.get(id))
	case "Fulfillment", "Refund":
		if part := x.orderPart(kind, id); part != nil {
			return part
		}
		return nil
	case "FulfillmentOrder":
		if fo := x.srv.fulfillmentOrder(id); fo != nil {
			return &orderPart{fo.o, kind, fo}
		}
		return nil
	case "Customer":
		return st.customers.get(id)
	case "Location":
		return st.location(id)
	case "BasicEvent":
		return st.events.get(id)
	}
	return nil
}

// orderPart is a fulfillment or refund reached by its own id, which needs its
// order for currencies and lines.
type orderPart struct {
	order *Order
	kind  string
	part  any
}

func (x *exec) orderPart(kind string, id int64) *orderPart {
	for _, o := range x.srv.store.orders.all() {
		if x.visibleOrder(o) == nil {
			continue
		}
		for i := range o.Fulfillments {
			if kind == "Fulfillment" && o.Fulfillments[i].ID == id {
				return &orderPart{o, kind, &o.Fulfillments[i]}
			}
		}
		for i := range o.Refunds {
			if kind == "Refund" && o.Refunds[i].ID == id {
				return &orderPart{o, kind, &o.Refunds[i]}
			}
		}
	}
	return nil
}

// visible hides orders older than 60 days from apps without read_all_orders.
func (x *exec) visible(r *row[Order]) bool {
	return x.grant.has("read_all_orders") || r.created >= x.srv.now().Add(-60*24*time.Hour).Unix()
}

func (x *exec) visibleOrder(o *Order) any {
	if o == nil || !x.visible(&row[Order]{key: key{created: o.CreatedAt.Unix()}}) {
		return nil
	}
	return o
}

func (x *exec) orders(f *field, extra string) {
	text := strings.TrimSpace(f.text("query") + " " + extra)
	q := x.search(f, text, orderFilters)
	t := x.srv.store.orders
	pick := filtered(t, q)
	x.connection(f, text, rowSeq(t, orderSort(f.text("sortKey")), orderText(f.text("sortKey")), func(r *row[Order]) any {
		if !x.visible(r) {
			return nil
		}
		return pick(r)
	}))
}

func orderSort(k string) string {
	switch k {
	case "PROCESSED_AT", "":
		return "CREATED_AT"
	case "RELEVANCE", "ORDER_NUMBER":
		return "ID"
	}
	return k
}

func orderText(k string) func(*Order) string {
	return func(o *Order) string {
		switch k {
		case "FINANCIAL_STATUS":
			return o.FinancialStatus
		case "FULFILLMENT_STATUS":
			return o.FulfillmentStatus
		case "CUSTOMER_NAME":
			if o.Shipping != nil {
				return o.Shipping.name()
			}
		case "PO_NUMBER":
			return o.PONumber
		}
		return ""
	}
}

func productText(k string) func(*Product) string {
	return func(p *Product) string {
		switch k {
		case "TITLE":
			return strings.ToLower(p.Title)
		case "VENDOR":
			return strings.ToLower(p.Vendor)
		case "PRODUCT_TYPE":
			return strings.ToLower(p.ProductType)
		case "PUBLISHED_AT":
			return p.PublishedAt.UTC().Format(cursorTime)
		}
		return ""
	}
}
