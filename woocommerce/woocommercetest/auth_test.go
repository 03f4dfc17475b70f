package woocommercetest

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

const products = "/wp-json/wc/v3/products"

// signed builds a request signed the way a client should: the five parameters
// and those of the query, by the store's own address.
func signed(t testing.TB, s *Server, base, path string, query [][2]string, change func(*phpArray)) *http.Request {
	t.Helper()
	params := &phpArray{}
	for _, kv := range query {
		params.set(kv[0], kv[1])
	}
	params.set("oauth_consumer_key", s.ConsumerKey())
	params.set("oauth_nonce", randomHex(serverkit.NewRand(int64(len(s.Calls())), 0, len(path)), 32))
	params.set("oauth_signature_method", "HMAC-SHA256")
	params.set("oauth_timestamp", strconv.FormatInt(s.now().Unix(), 10))
	if change != nil {
		change(params)
	}
	home, _, _ := strings.Cut(s.HomeURL(), "://")
	address := strings.Replace(s.HomeURL(), home, "http", 1) + path
	signature, ok := oauthSignature(params.text("oauth_signature_method"), s.ConsumerSecret(), signatureBase("GET", address, params))
	if !ok {
		signature = "unsigned"
	}
	params.set("oauth_signature", signature)
	r, err := http.NewRequestWithContext(t.Context(), "GET", base+path+"?"+params.encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func reach(t testing.TB, s *Server, r *http.Request) reply {
	t.Helper()
	res, err := roundTrip(s, r)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func request(t testing.TB, method, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBasicCountsOverHTTPSAlone(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	reader := s.AddKey(Key{Permissions: "read"})
	scribe := s.AddKey(Key{Permissions: "write"})
	buyer := s.AddKey(Key{Role: "customer"})
	manager := s.AddKey(Key{Role: "shop_manager"})
	const none, bad = "woocommerce_rest_cannot_view", "woocommerce_rest_authentication_error"
	plainURL := "http" + strings.TrimPrefix(s.StoreURL(), "https")
	for _, c := range []struct {
		name, method, base, key, secret string
		status                          int
		code                            string
	}{
		{"right", "GET", s.StoreURL(), s.ConsumerKey(), s.ConsumerSecret(), 200, ""},
		{"no key", "GET", s.StoreURL(), "", "", 401, none},
		{"unknown key is anonymous", "GET", s.StoreURL(), "ck_x", "cs_x", 401, none},
		{"wrong secret", "GET", s.StoreURL(), s.ConsumerKey(), "cs_x", 401, bad},
		{"plain http ignores it", "GET", plainURL, s.ConsumerKey(), s.ConsumerSecret(), 401, none},
		{"own address is plain http", "GET", s.URL(), s.ConsumerKey(), s.ConsumerSecret(), 401, none},
		{"read key reads", "GET", s.StoreURL(), reader.ConsumerKey, reader.ConsumerSecret, 200, ""},
		{"read key writes", "POST", s.StoreURL(), reader.ConsumerKey, reader.ConsumerSecret, 401, bad},
		{"write key reads", "GET", s.StoreURL(), scribe.ConsumerKey, scribe.ConsumerSecret, 401, bad},
		{"write key writes", "POST", s.StoreURL(), scribe.ConsumerKey, scribe.ConsumerSecret, 201, ""},
		{"a customer's key", "GET", s.StoreURL(), buyer.ConsumerKey, buyer.ConsumerSecret, 403, none},
		{"a customer's key writes", "POST", s.StoreURL(), buyer.ConsumerKey, buyer.ConsumerSecret, 403, "woocommerce_rest_cannot_create"},
		{"a manager's key", "GET", s.StoreURL(), manager.ConsumerKey, manager.ConsumerSecret, 200, ""},
	} {
		r := request(t, c.method, c.base+products)
		if c.key != "" {
			r.SetBasicAuth(c.key, c.secret)
		}
		res := reach(t, s, r)
		if c.code == "" && res.status == c.status {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			fails(t, res, c.status, c.code)
			if res.header.Get("WWW-Authenticate") != "" {
				t.Error("the store sends no WWW-Authenticate")
			}
		})
	}
	if got := len(s.Violations()); got != 2 {
		t.Errorf("%d violations, want one for each secret over plain http: %q", got, s.Violations())
	}
}

func TestKeysInTheQuery(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{StripAuthorization: true})
	r := request(t, "GET", s.StoreURL()+products+"?per_page=1")
	r.SetBasicAuth(s.ConsumerKey(), s.ConsumerSecret())
	fails(t, reach(t, s, r), 401, "woocommerce_rest_cannot_view")
	q := url.Values{"consumer_key": {s.ConsumerKey()}, "consumer_secret": {s.ConsumerSecret()}, "per_page": {"1"}}
	res := reach(t, s, request(t, "GET", s.StoreURL()+products+"?"+q.Encode()))
	if res.status != 200 {
		t.Fatal(res.status, res.body)
	}
	if link := res.header.Get("Link"); !strings.Contains(link, s.ConsumerSecret()) {
		t.Errorf("the next link repeats the secret in a real store, not in %s", link)
	}
	for _, c := range s.Calls() {
		if strings.Contains(c.Query+c.Header.Get("Authorization"), s.ConsumerSecret()) {
			t.Error("a secret in the book of calls")
		}
	}
}

func TestOAuthWithTheStoresRules(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{StoreURL: "http://shop.example.test:8088/blog", Clock: clock.now})
	const path = products
	ask := func(query [][2]string, change func(*phpArray)) reply {
		return reach(t, s, signed(t, s, s.StoreURL(), path, query, change))
	}
	const bad = "woocommerce_rest_authentication_error"
	if r := ask([][2]string{{"search", "Plain قميص + ~%\""}, {"page", "2"}, {"include", "1,2"}}, nil); r.status != 200 {
		t.Fatal(r.status, r.body)
	}
	if r := ask(nil, func(p *phpArray) { p.set("oauth_signature_method", "HMAC-SHA1") }); r.status != 200 {
		t.Fatal(r.status, r.body)
	}
	if r := ask(nil, func(p *phpArray) { p.set("oauth_timestamp", strconv.FormatInt(clock.now().Unix()-900, 10)) }); r.status != 200 {
		t.Errorf("900 seconds old: %d %s", r.status, r.body)
	}
	for name, change := range map[string]func(*phpArray){
		"Invalid timestamp.":                          func(p *phpArray) { p.set("oauth_timestamp", strconv.FormatInt(clock.now().Unix()-901, 10)) },
		"Consumer key is invalid.":                    func(p *phpArray) { p.set("oauth_consumer_key", "ck_x") },
		"Invalid signature - signature method is inv": func(p *phpArray) { p.set("oauth_signature_method", "PLAINTEXT") },
	} {
		if f := fails(t, ask(nil, change), 401, bad); !strings.HasPrefix(f.Message, name) {
			t.Errorf("%q, want %q", f.Message, name)
		}
	}
	replay := signed(t, s, s.StoreURL(), path, nil, nil)
	if r := reach(t, s, replay); r.status != 200 {
		t.Fatal(r.status)
	}
	if f := fails(t, reach(t, s, replay), 401, bad); !strings.Contains(f.Message, "nonce") {
		t.Error(f.Message)
	}
	r := request(t, "GET", s.StoreURL()+path+"?oauth_consumer_key="+s.ConsumerKey()+"&oauth_nonce=x")
	f := fails(t, reach(t, s, r), 401, "woocommerce_rest_authentication_missing_parameter")
	if f.Message != "Missing OAuth parameters oauth_timestamp, oauth_signature, oauth_signature_method" {
		t.Error(f.Message)
	}
}

// A replay is seen only while its second holds no other nonce.
func TestOneNonceASecondIsKept(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{StoreURL: "http://shop.example.test", Clock: clock.now})
	first := signed(t, s, s.StoreURL(), products, nil, nil)
	other := signed(t, s, s.StoreURL(), products, nil, func(p *phpArray) { p.set("oauth_nonce", "another") })
	for i, r := range []*http.Request{first, other, first} {
		if res := reach(t, s, r); res.status != 200 {
			t.Fatalf("request %d: %d %s", i, res.status, res.body)
		}
	}
	clock.add(901 * time.Second)
	fails(t, reach(t, s, other), 401, "woocommerce_rest_authentication_error")
}

