package sallatest

import (
	"net/url"
	"reflect"
	"strings"
	"testing"
)

func TestAURLHasOneWebhook(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	subscribe := func(body string) { t.Helper(); put(t, s, "POST", "/webhooks/subscribe", body, 200) }
	first := `{"name":"n","event":"order.created","url":"https://h.example/a","headers":[{"key":"X","value":"1"}]}`
	counts(t, s, "a webhook twice", 1, func() { subscribe(first); subscribe(first) })
	id := s.Subscriptions()[0].ID
	put(t, s, "PUT", "/webhooks/"+itoa64(id), `{"security_strategy":"signature","secret":"k"}`, 200)
	counts(t, s, "another event at the URL", 1, func() { subscribe(`{"event":"order.updated","url":"https://h.example/a"}`) })
	if got := s.Subscriptions(); len(got) != 1 || got[0].ID != id || got[0].Event != "order.updated" || got[0].Secret != "k" || len(got[0].Headers) != 0 {
		t.Errorf("webhooks %+v", got)
	}
	subscribe(`{"event":"order.created","url":"https://h.example/b"}`)
	counts(t, s, "removing by URL", 1, func() {
		put(t, s, "DELETE", "/webhooks/unsubscribe?url="+url.QueryEscape("https://h.example/a"), "", 202)
	})
	counts(t, s, "the URL again", 1, func() { subscribe(first) })
	if got := s.Subscriptions(); len(got) != 2 || got[1].ID != id || got[1].Strategy != "" {
		t.Errorf("the old webhook does not come back: %+v", got)
	}
	if body := put(t, s, "POST", "/webhooks/subscribe", `{"event":"order.created","url":"https://h.example/v1","version":1}`, 200); strings.Contains(body, "version") || strings.Contains(body, "rule") {
		t.Errorf("version 1 is answered with %s", body)
	}
	if l := put(t, s, "GET", "/webhooks", "", 200); strings.Contains(l, "security") || strings.Contains(l, `"k"`) {
		t.Error("the list tells the secret")
	}
}

func TestSubscriptionsChangedBehindTheApp(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	put(t, s, "POST", "/webhooks/subscribe", `{"event":"order.created","url":"https://h.example/a"}`, 200)
	own := s.Subscriptions()[0].ID
	foreign := s.AddForeignSubscription(Subscription{Name: "ERP", Event: "order.created", URL: "https://erp.example/x"})
	if got := walk(t, s, "/webhooks"); len(got) != 2 || got[1] != foreign.ID {
		t.Errorf("the store's webhooks are %v", got)
	}
	if got := s.ForeignSubscriptions(); len(got) != 1 || !reflect.DeepEqual(got[0], foreign) || len(s.Subscriptions()) != 1 {
		t.Errorf("others' webhooks are %+v", got)
	}
	counts(t, s, "changes without a request", 0, func() {
		if err := s.UpdateSubscription(own, func(h *Subscription) { h.URL, h.ID = "https://elsewhere.example", 1 }); err != nil {
			t.Fatal(err)
		}
		if got := s.Subscriptions()[0]; got.URL != "https://elsewhere.example" || got.ID != own {
			t.Errorf("%+v", got)
		}
		if err := s.DropSubscription(own); err != nil || len(s.Subscriptions()) != 0 {
			t.Errorf("%v, %d left", err, len(s.Subscriptions()))
		}
	})
	if s.DropSubscription(own) == nil || s.UpdateSubscription(7, func(*Subscription) {}) == nil {
		t.Error("changing what is not there is no error")
	}
	put(t, s, "DELETE", "/webhooks/unsubscribe?id="+itoa64(foreign.ID), "", 202)
	if len(s.ForeignSubscriptions()) != 0 {
		t.Error("an app cannot remove the webhook of another")
	}
}

func TestSubscriptionsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 10, Orders: 10, Customers: 10})
	put(t, s, "POST", "/webhooks/subscribe", `{"event":"order.created","url":"https://h.example/a"}`, 200)
	path := "/webhooks/" + itoa64(s.Subscriptions()[0].ID)
	refuseAll(t, s, []refusal{
		{"nothing", "POST", "/webhooks/subscribe", `{}`, 422, `"event":["حقل event غير صالحٍ"]`},
		{"this machine", "POST", "/webhooks/subscribe", `{"event":"order.created","url":"https://localhost/x"}`, 422, `"url"`},
		{"a test host", "POST", "/webhooks/subscribe", `{"event":"order.created","url":"https://test.example.com/x"}`, 422, `"url"`},
		{"an unknown event", "POST", "/webhooks/subscribe", `{"event":"order.shipped","url":"https://h.example/b"}`, 422, `"event"`},
		{"an app's event", "POST", "/webhooks/subscribe", `{"event":"app.installed","url":"https://h.example/b"}`, 422, `"event"`},
		{"version 3", "POST", "/webhooks/subscribe", `{"event":"order.created","url":"https://h.example/b","version":3}`, 422, `"version"`},
		{"a signature without a secret", "PUT", path, `{"security_strategy":"signature"}`, 422, `"secret"`},
		{"another strategy", "PUT", path, `{"security_strategy":"hmac","secret":"k"}`, 422, `"security_strategy"`},
		{"no URL", "PUT", path, `{"url":""}`, 422, `"url"`},
		{"an unknown webhook", "PUT", "/webhooks/7", `{"name":"x"}`, 404, ""},
		{"removing an unknown one", "DELETE", "/webhooks/unsubscribe?id=7", "", 404, ""},
		{"removing none", "DELETE", "/webhooks/unsubscribe", "", 422, `"id"`},
	})
}
