package woocommercetest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// moveStock changes the stock of a product or variation by what was sold or came
// back; called with mu held. ok says that it is managed; of is whose stock it
// is, a variation's may be its product's.
func (s *Server) moveStock(id int64, by int) (of int64, from int, ok bool) {
	p, n := s.holderOf(id)
	if p == nil || n < 0 && !p.ManageStock || n >= 0 && !p.counts(id) {
		return 0, 0, false
	}
	of, from = p.ID, p.StockQuantity
	if n >= 0 && p.Variations[n].ManageStock == "true" {
		of, from = id, p.Variations[n].StockQuantity
	}
	s.editProduct(p.ID, func(p *Product) bool {
		if of == id && n >= 0 {
			p.Variations[n].StockQuantity += by
		} else {
			p.StockQuantity += by
		}
		p.followVariations()
		return true
	})
	return of, from, true
}

// counts says whether the stock of a product, or of a variation of it, is managed.
func (p *Product) counts(variation int64) bool {
	n := p.variation(variation)
	return n < 0 && p.ManageStock || n >= 0 && (p.Variations[n].ManageStock == "true" || p.Variations[n].ManageStock == StockParent && p.ManageStock)
}

// followVariations sets the stock status of a variable product whose own stock
// is not managed.
func (p *Product) followVariations() {
	if p.Type != "variable" || p.ManageStock {
		return
	}
	status := "outofstock"
	for i := range p.Variations {
		v := &p.Variations[i]
		switch at := v.stock(p); {
		case v.Status == "trash":
		case at == "instock":
			p.StockStatus = at
			return
		case at == "onbackorder":
			status = at
		}
	}
	p.StockStatus = status
}

// Lines remember how much of the stock they took, as meta_data.
const (
	reducedStock = "_reduced_stock"
	restocked    = "_restock_refunded_items"
)

func (l *LineItem) tally(key string) int {
	for _, m := range l.Meta {
		if m.Key == key {
			return atoi(strings.Trim(m.Value, `"`))
		}
	}
	return 0
}

func (s *Server) setTally(l *LineItem, key string, n int) {
	value := `"` + strconv.Itoa(n) + `"`
	for i := range l.Meta {
		if m := &l.Meta[i]; m.Key == key {
			m.Value, m.DisplayValue = value, value
			return
		}
	}
	l.Meta = append(l.Meta, LineMeta{s.nextMeta, key, value, key, value})
	s.nextMeta++
}

// settleStock takes what an order sold from the stock when its status asks for
// it, and puts back what is still out when it is cancelled or pending again. It
// returns whose stock moved; called with mu held.
func (s *Server) settleStock(o *Order) (moved []int64) {
	takes := reducesStock(o.Status) && !o.StockReduced
	gives := (o.Status == "cancelled" || o.Status == "pending") && o.StockReduced
	if !takes && !gives {
		return nil
	}
	o.StockReduced = takes
	var told []string
	for i := range o.Items {
		l := &o.Items[i]
		out := l.tally(reducedStock)
		by := out
		if takes {
			by = -l.Quantity
		}
		if takes && out != 0 || by == 0 {
			continue
		}
		of, from, ok := s.moveStock(cmp.Or(l.VariationID, l.ProductID), by)
		if !ok {
			continue
		}
		if takes {
			s.setTally(l, reducedStock, l.Quantity)
		} else {
			l.Meta = slices.DeleteFunc(l.Meta, func(m LineMeta) bool { return m.Key == reducedStock })
		}
		moved = append(moved, of)
		told = append(told, fmt.Sprintf("%s (%d&rarr;%d)", l.Name, from, from+by))
	}
	switch {
	case len(told) == 0:
	case takes:
		s.remark(o, "Stock levels reduced: "+strings.Join(told, ", "))
	default:
		s.remark(o, "Stock levels increased: "+strings.Join(told, ", "))
	}
	return moved
}
