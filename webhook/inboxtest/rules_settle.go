package inboxtest

import (
	"fmt"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

var settleRules = []rule{
	{name: "final states are final", run: finalStates},
	{name: "a retry is due at its time and not before", claims: true, clock: true, run: retryAt},
	{name: "what is given back was not tried", claims: true, run: givenBack},
	{name: "a dead event keeps its body, header, attempts and error", claims: true, run: deadKeeps},
	{name: "states that a handler saw become known", run: sawStates},
	{name: "an attempt cannot be settled as running", claims: true, run: notAsRunning},
	{name: "the history is bounded and keeps the latest", claims: true, run: history},
}

func finalStates(s *suite) {
	states := []webhook.State{webhook.StateDone, webhook.StateIgnored, webhook.StateDead}
	for i, state := range states {
		id := s.fresh(entry(i))[0]
		s.work(1, as(state))
		r := s.get(id)
		if r.State != state || !r.State.Final() || r.SettledAt.IsZero() || !r.DueAt.IsZero() || r.Attempts != 1 {
			s.Errorf("settled as %s the record is %+v", state, r)
		}
		if len(r.History) != 1 || r.History[0].State != state || r.History[0].EndedAt.IsZero() {
			s.Errorf("settled as %s the history is %+v", state, r.History)
		}
	}
	if claimer, ok := s.inbox.(webhook.Claimer); ok {
		if got, err := claimer.Claim(s.Context(), 10, lease); err != nil || len(got) != 0 {
			s.Errorf("claimed %d final events, %v", len(got), err)
		}
	}
}

func retryAt(s *suite) {
	id := s.fresh(entry(1))[0]
	due := s.clock.now().Add(time.Hour)
	if err := s.settle(webhook.Settlement{Lease: s.claimOne().Lease, State: webhook.StateRetry, RetryAt: due, Error: "not now"})[0]; err != nil {
		s.Fatalf("Settle: %v", err)
	}
	r := s.get(id)
	if r.State != webhook.StateRetry || r.LastError != "not now" || r.DueAt.Sub(due).Abs() > time.Millisecond || !r.SettledAt.IsZero() {
		s.Errorf("the record is %+v", r)
	}
	s.clock.advance(time.Hour - time.Second)
	if got := s.claim(10); len(got) != 0 {
		s.Errorf("claimed before the retry was due")
	}
	s.clock.advance(2 * time.Second)
	if c := s.claimOne(); c.Attempt != 2 || c.Tries != 2 {
		s.Errorf("the retry is %+v", c)
	} else {
		s.settleOne(c, webhook.StateDone, "")
	}
	if r := s.get(id); r.LastError != "" || len(r.History) != 2 || r.History[0].Error != "not now" || r.History[0].State != webhook.StateRetry {
		s.Errorf("after success the record is %+v", r)
	}
}

func givenBack(s *suite) {
	id := s.fresh(entry(1))[0]
	s.settleOne(s.claimOne(), webhook.StatePending, "shutting down")
	if got := s.state(id); got != webhook.StatePending {
		s.Errorf("the record is %s", got)
	}
	if c := s.claimOne(); c.Attempt != 2 || c.Tries != 1 {
		s.Errorf("claimed as attempt %d, try %d; want attempt 2, try 1", c.Attempt, c.Tries)
	}
}

func deadKeeps(s *suite) {
	id := s.fresh(webhook.Entry{Event: event(1), Header: header()})[0]
	s.settleOne(s.claimOne(), webhook.StateRetry, "first error")
	s.settleOne(s.claimOne(), webhook.StateDead, "last error")
	r := s.get(id)
	s.same("dead", r.Event, event(1))
	if len(r.Header) != len(header()) || r.LastError != "last error" || r.Attempts != 2 {
		s.Errorf("the record is %+v", r)
	}
	if len(r.History) != 2 || r.History[0].Error != "first error" || r.History[1].Error != "last error" || r.History[1].Number != 2 || r.History[1].State != webhook.StateDead {
		s.Errorf("the history is %+v", r.History)
	}
}

func sawStates(s *suite) {
	id := s.fresh(entry(1))[0]
	s.fresh(swept(5)) // one of the states is known already
	n := 0
	s.work(2, func(c webhook.Claimed) webhook.Settlement {
		n++
		return webhook.Settlement{Lease: c.Lease, State: webhook.StateDone, States: []string{"state 4", "state 5", fmt.Sprint("state 6 of ", c.ID)}}
	})
	if r := s.put(swept(4))[0]; !r.Duplicate {
		s.Errorf("the sweep of a state that a handler saw is %+v; want a duplicate", r)
	}
	e := entry(9)
	e.Event.Key = "state 6 of " + id
	if r := s.put(e)[0]; !r.Duplicate || r.ID != id {
		s.Errorf("the sweep of a state that a handler saw is %+v; want a duplicate of %s", r, id)
	}
}

func notAsRunning(s *suite) {
	s.fresh(entry(1))
	c := s.claimOne()
	for _, state := range []webhook.State{webhook.StateRunning, "", "odd"} {
		s.wants("Settle as "+string(state), s.settle(webhook.Settlement{Lease: c.Lease, State: state})[0], catalog.ErrInvalid)
	}
	s.settleOne(c, webhook.StateDone, "")
}

func history(s *suite) {
	id := s.fresh(entry(1))[0]
	const n = 60
	for i := 1; i <= n; i++ {
		s.settleOne(s.claimOne(), webhook.StateRetry, fmt.Sprint("error ", i))
	}
	h := s.get(id).History
	if len(h) < 20 || len(h) > 200 || s.get(id).Attempts != n {
		s.Fatalf("%d attempts left a history of %d", n, len(h))
	}
	for i, a := range h {
		if want := n - len(h) + 1 + i; a.Number != want || a.Error != fmt.Sprint("error ", want) {
			s.Errorf("entry %d is %+v; want attempt %d", i, a, want)
		}
	}
}
