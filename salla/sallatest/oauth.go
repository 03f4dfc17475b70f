package sallatest

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const msgInvalidGrant = "The provided authorization grant or refresh token is invalid, expired, revoked, or was issued to another client."

// serveAccounts answers for accounts.salla.sa.
func (s *Server) serveAccounts(c *call) {
	if !s.rightHost(c.r, AccountsHost) {
		s.book.Violationf("%s %s sent to the host %s, not to %s", c.r.Method, c.path, c.r.Host, AccountsHost)
		c.notFound()
		return
	}
	switch c.path {
	case "/oauth2/token":
		s.serveToken(c)
	case "/oauth2/auth":
		s.serveConsent(c)
	case "/oauth2/user/info":
		s.serveUserInfo(c)
	default:
		s.book.Violationf("%s %s: no such endpoint", c.r.Method, c.path)
		c.notFound()
	}
}

func (c *call) oauthError(status int, code, description string) {
	c.header.Set("Cache-Control", "no-store")
	c.status = status
	c.out.b = c.out.b[:0]
	c.out.obj("")
	c.out.str("error", code)
	c.out.str("error_description", description)
	c.out.end()
}

func (s *Server) serveToken(c *call) {
	if c.r.Method != http.MethodPost {
		c.oauthError(http.StatusMethodNotAllowed, "invalid_request", "POST expected")
		return
	}
	if !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		s.book.Violationf("/oauth2/token without a form body")
		c.oauthError(http.StatusBadRequest, "invalid_request", "form body expected")
		return
	}
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		c.oauthError(http.StatusBadRequest, "invalid_request", "form body expected")
		return
	}
	if c.r.Header.Get("Authorization") != "" {
		s.book.Violationf("/oauth2/token with an Authorization header; id and secret belong in the body")
		c.oauthError(http.StatusUnauthorized, "invalid_client", "Client authentication failed.")
		return
	}
	if !equal(form.Get("client_id"), s.cfg.ClientID) || !equal(form.Get("client_secret"), s.cfg.ClientSecret) {
		c.oauthError(http.StatusUnauthorized, "invalid_client", "Client authentication failed.")
		return
	}
	var p pair
	var wrong string
	refresh := false
	switch form.Get("grant_type") {
	case "authorization_code":
		if form.Get("redirect_uri") == "" {
			s.book.Violationf("/oauth2/token without redirect_uri")
		}
		p, wrong = s.auth.useCode(form.Get("code"), form.Get("redirect_uri"))
	case "refresh_token":
		refresh = true
		p, wrong = s.auth.useRefresh(form.Get("refresh_token"))
	default:
		c.oauthError(http.StatusBadRequest, "unsupported_grant_type", "The authorization grant type is not supported.")
		return
	}
	if wrong != "" {
		c.oauthError(s.cfg.InvalidGrantStatus, "invalid_grant", msgInvalidGrant+" ("+wrong+")")
		return
	}
	c.header.Set("Cache-Control", "no-store")
	c.status = http.StatusOK
	c.out.b = c.out.b[:0]
	s.writeTokens(&c.out, p, refresh)
}

func (s *Server) writeTokens(w *writer, p pair, refresh bool) {
	form := s.cfg.ExpiresForm
	w.obj("")
	w.str("access_token", p.access)
	seconds := int64(p.lifetime / time.Second)
	switch {
	case form == ExpiresAbsolute:
		w.id("expires", p.expires.Unix())
	case form == ExpiresIn || form == ExpiresAsDocumented && refresh:
		w.id("expires_in", seconds)
	default:
		w.id("expires", seconds)
	}
	if p.refresh != "" {
		w.str("refresh_token", p.refresh)
	}
	w.str("scope", strings.Join(p.scopes, " "))
	w.str("token_type", "bearer")
	w.end()
}

func callback(redirect, code, state string, scopes []string) string {
	u, err := url.Parse(redirect)
	if err != nil {
		return redirect
	}
	q := u.Query()
	q.Set("code", code)
	q.Set("scope", strings.Join(scopes, " "))
	q.Set("state", state)
	u.RawQuery = q.Encode()
	return u.String()
}

func (s *Server) serveUserInfo(c *call) {
	state, token := s.auth.bearer(c.r)
	switch state {
	case tokenGone:
		c.fail(http.StatusUnauthorized, `"Unauthorized"`, msgGone)
		return
	case tokenBad:
		c.fail(http.StatusUnauthorized, `"Unauthorized"`, msgInvalidToken)
		return
	}
	if !s.cfg.UserInfoBare {
		c.answer(http.StatusOK, func(w *writer) { w.userInfo("data", token) })
		return
	}
	c.status = http.StatusOK
	c.out.b = c.out.b[:0]
	c.out.userInfo("", token)
}

func (w *writer) userInfo(k string, t *accessToken) {
	cfg := t.store.cfg
	w.obj(k)
	w.num("id", 1689171978)
	w.str("name", "Test User")
	w.str("email", "owner@example.com")
	w.str("mobile", "+966523185260")
	w.str("role", "user")
	w.str("created_at", "2021-03-27 21:51:56")
	w.obj("merchant")
	w.id("id", cfg.MerchantID)
	w.str("username", "dev-store")
	w.str("name", "متجر تجريبي")
	w.str("avatar", "https://cdn.salla.sa/avatar.png")
	w.str("store_location", "21.58,39.67")
	w.str("plan", cfg.Plan)
	w.str("status", "active")
	w.str("domain", t.store.domain())
	w.str("tax_number", "424243241321234")
	w.str("commercial_number", "3552100509")
	w.str("created_at", "2021-12-31 12:59:59")
	w.end()
	w.obj("context")
	w.str("app", "123")
	w.str("scope", strings.Join(t.scopes, " "))
	if t.expires.IsZero() {
		w.id("exp", t.store.now().Add(cfg.AccessTokenLifetime).Unix())
	} else {
		w.id("exp", t.expires.Unix())
	}
	w.end()
	w.end()
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
