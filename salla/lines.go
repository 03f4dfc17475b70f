package salla

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// details reads an order's light form; the full one is deprecated.
func (e *Engine) details(ctx context.Context, op, id string) (json.RawMessage, error) {
	a, err := e.get(ctx, call{op: op, path: "/orders/" + id, query: url.Values{"format": {"light"}}})
	if err != nil {
		return nil, err
	}
	return a.object(op)
}

// completion reads what an order's row or details lack. An order that has not
// changed since the time asked for is left as it is: it will be dropped.
func (e *Engine) completion(op string, shipments bool, since time.Time) func(context.Context, *orderNode, *extra) error {
	return func(ctx context.Context, n *orderNode, x *extra) error {
		id := idText(n.ID)
		if n.Amounts == nil || n.UpdatedAt.IsZero() {
			if err := e.detail(ctx, op, id, n, x); err != nil {
				return gone(err)
			}
		}
		if !transport.Within(n.UpdatedAt.Time, since, time.Time{}) {
			return nil
		}
		if err := e.ownStatus(ctx, n, x); err != nil {
			return err
		}
		rows, err := e.everything(ctx, call{op: op + ": items", path: "/orders/items", query: url.Values{"order_id": {id}}})
		if err != nil {
			return gone(err)
		}
		n.items = decodeAll[itemNode](rows, "items", itemKind, x)
		if !shipments || n.Features.Shippable != nil && !*n.Features.Shippable {
			return nil
		}
		rows, err = e.everything(ctx, call{op: op + ": shipments", path: "/shipments", query: url.Values{"order_id": {id}}})
		if catalog.KindOf(err) == catalog.ErrForbidden {
			x.problems = append(x.problems, catalog.NewProblem("shipments", "the app lacks the scope shipping.read", ""))
			return nil
		}
		n.shipments = decodeAll[shipmentNode](rows, "shipments", shipmentKind, x)
		return gone(err)
	}
}

// gone marks what vanished between two calls.
func gone(err error) error {
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return transport.ErrGone
	}
	return err
}

// detail replaces a row by the order's details.
func (e *Engine) detail(ctx context.Context, op, id string, n *orderNode, x *extra) error {
	raw, err := e.details(ctx, op, id)
	if err != nil {
		return err
	}
	var full orderNode
	problems, err := decode(raw, &full)
	if err == nil && full.ID != n.ID {
		err = errors.New("the details are those of another order")
	}
	if err != nil {
		return &catalog.ItemError{Platform: Platform, Op: op, ID: id, Raw: raw, Err: err}
	}
	if full.ExchangeRate.value == nil {
		full.ExchangeRate = n.ExchangeRate
	}
	x.part(orderRowKind, x.raw)
	x.raw, x.kind, x.problems = raw, orderKind, problems
	*n = full
	return nil
}

// ownStatus looks a status up that is the store's own and says not what it
// stands for.
func (e *Engine) ownStatus(ctx context.Context, n *orderNode, x *extra) error {
	s := n.Status.value
	if s == nil || s.slug() != "" {
		return nil
	}
	table, err := e.statusTable(ctx)
	switch {
	case catalog.KindOf(err) == catalog.ErrForbidden:
		x.problems = append(x.problems, catalog.NewProblem("status", "the app may not read the store's own statuses", string(s.ID)))
	case err != nil:
		return err
	default:
		n.slug = table[string(s.ID)]
	}
	return nil
}

// everything reads the rows of a list that mostly has one page.
func (e *Engine) everything(ctx context.Context, c call) ([]json.RawMessage, error) {
	c.list = true
	var rows []json.RawMessage
	for page := int64(1); page <= mostPages; page++ {
		next := c
		if page > 1 {
			next.query = cloneValues(c.query)
			next.query.Set("page", strconv.FormatInt(page, 10))
		}
		a, err := e.get(ctx, next)
		if err != nil {
			return nil, err
		}
		if !a.page.Found {
			return nil, a.bad(c.op, "the answer holds no list")
		}
		rows = append(rows, a.page.Items...)
		p, err := a.pages(c.op)
		if err != nil {
			return nil, err
		}
		if p == nil || page >= p.TotalPages || len(a.page.Items) == 0 || p.CurrentPage > 0 && p.CurrentPage < page {
			return rows, nil
		}
	}
	return nil, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrBadAnswer, Message: "the list never ends"}
}

