package magentotest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// replaceJSON puts raw in the place of the value at a dotted path, in which a
// number counts elements, and leaves every other byte as it was. Without such
// a value it returns body.
func replaceJSON(body []byte, path, raw string) []byte {
	d := json.NewDecoder(bytes.NewReader(body))
	steps := strings.Split(path, ".")
	for len(steps) > 0 {
		open, err := d.Token()
		if err != nil {
			return body
		}
		array := open == json.Delim('[')
		if !array && open != json.Delim('{') {
			return body
		}
		found := false
		for n := 0; d.More() && !found; n++ {
			name := strconv.Itoa(n)
			if !array {
				key, err := d.Token()
				if err != nil {
					return body
				}
				name, _ = key.(string)
			}
			if found = name == steps[0]; found {
				break
			}
			var skip json.RawMessage
			if d.Decode(&skip) != nil {
				return body
			}
		}
		if !found {
			return body
		}
		steps = steps[1:]
	}
	var old json.RawMessage
	if d.Decode(&old) != nil {
		return body
	}
	end := d.InputOffset()
	out := append([]byte(nil), body[:end-int64(len(old))]...)
	out = append(out, raw...)
	return append(out, body[end:]...)
}
