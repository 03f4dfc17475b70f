package sallatest

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

type tokenState int

const (
	tokenBad  tokenState = iota // absent, unknown, expired or revoked
	tokenGone                   // the store took the app out
	tokenGood
)

// family is everything that comes from one consent; it dies as one.
type family struct {
	store   *Store
	revoked bool
}

type accessToken struct {
	store   *Store
	family  *family // nil for the static token
	scopes  []string
	expires time.Time // zero for never
	dead    bool
}

type refreshToken struct {
	family  *family
	scopes  []string
	expires time.Time // zero for never
	used    bool
}

type authCode struct {
	store    *Store
	scopes   []string
	redirect string // "" when any will do
	expires  time.Time
	used     bool
	family   *family // after the exchange
}

// authority keeps tokens and codes of every store.
type authority struct {
	server *Server

	mu      sync.Mutex
	access  map[string]*accessToken
	refresh map[string]*refreshToken
	codes   map[string]*authCode
	gone    map[*Store]bool
	reuses  int
}

func (a *authority) init(s *Server) {
	a.server = s
	a.access, a.refresh = map[string]*accessToken{}, map[string]*refreshToken{}
	a.codes, a.gone = map[string]*authCode{}, map[*Store]bool{}
}

func randomText() string {
	var b [24]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func (a *authority) addStatic(st *Store, token string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if token == "" {
		token = fmt.Sprintf("ory_at_static.%d", st.cfg.MerchantID)
	}
	if a.access[token] != nil {
		panic("sallatest: two stores with one access token")
	}
	a.access[token] = &accessToken{store: st, scopes: st.cfg.Scopes}
	return token
}

// bearer finds the token of a request. The token is nil only if unknown.
func (a *authority) bearer(r *http.Request) (tokenState, *accessToken) {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return tokenBad, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.access[text]
	switch {
	case t == nil:
		return tokenBad, nil
	case a.gone[t.store]:
		return tokenGone, t
	case t.dead, t.family != nil && t.family.revoked, !t.expires.IsZero() && !t.store.now().Before(t.expires):
		return tokenBad, t
	}
	return tokenGood, t
}

// allows compares the slug and the right; read_write satisfies read, and the
// vendor's "shippings" counts as "shipping".
func (t *accessToken) allows(scope string) bool {
	slug, right, _ := strings.Cut(scope, ".")
	return slices.ContainsFunc(t.scopes, func(have string) bool {
		s, r, _ := strings.Cut(have, ".")
		return (s == slug || s == slug+"s") && (r == right || r == "read_write" && right == "read")
	})
}

// pair is a fresh access token and, with offline_access, a refresh token.
type pair struct {
	access, refresh string
	scopes          []string
	expires         time.Time
	lifetime        time.Duration
}

// issue makes a pair for the family. The caller holds the lock.
func (a *authority) issue(f *family, scopes []string) pair {
	now, cfg := f.store.now(), f.store.cfg
	p := pair{access: "ory_at_" + randomText(), scopes: scopes, lifetime: cfg.AccessTokenLifetime}
	p.expires = now.Add(p.lifetime)
	a.access[p.access] = &accessToken{store: f.store, family: f, scopes: scopes, expires: p.expires}
	if slices.Contains(scopes, "offline_access") {
		p.refresh = "ory_rt_" + randomText()
		t := &refreshToken{family: f, scopes: scopes}
		if cfg.RefreshTokenLifetime > 0 {
			t.expires = now.Add(cfg.RefreshTokenLifetime)
		}
		a.refresh[p.refresh] = t
	}
	return p
}

// useCode exchanges a code. A second use revokes what the first one gave.
func (a *authority) useCode(code, redirect string) (pair, string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.codes[code]
	switch {
	case c == nil:
		return pair{}, "the authorization code is unknown"
	case c.used:
		a.server.book.Violationf("authorization code used twice")
		c.family.revoked = true
		return pair{}, "the authorization code has already been used"
	case !c.store.now().Before(c.expires):
		return pair{}, "the authorization code has expired"
	case c.redirect != "" && c.redirect != redirect:
		return pair{}, "the redirect_uri does not match"
	case a.gone[c.store]:
		return pair{}, "the app is not installed"
	}
	c.used, c.family = true, &family{store: c.store}
	return a.issue(c.family, c.scopes), ""
}

// useRefresh rotates a refresh token. A second use ends the whole family: the
// merchant has to install the app again.
func (a *authority) useRefresh(token string) (pair, string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.refresh[token]
	switch {
	case t == nil:
		return pair{}, "the refresh token is unknown"
	case t.used:
		t.family.revoked = true
		a.reuses++
		return pair{}, "the refresh token has already been used"
	case t.family.revoked || a.gone[t.family.store]:
		return pair{}, "the refresh token is revoked"
	case !t.expires.IsZero() && !t.family.store.now().Before(t.expires):
		return pair{}, "the refresh token has expired"
	}
	t.used = true
	if t.family.store.cfg.RefreshKillsAccess {
		for _, at := range a.access {
			at.dead = at.dead || at.family == t.family
		}
	}
	return a.issue(t.family, t.scopes), ""
}

// RefreshReuses returns how often a refresh token was used again, over all
// stores. Each time the grant was revoked.
func (s *Server) RefreshReuses() int {
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	return s.auth.reuses
}

// IssueCode returns an authorization code as if the merchant had consented. It
// works once, for five minutes of the clock, with any redirect_uri.
func (s *Store) IssueCode() string {
	return s.server.auth.issueCode(s, s.cfg.Scopes, "")
}

func (a *authority) issueCode(st *Store, scopes []string, redirect string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	code := "ory_ac_" + randomText()
	a.codes[code] = &authCode{store: st, scopes: scopes, redirect: redirect, expires: st.now().Add(5 * time.Minute)}
	return code
}

// Tokens is an access token with what belongs to it. It prints without secrets.
type Tokens struct {
	AccessToken  string
	RefreshToken string // "" without offline_access
	Expires      time.Time
	Scopes       []string
}

// String names the expiry alone.
func (t Tokens) String() string { return "tokens until " + t.Expires.Format(time.RFC3339) }

// GoString equals String.
func (t Tokens) GoString() string { return t.String() }

// IssueTokens returns a fresh pair as if a code had just been exchanged.
func (s *Store) IssueTokens() Tokens {
	a := &s.server.auth
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.issue(&family{store: s}, s.cfg.Scopes)
	return Tokens{p.access, p.refresh, p.expires, slices.Clone(p.scopes)}
}

// AddTokens makes a pair that another server issued good here, as if one
// consent had brought it: a program that is started again with a new server
// keeps its store that way. The refresh token lives as long as a fresh one.
func (s *Store) AddTokens(t Tokens) {
	a := &s.server.auth
	a.mu.Lock()
	defer a.mu.Unlock()
	f := &family{store: s}
	scopes := slices.Clone(t.Scopes)
	a.access[t.AccessToken] = &accessToken{store: s, family: f, scopes: scopes, expires: t.Expires}
	if t.RefreshToken == "" {
		return
	}
	r := &refreshToken{family: f, scopes: scopes}
	if s.cfg.RefreshTokenLifetime > 0 {
		r.expires = s.now().Add(s.cfg.RefreshTokenLifetime)
	}
	a.refresh[t.RefreshToken] = r
}

// ExpireTokens ends every access token issued so far, the static one included.
// Refresh tokens stay good.
func (s *Store) ExpireTokens() {
	a := &s.server.auth
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.access {
		t.dead = t.dead || t.store == s
	}
}

// Revoke takes the app out of the store: every request answers that the user
// does not exist, no code or refresh token works.
func (s *Store) Revoke() {
	a := &s.server.auth
	a.mu.Lock()
	defer a.mu.Unlock()
	a.gone[s] = true
	for _, t := range a.refresh {
		t.family.revoked = t.family.revoked || t.family.store == s
	}
}

// Reinstall puts the app back and returns a fresh pair. Tokens from before stay
// dead; the static one works again.
func (s *Store) Reinstall() Tokens {
	s.server.auth.install(s)
	return s.IssueTokens()
}

// InstallURL returns the callback a merchant's browser opens who installs the
// app from Salla's own pages: with a code, and with a state the app never made.
func (s *Store) InstallURL(redirectURI string) string {
	var b [8]byte
	_, _ = rand.Read(b[:])
	return callback(redirectURI, s.server.auth.issueCode(s, s.cfg.Scopes, redirectURI), hex.EncodeToString(b[:]), s.cfg.Scopes)
}
