// Package woocommerce connects to merchants' stores on WooCommerce through its
// REST API wc/v3.
//
//	app, err := woocommerce.New(woocommerce.Config{})
//	keys := catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret(ck), Secret: catalog.NewSecret(cs)})
//	engine, err := app.Open(catalog.Account{Store: "https://shop.example"}, keys)
//	for order, err := range engine.Orders(ctx, catalog.OrderQuery{}) { ... }
//
// # Credentials
//
// A credential is a key pair of the store: Key the consumer key, Secret the
// consumer secret. Over https it is sent as Basic authorisation, where a
// WordPress user with an application password works too. Over http, where the
// store ignores that, requests are signed (OAuth 1.0a) for the address the
// store believes it has. [Auth] names the ways for hosts that break these.
//
// # Pacing
//
// WooCommerce has no rate limit, but mostly a small host. All engines an
// Adapter opens for one store share a polite budget, see Config.Pace: a few
// calls at once, fewer when the host is in trouble.
//
// # What to know
//
// Lists are read in the order of ids and each page overlaps the one before, so
// that a record deleted meanwhile hides no other. The currency and the unit of
// weight of products are the store's settings, asked for every quarter of an
// hour. An order's amounts are without tax, whatever its prices were; a unit
// price is the line's subtotal by its quantity, to six decimals. Webhooks are
// sent once: read the changes as well.
//
// # Writing
//
// WooCommerce knows no idempotency keys: every write is sent once. Records that
// are created carry a mark by which Confirm knows them; the rest sets a state
// and may be repeated. Some hosts block PUT, so updates go out as POST, which
// WooCommerce takes for the same. It has no shipments and no tracking: an order
// that was sent is completed with Do, POST /orders/ID with the status completed,
// and its number told with AddOrderNote. Stock is set, never adjusted.
//
// # Limits
//
// Any host name can be a store, so a service that takes addresses from
// strangers gives a Transport that refuses addresses inside its own network.
// Lists sorted by change need WooCommerce 5.8.
package woocommerce

