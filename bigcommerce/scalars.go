package bigcommerce

import (
	"encoding/json"
	"errors"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// amount is a decimal as text, "" when absent: V2 writes most as text with up
// to four places, V3 and some parts of V2 as numbers.
type amount string

// nought reports an amount that stands for none: 0 is how products say that
// there is no sale and that a cost is not known.
func (a amount) nought() bool { return strings.Trim(string(a), "0.-") == "" }

// moment is a time, zero when absent: RFC 2822 in V2, RFC 3339 in V3.
type moment struct{ time.Time }

var errMoment = errors.New("not a time of a form BigCommerce sends")

// UnmarshalJSON reads the text of a time.
func (m *moment) UnmarshalJSON(raw []byte) error {
	m.Time = time.Time{}
	var text string
	if raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		return errMoment
	}
	if text = strings.TrimSpace(text); text == "" || strings.HasPrefix(text, "0000-00-00") {
		return nil
	}
	for _, layout := range []string{time.RFC1123Z, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			m.Time = t.UTC()
			return nil
		}
	}
	t, err := mail.ParseDate(text)
	if err != nil {
		return errMoment
	}
	m.Time = t.UTC()
	return nil
}

// only marks a path without an index.
const only = transport.NoIndex

// notes turns the parts of one native record into the model and notes what
// does not fit.
type notes struct{ transport.Notes }

// money reads an amount. Numbers may come with an exponent, as PHP writes very
// small ones.
func (n *notes) money(path string, i int, a amount, currency string) catalog.Money {
	if a == "" {
		return catalog.Money{}
	}
	m, err := catalog.MoneyFromJSON([]byte(a), currency)
	if err != nil {
		n.Add(path, i, "not a decimal amount", string(a))
	}
	return m
}

// idText writes an id; 0 is how BigCommerce says that there is none.
func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func joined(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " ")
}
