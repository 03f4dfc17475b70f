package woocommerce

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// refundPlan is what an order has that can be given back.
type refundPlan struct {
	op       string
	decimals int32
	Currency string          `json:"currency"`
	Total    string          `json:"total"`
	Items    []refundableRow `json:"line_items"`
	Shipping []refundableRow `json:"shipping_lines"`
	Refunds  []refundNode    `json:"refunds"` // their sums, negative

	before []pastRefund
}

// refundableRow is a line or a way of shipping with its taxes.
type refundableRow struct {
	ID       int64     `json:"id"`
	Quantity string    `json:"quantity"`
	Total    string    `json:"total"`
	Taxes    []taxNode `json:"taxes"`
}

type taxNode struct {
	ID    int64  `json:"id"`
	Total string `json:"total"`
}

// pastRefund is a refund there is, whose numbers are negative.
type pastRefund struct {
	ID       int64      `json:"id"`
	Items    []itemNode `json:"line_items"`
	Shipping []itemNode `json:"shipping_lines"`
	Meta     []metaNode `json:"meta_data"`
}

// refundable reads an order and its refunds.
func (e *Engine) refundable(ctx context.Context, op, orderID string) (*refundPlan, error) {
	decimals, err := e.decimals(ctx, op)
	if err != nil {
		return nil, err
	}
	a, err := e.send(ctx, call{op: op, path: "/orders/" + orderID, query: url.Values{"_fields": {"id,currency,total,line_items,shipping_lines,refunds"}}, shape: wantObject})
	if err != nil {
		return nil, err
	}
	p := &refundPlan{op: op, decimals: int32(decimals)}
	if _, err := transport.Decode(a.body, p); err != nil {
		return nil, badAnswer(op, "the order's amounts cannot be read")
	}
	if len(p.Refunds) == 0 {
		return p, nil
	}
	if p.before, err = e.pastRefunds(ctx, op, orderID, 0); err != nil {
		return nil, err
	}
	for _, named := range p.Refunds {
		if !p.knows(named.ID) {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrConflict,
				Message: "the order names the refund " + idText(named.ID) + ", which the list of its refunds lacks",
				Hint:    "read it again: a refund was deleted meanwhile, or the host answers from a cache"}
		}
	}
	return p, nil
}

// knows says that a refund was there before.
func (p *refundPlan) knows(id int64) bool {
	return slices.ContainsFunc(p.before, func(r pastRefund) bool { return r.ID == id })
}

// mostRefundPages bounds how much of an order's refunds is read.
const mostRefundPages = 50

// pastRefunds reads an order's refunds, newest first: those above an id, and
// perhaps some more. Those that come while it reads push others to the next
// page, where they are seen again.
func (e *Engine) pastRefunds(ctx context.Context, op, orderID string, above int64) ([]pastRefund, error) {
	var all []pastRefund
	var pages turning
	seen := map[int64]bool{}
	for page := range mostRefundPages {
		a, err := e.send(ctx, call{op: op, path: "/orders/" + orderID + "/refunds", shape: wantList,
			query: url.Values{"per_page": {itoa(mostIncluded)}, "page": {itoa(page + 1)}, "orderby": {"id"}, "order": {"desc"}}})
		if err != nil {
			return nil, err
		}
		if err := pages.turn(op, a.items); err != nil {
			return nil, err
		}
		ended := len(a.items) < mostIncluded
		for _, raw := range a.items {
			var r pastRefund
			if _, err := transport.Decode(raw, &r); err != nil {
				return nil, badAnswer(op, "a refund cannot be read")
			}
			if ended = ended || r.ID <= above; !seen[r.ID] {
				seen[r.ID], all = true, append(all, r)
			}
		}
		if ended {
			return all, nil
		}
	}
	return nil, catalog.Unsupported(Platform, op+" that has "+itoa(mostRefundPages*mostIncluded)+" refunds or more",
		"count what is left of its lines, and refund with Do: POST /orders/ID/refunds")
}

// given is how much of a line was given back before. A way of shipping that does
// not say which of the order's it was may be any: shipping is never paid back
// twice.
func (p *refundPlan) given(id int64) (pieces int64, shipping bool) {
	refers := func(n *itemNode) (to string) {
		if i := slices.IndexFunc(n.Meta, func(m metaNode) bool { return m.Key == refundedItem }); i >= 0 {
			to = metaID(n.Meta[i].Value)
		}
		return to
	}
	for _, r := range p.before {
		for i := range r.Items {
			if q, err := strconv.ParseInt(strings.TrimPrefix(r.Items[i].Quantity, "-"), 10, 64); err == nil && refers(&r.Items[i]) == idText(id) {
				pieces += q
			}
		}
		shipping = shipping || slices.ContainsFunc(r.Shipping, func(n itemNode) bool { to := refers(&n); return to == "" || to == idText(id) })
	}
	return pieces, shipping
}

