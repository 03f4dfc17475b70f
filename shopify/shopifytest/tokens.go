package shopifytest

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	refreshLifetime = 90 * 24 * time.Hour
	refreshGrace    = 30 * 24 * time.Hour // after its first use
	clientLifetime  = 86399 * time.Second
)

// grant is an access token and what it may do.
type grant struct {
	token   string
	list    []string
	expires time.Time // zero = never
	refresh *refreshToken
	parent  *refreshToken // the refresh token that made it
}

// has reports whether a scope was granted; a scope that writes also reads.
func (g *grant) has(scope string) bool {
	if slices.Contains(g.list, scope) {
		return true
	}
	what, ok := strings.CutPrefix(scope, "read_")
	return ok && slices.Contains(g.list, "write_"+what)
}

// refreshToken renews an access token. Once used it stays good until what it
// made is used, so that a lost answer can be asked for again.
type refreshToken struct {
	value   string
	list    []string // scopes of what it renews; nil = the app's
	expires time.Time
	used    time.Time // first use; zero = unused
	retired bool
	next    *refreshToken
	parent  *refreshToken
}

// tokens are all tokens of the app on the shop.
type tokens struct {
	mu      sync.Mutex
	srv     *Server
	access  map[string]*grant
	refresh map[string]*refreshToken
	codes   map[string]authCode
	moved   map[string]migration // by the static token that was traded in
	deny    string               // error of client_credentials, "" = granted
}

func newTokens(s *Server) *tokens {
	t := &tokens{srv: s, access: map[string]*grant{}, refresh: map[string]*refreshToken{}, codes: map[string]authCode{}, moved: map[string]migration{}}
	t.access[s.cfg.Token] = &grant{token: s.cfg.Token, list: s.cfg.Scopes}
	return t
}

// authorize returns the live grant of an access token, or nil. Using a
// token retires the refresh token it came from.
func (t *tokens) authorize(token string) *grant {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.access[token]
	if g == nil || (!g.expires.IsZero() && !t.srv.now().Before(g.expires)) {
		return nil
	}
	if g.parent != nil {
		g.parent.retired = true
	}
	return g
}

// issue makes an access token; with pair it gets a refresh token too.
// Called with mu held.
func (t *tokens) issue(lifetime time.Duration, pair bool, parent *refreshToken) *grant {
	now := t.srv.now()
	g := &grant{token: "shpat_" + secret(), list: t.srv.cfg.Scopes, parent: parent}
	if lifetime > 0 {
		g.expires = now.Add(lifetime)
	}
	if pair {
		g.refresh = &refreshToken{value: "shprt_" + secret(), expires: now.Add(refreshLifetime), parent: parent}
		t.refresh[g.refresh.value] = g.refresh
	}
	t.access[g.token] = g
	return g
}

// acquire makes a fresh pair, which retires every older refresh token.
func (t *tokens) acquire() *grant {
	for _, r := range t.refresh {
		r.retired = true
	}
	return t.issue(t.srv.cfg.TokenLifetime, true, nil)
}

// acquired makes what a code or a session token is traded for.
func (t *tokens) acquired(expiring bool, scopes []string) *grant {
	if !expiring {
		g := t.issue(0, false, nil)
		g.list = scopes
		return g
	}
	g := t.acquire()
	g.list, g.refresh.list = scopes, scopes
	return g
}

// renew trades a refresh token. It returns nil and the error code when the
// token is not good any more.
func (t *tokens) renew(value string) (g *grant, code string) {
	r := t.refresh[value]
	now := t.srv.now()
	switch {
	case r == nil, r.retired, !r.used.IsZero() && now.Sub(r.used) > refreshGrace:
		return nil, "invalid_request"
	case !now.Before(r.expires):
		return nil, "invalid_grant"
	}
	if r.used.IsZero() {
		r.used = now
	}
	if r.parent != nil { // the replacement is in use: its maker has served
		r.parent.retired = true
	}
	if r.next != nil { // asked for again: the pair made before is replaced
		r.next.retired = true
	}
	g = t.issue(t.srv.cfg.TokenLifetime, true, r)
	if r.list != nil {
		g.list = r.list
	}
	g.refresh.list, r.next = g.list, g.refresh
	return g, ""
}

func secret() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// migration remembers the pair a static token was traded for, since the
// trade may be repeated for a week.
type migration struct {
	pair *grant
	at   time.Time
}

const migrationRetry = 7 * 24 * time.Hour

// migrate trades a static token for a pair, once; nil when it is none.
func (t *tokens) migrate(static string) *grant {
	if m, ok := t.moved[static]; ok && t.srv.now().Sub(m.at) <= migrationRetry {
		return m.pair
	}
	old := t.access[static]
	if old == nil || !old.expires.IsZero() {
		return nil
	}
	delete(t.access, static)
	g := t.acquire()
	t.moved[static] = migration{g, t.srv.now()}
	return g
}

// TokenPair is an expiring access token with its refresh token.
type TokenPair struct {
	AccessToken      string
	RefreshToken     string
	ExpiresAt        time.Time
	RefreshExpiresAt time.Time
	Scopes           []string
}

// NewExpiringToken acquires a live pair as an installation would; it retires
// every older refresh token.
func (s *Server) NewExpiringToken() TokenPair {
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	g := s.tokens.acquire()
	return TokenPair{g.token, g.refresh.value, g.expires, g.refresh.expires, slices.Clone(g.list)}
}

// IssueCode returns an authorization code as the callback brings it, good
// for one exchange within Config.CodeLifetime.
func (s *Server) IssueCode() string { return s.issueCode(s.cfg.Scopes) }

// ExpireTokens ends every access token that can expire. Refresh tokens live
// on.
func (s *Server) ExpireTokens() {
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	for _, g := range s.tokens.access {
		if !g.expires.IsZero() {
			g.expires = s.now()
		}
	}
}

// Revoke ends one access or refresh token, the static one included.
func (s *Server) Revoke(token string) {
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	delete(s.tokens.access, token)
	if r := s.tokens.refresh[token]; r != nil {
		r.retired = true
	}
}

// Uninstall ends every token, as a merchant does who removes the app.
func (s *Server) Uninstall() {
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	clear(s.tokens.access)
	clear(s.tokens.refresh)
	clear(s.tokens.codes)
	clear(s.tokens.moved)
}

// DenyClientCredentials makes the client credentials grant fail with this
// error, such as shop_not_permitted or app_not_installed; "" allows it again.
func (s *Server) DenyClientCredentials(code string) {
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	s.tokens.deny = code
}
