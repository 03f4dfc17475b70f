package sallatest

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// riyadh is the zone every stamp is written in.
var riyadh = time.FixedZone("Asia/Riyadh", 3*60*60)

const (
	layoutPlain  = "2006-01-02 15:04:05"
	layoutMicros = "2006-01-02 15:04:05.000000"
	layoutDay    = "2006-01-02"
)

// writer appends JSON to a buffer. Commas come by themselves: a value or key
// that does not open its container is preceded by one.
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

// An empty key means an element of an array, here and below.
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

// amount writes a decimal as the number PHP would print: 100.00 becomes 100.
func (w *writer) amount(k, v string) {
	w.key(k)
	if !isDecimal(v) {
		w.b = appendText(w.b, v, w.php)
		return
	}
	if strings.Contains(v, ".") {
		v = strings.TrimRight(strings.TrimRight(v, "0"), ".")
	}
	w.b = append(w.b, v...)
}

// amountOrNull writes null for "".
func (w *writer) amountOrNull(k, v string) {
	if v == "" {
		w.null(k)
		return
	}
	w.amount(k, v)
}

func (w *writer) money(k, amount, currency string) {
	w.obj(k)
	w.amount("amount", amount)
	w.str("currency", currency)
	w.end()
}

// moneyText is money whose amount is a string.
func (w *writer) moneyText(k, amount, currency string) {
	w.obj(k)
	w.str("amount", amount)
	w.str("currency", currency)
	w.end()
}

// date writes form A: an object with microseconds and a zone name.
func (w *writer) date(k string, t time.Time) {
	w.stamp(k, t.In(riyadh))
}

// stamp writes form A with the clock face of t whatever its zone.
func (w *writer) stamp(k string, t time.Time) {
	w.obj(k)
	w.key("date")
	w.b = append(w.b, '"')
	w.b = t.AppendFormat(w.b, layoutMicros)
	w.b = append(w.b, '"')
	w.raw("timezone_type", "3")
	w.str("timezone", "Asia/Riyadh")
	w.end()
}

// plainDate writes form B: no zone.
func (w *writer) plainDate(k string, t time.Time) {
	w.key(k)
	w.b = append(w.b, '"')
	w.b = t.In(riyadh).AppendFormat(w.b, layoutPlain)
	w.b = append(w.b, '"')
}

func (w *writer) texts(k string, list []string) {
	w.key(k)
	w.list(list)
}

func (w *writer) list(list []string) {
	w.b = append(w.b, '[')
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

func isDecimal(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, frac, dot := strings.Cut(s, ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return digits(whole) && (whole == "0" || whole[0] != '0') && (!dot || digits(frac))
}

const hexDigits = "0123456789abcdef"

func appendText(b []byte, s string, php bool) []byte {
	unit := func(u rune) {
		b = append(b, '\\', 'u', hexDigits[u>>12&15], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
	}
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == '"' || c == '\\':
				b = append(b, '\\', c)
			case c == '\n':
				b = append(b, '\\', 'n')
			case c == '/' && php:
				b = append(b, '\\', '/')
			case c < 0x20:
				unit(rune(c))
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
			unit(0xd800 + (r-0x10000)>>10)
			unit(0xdc00 + (r-0x10000)&0x3ff)
		default:
			unit(r)
		}
		i += size
	}
	return append(b, '"')
}
