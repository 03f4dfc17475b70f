package salla_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// answered is a fault that answers with a body.
func answered(status int, body string) sallatest.Fault {
	return sallatest.Fault{Status: status, Body: body, Header: http.Header{"Content-Type": {"application/json"}}}
}

// Each refusal of section 3 of Salla's pages, with the text it gives.
func TestErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault sallatest.Fault
		kind  catalog.Kind
		code  string
		text  []string
		calls int // of the same request
	}{
		"scope missing": {sallatest.ScopeMissing("products.read_write"), catalog.ErrForbidden, "Unauthorized",
			[]string{"salla: get product: forbidden (401 Unauthorized): ", "one of those scopes: products.read_write", "add the scope to the app"}, 1},
		"store gone": {sallatest.StoreGone(), catalog.ErrReauthorize, "Unauthorized",
			[]string{"merchant must reconnect (401", "The User is not exists.", "install the app again"}, 1},
		"store not active":       {sallatest.StoreInactive(), catalog.ErrReauthorize, "Unauthorized", []string{"حسابك غير مفعل"}, 1},
		"token dead":             {sallatest.TokenInvalid().Repeat(-1), catalog.ErrReauthorize, "", []string{"cannot be refreshed"}, 1},
		"token dead, other code": {sallatest.TokenInvalidCode().Repeat(-1), catalog.ErrReauthorize, "", nil, 1},
		"not entitled":           {sallatest.Forbidden(), catalog.ErrForbidden, "error", []string{"403", "is blocked for a while"}, 1},
		"not found, Arabic":      {sallatest.NotFound(), catalog.ErrNotFound, "error", []string{"salla: get product: not found (404 error): المحتوى"}, 1},
		"not found, English": {answered(404, `{"success":false,"status":404,"error":{"code":404,"message":"The content you are trying to access is no longer available"}}`),
			catalog.ErrNotFound, "404", []string{"(404 404)", "no longer available"}, 1},
		"invalid": {sallatest.Invalid(map[string][]string{"products.0.quantity": {"حقل الكمية مطلوب.", "second"}, "name": {"first"}}), catalog.ErrInvalid, "validation_failed",
			[]string{"422", "name: first; products.0.quantity: second; products.0.quantity: حقل الكمية مطلوب."}, 1},
		"validation failed": {answered(422, `{"status":422,"success":false,"error":{"code":"validation_failed","message":"Validation is not successfull","fields":{"a":"one sentence","b":{"odd":1}}}}`),
			catalog.ErrInvalid, "validation_failed", []string{"a: one sentence", `b: {"odd":1}`}, 1},
		"actions": {answered(422, `{"status":422,"success":false,"error":{"code":"error","message":"not together","actions":["create_shipping_policy"]}}`),
			catalog.ErrInvalid, "error", []string{"actions: create_shipping_policy"}, 1},
		"no code":          {answered(400, `{"status":400,"success":false,"error":{"message":"bad parameters"}}`), catalog.ErrInvalid, "", []string{"(400): bad parameters"}, 1},
		"no error":         {answered(400, `{"message":"only this"}`), catalog.ErrInvalid, "", []string{"only this"}, 1},
		"an empty body":    {answered(400, ``), catalog.ErrInvalid, "", nil, 1},
		"a list":           {answered(400, `[1]`), catalog.ErrInvalid, "", nil, 1},
		"wrong method":     {answered(405, `{"status":405,"success":false,"error":{"code":"error","message":"no"}}`), catalog.ErrInvalid, "error", nil, 1},
		"gone":             {answered(410, `{"status":410,"success":false,"error":{"code":"error","message":"removed"}}`), catalog.ErrNotFound, "error", []string{"was removed"}, 1},
		"server trouble":   {sallatest.ServerError(503).Repeat(-1), catalog.ErrUnavailable, "", []string{"HTML page"}, 4},
		"HTML for JSON":    {sallatest.HTMLPage().Repeat(-1), catalog.ErrUnavailable, "", []string{"HTML page"}, 4},
		"cut JSON":         {sallatest.Fault{Truncate: true, Times: -1}, catalog.ErrBadAnswer, "", []string{"not complete JSON"}, 4},
		"not a success":    {sallatest.Fault{NotSuccess: true}, catalog.ErrBadAnswer, "", []string{"says that it failed"}, 1},
		"failure in a 200": {answered(200, `{"status":404,"success":false,"error":{"code":404,"message":"gone"}}`), catalog.ErrNotFound, "404", []string{"gone"}, 1},
		"a redirect":       {sallatest.Redirect("https://evil.example/x"), catalog.ErrInvalid, "", []string{"redirects to evil.example"}, 1},
		"no record":        {answered(200, `{"status":200,"success":true,"data":[]}`), catalog.ErrBadAnswer, "", []string{"no record"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newServer(t, quiet(3, -1, -1, true))
			server.Inject(c.fault)
			var err error
			synctest.Test(t, func(t *testing.T) { // the waits before retries take no time
				var adapter *salla.Adapter
				if adapter, err = salla.New(salla.Config{Transport: inBubble{server, time.Millisecond}}); err == nil {
					_, err = openStore(t, adapter, server.Store).Product(t.Context(), id(server.Products()[0].ID))
				}
			})
			e, ok := errors.AsType[*catalog.Error](err)
			if !ok || e.Kind != c.kind || c.code != "" && e.Code != c.code {
				t.Fatalf("got %v", err)
			}
			for _, text := range c.text {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%q lacks %q", err, text)
				}
			}
			if strings.Contains(err.Error(), server.Token()) || strings.Contains(err.Error(), "https://") {
				t.Errorf("the error tells too much: %v", err)
			}
			if n := len(server.Calls()); n < c.calls || c.calls == 1 && n != 1 {
				t.Errorf("%d calls", n)
			}
		})
	}
}

