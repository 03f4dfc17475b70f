package magentotest

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func verifyRSA(t *testing.T, key []byte, message []byte, signature string) bool {
	t.Helper()
	block, _ := pem.Decode(key)
	if block == nil {
		t.Fatalf("no PEM: %.80s", key)
	}
	pub, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return false
	}
	sum := sha256.Sum256(message)
	return rsa.VerifyPKCS1v15(pub.(*rsa.PublicKey), crypto.SHA256, sum[:], sig) == nil
}

func TestIOEvents(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Edition: Commerce, Products: 30})
	var batch []Event
	for i, p := range s.Products()[:20] {
		e, err := s.IOEvent("observer.catalog_product_save_commit_after", p, i == 0)
		if err != nil {
			t.Fatal(err)
		}
		e.Form = ClientIDForm(i % 3)
		e.Envelope = i%4 == 3
		batch = append(batch, e)
	}
	d := s.IODelivery(batch...)
	for _, pair := range [][2]string{{HeaderKeyPath1, HeaderSignature1}, {HeaderKeyPath2, HeaderSignature2}} {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", "https://"+KeyHost+d.Header.Get(pair[0]), nil)
		key := mustSend(t, s, r)
		if key.status != 200 || !verifyRSA(t, []byte(key.body), d.Body, d.Header.Get(pair[1])) {
			t.Errorf("%s: %d", pair[1], key.status)
		}
		if verifyRSA(t, []byte(key.body), d.Altered().Body, d.Header.Get(pair[1])) {
			t.Error("an altered body verifies")
		}
	}
	var events []map[string]any
	if err := json.Unmarshal(d.Body, &events); err != nil || len(events) != 20 {
		t.Fatalf("%v %d", err, len(events))
	}
	for i, e := range events {
		_, long := e["recipient_client_id"]
		_, short := e["recipientclientid"]
		if long != (i%3 != 1) || short != (i%3 != 2) {
			t.Errorf("event %d: %v", i, e)
		}
		if _, cloud := e["specversion"]; cloud == (i%4 == 3) {
			t.Errorf("event %d: %v", i, e)
		}
	}
	single := s.IODelivery(batch[0])
	var one struct {
		Type string
		Data struct {
			Value struct {
				SKU, Price string
				IsNew      bool `json:"_isNew"`
			}
		}
	}
	if err := json.Unmarshal(single.Body, &one); err != nil || one.Type != "com.adobe.commerce.observer.catalog_product_save_commit_after" ||
		one.Data.Value.SKU != s.Products()[0].SKU || one.Data.Value.Price != "0.000000" || !one.Data.Value.IsNew {
		t.Errorf("%v %s", err, single.Body)
	}
	if !json.Valid(d.Altered().Body) || d.Unsigned().Header.Get(HeaderSignature1) != "" {
		t.Error("forgeries")
	}
}

func TestIORedelivery(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Edition: Commerce, Products: 5, RedeliveryGap: time.Microsecond})
	e, err := s.IOEvent("observer.sales_order_save_commit_after", s.Orders()[0], true)
	if err != nil {
		t.Fatal(err)
	}
	d := s.IODelivery(e)
	for _, tt := range []struct {
		status, tries int
	}{{200, 1}, {500, maxTries}, {429, maxTries}, {505, 1}, {404, 1}, {302, 1}} {
		var mu sync.Mutex
		ids, counts := map[string]bool{}, []string{}
		app := newApp(t, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			ids[r.Header.Get(HeaderDeliveryID)] = true
			counts = append(counts, r.Header.Get(HeaderRetryCount))
			mu.Unlock()
			w.WriteHeader(tt.status)
		})
		tries, err := s.Deliver(t.Context(), app, d)
		if len(tries) != tt.tries || (err == nil) != (tt.status == 200) || len(ids) != tt.tries {
			t.Errorf("%d: %d tries, %v, %d ids", tt.status, len(tries), err, len(ids))
		}
		if counts[0] != "" || len(counts) > 1 && counts[1] != "1" {
			t.Errorf("%d: retry counts %q", tt.status, counts)
		}
	}
}

func TestChallenge(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Edition: Commerce, Products: 5})
	answer := func(kind, format string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = io.WriteString(w, strings.ReplaceAll(format, "$", r.URL.Query().Get("challenge")))
		}
	}
	for _, tt := range []struct {
		kind, format string
		ok           bool
	}{
		{"text/plain", "$", true}, {"application/json", `{"challenge":"$"}`, true},
		{"text/html", "$", false}, {"text/plain", "hello", false}, {"application/json", "$", false},
	} {
		err := s.Challenge(t.Context(), newApp(t, answer(tt.kind, tt.format))+"/hook?a=b")
		if (err == nil) != tt.ok || err != nil && !errors.Is(err, ErrChallenge) {
			t.Errorf("%s %s: %v", tt.kind, tt.format, err)
		}
	}
}

