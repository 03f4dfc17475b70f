// Package magento connects to merchants' stores on Magento Open Source,
// Mage-OS and Adobe Commerce through the REST API V1, and on Adobe Commerce as
// a Cloud Service (SaaS) through its smaller set of the same endpoints.
//
//	app, err := magento.New(magento.Config{})
//	engine, err := app.Open(catalog.Account{Store: "https://shop.example.com"}, catalog.StaticCredential(catalog.Credential{
//		Key: consumerKey, Secret: consumerSecret, AccessToken: accessToken, TokenSecret: accessTokenSecret,
//	}))
//	for order, err := range engine.Orders(ctx, catalog.OrderQuery{}) { ... }
//
// # Credentials
//
// An integration's four values, as its page in the admin shows them, sign each
// request by OAuth 1.0a: this works on every shop as it comes. The access token
// alone is sent as a bearer token, which shops have switched off since 2.4.4.
// SaaS stores take tokens of Adobe's identity service, which
// [Adapter.ClientCredentials] asks for.
//
// # Settings of an account
//
// "store_view" is the code of the view records are read in; by default "all",
// the values all views start from. "signature" fixes how requests are signed
// that versions sign differently, see [Profile]; by default it is found out.
// "barcode_attribute" and "vendor_attribute" name the product attributes that
// hold them; by default none and "manufacturer". "attribute_set" is the id of
// the attribute set of new products; by default "4", the one every shop is made
// with. "webhooks" replaces
// Config.WebhookScheme, and "event_provider" is the id of the store's provider
// in Adobe I/O Events: an app with several merchants sets it, so that none can
// send another's events.
//
// # What to know
//
// The variants of a configurable product are products of their own in Magento
// and come as such too; ProductHidden marks those that shoppers see only inside
// another. A product's change time does not move when attributes are changed
// in bulk or when stock is sold, and stock has no change time: read everything
// now and then. Prices are base prices in the base currency, with the special
// price where it holds today; catalog rules are not applied. Order numbers are
// not ids. What another module adds is in Raw.
//
// Products are written for all views at once, whatever view is read: a view that
// has a value of its own goes on showing it. Magento knows no idempotency keys,
// so every write is sent once; what makes each safe to repeat is said there.
//
// Magento publishes no rate limit: few calls are in flight at a time, and fewer
// when a shop struggles; see Config.Pace.
package magento