func TestTransientTroubleIsRetriedForReads(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sallatest.Fault{
		"500": sallatest.ServerError(500), "HTML": sallatest.HTMLPage(), "cut before": sallatest.Disconnect(sallatest.CutBefore),
		"cut in the middle": sallatest.Disconnect(sallatest.CutMiddle), "half of the JSON": {Truncate: true}, "429": sallatest.Throttle("0"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, engine := quick(t, sallatest.Config{Products: 70, Orders: -1, Customers: -1})
			fault.Skip = 1 // the second page
			server.Inject(fault)
			all, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{}))
			if err != nil || len(all) != 70 {
				t.Errorf("%d products, %v", len(all), err)
			}
		})
	}
}

// A list that fails on a later page gives all records before it, then the
// error, once.
func TestAListGivesWhatItHasBeforeItsError(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 100, Orders: -1, Customers: -1, EvenPages: true})
	fault := sallatest.ScopeMissing("products.read")
	fault.Skip = 2
	server.Inject(fault)
	var got, failed int
	for _, err := range engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 20}}) {
		if err != nil {
			failed++
			continue
		}
		got++
	}
	if got != 40 || failed != 1 {
		t.Errorf("%d records, %d errors", got, failed)
	}
}

func TestOneBadRecordDoesNotCostTheList(t *testing.T) {
	t.Parallel()
	wreck := func() sallatest.Fault { return sallatest.Replaced("data.1", `"not an object"`) }
	noID := func() sallatest.Fault { return sallatest.Replaced("data.1.id", `{}`) }
	for name, fault := range map[string]func() sallatest.Fault{"no object": wreck, "no id": noID} {
		server, engine := quick(t, sallatest.Config{Products: 5, Orders: -1, Customers: -1})
		server.Inject(fault())
		all, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{}))
		if bad, ok := errors.AsType[*catalog.ItemError](err); !ok || len(bad.Raw) == 0 || len(all) != 1 || !errors.Is(err, catalog.ErrBadAnswer) {
			t.Errorf("%s: %d records, %v", name, len(all), err)
		}
		server.Inject(fault())
		var skipped []string
		all, err = catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{
			OnBadItem: func(e *catalog.ItemError) error { skipped = append(skipped, e.Op); return nil }}}))
		if diff := cmp.Diff([]string{"list products"}, skipped); diff != "" || err != nil || len(all) != 4 {
			t.Errorf("%s: %d records, %v, skipped (-want +got):\n%s", name, len(all), err, diff)
		}
		server.Inject(fault())
		stop := errors.New("stop")
		_, err = catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{OnBadItem: func(*catalog.ItemError) error { return stop }}}))
		if err != stop {
			t.Errorf("%s: ended with %v", name, err)
		}
	}
}

