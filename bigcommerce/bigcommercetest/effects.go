package bigcommercetest

import (
	"reflect"
	"slices"
	"time"
)

// Effect is one change that a request made to the store. A request that was
// refused, or that set what was there already, has none.
type Effect struct {
	Request string // method and pattern of the path, such as PUT /v2/orders/*
	// Kind is what was changed: product, variant, option, image, custom field,
	// stock, order, shipment, refund, payment, customer, address, hook.
	Kind string
	ID   int64 // of what was changed; of stock the variant's, or the product's where that is tracked
	Time time.Time
}

// Effects returns all changes that requests made to the store so far, in
// order. Adjustments of stock that take a while have theirs once they show.
func (s *Store) Effects() []Effect {
	s.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.effects)
}

func (s *Store) effect(request, kind string, id int64) {
	s.mu.Lock()
	s.effects = append(s.effects, Effect{request, kind, id, s.now()})
	s.mu.Unlock()
}

// effect notes a change that this request made.
func (c *call) effect(kind string, id int64) { c.store.effect(c.request(), kind, id) }

// request names what was asked, without ids.
func (c *call) request() string { return c.route.method + " /" + c.route.pattern }

// outcome is what became of a change.
type outcome int

const (
	absent  outcome = iota // there is no such record
	refused                // the change said no
	same                   // it changed nothing
	changed                // stored
)

// alter applies a change that may refuse, and stores it only where it makes a
// difference: what is set again is no change, has no event and no new time.
func alter[T any](t *table[T], id int64, change func(*T) bool, stored func(*T), seen func(old, now *T)) outcome {
	result := absent
	t.edit(id, func(r *T) bool {
		before := t.clone(r)
		switch {
		case !change(r):
			result = refused
		case reflect.DeepEqual(before, t.clone(r)):
			result = same
		default:
			result = changed
			stored(r)
		}
		return result == changed
	}, seen)
	return result
}
