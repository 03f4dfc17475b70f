package bigcommercetest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const orderFilters = `min_id max_id min_total max_total customer_id email status_id cart_id payment_method min_date_created
	max_date_created min_date_modified max_date_modified channel_id external_order_id is_deleted `

func orderRoutes() []route {
	const (
		scope = "store_v2_orders"
		money = "store_v2_orders|store_v2_transactions"
		at    = "v2/orders"
		v3    = "v3/orders"
	)
	return []route{
		{method: get, pattern: at, scope: scope, params: paging + orderFilters + "sort include consignment_structure", serve: listOrders},
		{method: post, pattern: at, scope: scope, serve: createOrder},
		{method: del, pattern: at, scope: scope, serve: archiveAll},
		{method: get, pattern: at + "/count", scope: scope, params: orderFilters, serve: countOrders},
		{method: get, pattern: at + "/*", scope: scope, params: "include consignment_structure", serve: getOrder},
		{method: put, pattern: at + "/*", scope: scope, serve: updateOrder},
		{method: del, pattern: at + "/*", scope: scope, serve: archiveOrder},
		{method: get, pattern: at + "/*/products", scope: scope, params: paging, serve: listLines},
		{method: get, pattern: at + "/*/products/*", scope: scope, serve: getLine},
		{method: get, pattern: at + "/*/shipping_addresses", scope: scope, params: paging, serve: listOrderAddresses},
		{method: get, pattern: at + "/*/shipping_addresses/*", scope: scope, serve: getOrderAddress},
		{method: put, pattern: at + "/*/shipping_addresses/*", scope: scope, serve: updateOrderAddress},
		{method: get, pattern: at + "/*/coupons", scope: scope, params: paging, serve: listCoupons},
		{method: get, pattern: at + "/*/taxes", scope: scope, params: paging + "details", serve: listTaxes},
		{method: get, pattern: at + "/*/fees", scope: scope, serve: listFees},
		{method: get, pattern: at + "/*/messages", scope: scope, serve: listMessages,
			params: paging + "min_id max_id customer_id min_date_created max_date_created is_flagged status"},
		{method: get, pattern: at + "/*/consignments", scope: scope, params: "include", serve: listConsignments},
		{method: get, pattern: at + "/*/shipments", scope: scope, params: paging, serve: listShipments},
		{method: post, pattern: at + "/*/shipments", scope: scope, serve: createShipment},
		{method: del, pattern: at + "/*/shipments", scope: scope, serve: deleteShipments},
		{method: get, pattern: at + "/*/shipments/count", scope: scope, serve: countShipments},
		{method: get, pattern: at + "/*/shipments/*", scope: scope, serve: getShipment},
		{method: put, pattern: at + "/*/shipments/*", scope: scope, serve: updateShipment},
		{method: del, pattern: at + "/*/shipments/*", scope: scope, serve: deleteShipment},
		{method: get, pattern: "v2/order_statuses", scope: scope, serve: listStatuses},
		{method: get, pattern: "v2/order_statuses/*", scope: scope, serve: getStatus},
		{method: get, pattern: v3 + "/payment_actions/refunds", scope: money, serve: listRefunds,
			params: paging + "order_id:in id:in created:min created:max transaction_id"},
		{method: get, pattern: v3 + "/payment_actions/refunds/*", scope: money, serve: getRefund},
		{method: get, pattern: v3 + "/*/payment_actions/refunds", scope: money, params: paging, serve: listOrderRefunds},
		{method: post, pattern: v3 + "/*/payment_actions/refunds", scope: money, params: "transaction_id", alone: true, serve: createRefund},
		{method: post, pattern: v3 + "/*/payment_actions/refund_quotes", scope: money, serve: quoteRefund},
		{method: post, pattern: v3 + "/*/payment_actions/capture", scope: "store_v2_transactions", serve: capturePayment},
		{method: post, pattern: v3 + "/*/payment_actions/void", scope: "store_v2_transactions", serve: voidPayment},
		{method: get, pattern: v3 + "/*/transactions", scope: "store_v2_transactions", params: paging, serve: listTransactions},
	}
}

func (c *call) orderSelection() (*selection[Order], bool) {
	f := &filterReader{c: c}
	s := &selection[Order]{
		created:  f.span("min_date_created", "max_date_created"),
		modified: f.span("min_date_modified", "max_date_modified"),
	}
	if f.text("min_id") != "" {
		s.above(f.id("min_id"))
	}
	if f.text("max_id") != "" {
		s.below(f.id("max_id"))
	}
	for name, of := range map[string]func(*Order) int64{
		"customer_id": func(o *Order) int64 { return o.CustomerID }, "status_id": func(o *Order) int64 { return int64(o.StatusID) },
		"channel_id": func(o *Order) int64 { return o.ChannelID },
	} {
		if f.text(name) != "" {
			want := f.id(name)
			s.when(fmt.Sprint(name, want), func(o *Order) bool { return of(o) == want })
		}
	}
	for name, of := range map[string]func(*Order) string{
		"email": func(o *Order) string { return o.Billing.Email }, "cart_id": func(o *Order) string { return o.CartID },
		"payment_method":    func(o *Order) string { return o.PaymentMethod },
		"external_order_id": func(o *Order) string { return o.ExternalID },
	} {
		if v := f.text(name); v != "" {
			s.when(name+" "+v, func(o *Order) bool { return strings.EqualFold(of(o), v) })
		}
	}
	for name, sign := range map[string]int64{"min_total": 1, "max_total": -1} {
		if v := f.text(name); v != "" {
			want, ok := toMoney(v)
			if !ok {
				f.wrong(name)
			}
			s.when(name+v, func(o *Order) bool { return sign*o.Total() >= sign*want })
		}
	}
	if want := f.flag("is_deleted"); want != nil {
		s.when(fmt.Sprint("deleted ", *want), func(o *Order) bool { return o.Deleted == *want })
	} else if c.store.cfg.OmitArchived {
		s.when("kept", func(o *Order) bool { return !o.Deleted })
	}
	if c.store.cfg.OmitIncomplete && f.text("status_id") == "" {
		s.when("complete", func(o *Order) bool { return o.StatusID != 0 })
	}
	if f.failed() {
		return nil, false
	}
	return s, c.orderOrder(s)
}

