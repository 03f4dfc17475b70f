package magento

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// orderStatuses are the states of an order, Magento's own machine. The status
// beside it is a label that merchants add to as they like.
// https://experienceleague.adobe.com/docs/commerce-admin/stores-sales/order-management/orders/order-status.html
var orderStatuses = map[string]catalog.OrderStatus{
	"new": catalog.OrderPending, "pending_payment": catalog.OrderPending, "payment_review": catalog.OrderPending,
	"processing": catalog.OrderOpen, "complete": catalog.OrderCompleted, "closed": catalog.OrderRefunded,
	"canceled": catalog.OrderCancelled, "holded": catalog.OrderOnHold,
}

// Order reads one order by its entity id, with its shipments and refunds. The
// number shoppers see is in Number and is not an id.
// https://developer.adobe.com/commerce/webapi/rest/tutorials/orders
func (e *Engine) Order(ctx context.Context, id string) (catalog.Order, error) {
	const op = "get order"
	if err := checkID(op, "an order", id); err != nil {
		return catalog.Order{}, err
	}
	a, err := e.get(ctx, call{op: op, path: "/orders/" + id})
	if err != nil {
		return catalog.Order{}, err
	}
	raw, err := a.object(op)
	if err != nil {
		return catalog.Order{}, err
	}
	one := single(raw, orderReader)
	if one.err == nil {
		if err := e.completeOrders(ctx, op, []*candidate[orderNode]{one}); err != nil {
			return catalog.Order{}, err
		}
	}
	return finish(op, orderReader, one, false)
}

// Orders lists orders with their lines; shipments and refunds are read for a
// page together. Magento filters by times, state and customer. Payment and
// fulfilment are told from amounts and quantities, so filtering by them reads
// all orders that the other filters leave.
// https://developer.adobe.com/commerce/webapi/rest/use-rest/performing-searches
func (e *Engine) Orders(ctx context.Context, query catalog.OrderQuery) iter.Seq2[catalog.Order, error] {
	const op = "list orders"
	refuse := transport.Failed[catalog.Order]
	if query.CustomerID != "" {
		if err := checkID(op, "a customer", query.CustomerID); err != nil {
			return refuse(err)
		}
	}
	var states []string
	for _, status := range query.Status {
		found := wordsFor(orderStatuses, status)
		if len(found) == 0 {
			return refuse(catalog.Unsupported(Platform, fmt.Sprintf("filter by status %q", status), "read without this filter and look at the orders"))
		}
		states = append(states, found...)
	}
	query.Status, query.Payment, query.Fulfillment = slices.Clone(query.Status), slices.Clone(query.Payment), slices.Clone(query.Fulfillment)
	l := listing[orderNode, catalog.Order]{
		op: op, resource: catalog.Orders, path: "/orders", options: query.ListOptions, reader: orderReader,
		groups: append(within("updated_at", query.UpdatedSince, query.UpdatedBefore), within("created_at", query.CreatedSince, query.CreatedBefore)...),
		filter: filterName("updated", span(query.UpdatedSince, query.UpdatedBefore), "created", span(query.CreatedSince, query.CreatedBefore),
			"status", words(query.Status), "payment", words(query.Payment), "fulfillment", words(query.Fulfillment), "customer", query.CustomerID),
		complete: func(ctx context.Context, page []*candidate[orderNode]) error { return e.completeOrders(ctx, op, page) },
	}
	if len(states) > 0 {
		l.groups = append(l.groups, oneOf("state", states))
	}
	if query.CustomerID != "" {
		l.groups = append(l.groups, is("customer_id", query.CustomerID))
	}
	if l.filter != "" {
		l.skip = func(n *orderNode) bool {
			return !transport.Within(n.UpdatedAt.Time, query.UpdatedSince, query.UpdatedBefore) || !transport.Within(n.CreatedAt.Time, query.CreatedSince, query.CreatedBefore)
		}
		l.keep = func(o *catalog.Order) bool { return selects(&query, o) }
	}
	return list(ctx, e, l)
}

// selects is the exact filter by what is told from the whole order.
func selects(q *catalog.OrderQuery, o *catalog.Order) bool {
	return (len(q.Status) == 0 || slices.Contains(q.Status, o.Status)) &&
		(len(q.Payment) == 0 || slices.Contains(q.Payment, o.Payment)) &&
		(len(q.Fulfillment) == 0 || slices.Contains(q.Fulfillment, o.Fulfillment)) &&
		(q.CustomerID == "" || o.Customer != nil && o.Customer.ID == q.CustomerID)
}

// orderReader turns an order, completed with its documents, into the model.
var orderReader = itemReader[orderNode, catalog.Order]{
	kind:    "magento.order",
	id:      func(n *orderNode) string { return ref(n.ID) },
	updated: func(n *orderNode) time.Time { return n.UpdatedAt.Time },
	record:  func(o *catalog.Order) *catalog.Record { return &o.Record },
	convert: convertOrder,
}

