package woocommerce

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// Auth is a way to authorise requests.
type Auth string

// The ways. A store listens to a way only where it can: see each.
const (
	// AuthAuto is AuthBasic over https and AuthOAuth1 over http.
	AuthAuto Auth = "auto"
	// AuthBasic sends the key pair in the Authorization header; https only.
	AuthBasic Auth = "basic"
	// AuthQuery sends the key pair in the query, for hosts that drop the
	// Authorization header; https only. The secret then is in the host's logs.
	AuthQuery Auth = "query"
	// AuthOAuth1 signs each request, in the Authorization header.
	AuthOAuth1 Auth = "oauth1"
	// AuthOAuth1Query signs each request in its query, for hosts that drop the
	// Authorization header. The secret is not sent.
	AuthOAuth1Query Auth = "oauth1_query"
)

var auths = []Auth{AuthAuto, AuthBasic, AuthQuery, AuthOAuth1, AuthOAuth1Query}

func (a Auth) known() bool { return slices.Contains(auths, a) }

func authNames() string {
	var names []string
	for _, a := range auths {
		names = append(names, string(a))
	}
	return strings.Join(names, ", ")
}

// over resolves AuthAuto.
func (a Auth) over(scheme string) Auth {
	switch {
	case a != AuthAuto:
		return a
	case scheme == "https":
		return AuthBasic
	}
	return AuthOAuth1
}

func (a Auth) signs() bool    { return a == AuthOAuth1 || a == AuthOAuth1Query }
func (a Auth) inQuery() bool  { return a == AuthQuery || a == AuthOAuth1Query }
func (a Auth) inHeader() bool { return !a.inQuery() }

// usable checks a credential before anything is sent.
func usable(c catalog.Credential) error {
	if c.Key.IsZero() || c.Secret.IsZero() {
		return &catalog.Error{Kind: catalog.ErrUnauthorized, Message: "the credential holds no consumer key and secret",
			Hint: "set Credential.Key and Credential.Secret to the store's key pair"}
	}
	return nil
}

// authorize returns what puts the credential on an attempt; home is the
// address the store believes it has, for signing.
func (e *Engine) authorize(home *url.URL) func(*http.Request, catalog.Credential) error {
	return func(r *http.Request, c catalog.Credential) error {
		if err := usable(c); err != nil {
			return err
		}
		switch e.auth {
		case AuthQuery:
			r.URL.RawQuery = appendQuery(r.URL.RawQuery, []oauth1.Param{{Name: "consumer_key", Value: c.Key.Reveal()}, {Name: "consumer_secret", Value: c.Secret.Reveal()}})
		case AuthOAuth1, AuthOAuth1Query:
			query, err := oauth1.Query(r.URL.RawQuery)
			if err != nil {
				return err
			}
			signed := sign(oauth1.SHA256, r.Method, e.signedAddress(home, r.URL), query, c, oauth1.Nonce(), time.Now())
			if e.auth == AuthOAuth1Query {
				r.URL.RawQuery = appendQuery(r.URL.RawQuery, signed)
			} else {
				r.Header.Set("Authorization", oauth1.Header(signed))
			}
		default:
			r.SetBasicAuth(c.Key.Reveal(), c.Secret.Reveal())
		}
		return nil
	}
}

// signedAddress is the address as WordPress sees it: its own host, the path
// that was asked for, the scheme it takes the request for. The path below the
// store's folder is put behind the home's.
func (e *Engine) signedAddress(home, asked *url.URL) string {
	path := strings.TrimPrefix(asked.EscapedPath(), e.base.Path)
	return e.scheme + "://" + home.Host + strings.TrimRight(home.EscapedPath(), "/") + path
}

// sign returns the oauth_ parameters of a request with their signature.
func sign(method oauth1.Method, verb, address string, query []oauth1.Param, c catalog.Credential, nonce string, at time.Time) []oauth1.Param {
	protocol := oauth1.Protocol(c.Key.Reveal(), "", method, nonce, at)
	params := asPHP(append(slices.Clone(query), protocol...))
	base := oauth1.Base(verb, address, params)
	return append(protocol, oauth1.Param{Name: "oauth_signature", Value: oauth1.Sign(method, base, c.Secret, catalog.Secret{})})
}

// asPHP returns parameters as PHP's $_GET holds them, sorted as the store
// sorts: "a[]" is numbered, of equal plain names the last counts, and only
// the names before a bracket are sorted: members stay as they came.
func asPHP(params []oauth1.Param) []oauth1.Param {
	var seen []oauth1.Param
	next := map[string]int{}
	for _, p := range params {
		if prefix, ok := strings.CutSuffix(p.Name, "[]"); ok {
			p.Name = prefix + "[" + itoa(next[prefix]) + "]"
			next[prefix]++
		}
		if i := slices.IndexFunc(seen, func(q oauth1.Param) bool { return q.Name == p.Name }); i >= 0 {
			seen[i].Value = p.Value
			continue
		}
		seen = append(seen, p)
	}
	top := func(name string) string { before, _, _ := strings.Cut(name, "["); return before }
	return oauth1.Sorted(seen, func(a, b oauth1.Param) int { return strings.Compare(top(a.Name), top(b.Name)) })
}

// appendQuery adds parameters to an encoded query.
func appendQuery(raw string, params []oauth1.Param) string {
	var b strings.Builder
	b.WriteString(raw)
	for _, p := range params {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(oauth1.Encode(p.Name) + "=" + oauth1.Encode(p.Value))
	}
	return b.String()
}

// encodeQuery writes a query as every way of authorising takes it: spaces as
// %20, several values of a name as one list with commas, which is how the
// store reads lists and the only way they can be signed.
func encodeQuery(query url.Values) string {
	var params []oauth1.Param
	for name, values := range query {
		if strings.HasSuffix(name, "[]") {
			name = strings.TrimSuffix(name, "[]")
		}
		params = append(params, oauth1.Param{Name: name, Value: strings.Join(values, ",")})
	}
	return appendQuery("", oauth1.Sorted(params, oauth1.ByName))
}
