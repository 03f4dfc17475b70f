package woocommercetest

import (
	"strconv"
	"strings"
)

// phpArray is an array as PHP builds it from a query string: ordered, with text
// keys, each value a string or a *phpArray.
type phpArray struct {
	names  []string
	values map[string]any
	next   int // key of the next member without one
}

func (a *phpArray) set(name string, v any) {
	if a.values == nil {
		a.values = map[string]any{}
	}
	if _, ok := a.values[name]; !ok {
		a.names = append(a.names, name)
	}
	a.values[name] = v
	if n, err := strconv.Atoi(name); err == nil && n >= a.next {
		a.next = n + 1
	}
}

func (a *phpArray) unset(name string) {
	if _, ok := a.values[name]; !ok {
		return
	}
	delete(a.values, name)
	names := make([]string, 0, len(a.names))
	for _, n := range a.names {
		if n != name {
			names = append(names, n)
		}
	}
	a.names = names
}

// text returns a value that is a string, or "".
func (a *phpArray) text(name string) string {
	v, _ := a.values[name].(string)
	return v
}

// parseQuery reads a query string or a form body into a.
func (a *phpArray) parseQuery(query string) {
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		a.assign(phpDecode(name), phpDecode(value))
	}
}

// assign follows the brackets of a name: a[b][]=v.
func (a *phpArray) assign(name, value string) {
	base, rest, found := strings.Cut(name, "[")
	if base == "" {
		return
	}
	base = strings.NewReplacer(".", "_", " ", "_").Replace(base)
	if !found || !strings.Contains(rest, "]") {
		a.set(base, value)
		return
	}
	here, at := a, base
	for found {
		var sub string
		if sub, rest, found = strings.Cut(rest, "]"); !found {
			break
		}
		inner, ok := here.values[at].(*phpArray)
		if !ok {
			inner = &phpArray{}
			here.set(at, inner)
		}
		if sub == "" {
			sub = strconv.Itoa(inner.next)
		}
		here, at = inner, sub
		_, rest, found = strings.Cut(rest, "[")
	}
	here.set(at, value)
}

// phpDecode is urldecode: plus is a space, and broken escapes stay as they are.
func phpDecode(s string) string {
	if !strings.ContainsAny(s, "+%") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			b = append(b, ' ')
		case s[i] == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0:
			b = append(b, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

const upperHex = "0123456789ABCDEF"

// rawURLEncode escapes all but letters, digits and -._~
func rawURLEncode(s string) string { return escape(s, false) }

// urlEncode is the form encoding, with + for a space.
func urlEncode(s string) string { return escape(s, true) }

func escape(s string, form bool) string {
	var b []byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9',
			c == '-' || c == '.' || c == '_', c == '~' && !form:
			b = append(b, c)
		case c == ' ' && form:
			b = append(b, '+')
		default:
			b = append(b, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return string(b)
}

// encode writes the array as a query string, members as name[key]=value.
func (a *phpArray) encode() string {
	var b strings.Builder
	a.encodeTo(&b, "")
	return b.String()
}

func (a *phpArray) encodeTo(b *strings.Builder, prefix string) {
	for _, name := range a.names {
		at := urlEncode(name)
		if prefix != "" {
			at = prefix + "%5B" + at + "%5D"
		}
		switch v := a.values[name].(type) {
		case *phpArray:
			v.encodeTo(b, at)
		case string:
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(at + "=" + urlEncode(v))
		}
	}
}

// leaves returns the text values below v in order.
func leaves(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case *phpArray:
		var out []string
		for _, n := range v.names {
			out = append(out, leaves(v.values[n])...)
		}
		return out
	}
	return nil
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
