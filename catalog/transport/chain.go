package transport

import "context"

// Chain makes one budget of several that every call must keep to, such as a
// process-wide one and then the store's. They are reserved in the given
// order, so that two chains with the same order cannot block each other. All
// of them are settled alike, except that Observed goes to the last alone: put
// the one whose state the platform reports there. Nil budgets are left out; a
// chain of none never waits.
func Chain(budgets ...Budget) Budget {
	var c chain
	for _, b := range budgets {
		if b != nil {
			c = append(c, b)
		}
	}
	if len(c) == 1 {
		return c[0]
	}
	return c
}

type chain []Budget

func (c chain) Reserve(ctx context.Context, cost float64) (Permit, error) {
	permits := make(chainPermit, 0, len(c))
	for _, b := range c {
		p, err := b.Reserve(ctx, cost)
		if err != nil {
			permits.Settle(Settlement{})
			return nil, err
		}
		permits = append(permits, p)
	}
	return permits, nil
}

type chainPermit []Permit

func (c chainPermit) Settle(s Settlement) {
	for i, p := range c {
		part := s
		if i < len(c)-1 {
			part.Observed = nil
		}
		p.Settle(part)
	}
}
