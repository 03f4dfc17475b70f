package magento

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// Profile is how a request is signed. The three agree on every request this
// package makes by itself, since it keeps to what versions have in common;
// they differ for indexes of 10 and more and for paths that hold an encoded
// slash, plus or the like, which native calls may have.
type Profile string

// The profiles.
const (
	// ProfileRFC is RFC 5849 to the letter.
	ProfileRFC Profile = "rfc"
	// ProfileLegacy is what Magento 2.4.4 to 2.4.7 compute: the path decoded,
	// parameters in natural order.
	ProfileLegacy Profile = "legacy"
	// Profile248 is what Magento 2.4.8 computes: parameters in the order of
	// their decoded names.
	Profile248 Profile = "248"
)

func (p Profile) known() bool {
	return p == "" || p == ProfileRFC || p == ProfileLegacy || p == Profile248
}

// profiles are tried in this order.
var profiles = []Profile{ProfileRFC, Profile248, ProfileLegacy}

// baseString is what the profile signs of a request without a form.
func (p Profile) baseString(method string, u *url.URL, params []oauth1.Param) string {
	site, path := u.Scheme+"://"+u.Host, u.EscapedPath()
	switch p {
	case ProfileLegacy:
		return oauth1.Base(method, site+legacyPath(path), oauth1.Sorted(params, byNature))
	case Profile248:
		return oauth1.Base(method, site+path, oauth1.Sorted(params, oauth1.ByName))
	}
	return oauth1.Base(method, site+path, oauth1.Sorted(params, oauth1.ByEncoded))
}

// candidates are the profiles worth trying for a request: one for each way it
// can be signed.
func candidates(method string, u *url.URL) ([]Profile, error) {
	query, err := oauth1.Query(u.RawQuery)
	if err != nil {
		return nil, err
	}
	var all []Profile
	var seen []string
	for _, p := range profiles {
		if base := p.baseString(method, u, query); !slices.Contains(seen, base) {
			all, seen = append(all, p), append(seen, base)
		}
	}
	return all, nil
}

// sign puts an OAuth 1.0a header on a request.
func (p Profile) sign(r *http.Request, c catalog.Credential, nonce string, at time.Time) error {
	query, err := oauth1.Query(r.URL.RawQuery)
	if err != nil {
		return err
	}
	header := append(oauth1.Protocol(c.Key.Reveal(), c.AccessToken.Reveal(), oauth1.SHA256, nonce, at), oauth1.Param{Name: "oauth_version", Value: "1.0"})
	base := p.baseString(r.Method, r.URL, append(query, header...))
	header = append(header, oauth1.Param{Name: "oauth_signature", Value: oauth1.Sign(oauth1.SHA256, base, c.Secret, c.TokenSecret)})
	r.Header.Set("Authorization", oauth1.Header(header))
	return nil
}

// authorize returns what puts the credential on an attempt: a signature where
// there are the four values, else the bearer token.
func (e *Engine) authorize(p Profile, j *judge) func(*http.Request, catalog.Credential) error {
	return func(r *http.Request, c catalog.Credential) error {
		keys := []catalog.Secret{c.Key, c.Secret, c.AccessToken, c.TokenSecret}
		missing := slices.ContainsFunc(keys, catalog.Secret.IsZero)
		j.signed = !missing && !e.at.saas
		switch {
		case j.signed:
			return p.sign(r, c, oauth1.Nonce(), time.Now())
		case c.AccessToken.IsZero():
			return errors.New("the credential holds no access token")
		case !e.at.saas && (!c.Key.IsZero() || !c.Secret.IsZero() || !c.TokenSecret.IsZero()):
			return errors.New("the credential holds some of an integration's four values: Key, Secret, AccessToken and TokenSecret belong together")
		case r.URL.Scheme != "https":
			return errors.New("a bearer token is not sent without TLS: use the shop's https address, or sign with the integration's four values")
		}
		r.Header.Set("Authorization", "Bearer "+c.AccessToken.Reveal())
		return nil
	}
}

// legacyPath is the path as versions up to 2.4.7 see it: escapes of characters
// that may stand in a path are undone, and what is then neither such a
// character nor an escape is escaped.
func legacyPath(path string) string {
	var decoded []byte
	for i := 0; i < len(path); i++ {
		if path[i] == '%' && escape(path, i) {
			plain, err := url.PathUnescape(path[i : i+3])
			if err == nil && inPath(plain[0]) {
				decoded = append(decoded, plain[0])
			} else {
				decoded = append(decoded, strings.ToUpper(path[i:i+3])...)
			}
			i += 2
			continue
		}
		decoded = append(decoded, path[i])
	}
	var out strings.Builder
	for i, c := range decoded {
		switch {
		case c == '%' && escape(string(decoded), i), c != '%' && inPath(c), c == '(', c == ')':
			out.WriteByte(c)
		default:
			out.WriteString(oauth1.Encode(string(decoded[i : i+1])))
		}
	}
	return out.String()
}

// inPath reports a character that may stand in a path.
func inPath(c byte) bool {
	return oauth1.Encode(string(rune(c))) == string(rune(c)) || strings.IndexByte(":@&=+$,/;%", c) >= 0
}

// escape reports whether two hexadecimal digits follow the percent sign at i.
func escape(text string, i int) bool {
	return i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2])
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// byNature orders by encoded names such that 2 comes before 10.
func byNature(a, b oauth1.Param) int {
	if c := natural(oauth1.Encode(a.Name), oauth1.Encode(b.Name)); c != 0 {
		return c
	}
	return strings.Compare(a.Value, b.Value)
}

// natural compares texts without spaces as PHP's strnatcmp does: runs of
// digits as whole numbers, or as fractions when one begins with a zero.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := digitsOf(a), digitsOf(b)
		if x == "" || y == "" {
			if a[0] != b[0] {
				return int(a[0]) - int(b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		if len(x) != len(y) && x[0] != '0' && y[0] != '0' {
			return len(x) - len(y)
		}
		if c := strings.Compare(x, y); c != 0 {
			return c
		}
		a, b = a[len(x):], b[len(y):]
	}
	return len(a) - len(b)
}

// digitsOf returns the digits a text begins with.
func digitsOf(text string) string {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return text[:n]
}
