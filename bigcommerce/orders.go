package bigcommerce

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// The shapes of an order's parts.
const (
	orderKind    catalog.RawKind = "bigcommerce.v2.order"
	lineKind     catalog.RawKind = "bigcommerce.v2.order_product"
	addressKind  catalog.RawKind = "bigcommerce.v2.shipping_address"
	shipmentKind catalog.RawKind = "bigcommerce.v2.shipment"
	refundKind   catalog.RawKind = "bigcommerce.v3.refund"
)

// withParts asks for an order with its consignments, their lines and its fees.
var withParts = url.Values{"include": {"consignments.line_items,fees"}, "consignment_structure": {"object"}}

// Order reads one order with all lines, shipments and refunds, in two calls or
// three. It also reads incomplete and archived orders, which lists leave out.
// https://developer.bigcommerce.com/docs/rest-management/orders#get-an-order
func (e *Engine) Order(ctx context.Context, id string) (catalog.Order, error) {
	const op = "get order"
	if err := checkID(op, "an order", id); err != nil {
		return catalog.Order{}, err
	}
	a, err := e.get(ctx, call{op: op, path: "/v2/orders/" + id, query: withParts})
	if err != nil {
		return catalog.Order{}, err
	}
	raw, err := a.object(op)
	if err != nil {
		return catalog.Order{}, err
	}
	order, err := readOne(ctx, op, raw, &orderReader, func(ctx context.Context, c *candidate[orderNode]) error {
		if err := e.refundsOf(ctx, op, []*candidate[orderNode]{c}); err != nil {
			return err
		}
		return e.completeOrder(ctx, op, c, true)
	})
	if err == transport.ErrGone {
		err = &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Message: "the order was deleted while it was read"}
	}
	return order, err
}

// Orders lists orders with all their lines and refunds by id, without
// incomplete and archived ones. A page costs two calls; an order of more than
// fifty lines to one address one more, and so does each shipped one with
// Config.ListShipments. BigCommerce filters by change, creation, customer, the
// account's channel, and by a status that stands for one of its own; other
// filters are applied here, at the price of reading all.
// https://developer.bigcommerce.com/docs/rest-management/orders#get-all-orders
func (e *Engine) Orders(ctx context.Context, query catalog.OrderQuery) iter.Seq2[catalog.Order, error] {
	const op = "list orders"
	refuse := transport.Failed[catalog.Order]
	c := e.ofChannel(call{op: op, path: "/v2/orders", list: atTop, query: withParts}.with("sort", "id:asc"), "channel_id")
	if query.CustomerID != "" {
		if err := checkID(op, "a customer", query.CustomerID); err != nil {
			return refuse(err)
		}
		c = c.with("customer_id", query.CustomerID)
	}
	ids, without := statusIDs(query.Status)
	if without != "" {
		return refuse(catalog.Unsupported(Platform, fmt.Sprintf("filter by status %q", without), "read without this filter and look at the orders"))
	}
	if len(ids) == 1 {
		c = c.with("status_id", strconv.FormatInt(ids[0], 10))
	}
	payment, shipped := slices.Clone(query.Payment), slices.Clone(query.Fulfillment)
	updated, created := times{query.UpdatedSince, query.UpdatedBefore}, times{query.CreatedSince, query.CreatedBefore}
	c = created.of(updated.of(c, "min_date_modified", "max_date_modified"), "min_date_created", "max_date_created")
	l := listing[orderNode, catalog.Order]{
		op: op, resource: catalog.Orders, options: query.ListOptions, reader: orderReader, pages: byID(e, c, &orderReader, least),
		filter: transport.FilterName("updated", updated.name(), "created", created.name(), "status", transport.Words(query.Status), "payment", transport.Words(payment),
			"fulfillment", transport.Words(shipped), "customer", query.CustomerID, "channel", e.channel),
		batch: func(ctx context.Context, rows []*candidate[orderNode]) error { return e.refundsOf(ctx, op, rows) },
		complete: func(ctx context.Context, c *candidate[orderNode]) error {
			return e.completeOrder(ctx, op, c, e.adapter.config.ListShipments)
		},
	}
	l.skip = func(o *orderNode) bool {
		return o.Deleted || o.StatusID != nil && *o.StatusID == statusIncomplete ||
			!updated.holds(o.DateModified.Time) || !created.holds(o.DateCreated.Time) ||
			len(ids) > 0 && (o.StatusID == nil || !slices.Contains(ids, *o.StatusID)) ||
			query.CustomerID != "" && idText(o.CustomerID) != query.CustomerID ||
			len(payment) > 0 && !slices.Contains(payment, paymentStatuses[o.PaymentStatus]) ||
			len(shipped) > 0 && !slices.Contains(shipped, fulfillment(o))
	}
	return list(ctx, l)
}

