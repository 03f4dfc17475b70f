package transport

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// deepest is how deeply JSON may nest, as in encoding/json.
const deepest = 10000

// Classes of bytes inside a JSON string.
var inString = func() (table [256]bool) {
	for i := range 0x20 {
		table[i] = true
	}
	table['"'], table['\\'] = true, true
	return table
}()

// isSpace marks JSON's white space.
var isSpace = [256]bool{' ': true, '\t': true, '\n': true, '\r': true}

// The scanner's functions take an offset and return the one after what they
// read, or -1 where the text is not JSON. They accept what encoding/json
// accepts.

func skipSpace(b []byte, i int) int {
	for i < len(b) && isSpace[b[i]] {
		i++
	}
	return i
}

// skipString reads a string; b[i] is its opening quote.
func skipString(b []byte, i int) int {
	i++
	for {
		// Eight bytes at a time while none is a quote, a backslash or a
		// control character.
		for i+8 <= len(b) {
			if n := plain(binary.LittleEndian.Uint64(b[i:])); n < 8 {
				i += n
				break
			}
			i += 8
		}
		for i < len(b) && !inString[b[i]] {
			i++
		}
		if i >= len(b) {
			return -1
		}
		switch b[i] {
		case '"':
			return i + 1
		case '\\':
			if i = skipEscape(b, i); i < 0 {
				return -1
			}
		default:
			return -1
		}
	}
}

// plain counts the bytes of w, lowest first, before the first that inString
// marks; 8 when none is.
func plain(w uint64) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	zero := func(x uint64) uint64 { return (x - ones) &^ x & tops } // exact up to the first hit
	hits := zero(w^ones*'"') | zero(w^ones*'\\') | (w-ones*0x20)&^w&tops
	return bits.TrailingZeros64(hits) / 8
}

func skipEscape(b []byte, i int) int {
	if i+1 >= len(b) {
		return -1
	}
	switch b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		if i+6 > len(b) {
			return -1
		}
		for _, c := range b[i+2 : i+6] {
			if !('0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f') {
				return -1
			}
		}
		return i + 6
	}
	return -1
}

func skipDigits(b []byte, i int) int {
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	return i
}

func skipNumber(b []byte, i int) int {
	if b[i] == '-' {
		i++
	}
	start := i
	if i < len(b) && b[i] == '0' {
		i++
	} else {
		i = skipDigits(b, i)
	}
	if i == start {
		return -1
	}
	if i < len(b) && b[i] == '.' {
		start = i + 1
		if i = skipDigits(b, start); i == start {
			return -1
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		start = i
		if i = skipDigits(b, start); i == start {
			return -1
		}
	}
	return i
}

func skipWord(b []byte, i int, word string) int {
	if !bytes.HasPrefix(b[i:], []byte(word)) {
		return -1
	}
	return i + len(word)
}

// skipValue reads one value that starts at i and is nested in depth others.
func skipValue(b []byte, i, depth int) int {
	if i >= len(b) {
		return -1
	}
	switch c := b[i]; c {
	case '"':
		return skipString(b, i)
	case '{':
		return skipObject(b, i, depth+1)
	case '[':
		return skipArray(b, i, depth+1)
	case 't':
		return skipWord(b, i, "true")
	case 'f':
		return skipWord(b, i, "false")
	case 'n':
		return skipWord(b, i, "null")
	default:
		if c == '-' || c-'0' <= 9 {
			return skipNumber(b, i)
		}
		return -1
	}
}

func skipArray(b []byte, i, depth int) int {
	if depth > deepest {
		return -1
	}
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == ']' {
		return i + 1
	}
	for {
		if i = skipValue(b, i, depth); i < 0 {
			return -1
		}
		if i = skipSpace(b, i); i >= len(b) {
			return -1
		}
		switch b[i] {
		case ']':
			return i + 1
		case ',':
			i = skipSpace(b, i+1)
		default:
			return -1
		}
	}
}

func skipObject(b []byte, i, depth int) int {
	if depth > deepest {
		return -1
	}
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == '}' {
		return i + 1
	}
	for {
		if _, i = skipKey(b, i); i < 0 {
			return -1
		}
		if i = skipValue(b, i, depth); i < 0 {
			return -1
		}
		if i = skipSpace(b, i); i >= len(b) {
			return -1
		}
		switch b[i] {
		case '}':
			return i + 1
		case ',':
			i = skipSpace(b, i+1)
		default:
			return -1
		}
	}
}

// skipKey reads a member's name with its colon; key keeps its quotes.
func skipKey(b []byte, i int) (key []byte, next int) {
	if i >= len(b) || b[i] != '"' {
		return nil, -1
	}
	end := skipString(b, i)
	if end < 0 {
		return nil, -1
	}
	next = skipSpace(b, end)
	if next >= len(b) || b[next] != ':' {
		return nil, -1
	}
	return b[i:end], skipSpace(b, next+1)
}
