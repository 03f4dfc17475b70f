package bigcommerce_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// A webhook is switched off after failures, and after ninety days without an
// event: it is switched on again and keeps its id.
func TestTrapWebhooksAreSwitchedOff(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	wanted := []catalog.Subscription{{Topic: "store/order/*", URL: "https://example.com/hooks", Headers: map[string]catalog.Secret{"X-Key": catalog.NewSecret("one")}},
		{Topic: "store/order/*", URL: "https://example.com/other"}}
	ensure := func(created, updated, removed int) {
		t.Helper()
		c, err := e.EnsureSubscriptions(t.Context(), wanted)
		if err != nil || len(c.Created) != created || len(c.Updated) != updated || len(c.Removed) != removed {
			t.Errorf("%+v, %v; want %d, %d and %d", c, err, created, updated, removed)
		}
	}
	ensure(2, 0, 0)
	ensure(0, 0, 0)
	hook := server.Subscriptions()[0]
	server.UpdateSubscription(hook.ID, func(h *bigcommercetest.Hook) { h.Active, h.Deactivated = false, true })
	present, err := e.Subscriptions(t.Context())
	if err != nil || len(present) != 2 || present[0].Active || present[0].Headers["X-Key"].Reveal() != "one" {
		t.Errorf("%+v, %v", present, err)
	}
	ensure(0, 1, 0)
	if now := server.Subscriptions()[0]; now.ID != hook.ID || !now.Active || now.Headers["X-Key"] != "one" {
		t.Errorf("%+v", now)
	}
	wanted[0].Headers["X-Key"] = catalog.NewSecret("two")
	ensure(0, 1, 0)
	wanted[0].Headers = nil
	ensure(0, 1, 0)
	if now := server.Subscriptions()[0]; now.ID != hook.ID || len(now.Headers) > 0 {
		t.Errorf("%+v", now)
	}
	ensure(0, 0, 0)
	wanted = wanted[1:]
	ensure(0, 0, 1)
}

// Hooks must be https on port 443.
func TestTrapWhereWebhooksGo(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	for _, s := range []catalog.Subscription{
		{Topic: "store/order/created", URL: "http://example.com/"}, {Topic: "store/order/created", URL: "https://example.com:8443/"},
		{Topic: "store/order/created", URL: "https://user:pass@example.com/"}, {Topic: "store/order/created", URL: "https:///x"},
		{Topic: "orders/create", URL: "https://example.com/"}, {Topic: "", URL: "https://example.com/"},
		{Topic: "store/order/created", URL: "https://example.com/", Headers: map[string]catalog.Secret{"X Key": catalog.NewSecret("s3cret")}},
		{Topic: "store/order/created", URL: "https://example.com/", Headers: map[string]catalog.Secret{"X-Key": catalog.NewSecret("s3cret\r\nX: y")}},
		{Topic: "store/order/created", URL: "https://example.com/", Headers: map[string]catalog.Secret{"X-Key": {}}},
	} {
		_, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{s})
		if !errors.Is(err, catalog.ErrInvalid) || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "pass") {
			t.Errorf("%s to %s: %v", s.Topic, s.URL, err)
		}
	}
	if n := len(server.Calls()); n > 0 {
		t.Errorf("%d calls", n)
	}
	if _, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{{Topic: "store/order/created", URL: "https://example.com:443/"}}); err != nil {
		t.Error(err)
	}
}

// A customer's e-mail address is taken whatever the case of its letters, and
// the names cannot be emptied.
func TestTrapCustomersNeedNamesAndAnAddress(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	set := catalog.Set[string]
	patch := catalog.CustomerPatch{FirstName: set("N"), LastName: set("S"), Email: set("N.S@example.com"), Phone: set("+966 5"), Note: set("VIP")}
	made, err := e.CreateCustomer(t.Context(), patch, noOptions)
	if err != nil || made.Phone != "+966 5" || made.Note != "VIP" {
		t.Fatalf("%+v, %v", made, err)
	}
	patch.Email = set("n.s@EXAMPLE.com")
	if _, err := e.CreateCustomer(t.Context(), patch, noOptions); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("an address that is taken: %v", err)
	}
	for name, p := range map[string]catalog.CustomerPatch{"no first name": {FirstName: set("")}, "no last name": {LastName: set(" ")}, "no address": {Email: set("")},
		"no address's form": {Email: set("n")}, "a long name": {FirstName: set(strings.Repeat("ن", 101))}, "nothing": {}} {
		if _, err := e.UpdateCustomer(t.Context(), made.ID, p, noOptions); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(sent(server)); n != 1 {
		t.Errorf("%d calls, want one", n)
	}
	got, err := e.UpdateCustomer(t.Context(), made.ID, catalog.CustomerPatch{Phone: set(""), Email: set("new@example.com")}, noOptions)
	if err != nil || got.Phone != "" || got.Email != "new@example.com" || got.Note != "VIP" {
		t.Errorf("%+v, %v", got, err)
	}
}
