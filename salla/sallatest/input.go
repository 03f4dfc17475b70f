package sallatest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// input is a JSON object of a request.
type input map[string]json.RawMessage

// input reads the body. Names outside allowed are reported; "" allows all. ok
// is false after it answered.
func (c *call) input(allowed string) (in input, ok bool) {
	if err := json.Unmarshal(c.body, &in); err != nil || in == nil {
		c.server.book.Violationf("%s %s: the body is no JSON object", c.r.Method, c.path)
		c.fail(http.StatusBadRequest, "400", "Bad Request")
		return nil, false
	}
	in.check(c, allowed)
	return in, true
}

func (in input) check(c *call, allowed string) {
	if allowed == "" {
		return
	}
	names := strings.Fields(allowed)
	for name := range in {
		if !slices.Contains(names, name) {
			c.server.book.Violationf("%s %s: unknown field %s", c.r.Method, c.path, name)
		}
	}
}

// has says whether the field is there and not null.
func (in input) has(name string) bool {
	v, ok := in[name]
	return ok && string(v) != "null"
}

// names says whether the field is there at all; null empties it.
func (in input) names(name string) bool {
	_, ok := in[name]
	return ok
}

// texts reads an array of texts.
func (in input) texts(name string) []string {
	var out []string
	if json.Unmarshal(in[name], &out) != nil {
		return nil
	}
	return out
}

// text reads a string, or a number as it is written.
func (in input) text(name string) string {
	v := bytes.TrimSpace(in[name])
	if len(v) == 0 || string(v) == "null" {
		return ""
	}
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

func (in input) number(name string) (int64, bool) {
	n, err := strconv.ParseInt(in.text(name), 10, 64)
	return n, err == nil
}

func (in input) flag(name string) bool {
	switch in.text(name) {
	case "true", "1":
		return true
	}
	return false
}

// decimal reads an amount: a bare number, or text that is one.
func (in input) decimal(name string) (string, bool) {
	s := in.text(name)
	return s, isDecimal(s)
}

// object reads an object; one that is not there has nothing in it.
func (in input) object(name string) input {
	var out input
	_ = json.Unmarshal(in[name], &out)
	return out
}

func (in input) list(name string) []input {
	var out []input
	if json.Unmarshal(in[name], &out) != nil {
		return nil
	}
	return out
}

// ids reads an array of numbers or of texts that are numbers.
func (in input) ids(name string) []int64 {
	var raw []json.RawMessage
	if json.Unmarshal(in[name], &raw) != nil {
		return nil
	}
	var out []int64
	for _, v := range raw {
		if n, err := strconv.ParseInt(strings.Trim(string(v), `"`), 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}
