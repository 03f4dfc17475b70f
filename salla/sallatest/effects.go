package sallatest

import (
	"slices"
	"sync/atomic"
	"time"
)

// Effect is one change a request made to the store. A request that was refused,
// or that set what was there already, has none; work the API queues has its
// effects once it is done. A status, a note or a shipment counts each time it
// is sent, since Salla keeps each in a history of its own.
type Effect struct {
	Endpoint string // method and path with * for each variable, such as "PUT products/*"
	ID       int64  // of the product, variant, order, shipment, customer or webhook changed
	Time     time.Time
}

// Effects returns all changes that requests made so far, in order. Changes made
// with the methods of Store are not among them.
func (s *Store) Effects() []Effect {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.effects)
}

// effect notes a change; "" is for what only follows from another one.
func (s *Store) effect(endpoint string, id int64) {
	if endpoint == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.effects = append(s.effects, Effect{endpoint, id, s.now()})
}

// effect notes a change the request made.
func (c *call) effect(id int64) { c.store.effect(c.endpoint, id) }

// queue holds the work that is done after some further requests to the store,
// in the order it came. It is guarded by Store.writing.
type queue struct {
	list []*work
	lose int
	busy atomic.Bool // false only when the list is empty
}

type work struct {
	left int
	do   func()
}

// later queues work of a request, which holds Store.writing, or forgets it if
// LoseQueued asks for that.
func (s *Store) later(do func()) {
	switch q := &s.queue; {
	case q.lose > 0:
		q.lose--
	case s.cfg.QueueRequests == 0:
		do()
	default:
		q.list = append(q.list, &work{s.cfg.QueueRequests, do})
		q.busy.Store(true)
	}
}

// FinishQueued does all queued work now.
func (s *Store) FinishQueued() { s.progress(1 << 30) }

// LoseQueued makes the next n pieces of work that a request queues be forgotten:
// the answer says queued, and nothing ever happens.
func (s *Store) LoseQueued(n int) {
	s.writing.Lock()
	s.queue.lose = n
	s.writing.Unlock()
}

// progress moves queued work on by n requests.
func (s *Store) progress(n int) {
	q := &s.queue
	if !q.busy.Load() {
		return
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	var wait []*work
	for _, w := range q.list {
		if w.left -= n; w.left <= 0 && len(wait) == 0 {
			w.do()
			continue
		}
		wait = append(wait, w)
	}
	q.list = wait
	q.busy.Store(len(wait) > 0)
}
