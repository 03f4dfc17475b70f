package webhook_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify/shopifytest"
	"github.com/soukhq/souk/webhook"
)

// sweepOf sweeps and returns what was put, by resource.
func sweepOf(t *testing.T, s *webhook.Sweeper, account string) map[catalog.Resource]int {
	t.Helper()
	done, err := s.Sweep(t.Context(), account)
	check(t, err)
	put := make(map[catalog.Resource]int)
	for _, one := range done {
		if one.Err != nil {
			t.Fatalf("sweep of %s: %v", one.Resource, one.Err)
		}
		put[one.Resource] = one.Put
	}
	return put
}

// A delivery and its sweep twin are handled once, whichever comes first.
func TestSweepFindsWhatWebhooksMissed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	var mu sync.Mutex
	handled := make(map[string]int)
	d := webhook.NewDispatcher(w.stores, w.inbox)
	d.Logger = quiet
	d.OnAny(func(ctx context.Context, e catalog.Event) error {
		var err error
		switch e.Resource {
		case catalog.Orders:
			_, err = w.stores.Order(ctx, e)
		case catalog.Products:
			_, err = w.stores.Product(ctx, e)
		}
		mu.Lock()
		defer mu.Unlock()
		handled[fmt.Sprint(e.Kind, " ", e.ResourceID)]++
		return err
	})
	done := make(chan struct{}, 1000)
	d.OnAttempt = func(context.Context, webhook.AttemptReport) { done <- struct{}{} }
	defer run(t, d)()
	wait := func(n int) {
		t.Helper()
		for range n {
			select {
			case <-done:
			case <-time.After(20 * time.Second):
				t.Fatal("an event was not handled")
			}
		}
		// Reported is not yet on record.
		for {
			if s, err := w.inbox.Stats(t.Context()); err != nil || s.States[webhook.StateRunning]+s.States[webhook.StatePending] == 0 {
				check(t, err)
				return
			}
			select {
			case <-t.Context().Done():
				t.Fatal("still running")
			case <-time.After(time.Millisecond):
			}
		}
	}
	s := &webhook.Sweeper{Stores: w.stores, Inbox: w.inbox, Checkpoints: &webhook.MemoryCheckpoints{}, SkipFirst: true, Batch: 2,
		Resources: []catalog.Resource{catalog.Products, catalog.Orders, catalog.Customers}}
	if put := sweepOf(t, s, "tenant-1"); put[catalog.Products]+put[catalog.Orders]+put[catalog.Customers] != 0 {
		t.Fatalf("the first sweep put %v", put)
	}
	told := w.shop.AddOrder(shopifytest.Order{})
	missed := w.shop.AddOrder(shopifytest.Order{})
	if got := w.post(t, "/webhooks/shopify", w.shop.Webhook("orders/create", w.shop.OrderPayload(told))); got.status != 200 {
		t.Fatalf("answered %d", got.status)
	}
	wait(1)
	products := w.shop.Products()
	for _, p := range products[:2] {
		w.shop.UpdateProduct(p.ID, func(p *shopifytest.Product) { p.Title = "changed" })
	}
	if got := w.post(t, "/webhooks/shopify", w.shop.Webhook("products/update", w.shop.ProductPayload(w.shop.Product(products[0].ID)))); got.status != 200 {
		t.Fatalf("answered %d", got.status)
	}
	wait(1)
	put := sweepOf(t, s, "tenant-1")
	if put[catalog.Orders] != 1 || put[catalog.Products] != 1 || put[catalog.Customers] != 0 {
		t.Errorf("the sweep put %v; want the order and the product that were missed", put)
	}
	wait(2)
	// The deliveries that were missed come late.
	late := w.post(t, "/webhooks/shopify", w.shop.Webhook("orders/create", w.shop.OrderPayload(missed)))
	if late.status != 200 || !w.last(t).Results[0].Duplicate {
		t.Errorf("the late delivery is %+v", w.last(t).Results)
	}
	// A payment is news, whatever a sweep has seen.
	paid := w.post(t, "/webhooks/shopify", w.shop.Webhook("orders/paid", w.shop.OrderPayload(missed)))
	if paid.status != 200 || w.last(t).Results[0].Duplicate {
		t.Errorf("the payment is %+v", w.last(t).Results)
	}
	wait(1)
	if put := sweepOf(t, s, "tenant-1"); put[catalog.Orders]+put[catalog.Products] != 0 {
		t.Errorf("a second sweep put %v", put)
	}
	want := map[string]int{"order.created " + text(told.ID): 1, "order.created " + text(missed.ID): 1, "order.paid " + text(missed.ID): 1,
		"product.updated " + text(products[0].ID): 1, "product.updated " + text(products[1].ID): 1}
	mu.Lock()
	defer mu.Unlock()
	if fmt.Sprint(handled) != fmt.Sprint(want) {
		t.Errorf("handled %v\nwant    %v", handled, want)
	}
	for _, r := range w.records(t, webhook.Query{Topic: webhook.SweepTopic}) {
		if e := r.Event; e.Account != "tenant-1" || !e.Partial || e.UpdatedAt.IsZero() || e.Platform != "shopify" || e.Store != w.shop.Shop() {
			t.Errorf("a sweep's event is %+v", e)
		}
	}
}
