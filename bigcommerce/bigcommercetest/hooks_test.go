package bigcommercetest

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// receiver is an https server that hooks can be pointed at.
type receiver struct {
	mu     sync.Mutex
	status []int // of the next answers; 200 after them
	got    []*http.Request
	bodies []string
	server *httptest.Server
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	r.server = httptest.NewTLSServer(r)
	t.Cleanup(r.server.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	b, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got, r.bodies = append(r.got, q), append(r.bodies, string(b))
	if len(r.status) > 0 {
		w.WriteHeader(r.status[0])
		r.status = r.status[1:]
	}
}

// transport carries every host to the receiver.
func (r *receiver) transport() *http.Transport {
	return &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // the name is made up
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", r.server.Listener.Addr().String())
		},
	}
}

const destination = "https://receiver.example.com/hooks"

func hookBody(scope string) string {
	return fmt.Sprintf(`{"scope":%q,"destination":%q,"is_active":true,"headers":{"X-Own":"s3cret"}}`, scope, destination)
}

func TestEventsReachTheirHooks(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now, HookTransport: r.transport(), Products: 5, Orders: 5, Customers: 5})
	for _, scope := range []string{"store/order/*", "store/product/updated"} {
		if got := do(t, s, "POST", "/v3/hooks", hookBody(scope)); got.status != 200 {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	c.add(time0)
	if err := errors.Join(s.UpdateOrder(101, func(o *Order) { o.StatusID = 10 }), s.UpdateProduct(101, func(*Product) {}), s.DeleteProduct(102),
		s.UpdateCustomer(1, func(*Customer) {})); err != nil {
		t.Fatal(err)
	}
	r.status = []int{500, 302}
	results, err := s.DeliverEvents(t.Context())
	if err != nil || len(results) != 3 || len(results[0].Attempts) != 3 {
		t.Fatalf("%v %+v", err, results)
	}
	var scopes []string
	for i, q := range r.got {
		if !verify(s.ClientSecret(), q.Header, []byte(r.bodies[i]), c.now()) || q.Header.Get("X-Own") != "s3cret" || q.Method != "POST" {
			t.Errorf("request %d: %v", i, q.Header)
		}
		var e struct{ Scope string }
		if err := json.Unmarshal([]byte(r.bodies[i]), &e); err != nil {
			t.Fatal(err)
		}
		scopes = append(scopes, e.Scope)
	}
	if got, want := strings.Join(scopes, " "), "store/order/updated store/order/updated store/order/updated store/order/statusUpdated store/product/updated"; got != want {
		t.Errorf("delivered %s", got)
	}
	if !strings.Contains(r.bodies[3], `"status":{"previous_status_id":1,"new_status_id":10}`) {
		t.Errorf("body %s", r.bodies[3])
	}
	if more, _ := s.DeliverEvents(t.Context()); len(more) != 0 {
		t.Errorf("delivered again: %+v", more)
	}
}

func TestHookIsSwitchedOffAfterItsRetries(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	for range 12 {
		r.status = append(r.status, 503)
	}
	s := start(t, &Config{TB: t, HookTransport: r.transport(), RetryUnit: time.Nanosecond, Orders: 3})
	do(t, s, "POST", "/v3/hooks", hookBody("store/order/updated"))
	exception := strings.Replace(hookBody("store/hook/deliveryException"), "/hooks", "/exceptions", 1)
	do(t, s, "POST", "/v3/hooks", exception)
	if err := s.UpdateOrder(101, func(*Order) {}); err != nil {
		t.Fatal(err)
	}
	results, err := s.DeliverEvents(t.Context())
	if err != nil || len(results) != 3 || len(results[0].Attempts) != 12 || !errors.Is(results[0].Err, ErrUndelivered) {
		t.Fatalf("%v %+v", err, results)
	}
	first, last := string(results[1].Event.Data), string(results[2].Event.Data)
	if !strings.Contains(first, "90001") || !strings.Contains(last, "90002") {
		t.Errorf("exceptions %s and %s", first, last)
	}
	h := s.Hooks()[0]
	if h.Active || !h.Deactivated {
		t.Errorf("hook %+v", h)
	}
	var admin struct {
		Data struct {
			Hooks []struct{ Status string } `json:"hooks_list"`
		}
	}
	fetch(t, s, "/v3/hooks/admin").decode(t, &admin)
	if len(admin.Data.Hooks) != 2 || admin.Data.Hooks[0].Status != "deactivated" || admin.Data.Hooks[1].Status != "active" {
		t.Errorf("admin %+v", admin.Data)
	}
	if got := do(t, s, "PUT", "/v3/hooks/"+itoa(h.ID), `{"is_active":true}`); got.status != 200 || s.Hooks()[0].Deactivated {
		t.Errorf("switching on: %d %s", got.status, got.body)
	}
}

func TestHookLosesItsLifeAfter90Days(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now, Orders: 3})
	do(t, s, "POST", "/v3/hooks", hookBody("store/order/updated"))
	c.add(80 * 24 * time.Hour)
	if err := s.UpdateOrder(101, func(*Order) {}); err != nil {
		t.Fatal(err)
	}
	c.add(90 * 24 * time.Hour)
	if h := s.Hooks()[0]; !h.Active {
		t.Errorf("90 days after an event: %+v", h)
	}
	c.add(time.Hour)
	if got := v3[struct {
		Active bool `json:"is_active"`
	}](t, s, "/v3/hooks"); got.Data[0].Active {
		t.Error("still active")
	}
}

