package woocommerce

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// OrderHistory yields an order's notes, oldest first: those the staff wrote,
// those to the customer, and those WooCommerce itself leaves at changes of
// state and stock, in the store's language. The store lists them all at once.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-order-notes
func (e *Engine) OrderHistory(ctx context.Context, orderID string) iter.Seq2[catalog.HistoryEntry, error] {
	const op = "get order history"
	if err := checkID(op, "an order", orderID); err != nil {
		return transport.Failed[catalog.HistoryEntry](err)
	}
	return func(yield func(catalog.HistoryEntry, error) bool) {
		a, err := e.get(ctx, call{op: op, path: "/orders/" + orderID + "/notes", shape: wantList})
		if err != nil {
			yield(catalog.HistoryEntry{}, err)
			return
		}
		rows := make([]*row[noteNode], len(a.items))
		for i, raw := range a.items {
			rows[i] = noteKind.readRow(raw)
		}
		slices.SortStableFunc(rows, func(x, y *row[noteNode]) int {
			return cmp.Or(x.node.Created.Compare(y.node.Created.Time), cmp.Compare(x.id, y.id))
		})
		for _, r := range rows {
			entry, err := noteKind.finish(op, r, false)
			if !yield(entry, err) || err != nil {
				return
			}
		}
	}
}

var noteKind = recordKind[noteNode, catalog.HistoryEntry]{
	name:   "woocommerce.order.note",
	id:     func(n *noteNode) int64 { return n.ID },
	record: func(h *catalog.HistoryEntry) *catalog.Record { return &h.Record },
	convert: func(_ *reader, n *noteNode) catalog.HistoryEntry {
		return catalog.HistoryEntry{ID: idText(n.ID), Kind: "note", Text: n.Note, Author: n.Author, ForShopper: n.CustomerNote, At: n.Created.Time}
	},
}
