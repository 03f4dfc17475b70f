package bigcommerce_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/auth/authtest"
)

func TestLoadIsAVisit(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app, _ := connecting(t, log, nil)
	var visits []auth.Visit
	bench := authtest.NewBench(t, app, func(c *auth.ConnectConfig) {
		c.Visit = func(w http.ResponseWriter, _ *http.Request, account catalog.Account, visit auth.Visit) {
			if account.ID != "bigcommerce:"+hash {
				t.Errorf("a visit of %s", account.ID)
			}
			visits = append(visits, visit)
			w.WriteHeader(http.StatusNoContent)
		}
	})
	browser := bench.Browser()
	stranger := browser.Get(server.LoadCallback(bigcommercetest.Callback{}))
	if stranger.Status != http.StatusNotFound { // not connected
		t.Errorf("answered %d", stranger.Status)
	}
	bench.Empty()
	browser.Get(server.AuthCallback(route("auth")))
	for _, c := range []bigcommercetest.Callback{{}, {UserID: bigcommercetest.UserID, Path: "https://evil.example/"}} {
		if a := browser.Get(server.LoadCallback(c)); a.Status != http.StatusNoContent || a.Location != "" {
			t.Errorf("answered %d to %q: %s", a.Status, a.Location, a.Body)
		}
	}
	want := []auth.Visit{
		{Store: hash, User: strconv.Itoa(bigcommercetest.OwnerID), Email: bigcommercetest.OwnerEmail, Owner: true, Path: "/"},
		{Store: hash, User: strconv.Itoa(bigcommercetest.UserID), Email: bigcommercetest.UserEmail, Path: "https://evil.example/"},
	}
	if !slices.Equal(visits, want) {
		t.Errorf("visits %+v, want %+v", visits, want)
	}
	// The link in the token is a stranger's: by itself nothing follows it.
	bench = authtest.NewBench(t, app, nil)
	browser = bench.Browser()
	browser.Get(server.AuthCallback(route("auth")))
	if a := browser.Get(server.LoadCallback(bigcommercetest.Callback{Path: "https://evil.example/"})); a.Location != authtest.Base+"/" {
		t.Errorf("sent to %q", a.Location)
	}
}

// Every callback with a token refuses these, and nothing comes of it.
func TestCallbackTokenRefused(t *testing.T) {
	t.Parallel()
	type claims = map[string]any
	now := time.Now()
	for name, test := range map[string]struct {
		callback bigcommercetest.Callback
		code     string
	}{
		"expired JWT":             {bigcommercetest.Callback{IssuedAt: now.Add(-24*time.Hour - 2*time.Minute)}, "expired"},
		"JWT of the future":       {bigcommercetest.Callback{IssuedAt: now.Add(2 * time.Minute)}, "not_yet"},
		"alg none":                {bigcommercetest.Callback{Algorithm: "none"}, "algorithm"},
		"alg HS512":               {bigcommercetest.Callback{Algorithm: "HS512"}, "algorithm"},
		"alg in small letters":    {bigcommercetest.Callback{Algorithm: "hs256"}, "algorithm"},
		"alg RS256":               {bigcommercetest.Callback{Algorithm: "RS256"}, "algorithm"},
		"wrong secret":            {bigcommercetest.Callback{Secret: canary}, "signature"},
		"wrong audience":          {bigcommercetest.Callback{Claims: claims{"aud": "another"}}, "audience"},
		"no audience":             {bigcommercetest.Callback{Claims: claims{"aud": nil}}, "audience"},
		"wrong issuer":            {bigcommercetest.Callback{Claims: claims{"iss": "evil"}}, "issuer"},
		"no expiry":               {bigcommercetest.Callback{Claims: claims{"exp": nil}}, "no_expiry"},
		"bad sub: no prefix":      {bigcommercetest.Callback{Claims: claims{"sub": hash}}, "wrong_store"},
		"bad sub: none":           {bigcommercetest.Callback{Claims: claims{"sub": nil}}, "wrong_store"},
		"bad sub: climbs":         {bigcommercetest.Callback{Claims: claims{"sub": "stores/../" + hash}}, "wrong_store"},
		"bad sub: two stores":     {bigcommercetest.Callback{Claims: claims{"sub": "stores/" + hash + "\nstores/other"}}, "wrong_store"},
		"bad sub: line feed":      {bigcommercetest.Callback{Claims: claims{"sub": "stores/" + hash + "\n"}}, "wrong_store"},
		"bad sub: capitals":       {bigcommercetest.Callback{Claims: claims{"sub": "Stores/" + hash}}, "wrong_store"},
		"bad sub: a number":       {bigcommercetest.Callback{Claims: claims{"sub": 7}}, "malformed"},
		"no user":                 {bigcommercetest.Callback{Claims: claims{"user": nil}}, "no_user"},
		"user that is text":       {bigcommercetest.Callback{Claims: claims{"user": "admin"}}, "wrong_store"},
		"oversize JWT":            {bigcommercetest.Callback{Claims: claims{"x": strings.Repeat("a", 7000)}}, ""},
		"alg with more behind it": {bigcommercetest.Callback{Algorithm: `HS256","crit":["x"],"y":"`}, "algorithm"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &authtest.Log{}
			server, app, _ := connecting(t, log, nil)
			bench := authtest.NewBench(t, app, func(c *auth.ConnectConfig) {
				c.Visit = func(http.ResponseWriter, *http.Request, catalog.Account, auth.Visit) {
					t.Error("it was taken for a visit")
				}
				c.Event = func(context.Context, catalog.Event) error { t.Error("it was taken for an event"); return nil }
			})
			bench.Watch(log)
			bench.Browser().Get(server.AuthCallback(route("auth")))
			token := server.SignedPayload(test.callback)
			status := http.StatusForbidden
			if test.code == "" {
				status = http.StatusBadRequest
			}
			for _, name := range []string{"load", "uninstall", "remove_user"} {
				bench.Refused(bench.Browser().Get(route(name)+"?"+url.Values{"signed_payload_jwt": {token}}.Encode()), status, test.code)
			}
			if account, _ := bench.Stored(hash); account.Status != catalog.AccountActive {
				t.Errorf("the account is %s", account.Status)
			}
			bench.Clean(token, canary, server.ClientSecret())
		})
	}
}

