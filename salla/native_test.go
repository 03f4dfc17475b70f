package salla_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

func TestNativeCallsStayInTheAPI(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 3, Orders: 3, Customers: 3})
	caller := capability[catalog.RESTCaller](t, engine)
	for _, path := range []string{"/../oauth2/token", "/orders/../../x", "/orders/%2e%2e/x", "/orders/%2E./x", "/.", "..", "//evil.example/x", "/orders?x=1",
		"/orders#x", `/orders\..\x`, "/orders/%zz", "/a%0d%0ab", "https://evil.example/"} {
		if _, err := caller.Do(t.Context(), catalog.RESTRequest{Path: path}); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: %v", path, err)
		}
	}
	if n := len(server.Calls()); n != 0 {
		t.Fatalf("%d calls were made", n)
	}
	result, err := caller.Do(t.Context(), catalog.RESTRequest{Path: "orders", Query: url.Values{"per_page": {"2"}, "keyword": {"a&b"}}})
	if err != nil || result.Status != 200 || !strings.Contains(string(result.Body), `"pagination"`) || result.Header.Get("X-RateLimit-Limit") == "" {
		t.Errorf("%d %s, %v", result.Status, result.Body, err)
	}
	result, err = caller.Do(t.Context(), catalog.RESTRequest{Path: "/orders/1"})
	if !errors.Is(err, catalog.ErrNotFound) || result.Status != 404 || len(result.Body) == 0 {
		t.Errorf("%d %s, %v", result.Status, result.Body, err)
	}
	if _, err := caller.Do(t.Context(), catalog.RESTRequest{Path: "/orders", Method: "POST", Body: func() {}}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("a body that is no JSON: %v", err)
	}
	if _, err := caller.Do(t.Context(), catalog.RESTRequest{Path: "/customers/" + id(server.Customers()[0].ID)}); err != nil {
		t.Error(err)
	}
	if l := server.CustomersLedger(); l.Requests != 1 {
		t.Errorf("the customers' ledger has %+v", l)
	}
}

func TestALostNativeWriteIsNotRepeated(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 3, Orders: 3, Customers: 3})
	server.Inject(sallatest.Disconnect(sallatest.CutBefore))
	_, err := capability[catalog.RESTCaller](t, engine).Do(t.Context(), catalog.RESTRequest{Method: "POST", Path: "/products/" + id(server.Products()[0].ID) + "/status",
		Body: map[string]string{"status": "hidden"}})
	if !errors.Is(err, catalog.ErrOutcomeUnknown) || len(server.Calls()) != 1 {
		t.Errorf("%d calls, %v", len(server.Calls()), err)
	}
}

func TestTheLanguageIsAskedFor(t *testing.T) {
	t.Parallel()
	server := newServer(t, quiet(5, -1, -1, true))
	adapter := newAdapter(t, server, salla.Config{Language: "en"})
	for setting, want := range map[string]string{"": "en", "ar": "ar"} {
		engine, err := adapter.Open(catalog.Account{Store: id(server.MerchantID()), Settings: map[string]string{"language": setting}}, catalog.StaticToken(server.Token()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := engine.Shop(t.Context()); err != nil {
			t.Fatal(err)
		}
		calls := server.Calls()
		if got := calls[len(calls)-1].Header.Get("Accept-Language"); got != want {
			t.Errorf("setting %q asks for %q", setting, got)
		}
	}
	english := openStore(t, newAdapter(t, server, salla.Config{Language: "en"}), server.Store)
	truth := server.Products()[0]
	if p, err := english.Product(t.Context(), id(truth.ID)); err != nil || truth.NameEN != "" && p.Title != truth.NameEN {
		t.Errorf("the title is %q, %v", p.Title, err)
	}
}
