package woocommerce_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// Traps of webhooks.

const hookSecret = "S3cretOfLettersAndDigitsAlone"

func verifier(t testing.TB, config woocommerce.Config, secrets ...string) catalog.WebhookVerifier {
	t.Helper()
	adapter, err := woocommerce.New(config)
	if err != nil {
		t.Fatal(err)
	}
	var all []catalog.Secret
	for _, s := range secrets {
		all = append(all, catalog.NewSecret(s))
	}
	v, err := adapter.Verifier(catalog.VerifierConfig{Account: &catalog.Account{Store: "https://Shop.example.test/"}, Secrets: all})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func delivered(d woocommercetest.Delivery) catalog.Delivery {
	return catalog.Delivery{Method: http.MethodPost, Header: d.Header, Body: d.Body, ReceivedAt: time.Now()}
}

// hooked is a store with a webhook for each topic.
func hooked(t testing.TB, topics ...string) (*woocommercetest.Server, map[string]int64) {
	t.Helper()
	server := newServer(t, woocommercetest.Config{Products: 12, Orders: 4, Customers: 4})
	hooks := map[string]int64{}
	for _, topic := range topics {
		hooks[topic] = server.AddSubscription(woocommercetest.Subscription{Topic: topic, Secret: hookSecret, DeliveryURL: "https://app.example/hook"}).ID
	}
	return server, hooks
}

func event(t testing.TB, v catalog.WebhookVerifier, d catalog.Delivery) catalog.Event {
	t.Helper()
	verdict, err := v.Verify(t.Context(), d)
	if err != nil || len(verdict.Events) != 1 {
		t.Fatalf("%d events, %v", len(verdict.Events), err)
	}
	return verdict.Events[0]
}

// The first post to a new address is a form that nothing signs: 200, no event,
// and no other unsigned post passes for it.
func TestTrapWebhooksThePingIsAnswered200AndIsNoEvent(t *testing.T) {
	t.Parallel()
	server, hooks := hooked(t, "product.created")
	v := verifier(t, woocommerce.Config{}, hookSecret)
	ping := delivered(server.Ping(hooks["product.created"]))
	verdict, err := v.Verify(t.Context(), ping)
	if err != nil || len(verdict.Events) != 0 || verdict.Reply.Status != http.StatusOK {
		t.Errorf("%+v, %v", verdict, err)
	}
	for name, change := range map[string]func(*catalog.Delivery){
		"more than an id":    func(d *catalog.Delivery) { d.Body = []byte("webhook_id=1&x=1") },
		"no number":          func(d *catalog.Delivery) { d.Body = []byte("webhook_id=one") },
		"a line behind it":   func(d *catalog.Delivery) { d.Body = []byte("webhook_id=1\n") },
		"JSON":               func(d *catalog.Delivery) { d.Header.Set("Content-Type", "application/json") },
		"another method":     func(d *catalog.Delivery) { d.Method = http.MethodPut },
		"headers of a topic": func(d *catalog.Delivery) { d.Header.Set("X-WC-Webhook-Topic", "product.deleted") },
		"a wrong signature":  func(d *catalog.Delivery) { d.Header.Set("X-WC-Webhook-Signature", "x") },
	} {
		d := ping
		d.Header = ping.Header.Clone()
		change(&d)
		if verdict, err := v.Verify(t.Context(), d); !errors.Is(err, catalog.ErrUnauthorized) || len(verdict.Events) > 0 {
			t.Errorf("%s: %+v, %v", name, verdict, err)
		}
	}
}

// The webhook's id is the same for all deliveries, and the delivery's for all
// of one second.
func TestTrapWebhooksDeliveriesOfOneSecondHaveKeysOfTheirOwn(t *testing.T) {
	t.Parallel()
	server, hooks := hooked(t, "product.updated", "product.created")
	v := verifier(t, woocommerce.Config{}, hookSecret)
	seen := map[string]bool{}
	for _, topic := range []string{"product.updated", "product.created"} { // with equal bodies
		for _, p := range server.Products()[:5] {
			d, err := server.Delivery(hooks[topic], p.ID)
			if err != nil {
				t.Fatal(err)
			}
			d.Header.Set("X-WC-Webhook-Delivery-ID", "c79221cc1919c85cbf38a7239fe363d2")
			e := event(t, v, delivered(d))
			if again := event(t, v, delivered(d)); again.Key != e.Key || seen[e.Key] {
				t.Errorf("%s of %d: key %s, again %s", topic, p.ID, e.Key, again.Key)
			}
			seen[e.Key] = true
		}
	}
	if len(seen) != 10 {
		t.Errorf("%d keys", len(seen))
	}
}

// Five products change within one second, and the store sends them.
func TestTrapWebhooksFiveProductsChangedInOneSecondAreFiveEvents(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 1, 2, 3, 0, time.UTC)
	var got []catalog.Event
	v := verifier(t, woocommerce.Config{}, hookSecret)
	deliveries, twice := map[string]bool{}, 0
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("X-WC-Webhook-Signature") == "" { // the ping
			return
		}
		deliveries[r.Header.Get("X-WC-Webhook-Delivery-ID")] = true
		for range 2 { // as somebody who heard it may send it again
			e := event(t, v, catalog.Delivery{Method: r.Method, Header: r.Header, Body: body, ReceivedAt: now.Add(time.Hour)})
			if slices.ContainsFunc(got, func(seen catalog.Event) bool { return seen.Key == e.Key }) {
				twice++
				continue
			}
			got = append(got, e)
		}
	}))
	defer app.Close()
	server := newServer(t, woocommercetest.Config{Products: 12, Orders: -1, Customers: -1, Clock: func() time.Time { return now }})
	server.AddSubscription(woocommercetest.Subscription{Topic: "product.updated", Secret: hookSecret, DeliveryURL: app.URL})
	var want []string
	for _, p := range server.Products()[:5] {
		want = append(want, id(p.ID))
		if err := server.UpdateProduct(p.ID, func(p *woocommercetest.Product) { p.RegularPrice = "7" }); err != nil {
			t.Fatal(err)
		}
	}
	server.RunQueue(t.Context())
	if changed := mapped(got, func(e catalog.Event) string { return e.ResourceID }); !slices.Equal(changed, want) || len(deliveries) != 1 || twice != 5 {
		t.Errorf("%d delivery ids, events of %q, %d seen again; want 1, %q, 5", len(deliveries), changed, twice, want)
	}
}

