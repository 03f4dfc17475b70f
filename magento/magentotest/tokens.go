package magentotest

import (
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"time"
)

// jwt makes a token that can be decoded and whose signature nobody checks.
func jwt(claims string) string {
	enc := base64.RawURLEncoding
	return enc.EncodeToString([]byte(`{"kid":"1","alg":"HS256"}`)) + "." + enc.EncodeToString([]byte(claims)) + "." + enc.EncodeToString([]byte("magentotest-signature"))
}

const (
	maxFailures = 6
	lockout     = 1800 * time.Second
)

// signIn checks an administrator; false after an answer was written.
func (c *call) signIn(name, password string) bool {
	a, now := &c.server.auth, c.server.now()
	a.mu.Lock()
	defer a.mu.Unlock()
	locked := now.Before(a.lockedUntil)
	if !locked && name == a.cfg.AdminUser && password == a.cfg.AdminPassword {
		a.failures = 0
		return true
	}
	if a.failures++; !locked && a.failures >= maxFailures {
		a.failures, a.lockedUntil = 0, now.Add(lockout)
	}
	c.fail(http.StatusUnauthorized, msgSignIn)
	return false
}

type credentials struct{ Username, Password, OTP string }

func (c *call) credentials() (credentials, bool) {
	var in credentials
	if json.Unmarshal(c.body, &in) != nil {
		c.bad("Decoding error.")
		return in, false
	}
	for name, v := range map[string]string{"username": in.Username, "password": in.Password} {
		if v == "" {
			c.required(name)
			return in, false
		}
	}
	return in, true
}

// adminToken grants a token to an administrator, unless the two-factor module
// sends them to its own endpoint.
func adminToken(c *call) {
	in, ok := c.credentials()
	if !ok || !c.signIn(in.Username, in.Password) {
		return
	}
	if !c.server.cfg.NoTwoFactor {
		c.bad(msgTwoFactor, "active_providers", []string{"google"})
		return
	}
	c.grantAdmin()
}

func googleToken(c *call) {
	in, ok := c.credentials()
	switch {
	case !ok:
	case in.OTP == "":
		c.required("otp")
	case !c.signIn(in.Username, in.Password):
	case in.OTP != c.server.cfg.OTP:
		c.bad("Invalid code.")
	default:
		c.grantAdmin()
	}
}

func (c *call) grantAdmin() {
	a := &c.server.auth
	a.mu.Lock()
	token := a.issue(c.server.now(), a.cfg.AdminTokenLifetime)
	a.mu.Unlock()
	c.out.str("", token)
}

// IssueAdminToken grants an admin token as the endpoint does.
func (s *Server) IssueAdminToken() string {
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	return s.auth.issue(s.now(), s.cfg.AdminTokenLifetime)
}

// IssueIMSToken grants an IMS access token as [IMSHost] does.
func (s *Server) IssueIMSToken() string {
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	return s.auth.issue(s.now(), s.cfg.IMSTokenLifetime)
}

// imsScope has to be among the scopes asked for.
const imsScope = "commerce.accs"

// serveIMS is Adobe's token endpoint, for client credentials alone.
func (c *call) serveIMS() {
	cfg := &c.server.cfg
	refuse := func(status int, code, text string) {
		var w writer
		w.obj("")
		w.str("error", code)
		w.str("error_description", text)
		w.end()
		c.status, c.out.b = status, append(c.out.b[:0], w.b...)
	}
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	form, err := url.ParseQuery(string(c.body))
	switch {
	case c.path != "/ims/token/v3" || c.r.Method != http.MethodPost:
		c.violation("IMS grants tokens at POST /ims/token/v3")
		refuse(http.StatusNotFound, "not_found", "no such endpoint")
	case kind != "application/x-www-form-urlencoded" || err != nil:
		c.violation("IMS wants a form")
		refuse(http.StatusBadRequest, "bad_request", "the body is no form")
	case form.Get("grant_type") != "client_credentials":
		refuse(http.StatusBadRequest, "unsupported_grant_type", "unsupported grant type")
	case form.Get("client_id") != cfg.ClientID || form.Get("client_secret") != cfg.ClientSecret:
		refuse(http.StatusUnauthorized, "invalid_client", "invalid client_id or client_secret")
	case !hasScope(form.Get("scope")):
		c.violation("IMS token without the scope %s", imsScope)
		refuse(http.StatusBadRequest, "invalid_scope", "missing scope")
	default:
		var w writer
		w.obj("")
		w.str("access_token", c.server.IssueIMSToken())
		w.str("token_type", "bearer")
		w.int("expires_in", int64(cfg.IMSTokenLifetime/time.Second))
		w.end()
		c.status, c.out.b = http.StatusOK, append(c.out.b[:0], w.b...)
	}
}
