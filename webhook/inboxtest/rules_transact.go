package inboxtest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

var transactRules = []rule{
	{name: "an effect and its event's settlement are one", run: transactCommits},
	{name: "an effect that fails leaves nothing behind", run: transactFails},
	{name: "an effect without the lease does not happen", claims: true, clock: true, run: transactLost},
	{name: "a handler shares the event's transaction", run: transactHandler},
}

func (s *suite) transactor() webhook.Transactor {
	s.Helper()
	t, ok := s.inbox.(webhook.Transactor)
	if !ok {
		s.Skip("the inbox is no Transactor")
	}
	if s.h.Effect == nil || s.h.Effects == nil {
		s.Fatalf("the harness of a Transactor lacks Effect or Effects")
	}
	return t
}

func (s *suite) effects(name string, want int) {
	s.Helper()
	if got := s.h.Effects(s.TB, s.inbox, name); got != want {
		s.Errorf("the effect %q is there %d times; want %d", name, got, want)
	}
}

func transactCommits(s *suite) {
	s.transactor()
	id := s.fresh(entry(1))[0]
	s.dispatch(func(ctx context.Context, _ catalog.Event) error {
		return webhook.Transact(ctx, func(ctx context.Context) error { return s.h.Effect(ctx, "one") })
	}, 1)
	s.effects("one", 1)
	if r := s.get(id); r.State != webhook.StateDone || r.Attempts != 1 || len(r.History) != 1 || r.History[0].State != webhook.StateDone || r.SettledAt.IsZero() {
		s.Errorf("the record is %+v", r)
	}
}

func transactFails(s *suite) {
	s.transactor()
	id := s.fresh(entry(1))[0]
	s.dispatch(func(ctx context.Context, _ catalog.Event) error {
		attempt, _ := webhook.DeliveredFrom(ctx)
		return webhook.Transact(ctx, func(ctx context.Context) error {
			if err := s.h.Effect(ctx, fmt.Sprint("attempt ", attempt.Attempt)); err != nil {
				return err
			}
			switch attempt.Attempt {
			case 1:
				return errors.New("after the effect")
			case 2:
				panic("after the effect")
			}
			return nil
		})
	}, 3)
	s.effects("attempt 1", 0)
	s.effects("attempt 2", 0)
	s.effects("attempt 3", 1)
	if r := s.get(id); r.State != webhook.StateDone || r.Attempts != 3 {
		s.Errorf("the record is %+v", r)
	}
}

func transactLost(s *suite) {
	t := s.transactor()
	s.fresh(entry(1))
	old := s.claimOne()
	s.clock.advance(lease + time.Second)
	next := s.claimOne()
	late := webhook.Settlement{Lease: old.Lease, State: webhook.StateDone, States: []string{"late state"}}
	err := t.Transact(s.Context(), late, func(ctx context.Context) error { return s.h.Effect(ctx, "late") })
	s.wants("Transact after the lease was lost", err, catalog.ErrConflict)
	s.effects("late", 0)
	own := webhook.Settlement{Lease: next.Lease, State: webhook.StateDone, States: []string{"own state"}}
	if err := t.Transact(s.Context(), own, func(ctx context.Context) error { return s.h.Effect(ctx, "own") }); err != nil {
		s.Fatalf("Transact: %v", err)
	}
	s.effects("own", 1)
	err = t.Transact(s.Context(), own, func(ctx context.Context) error { return s.h.Effect(ctx, "own") })
	s.wants("Transact twice", err, catalog.ErrConflict)
	s.effects("own", 1)
	for key, known := range map[string]bool{"late state": false, "own state": true} {
		e := entry(9)
		e.Event.Key = key
		if r := s.put(e)[0]; r.Duplicate != known {
			s.Errorf("%s: %+v", key, r)
		}
	}
}

func transactHandler(s *suite) {
	s.transactor()
	id := s.fresh(entry(1))[0]
	s.dispatch(func(ctx context.Context, _ catalog.Event) error {
		err := webhook.Transact(ctx, func(ctx context.Context) error { return s.h.Effect(ctx, "kept") })
		return errors.Join(err, errors.New("too late to matter"))
	}, 1)
	s.effects("kept", 1)
	if got := s.state(id); got != webhook.StateDone {
		s.Errorf("the record is %s; what a handler returns after its transaction changes nothing", got)
	}
}