func convertOrder(r *reader, n *orderNode) catalog.Order {
	c := currencies{n.BaseCurrency, n.OrderCurrency}
	o := catalog.Order{
		ID: ref(n.ID), Number: n.Number, NativeStatus: n.Status, NativePayment: "", Currency: n.BaseCurrency, ShopperCurrency: n.OrderCurrency,
		Status: transport.Word(&r.Notes, "state", only, n.State, orderStatuses, catalog.OrderStatusUnknown),
		Email:  n.Email, Note: n.CustomerNote, CreatedAt: n.CreatedAt.Time, UpdatedAt: n.UpdatedAt.Time,
		Shipping: r.dual("shipping_amount", only, n.BaseShipping, n.Shipping, c), Tax: r.dual("tax_amount", only, n.BaseTax, n.Tax, c),
		Total: r.dual("grand_total", only, n.BaseTotal, n.Total, c), Refunded: r.dual("total_refunded", only, n.BaseRefunded, n.Refunded, c),
		Outstanding: r.dual("total_due", only, n.BaseDue, n.Due, c),
	}
	// The discount is negative and holds what is taken off the shipping.
	o.Discount = negative(r.dual("discount_amount", only, n.BaseDiscount, n.Discount, c))
	onLines := minus(o.Discount, r.dual("shipping_discount_amount", only, n.BaseShippingDiscount, n.ShippingDiscount, c))
	o.Subtotal = minus(r.dual("subtotal", only, n.BaseSubtotal, n.Subtotal, c), onLines)
	canceled := r.dual("total_canceled", only, n.BaseCanceled, n.Canceled, c)
	o.CurrentTotal = minus(minus(o.Total, o.Refunded), canceled)
	if n.CustomerID != "" && n.CustomerID != "0" && n.Guest != "1" {
		o.Customer = &catalog.OrderCustomer{ID: n.CustomerID, Name: joined(n.FirstName, n.LastName), Email: n.Email}
	}
	if n.Billing != nil {
		o.BillingAddress, o.Phone = n.Billing.address(), n.Billing.Telephone
	}
	for _, a := range n.Extension.Assignments {
		if a.Shipping.Address != nil && o.ShippingAddress == nil {
			o.ShippingAddress = a.Shipping.Address.address()
		}
		if a.Shipping.Method != "" && o.ShippingLines == nil {
			o.ShippingLines = []catalog.ShippingLine{{Title: n.ShippingText, Code: a.Shipping.Method, Price: o.Shipping}}
		}
	}
	if n.Payment.Method != "" {
		o.PaymentMethods = []string{n.Payment.Method}
	}
	if n.Coupon != "" {
		o.Attributes = []catalog.Attribute{{Name: "coupon_code", Value: n.Coupon}}
	}
	o.LineItems = r.lines(n, c)
	o.Payment = paymentOf(n, &o, r.dual("total_paid", only, n.BasePaid, n.Paid, c))
	o.Fulfillment = r.fulfillment(n)
	r.documents(&o, n, c)
	return o
}

func (n *placeNode) address() *catalog.Address {
	a := catalog.Address{
		ID: ref(n.ID), Name: joined(n.FirstName, n.LastName), FirstName: n.FirstName, LastName: n.LastName, Company: n.Company,
		City: n.City, Province: n.Region, ProvinceCode: n.RegionCode, PostalCode: n.Postcode, CountryCode: n.CountryID, Phone: n.Telephone,
	}
	a.Line1, a.Line2 = street(n.Street)
	return &a
}

// street puts all lines but the first into the second.
func street(lines []string) (first, rest string) {
	if len(lines) == 0 {
		return "", ""
	}
	return lines[0], joined(lines[1:]...)
}

// OrderHistory yields the comments and changes of status of an order, oldest
// first. Comments on shipments and refunds are with these.
// https://developer.adobe.com/commerce/webapi/rest/tutorials/orders
func (e *Engine) OrderHistory(ctx context.Context, orderID string) iter.Seq2[catalog.HistoryEntry, error] {
	const op = "get order history"
	if err := checkID(op, "an order", orderID); err != nil {
		return transport.Failed[catalog.HistoryEntry](err)
	}
	return func(yield func(catalog.HistoryEntry, error) bool) {
		rows, err := e.history(ctx, op, orderID)
		if err != nil {
			yield(catalog.HistoryEntry{}, err)
			return
		}
		entries := make([]*candidate[commentNode], len(rows))
		for i, raw := range rows {
			entries[i] = single(raw, historyReader)
		}
		slices.SortStableFunc(entries, func(a, b *candidate[commentNode]) int {
			if c := a.node.CreatedAt.Compare(b.node.CreatedAt.Time); c != 0 {
				return c
			}
			return natural(a.id, b.id)
		})
		for _, entry := range entries {
			h, err := finish(op, historyReader, entry, false)
			if !yield(h, err) || err != nil {
				return
			}
		}
	}
}

// history reads the entries with the order: their own list is empty, not
// absent, for an order that is not there.
func (e *Engine) history(ctx context.Context, op, id string) ([]json.RawMessage, error) {
	c := call{op: op, path: "/orders/" + id, list: []string{"status_histories"}}
	c.query = append(c.query, fields("entity_id,status_histories"))
	a, err := e.get(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(a.page.Field("entity_id")) == 0 {
		return nil, a.bad(op, "the answer holds no order")
	}
	return a.page.Items, nil
}

var historyReader = itemReader[commentNode, catalog.HistoryEntry]{
	kind:   "magento.order.comment",
	id:     func(n *commentNode) string { return ref(n.ID) },
	record: func(h *catalog.HistoryEntry) *catalog.Record { return &h.Record },
	convert: func(_ *reader, n *commentNode) catalog.HistoryEntry {
		h := catalog.HistoryEntry{ID: ref(n.ID), Kind: "note", Text: n.Comment, Status: n.Status, At: n.CreatedAt.Time}
		// Shown in the account, or sent by mail.
		h.ForShopper = n.Visible == "1" || n.Notified == "1" && n.Comment != ""
		switch {
		case n.Comment == "":
			h.Kind = "status"
		case h.ForShopper:
			h.Kind = "message"
		}
		return h
	},
}