// mostPages bounds lists that are read whole.
const mostPages = 1000

// decodeAll reads the rows of a part. One that cannot be read is a problem:
// it must not look like an order that lacks a line.
func decodeAll[N any](rows []json.RawMessage, path string, kind catalog.RawKind, x *extra) []N {
	nodes := make([]N, 0, len(rows))
	for i, raw := range rows {
		var n N
		at := path + "." + strconv.Itoa(i)
		problems, err := decode(raw, &n)
		if err != nil {
			x.problems = append(x.problems, catalog.NewProblem(at, err.Error(), string(raw)))
			continue
		}
		for _, p := range problems {
			p.Path = at + "." + p.Path
			x.problems = append(x.problems, p)
		}
		nodes = append(nodes, n)
		x.part(kind, raw)
	}
	return nodes
}

func (r *reader) line(i int, n *itemNode, c currencies, shippable bool) catalog.LineItem {
	if n.Currency != "" {
		c.order = n.Currency
	}
	l := catalog.LineItem{
		ID: idText(n.ID), ProductID: ref(n.ProductID), Title: n.Name, SKU: n.SKU,
		UnitPrice: r.dual("items.%d.amounts.price_without_tax", i, n.Amounts.Price, c),
		Discount:  r.dual("items.%d.amounts.total_discount", i, n.Amounts.Discount, c),
		Tax:       r.dual("items.%d.amounts.tax.amount", i, n.Amounts.Tax.Amount, c),
		Total:     r.dual("items.%d.amounts.total", i, n.Amounts.Total, c),
		// Salla tells of the whole order whether it needs shipping.
		RequiresShipping: shippable && len(n.Codes) == 0 && len(n.Files) == 0,
	}
	if q := r.Quantity("items.%d.quantity", i, string(n.Quantity)); q != nil {
		l.Quantity = *q
	}
	if product := take(r, "items."+strconv.Itoa(i)+".product", n.Product); product != nil && l.ProductID == "" {
		l.ProductID = ref(product.ID)
	}
	var variant []string
	for _, o := range n.Options {
		value, chosen := optionValue(o.Value)
		l.Attributes = append(l.Attributes, catalog.Attribute{Name: o.Name, Value: value})
		if chosen && value != "" {
			variant = append(variant, value)
		}
	}
	l.Variant = strings.Join(variant, " / ")
	if n.Notes != "" {
		l.Attributes = append(l.Attributes, catalog.Attribute{Name: "notes", Value: n.Notes})
	}
	return l
}

// optionValue writes what a shopper chose or entered: an object with a name,
// a list of such, or a scalar, of which 0 and false are values too. chosen
// says that it was a choice among the merchant's values.
func optionValue(raw json.RawMessage) (value string, chosen bool) {
	if len(raw) == 0 || absent(raw) {
		return "", false
	}
	switch raw[0] {
	case '{':
		var object refNode
		if _, err := decode(raw, &object); err != nil || object.Name == "" && object.ID == "" {
			return string(raw), false
		}
		if object.Name == "" {
			return string(object.ID), true
		}
		return object.Name, true
	case '[':
		var values []string
		chosen = true
		for element, err := range transport.Elements(raw) {
			if err != nil {
				return string(raw), false
			}
			one, was := optionValue(element)
			values, chosen = append(values, one), chosen && was
		}
		return strings.Join(values, ", "), chosen
	case '"':
		text, err := unquote(raw)
		if err != nil {
			return string(raw), false
		}
		return text, false
	}
	return string(raw), false
}
