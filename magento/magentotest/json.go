package magentotest

import (
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// stampLayout is how the API writes every time: UTC, and no word of it.
const stampLayout = "2006-01-02 15:04:05"

// writer appends JSON the way PHP's json_encode prints it: \/ and \uXXXX, and
// unless it is plain < > & ' " as escapes too, which the API asks for and
// webhooks do not. Commas come by themselves: a value or key that does not open
// its container is preceded by one.
type writer struct {
	b     []byte
	plain bool
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

// An empty key means an element of an array, here and below.
func (w *writer) obj(k string) { w.key(k); w.b = append(w.b, '{') }
func (w *writer) arr(k string) { w.key(k); w.b = append(w.b, '[') }
func (w *writer) endArr()      { w.b = append(w.b, ']') }

// end closes an object. PHP has no empty objects: they are arrays.
func (w *writer) end() {
	if n := len(w.b); w.b[n-1] == '{' {
		w.b[n-1] = '['
		w.b = append(w.b, ']')
		return
	}
	w.b = append(w.b, '}')
}

func (w *writer) raw(k, v string) { w.key(k); w.b = append(w.b, v...) }
func (w *writer) int(k string, v int64) {
	w.key(k)
	w.b = strconv.AppendInt(w.b, v, 10)
}
func (w *writer) flag(k string, v bool) { w.key(k); w.b = strconv.AppendBool(w.b, v) }
func (w *writer) bit(k string, v bool) {
	if v {
		w.raw(k, "1")
	} else {
		w.raw(k, "0")
	}
}

func (w *writer) str(k, v string) {
	w.key(k)
	w.b = appendText(w.b, v, w.plain)
}

// opt writes a text that is left out when it is empty, as the API does with
// fields that are null.
func (w *writer) opt(k, v string) {
	if v != "" {
		w.str(k, v)
	}
}

// nullable writes a text that is null when it is empty.
func (w *writer) nullable(k, v string) {
	if v == "" {
		w.raw(k, "null")
		return
	}
	w.str(k, v)
}

func (w *writer) time(k string, t time.Time) {
	w.key(k)
	w.b = append(w.b, '"')
	w.b = t.UTC().AppendFormat(w.b, stampLayout)
	w.b = append(w.b, '"')
}

// num writes a decimal as the number PHP prints for a float: 100.0000 becomes
// 100. What is no decimal becomes 0.
func (w *writer) num(k, v string) {
	w.key(k)
	v = trimDecimal(v)
	w.b = append(w.b, v...)
}

// optNum leaves an empty decimal out.
func (w *writer) optNum(k, v string) {
	if v != "" {
		w.num(k, v)
	}
}

func (w *writer) strs(k string, list []string) {
	w.arr(k)
	for _, v := range list {
		w.str("", v)
	}
	w.endArr()
}

const hexDigits = "0123456789abcdef"

func appendText(b []byte, s string, plain bool) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case plain && c == '"':
				b = append(b, '\\', c)
			case !plain && (c == '"' || c == '<' || c == '>' || c == '&' || c == '\''):
				b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15]&^hexCase(c&15))
			case c == '\\' || c == '/':
				b = append(b, '\\', c)
			case c == '\n':
				b = append(b, '\\', 'n')
			case c == '\r':
				b = append(b, '\\', 'r')
			case c == '\t':
				b = append(b, '\\', 't')
			case c < ' ':
				b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			default:
				b = append(b, c)
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if r > 0xffff {
			r -= 0x10000
			b = appendUnit(b, 0xd800+r>>10)
			b = appendUnit(b, 0xdc00+r&0x3ff)
			continue
		}
		b = appendUnit(b, r)
	}
	return append(b, '"')
}

// hexCase is the bit that turns a letter digit into a capital one: the HEX
// options of PHP write \u003C, everything else \u00e9.
func hexCase(digit byte) byte {
	if digit > 9 {
		return 0x20
	}
	return 0
}

func appendUnit(b []byte, r rune) []byte {
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// Amounts inside the server are ten-thousandths, the grain of the database.

// toUnits reads a decimal; more than four places are cut off, and text that is
// no decimal counts as 0.
func toUnits(s string) int64 {
	if !isDecimal(s) {
		return 0
	}
	neg := strings.HasPrefix(s, "-")
	whole, frac, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	n, _ := strconv.ParseInt(whole+(frac + "0000")[:4], 10, 64)
	if neg {
		return -n
	}
	return n
}

// units writes ten-thousandths as the shortest decimal.
func units(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	if n%10_000 == 0 {
		return sign + strconv.FormatInt(n/10_000, 10)
	}
	frac := strconv.FormatInt(10_000+n%10_000, 10)[1:]
	return sign + strconv.FormatInt(n/10_000, 10) + "." + strings.TrimRight(frac, "0")
}

func isDecimal(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, frac, dot := strings.Cut(s, ".")
	digits := func(s string) bool {
		for i := range len(s) {
			if s[i] < '0' || s[i] > '9' {
				return false
			}
		}
		return s != "" && len(s) < 16
	}
	return digits(whole) && (!dot || digits(frac))
}

func trimDecimal(v string) string {
	if !isDecimal(v) {
		return "0"
	}
	if strings.Contains(v, ".") {
		v = strings.TrimRight(strings.TrimRight(v, "0"), ".")
	}
	return v
}

// fixed writes a decimal with n places, as the database prints it in texts.
func fixed(v string, n int) string {
	whole, frac, _ := strings.Cut(trimDecimal(v), ".")
	return whole + "." + (frac + strings.Repeat("0", n))[:n]
}

// roundDecimal rounds half away from zero to n places, as the database does,
// and writes no zeros at the end.
func roundDecimal(v string, n int) string {
	v = trimDecimal(v)
	whole, frac, _ := strings.Cut(strings.TrimPrefix(v, "-"), ".")
	if len(frac) <= n {
		return v
	}
	up := frac[n] >= '5'
	digits, _ := new(big.Int).SetString(whole+frac[:n], 10)
	if up {
		digits.Add(digits, big.NewInt(1))
	}
	text := digits.String()
	text = strings.Repeat("0", max(0, n+1-len(text))) + text
	out := trimDecimal(text[:len(text)-n] + "." + text[len(text)-n:])
	if strings.HasPrefix(v, "-") && out != "0" {
		return "-" + out
	}
	return out
}
