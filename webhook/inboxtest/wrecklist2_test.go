package inboxtest_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"github.com/soukhq/souk/webhook"
)

func randomText() string { return rand.Text() }

// asking searches with a changed query.
func asking(change func(q *webhook.Query)) func() *wreck {
	return func() *wreck {
		return &wreck{search: func(_ *wreck, q *webhook.Query) func(*webhook.Page) {
			change(q)
			return func(*webhook.Page) {}
		}}
	}
}

// showing changes what a search found.
func showing(change func(p *webhook.Page)) func() *wreck {
	return func() *wreck {
		return &wreck{search: func(*wreck, *webhook.Query) func(*webhook.Page) { return change }}
	}
}

// replaying replays a changed query.
func replaying(change func(q *webhook.Query)) func() *wreck {
	return func() *wreck {
		return &wreck{replay: func(w *wreck, q webhook.Query) (int, error) {
			change(&q)
			return w.MemoryInbox.Replay(background, q)
		}}
	}
}

var keptWrecks = map[string]wreckCase{
	"replays as a new event": {rule: "a replay is a further attempt of the same record", says: "replayed record",
		wreck: func() *wreck { return &wreck{get: func(_ *wreck, r *webhook.Record) { r.Replays = 0 }} }},
	"replays one page": {rule: "all that failed can be replayed", says: "want the 3 dead ones",
		wreck: func() *wreck {
			return &wreck{replay: func(w *wreck, q webhook.Query) (int, error) {
				page, _ := w.MemoryInbox.Search(background, q)
				for _, r := range page.Records {
					_, _ = w.MemoryInbox.Replay(background, webhook.Query{ID: r.ID})
				}
				return len(page.Records), nil
			}}
		}},
	"replays to the end of time":  {rule: "a range of time can be replayed", says: "in the range", wreck: replaying(func(q *webhook.Query) { q.To = time.Time{} })},
	"replays what is final, only": {rule: "a replay makes a retry due now", says: "want 1", wreck: replaying(func(q *webhook.Query) { q.States = []webhook.State{webhook.StateDone} })},
	"says it replayed what runs": {rule: "a replay leaves alone what waits or runs", says: "want none",
		wreck: func() *wreck { return &wreck{replay: func(*wreck, webhook.Query) (int, error) { return 1, nil }} }},
	"replays everything": {rule: "a replay of everything must be asked for", says: "Replay of everything",
		wreck: replaying(func(q *webhook.Query) { q.To = time.Now().Add(1e6 * time.Hour) })},

	"does not look at accounts": {rule: "a search selects by every field", says: "Search", wreck: asking(func(q *webhook.Query) { q.Account = "" })},
	"finds every state":         {rule: "a search selects by state", says: "Search", wreck: asking(func(q *webhook.Query) { q.States = nil })},
	"takes To for inclusive": {rule: "a search selects by time", says: "Search from", wreck: asking(func(q *webhook.Query) {
		if !q.To.IsZero() {
			q.To = q.To.Add(time.Nanosecond)
		}
	})},
	"gives the oldest first": {rule: "pages give every record once, latest first", says: "in order", wreck: showing(func(p *webhook.Page) {
		for i, j := 0, len(p.Records)-1; i < j; i, j = i+1, j-1 {
			p.Records[i], p.Records[j] = p.Records[j], p.Records[i]
		}
	})},
	"pages by number": {rule: "pages are not disturbed by what comes", says: "while others came",
		wreck: func() *wreck {
			return &wreck{search: func(w *wreck, q *webhook.Query) func(*webhook.Page) {
				q.Limit = 100
				after := len(q.After)
				q.After = ""
				return func(p *webhook.Page) {
					p.Records = p.Records[min(after, len(p.Records)):]
					if p.Next = ""; len(p.Records) > 6 {
						p.Records, p.Next = p.Records[:6], string(make([]byte, after+6))
					}
				}
			}}
		}},
	"lists headers": {rule: "a search is brief", says: "only Get gives", wreck: showing(func(p *webhook.Page) {
		for i := range p.Records {
			p.Records[i].Header = http.Header{}
		}
	})},
	"starts again at a bad cursor": {rule: "a cursor of another hand is refused", says: "Search after", wreck: asking(func(q *webhook.Query) { q.After = "" })},
	"finds what is not asked for":  {rule: "what is not there is not found", says: "found 1 records", wreck: asking(func(q *webhook.Query) { q.ID = "" })},

	"purges early": {rule: "a purge takes what is old and final", says: "before their time",
		wreck: func() *wreck {
			return &wreck{purge: func(w *wreck, _ time.Duration) (int, error) { return w.MemoryInbox.Purge(background, time.Nanosecond) }}
		}},
	"purges no keys": {rule: "a purge forgets old keys and states, and no others", says: "want it kept as new",
		wreck: func() *wreck { return &wreck{purge: func(*wreck, time.Duration) (int, error) { return 1, nil }} }},
	"purges all when not told": {rule: "the time to keep must be positive", says: "Purge of everything",
		wreck: func() *wreck { return &wreck{purge: func(*wreck, time.Duration) (int, error) { return 0, nil }} }},
	"counts no retries": {rule: "the stats count", says: "want 1",
		wreck: func() *wreck { return &wreck{stats: func(s *webhook.Stats) { delete(s.States, webhook.StateRetry) }} }},
	"works on without its caller": {rule: "an ended context is its error", says: "with an ended context",
		wreck: func() *wreck {
			return &wreck{put: func(w *wreck, ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
				return w.MemoryInbox.Put(context.WithoutCancel(ctx), entries)
			}}
		}},
	"forgets all":  {rule: "what is kept outlives the process", says: "not found", forgets: true, wreck: func() *wreck { return &wreck{} }},
	"wakes nobody": {rule: "a waker wakes", says: "woke nobody", wreck: func() *wreck { return &wreck{deaf: true} }},

	"claims twice for a dispatcher": {rule: "a dispatcher handles every event once", says: "times",
		wreck: func() *wreck {
			return &wreck{claim: func(w *wreck, c []webhook.Claimed) []webhook.Claimed {
				if len(c) > 1 && !w.lenient {
					w.lenient = true
					_, _ = w.MemoryInbox.Settle(background, []webhook.Settlement{{Lease: c[1].Lease, State: webhook.StateDone}})
					c[1] = c[0]
				}
				return c
			}}
		}},
	"loses errors": {rule: "a dispatcher tries again until it works, and gives up where it cannot", says: "error",
		wreck: func() *wreck { return &wreck{settle: settling(func(s *webhook.Settlement) { s.Error = "" })} }},
	"takes nothing back": {rule: "a dispatcher that stops gives back what it has not done", says: "still run",
		wreck: func() *wreck {
			return &wreck{settle: func(w *wreck, all []webhook.Settlement) ([]error, error) {
				var real []webhook.Settlement
				for _, s := range all {
					if s.State != webhook.StatePending {
						real = append(real, s)
					}
				}
				_, err := w.MemoryInbox.Settle(background, real)
				return make([]error, len(all)), err
			}}
		}},

	"settles without the effect": {rule: "an effect and its event's settlement are one", says: "want 1",
		wreck: func() *wreck {
			return &wreck{transact: func(w *wreck, ctx context.Context, s webhook.Settlement, do func(context.Context) error) error {
				return w.transacting.Transact(ctx, s, func(context.Context) error { return nil })
			}}
		}},
	"keeps the effect of a failure": {rule: "an effect that fails leaves nothing behind", says: "want 0",
		wreck: func() *wreck {
			return &wreck{transact: func(w *wreck, ctx context.Context, s webhook.Settlement, do func(context.Context) error) error {
				return w.transacting.Transact(ctx, s, func(inner context.Context) error {
					err := do(inner)
					if err != nil {
						w.effects = append(w.effects, "attempt 1")
					}
					return err
				})
			}}
		}},
	"does not look at the lease": {rule: "an effect without the lease does not happen", says: "after the lease was lost",
		wreck: func() *wreck {
			return &wreck{transact: func(w *wreck, ctx context.Context, s webhook.Settlement, do func(context.Context) error) error {
				err := w.transacting.Transact(ctx, s, do)
				if err != nil {
					err = errors.New("something else")
				}
				return err
			}}
		}},
	"settles a second time": {rule: "a handler shares the event's transaction", says: "want 1",
		wreck: func() *wreck {
			return &wreck{transact: func(w *wreck, ctx context.Context, s webhook.Settlement, do func(context.Context) error) error {
				return w.transacting.Transact(ctx, s, func(inner context.Context) error { return errors.Join(do(inner), do(inner)) })
			}}
		}},
}
