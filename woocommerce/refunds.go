package woocommerce

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

const refundKind catalog.RawKind = "woocommerce.refund"

// completeOrders reads the refunds of orders that have some: an order names
// their totals alone. Those of an order that is deleted meanwhile stay as it
// names them.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-refunds
func (e *Engine) completeOrders(op string) func(context.Context, []*row[orderNode]) error {
	return func(ctx context.Context, rows []*row[orderNode]) error {
		var refunded []*row[orderNode]
		for _, r := range rows {
			if len(r.node.Refunds) > 0 {
				refunded = append(refunded, r)
			}
		}
		ask := func(ctx context.Context, r *row[orderNode]) (struct{}, error) {
			a, err := e.send(ctx, call{op: op, path: "/orders/" + idText(r.node.ID) + "/refunds", shape: wantList,
				query: url.Values{"per_page": {itoa(mostIncluded)}, "orderby": {"id"}, "order": {"asc"}}})
			if catalog.KindOf(err) == catalog.ErrNotFound {
				return struct{}{}, nil
			}
			for _, raw := range a.items {
				var n refundNode
				if _, bad := transport.Decode(raw, &n); bad == nil && n.ID != 0 {
					r.node.refunds = append(r.node.refunds, n)
					r.parts = append(r.parts, catalog.RawPart{Kind: refundKind, Raw: raw})
				}
			}
			return struct{}{}, err
		}
		for _, err := range transport.InOrder(ctx, refunded, atOnce, ask) {
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// refunds reads what was given back. Numbers of refunds are negative.
func (r *reader) refunds(o *catalog.Order, n *orderNode) {
	full := map[int64]*refundNode{}
	for i := range n.refunds {
		full[n.refunds[i].ID] = &n.refunds[i]
	}
	sum := decimal.Zero
	for i, short := range n.Refunds {
		refund := catalog.Refund{ID: idText(short.ID), Note: plain(short.Reason), Total: positive(r.amount("refunds.%d.total", i, short.Total, n.Currency))}
		sum = sum.Add(refund.Total.Store.Decimal())
		if whole := full[short.ID]; whole != nil {
			r.wholeRefund(i, &refund, whole, n.Currency)
		}
		o.Refunds = append(o.Refunds, refund)
	}
	if len(n.Refunds) > 0 && !o.Total.Store.IsZero() {
		o.Refunded.Store = money(sum, n.Currency)
		o.CurrentTotal.Store = money(o.Total.Store.Decimal().Sub(sum), n.Currency)
	}
}

// wholeRefund reads what an order does not tell of its refund.
func (r *reader) wholeRefund(i int, refund *catalog.Refund, n *refundNode, currency string) {
	refund.CreatedAt = n.Created.Time
	for j := range n.Items {
		refund.Lines = append(refund.Lines, r.refundLine(i, &n.Items[j], currency))
	}
}

// refundLine reads a line of a refund, which names the order's line in a
// field of its own.
func (r *reader) refundLine(i int, n *itemNode, currency string) catalog.RefundLine {
	l := catalog.RefundLine{Subtotal: positive(r.amount("refunds.%d.line_items.total", i, n.Total, currency))}
	if q := r.Quantity("refunds.%d.line_items.quantity", i, strings.TrimPrefix(n.Quantity, "-")); q != nil {
		l.Quantity = *q
	}
	for _, m := range n.Meta {
		if m.Key == refundedItem {
			l.LineItemID = metaID(m.Value)
		}
	}
	return l
}

// refundedItem names the entry of a refund's line that says which of the
// order's it gives back.
const refundedItem = "_refunded_item_id"

// metaID reads an id, which plugins write as a number and WooCommerce as text.
func metaID(raw json.RawMessage) string { return ref(strings.Trim(string(raw), `"`)) }

func positive(m catalog.DualMoney) catalog.DualMoney {
	if m.Store.Sign() < 0 {
		m.Store = money(m.Store.Decimal().Neg(), m.Store.Currency())
	}
	return m
}
