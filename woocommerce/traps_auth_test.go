package woocommerce_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// The things clients of WooCommerce get wrong, by the matter they concern.
// These are about authorisation.

const plainStore = "http://shop.example.test"

// small is a store with little in it.
func small(config woocommercetest.Config) woocommercetest.Config {
	config.Products, config.Orders, config.Customers = 8, 8, 8
	return config
}

// outbox records what is sent.
type outbox struct {
	http.RoundTripper
	mu   sync.Mutex
	sent []*http.Request
}

func (o *outbox) RoundTrip(r *http.Request) (*http.Response, error) {
	o.mu.Lock()
	o.sent = append(o.sent, r)
	o.mu.Unlock()
	return o.RoundTripper.RoundTrip(r)
}

// watched opens the server's store and records what is sent to it.
func watched(t testing.TB, server *woocommercetest.Server, config woocommerce.Config, settings ...string) (catalog.Engine, *outbox) {
	t.Helper()
	box := &outbox{RoundTripper: server.Transport()}
	config.Transport = box
	return openStore(t, newAdapter(t, server, config), server, settings...), box
}

// failure is the error of a read that must fail.
func failure(t testing.TB, err error) *catalog.Error {
	t.Helper()
	e, ok := err.(*catalog.Error)
	if !ok {
		t.Fatalf("got %v, want a *catalog.Error", err)
	}
	return e
}

func TestTrapAuthBasicIsIgnoredOverHTTPAndNeverSent(t *testing.T) {
	t.Parallel()
	server := newServer(t, small(woocommercetest.Config{StoreURL: plainStore}))
	adapter := newAdapter(t, server, woocommerce.Config{})
	for _, auth := range []string{"basic", "query"} {
		_, err := adapter.Open(catalog.Account{Store: plainStore, Settings: map[string]string{"auth": auth}}, keys(server))
		if catalog.KindOf(err) != catalog.ErrInvalid || !strings.Contains(err.Error(), "plain http") {
			t.Errorf("%s over http: %v", auth, err)
		}
	}
	engine, box := watched(t, server, woocommerce.Config{}) // chooses to sign
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, r := range box.sent {
		if h := r.Header.Get("Authorization"); strings.HasPrefix(h, "Basic") || strings.Contains(h+r.URL.RawQuery, server.ConsumerSecret()) {
			t.Errorf("%s carries the secret", r.URL.Path)
		}
	}
}

func TestTrapAuthKeysAreInNoQueryUnlessAskedFor(t *testing.T) {
	t.Parallel()
	for auth, inQuery := range map[string]bool{"": false, "auto": false, "basic": false, "oauth1": false, "query": true, "oauth1_query": true} {
		server := newServer(t, small(woocommercetest.Config{}))
		engine, box := watched(t, server, woocommerce.Config{}, "auth", auth)
		if _, err := engine.Order(t.Context(), id(server.Orders()[0].ID)); err != nil {
			t.Errorf("auth %q: %v", auth, err)
		}
		if r := box.sent[len(box.sent)-1]; strings.Contains(r.URL.RawQuery, server.ConsumerKey()) != inQuery || inQuery == (r.Header.Get("Authorization") != "") {
			t.Errorf("auth %q: header %q", auth, r.Header.Get("Authorization"))
		}
	}
}

func TestTrapAuthConfigAndSettingChooseTheWay(t *testing.T) {
	t.Parallel()
	server := newServer(t, small(woocommercetest.Config{}))
	engine, box := watched(t, server, woocommerce.Config{Auth: woocommerce.AuthOAuth1}, "auth", "basic")
	if _, err := engine.Shop(t.Context()); err != nil || !strings.HasPrefix(box.sent[0].Header.Get("Authorization"), "Basic ") {
		t.Errorf("the account's setting does not win: %v", err)
	}
	engine, box = watched(t, server, woocommerce.Config{Auth: woocommerce.AuthOAuth1})
	if _, err := engine.Shop(t.Context()); err != nil || !strings.HasPrefix(box.sent[1].Header.Get("Authorization"), "OAuth ") {
		t.Errorf("the configuration does not count: %v", err)
	}
}

