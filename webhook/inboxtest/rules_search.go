package inboxtest

import (
	"fmt"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

var searchRules = []rule{
	{name: "a search selects by every field", run: searchFields},
	{name: "a search selects by state", run: searchStates},
	{name: "a search selects by time", clock: true, run: searchTimes},
	{name: "pages give every record once, latest first", run: searchPages},
	{name: "pages are not disturbed by what comes", run: searchPagesMeanwhile},
	{name: "a search is brief", run: searchBrief},
	{name: "a cursor of another hand is refused", run: searchCursor},
	{name: "what is not there is not found", run: notThere},
}

func searchFields(s *suite) {
	var all []webhook.Entry
	for n := range 3 {
		e := entry(n)
		e.Event.Platform, e.Event.Store, e.Event.Account = fmt.Sprint("platform", n), fmt.Sprint("store", n), fmt.Sprint("account", n)
		e.Event.Topic, e.Event.Kind, e.Event.Resource = fmt.Sprint("topic", n), catalog.EventKind(fmt.Sprint("kind", n)), catalog.Resource(fmt.Sprint("resource", n))
		all = append(all, e)
	}
	ids := s.fresh(all...)
	e := all[1].Event
	for _, q := range []webhook.Query{{ID: ids[1]}, {Key: e.Key}, {Platform: "platform1"}, {Store: "store1"}, {Account: "account1"}, {Topic: "topic1"},
		{Kind: "kind1"}, {Resource: "resource1"}, {ResourceID: e.ResourceID},
		{Platform: "platform1", Store: "store1", Account: "account1", Kind: "kind1", Resource: "resource1", ResourceID: e.ResourceID, States: []webhook.State{webhook.StatePending}}} {
		page := s.search(q)
		if len(page.Records) != 1 || page.Records[0].ID != ids[1] || page.Next != "" {
			s.Errorf("Search %+v found %d records", q, len(page.Records))
		}
	}
	for _, q := range []webhook.Query{{Account: "account"}, {Account: "%"}, {Platform: "platform1", Store: "store2"}, {Key: "none"}, {States: []webhook.State{webhook.StateDead}}} {
		if page := s.search(q); len(page.Records) != 0 {
			s.Errorf("Search %+v found %d records; want none", q, len(page.Records))
		}
	}
}

func searchStates(s *suite) {
	ids := s.fresh(entries(0, 3)...)
	states := map[string]webhook.State{ids[0]: webhook.StateDone, ids[1]: webhook.StateIgnored, ids[2]: webhook.StateDead}
	s.work(3, func(c webhook.Claimed) webhook.Settlement { return as(states[c.ID])(c) })
	ids = append(ids, s.fresh(entry(4))...)
	for _, c := range []struct {
		states []webhook.State
		want   []string
	}{
		{[]webhook.State{webhook.StateDone}, ids[:1]},
		{[]webhook.State{webhook.StateDead, webhook.StateIgnored}, []string{ids[2], ids[1]}},
		{[]webhook.State{webhook.StatePending}, ids[3:]},
		{nil, []string{ids[3], ids[2], ids[1], ids[0]}},
	} {
		if got := idsOf(s.search(webhook.Query{States: c.states})); !slices.Equal(got, c.want) {
			s.Errorf("Search %v found %v; want %v", c.states, got, c.want)
		}
	}
}

func idsOf(p webhook.Page) []string {
	var ids []string
	for _, r := range p.Records {
		ids = append(ids, r.ID)
	}
	return ids
}

func searchTimes(s *suite) {
	var ids []string
	for n := range 3 {
		ids = append(ids, s.fresh(entry(n))...)
		s.clock.advance(time.Minute)
	}
	at := s.get(ids[1]).StoredAt
	for _, c := range []struct {
		from, to time.Time
		want     []string
	}{
		{at, time.Time{}, []string{ids[2], ids[1]}},
		{time.Time{}, at, ids[:1]},
		{at, at.Add(time.Minute), ids[1:2]},
		{at.In(time.FixedZone("+03", 3*3600)), at.Add(time.Second), ids[1:2]},
		{at.Add(time.Second), at.Add(2 * time.Second), nil},
	} {
		if got := idsOf(s.search(webhook.Query{From: c.from, To: c.to})); !slices.Equal(got, c.want) {
			s.Errorf("Search from %v to %v found %v; want %v", c.from, c.to, got, c.want)
		}
	}
}

// pages follows a search to its end.
func (s *suite) pages(q webhook.Query, between func()) []string {
	s.Helper()
	var ids []string
	for range 100 {
		page := s.search(q)
		ids = append(ids, idsOf(page)...)
		if page.Next == "" {
			return ids
		}
		if len(page.Records) != q.PageSize() {
			s.Errorf("a page that is not the last has %d records; want %d", len(page.Records), q.PageSize())
		}
		q.After = page.Next
		between()
	}
	s.Fatalf("the search does not end")
	return nil
}

func searchPages(s *suite) {
	ids := s.fresh(entries(0, 60)...) // at one time: they must be told apart
	slices.Reverse(ids)
	for _, limit := range []int{1, 7, 20, 60, 1000, 0} {
		if got := s.pages(webhook.Query{Platform: "testshop", Limit: limit}, func() {}); !slices.Equal(got, ids) {
			s.Errorf("pages of %d gave %d records, not the %d in order", limit, len(got), len(ids))
		}
	}
}

func searchPagesMeanwhile(s *suite) {
	ids := s.fresh(entries(0, 20)...)
	slices.Reverse(ids)
	n := 100
	got := s.pages(webhook.Query{Limit: 6}, func() { s.fresh(entry(n)); n++ })
	if !slices.Equal(got, ids) {
		s.Errorf("pages gave %d records while others came; want the %d that were there", len(got), len(ids))
	}
}

func searchBrief(s *suite) {
	s.fresh(webhook.Entry{Event: event(1), Header: header()})
	s.work(1, as(webhook.StateDead))
	r := s.search(webhook.Query{}).Records[0]
	if r.Event.Payload != nil || r.Header != nil || r.History != nil {
		s.Errorf("the record carries what only Get gives: %+v", r)
	}
	want := event(1)
	want.Payload = nil
	s.same("found", r.Event, want)
	if r.State != webhook.StateDead || r.Attempts != 1 || r.LastError == "" || r.StoredAt.IsZero() || r.SettledAt.IsZero() {
		s.Errorf("the record lacks what a list shows: %+v", r)
	}
}

func searchCursor(s *suite) {
	s.fresh(entries(0, 3)...)
	for _, after := range []string{"x", "-1", "' OR 1=1", "\x00"} {
		_, err := s.inbox.Search(s.Context(), webhook.Query{After: after})
		s.wants(fmt.Sprintf("Search after %q", after), err, catalog.ErrInvalid)
	}
}

func notThere(s *suite) {
	s.fresh(entry(1))
	for _, id := range []string{"", "0", "999999", "no such record", "\x00"} {
		_, err := s.inbox.Get(s.Context(), id)
		s.wants(fmt.Sprintf("Get %q", id), err, catalog.ErrNotFound)
		if id == "" {
			continue
		}
		if page := s.search(webhook.Query{ID: id}); len(page.Records) != 0 {
			s.Errorf("Search for %q found %d records", id, len(page.Records))
		}
	}
}
