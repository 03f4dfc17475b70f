package inboxtest_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/webhook"
	"github.com/soukhq/souk/webhook/inboxtest"
)

// transacting gives the inbox in memory transactions over a list of effects.
type transacting struct {
	*webhook.MemoryInbox
	mu      sync.Mutex
	effects []string
}

type effectsKey struct{}

func (t *transacting) Transact(ctx context.Context, s webhook.Settlement, do func(context.Context) error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var written []string
	if errs, err := t.Extend(ctx, []webhook.Lease{s.Lease}, time.Minute); err != nil || errs[0] != nil {
		return firstOf(errs, err)
	}
	if err := do(context.WithValue(ctx, effectsKey{}, &written)); err != nil {
		return err
	}
	errs, err := t.Settle(ctx, []webhook.Settlement{s})
	if err := firstOf(errs, err); err != nil {
		return err
	}
	t.effects = append(t.effects, written...)
	return nil
}

func firstOf(errs []error, err error) error {
	if err == nil {
		return errs[0]
	}
	return err
}

func effect(ctx context.Context, name string) error {
	written := ctx.Value(effectsKey{}).(*[]string)
	*written = append(*written, name)
	return nil
}

func (t *transacting) count(name string) (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range t.effects {
		if e == name {
			n++
		}
	}
	return n
}

func transactingHarness() inboxtest.Harness {
	return inboxtest.Harness{
		Open: func(_ testing.TB, now func() time.Time) webhook.Inbox {
			return &transacting{MemoryInbox: webhook.NewMemoryInbox(webhook.MemoryInboxConfig{Now: now})}
		},
		Effect:  effect,
		Effects: func(_ testing.TB, inbox webhook.Inbox, name string) int { return inbox.(*transacting).count(name) },
	}
}

// pushing schedules by itself: it hides the claims of the inbox inside.
type pushing struct {
	webhook.Inbox
	inside *transacting
}

func (p *pushing) Transact(ctx context.Context, s webhook.Settlement, do func(context.Context) error) error {
	return p.inside.Transact(ctx, s, do)
}

func (p *pushing) Work(ctx context.Context, workers int, process func(context.Context, webhook.Claimed) webhook.Settlement) error {
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for ctx.Err() == nil {
				own := context.WithoutCancel(ctx)
				claimed, err := p.inside.Claim(own, 1, time.Minute)
				if err != nil {
					return
				}
				for _, c := range claimed {
					// A conflict says that it was settled by Transact.
					_, _ = p.inside.Settle(own, []webhook.Settlement{process(own, c)})
				}
				if len(claimed) == 0 {
					select {
					case <-ctx.Done():
					case <-time.After(time.Millisecond):
					}
				}
			}
		})
	}
	all.Wait()
	return nil
}

func TestInboxWithTransactions(t *testing.T) {
	t.Parallel()
	inboxtest.Run(t, transactingHarness())
}

func TestInboxThatSchedulesByItself(t *testing.T) {
	t.Parallel()
	inside := transactingHarness()
	inboxtest.Run(t, inboxtest.Harness{
		OwnClock: true,
		Open: func(t testing.TB, now func() time.Time) webhook.Inbox {
			memory := inside.Open(t, now).(*transacting)
			return &pushing{Inbox: memory.MemoryInbox, inside: memory}
		},
		Effect: effect,
		Effects: func(t testing.TB, inbox webhook.Inbox, name string) int {
			return inside.Effects(t, inbox.(*pushing).inside, name)
		},
		// Nothing is lost by closing it, so nothing has to be done.
		Reopen: func(_ testing.TB, inbox webhook.Inbox) webhook.Inbox { return inbox },
	})
}
