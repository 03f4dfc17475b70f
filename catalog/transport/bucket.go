package transport

import (
	"context"
	"math"
	"time"

	"github.com/soukhq/souk/catalog"
)

// BucketConfig describes a bucket. Capacity and RestoreRate are required;
// what the platform reports later replaces them.
type BucketConfig struct {
	// Capacity is the most that can be saved up.
	Capacity float64
	// RestoreRate is what comes back per second.
	RestoreRate float64
	// Margin is never spent: it absorbs what the platform rounds. 0 means a
	// thousandth of the capacity, at most 1; negative means none.
	Margin float64
}

// Bucket is a budget that refills steadily, such as Shopify's query cost.
//
// It never spends more than the platform has, whatever the latency: a
// reservation is held aside while its call is in flight and becomes a charge
// only when it is settled, after the platform's own. What the platform
// observes corrects the level both up and down, allowing for the calls that
// are in flight or were answered out of order. Safe for concurrent use.
type Bucket struct {
	line   line
	bucket bucket
}

// NewBucket makes a full bucket. The error is a *catalog.ConfigError.
func NewBucket(cfg BucketConfig) (*Bucket, error) {
	switch {
	case !positive(cfg.Capacity):
		return nil, &catalog.ConfigError{Platform: "transport", Field: "Capacity", Reason: "is not a number above 0"}
	case !positive(cfg.RestoreRate):
		return nil, &catalog.ConfigError{Platform: "transport", Field: "RestoreRate", Reason: "is not a number above 0"}
	case math.IsNaN(cfg.Margin) || cfg.Margin >= cfg.Capacity:
		return nil, &catalog.ConfigError{Platform: "transport", Field: "Margin", Reason: "is not below Capacity"}
	}
	margin := max(cfg.Margin, 0)
	if cfg.Margin == 0 {
		margin = min(1, cfg.Capacity/1000)
	}
	now := time.Now()
	b := &Bucket{bucket: bucket{capacity: cfg.Capacity, rate: cfg.RestoreRate, margin: margin, level: cfg.Capacity, at: now}}
	b.line.policy, b.line.used = &b.bucket, now
	return b, nil
}

// Reserve implements Budget.
func (b *Bucket) Reserve(ctx context.Context, cost float64) (Permit, error) {
	return b.line.reserve(ctx, cost)
}

// Idle is how long nobody has used the bucket; 0 while a call waits or is in
// flight.
func (b *Bucket) Idle() time.Duration { return b.line.idle() }

// Level is what the bucket holds now by our account, less what calls in
// flight have reserved. It is below 0 when the platform charged more than was
// reserved.
func (b *Bucket) Level() float64 {
	b.line.mu.Lock()
	defer b.line.mu.Unlock()
	b.bucket.refill(time.Now())
	return b.bucket.level - b.bucket.reserved
}

// bucket is the arithmetic. Its level counts every charge that was settled
// and none that is in flight, so that level - reserved can never be more than
// the platform's own level.
type bucket struct {
	capacity, rate, margin float64

	level    float64
	at       time.Time // when level was right
	reserved float64   // by calls in flight
	inFlight int
	charged  float64   // by all calls settled, ever
	hold     time.Time // nobody goes before

	// Somebody else who spends the same budget shows in refusals. foreign is
	// kept on hand for them: it grows by what was missing and shrinks with
	// every accepted call. It shifts the level and so costs no throughput.
	foreign float64
	raised  time.Time // when foreign last grew
}

func (b *bucket) refill(now time.Time) {
	if d := now.Sub(b.at); d > 0 {
		b.level = min(b.capacity, b.level+d.Seconds()*b.rate)
		b.at = now
	}
}

// need is the level at which cost may go when nothing is in flight.
func (b *bucket) need(cost float64) float64 { return min(cost+b.margin+b.foreign, b.capacity) }

func (b *bucket) delay(now time.Time, cost float64) (time.Duration, error) {
	if cost > b.capacity {
		return 0, tooDear(cost, b.capacity)
	}
	b.refill(now)
	// The sum of many small refills may miss a whole number by a hair.
	missing := b.need(cost) + b.reserved - b.level - 1e-9*b.capacity
	if missing > 0 && b.need(cost)+b.reserved > b.capacity {
		return never, nil
	}
	return max(untilRestored(missing, b.rate), b.hold.Sub(now), 0), nil
}

func (b *bucket) soonest(now time.Time, cost float64) time.Duration {
	b.refill(now)
	return max(untilRestored(min(cost, b.capacity)-b.level, b.rate), b.hold.Sub(now), 0)
}

func (b *bucket) take(_ time.Time, p *permit) {
	b.reserved += p.cost
	b.inFlight++
	p.charged = b.charged
}

func (b *bucket) settle(now time.Time, p *permit, s Settlement) {
	b.refill(now)
	b.reserved -= p.cost
	if b.inFlight--; b.inFlight == 0 {
		b.reserved = 0 // whatever sums of fractions left over
	}
	missing := p.cost
	if !s.Refused {
		b.level -= s.Charged
		b.charged += s.Charged
		b.foreign *= 0.98
	}
	if o := s.Observed; o != nil && finite(o.Available) {
		if positive(o.Capacity) {
			b.capacity = o.Capacity
		}
		if positive(o.RestoreRate) {
			b.rate = o.RestoreRate
		}
		missing -= o.Available
		// Of the calls in flight all may be in o.Available already, of those
		// settled since this one was sent perhaps none.
		others := b.charged - p.charged
		if !s.Refused {
			others -= s.Charged
		}
		b.level = min(max(b.level, o.Available-others), o.Available+b.reserved, b.capacity)
	} else if s.Refused {
		// Less than the refused cost was there; after the platform's wait it
		// should be.
		b.level = min(b.level, b.reserved+max(0, p.cost-s.Wait.Seconds()*b.rate))
	}
	if s.Refused {
		b.hold = later(b.hold, now.Add(s.Wait))
		if p.at.After(b.raised) { // once for all that were refused together
			b.foreign, b.raised = min(b.foreign+max(missing, p.cost/4), b.capacity/4), now
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

func positive(f float64) bool { return f > 0 && !math.IsInf(f, 0) }
