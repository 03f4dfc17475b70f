package inboxtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// suite is one rule at work on an inbox of its own.
type suite struct {
	testing.TB
	h     Harness
	clock *clock
	inbox webhook.Inbox
	stop  func() // stops the dispatcher that runs
}

const lease = time.Minute

// event makes an event that differs from others by its number.
func event(n int) catalog.Event {
	at := time.Date(2026, 7, 1, 9, n%60, 0, 0, time.UTC)
	return catalog.Event{
		Key: catalog.EventKey("test", "event", fmt.Sprint(n)), Platform: "testshop", Store: "store.example", Account: "account-1",
		Topic: "orders/updated", Kind: catalog.EventOrderUpdated, Resource: catalog.Orders, ResourceID: fmt.Sprint(1000 + n),
		OccurredAt: at, UpdatedAt: at.Add(-time.Second), ReceivedAt: at.Add(time.Second),
		Payload: fmt.Appendf(nil, `{"id": %d}`, 1000+n), PayloadKind: "testshop.webhook.orders/updated",
	}
}

func entry(n int) webhook.Entry { return webhook.Entry{Event: event(n)} }

func entries(from, to int) []webhook.Entry {
	var all []webhook.Entry
	for n := from; n < to; n++ {
		all = append(all, entry(n))
	}
	return all
}

// put keeps entries and holds that there is a result for each and no error.
func (s *suite) put(all ...webhook.Entry) []webhook.PutResult {
	s.Helper()
	results, err := s.inbox.Put(s.Context(), all)
	if err != nil {
		s.Fatalf("Put of %d entries: %v", len(all), err)
	}
	if len(results) != len(all) {
		s.Fatalf("Put of %d entries gave %d results", len(all), len(results))
	}
	return results
}

// fresh keeps entries that must be new, and returns their ids.
func (s *suite) fresh(all ...webhook.Entry) []string {
	s.Helper()
	var ids []string
	for i, r := range s.put(all...) {
		if r.Err != nil || r.Duplicate || r.ID == "" {
			s.Fatalf("entry %d is %+v; want it kept as new", i, r)
		}
		ids = append(ids, r.ID)
	}
	return ids
}

func (s *suite) get(id string) webhook.Record {
	s.Helper()
	r, err := s.inbox.Get(s.Context(), id)
	if err != nil {
		s.Fatalf("Get %s: %v", id, err)
	}
	return r
}

func (s *suite) state(id string) webhook.State { s.Helper(); return s.get(id).State }

func (s *suite) search(q webhook.Query) webhook.Page {
	s.Helper()
	page, err := s.inbox.Search(s.Context(), q)
	if err != nil {
		s.Fatalf("Search %+v: %v", q, err)
	}
	return page
}

func (s *suite) replay(q webhook.Query) int {
	s.Helper()
	n, err := s.inbox.Replay(s.Context(), q)
	if err != nil {
		s.Fatalf("Replay %+v: %v", q, err)
	}
	return n
}

func (s *suite) claimer() webhook.Claimer { return s.inbox.(webhook.Claimer) }

func (s *suite) claim(limit int) []webhook.Claimed {
	s.Helper()
	claimed, err := s.claimer().Claim(s.Context(), limit, lease)
	if err != nil {
		s.Fatalf("Claim: %v", err)
	}
	if len(claimed) > limit {
		s.Fatalf("Claim of %d gave %d", limit, len(claimed))
	}
	return claimed
}

// claimOne claims the one event that is due.
func (s *suite) claimOne() webhook.Claimed {
	s.Helper()
	claimed := s.claim(10)
	if len(claimed) != 1 {
		s.Fatalf("%d events are due; want 1", len(claimed))
	}
	return claimed[0]
}

func (s *suite) settle(settlements ...webhook.Settlement) []error {
	s.Helper()
	errs, err := s.claimer().Settle(s.Context(), settlements)
	if err != nil {
		s.Fatalf("Settle: %v", err)
	}
	if len(errs) != len(settlements) {
		s.Fatalf("Settle of %d gave %d results", len(settlements), len(errs))
	}
	return errs
}

// settleOne settles and holds that it worked.
func (s *suite) settleOne(c webhook.Claimed, state webhook.State, message string) {
	s.Helper()
	settlement := webhook.Settlement{Lease: c.Lease, State: state, Error: message}
	if state == webhook.StateRetry {
		settlement.RetryAt = s.clock.now()
	}
	if err := s.settle(settlement)[0]; err != nil {
		s.Fatalf("Settle as %s: %v", state, err)
	}
}

// work settles n attempts as decide says, by whatever means the inbox has.
func (s *suite) work(n int, decide func(webhook.Claimed) webhook.Settlement) {
	s.Helper()
	if runner, ok := s.inbox.(webhook.Runner); ok {
		ctx, cancel := context.WithTimeout(s.Context(), 30*time.Second)
		defer cancel()
		var mu sync.Mutex
		err := runner.Work(ctx, 4, func(_ context.Context, c webhook.Claimed) webhook.Settlement {
			mu.Lock()
			defer mu.Unlock()
			if n--; n <= 0 {
				cancel()
			}
			return decide(c)
		})
		if err != nil || n > 0 {
			s.Fatalf("Work: %v, %d attempts missing", err, n)
		}
		return
	}
	for n > 0 {
		claimed := s.claim(n)
		if len(claimed) == 0 {
			s.Fatalf("nothing is due; want %d more attempts", n)
		}
		for _, c := range claimed {
			if err := s.settle(decide(c))[0]; err != nil {
				s.Fatalf("Settle: %v", err)
			}
		}
		n -= len(claimed)
	}
}

// as settles attempts as a state.
func as(state webhook.State) func(webhook.Claimed) webhook.Settlement {
	return func(c webhook.Claimed) webhook.Settlement {
		settlement := webhook.Settlement{Lease: c.Lease, State: state}
		if state == webhook.StateDead {
			settlement.Error = "it is broken"
		}
		return settlement
	}
}

// wants holds that an error is of a kind.
func (s *suite) wants(what string, err, kind error) {
	s.Helper()
	if !errors.Is(err, kind) {
		s.Errorf("%s: %v; want %v", what, err, kind)
	}
}

func header() http.Header {
	return http.Header{"Content-Type": {"application/json"}, "X-Two": {"a", "b"}, "Authorization": {webhook.Redacted}}
}
