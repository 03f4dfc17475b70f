// Package oauth1 holds the parts of an OAuth 1.0a signature (RFC 5849) that
// platforms agree on: encoding, the base string, the MAC, the header. What they
// disagree on, such as the order of parameters or the URL that is signed, is
// the caller's.
//
//	params := append(query, oauth1.Protocol(key, token, oauth1.SHA256, oauth1.Nonce(), now)...)
//	base := oauth1.Base("GET", "https://shop.example/rest/V1/orders", oauth1.Sorted(params, oauth1.ByEncoded))
//	signature := oauth1.Sign(oauth1.SHA256, base, consumerSecret, tokenSecret)
//
// A signature serves one attempt: a server remembers the nonce, so a repeated
// request needs a fresh one. All functions are safe for concurrent use.
package oauth1

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Method is a signature method's name as it is sent.
type Method string

// The methods in use. SHA256 is not in the RFC but what both WooCommerce and
// Magento take; SHA1 is for old servers only.
const (
	SHA256 Method = "HMAC-SHA256"
	SHA1   Method = "HMAC-SHA1"
)

// Param is one parameter, not encoded.
type Param struct{ Name, Value string }

// Protocol returns the oauth_ parameters every request has, without the
// signature. An empty token is left out, as one-legged requests have none. Add
// oauth_version and oauth_verifier where the platform wants them, before signing.
func Protocol(key, token string, method Method, nonce string, at time.Time) []Param {
	params := []Param{
		{"oauth_consumer_key", key},
		{"oauth_nonce", nonce},
		{"oauth_signature_method", string(method)},
		{"oauth_timestamp", strconv.FormatInt(at.Unix(), 10)},
	}
	if token != "" {
		params = append(params, Param{"oauth_token", token})
	}
	return params
}

// Query splits a raw query into parameters in their order. A name without "="
// has an empty value; what cannot be unescaped is ErrInvalid.
func Query(raw string) ([]Param, error) {
	var params []Param
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		n, err := url.QueryUnescape(name)
		if err != nil {
			return nil, badQuery("name")
		}
		v, err := url.QueryUnescape(value)
		if err != nil {
			return nil, badQuery("value")
		}
		params = append(params, Param{n, v})
	}
	return params, nil
}

func badQuery(part string) error {
	return &catalog.Error{
		Op: "sign request", Kind: catalog.ErrInvalid,
		Message: "a " + part + " in the query is not percent-encoded properly",
	}
}

// ByEncoded orders as RFC 5849 section 3.4.1.3.2 does: by the bytes of the
// encoded names, then of the encoded values.
func ByEncoded(a, b Param) int {
	if c := strings.Compare(Encode(a.Name), Encode(b.Name)); c != 0 {
		return c
	}
	return strings.Compare(Encode(a.Value), Encode(b.Value))
}

// ByName orders by the bytes of the names as they are, then of the values.
func ByName(a, b Param) int {
	if c := strings.Compare(a.Name, b.Name); c != 0 {
		return c
	}
	return strings.Compare(a.Value, b.Value)
}

// Sorted returns the parameters in the order; those that compare equal keep
// theirs. The argument is not changed.
func Sorted(params []Param, order func(a, b Param) int) []Param {
	sorted := slices.Clone(params)
	slices.SortStableFunc(sorted, order)
	return sorted
}

// Base builds the signature base string of a request to an address without
// query or fragment, with parameters in the order they are given.
func Base(method, address string, params []Param) string {
	var pairs strings.Builder
	for i, p := range params {
		if i > 0 {
			pairs.WriteByte('&')
		}
		pairs.WriteString(Encode(p.Name))
		pairs.WriteByte('=')
		pairs.WriteString(Encode(p.Value))
	}
	return strings.ToUpper(method) + "&" + Encode(address) + "&" + Encode(pairs.String())
}

// Sign returns the base64 MAC of a base string. A method other than SHA1 is
// taken for SHA256.
func Sign(method Method, base string, consumer, token catalog.Secret) string {
	fresh := func() hash.Hash { return sha256.New() }
	if method == SHA1 {
		fresh = sha1.New
	}
	mac := hmac.New(fresh, []byte(Encode(consumer.Reveal())+"&"+Encode(token.Reveal())))
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Header formats parameters, with the signature among them, as the value of an
// Authorization header. It is a secret of a kind: never log it.
func Header(params []Param) string {
	var header strings.Builder
	header.WriteString("OAuth ")
	for i, p := range params {
		if i > 0 {
			header.WriteString(", ")
		}
		header.WriteString(Encode(p.Name))
		header.WriteString(`="`)
		header.WriteString(Encode(p.Value))
		header.WriteByte('"')
	}
	return header.String()
}

// Encode percent-encodes everything but the unreserved characters of RFC 3986:
// a space is %20, a plus %2B, a tilde stays.
func Encode(s string) string {
	const digits = "0123456789ABCDEF"
	if !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f || !unreserved(byte(r)) }) {
		return s
	}
	var encoded strings.Builder
	encoded.Grow(len(s) + 16)
	for i := range len(s) {
		if c := s[i]; unreserved(c) {
			encoded.WriteByte(c)
		} else {
			encoded.WriteByte('%')
			encoded.WriteByte(digits[c>>4])
			encoded.WriteByte(digits[c&15])
		}
	}
	return encoded.String()
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

// Nonce returns 32 random hexadecimal digits.
func Nonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see its documentation
	return hex.EncodeToString(b[:])
}
