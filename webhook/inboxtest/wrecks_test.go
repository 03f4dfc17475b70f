package inboxtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/webhook"
	"github.com/soukhq/souk/webhook/inboxtest"
)

// wreck is a sound inbox with one fault.
type wreck struct {
	*transacting
	now      func() time.Time
	put      func(w *wreck, ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error)
	get      func(w *wreck, r *webhook.Record)
	search   func(w *wreck, q *webhook.Query) (change func(*webhook.Page))
	replay   func(w *wreck, q webhook.Query) (int, error)
	purge    func(w *wreck, keep time.Duration) (int, error)
	stats    func(s *webhook.Stats)
	claim    func(w *wreck, claimed []webhook.Claimed) []webhook.Claimed
	extend   func(w *wreck, leases []webhook.Lease, lease time.Duration) ([]error, error)
	settle   func(w *wreck, all []webhook.Settlement) ([]error, error)
	lenient  bool
	deaf     bool
	transact func(w *wreck, ctx context.Context, s webhook.Settlement, do func(context.Context) error) error

	once sync.Mutex
	seen map[string]bool
	last []webhook.Claimed
}

func (w *wreck) Put(ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
	if w.put != nil {
		return w.put(w, ctx, entries)
	}
	return w.transacting.Put(ctx, entries)
}

func (w *wreck) Get(ctx context.Context, id string) (webhook.Record, error) {
	r, err := w.transacting.Get(ctx, id)
	if w.get != nil && err == nil {
		w.get(w, &r)
	}
	return r, err
}

func (w *wreck) Search(ctx context.Context, q webhook.Query) (webhook.Page, error) {
	change := func(*webhook.Page) {}
	if w.search != nil {
		change = w.search(w, &q)
	}
	page, err := w.transacting.Search(ctx, q)
	change(&page)
	return page, err
}

func (w *wreck) Replay(ctx context.Context, q webhook.Query) (int, error) {
	if w.replay != nil && ctx.Err() == nil {
		return w.replay(w, q)
	}
	return w.transacting.Replay(ctx, q)
}

func (w *wreck) Purge(ctx context.Context, keep time.Duration) (int, error) {
	if w.purge != nil {
		return w.purge(w, keep)
	}
	return w.transacting.Purge(ctx, keep)
}

func (w *wreck) Stats(ctx context.Context) (webhook.Stats, error) {
	s, err := w.transacting.Stats(ctx)
	if w.stats != nil {
		w.stats(&s)
	}
	return s, err
}

func (w *wreck) Claim(ctx context.Context, limit int, lease time.Duration) ([]webhook.Claimed, error) {
	if w.lenient && (limit <= 0 || lease <= 0) {
		return nil, nil
	}
	claimed, err := w.transacting.Claim(ctx, limit, lease)
	if w.claim != nil {
		claimed = w.claim(w, claimed)
	}
	return claimed, err
}

func (w *wreck) Extend(ctx context.Context, leases []webhook.Lease, lease time.Duration) ([]error, error) {
	if w.extend != nil {
		return w.extend(w, leases, lease)
	}
	return w.transacting.Extend(ctx, leases, lease)
}

func (w *wreck) Settle(ctx context.Context, all []webhook.Settlement) ([]error, error) {
	if w.settle != nil {
		return w.settle(w, all)
	}
	return w.transacting.Settle(ctx, all)
}

func (w *wreck) Wake() <-chan struct{} {
	if w.deaf {
		return make(chan struct{})
	}
	return w.transacting.Wake()
}

func (w *wreck) Transact(ctx context.Context, s webhook.Settlement, do func(context.Context) error) error {
	if w.transact != nil {
		return w.transact(w, ctx, s, do)
	}
	return w.transacting.Transact(ctx, s, do)
}

// changed puts the entries after a change.
func changed(change func(e *webhook.Entry)) func(*wreck, context.Context, []webhook.Entry) ([]webhook.PutResult, error) {
	return func(w *wreck, ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
		entries = slices.Clone(entries)
		for i := range entries {
			change(&entries[i])
		}
		return w.transacting.Put(ctx, entries)
	}
}

// settling settles after a change.
func settling(change func(s *webhook.Settlement)) func(*wreck, []webhook.Settlement) ([]error, error) {
	return func(w *wreck, all []webhook.Settlement) ([]error, error) {
		all = slices.Clone(all)
		for i := range all {
			change(&all[i])
		}
		return w.transacting.Settle(context.Background(), all)
	}
}

func allWrecks() map[string]wreckCase {
	all := maps.Clone(wrecks)
	maps.Copy(all, keptWrecks)
	return all
}

func TestTheSuiteCanFail(t *testing.T) {
	t.Parallel()
	for name, c := range allWrecks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open := func(broken bool) inboxtest.Harness {
				return inboxtest.Harness{
					Open: func(_ testing.TB, now func() time.Time) webhook.Inbox {
						w := &wreck{}
						if broken {
							w = c.wreck()
						}
						w.transacting = &transacting{MemoryInbox: webhook.NewMemoryInbox(webhook.MemoryInboxConfig{Now: now})}
						w.now, w.seen = now, make(map[string]bool)
						return w
					},
					Effect:  effect,
					Effects: func(_ testing.TB, inbox webhook.Inbox, name string) int { return inbox.(*wreck).count(name) },
					Reopen: func(_ testing.TB, inbox webhook.Inbox) webhook.Inbox {
						if broken && c.forgets {
							w := &wreck{transacting: &transacting{MemoryInbox: webhook.NewMemoryInbox(webhook.MemoryInboxConfig{})}}
							return w
						}
						return inbox
					},
				}
			}
			if failures := failing(t, c.rule, open(false)); len(failures) > 0 {
				t.Fatalf("the sound inbox fails the rule already: %s", failures[0])
			}
			failures := failing(t, c.rule, open(true))
			if len(failures) == 0 {
				t.Fatalf("an inbox that %s passes the rule %q", name, c.rule)
			}
			if all := strings.Join(failures, "\n"); !strings.Contains(all, c.says) {
				t.Errorf("the rule %q fails, but not for saying %q:\n%.600s", c.rule, c.says, all)
			}
		})
	}
}

func TestRulesHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	names := inboxtest.Rules()
	slices.Sort(names)
	if unique := slices.Compact(slices.Clone(names)); len(unique) != len(names) {
		t.Errorf("%d rules share their names", len(names)-len(unique))
	}
}

func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}

func TestEveryRuleCanFail(t *testing.T) {
	t.Parallel()
	var broken []string
	for c := range maps.Values(allWrecks()) {
		broken = append(broken, c.rule)
	}
	for _, rule := range inboxtest.Rules() {
		if !slices.Contains(broken, rule) {
			t.Errorf("no wreck breaks the rule %q", rule)
		}
	}
}
