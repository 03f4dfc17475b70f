package shopify

import (
	"slices"
	"strings"
	"time"
)

// changePosition is where a list by change was left: the second of the last
// record, and the ids delivered of that second, since the list can only go on
// from the second's beginning.
type changePosition struct {
	at  string
	ids []string
}

// maxEqual bounds a position to what fits into a cursor. Of more records than
// these in one second the first come again.
const maxEqual = 2600 / 20

func parseChangePosition(op, text string) (changePosition, error) {
	at, ids, _ := strings.Cut(text, " ")
	p := changePosition{at, strings.Fields(ids)}
	if _, err := time.Parse(time.RFC3339, at); err != nil {
		return p, damaged(op)
	}
	return p, nil
}

func (p changePosition) text() string {
	return strings.TrimSpace(p.at + " " + strings.Join(p.ids, " "))
}

// delivered reports a record that came before the position.
func (p changePosition) delivered(id, at string) bool {
	return at == p.at && slices.Contains(p.ids, id)
}

// behind is the position after one more record. A record without a time does
// not move it.
func (p changePosition) behind(id, at string) changePosition {
	switch {
	case at == "":
		return p
	case at != p.at:
		return changePosition{at, []string{id}}
	}
	ids := append(slices.Clip(p.ids), id)
	return changePosition{at, ids[max(0, len(ids)-maxEqual):]}
}
