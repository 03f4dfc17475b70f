package sqlstore_test

import (
	"bytes"
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
	"github.com/soukhq/souk/sqlstore"
)

// market is a Salla that serves several processes and counts how often each
// refresh token comes.
type market struct {
	*sallatest.Server
	front *httptest.Server

	mu   sync.Mutex
	sent map[string]int // by refresh token
}

func newMarket(t testing.TB) *market {
	t.Helper()
	m := &market{sent: map[string]int{}}
	m.Server = sallatest.NewServer(&sallatest.Config{TB: t, Products: 1, Orders: -1, Customers: -1, Unthrottled: true, PerMinute: 1_000_000})
	t.Cleanup(m.Close)
	target, err := url.Parse(m.URL())
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
	}, ErrorLog: log.New(io.Discard, "", 0)}
	m.front = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oauth2/token" {
			m.note(r)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(m.front.Close)
	return m
}

// tokens returns how often a refresh token came, and how often any did.
func (m *market) tokens(refresh string) (this, all int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range m.sent {
		all += n
	}
	return m.sent[refresh], all
}

// toMarket carries requests for Salla's hosts to another address.
type toMarket struct {
	address string
	base    *http.Transport
}

func (m toMarket) RoundTrip(r *http.Request) (*http.Response, error) {
	out := r.Clone(r.Context())
	if out.Host == "" {
		out.Host = r.URL.Host
	}
	out.URL.Scheme, out.URL.Host = "http", m.address
	return m.base.RoundTrip(out)
}

// sallaAdapter talks to the market at the address.
func sallaAdapter(address, clientID, secret string) (*salla.Adapter, error) {
	return salla.New(salla.Config{ClientID: clientID, ClientSecret: catalog.NewSecret(secret), Attempts: 1,
		Transport: toMarket{address, &http.Transport{MaxIdleConnsPerHost: 100}}})
}

func (m *market) address() string { return m.front.Listener.Addr().String() }

// env tells another process where everything is.
func (m *market) env(d *database) []string {
	return []string{"SOUK_TEST_DATABASE=" + d.name, "SOUK_TEST_PATH=" + d.dsn, "SOUK_TEST_MARKET=" + m.address(),
		"SOUK_TEST_APP=" + m.ClientID(), "SOUK_TEST_APP_SECRET=" + m.ClientSecret(), "SOUK_TEST_KEY=" + testKeys.Current.Secret.Reveal()}
}

// fromEnv is what env told.
func fromEnv(ctx context.Context) (*sqlstore.Store, *salla.Adapter, error) {
	keys := sqlstore.Keys{Current: sqlstore.Key{ID: "test", Secret: catalog.NewSecret(os.Getenv("SOUK_TEST_KEY"))}}
	open := sqlstore.OpenPostgres
	if os.Getenv("SOUK_TEST_DATABASE") == "sqlite" {
		open = sqlstore.OpenSQLite
	}
	s, err := open(ctx, os.Getenv("SOUK_TEST_PATH"), keys)
	if err != nil {
		return nil, nil, err
	}
	adapter, err := sallaAdapter(os.Getenv("SOUK_TEST_MARKET"), os.Getenv("SOUK_TEST_APP"), os.Getenv("SOUK_TEST_APP_SECRET"))
	return s, adapter, err
}

// connect stores an account of the market's shop with a fresh pair of tokens,
// whose access token dies after lasts, and returns the refresh token.
func (m *market) connect(t testing.TB, s *sqlstore.Store, id string, store *sallatest.Store, lasts time.Duration) sallatest.Tokens {
	t.Helper()
	tokens := store.IssueTokens()
	account := catalog.Account{ID: id, Platform: salla.Platform, Store: strconv.FormatInt(store.MerchantID(), 10)}
	if err := s.Accounts().Put(t.Context(), account); err != nil {
		t.Fatal(err)
	}
	_, err := s.Credentials().CompareAndSwap(t.Context(), id, 0, catalog.Credential{AccessToken: catalog.NewSecret(tokens.AccessToken),
		RefreshToken: catalog.NewSecret(tokens.RefreshToken), ExpiresAt: time.Now().Add(lasts), RefreshExpiresAt: time.Now().Add(30 * 24 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

// hosts opens stores as a host does.
func hosts(s *sqlstore.Store, adapter catalog.Adapter, provider *auth.Provider) (*catalog.Stores, error) {
	registry := &catalog.Registry{}
	if err := registry.Register(adapter); err != nil {
		return nil, err
	}
	return &catalog.Stores{Registry: registry, Accounts: s.Accounts(), Credentials: provider}, nil
}

// hundred calls the shop from a hundred goroutines and returns the first error.
func hundred(ctx context.Context, stores *catalog.Stores, id string) error {
	errs := make(chan error, 100)
	for range cap(errs) {
		go func() {
			engine, err := stores.Open(ctx, id)
			if err == nil {
				_, err = engine.Shop(ctx)
			}
			errs <- err
		}()
	}
	var first error
	for range cap(errs) {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// note counts the refresh token of a request, whose body stays readable.
func (m *market) note(r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, 1<<20))
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return // it broke off, so that the server behind will refuse it
	}
	form, _ := url.ParseQuery(string(body))
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent[form.Get("refresh_token")]++
}
