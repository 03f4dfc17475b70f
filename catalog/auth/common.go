package auth

import (
	"context"
	"fmt"
	"sync"

	"github.com/soukhq/souk/catalog"
)

// common is what the sources of one Provider share.
type common struct {
	accounts  catalog.Accounts // nil = nothing is remembered there
	journal   Journal          // nil = none
	onRefresh func(Refresh)    // nil = nobody is told

	mu       sync.Mutex
	ending   bool
	flights  int
	landed   chan struct{}        // closed when there is no flight, nil while nobody waits
	unstored map[*Source]struct{} // those that hold an answer the store has not taken
}

// start counts a flight.
func (c *common) start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flights++
}

func (c *common) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.flights--; c.flights == 0 && c.landed != nil {
		close(c.landed)
		c.landed = nil
	}
}

// holds counts a source among those with an answer that is not stored.
func (c *common) holds(s *Source, yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !yes {
		delete(c.unstored, s)
		return
	}
	if c.unstored == nil {
		c.unstored = make(map[*Source]struct{})
	}
	c.unstored[s] = struct{}{}
}

func (c *common) isEnding() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ending
}

// settle waits until no flight is under way and returns the sources that hold
// an answer.
func (c *common) settle(ctx context.Context) ([]*Source, error) {
	for {
		c.mu.Lock()
		if c.flights == 0 {
			var holding []*Source
			for s := range c.unstored {
				holding = append(holding, s)
			}
			c.mu.Unlock()
			return holding, nil
		}
		if c.landed == nil {
			c.landed = make(chan struct{})
		}
		landed, n := c.landed, c.flights
		c.mu.Unlock()
		select {
		case <-landed:
		case <-ctx.Done():
			return nil, fmt.Errorf("%d refreshes are under way: %w", n, ctx.Err())
		}
	}
}

// Shutdown ends the provider's work before the process ends: no refresh is
// begun any more (a call that needs one gets ErrUnavailable; living tokens
// still serve), those under way are waited for, and new credentials that the
// store has not taken are offered to it once more. It returns ctx's error when
// ctx ends first, and ErrUnavailable when the store still fails; what is left
// then is lost with the process, unless there is a Journal.
func (p *Provider) Shutdown(ctx context.Context) error {
	p.common.mu.Lock()
	p.common.ending = true
	p.common.mu.Unlock()
	holding, err := p.common.settle(ctx)
	if err != nil {
		return err
	}
	for _, s := range holding {
		known, _ := s.known()
		_, _ = s.join(ctx, known, needed) // the error is in what is left
	}
	if holding, err = p.common.settle(ctx); err != nil {
		return err
	}
	if len(holding) > 0 {
		return &catalog.Error{Op: "shut down", Kind: catalog.ErrUnavailable, Message: fmt.Sprintf("%d new credentials could not be stored", len(holding))}
	}
	return nil
}
