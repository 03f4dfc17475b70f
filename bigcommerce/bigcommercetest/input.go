package bigcommercetest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// input is a JSON object a client sent.
type input map[string]json.RawMessage

// input decodes the body as an object; false after it has answered.
func (c *call) input(known string) (input, bool) {
	var in input
	if json.Unmarshal(c.body, &in) != nil || in == nil {
		c.badJSON("the body is no JSON object")
		return nil, false
	}
	c.known(in, known)
	return in, true
}

// inputs decodes the body as an array of objects with at most most elements;
// false after it has answered.
func (c *call) inputs(known string, most int) ([]input, bool) {
	var list []input
	if json.Unmarshal(c.body, &list) != nil || slices.ContainsFunc(list, func(in input) bool { return in == nil }) {
		c.badJSON("the body is no JSON array of objects")
		return nil, false
	}
	if len(list) > most {
		c.violation("%d items, the most is %d", len(list), most)
		c.failWith(http.StatusRequestEntityTooLarge,
			"The request payload is too large. The maximum items allowed in the array is "+strconv.Itoa(most), map[string]string{})
		return nil, false
	}
	for _, in := range list {
		c.known(in, known)
	}
	return list, true
}

func (c *call) badJSON(why string) {
	c.violation("%s", why)
	if c.v2 {
		c.fail(http.StatusBadRequest, "The request body is invalid.")
		return
	}
	c.failWith(http.StatusUnprocessableEntity, msgBadJSON, map[string]string{"": "error.expected.jsobject"})
}

// known reports members the endpoint does not have. They do nothing.
func (c *call) known(in input, names string) {
	for name := range in {
		if !slices.Contains(strings.Fields(names), name) {
			c.violation("unknown member %s in the body", name)
		}
	}
}

// has says whether the member is there and not null.
func (in input) has(name string) bool {
	raw, ok := in[name]
	return ok && !bytes.Equal(raw, []byte("null"))
}

// text is a string, or the bytes of a number; "" when absent.
func (in input) text(name string) string {
	raw := in[name]
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// integer reads a number, or a string of digits as some members allow.
func (in input) integer(name string) (int64, bool) {
	n, err := strconv.ParseInt(in.text(name), 10, 64)
	return n, err == nil
}

func (in input) flag(name string) bool {
	var b bool
	_ = json.Unmarshal(in[name], &b) // false when it is none
	return b
}

func (in input) object(name string) input {
	var out input
	_ = json.Unmarshal(in[name], &out) // nil when it is none
	return out
}

func (in input) list(name string) []input {
	var out []input
	_ = json.Unmarshal(in[name], &out) // nil when it is none
	return out
}

func (in input) ids(name string) []int64 {
	var out []int64
	_ = json.Unmarshal(in[name], &out) // nil when it is none
	return out
}

func (in input) texts(name string) []string {
	var out []string
	_ = json.Unmarshal(in[name], &out) // nil when it is none
	return out
}

// set copies the members that are there into strings; null empties them.
func (in input) set(to map[string]*string) {
	for name, p := range to {
		if _, ok := in[name]; ok {
			*p = in.text(name)
		}
	}
}
