package woocommerce_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// Traps of hosts, set-ups and refusals.

// once is an adapter that repeats nothing.
var once = woocommerce.Config{Attempts: 1}

// Firewalls, challenges and hosts answer in the store's place, with HTML.
func TestTrapHostsAnAnswerThatIsNotWooCommercesIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault woocommercetest.Fault
		kind  catalog.Kind
		says  []string
	}{
		"a firewall's 403":    {woocommercetest.Firewall(403), catalog.ErrUnavailable, []string{"status 403", "text/html", "firewall"}},
		"a firewall's 406":    {woocommercetest.Firewall(406), catalog.ErrUnavailable, []string{"status 406", "text/html"}},
		"a firewall's 429":    {woocommercetest.Firewall(429), catalog.ErrRateLimited, []string{"status 429", "text/html"}},
		"a firewall's 503":    {woocommercetest.Firewall(503), catalog.ErrUnavailable, []string{"status 503", "text/html"}},
		"a challenge in 202":  {woocommercetest.Challenge(202), catalog.ErrUnavailable, []string{"status 202", "text/html"}},
		"a page in a 200":     {woocommercetest.HTMLPage(), catalog.ErrUnavailable, []string{"status 200", "text/html"}},
		"a host's 520":        {woocommercetest.ServerError(520), catalog.ErrUnavailable, []string{"status 520"}},
		"maintenance":         {woocommercetest.Maintenance(), catalog.ErrUnavailable, []string{"503"}},
		"no database":         {woocommercetest.NoDatabase(), catalog.ErrUnavailable, []string{"status 500", "text/html"}},
		"a blocked method":    {woocommercetest.MethodBlocked(), catalog.ErrUnavailable, []string{"status 405", "_method"}},
		"a password of nginx": {woocommercetest.Fault{Status: 401, Body: "<html>401</html>", Header: http.Header{"Content-Type": {"text/html"}}}, catalog.ErrUnauthorized, []string{"status 401", "staging"}},
		"somebody's JSON":     {woocommercetest.Fault{Status: 404, Body: `{"error":"no such thing"}`, Header: http.Header{"Content-Type": {"application/json"}}}, catalog.ErrUnavailable, []string{"status 404", "not an answer of WooCommerce"}},
	} {
		server := newServer(t, small(woocommercetest.Config{}))
		server.Inject(c.fault.On("GET", "/orders/*").Repeat(-1))
		engine, _ := watched(t, server, once)
		_, err := engine.Order(t.Context(), id(server.Orders()[0].ID))
		e := failure(t, err)
		if e.Kind != c.kind || len(e.Error()) > 1000 {
			t.Errorf("%s: %v", name, err)
		}
		for _, word := range c.says {
			if !strings.Contains(e.Error(), word) {
				t.Errorf("%s: %q is not in %v", name, word, err)
			}
		}
	}
}

// A page of 404 says nothing of a record: taken for it, a host would delete
// what is there.
func TestTrapHostsA404PageIsNoMissingRecord(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]woocommercetest.Fault{"a page": woocommercetest.NotFoundHTML(), "no route": woocommercetest.NoRoute()} {
		server := newServer(t, small(woocommercetest.Config{}))
		server.Inject(fault.On("GET", "/products/*").Repeat(-1))
		engine, _ := watched(t, server, once)
		_, err := engine.Product(t.Context(), id(server.Products()[0].ID))
		if errors.Is(err, catalog.ErrNotFound) || !errors.Is(err, catalog.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// "Not found" is 404 for reads and 400 for writes; the code's ending tells it.
func TestTrapHostsInvalidIDIsNotFoundWhateverItsStatus(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, small(woocommercetest.Config{}))
	for path, method := range map[string]string{"/products/999999999": "PUT", "/orders/999999999": "PUT", "/customers/999999999": "GET", "/products/999999998": "GET", "/orders/999999998": "DELETE"} {
		var body any
		if method == "PUT" {
			body = map[string]string{}
		}
		_, err := capability[catalog.RESTCaller](t, engine).Do(t.Context(), catalog.RESTRequest{Method: method, Path: path, Body: body})
		if e := failure(t, err); e.Kind != catalog.ErrNotFound || !strings.HasSuffix(e.Code, "_invalid_id") {
			t.Errorf("%s %s: %v", method, path, err)
		}
	}
	_, err := engine.Customer(t.Context(), "999999999")
	if !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("%v", err)
	}
	for range 2 { // what was read once and deleted since
		_ = server.DeleteOrder(server.Orders()[0].ID)
	}
}

