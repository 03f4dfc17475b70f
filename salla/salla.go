// Package salla connects to merchants' stores on Salla through the Merchant
// API v2.
//
//	app, err := salla.New(salla.Config{ClientID: id, ClientSecret: catalog.NewSecret(secret)})
//	engine, err := app.Open(catalog.Account{Store: "1305146709"}, credentials)
//	for order, err := range engine.Orders(ctx, catalog.OrderQuery{}) { ... }
//
// # Credentials
//
// A store's access token lives two weeks and its refresh token works once:
// used twice, both die and the merchant has to install the app again. Keep
// them with package catalog/auth, with [Adapter.RefreshCredential] behind it;
// a refresh whose answer was lost is never repeated. In easy mode, the only
// one for published apps, the first tokens come by webhook: see
// catalog.Verdict.Grants. In custom mode [Adapter.Exchange] gets them.
//
// # Pacing
//
// A store's plan allows 120 to 720 calls a minute, then one a second. All
// engines an Adapter opens for one store share that window, which every answer
// corrects. Calls to the customers endpoints also share 500 in ten minutes,
// which Salla counts by IP address: one budget for the whole process.
//
// # Writing
//
// Salla knows no idempotency keys, so every write is sent once; one whose
// answer was lost is a *catalog.OutcomeError, whose Confirm reads what became
// of it. Some writes look before: what is added, such as a product, a note or a
// shipment, is told by it from what was there. Stock goes through a queue that
// answers before it works and "may take several minutes": writes of stock wait
// until they show, and their Confirm takes its time. There is no compare-and-set.
// An order is refunded as a whole, by its status or by the action "refund" of
// /orders/actions: there is no Refunder, and a native call does it. Without a
// keyset there is no bulk export either.
//
// # What to know
//
// Lists have page numbers only, so a record may come twice while a store
// changes; see catalog.PagingNumbers. Orders come without lines and totals in
// Salla's lists, and each costs two further calls. Ids are unique per kind of
// record only: the same number can be a product, a variant and a status. Times
// without a zone are taken as Riyadh's, which is what Salla's others are in;
// some order dates are three hours early in Salla's own samples. Labels are
// localised and never read; slugs and ids are. Light order lines do not name
// their product.
package salla

