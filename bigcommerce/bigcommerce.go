// Package bigcommerce connects to merchants' stores on BigCommerce: V3 of the
// REST API for catalogue, customers and inventory, V2 for orders and the store.
//
//	app, err := bigcommerce.New(bigcommerce.Config{})
//	engine, err := app.Open(catalog.Account{Store: "z4zn3wo"}, catalog.StaticToken(token))
//	for order, err := range engine.Orders(ctx, catalog.OrderQuery{}) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(order.Number, order.Total.Store)
//	}
//
// # Credentials
//
// Tokens do not expire and cannot be refreshed: a refused one means that the
// merchant has to connect the store again, or to make another API account.
// Reading takes the read-only scopes of Information & Settings, Products,
// Orders, Customers, Store Inventory and Store Locations; writing takes those of
// what is written without "read-only".
//
// # Pacing
//
// A store's plan allows 150 or 450 calls in 30 seconds, or more, shared by all
// apps. All engines an Adapter opens for one store share that window, which
// every answer corrects, and three calls at once.
//
// # What to know
//
// Amounts of orders are in the currency the order was settled in
// (default_currency_code); the one the shopper was shown is named without
// amounts. Lists of orders leave out incomplete ones, whose checkout was not
// finished, and archived ones, which is what BigCommerce has in place of
// deletion; Order reads both, and webhooks tell of both. Messages of orders
// can be read and not sent: notes go into the staff's. Webhooks bring ids
// only, so that each event costs a read. The setting "channel_id" of an
// account narrows products and orders to a channel; stock, locations and
// customers are the store's.
//
// # Writing
//
// BigCommerce knows no idempotency keys: each write is sent once, and its
// documentation says what Confirm can find out after a lost answer. Names and
// SKUs of products and addresses of customers are unique, refunds carry a
// reference, shipments a tracking number; a difference of stock has nothing that
// tells whose it was. Stock is changed in the background. Whether goods go back
// into stock and shoppers get mail the store's settings decide.
package bigcommerce

import (
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/catalog/transport/standardwebhooks"
)

// Platform is the name the adapter registers under.
const Platform = "bigcommerce"

// apiHost is the only host a credential is sent to. Nothing an answer links to
// is followed.
const apiHost = "api.bigcommerce.com"

