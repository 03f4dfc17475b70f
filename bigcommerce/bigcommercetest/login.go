package bigcommercetest

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// codeLife is how long a code can be exchanged; the documents do not say.
const codeLife = 10 * time.Minute

// code is a grant that waits to be exchanged, once.
type code struct {
	store   *Store
	scopes  []string
	expires time.Time
}

// Users of every store.
const (
	OwnerID    = 12345
	OwnerEmail = "owner@example.com"
	UserID     = 24654 // an authorized user who is not the owner
	UserEmail  = "merchant@example.com"
)

// AuthCallback lets the merchant install the app: it returns the URL of the
// auth callback the browser is sent to, with a code that can be exchanged once
// within ten minutes. Scopes nil are Config.Scopes.
func (s *Store) AuthCallback(redirectURI string, scopes ...string) string {
	if scopes == nil {
		scopes = s.cfg.Scopes
	}
	name := s.server.auth.name("code")
	s.server.auth.mu.Lock()
	s.server.auth.codes[name] = &code{s, slices.Clone(scopes), s.now().Add(codeLife)}
	s.server.auth.mu.Unlock()
	q := url.Values{"account_uuid": {uuid(serverkit.NewRand(s.cfg.StoreID, kindUUID, 1))}, "code": {name},
		"context": {"stores/" + s.cfg.StoreHash}, "scope": {strings.Join(scopes, " ")}}
	joint := "?"
	if strings.Contains(redirectURI, "?") {
		joint = "&"
	}
	return redirectURI + joint + q.Encode()
}

func (s *Server) serveLogin(c *call) {
	switch {
	case !s.ownHost(c.r, LoginHost):
		c.violation("sent to the host %s, not to %s", c.r.Host, LoginHost)
		c.fail(http.StatusNotFound, msgNotFound)
	case strings.HasPrefix(c.path, "/app/"):
		s.serveApp(c)
	case c.path != "/oauth2/token":
		c.violation("no such endpoint")
		c.fail(http.StatusNotFound, msgNotFound)
	case c.r.Method != http.MethodPost:
		c.violation("the token endpoint takes POST")
		c.fail(http.StatusMethodNotAllowed, "The method is not allowed.")
	default:
		s.serveToken(c)
	}
}

// serveToken exchanges a code, sent as JSON or as a form. The shape of its
// errors is not documented; here it is {"error": text}.
func (s *Server) serveToken(c *call) {
	in := map[string]string{}
	if strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/json") {
		if json.Unmarshal(c.body, &in) != nil {
			c.loginError(http.StatusBadRequest, "Invalid JSON")
			return
		}
	} else {
		form, _ := url.ParseQuery(string(c.body)) // what can be read is enough
		for name := range form {
			in[name] = form.Get(name)
		}
	}
	for _, name := range []string{"client_id", "client_secret", "code", "context", "scope", "grant_type", "redirect_uri"} {
		if in[name] == "" {
			c.violation("no %s", name)
			c.loginError(http.StatusBadRequest, "Missing required field "+name)
			return
		}
	}
	switch {
	case in["grant_type"] != "authorization_code":
		c.violation("grant_type=%s", in["grant_type"])
		c.loginError(http.StatusBadRequest, "Unsupported grant type")
		return
	case in["client_id"] != s.cfg.ClientID || !hmac.Equal([]byte(in["client_secret"]), []byte(s.cfg.ClientSecret)):
		c.loginError(http.StatusUnauthorized, "Invalid client")
		return
	case s.cfg.RedirectURI != "" && in["redirect_uri"] != s.cfg.RedirectURI:
		c.violation("redirect_uri %s is not the registered one", in["redirect_uri"])
		c.loginError(http.StatusBadRequest, "Invalid redirect_uri")
		return
	}
	s.auth.mu.Lock()
	g := s.auth.codes[in["code"]]
	delete(s.auth.codes, in["code"])
	s.auth.mu.Unlock()
	if g == nil || s.cfg.Clock().After(g.expires) || in["context"] != "stores/"+g.store.cfg.StoreHash {
		c.loginError(http.StatusBadRequest, "Invalid code")
		return
	}
	if in["scope"] != strings.Join(g.scopes, " ") {
		c.violation("scope is not the one the callback carried")
	}
	c.store, c.record.StoreHash = g.store, g.store.cfg.StoreHash
	token := g.store.Grant(g.scopes...)
	c.ok(func(w *writer) {
		w.obj("")
		w.str("access_token", token)
		w.str("scope", strings.Join(g.scopes, " "))
		w.user("user", UserID, UserEmail)
		w.user("owner", OwnerID, OwnerEmail)
		w.str("context", "stores/"+g.store.cfg.StoreHash)
		w.str("account_uuid", uuid(serverkit.NewRand(g.store.cfg.StoreID, kindUUID, 1)))
		w.end()
	})
}

