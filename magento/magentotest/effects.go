package magentotest

import (
	"slices"
	"time"
)

// Effect is one change that a request made to the shop. A request that was
// refused, or that sets what is there already, has none; one that changes
// several things has one for each.
type Effect struct {
	// Action is what was done: "product.create", "product.update",
	// "product.delete", "stock.set", "stock.manage", "stock.delete", "order.cancel",
	// "order.hold", "order.unhold", "order.comment", "order.save",
	// "invoice.create", "shipment.create", "track.create", "track.update",
	// "track.delete", "creditmemo.create", "customer.create",
	// "customer.update", "customer.delete", "subscription.create",
	// "subscription.update", "subscription.delete". What shipments and refunds
	// do to stock belongs to them and has no entry of its own.
	Action string
	// ID is what was changed: a SKU, a SKU and source as "24-MB01@default", the
	// name of an event, or a number. Documents and comments of an order have
	// the order's.
	ID   string
	Time time.Time
}

// Effects returns what requests changed so far, in order. Work in the
// background is in it once it is done; what tests change is not.
func (s *store) Effects() []Effect {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.effects)
}

// effect notes a change; the lock is held.
func (s *store) effect(action, id string) {
	s.effects = append(s.effects, Effect{action, id, s.cfg.Clock().UTC()})
}
