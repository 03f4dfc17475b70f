package bigcommercetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// verify is what a receiver of Standard Webhooks does.
func verify(secret string, h http.Header, body []byte, now time.Time) bool {
	var stamp int64
	if _, err := fmt.Sscan(h.Get("webhook-timestamp"), &stamp); err != nil {
		return false
	}
	if d := now.Sub(time.Unix(stamp, 0)); d > 5*time.Minute || d < -5*time.Minute {
		return false
	}
	want := "v1," + Sign(secret, h.Get("webhook-id"), h.Get("webhook-timestamp"), body)
	for v := range strings.SplitSeq(h.Get("webhook-signature"), " ") {
		if v == want {
			return true
		}
	}
	return false
}

func TestForgeriesAreForged(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{Clock: c.now, Products: 1})
	d, err := s.Delivery("store/product/updated", s.Products()[0])
	if err != nil {
		t.Fatal(err)
	}
	if !verify(s.ClientSecret(), d.Header, d.Body, c.now()) {
		t.Fatal("the genuine one is refused")
	}
	if !verify(s.ClientSecret(), d.Rotated("other", s.ClientSecret()).Header, d.Body, c.now()) {
		t.Error("one of several signatures is enough")
	}
	for _, how := range Forgeries() {
		f := d.Forged(how)
		if verify(s.ClientSecret(), f.Header, f.Body, c.now()) {
			t.Errorf("%v is accepted", how)
		}
		if !json.Valid(f.Body) {
			t.Errorf("%v is no JSON", how)
		}
	}
	var body struct {
		Producer, Hash, Scope string
		CreatedAt             int64  `json:"created_at"`
		StoreID               string `json:"store_id"`
		Data                  struct {
			Type string
			ID   int64
		}
	}
	if err := json.Unmarshal(d.Body, &body); err != nil {
		t.Fatal(err)
	}
	if body.Producer != "stores/abc123xyz" || body.Hash != d.Header.Get("webhook-id") || len(body.Hash) != 40 || body.StoreID != "4884484848484" ||
		body.Data.Type != "product" || body.Data.ID != 101 || body.CreatedAt != c.now().Unix() {
		t.Errorf("body %s", d.Body)
	}
}

func TestDeliverGivesUpWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		cancel()
	}))
	defer r.Close()
	s := start(t, &Config{RetryUnit: time.Hour})
	d, err := s.Delivery("store/order/created", json.RawMessage(`{"type":"order","id":1}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Deliver(ctx, r.URL, d); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := s.Delivery("store/order/created", 7); err == nil {
		t.Error("a number is no record")
	}
}
