package shopify

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// cancelReasons are Shopify's words.
var cancelReasons = []string{"CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF"}

// maxStaffNote is the longest note a cancellation can carry, in characters.
const maxStaffNote = 255

// CancelOrder cancels an order and waits for Shopify's job to end. Reasons are
// CUSTOMER, DECLINED, FRAUD, INVENTORY, OTHER and STAFF, in letters of any case;
// "" is OTHER. An order with shipments cannot be cancelled: ErrConflict.
// Authorised payments are voided, whatever Refund says.
//
// Cancelling twice is impossible, so it may be repeated. It is sent once; a
// short reference behind the staff's note, such as "[souk 5f2c9a81]", tells
// Confirm this call's cancellation from somebody else's. When ctx ends before
// the job, the error is ErrOutcomeUnknown too.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/orderCancel
func (e *Engine) CancelOrder(ctx context.Context, orderID string, request catalog.CancelRequest, options catalog.WriteOptions) error {
	const op = "cancel order"
	id, err := gid(op, "Order", orderID)
	if err != nil {
		return err
	}
	reason := strings.ToUpper(request.Reason)
	if reason == "" {
		reason = "OTHER"
	}
	if !slices.Contains(cancelReasons, reason) {
		return invalid(op, "Reason", "it is none of "+strings.Join(cancelReasons, ", "))
	}
	note, err := referenced(op, request.Note, options)
	if err != nil {
		return err
	}
	m := mutation{op: op, document: orderCancelDocument, root: "orderCancel",
		variables: map[string]any{"id": id, "reason": reason, "restock": request.Restock, "notify": request.Notify, "note": note},
		kind: func(c complaint) catalog.Kind {
			if c.Code == "INVALID" && c.at("orderId") {
				return catalog.ErrConflict // cancelled already, or beyond it
			}
			return ""
		},
		look: func(ctx context.Context) (catalog.Outcome, error) {
			c, err := e.cancellation(ctx, "confirm "+op, id)
			if err == nil && c.CancelledAt != "" && c.Cancellation.StaffNote == note {
				return catalog.OutcomeDone, nil
			}
			return catalog.OutcomeNotDone, err
		}}
	if request.Refund {
		m.variables["refund"] = map[string]any{"originalPaymentMethodsRefund": true}
	}
	a, err := e.mutate(ctx, m)
	if err != nil {
		return err
	}
	var job struct {
		ID   string `json:"id"`
		Done bool   `json:"done"`
	}
	if raw := a.page.Field("data", "orderCancel", "job"); null(raw) || json.Unmarshal(raw, &job) != nil {
		return e.lost(m, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrOutcomeUnknown, Message: "the answer names no job to wait for", RequestID: a.requestID})
	}
	return e.awaitCancel(ctx, m, id, note, job.ID, job.Done)
}

// referenced is the staff's note with the write's reference behind it.
func referenced(op, note string, options catalog.WriteOptions) (string, error) {
	reference := "[souk " + derivedKey(keyOf(options), 1)[:8] + "]"
	note = strings.TrimSpace(note + " " + reference)
	if n := utf8.RuneCountInString(note); n > maxStaffNote {
		return "", invalid(op, "Note", "it is too long: Shopify keeps 255 characters, of which a reference takes 16")
	}
	return note, nil
}

// cancellationNode is what an order says of its cancellation.
type cancellationNode struct {
	CancelledAt  string `json:"cancelledAt"`
	Cancellation struct {
		StaffNote string `json:"staffNote"`
	} `json:"cancellation"`
}

func (e *Engine) cancellation(ctx context.Context, op, id string) (c cancellationNode, err error) {
	one, err := e.one(ctx, op, cancellationDocument, "order", map[string]any{"id": id})
	if err == nil {
		if _, err = transport.Decode(one.raw, &c); err != nil {
			err = unreadable(op, one, numericID(id), err)
		}
	}
	return c, err
}

// awaitCancel waits until the job is done and reads what it did: a job says
// that it ended, not how.
func (e *Engine) awaitCancel(ctx context.Context, m mutation, id, note, job string, done bool) error {
	unknown := func(message string, err error) error {
		return e.lost(m, &catalog.Error{Platform: Platform, Op: m.op, Kind: catalog.ErrOutcomeUnknown, Message: message, Err: err})
	}
	for n := 1; !done; n++ {
		if err := e.pause(ctx, n); err != nil {
			return unknown("Shopify was still at work", err)
		}
		one, err := e.one(ctx, m.op, jobDocument, "job", map[string]any{"id": job})
		if vanished(err) {
			break // a job that is over is forgotten some day
		}
		var j struct{ Done bool }
		if err == nil {
			err = json.Unmarshal(one.raw, &j)
		}
		if err != nil {
			return unknown("the job could not be followed to its end", err)
		}
		done = j.Done
	}
	c, err := e.cancellation(ctx, m.op, id)
	switch {
	case err != nil:
		return unknown("the job ended, but what it did could not be read", err)
	case c.CancelledAt == "":
		return &catalog.Error{Platform: Platform, Op: m.op, Kind: catalog.ErrConflict, Message: "Shopify's job ended and the order is not cancelled",
			Hint: "read the order again: something may have been shipped meanwhile"}
	case c.Cancellation.StaffNote != note:
		return &catalog.Error{Platform: Platform, Op: m.op, Kind: catalog.ErrConflict, Message: "somebody else cancelled the order at the same time"}
	}
	return nil
}
