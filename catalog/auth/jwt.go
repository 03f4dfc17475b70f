package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// maxToken is the most bytes of a token that are looked at.
const maxToken = 8 << 10

// JWT verifies JSON Web Tokens signed with HMAC-SHA256, as platforms send them
// to say who opened an app: Shopify's session tokens, BigCommerce's
// signed_payload_jwt. Any other algorithm is refused, "none" first. It is safe
// for concurrent use.
type JWT struct {
	// Secrets are the valid keys, newest first: an app's client secret. None,
	// or an empty one, is refused.
	Secrets []catalog.Secret
	// Audience must be among the token's, Issuer must be its own. An empty
	// Audience is refused; an empty Issuer is not looked at.
	Audience, Issuer string
	// Leeway is what the platform's clock may differ; 0 = 10 seconds.
	Leeway time.Duration
}

// Claims are what an authentic token says.
type Claims struct {
	Issuer, Subject, ID string
	Audience            []string
	// ExpiresAt is never zero. The other times are when absent.
	ExpiresAt, NotBefore, IssuedAt time.Time
	// Raw is the whole object, for claims of the platform's own.
	Raw json.RawMessage
}

// Verify checks a token: its form, its signature in constant time, and only
// then what it says. A token that does not hold is ErrUnauthorized, with a Code
// that names what is wrong; a verifier that cannot verify is ErrInvalid. When it
// was issued (iat) is not judged.
func (j JWT) Verify(token string, now time.Time) (Claims, error) {
	if len(j.Secrets) == 0 || slices.ContainsFunc(j.Secrets, catalog.Secret.IsZero) || j.Audience == "" {
		return Claims{}, &catalog.Error{Op: "verify token", Kind: catalog.ErrInvalid, Message: "there is no key, an empty key, or no audience to verify with"}
	}
	if len(token) > maxToken {
		return Claims{}, badToken("oversize", "the token is too long")
	}
	signed, signature, ok := cutLast(token)
	head, body, two := strings.Cut(signed, ".")
	if !ok || !two || strings.Contains(body, ".") {
		return Claims{}, badToken("malformed", "the token does not have three parts")
	}
	mac, err := base64.RawURLEncoding.Strict().DecodeString(signature)
	if err != nil {
		return Claims{}, badToken("malformed", "the token's signature cannot be read")
	}
	var header struct {
		Alg  string   `json:"alg"`
		Crit []string `json:"crit"`
	}
	if !decodePart(head, &header) {
		return Claims{}, badToken("malformed", "the token's header cannot be read")
	}
	if header.Alg != "HS256" || header.Crit != nil {
		return Claims{}, badToken("algorithm", "the token is not signed with HS256 alone")
	}
	match := false
	for _, s := range j.Secrets {
		made := hmac.New(sha256.New, []byte(s.Reveal()))
		made.Write([]byte(signed))
		match = hmac.Equal(mac, made.Sum(nil)) || match
	}
	if !match {
		return Claims{}, badToken("signature", "no configured secret made the token's signature")
	}
	return j.read(body, now)
}

func (j JWT) read(body string, now time.Time) (Claims, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(body)
	var c struct {
		Issuer    string       `json:"iss"`
		Subject   string       `json:"sub"`
		ID        string       `json:"jti"`
		Audience  audience     `json:"aud"`
		Expires   *json.Number `json:"exp"`
		NotBefore *json.Number `json:"nbf"`
		Issued    *json.Number `json:"iat"`
	}
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return Claims{}, badToken("malformed", "the token's claims cannot be read")
	}
	out := Claims{Issuer: c.Issuer, Subject: c.Subject, ID: c.ID, Audience: c.Audience, Raw: raw}
	for _, t := range []struct {
		from *json.Number
		to   *time.Time
	}{{c.Expires, &out.ExpiresAt}, {c.NotBefore, &out.NotBefore}, {c.Issued, &out.IssuedAt}} {
		if t.from == nil {
			continue
		}
		whole, _, _ := strings.Cut(t.from.String(), ".") // fractions of a second are allowed
		seconds, err := json.Number(whole).Int64()
		if err != nil || seconds < 0 || seconds > 1<<40 {
			return Claims{}, badToken("malformed", "a time in the token cannot be read")
		}
		*t.to = time.Unix(seconds, 0).UTC()
	}
	leeway := j.Leeway
	if leeway <= 0 {
		leeway = 10 * time.Second
	}
	switch {
	case out.ExpiresAt.IsZero():
		return Claims{}, badToken("no_expiry", "the token never ends")
	case !now.Before(out.ExpiresAt.Add(leeway)):
		return Claims{}, badToken("expired", "the token has expired")
	case now.Add(leeway).Before(out.NotBefore):
		return Claims{}, badToken("not_yet", "the token is not valid yet; a clock may be wrong")
	case !slices.Contains(out.Audience, j.Audience):
		return Claims{}, badToken("audience", "the token is for another app")
	case j.Issuer != "" && out.Issuer != j.Issuer:
		return Claims{}, badToken("issuer", "the token was issued by somebody else")
	}
	return out, nil
}

// audience is one text or a list.
type audience []string

// UnmarshalJSON implements json.Unmarshaler.
func (a *audience) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(a))
}

func decodePart(part string, v any) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
	return err == nil && json.Unmarshal(raw, v) == nil
}

// cutLast cuts at the last dot.
func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+1:], true
}

func badToken(code, message string) error {
	return &catalog.Error{Op: "verify token", Kind: catalog.ErrUnauthorized, Code: code, Message: message}
}
