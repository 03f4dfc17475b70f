package catalogtest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/soukhq/souk/catalog"
)

var concurrencyRules = []rule{
	{name: "one engine serves 32 goroutines at once", check: manyReaders, core: true},
	{name: "engines of one store share its budget and are never throttled", check: sharedBudget},
	{name: "a verifier and an adapter serve many goroutines at once", check: manyOpeners},
}

// goroutines is how many callers the rules make.
const goroutines = 32

func crowd(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

func manyReaders(t testing.TB, s *suite) {
	x := s.open(t)
	want := map[catalog.Resource][]string{}
	for _, k := range x.listed() {
		want[k.resource] = k.truth(x.Store).IDs()
	}
	list := x.listed()
	crowd(goroutines, func(i int) {
		k := list[i%len(list)]
		got, err := catalog.Collect(k.list(t.Context(), x.engine, query{ListOptions: catalog.ListOptions{PageSize: 1 + i%6}}))
		if err != nil {
			t.Errorf("%s: %v", k.resource, err)
		}
		once(t, fmt.Sprintf("%s read by goroutine %d", k.resource, i), ids(got), want[k.resource])
	})
}

// sharedBudget makes more calls at once than the budget allows, through two
// engines of one adapter.
func sharedBudget(t testing.TB, s *suite) {
	x := s.open(t, throttled)
	adapter := x.NewAdapter()
	engines := []catalog.Engine{x.openWith(adapter, x.source), x.openWith(adapter, x.source)}
	if _, err := engines[0].Shop(t.Context()); err != nil { // the first answer tells what there is to spend
		t.Fatal(err)
	}
	present := x.Products.IDs()
	ctx := within(t, patience)
	const each = 3
	crowd(goroutines, func(i int) {
		for n := range each {
			if _, err := engines[(i+n)%2].Product(ctx, present[(i*each+n)%len(present)]); err != nil {
				t.Errorf("goroutine %d: %v", i, err)
			}
		}
	})
	books := x.Ledger()
	if books.Throttled > 0 {
		t.Errorf("the platform throttled %d of %d calls", books.Throttled, books.Requests)
	}
	if least := goroutines*each + 1; books.Requests < least {
		t.Errorf("the server's ledger counts %d requests, want %d at least", books.Requests, least)
	}
	if s.Unpaced == "" && x.watch.waits == 0 {
		t.Error("no call had to wait: the harness's Throttled server has too large a budget to show anything")
	}
}

func manyOpeners(t testing.TB, s *suite) {
	x := s.open(t)
	adapter := x.NewAdapter()
	crowd(goroutines, func(int) {
		engine := x.openWith(adapter, x.source)
		if _, err := engine.Shop(t.Context()); err != nil {
			t.Errorf("Shop: %v", err)
		}
	})
	if x.Webhooks == nil {
		return // the webhook rules look whether that may be
	}
	verifier, err := adapter.Verifier(catalog.VerifierConfig{Account: x.Webhooks.Account, Secrets: []catalog.Secret{x.Webhooks.Secret}})
	if err != nil {
		t.Fatal(err)
	}
	deliveries := make([]catalog.Delivery, goroutines)
	for i := range deliveries {
		deliveries[i] = x.Webhooks.Deliver(x.Webhooks.Secret, x.Webhooks.Events[i%len(x.Webhooks.Events)])
	}
	crowd(goroutines, func(i int) {
		if _, err := verifier.Verify(t.Context(), deliveries[i]); err != nil {
			t.Errorf("Verify: %v", err)
		}
	})
}