func TestDomainIsBlocked(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now, HookTransport: r.transport(), RetryUnit: time.Nanosecond, Orders: 3})
	do(t, s, "POST", "/v3/hooks", hookBody("store/order/updated"))
	for i := range 98 {
		if err := s.UpdateOrder(101, func(*Order) {}); err != nil {
			t.Fatal(err)
		}
		if i%8 == 0 {
			r.status = append(r.status, 500) // the next two fail
		}
		r.status = append(r.status, 200)
	}
	results, err := s.DeliverEvents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	blocked := 0
	for _, res := range results {
		blocked += btoi(res.Blocked)
	}
	if blocked == 0 {
		t.Fatalf("none of %d blocked", len(results))
	}
	if got := fetch(t, s, "/v3/hooks/admin"); !strings.Contains(got.body, `"destination":"receiver.example.com","time_left":180`) {
		t.Errorf("admin %s", got.body)
	}
	c.add(3 * time.Minute)
	r.status = nil
	results, err = s.DeliverEvents(t.Context())
	if err != nil || len(results) != blocked || results[0].Blocked {
		t.Errorf("after three minutes: %v, %d results for %d", err, len(results), blocked)
	}
}

func TestHookRules(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Orders: 1})
	other := s.AddAccount(Account{})
	made := do(t, s, "POST", "/v3/hooks", hookBody("store/order/created"))
	var hook struct {
		Data struct {
			ID        int64
			ClientID  string `json:"client_id"`
			Hash      string `json:"store_hash"`
			CreatedAt int64  `json:"created_at"`
			Headers   map[string]string
		}
	}
	made.decode(t, &hook)
	if hook.Data.ClientID != s.ClientID() || hook.Data.Hash != "abc123xyz" || hook.Data.CreatedAt == 0 || hook.Data.Headers["X-Own"] != "s3cret" {
		t.Errorf("%+v", hook.Data)
	}
	for name, body := range map[string]string{
		"a duplicate":   hookBody("store/order/created"),
		"plain http":    `{"scope":"store/order/updated","destination":"http://receiver.example.com/"}`,
		"another port":  `{"scope":"store/order/updated","destination":"https://receiver.example.com:8443/"}`,
		"unknown scope": hookBody("store/order/exploded"),
	} {
		if r := do(t, s, "POST", "/v3/hooks", body); r.status != 422 {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	for i := range 10 {
		want := 200
		if i == 9 { // the first is there already
			want = 422
		}
		body := strings.Replace(hookBody("store/order/created"), "/hooks", fmt.Sprint("/hooks", i), 1)
		if r := do(t, s, "POST", "/v3/hooks", body); r.status != want {
			t.Errorf("hook %d: %d %s", i, r.status, r.body)
		}
	}
	r, err := send(t.Context(), s, other.Token, "GET", "/v3/hooks/"+itoa(hook.Data.ID), "")
	if err != nil || r.status != 404 {
		t.Errorf("another client's: %v %d", err, r.status)
	}
	if got := v3[idOnly](t, s, "/v3/hooks?scope=store/order/created&limit=3"); got.Meta.Pagination.Total != 10 || len(got.Data) != 3 {
		t.Errorf("list %+v", got.Meta.Pagination)
	}
	if r := do(t, s, "DELETE", "/v3/hooks/"+itoa(hook.Data.ID), ""); r.status != 200 || !strings.Contains(r.body, itoa(hook.Data.ID)) {
		t.Errorf("delete: %d %s", r.status, r.body)
	}
	if r := do(t, s, "PUT", "/v3/hooks/admin", `{"emails":["a@example.com"]}`); r.status != 204 {
		t.Errorf("admin: %d", r.status)
	}
	s.Uninstall()
	if len(s.Hooks()) != 0 {
		t.Error("hooks outlive the app")
	}
}
