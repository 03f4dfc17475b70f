package catalog

import (
	"context"
	"iter"
	"time"
)

// Changes reads what changed in one resource of a store since a checkpoint.
//
// Delivery is at least once: nothing that is present is skipped, and a record
// may come again. With the checkpoint "" everything is delivered first. Where
// Features says SortsUpdated, records come newest change last at all times;
// elsewhere the first full read comes in the list's order and only later reads
// come newest last. Deletions cannot be seen this way; use webhooks. The same
// record changed twice between two reads comes once, in its latest state.
//
// The clocks of this machine and of the platform may differ by five minutes.
//
// A Changes value is for one goroutine.
type Changes[T any] struct {
	source changeSource[T]
	state  checkpoint
	saved  string // what it was made with
	err    error  // what is wrong with that
}

// changeSource is what differs between resources.
type changeSource[T any] struct {
	resource Resource
	engine   Engine
	list     func(ctx context.Context, since time.Time, options ListOptions) iter.Seq2[T, error]
	identify func(*T) changed
	options  ListOptions
}

// changed is what a reader needs to know of a record.
type changed struct {
	id      string
	updated time.Time
	record  *Record
}

// ChangeOptions tune a reader of changes. The zero value is good.
type ChangeOptions struct {
	// PageSize, OmitRaw and OnBadItem are as in ListOptions. A record that is
	// skipped by OnBadItem counts as delivered.
	PageSize  int
	OmitRaw   bool
	OnBadItem func(*ItemError) error
}

func (o ChangeOptions) list() ListOptions {
	return ListOptions{PageSize: o.PageSize, OmitRaw: o.OmitRaw, OnBadItem: o.OnBadItem}
}

// ProductChanges reads products changed since the checkpoint that an earlier
// reader of the same store returned; "" means all.
func ProductChanges(e Engine, checkpoint string, options ...ChangeOptions) *Changes[Product] {
	return newChanges(e, Products, checkpoint, options, func(ctx context.Context, since time.Time, o ListOptions) iter.Seq2[Product, error] {
		return e.Products(ctx, ProductQuery{ListOptions: o, UpdatedSince: since})
	}, func(p *Product) changed { return changed{p.ID, p.UpdatedAt, &p.Record} })
}

// OrderChanges reads orders changed since the checkpoint; "" means all.
func OrderChanges(e Engine, checkpoint string, options ...ChangeOptions) *Changes[Order] {
	return newChanges(e, Orders, checkpoint, options, func(ctx context.Context, since time.Time, o ListOptions) iter.Seq2[Order, error] {
		return e.Orders(ctx, OrderQuery{ListOptions: o, UpdatedSince: since})
	}, func(o *Order) changed { return changed{o.ID, o.UpdatedAt, &o.Record} })
}

// CustomerChanges reads customers changed since the checkpoint; "" means all.
func CustomerChanges(e Engine, checkpoint string, options ...ChangeOptions) *Changes[Customer] {
	return newChanges(e, Customers, checkpoint, options, func(ctx context.Context, since time.Time, o ListOptions) iter.Seq2[Customer, error] {
		return e.Customers(ctx, CustomerQuery{ListOptions: o, UpdatedSince: since})
	}, func(c *Customer) changed { return changed{c.ID, c.UpdatedAt, &c.Record} })
}

// InventoryChanges reads stock levels changed since the checkpoint; "" means
// all. It needs the InventoryReader capability.
func InventoryChanges(e Engine, checkpoint string, options ...ChangeOptions) *Changes[InventoryLevel] {
	return newChanges(e, Inventory, checkpoint, options, func(ctx context.Context, since time.Time, o ListOptions) iter.Seq2[InventoryLevel, error] {
		reader, ok := As[InventoryReader](e)
		if !ok {
			return failed[InventoryLevel](Unsupported(e.Platform(), "read inventory changes", "read products, whose variants carry their stock"))
		}
		return reader.InventoryLevels(ctx, InventoryQuery{ListOptions: o, UpdatedSince: since})
	}, func(l *InventoryLevel) changed {
		return changed{l.ItemID + "@" + l.LocationID, l.UpdatedAt, &l.Record}
	})
}

func newChanges[T any](e Engine, r Resource, saved string, options []ChangeOptions,
	list func(context.Context, time.Time, ListOptions) iter.Seq2[T, error], identify func(*T) changed) *Changes[T] {
	source := changeSource[T]{resource: r, engine: e, list: list, identify: identify}
	if len(options) > 0 {
		source.options = options[0].list()
	}
	c := &Changes[T]{source: source, saved: saved}
	c.state, c.err = parseCheckpoint(e.Platform(), r, saved)
	return c
}

func failed[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}

// Checkpoint returns where the next reader continues. It moves on only when
// the loop asks for the next record, so the one being handled when the process
// dies or the loop is left comes again. It is plain text without secrets, to be
// saved after each run, or as often as a run should be resumable. One that was
// refused is given back as it came.
func (c *Changes[T]) Checkpoint() string {
	if c.err != nil {
		return c.saved
	}
	return c.state.encode(c.source.engine.Platform(), c.source.resource)
}
