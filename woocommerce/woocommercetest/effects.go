package woocommercetest

import (
	"reflect"
	"slices"
	"sync"
	"time"
)

// Effect is one thing a request changed. A request that was refused has none,
// nor has one that wrote what was there already, although the store moves a
// record's date for that too.
type Effect struct {
	// Action is what was done to what: create, update, trash or delete after
	// product, variation, order, note, refund, customer, webhook, category, tag
	// or brand, such as "order.update"; or "stock.move", which sales,
	// cancellations and refunds bring about.
	Action string
	ID     int64 // of what was changed; of stock its product or variation
	Time   time.Time
}

// Effects returns everything requests changed so far, in order. What the test
// itself changed is not among it.
func (s *Server) Effects() []Effect {
	s.effects.mu.Lock()
	defer s.effects.mu.Unlock()
	return slices.Clone(s.effects.list)
}

type effectLog struct {
	mu   sync.Mutex
	list []Effect
}

// effect notes a change that the request made.
func (c *call) effect(action string, ids ...int64) {
	log := &c.server.effects
	log.mu.Lock()
	defer log.mu.Unlock()
	for _, id := range ids {
		log.list = append(log.list, Effect{action, id, c.server.now()})
	}
}

// same says whether two records are equal but for when they were changed.
func same[T any](a, b *T) bool {
	x, y := *a, *b
	reflect.ValueOf(&x).Elem().FieldByName("ModifiedAt").SetZero()
	reflect.ValueOf(&y).Elem().FieldByName("ModifiedAt").SetZero()
	return reflect.DeepEqual(x, y)
}