// The data of a refusal is an object, a number, null or missing.
func TestTrapHostsTheDataOfARefusalIsAnything(t *testing.T) {
	t.Parallel()
	for data, fields := range map[string]int{`{"status":400,"params":{"a":"<b>bad</b> &amp; worse","b":"x"}}`: 2, `{"status":400,"params":["a","b"]}`: 2, `500`: 0, `null`: 0, `"x"`: 0, `[]`: 0, `{"status":400,"params":{"a":{"x":1}}}`: 1} {
		server := newServer(t, small(woocommercetest.Config{}))
		server.Inject(woocommercetest.Fault{Path: "/orders/*", Status: 400, Body: `{"code":"rest_invalid_param","message":"<p>Invalid&nbsp;parameter</p>","data":` + data + `}`, Header: http.Header{"Content-Type": {"application/json"}}})
		engine, _ := watched(t, server, once)
		_, err := engine.Order(t.Context(), "1")
		e := failure(t, err)
		if e.Kind != catalog.ErrInvalid || e.Code != "rest_invalid_param" || len(e.Fields) != fields || strings.Contains(e.Error(), "<") {
			t.Errorf("%s: %v", data, err)
		}
	}
}

func TestTrapHostsAFatalErrorOfPHPIsRepeatedForReadsAlone(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, small(woocommercetest.Config{}))
	order := id(server.Orders()[0].ID)
	server.Inject(woocommercetest.PHPFatal().On("GET", "/orders/*"))
	if _, err := engine.Order(t.Context(), order); err != nil {
		t.Errorf("a read: %v", err)
	}
	server.Inject(woocommercetest.PHPFatal().On("POST", "/products"))
	before := len(server.Calls())
	_, err := capability[catalog.RESTCaller](t, engine).Do(t.Context(), catalog.RESTRequest{Method: "POST", Path: "/products", Body: map[string]string{"name": "x"}})
	if !errors.Is(err, catalog.ErrOutcomeUnknown) || len(server.Calls())-before != 1 {
		t.Errorf("a write: %d calls, %v", len(server.Calls())-before, err)
	}
}

// There is no idempotency key: what was sent and not answered is not repeated.
func TestTrapHostsAPostIsNeverRepeated(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]woocommercetest.Fault{"502": woocommercetest.ServerError(502), "cut": woocommercetest.Disconnect(woocommercetest.CutBefore), "a page": woocommercetest.HTMLPage()} {
		server := newServer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
		engine := openStore(t, newAdapter(t, server, woocommerce.Config{}), server)
		fault.After = true
		server.Inject(fault.On("POST", "/products"))
		_, err := capability[catalog.RESTCaller](t, engine).Do(t.Context(), catalog.RESTRequest{Method: "POST", Path: "/products", Body: map[string]string{"name": "x"}})
		if n := len(server.Products()); !errors.Is(err, catalog.ErrOutcomeUnknown) || n != 1 {
			t.Errorf("%s: %d products, %v", name, n, err)
		}
	}
	server, engine := quick(t, woocommercetest.Config{Products: -1, Orders: 5, Customers: -1})
	server.Inject(woocommercetest.JSONError(500, "woocommerce_rest_cannot_create_order_refund", "Invalid refund amount.").On("POST", "/orders/*/refunds"))
	_, err := capability[catalog.RESTCaller](t, engine).Do(t.Context(), catalog.RESTRequest{Method: "POST", Path: "/orders/" + id(server.Orders()[0].ID) + "/refunds", Body: map[string]string{"amount": "1"}})
	if !errors.Is(err, catalog.ErrInvalid) || errors.Is(err, catalog.ErrOutcomeUnknown) {
		t.Errorf("WooCommerce's own 500: %v", err)
	}
}

