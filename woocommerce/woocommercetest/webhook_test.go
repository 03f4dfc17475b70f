package woocommercetest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// receiver is an app's endpoint that answers as a test wants.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []string
	bodies [][]byte
	heads  []http.Header
}

func newReceiver(t testing.TB, secure bool) *receiver {
	t.Helper()
	r := &receiver{status: 200}
	h := http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		b, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, q.Method+" "+q.RequestURI+" "+q.Header.Get("X-WC-Webhook-Topic"))
		r.bodies, r.heads = append(r.bodies, b), append(r.heads, q.Header)
		w.WriteHeader(r.status)
	})
	if secure {
		r.Server = httptest.NewTLSServer(h)
	} else {
		r.Server = httptest.NewServer(h)
	}
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

func topicsOf(list []Attempt) []string {
	var out []string
	for _, a := range list {
		out = append(out, fmt.Sprintf("%s %d", a.Topic, a.Status))
	}
	return out
}

func subscribe(t testing.TB, s *Server, r *receiver, topic string) int64 {
	t.Helper()
	res := do(t, s, "POST", "/webhooks", fmt.Sprintf(`{"topic":%q,"delivery_url":%q,"secret":"abc123"}`, topic, r.URL+"/hook"))
	if res.status != 201 || strings.Contains(res.body, "abc123") {
		t.Fatalf("%d %s", res.status, res.body)
	}
	return decode[struct{ ID int64 }](t, res).ID
}

func TestDeliveriesOfARealChange(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{TB: t, Clock: clock.now})
	r := newReceiver(t, false)
	ids := map[string]int64{}
	for _, topic := range []string{"product.created", "product.updated", "product.deleted", "order.created", "order.updated", "customer.deleted", "action.woocommerce_x"} {
		ids[topic] = subscribe(t, s, r, topic)
	}
	if len(r.got) != 7 || string(r.bodies[0]) != "webhook_id=1" || r.heads[0].Get("Content-Type") != "application/x-www-form-urlencoded" || r.heads[0].Get("X-WC-Webhook-Signature") != "" {
		t.Fatalf("pings %q", r.got)
	}
	p := decode[productJSON](t, do(t, s, "POST", "/products", `{"name":"Cup","regular_price":"3","manage_stock":true,"stock_quantity":9}`))
	at := "/products/" + itoa64(p.ID)
	for range 3 {
		do(t, s, "PUT", at, `{"name":"Mug"}`) // one delivery
	}
	sent := s.RunQueue(t.Context())
	if d := cmp.Diff([]string{"product.created 200", "product.updated 200"}, topicsOf(sent)); d != "" {
		t.Error(d)
	}
	var body productJSON
	if err := json.Unmarshal(sent[0].Body, &body); err != nil || body.Name != "Mug" {
		t.Errorf("a body is made when it is sent: %v %+v", err, body)
	}
	if sent[0].Header.Get("X-WC-Webhook-Delivery-ID") == sent[1].Header.Get("X-WC-Webhook-Delivery-ID") {
		t.Error("two webhooks share a delivery id")
	}
	for i, b := range r.bodies[7:] {
		h := r.heads[7+i]
		if h.Get("X-WC-Webhook-Signature") != Sign("abc123", b) || h.Get("X-WC-Webhook-Source") != s.HomeURL()+"/" {
			t.Errorf("headers %v", h)
		}
		if strings.ContainsFunc(string(b), func(c rune) bool { return c > 127 }) {
			t.Error("a body is pure ASCII")
		}
	}
	a := s.AddProduct(Product{Name: "a"})
	b := s.AddProduct(Product{Name: "b"})
	if err := s.DeleteProduct(b.ID); err != nil {
		t.Fatal(err)
	}
	two := s.RunQueue(t.Context())
	if two[0].Header.Get("X-WC-Webhook-Delivery-ID") != two[1].Header.Get("X-WC-Webhook-Delivery-ID") {
		t.Error("deliveries of one webhook within a second share an id")
	}
	if want := `{"code":"woocommerce_rest_product_invalid_id","message":"Invalid ID.","data":{"status":404}}`; string(two[1].Body) != want {
		t.Errorf("of a product that is gone: %s", two[1].Body)
	}
	if err := s.TrashProduct(a.ID); err != nil {
		t.Fatal(err)
	}
	do(t, s, "POST", "/orders", `{"status":"processing","line_items":[{"product_id":`+itoa64(p.ID)+`}]}`)
	got := s.RunQueue(t.Context())
	if d := cmp.Diff([]string{"product.deleted 200", "product.updated 200", "order.created 200", "order.updated 200"}, topicsOf(got)); d != "" {
		t.Error(d)
	}
	if want := fmt.Sprintf(`{"id":%d}`, a.ID); string(got[0].Body) != want {
		t.Errorf("deleted: %s", got[0].Body)
	}
	s.SetKeyRole(s.ConsumerKey(), "subscriber")
	d, err := s.Delivery(ids["order.created"], s.Orders()[0].ID)
	if err != nil || !strings.Contains(string(d.Body), `"woocommerce_rest_cannot_view"`) || !strings.Contains(string(d.Body), "403") {
		t.Errorf("without rights: %v %s", err, d.Body)
	}
	if d, err := s.Delivery(ids["action.woocommerce_x"], 7); err != nil || string(d.Body) != `{"action":"woocommerce_x","arg":7}` {
		t.Errorf("action: %v %s", err, d.Body)
	}
}

