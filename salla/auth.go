package salla

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/transport"
)

// refreshLifetime is how long a refresh token lives, as the documents have it;
// Salla does not tell it with the token.
// https://docs.salla.dev/421118m0
const refreshLifetime = 30 * 24 * time.Hour

// RefreshPolicy implements auth.Refresher. A refresh token that is sent twice
// costs the store's authorisation, so a refresh is never repeated.
func (a *Adapter) RefreshPolicy() auth.Policy {
	return auth.Policy{Ahead: 24 * time.Hour, SingleUse: true}
}

// RefreshCredential implements auth.Refresher: it buys the next pair of tokens
// with the refresh token, once. An answer that was lost after the request went
// out is ErrOutcomeUnknown; a refusal is ErrReauthorize.
func (a *Adapter) RefreshCredential(ctx context.Context, _ catalog.Account, used catalog.Credential) (catalog.Credential, error) {
	const op = "refresh token"
	if used.RefreshToken.IsZero() {
		return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrReauthorize,
			Message: "there is no refresh token", Hint: "have the merchant install the app again, with the scope offline_access"}
	}
	return a.token(ctx, op, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {used.RefreshToken.Reveal()}})
}

// Exchange buys the first tokens with the code a custom-mode callback brought,
// and asks whose they are. A code works once: when the answer is lost, which
// is ErrOutcomeUnknown, the merchant has to start again. redirectURI is the
// one the code was sent to. When the tokens came but not whose they are, the
// Grant has no Store, beside the error. Check the state before; Salla returns
// it without its hyphens, and installs from its own pages bring a state of
// Salla's.
// https://docs.salla.dev/421118m0
func (a *Adapter) Exchange(ctx context.Context, code, redirectURI string) (catalog.Grant, error) {
	const op = "exchange code"
	if code == "" {
		return catalog.Grant{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the code is empty"}
	}
	credential, err := a.token(ctx, op, url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirectURI}})
	if err != nil {
		return catalog.Grant{}, err
	}
	store, err := a.merchant(ctx, credential)
	return catalog.Grant{Store: store, Credential: credential}, err
}

// token posts a grant. It is sent once: neither codes nor refresh tokens work
// a second time.
func (a *Adapter) token(ctx context.Context, op string, grant url.Values) (catalog.Credential, error) {
	if a.config.ClientID == "" {
		return catalog.Credential{}, &catalog.ConfigError{Platform: Platform, Field: "ClientID", Reason: "is empty; asking for tokens needs the app's client id and secret"}
	}
	grant.Set("client_id", a.config.ClientID)
	grant.Set("client_secret", a.config.ClientSecret.Reveal())
	resp, err := a.http.Do(ctx, &transport.Request{
		Op: op, Method: http.MethodPost, URL: &url.URL{Scheme: "https", Host: accountsHost, Path: "/oauth2/token"},
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}},
		Body:   []byte(grant.Encode()),
		Classify: func(resp *transport.Response) transport.Verdict {
			v := classifyToken(resp)
			for _, secret := range []string{"client_secret", "refresh_token", "code"} { // in case the refusal repeats them
				if value := grant.Get(secret); value != "" {
					v.Message = strings.ReplaceAll(v.Message, value, "REDACTED")
				}
			}
			return v
		},
	})
	if err != nil {
		return catalog.Credential{}, err
	}
	credential, ok := readToken(resp.Body, resp.Received)
	if !ok {
		return catalog.Credential{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrOutcomeUnknown, Status: resp.Status,
			Message: "the grant was taken, but the answer holds no token", RequestID: resp.Header.Get("X-Request-Id"),
			Hint: "have the merchant connect the store again once the old access token has expired"}
	}
	return credential, nil
}

// tokenNode is a token, in an answer or in app.store.authorize.
type tokenNode struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    number `json:"expires_in"`
	Expires      number `json:"expires"`
	Scope        string `json:"scope"`
}