// A part of an order that cannot be fetched must not look like an order
// without it.
func TestAnOrderWithoutItsLinesIsAnError(t *testing.T) {
	t.Parallel()
	// A server for each: what a list that was left had under way may still
	// reach its server, and would meet the next fault.
	fresh := func(fault sallatest.Fault) (*sallatest.Server, catalog.Engine) {
		server, engine := quick(t, sallatest.Config{Products: 5, Orders: 8, Customers: 3})
		server.Inject(fault.On("GET", "/orders/items"))
		return server, engine
	}
	_, engine := fresh(sallatest.ScopeMissing("orders.read"))
	if _, err := catalog.Collect(engine.Orders(t.Context(), catalog.OrderQuery{})); !errors.Is(err, catalog.ErrForbidden) {
		t.Errorf("it ended with %v", err)
	}
	server, engine := fresh(answered(200, `{"status":200,"success":true}`))
	if _, err := engine.Order(t.Context(), id(server.Orders()[0].ID)); !errors.Is(err, catalog.ErrBadAnswer) {
		t.Errorf("no list of lines: %v", err)
	}
	server, engine = fresh(sallatest.NotFound())
	if _, err := engine.Order(t.Context(), id(server.Orders()[0].ID)); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("deleted in between: %v", err)
	}
	_, engine = fresh(sallatest.NotFound())
	if all, err := catalog.Collect(engine.Orders(t.Context(), catalog.OrderQuery{})); err != nil || len(all) != 7 {
		t.Errorf("deleted while listed: %d orders, %v", len(all), err)
	}
}

func TestShipmentsWithoutTheirScopeAreAProblem(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 5, Orders: 30, Customers: 3})
	server.Inject(sallatest.ScopeMissing("shipping.read").On("GET", "/shipments").Repeat(-1))
	for _, o := range server.Orders() {
		got, err := engine.Order(t.Context(), id(o.ID))
		if err != nil || o.Shippable != (len(got.Problems) == 1) || o.Shippable && got.Problems[0].Path != "shipments" {
			t.Fatalf("%v, %v", got.Problems, err)
		}
	}
}

func TestOpenAndNewCheckWhatTheyGet(t *testing.T) {
	t.Parallel()
	secret := catalog.NewSecret("s")
	for field, config := range map[string]salla.Config{
		"ClientID": {ClientSecret: secret}, "ClientSecret": {ClientID: "x"}, "Language": {Language: "en\r\nX: y"},
		"WebhookSecrets": {WebhookSecrets: []catalog.Secret{secret, {}}}, "WebhookScheme": {WebhookScheme: "none"}, "PollInterval": {PollInterval: -1},
	} {
		_, err := salla.New(config)
		if e, ok := errors.AsType[*catalog.ConfigError](err); !ok || e.Field != field || !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", field, err)
		}
	}
	app, err := salla.New(salla.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for name, account := range map[string]catalog.Account{
		"no store": {}, "a name": {Store: "acme"}, "a URL": {Store: "https://salla.sa/x"}, "negative": {Store: "-5"}, "zero": {Store: "0"},
		"endless": {Store: strings.Repeat("1", 25)}, "another platform": {Platform: "shopify", Store: "5"},
		"a bad language": {Store: "5", Settings: map[string]string{"language": "x y"}},
	} {
		if _, err := app.Open(account, catalog.StaticToken("t")); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := app.Open(catalog.Account{Store: "5"}, nil); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no credentials: %v", err)
	}
	if store, err := app.CanonicalStore(" 001305146709 "); err != nil || store != "1305146709" {
		t.Errorf("canonical store: %q, %v", store, err)
	}
}
