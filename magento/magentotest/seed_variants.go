package magentotest

import (
	"fmt"
	"strconv"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

func (s *store) seedConfigurable(p *Product, at place) {
	if at.first == 0 {
		return
	}
	values := func(a *attribute, n int) []int64 {
		out := make([]int64, n)
		for v := range n {
			out[v] = a.first + int64(v)
		}
		return out
	}
	id := int64(p.index)*2 + 1
	p.Options = []Option{{id, attrColor.id, attrColor.code, attrColor.label, 0, values(attrColor, at.first)}}
	if at.second > 0 {
		p.Options = append(p.Options, Option{id + 1, attrSize.id, attrSize.code, attrSize.label, 1, values(attrSize, at.second)})
	}
	for n := range at.first * max(at.second, 1) {
		if c := p.index + 1 + n; c < s.cfg.Products {
			p.Children = append(p.Children, s.productID(c))
		}
	}
}

func (s *store) seedBundle(p *Product) {
	id := int64(p.index)*4 + 1
	for n, title := range []string{"Bag", "خيار"} {
		o := BundleOption{ID: id + int64(n), Title: title, Required: n == 0}
		for k, d := range []int{4, 5} {
			if c := p.index + d + n*2; c < s.cfg.Products && placeOf(c).kind == TypeSimple {
				o.Links = append(o.Links, BundleLink{id*2 + int64(n*2+k), seedSKU(c), "1"})
			}
		}
		p.Bundle = append(p.Bundle, o)
	}
}

func (s *store) seedMedia(p *Product, r *serverkit.Rand) {
	for n := range r.N(4) {
		m := Media{
			ID: int64(p.index)*4 + int64(n) + 1, Type: "image", Position: n + 1, Disabled: n == 2,
			File: fmt.Sprintf("/m/b/mb%05d-%d.jpg", p.index, n), Types: []string{},
		}
		if n == 0 {
			m.Types = []string{"image", "small_image", "thumbnail"}
			m.Label = p.Name
		}
		if n == 1 && p.index%6 == 1 {
			m.Type = "external-video"
		}
		p.Media = append(p.Media, m)
	}
}

func (s *store) seedAttributes(p *Product, at place, price int64) {
	add := func(code, value string) { p.Attributes = append(p.Attributes, Attribute{Code: code, Value: value}) }
	i := p.index
	if len(p.Media) > 0 {
		for _, code := range []string{"image", "small_image", "thumbnail"} {
			add(code, p.Media[0].File)
		}
	}
	add("options_container", "container2")
	add("url_key", "product-"+strconv.Itoa(i))
	add("description", "<p>"+p.Name+` "original" &amp; new</p>`)
	if i%4 == 1 && p.Price != "" && p.Price != "0" {
		add("special_price", fixed(units(price*8/10), 6))
		add("special_from_date", "2026-01-01 00:00:00")
	}
	add("tax_class_id", "2")
	if i%6 != 5 {
		add("cost", fixed(units(price*35/100), 6))
	}
	if at.parent >= 0 {
		parent := placeOf(at.parent)
		first := at.child
		if parent.second > 0 {
			first = at.child / parent.second
			add(attrSize.code, strconv.FormatInt(attrSize.first+int64(at.child%parent.second), 10))
		}
		add(attrColor.code, strconv.FormatInt(attrColor.first+int64(first), 10))
	}
	if i%3 != 1 {
		add("manufacturer", strconv.FormatInt(attrBrand.first+int64(i%len(attrBrand.labels)), 10))
		add("barcode", fmt.Sprintf("628%010d", i))
	}
	ids := make([]string, len(p.Categories))
	for n, id := range p.Categories {
		ids[n] = strconv.FormatInt(id, 10)
	}
	p.Attributes = append(p.Attributes, Attribute{Code: "category_ids", List: ids})
	add("required_options", "0")
	add("has_options", "0")
}
