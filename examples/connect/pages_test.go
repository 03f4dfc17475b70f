package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// send sends a request and returns the answer with its body.
func send(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: time.Minute}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func request(t *testing.T, method, url string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "connect.db"))
	// A server of its own, with the secret and the store of the one inside.
	platform := sallatest.NewServer(nil)
	defer platform.Close()
	good, tokens := platform.AuthorizeDelivery()
	deliver := func(path string, d sallatest.Delivery) int {
		r, err := d.Request(t.Context(), p.url+path)
		if err != nil {
			t.Fatal(err)
		}
		res, _ := send(t, r)
		return res.StatusCode
	}
	stores := func() string {
		_, page := send(t, request(t, http.MethodGet, p.url+"/", nil))
		_, list, _ := strings.Cut(page, `id="stores"`)
		return list
	}
	for name, how := range map[string]sallatest.Forgery{"wrong secret": sallatest.WrongSecret, "altered": sallatest.AlteredByte, "unsigned": sallatest.MissingHeader} {
		if status := deliver("/webhooks/"+salla.Platform, good.Forged(how)); status != http.StatusUnauthorized {
			t.Errorf("%s: answered %d", name, status)
		}
	}
	if status := deliver("/webhooks/nobody", good); status != http.StatusNotFound {
		t.Errorf("a platform that is none: answered %d", status)
	}
	if list := stores(); !strings.Contains(list, "None is connected yet.") {
		t.Fatalf("a forged webhook connected a store:\n%s", list)
	}
	for range 2 { // platforms send again
		if status := deliver("/webhooks/"+salla.Platform, good); status != http.StatusOK {
			t.Errorf("answered %d", status)
		}
	}
	if list := stores(); strings.Count(list, "<h3>") != 1 || !strings.Contains(list, ">connected<") || strings.Contains(list, tokens.AccessToken) {
		t.Errorf("the store is not shown once as connected:\n%s", list)
	}
	if status := deliver("/webhooks/"+salla.Platform, platform.UninstallDelivery()); status != http.StatusOK {
		t.Errorf("answered %d", status)
	}
	if list := stores(); !strings.Contains(list, ">uninstalled<") {
		t.Errorf("the uninstall does not show:\n%s", list)
	}
}

func TestOperatorsPagesAskForThePassword(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "connect.db"), "APP_PASSWORD", "canary-password", "SALLA_CLIENT_ID", "1", "SALLA_CLIENT_SECRET", "canary-secret")
	for _, c := range []struct {
		name, method, path, password string
		want                         int
	}{
		{"the first page", "GET", "/", "", http.StatusUnauthorized},
		{"a wrong password", "GET", "/", "canary", http.StatusUnauthorized},
		{"the password", "GET", "/", "canary-password", http.StatusOK},
		{"a store", "GET", "/store?account=x", "", http.StatusUnauthorized},
		{"forgetting", "POST", "/store/forget", "", http.StatusUnauthorized},
		{"the platforms' inside", "POST", "/inside/remove", "", http.StatusUnauthorized},
		{"merchants' pages", "GET", "/connect/", "", http.StatusOK},
		{"a flow", "GET", "/connect/salla/start", "", http.StatusSeeOther},
		{"a store that is none", "GET", "/store?account=x", "canary-password", http.StatusNotFound},
	} {
		r := request(t, c.method, p.url+c.path, nil)
		if c.password != "" {
			r.SetBasicAuth("any", c.password)
		}
		res, page := send(t, r)
		if res.StatusCode != c.want || strings.Contains(page, "canary") {
			t.Errorf("%s: answered %d, want %d\n%s", c.name, res.StatusCode, c.want, page)
		}
		if to := res.Header.Get("Location"); to != "" && !strings.HasPrefix(to, "https://accounts.salla.sa/") {
			t.Errorf("%s: the real platform's page is at %s", c.name, to)
		}
	}
}

func TestWebhooksOfARealAppHaveTheirOwnSecret(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "connect.db"), "SALLA_CLIENT_ID", "1", "SALLA_CLIENT_SECRET", "canary", "SALLA_WEBHOOK_SECRET", "own",
		"SHOPIFY_CLIENT_ID", "1", "SHOPIFY_CLIENT_SECRET", "canary")
	platform := sallatest.NewServer(nil)
	defer platform.Close()
	d := platform.UninstallDelivery()
	for secret, want := range map[string]int{"own": http.StatusOK, "canary": http.StatusUnauthorized} {
		r, err := d.SignedWith(sallatest.StrategySignature, secret).Request(t.Context(), p.url+"/webhooks/salla")
		if err != nil {
			t.Fatal(err)
		}
		if res, _ := send(t, r); res.StatusCode != want {
			t.Errorf("signed with %q: answered %d, want %d", secret, res.StatusCode, want)
		}
	}
	if res, _ := send(t, request(t, http.MethodPost, p.url+"/webhooks/shopify", strings.NewReader("{}"))); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("an unsigned webhook of Shopify: answered %d", res.StatusCode)
	}
}

func TestOtherSitesReachNothing(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "connect.db"))
	r := request(t, http.MethodGet, p.url+"/", nil)
	r.Host = "evil.example"
	if res, _ := send(t, r); res.Header.Get("Location") != p.url+"/" {
		t.Errorf("another name for this address: %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	r = request(t, http.MethodPost, p.url+"/webhooks/salla", nil)
	r.Host = "evil.example"
	if res, _ := send(t, r); res.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("another name for this address: %d", res.StatusCode)
	}
	r = request(t, http.MethodPost, p.url+"/store/forget", strings.NewReader("account=x"))
	r.Header.Set("Origin", "https://evil.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if res, _ := send(t, r); res.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: %d", res.StatusCode)
	}
}

func TestMerchantsAddressesArePublic(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	r := request(t, http.MethodGet, server.URL, nil)
	if res, err := outward().RoundTrip(r); err == nil || !strings.Contains(err.Error(), "not a public one") {
		if err == nil {
			res.Body.Close()
		}
		t.Errorf("this machine was reached: %v", err)
	}
	for address, public := range map[string]bool{
		"93.184.215.14:443": true, "[2606:4700::1]:443": true,
		"127.0.0.1:443": false, "10.1.2.3:443": false, "192.168.0.1:80": false, "169.254.169.254:80": false, "100.64.1.1:443": false,
		"0.0.0.0:443": false, "[::1]:443": false, "[fd00::1]:443": false, "[fe80::1]:443": false, "[::ffff:10.0.0.1]:443": false, "nonsense": false,
	} {
		if err := publicOnly("tcp", address, nil); (err == nil) != public {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestItEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := run(ctx, func(name string) string {
		return map[string]string{"APP_PORT": "0", "DATABASE_PATH": filepath.Join(t.TempDir(), "connect.db")}[name]
	}, io.Discard, nil)
	if err == nil || !strings.Contains(err.Error(), context.Canceled.Error()) {
		t.Errorf("got %v", err)
	}
}
