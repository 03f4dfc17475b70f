package inboxtest

import (
	"context"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

var keepRules = []rule{
	{name: "a purge takes what is old and final", claims: true, clock: true, run: purge},
	{name: "a purge forgets old keys and states, and no others", clock: true, run: purgeKeys},
	{name: "the time to keep must be positive", run: purgeInvalid},
	{name: "the stats count", claims: true, clock: true, run: stats},
	{name: "an ended context is its error", run: endedContext},
	{name: "what is kept outlives the process", run: reopen},
	{name: "a waker wakes", run: wakes},
}

const month = 30 * 24 * time.Hour

func (s *suite) purge(keep time.Duration) int {
	s.Helper()
	n, err := s.inbox.Purge(s.Context(), keep)
	if err != nil {
		s.Fatalf("Purge: %v", err)
	}
	return n
}

func purge(s *suite) {
	ids := s.fresh(entries(0, 4)...)
	claimed := s.claim(3)
	s.settleOne(claimed[0], webhook.StateDone, "")
	s.settleOne(claimed[1], webhook.StateDead, "broken")
	s.clock.advance(month)
	young := s.fresh(entry(9))[0]
	if n := s.purge(month + time.Hour); n != 0 {
		s.Errorf("purged %d before their time", n)
	}
	s.clock.advance(2 * time.Hour)
	if n := s.purge(month + time.Hour); n != 2 {
		s.Errorf("purged %d; want the done and the dead one", n)
	}
	for _, c := range claimed[:2] {
		_, err := s.inbox.Get(s.Context(), c.ID)
		s.wants("Get of a purged record", err, catalog.ErrNotFound)
	}
	for _, id := range []string{claimed[2].ID, ids[3], young} {
		if s.state(id).Final() {
			s.Errorf("%s is final", id)
		}
	}
	if r := s.put(webhook.Entry{Event: claimed[2].Event})[0]; !r.Duplicate {
		s.Errorf("the key of an old record that still runs was forgotten: %+v", r)
	}
	s.settleOne(claimed[2], webhook.StateDone, "")
}

func purgeKeys(s *suite) {
	old := delivered(1)
	s.fresh(old)
	s.work(1, as(webhook.StateDone))
	s.clock.advance(month - time.Hour)
	s.fresh(entry(2))
	s.work(1, as(webhook.StateDone))
	if r := s.put(old)[0]; !r.Duplicate {
		s.Errorf("a key was forgotten before its time: %+v", r)
	}
	s.clock.advance(2 * time.Hour)
	s.purge(month)
	if r := s.put(entry(2))[0]; !r.Duplicate {
		s.Errorf("a young key was purged: %+v", r)
	}
	s.fresh(swept(1)) // its state is forgotten,
	old.Twin = ""
	s.fresh(old) // and so is its key
}

func purgeInvalid(s *suite) {
	s.fresh(entry(1))
	s.work(1, as(webhook.StateDone))
	for _, keep := range []time.Duration{0, -time.Hour} {
		_, err := s.inbox.Purge(s.Context(), keep)
		s.wants("Purge of everything", err, catalog.ErrInvalid)
	}
}

func stats(s *suite) {
	empty, err := s.inbox.Stats(s.Context())
	if err != nil || empty.Keys != 0 || !empty.OldestDue.IsZero() || empty.States[webhook.StatePending] != 0 {
		s.Errorf("an empty inbox has %+v, %v", empty, err)
	}
	s.fresh(entries(0, 4)...)
	claimed := s.claim(4)
	due := s.clock.now().Add(-time.Minute)
	for i, state := range []webhook.State{webhook.StateDone, webhook.StateDead, webhook.StateRetry} {
		if err := s.settle(webhook.Settlement{Lease: claimed[i].Lease, State: state, RetryAt: due})[0]; err != nil {
			s.Fatalf("Settle: %v", err)
		}
	}
	s.fresh(delivered(7))
	got, err := s.inbox.Stats(s.Context())
	if err != nil {
		s.Fatalf("Stats: %v", err)
	}
	for _, state := range []webhook.State{webhook.StateDone, webhook.StateDead, webhook.StateRetry, webhook.StateRunning, webhook.StatePending} {
		if got.States[state] != 1 {
			s.Errorf("%d records are %s; want 1", got.States[state], state)
		}
	}
	if got.Keys != 7 || got.OldestDue.Sub(due).Abs() > time.Millisecond {
		s.Errorf("%d keys, oldest due at %v; want 7, %v", got.Keys, got.OldestDue, due)
	}
}

func endedContext(s *suite) {
	id := s.fresh(entry(1))[0]
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	calls := map[string]func() error{
		"Put":    func() error { _, err := s.inbox.Put(ctx, entries(2, 3)); return err },
		"Get":    func() error { _, err := s.inbox.Get(ctx, id); return err },
		"Search": func() error { _, err := s.inbox.Search(ctx, webhook.Query{}); return err },
		"Replay": func() error { _, err := s.inbox.Replay(ctx, webhook.Query{ID: id}); return err },
		"Purge":  func() error { _, err := s.inbox.Purge(ctx, month); return err },
		"Stats":  func() error { _, err := s.inbox.Stats(ctx); return err },
	}
	if c, ok := s.inbox.(webhook.Claimer); ok {
		calls["Claim"] = func() error { _, err := c.Claim(ctx, 1, lease); return err }
		calls["Extend"] = func() error { _, err := c.Extend(ctx, []webhook.Lease{{ID: id}}, lease); return err }
		calls["Settle"] = func() error {
			_, err := c.Settle(ctx, []webhook.Settlement{{State: webhook.StateDone}})
			return err
		}
	}
	for name, call := range calls {
		s.wants(name+" with an ended context", call(), context.Canceled)
	}
	if page := s.search(webhook.Query{}); len(page.Records) != 1 || page.Records[0].State != webhook.StatePending {
		s.Errorf("a call with an ended context has changed something")
	}
}

func reopen(s *suite) {
	if s.h.Reopen == nil {
		s.Skip("the inbox is not durable")
	}
	id := s.fresh(webhook.Entry{Event: event(1), Header: header(), States: []string{"a state"}})[0]
	s.work(1, as(webhook.StateDead))
	waiting := s.fresh(entry(2))[0]
	s.inbox = s.h.Reopen(s.TB, s.inbox)
	r := s.get(id)
	s.same("after a restart", r.Event, event(1))
	if r.State != webhook.StateDead || r.LastError == "" || len(r.History) != 1 || len(r.Header) != len(header()) {
		s.Errorf("after a restart the record is %+v", r)
	}
	state := entry(3)
	state.Event.Key = "a state"
	for _, e := range []webhook.Entry{entry(1), entry(2), state} {
		if r := s.put(e)[0]; !r.Duplicate {
			s.Errorf("after a restart %s is new", e.Event.Key)
		}
	}
	s.work(1, func(c webhook.Claimed) webhook.Settlement {
		if c.ID != waiting {
			s.Errorf("after a restart %s is due; want %s", c.ID, waiting)
		}
		return as(webhook.StateDone)(c)
	})
}

func wakes(s *suite) {
	waker, ok := s.inbox.(webhook.Waker)
	if !ok {
		s.Skip("the inbox is no Waker")
	}
	wake := waker.Wake()
	for name, do := range map[string]func(){
		"Put":    func() { s.fresh(entry(1)); s.work(1, as(webhook.StateDone)) },
		"Replay": func() { s.replay(webhook.Query{States: []webhook.State{webhook.StateDone}}) },
	} {
		if name == "Replay" {
			s.fresh(entry(2))
			s.work(1, as(webhook.StateDone))
		}
		select { // one may stand from before
		case <-wake:
		default:
		}
		do()
		select {
		case <-wake:
		case <-time.After(time.Second):
			s.Errorf("%s woke nobody", name)
		}
	}
}
