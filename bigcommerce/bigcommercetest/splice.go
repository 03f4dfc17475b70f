package bigcommercetest

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
	for _, want := range strings.Split(path, ".") {
		if !enter(d, want) {
			return body
		}
	}
	var old json.RawMessage
	if d.Decode(&old) != nil {
		return body
	}
	end := d.InputOffset()
	start := end - int64(len(old))
	return append(append(append([]byte(nil), body[:start]...), raw...), body[end:]...)
}

// enter moves the decoder to the member or element called want.
func enter(d *json.Decoder, want string) bool {
	open, err := d.Token()
	if err != nil {
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
		if name == want {
			return true
		}
		var skip json.RawMessage
		if d.Decode(&skip) != nil {
			return false
		}
	}
	return false
}
