package inboxtest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/webhook"
)

var background = context.Background()

// wreckCase is a fault and the rule that must find it.
type wreckCase struct {
	rule    string
	says    string // part of the complaint
	forgets bool   // what it loses when it is opened again is all
	wreck   func() *wreck
}

var wrecks = map[string]wreckCase{
	"stores payloads as JSON": {rule: "what is kept is read back as it was", says: "the payload was changed",
		wreck: func() *wreck {
			return &wreck{put: changed(func(e *webhook.Entry) { e.Event.Payload = compact(e.Event.Payload) })}
		}},
	"cuts texts at a NUL": {rule: "hostile text is kept as it was, or refused alone", says: "changed",
		wreck: func() *wreck {
			return &wreck{put: changed(func(e *webhook.Entry) { e.Event.Topic, _, _ = strings.Cut(e.Event.Topic, "\x00") })}
		}},
	"fails a call for one bad entry": {rule: "an entry without a key fails alone", says: "Put of 3",
		wreck: func() *wreck {
			return &wreck{put: func(w *wreck, ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
				for _, e := range entries {
					if e.Event.Key == "" {
						return nil, errors.New("constraint")
					}
				}
				return w.transacting.Put(ctx, entries)
			}}
		}},
	"keeps every delivery": {rule: "a key is kept once", says: "want a duplicate",
		wreck: func() *wreck {
			return &wreck{put: changed(func(e *webhook.Entry) { e.Event.Key += time.Now().String() + randomText() })}
		}},
	"looks for copies before a call only": {rule: "the same key twice in a call is one new and one duplicate", says: "a copy in the same call",
		wreck: func() *wreck {
			return &wreck{put: func(w *wreck, ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
				var all []webhook.PutResult
				for i, e := range entries {
					if i > 0 && e.Event.Key == entries[0].Event.Key {
						e.Event.Key += randomText()
					}
					r, _ := w.transacting.Put(ctx, []webhook.Entry{e})
					all = append(all, r...)
				}
				return all, nil
			}}
		}},
	"checks first and inserts later": {rule: "forty concurrent copies are one new and 39 duplicates", says: "copies are new",
		wreck: func() *wreck {
			return &wreck{put: func(w *wreck, ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
				w.once.Lock()
				known := w.seen[entries[0].Event.Key]
				w.once.Unlock()
				time.Sleep(20 * time.Millisecond) // the others look meanwhile
				w.once.Lock()
				w.seen[entries[0].Event.Key] = true
				w.once.Unlock()
				results, err := w.transacting.Put(ctx, entries)
				results[0].Duplicate = known
				return results, err
			}}
		}},
	"drops what is above 500": {rule: "a call of 600 entries gives each its result", says: "Put of 600",
		wreck: func() *wreck {
			return &wreck{put: func(w *wreck, ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
				return w.transacting.Put(ctx, entries[:min(500, len(entries))])
			}}
		}},
	"hands out its own header": {rule: "what is put and got are copies", says: "changed from outside",
		wreck: func() *wreck {
			var shared map[string][]string
			return &wreck{get: func(_ *wreck, r *webhook.Record) {
				if shared == nil {
					shared = r.Header
				}
				r.Header = shared
			}}
		}},

	"does not know states": {rule: "a state makes its key known", says: "want a duplicate",
		wreck: func() *wreck { return &wreck{put: changed(func(e *webhook.Entry) { e.States = nil })} }},
	"does not look at twins": {rule: "an entry whose twin was kept is a duplicate", says: "after its sweep",
		wreck: func() *wreck { return &wreck{put: changed(func(e *webhook.Entry) { e.Twin = "" })} }},
	"takes states for twins": {rule: "a twin that is only a state is no duplicate", says: "want it kept as new",
		wreck: func() *wreck {
			return &wreck{put: func(w *wreck, ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
				results, err := w.transacting.Put(ctx, entries)
				for i, e := range entries {
					for _, s := range e.States {
						results[i].Duplicate = results[i].Duplicate || w.seen[s]
						w.seen[s] = true
					}
				}
				return results, err
			}}
		}},
	"sorts a call": {rule: "the entries of a call are judged in order", says: "want duplicate",
		wreck: func() *wreck {
			return &wreck{put: func(w *wreck, ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
				entries = slices.Clone(entries)
				slices.Reverse(entries)
				results, err := w.transacting.Put(ctx, entries)
				slices.Reverse(results)
				return results, err
			}}
		}},
	"lets twins pass each other": {rule: "a delivery and its sweep at once are one", says: "want 1",
		wreck: func() *wreck { return &wreck{put: changed(func(e *webhook.Entry) { e.Twin, e.States = "", nil })} }},

	"claims in any order": {rule: "a claim takes what is due, longest due first, up to its limit", says: "in order",
		wreck: func() *wreck {
			return &wreck{claim: func(_ *wreck, c []webhook.Claimed) []webhook.Claimed { slices.Reverse(c); return c }}
		}},
	"does not count attempts": {rule: "a claim brings the event and counts the attempt", says: "second attempt",
		wreck: func() *wreck {
			return &wreck{claim: func(_ *wreck, c []webhook.Claimed) []webhook.Claimed {
				for i := range c {
					c[i].Attempt, c[i].Tries = 1, 1
				}
				return c
			}}
		}},
	"claims again": {rule: "what is claimed is not claimed again", says: "claimed already",
		wreck: func() *wreck {
			return &wreck{claim: func(w *wreck, c []webhook.Claimed) []webhook.Claimed {
				if len(c) == 0 {
					return w.last
				}
				w.last = c
				return c
			}}
		}},
	"gives all the same owner": {rule: "concurrent claims share the events", says: "owners",
		wreck: func() *wreck {
			return &wreck{claim: func(_ *wreck, c []webhook.Claimed) []webhook.Claimed {
				for i := range c {
					c[i].Owner = "worker"
				}
				return c
			}}
		}},
	"claims nothing without a word": {rule: "a claim of nothing, or for no time, is invalid", says: "Claim of 0",
		wreck: func() *wreck { return &wreck{lenient: true} }},

	"settles for anybody": {rule: "an ended lease is taken by the next, and its owner can do nothing more", says: "after the lease was lost",
		wreck: func() *wreck {
			return &wreck{
				claim:  func(w *wreck, c []webhook.Claimed) []webhook.Claimed { w.last = c; return c },
				settle: settlingAsHolder,
			}
		}},
	"does not extend": {rule: "an extended lease holds", says: "although the lease was extended",
		wreck: func() *wreck {
			return &wreck{extend: func(_ *wreck, l []webhook.Lease, _ time.Duration) ([]error, error) { return make([]error, len(l)), nil }}
		}},
	"takes leases away when they end": {rule: "a lease that ended but was not taken is its owner's", says: "Extend of a lease that ended",
		wreck: func() *wreck {
			return &wreck{extend: func(_ *wreck, l []webhook.Lease, _ time.Duration) ([]error, error) {
				return slices.Repeat([]error{errors.New("ended")}, len(l)), nil
			}}
		}},
	"does not look at owners": {rule: "a lease cannot be guessed", says: "Settle by somebody else",
		wreck: func() *wreck {
			return &wreck{
				claim:  func(w *wreck, c []webhook.Claimed) []webhook.Claimed { w.last = c; return c },
				settle: settlingAsHolder,
			}
		}},
	"fails all for one": {rule: "leases are judged one by one", says: "Settle",
		wreck: func() *wreck {
			return &wreck{settle: func(w *wreck, all []webhook.Settlement) ([]error, error) {
				errs, err := w.transacting.Settle(background, all)
				for _, e := range errs {
					if e != nil {
						return slices.Repeat([]error{e}, len(all)), err
					}
				}
				return errs, err
			}}
		}},

	"settles nothing for good": {rule: "final states are final", says: "settled as",
		wreck: func() *wreck {
			return &wreck{settle: settling(func(s *webhook.Settlement) {
				if s.State == webhook.StateIgnored {
					s.State = webhook.StateDone
				}
			})}
		}},
	"retries at once": {rule: "a retry is due at its time and not before", says: "before the retry was due",
		wreck: func() *wreck {
			return &wreck{settle: settling(func(s *webhook.Settlement) { s.RetryAt = s.RetryAt.Add(-2 * time.Hour) }),
				get: func(_ *wreck, r *webhook.Record) { r.DueAt = r.DueAt.Add(2 * time.Hour) }}
		}},
	"counts what was given back": {rule: "what is given back was not tried", says: "want attempt 2, try 1",
		wreck: func() *wreck {
			return &wreck{claim: func(_ *wreck, c []webhook.Claimed) []webhook.Claimed {
				for i := range c {
					c[i].Tries = c[i].Attempt
				}
				return c
			}}
		}},
	"drops what is dead": {rule: "a dead event keeps its body, header, attempts and error", says: "the payload was changed",
		wreck: func() *wreck {
			return &wreck{get: func(_ *wreck, r *webhook.Record) {
				if r.State == webhook.StateDead {
					r.Event.Payload = nil
				}
			}}
		}},
	"forgets what handlers saw": {rule: "states that a handler saw become known", says: "that a handler saw",
		wreck: func() *wreck { return &wreck{settle: settling(func(s *webhook.Settlement) { s.States = nil })} }},
	"settles as whatever it is told": {rule: "an attempt cannot be settled as running", says: "Settle as running",
		wreck: func() *wreck {
			return &wreck{settle: settling(func(s *webhook.Settlement) {
				if s.State == webhook.StateRunning {
					s.State = webhook.StatePending
				}
			})}
		}},
	"keeps the oldest attempts": {rule: "the history is bounded and keeps the latest", says: "want attempt",
		wreck: func() *wreck {
			return &wreck{get: func(_ *wreck, r *webhook.Record) {
				for i := range r.History {
					r.History[i].Number = i + 1
				}
			}}
		}},
}

// settlingAsHolder settles whoever asks, under the lease of the holder.
func settlingAsHolder(w *wreck, all []webhook.Settlement) ([]error, error) {
	all = slices.Clone(all)
	for i := range all {
		if len(w.last) > 0 {
			all[i].Lease = w.last[0].Lease
		}
	}
	return w.transacting.Settle(background, all)
}
