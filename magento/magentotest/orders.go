package magentotest

import (
	"cmp"
	"slices"
	"strconv"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

var orderColumns = map[string]column[Order]{
	"entity_id":           {numberColumn, some(func(o *Order) string { return itoa(o.ID) })},
	"increment_id":        {textColumn, some(func(o *Order) string { return o.IncrementID })},
	"store_id":            {numberColumn, some(func(o *Order) string { return itoa(o.StoreID) })},
	"state":               {textColumn, some(func(o *Order) string { return o.State })},
	"status":              {textColumn, some(func(o *Order) string { return o.Status })},
	"created_at":          {timeColumn, some(func(o *Order) string { return o.CreatedAt.Format(stampLayout) })},
	"updated_at":          {timeColumn, some(func(o *Order) string { return o.UpdatedAt.Format(stampLayout) })},
	"customer_id":         {numberColumn, filled(func(o *Order) string { return trimZero(o.CustomerID) })},
	"customer_email":      {textColumn, some(func(o *Order) string { return o.CustomerEmail })},
	"customer_is_guest":   {numberColumn, some(func(o *Order) string { return map[bool]string{true: "1", false: "0"}[o.CustomerID == 0] })},
	"grand_total":         {numberColumn, some(func(o *Order) string { return o.Totals.Grand })},
	"base_grand_total":    {numberColumn, some(func(o *Order) string { return o.Base.Grand })},
	"order_currency_code": {textColumn, some(func(o *Order) string { return o.Currency })},
	"is_virtual":          {numberColumn, some(func(o *Order) string { return map[bool]string{true: "1", false: "0"}[o.Shipping == nil] })},
}

func trimZero(id int64) string {
	if id == 0 {
		return ""
	}
	return itoa(id)
}

// id reads a number in the path; false after an error was answered.
func (c *call) id(n int) (int64, bool) {
	id, err := strconv.ParseInt(c.args[n], 10, 64)
	if err != nil {
		c.violation("%q is no id", c.args[n])
		c.bad(msgType, "value", c.args[n], "type", "int")
		return 0, false
	}
	return id, true
}

func listOrders(c *call) {
	s := c.server.store
	serveList(c, &listing[Order]{table: s.orders, columns: orderColumns}, (*writer).order)
}

// withOrder runs f on the order a path names.
func (c *call) withOrder(f func(o *Order)) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	c.server.mu.RLock()
	defer c.server.mu.RUnlock()
	o := c.server.orders.get(id)
	if o == nil {
		c.noEntity()
		return
	}
	f(o)
}

func getOrder(c *call) { c.withOrder(c.out.order) }

func getOrderStatus(c *call) { c.withOrder(func(o *Order) { c.out.str("", o.Status) }) }

func listComments(c *call) {
	c.withOrder(func(o *Order) {
		q := criteria{page: 1}
		q.echo = `{"filter_groups":[{"filters":[{"field":"parent_id","value":"` + itoa(o.ID) + `","condition_type":"eq"}]}]}`
		c.answerList(&q, len(o.History), func(w *writer) int {
			for i := range o.History {
				w.comment(o.ID, &o.History[i])
			}
			return len(o.History)
		})
	})
}

// part is something of an order: a line or a document.
type part[T any] struct {
	order *Order
	v     *T
}

// parts collects one kind of part of every order, by their id.
func parts[T any](s *store, kind string, of func(*Order) []T, id func(*T) int64) []part[T] {
	return derive(s.orders, kind, func() []part[T] {
		var out []part[T]
		for _, r := range s.orders.rows {
			o := s.orders.load(r)
			list := of(o)
			for i := range list {
				out = append(out, part[T]{o, &list[i]})
			}
		}
		slices.SortStableFunc(out, func(a, b part[T]) int { return cmp.Compare(id(a.v), id(b.v)) })
		return out
	})
}

// servePart answers one part by its id.
func servePart[T any](c *call, list []part[T], id func(*T) int64, render func(w *writer, o *Order, v *T)) {
	want, ok := c.id(0)
	if !ok {
		return
	}
	at, ok := slices.BinarySearchFunc(list, want, func(p part[T], want int64) int { return cmp.Compare(id(p.v), want) })
	if !ok {
		c.noEntity()
		return
	}
	render(&c.out, list[at].order, list[at].v)
}

func (s *store) orderItems() []part[OrderItem] {
	return parts(s, "items", func(o *Order) []OrderItem { return o.Items }, itemID)
}

func (s *store) shipments() []part[Shipment] {
	return parts(s, "shipments", func(o *Order) []Shipment { return o.Shipments }, shipmentID)
}

func (s *store) invoices() []part[Invoice] {
	return parts(s, "invoices", func(o *Order) []Invoice { return o.Invoices }, invoiceID)
}

