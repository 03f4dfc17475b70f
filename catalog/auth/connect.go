package auth

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// ConnectConfig configures Connect. Lifecycle and BaseURL are required.
type ConnectConfig struct {
	// Lifecycle stores what flows win, and hears uninstalls.
	Lifecycle *Lifecycle
	// States keeps flows under way; nil = memory.
	States States
	// BaseURL is the public address Connect is reached at, such as
	// "https://app.example.com/connect". http is allowed for localhost and
	// loopback addresses only.
	BaseURL string
	// DoneURL is where the merchant is sent once a store is connected; "" = a
	// page of ours that shows the connection. Nothing is added to it.
	DoneURL string
	// Next are further places to be sent to, by a name that a start link may
	// give as "next". Any other name is refused.
	Next map[string]string
	// Methods are the names of the methods offered for a platform, the usual
	// one first; a platform that is not named offers all but those for
	// operators.
	Methods map[string][]string
	// Owner says for whom a flow begins, from the host's own session; nil =
	// nobody in particular. An error refuses the flow.
	Owner func(r *http.Request) (Owner, error)
	// Shown are the ids of the accounts that the page listing the platforms
	// may show to this visitor; nil = none.
	Shown func(r *http.Request) ([]string, error)
	// Visit answers a browser whose user opened the app from the platform: it
	// begins the host's own session and redirects, or lets the user claim a
	// store that is unclaimed. nil = to DoneURL.
	Visit func(w http.ResponseWriter, r *http.Request, account catalog.Account, visit Visit)
	// Event hears of what a platform reported to one of its routes, such as a
	// user who was removed, after Lifecycle has; nil = nobody does. When it
	// fails, so does the request.
	Event func(ctx context.Context, event catalog.Event) error
	// Failed hears of every refused request; nil = nobody does. It must not
	// block.
	Failed func(ctx context.Context, failure Failure)
	// Render writes a page; nil = plain HTML of ours. Status and headers are
	// Connect's; a Content-Security-Policy it has set allows no scripts.
	Render func(w io.Writer, view View) error
	// Logger is told of refused requests and stored connections, never of
	// secrets; nil = nobody is.
	Logger *slog.Logger
}

// Owner is for whom a flow begins.
type Owner struct {
	// Account is the id the account is to have; "" = as Lifecycle.AccountID
	// chooses. An account that exists can be connected to its own store only.
	Account string
	// Store is the only store wanted; "" = any.
	Store string
}

// Failure is a refused request or a flow that came to nothing.
type Failure struct {
	Platform string
	// Route is the last part of the path, such as "start" or "callback".
	Route string
	// Account is the account the flow was for, "" when there was none.
	Account string
	// Err holds no secret.
	Err error
}

// Connect is an http.Handler through which merchants connect their stores. It
// serves a page that lists the platforms, and below the name of each its
// "start" and the routes of its Plan, such as "callback". Mount it at the path
// of its BaseURL:
//
//	connect, err := auth.NewConnect(auth.ConnectConfig{
//		Lifecycle: &auth.Lifecycle{Accounts: accounts, Credentials: credentials},
//		States: states, BaseURL: "https://app.example.com/connect",
//	})
//	mux.Handle("/connect/", connect)
//
// A flow is bound to the browser that began it by a random state and a cookie,
// can be finished once and only for ten minutes (a platform may allow up to an
// hour), and sends the browser to the platform or to configured addresses,
// nowhere else. The state is random and no signature: no key is shared with
// webhooks or anything else. Where the platform sends no state back and the
// host wanted the store for one of its accounts, the merchant confirms on a
// page of ours. What went wrong is told to the host; the merchant is told what
// to do.
//
// It is safe for concurrent use, and by many processes where Lifecycle's stores
// and States are.
type Connect struct {
	config     ConnectConfig
	life       *Lifecycle
	base       *url.URL
	cookie     string // its name
	plans      map[string]*offer
	platforms  []string // in order of their titles
	protection *http.CrossOriginProtection
	logger     *slog.Logger
}

// offer is the plan of a platform as the configuration allows it.
type offer struct {
	Plan
	platform string
	adapter  Connector
	methods  []Method // offered, in order
	lost     bool     // the platform sends no state back
}

