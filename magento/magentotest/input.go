package magentotest

import (
	"bytes"
	"encoding/json"
	"strings"
)

// input is a JSON object of a request, by field. Numbers keep their text.
type input map[string]json.RawMessage

// input reads the body; false after an error was answered. Fields other than
// the known ones are refused, as the shop does.
func (c *call) input(known string) (input, bool) {
	in := input{}
	if len(c.body) > 0 && json.Unmarshal(c.body, &in) != nil {
		c.violation("the body is no JSON object")
		c.bad("Decoding error.")
		return nil, false
	}
	return in, c.known(in, known)
}

// known refuses fields that the API's data does not have.
func (c *call) known(in input, known string) bool {
	for name := range in {
		found := false
		for k := range strings.FieldsSeq(known) {
			found = found || k == name
		}
		if !found {
			c.violation("unknown field %s", name)
			c.bad(msgField, "fieldName", name)
			return false
		}
	}
	return true
}

// object reads a field that has to be an object; false after an error.
func (c *call) object(in input, name, known string) (input, bool) {
	raw := in[name]
	if !in.has(name) {
		c.required(name)
		return nil, false
	}
	out := input{}
	if json.Unmarshal(raw, &out) != nil {
		c.violation("%s is no object", name)
		c.bad(msgType, "value", string(raw), "type", "object")
		return nil, false
	}
	return out, known == "*" || c.known(out, known)
}

// objects reads an array of objects; absent is empty.
func (c *call) objects(in input, name, known string) ([]input, bool) {
	raw, ok := in[name]
	if !ok || isNull(raw) {
		return nil, true
	}
	var out []input
	if json.Unmarshal(raw, &out) != nil {
		c.violation("%s is no array of objects", name)
		c.bad(msgType, "value", string(raw), "type", name+"[]")
		return nil, false
	}
	limit := 20
	if c.late {
		limit = 5000
	}
	if c.server.cfg.PageLimit > 0 && len(out) > limit {
		c.bad(msgListSize, "type", name, "max", limit)
		return nil, false
	}
	for _, o := range out {
		if known != "*" && !c.known(o, known) {
			return nil, false
		}
	}
	return out, true
}

func isNull(raw json.RawMessage) bool { return bytes.Equal(bytes.TrimSpace(raw), []byte("null")) }

func (in input) has(name string) bool {
	raw, ok := in[name]
	return ok && !isNull(raw)
}

// text reads a text, or a number or truth value as its text.
func (in input) text(name string) string {
	raw := in[name]
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	if isNull(raw) {
		return ""
	}
	return string(raw)
}

func (in input) flag(name string) bool {
	t := in.text(name)
	return t == "true" || t == "1"
}

// whole reads an integer; 0 if it is none.
func (in input) whole(name string) int64 { return numberValue(in.text(name)) / 10_000 }

func (in input) texts(name string) []string {
	var out []string
	var list []json.RawMessage
	if json.Unmarshal(in[name], &list) != nil {
		return nil
	}
	for _, raw := range list {
		out = append(out, input{"": raw}.text(""))
	}
	return out
}

func (in input) sub(name string) input {
	out := input{}
	_ = json.Unmarshal(in[name], &out) // absent or no object: empty
	return out
}

// quoted is a text as JSON.
func quoted(s string) json.RawMessage { return appendText(nil, s, true) }