// Config describes the app, or the API accounts of stores. The zero value is
// enough to open stores; webhooks need the secrets, installations the ClientID
// too.
type Config struct {
	// ClientID and ClientSecret are the app's keys from the developer portal.
	// They are needed together, for exchanging codes and for callbacks; the
	// secret is for webhooks too. A ClientID of "" = there is no app, and
	// merchants enter API accounts: the secret is then that of a store's account.
	// It is used as it is: do not decode it.
	ClientID     string
	ClientSecret catalog.Secret
	// OldSecrets are earlier client secrets that may still sign webhooks and
	// callbacks, newest first; nil = none.
	OldSecrets []catalog.Secret
	// Scopes are those the app needs, as it is registered with them, such as
	// "store_v2_products_read_only": a store that granted fewer is connected, and
	// those missing are told. nil = nothing is compared.
	Scopes []string
	// FrameAncestors are the Content-Security-Policy sources that may show the
	// app's pages in a frame; nil = the control panel's,
	// "https://*.mybigcommerce.com"; empty = none.
	FrameAncestors []string
	// WebhookScheme is how webhooks are authenticated; "" = SchemeSignature. A
	// delivery by another scheme is refused, whatever its headers claim.
	WebhookScheme Scheme
	// WebhookSecrets are the values of WebhookHeader that deliveries are verified
	// with, newest first; several while one is being replaced. Make a value of 32
	// random bytes at least: everybody with the API account's token can read it.
	// SchemeSignature takes none: it verifies with ClientSecret and OldSecrets.
	WebhookSecrets []catalog.Secret
	// WebhookHeader is the header SchemeHeader and SchemeBoth look at, which the
	// hooks were made with, such as "X-Webhook-Secret". They need it and
	// WebhookSecrets; it has no default.
	WebhookHeader string
	// WebhookTolerance is how far the signed time of a delivery may be from
	// ours, both ways; 0 = 5 minutes. BigCommerce sends a failed delivery again
	// for two days, and does not say whether with a new time.
	WebhookTolerance time.Duration
	// ListShipments also reads the shipments of orders in lists, at one more call
	// per order that was shipped; a single order always has them.
	ListShipments bool
	// Quota is how many calls in 30 seconds a store is taken to have until its
	// first answer says, and where answers do not say; 0 = 150, the smallest
	// plan's.
	Quota int
	// Concurrency is how many calls to one store may be under way; 0 = 3, which
	// BigCommerce asks for. It shrinks by itself while a store is in trouble.
	Concurrency int
	// Transport sends the requests; nil = a tuned transport of our own.
	Transport http.RoundTripper
	// UserAgent is sent along; "" = souk's.
	UserAgent string
	// AttemptTimeout bounds one attempt; 0 = 60 seconds.
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

// Adapter is BigCommerce with one app's configuration. It is safe for
// concurrent use.
type Adapter struct {
	config  Config
	http    *transport.Client
	windows *transport.Budgets // calls in 30 seconds
	lanes   *transport.Budgets // calls at once
	stores  factsOfStores
}

// The forms of a header's name, an app's id and a scope.
var (
	headerForm = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)
	clientForm = regexp.MustCompile(`^[A-Za-z0-9]{1,100}$`)
	scopeForm  = regexp.MustCompile(`^[a-z0-9_]{1,100}$`)
)

// New checks the configuration and makes an adapter. The error is a
// *catalog.ConfigError that names the field.
func New(config Config) (*Adapter, error) {
	wrong := func(field, reason string) (*Adapter, error) {
		return nil, &catalog.ConfigError{Platform: Platform, Field: field, Reason: reason}
	}
	if config.WebhookScheme == "" {
		config.WebhookScheme = SchemeSignature
	}
	if config.WebhookTolerance == 0 {
		config.WebhookTolerance = standardwebhooks.DefaultTolerance
	}
	if config.FrameAncestors == nil {
		config.FrameAncestors = []string{"https://*.mybigcommerce.com"}
	}
	config.Scopes, config.FrameAncestors = slices.Clone(config.Scopes), slices.Clone(config.FrameAncestors)
	config.OldSecrets, config.WebhookSecrets = slices.Clone(config.OldSecrets), slices.Clone(config.WebhookSecrets)
	byHeader := config.WebhookScheme == SchemeHeader || config.WebhookScheme == SchemeBoth
	switch {
	case slices.ContainsFunc(config.OldSecrets, catalog.Secret.IsZero):
		return wrong("OldSecrets", "holds an empty secret, which anybody could sign with")
	case slices.ContainsFunc(config.WebhookSecrets, catalog.Secret.IsZero):
		return wrong("WebhookSecrets", "holds an empty secret, which anybody could send")
	case config.ClientID != "" && !clientForm.MatchString(config.ClientID):
		return wrong("ClientID", "is not the id of an app")
	case config.ClientSecret.IsZero() && len(config.OldSecrets) > 0:
		return wrong("ClientSecret", "is empty although OldSecrets is set; the current secret stands here, former ones there")
	case config.ClientID != "" && config.ClientSecret.IsZero():
		return wrong("ClientSecret", "is empty although ClientID is set; both come from the developer portal")
	case slices.ContainsFunc(config.Scopes, func(s string) bool { return !scopeForm.MatchString(s) }):
		return wrong("Scopes", `holds what is not the name of one scope, such as "store_v2_orders"`)
	case config.WebhookScheme != SchemeSignature && !byHeader:
		return wrong("WebhookScheme", `must be "signature", "header" or "both"`)
	case byHeader && !headerForm.MatchString(config.WebhookHeader):
		return wrong("WebhookHeader", "must be the name of the header the hooks were made with")
	case !byHeader && (config.WebhookHeader != "" || len(config.WebhookSecrets) > 0):
		return wrong("WebhookScheme", "does not look at WebhookHeader and WebhookSecrets although one is set; make it SchemeHeader or SchemeBoth")
	case config.WebhookScheme == SchemeBoth && len(config.WebhookSecrets) == 0:
		return wrong("WebhookSecrets", "is empty although WebhookScheme asks for the header")
	case config.WebhookTolerance < 0:
		return wrong("WebhookTolerance", "is negative")
	case config.Quota < 0:
		return wrong("Quota", "is negative")
	case config.PollInterval < 0:
		return wrong("PollInterval", "is negative")
	case config.Concurrency < 0:
		return wrong("Concurrency", "is negative")
	}
	client, err := transport.New(transport.Config{
		Platform: Platform, Transport: config.Transport, UserAgent: config.UserAgent,
		AttemptTimeout: config.AttemptTimeout, Attempts: config.Attempts, Logger: config.Logger, Observer: config.Observer, Classify: classify,
	})
	if err != nil {
		return nil, err
	}
	a := &Adapter{config: config, http: client}
	a.windows = &transport.Budgets{New: func(string) transport.Budget { return newWindow(config.Quota) }}
	a.lanes = &transport.Budgets{New: func(string) transport.Budget { return newLanes(config.Concurrency) }}
	return a, nil
}

