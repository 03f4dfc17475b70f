package salla

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// The shapes of an order's parts.
const (
	orderKind    catalog.RawKind = "salla.order.light"
	orderRowKind catalog.RawKind = "salla.order.row"
	itemKind     catalog.RawKind = "salla.order.item"
	shipmentKind catalog.RawKind = "salla.shipment"
)

// Order reads one order with all lines and shipments, in two or three calls.
// Without the scope shipping.read the shipments are missing and a Problem says
// so. Fulfillment follows the order's status and, where that says nothing of
// shipping, what its shipments hold.
// https://docs.salla.dev/5394147e0
func (e *Engine) Order(ctx context.Context, id string) (catalog.Order, error) {
	const op = "get order"
	if err := checkID(op, "an order", id); err != nil {
		return catalog.Order{}, err
	}
	raw, err := e.details(ctx, op, id)
	if err != nil {
		return catalog.Order{}, err
	}
	order, err := readOne(ctx, op, raw, orderReader, e.completion(op, true, time.Time{}))
	if err == transport.ErrGone {
		err = &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Message: "the order was deleted while it was read"}
	}
	return order, err
}

// Orders lists orders with all their lines. Salla's list has neither lines nor
// totals nor times of change, so each order costs two calls more, six orders
// at a time, and a third for its shipments when Config.ListShipments says so:
// on the smallest plan, 60 orders a minute. Salla filters by creation,
// status and customer. UpdatedSince reads the latest change first and stops at
// the first order that is older; the other filters are applied here and cost
// what reading all orders costs.
// https://docs.salla.dev/5394146e0
func (e *Engine) Orders(ctx context.Context, query catalog.OrderQuery) iter.Seq2[catalog.Order, error] {
	const op = "list orders"
	refuse := transport.Failed[catalog.Order]
	if query.CustomerID != "" {
		if err := checkID(op, "a customer", query.CustomerID); err != nil {
			return refuse(err)
		}
	}
	for _, status := range query.Status {
		if _, ok := wordFor(orderStatuses, status); !ok {
			return refuse(catalog.Unsupported(Platform, fmt.Sprintf("filter by status %q", status), "read without this filter and look at the orders"))
		}
	}
	query.Status, query.Payment, query.Fulfillment = slices.Clone(query.Status), slices.Clone(query.Payment), slices.Clone(query.Fulfillment)
	c := call{path: "/orders", query: url.Values{"sort_by": {"created_at-desc"}}}
	if !query.UpdatedSince.IsZero() {
		c.query.Set("sort_by", "updated_at-desc")
	}
	if !query.CreatedSince.IsZero() {
		c.query.Set("from_date", firstDay(query.CreatedSince))
	}
	if !query.CreatedBefore.IsZero() {
		c.query.Set("to_date", lastDay(query.CreatedBefore))
	}
	if query.CustomerID != "" {
		c.query.Set("customer_id", query.CustomerID)
	}
	l := listing[orderNode, catalog.Order]{
		op: op, resource: catalog.Orders, call: c, options: query.ListOptions, reader: orderReader,
		unsettled: len(query.Status) > 0,
		filter: transport.FilterName("updated", transport.Span(query.UpdatedSince, query.UpdatedBefore), "created", transport.Span(query.CreatedSince, query.CreatedBefore),
			"status", transport.Words(query.Status), "payment", transport.Words(query.Payment), "fulfillment", transport.Words(query.Fulfillment), "customer", query.CustomerID),
		complete: e.completion(op, e.adapter.config.ListShipments, query.UpdatedSince),
	}
	if len(query.Status) > 0 {
		l.prepare = func(ctx context.Context, c *call) error {
			ids, err := e.statusIDs(ctx, query.Status)
			c.query = cloneValues(c.query)
			c.query["status[]"] = ids
			return err
		}
	}
	if l.filter != "" {
		l.skip = func(n *orderNode) bool {
			return !transport.Within(n.Date.Time, query.CreatedSince, query.CreatedBefore)
		}
		l.keep = func(o *catalog.Order) bool { return selects(&query, o) }
	}
	if !query.UpdatedSince.IsZero() {
		l.last = func(o *catalog.Order) bool { return !transport.Within(o.UpdatedAt, query.UpdatedSince, time.Time{}) }
	}
	return list(ctx, e, l)
}

