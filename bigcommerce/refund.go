package bigcommerce

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// maxReason is the longest reason of a refund, in characters.
const maxReason = 1000

// Refund gives money back: what BigCommerce works out for the lines and for
// what the shipping cost, never more than is left, or an amount off the order in
// the currency it was settled in, to which no tax is reckoned. An amount above
// what is left is ErrInvalid. Lines or shipping together with an amount are
// errors.ErrUnsupported, and so are Restock and Notify.
//
// It asks for a quote and takes its first way that goes back through the
// payment's provider. Where there is none, as after payment in cash, the refund
// is recorded as paid outside BigCommerce; store credit comes last. The provider
// is asked in the background: the refund is there before the money moves.
// BigCommerce takes an order's refunds one at a time, and so does the adapter.
//
// It is sent once and must not be repeated before Confirm was asked, since a
// part can be refunded twice. A short reference behind the reason, such as
// "[souk 5f2c9a81]", tells Confirm this call's refund from others.
// https://developer.bigcommerce.com/docs/rest-management/orders/payment-actions#create-a-refund
func (e *Engine) Refund(ctx context.Context, orderID string, request catalog.RefundRequest, options catalog.WriteOptions) (catalog.Refund, error) {
	const op = "refund order"
	if err := checkRefund(op, orderID, request); err != nil {
		return catalog.Refund{}, err
	}
	reference := referenceOf(options)
	reason := strings.TrimSpace(request.Note + " " + reference)
	if utf8.RuneCountInString(reason) > maxReason {
		return catalog.Refund{}, invalid(op, "Note", "it is too long: BigCommerce keeps 1000 characters, of which a reference takes 16")
	}
	done, err := e.facts.refundAlone(ctx, orderID)
	if err != nil {
		return catalog.Refund{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrUnavailable, Message: "another refund of the order was under way", Err: err}
	}
	defer done()
	order, err := e.orderNode(ctx, op, orderID)
	if err != nil {
		return catalog.Refund{}, err
	}
	items, err := e.refundItems(ctx, op, order, request, reason)
	if err != nil {
		return catalog.Refund{}, err
	}
	path := "/v3/orders/" + orderID + "/payment_actions/"
	payments, err := e.quote(ctx, op, path+"refund_quotes", items, request.Amount)
	if err != nil {
		return catalog.Refund{}, err
	}
	find := func(ctx context.Context) (catalog.Outcome, error) { return e.lookForRefund(ctx, orderID, reference) }
	a, err := e.write(ctx, call{op: op, method: http.MethodPost, path: path + "refunds"}, map[string]any{"items": items, "payments": payments}, find)
	if err != nil {
		return catalog.Refund{}, err
	}
	var n refundNode
	if _, err := transport.Decode(a.page.Field("data"), &n); err != nil || n.ID == 0 {
		return catalog.Refund{}, e.unclear(op, a, "refund", err, find)
	}
	var out catalog.Order
	order.refunds = []refundNode{n}
	new(notes).refunds(&out, order, order.currencies())
	return out.Refunds[0], nil
}

func checkRefund(op, orderID string, request catalog.RefundRequest) error {
	named := len(request.Lines) > 0 || request.Shipping
	if err := checkID(op, "an order", orderID); err != nil {
		return err
	}
	switch {
	case request.Restock:
		return catalog.Unsupported(Platform, op+" and restock", "put the goods back with AdjustInventory, unless the store's setting refund_order_stock_adjustment does")
	case request.Notify:
		return catalog.Unsupported(Platform, op+" and notify", "the store's settings decide which changes of status are mailed")
	case named && !request.Amount.IsZero():
		return catalog.Unsupported(Platform, op+" of lines at another amount", "refund the lines as BigCommerce works them out, or an amount alone")
	case !named && request.Amount.IsZero():
		return invalid(op, "Lines", "it names no lines, no shipping and no amount")
	case !request.Amount.IsZero() && request.Amount.Sign() <= 0:
		return invalid(op, "Amount", "it is not above 0")
	}
	return nil
}

// referenceOf is what marks a write as this call's.
func referenceOf(options catalog.WriteOptions) string {
	key := options.IdempotencyKey
	if key == "" {
		key = rand.Text()
	}
	sum := sha256.Sum256([]byte("souk " + key))
	return "[souk " + hex.EncodeToString(sum[:4]) + "]"
}

// refundsNow reads an order's refunds.
func (e *Engine) refundsNow(ctx context.Context, op, orderID string) ([]refundNode, error) {
	c := call{op: op + ": list refunds", path: "/v3/orders/payment_actions/refunds", list: inData}
	rows, err := e.everything(ctx, c.with("order_id:in", orderID), mostRows)
	var all []refundNode
	for _, raw := range rows {
		var n refundNode
		if _, err := transport.Decode(raw, &n); err != nil {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "a refund of the order cannot be read", Err: err}
		}
		all = append(all, n)
	}
	return all, err
}

// lookForRefund searches the order's refunds for the reference.
func (e *Engine) lookForRefund(ctx context.Context, orderID, reference string) (catalog.Outcome, error) {
	all, err := e.refundsNow(ctx, "confirm refund order", orderID)
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	for _, r := range all {
		if strings.Contains(r.Reason, reference) {
			return catalog.OutcomeDone, nil
		}
		for _, item := range r.Items {
			if strings.Contains(item.Reason, reference) {
				return catalog.OutcomeDone, nil
			}
		}
	}
	return catalog.OutcomeNotDone, nil
}

// refundAlone waits until no other refund of the order is under way in this
// process, and holds others back until done is called.
func (f *factsOfStore) refundAlone(ctx context.Context, order string) (done func(), err error) {
	for {
		f.mu.Lock()
		under := f.refunding[order]
		if under == nil {
			if f.refunding == nil {
				f.refunding = map[string]chan struct{}{}
			}
			own := make(chan struct{})
			f.refunding[order] = own
			f.mu.Unlock()
			return func() {
				f.mu.Lock()
				delete(f.refunding, order)
				f.mu.Unlock()
				close(own)
			}, nil
		}
		f.mu.Unlock()
		select {
		case <-under:
		case <-ctx.Done():
			return nil, transport.Ended(ctx)
		}
	}
}
