package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/webhook"
)

// asProgram makes the test binary be the program, for tests that kill it.
const asProgram = "SOUK_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// patience is how long a test waits for what must come.
const patience = 2 * time.Minute

// world is the program, running, and shops that send to it.
type world struct {
	t     *testing.T
	url   string
	file  string
	env   map[string]string
	shops map[string]*shop
	log   *bytes.Buffer // read it after stop
	stop  func() error
}

// newShops starts the test servers, and says in env how the program knows them.
func newShops(t *testing.T) (map[string]*shop, map[string]string) {
	t.Helper()
	all := make(map[string]*shop)
	for _, p := range platforms {
		shop, err := p.open(func(string) string { return "" }, true)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(shop.close)
		all[p.name] = shop
	}
	return all, map[string]string{
		"SHOPIFY_WEBHOOK_SECRET": all["shopify"].send.(*shopifySender).server.ClientSecret(), "SHOPIFY_STORE_URL": "https://" + all["shopify"].account.Store + "/",
		"SALLA_WEBHOOK_SECRET": all["salla"].send.(*sallaSender).server.WebhookSecret(), "SALLA_MERCHANT_ID": all["salla"].account.Store,
		"WOOCOMMERCE_WEBHOOK_SECRET": all["woocommerce"].send.(*wooSender).hooks[0].Secret, "WOOCOMMERCE_STORE_URL": all["woocommerce"].account.Store,
		"MAGENTO_WEBHOOK_SECRET": all["magento"].send.(*magentoSender).server.VerificationToken(), "MAGENTO_STORE_URL": all["magento"].account.Store,
		"BIGCOMMERCE_CLIENT_SECRET": all["bigcommerce"].send.(*bigcommerceSender).server.ClientSecret(), "BIGCOMMERCE_STORE_HASH": all["bigcommerce"].account.Store,
	}
}

// quietWorld runs the program as one that receives from real platforms, whose
// part the shops play.
func quietWorld(t *testing.T) *world {
	t.Helper()
	shops, env := newShops(t)
	return start(t, shops, env, "-quiet", "-log", "debug")
}

// start runs the program in this process.
func start(t *testing.T, shops map[string]*shop, env map[string]string, args ...string) *world {
	t.Helper()
	w := &world{t: t, shops: shops, file: filepath.Join(t.TempDir(), "webhooks.db"), log: new(bytes.Buffer)}
	w.env = map[string]string{"APP_PORT": "0", "DATABASE_PATH": w.file}
	maps.Copy(w.env, env)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, args, func(name string) string { return w.env[name] }, write, w.log)
		_ = write.CloseWithError(fmt.Errorf("the program ended: %w", err))
		ended <- err
	}()
	w.url = addressOf(t, read)
	w.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := w.stop(); err != nil {
			t.Errorf("the program ended with %v", err)
		}
	})
	return w
}

// addressOf reads the address that the program prints, and drops the rest.
func addressOf(t *testing.T, out io.Reader) string {
	t.Helper()
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("the program printed %q: %v", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	url, _, ok := strings.Cut(strings.TrimPrefix(line, "Open "), "/ in a browser")
	if !ok {
		t.Fatalf("the program printed %q", line)
	}
	return url
}

// parcel makes a delivery.
func (w *world) parcel(platform string, pick int) parcel {
	w.t.Helper()
	p, err := w.shops[platform].send.make(pick)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// post sends a delivery and returns what was answered.
func (w *world) post(path string, d signed) (int, string) {
	w.t.Helper()
	r, err := d.Request(w.t.Context(), w.url+path)
	if err != nil {
		w.t.Fatal(err)
	}
	response, body := w.do(r)
	return response.StatusCode, body
}

// accept sends a delivery that must be accepted.
func (w *world) accept(p parcel) {
	w.t.Helper()
	if status, body := w.post(p.path, p.good); status != http.StatusOK {
		w.t.Fatalf("%s answered %d %s", p.path, status, body)
	}
}

func (w *world) do(r *http.Request) (*http.Response, string) {
	w.t.Helper()
	client := &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return response, string(body)
}

func (w *world) request(method, path string, header ...string) *http.Request {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// page gets a page as a browser does.
func (w *world) page(path string) string {
	w.t.Helper()
	response, body := w.do(w.request("GET", path, "Accept", "text/html"))
	if response.StatusCode != http.StatusOK {
		w.t.Fatalf("GET %s answered %d %s", path, response.StatusCode, body)
	}
	return body
}

func (w *world) status() status {
	w.t.Helper()
	_, body := w.do(w.request("GET", "/"))
	var s status
	if err := json.Unmarshal([]byte(body), &s); err != nil || s.Status != "running" {
		w.t.Fatalf("the status is %s: %v", body, err)
	}
	return s
}

// until waits for something to be true, looking when the program says that
// something changed.
func (w *world) until(what string, holds func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	for {
		response, err := http.DefaultClient.Do(w.request("GET", "/live").WithContext(ctx))
		if err != nil {
			w.t.Fatalf("waiting until %s: %v", what, err)
		}
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "event: changed") && holds() {
				response.Body.Close()
				return
			}
		}
		response.Body.Close()
		if ctx.Err() != nil {
			w.t.Fatalf("in %v it did not come true that %s; the status is %+v", patience, what, w.status())
		}
	}
}

// settled waits until so many events are in a final state.
func (w *world) settled(n int64) status {
	w.t.Helper()
	var s status
	w.until(fmt.Sprintf("%d events are settled", n), func() bool {
		s = w.status()
		return s.Events[webhook.StateDone]+s.Events[webhook.StateIgnored]+s.Events[webhook.StateDead] == n && s.Kept() == n
	})
	return s
}
