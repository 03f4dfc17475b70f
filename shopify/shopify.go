// Package shopify connects to merchants' stores on Shopify through the GraphQL
// Admin API, with a pinned version.
//
//	app, err := shopify.New(shopify.Config{})
//	engine, err := app.Open(catalog.Account{Store: "acme.myshopify.com"}, catalog.StaticToken("shpat_..."))
//	for order, err := range engine.Orders(ctx, catalog.OrderQuery{}) { ... }
//
// # Credentials
//
// A legacy custom app has one static token: catalog.StaticToken. An app of the
// store's own organisation asks for tokens with its client id and secret:
// [Adapter.ClientCredentials]. Public apps hold expiring tokens with a rotating
// refresh token; package catalog/auth keeps them, with
// [Adapter.RefreshCredential] behind it.
//
// # Pacing
//
// Shopify charges each call points from a bucket per app and store. All engines
// an Adapter opens for one store share one bucket, whose level is corrected by
// every answer, so that calls wait instead of being throttled. What other apps
// with the same client id take is noticed from the answers too.
//
// # What to know
//
// Ids are the numeric legacy ids as text; GIDs are accepted. Orders older than
// 60 days are absent without the read_all_orders scope. Customer data may be
// withheld from an app; such fields are empty and a Problem on the record says
// so. Deletions are told only by webhooks.
//
// # Writes
//
// Stock and refunds carry an idempotency key and are repeated with it when an
// answer is lost. Every other write is sent once: a lost answer is a
// *catalog.OutcomeError, whose Confirm reads what became of it. A write that
// Shopify throttled was not run and is repeated.
package shopify