// A 401 is either a key the store knows and refuses, or no key at all.
func TestTrapAuth401HasTwoMeanings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config woocommercetest.Config
		wrong  func(*catalog.Credential)
		code   string
		hint   string
	}{
		"a wrong secret":   {wrong: func(c *catalog.Credential) { c.Secret = catalog.NewSecret("cs_wrong") }, code: "woocommerce_rest_authentication_error", hint: "secret is not the key's"},
		"an unknown key":   {wrong: func(c *catalog.Credential) { c.Key = catalog.NewSecret("ck_unknown") }, code: "woocommerce_rest_cannot_view", hint: "no valid key"},
		"a dropped header": {config: woocommercetest.Config{StripAuthorization: true}, code: "woocommerce_rest_cannot_view", hint: "auth as query"},
		"a hidden https":   {config: woocommercetest.Config{HiddenTLS: true}, code: "woocommerce_rest_cannot_view", hint: "signed_scheme as http"},
	} {
		server := newServer(t, small(c.config))
		credential := catalog.Credential{Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret())}
		if c.wrong != nil {
			c.wrong(&credential)
		}
		engine, err := newAdapter(t, server, woocommerce.Config{}).Open(catalog.Account{Store: server.StoreURL()}, fixed{credential})
		if err != nil {
			t.Fatal(err)
		}
		_, err = engine.Order(t.Context(), "1")
		if e := failure(t, err); e.Kind != catalog.ErrUnauthorized || e.Code != c.code || !strings.Contains(e.Hint, c.hint) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// fixed is a source whose Refresh finds nothing better.
type fixed struct{ credential catalog.Credential }

func (f fixed) Credential(context.Context) (catalog.Credential, error) { return f.credential, nil }
func (f fixed) Refresh(context.Context, catalog.Credential) (catalog.Credential, error) {
	return f.credential, nil
}

func TestTrapAuthAKeyWithoutReadPermissionIsForbidden(t *testing.T) {
	t.Parallel()
	server := newServer(t, small(woocommercetest.Config{}))
	key := server.AddKey(woocommercetest.Key{Permissions: "write"})
	engine := openWith(t, server, key)
	_, err := engine.Order(t.Context(), "1")
	if e := failure(t, err); e.Kind != catalog.ErrForbidden || !strings.Contains(e.Hint, "Read/Write") {
		t.Errorf("%v", err)
	}
	read := openWith(t, server, server.AddKey(woocommercetest.Key{Permissions: "read"}))
	_, err = capability[catalog.RESTCaller](t, read).Do(t.Context(), catalog.RESTRequest{Method: "POST", Path: "/products", Body: map[string]string{"name": "x"}})
	if failure(t, err).Kind != catalog.ErrForbidden {
		t.Errorf("%v", err)
	}
}

func openWith(t testing.TB, server *woocommercetest.Server, key woocommercetest.Key) catalog.Engine {
	t.Helper()
	engine, err := newAdapter(t, server, woocommerce.Config{}).Open(catalog.Account{Store: server.StoreURL()},
		catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret(key.ConsumerKey), Secret: catalog.NewSecret(key.ConsumerSecret)}))
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func TestTrapAuthAKeyOfACustomerIsForbiddenEverywhere(t *testing.T) {
	t.Parallel()
	server := newServer(t, small(woocommercetest.Config{}))
	engine := openWith(t, server, server.AddKey(woocommercetest.Key{Role: "customer"}))
	_, err := engine.Order(t.Context(), id(server.Orders()[0].ID))
	if e := failure(t, err); e.Kind != catalog.ErrForbidden || e.Status != 403 || !strings.Contains(e.Hint, "shop manager") {
		t.Errorf("%v", err)
	}
	if _, err := openWith(t, server, server.AddKey(woocommercetest.Key{Role: "shop_manager"})).Shop(t.Context()); err != nil {
		t.Errorf("a shop manager's key: %v", err)
	}
}

// Behind a proxy that hides https, the store signs with http.
func TestTrapAuthHiddenHTTPSIsSignedAsHTTP(t *testing.T) {
	t.Parallel()
	server := newServer(t, small(woocommercetest.Config{HiddenTLS: true}))
	engine, _ := watched(t, server, woocommerce.Config{}, "auth", "oauth1")
	if _, err := engine.Shop(t.Context()); catalog.KindOf(err) != catalog.ErrReauthorize {
		t.Errorf("signed as https: %v", err)
	}
	engine, _ = watched(t, server, woocommerce.Config{}, "auth", "oauth1", "signed_scheme", "http")
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Errorf("signed as http: %v", err)
	}
}

