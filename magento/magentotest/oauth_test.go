package magentotest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// specs returns the folder of the vendor's files, or skips the test.
func specs(t *testing.T) string {
	t.Helper()
	beside := filepath.Join("..", "..", "..", "shared", "specs")
	roots := []string{beside, filepath.Join("..", beside)} // next to a clone, or to a folder of worktrees
	if env := os.Getenv("SOUK_SPECS"); env != "" {
		roots = []string{env}
	}
	for _, root := range roots {
		dir := filepath.Join(root, "magento")
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
	}
	t.Skipf("the vendor's files are not at %s; name their folder in SOUK_SPECS", strings.Join(roots, " or "))
	return ""
}

type vector struct {
	Name, Method, URL, Token, TokenSecret, Profile, Authorization string
	Signature                                                     string
	AcceptedBy247, AcceptedBy248                                  bool
}

func TestSignaturesFitWhatPHPAccepts(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(specs(t), "oauth1-hmac-sha256-vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases          []vector
		ConsumerSecret string `json:"consumer_secret"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 20 {
		t.Fatalf("%d vectors", len(file.Cases))
	}
	for _, v := range file.Cases {
		u, err := url.Parse(v.URL)
		if err != nil {
			t.Fatal(err)
		}
		msg := signed{method: v.Method, scheme: u.Scheme, host: u.Host, path: u.EscapedPath(), query: u.RawQuery, oauth: oauthParams(v.Authorization)}
		delete(msg.oauth, "oauth_signature")
		for legacy, want := range map[bool]bool{true: v.AcceptedBy247, false: v.AcceptedBy248} {
			if got := hmacSHA256(msg.baseString(legacy), file.ConsumerSecret, v.TokenSecret) == v.Signature; got != want {
				t.Errorf("%s, signed as %s: legacy server %v accepts: %v, want %v\n%s", v.Name, v.Profile, legacy, got, want, msg.baseString(legacy))
			}
		}
	}
}

func TestWrongProfileIsRefused(t *testing.T) {
	t.Parallel()
	groups := make([]string, 0, 36)
	for range 12 {
		groups = append(groups, "status", "eq", "1")
	}
	requests := map[string]string{
		"plain":      "/V1/products" + sc(1, 1, "entity_id ASC", "updated_at", "gteq", "2026-01-01 00:00:00", "sku", "in", "a,b"),
		"12 groups":  "/V1/products" + sc(1, 1, "", groups...),
		"sku slash":  "/V1/products/AB%2F15",
		"sku plus":   "/V1/products/C%2B%2B%2016",
		"sku space":  "/V1/products/50%25%20off%20%26%20more%20%2318%3F",
		"sku arabic": "/V1/products/" + encode("قطعة-17"),
	}
	accepted := map[string]map[string]string{ // request: version: profiles
		"plain":      {V247: "rfc legacy 248", V248: "rfc legacy 248"},
		"12 groups":  {V246: "legacy", V248: "248", V249: "248"},
		"sku slash":  {V246: "legacy", V247: "legacy", V248: "rfc 248", V249: "rfc 248"},
		"sku arabic": {V247: "rfc legacy 248", V248: "rfc legacy 248"},
	}
	for name, byVersion := range accepted {
		for version, good := range byVersion {
			s := start(t, &Config{Version: version})
			for _, profile := range []string{"rfc", "legacy", "248"} {
				r := mustSend(t, s, signOAuth(request(t, s, "GET", requests[name], ""), s, profile))
				if strings.Contains(good, profile) {
					if r.status == http.StatusUnauthorized || r.status == http.StatusBadRequest {
						t.Errorf("%s on %s signed as %s: %d %.200s", name, version, profile, r.status, r.body)
					}
					continue
				}
				if e := failure(t, r, http.StatusUnauthorized); e.Message != msgSignature {
					t.Errorf("%s on %s signed as %s: %s", name, version, profile, e.Message)
				}
			}
		}
	}
}

func TestOddSKUsAreFound(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	for _, sku := range []string{"AB/15", "قطعة-17", "50% off & more #18?", "a,b,19", "naïve 'q' 20", "ab/15", "C++ 16"} {
		if s.ProductBySKU(sku) == nil {
			t.Fatalf("no product %q", sku)
		}
		if r := get(t, s, "/V1/products/"+encode(sku)); r.status != http.StatusOK {
			t.Errorf("%q: %d %.200s", sku, r.status, r.body)
		}
	}
	q := quiet(Config{})
	s = start(t, q)
	if r := get(t, s, "/V1/products/C++%2016"); r.status != http.StatusNotFound {
		t.Errorf("a bare plus was not taken for a space: %d", r.status)
	}
}

func TestOAuthRefusals(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := NewServer(&Config{Clock: c.now})
	t.Cleanup(s.Close)
	base := func() map[string]string {
		return map[string]string{
			"oauth_consumer_key": s.ConsumerKey(), "oauth_token": s.AccessToken(), "oauth_signature_method": "HMAC-SHA256",
			"oauth_timestamp": fmt.Sprint(c.now().Unix()), "oauth_nonce": key32(), "oauth_version": "1.0",
		}
	}
	tests := []struct {
		name   string
		change func(map[string]string)
		status int
		part   string
	}{
		{"good", func(map[string]string) {}, 200, ""},
		{"no version", func(p map[string]string) { delete(p, "oauth_version") }, 200, ""},
		{"old", func(p map[string]string) { p["oauth_timestamp"] = "1" }, 200, ""},
		{"ten minutes ahead", func(p map[string]string) { p["oauth_timestamp"] = fmt.Sprint(c.now().Unix() + 600) }, 200, ""},
		{"more ahead", func(p map[string]string) { p["oauth_timestamp"] = fmt.Sprint(c.now().Unix() + 601) }, 401, "timestamp"},
		{"version", func(p map[string]string) { p["oauth_version"] = "2.0" }, 400, "version"},
		{"SHA1", func(p map[string]string) { p["oauth_signature_method"] = "HMAC-SHA1" }, 400, "not supported"},
		{"no nonce", func(p map[string]string) { delete(p, "oauth_nonce") }, 400, "is required"},
		{"no token", func(p map[string]string) { delete(p, "oauth_token") }, 400, "is required"},
		{"short key", func(p map[string]string) { p["oauth_consumer_key"] = "short" }, 401, "length"},
		{"unknown key", func(p map[string]string) { p["oauth_consumer_key"] = key32() }, 401, "does not exist"},
		{"unknown token", func(p map[string]string) { p["oauth_token"] = key32() }, 401, "does not exist"},
	}
	for _, tt := range tests {
		r := request(t, s, "GET", "/V1/products"+sc(1, 1, ""), "")
		p := base()
		tt.change(p)
		signWith(r, p, s.ConsumerSecret(), s.AccessTokenSecret(), "rfc")
		res := mustSend(t, s, r)
		if res.status != tt.status || !strings.Contains(res.body, tt.part) {
			t.Errorf("%s: %d %.200s", tt.name, res.status, res.body)
		}
	}
	p := base()
	nonce := p["oauth_nonce"]
	use := func() reply {
		r := request(t, s, "GET", "/V1/products"+sc(1, 1, ""), "")
		p := base()
		p["oauth_nonce"] = nonce
		signWith(r, p, s.ConsumerSecret(), s.AccessTokenSecret(), "rfc")
		return mustSend(t, s, r)
	}
	if r := use(); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if e := failure(t, use(), 401); e.Message != msgNonce {
		t.Errorf("replay: %s", e.Message)
	}
	c.add(121 * time.Minute)
	if r := use(); r.status != 200 {
		t.Errorf("a nonce is remembered for ever: %d", r.status)
	}
	r := request(t, s, "GET", "/V1/products"+sc(1, 1, ""), "")
	signWith(r, base(), "wrong", s.AccessTokenSecret(), "rfc")
	if e := failure(t, mustSend(t, s, r), 401); e.Message != msgSignature {
		t.Error(e.Message)
	}
	s.Revoke()
	if r := use(); r.status != 401 {
		t.Errorf("revoked: %d", r.status)
	}
}

func TestSchemeHiddenByProxy(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{SchemeHidden: true})
	if e := failure(t, mustSend(t, s, signOAuth(request(t, s, "GET", "/V1/store/websites", ""), s, "rfc")), 401); e.Message != msgSignature {
		t.Error(e.Message)
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := NewServer(&Config{TB: t, Clock: c.now, BaseURL: "https://shop.example/store"})
	t.Cleanup(s.Close)
	form := make(chan url.Values, 1)
	app := newApp(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		form <- r.PostForm
	})
	act, err := s.Activate(t.Context(), app, "https://app.example/login?x=1")
	if err != nil || act.Status != 200 || !strings.Contains(act.IdentityURL, "success_call_back=") {
		t.Fatalf("%v %+v", err, act)
	}
	got := <-form
	if got.Get("oauth_consumer_key") != act.ConsumerKey || got.Get("store_base_url") != "https://shop.example/store/" {
		t.Fatal(got)
	}
	exchange := func(step, token, tokenSecret, verifier string) (url.Values, reply) {
		r, _ := http.NewRequestWithContext(t.Context(), "POST", got.Get("store_base_url")+"oauth/token/"+step, nil)
		p := map[string]string{
			"oauth_consumer_key": act.ConsumerKey, "oauth_signature_method": "HMAC-SHA256",
			"oauth_timestamp": fmt.Sprint(c.now().Unix()), "oauth_nonce": key32(), "oauth_version": "1.0",
		}
		if token != "" {
			p["oauth_token"], p["oauth_verifier"] = token, verifier
		}
		signWith(r, p, act.ConsumerSecret, tokenSecret, "rfc")
		res := mustSend(t, s, r)
		v, _ := url.ParseQuery(res.body)
		return v, res
	}
	req, res := exchange("request", "", "", "")
	if res.status != 200 || req.Get("oauth_token") == "" {
		t.Fatalf("%d %s", res.status, res.body)
	}
	if v, res := exchange("access", req.Get("oauth_token"), req.Get("oauth_token_secret"), key32()); res.status != 401 || v.Get("oauth_problem") == "" {
		t.Errorf("wrong verifier: %d %s", res.status, res.body)
	}
	acc, res := exchange("access", req.Get("oauth_token"), req.Get("oauth_token_secret"), act.Verifier)
	if res.status != 200 {
		t.Fatalf("%d %s", res.status, res.body)
	}
	r := request(t, s, "GET", "/rest/V1/store/websites", "")
	p := map[string]string{
		"oauth_consumer_key": act.ConsumerKey, "oauth_token": acc.Get("oauth_token"), "oauth_signature_method": "HMAC-SHA256",
		"oauth_timestamp": fmt.Sprint(c.now().Unix()), "oauth_nonce": key32(),
	}
	signWith(r, p, act.ConsumerSecret, acc.Get("oauth_token_secret"), "rfc")
	if res := mustSend(t, s, r); res.status != 200 {
		t.Errorf("%d %s", res.status, res.body)
	}
	late, err := s.Activate(t.Context(), app, "")
	if err != nil {
		t.Fatal(err)
	}
	<-form
	c.add(301 * time.Second)
	act = late
	if _, res := exchange("request", "", "", ""); res.status != 401 || !strings.Contains(res.body, "expired") {
		t.Errorf("late: %d %s", res.status, res.body)
	}
}
