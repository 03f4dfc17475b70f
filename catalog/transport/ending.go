package transport

import "encoding/json"

// Ending reads an answer from its end: one that is an object whose last member
// is another object, named behind, and whose member before is a list of
// objects, such as {"data":[{},{}],"meta":{}}. It returns the list's last
// element and the member behind the list, both of them valid JSON, at the price
// of their bytes alone: for the address of the next page, while the page itself
// is not yet looked at. What lies in front of the two is not checked, not even
// the list's name, so OpenPage must confirm what was found. Not ok when the
// answer ends in another way; the list may then be empty.
func Ending(body []byte, behind string) (last, beside json.RawMessage, ok bool) {
	end, ok := before(body, len(body), '}')
	if !ok {
		return nil, nil, false
	}
	end = trimmed(body, end)
	start := objectStart(body, end)
	if start < 0 {
		return nil, nil, false
	}
	beside = body[start:end:end]
	name, ok := before(body, start, ':')
	if !ok {
		return nil, nil, false
	}
	name = trimmed(body, name)
	start = name - len(behind) - 2
	if start < 0 || string(body[start:name]) != `"`+behind+`"` {
		return nil, nil, false
	}
	if end, ok = before(body, start, ','); !ok {
		return nil, nil, false
	}
	if end, ok = before(body, end, ']'); !ok {
		return nil, nil, false
	}
	end = trimmed(body, end)
	if start = objectStart(body, end); start < 0 {
		return nil, nil, false
	}
	return body[start:end:end], beside, true
}

// trimmed is the end of what stands before i without its white space.
func trimmed(b []byte, i int) int {
	for i > 0 && isSpace[b[i-1]] {
		i--
	}
	return i
}

// before is where the last byte in front of i stands, which must be c.
func before(b []byte, i int, c byte) (at int, ok bool) {
	i = trimmed(b, i) - 1
	return i, i >= 0 && b[i] == c
}

// objectStart is where the object begins that ends at end; -1 when none does.
// Read backwards a string ends at the first quote that is not escaped, so that
// in valid JSON nothing is mistaken for another.
func objectStart(b []byte, end int) int {
	if end == 0 || b[end-1] != '}' {
		return -1
	}
	depth := 0
	for i := end - 1; i >= 0; i-- {
		switch b[i] {
		case '}', ']':
			depth++
		case '{', '[':
			if depth--; depth > 0 {
				continue
			}
			if b[i] == '{' && skipValue(b[:end], i, 0) == end {
				return i
			}
			return -1
		case '"':
			for i--; i >= 0 && (b[i] != '"' || escaped(b, i)); i-- {
			}
		}
	}
	return -1
}

// escaped reports whether the byte at i follows an odd number of backslashes.
func escaped(b []byte, i int) bool {
	start := i
	for i > 0 && b[i-1] == '\\' {
		i--
	}
	return (start-i)%2 == 1
}
