package sallatest

import (
	"net/http"
	"strconv"
	"testing"
	"time"
)

func TestPlanBudgets(t *testing.T) {
	t.Parallel()
	for plan, limit := range map[string]int{"": 120, PlanBasic: 120, PlanPlus: 120, PlanPro: 360, PlanSpecial: 720} {
		t.Run("plan "+plan, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			s := start(t, &Config{TB: t, Plan: plan, Clock: c.now, Products: -1, Orders: -1})
			for n := range limit {
				r := get(t, s, "/store/info")
				if r.status != http.StatusOK || r.header.Get("X-RateLimit-Remaining") != strconv.Itoa(limit-n-1) ||
					r.header.Get("X-RateLimit-Limit") != strconv.Itoa(limit) {
					t.Fatalf("request %d: %d %v", n+1, r.status, r.header)
				}
			}
			r := get(t, s, "/store/info")
			if r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") != "1" || r.header.Get("X-RateLimit-Remaining") != "0" {
				t.Errorf("over the budget: %d %v", r.status, r.header)
			}
			if want := strconv.FormatInt(c.now().Unix()+60, 10); r.header.Get("X-RateLimit-Reset") != want {
				t.Errorf("reset %s, want %s", r.header.Get("X-RateLimit-Reset"), want)
			}
			c.add(time.Second)
			for i, want := range []int{200, 429} { // one a second leaks through
				if r := get(t, s, "/store/info"); r.status != want {
					t.Errorf("leak request %d: %d, want %d", i, r.status, want)
				}
			}
			c.add(59 * time.Second)
			if r := get(t, s, "/store/info"); r.status != 200 || r.header.Get("X-RateLimit-Remaining") != strconv.Itoa(limit-1) {
				t.Errorf("after the reset: %d %v", r.status, r.header)
			}
			l := s.Ledger()
			if want := (Ledger{Requests: limit + 4, Answered: limit + 2, Throttled: 2}); l != want {
				t.Errorf("ledger %+v, want %+v", l, want)
			}
		})
	}
}

func TestWindowLeak(t *testing.T) {
	t.Parallel()
	base := time.Unix(1_800_000_000, 300_000_000)
	w := newWindow(2, time.Minute, time.Second)
	steps := []struct {
		at    time.Duration
		ok    bool
		retry time.Duration
	}{
		{0, true, 0}, {0, true, 0}, {100 * time.Millisecond, false, 900 * time.Millisecond},
		{time.Second, true, 0}, {1500 * time.Millisecond, false, 500 * time.Millisecond},
		{3 * time.Second, true, 0}, {3 * time.Second, true, 0}, {3 * time.Second, false, time.Second},
		{59700 * time.Millisecond, true, 0}, // the window was cut to the second
	}
	for i, st := range steps {
		v := w.take(base.Add(st.at), false)
		if v.ok != st.ok || !st.ok && v.retry != st.retry {
			t.Errorf("step %d at %v: %+v", i, st.at, v)
		}
	}
	if v := w.take(base.Add(59700*time.Millisecond), false); v.remaining != 0 || v.reset != base.Add(119700*time.Millisecond) {
		t.Errorf("second window: %+v", v)
	}
}

func TestCustomersBudgetSpansStores(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now, Plan: PlanSpecial, CustomersLimit: 6})
	other := s.AddStore(&Config{Plan: PlanSpecial})
	for i := range 6 {
		token := []string{s.Token(), other.Token()}[i%2]
		if r := do(t, s, token, "GET", "/customers", ""); r.status != 200 {
			t.Fatalf("request %d: %d", i, r.status)
		}
	}
	r := do(t, s, other.Token(), "GET", "/customers/groups", "")
	if r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") != "600" || r.header.Get("X-RateLimit-Limit") != "720" {
		t.Errorf("seventh: %d %v", r.status, r.header)
	}
	if r := get(t, s, "/orders"); r.status != 200 {
		t.Errorf("orders are held back too: %d", r.status)
	}
	c.add(10 * time.Minute)
	if r := get(t, s, "/customers"); r.status != 200 {
		t.Errorf("after ten minutes: %d", r.status)
	}
	if l := s.CustomersLedger(); l.Requests != 8 || l.Answered != 7 || l.Throttled != 1 {
		t.Errorf("customers ledger %+v", l)
	}
	if l := other.Ledger(); l.Throttled != 1 || l.Answered != 3 {
		t.Errorf("other store's ledger %+v", l)
	}
}

func TestUnthrottledKeepsHeaders(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true, PerMinute: 2})
	for range 5 {
		if r := get(t, s, "/store/info"); r.status != 200 || r.header.Get("X-RateLimit-Remaining") != "2" {
			t.Fatalf("%d %v", r.status, r.header)
		}
	}
}