func TestTrapHostsReadsAreRepeatedAfterTroubleAndRetryAfterIsKept(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]woocommercetest.Fault{"503 with HTML": woocommercetest.Firewall(503), "520": woocommercetest.ServerError(520), "half": woocommercetest.Truncated(),
		"maintenance": woocommercetest.Maintenance(), "429 without a time": woocommercetest.ThrottleHTML(""), "cut": woocommercetest.Disconnect(woocommercetest.CutMiddle)} {
		server := newServer(t, small(woocommercetest.Config{}))
		fault.Header = http.Header{"Retry-After": {"0"}}
		server.Inject(fault.On("GET", "/orders"))
		engine := openStore(t, newAdapter(t, server, woocommerce.Config{}), server)
		if n := len(ids(t, engine.Orders(t.Context(), catalog.OrderQuery{}), orderID)); n != 8 {
			t.Errorf("%s: %d orders", name, n)
		}
	}
	server := newServer(t, small(woocommercetest.Config{}))
	server.Inject(woocommercetest.ThrottleHTML("3600").On("GET", "/orders/*"))
	engine := openStore(t, newAdapter(t, server, woocommerce.Config{}), server)
	_, err := engine.Order(t.Context(), "1")
	if e := failure(t, err); e.Kind != catalog.ErrRateLimited || e.RetryAfter != time.Hour {
		t.Errorf("%v", err)
	}
}

// Badly set hosts print a byte order mark or notices of PHP before the JSON.
func TestTrapHostsNoticesBeforeTheJSONAreReadOver(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]woocommercetest.Fault{"a mark": woocommercetest.BOM(), "a notice": woocommercetest.PHPNotice(),
		"plain text": {Prefix: "\nWarning: Undefined array key [\"x\"] in /a.php on line 3\n"}} {
		server := newServer(t, woocommercetest.Config{Products: 12, Orders: -1, Customers: -1})
		server.Inject(fault.Repeat(-1))
		engine, _ := watched(t, server, once)
		got, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{PageSize: 5}}))
		if err != nil || len(got) != 12 || got[0].Raw[0] != '{' {
			t.Errorf("%s: %d products, %v", name, len(got), err)
		}
	}
	for _, cut := range []string{`[{"id":1,"tags":[]`, "<br />\n<b>Notice</b>: x\n" + `[{"id":1,"tags":[]`, "<br />\n<b>Notice</b>: [1] x"} {
		server := newServer(t, small(woocommercetest.Config{}))
		server.Inject(woocommercetest.Fault{Path: "/orders", Times: -1, Status: 200, Body: cut, Header: http.Header{"Content-Type": {"application/json"}}})
		engine, _ := watched(t, server, once)
		got, err := catalog.Collect(engine.Orders(t.Context(), catalog.OrderQuery{}))
		if strings.Contains(fmt.Sprint(err), "tags") {
			t.Errorf("the error repeats a record: %v", err)
		}
		if len(got) > 0 || !errors.Is(err, catalog.ErrBadAnswer) && !errors.Is(err, catalog.ErrUnavailable) {
			t.Errorf("%q: %d orders, %v", cut, len(got), err)
		}
	}
}

