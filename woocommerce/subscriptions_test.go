package woocommerce_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

func hook(topic, secret string) catalog.Subscription {
	return catalog.Subscription{Topic: topic, URL: "https://app.example/" + topic, Name: "Hook", Secret: catalog.NewSecret(secret)}
}

// hooks are the webhooks of the store, without what moves by itself.
func hooks(server *woocommercetest.Server) (all []string) {
	for _, h := range server.Subscriptions() {
		all = append(all, strings.Join([]string{h.Topic, h.DeliveryURL, h.Status, h.Secret}, " "))
	}
	slices.Sort(all)
	return all
}

// TestSecretsAreKept: they cannot be read back, and a new one replaces the old.
func TestSecretsAreKept(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	ensure := func(created, updated int, all ...catalog.Subscription) {
		t.Helper()
		c, err := e.EnsureSubscriptions(t.Context(), all)
		if err != nil || len(c.Created) != created || len(c.Updated) != updated || len(c.Removed) > 0 {
			t.Fatalf("%+v, %v; want %d made and %d changed", c, err, created, updated)
		}
		for _, s := range slices.Concat(c.Created, c.Updated) {
			if s.ID == "" || !s.Active || s.Name != "Hook" || !s.Secret.IsZero() {
				t.Errorf("it tells %+v", s)
			}
		}
	}
	ensure(1, 0, hook("order.updated", "first1"))
	ensure(0, 0, hook("order.updated", "first1"))
	ensure(0, 1, hook("order.updated", "second2"))
	ensure(0, 0, hook("order.updated", "second2"))
	want := "order.updated https://app.example/order.updated active second2"
	if got := hooks(server); len(got) != 1 || got[0] != want {
		t.Errorf("webhooks %q", got)
	}
	if name := server.Subscriptions()[0].Name; !strings.HasPrefix(name, "Hook [souk ") || strings.Contains(name, "second2") {
		t.Errorf("it is named %q", name)
	}
}

// TestWhatIsOursIsKnown: by the mark in the name, or by topic and address. Other
// apps' webhooks stay, those of another souk too.
func TestWhatIsOursIsKnown(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	wanted := []catalog.Subscription{hook("order.updated", "s1"), hook("product.updated", "s1")}
	adopted := server.AddSubscription(woocommercetest.Subscription{Name: "Renamed by hand", Topic: "order.updated", DeliveryURL: "https://app.example/order.updated", Secret: "old", Status: "paused"})
	server.AddSubscription(woocommercetest.Subscription{Name: "Twice", Topic: "order.updated", DeliveryURL: "https://app.example/order.updated", Secret: "old"})
	other := openOther(t, server)
	if _, err := other.EnsureSubscriptions(t.Context(), []catalog.Subscription{{Topic: "order.updated", URL: "https://other.example/hooks", Secret: catalog.NewSecret("s2")}}); err != nil {
		t.Fatal(err)
	}
	server.AddSubscription(woocommercetest.Subscription{Name: "ERP [x 0011aabb]", Topic: "order.updated", DeliveryURL: "https://erp.example/", Secret: "theirs"})
	foreign := []string{"order.updated https://erp.example/ active theirs", "order.updated https://other.example/hooks active s2"}
	c, err := e.EnsureSubscriptions(t.Context(), wanted)
	if err != nil || len(c.Created) != 1 || len(c.Updated) != 1 || len(c.Removed) != 1 || c.Updated[0].ID != id(adopted.ID) {
		t.Fatalf("%+v, %v", c, err)
	}
	want := append([]string{"order.updated https://app.example/order.updated active s1", "product.updated https://app.example/product.updated active s1"}, foreign...)
	slices.Sort(want)
	if got := hooks(server); !slices.Equal(got, want) {
		t.Errorf("webhooks %q\nwant %q", got, want)
	}
	if all, err := e.Subscriptions(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("%d are the app's, %v; want 2", len(all), err)
	}
	if c, err = e.EnsureSubscriptions(t.Context(), nil); err != nil || len(c.Removed) != 2 {
		t.Errorf("%+v, %v", c, err)
	}
	if got := hooks(server); !slices.Equal(got, foreign) {
		t.Errorf("left are %q, want %q", got, foreign)
	}
}