// selects is the exact filter.
func selects(q *catalog.OrderQuery, o *catalog.Order) bool {
	return transport.Within(o.UpdatedAt, q.UpdatedSince, q.UpdatedBefore) && transport.Within(o.CreatedAt, q.CreatedSince, q.CreatedBefore) &&
		(len(q.Status) == 0 || slices.Contains(q.Status, o.Status)) &&
		(len(q.Payment) == 0 || slices.Contains(q.Payment, o.Payment)) &&
		(len(q.Fulfillment) == 0 || slices.Contains(q.Fulfillment, o.Fulfillment)) &&
		(q.CustomerID == "" || o.Customer != nil && o.Customer.ID == q.CustomerID)
}

func cloneValues(v url.Values) url.Values {
	c := make(url.Values, len(v)+1)
	for name, values := range v {
		c[name] = values
	}
	return c
}

// orderReader turns an order, completed with its lines, into the model.
var orderReader = itemReader[orderNode, catalog.Order]{
	kind:    orderKind,
	id:      func(n *orderNode) string { return idText(n.ID) },
	record:  func(o *catalog.Order) *catalog.Record { return &o.Record },
	convert: convertOrder,
}

func convertOrder(r *reader, n *orderNode) catalog.Order {
	status, slug := r.statusOf(n)
	o := catalog.Order{
		ID: idText(n.ID), Number: string(n.ReferenceID), Status: status, NativeStatus: slug,
		Payment: payment(n, slug), Fulfillment: fulfillment(n, slug), Currency: n.Currency,
		Tags: names(n.Tags), Source: n.Source, CreatedAt: n.Date.Time, UpdatedAt: n.UpdatedAt.Time,
	}
	if n.PaymentMethod != "" {
		o.PaymentMethods = []string{n.PaymentMethod}
	}
	c := currencies{order: n.Currency}
	if x := take(r, "exchange_rate", n.ExchangeRate); x != nil && x.Base != x.Exchange {
		c.shopper, o.ShopperCurrency = x.Exchange, x.Exchange
	}
	o.Total = r.dual("total", only, n.Total, c)
	if a := n.Amounts; a != nil {
		o.Subtotal = r.dual("amounts.sub_total", only, a.SubTotal, c)
		o.Shipping = r.dual("amounts.shipping_cost", only, a.Shipping, c)
		o.Tax = r.dual("amounts.tax.amount", only, a.Tax.Amount, c)
		o.Discount = r.discounts(a, c)
		if a.Total.Amount != "" {
			o.Total = r.dual("amounts.total", only, a.Total, c)
		}
	}
	if o.Currency == "" {
		o.Currency = o.Total.Store.Currency()
	}
	if buyer := take(r, "customer", n.Customer); buyer != nil && buyer.ID != 0 {
		o.Customer = &catalog.OrderCustomer{ID: idText(buyer.ID), Name: buyer.fullName(), Email: buyer.Email, Phone: phone(buyer.MobileCode, buyer.Mobile)}
		o.Email, o.Phone = o.Customer.Email, o.Customer.Phone
	}
	if receiver := take(r, "receiver", n.Receiver); receiver != nil {
		if receiver.Email != "" {
			o.Email = receiver.Email
		}
		if receiver.Phone != "" {
			o.Phone = string(receiver.Phone)
		}
	}
	shippable := n.Features.Shippable == nil || *n.Features.Shippable
	o.LineItems = make([]catalog.LineItem, len(n.items))
	for i := range n.items {
		o.LineItems[i] = r.line(i, &n.items[i], c, shippable)
	}
	r.shipments(&o, n.shipments)
	if o.Fulfillment == catalog.FulfillmentNone {
		o.Fulfillment = shippedWhole(n)
	}
	return o
}

// currencies are those of one order: the one its amounts are in, and the
// shopper's where that is told to be another than the store's.
type currencies struct{ order, shopper string }

// dual places an amount. Salla states each amount once: it is the store's,
// and the shopper's too where it is in the shopper's currency.
func (r *reader) dual(path string, i int, m money, c currencies) catalog.DualMoney {
	d := catalog.DualMoney{Store: r.money(path, i, m, c.order)}
	if c.shopper != "" && d.Store.Currency() == c.shopper {
		d.Shopper = d.Store
	}
	return d
}

// discounts adds up what the discounts took off the goods.
func (r *reader) discounts(a *amountsNode, c currencies) catalog.DualMoney {
	var sum catalog.Money
	for i, d := range a.Discounts {
		currency := d.Currency
		if currency == "" {
			currency = c.order
		}
		next, err := sum.Add(r.Money("amounts.discounts.%d.discount", i, string(d.Discount), currency))
		if err != nil {
			r.Add("amounts.discounts.%d.currency", i, "discounts in several currencies", d.Currency)
			return catalog.DualMoney{}
		}
		sum = next
	}
	return r.dual("amounts.discounts", only, money{number(sum.Amount()), sum.Currency()}, c)
}
