package webhook

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
)

// puller fetches due events from a Claimer, runs them, renews their leases and
// settles them.
type puller struct {
	d       *Dispatcher
	inbox   Claimer
	settles *group[Settlement, error]
	slots   chan struct{} // one for each claimed event
	jobs    chan *held

	mu   sync.Mutex
	held map[*held]struct{}
}

// held is a claimed event.
type held struct {
	claimed Claimed
	ctx     context.Context
	cancel  context.CancelCauseFunc
	until   time.Time // guarded by puller.mu
}

func newPuller(d *Dispatcher, inbox Claimer) *puller {
	ahead := d.workers() + d.workers()/2
	return &puller{d: d, inbox: inbox, slots: make(chan struct{}, ahead), jobs: make(chan *held, ahead), held: make(map[*held]struct{}),
		settles: &group[Settlement, error]{
			commit: inbox.Settle,
			fail:   func(err error) error { return err },
			size:   func(*Settlement) int64 { return 0 },
			limits: groupLimits{batch: 256, batchBytes: 1, queue: 1 << 20, queueBytes: 1, writers: 1, timeout: 10 * time.Second},
		}}
}

// run works until ctx ends and all that was claimed is settled. live ends
// when handlers must stop.
func (p *puller) run(ctx, live context.Context) {
	kept := make(chan struct{})
	keeping, stop := context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer close(kept)
		p.keep(keeping)
	}()
	var workers sync.WaitGroup
	for range p.d.workers() {
		workers.Go(func() {
			for h := range p.jobs {
				p.work(ctx, h)
			}
		})
	}
	p.fetch(ctx, live)
	close(p.jobs)
	workers.Wait()
	stop()
	<-kept
}

// fetch claims until ctx ends. It claims for half of the workers or more, so
// that a claim, like a settlement, serves many.
func (p *puller) fetch(ctx, live context.Context) {
	var wake <-chan struct{}
	if w, ok := p.inbox.(Waker); ok {
		wake = w.Wake()
	}
	least := max(1, p.d.workers()/2)
	for {
		for range least {
			select {
			case p.slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
		if ctx.Err() != nil {
			return
		}
		claimed := p.claim(ctx, least)
		for _, c := range claimed {
			p.add(live, c)
		}
		for range least - len(claimed) {
			<-p.slots
		}
		if len(claimed) == least {
			continue
		}
		timer := time.NewTimer(orDefault(p.d.Poll, time.Second))
		select {
		case <-wake:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// claim claims up to limit. It is not cut short by ctx: what was claimed but
// never heard of would wait for its lease.
func (p *puller) claim(ctx context.Context, limit int) (claimed []Claimed) {
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err := contain(func() (err error) {
		claimed, err = p.inbox.Claim(own, limit, p.d.lease())
		return err
	})
	if err != nil {
		p.d.logger().ErrorContext(ctx, "webhook: no events could be claimed", "error", err)
		return nil
	}
	return claimed[:min(len(claimed), limit)]
}

func (p *puller) add(live context.Context, c Claimed) {
	h := &held{claimed: c, until: time.Now().Add(p.d.lease())}
	h.ctx, h.cancel = context.WithCancelCause(live)
	p.mu.Lock()
	p.held[h] = struct{}{}
	p.mu.Unlock()
	p.jobs <- h // has room for all slots
}

// work runs one event and settles it.
func (p *puller) work(ctx context.Context, h *held) {
	defer func() {
		h.cancel(nil)
		p.mu.Lock()
		delete(p.held, h)
		p.mu.Unlock()
		<-p.slots
	}()
	if ctx.Err() != nil { // shutting down: somebody else may begin it at once
		p.settle(h, Settlement{Lease: h.claimed.Lease, State: StatePending})
		return
	}
	if errors.Is(context.Cause(h.ctx), ErrLeaseLost) {
		return
	}
	settlement, settled := p.d.attempt(h.ctx, h.claimed)
	if !settled {
		p.settle(h, settlement)
	}
}

// settle records what became of an event. Where the inbox does not work for
// some seconds the event's lease ends and it is handled again.
func (p *puller) settle(h *held, s Settlement) {
	ctx := context.WithoutCancel(h.ctx)
	var err error
	for pause := 100 * time.Millisecond; pause < 5*time.Second; pause *= 2 {
		var results []error
		if results, err = p.settles.do(ctx, []Settlement{s}); err == nil {
			err = results[0]
		}
		if err == nil || errors.Is(err, catalog.ErrConflict) || errors.Is(err, catalog.ErrInvalid) {
			break
		}
		sleep(ctx, pause)
	}
	if err != nil {
		p.d.logger().ErrorContext(ctx, "webhook: what became of an event could not be recorded; it may be handled again", p.d.about(h.claimed, err)...)
	}
}

// keep renews the leases of all claimed events until ctx ends.
func (p *puller) keep(ctx context.Context) {
	for sleep(ctx, p.d.lease()/3) {
		p.mu.Lock()
		var all []*held
		var leases []Lease
		for h := range p.held {
			all, leases = append(all, h), append(leases, h.claimed.Lease)
		}
		p.mu.Unlock()
		if len(all) == 0 {
			continue
		}
		p.extend(ctx, all, leases)
	}
}

func (p *puller) extend(ctx context.Context, all []*held, leases []Lease) {
	ctx, cancel := context.WithTimeout(ctx, p.d.lease()/3)
	defer cancel()
	var errs []error
	until := time.Now().Add(p.d.lease())
	err := contain(func() (err error) { errs, err = p.inbox.Extend(ctx, leases, p.d.lease()); return err })
	if err != nil || len(errs) != len(all) {
		p.d.logger().ErrorContext(ctx, "webhook: leases could not be renewed", "error", err)
		errs = make([]error, len(all))
		until = time.Time{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, h := range all {
		switch {
		case errors.Is(errs[i], catalog.ErrConflict), until.IsZero() && time.Now().After(h.until):
			h.cancel(ErrLeaseLost)
		case errs[i] == nil && !until.IsZero():
			h.until = until
		}
	}
}
