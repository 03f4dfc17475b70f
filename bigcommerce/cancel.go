package bigcommerce

import (
	"context"
	"net/http"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// CancelOrder gives an order the status Cancelled; one that has it is
// ErrConflict. BigCommerce has no reasons, gives no money back, and lets the
// store's settings decide whether the goods go back into stock and whether the
// shopper hears of it: Reason, Refund, Restock and Notify are
// errors.ErrUnsupported. Note goes behind the order's staff notes. BigCommerce
// lets any order be cancelled, also one that was shipped.
//
// It sets a state and may be repeated; it is sent once. Confirm looks at the
// status.
// https://developer.bigcommerce.com/docs/rest-management/orders#update-an-order
func (e *Engine) CancelOrder(ctx context.Context, orderID string, request catalog.CancelRequest, _ catalog.WriteOptions) error {
	const op = "cancel order"
	if err := checkID(op, "an order", orderID); err != nil {
		return err
	}
	switch {
	case request.Reason != "":
		return catalog.Unsupported(Platform, op+" for a reason", "write it into Note: BigCommerce has no reasons")
	case request.Restock:
		return catalog.Unsupported(Platform, op+" and restock", "the store's setting refund_order_stock_adjustment decides it; else use AdjustInventory")
	case request.Notify:
		return catalog.Unsupported(Platform, op+" and notify", "the store's settings decide which changes of status are mailed")
	case request.Refund:
		return catalog.Unsupported(Platform, op+" and refund", "call Refund first: a status moves no money")
	}
	now, err := e.orderNode(ctx, op, orderID)
	switch {
	case err != nil:
		return err
	case now.StatusID != nil && *now.StatusID == statusCancelled:
		return conflict(op, "the order is cancelled already", "")
	}
	fields := map[string]any{"status_id": statusCancelled}
	if !blank(request.Note) {
		fields["staff_notes"] = behind(now.StaffNotes, request.Note)
	}
	_, err = e.write(ctx, call{op: op, method: http.MethodPut, path: "/v2/orders/" + orderID}, fields, func(ctx context.Context) (catalog.Outcome, error) {
		now, err := e.orderNode(ctx, "confirm "+op, orderID)
		switch {
		case err != nil:
			return catalog.OutcomeUnknown, err
		case now.StatusID != nil && *now.StatusID == statusCancelled:
			return catalog.OutcomeDone, nil
		}
		return catalog.OutcomeNotDone, nil
	})
	return err
}

// orderNode reads an order as BigCommerce has it, without its parts.
func (e *Engine) orderNode(ctx context.Context, op, id string) (*orderNode, error) {
	a, err := e.get(ctx, call{op: op, path: "/v2/orders/" + id})
	if err != nil {
		return nil, err
	}
	raw, err := a.object(op)
	if err != nil {
		return nil, err
	}
	var n orderNode
	if _, err := transport.Decode(raw, &n); err != nil || n.ID == 0 {
		return nil, a.bad(op, "the order cannot be read")
	}
	return &n, nil
}