func TestCallbackWithoutAToken(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app, _ := connecting(t, log, nil)
	bench := authtest.NewBench(t, app, nil)
	token := server.SignedPayload(bigcommercetest.Callback{})
	for _, name := range []string{"load", "uninstall", "remove_user"} {
		bench.Refused(bench.Browser().Get(route(name)), http.StatusForbidden, "missing_token")
		bench.Refused(bench.Browser().Get(route(name)+"?signed_payload_jwt=a.b.c.d"), http.StatusForbidden, "malformed")
		bench.Refused(bench.Browser().Get(route(name)+"?signed_payload="+token), http.StatusForbidden, "missing_token")
		bench.Refused(bench.Browser().Get(route(name)+"?signed_payload_jwt="+token+"&signed_payload_jwt="+token), http.StatusBadRequest, "")
		bench.Refused(bench.Browser().Do(http.MethodPost, route(name)+"?signed_payload_jwt="+token), http.StatusMethodNotAllowed, "")
	}
}

func TestCallbackSignedBeforeRotation(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app, _ := connecting(t, log, func(c *bigcommerce.Config) {
		c.OldSecrets = append(c.OldSecrets, catalog.NewSecret("the old secret"))
	})
	bench := authtest.NewBench(t, app, nil)
	browser := bench.Browser()
	browser.Get(server.AuthCallback(route("auth")))
	if a := browser.Get(server.LoadCallback(bigcommercetest.Callback{Secret: "the old secret"})); a.Status != http.StatusSeeOther {
		t.Errorf("answered %d: %s", a.Status, a.Body)
	}
}

func TestUninstallEndsTheAccount(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app, inward := connecting(t, log, nil)
	var heard []catalog.Event
	bench := authtest.NewBench(t, app, func(c *auth.ConnectConfig) {
		c.Event = func(_ context.Context, e catalog.Event) error { heard = append(heard, e); return nil }
	})
	inward.To(bench)
	var ended []string
	bench.Life.OnEnded = func(_ context.Context, a catalog.Account) error { ended = append(ended, a.ID); return nil }
	browser := bench.Browser()
	browser.Get(server.AuthCallback(route("auth")))
	late := route("uninstall") + "?" + url.Values{"signed_payload_jwt": {server.SignedPayload(bigcommercetest.Callback{})}}.Encode()
	if status, err := server.UninstallByMerchant(t.Context()); err != nil || status != http.StatusOK {
		t.Fatalf("%d, %v", status, err)
	}
	account, err := bench.Accounts.ByStore(t.Context(), "bigcommerce", hash)
	if err != nil || account.Status != catalog.AccountUninstalled || len(ended) != 1 {
		t.Fatalf("%+v, %v, host heard of %v", account, err, ended)
	}
	if _, err := bench.Credentials.Load(t.Context(), account.ID); catalog.KindOf(err) != catalog.ErrNotFound {
		t.Errorf("the token is still there: %v", err)
	}
	if len(heard) != 1 || heard[0].Topic != bigcommerce.TopicUninstall || heard[0].Account != account.ID || heard[0].Key == "" {
		t.Errorf("the host heard %+v", heard)
	}
	if a := browser.Get(server.LoadCallback(bigcommercetest.Callback{})); a.Status != http.StatusForbidden {
		t.Errorf("an uninstalled app is opened: %d", a.Status)
	}
	// Installed again, an old callback comes once more, late.
	browser.Get(server.AuthCallback(route("auth")))
	bench.Browser().Get(late)
	if again, stored := bench.Stored(hash); again.ID != account.ID || again.Status != catalog.AccountActive || stored.Credential.IsZero() {
		t.Errorf("a late callback ended the new installation: %+v", again)
	}
	bench.Clean(server.ClientSecret())
}

