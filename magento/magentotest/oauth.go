package magentotest

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oauthError is a refusal, with the code that the token endpoints write.
type oauthError struct {
	status  int
	problem string
	message string
	params  []any
}

func refuse(status int, problem, message string, params ...any) *oauthError {
	return &oauthError{status, problem, message, params}
}

// oauthParams reads the header as the shop does: order and scheme's case do
// not matter.
func oauthParams(header string) map[string]string {
	out := map[string]string{}
	if len(header) < 6 {
		return out
	}
	for part := range strings.SplitSeq(header[6:], ",") {
		k, v, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			continue
		}
		if k = rawURLDecode(k); strings.HasPrefix(k, "oauth_") {
			out[k] = rawURLDecode(strings.Trim(v, `"`))
		}
	}
	return out
}

// verifyOAuth checks a signed request in the order the shop does: parameters,
// consumer, time and nonce, token, signature. withToken is false for the
// request of a request token.
func (c *call) verifyOAuth(withToken bool) (*integration, *oauthError) {
	s := c.server
	p := oauthParams(c.r.Header.Get("Authorization"))
	for _, q := range c.pairs {
		if strings.HasPrefix(q.key, "oauth_") {
			if p[q.key] == "" {
				p[q.key] = q.value
			}
		}
	}
	if v, ok := p["oauth_version"]; ok && v != "1.0" {
		return nil, refuse(http.StatusBadRequest, "version_rejected", "The \"%1\" Oauth version isn't supported.", v)
	}
	needed := []string{"oauth_consumer_key", "oauth_signature", "oauth_signature_method", "oauth_nonce", "oauth_timestamp"}
	if withToken {
		needed = append(needed, "oauth_token")
	}
	for _, name := range needed {
		if p[name] == "" {
			return nil, refuse(http.StatusBadRequest, "parameter_absent", msgRequired, "fieldName", name)
		}
	}
	if m := p["oauth_signature_method"]; m != "HMAC-SHA256" {
		return nil, refuse(http.StatusBadRequest, "signature_method_rejected", "Signature method %1 is not supported", m)
	}
	in, tokenSecret, e := s.auth.identify(s.now(), p, withToken)
	if e != nil {
		return nil, e
	}
	path, _, _ := strings.Cut(c.r.RequestURI, "?")
	msg := signed{method: c.r.Method, scheme: s.base.Scheme, host: c.r.Host, path: path, query: c.r.URL.RawQuery, oauth: map[string]string{}}
	if c.r.Host == s.http.Listener.Addr().String() || s.cfg.SchemeHidden {
		msg.scheme = "http"
	}
	if kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); kind == "application/x-www-form-urlencoded" {
		msg.form = string(c.body)
	}
	for k, v := range p {
		if k != "oauth_signature" {
			msg.oauth[k] = v
		}
	}
	if hmacSHA256(msg.baseString(s.cfg.legacySignature()), in.secret, tokenSecret) != p["oauth_signature"] {
		return nil, refuse(http.StatusUnauthorized, "signature_invalid", msgSignature)
	}
	return in, nil
}

const (
	keyLength   = 32
	clockSkew   = 600 * time.Second // a request's time may lie that far ahead
	nonceMemory = 120 * time.Minute
)

// identify finds the consumer and the secret of its token, and uses the nonce
// up, whatever becomes of the signature.
func (a *authority) identify(now time.Time, p map[string]string, withToken bool) (*integration, string, *oauthError) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(p["oauth_consumer_key"]) != keyLength {
		return nil, "", refuse(http.StatusUnauthorized, "consumer_key_rejected", "Consumer key is not the correct length")
	}
	at := slices.IndexFunc(a.integrations, func(in *integration) bool { return in.key == p["oauth_consumer_key"] })
	if at < 0 {
		return nil, "", refuse(http.StatusUnauthorized, "consumer_key_rejected", "A consumer having the specified key does not exist")
	}
	in := a.integrations[at]
	stamp, err := strconv.ParseInt(p["oauth_timestamp"], 10, 64)
	if err != nil || stamp <= 0 || time.Unix(stamp, 0).After(now.Add(clockSkew)) {
		return nil, "", refuse(http.StatusUnauthorized, "timestamp_refused", msgTimestamp)
	}
	nonce := strconv.Itoa(in.id) + " " + p["oauth_nonce"]
	if used, ok := a.nonces[nonce]; ok && now.Sub(used) < nonceMemory {
		return nil, "", refuse(http.StatusUnauthorized, "nonce_used", msgNonce, strconv.Itoa(in.id))
	}
	if len(a.nonces) > 100_000 {
		for k, used := range a.nonces {
			if now.Sub(used) >= nonceMemory {
				delete(a.nonces, k)
			}
		}
	}
	a.nonces[nonce] = now
	if !withToken {
		return in, "", nil
	}
	token := p["oauth_token"]
	switch {
	case len(token) != keyLength:
		return nil, "", refuse(http.StatusUnauthorized, "token_rejected", "The token length is invalid. Check the length and try again.")
	case token == in.request:
		return in, in.requestSecret, nil
	case token != in.token:
		return nil, "", refuse(http.StatusUnauthorized, "token_rejected", "Specified token does not exist")
	case in.revoked:
		return nil, "", refuse(http.StatusUnauthorized, "token_revoked", "Access token has been revoked")
	}
	return in, in.tSecret, nil
}
