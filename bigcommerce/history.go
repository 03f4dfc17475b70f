package bigcommerce

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// OrderHistory yields the messages between shopper and staff about an order,
// oldest first. They can be read only: there is no call to send one.
// https://developer.bigcommerce.com/docs/rest-management/orders/order-messages
func (e *Engine) OrderHistory(ctx context.Context, orderID string) iter.Seq2[catalog.HistoryEntry, error] {
	const op = "get order history"
	if err := checkID(op, "an order", orderID); err != nil {
		return transport.Failed[catalog.HistoryEntry](err)
	}
	return func(yield func(catalog.HistoryEntry, error) bool) {
		rows, err := e.everything(ctx, call{op: op, path: "/v2/orders/" + orderID + "/messages", list: atTop}, mostRows)
		if err != nil {
			yield(catalog.HistoryEntry{}, err)
			return
		}
		all := messageReader.decode(rows)
		slices.SortStableFunc(all, func(a, b *candidate[messageNode]) int {
			return cmp.Or(a.node.DateCreated.Compare(b.node.DateCreated.Time), cmp.Compare(a.node.ID, b.node.ID))
		})
		for _, c := range all {
			entry, err := finish(ctx, op, &messageReader, c, false, nil)
			if !yield(entry, err) || err != nil {
				return
			}
		}
	}
}

var messageReader = reader[messageNode, catalog.HistoryEntry]{
	kind:   "bigcommerce.v2.message",
	id:     func(n *messageNode) string { return idText(n.ID) },
	record: func(h *catalog.HistoryEntry) *catalog.Record { return &h.Record },
	convert: func(_ *notes, n *messageNode) catalog.HistoryEntry {
		h := catalog.HistoryEntry{ID: idText(n.ID), Kind: "message", ForShopper: true, At: n.DateCreated.Time,
			Text: strings.TrimSpace(n.Subject + "\n" + n.Message)}
		switch {
		case n.StaffID != 0:
			h.Author = "staff " + idText(n.StaffID)
		case n.CustomerID != 0:
			h.Author = "customer " + idText(n.CustomerID)
		}
		return h
	},
}
