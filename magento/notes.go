package magento

import (
	"context"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// longestNote is how many bytes of a comment Magento keeps.
const longestNote = 65_535

// AddOrderNote adds a comment to the order's history, which the staff sees, and
// for the shopper one that his account shows; no mail is sent. The status goes
// with it as it is: versions before 2.4.7 empty an order's status without. One
// that changed at that moment makes Magento refuse the comment: ErrInvalid.
//
// It is sent once. Repeating it adds the text again unless Confirm says that it
// is there.
// https://developer.adobe.com/commerce/webapi/rest/tutorials/orders
func (e *Engine) AddOrderNote(ctx context.Context, orderID string, note catalog.NoteInput, _ catalog.WriteOptions) error {
	const op = "add order note"
	text := strings.TrimSpace(note.Text)
	switch err := checkID(op, "an order", orderID); {
	case err != nil:
		return err
	case text == "":
		return invalid(op, "Text", "the note is empty")
	case len(text) > longestNote:
		return invalid(op, "Text", "it is longer than the 65,535 bytes Magento keeps")
	}
	status, before, err := e.comments(ctx, op, orderID, text)
	if err != nil {
		return err
	}
	visible := 0
	if note.ForShopper {
		visible = 1
	}
	comment := map[string]any{"comment": text, "parent_id": idNumber(orderID), "is_customer_notified": 0, "is_visible_on_front": visible}
	if status != "" {
		comment["status"] = status
	}
	find := func(ctx context.Context) (catalog.Outcome, error) {
		_, now, err := e.comments(ctx, "confirm "+op, orderID, text)
		return settled(now > before, err)
	}
	a, err := e.change(ctx, op, post, "/orders/"+orderID+"/comments", map[string]any{"statusHistory": comment}, find)
	if err != nil {
		return err
	}
	if a.scalar() != "true" {
		return e.unclear(op, a, find)
	}
	return nil
}

// comments reads an order's status, and how often its history has a text.
func (e *Engine) comments(ctx context.Context, op, id, text string) (status string, count int, err error) {
	c := call{op: op, path: "/orders/" + id, list: []string{"status_histories"}}
	c.query = append(c.query, fields("entity_id,status,status_histories"))
	a, err := e.get(ctx, c)
	if err != nil {
		return "", 0, err
	}
	var n stateNode
	if _, err := decode(a.page.Field(), &n); err != nil || n.ID == "" {
		return "", 0, a.bad(op, "the answer holds no order")
	}
	for _, raw := range a.page.Items {
		var c commentNode
		if _, err := decode(raw, &c); err == nil && strings.TrimSpace(c.Comment) == text {
			count++
		}
	}
	return n.Status, count, nil
}
