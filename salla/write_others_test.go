package salla_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla/sallatest"
)

// TestNumbersAreTakenApart: Salla wants the country's code for itself.
func TestNumbersAreTakenApart(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	for number, want := range map[string]string{
		"+966 59 123 4567": `"mobile":"591234567","mobile_code_country":"+966"`,
		"+1 (212) 5550123": `"mobile":"2125550123","mobile_code_country":"+1"`,
		"+20.1001234567":   `"mobile":"1001234567","mobile_code_country":"+20"`,
		"+7-9261234567":    `"mobile":"9261234567","mobile_code_country":"+7"`,
		"+965 51234567":    `"mobile":"51234567","mobile_code_country":"+965"`,
	} {
		c, err := e.CreateCustomer(t.Context(), catalog.CustomerPatch{FirstName: catalog.Set("Noura"), Phone: catalog.Set(number)}, noOptions)
		calls := server.Calls()
		if err != nil || c.FirstName != "Noura" || !strings.Contains(calls[len(calls)-1].Body, want) {
			t.Errorf("%s: %v, %s", number, err, calls[len(calls)-1].Body)
		}
		_, err = e.CreateCustomer(t.Context(), catalog.CustomerPatch{FirstName: catalog.Set("Noura"), Phone: catalog.Set(number)}, noOptions)
		if failed, ok := errors.AsType[*catalog.Error](err); !ok || failed.Kind != catalog.ErrInvalid || len(failed.Fields) == 0 {
			t.Errorf("%s once more: %v", number, err)
		}
	}
	before := sent(server, http.MethodPost, "/customers")
	for name, patch := range map[string]catalog.CustomerPatch{
		"no code": {FirstName: catalog.Set("N"), Phone: catalog.Set("0591234567")}, "letters": {FirstName: catalog.Set("N"), Phone: catalog.Set("+966 CALL ME")},
		"no name": {Phone: catalog.Set("+966591234567")}, "an empty name": {FirstName: catalog.Set(" "), Phone: catalog.Set("+966591234567")}, "too short": {FirstName: catalog.Set("N"), Phone: catalog.Set("+966")},
	} {
		if _, err := e.CreateCustomer(t.Context(), patch, noOptions); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := e.UpdateCustomer(t.Context(), id(server.Customers()[0].ID), catalog.CustomerPatch{Phone: catalog.Set("")}, noOptions); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("emptying a number: %v", err)
	}
	if n := sent(server, http.MethodPost, "/customers") - before; n > 0 {
		t.Errorf("%d were sent", n)
	}
}

// TestALostCustomerIsLookedFor by address and by number.
func TestALostCustomerIsLookedFor(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	for name, c := range map[string]struct {
		cut  sallatest.Cut
		want catalog.Outcome
	}{"it was made": {sallatest.CutBefore, catalog.OutcomeUnknown}, "it was not": {sallatest.CutUnread, catalog.OutcomeNotDone}} {
		for what, patch := range map[string]catalog.CustomerPatch{
			"number":  {Phone: catalog.Set("+96658765432" + id(int64(c.cut)))},
			"address": {Phone: catalog.Set("+96658765433" + id(int64(c.cut))), Email: catalog.Set("n" + id(int64(c.cut)) + "@example.com")},
		} {
			patch.FirstName = catalog.Set("Noura")
			server.Inject(sallatest.Disconnect(c.cut).On(http.MethodPost, "/customers"))
			_, err := e.CreateCustomer(t.Context(), patch, noOptions)
			if found := confirm(t, err); found != c.want {
				t.Errorf("%s, known by its %s: Confirm says %q", name, what, found)
			}
		}
	}
}

func webhook(topic, url string) catalog.Subscription {
	return catalog.Subscription{Topic: topic, URL: url}
}

