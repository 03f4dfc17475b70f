package catalogtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

// write is one kind of write with its type erased, so that a rule is written
// once for all.
type write struct {
	name  string
	needs catalog.Capability
	// adds says that it adds to what is there, so that it matters whose effect
	// is found; else it sets a state.
	adds bool
	// target makes something fresh to write to. What it returns does the write,
	// always the same one; hand is how a merchant would do it.
	target func(x *session) (do, hand attempt)
}

// attempt is one write, ready to be made through an engine.
type attempt func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error

// keyed reports whether the platform knows a write again by its key.
func (x *session) keyed(w write) bool {
	for _, c := range x.engine.Features().Keyed {
		if c == w.needs {
			return true
		}
	}
	return false
}

// openForWrites opens a store for a rule of writes, or skips the rule.
func (s *suite) openForWrites(t testing.TB, needs ...catalog.Capability) *session {
	t.Helper()
	x := s.open(t, sized(6, 3, 6))
	for _, c := range needs {
		if !x.has(c) {
			t.Skipf("Features says that %s is not there", c)
		}
	}
	if len(x.writes()) > 0 && (x.Writes == nil || x.Writes.Effects == nil) {
		t.Fatal("the adapter writes, but the harness's store has no Writes")
	}
	if x.Writes == nil {
		t.Skip("Features says that nothing is written")
	}
	return x
}

// writes are those the engine can do.
func (x *session) writes() []write {
	var all []write
	for _, w := range []write{createProduct, updateProduct, deleteProduct, setStock, adjustStock, cancelOrder, addNote, fulfillOrder,
		updateTracking, refundOrder, createCustomer, updateCustomer, ensureSubscriptions} {
		if x.has(w.needs) {
			all = append(all, w)
		}
	}
	return all
}

// settle lets the store's clock run, so that what happens next is not as old
// as what was prepared.
func (x *session) settle() {
	x.clock.push(time.Minute)
	_, _ = x.engine.Shop(x.t.Context()) // tells the adapter the new time
}

// effects waits a little for work in the background and counts.
func (x *session) effects() int {
	for range 4 {
		_, _ = x.suite.reader(x).Shop(x.t.Context())
	}
	return x.Writes.Effects()
}

// reader is an engine that no fault and no budget of the one under test
// touches.
func (s *suite) reader(x *session) catalog.Engine {
	if x.second == nil {
		x.second = x.reopen()
	}
	return x.second
}

var serial atomic.Int64

// unique makes a text that no other has.
func unique(prefix string) string { return fmt.Sprintf("%s-%d", prefix, serial.Add(1)) }

// with gives a write the capability it is made through.
func with[C any](e catalog.Engine, f func(c C) error) error {
	c, ok := catalog.As[C](e)
	if !ok {
		return errors.New("the capability is not there")
	}
	return f(c)
}

// same is a target whose merchant does what the host does.
func same(do attempt) (attempt, attempt) { return do, do }

func (x *session) money(amount string) catalog.Money {
	x.t.Helper()
	if x.currency == "" {
		shop, err := x.engine.Shop(x.t.Context())
		if err != nil {
			x.t.Fatal(err)
		}
		x.currency = shop.Currency
	}
	m, err := catalog.NewMoney(amount, x.currency)
	if err != nil {
		x.t.Fatal(err)
	}
	return m
}

var createProduct = write{"create a product", catalog.CanWriteProducts, true, func(x *session) (attempt, attempt) {
	input := catalog.ProductInput{Title: unique("New"), Variants: []catalog.VariantInput{{SKU: unique("NEW-SKU"), Price: x.money("12.50")}}}
	return same(func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error {
		return with(e, func(c catalog.ProductWriter) error { _, err := c.CreateProduct(ctx, input, o); return err })
	})
}}

var updateProduct = write{"update a product", catalog.CanWriteProducts, false, func(x *session) (attempt, attempt) {
	id, patch := x.Products.Add(), catalog.ProductPatch{Title: catalog.Set(unique("Changed"))}
	return same(func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error {
		return with(e, func(c catalog.ProductWriter) error { _, err := c.UpdateProduct(ctx, id, patch, o); return err })
	})
}}

