package magentotest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// grants says which ACL resources a caller has.
type grants struct {
	all  bool
	list []string
}

func (g grants) has(resource string) bool { return g.all || slices.Contains(g.list, resource) }

// integration is a consumer with its keys, active or on its way to be.
type integration struct {
	id             int
	key, secret    string
	token, tSecret string // of access; "" until the handshake is done
	request        string // request token, "" when there is none
	requestSecret  string
	verifier       string
	activated      time.Time
	revoked        bool
}

// authority knows who may come in.
type authority struct {
	mu           sync.Mutex
	cfg          *Config
	integrations []*integration
	nonces       map[string]time.Time // consumer id and nonce
	bearer       map[string]time.Time // admin and IMS tokens, and when they end
	failures     int                  // of the admin's sign-in in a row
	lockedUntil  time.Time
	issued       int
}

func (a *authority) init(cfg *Config) {
	a.cfg = cfg
	a.nonces, a.bearer = map[string]time.Time{}, map[string]time.Time{}
	a.integrations = []*integration{{
		id: 1, key: cfg.ConsumerKey, secret: cfg.ConsumerSecret, token: cfg.AccessToken, tSecret: cfg.AccessTokenSecret,
	}}
}

func authKind(r *http.Request) string {
	a := strings.ToLower(r.Header.Get("Authorization"))
	switch {
	case strings.HasPrefix(a, "oauth "):
		return "oauth"
	case strings.HasPrefix(a, "bearer "):
		return "bearer"
	}
	return ""
}

// authenticate finds the caller's resources. A bearer token that is unknown,
// expired or not allowed makes an anonymous caller, who fails later for want
// of a resource; a bad OAuth header fails here.
func (c *call) authenticate(to *route) (grants, bool) {
	a := &c.server.auth
	header := c.r.Header.Get("Authorization")
	switch authKind(c.r) {
	case "oauth":
		if c.server.cfg.Edition == SaaS {
			c.violation("OAuth 1.0a, which SaaS does not know")
			return grants{}, true
		}
		if _, e := c.verifyOAuth(true); e != nil {
			c.fail(e.status, e.message, e.params...)
			return grants{}, false
		}
		return grants{list: a.cfg.Resources}, true
	case "bearer":
		if len(strings.Split(header, " ")) != 2 {
			c.violation("Authorization of other than two parts")
			return grants{}, true
		}
		return a.bearerGrants(c, header[len("bearer "):]), true
	}
	if header != "" {
		c.violation("Authorization of an unknown scheme")
	} else if to.acl != "" {
		c.violation("no Authorization")
	}
	return grants{}, true
}

func (a *authority) bearerGrants(c *call, token string) grants {
	a.mu.Lock()
	defer a.mu.Unlock()
	if end, ok := a.bearer[token]; ok {
		if !c.server.now().Before(end) {
			return grants{}
		}
		if a.cfg.Edition == SaaS {
			c.checkIMSHeaders()
			return grants{list: a.cfg.Resources}
		}
		return grants{all: true}
	}
	for _, in := range a.integrations {
		if in.token == token && !in.revoked {
			if a.cfg.BearerTokens && a.cfg.Edition != SaaS {
				return grants{list: a.cfg.Resources}
			}
			return grants{}
		}
	}
	return grants{}
}

func (c *call) checkIMSHeaders() {
	if k := c.r.Header.Get("X-Api-Key"); k != "" && k != c.server.cfg.ClientID {
		c.violation("x-api-key is not the client id")
	}
	if o := c.r.Header.Get("X-Gw-Ims-Org-Id"); o != "" && o != c.server.cfg.OrgID {
		c.violation("x-gw-ims-org-id is not the merchant's organisation")
	}
}

// Revoke ends the access tokens of every integration, as deleting them in the
// admin does. OAuth then says so, and bearer tokens are passed over.
func (s *Server) Revoke() {
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	for _, in := range s.auth.integrations {
		in.revoked = true
	}
}

// ExpireTokens ends every admin and IMS token.
func (s *Server) ExpireTokens() {
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	clear(s.auth.bearer)
}

// issue makes a bearer token; the lock is held.
func (a *authority) issue(now time.Time, life time.Duration) string {
	a.issued++
	end := now.Add(life)
	token := jwt(fmt.Sprintf(`{"uid":1,"utypid":2,"iat":%d,"exp":%d,"n":%d}`, now.Unix(), end.Unix(), a.issued))
	a.bearer[token] = end
	return token
}
