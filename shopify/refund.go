package shopify

import (
	"context"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// refundPlan is what Shopify proposes for a refund. Null where nothing can be
// given back.
type refundPlan struct {
	ID        string `json:"id"`
	Currency  string `json:"currencyCode"`
	Shopper   string `json:"presentmentCurrencyCode"`
	Suggested *struct {
		Maximum      moneyBag `json:"maximumRefundableSet"`
		Transactions []struct {
			Gateway string    `json:"gateway"`
			Amount  moneyBag  `json:"amountSet"`
			Maximum *moneyBag `json:"maximumRefundableSet"`
			Parent  *nodeID   `json:"parentTransaction"`
		} `json:"suggestedTransactions"`
	} `json:"suggestedRefund"`
}

// Refund gives money back by the way it came: what Shopify suggests for the
// lines and the shipping, or Amount in their place. Amounts are in the currency
// the shopper paid in. Lines that are restocked go back to the location that
// ships them. More than can be refunded is ErrInvalid before anything is sent.
//
// It carries an idempotency key and is repeated with it, so that nothing is
// refunded twice; the same call may be repeated with the same key.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/refundCreate
func (e *Engine) Refund(ctx context.Context, orderID string, request catalog.RefundRequest, options catalog.WriteOptions) (catalog.Refund, error) {
	const op = "refund order"
	id, err := gid(op, "Order", orderID)
	if err != nil {
		return catalog.Refund{}, err
	}
	if len(request.Lines) == 0 && !request.Shipping && request.Amount.IsZero() {
		return catalog.Refund{}, invalid(op, "Lines", "it names no lines, no shipping and no amount")
	}
	lines, err := e.refundLines(ctx, op, id, request)
	if err != nil {
		return catalog.Refund{}, err
	}
	one, err := e.one(ctx, op, refundPlanDocument, "order", map[string]any{"id": id, "lines": lines, "shipping": request.Shipping})
	if err != nil {
		return catalog.Refund{}, err
	}
	var plan refundPlan
	if _, err := transport.Decode(one.raw, &plan); err != nil {
		return catalog.Refund{}, unreadable(op, one, numericID(id), err)
	}
	transactions, err := plan.transactions(op, id, request.Amount)
	if err != nil {
		return catalog.Refund{}, err
	}
	if len(transactions) == 0 && len(lines) == 0 {
		return catalog.Refund{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrConflict, Message: "nothing of the order can be refunded"}
	}
	input := map[string]any{"orderId": id, "refundLineItems": lines, "transactions": transactions, "notify": request.Notify}
	if request.Note != "" {
		input["note"] = request.Note
	}
	if plan.Shopper != plan.Currency {
		input["currency"] = plan.Shopper
	}
	if request.Shipping {
		input["shipping"] = map[string]any{"fullRefund": true}
	}
	since := e.clock.now()
	m := mutation{op: op, document: refundCreateDocument, root: "refundCreate", variables: map[string]any{"input": input}, key: keyOf(options), kind: missingAt("orderId"),
		look: func(ctx context.Context) (catalog.Outcome, error) { return e.lookForRefund(ctx, id, since) }}
	a, err := e.mutate(ctx, m)
	if err != nil {
		return catalog.Refund{}, err
	}
	r, err := record(ctx, e, m, a, refundReader, "refund")
	return r.Refund, err
}

// refundLines reads the request's lines. Those to be restocked need to know
// what was shipped, and from where.
func (e *Engine) refundLines(ctx context.Context, op, orderID string, request catalog.RefundRequest) ([]any, error) {
	lines := []any{}
	var open []fulfillmentOrderNode
	if request.Restock && len(request.Lines) > 0 {
		var err error
		if open, err = e.fulfillmentOrders(ctx, op, orderID); err != nil {
			return nil, err
		}
	}
	for i, l := range request.Lines {
		id, err := gid(op, "LineItem", l.LineItemID)
		if err != nil {
			return nil, err
		}
		n, exact := l.Quantity.Int()
		if !exact || n <= 0 {
			return nil, invalid(op, "Lines."+strconv.Itoa(i)+".Quantity", "Shopify counts whole pieces, from 1")
		}
		line := map[string]any{"lineItemId": id, "quantity": n, "restockType": "NO_RESTOCK"}
		if request.Restock {
			kind, location := restockOf(open, id, n)
			if location == "" {
				return nil, invalid(op, "Restock", "no location ships the line "+numericID(id)+", so it cannot be put back into stock")
			}
			line["restockType"], line["locationId"] = kind, location
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// restockOf says how and where pieces of a line go back into stock: what was
// not shipped is cancelled, the rest returned.
func restockOf(all []fulfillmentOrderNode, line string, n int64) (kind, location string) {
	kind = "RETURN"
	for _, fo := range all {
		for _, l := range fo.Lines.Nodes {
			if l.LineItem.ID != line || fo.Assigned.Location == nil {
				continue
			}
			if l.Remaining >= n {
				return "CANCEL", fo.Assigned.Location.ID
			}
			location = fo.Assigned.Location.ID
		}
	}
	return kind, location
}

// transactions are the payments that money goes back to. An amount of the
// caller's fills them one after the other.
func (p *refundPlan) transactions(op, orderID string, amount catalog.Money) ([]any, error) {
	all := []any{}
	var left decimal.Decimal
	digits := catalog.CurrencyDigits(p.Shopper)
	if !amount.IsZero() {
		text, err := amount.Format(p.Shopper, digits)
		if err != nil {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Err: err, Fields: []catalog.FieldError{{Field: "Amount", Message: err.Error()}}}
		}
		left = decimal.RequireFromString(text)
		if left.Sign() == 0 {
			return nil, invalid(op, "Amount", "it is zero")
		}
	}
	if p.Suggested != nil {
		for _, t := range p.Suggested.Transactions {
			give := amountOf(t.Amount)
			if !amount.IsZero() {
				give = left
				if t.Maximum != nil {
					give = decimal.Min(left, amountOf(*t.Maximum))
				}
				left = left.Sub(give)
			}
			if give.Sign() <= 0 {
				continue
			}
			one := map[string]any{"orderId": orderID, "gateway": t.Gateway, "kind": "REFUND", "amount": give.StringFixed(int32(digits))}
			if t.Parent != nil {
				one["parentId"] = t.Parent.ID
			}
			all = append(all, one)
		}
	}
	if left.Sign() > 0 {
		return nil, invalid(op, "Amount", "it is "+left.String()+" "+p.Shopper+" more than can be refunded")
	}
	return all, nil
}

func amountOf(b moneyBag) decimal.Decimal {
	d, err := decimal.NewFromString(b.PresentmentMoney.Amount)
	if err != nil {
		return decimal.Zero
	}
	return d
}

// lookForRefund says whether the order got a refund since. One there is may be
// somebody else's: the key alone tells.
func (e *Engine) lookForRefund(ctx context.Context, orderID string, since time.Time) (catalog.Outcome, error) {
	o, err := e.Order(ctx, orderID)
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	for _, r := range o.Refunds {
		if !r.CreatedAt.Before(since) {
			return catalog.OutcomeUnknown, nil
		}
	}
	return catalog.OutcomeNotDone, nil
}

// refunded is a refund as a record of its own, for reading a payload.
type refunded struct {
	catalog.Record
	catalog.Refund
}

var refundReader = itemReader[refundNode, refunded]{
	kind:   "shopify.graphql.Refund",
	id:     func(n *refundNode) string { return n.ID },
	record: func(r *refunded) *catalog.Record { return &r.Record },
	complete: func(ctx context.Context, e *Engine, n *refundNode, x *extra) error {
		return more(ctx, e, moreRefunded, n.ID, &n.Lines, x)
	},
	convert: func(r *reader, n *refundNode, _ pageContext) refunded { return refunded{Refund: r.refund(0, n)} },
}