func TestSubscriptionsSallaWouldSpoilAreRefused(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	headed := webhook("order.created", "https://example.com/a")
	headed.Headers = map[string]catalog.Secret{"x-souk-app": catalog.NewSecret("1")}
	ruled := webhook("order.created", "https://example.com/a")
	ruled.Version, ruled.Rule = "1", "price > 1"
	for name, wanted := range map[string][]catalog.Subscription{
		"two of one address":    {webhook("order.created", "https://example.com/a"), webhook("order.updated", "https://example.com/a")},
		"an address at home":    {webhook("order.created", "https://localhost/a")},
		"a test address":        {webhook("order.created", "https://test.example.com/a")},
		"a plain address":       {webhook("order.created", "http://example.com/a")},
		"no event":              {webhook("orders/create", "https://example.com/a")},
		"a version of no kind":  {{Topic: "order.created", URL: "https://example.com/a", Version: "3"}},
		"a rule of version 1":   {ruled},
		"souk's own header set": {headed},
	} {
		if _, err := e.EnsureSubscriptions(t.Context(), wanted); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(server.Calls()); n > 0 {
		t.Errorf("%d calls", n)
	}
}

// TestAHookThatLostItsMarkIsAdopted, since a new one of its address would change
// it; one of another address is somebody else's.
func TestAHookThatLostItsMarkIsAdopted(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	wanted := []catalog.Subscription{{Topic: "order.created", URL: "https://example.com/a", Headers: map[string]catalog.Secret{"X-Key": catalog.NewSecret("k")}}}
	if _, err := e.EnsureSubscriptions(t.Context(), wanted); err != nil {
		t.Fatal(err)
	}
	first := server.Subscriptions()[0]
	must(t, server.UpdateSubscription(first.ID, func(s *sallatest.Subscription) { s.Headers = nil }))
	server.AddForeignSubscription(sallatest.Subscription{Event: "order.created", URL: "https://other.example/a", Version: 2})
	changes, err := e.EnsureSubscriptions(t.Context(), wanted)
	if err != nil || len(changes.Updated) != 1 || len(changes.Created)+len(changes.Removed) > 0 {
		t.Errorf("%+v, %v", changes, err)
	}
	if now := server.Subscriptions()[0]; now.ID != first.ID || now.Headers["X-Key"] != "k" || now.Headers["X-Souk-App"] != server.ClientID() {
		t.Errorf("%+v", now)
	}
	if all, err := e.Subscriptions(t.Context()); err != nil || len(all) != 1 || len(all[0].Headers) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestASecretTakesASecondCall: registering takes none.
func TestASecretTakesASecondCall(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	wanted := []catalog.Subscription{{Topic: "order.created", URL: "https://example.com/a", Name: "a", Secret: catalog.NewSecret("s3cret")}}
	for n, want := range []int{1, 0} {
		changes, err := e.EnsureSubscriptions(t.Context(), wanted)
		if err != nil || len(changes.Created) != want || len(changes.Updated) > 0 {
			t.Errorf("time %d: %+v, %v", n+1, changes, err)
		}
	}
	if s := server.Subscriptions()[0]; s.Strategy != "signature" || s.Secret != "s3cret" || sent(server, http.MethodPut, "/webhooks/") != 1 {
		t.Errorf("%+v", s)
	}
	wanted[0].URL = "https://example.com/b"
	if changes, err := e.EnsureSubscriptions(t.Context(), wanted); err != nil || len(changes.Updated) != 1 || server.Subscriptions()[0].Secret != "s3cret" {
		t.Errorf("%+v, %v", changes, err)
	}
	server.Inject(sallatest.Invalid(nil).On(http.MethodPut, "/webhooks/*"))
	wanted = append(wanted, catalog.Subscription{Topic: "order.updated", URL: "https://example.com/c", Secret: catalog.NewSecret("other")})
	changes, err := e.EnsureSubscriptions(t.Context(), wanted)
	if !errors.Is(err, catalog.ErrInvalid) || len(changes.Created) != 1 || !strings.Contains(err.Error(), "without its secret") {
		t.Errorf("with the secret refused: %+v, %v", changes, err)
	}
	for n, want := range []int{1, 0} { // written the next time, and another one after
		if changes, err := e.EnsureSubscriptions(t.Context(), wanted); err != nil || len(changes.Updated) != want {
			t.Errorf("time %d after it: %+v, %v", n+1, changes, err)
		}
	}
	wanted[1].Secret = catalog.NewSecret("rotated")
	if changes, err := e.EnsureSubscriptions(t.Context(), wanted); err != nil || len(changes.Updated) != 1 || server.Subscriptions()[1].Secret != "rotated" {
		t.Errorf("another secret: %+v, %v", changes, err)
	}
}

// TestOneTooManyIsRemovedById: by its address all of it would go.
func TestOneTooManyIsRemovedById(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	two := []catalog.Subscription{webhook("order.created", "https://example.com/a"), webhook("order.updated", "https://example.com/b")}
	if _, err := e.EnsureSubscriptions(t.Context(), two); err != nil {
		t.Fatal(err)
	}
	if _, err := e.EnsureSubscriptions(t.Context(), two[1:]); err != nil {
		t.Fatal(err)
	}
	for _, c := range server.Calls() {
		if c.Method == http.MethodDelete && !strings.HasPrefix(c.Query, "id=") {
			t.Errorf("removed by %s", c.Query)
		}
	}
	if all := server.Subscriptions(); len(all) != 1 || all[0].Event != "order.updated" {
		t.Errorf("%+v", all)
	}
}

// TestBlanksAroundAnAddress are none of it: Confirm finds what was written.
func TestBlanksAroundAnAddress(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	patch := catalog.CustomerPatch{Email: catalog.Set(" noura@example.com ")}
	server.Inject(sallatest.Disconnect(sallatest.CutBefore).On("PUT", "/customers/*"))
	_, err := e.UpdateCustomer(t.Context(), id(server.Customers()[0].ID), patch, noOptions)
	if found := confirm(t, err); found != catalog.OutcomeDone {
		t.Errorf("Confirm says %q", found)
	}
	if now := server.Customers()[0].Email; now != "noura@example.com" {
		t.Errorf("the address is %q", now)
	}
}
