package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
	"github.com/soukhq/souk/webhook"
)

var quiet = slog.New(slog.DiscardHandler)

// sourceFor gives accounts their credentials.
type sourceFor func(catalog.Account) catalog.CredentialSource

func (f sourceFor) CredentialSource(_ catalog.Adapter, a catalog.Account) (catalog.CredentialSource, error) {
	return f(a), nil
}

// world is two platforms, a host, and its receiver behind a socket.
type world struct {
	shop     *shopifytest.Server
	salla    *sallatest.Server
	merchant *sallatest.Store
	stores   *catalog.Stores
	inbox    *webhook.MemoryInbox
	receiver *webhook.Receiver
	url      string

	mu      sync.Mutex
	reports []webhook.Report
}

func newWorld(t testing.TB, change func(*world)) *world {
	t.Helper()
	w := &world{
		shop:  shopifytest.NewServer(&shopifytest.Config{Products: 5, Orders: 5, Customers: 5, Bucket: shopifytest.Bucket{Capacity: 1e7, Restore: 1e7}}),
		salla: sallatest.NewServer(&sallatest.Config{Products: 5, Orders: 5, Customers: 5, Unthrottled: true}),
		inbox: webhook.NewMemoryInbox(webhook.MemoryInboxConfig{}),
	}
	t.Cleanup(w.shop.Close)
	t.Cleanup(w.salla.Close)
	w.merchant = w.salla.AddStore(&sallatest.Config{MerchantID: 77, Products: 5, Orders: 5, Customers: 5, Unthrottled: true})
	shopApp, err := shopify.New(shopify.Config{ClientID: w.shop.ClientID(), ClientSecret: catalog.NewSecret(w.shop.ClientSecret()), Transport: w.shop.Transport()})
	check(t, err)
	sallaApp, err := salla.New(salla.Config{ClientID: w.salla.ClientID(), ClientSecret: catalog.NewSecret(w.salla.ClientSecret()),
		WebhookSecrets: []catalog.Secret{catalog.NewSecret(w.salla.WebhookSecret())}, Transport: w.salla.Transport()})
	check(t, err)
	w.stores = &catalog.Stores{Registry: &catalog.Registry{}, Accounts: &catalog.MemoryAccounts{},
		Credentials: sourceFor(func(a catalog.Account) catalog.CredentialSource {
			if a.Platform == "shopify" {
				return catalog.StaticToken(w.shop.Token())
			}
			return catalog.StaticToken(w.merchant.Token())
		})}
	check(t, w.stores.Registry.Register(shopApp))
	check(t, w.stores.Registry.Register(sallaApp))
	check(t, w.stores.Accounts.Put(t.Context(), catalog.Account{ID: "tenant-1", Platform: "shopify", Store: w.shop.Shop()}))
	w.receiver = &webhook.Receiver{Stores: w.stores, Inbox: w.inbox, Logger: quiet, OnDelivery: func(_ context.Context, r webhook.Report) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.reports = append(w.reports, r)
	}}
	if change != nil {
		change(w)
	}
	server := httptest.NewServer(w.receiver)
	t.Cleanup(func() {
		server.Close()
		if err := w.receiver.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	w.url = server.URL
	return w
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// last returns the newest report.
func (w *world) last(t testing.TB) webhook.Report {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.reports) == 0 {
		t.Fatal("nothing was reported")
	}
	return w.reports[len(w.reports)-1]
}

func (w *world) records(t testing.TB, q webhook.Query) []webhook.Record {
	t.Helper()
	page, err := w.inbox.Search(t.Context(), q)
	check(t, err)
	return page.Records
}

// answered is what a sender saw.
type answered struct {
	status int
	header http.Header
	body   string
}

func send(t testing.TB, method, url string, header http.Header, body []byte) answered {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	check(t, err)
	if header != nil {
		req.Header = header.Clone()
	}
	res, err := http.DefaultClient.Do(req)
	check(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	check(t, err)
	return answered{res.StatusCode, res.Header, string(text)}
}

func (w *world) post(t testing.TB, path string, d shopifytest.Delivery) answered {
	t.Helper()
	return send(t, http.MethodPost, w.url+path, d.Header, d.Body)
}

func (w *world) order(t testing.TB, topic string) shopifytest.Delivery {
	t.Helper()
	return w.shop.Webhook(topic, w.shop.OrderPayload(w.shop.Orders()[0]))
}

func text(n int64) string { return strconv.FormatInt(n, 10) }

// run runs a dispatcher until the test ends, or stop is called.
func run(t testing.TB, d *webhook.Dispatcher) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-done:
				if err != nil {
					t.Errorf("Run: %v", err)
				}
			case <-time.After(30 * time.Second):
				t.Error("the dispatcher does not stop")
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

// contains reports whether a secret is anywhere in a record.
func contains(r webhook.Record, secret string) bool {
	text, err := json.Marshal(r)
	return err != nil || bytes.Contains(text, []byte(secret))
}
