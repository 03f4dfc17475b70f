package woocommerce

import (
	"context"
	"errors"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Refund has the store's payment gateway pay back and records it: what the
// named pieces cost with their tax, the shipping, or Amount in their place;
// lines then count pieces without a sum of their own. Amounts are in the
// order's currency. More than is left is ErrInvalid before anything is sent: the
// order's refunds are read for that, and an order with 5,000 of them or more is
// ErrUnsupported. ErrInvalid, by the store's answer, is a gateway that cannot
// pay back, too: pay by hand then, and record it with Do, with api_refund false.
// What a gateway did that failed the store is told by its own pages alone. An
// order that is refunded whole gets the status refunded. The store's settings
// say which e-mails it sends: Notify is ErrUnsupported.
//
// It is sent once, with an entry of meta_data no shopper sees (_souk_write,
// which holds the idempotency key), by which Confirm knows the refund from one
// that somebody else made. It must not be repeated before Confirm was asked.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#create-a-refund
func (e *Engine) Refund(ctx context.Context, orderID string, request catalog.RefundRequest, options catalog.WriteOptions) (catalog.Refund, error) {
	const op = "refund order"
	var none catalog.Refund
	if err := checkRefund(op, orderID, request); err != nil {
		return none, err
	}
	plan, err := e.refundable(ctx, op, orderID)
	if err != nil {
		return none, err
	}
	fields, err := plan.fields(request)
	if err != nil {
		return none, err
	}
	mark := newMark(options)
	fields["meta_data"] = marked(mark)
	c := change{post(op, "/orders/"+orderID+"/refunds", fields), func(ctx context.Context) (catalog.Outcome, error) {
		return e.lookForRefund(ctx, orderID, mark, plan)
	}}
	a, err := e.write(ctx, c)
	if err != nil {
		if failed, ok := errors.AsType[*catalog.Error](err); ok && failed.Code == noRefund && failed.Hint == "" {
			failed.Hint = "a payment that the gateway cannot pay back is paid back by hand and recorded with Do: POST /orders/ID/refunds, api_refund false"
		}
		return none, err
	}
	made, err := written(ctx, e, c, a, refundedKind, nil)
	refund := made.Refund
	notes := reader{transport.Notes{}}
	refund.Total = positive(notes.amount("amount", only, made.node.Amount, plan.Currency))
	notes.wholeRefund(0, &refund, &made.node, plan.Currency)
	return refund, err
}

// checkRefund looks at what needs no answer of the store.
func checkRefund(op, orderID string, request catalog.RefundRequest) error {
	if err := checkID(op, "an order", orderID); err != nil {
		return err
	}
	if request.Notify {
		return catalog.Unsupported(Platform, op+" with a notice", "tell the shopper with AddOrderNote, ForShopper; the store's settings say which e-mails it sends by itself")
	}
	if len(request.Lines) == 0 && !request.Shipping && request.Amount.IsZero() {
		return invalid(op, "Lines", "it names no lines, no shipping and no amount")
	}
	for i, l := range request.Lines {
		if checkID(op, "a line", l.LineItemID) != nil {
			return invalid(op, "Lines."+itoa(i)+".LineItemID", "it is not the id of a line")
		}
		if n, exact := l.Quantity.Int(); !exact || n <= 0 {
			return invalid(op, "Lines."+itoa(i)+".Quantity", "WooCommerce counts whole pieces, from 1")
		}
	}
	return nil
}

// refundedNode is a refund as a record of its own.
type refundedNode struct {
	catalog.Record
	catalog.Refund
	node refundNode
}

var refundedKind = recordKind[refundNode, refundedNode]{
	name:   refundKind,
	id:     func(n *refundNode) int64 { return n.ID },
	record: func(r *refundedNode) *catalog.Record { return &r.Record },
	convert: func(_ *reader, n *refundNode) refundedNode {
		return refundedNode{Refund: catalog.Refund{ID: idText(n.ID), Note: plain(n.Reason)}, node: *n}
	},
}

// lookForRefund says whether the order got this refund. A new one without any
// mark may be it: the store adds that last.
func (e *Engine) lookForRefund(ctx context.Context, orderID, mark string, p *refundPlan) (catalog.Outcome, error) {
	var newest int64 // of those there were before
	if len(p.before) > 0 {
		newest = p.before[0].ID
	}
	now, err := e.pastRefunds(ctx, "confirm "+p.op, orderID, newest)
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	found := catalog.OutcomeNotDone
	for _, r := range now {
		switch n := (markedNode{Meta: r.Meta}); {
		case p.knows(r.ID):
		case n.mark() == mark:
			return catalog.OutcomeDone, nil
		case n.mark() == "":
			found = catalog.OutcomeUnknown
		}
	}
	return found, nil
}