import (
	"cmp"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Platform is the name the adapter registers under.
const Platform = "shopify"

// DefaultVersion is the API version used when Config names none. The adapter
// is tested on 2026-07 and 2026-10.
const DefaultVersion = "2026-07"

// defaultAttempts leaves room for throttled answers that other programs with
// the same app cause.
const defaultAttempts = 8

// Config describes the app. The zero value is enough to open stores with
// static tokens; every other use says which fields it needs.
type Config struct {
	// ClientID and ClientSecret are the app's keys from the Dev Dashboard. They
	// are needed together, for client credentials and refreshing tokens; the
	// secret is for webhooks too.
	ClientID     string
	ClientSecret catalog.Secret
	// OldSecrets are earlier client secrets that may still sign webhooks,
	// callbacks and session tokens, newest first; nil = none. After a rotation
	// Shopify goes on signing with the oldest one that is not revoked.
	OldSecrets []catalog.Secret
	// Scopes are asked for when a store is connected, such as "read_products";
	// nil = those of the app's own configuration at Shopify.
	Scopes []string
	// APIVersion pins the API, such as "2026-07"; "" = DefaultVersion. A store
	// that answers with another version gives an error instead of surprises.
	APIVersion string
	// Transport sends the requests; nil = a tuned transport of our own.
	Transport http.RoundTripper
	// UserAgent is sent along; "" = souk's.
	UserAgent string
	// AttemptTimeout bounds one attempt; 0 = 60 seconds.
	AttemptTimeout time.Duration
	// Attempts is the most attempts of one call; 0 = 8, 1 = no retries.
	Attempts int
	// PollInterval is the first pause between two looks at what became of a
	// write; each is twice as long as the one before, up to sixteen times the
	// first. 0 = half a second.
	PollInterval time.Duration
	// Logger is told attempts and retries, and warnings such as search
	// terms that Shopify ignored; nil = none.
	Logger *slog.Logger
	// Observer is told each call and attempt; nil = none.
	Observer transport.Observer
}

// Adapter is Shopify with one app's keys. It is safe for concurrent use.
type Adapter struct {
	config  Config
	http    *transport.Client
	budgets *transport.Budgets
	costs   costs
	logger  *slog.Logger
	files   http.RoundTripper // for results of exports, which lie elsewhere
}

// versionForm is a quarterly version, or the two that move.
var versionForm = regexp.MustCompile(`^(20\d\d-(01|04|07|10)|unstable)$`)

// New checks the configuration and makes an adapter. The error is a
// *catalog.ConfigError that names the field.
func New(config Config) (*Adapter, error) {
	config.APIVersion = cmp.Or(config.APIVersion, DefaultVersion)
	wrong := func(field, reason string) (*Adapter, error) {
		return nil, &catalog.ConfigError{Platform: Platform, Field: field, Reason: reason}
	}
	switch {
	case !versionForm.MatchString(config.APIVersion):
		return wrong("APIVersion", `must be a quarterly version such as "2026-07"`)
	case config.PollInterval < 0:
		return wrong("PollInterval", "is negative")
	case config.ClientID != "" && config.ClientSecret.IsZero():
		return wrong("ClientSecret", "is empty although ClientID is set; both come from the app's settings in the Dev Dashboard")
	case config.ClientID == "" && !config.ClientSecret.IsZero():
		return wrong("ClientID", "is empty although ClientSecret is set; both come from the app's settings in the Dev Dashboard")
	}
	for _, s := range config.OldSecrets {
		if s.IsZero() {
			return wrong("OldSecrets", "holds an empty secret, which anybody could sign with")
		}
	}
	a := &Adapter{config: config, logger: config.Logger}
	if a.logger == nil {
		a.logger = slog.New(slog.DiscardHandler)
	}
	if a.files = config.Transport; a.files == nil {
		a.files = transport.NewHTTPTransport()
	}
	client, err := transport.New(transport.Config{
		Platform: Platform, Transport: config.Transport, UserAgent: config.UserAgent,
		AttemptTimeout: config.AttemptTimeout, Attempts: cmp.Or(config.Attempts, defaultAttempts), Logger: config.Logger, Observer: config.Observer, Classify: classifyStatus,
	})
	if err != nil {
		return nil, err
	}
	a.http = client
	// A bucket refills in 20 seconds, long before it is forgotten.
	a.budgets = &transport.Budgets{New: func(string) transport.Budget { return newBucket() }}
	return a, nil
}

// Platform returns "shopify".
func (a *Adapter) Platform() string { return Platform }

// Open makes an engine for the store, such as "acme.myshopify.com". Only that
// form is accepted: the credential is sent to no other host.
func (a *Adapter) Open(account catalog.Account, credentials catalog.CredentialSource) (catalog.Engine, error) {
	shop, err := checkShop(account.Store)
	if err != nil {
		return nil, err
	}
	if credentials == nil {
		return nil, &catalog.Error{Platform: Platform, Op: "open store", Kind: catalog.ErrInvalid, Message: "no credentials", Hint: "pass catalog.StaticToken or another source"}
	}
	if account.Platform != "" && account.Platform != Platform {
		return nil, &catalog.Error{Platform: Platform, Op: "open store", Kind: catalog.ErrInvalid, Message: "the account belongs to " + account.Platform}
	}
	account = account.Clone()
	account.Platform, account.Store = Platform, shop
	return &Engine{adapter: a, account: account, shop: shop, credentials: credentials}, nil
}

// CanonicalStore returns the store's myshopify.com domain in lower case.
func (a *Adapter) CanonicalStore(store string) (string, error) { return checkShop(store) }

// shopForm is the only form of store name a credential may be sent to:
// https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant
var shopForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*\.myshopify\.com$`)

// checkShop returns the store's host, lower-cased, or an error.
func checkShop(store string) (string, error) {
	shop := strings.ToLower(store)
	if len(shop) > 255 || !shopForm.MatchString(shop) {
		return "", &catalog.Error{Platform: Platform, Op: "open store", Kind: catalog.ErrInvalid,
			Message: "the store's name is not of the form name.myshopify.com",
			Hint:    "use the permanent myshopify.com domain from the admin's address, without https:// or a path"}
	}
	return shop, nil
}

var (
	_ catalog.Adapter = (*Adapter)(nil)
	_ catalog.Engine  = (*Engine)(nil)
)