// Next-page links repeat the query, secret included.
func TestTrapAuthLinksRepeatTheSecretAndAreDropped(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{StripAuthorization: true, Products: 40, Orders: -1, Customers: -1})
	engine, box := watched(t, server, woocommerce.Config{}, "auth", "query")
	if n := len(ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 7}}), productID)); n != 40 {
		t.Errorf("%d products", n)
	}
	for _, r := range box.sent {
		if strings.Count(r.URL.RawQuery, "consumer_secret=") != strings.Count(r.URL.Path, "wc/v3") {
			t.Errorf("%s was not built here: %d secrets", r.URL.Path, strings.Count(r.URL.RawQuery, "consumer_secret="))
		}
	}
	result, err := capability[catalog.RESTCaller](t, engine).Do(t.Context(), catalog.RESTRequest{Path: "/products", Query: url.Values{"per_page": {"2"}}})
	if err != nil || result.Header.Get("X-WP-Total") != "40" {
		t.Fatalf("%v, %v", result.Header, err)
	}
	for name, values := range result.Header {
		if strings.Contains(strings.Join(values, " "), server.ConsumerSecret()) {
			t.Errorf("the header %s holds the secret", name)
		}
	}
}

// Keys used outside WooCommerce's own routes are refused since 11.1.
func TestTrapAuthTheIndexIsReadWithoutTheKey(t *testing.T) {
	t.Parallel()
	for _, auth := range []string{"basic", "query", "oauth1", "oauth1_query"} {
		server := newServer(t, small(woocommercetest.Config{Version: "11.2.0"}))
		engine, box := watched(t, server, woocommerce.Config{}, "auth", auth)
		if _, err := engine.Shop(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, r := range box.sent {
			if !strings.Contains(r.URL.Path, "/wc/v3/") && (r.Header.Get("Authorization") != "" || strings.Contains(r.URL.RawQuery, "ck_")) {
				t.Errorf("%s: %s carries the key", auth, r.URL.Path)
			}
		}
	}
}

// Signatures are of the address WordPress believes it has.
func TestTrapOAuthSignsTheStoresOwnHomeURL(t *testing.T) {
	t.Parallel()
	for _, auth := range []string{"oauth1", "oauth1_query"} {
		server := newServer(t, small(woocommercetest.Config{StoreURL: "http://203.0.113.7:8088/shop", HomeURL: "http://www.example.test/shop"}))
		engine, _ := watched(t, server, woocommerce.Config{}, "auth", auth)
		if n := len(ids(t, engine.Orders(t.Context(), catalog.OrderQuery{}), orderID)); n != 8 {
			t.Errorf("%s: %d orders", auth, n)
		}
	}
}

// A site that hides its index from strangers is signed for under the address
// it was opened with.
func TestTrapOAuthWorksWhereTheIndexIsHidden(t *testing.T) {
	t.Parallel()
	server := newServer(t, small(woocommercetest.Config{StoreURL: plainStore}))
	server.Inject(woocommercetest.JSONError(401, "rest_login_required", "REST API restricted to authenticated users.").On("GET", "/wp-json/").Repeat(-1))
	engine, _ := watched(t, server, woocommerce.Config{})
	shop, err := engine.Shop(t.Context())
	if err != nil || shop.Currency != "SAR" || len(shop.Problems) != 1 {
		t.Errorf("%+v, %v", shop, err)
	}
}

var oauthParam = regexp.MustCompile(`oauth_(nonce|timestamp)="?([0-9a-f]+)`)

// The store remembers nonces: a repeated request needs fresh ones.
func TestTrapOAuthEveryAttemptHasAFreshNonceAndTime(t *testing.T) {
	t.Parallel()
	for _, auth := range []string{"oauth1", "oauth1_query"} {
		server := newServer(t, small(woocommercetest.Config{StoreURL: plainStore}))
		server.Inject(woocommercetest.Throttle("0").On("GET", "/orders/*").Repeat(2))
		engine, box := watched(t, server, woocommerce.Config{}, "auth", auth)
		if _, err := engine.Order(t.Context(), id(server.Orders()[0].ID)); err != nil {
			t.Fatal(err)
		}
		nonces := map[string]bool{}
		for _, r := range box.sent[1:] {
			for _, m := range oauthParam.FindAllStringSubmatch(r.Header.Get("Authorization")+r.URL.RawQuery, -1) {
				nonces[m[1]+m[2]] = nonces[m[1]+m[2]] || m[1] == "nonce"
			}
		}
		fresh := 0
		for _, nonce := range nonces {
			if nonce {
				fresh++
			}
		}
		if len(box.sent) != 4 || fresh != 3 {
			t.Errorf("%s: %d nonces in %d requests", auth, fresh, len(box.sent))
		}
	}
}

// Whatever stands in a query or a path is signed as PHP reads it; JSON bodies
// are not signed.
func TestTrapOAuthSignsAnyQueryAndNoBody(t *testing.T) {
	t.Parallel()
	server := newServer(t, small(woocommercetest.Config{StoreURL: plainStore}))
	engine, _ := watched(t, server, woocommerce.Config{})
	rest := capability[catalog.RESTCaller](t, engine)
	for _, search := range []string{"Plain Shirt", "a+b", "100%", "x%41", "قميص", `a&b=c~!*'()/:"\`, ""} {
		if _, err := rest.Do(t.Context(), catalog.RESTRequest{Path: "/products", Query: url.Values{"search": {search}, "per_page": {"3"}}}); err != nil {
			t.Errorf("%q: %v", search, err)
		}
	}
	for _, call := range []catalog.RESTRequest{{Path: "/products/"}, {Path: "/products", Query: url.Values{"include": {"11", "12"}}},
		{Path: "/products", Query: url.Values{"include[]": {"11", "12", "13"}}}, {Method: "HEAD", Path: "/products"},
		{Method: "POST", Path: "/products", Body: map[string]string{"name": "A & B"}}} {
		if _, err := rest.Do(t.Context(), call); err != nil {
			t.Errorf("%s %s %v: %v", call.Method, call.Path, call.Query, err)
		}
	}
}

func TestTrapOAuthClocksApartAreNamed(t *testing.T) {
	t.Parallel()
	server := newServer(t, small(woocommercetest.Config{StoreURL: plainStore, Clock: func() time.Time { return time.Now().Add(-20 * time.Minute) }}))
	engine, _ := watched(t, server, woocommerce.Config{})
	credential, _ := keys(server).Credential(t.Context())
	engine, err := newAdapter(t, server, woocommerce.Config{}).Open(engine.Account(), fixed{credential})
	if err != nil {
		t.Fatal(err)
	}
	_, err = engine.Order(t.Context(), "1")
	if e := failure(t, err); e.Kind != catalog.ErrUnauthorized || !strings.Contains(e.Hint, "differ by 20m") {
		t.Errorf("%v", err)
	}
}

// An application password is a user and a password in the place of a key pair.
func TestTrapAuthApplicationPasswordsAreSentAsTheyAre(t *testing.T) {
	t.Parallel()
	server := newServer(t, small(woocommercetest.Config{}))
	box := &outbox{RoundTripper: server.Transport()}
	engine, err := newAdapter(t, server, woocommerce.Config{Transport: box}).Open(catalog.Account{Store: server.StoreURL()},
		catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret("admin"), Secret: catalog.NewSecret("abcd EFGH 1234 ijkl")}))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = engine.Order(t.Context(), "1") // the server knows no such user
	if user, password, ok := box.sent[0].BasicAuth(); !ok || user != "admin" || password != "abcd EFGH 1234 ijkl" {
		t.Errorf("sent %q", user)
	}
}

func TestTrapAuthRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	server := newServer(t, small(woocommercetest.Config{StoreURL: plainStore, RedirectToHTTPS: true}))
	engine, box := watched(t, server, woocommerce.Config{})
	_, err := engine.Shop(t.Context())
	if e := failure(t, err); e.Kind != catalog.ErrInvalid || !strings.Contains(e.Message, "shop.example.test by https") {
		t.Errorf("%v", err)
	}
	for _, r := range box.sent {
		if r.URL.Scheme != "http" {
			t.Errorf("followed to %s", r.URL.Scheme)
		}
	}
	server = newServer(t, small(woocommercetest.Config{}))
	server.Inject(woocommercetest.Redirect(301, "https://www.shop.example.test/wp-json/wc/v3/orders/1").Repeat(-1))
	engine, box = watched(t, server, woocommerce.Config{})
	_, err = engine.Order(t.Context(), "1")
	if !strings.Contains(err.Error(), "www.shop.example.test") || len(box.sent) != 1 {
		t.Errorf("%d requests, %v", len(box.sent), err)
	}
}
