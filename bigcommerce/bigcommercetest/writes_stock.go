package bigcommercetest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// adjustment is a change of stock that shows when its time has come.
type adjustment struct {
	due   time.Time
	apply func()
}

// settle applies the adjustments whose time has come.
func (s *Store) settle() {
	now := s.now()
	s.mu.Lock()
	var due []adjustment
	for len(s.pending) > 0 && !s.pending[0].due.After(now) {
		due = append(due, s.pending[0])
		s.pending = s.pending[1:]
	}
	s.mu.Unlock()
	for _, a := range due {
		a.apply()
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

func (s *Store) setStock(at target, n int, absolute bool) {
	s.changeProduct(at.product, func(p *Product) {
		levels := &p.Levels
		if at.variant != 0 {
			v := p.variant(at.variant)
			if v == nil {
				return
			}
			levels = &v.Levels
		}
		i := slices.IndexFunc(*levels, func(l Level) bool { return l.LocationID == at.location })
		if i < 0 {
			i = len(*levels)
			*levels = append(*levels, Level{LocationID: at.location})
		}
		if !absolute {
			n += (*levels)[i].OnHand
		}
		(*levels)[i].OnHand = n
	})
	s.fireStock(at, n, absolute)
}

// find returns what an item of an adjustment means, or why it cannot be done.
func (s *Store) find(in input) (at target, p *Product, problem string) {
	at.location, _ = in.integer("location_id")
	if s.location(at.location) == nil {
		return at, nil, "Location with id " + in.text("location_id") + " was not found"
	}
	byProduct := false
	switch {
	case in.has("product_id"):
		at.product, _ = in.integer("product_id")
		byProduct = true
	case in.has("variant_id"):
		at.variant, _ = in.integer("variant_id")
		at.product = productOfVariant(at.variant)
	case in.has("sku"):
		if ids := s.skus.find(in.text("sku"), true); len(ids) > 0 {
			at.variant, at.product = ids[0], productOfVariant(ids[0])
		} else if ids := s.skus.find(in.text("sku"), false); len(ids) > 0 {
			at.product, byProduct = ids[0], true
		}
	}
	p = s.products.get(at.product)
	if p == nil || at.variant != 0 && p.variant(at.variant) == nil {
		return at, nil, "Items were not found"
	}
	switch {
	case p.Simple(): // the base variant is the product
		at.variant = 0
		if p.Tracking == "variant" {
			at.variant = p.Variants[0].ID
		}
	case byProduct && p.Tracking == "variant":
		problem = fmt.Sprintf("[Item with product_id %d is tracked by variant, please update stock by variant id]", p.ID)
	case !byProduct && p.Tracking == "product":
		problem = fmt.Sprintf("[Item with variant_id %d is tracked by product, please update stock by product id]", at.variant)
	}
	if p.Tracking == "none" {
		problem = fmt.Sprintf("[Item with product_id %d is not tracked]", p.ID)
	}
	return at, p, problem
}

// adjust serves both adjustments. Nothing of a request is applied if one item
// is refused, which the documents leave open.
func adjust(absolute bool) func(c *call) {
	return func(c *call) {
		in, ok := c.input("reason items")
		if !ok {
			return
		}
		items := in.list("items")
		if len(items) == 0 || len(items) > 2000 {
			c.violation("%d items, from 1 to 2000 are allowed", len(items))
			c.problemJSON(http.StatusUnprocessableEntity, "The number of items must be from 1 to 2000")
			return
		}
		type change struct {
			at target
			n  int
		}
		var changes []change
		for _, item := range items {
			c.known(item, "location_id sku variant_id product_id quantity")
			n, ok := item.integer("quantity")
			if !ok || absolute && n < 0 {
				c.problemJSON(http.StatusUnprocessableEntity, "The quantity "+strconv.Quote(item.text("quantity"))+" is invalid")
				return
			}
			at, p, problem := c.store.find(item)
			if problem == "" && !absolute {
				problem = relativeProblem(p, at, int(n))
			}
			if problem != "" {
				c.problemJSON(http.StatusUnprocessableEntity, problem)
				return
			}
			changes = append(changes, change{at, int(n)})
		}
		s := c.store
		s.mu.Lock()
		s.pending = append(s.pending, adjustment{s.now().Add(s.cfg.InventoryDelay), func() {
			for _, ch := range changes {
				s.setStock(ch.at, ch.n, absolute)
			}
		}})
		s.mu.Unlock()
		s.settle()
		c.ok(func(w *writer) {
			w.obj("")
			w.str("transaction_id", requestID())
			w.end()
		})
	}
}

func relativeProblem(p *Product, at target, n int) string {
	levels, name := p.Levels, fmt.Sprintf("product_id %d", p.ID)
	if at.variant != 0 {
		levels, name = p.variant(at.variant).Levels, fmt.Sprintf("variant_id %d", at.variant)
	}
	i := slices.IndexFunc(levels, func(l Level) bool { return l.LocationID == at.location })
	switch {
	case i < 0:
		return "Items with identity: [" + name + "] requires absolute adjustment before relative"
	case levels[i].OnHand+n < 0:
		return "Items with identity: [" + name + "] have not enough stock"
	}
	return ""
}
