package inboxtest

import (
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

var claimRules = []rule{
	{name: "a claim takes what is due, longest due first, up to its limit", claims: true, clock: true, run: claimOrder},
	{name: "a claim brings the event and counts the attempt", claims: true, run: claimBrings},
	{name: "what is claimed is not claimed again", claims: true, run: claimedOnce},
	{name: "concurrent claims share the events", claims: true, run: claimsShare},
	{name: "a claim of nothing, or for no time, is invalid", claims: true, run: claimInvalid},
}

func claimOrder(s *suite) {
	for n := range 3 {
		s.fresh(entry(n))
		s.clock.advance(time.Second)
	}
	first := s.claim(2)
	if len(first) != 2 || first[0].Event.Key != event(0).Key || first[1].Event.Key != event(1).Key {
		s.Fatalf("claimed %d; want the two that wait longest, in order", len(first))
	}
	// A retry that became due before the third was stored goes before it.
	early := webhook.Settlement{Lease: first[0].Lease, State: webhook.StateRetry, RetryAt: s.clock.now().Add(-2500 * time.Millisecond)}
	late := webhook.Settlement{Lease: first[1].Lease, State: webhook.StateRetry, RetryAt: s.clock.now().Add(time.Minute)}
	for _, err := range s.settle(early, late) {
		if err != nil {
			s.Fatalf("Settle: %v", err)
		}
	}
	if next := s.claim(10); len(next) != 2 || next[0].Event.Key != event(0).Key || next[1].Event.Key != event(2).Key {
		s.Errorf("claimed %d; want the retry, and then the event that waits", len(next))
	}
}

func claimBrings(s *suite) {
	id := s.fresh(entry(1))[0]
	c := s.claimOne()
	s.same("claimed", c.Event, event(1))
	if c.ID != id || c.Owner == "" || c.Attempt != 1 || c.Tries != 1 || !c.Until.After(s.clock.now()) {
		s.Errorf("claimed %+v", c)
	}
	r := s.get(id)
	if r.State != webhook.StateRunning || r.Attempts != 1 || len(r.History) != 1 || r.History[0].Number != 1 || !r.History[0].EndedAt.IsZero() || r.History[0].State != "" {
		s.Errorf("the record is %+v", r)
	}
	s.settleOne(c, webhook.StateRetry, "first")
	if again := s.claimOne(); again.Attempt != 2 || again.Tries != 2 || again.Owner == c.Owner {
		s.Errorf("the second attempt is %+v after %+v", again, c)
	}
}

func claimedOnce(s *suite) {
	s.fresh(entries(0, 3)...)
	if got := s.claim(10); len(got) != 3 {
		s.Fatalf("claimed %d of 3", len(got))
	}
	if got := s.claim(10); len(got) != 0 {
		s.Errorf("claimed %d events that are claimed already", len(got))
	}
	s.fresh(entry(4))
	s.claimOne()
}

func claimsShare(s *suite) {
	const n = 200
	s.fresh(entries(0, n)...)
	var mu sync.Mutex
	owners := make(map[string]int)
	events := make(map[string]int)
	together(8, func(int) {
		for {
			claimed, err := s.claimer().Claim(s.Context(), 7, lease)
			if err != nil {
				s.Errorf("Claim: %v", err)
				return
			}
			mu.Lock()
			for _, c := range claimed {
				events[c.ID]++
				owners[c.Owner]++
			}
			mu.Unlock()
			if len(claimed) == 0 {
				return
			}
		}
	})
	if len(events) != n || len(owners) != n {
		s.Errorf("%d events were claimed by %d owners; want %d each", len(events), len(owners), n)
	}
	for id, times := range events {
		if times != 1 {
			s.Errorf("event %s was claimed %d times", id, times)
		}
	}
}

func claimInvalid(s *suite) {
	_, err := s.claimer().Claim(s.Context(), 0, lease)
	s.wants("Claim of 0", err, catalog.ErrInvalid)
	_, err = s.claimer().Claim(s.Context(), 1, 0)
	s.wants("Claim without a lease", err, catalog.ErrInvalid)
}
