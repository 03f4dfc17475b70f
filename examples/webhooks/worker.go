package main

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// worker is what this program does about events: it reads the record and writes
// one line about it, the effect.
type worker struct {
	host   *host
	stores *catalog.Stores
	newest webhook.Newest
}

func newWorker(h *host, stores *catalog.Stores) *worker { return &worker{host: h, stores: stores} }

// Of these only the latest state counts: an event that comes late is ignored.
var latestCounts = []catalog.EventKind{catalog.EventProductUpdated, catalog.EventOrderUpdated, catalog.EventCustomerUpdated, catalog.EventInventoryChanged}

// These are news in themselves.
var newsCounts = []catalog.EventKind{
	catalog.EventProductCreated, catalog.EventProductDeleted, catalog.EventCustomerCreated, catalog.EventCustomerDeleted,
	catalog.EventOrderCreated, catalog.EventOrderPaid, catalog.EventOrderCancelled, catalog.EventOrderFulfilled,
	catalog.EventOrderRefunded, catalog.EventOrderDeleted, catalog.EventAppAuthorized, catalog.EventAppUninstalled,
}

func isHandled(kind catalog.EventKind) bool {
	return slices.Contains(latestCounts, kind) || slices.Contains(newsCounts, kind)
}

// register sets the handlers. Events of other kinds have none: they are kept,
// and recorded as ignored.
func (w *worker) register(d *webhook.Dispatcher) {
	for _, kind := range latestCounts {
		d.On(kind, w.newest.Skip(w.handle))
	}
	for _, kind := range newsCounts {
		d.On(kind, w.handle)
	}
}

func (w *worker) handle(ctx context.Context, event catalog.Event) error {
	delivered, _ := webhook.DeliveredFrom(ctx)
	if err := w.trouble(event, delivered.Attempt); err != nil {
		return err
	}
	did, err := w.read(ctx, event) // slow work comes before the transaction
	if err != nil {
		return err
	}
	record, err := w.host.inbox.Get(ctx, delivered.ID)
	if err != nil {
		return err
	}
	// The effect and the end of the event are one transaction: both are there,
	// or neither, whenever the program is killed.
	return webhook.Transact(ctx, func(ctx context.Context) error {
		return w.host.effects.write(ctx, effect{event: delivered.ID, replay: record.Replays, attempt: delivered.Attempt, did: did})
	})
}

// trouble lets a few events of the test servers fail, so that there is
// something to see: some once, and some for good, until a person replays them.
func (w *worker) trouble(event catalog.Event, attempt int) error {
	inside := false
	for _, shop := range w.host.shops {
		inside = inside || shop.inside && shop.adapter.Platform() == event.Platform
	}
	if !inside || attempt > 1 {
		return nil
	}
	switch crc32.ChecksumIEEE([]byte(event.Key)) % 64 {
	case 0, 1, 2, 3, 4:
		return errors.New("the warehouse did not answer (made up: the next attempt succeeds)")
	case 5:
		return webhook.Permanent(errors.New("the warehouse does not know this record (made up: replay it once that is put right)"))
	}
	return nil
}

// read decodes the event's record, or fetches it where the platform sends ids
// only, and says what it is.
func (w *worker) read(ctx context.Context, event catalog.Event) (string, error) {
	name := strings.TrimSuffix(string(event.Resource), "s")
	switch event.Kind {
	case catalog.EventAppAuthorized:
		return "the store is connected", nil
	case catalog.EventAppUninstalled:
		return "the store is disconnected", nil
	case catalog.EventProductDeleted, catalog.EventOrderDeleted, catalog.EventCustomerDeleted:
		return name + " " + event.ResourceID + " removed", nil
	}
	var did string
	var err error
	switch event.Resource {
	case catalog.Products:
		var p catalog.Product
		if p, err = w.stores.Product(ctx, event); err == nil {
			// Isolated, since a title may run from right to left.
			did = fmt.Sprintf("product “\u2068%s\u2069”, %s", p.Title, count(len(p.Variants), "variant"))
		}
	case catalog.Orders:
		var o catalog.Order
		if o, err = w.stores.Order(ctx, event); err == nil {
			did = fmt.Sprintf("order %s over %s, %s", o.Number, o.Total.Store, o.Status)
		}
	case catalog.Customers:
		var c catalog.Customer
		if c, err = w.stores.Customer(ctx, event); err == nil {
			did = "customer " + c.ID // nobody's name: the page is for operators
		}
	default:
		did = name + " " + event.ResourceID + " noted"
	}
	switch {
	case err == nil:
		return did, nil
	case errors.Is(err, catalog.ErrNotFound):
		return name + " " + event.ResourceID + " is gone by now", nil
	case errors.Is(err, catalog.ErrReauthorize), event.Account == "":
		return name + " " + event.ResourceID + " noted, not read: set the store and its access token", nil
	}
	return "", err
}

func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