func readToken(body []byte, now time.Time) (catalog.Credential, bool) {
	var n tokenNode
	if _, err := decode(body, &n); err != nil || n.AccessToken == "" {
		return catalog.Credential{}, false
	}
	return n.credential(now), true
}

func (n *tokenNode) credential(now time.Time) catalog.Credential {
	c := catalog.Credential{
		AccessToken: catalog.NewSecret(n.AccessToken), RefreshToken: catalog.NewSecret(n.RefreshToken),
		ExpiresAt: n.expiry(now), Scopes: strings.Fields(strings.ReplaceAll(n.Scope, ",", " ")),
	}
	if n.RefreshToken != "" {
		c.RefreshExpiresAt = now.Add(refreshLifetime).UTC()
	}
	return c
}

// unixFrom is the least number taken for a moment rather than a length: no
// token lives thirty years, and none was issued before 2001.
const unixFrom = 1_000_000_000

// expiry reads when the access token dies: expires_in is a length, expires
// either a length or a moment. Zero when neither can be read.
func (n *tokenNode) expiry(now time.Time) time.Time {
	if seconds, ok := wholeSeconds(n.ExpiresIn); ok {
		return now.Add(time.Duration(seconds) * time.Second).UTC()
	}
	seconds, ok := wholeSeconds(n.Expires)
	switch {
	case !ok:
		return time.Time{}
	case seconds >= unixFrom:
		return time.Unix(seconds, 0).UTC()
	}
	return now.Add(time.Duration(seconds) * time.Second).UTC()
}

// wholeSeconds reads a positive number of seconds that fits a time.
func wholeSeconds(n number) (int64, bool) {
	whole, _, _ := strings.Cut(string(n), ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	return seconds, err == nil && seconds > 0 && seconds < 1<<35
}

// classifyToken judges the token endpoint's answers. 400 and 401 are final:
// the documents show the one, the standard has the other.
func classifyToken(resp *transport.Response) transport.Verdict {
	v := transport.ByStatus(resp)
	if v.Outcome == transport.Accept || transport.IsHTML(resp) {
		return v
	}
	v = refused(v, resp.Status, resp.Body)
	if resp.Status != http.StatusBadRequest && resp.Status != http.StatusUnauthorized {
		return v
	}
	v.Outcome, v.Kind, v.Hint = transport.Fail, catalog.ErrReauthorize, "have the merchant install the app again"
	switch v.Code {
	case "invalid_client", "unauthorized_client":
		v.Kind, v.Hint = catalog.ErrUnauthorized, "check the client id and secret"
	case "invalid_request", "unsupported_grant_type", "invalid_scope":
		v.Kind, v.Hint = catalog.ErrInvalid, ""
	}
	return v
}

// merchant asks for the store a credential belongs to.
// https://docs.salla.dev/9466620e0
func (a *Adapter) merchant(ctx context.Context, credential catalog.Credential) (string, error) {
	const op = "get user info"
	resp, err := a.http.Do(ctx, &transport.Request{
		Op: op, URL: &url.URL{Scheme: "https", Host: accountsHost, Path: "/oauth2/user/info"},
		Header: http.Header{"Accept": {"application/json"}}, Credential: catalog.StaticCredential(credential),
	})
	if err != nil {
		return "", err
	}
	type user struct {
		Merchant maybe[refNode] `json:"merchant"`
		Store    maybe[refNode] `json:"store"` // as it was called once
	}
	var answer struct {
		user
		Data maybe[user] `json:"data"` // the envelope, which is not always there
	}
	_, err = decode(resp.Body, &answer)
	found := answer.user
	if answer.Data.value != nil {
		found = *answer.Data.value
	}
	number := idOf(found.Merchant)
	if number == "" {
		number = idOf(found.Store)
	}
	store, bad := checkStore(op, string(number))
	if err != nil || bad != nil {
		return "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Status: resp.Status, Message: "the answer names no merchant"}
	}
	return store, nil
}

var _ auth.Refresher = (*Adapter)(nil)
