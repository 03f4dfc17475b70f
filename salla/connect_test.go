package salla_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/auth/authtest"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

const callbackURL = authtest.Base + "/salla/callback"

func connecting(t *testing.T, config sallatest.Config) (*sallatest.Server, *salla.Adapter) {
	t.Helper()
	config.Unthrottled, config.RedirectURI = true, callbackURL
	server := newServer(t, config)
	return server, logging(t, server, &authtest.Log{})
}

// logging is an app that logs all it can.
func logging(t *testing.T, server *sallatest.Server, log *authtest.Log) *salla.Adapter {
	t.Helper()
	return newAdapter(t, server, salla.Config{Logger: log.Logger(), Scopes: []string{"orders.read", "products.read_write", "reviews.read"},
		WebhookSecrets: []catalog.Secret{catalog.NewSecret(server.WebhookSecret())}})
}

func approve(t *testing.T, server *sallatest.Server, consent string) string {
	t.Helper()
	back, err := server.Approve(consent)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func TestConnectInstall(t *testing.T) {
	t.Parallel()
	authtest.Run(t, authtest.Harness{
		Store: "1305146709", Other: "1305146710", Method: salla.ConnectInstall, State: "state",
		Flow: func(t *testing.T) authtest.Flow {
			server, log := newServer(t, sallatest.Config{Unthrottled: true, RedirectURI: callbackURL}), &authtest.Log{}
			return authtest.Flow{Adapter: logging(t, server, log), Log: log, Secrets: []string{server.ClientSecret(), server.WebhookSecret(), server.Token()},
				Approve: func(t *testing.T, _ http.Handler, began authtest.Answer) string {
					return approve(t, server, began.Location)
				}}
		},
	})
}

func TestConnectShowsWhatWasGranted(t *testing.T) {
	t.Parallel()
	server, app := connecting(t, sallatest.Config{})
	bench := authtest.NewBench(t, app, nil)
	browser := bench.Browser()
	page := browser.Get(browser.Get(approve(t, server, browser.Get(bench.Path("start")).Location)).Location)
	if !strings.Contains(page.Body, "offline_access") || !strings.Contains(page.Body, "Not granted</dt><dd>reviews.read</dd>") {
		t.Errorf("the page does not tell the scopes: %s", page.Body)
	}
	account, stored := bench.Stored("1305146709")
	connection, err := bench.Life.Connection(t.Context(), account.ID)
	if err != nil || stored.Credential.RefreshToken.IsZero() || !connection.NextRefresh.Equal(stored.Credential.ExpiresAt.Add(-24*time.Hour)) {
		t.Errorf("%+v, %v", connection, err)
	}
}

// Who installs from Salla's own pages comes with a state of Salla's: the code
// is not taken, and the browser goes through a consent of its own.
func TestConnectBegunAtSalla(t *testing.T) {
	t.Parallel()
	server, app := connecting(t, sallatest.Config{})
	bench := authtest.NewBench(t, app, nil)
	browser := bench.Browser()
	again := browser.Get(server.InstallURL(callbackURL))
	if again.Status != http.StatusSeeOther || !strings.HasPrefix(again.Location, "https://accounts.salla.sa/oauth2/auth?") {
		t.Fatalf("answered %d to %q", again.Status, again.Location)
	}
	bench.Empty()
	for _, c := range server.Calls() {
		if c.Path == "/oauth2/token" {
			t.Error("a code that this browser did not ask for was exchanged")
		}
	}
	if a := browser.Get(approve(t, server, again.Location)); a.Status != http.StatusSeeOther {
		t.Errorf("answered %d: %s", a.Status, a.Body)
	}
	bench.Stored("1305146709")
}

func TestConnectCallbackRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(q url.Values)
		status int
		code   string
	}{
		"merchant declined": {func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }, http.StatusForbidden, "access_denied"},
		"consent failed":    {func(q url.Values) { q.Del("code"); q.Set("error", "invalid_scope") }, http.StatusBadRequest, "consent_failed"},
		"no code":           {func(q url.Values) { q.Del("code") }, http.StatusForbidden, "missing_code"},
		"unknown code":      {func(q url.Values) { q.Set("code", "ory_ac_canary_code_7777777") }, http.StatusForbidden, "invalid_grant"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, log := newServer(t, sallatest.Config{Unthrottled: true, RedirectURI: callbackURL}), &authtest.Log{}
			bench := authtest.NewBench(t, logging(t, server, log), nil)
			bench.Watch(log)
			browser := bench.Browser()
			back, err := url.Parse(approve(t, server, browser.Get(bench.Path("start")).Location))
			if err != nil {
				t.Fatal(err)
			}
			q := back.Query()
			test.change(q)
			back.RawQuery = q.Encode()
			bench.Refused(browser.Get(back.String()), test.status, test.code)
			bench.Empty()
			bench.Clean(server.ClientSecret(), "ory_ac_canary_code_7777777")
		})
	}
}

