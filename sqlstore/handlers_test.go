package sqlstore_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
	"github.com/soukhq/souk/webhook"
)

// inboxOn is an inbox on an empty database, and a receiver in front of it.
func inboxOn(t *testing.T, d *database) (webhook.Inbox, *shopifytest.Server, string) {
	t.Helper()
	s, shop := d.handle(t), shopifytest.NewServer(nil)
	t.Cleanup(shop.Close)
	if err := s.Accounts().Put(t.Context(), catalog.Account{ID: "tenant", Platform: shopify.Platform, Store: shop.Shop()}); err != nil {
		t.Fatal(err)
	}
	inbox := inboxOf(t, s, silentConfig)
	receiver, err := shopReceiver(s, inbox, shop.ClientID(), shop.ClientSecret())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(receiver)
	t.Cleanup(server.Close)
	return inbox, shop, server.URL + "/webhooks/shopify/"
}

// What becomes of events whose handlers fail in every way, on both databases.
func TestHandlersThatFail(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *database) {
		inbox, shop, url := inboxOn(t, d)
		var deaf atomic.Int64
		let := make(chan struct{})
		handlers := map[string]webhook.Handler{
			"topic/twice": func(ctx context.Context, _ catalog.Event) error {
				if d, _ := webhook.DeliveredFrom(ctx); d.Attempt < 3 {
					return errors.New("not yet")
				}
				return nil
			},
			"topic/always":  func(context.Context, catalog.Event) error { return errors.New("never") },
			"topic/panics":  func(context.Context, catalog.Event) error { panic("a bug") },
			"topic/hangs":   func(ctx context.Context, _ catalog.Event) error { <-ctx.Done(); return ctx.Err() },
			"topic/useless": func(context.Context, catalog.Event) error { return webhook.Permanent(errors.New("cannot be read")) },
			"topic/deaf": func(context.Context, catalog.Event) error {
				if deaf.Add(1) == 1 {
					<-let
				}
				return nil
			},
		}
		defer close(let)
		want := map[string]struct {
			state    webhook.State
			attempts int
			err      string
		}{
			"topic/twice":   {webhook.StateDone, 3, ""},
			"topic/always":  {webhook.StateDead, 3, "never"},
			"topic/panics":  {webhook.StateDead, 3, "panic: a bug"},
			"topic/hangs":   {webhook.StateDead, 3, "deadline exceeded"},
			"topic/useless": {webhook.StateDead, 1, "cannot be read"},
			"topic/deaf":    {webhook.StateDone, 2, ""},
		}
		left := atomic.Int64{}
		for topic, w := range want {
			left.Add(int64(w.attempts))
			if _, err := shop.Deliver(t.Context(), url+topic, topic, []byte(`{"id": 1, "of": "`+topic+`"}`)); err != nil {
				t.Fatal(err)
			}
		}
		ctx, stop := context.WithTimeout(t.Context(), 50*time.Second)
		defer stop()
		dispatcher := webhook.NewDispatcher(nil, inbox)
		dispatcher.Workers, dispatcher.Timeout, dispatcher.MaxTries, dispatcher.Keep, dispatcher.Logger = 8, 50*time.Millisecond, 3, -1, silent
		dispatcher.Poll, dispatcher.Backoff = 10*time.Millisecond, webhook.Backoff(10*time.Millisecond, 40*time.Millisecond)
		for topic, h := range handlers {
			dispatcher.OnTopic(shopify.Platform, topic, h)
		}
		dispatcher.OnAttempt = func(context.Context, webhook.AttemptReport) {
			if left.Add(-1) == 0 {
				stop()
			}
		}
		if err := dispatcher.Run(ctx); err != nil {
			t.Fatal(err)
		}
		for topic, w := range want {
			page, err := inbox.Search(t.Context(), webhook.Query{Topic: topic})
			if err != nil || len(page.Records) != 1 {
				t.Fatalf("%s: %d records, %v", topic, len(page.Records), err)
			}
			r, err := inbox.Get(t.Context(), page.Records[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			if r.State != w.state || r.Attempts != w.attempts || len(r.History) != w.attempts || !strings.Contains(r.LastError, w.err) || (w.err == "") != (r.LastError == "") {
				t.Errorf("%s is %s after %d attempts, error %q; want %+v", topic, r.State, r.Attempts, r.LastError, w)
			}
			for i, a := range r.History {
				if last := i == len(r.History)-1; a.EndedAt.IsZero() || last != a.State.Final() || !last && a.State != webhook.StateRetry {
					t.Errorf("%s, attempt %d: %+v", topic, i+1, a)
				}
			}
			if topic == "topic/deaf" && !strings.Contains(r.History[0].Error, "went on after its context had ended") {
				t.Errorf("the handler that did not end: %+v", r.History)
			}
			if string(r.Event.Payload) != `{"id": 1, "of": "`+topic+`"}` || r.Event.Account != "tenant" {
				t.Errorf("%s: a body of %d bytes, account %q", topic, len(r.Event.Payload), r.Event.Account)
			}
			if h := r.Header; h.Get(shopifytest.HeaderHMAC) != webhook.Redacted || h.Get(shopifytest.HeaderTopic) != topic {
				t.Errorf("%s: the header is %v", topic, h)
			}
		}
	})
}
