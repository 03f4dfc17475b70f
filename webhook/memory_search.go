package webhook

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Get implements Inbox.
func (m *MemoryInbox) Get(ctx context.Context, id string) (Record, error) {
	if err := ctx.Err(); err != nil {
		return Record{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.records[id]
	if r == nil {
		return Record{}, &catalog.Error{Op: "get event", Kind: catalog.ErrNotFound, Message: "no such record"}
	}
	full := r.Record
	full.Event, full.Header, full.History = cloneEvent(r.Event), r.Header.Clone(), slices.Clone(r.History)
	return full, nil
}

// Search implements Inbox.
func (m *MemoryInbox) Search(ctx context.Context, query Query) (Page, error) {
	if err := ctx.Err(); err != nil {
		return Page{}, err
	}
	before := int64(-1)
	if query.After != "" {
		var err error
		if before, err = strconv.ParseInt(query.After, 10, 64); err != nil || before < 1 {
			return Page{}, &catalog.Error{Op: "search events", Kind: catalog.ErrInvalid, Message: "After is not the Next of a page"}
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var page Page
	size := query.PageSize()
	for _, r := range slices.Backward(m.order) {
		if r == nil || before > 0 && r.seq >= before || !query.selects(&r.Record) {
			continue
		}
		if len(page.Records) == size {
			page.Next = page.Records[size-1].ID
			break
		}
		brief := r.Record
		brief.Header, brief.History, brief.Event.Payload = nil, nil, nil
		page.Records = append(page.Records, brief)
	}
	return page, nil
}

// selects reports whether the query selects the record, After aside.
func (q Query) selects(r *Record) bool {
	e := &r.Event
	for _, text := range []struct{ want, is string }{
		{q.ID, r.ID}, {q.Key, e.Key}, {q.Platform, e.Platform}, {q.Store, e.Store}, {q.Account, e.Account}, {q.Topic, e.Topic},
		{string(q.Kind), string(e.Kind)}, {string(q.Resource), string(e.Resource)}, {q.ResourceID, e.ResourceID},
	} {
		if text.want != "" && text.want != text.is {
			return false
		}
	}
	return (len(q.States) == 0 || slices.Contains(q.States, r.State)) &&
		!r.StoredAt.Before(q.From) && (q.To.IsZero() || r.StoredAt.Before(q.To))
}

// Replay implements Inbox.
func (m *MemoryInbox) Replay(ctx context.Context, query Query) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if query.All() {
		return 0, &catalog.Error{Op: "replay events", Kind: catalog.ErrInvalid, Message: "the query selects every record", Hint: "name at least the states, or a range of time"}
	}
	if query.States = query.Replayable(); len(query.States) == 0 {
		return 0, nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now, n := m.config.Now().UTC(), 0
	for _, r := range m.order {
		if r == nil || !query.selects(&r.Record) {
			continue
		}
		if r.final != nil {
			m.final.Remove(r.final)
			r.final = nil
			m.open[r.ID] = r
			m.waiting += int64(len(r.Event.Payload))
		}
		r.State, r.DueAt, r.SettledAt, r.tries = StatePending, now, time.Time{}, 0
		r.Replays++
		n++
	}
	m.ring()
	return n, nil
}

// Purge implements Inbox.
func (m *MemoryInbox) Purge(ctx context.Context, keep time.Duration) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if keep <= 0 {
		return 0, &catalog.Error{Op: "purge events", Kind: catalog.ErrInvalid, Message: "the time to keep them is not positive"}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	limit, n := m.config.Now().Add(-keep), 0
	for e := m.final.Front(); e != nil; {
		next := e.Next()
		if r := e.Value.(*memoryRecord); r.StoredAt.Before(limit) {
			m.remove(r)
			n++
		}
		e = next
	}
	for e := m.byAge.Front(); e != nil; {
		next := e.Next()
		if k := e.Value.(*memoryKey); k.at.Before(limit) && m.open[k.id] == nil {
			m.forget(k)
		}
		e = next
	}
	return n, nil
}

// Stats implements Inbox.
func (m *MemoryInbox) Stats(ctx context.Context) (Stats, error) {
	if err := ctx.Err(); err != nil {
		return Stats{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	stats := Stats{States: make(map[State]int64), Keys: int64(len(m.keys))}
	for _, r := range m.records {
		stats.States[r.State]++
		if waits := r.State == StatePending || r.State == StateRetry; waits && (stats.OldestDue.IsZero() || r.DueAt.Before(stats.OldestDue)) {
			stats.OldestDue = r.DueAt
		}
	}
	return stats, nil
}
