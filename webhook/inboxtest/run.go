package inboxtest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/webhook"
)

// Harness makes the inboxes that are tested. Open is required.
type Harness struct {
	// Open makes an empty inbox that takes the time from now, and closes it by
	// t.Cleanup.
	Open func(t testing.TB, now func() time.Time) webhook.Inbox
	// OwnClock says that the inbox does not ask now.
	OwnClock bool
	// Reopen closes a durable inbox and opens it again; nil = it is not
	// durable.
	Reopen func(t testing.TB, inbox webhook.Inbox) webhook.Inbox
	// Effect writes something that carries the name, in the transaction of the
	// context that Transact gives, and Effects counts what is there of it.
	// Required where the inbox is a Transactor.
	Effect  func(ctx context.Context, name string) error
	Effects func(t testing.TB, inbox webhook.Inbox, name string) int
}

// Run holds the inbox to every rule, each in a parallel subtest.
func Run(t *testing.T, h Harness) {
	t.Helper()
	if h.Open == nil {
		t.Fatal("the harness lacks Open")
	}
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			r.check(t, h)
		})
	}
}

// Check holds the inbox to one rule. It reports whether there is a rule of
// that name.
func Check(t testing.TB, name string, h Harness) bool {
	t.Helper()
	all := rules()
	i := slices.IndexFunc(all, func(r rule) bool { return r.name == name })
	if i < 0 {
		return false
	}
	all[i].check(t, h)
	return true
}

// Rules returns the names of all rules.
func Rules() []string {
	var names []string
	for _, r := range rules() {
		names = append(names, r.name)
	}
	return names
}

// rule is one thing every inbox keeps.
type rule struct {
	name string
	run  func(s *suite)
	// claims rules need a Claimer, clock rules a clock that can be moved.
	claims, clock bool
}

func (r rule) check(t testing.TB, h Harness) {
	t.Helper()
	if r.clock && h.OwnClock {
		t.Skip("the inbox has a clock of its own")
	}
	s := &suite{TB: t, h: h, clock: &clock{at: time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)}}
	if h.OwnClock {
		s.clock.real = true
	}
	s.inbox = h.Open(t, s.clock.now)
	if _, ok := s.inbox.(webhook.Claimer); r.claims && !ok {
		t.Skip("the inbox is no Claimer")
	}
	r.run(s)
}

func rules() []rule {
	return slices.Concat(putRules, twinRules, claimRules, leaseRules, settleRules, replayRules, searchRules, keepRules, dispatchRules, transactRules)
}

// clock is the time under the test's control.
type clock struct {
	real bool
	mu   sync.Mutex
	at   time.Time
}

func (c *clock) now() time.Time {
	if c.real {
		return time.Now()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
