package inboxtest

import (
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

var leaseRules = []rule{
	{name: "an ended lease is taken by the next, and its owner can do nothing more", claims: true, clock: true, run: leaseLost},
	{name: "an extended lease holds", claims: true, clock: true, run: leaseExtended},
	{name: "a lease that ended but was not taken is its owner's", claims: true, clock: true, run: leaseNotTaken},
	{name: "a lease cannot be guessed", claims: true, run: leaseGuessed},
	{name: "leases are judged one by one", claims: true, run: leasesOneByOne},
}

func leaseLost(s *suite) {
	id := s.fresh(entry(1))[0]
	old := s.claimOne()
	s.clock.advance(lease - time.Second)
	if got := s.claim(10); len(got) != 0 {
		s.Fatalf("claimed while the lease lasts")
	}
	s.clock.advance(2 * time.Second)
	next := s.claimOne()
	if next.Owner == old.Owner || next.Attempt != 2 || next.Tries != 2 {
		s.Errorf("the next owner has %+v after %+v", next, old)
	}
	for _, state := range []webhook.State{webhook.StateDone, webhook.StateRetry, webhook.StateDead, webhook.StatePending} {
		late := webhook.Settlement{Lease: old.Lease, State: state, RetryAt: s.clock.now(), Error: "late", States: []string{"state of the loser"}}
		s.wants("Settle as "+string(state)+" after the lease was lost", s.settle(late)[0], catalog.ErrConflict)
	}
	errs, err := s.claimer().Extend(s.Context(), []webhook.Lease{old.Lease}, lease)
	if err != nil || len(errs) != 1 {
		s.Fatalf("Extend: %v", err)
	}
	s.wants("Extend after the lease was lost", errs[0], catalog.ErrConflict)
	r := s.get(id)
	if r.State != webhook.StateRunning || r.LastError != "" || len(r.History) != 2 || r.History[0].State != "" {
		s.Errorf("the loser changed the record: %+v", r)
	}
	state := entry(9)
	state.Event.Key = "state of the loser"
	s.fresh(state)
	s.settleOne(next, webhook.StateDone, "")
}

func leaseExtended(s *suite) {
	s.fresh(entry(1))
	c := s.claimOne()
	for range 3 {
		s.clock.advance(lease - time.Second)
		errs, err := s.claimer().Extend(s.Context(), []webhook.Lease{c.Lease}, lease)
		if err != nil || len(errs) != 1 || errs[0] != nil {
			s.Fatalf("Extend: %v, %v", errs, err)
		}
	}
	s.clock.advance(lease - time.Second)
	if got := s.claim(10); len(got) != 0 {
		s.Errorf("claimed although the lease was extended")
	}
	s.settleOne(c, webhook.StateDone, "")
}

func leaseNotTaken(s *suite) {
	id := s.fresh(entry(1))[0]
	c := s.claimOne()
	s.clock.advance(10 * lease)
	errs, err := s.claimer().Extend(s.Context(), []webhook.Lease{c.Lease}, lease)
	if err != nil || errs[0] != nil {
		s.Errorf("Extend of a lease that ended: %v, %v", errs, err)
	}
	if got := s.claim(10); len(got) != 0 {
		s.Errorf("claimed although the lease was extended")
	}
	s.clock.advance(10 * lease)
	s.settleOne(c, webhook.StateDone, "")
	if got := s.state(id); got != webhook.StateDone {
		s.Errorf("the record is %s", got)
	}
}

func leaseGuessed(s *suite) {
	id := s.fresh(entry(1))[0]
	for _, owner := range []string{"", "somebody"} {
		forged := webhook.Settlement{Lease: webhook.Lease{ID: id, Owner: owner}, State: webhook.StateDone}
		s.wants("Settle of an event that is not claimed", s.settle(forged)[0], catalog.ErrConflict)
	}
	c := s.claimOne()
	for _, l := range []webhook.Lease{{ID: id}, {ID: id, Owner: "somebody"}, {ID: "no such record", Owner: c.Owner}, {Owner: c.Owner}} {
		s.wants("Settle by somebody else", s.settle(webhook.Settlement{Lease: l, State: webhook.StateDone})[0], catalog.ErrConflict)
	}
	if got := s.state(id); got != webhook.StateRunning {
		s.Errorf("the record is %s", got)
	}
}

func leasesOneByOne(s *suite) {
	ids := s.fresh(entries(0, 3)...)
	claimed := s.claim(3)
	if len(claimed) != 3 {
		s.Fatalf("claimed %d of 3", len(claimed))
	}
	s.settleOne(claimed[1], webhook.StateDone, "")
	leases := []webhook.Lease{claimed[0].Lease, claimed[1].Lease, claimed[2].Lease}
	errs, err := s.claimer().Extend(s.Context(), leases, lease)
	if err != nil || len(errs) != 3 || errs[0] != nil || errs[2] != nil {
		s.Fatalf("Extend: %v, %v", errs, err)
	}
	s.wants("Extend of a settled event", errs[1], catalog.ErrConflict)
	var all []webhook.Settlement
	for _, c := range claimed {
		all = append(all, webhook.Settlement{Lease: c.Lease, State: webhook.StateDone})
	}
	all = append(all, all[0]) // the same lease twice in a call
	errs = s.settle(all...)
	if errs[0] != nil || errs[2] != nil {
		s.Errorf("Settle: %v", errs)
	}
	s.wants("Settle of a settled event", errs[1], catalog.ErrConflict)
	s.wants("Settle twice in a call", errs[3], catalog.ErrConflict)
	if slices.ContainsFunc(ids, func(id string) bool { return s.state(id) != webhook.StateDone }) {
		s.Errorf("not all are done")
	}
}
