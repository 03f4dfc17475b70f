package woocommercetest

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// input is the object a client wrote: a JSON body, a form, or an item of a batch.
type input map[string]json.RawMessage

// readForm parses a form, whose fields OAuth signs too.
func (c *call) readForm() {
	c.form = &phpArray{}
	if strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		c.form.parseQuery(string(c.body))
	}
}

// readInput parses the body. What is neither JSON nor a form is ignored, as the
// store does.
func (c *call) readInput() *apiError {
	c.input = input{}
	kind, _, _ := strings.Cut(c.r.Header.Get("Content-Type"), ";")
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "application/json":
		if len(bytes.TrimSpace(c.body)) == 0 {
			return nil
		}
		if !json.Valid(c.body) {
			return &apiError{
				status: http.StatusBadRequest, code: "rest_invalid_json", message: "Invalid JSON body passed.",
				data: `{"status":400,"json_error_code":4,"json_error_message":"Syntax error"}`,
			}
		}
		_ = json.Unmarshal(c.body, &c.input) // an array has no fields
		if c.input == nil {
			c.input = input{}
		}
	case "application/x-www-form-urlencoded":
		for _, n := range c.form.names {
			if !isGlobal(n) {
				c.input[n] = c.form.json(n)
			}
		}
	default:
		if len(c.body) > 0 {
			c.server.book.Violationf("%s %s: a body that is not application/json is ignored", c.method, c.at)
		}
	}
	return nil
}

// json turns what a form sent under a name into JSON.
func (a *phpArray) json(name string) json.RawMessage {
	switch v := a.values[name].(type) {
	case string:
		return json.RawMessage(appendText(nil, v))
	case *phpArray:
		var w writer
		isList := true
		for i, n := range v.names {
			isList = isList && n == strconv.Itoa(i)
		}
		if isList {
			w.arr("")
			for _, n := range v.names {
				w.raw("", string(v.json(n)))
			}
			w.endArr()
		} else {
			w.obj("")
			for _, n := range v.names {
				w.name(n)
				w.b = append(w.b, v.json(n)...)
			}
			w.end()
		}
		return w.b
	}
	return json.RawMessage("null")
}

// textOf is a scalar as PHP would print it.
func textOf(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	if raw[0] == '"' {
		var s string
		_ = json.Unmarshal(raw, &s) // valid since the body was
		return s
	}
	return string(raw)
}

func (in input) text(name string, into *string) {
	if raw, ok := in[name]; ok {
		*into = textOf(raw)
	}
}

func (in input) flag(name string, into *bool) {
	if raw, ok := in[name]; ok {
		*into, _ = parseBool(textOf(raw))
	}
}

func (in input) number(name string, into *int) {
	if raw, ok := in[name]; ok {
		f, _ := strconv.ParseFloat(textOf(raw), 64)
		*into = int(f)
	}
}

func (in input) id(name string) int64 {
	n, _ := strconv.ParseInt(textOf(in[name]), 10, 64)
	return n
}

// dropNulls takes out what is null, which a batch takes for not being there.
func (in input) dropNulls() {
	maps.DeleteFunc(in, func(name string, raw json.RawMessage) bool { return isNull(raw) && name != "low_stock_amount" })
}

func isNull(raw json.RawMessage) bool { return string(bytes.TrimSpace(raw)) == "null" }

func (in input) has(name string) bool {
	_, ok := in[name]
	return ok
}

// object returns a member that is an object; nil for none.
func (in input) object(name string) input {
	var out input
	_ = json.Unmarshal(in[name], &out) // other kinds have no members
	return out
}

// objects returns the members of an array that are objects.
func (in input) objects(name string) []input {
	var list []json.RawMessage
	_ = json.Unmarshal(in[name], &list) // other kinds have no members
	var out []input
	for _, raw := range list {
		var o input
		if json.Unmarshal(raw, &o) == nil && o != nil {
			out = append(out, o)
		}
	}
	return out
}

func (in input) ids(name string) []int64 {
	var list []json.RawMessage
	_ = json.Unmarshal(in[name], &list) // other kinds have no members
	var out []int64
	for _, raw := range list {
		n, _ := strconv.ParseInt(textOf(raw), 10, 64)
		out = append(out, n)
	}
	return out
}

func (in input) texts(name string) []string {
	var list []json.RawMessage
	_ = json.Unmarshal(in[name], &list) // other kinds have no members
	var out []string
	for _, raw := range list {
		out = append(out, textOf(raw))
	}
	return out
}
