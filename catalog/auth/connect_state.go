package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
)

const (
	flowLifetime    = 10 * time.Minute
	maxFlowLifetime = time.Hour
	maxMemory       = 16 << 10
)

// flow is what is remembered of an install under way, as JSON in a Secret.
type flow struct {
	Platform string    `json:"platform"`
	Method   string    `json:"method,omitempty"`
	Browser  string    `json:"browser"` // hash of its cookie
	Account  string    `json:"account,omitempty"`
	Store    string    `json:"store,omitempty"`
	Next     string    `json:"next,omitempty"`
	Memory   string    `json:"memory,omitempty"`
	Used     []string  `json:"used,omitempty"` // routes that were gone through
	Until    time.Time `json:"until"`
	// Pending is a grant that waits for the merchant's word.
	Pending *pending `json:"pending,omitempty"`
	// Shown is the account a page shows the connection of.
	Shown   string   `json:"shown,omitempty"`
	Missing []string `json:"missing,omitempty"`
}

// secretForm is a state or a cookie: 256 random bits. Hexadecimal, since
// platforms strip hyphens and change case of nothing in it.
var secretForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func randomHex() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func hashHex(s string) string {
	sum := sha256.Sum256([]byte("souk connect cookie\x00" + s))
	return hex.EncodeToString(sum[:])
}

// The keys flows are kept under. They are told apart from anything else a host
// may keep in States.
func stateKey(platform, state string) string { return "connect/state/" + platform + "/" + state }
func browserKey(platform, browser string) string {
	return "connect/browser/" + platform + "/" + browser
}

// errState is the refusal of a state, whatever is wrong with it: who guesses
// learns nothing.
func errState(platform string) *catalog.Error {
	return &catalog.Error{Platform: platform, Op: "connect store", Kind: catalog.ErrUnauthorized, Code: "state",
		Message: "the state is missing, unknown, was used, has expired or belongs to another browser", Hint: "begin again"}
}

func (c *Connect) keep(ctx context.Context, key string, f *flow) error {
	if len(f.Memory) > maxMemory {
		return &catalog.Error{Platform: f.Platform, Op: "keep state", Kind: catalog.ErrInvalid, Message: "the flow remembers too much"}
	}
	text, err := json.Marshal(f)
	if err != nil {
		return &catalog.Error{Platform: f.Platform, Op: "keep state", Kind: catalog.ErrInvalid, Message: "the flow cannot be encoded"}
	}
	return c.config.States.Put(ctx, key, catalog.NewSecret(string(text)), f.Until)
}

// take removes a flow and returns it, or errState.
func (c *Connect) take(ctx context.Context, platform, key string) (*flow, error) {
	value, err := c.config.States.Take(ctx, key)
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return nil, errState(platform)
	}
	if err != nil {
		return nil, err
	}
	f := new(flow)
	if json.Unmarshal([]byte(value.Reveal()), f) != nil || !f.Until.After(time.Now()) {
		return nil, errState(platform)
	}
	return f, nil
}

// ownedBy reports whether the browser that sent the cookie began the flow.
func (f *flow) ownedBy(cookie string) bool {
	return secretForm.MatchString(cookie) && subtle.ConstantTimeCompare([]byte(f.Browser), []byte(hashHex(cookie))) == 1
}

func (f *flow) used(route string) bool { return slices.Contains(f.Used, route) }

// browser returns the request's cookie, "" when it has none of ours.
func (c *Connect) browser(r *http.Request) string {
	cookies := r.CookiesNamed(c.cookie)
	if len(cookies) != 1 || !secretForm.MatchString(cookies[0].Value) {
		return ""
	}
	return cookies[0].Value
}

// mark makes sure that the browser has a cookie, the same for flows in several
// tabs. It lasts longer than any flow; what ends a flow is its state.
func (c *Connect) mark(w http.ResponseWriter, r *http.Request) string {
	value := c.browser(r)
	if value == "" {
		value = randomHex()
	}
	http.SetCookie(w, &http.Cookie{
		Name: c.cookie, Value: value, Path: "/", MaxAge: int(maxFlowLifetime.Seconds()), HttpOnly: true,
		Secure: c.base.Scheme == "https", SameSite: http.SameSiteLaxMode,
	})
	return value
}

// pending is a Grant in a form that can be kept; States keep it encrypted.
type pending struct {
	Store            string            `json:"store"`
	AccessToken      string            `json:"access_token,omitempty"`
	RefreshToken     string            `json:"refresh_token,omitempty"`
	Key              string            `json:"key,omitempty"`
	Secret           string            `json:"secret,omitempty"`
	TokenSecret      string            `json:"token_secret,omitempty"`
	ExpiresAt        time.Time         `json:"expires_at,omitzero"`
	RefreshExpiresAt time.Time         `json:"refresh_expires_at,omitzero"`
	WebhookSecrets   []string          `json:"webhook_secrets,omitempty"`
	Scopes           []string          `json:"scopes"`
	Settings         map[string]string `json:"settings,omitempty"`
	Missing          []string          `json:"missing,omitempty"`
}

func toPending(g Grant) *pending {
	c := g.Credential
	p := &pending{Store: g.Store, AccessToken: c.AccessToken.Reveal(), RefreshToken: c.RefreshToken.Reveal(), Key: c.Key.Reveal(),
		Secret: c.Secret.Reveal(), TokenSecret: c.TokenSecret.Reveal(), ExpiresAt: c.ExpiresAt, RefreshExpiresAt: c.RefreshExpiresAt,
		Scopes: c.Scopes, Settings: g.Settings, Missing: g.Missing}
	for _, s := range c.WebhookSecrets {
		p.WebhookSecrets = append(p.WebhookSecrets, s.Reveal())
	}
	return p
}

func (p *pending) grant() Grant {
	c := catalog.Credential{AccessToken: catalog.NewSecret(p.AccessToken), RefreshToken: catalog.NewSecret(p.RefreshToken), Key: catalog.NewSecret(p.Key),
		Secret: catalog.NewSecret(p.Secret), TokenSecret: catalog.NewSecret(p.TokenSecret), ExpiresAt: p.ExpiresAt, RefreshExpiresAt: p.RefreshExpiresAt, Scopes: p.Scopes}
	for _, s := range p.WebhookSecrets {
		c.WebhookSecrets = append(c.WebhookSecrets, catalog.NewSecret(s))
	}
	return Grant{Grant: catalog.Grant{Store: p.Store, Credential: c}, Settings: p.Settings, Missing: p.Missing}
}
