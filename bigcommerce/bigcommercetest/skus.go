package bigcommercetest

import (
	"slices"
	"strings"
	"sync"
)

// skuIndex finds products and variants by SKU, without regard to case. It is
// built at the first question and kept up to date from there.
type skuIndex struct {
	store *Store

	mu       sync.Mutex
	built    bool
	products map[string][]int64 // main SKU -> product ids
	variants map[string][]int64 // variant SKU -> variant ids
}

func (x *skuIndex) build() {
	if x.built {
		return
	}
	x.built = true
	x.products, x.variants = map[string][]int64{}, map[string][]int64{}
	t := x.store.products
	for _, r := range t.rows {
		x.put(t.at(r.index))
	}
}

// find returns the ids a SKU has in one of the two maps.
func (x *skuIndex) find(sku string, variants bool) []int64 {
	x.store.products.mu.RLock()
	defer x.store.products.mu.RUnlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.build()
	m := x.products
	if variants {
		m = x.variants
	}
	return slices.Clone(m[strings.ToLower(sku)])
}

func (x *skuIndex) put(p *Product) {
	each(p, func(sku string, id int64, variant bool) {
		m := x.products
		if variant {
			m = x.variants
		}
		m[sku] = append(m[sku], id)
	})
}

// changed moves a product from its old SKUs to its new ones; either may be nil.
// It is called with the table locked.
func (x *skuIndex) changed(old, now *Product) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.built {
		return
	}
	if old != nil {
		each(old, func(sku string, id int64, variant bool) {
			m := x.products
			if variant {
				m = x.variants
			}
			m[sku] = slices.DeleteFunc(m[sku], func(v int64) bool { return v == id })
		})
	}
	if now != nil {
		x.put(now)
	}
}

// each visits every SKU of a product that is not empty.
func each(p *Product, visit func(sku string, id int64, variant bool)) {
	if p.SKU != "" {
		visit(strings.ToLower(p.SKU), p.ID, false)
	}
	for i := range p.Variants {
		if sku := p.Variants[i].SKU; sku != "" {
			visit(strings.ToLower(sku), p.Variants[i].ID, true)
		}
	}
}
