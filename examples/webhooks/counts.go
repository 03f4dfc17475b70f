package main

import (
	"context"
	"sync"
	"time"

	"github.com/soukhq/souk/webhook"
)

// status counts. Events and effects are over all there is, deliveries since the
// program started.
type status struct {
	Status     string                  `json:"status"`
	Events     map[webhook.State]int64 `json:"events"`
	Effects    effectCounts            `json:"effects"`
	Deliveries map[string]int64        `json:"deliveries"`
	OldestDue  time.Time               `json:"oldest_due,omitzero"`
}

// Kept is how many events there are.
func (s status) Kept() int64 {
	var n int64
	for _, of := range s.Events {
		n += of
	}
	return n
}

// Count is how many events are in states that one outcome of the filter means.
func (s status) Count(outcome string) int64 {
	var n int64
	for _, state := range (filter{Outcome: outcome}).states() {
		n += s.Events[state]
	}
	return n
}

// counts are the status, counted once in a while: it takes longer the more
// there is.
type counts struct {
	mu   sync.Mutex
	at   time.Time
	last status
}

const countEvery = 500 * time.Millisecond

func (c *counts) get(ctx context.Context, h *host) (status, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.at) < countEvery {
		return c.last, nil
	}
	begun := time.Now()
	stats, err := h.inbox.Stats(ctx)
	if err != nil {
		return status{}, err
	}
	effects, err := h.effects.count(ctx)
	if err != nil {
		return status{}, err
	}
	events := make(map[webhook.State]int64)
	for _, state := range []webhook.State{webhook.StatePending, webhook.StateRunning, webhook.StateRetry, webhook.StateDone, webhook.StateIgnored, webhook.StateDead} {
		events[state] = stats.States[state]
	}
	c.last = status{Status: "running", Events: events, Effects: effects, Deliveries: h.feed.counted(), OldestDue: stats.OldestDue}
	// What took long to count is counted less often.
	c.at = time.Now().Add(10 * time.Since(begun))
	return c.last, nil
}
