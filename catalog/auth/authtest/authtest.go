// Package authtest states, once for every platform, what install flows through
// auth.Connect must do: Run walks a platform's flow as a merchant's browser and
// then in every way it must refuse.
//
//	authtest.Run(t, authtest.Harness{
//		Flow:  func(t *testing.T) authtest.Flow { ... },
//		Store: "acme.myshopify.com", Other: "other.myshopify.com",
//		Method: "install", Fields: url.Values{"shop": {"acme"}}, State: "state",
//	})
//
// What only one platform has, such as a signature over the callback, it tests
// itself, with Bench.
package authtest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// Harness is one flow of a platform, which begins on our page and comes back
// to a route with a state.
type Harness struct {
	// Flow makes an adapter and the platform it talks to.
	Flow func(t *testing.T) Flow
	// Store is the store the merchant has, Other another one of the platform,
	// both in canonical form.
	Store, Other string
	// Method is the flow's, Fields its form.
	Method string
	Fields url.Values
	// State is the parameter of the address Approve returns which brings the
	// state; "" = it is the last element of the path.
	State string
}

// Flow is a platform of one test.
type Flow struct {
	Adapter auth.Connector
	// Approve is the platform: given the answer that began the flow (a redirect,
	// or a page of instructions), it does what the platform does when the
	// merchant agrees, calls of its server to connect included, and returns
	// where the browser is sent then.
	Approve func(t *testing.T, connect http.Handler, began Answer) string
	// Secrets are the platform's and the app's, which must be seen nowhere.
	Secrets []string
	// Log is what the adapter logs to; nil = it does not.
	Log *Log
}

// Bench is a Connect with everything around it.
type Bench struct {
	*auth.Connect
	Life        *auth.Lifecycle
	Accounts    *catalog.MemoryAccounts
	Credentials *catalog.MemoryCredentials
	Platform    string

	t       *testing.T
	approve func(t *testing.T, connect http.Handler, began Answer) string
	mu      sync.Mutex
	logs    []*Log
	// failures and connected are what the hooks heard.
	failures  []auth.Failure
	connected []auth.Connection
	browsers  []*Browser
}

// NewBench makes a Connect for one adapter. change may set what the host
// configures; nil = nothing.
func NewBench(t *testing.T, adapter auth.Connector, change func(*auth.ConnectConfig)) *Bench {
	t.Helper()
	b := &Bench{t: t, Accounts: &catalog.MemoryAccounts{}, Credentials: &catalog.MemoryCredentials{}, Platform: adapter.Platform()}
	registry := &catalog.Registry{}
	if err := registry.Register(adapter); err != nil {
		t.Fatal(err)
	}
	own := &Log{}
	b.Watch(own)
	logger := own.Logger()
	b.Life = &auth.Lifecycle{Registry: registry, Accounts: b.Accounts, Credentials: b.Credentials, Logger: logger,
		OnConnected: func(_ context.Context, c auth.Connection) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.connected = append(b.connected, c)
			return nil
		}}
	config := auth.ConnectConfig{Lifecycle: b.Life, BaseURL: Base, Logger: logger,
		Failed: func(_ context.Context, f auth.Failure) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.failures = append(b.failures, f)
		}}
	if change != nil {
		change(&config)
	}
	var err error
	if b.Connect, err = auth.NewConnect(config); err != nil {
		t.Fatal(err)
	}
	return b
}

// Watch makes Clean look at a log too, such as the adapter's.
func (b *Bench) Watch(log *Log) {
	if log != nil {
		b.logs = append(b.logs, log)
	}
}

// Browser opens a new browser.
func (b *Bench) Browser() *Browser {
	browser := NewBrowser(b.Connect)
	b.browsers = append(b.browsers, browser)
	return browser
}

// Path is the address of a page of the platform's.
func (b *Bench) Path(elements ...string) string {
	return Base + "/" + strings.Join(append([]string{b.Platform}, elements...), "/")
}

// Refused fails the test unless the answer is a refusal with this status, told
// to the host with the code; code "" = any. It returns the error.
func (b *Bench) Refused(a Answer, status int, code string) error {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if a.Status != status || a.Location != "" {
		b.t.Errorf("answered %d to %q, want the refusal %d; page: %s", a.Status, a.Location, status, a.Body)
	}
	if len(b.failures) == 0 {
		b.t.Error("the host heard of no failure")
		return nil
	}
	err := b.failures[len(b.failures)-1].Err
	var e *catalog.Error
	if code != "" && (!errors.As(err, &e) || e.Code != code) {
		b.t.Errorf("refused because of %v, want the code %s", err, code)
	}
	return err
}

// Empty fails the test when anything was stored.
func (b *Bench) Empty() {
	b.t.Helper()
	for account, err := range b.Accounts.List(b.t.Context(), catalog.AccountQuery{}) {
		b.t.Errorf("an account is stored: %s %v", account.ID, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.connected) > 0 {
		b.t.Errorf("the host heard of connection %s", b.connected[0].Account.ID)
	}
}

// Stored returns the account of a store with its credential.
func (b *Bench) Stored(store string) (catalog.Account, catalog.StoredCredential) {
	b.t.Helper()
	account, err := b.Accounts.ByStore(b.t.Context(), b.Platform, store)
	if err != nil {
		b.t.Fatal(err)
	}
	stored, err := b.Credentials.Load(b.t.Context(), account.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return account, stored
}

// Clean fails the test when one of the secrets, or a stored credential, is in
// anything that was logged, told in an error, or shown to a browser.
func (b *Bench) Clean(secrets ...string) {
	b.t.Helper()
	for account := range b.Accounts.List(b.t.Context(), catalog.AccountQuery{}) {
		if stored, err := b.Credentials.Load(b.t.Context(), account.ID); err == nil {
			c := stored.Credential
			for _, s := range []catalog.Secret{c.AccessToken, c.RefreshToken, c.Key, c.Secret, c.TokenSecret} {
				secrets = append(secrets, s.Reveal())
			}
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	seen := map[string]string{}
	for _, log := range b.logs {
		seen["a log"] += log.String()
	}
	for _, f := range b.failures {
		seen["an error"] += f.Err.Error() + "\n"
	}
	for _, browser := range b.browsers {
		for _, a := range browser.Seen {
			seen["a page"] += a.Body + "\n"
			seen["a header"] += headerText(a.Header) + "\n"
		}
	}
	for where, text := range seen {
		for _, secret := range secrets {
			if form := leaks(text, secret); form != "" {
				b.t.Errorf("%s holds a secret, %s", where, form)
			}
		}
	}
}