// fields are the refund as the store takes it.
func (p *refundPlan) fields(request catalog.RefundRequest) (map[string]any, error) {
	own := request.Amount.IsZero() // the lines say what is given back
	lines, sum, err := p.lines(request, own)
	if err != nil {
		return nil, err
	}
	if !own {
		text, err := request.Amount.Format(p.Currency, int(p.decimals))
		if err != nil {
			return nil, &catalog.Error{Platform: Platform, Op: p.op, Kind: catalog.ErrInvalid, Err: err, Fields: []catalog.FieldError{{Field: "Amount", Message: err.Error()}}}
		}
		if sum = decimal.RequireFromString(text); sum.IsZero() {
			return nil, invalid(p.op, "Amount", "it is zero")
		}
	}
	if own && len(lines) == 0 {
		return nil, invalid(p.op, "Shipping", "nothing of it is left to refund")
	}
	if left := p.left(); sum.GreaterThan(left) {
		return nil, invalid(p.op, "Amount", "it is "+sum.Sub(left).String()+" "+p.Currency+" more than is left to refund")
	}
	fields := map[string]any{"amount": sum.StringFixed(p.decimals), "api_refund": sum.IsPositive(), "api_restock": request.Restock}
	if len(lines) > 0 {
		fields["line_items"] = lines
	}
	if request.Note != "" {
		fields["reason"] = request.Note
	}
	return fields, nil
}

// lines are what is given back of each line and way of shipping, with what
// they add up to; priced says whether they carry it.
func (p *refundPlan) lines(request catalog.RefundRequest, priced bool) (lines []any, sum decimal.Decimal, err error) {
	add := func(row *refundableRow, quantity, done, n, of int64) {
		total := p.share(row.Total, done, n, of)
		line := map[string]any{"id": row.ID, "quantity": quantity, "refund_total": json.Number("0")}
		sum = sum.Add(total)
		var taxes []any
		for _, t := range row.Taxes {
			if tax := p.share(t.Total, done, n, of); !tax.IsZero() {
				taxes = append(taxes, map[string]any{"id": t.ID, "refund_total": json.Number(tax.StringFixed(p.decimals))})
				sum = sum.Add(tax)
			}
		}
		if priced {
			line["refund_total"] = json.Number(total.StringFixed(p.decimals))
		}
		if priced && taxes != nil {
			line["refund_tax"] = taxes
		}
		lines = append(lines, line)
	}
	wanted := map[string]int64{}
	for _, l := range request.Lines {
		n, _ := l.Quantity.Int() // checked before
		wanted[l.LineItemID] += n
	}
	for i := range p.Items {
		row := &p.Items[i]
		n := wanted[idText(row.ID)]
		if n == 0 {
			continue
		}
		delete(wanted, idText(row.ID))
		of, err := strconv.ParseInt(row.Quantity, 10, 64)
		done, _ := p.given(row.ID)
		if err != nil || n > of-done {
			return nil, sum, invalid(p.op, "Lines", "of the line "+idText(row.ID)+" fewer pieces are left to refund than are named")
		}
		add(row, n, done, n, of)
	}
	for id := range wanted {
		return nil, sum, invalid(p.op, "Lines", "the order has no line "+id)
	}
	for i := range p.Shipping {
		if _, given := p.given(p.Shipping[i].ID); request.Shipping && !given {
			add(&p.Shipping[i], 0, 0, 1, 1)
		}
	}
	return lines, sum, nil
}

// share is what n of so many pieces cost after those done before, so that all
// shares add up to the whole to the last digit.
func (p *refundPlan) share(total string, done, n, of int64) decimal.Decimal {
	whole, _ := amount(total)
	upTo := func(pieces int64) decimal.Decimal {
		return whole.Mul(decimal.NewFromInt(pieces)).DivRound(decimal.NewFromInt(of), p.decimals)
	}
	return upTo(done + n).Sub(upTo(done))
}

// left is what was not given back yet.
func (p *refundPlan) left() decimal.Decimal {
	left, _ := amount(p.Total)
	for _, r := range p.Refunds {
		d, _ := amount(strings.TrimPrefix(r.Total, "-"))
		left = left.Sub(d)
	}
	return left
}
