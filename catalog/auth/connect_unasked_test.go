package auth_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/auth/authtest"
)

func tenant(id string) func(*auth.ConnectConfig) {
	return func(c *auth.ConnectConfig) {
		c.Owner = func(*http.Request) (auth.Owner, error) { return auth.Owner{Account: id}, nil }
	}
}

var stateInput = regexp.MustCompile(`name="state" value="([0-9a-f]{64})"`)

// The platform sends no state back: an account of the host's gets the store on
// the merchant's word alone.
func TestUnboundInstallIsConfirmed(t *testing.T) {
	t.Parallel()
	b := authtest.NewBench(t, &kiosk{}, tenant("tenant-1"))
	browser := b.Browser()
	browser.Get(b.Path("start") + "?method=consent")
	asked := browser.Get(b.Path("auth") + "?code=good-" + kioskStore)
	found := stateInput.FindStringSubmatch(asked.Body)
	if asked.Status != http.StatusOK || found == nil || !strings.Contains(asked.Body, kioskStore) {
		t.Fatalf("the merchant is not asked: %d %s", asked.Status, asked.Body)
	}
	b.Empty()
	form := url.Values{"state": {found[1]}}
	b.Refused(browser.PostFrom(b.Path("confirm"), form), http.StatusForbidden, "")
	b.Refused(b.Browser().Post(b.Path("confirm"), form), http.StatusBadRequest, "state")
	b.Refused(browser.Get(b.Path("callback")+"?state="+found[1]), http.StatusBadRequest, "state") // a state of another page
	b.Refused(browser.Get(b.Path("confirm")+"?state="+found[1]), http.StatusMethodNotAllowed, "")
	b.Empty()
	if a := browser.Post(b.Path("confirm"), form); a.Status != http.StatusSeeOther {
		t.Fatalf("answered %d: %s", a.Status, a.Body)
	}
	if account, stored := b.Stored(kioskStore); account.ID != "tenant-1" || stored.Credential.AccessToken.Reveal() != kioskSecret {
		t.Errorf("stored %+v", account)
	}
	b.Refused(browser.Post(b.Path("confirm"), form), http.StatusBadRequest, "state")
	b.Clean(kioskSecret)
}

func TestConfirmationOfAnotherBrowser(t *testing.T) {
	t.Parallel()
	b := authtest.NewBench(t, &kiosk{}, tenant("tenant-1"))
	browser, other := b.Browser(), b.Browser()
	browser.Get(b.Path("start") + "?method=consent")
	other.Get(b.Path("start") + "?method=consent") // has a cookie of its own
	found := stateInput.FindStringSubmatch(browser.Get(b.Path("auth") + "?code=good-" + kioskStore).Body)
	b.Refused(other.Post(b.Path("confirm"), url.Values{"state": {found[1]}}), http.StatusBadRequest, "state")
	b.Empty()
}

func TestUnboundInstallWithoutAFlowIsNobodysInParticular(t *testing.T) {
	t.Parallel()
	b := authtest.NewBench(t, &kiosk{}, tenant("tenant-1"))
	if a := b.Browser().Get(b.Path("auth") + "?code=good-" + kioskStore); a.Location != kioskStore+"/admin/done" {
		t.Fatalf("answered %d: %s", a.Status, a.Body)
	}
	if account, _ := b.Stored(kioskStore); account.ID != "kiosk:"+kioskStore {
		t.Errorf("stored %+v", account)
	}
	// In a frame of the platform's there is no cookie to find a page by.
	if a := b.Browser().Get(b.Path("auth") + "?plain=1&code=good-" + kioskStore); a.Status != http.StatusOK || !strings.Contains(a.Body, kioskStore) {
		t.Errorf("answered %d: %s", a.Status, a.Body)
	}
}

func TestUnboundInstallOfAForeignStore(t *testing.T) {
	t.Parallel()
	b := authtest.NewBench(t, &kiosk{}, func(c *auth.ConnectConfig) {
		c.Owner = func(*http.Request) (auth.Owner, error) { return auth.Owner{Store: kioskOther}, nil }
	})
	browser := b.Browser()
	browser.Get(b.Path("start") + "?method=consent")
	b.Refused(browser.Get(b.Path("auth")+"?code=good-"+kioskStore), http.StatusConflict, "foreign_store")
	b.Empty()
}

