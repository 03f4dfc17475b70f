package magentotest

import (
	"slices"
	"strconv"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// stockBook has what was changed of the seeded stock, and the reservations.
// The store's lock guards it.
type stockBook struct {
	cfg      *Config
	sources  []Source
	changed  map[string]map[string]*SourceItem // SKU, source code; nil for a removed one
	reserved map[string]int64                  // by SKU, in ten-thousandths; negative for what was sold
	version  int
}

func (b *stockBook) init(cfg *Config) {
	b.cfg, b.changed, b.reserved = cfg, map[string]map[string]*SourceItem{}, map[string]int64{}
	b.sources = []Source{{Code: "default", Name: "Default Source", Enabled: true, CountryID: "SA", Postcode: "00000"}}
	more := []Source{
		{"riyadh", "مستودع الرياض", true, "SA", "Riyadh", "King Fahd Road 1", "12211", "24.7136", "46.6753"},
		{"jeddah", "Jeddah store", true, "SA", "Jeddah", "", "21442", "", ""},
		{"old", "Old & closed", false, "US", "Austin", "", "78701", "", ""},
	}
	for n := range cfg.Sources {
		if n < len(more) {
			b.sources = append(b.sources, more[n])
			continue
		}
		code := "source-" + strconv.Itoa(n)
		b.sources = append(b.sources, Source{Code: code, Name: code, Enabled: true, CountryID: "SA", Postcode: "11111"})
	}
}

func hasStock(kind string) bool {
	return kind == TypeSimple || kind == TypeVirtual || kind == TypeDownloadable
}

// seedSourceItems makes the stock of a seeded product: at the default source,
// and for two of three products at the next ones. Some have none at all.
func (b *stockBook) seedSourceItems(i int, sku string) []SourceItem {
	if i%41 == 20 {
		return nil // assigned to no source
	}
	var out []SourceItem
	for n, src := range b.sources {
		if n > 2 || n > 0 && i%3 == 0 {
			break
		}
		r := serverkit.NewRand(b.cfg.Seed, kindStock, i*4+n)
		it := SourceItem{SKU: sku, Source: src.Code, Quantity: strconv.Itoa(r.N(120)), Status: 1}
		switch {
		case i%10 == 2:
			it.Quantity, it.Status = "0", 0
		case i%33 == 15:
			it.Quantity = strconv.Itoa(r.N(20)) + ".25"
		case i%47 == 21 && n == 0:
			it.Quantity = "-3" // sold more than there was
		}
		out = append(out, it)
	}
	return out
}

// of returns the stock of a product, one entry per source it is assigned to.
func (b *stockBook) of(p *Product, index int) []SourceItem {
	var out []SourceItem
	if index >= 0 && hasStock(p.Type) {
		out = b.seedSourceItems(index, p.SKU)
	}
	ch := b.changed[skuKey(p.SKU)]
	if len(ch) == 0 {
		return out
	}
	out = slices.DeleteFunc(out, func(it SourceItem) bool { _, ok := ch[it.Source]; return ok })
	for _, src := range b.sources {
		if it := ch[src.Code]; it != nil {
			out = append(out, *it)
		}
	}
	return out
}

func (b *stockBook) set(it SourceItem) {
	key := skuKey(it.SKU)
	if b.changed[key] == nil {
		b.changed[key] = map[string]*SourceItem{}
	}
	b.changed[key][it.Source] = &it
	b.version++
}

func (b *stockBook) unset(sku, source string) {
	key := skuKey(sku)
	if b.changed[key] == nil {
		b.changed[key] = map[string]*SourceItem{}
	}
	b.changed[key][source] = nil
	b.version++
}

func (b *stockBook) forget(sku string) {
	delete(b.changed, skuKey(sku))
	b.version++
}

// rename takes the stock of a SKU, and what is reserved of it, to another one.
func (b *stockBook) rename(from, to string) {
	moved := b.changed[skuKey(from)]
	delete(b.changed, skuKey(from))
	for code, it := range moved {
		if it == nil {
			b.unset(to, code)
			continue
		}
		n := *it
		n.SKU = to
		b.set(n)
	}
	// The shop moves the reservations too, in the background.
	if held := b.reserved[skuKey(from)]; held != 0 {
		delete(b.reserved, skuKey(from))
		b.reserved[skuKey(to)] += held
	}
	b.version++
}

func (b *stockBook) reserve(sku string, qty int64) {
	b.reserved[skuKey(sku)] += qty
	b.version++
}

func (b *stockBook) source(code string) *Source {
	for i := range b.sources {
		if b.sources[i].Code == code {
			return &b.sources[i]
		}
	}
	return nil
}

// sourcesOf returns the codes of the sources a stock sells from, in order.
func (b *stockBook) sourcesOf(st *stock) []string {
	switch st.id {
	case 1:
		return []string{"default"}
	case 2:
		var out []string
		for _, src := range b.sources {
			out = append(out, src.Code)
		}
		return out
	}
	return []string{b.sources[len(b.sources)-1].Code}
}

// salable is stock plus reservations, of the enabled sources of a stock.
// assigned is false when no source of the stock has the SKU.
func (b *stockBook) salable(items []SourceItem, sku string, st *stock) (qty int64, assigned bool) {
	codes := b.sourcesOf(st)
	for _, it := range items {
		if !slices.Contains(codes, it.Source) {
			continue
		}
		assigned = true
		if src := b.source(it.Source); src != nil && src.Enabled && it.Status == 1 {
			qty += toUnits(it.Quantity)
		}
	}
	return qty + b.reserved[skuKey(sku)], assigned
}

// seedIndexOf tells the index a product was seeded with; its stock keeps
// coming from there after the product itself changed.
func (s *store) seedIndexOf(id int64) int { return seedIndex(id, s.cfg.Products) }

// sourceItems returns all stock in product order. The lock is held.
func (s *store) sourceItems() []SourceItem {
	type kept struct {
		version int
		items   []SourceItem
	}
	k := derive(s.products, "stock", func() *kept { return &kept{version: -1} })
	s.products.mu.Lock()
	defer s.products.mu.Unlock()
	if k.version == s.stock.version {
		return k.items
	}
	k.items, k.version = nil, s.stock.version
	for _, r := range s.products.rows {
		var p *Product
		if r.index >= 0 {
			at := int(r.index)
			p = &Product{SKU: seedSKU(at), Type: placeOf(at).kind} // all that is needed
		} else {
			p = s.products.stored[r.id]
		}
		k.items = append(k.items, s.stock.of(p, s.seedIndexOf(r.id))...)
	}
	return k.items
}

// sourceItemsOf is sourceItems of some SKUs alone.
func (s *store) sourceItemsOf(skus []string) []SourceItem {
	var out []SourceItem
	for _, r := range s.rowsBySKU(skus) {
		out = append(out, s.stock.of(s.products.load(r), s.seedIndexOf(r.id))...)
	}
	return out
}

// SourceItems returns the physical stock of every SKU at every source, in
// product order.
func (s *store) SourceItems() []SourceItem {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.sourceItems())
}

// Sources returns every source; the first is the default one.
func (s *store) Sources() []Source {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.stock.sources)
}

// SetStock sets the physical stock of a SKU at a source, in stock if quantity
// is above zero. No product's UpdatedAt changes: the inventory has no times.
func (s *store) SetStock(sku, source, quantity string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it := SourceItem{sku, source, trimDecimal(quantity), 0}
	if toUnits(quantity) > 0 {
		it.Status = 1
	}
	s.stock.set(it)
}

// Reserve adds a reservation, negative for what was sold and not yet shipped.
func (s *store) Reserve(sku, quantity string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stock.reserve(sku, toUnits(quantity))
}
