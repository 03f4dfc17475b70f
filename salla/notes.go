package salla

import (
	"context"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// AddOrderNote adds an entry to the order's history, which only the staff
// sees. It is sent once, after a look at the history; repeating it adds the
// text again unless Confirm says that it is there, which it does once the
// history holds it more often than before.
// https://docs.salla.dev/5394163e0
func (e *Engine) AddOrderNote(ctx context.Context, orderID string, note catalog.NoteInput, _ catalog.WriteOptions) error {
	const op = "add order note"
	text := strings.TrimSpace(note.Text)
	if err := checkID(op, "an order", orderID); err != nil {
		return err
	}
	switch {
	case note.ForShopper:
		return catalog.Unsupported(Platform, op+" for the shopper", "write to the shopper by e-mail; Salla's history is for the staff")
	case text == "":
		return invalid(op, "Text", "the note is empty")
	}
	before, err := e.noted(ctx, op, orderID, text)
	if err != nil {
		return err
	}
	_, err = e.write(ctx, change{op: op, method: post, path: "/orders/" + orderID + "/histories", fields: map[string]any{"note": text},
		look: func(ctx context.Context) (catalog.Outcome, error) {
			return asIs(func() (int, error) { return e.noted(ctx, "confirm "+op, orderID, text) }, func(now int) bool { return now > before })
		}})
	return err
}

// noted counts the entries of an order's history that are the text.
func (e *Engine) noted(ctx context.Context, op, orderID, text string) (n int, err error) {
	rows, err := e.everything(ctx, call{op: op, path: "/orders/" + orderID + "/histories"})
	for _, raw := range rows {
		var entry historyNode
		if _, err := decode(raw, &entry); err == nil && entry.Note != "" && transport.SameHTML(entry.Note, text) {
			n++
		}
	}
	return n, err
}
