package woocommerce

import (
	"encoding/json"
	"errors"
	"html"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

var errForm = errors.New("a form WooCommerce is not known to send")

// moment is a time of a *_gmt field, which has no zone: it is UTC. The fields
// without that ending are in the store's own zone and never read.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(raw []byte) error {
	m.Time = time.Time{}
	if string(raw) == "null" {
		return nil
	}
	var text string
	if raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		return errForm
	}
	if text == "" || strings.HasPrefix(text, "0000-00-00") {
		return nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", time.RFC3339, "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			m.Time = t.UTC()
			return nil
		}
	}
	return errForm
}

// stockMode says whether stock is counted: true, false, or parent for a
// variation whose product's stock counts.
type stockMode string

func (s *stockMode) UnmarshalJSON(raw []byte) error {
	switch text := strings.Trim(string(raw), `"`); text {
	case "null", "":
		*s = ""
	case "true", "false", "parent":
		*s = stockMode(text)
	case "1", "yes":
		*s = "true"
	case "0", "no":
		*s = "false"
	default:
		return errForm
	}
	return nil
}

func (s stockMode) counted() bool { return s == "true" || s == "parent" }

// reader turns the parts of one native record into the model and notes what
// does not fit.
type reader struct{ transport.Notes }

// only marks a path without an index.
const only = transport.NoIndex

// money reads an amount as the store keeps it, which may be typed with zeros
// before it.
func (r *reader) money(path string, i int, amount, currency string) catalog.Money {
	sign, digits := "", amount
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for len(digits) > 1 && digits[0] == '0' && digits[1] != '.' {
		digits = digits[1:]
	}
	return r.Money(path, i, sign+digits, currency)
}

// ref returns an id sent as a number or as text, "" for none.
func ref(id string) string {
	if id == "0" {
		return ""
	}
	return id
}

// plain undoes the escaping of names, which the store keeps as HTML.
func plain(name string) string { return html.UnescapeString(name) }

func joined(sep string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}
