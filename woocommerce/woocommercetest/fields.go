package woocommercetest

import (
	"bytes"
	"encoding/json"
	"strings"
)

// fieldTree is what _fields asks for: nil below a name means all of it.
type fieldTree map[string]fieldTree

// only reads _fields; nil means everything.
func (c *call) only() fieldTree {
	list := listOf(c.query.values["_fields"])
	if len(list) == 0 {
		return nil
	}
	root := fieldTree{}
	for _, path := range list {
		at := root
		parts := strings.Split(path, ".")
		for i, p := range parts {
			next, there := at[p]
			if there && next == nil {
				break // all of it was asked for before
			}
			if i == len(parts)-1 {
				at[p] = nil
				break
			}
			if next == nil {
				next = fieldTree{}
				at[p] = next
			}
			at = next
		}
	}
	return root
}

// filter appends the value at the start of src, cut to the fields, to dst and
// returns what is left of src. The JSON is the server's own, without spaces.
func (t fieldTree) filter(dst, src []byte) (out, rest []byte) {
	if t == nil || src[0] != '{' && src[0] != '[' {
		n := valueEnd(src)
		return append(dst, src[:n]...), src[n:]
	}
	object := src[0] == '{'
	closing := src[0] + 2 // of [ and { alike
	dst, src = append(dst, src[0]), src[1:]
	first := true
	for src[0] != closing {
		if src[0] == ',' {
			src = src[1:]
		}
		sub, keep := t, true
		var name []byte
		if object {
			n := valueEnd(src)
			name, src = src[:n], src[n+1:]
			sub, keep = t[plainName(name)]
		}
		if !keep {
			src = src[valueEnd(src):]
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		if object {
			dst = append(append(dst, name...), ':')
		}
		dst, src = sub.filter(dst, src)
	}
	return append(dst, closing), src[1:]
}

// plainName reads the name of a member; the server escapes slashes and letters
// beyond ASCII.
func plainName(quoted []byte) string {
	if !bytes.ContainsRune(quoted, '\\') {
		return string(quoted[1 : len(quoted)-1])
	}
	var name string
	_ = json.Unmarshal(quoted, &name) // the server's own
	return name
}

// valueEnd is the length of the JSON value at the start of b.
func valueEnd(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ':':
			if depth == 0 {
				return i
			}
		}
	}
	return len(b)
}
