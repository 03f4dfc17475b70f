package bigcommercetest

import (
	"net/http"
	"sync"
	"testing"
	"time"
)

func TestQuota(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now, Quota: 3, Products: 1})
	second := s.AddAccount(Account{})
	ask := func(token, path string) reply {
		r, err := send(t.Context(), s, token, "GET", path, "")
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	check := func(r reply, status int, left, reset, retry string) {
		t.Helper()
		h := r.header
		got := []string{h.Get("X-Rate-Limit-Requests-Left"), h.Get("X-Rate-Limit-Time-Reset-Ms"), h.Get("X-Retry-After"),
			h.Get("X-Rate-Limit-Requests-Quota"), h.Get("X-Rate-Limit-Time-Window-Ms")}
		want := []string{left, reset, retry, "3", "30000"}
		for i := range want {
			if got[i] != want[i] || r.status != status {
				t.Fatalf("%d with %q, want %d with %q", r.status, got, status, want)
			}
		}
	}
	check(ask(s.Token(), "/v3/catalog/products"), 200, "2", "30000", "")
	c.add(1500 * time.Millisecond)
	check(ask(second.Token, "/v2/orders/1"), 404, "1", "28500", "") // accounts share the store's quota
	check(ask(s.Token(), "/v2/store"), 200, "0", "28500", "")
	check(ask(s.Token(), "/v2/store"), 429, "0", "28500", "29")
	c.add(28499 * time.Millisecond)
	check(ask(s.Token(), "/v3/hooks"), 429, "0", "1", "1")
	c.add(time.Millisecond)
	check(ask(s.Token(), "/v3/hooks"), 200, "2", "30000", "")
	if got, want := s.Ledger(), (Ledger{Requests: 6, Answered: 4, Throttled: 2}); got != want {
		t.Errorf("ledger %+v, want %+v", got, want)
	}
	var v2body []struct{ Status int }
	for range 3 {
		ask(s.Token(), "/v2/store")
	}
	ask(s.Token(), "/v2/store").decode(t, &v2body)
	if len(v2body) != 1 || v2body[0].Status != 429 {
		t.Errorf("429 in V2: %+v", v2body)
	}
}

func TestStoresHaveTheirOwnQuota(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Quota: 1, Products: 1})
	other := s.AddStore(&Config{Plan: PlanPro, Products: 1})
	fetch(t, s, "/v2/store")
	if r := fetch(t, s, "/v2/store"); r.status != 429 {
		t.Fatalf("status %d", r.status)
	}
	r, err := newRequest(t.Context(), other, other.Token(), "GET", "/v2/store", "")
	if err != nil {
		t.Fatal(err)
	}
	res, err := roundTrip(s.Client(), r)
	if err != nil {
		t.Fatal(err)
	}
	if res.status != 200 || res.header.Get("X-Rate-Limit-Requests-Left") != "449" {
		t.Errorf("%d with %s left", res.status, res.header.Get("X-Rate-Limit-Requests-Left"))
	}
}

// TestConcurrencyCap takes the three places a write of customers has.
func TestConcurrencyCap(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Customers: 5, Products: 1})
	leave := make([]func(), 0, 3)
	found, _, _ := findRoute("PUT", "/v3/customers")
	c := &call{server: s, store: s.Store}
	for range 3 {
		out, ok := c.enter(found)
		if !ok {
			t.Fatal("the cap is under three")
		}
		leave = append(leave, out)
	}
	r := do(t, s, "PUT", "/v3/customers", `[{"id":1,"notes":"x"}]`)
	if r.status != http.StatusTooManyRequests || r.header.Get("X-Retry-After") != "" || r.header.Get("X-Rate-Limit-Requests-Left") == "0" {
		t.Fatalf("%d %v", r.status, r.header)
	}
	if r := fetch(t, s, "/v3/customers"); r.status != 200 {
		t.Errorf("reading beside: %d", r.status)
	}
	for _, out := range leave {
		out()
	}
	if r := do(t, s, "PUT", "/v3/customers", `[{"id":1,"notes":"x"}]`); r.status != 200 {
		t.Errorf("after the others: %d %s", r.status, r.body)
	}
	if got := s.Ledger(); got.Crowded != 1 || got.Answered != 2 {
		t.Errorf("ledger %+v", got)
	}
}

func TestParallelRequestsAreCountedOnce(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{Clock: c.now, Quota: 40, Products: 1})
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if _, err := send(t.Context(), s, s.Token(), "GET", "/v2/time", ""); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got, want := s.Ledger(), (Ledger{Requests: 100, Answered: 40, Throttled: 60}); got != want {
		t.Errorf("ledger %+v, want %+v", got, want)
	}
}
