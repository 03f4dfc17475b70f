package sallatest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// receiver answers deliveries with the statuses in turn, then with 200.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	statuses []int
	bodies   []string
	headers  []http.Header
}

func newReceiver(t *testing.T, statuses ...int) *receiver {
	r := &receiver{statuses: statuses}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		b, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.bodies, r.headers = append(r.bodies, string(b)), append(r.headers, req.Header)
		if n := len(r.bodies); n <= len(r.statuses) {
			w.WriteHeader(r.statuses[n-1])
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func TestDeliverTriesAgain(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		statuses []int
		want     []int
		fails    bool
	}{
		{"first time", nil, []int{200}, false},
		{"created counts", []int{201}, []int{201}, false},
		{"accepted does not", []int{202}, []int{202, 200}, false},
		{"third time", []int{500, 404}, []int{500, 404, 200}, false},
		{"never", []int{500, 500, 500, 500}, []int{500, 500, 500, 500}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{TB: t, RedeliveryGap: time.Microsecond})
			to := newReceiver(t, tt.statuses...)
			d, err := s.Delivery("order.created", s.Orders()[0])
			if err != nil {
				t.Fatal(err)
			}
			tries, err := s.Deliver(t.Context(), to.URL, d)
			var got []int
			for _, a := range tries {
				got = append(got, a.Status)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || (err != nil) != tt.fails {
				t.Errorf("err %v, tries (-want +got):\n%s", err, diff)
			}
			for _, b := range to.bodies {
				if b != string(d.Body) {
					t.Error("a redelivery has other bytes")
				}
			}
		})
	}
}

func TestDeliverEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, RedeliveryGap: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	to := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(500)
		cancel()
	}))
	t.Cleanup(to.Close)
	d, _ := s.Delivery("app.installed", nil)
	if tries, err := s.Deliver(ctx, to.URL, d); err == nil || len(tries) != 1 {
		t.Errorf("tries %v, err %v", tries, err)
	}
}

func TestDeliveryAuthentication(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	d, err := s.Delivery("product.created", s.Products()[0])
	if err != nil {
		t.Fatal(err)
	}
	valid := func(d Delivery) bool { return d.Header.Get("X-Salla-Signature") == Sign(s.WebhookSecret(), d.Body) }
	if !valid(d) || d.Header.Get("X-Salla-Security-Strategy") != "Signature" || d.Header.Get("Authorization") != "" {
		t.Errorf("headers %v", d.Header)
	}
	if !json.Valid(d.Body) || !bytes.Contains(d.Body, []byte(`\/`)) || bytes.Contains(d.Body, []byte("ر")) {
		t.Error("the body is not escaped as PHP does")
	}
	for _, how := range []Forgery{WrongSecret, AlteredByte, MissingHeader} {
		f := d.Forged(how)
		if valid(f) || !json.Valid(f.Body) {
			t.Errorf("forgery %d passes for genuine", how)
		}
		if !valid(d) {
			t.Fatalf("forgery %d changed the genuine delivery", how)
		}
	}
	token := d.SignedWith(StrategyToken, "s3cret")
	if token.Header.Get("Authorization") != "s3cret" || token.Header.Get("X-Salla-Signature") != "" || token.Header.Get("X-Salla-Security-Strategy") != "Token" {
		t.Errorf("token headers %v", token.Header)
	}
	if f := token.Forged(WrongSecret); f.Header.Get("Authorization") == "s3cret" {
		t.Error("forged token is the secret")
	}
	if none := d.SignedWith("", ""); none.Header.Get("X-Salla-Security-Strategy") != "" {
		t.Errorf("headers without a strategy %v", none.Header)
	}
	if _, err := s.Delivery("order.created", 7); err == nil {
		t.Error("a number passed for a record")
	}
}