var deleteProduct = write{"delete a product", catalog.CanWriteProducts, false, func(x *session) (attempt, attempt) {
	id := x.Products.Add()
	return same(func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error {
		return with(e, func(c catalog.ProductWriter) error { return c.DeleteProduct(ctx, id, o) })
	})
}}

var setStock = write{"set stock", catalog.CanSetInventory, false, func(x *session) (attempt, attempt) {
	level := x.level(0)
	to := catalog.NewQuantity(1000 + serial.Add(1))
	return same(func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error {
		return with(e, func(c catalog.InventorySetter) error {
			return c.SetInventory(ctx, []catalog.InventorySet{{ItemID: level.ItemID, LocationID: level.LocationID, Available: to}}, o)
		})
	})
}}

var adjustStock = write{"adjust stock", catalog.CanAdjustInventory, true, func(x *session) (attempt, attempt) {
	level := x.level(1)
	return same(func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error {
		return with(e, func(c catalog.InventoryAdjuster) error {
			return c.AdjustInventory(ctx, []catalog.InventoryDelta{{ItemID: level.ItemID, LocationID: level.LocationID, Delta: catalog.NewQuantity(3)}}, o)
		})
	})
}}

var cancelOrder = write{"cancel an order", catalog.CanCancelOrders, false, func(x *session) (attempt, attempt) {
	id := x.cancellable()
	return same(func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error {
		return with(e, func(c catalog.OrderCanceller) error {
			return c.CancelOrder(ctx, id, catalog.CancelRequest{Reason: x.Writes.CancelReason}, o)
		})
	})
}}

var addNote = write{"add a note", catalog.CanAddNotes, false, func(x *session) (attempt, attempt) {
	id, text := x.Writes.NewOrder(), unique("note")
	return same(func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error {
		return with(e, func(c catalog.OrderNoter) error { return c.AddOrderNote(ctx, id, catalog.NoteInput{Text: text}, o) })
	})
}}

// fulfillOrder ships one of three pieces, so that a second shipment would be
// possible. The merchant's has no tracking number, or another.
var fulfillOrder = write{"ship a part of an order", catalog.CanFulfill, true, func(x *session) (attempt, attempt) {
	id := x.Writes.NewOrder()
	lines := x.lines(id, 1)
	ship := func(tracking []catalog.Tracking) attempt {
		return func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error {
			return with(e, func(c catalog.Fulfiller) error {
				_, err := c.Fulfill(ctx, id, catalog.FulfillRequest{Lines: lines, Tracking: tracking}, o)
				return err
			})
		}
	}
	return ship([]catalog.Tracking{{Company: x.carrier(0), Number: unique("TRACK")}}), ship(nil)
}}

var updateTracking = write{"update tracking", catalog.CanUpdateTracking, false, func(x *session) (attempt, attempt) {
	id := x.Writes.NewOrder()
	shipped := ""
	err := with(x.suite.reader(x), func(c catalog.Fulfiller) error {
		made, err := c.Fulfill(x.t.Context(), id, catalog.FulfillRequest{Lines: x.lines(id, 1)}, catalog.WriteOptions{})
		if err == nil {
			shipped = made[0].ID
		}
		return err
	})
	if err != nil {
		x.t.Fatalf("shipping an order: %v", err)
	}
	tracking := []catalog.Tracking{{Company: x.carrier(0), Number: unique("TRACK")}}
	return same(func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error {
		return with(e, func(c catalog.TrackingUpdater) error {
			return c.UpdateTracking(ctx, id, shipped, tracking, false, o)
		})
	})
}}

var refundOrder = write{"refund a part of an order", catalog.CanRefund, true, func(x *session) (attempt, attempt) {
	id := x.Writes.NewOrder()
	lines := x.lines(id, 1)
	return same(func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error {
		return with(e, func(c catalog.Refunder) error {
			_, err := c.Refund(ctx, id, catalog.RefundRequest{Lines: lines}, o)
			return err
		})
	})
}}