// A record that was gone when the store got round to its delivery, or that the
// webhook's user may no longer see: the API's refusal, signed, under the topic.
func TestTrapWebhooksASignedRefusalIsNoRecord(t *testing.T) {
	t.Parallel()
	server, hooks := hooked(t, "product.created", "order.created")
	v := verifier(t, woocommerce.Config{}, hookSecret)
	d, err := server.Delivery(hooks["product.created"], 999999999)
	if err != nil {
		t.Fatal(err)
	}
	e := event(t, v, delivered(d))
	if e.Kind != catalog.EventOther || e.ResourceID != "" || e.Resource != catalog.Products || !e.Partial || e.PayloadKind != "woocommerce.webhook.error" {
		t.Errorf("%+v", e)
	}
	server.SetKeyRole(server.ConsumerKey(), "customer")
	d, err = server.Delivery(hooks["order.created"], server.Orders()[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if e := event(t, v, delivered(d)); e.Kind != catalog.EventOther || e.ResourceID != "" || e.PayloadKind != "woocommerce.webhook.error" {
		t.Errorf("%+v: %s", e.Kind, e.Payload)
	}
}

// Of what was deleted only the id comes; for products it may be anything's.
func TestTrapWebhooksDeletedIsAHint(t *testing.T) {
	t.Parallel()
	server, hooks := hooked(t, "product.deleted", "order.deleted")
	v := verifier(t, woocommerce.Config{}, hookSecret)
	for topic, kind := range map[string]catalog.EventKind{"product.deleted": catalog.EventProductDeleted, "order.deleted": catalog.EventOrderDeleted} {
		d, err := server.Delivery(hooks[topic], 443) // a coupon
		if err != nil {
			t.Fatal(err)
		}
		if e := event(t, v, delivered(d)); e.Kind != kind || e.ResourceID != "443" || !e.Partial {
			t.Errorf("%+v", e)
		}
	}
}

// A variation is told as a product of its own: what changed is its product.
func TestTrapWebhooksAVariationIsItsProductsChange(t *testing.T) {
	t.Parallel()
	server, hooks := hooked(t, "product.created")
	v := verifier(t, woocommerce.Config{}, hookSecret)
	p := server.AddProduct(woocommercetest.Product{Name: "x", Variations: []woocommercetest.Variation{{}}})
	d, err := server.Delivery(hooks["product.created"], p.Variations[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if e := event(t, v, delivered(d)); e.Kind != catalog.EventProductUpdated || e.ResourceID != id(p.ID) || !e.Partial || !e.OccurredAt.Equal(p.Variations[0].ModifiedAt) {
		t.Errorf("%+v", e)
	}
}

// Order creation is told twice, with equal bodies: two events, each once.
func TestTrapWebhooksCreatedAndUpdatedAreTwoEvents(t *testing.T) {
	t.Parallel()
	server, hooks := hooked(t, "order.created", "order.updated")
	v := verifier(t, woocommerce.Config{}, hookSecret)
	o := server.Orders()[0]
	keys := map[string]bool{}
	for topic, kind := range map[string]catalog.EventKind{"order.created": catalog.EventOrderCreated, "order.updated": catalog.EventOrderUpdated} {
		d, err := server.Delivery(hooks[topic], o.ID)
		if err != nil {
			t.Fatal(err)
		}
		e := event(t, v, delivered(d))
		if e.Kind != kind || e.ResourceID != id(o.ID) || e.Partial || !e.OccurredAt.Equal(o.ModifiedAt) || e.PayloadKind != catalog.RawKind("woocommerce.webhook."+topic) {
			t.Errorf("%+v", e)
		}
		keys[e.Key] = true
	}
	if len(keys) != 2 {
		t.Error("both have one key")
	}
}

// The store decodes HTML in a webhook's secret before it signs.
func TestTrapWebhooksSecretsAreDecodedAsTheStoreDoes(t *testing.T) {
	t.Parallel()
	server, _ := hooked(t)
	for _, secret := range []string{"p&amp;q", "p&q", `a"b'<c>`, "a&lt;b&gt;c", "&#038;&#60;&#X0027;&#x3E;", "a&nbsp;b", "&amp;lt;&#38;#34;", "&quot;", "é&copy;"} {
		d := server.DeliveryOf(woocommercetest.Subscription{ID: 1, Topic: "order.deleted", Secret: secret}, []byte(`{"id":1}`))
		if _, err := verifier(t, woocommerce.Config{}, secret).Verify(t.Context(), delivered(d)); err != nil {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

// Every store's administrators can read its secret, so the address has to name
// the account, and the account names the store: no header does.
func TestTrapWebhooksTheStoreIsTheAccountsAndNotTheHeaders(t *testing.T) {
	t.Parallel()
	server, hooks := hooked(t, "order.deleted")
	d, err := server.Delivery(hooks["order.deleted"], 7)
	if err != nil {
		t.Fatal(err)
	}
	d.Header.Set("X-WC-Webhook-Source", "https://other.example/")
	if e := event(t, verifier(t, woocommerce.Config{}, hookSecret), delivered(d)); e.Store != "https://shop.example.test" {
		t.Errorf("store %q", e.Store)
	}
	adapter, err := woocommerce.New(woocommerce.Config{WebhookSecrets: []catalog.Secret{catalog.NewSecret(hookSecret)}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := adapter.Verifier(catalog.VerifierConfig{Secrets: []catalog.Secret{catalog.NewSecret("x")}}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("without an account: %v", err)
	}
	v, err := adapter.Verifier(catalog.VerifierConfig{Account: &catalog.Account{Store: "shop.example.test"}}) // the configured secret
	if err != nil {
		t.Fatal(err)
	}
	event(t, v, delivered(d))
}

// The body is escaped ASCII; written anew it is another.
func TestTrapWebhooksRawBytesAreVerified(t *testing.T) {
	t.Parallel()
	server, _ := hooked(t)
	v := verifier(t, woocommerce.Config{}, hookSecret)
	d := server.DeliveryOf(woocommercetest.Subscription{ID: 1, Topic: "order.updated", Secret: hookSecret}, []byte(`{"id":7,"a":"\u0645","b":"http:\/\/x"}`))
	event(t, v, delivered(d))
	d.Body = []byte(`{"id":7,"a":"م","b":"http://x"}`)
	if _, err := v.Verify(t.Context(), delivered(d)); !errors.Is(err, catalog.ErrUnauthorized) {
		t.Errorf("%v", err)
	}
}

// Topics are not signed and may be hooks' names.
func TestTrapWebhooksActionTopicsPassAsOther(t *testing.T) {
	t.Parallel()
	server, _ := hooked(t)
	v := verifier(t, woocommerce.Config{}, hookSecret)
	for topic, body := range map[string]string{"action.woocommerce_order_status_completed": `{"action":"woocommerce_order_status_completed","arg":480}`, "coupon.created": `{"id":3}`, "action.wc_x": `[]`} {
		d := server.DeliveryOf(woocommercetest.Subscription{ID: 1, Topic: topic, Secret: hookSecret}, []byte(body))
		if e := event(t, v, delivered(d)); e.Kind != catalog.EventOther || e.Topic != topic || e.ResourceID != "" {
			t.Errorf("%+v", e)
		}
	}
	for _, topic := range []string{"", "a b", "x\r\ny"} {
		d := server.DeliveryOf(woocommercetest.Subscription{ID: 1, Topic: "order.deleted", Secret: hookSecret}, []byte(`{"id":1}`))
		d.Header["X-Wc-Webhook-Topic"] = []string{topic}
		if _, err := v.Verify(t.Context(), delivered(d)); !errors.Is(err, catalog.ErrBadAnswer) {
			t.Errorf("topic %q: %v", topic, err)
		}
	}
}
