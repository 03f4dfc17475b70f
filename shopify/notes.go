package shopify

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// maxNote is the longest note of an order, in characters.
const maxNote = 5000

// AddOrderNote adds a line to the order's note, which only the staff sees.
//
// Shopify keeps one note and replaces it as a whole, without compare-and-set:
// the note is read, extended and written, so what somebody writes at the very
// same moment is lost. It is sent once. Repeating it adds the text again unless
// Confirm says that it is there.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/orderUpdate
func (e *Engine) AddOrderNote(ctx context.Context, orderID string, note catalog.NoteInput, _ catalog.WriteOptions) error {
	const op = "add order note"
	id, err := gid(op, "Order", orderID)
	text := strings.TrimSpace(note.Text)
	switch {
	case err != nil:
		return err
	case note.ForShopper:
		return catalog.Unsupported(Platform, op+" for the shopper", "write to the shopper by e-mail; Shopify's notes are for the staff")
	case text == "":
		return invalid(op, "Text", "the note is empty")
	}
	before, err := e.orderNote(ctx, op, id)
	if err != nil {
		return err
	}
	whole := strings.TrimPrefix(before+"\n"+text, "\n")
	if utf8.RuneCountInString(whole) > maxNote {
		return invalid(op, "Text", "with it the order's note would be longer than Shopify's 5000 characters")
	}
	_, err = e.mutate(ctx, mutation{op: op, document: orderNoteUpdateDocument, root: "orderUpdate", variables: map[string]any{"input": map[string]any{"id": id, "note": whole}},
		kind: missingAt("id"),
		look: func(ctx context.Context) (catalog.Outcome, error) {
			now, err := e.orderNote(ctx, "confirm "+op, id)
			switch {
			case err != nil:
				return catalog.OutcomeUnknown, err
			case strings.Count(now, text) > strings.Count(before, text):
				return catalog.OutcomeDone, nil
			}
			return catalog.OutcomeNotDone, nil
		}})
	return err
}

func (e *Engine) orderNote(ctx context.Context, op, id string) (string, error) {
	one, err := e.one(ctx, op, orderNoteDocument, "order", map[string]any{"id": id})
	if err != nil {
		return "", err
	}
	var n struct{ Note string }
	if err := json.Unmarshal(one.raw, &n); err != nil {
		return "", unreadable(op, one, numericID(id), err)
	}
	return n.Note, nil
}

// eventNode is one entry of an order's timeline.
type eventNode struct {
	Type      string `json:"__typename"`
	ID        string `json:"id"`
	Action    string `json:"action"`
	Message   string `json:"message"`
	CreatedAt string `json:"createdAt"`
	AppTitle  string `json:"appTitle"`
	ByUser    bool   `json:"attributeToUser"`
}

// OrderHistory yields the order's timeline, oldest first. Kind is "note" for
// comments of the staff, else Shopify's word for what happened. Author is an
// app, "staff", or "" for Shopify itself. Shoppers see none of it.
// https://shopify.dev/docs/api/admin-graphql/latest/objects/Event
func (e *Engine) OrderHistory(ctx context.Context, orderID string) iter.Seq2[catalog.HistoryEntry, error] {
	const op = "read order history"
	id, err := gid(op, "Order", orderID)
	if err != nil {
		return transport.Failed[catalog.HistoryEntry](err)
	}
	return func(yield func(catalog.HistoryEntry, error) bool) {
		request := nodesRequest{op: op, root: []string{"order", "events"}, document: orderEventsDocument, size: 100, variables: map[string]any{"id": id}}
		for node, err := range e.nodes(ctx, request) {
			var entry catalog.HistoryEntry
			if err == nil {
				entry, err = readItem(ctx, e, op, node, historyReader, false)
			}
			if !yield(entry, err) || err != nil {
				return
			}
		}
	}
}

var historyReader = itemReader[eventNode, catalog.HistoryEntry]{
	kind:   "shopify.graphql.Event",
	id:     func(n *eventNode) string { return n.ID },
	record: func(h *catalog.HistoryEntry) *catalog.Record { return &h.Record },
	convert: func(r *reader, n *eventNode, _ pageContext) catalog.HistoryEntry {
		h := catalog.HistoryEntry{ID: numericID(n.ID), Kind: cmp.Or(n.Action, n.Type), Text: n.Message, Author: n.AppTitle, At: r.time("createdAt", only, n.CreatedAt)}
		if n.Type == "CommentEvent" {
			h.Kind = "note"
		}
		if h.Author == "" && n.ByUser {
			h.Author = "staff"
		}
		return h
	},
}
