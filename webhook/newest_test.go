package webhook_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

func TestNewestSkipsWhatComesLate(t *testing.T) {
	t.Parallel()
	var n webhook.Newest
	var handled []int64
	var fail error
	h := n.Skip(func(_ context.Context, e catalog.Event) error {
		handled = append(handled, e.OccurredAt.Unix())
		return fail
	})
	at := func(id string, second int64) catalog.Event {
		e := orderEvent(1)
		e.ResourceID, e.OccurredAt = id, time.Unix(second, 0)
		return e
	}
	for i, step := range []struct {
		event catalog.Event
		fail  error
		want  error
	}{
		{at("a", 20), nil, nil}, {at("a", 10), nil, webhook.ErrIgnored}, {at("a", 20), nil, nil}, {at("b", 10), nil, nil}, {at("a", 30), errors.ErrUnsupported, errors.ErrUnsupported},
		{at("a", 25), nil, nil}, {at("", 1), nil, nil}, {catalog.Event{Resource: catalog.Orders, ResourceID: "a"}, nil, nil},
	} {
		fail = step.fail
		if err := h(t.Context(), step.event); !errors.Is(err, step.want) {
			t.Errorf("step %d: %v; want %v", i, err, step.want)
		}
	}
	if len(handled) != 7 {
		t.Errorf("handled %v", handled)
	}
}

func TestNewestIsBounded(t *testing.T) {
	t.Parallel()
	n := webhook.Newest{Max: 2}
	at := func(id string, second int64) catalog.Event {
		return catalog.Event{Platform: "p", Store: "s", Resource: catalog.Orders, ResourceID: id, OccurredAt: time.Unix(second, 0)}
	}
	for _, id := range []string{"a", "b", "c"} {
		n.Handled(at(id, 10))
	}
	n.Handled(at("c", 5)) // an older one changes nothing
	for id, stale := range map[string]bool{"a": false, "b": true, "c": true} {
		if got := n.Stale(at(id, 7)); got != stale {
			t.Errorf("%s: stale %v", id, got)
		}
	}
}

func TestRedactHeader(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5000)
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"secret"}, "X-Shopify-Topic": {"orders/create"}, "X-Shopify-Hmac-Sha256": {"secret"},
		"X-Own": {"secret"}, "X-Kept": {"shown", "\xff"}, "X-Salla-Signature": {"secret"}, "Webhook-Signature": {"secret"}, "Webhook-Id": {"msg_1"}, "Cookie": {"secret"},
		"X-Wc-Webhook-Topic": {long}, "X-Shopify-Access-Token": {"secret"}, "X-Forwarded-For": {"10.0.0.1"}}
	got := webhook.RedactHeader(header, "x-kept")
	want := http.Header{"Content-Type": {"application/json"}, "Authorization": {webhook.Redacted}, "X-Shopify-Topic": {"orders/create"}, "X-Shopify-Hmac-Sha256": {webhook.Redacted},
		"X-Own": {webhook.Redacted}, "X-Kept": {"shown", "\ufffd"}, "X-Salla-Signature": {webhook.Redacted}, "Webhook-Signature": {webhook.Redacted}, "Webhook-Id": {"msg_1"}, "Cookie": {webhook.Redacted},
		"X-Wc-Webhook-Topic": {long[:1024]}, "X-Shopify-Access-Token": {webhook.Redacted}, "X-Forwarded-For": {webhook.Redacted}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if webhook.RedactHeader(nil) != nil {
		t.Error("nil is no longer nil")
	}
}
