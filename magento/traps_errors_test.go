package magento_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// failing reads the shop while a fault lasts.
func failing(t *testing.T, f magentotest.Fault) *catalog.Error {
	t.Helper()
	server := newServer(t, magentotest.Config{Products: -1, Orders: -1, Customers: -1})
	engine := openStore(t, newAdapter(t, server, magento.Config{Attempts: 1}), server)
	server.Inject(f.Repeat(-1))
	_, err := engine.Shop(t.Context())
	e, ok := errors.AsType[*catalog.Error](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	return e
}

// Placeholders come unfilled, their values beside them: by number or by name.
func TestTrapPlaceholdersAreFilled(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"message":"No such entity with %fieldName = %fieldValue","parameters":{"fieldName":"sku","fieldValue":"A%fieldName"}}`: "No such entity with sku = A%fieldName",
		`{"message":"%1 of %2 (%10)","parameters":["a","b","c","d","e","f","g","h","i","%1"]}`:                                   "a of b (%1)",
		`{"message":"The \"%1\" product","parameters":[7]}`:                                                                      `The "7" product`,
		`{"message":"%resources are needed","parameters":{"resources":["a","b"]}}`:                                               "a, b are needed",
		`{"message":"100% cotton"}`:                                                      "100% cotton",
		`{"message":"%1 left","parameters":{}}`:                                          "%1 left",
		`{"message":"%1","parameters":"odd"}`:                                            "%1",
		`{"message":"Maximum SearchCriteria pageSize is %max","parameters":{"max":300}}`: "Maximum SearchCriteria pageSize is 300",
		`{"message":"One or more input exceptions have occurred.","errors":[{"message":"%fieldName","parameters":{"fieldName":"sku"}}]}`: "One or more input exceptions have occurred.",
	} {
		e := failing(t, magentotest.Fault{Status: 400, Body: body})
		if e.Message != want || !errors.Is(e, catalog.ErrInvalid) {
			t.Errorf("%s\nis told as %q, want %q; %v", body, e.Message, want, e.Kind)
		}
	}
	e := failing(t, magentotest.InvalidFields("sku", "name"))
	if len(e.Fields) != 2 || e.Fields[0].Field != "sku" || !strings.Contains(e.Fields[0].Message, `"sku" is required`) {
		t.Errorf("fields %+v", e.Fields)
	}
}

// What a shop did not expect is in its log alone, under a number.
func TestTrapMaskedErrorsKeepTheirReportsNumber(t *testing.T) {
	t.Parallel()
	e := failing(t, magentotest.InternalError())
	if !errors.Is(e, catalog.ErrUnavailable) || !strings.HasPrefix(e.RequestID, "webapi-") || !strings.Contains(e.Hint, "log") {
		t.Errorf("%v, request %q", e, e.RequestID)
	}
}

// Shops in developer mode send a trace, which names files and arguments.
func TestTrapTracesAreNeverTold(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{DeveloperMode: true, Products: -1})
	engine := openStore(t, newAdapter(t, server, magento.Config{}), server)
	_, err := engine.Order(t.Context(), "404404")
	if !errors.Is(err, catalog.ErrNotFound) || strings.Contains(err.Error(), "/var/www") {
		t.Errorf("got %v", err)
	}
}

// Proxies, firewalls and maintenance answer with HTML, whatever the status.
func TestTrapPagesOfHTMLAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault magentotest.Fault
		kind  catalog.Kind
		says  string
	}{
		"maintenance":  {magentotest.Maintenance(), catalog.ErrUnavailable, "maintenance"},
		"firewall":     {magentotest.Forbidden(), catalog.ErrForbidden, "firewall"},
		"page":         {magentotest.HTMLPage(), catalog.ErrUnavailable, "HTML"},
		"rate limiter": {magentotest.ThrottleHTML("1"), catalog.ErrRateLimited, "HTML"},
		"no Magento":   {magentotest.Fault{Status: 404, Body: "<!DOCTYPE html><html><body>Not Found</body></html>"}, catalog.ErrNotFound, "address"},
		"no route":     {magentotest.NoRoute(), catalog.ErrNotFound, "module"},
		"redirect":     {magentotest.Redirect("https://www.shop.example/rest/all/V1/store/storeConfigs"), catalog.ErrInvalid, "www.shop.example"},
	} {
		e := failing(t, c.fault)
		if !errors.Is(e, c.kind) || !strings.Contains(e.Error(), c.says) {
			t.Errorf("%s: %v, want %s and %q", name, e, c.kind, c.says)
		}
	}
}

// Magento's own back-pressure says 429 and not for how long.
func TestTrap429WithoutRetryAfter(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1, Orders: -1, Customers: -1})
	server.Inject(magentotest.Throttle(""))
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Error(err)
	}
}

// Deadlocks of a save are 400 like any other refusal: nothing is repeated that
// the shop called wrong, and a write is sent once.
func TestTrapWritesAreSentOnce(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]magentotest.Fault{"a lost answer": magentotest.Disconnect(magentotest.CutMiddle), "a gateway's page": magentotest.ServerError(502),
		"a masked error": magentotest.InternalError()} {
		server, engine := quick(t, magentotest.Config{Products: 5, Orders: 5})
		server.Inject(f)
		_, err := as[catalog.RESTCaller](t, engine).Do(t.Context(), catalog.RESTRequest{Method: "post", Path: "/orders/1/comments",
			Body: map[string]any{"statusHistory": map[string]any{"comment": "hello", "is_customer_notified": 0, "is_visible_on_front": 0, "parent_id": 1}}})
		if !errors.Is(err, catalog.ErrOutcomeUnknown) || len(server.Calls()) != 1 {
			t.Errorf("%s: %v after %d calls", name, err, len(server.Calls()))
		}
	}
}

// Few calls are in flight at a time, and engines of one store share them.
func TestTrapNoMoreThanFourCallsAtATime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config magento.Config
		most   int
	}{"by default": {magento.Config{}, 4}, "as configured": {magento.Config{Pace: pace(1)}, 1}} {
		server := newServer(t, magentotest.Config{Products: 30, Orders: -1, Customers: -1, Latency: 3 * time.Millisecond})
		adapter := newAdapter(t, server, c.config)
		one, two := openStore(t, adapter, server), openStore(t, adapter, server)
		done := make(chan error, 32)
		for i := range cap(done) {
			go func() {
				_, err := []catalog.Engine{one, two}[i%2].Product(context.WithoutCancel(t.Context()), "1")
				done <- err
			}()
		}
		for range cap(done) {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if n := server.Ledger().MaxConcurrent; n > c.most {
			t.Errorf("%s: %d calls at a time, want %d at most", name, n, c.most)
		}
	}
}