func TestOAuthIsSignedWithTheHomeAddress(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{StoreURL: "http://shop.example.test", HomeURL: "http://WWW.example.test"})
	if r := reach(t, s, signed(t, s, s.StoreURL(), products, nil, nil)); r.status != 200 {
		t.Errorf("signed with the home address: %d %s", r.status, r.body)
	}
	index := decode[struct{ URL, Home string }](t, reach(t, s, request(t, "GET", s.StoreURL()+"/wp-json/")))
	if index.Home != s.HomeURL() || index.URL != s.HomeURL() {
		t.Errorf("discovery says %+v", index)
	}
	bare := reach(t, s, signed(t, s, s.StoreURL(), products, [][2]string{{"include[]", "11"}}, nil))
	fails(t, bare, 401, "woocommerce_rest_authentication_error")
	if len(s.Violations()) != 1 {
		t.Errorf("violations %q", s.Violations())
	}
}

func TestTheAddressesOfAStore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		config  Config
		path    string
		status  int
		content string
	}{
		{"pretty", Config{}, products, 200, "json"},
		{"path info beside pretty", Config{}, "/index.php" + products, 200, "json"},
		{"plain beside pretty: keys ignored", Config{}, "/?rest_route=/wc/v3/products", 401, "json"},
		{"path info", Config{Permalinks: PathInfo}, "/index.php" + products, 200, "json"},
		{"path info without index.php", Config{Permalinks: PathInfo}, products, 404, "html"},
		{"plain: keys ignored", Config{Permalinks: Plain}, "/?rest_route=/wc/v3/products", 401, "json"},
		{"plain since 11.1", Config{Permalinks: Plain, Version: "11.1.0"}, "/?rest_route=/wc/v3/products", 200, "json"},
		{"plain, pretty address", Config{Permalinks: Plain}, products, 404, "html"},
		{"sub-folder", Config{StoreURL: "https://x.example.test/blog/shop"}, products, 200, "json"},
		{"another prefix", Config{RESTPrefix: "api"}, "/api/wc/v3/products", 200, "json"},
		{"another prefix, old address", Config{RESTPrefix: "api"}, products, 404, "html"},
		{"no WooCommerce", Config{NoWooCommerce: true}, products, 404, "json"},
		{"hidden TLS", Config{HiddenTLS: true}, products, 401, "json"},
		{"home page", Config{}, "/", 200, "html"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &c.config)
			r := request(t, "GET", s.StoreURL()+c.path)
			r.SetBasicAuth(s.ConsumerKey(), s.ConsumerSecret())
			res := reach(t, s, r)
			if res.status != c.status || !strings.Contains(res.header.Get("Content-Type"), c.content) {
				t.Errorf("%d %s: %.200s", res.status, res.header.Get("Content-Type"), res.body)
			}
			if !strings.Contains(res.header.Get("Link"), `"https://api.w.org/"`) && res.status != 200 {
				t.Errorf("Link %q", res.header.Get("Link"))
			}
		})
	}
	s := start(t, &Config{RedirectToHTTPS: true})
	res := reach(t, s, request(t, "GET", "http://"+s.Host()+products))
	if res.status != 301 || res.header.Get("Location") != s.StoreURL()+products {
		t.Errorf("%d to %s", res.status, res.header.Get("Location"))
	}
}

func TestOtherHostsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	if _, err := s.Client().Do(request(t, "GET", "https://elsewhere.example.test/")); err == nil {
		t.Error("another host was let through")
	}
	if len(s.Violations()) != 1 {
		t.Errorf("violations %q", s.Violations())
	}
	other := start(t, &Config{StoreURL: "https://elsewhere.example.test"})
	client := &http.Client{Transport: Join(s, other)}
	res, err := client.Do(request(t, "GET", "https://elsewhere.example.test/wp-json/"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if n := len(other.Calls()); n != 1 {
		t.Errorf("the other store saw %d calls", n)
	}
}