// hook is a receiver of webhooks as a host's: verify, keep the grants, and only
// then answer.
func hook(t *testing.T, app *salla.Adapter, life *auth.Lifecycle) http.HandlerFunc {
	verifier, err := app.Verifier(catalog.VerifierConfig{})
	if err != nil {
		t.Fatal(err)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		verdict, err := verifier.Verify(r.Context(), catalog.Delivery{Method: r.Method, URL: r.URL, Header: r.Header, Body: body, ReceivedAt: time.Now()})
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		for _, g := range verdict.Grants {
			if _, err := life.Grant(r.Context(), "salla", g); err != nil {
				t.Error(err)
				w.WriteHeader(http.StatusInternalServerError)
			}
		}
		for _, e := range verdict.Events {
			if err := life.Event(r.Context(), e); err != nil {
				t.Error(err)
				w.WriteHeader(http.StatusInternalServerError)
			}
		}
	}
}

// deliver hands a delivery to the receiver.
func deliver(t *testing.T, receive http.HandlerFunc, d sallatest.Delivery) int {
	t.Helper()
	r, err := d.Request(t.Context(), "https://app.example.com/webhooks/salla")
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	receive(w, r)
	return w.Code
}

func easy(t *testing.T, change func(*auth.Lifecycle)) (*sallatest.Server, *authtest.Bench, http.HandlerFunc) {
	t.Helper()
	server := newServer(t, sallatest.Config{Unthrottled: true})
	app := newAdapter(t, server, salla.Config{AppID: "77", WebhookSecrets: []catalog.Secret{catalog.NewSecret(server.WebhookSecret())}})
	bench := authtest.NewBench(t, app, nil)
	if change != nil {
		change(bench.Life)
	}
	return server, bench, hook(t, app, bench.Life)
}

func TestEasyModeLeadsToTheAppsPage(t *testing.T) {
	t.Parallel()
	_, bench, _ := easy(t, nil)
	if a := bench.Browser().Get(bench.Path("start")); a.Location != "https://s.salla.sa/apps/install/77" {
		t.Errorf("sent to %q", a.Location)
	}
}

