package magento

import (
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// place is where a record stands in its list: by id, or by change time and
// then id. The zero place is the beginning.
type place struct {
	updated int64 // Unix seconds
	id      int64
}

func placeOf(sort catalog.Sort, id string, updated time.Time) (place, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	p := place{id: n}
	if sort == catalog.SortUpdated {
		p.updated = updated.Unix()
		return p, err == nil && n > 0 && !updated.IsZero()
	}
	return p, err == nil && n > 0
}

// after reports whether p comes behind other.
func (p place) after(other place) bool {
	return p.updated > other.updated || p.updated == other.updated && p.id > other.id
}

// behind filters for what comes behind the place.
func (p place) behind(sort catalog.Sort) []group {
	id := strconv.FormatInt(p.id, 10)
	switch {
	case p == place{}:
		return nil
	case sort == catalog.SortUpdated:
		at := stamp(time.Unix(p.updated, 0))
		return []group{{{"updated_at", "gteq", at}}, {{"updated_at", "gt", at}, {"entity_id", "gt", id}}}
	}
	return []group{{{"entity_id", "gt", id}}}
}

func (p place) text(sort catalog.Sort) string {
	id := strconv.FormatInt(p.id, 10)
	if sort == catalog.SortUpdated {
		return strconv.FormatInt(p.updated, 10) + "." + id
	}
	return id
}

// parsePlace reads what text wrote.
func parsePlace(op string, sort catalog.Sort, text string) (place, error) {
	if text == "" {
		return place{}, nil
	}
	id, updated := text, "0"
	if sort == catalog.SortUpdated {
		updated, id, _ = strings.Cut(text, ".")
	}
	n, err1 := strconv.ParseInt(id, 10, 64)
	at, err2 := strconv.ParseInt(updated, 10, 64)
	if err1 != nil || err2 != nil || n < 0 || at < -1<<37 || at > 1<<37 {
		return place{}, damaged(op)
	}
	return place{at, n}, nil
}

func damaged(op string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the cursor is damaged", Hint: "start again without a cursor"}
}