func (s *store) creditMemos() []part[CreditMemo] {
	return parts(s, "creditmemos", func(o *Order) []CreditMemo { return o.CreditMemos }, creditMemoID)
}

func itemID(i *OrderItem) int64        { return i.ID }
func shipmentID(s *Shipment) int64     { return s.ID }
func invoiceID(i *Invoice) int64       { return i.ID }
func creditMemoID(m *CreditMemo) int64 { return m.ID }

// locked runs f with the store readable.
func (c *call) locked(f func(s *store)) {
	c.server.mu.RLock()
	defer c.server.mu.RUnlock()
	f(c.server.store)
}

func listOrderItems(c *call) {
	c.locked(func(s *store) {
		serveSlice(c, s.orderItems(), map[string]column[part[OrderItem]]{
			"item_id":        {numberColumn, some(func(p *part[OrderItem]) string { return itoa(p.v.ID) })},
			"order_id":       {numberColumn, some(func(p *part[OrderItem]) string { return itoa(p.order.ID) })},
			"parent_item_id": {numberColumn, filled(func(p *part[OrderItem]) string { return trimZero(p.v.ParentID) })},
			"product_id":     {numberColumn, some(func(p *part[OrderItem]) string { return itoa(p.v.ProductID) })},
			"sku":            {textColumn, some(func(p *part[OrderItem]) string { return p.v.SKU })},
		}, func(w *writer, p *part[OrderItem]) { w.orderItem(p.order, p.v) })
	})
}

func getOrderItem(c *call) {
	c.locked(func(s *store) { servePart(c, s.orderItems(), itemID, (*writer).orderItem) })
}

// documentColumns are what lists of documents can be filtered by.
func documentColumns[T any](id func(*T) int64, increment func(*T) string, created, updated func(*T) string) map[string]column[part[T]] {
	return map[string]column[part[T]]{
		"entity_id":    {numberColumn, some(func(p *part[T]) string { return itoa(id(p.v)) })},
		"order_id":     {numberColumn, some(func(p *part[T]) string { return itoa(p.order.ID) })},
		"increment_id": {textColumn, some(func(p *part[T]) string { return increment(p.v) })},
		"store_id":     {numberColumn, some(func(p *part[T]) string { return itoa(p.order.StoreID) })},
		"created_at":   {timeColumn, some(func(p *part[T]) string { return created(p.v) })},
		"updated_at":   {timeColumn, some(func(p *part[T]) string { return updated(p.v) })},
	}
}

func listShipments(c *call) {
	c.locked(func(s *store) {
		serveSlice(c, s.shipments(), documentColumns(shipmentID, func(x *Shipment) string { return x.IncrementID },
			func(x *Shipment) string { return x.CreatedAt.Format(stampLayout) }, func(x *Shipment) string { return x.UpdatedAt.Format(stampLayout) }),
			func(w *writer, p *part[Shipment]) { w.shipment(p.order, p.v) })
	})
}

func getShipment(c *call) {
	c.locked(func(s *store) { servePart(c, s.shipments(), shipmentID, (*writer).shipment) })
}

func listShipmentComments(c *call) {
	c.locked(func(s *store) {
		servePart(c, s.shipments(), shipmentID, func(_ *writer, _ *Order, sh *Shipment) {
			q := criteria{page: 1}
			q.echo = q.json()
			c.answerList(&q, len(sh.Comments), func(w *writer) int {
				for i := range sh.Comments {
					w.comment(sh.ID, &sh.Comments[i])
				}
				return len(sh.Comments)
			})
		})
	})
}

func listInvoices(c *call) {
	c.locked(func(s *store) {
		serveSlice(c, s.invoices(), documentColumns(invoiceID, func(x *Invoice) string { return x.IncrementID },
			func(x *Invoice) string { return x.CreatedAt.Format(stampLayout) }, func(x *Invoice) string { return x.UpdatedAt.Format(stampLayout) }),
			func(w *writer, p *part[Invoice]) { w.invoice(p.order, p.v) })
	})
}

func getInvoice(c *call) {
	c.locked(func(s *store) { servePart(c, s.invoices(), invoiceID, (*writer).invoice) })
}

func listCreditMemos(c *call) {
	c.locked(func(s *store) {
		serveSlice(c, s.creditMemos(), documentColumns(creditMemoID, func(x *CreditMemo) string { return x.IncrementID },
			func(x *CreditMemo) string { return x.CreatedAt.Format(stampLayout) }, func(x *CreditMemo) string { return x.UpdatedAt.Format(stampLayout) }),
			func(w *writer, p *part[CreditMemo]) { w.creditMemo(p.order, p.v) })
	})
}

func getCreditMemo(c *call) {
	c.locked(func(s *store) { servePart(c, s.creditMemos(), creditMemoID, (*writer).creditMemo) })
}