import (
	"cmp"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Platform is the name the adapter registers under.
const Platform = "magento"

// Lists of a large shop are slow.
const defaultTimeout = 120 * time.Second

// How many calls a shop of unknown strength gets at once.
const (
	defaultAtOnce = 2
	defaultMost   = 4
)

// Config describes the app. The zero value is enough for integrations with
// keys of their own; every other use says which fields it needs.
type Config struct {
	// ClientID and ClientSecret are the app's keys from the Adobe Developer
	// Console. They are needed together, for the tokens of SaaS stores; ClientID
	// is for Adobe I/O Events too.
	ClientID     string
	ClientSecret catalog.Secret
	// OrgID is the merchant's IMS organisation, sent to SaaS stores; "" = not
	// sent.
	OrgID string
	// WebhookScheme is how webhooks are authenticated; "" = SchemeAsyncEvents.
	// The account's setting "webhooks" wins. A delivery by another scheme is
	// refused, whatever its headers claim.
	WebhookScheme Scheme
	// WebhookSecrets are what deliveries are verified with, newest first; several
	// while one is being replaced. Scheme says what they are.
	WebhookSecrets []catalog.Secret
	// WebhookHeader is the header SchemeHeader looks at; "" =
	// "X-Webhook-Secret".
	WebhookHeader string
	// WebhookURL is where this app's webhooks arrive, such as
	// "https://app.example.com/webhooks/": subscriptions to addresses that begin
	// with it are the app's own, and no others are ever touched. "" = none are.
	WebhookURL string
	// ListSalable also reads what can be sold of the products in lists, at one
	// more call a page, which Magento answers slowly. A single product always
	// has it.
	ListSalable bool
	// Pace bounds the calls in flight to one store; its zero value is two at
	// first and four at most.
	Pace transport.PoliteConfig
	// Transport sends the requests; nil = a tuned transport of our own. A
	// store's address is what a merchant typed in: a service whose own network
	// must not be reached so refuses to dial it here.
	Transport http.RoundTripper
	// UserAgent is sent along; "" = souk's.
	UserAgent string
	// AttemptTimeout bounds one attempt; 0 = 120 seconds.
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

// Adapter is Magento with one app's keys. It is safe for concurrent use.
type Adapter struct {
	config  Config
	http    *transport.Client
	budgets *transport.Budgets
	stores  stores
	keys    *keyring
}

// New checks the configuration and makes an adapter. The error is a
// *catalog.ConfigError that names the field.
func New(config Config) (*Adapter, error) {
	wrong := func(field, reason string) (*Adapter, error) {
		return nil, &catalog.ConfigError{Platform: Platform, Field: field, Reason: reason}
	}
	config.WebhookScheme = cmp.Or(config.WebhookScheme, SchemeAsyncEvents)
	config.WebhookHeader = cmp.Or(config.WebhookHeader, "X-Webhook-Secret")
	config.WebhookSecrets = slices.Clone(config.WebhookSecrets)
	if config.Pace == (transport.PoliteConfig{}) {
		config.Pace = transport.PoliteConfig{Concurrency: defaultAtOnce, MaxConcurrency: defaultMost}
	}
	switch {
	case config.ClientSecret.IsZero() && config.OrgID != "":
		return wrong("ClientSecret", "is empty although OrgID is set; SaaS stores need the app's keys from the Adobe Developer Console")
	case config.ClientID == "" && !config.ClientSecret.IsZero():
		return wrong("ClientID", "is empty although ClientSecret is set; both come from the Adobe Developer Console")
	case slices.ContainsFunc(config.WebhookSecrets, catalog.Secret.IsZero):
		return wrong("WebhookSecrets", "holds an empty secret, which anybody could sign with")
	case !config.WebhookScheme.known():
		return wrong("WebhookScheme", "must be one of "+schemeNames())
	case !headerForm.MatchString(config.WebhookHeader):
		return wrong("WebhookHeader", "is not the name of a header")
	case config.WebhookURL != "" && !webhookURL(config.WebhookURL):
		return wrong("WebhookURL", "must be an https address with a host and a path that ends in a slash")
	case config.PollInterval < 0:
		return wrong("PollInterval", "is negative")
	}
	if _, err := transport.NewPolite(config.Pace); err != nil {
		return wrong("Pace", "must hold no negative number, and Concurrency no more than MaxConcurrency")
	}
	client, err := transport.New(transport.Config{
		Platform: Platform, Transport: config.Transport, UserAgent: config.UserAgent,
		AttemptTimeout: cmp.Or(config.AttemptTimeout, defaultTimeout), Attempts: config.Attempts,
		Logger: config.Logger, Observer: config.Observer, Classify: transport.ByStatus,
	})
	if err != nil {
		return nil, err
	}
	a := &Adapter{config: config, http: client}
	a.keys = newKeyring(client)
	a.budgets = &transport.Budgets{New: func(string) transport.Budget {
		polite, err := transport.NewPolite(config.Pace)
		if err != nil {
			panic(err) // it was good above
		}
		return polite
	}}
	return a, nil
}

// Platform returns "magento".
func (a *Adapter) Platform() string { return Platform }

// CanonicalStore returns the store's base address: scheme, host in lower case
// and folder, without a trailing slash.
func (a *Adapter) CanonicalStore(store string) (string, error) {
	at, err := parseAddress("open store", store)
	return at.String(), err
}

// Open makes an engine for the store at this base address, such as
// "https://shop.example.com", or for SaaS
// "https://na1.api.commerce.adobe.com/tenant". Where the web server does not
// rewrite addresses, "/index.php" belongs to it. The package's documentation
// names the settings.
func (a *Adapter) Open(account catalog.Account, credentials catalog.CredentialSource) (catalog.Engine, error) {
	const op = "open store"
	refuse := func(message, hint string) (catalog.Engine, error) {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message, Hint: hint}
	}
	at, err := parseAddress(op, account.Store)
	if err != nil {
		return nil, err
	}
	view := cmp.Or(account.Settings["store_view"], allViews)
	profile := Profile(account.Settings["signature"])
	vendor := cmp.Or(account.Settings["vendor_attribute"], "manufacturer")
	barcode := account.Settings["barcode_attribute"]
	set := cmp.Or(account.Settings["attribute_set"], defaultAttributeSet)
	switch {
	case credentials == nil:
		return refuse("no credentials", "pass the store's credential source")
	case account.Platform != "" && account.Platform != Platform:
		return refuse("the account belongs to "+account.Platform, "")
	case !codeForm.MatchString(view):
		return refuse("the account's setting store_view is not the code of a store view", `use a code such as "default", or "all"`)
	case !profile.known():
		return refuse("the account's setting signature is not known", `use "rfc", "legacy" or "248", or leave it out`)
	case !codeForm.MatchString(vendor):
		return refuse("the account's setting vendor_attribute is not the code of an attribute", `use a code such as "manufacturer"`)
	case barcode != "" && !codeForm.MatchString(barcode):
		return refuse("the account's setting barcode_attribute is not the code of an attribute", `use a code such as "ean"`)
	case checkID("", "", set) != nil:
		return refuse("the account's setting attribute_set is not the id of an attribute set", `use a number such as "4"`)
	}
	account = account.Clone()
	account.Platform, account.Store = Platform, at.String()
	in := func(view string) *Engine {
		return &Engine{adapter: a, account: account, at: at, view: view, vendor: vendor, barcode: barcode, set: set, signature: profile,
			credentials: credentials, budget: a.budgets.Get(account.Store), known: a.stores.get(account.Store)}
	}
	e := in(view)
	e.whole = e
	if view != allViews {
		e.whole = in(allViews)
		e.whole.whole = e.whole
	}
	return e, nil
}

// known is what was found out about a store by trying, for all its engines.
type known struct {
	profile atomic.Pointer[Profile] // how it signs what versions sign differently
	size    atomic.Int64            // the largest page it gives; 0 = any
	list    atomic.Int64            // the longest list it takes; 0 = any
	noMSI   atomic.Bool             // it has no inventory modules
}

// stores remembers what is known of stores.
type stores struct {
	mu  sync.Mutex
	all map[string]*known
}

const mostStores = 10_000

func (s *stores) get(store string) *known {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.all[store]
	if k == nil {
		if s.all == nil || len(s.all) >= mostStores { // it can be found out again
			s.all = map[string]*known{}
		}
		k = &known{}
		s.all[store] = k
	}
	return k
}

var (
	_ catalog.Adapter = (*Adapter)(nil)
	_ catalog.Engine  = (*Engine)(nil)
)
