package woocommercetest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"
)

var utc = time.UTC

// layoutISO is how the store writes dates: no zone, no "Z".
const layoutISO = "2006-01-02T15:04:05"

// writer appends JSON to a buffer, escaped as PHP does by default: pure ASCII,
// with \uXXXX and \/. Commas come by themselves. An empty key means an element
// of an array.
type writer struct{ b []byte }

func (w *writer) key(k string) {
	if n := len(w.b); n > 0 {
		switch w.b[n-1] {
		case '{', '[', ':':
		default:
			w.b = append(w.b, ',')
		}
	}
	if k != "" {
		w.b = append(w.b, '"')
		w.b = append(w.b, k...)
		w.b = append(w.b, '"', ':')
	}
}

// name writes a key that may need escaping.
func (w *writer) name(k string) {
	w.key("")
	w.b = append(appendText(w.b, k), ':')
}

func (w *writer) obj(k string) { w.key(k); w.b = append(w.b, '{') }
func (w *writer) arr(k string) { w.key(k); w.b = append(w.b, '[') }
func (w *writer) end()         { w.b = append(w.b, '}') }
func (w *writer) endArr()      { w.b = append(w.b, ']') }

func (w *writer) raw(k, v string)       { w.key(k); w.b = append(w.b, v...) }
func (w *writer) null(k string)         { w.raw(k, "null") }
func (w *writer) num(k string, v int64) { w.key(k); w.b = strconv.AppendInt(w.b, v, 10) }
func (w *writer) flag(k string, v bool) { w.key(k); w.b = strconv.AppendBool(w.b, v) }
func (w *writer) str(k, v string)       { w.key(k); w.b = appendText(w.b, v) }

// float writes the shortest number that reads back the same, as PHP does.
func (w *writer) float(k string, v float64) {
	w.key(k)
	w.b = strconv.AppendFloat(w.b, v, 'f', -1, 64)
}

func (w *writer) ids(k string, list []int64) {
	w.arr(k)
	for _, v := range list {
		w.num("", v)
	}
	w.endArr()
}

func (w *writer) texts(k string, list []string) {
	w.arr(k)
	for _, v := range list {
		w.str("", v)
	}
	w.endArr()
}

// dates writes a moment twice: local to the site, and UTC under _gmt. The zero
// time is null.
func (w *writer) dates(k string, t time.Time, zone *time.Location) {
	w.date(k, t, zone)
	w.date(k+"_gmt", t, time.UTC)
}

func (w *writer) date(k string, t time.Time, zone *time.Location) {
	if t.IsZero() {
		w.null(k)
		return
	}
	w.key(k)
	w.b = append(w.b, '"')
	w.b = t.In(zone).AppendFormat(w.b, layoutISO)
	w.b = append(w.b, '"')
}

const hexDigits = "0123456789abcdef"

func appendText(b []byte, s string) []byte {
	unit := func(u rune) {
		b = append(b, '\\', 'u', hexDigits[u>>12&15], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
	}
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == '"' || c == '\\' || c == '/':
				b = append(b, '\\', c)
			case c == '\n':
				b = append(b, '\\', 'n')
			case c == '\r':
				b = append(b, '\\', 'r')
			case c == '\t':
				b = append(b, '\\', 't')
			case c < 0x20:
				unit(rune(c))
			default:
				b = append(b, c)
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r >= 0x10000 {
			unit(0xd800 + (r-0x10000)>>10)
			unit(0xdc00 + (r-0x10000)&0x3ff)
		} else {
			unit(r)
		}
		i += size
	}
	return append(b, '"')
}

// asPHP rewrites JSON of a client the way the store gives it back: compact,
// pure ASCII, empty objects as arrays.
func asPHP(raw json.RawMessage) string {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var w writer
	if !w.copyValue(d) {
		return "null"
	}
	return string(w.b)
}

func (w *writer) copyValue(d *json.Decoder) bool {
	t, err := d.Token()
	if err != nil {
		return false
	}
	switch t := t.(type) {
	case json.Delim:
		w.key("")
		w.b = append(w.b, byte(t))
		for d.More() {
			if t == '{' {
				name, err := d.Token()
				if err != nil {
					return false
				}
				text, _ := name.(string)
				w.name(text)
			}
			if !w.copyValue(d) {
				return false
			}
		}
		if _, err := d.Token(); err != nil {
			return false
		}
		switch {
		case t == '{' && w.b[len(w.b)-1] == '{':
			w.b[len(w.b)-1] = '['
			w.b = append(w.b, ']')
		case t == '{':
			w.b = append(w.b, '}')
		default:
			w.b = append(w.b, ']')
		}
	case string:
		w.str("", t)
	case json.Number:
		w.raw("", t.String())
	case bool:
		w.flag("", t)
	default:
		w.null("")
	}
	return true
}
