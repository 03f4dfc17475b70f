package webhook

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
)

// maxHistory bounds the attempts a record remembers.
const maxHistory = 20

// Claim implements Claimer.
func (m *MemoryInbox) Claim(ctx context.Context, limit int, lease time.Duration) ([]Claimed, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if limit <= 0 || lease <= 0 {
		return nil, &catalog.Error{Op: "claim events", Kind: catalog.ErrInvalid, Message: "the limit or the lease is not positive"}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.config.Now().UTC()
	var due []*memoryRecord
	for _, r := range m.open {
		if !now.Before(r.DueAt) {
			due = append(due, r)
		}
	}
	slices.SortFunc(due, func(a, b *memoryRecord) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.seq, b.seq)) })
	claimed := make([]Claimed, 0, min(limit, len(due)))
	for _, r := range due[:cap(claimed)] {
		r.State, r.owner, r.DueAt = StateRunning, rand.Text(), now.Add(lease)
		r.Attempts++
		r.tries++
		if len(r.History) >= maxHistory {
			r.History = slices.Delete(r.History, 0, len(r.History)-maxHistory+1)
		}
		r.History = append(r.History, Attempt{Number: r.Attempts, StartedAt: now})
		claimed = append(claimed, Claimed{Lease: Lease{ID: r.ID, Owner: r.owner, Until: r.DueAt}, Event: cloneEvent(r.Event), Attempt: r.Attempts, Tries: r.tries})
	}
	return claimed, nil
}

func cloneEvent(e catalog.Event) catalog.Event {
	e.Payload = slices.Clone(e.Payload)
	return e
}

func (m *MemoryInbox) held(l Lease) (*memoryRecord, error) {
	r := m.open[l.ID]
	if r == nil || r.State != StateRunning || l.Owner == "" || r.owner != l.Owner {
		return nil, &catalog.Error{Op: "settle event", Kind: catalog.ErrConflict, Message: "the lease was lost: the event was settled, or taken after the lease ended"}
	}
	return r, nil
}

// Extend implements Claimer.
func (m *MemoryInbox) Extend(ctx context.Context, leases []Lease, lease time.Duration) ([]error, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	errs := make([]error, len(leases))
	for i, l := range leases {
		r, err := m.held(l)
		if errs[i] = err; err == nil {
			r.DueAt = m.config.Now().UTC().Add(lease)
		}
	}
	return errs, nil
}

// Settle implements Claimer.
func (m *MemoryInbox) Settle(ctx context.Context, settlements []Settlement) ([]error, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	errs := make([]error, len(settlements))
	for i := range settlements {
		errs[i] = m.settle(&settlements[i])
	}
	m.ring()
	return errs, nil
}

func (m *MemoryInbox) settle(s *Settlement) error {
	if !s.State.Final() && s.State != StateRetry && s.State != StatePending {
		return &catalog.Error{Op: "settle event", Kind: catalog.ErrInvalid, Message: "an attempt cannot be settled as " + string(s.State)}
	}
	r, err := m.held(s.Lease)
	if err != nil {
		return err
	}
	now := m.config.Now().UTC()
	r.State, r.owner, r.DueAt = s.State, "", now
	attempt := &r.History[len(r.History)-1]
	attempt.EndedAt, attempt.State, attempt.Error = now, s.State, s.Error
	if s.Error != "" || s.State == StateDone {
		r.LastError = s.Error
	}
	for _, state := range s.States {
		m.know(state, r.ID, false, now)
	}
	switch {
	case s.State == StatePending:
		r.tries--
	case s.State == StateRetry:
		r.DueAt = s.RetryAt.UTC()
	default:
		r.DueAt, r.SettledAt = time.Time{}, now
		delete(m.open, r.ID)
		m.waiting -= int64(len(r.Event.Payload))
		r.final = m.final.PushBack(r)
	}
	return nil
}
