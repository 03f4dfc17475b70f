package salla

import (
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// reader turns the parts of one native record into the model and notes what
// does not fit.
type reader struct{ transport.Notes }

// only marks a path without an index.
const only = transport.NoIndex

// money reads an amount in its own currency, or in the one told beside it.
func (r *reader) money(path string, i int, m money, currency string) catalog.Money {
	return r.Money(path, i, string(m.Amount), m.in(currency))
}

// take returns what a field holds, nil when absent, and notes what was odd
// inside.
func take[T any](r *reader, path string, m maybe[T]) *T {
	for _, p := range m.problems {
		p.Path = path + "." + p.Path
		r.Problems = append(r.Problems, p)
	}
	return m.value
}

func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// ref returns an id sent as a number or as text, "" for none.
func ref(id number) string {
	if id == "0" {
		return ""
	}
	return string(id)
}

// text clears a value that some lists send as the word null.
func text(s string) string {
	if s == "null" {
		return ""
	}
	return s
}

func names(nodes []refNode) []string {
	var all []string
	for _, n := range nodes {
		if n.Name != "" {
			all = append(all, n.Name)
		}
	}
	return all
}

// phone joins a number and its country's code, which comes with a plus and
// without. A number that brings its code keeps it.
func phone(code, mobile number) string {
	m, c := string(mobile), strings.TrimLeft(string(code), "+0")
	switch {
	case m == "" || m == "0":
		return ""
	case strings.HasPrefix(m, "+"):
		return m
	case c == "":
		return m
	}
	return "+" + c + strings.TrimLeft(m, "0")
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
