package shopifytest

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
)

// store is the truth of one shop. It is guarded by the server's lock.
type store struct {
	seed      seeder
	epoch     time.Time // the clock when the store was made
	products  *table[Product]
	orders    *table[Order]
	customers *table[Customer]
	events    *table[Event]
	locations []*Location

	// variants lists every variant in id order; built on first use under
	// derived, dropped when a product gains or loses variants or SKUs.
	derived  sync.Mutex
	variants []variantPlace
	skus     map[string][]variantPlace
}

// variantPlace says where a variant lives.
type variantPlace struct {
	id, item, product int64
	pos               int
}

func newStore(s seeder) *store {
	st := &store{seed: s, epoch: s.now}
	st.locations = s.locations()
	st.products = newTable(s.products, s.productKey, s.product,
		func(p *Product) key { return key{p.ID, p.CreatedAt.Unix(), p.UpdatedAt.Unix()} })
	st.orders = newTable(s.orders, s.orderKey, s.order,
		func(o *Order) key { return key{o.ID, o.CreatedAt.Unix(), o.UpdatedAt.Unix()} })
	st.customers = newTable(s.customers, s.customerKey, s.customer,
		func(c *Customer) key { return key{c.ID, c.CreatedAt.Unix(), c.UpdatedAt.Unix()} })
	st.events = newTable(0, nil, nil,
		func(e *Event) key { return key{e.ID, e.CreatedAt.Unix(), e.CreatedAt.Unix()} })
	return st
}

// variantOrder is every variant by id.
func (st *store) variantOrder() []variantPlace {
	all, _ := st.index()
	return all
}

// index returns the order of variants and the SKU index, which it builds if
// they are gone. Lists run side by side, so it has a lock of its own.
func (st *store) index() ([]variantPlace, map[string][]variantPlace) {
	st.derived.Lock()
	defer st.derived.Unlock()
	if st.variants != nil {
		return st.variants, st.skus
	}
	st.variants = make([]variantPlace, 0, 4*len(st.products.ids))
	st.skus = make(map[string][]variantPlace)
	for _, r := range st.products.ids {
		p := st.products.load(r)
		for i := range p.Variants {
			v := &p.Variants[i]
			at := variantPlace{v.ID, v.Item.ID, p.ID, i}
			st.variants = append(st.variants, at)
			sku := strings.ToLower(v.SKU)
			st.skus[sku] = append(st.skus[sku], at)
		}
	}
	slices.SortFunc(st.variants, func(a, b variantPlace) int { return cmp.Compare(a.id, b.id) })
	return st.variants, st.skus
}

// variantCandidates narrows a search for exactly one SKU to the index.
func (st *store) variantCandidates(q query) []variantPlace {
	all, skus := st.index()
	if t := q.root; t != nil && t.join == "" && t.field == "sku" && !t.negated && !strings.ContainsAny(t.value, "*,") {
		found := slices.Clone(skus[strings.ToLower(t.value)])
		slices.SortFunc(found, func(a, b variantPlace) int { return cmp.Compare(a.id, b.id) })
		return found
	}
	return all
}

func (st *store) place(at variantPlace) *variantRef {
	p := st.products.get(at.product)
	if p == nil || at.pos >= len(p.Variants) {
		return nil
	}
	return &variantRef{p, &p.Variants[at.pos]}
}

func (st *store) variant(id int64) *variantRef {
	all := st.variantOrder()
	i, ok := slices.BinarySearchFunc(all, id, func(v variantPlace, id int64) int { return cmp.Compare(v.id, id) })
	if !ok {
		return nil
	}
	return st.place(all[i])
}

// seededVariant reports whether the variant is one the seed made for a
// product nobody has changed, so that it exists without being made.
func (st *store) seededVariant(product, variant int64) bool {
	r := st.products.find(product)
	return r != nil && r.rec == nil && r.index >= 0 && st.seed.ownsVariant(r.index, variant)
}

func (st *store) item(id int64) *itemRef {
	// Item ids follow variant ids in the seed; elsewhere the order may differ.
	all := st.variantOrder()
	i, ok := slices.BinarySearchFunc(all, id, func(v variantPlace, id int64) int { return cmp.Compare(v.item, id) })
	if !ok {
		i = slices.IndexFunc(all, func(v variantPlace) bool { return v.item == id })
		if i < 0 {
			return nil
		}
	}
	return (*itemRef)(st.place(all[i]))
}

// level finds a level by its global id, whose query part names the item.
func (st *store) level(id int64, gid string) *levelRef {
	_, after, ok := strings.Cut(gid, "inventory_item_id=")
	if !ok {
		return nil
	}
	_, item, ok := parseGID(after)
	if !ok {
		return nil
	}
	r := st.item(item)
	if r == nil {
		return nil
	}
	for i := range r.item().Levels {
		if l := &r.item().Levels[i]; l.ID == id {
			return &levelRef{r, l}
		}
	}
	return nil
}

func (st *store) location(id int64) *Location {
	for _, l := range st.locations {
		if l.ID == id {
			return l
		}
	}
	return nil
}

func (st *store) productByHandle(handle string) *Product {
	v := st.products.byText("HANDLE", func(p *Product) string { return p.Handle })
	i, ok := slices.BinarySearch(v.values, handle)
	if !ok {
		return nil
	}
	return st.products.load(v.rows[i])
}

// touched forgets what was derived from products.
func (st *store) touched() { st.variants, st.skus = nil, nil }

// nextVariant returns a variant id above every one in use.
func (st *store) nextVariant() int64 {
	all := st.variantOrder()
	if len(all) == 0 {
		return variantBase
	}
	return all[len(all)-1].id + 1
}