func openOther(t testing.TB, server *woocommercetest.Server) *woocommerce.Engine {
	t.Helper()
	e, ok := catalog.As[*woocommerce.Engine](openStore(t, newAdapter(t, server, woocommerce.Config{AppName: "other", PollInterval: time.Millisecond}), server))
	if !ok {
		t.Fatal("another engine")
	}
	return e
}

// TestDisabledWebhooksComeBack: the store disables one after seven failures in
// a row, and tells nobody.
func TestDisabledWebhooksComeBack(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	wanted := []catalog.Subscription{hook("order.updated", "s1")}
	if _, err := e.EnsureSubscriptions(t.Context(), wanted); err != nil {
		t.Fatal(err)
	}
	for _, status := range []string{"disabled", "paused"} {
		server.UpdateSubscription(server.Subscriptions()[0].ID, func(h *woocommercetest.Subscription) { h.Status = status })
		if all, err := e.Subscriptions(t.Context()); err != nil || len(all) != 1 || all[0].Active {
			t.Errorf("%s: %+v, %v", status, all, err)
		}
		c, err := e.EnsureSubscriptions(t.Context(), wanted)
		if err != nil || len(c.Updated) != 1 {
			t.Errorf("%s: %+v, %v", status, c, err)
		}
		all := sentTo(t, server)
		if last := all[len(all)-1]; server.Subscriptions()[0].Status != "active" || last.method != http.MethodPost {
			t.Errorf("%s: it is %s", status, server.Subscriptions()[0].Status)
		}
	}
}

// TestWebhooksThatCannotWork are refused before anything is sent.
func TestWebhooksThatCannotWork(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	for name, change := range map[string]func(*catalog.Subscription){
		"no secret":                      func(s *catalog.Subscription) { s.Secret = catalog.Secret{} },
		"a secret the store decodes":     func(s *catalog.Subscription) { s.Secret = catalog.NewSecret("a&amp;b") },
		"a secret with blanks":           func(s *catalog.Subscription) { s.Secret = catalog.NewSecret("a b") },
		"no topic":                       func(s *catalog.Subscription) { s.Topic = "" },
		"half a topic":                   func(s *catalog.Subscription) { s.Topic = "order" },
		"plain http":                     func(s *catalog.Subscription) { s.URL = "http://app.example/" },
		"a port WordPress does not call": func(s *catalog.Subscription) { s.URL = "https://app.example:9000/" },
		"an address of nowhere":          func(s *catalog.Subscription) { s.URL = "https:///x" },
		"a name that looks like a mark":  func(s *catalog.Subscription) { s.Name = "x [souk 00112233]" },
	} {
		s := hook("order.updated", "s1")
		change(&s)
		if _, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{s}); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(server.Calls()); n > 0 {
		t.Errorf("%d requests", n)
	}
	if _, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{hook("customer.restored.twice", "s1")}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("a topic the store does not have: %v", err)
	}
}

// TestABracketInANameIsNoMark: a webhook stays known as the app's whatever the
// host calls it.
func TestABracketInANameIsNoMark(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	one := hook("order.updated", "first1")
	one.Name = "Orders [eu] [x]"
	if _, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{one}); err != nil {
		t.Fatal(err)
	}
	if all, err := e.Subscriptions(t.Context()); err != nil || len(all) != 1 || all[0].Name != one.Name {
		t.Errorf("listed are %+v, %v", all, err)
	}
	if c, err := e.EnsureSubscriptions(t.Context(), nil); err != nil || len(c.Removed) != 1 || len(server.Subscriptions()) > 0 {
		t.Errorf("removed are %+v, %v", c.Removed, err)
	}
}
