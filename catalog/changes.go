package catalog

import (
	"context"
	"iter"
	"slices"
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
// A Changes value is for one goroutine.
type Changes[T any] struct {
	source changeSource[T]
	state  checkpoint
	err    error
}

// changeSource is what differs between resources.
type changeSource[T any] struct {
	resource Resource
	engine   Engine
	list     func(ctx context.Context, since time.Time, options ListOptions) iter.Seq2[T, error]
	identify func(*T) (id string, updated time.Time, cursor Cursor)
	options  ListOptions
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
	}, func(p *Product) (string, time.Time, Cursor) { return p.ID, p.UpdatedAt, p.Cursor })
}

// OrderChanges reads orders changed since the checkpoint; "" means all.
func OrderChanges(e Engine, checkpoint string, options ...ChangeOptions) *Changes[Order] {
	return newChanges(e, Orders, checkpoint, options, func(ctx context.Context, since time.Time, o ListOptions) iter.Seq2[Order, error] {
		return e.Orders(ctx, OrderQuery{ListOptions: o, UpdatedSince: since})
	}, func(o *Order) (string, time.Time, Cursor) { return o.ID, o.UpdatedAt, o.Cursor })
}

// CustomerChanges reads customers changed since the checkpoint; "" means all.
func CustomerChanges(e Engine, checkpoint string, options ...ChangeOptions) *Changes[Customer] {
	return newChanges(e, Customers, checkpoint, options, func(ctx context.Context, since time.Time, o ListOptions) iter.Seq2[Customer, error] {
		return e.Customers(ctx, CustomerQuery{ListOptions: o, UpdatedSince: since})
	}, func(c *Customer) (string, time.Time, Cursor) { return c.ID, c.UpdatedAt, c.Cursor })
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
	}, func(l *InventoryLevel) (string, time.Time, Cursor) {
		return l.ItemID + "@" + l.LocationID, l.UpdatedAt, l.Cursor
	})
}

func newChanges[T any](e Engine, r Resource, saved string, options []ChangeOptions,
	list func(context.Context, time.Time, ListOptions) iter.Seq2[T, error], identify func(*T) (string, time.Time, Cursor)) *Changes[T] {
	source := changeSource[T]{resource: r, engine: e, list: list, identify: identify}
	if len(options) > 0 {
		source.options = options[0].list()
	}
	c := &Changes[T]{source: source}
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
// saved after each run, or as often as a run should be resumable.
func (c *Changes[T]) Checkpoint() string {
	return c.state.encode(c.source.engine.Platform(), c.source.resource)
}

// All yields the changed records and ends when there are no more. An error
// ends it; the checkpoint stays good for the next try.
func (c *Changes[T]) All(ctx context.Context) iter.Seq2[T, error] {
	if c.err != nil {
		return failed[T](c.err)
	}
	features := c.source.engine.Features().Resources[c.source.resource]
	switch {
	case features.Changes == ChangesNone || features.Changes == "":
		return failed[T](Unsupported(c.source.engine.Platform(), "read changed "+string(c.source.resource), "read the whole list, or use webhooks"))
	case features.SortsUpdated:
		return c.sorted(ctx, features)
	case c.state.Mark.IsZero():
		return c.full(ctx)
	default:
		return c.collected(ctx, features)
	}
}

// sorted streams from the mark, oldest change first.
func (c *Changes[T]) sorted(ctx context.Context, f ResourceFeatures) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		options := c.source.options
		options.Sort = SortUpdated
		for v, err := range c.source.list(ctx, c.state.since(f), options) {
			if err != nil {
				yield(v, err)
				return
			}
			id, updated, _ := c.source.identify(&v)
			if c.state.delivered(id, updated) {
				continue
			}
			if !yield(v, nil) {
				return
			}
			c.state.deliver(id, updated, f.Overlap)
		}
	}
}

// full reads everything once in the list's own order. The mark it leaves is
// the time before it began, so that what changes meanwhile comes again.
func (c *Changes[T]) full(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if c.state.Began.IsZero() {
			c.state.Began = time.Now().UTC().Truncate(time.Second)
		}
		options := c.source.options
		options.After = c.state.Cursor
		for v, err := range c.source.list(ctx, time.Time{}, options) {
			if err != nil {
				yield(v, err)
				return
			}
			if !yield(v, nil) {
				return
			}
			if _, _, cursor := c.source.identify(&v); cursor != "" {
				c.state.Cursor = cursor
			}
		}
		c.state = checkpoint{Mark: c.state.Began}
	}
}

// collected gathers the changes, with the platform's filter or by reading all,
// and yields them newest last. It keeps the changed records in memory.
func (c *Changes[T]) collected(ctx context.Context, f ResourceFeatures) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		began := time.Now().UTC().Truncate(time.Second)
		since := c.state.since(f)
		filter := since
		if f.Changes == ChangesScan {
			filter = time.Time{}
		}
		var changed []T
		for v, err := range c.source.list(ctx, filter, c.source.options) {
			if err != nil {
				yield(v, err)
				return
			}
			id, updated, _ := c.source.identify(&v)
			if !updated.IsZero() && updated.Before(since) || c.state.delivered(id, updated) {
				continue
			}
			changed = append(changed, v)
		}
		slices.SortStableFunc(changed, func(a, b T) int {
			_, at, _ := c.source.identify(&a)
			_, bt, _ := c.source.identify(&b)
			return at.Compare(bt)
		})
		for _, v := range changed {
			if !yield(v, nil) {
				return
			}
			id, updated, _ := c.source.identify(&v)
			// A record read early may have changed again before the read was
			// over, so the mark must not pass the time the read began.
			c.state.deliverUpTo(id, updated, began, f.Overlap)
		}
	}
}