// orderReader turns an order, completed with its parts, into the model.
var orderReader = reader[orderNode, catalog.Order]{
	kind:    orderKind,
	id:      func(o *orderNode) string { return idText(o.ID) },
	record:  func(o *catalog.Order) *catalog.Record { return &o.Record },
	convert: convertOrder,
}

func convertOrder(n *notes, o *orderNode) catalog.Order {
	for _, p := range o.Consignments.problems {
		p.Path = "consignments." + p.Path
		n.Problems = append(n.Problems, p)
	}
	in := o.currencies()
	status, native := n.statusOf(o)
	out := catalog.Order{
		ID: idText(o.ID), Number: idText(o.ID), Status: status, NativeStatus: native, NativePayment: o.PaymentStatus, Fulfillment: fulfillment(o),
		Payment:  transport.Word(&n.Notes, "payment_status", only, o.PaymentStatus, paymentStatuses, catalog.PaymentStatusUnknown),
		Currency: in.settled, ShopperCurrency: in.shown, TaxesIncluded: o.TaxIncluded,
		Subtotal: n.dual("subtotal", only, in.pick(o.SubtotalEx, o.SubtotalInc), in), Shipping: n.dual("shipping_cost", only, in.pick(o.ShippingEx, o.ShippingInc), in),
		Tax: n.dual("total_tax", only, o.TotalTax, in), Total: n.dual("total_inc_tax", only, o.TotalInc, in),
		Note: o.CustomerMessage, Source: o.Source, CreatedAt: o.DateCreated.Time, UpdatedAt: o.DateModified.Time,
	}
	out.Discount = n.sum(in, n.dual("discount_amount", only, o.Discount, in), n.dual("coupon_discount", only, o.CouponDiscount, in))
	if o.PaymentMethod != "" {
		out.PaymentMethods = []string{o.PaymentMethod}
	}
	for _, a := range []catalog.Attribute{{Name: "staff_notes", Value: o.StaffNotes}, {Name: "external_order_id", Value: o.ExternalID}} {
		if a.Value != "" {
			out.Attributes = append(out.Attributes, a)
		}
	}
	if b := o.Billing; b != nil {
		out.BillingAddress, out.Email, out.Phone = b.address(0), b.Email, b.Phone
		if o.CustomerID != 0 { // a guest has no record; the order knows him by this address alone
			out.Customer = &catalog.OrderCustomer{ID: idText(o.CustomerID), Name: joined(b.FirstName, b.LastName), Email: b.Email, Phone: b.Phone}
		}
	} else if o.CustomerID != 0 {
		out.Customer = &catalog.OrderCustomer{ID: idText(o.CustomerID)}
	}
	out.LineItems = make([]catalog.LineItem, len(o.lines))
	for i := range o.lines {
		out.LineItems[i] = n.line(i, &o.lines[i], in)
	}
	n.deliveries(&out, o, in)
	n.shipments(&out, o)
	n.refunds(&out, o, in)
	return out
}

// currencies are those of one order. What it is settled in is called its
// default currency; that the shopper was shown another one changes no amount.
// https://developer.bigcommerce.com/docs/store-operations/currencies/guide
type currencies struct {
	settled, shown string
	withTax        bool
}

func (o *orderNode) currencies() currencies {
	c := currencies{settled: strings.ToUpper(o.Currency), shown: strings.ToUpper(o.ShownCurrency), withTax: o.TaxIncluded}
	for _, other := range []string{o.StoreCurrency, c.shown} {
		if c.settled == "" {
			c.settled = strings.ToUpper(other)
		}
	}
	return c
}

// pick chooses between the two forms of an amount, so that all of an order's
// are of one kind.
func (c currencies) pick(without, with amount) amount {
	if c.withTax {
		return with
	}
	return without
}

// dual places an amount: it is the store's, and the shopper's too where both
// have one currency.
func (n *notes) dual(path string, i int, a amount, in currencies) catalog.DualMoney {
	d := catalog.DualMoney{Store: n.money(path, i, a, in.settled)}
	if in.settled == in.shown {
		d.Shopper = d.Store
	}
	return d
}

// sum adds amounts of one order.
func (n *notes) sum(in currencies, parts ...catalog.DualMoney) catalog.DualMoney {
	var total catalog.Money
	for _, p := range parts {
		if next, err := total.Add(p.Store); err == nil { // one currency
			total = next
		}
	}
	return n.dual("", only, amount(total.Amount()), in)
}
