package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// scheme is a platform with batches, pings, challenges and troubles.
type scheme struct{ catalog.Adapter }

func (scheme) Platform() string { return "batches" }
func (scheme) Verifier(config catalog.VerifierConfig) (catalog.WebhookVerifier, error) {
	if config.Account == nil {
		return nil, &catalog.ConfigError{Platform: "batches", Field: "Secret", Reason: "is empty"}
	}
	return verifier{config.Account.Store}, nil
}

type verifier struct{ store string }

func (v verifier) Verify(_ context.Context, d catalog.Delivery) (catalog.Verdict, error) {
	if challenge := d.URL.Query().Get("challenge"); d.Method == http.MethodGet && challenge != "" {
		return catalog.Verdict{Reply: catalog.Reply{Header: http.Header{"content-type": {"text/plain"}}, Body: []byte(challenge)}}, nil
	}
	switch d.Header.Get("X-Case") {
	case "panic":
		panic("a bug in the verifier")
	case "key server away":
		return catalog.Verdict{}, &catalog.Error{Kind: catalog.ErrUnavailable}
	case "no key":
		return catalog.Verdict{Events: []catalog.Event{{Topic: "t"}}}, nil
	case "odd":
		return catalog.Verdict{}, errors.New("something")
	case "ping":
		return catalog.Verdict{Reply: catalog.Reply{Status: 201}}, nil
	case "batch":
		var ids []string
		if err := json.Unmarshal(d.Body, &ids); err != nil {
			return catalog.Verdict{}, &catalog.Error{Kind: catalog.ErrBadAnswer, Err: err}
		}
		verdict := catalog.Verdict{Reply: catalog.Reply{Status: 202, Header: http.Header{"X-Op": {"success"}}, Body: []byte(`{"op":"success"}`)}}
		for _, id := range ids {
			verdict.Events = append(verdict.Events, catalog.Event{Key: catalog.EventKey("batches", id), Platform: "batches", Store: v.store, Topic: "t"})
		}
		return verdict, nil
	}
	return catalog.Verdict{}, &catalog.Error{Kind: catalog.ErrUnauthorized}
}

func TestReceiverWithBatchesAndChallenges(t *testing.T) {
	t.Parallel()
	poison := true
	w := newWorld(t, func(w *world) {
		w.receiver.Inbox = &faulty{w.inbox, func(ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
			for _, e := range entries {
				if poison && strings.Contains(e.Event.Key, "e7") {
					return nil, errors.New("value out of range")
				}
			}
			return w.inbox.Put(ctx, entries)
		}}
	})
	check(t, w.stores.Registry.Register(scheme{}))
	check(t, w.stores.Accounts.Put(t.Context(), catalog.Account{ID: "b", Platform: "batches", Store: "store-b"}))
	post := func(what string, body []byte) answered {
		return send(t, "POST", w.url+"/webhooks/batches/b", http.Header{"X-Case": {what}}, body)
	}
	if got := send(t, "GET", w.url+"/webhooks/batches/b?challenge=a%26b", nil, nil); got.status != 200 || got.body != "a&b" || got.header.Get("Content-Type") != "text/plain" {
		t.Errorf("the challenge was answered %+v", got)
	}
	for what, status := range map[string]int{"panic": 500, "key server away": 503, "no key": 503, "odd": 500, "ping": 201, "": 401} {
		if got := post(what, nil); got.status != status {
			t.Errorf("%q answered %d; want %d (%v)", what, got.status, status, w.last(t).Err)
		}
	}
	if got := send(t, "GET", w.url+"/webhooks/batches/b", http.Header{"X-Case": {"no key"}}, nil); got.status != 405 {
		t.Errorf("an event by GET was answered %d", got.status)
	}
	if got := send(t, "POST", w.url+"/webhooks/batches/nobody", http.Header{"X-Case": {"ping"}}, nil); got.status != 401 || !strings.Contains(w.last(t).Err.Error(), "no_secret") {
		t.Errorf("without a secret: %d, %v", got.status, w.last(t).Err)
	}
	if n := len(w.records(t, webhook.Query{})); n != 0 {
		t.Fatalf("%d records", n)
	}
	var ids []string
	for n := range 20 {
		ids = append(ids, fmt.Sprint("e", n))
	}
	body, err := json.Marshal(ids)
	check(t, err)
	// One bad event costs the others nothing; the whole is sent again.
	if got := post("batch", body); got.status != 503 || len(w.records(t, webhook.Query{})) != 19 {
		t.Errorf("with a bad event: %d, %d records", got.status, len(w.records(t, webhook.Query{})))
	}
	poison = false
	got := post("batch", body)
	if got.status != 202 || got.body != `{"op":"success"}` || got.header.Get("X-Op") != "success" || len(w.records(t, webhook.Query{Account: "b"})) != 20 {
		t.Errorf("sent again: %+v, %d records", got, len(w.records(t, webhook.Query{})))
	}
	duplicates := 0
	for _, r := range w.last(t).Results {
		if r.Duplicate {
			duplicates++
		}
	}
	if duplicates != 19 {
		t.Errorf("%d were known; want 19", duplicates)
	}
}
