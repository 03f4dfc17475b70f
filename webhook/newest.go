package webhook

import (
	"container/list"
	"context"
	"sync"

	"github.com/soukhq/souk/catalog"
)

// Newest recognises events that come late: platforms promise no order. It
// remembers, for the resources handled last, the newest event that was handled.
// The zero value is ready and remembers 100,000; it is safe for concurrent use.
// It knows only what this process handled: a host that keeps the records
// compares with its own copy instead, by Event.OlderThan.
type Newest struct {
	// Max bounds the resources remembered; 0 = 100,000.
	Max int

	mu     sync.Mutex
	byName map[string]*list.Element
	recent list.List // of *newestOf, handled longest ago first
}

type newestOf struct {
	name  string
	event catalog.Event // its times only
}

// Stale reports whether a newer event of the same resource was handled. What
// cannot be told is not stale.
func (n *Newest) Stale(event catalog.Event) bool {
	name := resourceName(&event)
	n.mu.Lock()
	defer n.mu.Unlock()
	e := n.byName[name]
	return name != "" && e != nil && event.OlderThan(e.Value.(*newestOf).event)
}

// Handled remembers that the event was handled.
func (n *Newest) Handled(event catalog.Event) {
	name := resourceName(&event)
	if name == "" || event.UpdatedAt.IsZero() && event.OccurredAt.IsZero() {
		return
	}
	times := catalog.Event{UpdatedAt: event.UpdatedAt, OccurredAt: event.OccurredAt}
	n.mu.Lock()
	defer n.mu.Unlock()
	if e := n.byName[name]; e != nil {
		n.recent.MoveToBack(e)
		if of := e.Value.(*newestOf); !times.OlderThan(of.event) {
			of.event = times
		}
		return
	}
	if n.byName == nil {
		n.byName = make(map[string]*list.Element)
	}
	if n.recent.Len() >= orDefault(n.Max, 100_000) {
		oldest := n.recent.Front()
		delete(n.byName, oldest.Value.(*newestOf).name)
		n.recent.Remove(oldest)
	}
	n.byName[name] = n.recent.PushBack(&newestOf{name, times})
}

// Skip wraps a handler that is only interested in the latest state: events
// that are stale are ignored, and recorded so. Do not wrap handlers of events
// that are news in themselves, such as a payment.
func (n *Newest) Skip(h Handler) Handler {
	return func(ctx context.Context, event catalog.Event) error {
		if n.Stale(event) {
			return ErrIgnored
		}
		err := h(ctx, event)
		if err == nil {
			n.Handled(event)
		}
		return err
	}
}

func resourceName(e *catalog.Event) string {
	if e.Resource == "" || e.ResourceID == "" {
		return ""
	}
	return catalog.EventKey(e.Platform, e.Store, string(e.Resource), e.ResourceID)
}
