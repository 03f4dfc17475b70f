package salla

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// The values whose form Salla varies: what is normal there is read here, so
// that it neither costs the record's slow decoding nor becomes a Problem.

var errForm = errors.New("a form Salla is not known to send")

// absent reports null, {}, [] and "", which all stand for no value.
func absent(raw []byte) bool {
	switch raw[0] {
	case 'n':
		return true
	case '{', '[', '"':
		return len(raw) == 2 || len(bytes.TrimSpace(raw[1:len(raw)-1])) == 0
	}
	return false
}

// number is a number or a word as text, "" when absent: 50, "50", "50.00".
type number string

func (n *number) UnmarshalJSON(raw []byte) error {
	*n = ""
	if absent(raw) {
		return nil
	}
	switch raw[0] {
	case '"':
		text, err := unquote(raw)
		*n = number(strings.TrimSpace(text))
		return err
	case '{', '[', 't', 'f':
		return errForm
	}
	*n = number(raw)
	return nil
}

// unquote reads a JSON string, quickly where nothing is escaped.
func unquote(raw []byte) (string, error) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}

// money is an amount: an object, or bare where the currency is told beside it.
type money struct {
	Amount   number `json:"amount"`
	Currency string `json:"currency"`
}

// usual is how Salla writes nearly every amount.
var usual = []byte(`{"amount":`)

func (m *money) UnmarshalJSON(raw []byte) error {
	*m = money{}
	if absent(raw) {
		return nil
	}
	if raw[0] != '{' {
		return m.Amount.UnmarshalJSON(raw)
	}
	if rest, ok := bytes.CutPrefix(raw, usual); ok {
		amount, rest, ok := bytes.Cut(rest, []byte(`,"currency":"`))
		amount = bytes.TrimSpace(amount)
		if currency, tail, more := bytes.Cut(rest, []byte(`"}`)); ok && more && len(tail) == 0 && plain(amount) && plain(currency) {
			m.Currency = string(currency)
			return m.Amount.UnmarshalJSON(amount)
		}
	}
	type slow money
	return json.Unmarshal(raw, (*slow)(m))
}

// plain reports a scalar that holds no other value.
func plain(b []byte) bool { return len(b) > 0 && !bytes.ContainsAny(b, `{}[],:\`) }

// in returns the currency, or another where none was told.
func (m money) in(currency string) string {
	if m.Currency != "" {
		return m.Currency
	}
	return currency
}

// positive reports an amount other than none and zero: a price of 0 is how
// Salla says that there is no sale.
func (m money) positive() bool {
	return strings.Trim(string(m.Amount), "0.-") != "" && m.Amount[0] != '-'
}

// riyadh is the zone of every time without one. It has no summer time.
var riyadh = time.FixedZone("Asia/Riyadh", 3*60*60)

// moment is a time, zero when absent: an object with its zone, or text.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(raw []byte) error {
	m.Time = time.Time{}
	if absent(raw) {
		return nil
	}
	var stamp struct {
		Date string
		Zone string
	}
	switch raw[0] {
	case '{':
		var object struct {
			Date json.RawMessage `json:"date"`
			Zone string          `json:"timezone"`
		}
		if err := json.Unmarshal(raw, &object); err != nil {
			return err
		}
		if len(object.Date) == 0 {
			return errForm // another object, not a time that is absent
		}
		if absent(object.Date) {
			return nil
		}
		if err := json.Unmarshal(object.Date, &stamp.Date); err != nil {
			return err
		}
		stamp.Zone = object.Zone
	case '"':
		text, err := unquote(raw)
		if err != nil {
			return err
		}
		stamp.Date = text
	default:
		return errForm
	}
	t, err := parseTime(stamp.Date, stamp.Zone)
	m.Time = t
	return err
}

// eventLayout is how store events spell their time; the day has no zero.
const eventLayout = "Mon Jan 2 2006 15:04:05 GMT-0700"

// parseTime reads every form of time Salla is known to send.
func parseTime(text, zone string) (time.Time, error) {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasPrefix(text, "0000-00-00") {
		return time.Time{}, nil
	}
	location, err := zoneNamed(zone)
	if err != nil {
		return time.Time{}, err
	}
	for _, layout := range []string{"2006-01-02 15:04:05", time.RFC3339, "2006-01-02", eventLayout} {
		if t, err := time.ParseInLocation(layout, text, location); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, errForm
}

func zoneNamed(name string) (*time.Location, error) {
	switch name {
	case "", "Asia/Riyadh", "+03:00":
		return riyadh, nil
	case "UTC", "Z", "+00:00":
		return time.UTC, nil
	}
	if t, err := time.Parse("-07:00", name); err == nil {
		return t.Location(), nil
	}
	return time.LoadLocation(name)
}

// maybe is an object that may be absent in any of the ways. One odd field
// inside does not cost the rest of it.
type maybe[T any] struct {
	value    *T
	problems []catalog.Problem
}

func (m *maybe[T]) UnmarshalJSON(raw []byte) error {
	*m = maybe[T]{}
	if absent(raw) {
		return nil
	}
	var value T
	problems, err := decode(raw, &value)
	if err == nil {
		m.value, m.problems = &value, problems
	}
	return err
}

// decode reads a record; that a part is absent in an unusual way is no
// problem.
func decode(raw json.RawMessage, v any) ([]catalog.Problem, error) {
	problems, err := transport.Decode(raw, v)
	kept := problems[:0]
	for _, p := range problems {
		if p.Value != "{}" && p.Value != "[]" && p.Value != `""` {
			kept = append(kept, p)
		}
	}
	if len(kept) == 0 {
		kept = nil
	}
	return kept, err
}
