package woocommercetest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func (s *Server) orderFields() []field {
	return slices.Concat(
		listFields("date", "id", "include", "title", "slug", "modified"), dateFields(),
		typed("integer", "customer", "product", "dp"), typed("array", "created_via"),
		typed("boolean", "order_item_display_meta"),
		[]field{manyOf("status", append([]string{"any", "trash", "auto-draft"}, s.statuses()...)...)},
	)
}

func (s *Server) orderRoutes() []*route {
	context := append([]field{oneOf("context", "view", "edit")}, typed("integer", "dp")...)
	force := typed("boolean", "force")
	refunds := slices.Concat(listFields("date", "id", "include", "title", "slug", "modified"), dateFields(), typed("integer", "dp"), typed("boolean", "order_item_display_meta"))
	return []*route{
		{methods: "GET", path: "orders", act: actList, fields: s.orderFields(), serve: (*call).listOrders},
		{methods: "POST", path: "orders", act: actCreate, fields: s.orderBody(), serve: (*call).createOrder},
		{methods: editing, path: "orders/batch", act: actBatch, serve: (*call).batchOrders},
		{methods: "GET", path: "orders/statuses", act: actList, serve: (*call).listStatuses, public: true},
		{methods: "GET", path: "orders/#", act: actView, fields: context, serve: (*call).getOrder},
		{methods: editing, path: "orders/#", act: actEdit, fields: s.orderBody(), serve: (*call).putOrder},
		{methods: "DELETE", path: "orders/#", act: actDelete, fields: force, serve: (*call).deleteOrder},
		{methods: "GET", path: "orders/#/notes", act: actList, fields: []field{oneOf("context", "view", "edit"), oneOf("type", "any", "customer", "internal")}, serve: (*call).listNotes},
		{methods: "POST", path: "orders/#/notes", act: actCreate, fields: noteBody(), serve: (*call).createNote},
		{methods: "GET", path: "orders/#/notes/#", act: actView, fields: context, serve: (*call).getNote},
		{methods: "DELETE", path: "orders/#/notes/#", act: actDelete, fields: force, serve: (*call).deleteNote},
		{methods: "GET", path: "orders/#/refunds", act: actList, fields: refunds, serve: (*call).listOrderRefunds},
		{methods: "POST", path: "orders/#/refunds", act: actCreate, fields: refundBody(), serve: (*call).createRefund},
		{methods: "GET", path: "orders/#/refunds/#", act: actView, fields: context, serve: (*call).getRefund},
		{methods: "DELETE", path: "orders/#/refunds/#", act: actDelete, fields: force, serve: (*call).deleteRefund},
		{methods: "GET", path: "refunds", act: actList, fields: refunds, serve: (*call).listRefunds, since: [2]int{9, 0}},
	}
}

func (c *call) listOrders() *apiError {
	s := c.server
	s.mu.RLock()
	version := s.version()
	rows := kept(s.orders, c.viewName("o"), c.chooseOrders)
	s.mu.RUnlock()
	dp := c.dp()
	from, to := c.cut(len(rows), "status", "any", "dp", strconv.Itoa(dp), "context", "view")
	cached(c, version, rows[from:to], func(w *writer, r *row[Order]) { w.order(s, c, s.orders.load(r), dp) })
	return nil
}

// dp is the number of decimals asked for.
func (c *call) dp() int { return min(max(c.number("dp", c.server.cfg.Decimals), 0), 12) }

func rowKey[T any](r *row[T]) key { return r.key }

// chooseOrders selects and sorts; called with mu held.
func (c *call) chooseOrders() []*row[Order] {
	s := c.server
	b := c.bounds()
	include, exclude, parents := c.ids("include"), c.ids("exclude"), c.ids("parent")
	keep, plain := c.orderFilter()
	var rows []*row[Order]
	for _, r := range s.orders.rows {
		switch {
		case !b.keep(r.key), include != nil && !slices.Contains(include, r.id), slices.Contains(exclude, r.id):
			continue
		case plain && r.rec == nil && int(r.index) < s.cfg.Orders && parents == nil:
			rows = append(rows, r)
			continue
		}
		o := s.orders.load(r)
		if keep(o) && (parents == nil || slices.Contains(parents, o.ParentID)) {
			rows = append(rows, r)
		}
	}
	by := cmp.Or(c.params["orderby"], "date")
	if !order(c, rows, by, rowKey) {
		order(c, rows, "id", rowKey)
	}
	if by == "include" && include != nil {
		byInclude(rows, include, func(r *row[Order]) int64 { return r.id })
	} else if c.descending("desc") {
		slices.Reverse(rows)
	}
	return rows
}

// orderFilter makes the test of one order; plain says that it only keeps the
// trash out.
func (c *call) orderFilter() (keep func(*Order) bool, plain bool) {
	statuses := c.list("status")
	if slices.Contains(statuses, "any") {
		statuses = nil
	}
	var tests []func(*Order) bool
	if _, ok := c.params["customer"]; ok {
		id := int64(c.number("customer", 0))
		tests = append(tests, func(o *Order) bool { return o.CustomerID == id })
	}
	if _, ok := c.params["product"]; ok {
		id := int64(c.number("product", 0))
		tests = append(tests, func(o *Order) bool {
			return slices.ContainsFunc(o.Items, func(l LineItem) bool { return l.ProductID == id || l.VariationID == id })
		})
	}
	if list := c.list("created_via"); len(list) > 0 {
		tests = append(tests, func(o *Order) bool { return slices.Contains(list, o.CreatedVia) })
	}
	if words := c.params["search"]; words != "" {
		tests = append(tests, func(o *Order) bool { return holds(o.searchText(), words) })
	}
	return func(o *Order) bool {
		if len(statuses) > 0 && !slices.Contains(statuses, o.Status) || len(statuses) == 0 && o.Status == "trash" {
			return false
		}
		for _, t := range tests {
			if !t(o) {
				return false
			}
		}
		return true
	}, len(statuses) == 0 && len(tests) == 0
}

func (o *Order) searchText() string {
	parts := []string{strconv.FormatInt(o.ID, 10), o.Billing.FirstName, o.Billing.LastName, o.Billing.Email, o.Billing.Phone,
		o.Billing.Company, o.Shipping.FirstName, o.Shipping.LastName, o.Billing.Address1}
	for _, l := range o.Items {
		parts = append(parts, l.Name)
	}
	for _, x := range o.Coupons {
		parts = append(parts, x.Title)
	}
	return strings.Join(parts, " ")
}

// anyOrder returns an order, not to be written to, or nil.
func (s *Server) anyOrder(id int64) *Order {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.orders.get(id)
}

func (c *call) getOrder() *apiError {
	o := c.server.anyOrder(c.args[0])
	if o == nil {
		return invalidID("order", http.StatusNotFound)
	}
	c.answer(http.StatusOK, func(w *writer) { w.order(c.server, c, o, c.dp()) })
	return nil
}

// statusName is a status in words.
func (s *Server) statusName(slug string) string {
	for _, st := range coreStatuses {
		if st.slug == slug {
			return st.name
		}
	}
	if slug == "" {
		return ""
	}
	return strings.ToUpper(slug[:1]) + strings.ReplaceAll(slug[1:], "-", " ")
}

func (c *call) listStatuses() *apiError {
	list := c.server.statuses()
	rowsOf(c, list, func(w *writer, slug string) {
		w.obj("")
		w.str("slug", slug)
		w.str("name", c.server.statusName(slug))
		w.end()
	})
	return nil
}