func TestEventShapes(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now})
	body := func(event string, record any) (out struct {
		Event    string
		Merchant int64
		Created  string `json:"created_at"`
		Branch   any    `json:"pickup_branch"`
		Data     map[string]any
	}) {
		d, err := s.Delivery(event, record)
		if err == nil {
			err = json.Unmarshal(d.Body, &out)
		}
		if err != nil {
			t.Fatalf("%s: %v", event, err)
		}
		return out
	}
	o := s.Orders()[0]
	created := body("order.created", o)
	if created.Branch == nil || created.Data["items"] == nil || created.Merchant != s.MerchantID() || created.Created != "Fri Nov 20 2026 15:00:00 GMT+0300" {
		t.Errorf("order.created %v %v", created.Created, created.Branch)
	}
	moved := body("order.status.updated", o)
	if int64(moved.Data["id"].(float64)) != o.Histories[0].ID || int64(moved.Data["order"].(map[string]any)["id"].(float64)) != o.ID {
		t.Error("order.status.updated: data.id is the history row, data.order the order")
	}
	price := body("product.price.updated", s.Products()[1])
	if _, bare := price.Data["price"].(float64); !bare {
		t.Errorf("product.price.updated: price is %T", price.Data["price"])
	}
	if got := body("app.updated", nil); len(got.Data) != 0 || got.Created != "2026-11-20 15:00:00" {
		t.Errorf("app.updated %+v", got)
	}
}

func TestAppLifecycle(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now})
	d, pair := s.AuthorizeDelivery()
	got := decode[struct{ Data tokens }](t, reply{body: string(d.Body)}).Data
	if got.Access != pair.AccessToken || got.Refresh != pair.RefreshToken || got.Expires != c.now().Unix()+1209599 {
		t.Errorf("tokens %+v", got)
	}
	if r := do(t, s, got.Access, "GET", "/store/info", ""); r.status != 200 {
		t.Errorf("easy-mode token: %d", r.status)
	}
	s.UninstallDelivery()
	if r := do(t, s, got.Access, "GET", "/store/info", ""); r.status != 401 || !strings.Contains(r.body, msgGone) {
		t.Errorf("after the uninstall: %d %s", r.status, r.body)
	}
}

func TestSubscriptions(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, RedeliveryGap: time.Microsecond, EventsShareURL: true})
	to := newReceiver(t)
	type created struct {
		ID      int64
		Version int
	}
	post := func(body string, want int) created {
		t.Helper()
		r := do(t, s, s.Token(), "POST", "/webhooks/subscribe", body)
		if r.status != want {
			t.Fatalf("%s: %d %s", body, r.status, r.body)
		}
		return decode[struct{ Data created }](t, r).Data
	}
	hook := post(`{"name":"n","event":"order.created","url":"`+to.URL+`/a","headers":[{"key":"X-Mine","value":"7"}],"security_strategy":"signature","secret":"ignored"}`, 200)
	if again := post(`{"event":"order.created","url":"`+to.URL+`/a","headers":[{"key":"X-Mine","value":"8"}]}`, 200); again.ID != hook.ID || hook.Version != 2 {
		t.Errorf("the same event and URL made webhook %d beside %d", again.ID, hook.ID)
	}
	post(`{"event":"order.created","url":"https://localhost/x"}`, 422)
	post(`{"event":"order.shipped","url":"https://example.com/x"}`, 422)
	post(`{"event":"app.installed","url":"https://example.com/x"}`, 422)
	if err := s.DeliverSubscribed(t.Context(), "order.created", s.Orders()[0]); err != nil {
		t.Fatal(err)
	}
	if h := to.headers[0]; h.Get("X-Mine") != "8" || h.Get("X-Salla-Signature") != "" {
		t.Errorf("headers before PUT %v", h)
	}
	put := do(t, s, s.Token(), "PUT", "/webhooks/"+itoa64(hook.ID), `{"security_strategy":"signature","secret":"k"}`)
	if put.status != 200 || !strings.Contains(put.body, `"security":{"strategy":"signature","secret":"k"}`) {
		t.Fatalf("%d %s", put.status, put.body)
	}
	if err := s.DeliverSubscribed(t.Context(), "order.created", s.Orders()[0]); err != nil {
		t.Fatal(err)
	}
	if h := to.headers[1]; h.Get("X-Salla-Signature") != Sign("k", []byte(to.bodies[1])) {
		t.Errorf("headers after PUT %v", h)
	}
	post(`{"event":"order.updated","url":"`+to.URL+`/a"}`, 200)
	if l := decode[listing](t, get(t, s, "/webhooks")); l.Pagination.Total != 2 {
		t.Errorf("webhooks %+v", l.Pagination)
	}
	for _, want := range []int{202, 404} {
		if r := do(t, s, s.Token(), "DELETE", "/webhooks/unsubscribe?url="+to.URL+"/a", ""); r.status != want {
			t.Errorf("unsubscribe: %d, want %d", r.status, want)
		}
	}
	if len(s.Subscriptions()) != 0 {
		t.Error("a URL keeps a webhook")
	}
}
