package bigcommerce

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

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