// token makes a JWT.
func token(alg, secret string, claims map[string]any) string {
	head, _ := json.Marshal(map[string]any{"alg": alg, "typ": "JWT"})
	body, _ := json.Marshal(claims)
	signed := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func TestSignedVisitAndUninstall(t *testing.T) {
	t.Parallel()
	var visited []string
	var heard []catalog.Event
	b := authtest.NewBench(t, &kiosk{}, func(c *auth.ConnectConfig) {
		c.Event = func(_ context.Context, e catalog.Event) error { heard = append(heard, e); return nil }
		c.Visit = func(w http.ResponseWriter, r *http.Request, account catalog.Account, v auth.Visit) {
			visited = append(visited, account.ID+" by "+v.User)
			http.Redirect(w, r, "https://app.example.com/home", http.StatusSeeOther)
		}
	})
	browser := b.Browser()
	good := token("HS256", kioskSecret, map[string]any{"aud": "app", "sub": kioskStore, "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Add(time.Minute).Unix()})
	b.Refused(browser.Get(b.Path("load")+"?jwt="+good), http.StatusNotFound, "") // nobody connected it
	browser.Get(b.Path("auth") + "?code=good-" + kioskStore)
	for name, bad := range map[string]string{
		"expired":        token("HS256", kioskSecret, map[string]any{"aud": "app", "sub": kioskStore, "exp": time.Now().Add(-time.Hour).Unix()}),
		"alg none":       token("none", kioskSecret, map[string]any{"aud": "app", "sub": kioskStore, "exp": time.Now().Add(time.Hour).Unix()}),
		"wrong audience": token("HS256", kioskSecret, map[string]any{"aud": "x", "sub": kioskStore, "exp": time.Now().Add(time.Hour).Unix()}),
		"wrong secret":   token("HS256", "x", map[string]any{"aud": "app", "sub": kioskStore, "exp": time.Now().Add(time.Hour).Unix()}),
		"missing":        "",
	} {
		for _, route := range []string{"load", "uninstall"} {
			if a := browser.Get(b.Path(route) + "?jwt=" + bad); a.Status != http.StatusForbidden {
				t.Errorf("%s, %s: answered %d", route, name, a.Status)
			}
		}
	}
	if len(visited) != 0 {
		t.Errorf("visited %q", visited)
	}
	if a := browser.Get(b.Path("load") + "?jwt=" + good); a.Location != "https://app.example.com/home" || len(visited) != 1 || visited[0] != "kiosk:"+kioskStore+" by 7" {
		t.Errorf("answered %d, visited %q", a.Status, visited)
	}
	if account, _ := b.Stored(kioskStore); account.Status != catalog.AccountActive {
		t.Errorf("a refused request changed the account: %+v", account)
	}
	if a := browser.Get(b.Path("uninstall") + "?jwt=" + good); a.Status != http.StatusOK || a.Body != "" {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	if len(heard) != 1 || heard[0].Account != "kiosk:"+kioskStore || heard[0].Platform != "kiosk" || heard[0].ReceivedAt.IsZero() {
		t.Errorf("the host heard %+v", heard)
	}
	account, err := b.Accounts.ByStore(t.Context(), "kiosk", kioskStore)
	if err != nil || account.Status != catalog.AccountUninstalled {
		t.Errorf("%+v, %v", account, err)
	}
	b.Refused(browser.Get(b.Path("load")+"?jwt="+good), http.StatusForbidden, "")
}

func TestFramesAreThePlatformsAlone(t *testing.T) {
	t.Parallel()
	b := authtest.NewBench(t, &kiosk{}, nil)
	if csp := b.Browser().Get(b.Path("start")).Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors https://admin.example") {
		t.Errorf("the platform's page: %s", csp)
	}
	list := b.Browser().Get(authtest.Base)
	if csp := list.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") || list.Header.Get("X-Frame-Options") != "DENY" {
		t.Errorf("the list: %s", csp)
	}
}

func TestListShowsPlatformsAndTheVisitorsStores(t *testing.T) {
	t.Parallel()
	shown := []string{"kiosk:" + kioskStore, "gone"}
	b := authtest.NewBench(t, &kiosk{}, func(c *auth.ConnectConfig) {
		c.Shown = func(*http.Request) ([]string, error) { return shown, nil }
	})
	browser := b.Browser()
	if a := browser.Get(authtest.Base + "/"); a.Status != http.StatusOK || !strings.Contains(a.Body, `href="`+b.Path("start")+`"`) || strings.Contains(a.Body, kioskStore) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	browser.Get(b.Path("auth") + "?code=good-" + kioskStore)
	if a := browser.Get(authtest.Base); !strings.Contains(a.Body, kioskStore) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	for _, path := range []string{"/nowhere", "/kiosk/nowhere", "/kiosk/start/x", "/kiosk/callback/x/y", "/kiosk/auth/x", "/shopify/start"} {
		b.Refused(browser.Get(authtest.Base+path), http.StatusNotFound, "")
	}
}

func TestHostRefusesToBegin(t *testing.T) {
	t.Parallel()
	b := authtest.NewBench(t, &kiosk{}, func(c *auth.ConnectConfig) {
		c.Owner = func(*http.Request) (auth.Owner, error) { return auth.Owner{}, errors.New("nobody is logged in") }
	})
	err := b.Refused(b.Browser().Get(b.Path("start")+"?method=consent"), http.StatusForbidden, "")
	if err == nil || !strings.Contains(err.Error(), "nobody is logged in") {
		t.Errorf("%v", err)
	}
}

func TestNewConnectRefuses(t *testing.T) {
	t.Parallel()
	registry := &catalog.Registry{}
	if err := registry.Register(&kiosk{}); err != nil {
		t.Fatal(err)
	}
	life := &auth.Lifecycle{Registry: registry, Accounts: &catalog.MemoryAccounts{}, Credentials: &catalog.MemoryCredentials{}}
	for field, config := range map[string]auth.ConnectConfig{
		"Lifecycle":             {BaseURL: authtest.Base},
		"Lifecycle.Accounts":    {BaseURL: authtest.Base, Lifecycle: &auth.Lifecycle{Credentials: life.Credentials}},
		"Lifecycle.Credentials": {BaseURL: authtest.Base, Lifecycle: &auth.Lifecycle{Accounts: life.Accounts}},
		"BaseURL":               {BaseURL: "http://app.example.com/connect", Lifecycle: life},
		"DoneURL":               {BaseURL: authtest.Base, Lifecycle: life, DoneURL: "javascript:alert(1)"},
		"Next":                  {BaseURL: authtest.Base, Lifecycle: life, Next: map[string]string{"x": "//evil.example"}},
		"Methods":               {BaseURL: authtest.Base, Lifecycle: life, Methods: map[string][]string{"kiosk": {"none"}}},
	} {
		_, err := auth.NewConnect(config)
		var wrong *catalog.ConfigError
		if !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, base := range []string{"", "app.example.com", "ftp://app.example.com", "https://app.example.com/?x=1", "https://user@app.example.com", "https://app.example.com/#x"} {
		if _, err := auth.NewConnect(auth.ConnectConfig{BaseURL: base, Lifecycle: life}); err == nil {
			t.Errorf("BaseURL %q was taken", base)
		}
	}
	c, err := auth.NewConnect(auth.ConnectConfig{BaseURL: "http://127.0.0.1:8080", Lifecycle: life, Methods: map[string][]string{"kiosk": {"all", "consent"}}})
	if err != nil {
		t.Fatal(err)
	}
	p := c.Platforms()
	if len(p) != 1 || p[0].URL != "http://127.0.0.1:8080/kiosk/start" || len(p[0].Methods) != 2 || p[0].Methods[0].Name != "all" {
		t.Errorf("%+v", p)
	}
}