// orderOrder reads sort, a field and optionally a direction.
func (c *call) orderOrder(s *selection[Order]) bool {
	v := c.query.Get("sort")
	field, direction, _ := strings.Cut(v, ":")
	s.sort, s.desc = field, direction == "desc"
	orders := map[string]func(a, b *Order) int{
		"": nil, "id": nil, "date_created": nil, "date_modified": nil,
		"customer_id": func(a, b *Order) int { return int(a.CustomerID - b.CustomerID) },
		"status_id":   func(a, b *Order) int { return a.StatusID - b.StatusID },
		"channel_id":  func(a, b *Order) int { return int(a.ChannelID - b.ChannelID) },
		"external_id": func(*Order, *Order) int { return 0 },
	}
	less, ok := orders[field]
	s.less = less
	if !ok || direction != "" && direction != "asc" && direction != "desc" {
		c.violation("sort=%s", v)
		c.invalid("The field 'sort' is invalid.", "sort", "The value "+v+" is not a sort.")
		return false
	}
	return true
}

// orderInclude reads include. Consignments need consignment_structure=object;
// without it they stay links here, where the platform has a form it deprecated.
func (c *call) orderInclude() ([]string, bool) {
	include, ok := c.include([]string{"consignments", "consignments.line_items", "fees"})
	if !ok {
		return nil, false
	}
	if slices.ContainsFunc(include, func(v string) bool { return v != "fees" }) && c.query.Get("consignment_structure") != "object" {
		c.violation("consignments are included without consignment_structure=object")
		include = slices.DeleteFunc(include, func(v string) bool { return v != "fees" })
	}
	return include, true
}

func listOrders(c *call) {
	include, ok := c.orderInclude()
	if !ok {
		return
	}
	number, size, ok := c.window(maxLimit)
	if !ok {
		return
	}
	s, ok := c.orderSelection()
	if !ok {
		return
	}
	p, orders := c.store.orders.page(s, number, size)
	c.bare(p, func(w *writer) {
		for _, o := range orders {
			w.order("", c.store, o, include)
		}
	})
}

func countOrders(c *call) {
	s, ok := c.orderSelection()
	if !ok {
		return
	}
	orders := c.store.orders.selected(s)
	counts := make([]int, len(orderLabels))
	for _, o := range orders {
		if o.StatusID >= 0 && o.StatusID < len(counts) {
			counts[o.StatusID]++
		}
	}
	c.ok(func(w *writer) {
		w.obj("")
		w.arr("statuses")
		for id := range orderLabels {
			w.status(id, true, counts[id])
		}
		w.endArr()
		w.num("count", len(orders))
		w.end()
	})
}

func (w *writer) status(id int, counted bool, count int) {
	w.obj("")
	w.num("id", id)
	w.str("name", orderLabels[id])
	w.str("system_label", orderLabels[id])
	w.str("custom_label", customLabel(id))
	w.str("system_description", "The order is "+strings.ToLower(orderLabels[id])+".")
	if counted {
		w.num("count", count)
		w.num("sort_order", id)
	} else {
		w.num("order", id)
	}
	w.end()
}

func listStatuses(c *call) {
	c.ok(func(w *writer) {
		w.arr("")
		for id := range orderLabels {
			w.status(id, false, 0)
		}
		w.endArr()
	})
}

func getStatus(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	if id < 0 || id >= int64(len(orderLabels)) {
		c.notFound()
		return
	}
	c.ok(func(w *writer) { w.status(int(id), false, 0) })
}

// order finds the order of the path's first argument; nil after it has answered
// 404.
func (c *call) order() *Order {
	id, ok := c.id(0)
	if !ok {
		return nil
	}
	o := c.store.orders.get(id)
	if o == nil {
		c.notFound()
	}
	return o
}

func getOrder(c *call) {
	include, ok := c.orderInclude()
	if !ok {
		return
	}
	if o := c.order(); o != nil {
		c.oneOrder(http.StatusOK, o, include)
	}
}

func (c *call) oneOrder(status int, o *Order, include []string) {
	c.answer(status, func(w *writer) { w.order("", c.store, o, include) })
}