func TestSevenFailuresDisableAWebhook(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	r := newReceiver(t, false)
	id := subscribe(t, s, r, "product.updated")
	p := s.AddProduct(Product{Name: "x"})
	s.RunQueue(t.Context())
	touch := func() int {
		if err := s.UpdateProduct(p.ID, func(p *Product) { p.MenuOrder++ }); err != nil {
			t.Fatal(err)
		}
		return len(s.RunQueue(t.Context()))
	}
	status := func() string { return s.Subscriptions()[0].Status }
	r.answer(500)
	for n := 1; n <= 7; n++ {
		if touch() != 1 {
			t.Fatalf("failure %d: not one attempt", n)
		}
		if want := map[bool]string{true: "disabled", false: "active"}[n == 7]; status() != want {
			t.Fatalf("after failure %d it is %s", n, status())
		}
	}
	if touch() != 0 {
		t.Error("a disabled webhook delivers nothing")
	}
	if l := decode[[]object](t, get(t, s, "/webhooks?status=disabled")); len(l) != 1 || l[0]["secret"] != nil || l[0]["failure_count"] != nil {
		t.Errorf("%v", l)
	}
	do(t, s, "PUT", "/webhooks/"+itoa64(id), `{"status":"active"}`)
	if touch(); status() != "disabled" {
		t.Error("activating does not reset the failures")
	}
	do(t, s, "PUT", "/webhooks/"+itoa64(id), `{"status":"active"}`)
	r.answer(302)
	if touch(); s.Subscriptions()[0].FailureCount != 0 {
		t.Error("a redirect counts as a success")
	}
}

func TestPingsComeAgainUntilA200(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	r := newReceiver(t, false)
	r.answer(204)
	subscribe(t, s, r, "product.created")
	s.AddProduct(Product{Name: "x"})
	if d := cmp.Diff([]string{"product.created 204", " 204"}, topicsOf(s.RunQueue(t.Context()))); d != "" {
		t.Error(d)
	}
	r.answer(200)
	s.AddProduct(Product{Name: "y"})
	s.RunQueue(t.Context())
	s.AddProduct(Product{Name: "z"})
	if n := len(s.RunQueue(t.Context())); n != 1 {
		t.Errorf("%d attempts after a ping was answered 200", n)
	}
	fails(t, do(t, s, "DELETE", "/webhooks/1", ""), 501, "woocommerce_rest_trash_not_supported")
	if res := do(t, s, "POST", "/webhooks", `{"topic":"order.created","delivery_url":"http://127.0.0.1:1/x","secret":"s"}`); res.status != 201 {
		t.Errorf("an address that is down: %d", res.status)
	}
}

func TestTopicsByVersion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		version, topic string
		known          bool
	}{
		{"10.5.2", "customer.restored", true}, {"10.9.0", "customer.restored", false},
		{"10.5.2", "product.published", false}, {"10.9.0", "product.published", true}, {"10.5.2", "action.wc_x", true}, {"10.5.2", "action.save_post", false},
	} {
		s := start(t, &Config{Version: c.version})
		if got := s.knownTopic(c.topic); got != c.known {
			t.Errorf("%s on %s: %t", c.topic, c.version, got)
		}
	}
}

