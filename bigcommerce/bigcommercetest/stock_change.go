package bigcommercetest

import (
	"fmt"
	"slices"
)

// stockChange is one item of an adjustment.
type stockChange struct {
	at       target
	n        int
	absolute bool
}

// adjustStock makes changes of stock that a request asked for.
func (s *Store) adjustStock(request string, changes []stockChange) {
	for _, ch := range changes {
		if s.setStock(ch.at, ch.n, ch.absolute) {
			s.effect(request, "stock", ch.at.item())
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
		l := levelAt(levels, at.location)
		if absolute {
			l.OnHand = n
		} else {
			l.OnHand += n
		}
		return true
	}, func(p *Product) { p.ModifiedAt = now }, s.skus.changed)
	if result == changed {
		s.fireStock(at, n, absolute)
	}
	return result == changed
}

// levelAt is the stock at a location, which is added where it was not.
func levelAt(levels *[]Level, location int64) *Level {
	i := slices.IndexFunc(*levels, func(l Level) bool { return l.LocationID == location })
	if i < 0 {
		i = len(*levels)
		*levels = append(*levels, Level{LocationID: location})
	}
	return &(*levels)[i]
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
