package woocommerce

import (
	"context"
	"net/url"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// CancelOrder sets an order's status to cancelled. The store itself puts the
// goods it took out of stock for the order back, whatever Restock says, and
// sends the e-mails its settings name. It keeps no reason and pays nothing back:
// Reason, Note, Notify and Refund are ErrUnsupported. WooCommerce would cancel
// anything; souk takes an order that is cancelled, refunded or in the trash
// for ErrConflict.
//
// It sets a state and may be repeated. The state is read before it is set; what
// somebody makes of the order in between is overwritten.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#update-an-order
func (e *Engine) CancelOrder(ctx context.Context, orderID string, request catalog.CancelRequest, _ catalog.WriteOptions) error {
	const op = "cancel order"
	if err := checkID(op, "an order", orderID); err != nil {
		return err
	}
	for _, option := range []struct {
		asked         bool
		name, instead string
	}{
		{request.Reason != "", "a reason", "write it down with AddOrderNote"},
		{request.Note != "", "a note", "add it with AddOrderNote"},
		{request.Notify, "a notice", "tell the shopper with AddOrderNote, ForShopper; the store's settings say which e-mails it sends by itself"},
		{request.Refund, "a refund", "call Refund in place of it: an order that is refunded whole gets the status refunded"},
	} {
		if option.asked {
			return catalog.Unsupported(Platform, op+" with "+option.name, option.instead)
		}
	}
	status, err := e.orderStatus(ctx, op, orderID)
	if err != nil {
		return err
	}
	switch status {
	case "cancelled", "refunded", "trash":
		return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrConflict, Code: status, Message: "the order is " + status + " already"}
	}
	_, err = e.write(ctx, change{post(op, "/orders/"+orderID, map[string]any{"status": "cancelled"}), func(ctx context.Context) (catalog.Outcome, error) {
		status, err := e.orderStatus(ctx, "confirm "+op, orderID)
		return settled(status == "cancelled", err)
	}})
	return err
}

func (e *Engine) orderStatus(ctx context.Context, op, id string) (string, error) {
	a, err := e.send(ctx, call{op: op, path: "/orders/" + id, query: url.Values{"_fields": {"id,status"}}, shape: wantObject})
	if err != nil {
		return "", err
	}
	var n struct {
		Status string `json:"status"`
	}
	if _, err := transport.Decode(a.body, &n); err != nil || n.Status == "" {
		return "", badAnswer(op, "the order's status cannot be read")
	}
	return n.Status, nil
}
