package sallatest

import "slices"

// part makes the id of an option, value, variant or image added to the product;
// none is ever used again.
func (p *Product) part() int64 {
	p.made++
	return partIDs + int64(p.index)<<16 + int64(p.made)
}

// partIDs is far above the ids of seeded parts, which idCodec makes.
const partIDs = 1 << 40

// productOfPart finds the product an option, value, variant or image belongs to
// by its id; room is that of the seeded ones.
func (s *Store) productOfPart(id int64, room int) *Product {
	if id >= partIDs {
		return s.products.get(s.ids.encode(int((id - partIDs) >> 16)))
	}
	index := s.ids.decode(id)
	if index < 0 {
		return nil
	}
	return s.products.get(s.ids.encode(index / room))
}

// combine returns the values of the variants that the product has once it has
// the options of a body too.
func (p *Product) combine(list []input, bad complaints) [][]int64 {
	trial := p.clone()
	for _, o := range list {
		trial.addOption(o, bad)
	}
	return trial.combinations()
}

func (p *Product) combinations() [][]int64 {
	all := [][]int64{nil}
	for _, o := range p.Options {
		if len(o.Values) == 0 {
			continue
		}
		var next [][]int64
		for _, head := range all {
			for _, v := range o.Values {
				next = append(next, append(slices.Clone(head), v.ID))
			}
			if len(next) > variantRoom {
				return next
			}
		}
		all = next
	}
	if len(all) == 1 && len(all[0]) == 0 {
		return nil
	}
	return all
}

// spread makes a variant for each combination of values. Those there were are
// kept where their values are the same; new ones are unlimited and have no SKU.
func (p *Product) spread() {
	if len(p.Options) == 0 && len(p.Variants) == 0 {
		return
	}
	old := p.Variants
	p.Variants = nil
	for _, values := range p.combinations() {
		if i := slices.IndexFunc(old, func(v Variant) bool { return slices.Equal(v.Values, values) }); i >= 0 {
			p.Variants = append(p.Variants, old[i])
			continue
		}
		v := Variant{
			ID: p.part(), Values: values, Unlimited: true, Weight: p.Weight, CostPrice: "0.00",
			Price: p.Price, RegularPrice: p.RegularPrice, SalePrice: p.SalePrice,
		}
		for _, o := range p.Options {
			if len(o.Values) > 0 {
				v.Options = append(v.Options, o.ID)
			}
		}
		p.Variants = append(p.Variants, v)
	}
	p.sumStock()
}
