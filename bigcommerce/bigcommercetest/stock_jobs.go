package bigcommercetest

import (
	"fmt"
	"slices"
	"time"
)

// adjustment is a request's change of stock that shows when its time has come.
type adjustment struct {
	due      time.Time
	left     int // further requests until then
	request  string
	absolute bool
	changes  []stockChange
}

type stockChange struct {
	at target
	n  int
}

// settle applies the adjustments whose time has come.
func (s *Store) settle() {
	s.mu.Lock()
	waiting := len(s.pending) > 0
	s.mu.Unlock()
	if waiting {
		s.writing.Lock()
		s.apply()
		s.writing.Unlock()
	}
}

// tick counts a request towards those that adjustments wait for.
func (s *Store) tick() {
	s.mu.Lock()
	for i := range s.pending {
		s.pending[i].left--
	}
	s.mu.Unlock()
	s.settle()
}

// apply makes the adjustments that are due, in the order they came; writing is
// held.
func (s *Store) apply() {
	now := s.now()
	for {
		s.mu.Lock()
		if len(s.pending) == 0 || s.pending[0].due.After(now) || s.pending[0].left > 0 {
			s.mu.Unlock()
			return
		}
		a := s.pending[0]
		s.pending = s.pending[1:]
		s.mu.Unlock()
		for _, ch := range a.changes {
			if s.setStock(ch.at, ch.n, a.absolute) {
				s.effect(a.request, "stock", ch.at.item())
			}
		}
	}
}

// SetStock sets what a product (variant 0) or a variant has on hand at a
// location, stocking it there if it was not, and fires the events of stock. The
// product gets the clock's time as that of the change. The error says what is
// not there or that the product is tracked another way.
func (s *Store) SetStock(product, variant, location int64, onHand int) error {
	p := s.products.get(product)
	if p == nil || variant != 0 && p.variant(variant) == nil {
		return missing("product or variant", max(product, variant))
	}
	if s.location(location) == nil {
		return missing("location", location)
	}
	if want := [2]string{"product", "variant"}[btoi(variant != 0)]; p.Tracking != want {
		return fmt.Errorf("bigcommercetest: product %d is tracked by %s, not by %s", product, p.Tracking, want)
	}
	s.setStock(target{product, variant, location}, onHand, true)
	return nil
}

// target is where stock is: variant 0 is the product itself.
type target struct{ product, variant, location int64 }

// item is the id of the variant, or of the product where that is tracked.
func (t target) item() int64 {
	if t.variant != 0 {
		return t.variant
	}
	return t.product
}

// setStock changes what is on hand and reports whether that made a difference.
func (s *Store) setStock(at target, n int, absolute bool) bool {
	now := s.stamp()
	result := alter(s.products, at.product, func(p *Product) bool {
		levels := p.levels(at)
		if levels == nil {
			return false
		}
		i := slices.IndexFunc(*levels, func(l Level) bool { return l.LocationID == at.location })
		if i < 0 {
			i = len(*levels)
			*levels = append(*levels, Level{LocationID: at.location})
		}
		if absolute {
			(*levels)[i].OnHand = n
		} else {
			(*levels)[i].OnHand += n
		}
		return true
	}, func(p *Product) { p.ModifiedAt = now }, s.skus.changed)
	if result == changed {
		s.fireStock(at, n, absolute)
	}
	return result == changed
}

// levels are those of the product or of one of its variants; nil when it is
// gone.
func (p *Product) levels(at target) *[]Level {
	if at.variant == 0 {
		return &p.Levels
	}
	if v := p.variant(at.variant); v != nil {
		return &v.Levels
	}
	return nil
}
