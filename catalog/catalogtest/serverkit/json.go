package serverkit

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// ReplaceJSON puts raw in the place of the value at a dotted path, in which a
// number counts the elements of an array from 0, and leaves every other byte as
// it was: "data.0.price". Without such a value it returns body itself. It never
// writes into body.
func ReplaceJSON(body []byte, path, raw string) []byte {
	from, to, ok := FindJSON(body, path)
	if !ok {
		return body
	}
	return slices.Concat(body[:from], []byte(raw), body[to:])
}

// FindJSON tells where the value at a dotted path lies: body[from:to], without
// the white space around it. ok is false when there is none, or when body is no
// JSON up to the value's end.
func FindJSON(body []byte, path string) (from, to int, ok bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	for step := range strings.SplitSeq(path, ".") {
		if !enter(d, step) {
			return 0, 0, false
		}
	}
	var value json.RawMessage
	if d.Decode(&value) != nil {
		return 0, 0, false
	}
	to = int(d.InputOffset())
	return to - len(value), to, true
}

// enter moves d to the value of the member or element called step.
func enter(d *json.Decoder, step string) bool {
	open, err := d.Token()
	if err != nil || open != json.Delim('{') && open != json.Delim('[') {
		return false
	}
	for n := 0; d.More(); n++ {
		name := strconv.Itoa(n)
		if open == json.Delim('{') {
			key, err := d.Token()
			if err != nil {
				return false
			}
			name, _ = key.(string)
		}
		if name == step {
			return true
		}
		var skip json.RawMessage
		if d.Decode(&skip) != nil {
			return false
		}
	}
	return false
}