var createCustomer = write{"create a customer", catalog.CanWriteCustomers, true, func(x *session) (attempt, attempt) {
	patch := catalog.CustomerPatch{FirstName: catalog.Set("Noura"), LastName: catalog.Set("Saad"), Email: catalog.Set(unique("noura") + "@example.com"), Phone: x.phone()}
	return same(func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error {
		return with(e, func(c catalog.CustomerWriter) error { _, err := c.CreateCustomer(ctx, patch, o); return err })
	})
}}

var updateCustomer = write{"update a customer", catalog.CanWriteCustomers, false, func(x *session) (attempt, attempt) {
	id, patch := x.Customers.Add(), catalog.CustomerPatch{LastName: catalog.Set(unique("Saad"))}
	return same(func(ctx context.Context, e catalog.Engine, o catalog.WriteOptions) error {
		return with(e, func(c catalog.CustomerWriter) error { _, err := c.UpdateCustomer(ctx, id, patch, o); return err })
	})
}}

// ensureSubscriptions starts from none, so that one is made.
var ensureSubscriptions = write{"ensure subscriptions", catalog.CanSubscribe, false, func(x *session) (attempt, attempt) {
	wanted := x.Writes.Subscriptions[:1]
	ensure := func(wanted []catalog.Subscription) attempt {
		return func(ctx context.Context, e catalog.Engine, _ catalog.WriteOptions) error {
			return with(e, func(c catalog.Subscriber) error { _, err := c.EnsureSubscriptions(ctx, wanted); return err })
		}
	}
	if err := ensure(nil)(x.t.Context(), x.suite.reader(x), catalog.WriteOptions{}); err != nil {
		x.t.Fatalf("removing all subscriptions: %v", err)
	}
	return same(ensure(wanted))
}}

// carrier is a company that a shipment keeps as it is written.
func (x *session) carrier(n int) string {
	if x.Writes.Carriers == nil {
		return []string{"DHL", "SMSA"}[n]
	}
	return x.Writes.Carriers[n]
}

// hidden is the status of a product that shoppers cannot see.
func (x *session) hidden() catalog.ProductStatus {
	return cmp.Or(x.Writes.HiddenStatus, catalog.ProductDraft)
}

// takes reports whether a field takes any text.
func (x *session) takes(field string) bool {
	_, unwritable := x.Writes.Unwritable[field]
	return !unwritable
}

// cancellable adds an order that can be cancelled.
func (x *session) cancellable() string {
	if x.Writes.NewCancellable != nil {
		return x.Writes.NewCancellable()
	}
	return x.Writes.NewOrder()
}

// levels are the store's stock levels that can be set.
func (x *session) levels() iter.Seq[catalog.InventoryLevel] {
	x.t.Helper()
	return func(yield func(catalog.InventoryLevel) bool) {
		for v, err := range inventory.list(x.t.Context(), x.suite.reader(x), query{location: x.Writes.Location}) {
			if err != nil {
				x.t.Fatal(err)
			}
			level := v.value.(catalog.InventoryLevel)
			if level.Available == nil && x.Writes.Location != "" {
				level.Available = level.OnHand
			}
			if level.Available != nil && !yield(level) {
				return
			}
		}
	}
}

// level is one of the store's stock levels that is counted.
func (x *session) level(n int) catalog.InventoryLevel {
	x.t.Helper()
	for level := range x.levels() {
		if level.Tracked {
			if n--; n < 0 {
				return level
			}
		}
	}
	x.t.Fatal("the harness's store has too few stock levels that are counted")
	return catalog.InventoryLevel{}
}

// lines are so many pieces of an order's first line.
func (x *session) lines(order string, pieces int64) []catalog.FulfillmentLine {
	x.t.Helper()
	o, err := x.suite.reader(x).Order(x.t.Context(), order)
	if err != nil || len(o.LineItems) < 2 {
		x.t.Fatalf("the harness's new order has %d lines, %v; want two", len(o.LineItems), err)
	}
	return []catalog.FulfillmentLine{{LineItemID: o.LineItems[0].ID, Quantity: catalog.NewQuantity(pieces)}}
}

// phone is a number for a new customer, where the platform asks for one.
func (x *session) phone() (number catalog.Field[string]) {
	if x.Writes.Phone != nil {
		number = catalog.Set(x.Writes.Phone())
	}
	return number
}