// Wrong permalinks and prefixes: the store's pages tell where its API is.
func TestTrapHostsAMisplacedAPIIsDiagnosed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config   woocommercetest.Config
		settings []string
		fault    woocommercetest.Fault
		hint     string
	}{
		"pathinfo permalinks":  {config: woocommercetest.Config{Permalinks: woocommercetest.PathInfo}, hint: "rest_path to index.php/wp-json"},
		"plain permalinks":     {config: woocommercetest.Config{Permalinks: woocommercetest.Plain}, hint: "permalinks are Plain"},
		"another prefix":       {config: woocommercetest.Config{RESTPrefix: "api"}, hint: "rest_path to api"},
		"a wrong rest_path":    {settings: []string{"rest_path", "wp/json"}, hint: "rest_path to wp-json"},
		"no WooCommerce":       {config: woocommercetest.Config{NoWooCommerce: true}, hint: "WooCommerce is switched off"},
		"no store at all":      {fault: woocommercetest.NotFoundHTML().Repeat(-1), hint: "not the store's address"},
		"pathinfo in a folder": {config: woocommercetest.Config{StoreURL: "https://shop.example.test/sub", Permalinks: woocommercetest.PathInfo}, hint: "rest_path to index.php/wp-json"},
	} {
		config := small(c.config)
		server := woocommercetest.NewServer(&config) // which reports unknown routes
		t.Cleanup(server.Close)
		if c.fault.Status != 0 {
			server.Inject(c.fault)
		}
		engine := openStore(t, newAdapter(t, server, once), server, c.settings...)
		_, err := engine.Order(t.Context(), "1")
		if e := failure(t, err); !strings.Contains(e.Hint, c.hint) || e.Kind == catalog.ErrNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	server := newServer(t, small(woocommercetest.Config{Permalinks: woocommercetest.PathInfo}))
	engine, _ := watched(t, server, once, "rest_path", "index.php/wp-json")
	if n := len(ids(t, engine.Orders(t.Context(), catalog.OrderQuery{}), orderID)); n != 8 {
		t.Errorf("%d orders", n)
	}
}

// What WooCommerce cannot do is not claimed.
func TestTrapHostsFeaturesSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	f := newAdapter(t, newServer(t, small(woocommercetest.Config{})), once).Features()
	for _, c := range []catalog.Capability{catalog.CanFulfill, catalog.CanUpdateTracking, catalog.CanCallGraphQL, catalog.CanAdjustInventory} {
		if f.Has(c) {
			t.Errorf("claims %s", c)
		}
	}
	if len(f.Keyed) > 0 {
		t.Errorf("claims idempotency keys of %v", f.Keyed)
	}
	if f.Webhooks.Redelivery != 0 || f.Webhooks.TimeSigned || !f.Webhooks.Signed {
		t.Errorf("%+v", f.Webhooks)
	}
}

// There is no limit to keep to: a few calls at once, fewer in trouble, one
// budget for all engines of a store.
func TestTrapHostsCallsAtOnceAreFewAndConfigurable(t *testing.T) {
	t.Parallel()
	for most, pace := range map[int]transport.PoliteConfig{2: {Concurrency: 2, MaxConcurrency: 2}, 1: {Concurrency: 1, MaxConcurrency: 1}, 16: {}} {
		server := newServer(t, small(woocommercetest.Config{Latency: 2 * time.Millisecond}))
		adapter := newAdapter(t, server, woocommerce.Config{Pace: pace})
		engines := []catalog.Engine{openStore(t, adapter, server), openStore(t, adapter, server, "auth", "oauth1")}
		done := make(chan error, 40)
		for i := range cap(done) {
			go func() {
				_, err := engines[i%2].Order(t.Context(), id(server.Orders()[i%8].ID))
				done <- err
			}()
		}
		for range cap(done) {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if n := server.Ledger().Concurrent; n > most {
			t.Errorf("%d at once, want %d at most", n, most)
		}
	}
}

func TestTrapHostsOldRefundsAndNotesOfADeletedOrder(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, woocommercetest.Config{Products: 20, Orders: 40, Customers: -1})
	var refunded int64
	for _, o := range server.Orders() {
		if len(o.Refunds) > 0 {
			refunded = o.ID
			break
		}
	}
	server.Inject(woocommercetest.NotFound().On("GET", "/orders/*/refunds"))
	got, err := engine.Order(t.Context(), id(refunded))
	if err != nil || len(got.Refunds) == 0 || got.Refunds[0].Total.Store.Sign() <= 0 || !got.Refunds[0].CreatedAt.IsZero() {
		t.Errorf("%+v, %v", got.Refunds, err)
	}
	for _, err := range capability[catalog.OrderHistoryReader](t, engine).OrderHistory(t.Context(), "999999999") {
		if !errors.Is(err, catalog.ErrNotFound) {
			t.Errorf("%v", err)
		}
	}
}
