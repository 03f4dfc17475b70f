// Package stall connects souk to stalls of the made-up platform Stall. It is an
// example of an adapter outside souk's repository: it imports souk's public
// packages only.
//
//	app, err := stall.New(stall.Config{})
//	engine, err := app.Open(catalog.Account{Store: "brass-lamp"}, catalog.StaticToken(token))
//	for product, err := range engine.Products(ctx, catalog.ProductQuery{}) { ... }
//
// Access tokens live an hour: give engines a source of package catalog/auth,
// with [Adapter.RefreshCredential] behind it. Lists go by rising id and survive
// changes; see catalog.PagingKeyset. Webhooks name a record and do not hold it.
package stall

import (
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Platform is the name the adapter registers under.
const Platform = "stall"

// Config describes the app. The zero value is enough to read stalls.
type Config struct {
	// WebhookSecrets are what deliveries are verified with, newest first; several
	// while one is being replaced. Verifier needs one.
	WebhookSecrets []catalog.Secret
	// Transport sends the requests; nil = souk's own.
	Transport http.RoundTripper
	// Logger is told attempts and retries; nil = none.
	Logger *slog.Logger
	// Observer is told each call and attempt; nil = none.
	Observer transport.Observer
}

// Adapter is Stall with one app's keys. It is safe for concurrent use.
type Adapter struct {
	secrets []catalog.Secret
	http    *transport.Client
	budgets *transport.Budgets
}

// New checks the configuration and makes an adapter. The error is a
// *catalog.ConfigError that names the field.
func New(config Config) (*Adapter, error) {
	if slices.ContainsFunc(config.WebhookSecrets, catalog.Secret.IsZero) {
		return nil, &catalog.ConfigError{Platform: Platform, Field: "WebhookSecrets", Reason: "holds an empty secret, which anybody could sign with"}
	}
	client, err := transport.New(transport.Config{
		Platform: Platform, Transport: config.Transport, Logger: config.Logger, Observer: config.Observer, Classify: classify,
	})
	if err != nil {
		return nil, err
	}
	return &Adapter{
		secrets: slices.Clone(config.WebhookSecrets), http: client,
		budgets: &transport.Budgets{New: func(string) transport.Budget { return newCredit() }},
	}, nil
}

// Platform returns "stall".
func (a *Adapter) Platform() string { return Platform }

var storeForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`)

// CanonicalStore returns the stall's name in lower case. It becomes part of the
// host that credentials are sent to, so nothing else passes.
func (a *Adapter) CanonicalStore(store string) (string, error) {
	name := strings.ToLower(strings.TrimSpace(store))
	if !storeForm.MatchString(name) {
		return "", &catalog.Error{Platform: Platform, Op: "open store", Kind: catalog.ErrInvalid,
			Message: "the store is not a stall's name", Hint: `use what stands before ".stall.example", such as "brass-lamp"`}
	}
	return name, nil
}

// Open makes an engine for the stall of this name. There are no settings.
func (a *Adapter) Open(account catalog.Account, credentials catalog.CredentialSource) (catalog.Engine, error) {
	store, err := a.CanonicalStore(account.Store)
	switch {
	case err != nil:
		return nil, err
	case account.Platform != "" && account.Platform != Platform:
		return nil, invalid("open store", "the account belongs to "+account.Platform)
	case credentials == nil:
		return nil, invalid("open store", "there are no credentials")
	}
	account = account.Clone()
	account.Platform, account.Store = Platform, store
	return &Engine{adapter: a, account: account, credentials: credentials, budget: a.budgets.Get(store)}, nil
}

var (
	_ catalog.Adapter = (*Adapter)(nil)
	_ catalog.Engine  = (*Engine)(nil)
)
