package salla

import (
	"context"
	"errors"

	"github.com/soukhq/souk/catalog"
)

// CancelOrder gives the order the status canceled, in one call after a look at
// it. Salla has no reasons, sends its own messages to shoppers and refunds
// apart: Reason, Notify and Refund are ErrUnsupported. Restock puts the goods
// back into stock; Note goes into the order's history. An order that is
// cancelled already, or whose status Salla does not let go, is ErrConflict.
//
// It sets a state and may be repeated: souk looks before, so that the goods go
// back into stock once, unless somebody cancels at the very same moment.
// Confirm says OutcomeDone once the order is cancelled, by whomever.
// https://docs.salla.dev/5394148e0
func (e *Engine) CancelOrder(ctx context.Context, orderID string, request catalog.CancelRequest, _ catalog.WriteOptions) error {
	const op = "cancel order"
	if err := checkID(op, "an order", orderID); err != nil {
		return err
	}
	switch {
	case request.Reason != "":
		return catalog.Unsupported(Platform, op+" with a reason", "Salla has no reasons; write it into Note")
	case request.Notify:
		return catalog.Unsupported(Platform, op+" with a message", "Salla sends messages by the store's own settings")
	case request.Refund:
		return catalog.Unsupported(Platform, op+" with a refund", `refund in the admin, or with a native call to /orders/actions and its action "refund"`)
	}
	slug, err := e.slugOf(ctx, op, orderID)
	if err != nil {
		return err
	}
	if slug == "canceled" {
		return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrConflict, Message: "the order is cancelled already"}
	}
	fields := map[string]any{"slug": "canceled", "restore_items": request.Restock}
	if request.Note != "" {
		fields["note"] = request.Note
	}
	_, err = e.write(ctx, change{op: op, method: post, path: "/orders/" + orderID + "/status", fields: fields, look: func(ctx context.Context) (catalog.Outcome, error) {
		return asIs(func() (string, error) { return e.slugOf(ctx, "confirm "+op, orderID) }, func(slug string) bool { return slug == "canceled" })
	}})
	if refusal, ok := errors.AsType[*catalog.Error](err); ok && refusal.Kind == catalog.ErrInvalid {
		refusal.Kind = catalog.ErrConflict // the request was right, so the order is not fit for it
	}
	return err
}

// slugOf reads what an order's status stands for.
func (e *Engine) slugOf(ctx context.Context, op, orderID string) (string, error) {
	n, err := e.bareOrder(ctx, op, orderID)
	if err != nil {
		return "", err
	}
	_, slug := new(reader).statusOf(&n)
	return slug, nil
}

// bareOrder reads an order without its lines and parcels.
func (e *Engine) bareOrder(ctx context.Context, op, orderID string) (n orderNode, err error) {
	raw, err := e.details(ctx, op, orderID)
	if err != nil {
		return n, err
	}
	if _, err = decode(raw, &n); err != nil {
		return n, &catalog.ItemError{Platform: Platform, Op: op, ID: orderID, Raw: raw, Err: err}
	}
	return n, e.ownStatus(ctx, &n, &extra{})
}
