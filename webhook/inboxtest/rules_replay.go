package inboxtest

import (
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

var replayRules = []rule{
	{name: "a replay is a further attempt of the same record", run: replayOne},
	{name: "all that failed can be replayed", run: replayDead},
	{name: "a range of time can be replayed", clock: true, run: replayRange},
	{name: "a replay makes a retry due now", claims: true, clock: true, run: replayRetry},
	{name: "a replay leaves alone what waits or runs", claims: true, run: replayOthers},
	{name: "a replay of everything must be asked for", run: replayAll},
}

func replayOne(s *suite) {
	id := s.fresh(entry(1))[0]
	other := s.fresh(entry(2))[0]
	s.work(2, as(webhook.StateDone))
	if n := s.replay(webhook.Query{ID: id}); n != 1 {
		s.Errorf("replayed %d; want 1", n)
	}
	r := s.get(id)
	if r.State == webhook.StateDone || !r.SettledAt.IsZero() || r.Replays != 1 || r.Attempts != 1 {
		s.Errorf("a replayed record is %+v", r)
	}
	if r := s.put(entry(1))[0]; !r.Duplicate || r.ID != id {
		s.Errorf("a delivery during a replay is %+v; want a duplicate", r)
	}
	s.work(1, func(c webhook.Claimed) webhook.Settlement {
		if c.ID != id || c.Attempt != 2 || c.Tries != 1 {
			s.Errorf("the replay is %+v; want attempt 2, try 1 of %s", c, id)
		}
		s.same("replayed", c.Event, event(1))
		return as(webhook.StateDone)(c)
	})
	if r := s.get(id); r.State != webhook.StateDone || r.Attempts != 2 || len(r.History) != 2 {
		s.Errorf("after its replay the record is %+v", r)
	}
	if r := s.get(other); r.Attempts != 1 || r.Replays != 0 {
		s.Errorf("another record was replayed: %+v", r)
	}
}

func replayDead(s *suite) {
	s.fresh(entries(0, 6)...)
	var dead []string
	s.work(6, func(c webhook.Claimed) webhook.Settlement {
		if (c.Event.ResourceID[len(c.Event.ResourceID)-1]-'0')%2 == 0 {
			dead = append(dead, c.ID)
			return as(webhook.StateDead)(c)
		}
		return as(webhook.StateDone)(c)
	})
	if n := s.replay(webhook.Query{States: []webhook.State{webhook.StateDead}, Limit: 1}); n != 3 {
		s.Errorf("replayed %d; want the 3 dead ones", n)
	}
	var again []string
	s.work(3, func(c webhook.Claimed) webhook.Settlement {
		again = append(again, c.ID)
		return as(webhook.StateDone)(c)
	})
	slices.Sort(dead)
	slices.Sort(again)
	if !slices.Equal(dead, again) {
		s.Errorf("%v died, %v were replayed", dead, again)
	}
}

func replayRange(s *suite) {
	var ids []string
	for n := range 4 {
		ids = append(ids, s.fresh(entry(n))...)
		s.clock.advance(time.Minute)
	}
	s.work(4, as(webhook.StateIgnored))
	from := s.get(ids[1]).StoredAt
	if n := s.replay(webhook.Query{From: from, To: from.Add(2 * time.Minute)}); n != 2 {
		s.Errorf("replayed %d; want the 2 in the range", n)
	}
	for i, id := range ids {
		if replayed := s.state(id) == webhook.StatePending; replayed != (i == 1 || i == 2) {
			s.Errorf("event %d is %s", i, s.state(id))
		}
	}
}

func replayRetry(s *suite) {
	id := s.fresh(entry(1))[0]
	later := webhook.Settlement{Lease: s.claimOne().Lease, State: webhook.StateRetry, RetryAt: s.clock.now().Add(time.Hour), Error: "x"}
	if err := s.settle(later)[0]; err != nil {
		s.Fatalf("Settle: %v", err)
	}
	if n := s.replay(webhook.Query{ID: id}); n != 1 {
		s.Errorf("replayed %d; want 1", n)
	}
	if c := s.claimOne(); c.Attempt != 2 || c.Tries != 1 {
		s.Errorf("the replay is %+v; want attempt 2, try 1", c)
	}
}

func replayOthers(s *suite) {
	running := s.fresh(entry(1))[0]
	c := s.claimOne()
	pending := s.fresh(entry(2))[0]
	for _, q := range []webhook.Query{{ID: running}, {ID: pending}, {Platform: "testshop"}, {States: []webhook.State{webhook.StatePending, webhook.StateRunning}}, {ID: "no such record"}} {
		if n := s.replay(q); n != 0 {
			s.Errorf("Replay %+v: %d; want none", q, n)
		}
	}
	if s.state(running) != webhook.StateRunning || s.get(pending).Replays != 0 {
		s.Errorf("a replay changed what waits or runs")
	}
	s.settleOne(c, webhook.StateDone, "")
}

func replayAll(s *suite) {
	s.fresh(entry(1))
	s.work(1, as(webhook.StateDone))
	for _, q := range []webhook.Query{{}, {Limit: 3}} {
		_, err := s.inbox.Replay(s.Context(), q)
		s.wants("Replay of everything", err, catalog.ErrInvalid)
	}
	if n := s.replay(webhook.Query{States: []webhook.State{webhook.StateDone, webhook.StateDead}}); n != 1 {
		s.Errorf("replayed %d; want 1", n)
	}
}