// Platform returns "bigcommerce".
func (a *Adapter) Platform() string { return Platform }

// CanonicalStore returns the store hash in lower case. It also takes the form
// "stores/z4zn3wo", which callbacks and webhooks have.
func (a *Adapter) CanonicalStore(store string) (string, error) {
	return checkStore("open store", store)
}

// storeForm is a store hash. The number that webhooks call store_id is
// something else; alone it could be a hash, so it cannot be told apart here.
var storeForm = regexp.MustCompile(`^[a-z0-9]{1,40}$`)

func checkStore(op, store string) (string, error) {
	hash := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(store)), "stores/")
	if !storeForm.MatchString(hash) {
		return "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the store is not a store hash",
			Hint: `use what follows "stores/" in the API path, such as z4zn3wo`}
	}
	return hash, nil
}

// Open makes an engine for the store with this hash, such as "z4zn3wo".
// Settings: "channel_id", the number of a channel, narrows products and orders
// to it.
func (a *Adapter) Open(account catalog.Account, credentials catalog.CredentialSource) (catalog.Engine, error) {
	refuse := func(message, hint string) (catalog.Engine, error) {
		return nil, &catalog.Error{Platform: Platform, Op: "open store", Kind: catalog.ErrInvalid, Message: message, Hint: hint}
	}
	store, err := checkStore("open store", account.Store)
	if err != nil {
		return nil, err
	}
	channel := account.Settings[settingChannel]
	switch {
	case credentials == nil:
		return refuse("no credentials", "pass the store's credential source")
	case account.Platform != "" && account.Platform != Platform:
		return refuse("the account belongs to "+account.Platform, "")
	case channel != "" && checkID("", "", channel) != nil:
		return refuse("the account's setting channel_id is not a channel's number", "use its id from GET /v3/channels")
	}
	account = account.Clone()
	account.Platform, account.Store = Platform, store
	return &Engine{
		adapter: a, account: account, channel: channel, credentials: credentials,
		budget: transport.Chain(a.lanes.Get(store), a.windows.Get(store)), facts: a.stores.of(store),
	}, nil
}

// settingChannel is the account's setting that names a channel.
const settingChannel = "channel_id"

var (
	_ catalog.Adapter = (*Adapter)(nil)
	_ catalog.Engine  = (*Engine)(nil)
)
