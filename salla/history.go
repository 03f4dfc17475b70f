package salla

import (
	"context"
	"iter"
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// OrderHistory yields an order's log, oldest first. Salla lists the newest
// first, so all of it is read before the first entry comes.
// https://docs.salla.dev/5394162e0
func (e *Engine) OrderHistory(ctx context.Context, orderID string) iter.Seq2[catalog.HistoryEntry, error] {
	const op = "get order history"
	if err := checkID(op, "an order", orderID); err != nil {
		return transport.Failed[catalog.HistoryEntry](err)
	}
	return func(yield func(catalog.HistoryEntry, error) bool) {
		rows, err := e.everything(ctx, call{op: op, path: "/orders/" + orderID + "/histories"})
		if err != nil {
			yield(catalog.HistoryEntry{}, err)
			return
		}
		var seen recent // an entry added meanwhile pushes one onto the next page
		for _, raw := range slices.Backward(rows) {
			entry, err := readOne(ctx, op, raw, historyReader, nil)
			if err == nil && !seen.add(entry.ID) {
				continue
			}
			if !yield(entry, err) || err != nil {
				return
			}
		}
	}
}

var historyReader = itemReader[historyNode, catalog.HistoryEntry]{
	kind:   "salla.order.history",
	id:     func(n *historyNode) string { return idText(n.ID) },
	record: func(h *catalog.HistoryEntry) *catalog.Record { return &h.Record },
	convert: func(r *reader, n *historyNode) catalog.HistoryEntry {
		h := catalog.HistoryEntry{ID: idText(n.ID), Kind: "status", Text: n.Note, At: n.CreatedAt.Time}
		if s := take(r, "customized", n.Custom); s != nil {
			h.Status = s.slug()
		}
		if by := take(r, "created_by", n.CreatedBy); by != nil {
			h.Author = by.Name
		}
		if n.Status == "" && h.Status == "" && n.Note != "" {
			h.Kind = "note"
		}
		return h
	},
}
