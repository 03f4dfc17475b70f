package bigcommerce

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// maxReason is the longest reason of a refund, in characters.
const maxReason = 1000

// quoteNode is what BigCommerce proposes for a refund: the ways to give the
// money back, each made of payments.
type quoteNode struct {
	Total   amount        `json:"total_refund_amount"`
	Methods [][]quotedWay `json:"refund_methods"`
}

type quotedWay struct {
	Provider string `json:"provider_id"`
	Amount   amount `json:"amount"`
	Offline  bool   `json:"offline"`
}

// Refund gives money back: what BigCommerce works out for the lines and for
// what the shipping cost, never more than is left, or an amount off the order in
// the currency it was settled in, to which no tax is reckoned. An amount above
// what is left is ErrInvalid. Lines or shipping together with an
// amount are errors.ErrUnsupported, and so are Restock and Notify.
//
// It asks for a quote and takes its first way that goes back through the
// payment's provider. Where there is none, as after payment in cash, the refund
// is recorded as paid outside BigCommerce; store credit comes last. The provider
// is asked in the background: the refund is there before the money moves.
// BigCommerce takes an order's refunds one at a time.
//
// It is sent once, with a short reference behind the reason, such as
// "[souk 5f2c9a81]", by which Confirm knows this call's refund from others.
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
		w := transport.Write{Platform: Platform, Op: op, Pause: e.adapter.config.PollInterval, Look: find}
		return catalog.Refund{}, w.Lost(&catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrOutcomeUnknown, Status: a.status,
			Message: "it succeeded by its answer, but the refund cannot be read", RequestID: a.requestID, Err: err})
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

// refundItems are what is refunded.
func (e *Engine) refundItems(ctx context.Context, op string, order *orderNode, request catalog.RefundRequest, reason string) ([]any, error) {
	currency := order.currencies().settled
	digits := catalog.CurrencyDigits(currency)
	if !request.Amount.IsZero() {
		value, err := sum(op, "Amount", request.Amount, currency, digits)
		return []any{map[string]any{"item_type": "ORDER", "item_id": order.ID, "amount": value, "reason": reason}}, err
	}
	var items []any
	for i, l := range request.Lines {
		if err := checkID(op, "a line", l.LineItemID); err != nil {
			return nil, err
		}
		n, err := pieces(op, "Lines."+strconv.Itoa(i)+".Quantity", l.Quantity)
		if err != nil {
			return nil, err
		}
		items = append(items, map[string]any{"item_type": "PRODUCT", "item_id": numeric(l.LineItemID), "quantity": n, "reason": reason})
	}
	if !request.Shipping {
		return items, nil
	}
	left, err := e.shippingLeft(ctx, op, order.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range left {
		items = append(items, map[string]any{"item_type": "SHIPPING", "item_id": s.address, "amount": number(s.left.Round(int32(digits))), "reason": reason})
	}
	if items == nil {
		return nil, conflict(op, "the shipping cost nothing, or was refunded", "")
	}
	return items, nil
}

// quote asks what a refund would come to, and chooses a way to pay it.
// BigCommerce cuts what is asked for to what is left, without a refusal.
func (e *Engine) quote(ctx context.Context, op, path string, items []any, asked catalog.Money) ([]any, error) {
	body, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		return nil, err
	}
	a, err := e.get(ctx, call{op: op + ": quote", method: http.MethodPost, path: path, body: body, reads: true})
	if err != nil {
		return nil, err
	}
	raw, err := a.object(op, "data")
	if err != nil {
		return nil, err
	}
	var q quoteNode
	if problems, err := transport.Decode(raw, &q); err != nil || len(problems) > 0 {
		return nil, a.bad(op, "the quote cannot be read")
	}
	way := slices.MinFunc(append(q.Methods, nil), func(a, b []quotedWay) int { return rank(a) - rank(b) })
	if len(way) == 0 || q.Total.nought() {
		return nil, conflict(op, "BigCommerce knows no way to give money back for this order", "look whether its payment is settled, and what was refunded before")
	}
	if total, err := decimal.NewFromString(string(q.Total)); err != nil || !asked.IsZero() && !total.Equal(asked.Decimal()) {
		return nil, invalid(op, "Amount", "BigCommerce would give back "+string(q.Total)+": more cannot be refunded")
	}
	payments := make([]any, len(way))
	for i, w := range way {
		payments[i] = map[string]any{"provider_id": w.Provider, "amount": json.Number(w.Amount), "offline": w.Offline}
	}
	return payments, nil
}

// rank orders the ways to give money back: as it came, else outside
// BigCommerce, else as store credit.
func rank(way []quotedWay) (worst int) {
	if len(way) == 0 {
		return 3
	}
	for _, w := range way {
		switch {
		case w.Provider == "storecredit":
			worst = max(worst, 2)
		case w.Offline:
			worst = max(worst, 1)
		}
	}
	return worst
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

// shippingCost is what of an address's shipping was not refunded yet.
type shippingCost struct {
	address int64
	left    decimal.Decimal
}

func (e *Engine) shippingLeft(ctx context.Context, op string, order int64) ([]shippingCost, error) {
	id := idText(order)
	rows, err := e.everything(ctx, call{op: op + ": list addresses", path: "/v2/orders/" + id + "/shipping_addresses", list: atTop}, mostRows)
	if err != nil {
		return nil, err
	}
	refunds, err := e.refundsNow(ctx, op, id)
	if err != nil {
		return nil, err
	}
	var all []shippingCost
	for _, raw := range rows {
		var n shippingNode
		_, err := transport.Decode(raw, &n)
		left, bad := decimal.NewFromString(string(n.CostInc))
		if err != nil || bad != nil {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "an address of the order does not tell what its shipping cost"}
		}
		for _, r := range refunds {
			for _, item := range r.Items {
				if back, err := decimal.NewFromString(string(item.Requested)); err == nil && item.Type == "SHIPPING" && item.ID == n.ID {
					left = left.Sub(back)
				}
			}
		}
		if left.IsPositive() {
			all = append(all, shippingCost{n.ID, left})
		}
	}
	return all, nil
}
