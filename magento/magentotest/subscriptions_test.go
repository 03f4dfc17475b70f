package magentotest

import (
	"slices"
	"strings"
	"testing"
)

func TestAsyncEventSubscriptions(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{})
	const sub = `{"asyncEvent":{"event_name":"sales.order.created","recipient_url":"https://app.example/hooks","verification_token":"secret-token","metadata":"http"}}`
	type row struct {
		ID     int64  `json:"subscription_id"`
		Event  string `json:"event_name"`
		URL    string `json:"recipient_url"`
		Status bool
	}
	one := decode[row](t, do(t, s, "POST", "/V1/async_event", sub))
	two := decode[row](t, do(t, s, "POST", "/V1/async_event", sub))
	if one.ID == two.ID || !one.Status || one.URL != "https://app.example/hooks" {
		t.Errorf("%+v, %+v", one, two)
	}
	path := "/V1/async_event/" + itoa(one.ID)
	if r := get(t, s, path); strings.Contains(r.body, "secret-token") || strings.Contains(r.body, "metadata") {
		t.Error(r.body)
	}
	// Only the status changes, and it has to be named.
	got := decode[row](t, do(t, s, "PUT", path, `{"asyncEvent":{"event_name":"customer.created","recipient_url":"https://other.example/","verification_token":"x","metadata":"http","status":true}}`))
	if got != one {
		t.Errorf("%+v", got)
	}
	wantViolation(t, s, "recipient_url of a subscription cannot be changed")
	if got := decode[row](t, do(t, s, "PUT", path, `{"asyncEvent":{"metadata":"http"}}`)); got.Status {
		t.Error("it is still on")
	}
	wantViolation(t, s, "no status")
	decode[row](t, do(t, s, "PUT", path, `{"asyncEvent":{"status":false}}`))
	decode[row](t, do(t, s, "PUT", path, `{"asyncEvent":{"status":true}}`))
	a, b := itoa(one.ID), itoa(two.ID)
	wantEffects(t, s, "subscription.create "+a, "subscription.create "+b, "subscription.update "+a, "subscription.update "+a)
	if r := do(t, s, "DELETE", path, ""); r.status != 404 || !strings.Contains(r.body, msgNoRoute) {
		t.Errorf("%d %s", r.status, r.body)
	}
	failure(t, do(t, s, "PUT", "/V1/async_event/5", `{"asyncEvent":{"status":true}}`), 404)
	failure(t, get(t, s, "/V1/async_event/5"), 404)
	failure(t, do(t, s, "POST", "/V1/async_event", `{"asyncEvent":{"event_name":"x","recipient_url":"y"}}`), 500)
	decode[row](t, do(t, s, "POST", "/V1/async_event", `{"asyncEvent":{"event_name":"sales.order.made-up","recipient_url":"y","metadata":"http","verification_token":"t"}}`))
	wantViolation(t, s, "will ever come")
	for _, call := range s.Calls() {
		if strings.Contains(call.Body, "verification_token") {
			t.Errorf("%s %s: the call is kept with its token", call.Method, call.Path)
		}
	}
	foreign := s.AddForeignSubscription(Subscription{Event: "customer.created", URL: "https://else.example/"})
	if !s.UpdateSubscription(two.ID, func(h *Subscription) { h.Active = false }) || !s.DropSubscription(one.ID) || s.DropSubscription(one.ID) || s.UpdateSubscription(one.ID, nil) {
		t.Error("the subscriptions cannot be damaged")
	}
	all := decode[struct{ Items []row }](t, get(t, s, "/V1/async_events"+sc(9, 1, "", "status", "eq", "1"))).Items
	if ids := []int64{all[0].ID, all[1].ID}; len(all) != 2 || ids[1] != foreign.ID {
		t.Errorf("%+v", all)
	}
}

func TestEventSubscriptions(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Edition: Commerce})
	const name = "observer.catalog_product_save_commit_after"
	post := func(body string) reply { return do(t, s, "POST", "/V1/eventing/eventSubscribe", `{"event":`+body+`}`) }
	for range 2 {
		if r := post(`{"name":"` + name + `","fields":[{"name":"sku"}],"priority":true}`); r.body != "[]" {
			t.Fatalf("%d %s", r.status, r.body)
		}
	}
	put := "/V1/eventing/eventSubscribe/" + name
	if r := do(t, s, "PUT", put, `{"event":{"fields":[{"name":"_isNew"},{"name":"sku"}],"rules":[{"field":"price","operator":"lessThan","value":"3"}],"priority":false}}`); r.body != "[]" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	e := s.EventSubscriptions()[0]
	if !slices.Equal(e.Fields, []string{"sku", "_isNew"}) || e.Priority || len(e.Rules) != 1 || e.Destination != "default" {
		t.Errorf("%+v", e)
	}
	for _, bad := range []reply{
		post(`{"name":"observer.nothing","fields":[{"name":"sku"}]}`), post(`{"name":"` + name + `"}`), post(`{"fields":[{"name":"sku"}]}`),
		post(`{"name":"` + name + `.cheap","parent":"` + name + `","fields":[{"name":"sku"}]}`),
		post(`{"name":"` + name + `","fields":[{"name":"sku"}],"rules":[{"field":"price","operator":"about","value":"3"}]}`),
		do(t, s, "PUT", put+".none", `{"event":{"priority":true}}`), do(t, s, "POST", "/V1/eventing/eventUnsubscribe/"+name+".none", ""),
	} {
		failure(t, bad, 400)
	}
	wantEffects(t, s, "subscription.create "+name, "subscription.update "+name)
	s.AddForeignEventSubscription(EventSubscription{Name: "observer.customer_save_commit_after", Fields: []string{"*"}, Declared: true})
	failure(t, do(t, s, "POST", "/V1/eventing/eventUnsubscribe/observer.customer_save_commit_after", ""), 400)
	s.UpdateEventSubscription(name, func(e *EventSubscription) { e.Disabled = true })
	if list := decode[[]struct{ Name string }](t, get(t, s, "/V1/eventing/getEventSubscriptions")); len(list) != 1 || list[0].Name == name {
		t.Errorf("%+v", list)
	}
	post(`{"name":"` + name + `","fields":[{"name":"sku"}]}`)
	if r := do(t, s, "POST", "/V1/eventing/eventUnsubscribe/"+name, ""); r.body != "[]" || len(s.EventSubscriptions()) != 1 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if !s.DropEventSubscription("observer.customer_save_commit_after") || s.DropEventSubscription(name) || s.UpdateEventSubscription(name, nil) {
		t.Error("the subscriptions cannot be damaged")
	}
	wantEffects(t, s, "subscription.create "+name, "subscription.update "+name, "subscription.create "+name, "subscription.delete "+name)
}
