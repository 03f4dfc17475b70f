package catalogtest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// dig returns the value at a dotted path of a JSON text, nil when absent.
func dig(body []byte, path string) json.RawMessage {
	found := json.RawMessage(bytes.TrimSpace(body))
	for step := range strings.SplitSeq(path, ".") {
		if step == "" {
			continue
		}
		var members map[string]json.RawMessage
		var elements []json.RawMessage
		switch {
		case json.Unmarshal(found, &members) == nil && members != nil:
			found = members[step]
		case json.Unmarshal(found, &elements) == nil:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(elements) {
				return nil
			}
			found = elements[i]
		default:
			return nil
		}
	}
	return found
}

// count is the length of the array at the path, -1 when there is none.
func count(body []byte, path string) int {
	var elements []json.RawMessage
	if raw := dig(body, path); raw == nil || json.Unmarshal(raw, &elements) != nil || elements == nil {
		return -1
	}
	return len(elements)
}

// put returns the text with the value at a dotted path replaced, and whether
// the path was there. Numbers elsewhere keep their digits.
func put(body []byte, path, value string) ([]byte, bool) {
	if path == "" {
		return []byte(value), true
	}
	step, rest, _ := strings.Cut(path, ".")
	var members map[string]json.RawMessage
	var elements []json.RawMessage
	if json.Unmarshal(body, &members) == nil && members != nil {
		old, ok := members[step]
		if !ok {
			return body, false
		}
		changed, ok := put(old, rest, value)
		members[step] = changed
		return encode(members), ok
	}
	if i, err := strconv.Atoi(step); err == nil && json.Unmarshal(body, &elements) == nil && i >= 0 && i < len(elements) {
		changed, ok := put(elements[i], rest, value)
		elements[i] = changed
		return encode(elements), ok
	}
	return body, false
}

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("null") // parts of valid JSON always encode
	}
	return bytes.TrimSpace(b.Bytes())
}

func join(path ...string) string {
	var steps []string
	for _, p := range path {
		if p != "" {
			steps = append(steps, p)
		}
	}
	return strings.Join(steps, ".")
}