func TestForgeries(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	h := s.AddSubscription(Subscription{Topic: "order.updated", DeliveryURL: "https://x.example.test", Secret: "s3"})
	good, err := s.Delivery(h.ID, s.Orders()[3].ID)
	if err != nil {
		t.Fatal(err)
	}
	valid := func(d Delivery) bool {
		return d.Header.Get("X-WC-Webhook-Signature") == Sign("s3", d.Body) && json.Valid(d.Body)
	}
	if !valid(good) {
		t.Error("the genuine one is not valid")
	}
	for _, how := range []Forgery{WrongSecret, AlteredByte, MissingHeader} {
		if f := good.Forged(how); valid(f) || !json.Valid(f.Body) {
			t.Errorf("forgery %d", how)
		}
	}
	if !valid(good) || good.SignedWith("other").Header.Get("X-WC-Webhook-Signature") != Sign("other", good.Body) {
		t.Error("a forgery changed the genuine one")
	}
}

func TestGrantingOfKeys(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, true)
	s := start(t, &Config{WebhookTransport: r.Client().Transport})
	ask := func(change map[string]string) string {
		q := url.Values{"app_name": {"Souk & Co"}, "scope": {"read"}, "user_id": {"42"}, "return_url": {"https://app.example.test/back?x=1"}, "callback_url": {r.URL + "/cb?state=abc"}}
		for k, v := range change {
			q.Set(k, v)
		}
		return s.StoreURL() + "/wc-auth/v1/authorize?" + q.Encode()
	}
	at, err := s.Approve(t.Context(), ask(nil))
	if err != nil || at != "https://app.example.test/back?x=1&success=1&user_id=42" {
		t.Fatal(at, err)
	}
	var got struct {
		Key         string `json:"consumer_key"`
		Secret      string `json:"consumer_secret"`
		UserID      any    `json:"user_id"`
		Permissions string `json:"key_permissions"`
	}
	if err := json.Unmarshal(r.bodies[0], &got); err != nil || got.UserID != "42" || got.Permissions != "read" || r.got[0] != "POST /cb?state=abc " {
		t.Errorf("%v %q %s", err, r.got, r.bodies[0])
	}
	req := request(t, "GET", s.StoreURL()+products)
	req.SetBasicAuth(got.Key, got.Secret)
	if res := reach(t, s, req); res.status != 200 {
		t.Errorf("the key is refused: %d", res.status)
	}
	if at, err := s.Deny(t.Context(), ask(nil)); err != nil || !strings.Contains(at, "success=0") || len(s.Keys()) != 2 {
		t.Error(at, err)
	}
	r.answer(201)
	if _, err := s.Approve(t.Context(), ask(nil)); err == nil || len(s.Keys()) != 2 {
		t.Errorf("a callback that answers 201: %v, %d keys", err, len(s.Keys()))
	}
	for _, change := range []map[string]string{{"user_id": "0"}, {"scope": "all"}, {"callback_url": "http://app.example.test/cb"}, {"app_name": ""}} {
		if _, err := s.Approve(t.Context(), ask(change)); err == nil || !strings.Contains(err.Error(), "401") {
			t.Errorf("%v: %v", change, err)
		}
	}
	if res := reach(t, s, request(t, "GET", ask(nil))); res.status != 302 || !strings.Contains(res.header.Get("Location"), "/wc-auth/v1/login/") {
		t.Errorf("without a login: %d %s", res.status, res.header.Get("Location"))
	}
}

func TestSecretsLoseTheEntitiesOfHTMLsOwnCharacters(t *testing.T) {
	t.Parallel()
	for secret, key := range map[string]string{"p&amp;q": "p&q", "&lt;&gt;&quot;": `<>"`, "&#039;&#x27;&#0034;": `''"`, "&#38;lt;": "&lt;", "&amp;amp;": "&amp;",
		"&nbsp;&copy;&apos;&#x3c;&#65;": "&nbsp;&copy;&apos;&#x3c;&#65;"} {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte("body"))
		if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); Sign(secret, []byte("body")) != want {
			t.Errorf("%q does not sign as %q", secret, key)
		}
	}
}
