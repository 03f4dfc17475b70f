package woocommerce

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// A draft is a checkout that is open in somebody's browser.
var orderStatuses = map[string]catalog.OrderStatus{
	"pending": catalog.OrderPending, "checkout-draft": catalog.OrderPending, "auto-draft": catalog.OrderPending,
	"processing": catalog.OrderOpen, "on-hold": catalog.OrderOnHold, "completed": catalog.OrderCompleted,
	"cancelled": catalog.OrderCancelled, "trash": catalog.OrderCancelled, "refunded": catalog.OrderRefunded, "failed": catalog.OrderFailed,
}

// askable are the words lists may be filtered by; the trash is a place of its
// own.
var askable = []string{"pending", "checkout-draft", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"}

// Order reads one order with all lines and refunds.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#retrieve-an-order
func (e *Engine) Order(ctx context.Context, id string) (catalog.Order, error) {
	const op = "get order"
	if err := checkID(op, "an order", id); err != nil {
		return catalog.Order{}, err
	}
	return one(ctx, e, call{op: op, path: "/orders/" + id}, orderKind, e.completeOrders(op))
}

// Orders lists orders with all their lines and refunds, those in the trash
// excepted; an order with refunds costs one call more. WooCommerce filters by
// times, status and customer. Payment and fulfilment are worked out here, and
// filtering by them reads all orders.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-orders
func (e *Engine) Orders(ctx context.Context, query catalog.OrderQuery) iter.Seq2[catalog.Order, error] {
	const op = "list orders"
	refuse := transport.Failed[catalog.Order]
	c := call{path: "/orders", query: url.Values{}}
	if query.CustomerID != "" {
		if err := checkID(op, "a customer", query.CustomerID); err != nil {
			return refuse(err)
		}
		c.query.Set("customer", query.CustomerID)
	}
	query.Status, query.Payment, query.Fulfillment = slices.Clone(query.Status), slices.Clone(query.Payment), slices.Clone(query.Fulfillment)
	var native []string
	for _, status := range query.Status {
		count := len(native)
		for _, word := range askable {
			if orderStatuses[word] == status {
				native = append(native, word)
			}
		}
		if count == len(native) {
			return refuse(catalog.Unsupported(Platform, fmt.Sprintf("filter by status %q", status), "read without this filter and look at the orders"))
		}
	}
	if len(native) > 0 {
		slices.Sort(native)
		c.query["status"] = slices.Compact(native)
	}
	between(c.query, "modified_after", "modified_before", query.UpdatedSince, query.UpdatedBefore)
	between(c.query, "after", "before", query.CreatedSince, query.CreatedBefore)
	l := &listing[orderNode, catalog.Order]{
		op: op, resource: catalog.Orders, kind: orderKind, options: query.ListOptions, complete: e.completeOrders(op),
		filter: filterOf("updated", span(query.UpdatedSince, query.UpdatedBefore), "created", span(query.CreatedSince, query.CreatedBefore),
			"status", words(query.Status), "payment", words(query.Payment), "fulfillment", words(query.Fulfillment), "customer", query.CustomerID),
	}
	if l.filter != "" {
		l.skip = func(n *orderNode) bool { return !selects(&query, n) }
	}
	return start(ctx, e, c, l)
}

// selects is the exact filter.
func selects(q *catalog.OrderQuery, n *orderNode) bool {
	return transport.Within(n.Modified.Time, q.UpdatedSince, q.UpdatedBefore) && transport.Within(n.Created.Time, q.CreatedSince, q.CreatedBefore) &&
		(len(q.Status) == 0 || slices.Contains(q.Status, orderStatuses[n.Status])) &&
		(len(q.Payment) == 0 || slices.Contains(q.Payment, n.payment())) &&
		(len(q.Fulfillment) == 0 || slices.Contains(q.Fulfillment, n.fulfillment())) &&
		(q.CustomerID == "" || idText(n.CustomerID) == q.CustomerID)
}

// payment infers how far an order is paid; WooCommerce has no word for it.
func (n *orderNode) payment() catalog.PaymentStatus {
	switch {
	case n.Status == "refunded":
		return catalog.PaymentRefunded
	case !n.Paid.IsZero() && len(n.Refunds) > 0:
		return catalog.PaymentPartiallyRefunded
	case !n.Paid.IsZero():
		return catalog.PaymentPaid
	case n.Status == "failed":
		return catalog.PaymentFailed
	case n.Status == "cancelled":
		return catalog.PaymentVoided
	}
	return catalog.PaymentPending
}

// fulfillment infers from the order's state, which is all WooCommerce has.
func (n *orderNode) fulfillment() catalog.FulfillmentStatus {
	switch n.Status {
	case "completed":
		return catalog.FulfillmentDone
	case "pending", "processing", "on-hold", "checkout-draft":
		return catalog.FulfillmentNone
	}
	return ""
}

// orderKind turns an order, completed with its refunds, into the model.
var orderKind = recordKind[orderNode, catalog.Order]{
	name:    "woocommerce.order",
	id:      func(n *orderNode) int64 { return n.ID },
	changed: changedOrder,
	record:  func(o *catalog.Order) *catalog.Record { return &o.Record },
	convert: convertOrder,
}

func convertOrder(r *reader, n *orderNode) catalog.Order {
	o := catalog.Order{
		ID: idText(n.ID), Number: n.Number, NativeStatus: n.Status,
		Status:  transport.Word(&r.Notes, "status", only, n.Status, orderStatuses, catalog.OrderStatusUnknown),
		Payment: n.payment(), Fulfillment: n.fulfillment(), Currency: strings.ToUpper(n.Currency),
		Discount: r.amount("discount_total", only, n.DiscountTotal, n.Currency), Shipping: r.amount("shipping_total", only, n.ShippingTotal, n.Currency),
		Tax: r.amount("total_tax", only, n.TotalTax, n.Currency), Total: r.amount("total", only, n.Total, n.Currency),
		Email: n.Billing.Email, Phone: n.Billing.Phone, BillingAddress: n.Billing.address(), ShippingAddress: n.Shipping.address(),
		Note: n.CustomerNote, Attributes: attributes(n.Meta), Source: n.CreatedVia,
		CreatedAt: n.Created.Time, UpdatedAt: n.Modified.Time, ProcessedAt: n.Paid.Time, ClosedAt: n.Completed.Time,
	}
	if n.PaymentMethod != "" {
		o.PaymentMethods = []string{n.PaymentMethod}
	}
	if n.CustomerID != 0 {
		o.Customer = &catalog.OrderCustomer{ID: idText(n.CustomerID), Name: n.Billing.name(), Email: n.Billing.Email, Phone: n.Billing.Phone}
	}
	o.LineItems = make([]catalog.LineItem, len(n.Items))
	for i := range n.Items {
		o.LineItems[i] = r.line(i, &n.Items[i], n.Currency)
	}
	o.Subtotal = r.subtotal(o.LineItems, n.Currency)
	for i, s := range n.ShippingLines {
		o.ShippingLines = append(o.ShippingLines, catalog.ShippingLine{ID: idText(s.ID), Title: plain(s.Title), Code: s.MethodID,
			Price: r.amount("shipping_lines.%d.total", i, s.Total, n.Currency)})
	}
	r.refunds(&o, n)
	if n.NeedsPayment != nil && *n.NeedsPayment {
		o.Outstanding = o.Total
	}
	return o
}
