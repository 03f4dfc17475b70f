package bigcommercetest

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	layoutV3 = "2006-01-02T15:04:05+00:00"
	layoutV2 = "Mon, 02 Jan 2006 15:04:05 +0000"
)

// writer appends JSON to a buffer. Commas come by themselves: a value or key
// that does not open its container is preceded by one. An empty key means an
// element of an array.
type writer struct {
	b   []byte
	php bool // escape as PHP's json_encode does by default: \uXXXX and \/
}

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

// name writes a key that is not ours and may need escaping.
func (w *writer) name(k string) {
	w.key("")
	w.b = append(appendText(w.b, k, w.php), ':')
}

func (w *writer) obj(k string) { w.key(k); w.b = append(w.b, '{') }
func (w *writer) arr(k string) { w.key(k); w.b = append(w.b, '[') }
func (w *writer) end()         { w.b = append(w.b, '}') }
func (w *writer) endArr()      { w.b = append(w.b, ']') }

func (w *writer) raw(k, v string)     { w.key(k); w.b = append(w.b, v...) }
func (w *writer) null(k string)       { w.raw(k, "null") }
func (w *writer) num(k string, v int) { w.id(k, int64(v)) }
func (w *writer) id(k string, v int64) {
	w.key(k)
	w.b = strconv.AppendInt(w.b, v, 10)
}

// idOrNull writes null for 0.
func (w *writer) idOrNull(k string, v int64) {
	if v == 0 {
		w.null(k)
		return
	}
	w.id(k, v)
}
func (w *writer) flag(k string, v bool) { w.key(k); w.b = strconv.AppendBool(w.b, v) }

func (w *writer) str(k, v string) {
	w.key(k)
	w.b = appendText(w.b, v, w.php)
}

// strOrNull writes null for "".
func (w *writer) strOrNull(k, v string) {
	if v == "" {
		w.null(k)
		return
	}
	w.str(k, v)
}

// amount writes a decimal as a JSON number without trailing zeros, and null for "".
func (w *writer) amount(k, v string) {
	if v == "" {
		w.null(k)
		return
	}
	w.key(k)
	if strings.Contains(v, ".") {
		v = strings.TrimRight(strings.TrimRight(v, "0"), ".")
	}
	w.b = append(w.b, v...)
}

// money writes ten-thousandths as V2 does: a string with four decimals.
func (w *writer) money(k string, v int64) {
	w.key(k)
	w.b = append(w.b, '"')
	w.b = appendMoney(w.b, v)
	w.b = append(w.b, '"')
}

// moneyNum writes ten-thousandths as a JSON number.
func (w *writer) moneyNum(k string, v int64) { w.amount(k, Decimal(v)) }

// iso writes a time as V3 does; null when it is zero.
func (w *writer) iso(k string, t time.Time) { w.stamp(k, t, layoutV3, "null") }

// rfc writes a time as V2 does; "" when it is zero.
func (w *writer) rfc(k string, t time.Time) { w.stamp(k, t, layoutV2, `""`) }

// zulu writes a time with a Z; null when it is zero.
func (w *writer) zulu(k string, t time.Time) { w.stamp(k, t, "2006-01-02T15:04:05Z", "null") }

func (w *writer) stamp(k string, t time.Time, layout, zero string) {
	w.key(k)
	if t.IsZero() {
		w.b = append(w.b, zero...)
		return
	}
	w.b = append(w.b, '"')
	w.b = t.UTC().AppendFormat(w.b, layout)
	w.b = append(w.b, '"')
}

func (w *writer) texts(k string, list []string) {
	w.arr(k)
	for _, v := range list {
		w.str("", v)
	}
	w.endArr()
}

func (w *writer) ids(k string, list []int64) {
	w.arr(k)
	for _, v := range list {
		w.id("", v)
	}
	w.endArr()
}

const hexDigits = "0123456789abcdef"

func appendText(b []byte, s string, php bool) []byte {
	escape := func(u rune) {
		b = append(b, '\\', 'u', hexDigits[u>>12&15], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
	}
	b = append(b, '"')
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			i++
			switch {
			case c == '"' || c == '\\', c == '/' && php:
				b = append(b, '\\', c)
			case c == '\n':
				b = append(b, '\\', 'n')
			case c < 0x20:
				escape(rune(c))
			default:
				b = append(b, c)
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case !php && r != utf8.RuneError:
			b = append(b, s[i:i+size]...)
		case r >= 0x10000:
			escape(0xd800 + (r-0x10000)>>10)
			escape(0xdc00 + (r-0x10000)&0x3ff)
		default:
			escape(r)
		}
		i += size
	}
	return append(b, '"')
}
