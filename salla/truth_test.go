package salla_test

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// What the model must say of the server's records, written from the records
// and Salla's documents, not from the adapter.

var withShipments = salla.Config{ListShipments: true}

func mapped[A, B any](all []A, f func(A) B) []B {
	out := make([]B, len(all))
	for i, a := range all {
		out[i] = f(a)
	}
	return out
}

func amount(text, currency string) catalog.Money {
	if text == "" {
		return catalog.Money{}
	}
	m, err := catalog.NewMoney(text, currency)
	if err != nil {
		panic(err)
	}
	return m
}

func one(text, currency string) catalog.DualMoney {
	return catalog.DualMoney{Store: amount(text, currency)}
}

func units(n int) *catalog.Quantity {
	q := catalog.NewQuantity(int64(n))
	return &q
}

func refNames(refs []sallatest.Ref) []string {
	return mapped(refs, func(r sallatest.Ref) string { return r.Name })
}

func wantProduct(p *sallatest.Product) catalog.Product {
	w := catalog.Product{
		ID: id(p.ID), Title: p.Name, Description: p.Description, Type: p.Type, NativeStatus: p.Status, Tags: refNames(p.Tags),
		Status: map[string]catalog.ProductStatus{"sale": catalog.ProductActive, "out": catalog.ProductSoldOut, "hidden": catalog.ProductHidden}[p.Status],
		URL:    "https://salla.sa/dev-ll1tn9/p" + id(p.ID), UpdatedAt: p.UpdatedAt,
	}
	if p.Brand != nil {
		w.Vendor = p.Brand.Name
	}
	for _, c := range p.Categories {
		w.Categories = append(w.Categories, catalog.Category{ID: id(c.ID), Name: c.Name})
	}
	names := map[int64]catalog.OptionValue{}
	for _, o := range p.Options {
		option := catalog.Option{ID: id(o.ID), Name: o.Name}
		for _, v := range o.Values {
			option.Values = append(option.Values, v.Name)
			names[v.ID] = catalog.OptionValue{Name: o.Name, Value: v.Name}
		}
		w.Options = append(w.Options, option)
	}
	for i, m := range p.Images {
		w.Images = append(w.Images, catalog.Image{ID: id(m.ID), URL: m.URL, Alt: m.Alt, Kind: m.Type, Position: i + 1})
	}
	base := catalog.Variant{RequiresShipping: p.Type == "product" || p.Type == "food", Taxable: p.WithTax}
	if len(p.Variants) == 0 {
		v := base
		v.ID, v.InventoryItemID, v.SKU, v.Barcode, v.Position = id(p.ID), "product-"+id(p.ID), p.SKU, p.GTIN, 1
		prices(&v, p.Price, p.RegularPrice, p.CostPrice, p.Currency)
		stock(&v, p.Quantity, p.Unlimited, p.Status)
		v.Weight = catalog.Weight{Value: p.Weight, Unit: p.WeightType}
		w.Variants = []catalog.Variant{v}
	}
	for i, s := range p.Variants {
		v := base
		v.ID, v.InventoryItemID, v.SKU, v.Barcode, v.Position = id(s.ID), "variant-"+id(s.ID), s.SKU, s.Barcode, i+1
		prices(&v, s.Price, s.RegularPrice, s.CostPrice, p.Currency)
		stock(&v, s.Quantity, s.Unlimited, p.Status)
		v.Weight = catalog.Weight{Value: s.Weight, Unit: p.WeightType}
		var title []string
		for _, value := range s.Values {
			v.Options = append(v.Options, names[value])
			title = append(title, names[value].Value)
		}
		v.Title = strings.Join(title, " / ")
		w.Variants = append(w.Variants, v)
	}
	return w
}

func prices(v *catalog.Variant, price, regular, cost, currency string) {
	v.Price, v.Cost = amount(price, currency), amount(cost, currency)
	if regular != "" && decimal.RequireFromString(regular).GreaterThan(decimal.RequireFromString(price)) {
		v.CompareAtPrice = amount(regular, currency)
	}
}

func stock(v *catalog.Variant, quantity int, unlimited bool, status string) {
	v.Tracked = !unlimited
	if v.Tracked {
		v.Quantity = units(quantity)
	}
	v.Available = status == "sale" && (unlimited || quantity > 0)
}

func wantLevel(q sallatest.Quantity) catalog.InventoryLevel {
	l := catalog.InventoryLevel{ItemID: "product-" + id(q.ProductID), ProductID: id(q.ProductID), VariantID: id(q.ProductID), SKU: q.SKU, Tracked: !q.Unlimited}
	if q.VariantID != 0 {
		l.ItemID, l.VariantID = "variant-"+id(q.VariantID), id(q.VariantID)
	}
	if l.Tracked {
		l.Available = units(q.Quantity)
	}
	return l
}

func wantLocation(b *sallatest.Branch) catalog.Location {
	return catalog.Location{ID: id(b.ID), Name: b.Name, Active: b.Status == "active", Ships: b.Status == "active", Address: &catalog.Address{
		Name: b.Name, Line1: b.Address.Line, Line2: spaced(b.Address.BuildingNo, b.Address.Street, b.Address.Block), City: b.Address.City,
		PostalCode: b.Address.PostalCode, Country: b.Address.Country, CountryCode: b.Address.CountryCode, Phone: b.Phone,
	}}
}

func spaced(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

func wantCustomer(c *sallatest.Customer) catalog.Customer {
	w := catalog.Customer{
		ID: id(c.ID), Name: strings.TrimSpace(c.FirstName + " " + c.LastName), FirstName: c.FirstName, LastName: c.LastName, Email: c.Email,
		Phone: mobile(c), Locale: c.Language, Note: c.BlockReason, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
		GroupIDs: mapped(c.Groups, id),
	}
	if c.Blocked {
		w.NativeState = "blocked"
	}
	a := catalog.Address{Line1: c.Location, City: c.City, Country: c.Country, CountryCode: strings.ToUpper(c.CountryCode)}
	if a != (catalog.Address{}) {
		w.DefaultAddress, w.Addresses = &a, []catalog.Address{a}
	}
	return w
}

func mobile(c *sallatest.Customer) string {
	if c.Mobile == 0 {
		return ""
	}
	return "+" + strings.TrimPrefix(c.MobileCode, "+") + id(c.Mobile)
}
