package magentotest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

func hasScope(list string) bool {
	for _, s := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if s == imsScope {
			return true
		}
	}
	return false
}

// exchangeWindow is how long after activation the tokens can be exchanged.
const exchangeWindow = 300 * time.Second

// Activation is an integration an administrator has just activated.
type Activation struct {
	ConsumerKey    string
	ConsumerSecret string
	Verifier       string
	// Status is what the callback answered; 0 without an answer.
	Status int
	// IdentityURL is the page of the app that the administrator's browser then
	// opens, "" if none was given to Activate. It carries success_call_back,
	// where the app sends the browser when it is done.
	IdentityURL string
}

func key32() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// Activate plays the administrator who saves and activates a new integration:
// it posts the keys to the app's callback URL, once, for five seconds, without
// following a redirect. The exchange at /oauth/token/request and
// /oauth/token/access may come during the call or within 300 seconds after it.
// An error says that there was no answer; the integration exists all the same.
func (s *Server) Activate(ctx context.Context, callback, identity string) (Activation, error) {
	in := &integration{key: key32(), secret: key32(), verifier: key32(), activated: s.now()}
	s.auth.mu.Lock()
	in.id = len(s.auth.integrations) + 1
	s.auth.integrations = append(s.auth.integrations, in)
	s.auth.mu.Unlock()
	out := Activation{ConsumerKey: in.key, ConsumerSecret: in.secret, Verifier: in.verifier}
	if identity != "" {
		u, err := url.Parse(identity)
		if err != nil {
			return out, fmt.Errorf("magentotest: identity link: %w", err)
		}
		q := u.Query()
		q.Set("oauth_consumer_key", in.key)
		q.Set("success_call_back", s.cfg.BaseURL+successPath)
		u.RawQuery = q.Encode()
		out.IdentityURL = u.String()
	}
	form := url.Values{
		"oauth_consumer_key": {in.key}, "oauth_consumer_secret": {in.secret},
		"store_base_url": {s.cfg.BaseURL}, "oauth_verifier": {in.verifier},
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, callback, strings.NewReader(form.Encode()))
	if err != nil {
		return out, fmt.Errorf("magentotest: activation: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := &http.Client{Transport: s.cfg.CallbackTransport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if s.cfg.CallbackTransport == nil {
		client.Transport = http.DefaultTransport.(*http.Transport).Clone()
		defer client.CloseIdleConnections()
	}
	res, err := client.Do(r)
	if err != nil {
		return out, fmt.Errorf("magentotest: activation: %w", err)
	}
	_ = res.Body.Close()
	out.Status = res.StatusCode
	return out, nil
}

// problem writes an error as the token endpoints do: a form.
func (c *call) problem(e *oauthError) {
	c.status = e.status
	c.header.Set("Content-Type", "application/x-www-form-urlencoded")
	text := e.message
	for i, p := range e.params {
		text = strings.ReplaceAll(text, fmt.Sprintf("%%%d", i+1), fmt.Sprint(p))
	}
	if e.problem == "parameter_absent" && len(e.params) == 2 {
		text = strings.ReplaceAll(text, "%fieldName", fmt.Sprint(e.params[1]))
	}
	c.out.b = append(c.out.b[:0], "oauth_problem="+url.QueryEscape(text)...)
}

func (c *call) tokenPair(token, secret string) {
	c.status = http.StatusOK
	c.header.Set("Content-Type", "application/x-www-form-urlencoded")
	c.out.b = append(c.out.b[:0], "oauth_token="+token+"&oauth_token_secret="+secret...)
}

// exchange verifies a request of the handshake.
func (c *call) exchange(withToken bool) (*integration, *oauthError) {
	if c.r.Method != http.MethodPost {
		c.violation("tokens are exchanged by POST")
	}
	c.parseQuery()
	in, e := c.verifyOAuth(withToken)
	if e != nil {
		return nil, e
	}
	if c.server.now().Sub(in.activated) > exchangeWindow {
		return nil, refuse(http.StatusUnauthorized, "consumer_key_rejected", "Consumer key has expired")
	}
	return in, nil
}

func (c *call) serveRequestToken() {
	in, e := c.exchange(false)
	if e != nil {
		c.problem(e)
		return
	}
	a := &c.server.auth
	a.mu.Lock()
	defer a.mu.Unlock()
	if in.token != "" {
		c.problem(refuse(http.StatusUnauthorized, "token_used", "The token is already being used or is not of the request type"))
		return
	}
	in.request, in.requestSecret = key32(), key32()
	c.tokenPair(in.request, in.requestSecret)
}

func (c *call) serveAccessToken() {
	in, e := c.exchange(true)
	if e != nil {
		c.problem(e)
		return
	}
	p := oauthParams(c.r.Header.Get("Authorization"))
	a := &c.server.auth
	a.mu.Lock()
	defer a.mu.Unlock()
	switch v := p["oauth_verifier"]; {
	case v == "":
		c.problem(refuse(http.StatusBadRequest, "parameter_absent", msgRequired, "fieldName", "oauth_verifier"))
	case p["oauth_token"] != in.request:
		c.problem(refuse(http.StatusUnauthorized, "token_used", "The token is not a request token"))
	case len(v) != keyLength:
		c.problem(refuse(http.StatusUnauthorized, "verifier_invalid", "Verifier is not the correct length"))
	case v != in.verifier:
		c.problem(refuse(http.StatusUnauthorized, "verifier_invalid", "Token verifier and verifier token do not match"))
	default:
		in.token, in.tSecret, in.request, in.requestSecret = key32(), key32(), "", ""
		c.tokenPair(in.token, in.tSecret)
	}
}