import (
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Platform is the name the adapter registers under.
const Platform = "woocommerce"

// Config describes the service. The zero value is good.
type Config struct {
	// AppName is what a store's page calls the app that asks for keys; "" = the
	// host of the callback. It also marks the names of the webhooks that are the
	// app's, as "souk" where it is "": services that keep webhooks in the same
	// stores need different names, and keep them.
	AppName string
	// Permissions are what granted keys may do; "" = PermissionsReadWrite.
	Permissions Permissions
	// PlainCallback asks for keys to be granted to an address without TLS, such
	// as auth.Connect has on this machine alone. No real store does; it is for
	// test servers.
	PlainCallback bool
	// Auth is how requests are authorised; "" = AuthAuto. The account's setting
	// "auth" wins.
	Auth Auth
	// WebhookSecrets are what deliveries are verified with, newest first; several
	// while one is being replaced. They serve accounts whose verifier is asked
	// for without secrets: whoever administers a store can read its secret, so
	// only a service with one store has its secret here.
	WebhookSecrets []catalog.Secret
	// Pace bounds the calls in flight to one store; its zero value is four at
	// first and sixteen at most.
	Pace transport.PoliteConfig
	// Transport sends the requests; nil = a tuned transport of our own. A
	// store's address is what a merchant typed in: a service whose own network
	// must not be reached so refuses to dial it here.
	Transport http.RoundTripper
	// UserAgent is sent along; "" = souk's.
	UserAgent string
	// AttemptTimeout bounds one attempt; 0 = 60 seconds. A page of a hundred
	// products takes a small host some seconds.
	AttemptTimeout time.Duration
	// Attempts is the most attempts of one call; 0 = 5, 1 = no retries.
	Attempts int
	// PollInterval is the first pause between two looks at what became of a
	// write; each is twice as long as the one before, up to sixteen times the
	// first. 0 = half a second.
	PollInterval time.Duration
	// Logger is told attempts and retries; nil = none.
	Logger *slog.Logger
	// Observer is told each call and attempt; nil = none.
	Observer transport.Observer
}

// Adapter is WooCommerce. It is safe for concurrent use.
type Adapter struct {
	config  Config
	http    *transport.Client
	budgets *transport.Budgets
	stores  knowledge
}

// New checks the configuration and makes an adapter. The error is a
// *catalog.ConfigError that names the field.
func New(config Config) (*Adapter, error) {
	wrong := func(field, reason string) (*Adapter, error) {
		return nil, &catalog.ConfigError{Platform: Platform, Field: field, Reason: reason}
	}
	config.WebhookSecrets = slices.Clone(config.WebhookSecrets)
	if config.Auth == "" {
		config.Auth = AuthAuto
	}
	if config.Permissions == "" {
		config.Permissions = PermissionsReadWrite
	}
	switch {
	case config.AppName == "0": // which the store takes for none
		return wrong("AppName", "is not a name")
	case config.Permissions != PermissionsReadWrite && config.Permissions != PermissionsRead:
		return wrong("Permissions", `must be "read_write" or "read"`)
	case !config.Auth.known():
		return wrong("Auth", "must be one of "+authNames())
	case slices.ContainsFunc(config.WebhookSecrets, catalog.Secret.IsZero):
		return wrong("WebhookSecrets", "holds an empty secret, which anybody could sign with")
	case config.PollInterval < 0:
		return wrong("PollInterval", "is negative")
	}
	if _, err := transport.NewPolite(config.Pace); err != nil {
		return wrong("Pace", "is not possible: "+err.Error())
	}
	client, err := transport.New(transport.Config{
		Platform: Platform, Transport: config.Transport, UserAgent: config.UserAgent,
		AttemptTimeout: config.AttemptTimeout, Attempts: config.Attempts, Logger: config.Logger, Observer: config.Observer,
	})
	if err != nil {
		return nil, err
	}
	a := &Adapter{config: config, http: client}
	a.budgets = &transport.Budgets{New: func(string) transport.Budget {
		budget, _ := transport.NewPolite(config.Pace) // tried above
		return budget
	}}
	return a, nil
}

// Platform returns "woocommerce".
func (a *Adapter) Platform() string { return Platform }

// CanonicalStore returns the store's address as scheme, host and folder,
// without a slash at the end; without a scheme it is taken for https.
func (a *Adapter) CanonicalStore(store string) (string, error) {
	base, err := parseStore("open store", store)
	if err != nil {
		return "", err
	}
	return base.String(), nil
}

// Open makes an engine for the store at this address, such as
// "https://shop.example" or "https://example.com/shop". Settings:
//
//   - "auth" replaces Config.Auth, see [Auth];
//   - "rest_path" is where the store's REST API lives below its address;
//     "wp-json" if not set, "index.php/wp-json" for some permalinks;
//   - "signed_scheme" is http or https where OAuth signs another scheme than
//     the address has, as behind a proxy that hides https from WordPress.
func (a *Adapter) Open(account catalog.Account, credentials catalog.CredentialSource) (catalog.Engine, error) {
	const op = "open store"
	refuse := func(message, hint string) (catalog.Engine, error) {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message, Hint: hint}
	}
	base, err := parseStore(op, account.Store)
	if err != nil {
		return nil, err
	}
	auth := a.config.Auth
	if set := account.Settings["auth"]; set != "" {
		auth = Auth(set)
	}
	rest := account.Settings["rest_path"]
	if rest == "" {
		rest = "wp-json"
	}
	scheme := account.Settings["signed_scheme"]
	if scheme == "" {
		scheme = base.Scheme
	}
	switch {
	case credentials == nil:
		return refuse("no credentials", "pass the store's credential source")
	case account.Platform != "" && account.Platform != Platform:
		return refuse("the account belongs to "+account.Platform, "")
	case !auth.known():
		return refuse("the account's setting auth is not known", "use one of "+authNames())
	case base.Scheme == "http" && (auth == AuthBasic || auth == AuthQuery):
		return refuse("the way "+string(auth)+" would send the secret over plain http, where the store ignores it",
			"use the store's https address, or auth oauth1")
	case !plainPath(rest):
		return refuse("the account's setting rest_path is not a path", `use one such as "wp-json" or "index.php/wp-json"`)
	case scheme != "http" && scheme != "https":
		return refuse("the account's setting signed_scheme is not a scheme", "use http or https")
	}
	account = account.Clone()
	account.Platform, account.Store = Platform, base.String()
	return &Engine{
		adapter: a, account: account, base: base, rest: rest, auth: auth.over(base.Scheme), scheme: scheme,
		credentials: credentials, budget: a.budgets.Get(account.Store), facts: a.stores.of(account.Store),
	}, nil
}

// Engine is one WooCommerce store. It is safe for concurrent use.
type Engine struct {
	adapter     *Adapter
	account     catalog.Account
	base        *url.URL // not written to
	rest        string
	auth        Auth // never AuthAuto
	scheme      string
	credentials catalog.CredentialSource
	budget      transport.Budget
	facts       *facts
}

// Platform returns "woocommerce".
func (e *Engine) Platform() string { return Platform }

// Account returns a copy of the account the engine was opened with.
func (e *Engine) Account() catalog.Account { return e.account.Clone() }

// Features returns what the engine can do.
func (e *Engine) Features() catalog.Features { return e.adapter.Features() }

var (
	_ catalog.Adapter = (*Adapter)(nil)
	_ catalog.Engine  = (*Engine)(nil)
)
