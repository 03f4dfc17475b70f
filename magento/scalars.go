package magento

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// The values whose form Magento varies: what is normal there is read here, so
// that it does not become a Problem.

var errForm = errors.New("a form Magento is not known to send")

// absent reports null and the empty list, as which PHP writes an empty object.
func absent(raw []byte) bool {
	return raw[0] == 'n' || raw[0] == '[' && len(bytes.TrimSpace(raw[1:len(raw)-1])) == 0
}

// moment is a time, which Magento writes in UTC and without a zone.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(raw []byte) error {
	m.Time = time.Time{}
	if absent(raw) {
		return nil
	}
	text, err := unquote(raw)
	if err != nil {
		return err
	}
	m.Time, err = parseTime(text)
	return err
}

func parseTime(text string) (time.Time, error) {
	if text = strings.TrimSpace(text); text == "" || strings.HasPrefix(text, "0000-00-00") {
		return time.Time{}, nil
	}
	for _, layout := range []string{stampLayout, time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() > 0 {
			return t.UTC(), nil
		}
	}
	return time.Time{}, errForm
}

// unquote reads a JSON string, quickly where nothing is escaped.
func unquote(raw []byte) (string, error) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", errForm
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}

// attributes are custom attributes that hold a text: a list, which a
// projection turns into an object.
type attributes []attribute

type attribute struct{ code, value string }

func (a *attributes) UnmarshalJSON(raw []byte) error {
	*a = nil
	if absent(raw) {
		return nil
	}
	var each []json.RawMessage
	switch raw[0] {
	case '[':
		for element, err := range transport.Elements(raw) {
			if err != nil {
				return err
			}
			each = append(each, element)
		}
	case '{':
		var members map[string]json.RawMessage
		if err := json.Unmarshal(raw, &members); err != nil {
			return err
		}
		for _, element := range members {
			each = append(each, element)
		}
	default:
		return errForm
	}
	all := make(attributes, 0, len(each))
	for _, element := range each {
		if len(element) == 0 || element[0] != '{' {
			return errForm
		}
		one, err := readAttribute(element)
		if err != nil {
			return err
		}
		if one.code != "" {
			all = append(all, one)
		}
	}
	*a = all
	return nil
}

// readAttribute reads one attribute. Texts are copied; a list of values, such
// as the categories', is not kept.
func readAttribute(raw json.RawMessage) (attribute, error) {
	code, err := transport.Field(raw, "attribute_code")
	if err != nil {
		return attribute{}, err
	}
	value, err := transport.Field(raw, "value")
	if err != nil {
		return attribute{}, err
	}
	var a attribute
	if a.code, err = unquote(code); err != nil || len(value) == 0 {
		return attribute{}, err
	}
	switch value[0] {
	case '"':
		a.value, err = unquote(value)
	case '{', '[', 'n':
	default:
		a.value = string(value)
	}
	return a, err
}

// of returns the value of an attribute, "" where it is not set.
func (a attributes) of(code string) string {
	for _, one := range a {
		if one.code == code {
			return one.value
		}
	}
	return ""
}

// decode reads a record; that a part is an empty list where an object should
// be is no problem.
func decode(raw json.RawMessage, v any) ([]catalog.Problem, error) {
	problems, err := transport.Decode(raw, v)
	kept := problems[:0]
	for _, p := range problems {
		if p.Value != "[]" {
			kept = append(kept, p)
		}
	}
	if len(kept) == 0 {
		kept = nil
	}
	return kept, err
}
