package shopifytest

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

func sprint(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func TestSizeCost(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 0, 1: 1, 2: 1, 3: 2, 5: 3, 10: 4, 20: 5, 25: 6, 50: 7, 100: 9, 250: 11} {
		if got := sizeCost(n); got != want {
			t.Errorf("size of %d nodes: %d, want %d", n, got, want)
		}
	}
}

func TestRequestedCost(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Unthrottled: true})
	for _, tc := range []struct {
		query string
		want  int
	}{
		{`{ shop { name } }`, 1},
		{`{ shop { name plan { shopifyPlus } } }`, 2},
		{`{ orders(first: 250) { nodes { id } } }`, 13},
		{`{ orders(first: 250) { nodes { id totalPriceSet { shopMoney { amount } } } pageInfo { hasNextPage } } }`, 13},
		{`{ orders(first: 250) { nodes { id lineItems(first: 250) { nodes { id } } } } }`, 156},
		{`{ orders(first: 250) { edges { cursor node { id lineItems(first: 250) { edges { node { id } } } } } } }`, 156},
		{`{ products(first: 250) { nodes { id variants(first: 250) { nodes { id } } options { name } } } }`, 167},
		{`{ products(last: 250) { nodes { id } } }`, 13},
		{`{ productsCount { count } ordersCount { count } }`, 20},
		{`{ product(id: "gid://shopify/Product/1") { id } }`, 1},
		{`query($on: Boolean = false) { shop { name plan @include(if: $on) { shopifyPlus } } }`, 1},
		{`{ order(id: "gid://shopify/Order/1") { refunds { id transactions(first: 1) { nodes { id } } } } }`, 5},
	} {
		a := ask(t, s, tc.query, nil)
		if got := a.Extensions.Cost.Requested; got != tc.want {
			t.Errorf("%s costs %d, want %d (%v)", tc.query, got, tc.want, a.Errors)
		}
	}
}

func TestActualCostFollowsTheNodes(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 10, Unthrottled: true})
	a := ask(t, s, `{ products(first: 250) { nodes { id } } }`, nil)
	if got := *a.Extensions.Cost.Actual; got != connectionCost(10, 0) || a.Extensions.Cost.Requested != 13 {
		t.Errorf("10 of 250 products: %d", got)
	}
	a = ask(t, s, `{ products(first: 250, query: "id:1") { nodes { id variants(first: 5) { nodes { id } } } } }`, nil)
	if got := *a.Extensions.Cost.Actual; got != 2 {
		t.Errorf("no products: %d", got)
	}
}

func TestBucket(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, &Config{Clock: clock.Now, Bucket: Bucket{Capacity: 100, Restore: 10}, Products: 5})
	// Five products come, so the charge is far below what 250 would cost.
	query := `{ products(first: 250) { nodes { id variants(first: 3) { nodes { id } } } } }`
	first := ask(t, s, query, nil)
	if first.Extensions.Cost.Requested != 57 {
		t.Fatalf("requested %d", first.Extensions.Cost.Requested)
	}
	actual := *first.Extensions.Cost.Actual
	if want := connectionCost(5, connectionCost(3, 0)); actual != want {
		t.Fatalf("charged %d, want %d", actual, want)
	}
	if got := first.Extensions.Cost.Throttle; got.Maximum != "100.0" || got.Restore != "10.0" || got.Available.String() != fmt.Sprint(100-actual) {
		t.Errorf("%+v", got)
	}
	ask(t, s, query, nil)
	ask(t, s, query, nil)
	refused := ask(t, s, query, nil)
	if refused.Status != 200 || len(refused.Errors) != 1 || refused.Errors[0].Extensions["code"] != "THROTTLED" ||
		refused.Extensions.Cost.Actual != nil || refused.Header.Get("Retry-After") != "" || refused.Data != nil {
		t.Fatalf("%s", refused.Raw)
	}
	left := 100 - 3*actual
	if refused.Extensions.Cost.Throttle.Available.String() != fmt.Sprint(left) {
		t.Errorf("a refusal was charged: %s", refused.Raw)
	}
	need := float64(57-left) / 10
	clock.add(time.Duration(need*float64(time.Second)) - 10*time.Millisecond)
	if a := ask(t, s, query, nil); len(a.Errors) == 0 {
		t.Error("admitted before the bucket held enough")
	}
	clock.add(10 * time.Millisecond)
	if a := ask(t, s, query, nil); len(a.Errors) != 0 {
		t.Errorf("refused although the bucket holds enough: %s", a.Raw)
	}
	l := s.Ledger()
	if l.Requests != 6 || l.Answered != 4 || l.Throttled != 2 || l.PointsCharged != float64(4*actual) || l.PointsRequested != 4*57 {
		t.Errorf("%+v", l)
	}
	clock.add(time.Hour)
	if l := s.Ledger(); l.Available != 100 {
		t.Errorf("overfull: %v", l.Available)
	}
}

func TestTheBucketIsNeverOverdrawn(t *testing.T) {
	t.Parallel()
	clock := newClock() // stands still: nothing is restored
	s := start(t, &Config{Clock: clock.Now, Products: 50, Bucket: Bucket{Capacity: 300}})
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for range 4 {
				ask(t, s, `{ products(first: 50) { nodes { id } } }`, nil)
			}
		})
	}
	wg.Wait()
	l := s.Ledger()
	if l.Requests != 128 || l.Answered+l.Throttled != 128 || l.Throttled == 0 || l.PointsCharged > 300 || l.Available != 300-l.PointsCharged || l.Available >= 9 {
		t.Errorf("%+v", l)
	}
	s.ResetLedger()
	s.SetBucket(Bucket{Capacity: 5})
	if l := s.Ledger(); l.Requests != 0 || l.Available != 5 || l.Restore != 100 {
		t.Errorf("%+v", l)
	}
}
