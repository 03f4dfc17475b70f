package woocommerce

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// AddOrderNote adds a note to an order. One ForShopper is shown to the shopper
// and e-mailed; without it the staff alone sees it. The order's notes are read
// first, so that Confirm finds the one that is new. It is sent once. Repeating
// it adds the text again unless Confirm says that it is there.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#create-an-order-note
func (e *Engine) AddOrderNote(ctx context.Context, orderID string, note catalog.NoteInput, _ catalog.WriteOptions) error {
	const op = "add order note"
	if err := checkID(op, "an order", orderID); err != nil {
		return err
	}
	if strings.TrimSpace(note.Text) == "" {
		return invalid(op, "Text", "the note is empty")
	}
	before, err := e.notes(ctx, op, orderID)
	if err != nil {
		return err
	}
	fields := map[string]any{"note": kept(note.Text), "customer_note": note.ForShopper}
	_, err = e.write(ctx, change{post(op, "/orders/"+orderID+"/notes", fields), func(ctx context.Context) (catalog.Outcome, error) {
		now, err := e.notes(ctx, "confirm "+op, orderID)
		return settled(slices.ContainsFunc(now, func(n noteNode) bool {
			return transport.SameHTML(n.Note, note.Text) && n.CustomerNote == note.ForShopper &&
				!slices.ContainsFunc(before, func(old noteNode) bool { return old.ID == n.ID })
		}), err)
	}})
	return err
}

// notes reads an order's notes, which the store lists all at once.
func (e *Engine) notes(ctx context.Context, op, orderID string) ([]noteNode, error) {
	a, err := e.send(ctx, call{op: op, path: "/orders/" + orderID + "/notes", query: url.Values{"_fields": {"id,note,customer_note"}}, shape: wantList})
	if err != nil {
		return nil, err
	}
	all := make([]noteNode, len(a.items))
	for i, raw := range a.items {
		if _, err := transport.Decode(raw, &all[i]); err != nil {
			return nil, badAnswer(op, "a note cannot be read")
		}
	}
	return all, nil
}
