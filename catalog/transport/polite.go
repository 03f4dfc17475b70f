package transport

import (
	"context"
	"math"
	"time"

	"golang.org/x/time/rate"

	"github.com/soukhq/souk/catalog"
)

// PoliteConfig describes a budget for a platform that publishes none. All
// fields are optional.
type PoliteConfig struct {
	// Concurrency is how many calls may be in flight at first; 0 means 4.
	Concurrency int
	// MaxConcurrency is how many there may ever be; 0 means 16.
	MaxConcurrency int
	// Rate bounds calls per second; 0 means no bound.
	Rate float64
	// Burst is how many of them may start together; 0 means 1.
	Burst int
}

// Polite is a budget for shops on hosting of unknown strength. It bounds the
// calls in flight: one more after each round of steady answers, half as many
// after a refusal, a server error or a lost answer. Where it once failed it
// grows again with caution, and answers that take more than twice their usual
// time stop the growth. Costs are not looked at. Safe for concurrent use.
type Polite struct {
	line   line
	polite polite
}

// NewPolite makes the budget. The error is a *catalog.ConfigError.
func NewPolite(cfg PoliteConfig) (*Polite, error) {
	wrong := func(field, reason string) (*Polite, error) {
		return nil, &catalog.ConfigError{Platform: "transport", Field: field, Reason: reason}
	}
	if cfg.Concurrency == 0 {
		cfg.Concurrency = 4
	}
	if cfg.MaxConcurrency == 0 {
		cfg.MaxConcurrency = max(16, cfg.Concurrency)
	}
	if cfg.Burst == 0 {
		cfg.Burst = 1
	}
	switch {
	case cfg.Concurrency < 0:
		return wrong("Concurrency", "is negative")
	case cfg.MaxConcurrency < cfg.Concurrency:
		return wrong("MaxConcurrency", "is below Concurrency")
	case cfg.Rate < 0 || !finite(cfg.Rate):
		return wrong("Rate", "is not a number from 0 up")
	case cfg.Burst < 0:
		return wrong("Burst", "is negative")
	}
	p := &Polite{polite: polite{allowed: float64(cfg.Concurrency), most: float64(cfg.MaxConcurrency), borne: float64(cfg.MaxConcurrency)}}
	if cfg.Rate > 0 {
		p.polite.pace = rate.NewLimiter(rate.Limit(cfg.Rate), cfg.Burst)
	}
	p.line.policy, p.line.used = &p.polite, time.Now()
	return p, nil
}

// Reserve implements Budget.
func (p *Polite) Reserve(ctx context.Context, cost float64) (Permit, error) {
	return p.line.reserve(ctx, cost)
}

// Idle is how long nobody has used the budget; 0 while a call waits or is in
// flight.
func (p *Polite) Idle() time.Duration { return p.line.idle() }

// Concurrency is how many calls may be in flight now.
func (p *Polite) Concurrency() int {
	p.line.mu.Lock()
	defer p.line.mu.Unlock()
	return int(p.polite.allowed)
}

// caution is how many times slower concurrency grows beyond what was borne.
const caution = 32

// polite is the arithmetic.
type polite struct {
	allowed, most float64
	borne         float64 // what the shop bore before the last failure; most if it never failed
	inFlight      int
	pace          *rate.Limiter // nil when unbounded
	hold          time.Time     // nobody goes before
	halved        time.Time     // when allowed last shrank
	usual         time.Duration // a slow mean of good answers' times
}

func (p *polite) delay(now time.Time, _ float64) (time.Duration, error) {
	if p.inFlight >= int(p.allowed) {
		return never, nil
	}
	return p.soonest(now, 0), nil
}

func (p *polite) soonest(now time.Time, _ float64) time.Duration {
	d := max(p.hold.Sub(now), 0)
	if p.pace != nil {
		d = max(d, untilRestored(1-p.pace.TokensAt(now), float64(p.pace.Limit())))
	}
	return d
}

func (p *polite) take(now time.Time, _ *permit) {
	p.inFlight++
	if p.pace != nil {
		p.pace.AllowN(now, 1)
	}
}

func (p *polite) settle(now time.Time, call *permit, s Settlement) {
	p.inFlight--
	if s.Refused {
		p.hold = later(p.hold, now.Add(s.Wait))
	}
	switch took := now.Sub(call.at); {
	case !s.reached(): // not sent: says nothing about the shop
	case s.Refused || s.Failed:
		if call.at.After(p.halved) || p.halved.IsZero() { // once for all that were in flight together
			p.borne = max(1, math.Floor(p.allowed)-1)
			p.allowed, p.halved = max(1, p.allowed/2), now
		}
	case p.usual == 0:
		p.usual = took
	default:
		if took <= 2*p.usual && p.inFlight+1 >= int(p.allowed) { // only what was tried out may grow
			step := 1 / p.allowed
			if p.allowed >= p.borne {
				step /= caution
			}
			p.allowed = min(p.most, p.allowed+step)
		}
		p.usual += (took - p.usual) / 16
	}
}