func TestValidation(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{Edition: Commerce, Products: 5, Clock: c.now})
	urls := make(chan string, 1)
	app := newApp(t, func(w http.ResponseWriter, r *http.Request) {
		var v struct{ ValidationURL string }
		_ = json.NewDecoder(r.Body).Decode(&v)
		urls <- v.ValidationURL
	})
	for late, want := range map[time.Duration]int{time.Minute: 200, 6 * time.Minute: 404} {
		token, err := s.StartValidation(t.Context(), app)
		if err != nil {
			t.Fatal(err)
		}
		c.add(late)
		r, _ := http.NewRequestWithContext(t.Context(), "GET", <-urls, nil)
		if res := mustSend(t, s, r); res.status != want || s.Validated(token) != (want == 200) {
			t.Errorf("after %v: %d, validated %v", late, res.status, s.Validated(token))
		}
	}
}

func TestAsyncEvents(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 5, RedeliveryGap: time.Microsecond})
	got := make(chan *http.Request, 9)
	bodies := make(chan []byte, 9)
	app := newApp(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got <- r
		bodies <- b
		if len(got) < 3 {
			w.WriteHeader(http.StatusBadRequest)
		}
	})
	sub := `{"asyncEvent":{"event_name":"sales.order.created","recipient_url":"` + app + `/order-created","verification_token":"secret-token","metadata":"http"}}`
	if r := do(t, s, "POST", "/V1/async_event", sub); r.status != 200 || strings.Contains(r.body, "secret-token") {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if err := s.DeliverSubscribed(t.Context(), "sales.order.created", s.Orders()[0]); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 {
		t.Errorf("%d tries", len(got))
	}
	body, r := <-bodies, <-got
	if r.Header.Get(HeaderAsync) != SignAsync("secret-token", body) || r.URL.Path != "/order-created" {
		t.Errorf("%v", r.Header)
	}
	var v struct {
		Data struct {
			IncrementID string `json:"increment_id"`
		}
	}
	if err := json.Unmarshal(body, &v); err != nil || v.Data.IncrementID != s.Orders()[0].IncrementID || strings.Contains(string(body), "sales.order") {
		t.Errorf("%v %.200s", err, body)
	}
	if p := decode[page](t, get(t, s, "/V1/async_events"+sc(5, 1, ""))); p.TotalCount != 1 {
		t.Errorf("%d subscriptions", p.TotalCount)
	}
	commerce := start(t, &Config{TB: t, Edition: Commerce})
	failure(t, do(t, commerce, "POST", "/V1/async_event", sub), 404)
	failure(t, do(t, s, "GET", "/V1/eventing/getEventSubscriptions", ""), 404)
	if r := do(t, commerce, "POST", "/V1/eventing/eventSubscribe", `{"event":{"name":"observer.catalog_product_save_commit_after","parent":"","fields":[{"name":"sku"},{"name":"_isNew"}],"rules":[],"destination":"default","priority":false,"hipaa_audit_required":false,"provider_id":"default"}}`); r.status != 200 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if e := commerce.EventSubscriptions(); len(e) != 1 || len(e[0].Fields) != 2 {
		t.Errorf("%+v", e)
	}
}

func TestStandardWebhooks(t *testing.T) {
	t.Parallel()
	if got := SignStandard("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`)); got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Error(got)
	}
	c := newClock()
	s := start(t, &Config{Clock: c.now, Products: 5})
	d, err := s.StandardDelivery("product.updated", s.Products()[0])
	if err != nil {
		t.Fatal(err)
	}
	want := SignStandard(s.StandardSecret(), d.Header.Get(HeaderWebhookID), d.Header.Get(HeaderWebhookTS), d.Body)
	if d.Header.Get(HeaderWebhookSig) != want || d.Header.Get(HeaderWebhookTS) != "1795176000" {
		t.Errorf("%v", d.Header)
	}
	both := d.SignedWith("whsec_b3RoZXI= " + s.StandardSecret()).Header.Get(HeaderWebhookSig)
	if !strings.HasSuffix(both, " "+want) || both == want {
		t.Error(both)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Deliver(ctx, "http://127.0.0.1:1/", d); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestCommerceWebhooks(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Edition: Commerce, Products: 5})
	d := s.CommerceDelivery("observer.catalog_product_save_after", json.RawMessage(`{"product":{"sku":"a\/b"}}`))
	if !verifyRSA(t, s.WebhookPublicKey(), []byte(base64.StdEncoding.EncodeToString(d.Body)), d.Header.Get(HeaderCommerce)) {
		t.Error("the signature does not verify")
	}
}

func TestSignaturesAgainstTheVectors(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(specs(t), "events")
	var v struct {
		Token   string            `json:"verification_token"`
		Body    string            `json:"raw_body"`
		Headers map[string]string `json:"headers"`
		Key     string            `json:"public_key_pem"`
	}
	load := func(name string) {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		v.Headers = nil
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
	}
	load("mageos-async-events-hmac-vector.json")
	if got := SignAsync(v.Token, []byte(v.Body)); got != v.Headers["x-magento-signature"] {
		t.Error(got)
	}
	load("adobe-io-events-signature-vector.json")
	if !verifyRSA(t, []byte(v.Key), []byte(v.Body), v.Headers["x-adobe-digital-signature-1"]) {
		t.Error("I/O Events")
	}
	load("adobe-commerce-webhook-signature-vector.json")
	if !verifyRSA(t, []byte(v.Key), []byte(base64.StdEncoding.EncodeToString([]byte(v.Body))), v.Headers["x-adobe-commerce-webhook-signature"]) {
		t.Error("Commerce Webhooks")
	}
}
