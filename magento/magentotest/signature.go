package magentotest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
)

// signed is what an OAuth 1.0a signature covers.
type signed struct {
	method, scheme, host, path, query string
	form                              string            // the body, if it is form-urlencoded
	oauth                             map[string]string // without the signature, decoded
}

// baseString is what the shop computes, which differs from RFC 5849 in the
// order of parameters, and up to 2.4.7 in the path too.
func (s *signed) baseString(legacy bool) string {
	if legacy {
		return s.method + "&" + encode(s.scheme+"://"+strings.ToLower(s.hostPort())+normalPath(s.path)) + "&" + encode(s.legacyParams())
	}
	return s.method + "&" + encode(s.scheme+"://"+s.hostPort()+s.path) + "&" + encode(s.params())
}

// hostPort leaves a scheme's own port out.
func (s *signed) hostPort() string {
	if s.scheme == "https" {
		return strings.TrimSuffix(s.host, ":443")
	}
	return strings.TrimSuffix(s.host, ":80")
}

// params sorts by the bytes of decoded names: [10] before [1].
func (s *signed) params() string {
	all := map[string]string{}
	for _, p := range slices.Concat(splitQuery(s.query, phpURLDecode), splitQuery(s.form, phpURLDecode)) {
		all[p.key] = p.value
	}
	for k, v := range s.oauth {
		all[k] = v
	}
	return join(all, strings.Compare, encode)
}

// legacyParams sorts encoded names in natural order: 2 before 10. A name
// without "=" is passed over, and plus signs are themselves.
func (s *signed) legacyParams() string {
	all := map[string]string{}
	for _, p := range slices.Concat(splitQuery(s.query, rawURLDecode), splitQuery(s.form, phpURLDecode)) {
		if !p.bare {
			all[encode(p.key)] = p.value
		}
	}
	for k, v := range s.oauth {
		all[encode(k)] = v
	}
	return join(all, naturalCompare, func(k string) string { return k })
}

func join(all map[string]string, compare func(a, b string) int, name func(string) string) string {
	names := make([]string, 0, len(all))
	for k := range all {
		names = append(names, k)
	}
	slices.SortFunc(names, compare)
	var b strings.Builder
	for i, k := range names {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(name(k))
		b.WriteByte('=')
		b.WriteString(encode(all[k]))
	}
	return b.String()
}

// hmacSHA256 signs with the two secrets, the second of which may be empty.
func hmacSHA256(base, consumerSecret, tokenSecret string) string {
	mac := hmac.New(sha256.New, []byte(encode(consumerSecret)+"&"+encode(tokenSecret)))
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '~'
}

// encode is PHP's rawurlencode: all but the unreserved characters.
func encode(s string) string {
	const digits = "0123456789ABCDEF"
	b := make([]byte, 0, len(s)+16)
	for i := range len(s) {
		if c := s[i]; unreserved(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}

// normalPath decodes the escapes of characters a path may hold literally, and
// spells the others in capitals. Dot segments, which no client sends, stay.
func normalPath(path string) string {
	literal := func(c byte) bool { return unreserved(c) || strings.IndexByte(":@&=+$,/;%", c) >= 0 }
	var b []byte
	for i := 0; i < len(path); i++ {
		if path[i] != '%' || i+2 >= len(path) {
			b = append(b, path[i])
			continue
		}
		if d := rawURLDecode(path[i : i+3]); len(d) == 1 && literal(d[0]) {
			b = append(b, d[0])
		} else {
			b = append(b, strings.ToUpper(path[i:i+3])...)
		}
		i += 2
	}
	// What is now bare and not allowed is escaped again: a percent sign that
	// opens no escape among it.
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '%' && (i+2 >= len(b) || !isHex(b[i+1]) || !isHex(b[i+2])):
			out.WriteString("%25")
		case literal(c) || c == '(' || c == ')':
			out.WriteByte(c)
		default:
			out.WriteString(encode(string(c)))
		}
	}
	return out.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// naturalCompare is PHP's strnatcmp for texts without white space: runs of
// digits compare as numbers, or as fractions if one starts with a zero.
func naturalCompare(a, b string) int {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if !isDigit(a[i]) || !isDigit(b[j]) {
			if a[i] != b[j] {
				return int(a[i]) - int(b[j])
			}
			i, j = i+1, j+1
			continue
		}
		x, y := digits(a[i:]), digits(b[j:])
		if x[0] == '0' || y[0] == '0' {
			if c := strings.Compare(x, y); c != 0 {
				return c
			}
		} else if len(x) != len(y) {
			return len(x) - len(y)
		} else if c := strings.Compare(x, y); c != 0 {
			return c
		}
		i, j = i+len(x), j+len(y)
	}
	return (len(a) - i) - (len(b) - j)
}

func digits(s string) string {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return s[:n]
}
