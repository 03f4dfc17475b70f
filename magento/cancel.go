package magento

import (
	"context"

	"github.com/soukhq/souk/catalog"
)

// CancelOrder cancels an order of which nothing was invoiced yet: one that is
// paid is refunded instead, and of one that is paid in part Magento would cancel
// the rest alone. Both are ErrConflict, as are orders that are cancelled,
// complete or on hold. Magento asks for no reason, always puts the goods back
// into stock, and writes to nobody: Reason, Note, Notify and Refund are
// ErrUnsupported.
//
// Cancelling twice is impossible, so it may be repeated. It is sent once, and
// what it did is read: Magento answers an order it did not cancel with success.
// https://developer.adobe.com/commerce/webapi/rest/tutorials/orders
func (e *Engine) CancelOrder(ctx context.Context, orderID string, request catalog.CancelRequest, _ catalog.WriteOptions) error {
	const op = "cancel order"
	switch err := checkID(op, "an order", orderID); {
	case err != nil:
		return err
	case request.Reason != "" || request.Note != "":
		return catalog.Unsupported(Platform, op+" with a reason or a note", "add it with AddOrderNote")
	case request.Notify:
		return catalog.Unsupported(Platform, op+" and notify the shopper", "add a note for the shopper with AddOrderNote")
	case request.Refund:
		return catalog.Unsupported(Platform, op+" and refund it", "refund it with Refund, which Magento has for orders that are paid")
	}
	n, err := e.orderState(ctx, op, orderID)
	if err != nil {
		return err
	}
	if err := n.cancellable(op); err != nil {
		return err
	}
	find := func(ctx context.Context) (catalog.Outcome, error) {
		n, err := e.orderState(ctx, "confirm "+op, orderID)
		return settled(err == nil && n.State == stateCanceled, err)
	}
	a, err := e.change(ctx, op, post, "/orders/"+orderID+"/cancel", nil, find)
	if err != nil {
		return err
	}
	switch a.scalar() {
	case "true":
	case "false":
		if n, err = e.orderState(ctx, op, orderID); err == nil {
			err = n.cancellable(op)
		}
		if catalog.KindOf(err) == catalog.ErrConflict {
			return err
		}
		return conflict(op, "", "Magento did not cancel the order", "read the order again: something may have been invoiced or held meanwhile")
	default:
		return e.unclear(op, a, find)
	}
	if n, err = e.orderState(ctx, op, orderID); err == nil && n.State != stateCanceled {
		return conflict(op, n.State, "a part of the order was invoiced meanwhile, and the rest alone is cancelled", "refund what was invoiced")
	}
	return nil
}

const stateCanceled = "canceled"

// stateNode is what an order says of where it stands.
type stateNode struct {
	ID     string `json:"entity_id"`
	State  string `json:"state"`
	Status string `json:"status"`
	Items  []struct {
		Invoiced string `json:"qty_invoiced"`
	} `json:"items"`
}

// orderState reads where an order stands.
func (e *Engine) orderState(ctx context.Context, op, id string) (n stateNode, err error) {
	c := call{op: op, path: "/orders/" + id}
	c.query = append(c.query, fields("entity_id,state,status,items[qty_invoiced]"))
	a, err := e.get(ctx, c)
	if err != nil {
		return n, err
	}
	raw, err := a.object(op)
	if err == nil {
		_, err = decode(raw, &n)
	}
	if err == nil && n.ID == "" {
		err = a.bad(op, "the answer holds no order")
	}
	return n, err
}

// cancellable refuses an order that cannot be cancelled as a whole.
func (n *stateNode) cancellable(op string) error {
	switch n.State {
	case stateCanceled:
		return conflict(op, n.State, "the order is cancelled already", "")
	case "complete", "closed":
		return conflict(op, n.State, "the order is "+n.State, "refund it with Refund")
	case "holded":
		return conflict(op, n.State, "the order is on hold", "release it by a native call: POST /orders/{id}/unhold")
	case "payment_review":
		return conflict(op, n.State, "the order's payment is under review", "decide on the payment in the admin first")
	}
	for _, it := range n.Items {
		if positive(it.Invoiced) {
			return conflict(op, n.State, "the order is paid, or a part of it", "refund it with Refund")
		}
	}
	return nil
}
