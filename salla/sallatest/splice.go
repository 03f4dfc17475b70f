package sallatest

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
	start, end, ok := locate(d, strings.Split(path, "."))
	if !ok {
		return body
	}
	out := append([]byte(nil), body[:start]...)
	out = append(out, raw...)
	return append(out, body[end:]...)
}

// locate finds the bytes of the value at path below the decoder's position.
func locate(d *json.Decoder, path []string) (start, end int64, ok bool) {
	if len(path) == 0 {
		var v json.RawMessage
		if d.Decode(&v) != nil {
			return 0, 0, false
		}
		end = d.InputOffset()
		return end - int64(len(v)), end, true
	}
	open, err := d.Token()
	if err != nil {
		return 0, 0, false
	}
	for n := 0; d.More(); n++ {
		name := strconv.Itoa(n)
		switch open {
		case json.Delim('{'):
			key, err := d.Token()
			if err != nil {
				return 0, 0, false
			}
			name, _ = key.(string)
		case json.Delim('['):
		default:
			return 0, 0, false
		}
		if name == path[0] {
			return locate(d, path[1:])
		}
		var skip json.RawMessage
		if d.Decode(&skip) != nil {
			return 0, 0, false
		}
	}
	return 0, 0, false
}
