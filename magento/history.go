package magento

import (
	"context"
	"encoding/json"
	"iter"
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// OrderHistory yields the comments and changes of status of an order, oldest
// first. Comments on shipments and refunds are with these.
// https://developer.adobe.com/commerce/webapi/rest/tutorials/orders
func (e *Engine) OrderHistory(ctx context.Context, orderID string) iter.Seq2[catalog.HistoryEntry, error] {
	const op = "get order history"
	if err := checkID(op, "an order", orderID); err != nil {
		return transport.Failed[catalog.HistoryEntry](err)
	}
	return func(yield func(catalog.HistoryEntry, error) bool) {
		rows, err := e.history(ctx, op, orderID)
		if err != nil {
			yield(catalog.HistoryEntry{}, err)
			return
		}
		entries := make([]*candidate[commentNode], len(rows))
		for i, raw := range rows {
			entries[i] = single(raw, historyReader)
		}
		slices.SortStableFunc(entries, func(a, b *candidate[commentNode]) int {
			if c := a.node.CreatedAt.Compare(b.node.CreatedAt.Time); c != 0 {
				return c
			}
			return natural(a.id, b.id)
		})
		for _, entry := range entries {
			h, err := finish(op, historyReader, entry, false)
			if !yield(h, err) || err != nil {
				return
			}
		}
	}
}

// history reads the entries with the order: their own list is empty, not
// absent, for an order that is not there.
func (e *Engine) history(ctx context.Context, op, id string) ([]json.RawMessage, error) {
	c := call{op: op, path: "/orders/" + id, list: []string{"status_histories"}}
	c.query = append(c.query, fields("entity_id,status_histories"))
	a, err := e.get(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(a.page.Field("entity_id")) == 0 {
		return nil, a.bad(op, "the answer holds no order")
	}
	return a.page.Items, nil
}

var historyReader = itemReader[commentNode, catalog.HistoryEntry]{
	kind:   "magento.order.comment",
	id:     func(n *commentNode) string { return ref(n.ID) },
	record: func(h *catalog.HistoryEntry) *catalog.Record { return &h.Record },
	convert: func(_ *reader, n *commentNode) catalog.HistoryEntry {
		h := catalog.HistoryEntry{ID: ref(n.ID), Kind: "note", Text: n.Comment, Status: n.Status, At: n.CreatedAt.Time}
		// Shown in the account, or sent by mail.
		h.ForShopper = n.Visible == "1" || n.Notified == "1" && n.Comment != ""
		switch {
		case n.Comment == "":
			h.Kind = "status"
		case h.ForShopper:
			h.Kind = "message"
		}
		return h
	},
}