func TestEasyModeGrantBeforeTheAccount(t *testing.T) {
	t.Parallel()
	server, bench, receive := easy(t, func(l *auth.Lifecycle) {
		l.AccountID = func(context.Context, auth.Arrival) (string, error) { return "", nil } // whose it is turns out later
	})
	d, tokens := server.AuthorizeDelivery()
	if code := deliver(t, receive, d.Forged(sallatest.WrongSecret)); code != http.StatusUnauthorized {
		t.Errorf("a forged grant was answered %d", code)
	}
	bench.Empty()
	if code := deliver(t, receive, d); code != http.StatusOK {
		t.Fatalf("answered %d", code)
	}
	account, stored := bench.Stored("1305146709")
	if account.Status != catalog.AccountUnclaimed || account.Status.Usable() || stored.Credential.AccessToken.Reveal() != tokens.AccessToken {
		t.Errorf("stored %+v", account)
	}
	for range 2 { // claiming again is no error
		connection, err := bench.Life.Claim(t.Context(), "salla", "1305146709", "tenant-42")
		if err != nil || connection.Account.ID != "tenant-42" || connection.Account.Status != catalog.AccountActive {
			t.Fatalf("%+v, %v", connection, err)
		}
	}
	if _, err := bench.Life.Claim(t.Context(), "salla", "1305146709", "tenant-43"); catalog.KindOf(err) != catalog.ErrConflict {
		t.Errorf("claimed by two: %v", err)
	}
	if _, err := bench.Credentials.Load(t.Context(), account.ID); catalog.KindOf(err) != catalog.ErrNotFound {
		t.Errorf("the waiting credential is still there: %v", err)
	}
	stores := &catalog.Stores{Registry: bench.Life.Registry, Accounts: bench.Accounts, Credentials: auth.NewProvider(auth.ProviderConfig{Store: bench.Credentials})}
	engine, err := stores.Open(t.Context(), "tenant-42")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Error(err)
	}
	// It is refreshed once, and the first delivery comes again, late.
	server.ExpireTokens()
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Error(err)
	}
	if code := deliver(t, receive, d); code != http.StatusOK {
		t.Errorf("answered %d", code)
	}
	if _, err := engine.Shop(t.Context()); err != nil || server.RefreshReuses() != 0 {
		t.Errorf("%v, %d tokens used twice", err, server.RefreshReuses())
	}
	if _, stored := bench.Stored("1305146709"); stored.Credential.RefreshToken.Reveal() == tokens.RefreshToken {
		t.Error("a late delivery brought back a token that was used")
	}
	bench.Clean(tokens.AccessToken, tokens.RefreshToken, server.ClientSecret(), server.WebhookSecret())
}

func TestEasyModeUninstalledAndInstalledAgain(t *testing.T) {
	t.Parallel()
	server, bench, receive := easy(t, nil)
	d, _ := server.AuthorizeDelivery()
	deliver(t, receive, d)
	gone := server.UninstallDelivery()
	deliver(t, receive, gone)
	account, err := bench.Accounts.ByStore(t.Context(), "salla", "1305146709")
	if err != nil || account.Status != catalog.AccountUninstalled {
		t.Fatalf("%+v, %v", account, err)
	}
	if _, err := bench.Credentials.Load(t.Context(), account.ID); catalog.KindOf(err) != catalog.ErrNotFound {
		t.Errorf("the credential is still there: %v", err)
	}
	server.Reinstall()
	d, _ = server.AuthorizeDelivery()
	deliver(t, receive, d)
	deliver(t, receive, gone) // once more, and late
	if again, _ := bench.Stored("1305146709"); again.ID != account.ID || again.Status != catalog.AccountActive {
		t.Errorf("stored %+v", again)
	}
}

func TestRevokedAfterRefusal(t *testing.T) {
	t.Parallel()
	server, app := connecting(t, sallatest.Config{})
	bench := authtest.NewBench(t, app, nil)
	var ended []catalog.Account
	bench.Life.OnEnded = func(_ context.Context, a catalog.Account) error { ended = append(ended, a); return nil }
	browser := bench.Browser()
	browser.Get(approve(t, server, browser.Get(bench.Path("start")).Location))
	id := "salla:1305146709"
	dead := &catalog.Error{Platform: "salla", Op: "get shop", Kind: catalog.ErrReauthorize}
	if err := bench.Life.Revoked(t.Context(), id, dead); err != nil { // of an old job: the store works
		t.Fatal(err)
	}
	if account, _ := bench.Stored("1305146709"); account.Status != catalog.AccountActive || len(ended) != 0 {
		t.Errorf("a working account was ended: %+v", account)
	}
	server.Revoke()
	if err := bench.Life.Revoked(t.Context(), id, dead); err != nil {
		t.Fatal(err)
	}
	account, err := bench.Accounts.Get(t.Context(), id)
	if err != nil || account.Status != catalog.AccountReauthorize || len(ended) != 1 || ended[0].ID != id {
		t.Errorf("%+v, %v, host heard of %d", account, err, len(ended))
	}
	if _, err := bench.Credentials.Load(t.Context(), id); catalog.KindOf(err) != catalog.ErrNotFound {
		t.Errorf("the credential is still there: %v", err)
	}
}
