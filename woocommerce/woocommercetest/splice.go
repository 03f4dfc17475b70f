package woocommercetest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// replaceJSON puts raw in the place of the value at a dotted path and leaves
// every other byte as it was. Without such a value it returns body.
func replaceJSON(body []byte, path, raw string) []byte {
	d := json.NewDecoder(bytes.NewReader(body))
	for step := range strings.SplitSeq(path, ".") {
		if !enter(d, step) {
			return body
		}
	}
	var old json.RawMessage
	if d.Decode(&old) != nil {
		return body
	}
	end := int(d.InputOffset())
	start := end - len(old)
	return append(append(bytes.Clone(body[:start]), raw...), body[end:]...)
}

// enter moves d to the value of a member of the array or object before it.
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
