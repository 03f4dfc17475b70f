package shopifytest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// setAt replaces the value at a dotted path of a JSON text; a path that does
// not exist leaves the text as it is.
func setAt(body []byte, path, raw string) []byte {
	from, to, ok := locate(body, strings.Split(path, "."))
	if !ok {
		return body
	}
	out := make([]byte, 0, len(body)+len(raw))
	out = append(out, body[:from]...)
	out = append(out, raw...)
	return append(out, body[to:]...)
}

// nullAt puts null at a path below data and an entry into errors.
func nullAt(body []byte, path string) []byte {
	parts := strings.Split(path, ".")
	if _, _, ok := locate(body, parts); !ok {
		return body
	}
	body = setAt(body, path, "null")
	var steps []step
	for _, p := range parts {
		if p == "data" && steps == nil {
			continue
		}
		if i, err := strconv.Atoi(p); err == nil {
			steps = append(steps, step{index: i})
			continue
		}
		steps = append(steps, step{p, -1})
	}
	entry := gqlError{message: "Something went wrong while resolving this field.", code: "INTERNAL_SERVER_ERROR", path: steps}.append(nil)
	if from, to, ok := locate(body, []string{"errors"}); ok {
		list := append([]byte(nil), body[from:to-1]...)
		list = append(list, ',')
		list = append(append(list, entry...), ']')
		return setAt(body, "errors", string(list))
	}
	if _, to, ok := locate(body, []string{"data"}); ok {
		out := append([]byte(nil), body[:to]...)
		out = append(out, `,"errors":[`...)
		out = append(append(out, entry...), ']')
		return append(out, body[to:]...)
	}
	return body
}

// locate finds the bytes of the value at a path.
func locate(body []byte, path []string) (from, to int, ok bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	for depth, part := range path {
		tok, err := d.Token()
		if err != nil {
			return 0, 0, false
		}
		switch tok {
		case json.Delim('{'):
			if !toKey(d, part) {
				return 0, 0, false
			}
		case json.Delim('['):
			n, err := strconv.Atoi(part)
			if err != nil {
				return 0, 0, false
			}
			for range n {
				var skip json.RawMessage
				if !d.More() || d.Decode(&skip) != nil {
					return 0, 0, false
				}
			}
			if !d.More() {
				return 0, 0, false
			}
		default:
			return 0, 0, false
		}
		if depth == len(path)-1 {
			var value json.RawMessage
			if d.Decode(&value) != nil {
				return 0, 0, false
			}
			to = int(d.InputOffset())
			return to - len(value), to, true
		}
	}
	return 0, 0, false
}

// toKey leaves the decoder before the value of a key of the open object.
func toKey(d *json.Decoder, key string) bool {
	for d.More() {
		tok, err := d.Token()
		if err != nil {
			return false
		}
		if tok == key {
			return true
		}
		var skip json.RawMessage
		if d.Decode(&skip) != nil {
			return false
		}
	}
	return false
}
