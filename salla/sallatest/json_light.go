package sallatest

import "strconv"

// productLight writes the form of format=light.
func (w *writer) productLight(s *Store, p *Product, english bool) {
	url := p.url(s)
	w.obj("")
	w.id("id", p.ID)
	w.str("type", p.Type)
	w.quantity("quantity", p.index, p.Quantity, p.Unlimited)
	w.flag("is_taxable", p.WithTax)
	if len(p.Categories) > 0 {
		w.obj("category")
		w.str("name", p.Categories[0].Name)
		w.str("url", s.domain()+"/c"+strconv.FormatInt(p.Categories[0].ID, 10))
		w.end()
	} else {
		w.absent("category", p.index, "null", "{}")
	}
	w.str("status", p.Status)
	w.str("sku", p.SKU)
	w.str("name", text(p.Name, p.NameEN, english))
	w.money("price", p.Price, p.Currency)
	w.salePrice("sale_price", p.index, p.SalePrice, p.Currency)
	w.str("currency", p.Currency)
	w.str("url", url)
	thumb := "https://cdn.salla.sa/placeholder.png"
	if len(p.Images) > 0 {
		thumb = p.Images[0].URL
	}
	w.str("thumbnail", thumb)
	w.obj("image")
	w.str("url", thumb)
	w.end()
	if p.Brand != nil {
		w.obj("brand")
		w.str("id", strconv.FormatInt(p.Brand.ID, 10))
		w.str("url", s.domain()+"/brand")
		w.str("name", p.Brand.Name)
		w.end()
	} else {
		w.absent("brand", p.index/3, "{}", "null")
	}
	w.arr("tags")
	for _, t := range p.Tags {
		w.obj("")
		w.str("name", t.Name)
		w.str("url", s.domain()+"/tags/"+strconv.FormatInt(t.ID, 10))
		w.end()
	}
	w.endArr()
	w.flag("has_special_price", p.SalePrice != "")
	w.money("regular_price", p.RegularPrice, p.Currency)
	w.raw("starting_price", "{}")
	w.flag("has_options", len(p.Options) > 0)
	w.end()
}
