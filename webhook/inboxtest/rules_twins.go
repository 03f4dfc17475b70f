package inboxtest

import (
	"fmt"
	"sync/atomic"

	"github.com/soukhq/souk/webhook"
)

var twinRules = []rule{
	{name: "a state makes its key known", run: statesAreKnown},
	{name: "an entry whose twin was kept is a duplicate", run: twinKept},
	{name: "a twin that is only a state is no duplicate", run: twinIsState},
	{name: "the entries of a call are judged in order", run: twinsInACall},
	{name: "a delivery and its sweep at once are one", run: twinsAtOnce},
}

// delivered is an entry as a delivery makes it, swept its twin.
func delivered(n int) webhook.Entry {
	e := entry(n)
	e.Twin = fmt.Sprint("state ", n)
	e.States = []string{e.Twin, "shared state"}
	return e
}

func swept(n int) webhook.Entry {
	e := entry(n)
	e.Event.Key = fmt.Sprint("state ", n)
	return e
}

func statesAreKnown(s *suite) {
	id := s.fresh(delivered(1))[0]
	if r := s.put(swept(1))[0]; !r.Duplicate || r.ID != id {
		s.Errorf("the sweep after its delivery is %+v; want a duplicate of %s", r, id)
	}
	// A state that is known already hinders nobody.
	s.fresh(delivered(2))
	if r := s.put(swept(2))[0]; !r.Duplicate {
		s.Errorf("the second delivery's state is not known: %+v", r)
	}
	s.fresh(swept(3))
}

func twinKept(s *suite) {
	id := s.fresh(swept(1))[0]
	late := delivered(1)
	if r := s.put(late)[0]; !r.Duplicate || r.ID != id {
		s.Errorf("the delivery after its sweep is %+v; want a duplicate of %s", r, id)
	}
	// What was not kept leaves nothing behind.
	other := entry(2)
	other.Event.Key = "shared state"
	s.fresh(other)
	late.Twin, late.States = "", nil
	s.fresh(late)
}

func twinIsState(s *suite) {
	s.fresh(delivered(1))
	second := delivered(1)
	second.Event.Key += " of another delivery"
	s.fresh(second)
}

func twinsInACall(s *suite) {
	created, updated := entry(1), entry(2)
	created.States = []string{updated.Event.Key}
	results := s.put(created, updated, delivered(3), swept(3), swept(4), delivered(4))
	for i, duplicate := range []bool{false, true, false, true, false, true} {
		if results[i].Err != nil || results[i].Duplicate != duplicate {
			s.Errorf("entry %d is %+v; want duplicate %v", i, results[i], duplicate)
		}
	}
	if results[1].ID != results[0].ID || results[5].ID != results[4].ID {
		s.Errorf("duplicates do not name what was kept: %+v", results)
	}
}

func twinsAtOnce(s *suite) {
	const n = 20
	var fresh [n]atomic.Int32
	together(2*n, func(i int) {
		e := delivered(i / 2)
		if i%2 == 1 {
			e = swept(i / 2)
		}
		e.States = e.States[:min(len(e.States), 1)]
		results, err := s.inbox.Put(s.Context(), []webhook.Entry{e})
		if err != nil || len(results) != 1 || results[0].Err != nil {
			s.Errorf("Put: %+v, %v", results, err)
			return
		}
		if !results[0].Duplicate {
			fresh[i/2].Add(1)
		}
	})
	for i := range fresh {
		if got := fresh[i].Load(); got != 1 {
			s.Errorf("of delivery %d and its sweep %d were kept; want 1", i, got)
		}
	}
}
