package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/time/rate"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla/sallatest"
	"github.com/soukhq/souk/webhook"
)

func TestReceiverKeepsWhatIsSigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	d := w.order(t, "orders/create")
	for i, path := range []string{"/webhooks/shopify", "/webhooks/shopify/", "/webhooks/shopify/tenant-1", "/webhooks/shopify/orders/create", "/webhooks/shopify/tenant-1/orders/create"} {
		got := w.post(t, path, d)
		if got.status != 200 || got.body != "" {
			t.Errorf("%s answered %d %q", path, got.status, got.body)
		}
		report := w.last(t)
		if report.Err != nil || report.Platform != "shopify" || len(report.Results) != 1 || report.Results[0].Duplicate != (i > 0) {
			t.Errorf("%s: report %+v", path, report)
		}
		if named := strings.Contains(path, "tenant-1"); named != (report.Account == "tenant-1") {
			t.Errorf("%s: account %q", path, report.Account)
		}
	}
	records := w.records(t, webhook.Query{})
	if len(records) != 1 {
		t.Fatalf("%d records for one event", len(records))
	}
	r, err := w.inbox.Get(t.Context(), records[0].ID)
	check(t, err)
	if e := r.Event; e.Account != "tenant-1" || e.Kind != catalog.EventOrderCreated || string(e.Payload) != string(d.Body) || e.ReceivedAt.IsZero() {
		t.Errorf("kept %+v", e)
	}
	if got := r.Header.Get("X-Shopify-Hmac-Sha256"); got != webhook.Redacted {
		t.Errorf("the signature was kept: %q", got)
	}
	if got := r.Header.Get("X-Shopify-Topic"); got != "orders/create" {
		t.Errorf("the topic was kept as %q", got)
	}
}

func TestReceiverRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.receiver.MaxBody = 64 << 10 })
	good := w.order(t, "orders/create")
	sallaOrder, err := w.merchant.Delivery("order.created", w.merchant.Orders()[0])
	check(t, err)
	big := w.shop.Webhook("orders/create", []byte(`{"id":1,"x":"`+strings.Repeat("x", 64<<10)+`"}`))
	for name, c := range map[string]struct {
		method, path string
		header       http.Header
		body         []byte
		status       int
		says         string
	}{
		"altered body":          {"POST", "/webhooks/shopify", good.Header, good.Altered().Body, 401, "signature_mismatch"},
		"wrong secret":          {"POST", "/webhooks/shopify", good.Signed("other").Header, good.Body, 401, "signature_mismatch"},
		"no signature":          {"POST", "/webhooks/shopify", good.Without("X-Shopify-Hmac-Sha256").Header, good.Body, 401, "missing_header"},
		"another shop":          {"POST", "/webhooks/shopify/tenant-1", good.With("X-Shopify-Shop-Domain", "evil.myshopify.com").Header, good.Body, 401, "wrong_shop"},
		"salla, wrong secret":   {"POST", "/webhooks/salla", sallaOrder.Forged(sallatest.WrongSecret).Header, sallaOrder.Body, 401, "signature_mismatch"},
		"salla, altered":        {"POST", "/webhooks/salla", sallaOrder.Header, sallaOrder.Forged(sallatest.AlteredByte).Body, 401, "signature_mismatch"},
		"salla, no header":      {"POST", "/webhooks/salla", sallaOrder.Forged(sallatest.MissingHeader).Header, sallaOrder.Body, 401, "missing_header"},
		"signed, not JSON":      {"POST", "/webhooks/shopify", w.shop.Webhook("orders/create", []byte("{")).Header, []byte("{"), 400, "authentic"},
		"unknown platform":      {"POST", "/webhooks/etsy", good.Header, good.Body, 404, "etsy"},
		"no platform":           {"POST", "/webhooks/", good.Header, good.Body, 404, "address"},
		"other path":            {"POST", "/else", good.Header, good.Body, 404, "address"},
		"GET without challenge": {"GET", "/webhooks/shopify", nil, nil, 405, "challenge"},
		"PUT":                   {"PUT", "/webhooks/shopify", good.Header, good.Body, 405, "POST"},
		"too large":             {"POST", "/webhooks/shopify", big.Header, big.Body, 413, "MaxBody"},
		"empty":                 {"POST", "/webhooks/shopify", nil, nil, 401, "missing_header"},
	} {
		t.Run(name, func(t *testing.T) {
			got := send(t, c.method, w.url+c.path, c.header, c.body)
			var said struct {
				Error  string `json:"error"`
				Status int    `json:"status"`
			}
			if got.status != c.status || json.Unmarshal([]byte(got.body), &said) != nil || said.Status != c.status || said.Error == "" {
				t.Errorf("answered %d %q; want JSON with %d", got.status, got.body, c.status)
			}
			if got.header.Get("Content-Type") != "application/json" || (c.status == 405) != (got.header.Get("Allow") == "POST") {
				t.Errorf("header %v", got.header)
			}
			report := w.last(t)
			if report.Status != c.status || report.Err == nil || !strings.Contains(report.Err.Error(), c.says) {
				t.Errorf("the operator was told %v; want %q", report.Err, c.says)
			}
			for _, word := range []string{"signature", "header", "shop", "secret", c.says} {
				if c.status != 405 && strings.Contains(got.body, word) {
					t.Errorf("the sender was told %q", got.body)
				}
			}
		})
	}
	if n := len(w.records(t, webhook.Query{})); n != 0 {
		t.Errorf("%d refused deliveries were kept", n)
	}
	// A forged copy does not stand in the way of the real one.
	if got := w.post(t, "/webhooks/shopify", good); got.status != 200 || w.last(t).Results[0].Duplicate {
		t.Errorf("after forged copies the real delivery got %d", got.status)
	}
}

func TestReceiverSaysNoReasonTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	good := w.order(t, "orders/create")
	bodies := make(map[string]bool)
	for _, d := range []answered{w.post(t, "/webhooks/shopify", good.Altered()), w.post(t, "/webhooks/shopify", good.Without("X-Shopify-Hmac-Sha256")),
		w.post(t, "/webhooks/shopify/tenant-1", good.Signed("x")), w.post(t, "/webhooks/shopify/nobody", good.Signed("x"))} {
		bodies[d.body] = true
	}
	if len(bodies) != 1 {
		t.Errorf("refusals can be told apart: %v", bodies)
	}
}

func TestReceiverLimitsRefusals(t *testing.T) {
	t.Parallel()
	sender := "a"
	w := newWorld(t, func(w *world) {
		w.receiver.Refusals, w.receiver.RefusalBurst = rate.Limit(1e-9), 3
		w.receiver.Source = func(*http.Request) string { return sender }
	})
	good := w.order(t, "orders/create")
	for range 10 { // accepted ones cost nothing
		if got := w.post(t, "/webhooks/shopify", good); got.status != 200 {
			t.Fatalf("answered %d", got.status)
		}
	}
	var statuses []int
	for range 5 {
		statuses = append(statuses, w.post(t, "/webhooks/shopify", good.Altered()).status)
	}
	if !slices.Equal(statuses, []int{401, 401, 401, 429, 429}) {
		t.Errorf("refused with %v", statuses)
	}
	if got := w.post(t, "/webhooks/shopify", good); got.status != 429 || got.header.Get("Retry-After") == "" {
		t.Errorf("the source got %d", got.status)
	}
	sender = "b"
	if got := w.post(t, "/webhooks/shopify", good); got.status != 200 {
		t.Errorf("another source got %d", got.status)
	}
}

func TestReceiverNeedsItsFields(t *testing.T) {
	t.Parallel()
	stores := &catalog.Stores{Accounts: &catalog.MemoryAccounts{}}
	inbox := webhook.NewMemoryInbox(webhook.MemoryInboxConfig{})
	deduper := catalog.NewMemoryDeduper(catalog.MemoryDeduperConfig{})
	handler := func(context.Context, catalog.Event) error { return nil }
	for field, r := range map[string]*webhook.Receiver{
		"Stores":  {Inbox: inbox},
		"Inbox":   {Stores: stores},
		"Handler": {Stores: stores, Deduper: deduper},
		"MaxBody": {Stores: stores, Inbox: inbox, MaxBody: -1},
	} {
		if err := r.Check(); !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), field) {
			t.Errorf("without %s: %v", field, err)
		}
	}
	for name, r := range map[string]*webhook.Receiver{
		"inbox":   {Stores: stores, Inbox: inbox},
		"deduper": {Stores: stores, Deduper: deduper, Handler: handler},
		"direct":  {Stores: stores, Direct: &webhook.Direct{Deduper: deduper, Handler: handler}},
	} {
		if err := r.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	both := &webhook.Receiver{Stores: stores, Inbox: inbox, Deduper: deduper, Handler: handler}
	if err := both.Check(); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("both: %v", err)
	}
	w := newWorld(t, func(w *world) { w.receiver.Inbox = nil })
	if got := w.post(t, "/webhooks/shopify", w.order(t, "orders/create")); got.status != 500 || strings.Contains(got.body, "Inbox") {
		t.Errorf("answered %d %s", got.status, got.body)
	}
}