func (w *writer) user(k string, id int, email string) {
	w.obj(k)
	w.num("id", id)
	w.str("username", email)
	w.str("email", email)
	w.end()
}

func (c *call) loginError(status int, text string) {
	c.answer(status, func(w *writer) {
		w.obj("")
		w.str("error", text)
		w.end()
	})
}

// Grant gives the app a fresh token, as exchanging a code does: the tokens
// granted before die. nil scopes are Config.Scopes. Tokens do not expire.
func (s *Store) Grant(scopes ...string) string {
	if scopes == nil {
		scopes = s.cfg.Scopes
	}
	s.server.auth.drop(s, func(a *account) bool { return a.grant })
	token := s.server.auth.name("grant")
	s.server.auth.add(&account{Account{s.server.cfg.ClientID, s.server.cfg.ClientSecret, token, scopes}, s, true})
	return token
}

// Callback is the signed_payload_jwt of a load, uninstall or remove_user
// callback. The zero value of a field has the meaning its comment gives.
type Callback struct {
	UserID    int64  // the owner
	UserEmail string // that of the user id
	Path      string // the deep link; "/"
	ChannelID int64  // null
	IssuedAt  time.Time
	// Claims replace or, with nil, remove claims, to make a token a client must
	// refuse.
	Claims map[string]any
	// Secret signs instead of the app's; Algorithm is HS256 unless named: HS512
	// signs with it, "none" leaves the signature empty, others only change the
	// header.
	Secret, Algorithm string
}

// SignedPayload returns a signed_payload_jwt for the store.
func (s *Store) SignedPayload(c Callback) string {
	if c.UserID == 0 {
		c.UserID = OwnerID
	}
	orText(&c.UserEmail, map[int64]string{OwnerID: OwnerEmail, UserID: UserEmail}[c.UserID])
	orText(&c.Path, "/")
	orText(&c.Secret, s.server.cfg.ClientSecret)
	orText(&c.Algorithm, "HS256")
	if c.IssuedAt.IsZero() {
		c.IssuedAt = s.now()
	}
	iat := c.IssuedAt.Unix()
	claims := map[string]any{
		"aud": s.server.cfg.ClientID, "iss": "bc", "iat": iat, "nbf": iat - 5, "exp": iat + day,
		"jti": s.server.auth.name("jti"), "sub": "stores/" + s.cfg.StoreHash,
		"user":  map[string]any{"id": c.UserID, "email": c.UserEmail, "locale": "en-US"},
		"owner": map[string]any{"id": OwnerID, "email": OwnerEmail}, "url": c.Path, "channel_id": nil,
	}
	if c.ChannelID != 0 {
		claims["channel_id"] = c.ChannelID
	}
	for name, v := range c.Claims {
		if v == nil {
			delete(claims, name)
		} else {
			claims[name] = v
		}
	}
	part := func(v any) string {
		b, _ := json.Marshal(v) // maps of plain values marshal
		return base64.RawURLEncoding.EncodeToString(b)
	}
	text := part(map[string]string{"alg": c.Algorithm, "typ": "JWT"}) + "." + part(claims)
	if c.Algorithm == "none" {
		return text + "."
	}
	hash := sha256.New
	if c.Algorithm == "HS512" {
		hash = sha512.New
	}
	h := hmac.New(hash, []byte(c.Secret))
	h.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