// NewConnect checks the configuration and the plans of the registered adapters
// that are Connectors; adapters registered later are not seen. The error is a
// *catalog.ConfigError that names the field.
func NewConnect(config ConnectConfig) (*Connect, error) {
	c := &Connect{config: config, life: config.Lifecycle, plans: map[string]*offer{}, protection: http.NewCrossOriginProtection(), logger: config.Logger}
	if err := c.life.check(); err != nil {
		return nil, err
	}
	if c.logger == nil {
		c.logger = slog.New(slog.DiscardHandler)
	}
	if c.config.States == nil {
		c.config.States = &MemoryStates{}
	}
	if c.config.Render == nil {
		c.config.Render = renderPlain
	}
	base, ok := publicURL(config.BaseURL)
	if !ok || base.RawQuery != "" {
		return nil, connectConfig("BaseURL", "must be an absolute https URL without a query; http is for localhost only")
	}
	base.Path = strings.TrimSuffix(base.Path, "/")
	c.base, c.cookie = base, "__Host-souk-connect"
	if base.Scheme == "http" {
		c.cookie = "souk-connect" // browsers accept the prefix with Secure alone
	}
	if err := c.protection.AddTrustedOrigin(base.Scheme + "://" + base.Host); err != nil {
		return nil, connectConfig("BaseURL", "has no origin")
	}
	for name, to := range config.Next {
		if _, ok := publicURL(to); !ok || !nameForm.MatchString(name) {
			return nil, connectConfig("Next", "must map names of small letters, digits, - and _ to absolute https URLs")
		}
	}
	if _, ok := publicURL(config.DoneURL); !ok && config.DoneURL != "" {
		return nil, connectConfig("DoneURL", "must be an absolute https URL")
	}
	return c, c.plan()
}

// plan collects the plans.
func (c *Connect) plan() error {
	for _, platform := range c.life.registry().Platforms() {
		adapter, err := c.life.registry().Get(platform)
		if err != nil {
			return err
		}
		connector, ok := adapter.(Connector)
		if !ok {
			continue
		}
		o := &offer{Plan: connector.ConnectPlan(), platform: platform, adapter: connector}
		names, chosen := c.config.Methods[platform]
		if err := o.choose(names, chosen); err != nil {
			return err
		}
		c.plans[platform] = o
		c.platforms = append(c.platforms, platform)
	}
	for platform := range c.config.Methods {
		if c.plans[platform] == nil {
			return connectConfig("Methods", "names a platform that is not registered or cannot be connected here: "+platform)
		}
	}
	slices.SortFunc(c.platforms, func(a, b string) int { return strings.Compare(c.plans[a].Title, c.plans[b].Title) })
	return nil
}

// choose checks the plan and keeps the methods the configuration names.
func (o *offer) choose(names []string, chosen bool) error {
	wrong := func(what string) error {
		return connectConfig("Lifecycle", "has the adapter "+o.platform+", whose plan "+what)
	}
	if o.Title == "" || !nameForm.MatchString(o.platform) {
		return wrong("has no title or no proper name")
	}
	known := map[string]Method{}
	for _, m := range o.Plan.Methods {
		if _, twice := known[m.Name]; twice || !nameForm.MatchString(m.Name) || m.Begin == nil {
			return wrong("has a method without a proper name of its own or without Begin")
		}
		for i, f := range m.Fields {
			if !nameForm.MatchString(f.Name) || f.Name == "method" || f.Name == "next" || slices.ContainsFunc(m.Fields[:i], func(g Field) bool { return g.Name == f.Name }) {
				return wrong("has a field without a proper name of its own")
			}
		}
		known[m.Name] = m
		if !chosen && !m.Operator {
			o.methods = append(o.methods, m)
		}
	}
	for _, name := range names {
		m, ok := known[name]
		if !ok {
			return connectConfig("Methods", "names a method that "+o.platform+" does not have: "+name)
		}
		o.methods = append(o.methods, m)
	}
	for i, r := range o.Routes {
		if !nameForm.MatchString(r.Name) || slices.Contains([]string{"start", "confirm", "connected"}, r.Name) || r.Handle == nil ||
			slices.ContainsFunc(o.Routes[:i], func(s Route) bool { return s.Name == r.Name }) {
			return wrong("has a route without a proper name of its own or without Handle")
		}
		o.lost = o.lost || r.State == "" && !r.Server
	}
	return nil
}

// nameForm is what methods, routes and fields are called.
var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

func connectConfig(field, reason string) error {
	return &catalog.ConfigError{Platform: "connect", Field: field, Reason: reason}
}

// publicURL reads an address a browser may be sent to.
func publicURL(text string) (*url.URL, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return nil, false
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	local := host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
	return u, u.Scheme == "https" || u.Scheme == "http" && local
}

// url is the public address of a path below Connect's own.
func (c *Connect) url(elements ...string) string {
	return c.base.JoinPath(elements...).String()
}

var _ http.Handler = (*Connect)(nil)
