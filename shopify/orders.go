package shopify

import (
	"context"
	"iter"
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// orderKind names the shape of an order's Raw.
const orderKind catalog.RawKind = "shopify.graphql.Order"

var paymentStatuses = map[string]catalog.PaymentStatus{
	"PENDING": catalog.PaymentPending, "AUTHORIZED": catalog.PaymentAuthorized,
	"PARTIALLY_PAID": catalog.PaymentPartiallyPaid, "PAID": catalog.PaymentPaid,
	"PARTIALLY_REFUNDED": catalog.PaymentPartiallyRefunded, "REFUNDED": catalog.PaymentRefunded,
	"VOIDED": catalog.PaymentVoided, "EXPIRED": catalog.PaymentFailed,
}

var fulfillmentStatuses = map[string]catalog.FulfillmentStatus{
	"UNFULFILLED": catalog.FulfillmentNone, "OPEN": catalog.FulfillmentNone, "PENDING_FULFILLMENT": catalog.FulfillmentNone,
	"REQUEST_DECLINED": catalog.FulfillmentNone, "PARTIALLY_FULFILLED": catalog.FulfillmentPartial,
	"FULFILLED": catalog.FulfillmentDone, "IN_PROGRESS": catalog.FulfillmentActive, "ON_HOLD": catalog.FulfillmentOnHold,
	"SCHEDULED": catalog.FulfillmentScheduled, "RESTOCKED": catalog.FulfillmentReturned,
	"FULFILLMENT_NOT_REQUIRED": catalog.FulfillmentNotNeeded,
}

var shipmentStatuses = map[string]catalog.FulfillmentStatus{
	"SUCCESS": catalog.FulfillmentDone, "CANCELLED": catalog.FulfillmentCancelled, "ERROR": catalog.FulfillmentFailed,
	"FAILURE": catalog.FulfillmentFailed, "OPEN": catalog.FulfillmentActive, "PENDING": catalog.FulfillmentActive,
}

// Order reads one order by its numeric id or GID, with all lines, shipments
// and refunds.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/order
func (e *Engine) Order(ctx context.Context, id string) (catalog.Order, error) {
	const op = "get order"
	global, err := gid(op, "Order", id)
	if err != nil {
		return catalog.Order{}, err
	}
	one, err := e.one(ctx, op, orderDocument, "order", map[string]any{"id": global})
	if err != nil {
		return catalog.Order{}, err
	}
	return readOne(ctx, e, op, one, orderReader)
}

// Orders lists orders with all lines, shipments and refunds. Orders older than
// 60 days are absent without the read_all_orders scope. As a filter, Status
// knows OrderOpen, OrderCompleted (closed) and OrderCancelled: Shopify has no
// other state of an order as a whole.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/orders
func (e *Engine) Orders(ctx context.Context, query catalog.OrderQuery) iter.Seq2[catalog.Order, error] {
	var s search
	s.between("updated_at", query.UpdatedSince, query.UpdatedBefore)
	s.between("created_at", query.CreatedSince, query.CreatedBefore)
	anyOf(&s, "status", query.Status, map[catalog.OrderStatus]string{
		catalog.OrderOpen: "open", catalog.OrderCompleted: "closed", catalog.OrderCancelled: "cancelled"})
	anyOf(&s, "financial_status", query.Payment, map[catalog.PaymentStatus]string{
		catalog.PaymentPending: "pending", catalog.PaymentAuthorized: "authorized", catalog.PaymentPartiallyPaid: "partially_paid",
		catalog.PaymentPaid: "paid", catalog.PaymentPartiallyRefunded: "partially_refunded", catalog.PaymentRefunded: "refunded",
		catalog.PaymentVoided: "voided", catalog.PaymentFailed: "expired"})
	anyOf(&s, "fulfillment_status", query.Fulfillment, map[catalog.FulfillmentStatus]string{
		catalog.FulfillmentNone: "unfulfilled", catalog.FulfillmentPartial: "partial", catalog.FulfillmentDone: "fulfilled",
		catalog.FulfillmentScheduled: "scheduled", catalog.FulfillmentOnHold: "on_hold"})
	if query.CustomerID != "" {
		global, err := gid("list orders", "Customer", query.CustomerID)
		if err != nil {
			return transport.Failed[catalog.Order](err)
		}
		s.equal("customer_id", numericID(global))
	}
	// Shopify's words are rougher than the model's: unfulfilled also finds
	// what was sent in part.
	statuses, payments, fulfillments := slices.Clone(query.Status), slices.Clone(query.Payment), slices.Clone(query.Fulfillment)
	return list(ctx, e, listing[orderNode, catalog.Order]{
		op: "list orders", resource: catalog.Orders, root: "orders", document: ordersDocument,
		options: query.ListOptions, search: s, reader: orderReader,
		keep: exactly(s, func(o *catalog.Order) bool {
			return transport.Within(o.UpdatedAt, query.UpdatedSince, query.UpdatedBefore) && transport.Within(o.CreatedAt, query.CreatedSince, query.CreatedBefore) &&
				among(statuses, o.Status) && among(payments, o.Payment) && among(fulfillments, o.Fulfillment)
		}),
	})
}

// orderReader turns an order's node into the model.
var orderReader = itemReader[orderNode, catalog.Order]{
	kind:     orderKind,
	id:       func(n *orderNode) string { return n.ID },
	record:   func(o *catalog.Order) *catalog.Record { return &o.Record },
	position: func(o *catalog.Order) (string, string) { return o.ID, stamp(o.UpdatedAt) },
	complete: completeOrder,
	convert:  convertOrder,
	reset: func(n *orderNode) {
		lines := emptied(n.LineItems.Nodes)
		*n = orderNode{}
		n.LineItems.Nodes = lines
	},
}

func completeOrder(ctx context.Context, e *Engine, n *orderNode, x *extra) error {
	if err := more(ctx, e, moreLines, n.ID, &n.LineItems, x); err != nil {
		return err
	}
	if err := more(ctx, e, moreShipping, n.ID, &n.ShippingLines, x); err != nil {
		return err
	}
	for i := range n.Fulfillments {
		if err := more(ctx, e, moreShipment, n.Fulfillments[i].ID, &n.Fulfillments[i].Lines, x); err != nil {
			return err
		}
	}
	for i := range n.Refunds {
		if err := more(ctx, e, moreRefunded, n.Refunds[i].ID, &n.Refunds[i].Lines, x); err != nil {
			return err
		}
	}
	return nil
}

func convertOrder(r *reader, n *orderNode, _ pageContext) catalog.Order {
	o := catalog.Order{
		ID: numericID(n.ID), Number: n.Name, Currency: n.Currency, ShopperCurrency: n.ShopperCurrency,
		Payment:       transport.Word(&r.Notes, "displayFinancialStatus", only, n.FinancialStatus, paymentStatuses, catalog.PaymentStatusUnknown),
		NativePayment: n.FinancialStatus,
		Fulfillment: transport.Word(&r.Notes, "displayFulfillmentStatus", only, n.FulfillmentStatus, fulfillmentStatuses,
			catalog.FulfillmentStatusUnknown),
		NativeFulfillment: n.FulfillmentStatus,
		Subtotal:          r.bag("subtotalPriceSet", only, n.Subtotal), Discount: r.bag("totalDiscountsSet", only, n.Discounts),
		Shipping: r.bag("totalShippingPriceSet", only, n.Shipping), Tax: r.bag("totalTaxSet", only, n.Tax),
		Total: r.bag("totalPriceSet", only, n.Total), CurrentTotal: r.bag("currentTotalPriceSet", only, n.CurrentTotal),
		Refunded: r.bag("totalRefundedSet", only, n.Refunded), Outstanding: r.bag("totalOutstandingSet", only, n.Outstanding),
		TaxesIncluded: n.TaxesIncluded, Email: n.Email, Phone: n.Phone,
		BillingAddress: r.address(n.BillingAddress), ShippingAddress: r.address(n.ShippingAddress),
		Note: n.Note, Tags: n.Tags, Attributes: attributes(n.Attributes), PaymentMethods: n.Gateways, Source: n.SourceName,
		Test: n.Test, CancelReason: n.CancelReason,
		CreatedAt: r.time("createdAt", only, n.CreatedAt), UpdatedAt: r.time("updatedAt", only, n.UpdatedAt),
		ProcessedAt: r.time("processedAt", only, n.ProcessedAt), CancelledAt: r.time("cancelledAt", only, n.CancelledAt),
		ClosedAt: r.time("closedAt", only, n.ClosedAt),
	}
	switch {
	case n.CancelledAt != "":
		o.Status, o.NativeStatus = catalog.OrderCancelled, "cancelled"
	case n.Closed:
		o.Status, o.NativeStatus = catalog.OrderCompleted, "closed"
	default:
		o.Status, o.NativeStatus = catalog.OrderOpen, "open"
	}
	if c := n.Customer; c != nil {
		o.Customer = &catalog.OrderCustomer{ID: numericID(c.ID), Name: c.DisplayName, Email: c.EmailAddress.EmailAddress, Phone: c.PhoneNumber.PhoneNumber}
	}
	o.LineItems = make([]catalog.LineItem, len(n.LineItems.Nodes))
	for i := range n.LineItems.Nodes {
		o.LineItems[i] = r.line(i, &n.LineItems.Nodes[i])
	}
	for i, s := range n.ShippingLines.Nodes {
		o.ShippingLines = append(o.ShippingLines, catalog.ShippingLine{ID: numericID(s.ID), Title: s.Title, Code: s.Code,
			Price: r.bag("shippingLines.nodes.%d.originalPriceSet", i, s.Price)})
	}
	for i := range n.Fulfillments {
		o.Fulfillments = append(o.Fulfillments, r.fulfillment(i, &n.Fulfillments[i]))
	}
	for i := range n.Refunds {
		o.Refunds = append(o.Refunds, r.refund(i, &n.Refunds[i]))
	}
	return o
}

func (r *reader) line(i int, n *lineNode) catalog.LineItem {
	l := catalog.LineItem{
		ID: numericID(n.ID), ProductID: numericOf(n.Product), VariantID: numericOf(n.Variant),
		Title: n.Title, Variant: n.VariantTitle, SKU: n.SKU,
		Quantity: catalog.NewQuantity(n.Quantity), Current: quantity(n.CurrentQuantity), Unfulfilled: quantity(n.Unfulfilled),
		UnitPrice:        r.bag("lineItems.nodes.%d.originalUnitPriceSet", i, n.UnitPrice),
		Discount:         r.bag("lineItems.nodes.%d.totalDiscountSet", i, n.Discount),
		Total:            r.bag("lineItems.nodes.%d.discountedTotalSet", i, n.Total),
		Attributes:       attributes(n.Attributes),
		RequiresShipping: n.RequiresShipping, GiftCard: n.IsGiftCard,
	}
	for j := range n.TaxLines {
		tax := r.bag("lineItems.nodes.%d.taxLines", i, &n.TaxLines[j].PriceSet)
		store, err := l.Tax.Store.Add(tax.Store)
		shopper, err2 := l.Tax.Shopper.Add(tax.Shopper)
		if err != nil || err2 != nil {
			r.Add("lineItems.nodes.%d.taxLines", i, "taxes in several currencies", "")
			break
		}
		l.Tax = catalog.DualMoney{Store: store, Shopper: shopper}
	}
	return l
}

func (r *reader) fulfillment(i int, n *fulfillmentNode) catalog.Fulfillment {
	f := catalog.Fulfillment{
		ID: numericID(n.ID), Name: n.Name, NativeStatus: n.Status, LocationID: numericOf(n.Location),
		Status:    transport.Word(&r.Notes, "fulfillments.%d.status", i, n.Status, shipmentStatuses, catalog.FulfillmentStatusUnknown),
		CreatedAt: r.time("fulfillments.%d.createdAt", i, n.CreatedAt), UpdatedAt: r.time("fulfillments.%d.updatedAt", i, n.UpdatedAt),
		DeliveredAt: r.time("fulfillments.%d.deliveredAt", i, n.DeliveredAt),
	}
	for _, t := range n.TrackingInfo {
		f.Tracking = append(f.Tracking, catalog.Tracking{Company: t.Company, Number: t.Number, URL: t.URL})
	}
	for _, l := range n.Lines.Nodes {
		f.Lines = append(f.Lines, catalog.FulfillmentLine{LineItemID: numericID(l.LineItem.ID), Quantity: catalog.NewQuantity(l.Quantity)})
	}
	return f
}

func (r *reader) refund(i int, n *refundNode) catalog.Refund {
	f := catalog.Refund{ID: numericID(n.ID), Note: n.Note, Total: r.bag("refunds.%d.totalRefundedSet", i, n.Total),
		CreatedAt: r.time("refunds.%d.createdAt", i, n.CreatedAt)}
	for _, l := range n.Lines.Nodes {
		f.Lines = append(f.Lines, catalog.RefundLine{LineItemID: numericID(l.LineItem.ID), Quantity: catalog.NewQuantity(l.Quantity),
			Subtotal: r.bag("refunds.%d.refundLineItems", i, l.Subtotal), Restock: l.RestockType})
	}
	return f
}