import (
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Platform is the name the adapter registers under.
const Platform = "salla"

// The hosts a credential is sent to. Nothing an answer links to is followed.
const (
	apiHost      = "api.salla.dev"
	accountsHost = "accounts.salla.sa"
	apiRoot      = "/admin/v2"
)

// Config describes the app. The zero value is enough to open stores with
// static tokens; every other use says which fields it needs.
type Config struct {
	// ClientID and ClientSecret are the app's keys from the Partners portal. They
	// are needed together, for exchanging codes and refreshing tokens.
	ClientID     string
	ClientSecret catalog.Secret
	// Scopes are asked for when a store is connected in custom mode, such as
	// "orders.read"; offline_access is added. nil = that alone.
	Scopes []string
	// AppID is the app's number in Salla's store, of an app in easy mode; "" =
	// custom mode.
	AppID string
	// WebhookScheme is how webhooks are authenticated; "" = SchemeSignature. It
	// must be the security strategy the portal says. A delivery by another scheme
	// is refused, whatever its headers claim.
	WebhookScheme Scheme
	// WebhookSecrets are what deliveries are verified with, newest first; several
	// while one is being replaced. They are those of the app's webhooks.
	WebhookSecrets []catalog.Secret
	// Language is asked for in localised texts, such as "en" or "ar"; "" =
	// Salla's default, Arabic. The account's setting "language" wins.
	Language string
	// ListShipments also reads the shipments of orders in lists, at one more call
	// per order that needs shipping; a single order always has them.
	ListShipments bool
	// CustomersBudget paces the customers endpoints of all stores; nil = one
	// of 500 calls in ten minutes that all adapters of the process share, as
	// Salla counts by IP address. Processes behind one address share one of
	// their own here.
	CustomersBudget transport.Budget
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

// Adapter is Salla with one app's keys. It is safe for concurrent use.
type Adapter struct {
	config    Config
	http      *transport.Client
	budgets   *transport.Budgets
	customers transport.Budget
}

// appForm is the number of an app.
var appForm = regexp.MustCompile(`^[0-9]{1,19}$`)

// languageForm is a language tag such as ar, en or en-GB.
var languageForm = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// New checks the configuration and makes an adapter. The error is a
// *catalog.ConfigError that names the field.
func New(config Config) (*Adapter, error) {
	wrong := func(field, reason string) (*Adapter, error) {
		return nil, &catalog.ConfigError{Platform: Platform, Field: field, Reason: reason}
	}
	if config.WebhookScheme == "" {
		config.WebhookScheme = SchemeSignature
	}
	config.WebhookSecrets = slices.Clone(config.WebhookSecrets)
	switch {
	case config.ClientID != "" && config.ClientSecret.IsZero():
		return wrong("ClientSecret", "is empty although ClientID is set; both come from the app's page in the Partners portal")
	case config.ClientID == "" && !config.ClientSecret.IsZero():
		return wrong("ClientID", "is empty although ClientSecret is set; both come from the app's page in the Partners portal")
	case slices.ContainsFunc(config.WebhookSecrets, catalog.Secret.IsZero):
		return wrong("WebhookSecrets", "holds an empty secret, which anybody could sign with")
	case config.WebhookScheme != SchemeSignature && config.WebhookScheme != SchemeToken:
		return wrong("WebhookScheme", `must be "signature" or "token", as in the Partners portal`)
	case config.AppID != "" && !appForm.MatchString(config.AppID):
		return wrong("AppID", "must be the app's number, as in its address in the Partners portal")
	case config.Language != "" && !languageForm.MatchString(config.Language):
		return wrong("Language", `must be a language tag such as "ar" or "en"`)
	case config.PollInterval < 0:
		return wrong("PollInterval", "is negative")
	}
	client, err := transport.New(transport.Config{
		Platform: Platform, Transport: config.Transport, UserAgent: config.UserAgent,
		AttemptTimeout: config.AttemptTimeout, Attempts: config.Attempts, Logger: config.Logger, Observer: config.Observer, Classify: classify,
	})
	if err != nil {
		return nil, err
	}
	a := &Adapter{config: config, http: client, customers: config.CustomersBudget}
	if a.customers == nil {
		a.customers = processCustomers()
	}
	a.budgets = &transport.Budgets{New: func(string) transport.Budget { return newStoreWindow() }}
	return a, nil
}

// Platform returns "salla".
func (a *Adapter) Platform() string { return Platform }

// CanonicalStore returns the merchant number without spaces and leading
// zeros.
func (a *Adapter) CanonicalStore(store string) (string, error) {
	return checkStore("open store", store)
}

// storeForm is a merchant number, the top-level "merchant" of every webhook.
var storeForm = regexp.MustCompile(`^[1-9][0-9]{0,18}$`)

func checkStore(op, store string) (string, error) {
	number := strings.TrimLeft(strings.TrimSpace(store), "0")
	if !storeForm.MatchString(number) {
		return "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid,
			Message: "the store is not a merchant number", Hint: `use the number webhooks call "merchant" and store information calls "id"`}
	}
	return number, nil
}

// Open makes an engine for the store with this merchant number, such as
// "1305146709". Settings: "language" replaces Config.Language for the store.
func (a *Adapter) Open(account catalog.Account, credentials catalog.CredentialSource) (catalog.Engine, error) {
	refuse := func(message, hint string) (catalog.Engine, error) {
		return nil, &catalog.Error{Platform: Platform, Op: "open store", Kind: catalog.ErrInvalid, Message: message, Hint: hint}
	}
	store, err := checkStore("open store", account.Store)
	if err != nil {
		return nil, err
	}
	language := a.config.Language
	if set := account.Settings["language"]; set != "" {
		language = set
	}
	switch {
	case credentials == nil:
		return refuse("no credentials", "pass the store's credential source")
	case account.Platform != "" && account.Platform != Platform:
		return refuse("the account belongs to "+account.Platform, "")
	case language != "" && !languageForm.MatchString(language):
		return refuse("the account's setting language is not a language tag", `use one such as "ar" or "en"`)
	}
	account = account.Clone()
	account.Platform, account.Store = Platform, store
	return &Engine{adapter: a, account: account, language: language, credentials: credentials, budget: a.budgets.Get(store)}, nil
}

var (
	_ catalog.Adapter = (*Adapter)(nil)
	_ catalog.Engine  = (*Engine)(nil)
)