func TestUninstallComesAgainWhenTheHostFails(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app, inward := connecting(t, log, nil)
	bench := authtest.NewBench(t, app, nil)
	inward.To(bench)
	bench.Browser().Get(server.AuthCallback(route("auth")))
	down := true
	bench.Life.OnEnded = func(context.Context, catalog.Account) error {
		if down {
			return errors.New("the host's database is down")
		}
		return nil
	}
	if status, err := server.UninstallByMerchant(t.Context()); err != nil || status != http.StatusInternalServerError {
		t.Errorf("%d, %v", status, err)
	}
	down = false
	// BigCommerce does not call again; the webhook for the same does.
	if err := bench.Life.Event(t.Context(), catalog.Event{Platform: "bigcommerce", Store: hash, Topic: "store/app/uninstalled", Kind: catalog.EventAppUninstalled}); err != nil {
		t.Error(err)
	}
	if account, err := bench.Accounts.ByStore(t.Context(), "bigcommerce", hash); err != nil || account.Status != catalog.AccountUninstalled {
		t.Errorf("%+v, %v", account, err)
	}
}

func TestUninstallOfAStoreNobodyKnows(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app, inward := connecting(t, log, nil)
	bench := authtest.NewBench(t, app, nil)
	inward.To(bench)
	if status, err := server.UninstallByMerchant(t.Context()); err != nil || status != http.StatusOK {
		t.Errorf("%d, %v", status, err)
	}
	bench.Empty()
}

func TestRemoveUserReachesTheHost(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app, inward := connecting(t, log, nil)
	var heard []catalog.Event
	bench := authtest.NewBench(t, app, func(c *auth.ConnectConfig) {
		c.Event = func(_ context.Context, e catalog.Event) error { heard = append(heard, e); return nil }
	})
	inward.To(bench)
	bench.Browser().Get(server.AuthCallback(route("auth")))
	if status, err := server.RemoveUser(t.Context(), 4711); err != nil || status != http.StatusOK {
		t.Fatalf("%d, %v", status, err)
	}
	if len(heard) != 1 || heard[0].Topic != bigcommerce.TopicRemoveUser || heard[0].ResourceID != "4711" || heard[0].Account != "bigcommerce:"+hash {
		t.Errorf("the host heard %+v", heard)
	}
	if account, _ := bench.Stored(hash); account.Status != catalog.AccountActive {
		t.Errorf("the account is %s", account.Status)
	}
}

// The webhook store/app/uninstalled ends the account as the callback does.
func TestUninstallByWebhook(t *testing.T) {
	t.Parallel()
	log := &authtest.Log{}
	server, app, _ := connecting(t, log, nil)
	bench := authtest.NewBench(t, app, nil)
	bench.Browser().Get(server.AuthCallback(route("auth")))
	verifier, err := app.Verifier(catalog.VerifierConfig{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := server.Delivery("store/app/uninstalled", nil)
	if err != nil {
		t.Fatal(err)
	}
	server.Uninstall()
	verdict, err := verifier.Verify(t.Context(), catalog.Delivery{Method: http.MethodPost, Header: d.Header, Body: d.Body, ReceivedAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // deliveries come twice
		if err := bench.Life.Event(t.Context(), verdict.Events[0]); err != nil {
			t.Fatal(err)
		}
	}
	if account, err := bench.Accounts.ByStore(t.Context(), "bigcommerce", hash); err != nil || account.Status != catalog.AccountUninstalled {
		t.Errorf("%+v, %v", account, err)
	}
}
