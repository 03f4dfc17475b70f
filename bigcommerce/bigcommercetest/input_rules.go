package bigcommercetest

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// rule is what a member of a request may be.
type rule struct {
	kind     string // text, number, amount, int, flag, word, ids, texts, object, list, date
	least    int64  // length of a text, value of a number
	most     int64
	words    []string
	nullable bool
}

// rules reads lines of "name kind"; numbers after it are the least and the
// most, words the only ones allowed, and ? after a kind allows null.
func rules(lines string) map[string]rule {
	all := map[string]rule{}
	for line := range strings.Lines(lines) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		r := rule{kind: strings.TrimSuffix(f[1], "?"), nullable: strings.HasSuffix(f[1], "?"), least: -1 << 62, most: 1 << 62}
		switch r.kind {
		case "text":
			r.least = 0
		case "amount": // of money or of weight
			r.kind, r.least = "number", 0
		}
		if r.kind == "word" {
			r.words = f[2:]
		} else {
			for i, to := range []*int64{&r.least, &r.most} {
				if len(f) > 2+i {
					*to, _ = strconv.ParseInt(f[2+i], 10, 64)
				}
			}
		}
		all[f[0]] = r
	}
	return all
}

// names are the members that have a rule.
func names(of ...map[string]rule) string {
	var b strings.Builder
	for _, all := range of {
		for name := range all {
			b.WriteString(name + " ")
		}
	}
	return b.String()
}

// wrong holds the members that are there against their rules and returns
// complaints by member. Members without a rule are passed over.
func (in input) wrong(all map[string]rule) map[string]string {
	bad := map[string]string{}
	for name, raw := range in {
		if r, ok := all[name]; ok {
			if why := r.wrong(raw); why != "" {
				bad[name] = why
			}
		}
	}
	return bad
}

func (r rule) wrong(raw json.RawMessage) string {
	if bytes.Equal(raw, []byte("null")) {
		if r.nullable {
			return ""
		}
		return r.expected()
	}
	switch r.kind {
	case "text", "word", "date":
		var s string
		if raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
			return r.expected()
		}
		n := int64(utf8.RuneCountInString(s))
		switch {
		case r.words != nil && !slices.Contains(r.words, s):
			return "must be one of " + strings.Join(r.words, ", ")
		case n < r.least:
			return "error.minLength"
		case n > r.most:
			return "error.maxLength"
		}
	case "number", "int":
		d, err := decimal.NewFromString(string(raw))
		switch {
		case err != nil, raw[0] == '"', r.kind == "int" && !d.IsInteger():
			return r.expected()
		case d.LessThan(decimal.NewFromInt(r.least)):
			return "error.min"
		case d.GreaterThan(decimal.NewFromInt(r.most)):
			return "error.max"
		}
	default:
		to := map[string]any{"flag": new(bool), "ids": new([]int64), "texts": new([]string), "object": new(input), "list": new([]input)}[r.kind]
		if json.Unmarshal(raw, to) != nil {
			return r.expected()
		}
	}
	return ""
}

func (r rule) expected() string {
	switch r.kind {
	case "number", "int":
		return "error.expected.jsnumber"
	case "flag":
		return "error.expected.jsboolean"
	case "ids", "texts", "list":
		return "error.expected.jsarray"
	case "object":
		return "error.expected.jsobject"
	}
	return "error.expected.jsstring"
}

// decimals is how many decimal places the catalog keeps.
const decimals = 4

// amount copies a number that is there; null empties it. A number equal to what
// is there leaves its text alone.
func (in input) amount(name string, to *string) {
	if _, ok := in[name]; !ok {
		return
	}
	d, err := decimal.NewFromString(in.text(name))
	if err != nil {
		*to = ""
		return
	}
	d = d.Round(decimals)
	if old, err := decimal.NewFromString(*to); err != nil || !old.Equal(d) {
		*to = d.String()
	}
}

// keep copies what is there and has a default into other, as compact JSON.
func (in input) keep(other map[string]json.RawMessage, defaults map[string]string) map[string]json.RawMessage {
	for name, def := range defaults {
		raw, ok := in[name]
		if !ok {
			continue
		}
		var b bytes.Buffer
		_ = json.Compact(&b, raw) // it was decoded from the body
		switch {
		case b.String() == def:
			delete(other, name)
		default:
			if other == nil {
				other = map[string]json.RawMessage{}
			}
			other[name] = b.Bytes()
		}
	}
	if len(other) == 0 {
		return nil
	}
	return other
}
