package inboxtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

var putRules = []rule{
	{name: "what is kept is read back as it was", run: keptAsItWas},
	{name: "hostile text is kept as it was, or refused alone", run: hostileText},
	{name: "an entry without a key fails alone", run: noKey},
	{name: "a key is kept once", run: keyOnce},
	{name: "the same key twice in a call is one new and one duplicate", run: keyTwiceInACall},
	{name: "forty concurrent copies are one new and 39 duplicates", run: fortyCopies},
	{name: "a call of 600 entries gives each its result", run: manyEntries},
	{name: "what is put and got are copies", run: copies},
}

func (s *suite) same(what string, got, want catalog.Event) {
	s.Helper()
	if !bytes.Equal(got.Payload, want.Payload) {
		s.Errorf("%s: the payload was changed to %.200q", what, got.Payload)
	}
	got.Payload, want.Payload = nil, nil
	// A time is the same instant; databases keep microseconds.
	if diff := cmp.Diff(want, got, cmpopts.EquateApproxTime(time.Microsecond), cmpopts.EquateEmpty()); diff != "" {
		s.Errorf("%s: the event was changed (-want +got):\n%s", what, diff)
	}
}

func keptAsItWas(s *suite) {
	full := event(1)
	full.Partial, full.Correlation = true, "action-1"
	// Not one byte may change: not a space, an escape or the digits of a number.
	full.Payload = json.RawMessage("{ \"a\":1.0, \"b\" :\"\\/<&>\\u00e9\",\r\n\"n\": 12345678901234567890.10 , \"a\":2}")
	bare := catalog.Event{Key: catalog.EventKey("bare")}
	big := event(2)
	big.Payload = json.RawMessage(`{"big":"` + strings.Repeat("x", 1<<20) + `"}`)
	notJSON := event(3)
	notJSON.Payload = json.RawMessage("webhook_id=1")
	for i, e := range []catalog.Event{full, bare, big, notJSON} {
		before := s.clock.now().Add(-time.Second)
		id := s.fresh(webhook.Entry{Event: e, Header: header()})[0]
		r := s.get(id)
		s.same(fmt.Sprint("event ", i), r.Event, e)
		if diff := cmp.Diff(header(), r.Header); diff != "" {
			s.Errorf("event %d: the header was changed (-want +got):\n%s", i, diff)
		}
		if r.ID != id || r.State != webhook.StatePending || r.Attempts != 0 || len(r.History) != 0 || r.LastError != "" || !r.SettledAt.IsZero() {
			s.Errorf("event %d: a new record is %+v", i, r)
		}
		if r.StoredAt.Before(before) || r.StoredAt.After(s.clock.now().Add(time.Second)) || r.DueAt.After(s.clock.now().Add(time.Second)) {
			s.Errorf("event %d: stored at %v, due at %v; the clock says %v", i, r.StoredAt, r.DueAt, s.clock.now())
		}
	}
}

func hostileText(s *suite) {
	for i, text := range []string{"nul \x00 byte", "not \xff utf-8", "'; DROP TABLE events; --", `"quoted" \ 100%_`, "\U0001f6d2 سوق", "line\r\nbreak"} {
		e := event(i)
		e.Topic, e.Store, e.ResourceID, e.Correlation = text, text, text, text
		results := s.put(entry(100+i), webhook.Entry{Event: e, Header: http.Header{"X-Odd": {text}}}, entry(200+i))
		for _, n := range []int{0, 2} {
			if results[n].Err != nil || results[n].ID == "" {
				s.Errorf("%q spoilt its neighbour: %+v", text, results[n])
			}
		}
		if results[1].Err != nil {
			continue
		}
		r := s.get(results[1].ID)
		s.same(fmt.Sprintf("%q", text), r.Event, e)
		if got := r.Header.Get("X-Odd"); got != text {
			s.Errorf("the header %q became %q", text, got)
		}
		if page := s.search(webhook.Query{Topic: text}); len(page.Records) != 1 {
			s.Errorf("a search for the topic %q found %d records", text, len(page.Records))
		}
	}
}

func noKey(s *suite) {
	bad := entry(2)
	bad.Event.Key = ""
	results := s.put(entry(1), bad, entry(3))
	s.wants("an entry without a key", results[1].Err, catalog.ErrInvalid)
	for _, i := range []int{0, 2} {
		if results[i].Err != nil || results[i].ID == "" || results[i].Duplicate {
			s.Errorf("its neighbour is %+v; want it kept", results[i])
		}
	}
	if page := s.search(webhook.Query{}); len(page.Records) != 2 {
		s.Errorf("%d records were kept; want 2", len(page.Records))
	}
}

func keyOnce(s *suite) {
	id := s.fresh(entry(1))[0]
	again := entry(1)
	again.Event.Payload = json.RawMessage(`{"other":true}`)
	r := s.put(again)[0]
	if !r.Duplicate || r.ID != id || r.Err != nil {
		s.Errorf("the second delivery is %+v; want a duplicate of %s", r, id)
	}
	s.same("after a duplicate", s.get(id).Event, event(1))
	s.work(1, as(webhook.StateDone))
	if r := s.put(entry(1))[0]; !r.Duplicate || r.ID != id {
		s.Errorf("a delivery after the event was done is %+v; want a duplicate", r)
	}
}

func keyTwiceInACall(s *suite) {
	results := s.put(entry(1), entry(2), entry(1), entry(1))
	if results[0].Duplicate || results[1].Duplicate {
		s.Errorf("the first ones are %+v; want them new", results[:2])
	}
	for _, r := range results[2:] {
		if !r.Duplicate || r.ID != results[0].ID || r.Err != nil {
			s.Errorf("a copy in the same call is %+v; want a duplicate of %s", r, results[0].ID)
		}
	}
}

// together runs n functions at once and waits for them.
func together(n int, f func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	all.Wait()
}

func fortyCopies(s *suite) {
	results := make([]webhook.PutResult, 40)
	together(40, func(i int) {
		got, err := s.inbox.Put(s.Context(), []webhook.Entry{entry(7)})
		if err != nil || len(got) != 1 {
			s.Errorf("Put: %v", err)
			return
		}
		results[i] = got[0]
	})
	fresh := 0
	for _, r := range results {
		if r.Err != nil || r.ID == "" || r.ID != results[0].ID {
			s.Errorf("a copy is %+v; want all to name record %s", r, results[0].ID)
		}
		if !r.Duplicate {
			fresh++
		}
	}
	if fresh != 1 {
		s.Errorf("%d of 40 copies are new; want 1", fresh)
	}
}

func manyEntries(s *suite) {
	ids := s.fresh(entries(0, 600)...)
	slices.Sort(ids)
	if n := len(slices.Compact(ids)); n != 600 {
		s.Errorf("600 events have %d ids", n)
	}
	for i, r := range s.put(entries(590, 610)...) {
		if r.Duplicate != (i < 10) {
			s.Errorf("event %d: %+v", 590+i, r)
		}
	}
}

func copies(s *suite) {
	e := webhook.Entry{Event: event(1), Header: header()}
	e.Event.Payload = slices.Clone(e.Event.Payload)
	id := s.fresh(e)[0]
	e.Event.Payload[1], e.Header["X-Two"][0] = '!', "changed"
	first := s.get(id)
	s.same("after the caller changed what it put", first.Event, event(1))
	first.Event.Payload[1], first.Header["X-Two"][0] = '!', "changed"
	again := s.get(id)
	s.same("after the caller changed what it got", again.Event, event(1))
	if diff := cmp.Diff(header(), again.Header); diff != "" {
		s.Errorf("the header was changed from outside:\n%s", diff)
	}
}
