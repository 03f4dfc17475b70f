package bigcommerce

import (
	"context"
	"net/http"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// AddOrderNote adds a line to the order's staff notes, which shoppers do not
// see; ForShopper is errors.ErrUnsupported, since messages of orders can only
// be read. Order tells the notes as the attribute "staff_notes".
//
// BigCommerce keeps one text and replaces it as a whole, without
// compare-and-set: it is read, extended and written, so what somebody writes at
// the very same moment is lost. It is sent once. Repeating it adds the text
// again unless Confirm says that it is there.
// https://developer.bigcommerce.com/docs/rest-management/orders#update-an-order
func (e *Engine) AddOrderNote(ctx context.Context, orderID string, note catalog.NoteInput, _ catalog.WriteOptions) error {
	const op = "add order note"
	text := strings.TrimSpace(note.Text)
	switch err := checkID(op, "an order", orderID); {
	case err != nil:
		return err
	case note.ForShopper:
		return catalog.Unsupported(Platform, op+" for the shopper", "write to the shopper by e-mail: BigCommerce's messages are read-only")
	case text == "":
		return invalid(op, "Text", "the note is empty")
	}
	before, err := e.orderNode(ctx, op, orderID)
	if err != nil {
		return err
	}
	fields := map[string]any{"staff_notes": behind(before.StaffNotes, text)}
	_, err = e.write(ctx, call{op: op, method: http.MethodPut, path: "/v2/orders/" + orderID}, fields, func(ctx context.Context) (catalog.Outcome, error) {
		now, err := e.orderNode(ctx, "confirm "+op, orderID)
		switch {
		case err != nil:
			return catalog.OutcomeUnknown, err
		case occurrences(now.StaffNotes, text) > occurrences(before.StaffNotes, text):
			return catalog.OutcomeDone, nil
		}
		return catalog.OutcomeNotDone, nil
	})
	return err
}

// behind puts a note on a line of its own behind others.
func behind(notes, text string) string {
	return strings.TrimPrefix(notes+"\n"+strings.TrimSpace(text), "\n")
}

// occurrences is how often notes have a text on lines of its own: within a line
// it is somebody else's.
func occurrences(notes, text string) int {
	lines := func(text string) string {
		return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\n\n")
	}
	return strings.Count("\n"+lines(notes)+"\n", "\n"+lines(text)+"\n")
}
