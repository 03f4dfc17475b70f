package shopifytest

import (
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

var (
	seedNouns = []string{"Coffee", "قهوة عربية", "Oud", "عطر العود", "Abaya", "عباية سوداء", "Dates", "تمر المدينة",
		"T-Shirt", "Lamp 💡", "Backpack 🎒", "12\" Pan", "مبخرة", "Saffron", "زعفران"}
	seedWords   = []string{"Classic", "فاخر", "Royal", "New", "جديد", "Handmade", "\"Limited\"", "Eco", "\u200fأصلي\u200f", "Mini"}
	seedVendors = []string{"Acme", "دار العود", "Nomad & Co", "O'Neil", "بيت القهوة"}
	seedTypes   = []string{"Food", "Perfume", "Clothing", "Home", ""}
	seedTags    = []string{"sale", "new", "رمضان", "gift", "eco-friendly", "it's \"hot\"", "summer"}
	seedColors  = []string{"Black", "أسود", "White", "Sand", "Green", "Blue"}
	seedSizes   = []string{"XS", "S", "M", "L", "XL", "XXL"}
)

func (s seeder) product(i int) *Product {
	k := s.productKey(i)
	r := s.rnd(6, i)
	p := &Product{
		ID: k.id, CreatedAt: at(k.created), UpdatedAt: at(k.updated),
		Title:       serverkit.Pick(r, seedWords) + " " + serverkit.Pick(r, seedNouns) + " " + strconv.Itoa(i),
		Handle:      "product-" + strconv.Itoa(i),
		Vendor:      serverkit.Pick(r, seedVendors),
		ProductType: serverkit.Pick(r, seedTypes),
		Status:      seedStatus(i),
	}
	p.DescriptionHTML = "<p>" + p.Title + "</p>\n<ul><li>وصف المنتج &amp; تفاصيل</li><li>Made with care 🧡</li></ul>"
	for n := r.N(4); n > 0; n-- {
		p.Tags = append(p.Tags, seedTags[(i+n)%len(seedTags)])
	}
	if i%3 != 0 {
		p.Category = "Food, Beverages & Tobacco > Beverages > Coffee"
	}
	if i%4 == 0 {
		p.SEOTitle, p.SEODescription = "Buy "+p.Title, "أفضل الأسعار"
	}
	if p.Status == "ACTIVE" || p.Status == "UNLISTED" {
		p.PublishedAt = p.CreatedAt.Add(time.Hour)
	}
	p.GiftCard = i%45 == 44
	for n := range s.imageCount(i) {
		p.Media = append(p.Media, s.image(i, n))
	}
	s.fillVariants(p, i)
	return p
}

func seedStatus(i int) string {
	switch {
	case i%10 == 8:
		return "DRAFT"
	case i%20 == 16:
		return "ARCHIVED"
	case i%40 == 25:
		return "UNLISTED"
	}
	return "ACTIVE"
}

func (s seeder) image(i, n int) Media {
	m := Media{ID: 31_000_000_000_000 + int64(i)*512 + int64(n), ContentType: "IMAGE", Status: "READY",
		Width: 1200, Height: 1600,
		URL: "https://cdn.shopify.com/s/files/1/0680/0000/0001/files/p" + strconv.Itoa(i) + "-" + strconv.Itoa(n) + ".jpg?v=1750000000"}
	switch {
	case n == 1 && i%50 == 22:
		m.Status, m.URL = "PROCESSING", ""
	case n == 1 && i%50 == 32:
		m.ContentType, m.URL = "EXTERNAL_VIDEO", "https://www.youtube.com/watch?v=abc"+strconv.Itoa(i)
	}
	if n == 0 {
		m.Alt = "صورة " + strconv.Itoa(i)
	}
	return m
}

func (s seeder) fillVariants(p *Product, i int) {
	n := s.variantCount(i)
	p.Variants = make([]Variant, n)
	optionID := 10_000_000_000_000 + int64(i)*4
	switch {
	case n == 1:
		p.Options = []Option{{optionID, "Title", []string{"Default Title"}}}
	case n <= 6:
		p.Options = []Option{{optionID, "Size", seedSizes[:n]}}
	default:
		sizes := make([]string, (n+len(seedColors)-1)/len(seedColors))
		for k := range sizes {
			sizes[k] = strconv.Itoa(k + 1)
		}
		p.Options = []Option{{optionID, "Color", seedColors}, {optionID + 1, "Size", sizes}}
	}
	levels := make([]InventoryLevel, 0, n*s.places)
	options := make([]SelectedOption, 0, n*len(p.Options))
	for j := range p.Variants {
		v := &p.Variants[j]
		start := len(options)
		switch {
		case n == 1:
			v.Title = "Default Title"
			options = append(options, SelectedOption{"Title", v.Title})
		case n <= 6:
			v.Title = seedSizes[j]
			options = append(options, SelectedOption{"Size", v.Title})
		default:
			c, z := seedColors[j%len(seedColors)], p.Options[1].Values[j/len(seedColors)]
			v.Title = c + " / " + z
			options = append(options, SelectedOption{"Color", c}, SelectedOption{"Size", z})
		}
		v.Options = options[start:len(options):len(options)]
		levels = s.fillVariant(p, v, i, j, levels)
	}
}

func (s seeder) fillVariant(p *Product, v *Variant, i, j int, levels []InventoryLevel) []InventoryLevel {
	v.ID, v.Position, v.Taxable = s.variantID(i, j), j+1, i%8 != 7
	v.CreatedAt, v.UpdatedAt = p.CreatedAt, p.UpdatedAt
	v.Price = cents(s.price(i, j))
	if i%5 == 2 {
		v.CompareAtPrice = cents(s.price(i, j) + 2000)
	}
	v.InventoryPolicy = "DENY"
	if i%13 == 4 {
		v.InventoryPolicy = "CONTINUE"
	}
	switch {
	case i%30 == 4:
	case i%25 == 6:
		v.SKU = "DUP-001"
	default:
		v.SKU = "SKU-" + strconv.Itoa(i) + "-" + strconv.Itoa(j+1)
	}
	if i%2 == 0 {
		v.Barcode = strconv.FormatInt(6_280_000_000_000+int64(i)*slots+int64(j), 10)
	}
	if j == 0 && len(p.Media) > 0 && i%3 == 1 {
		v.MediaID = p.Media[0].ID
	}
	it := &v.Item
	*it = InventoryItem{ID: s.itemID(i, j), Tracked: i%12 != 5, RequiresShipping: !p.GiftCard,
		Weight: float64(100+i%900) / 1000, WeightUnit: "KILOGRAMS", CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt}
	if i%7 == 3 {
		it.Weight, it.WeightUnit = 250, "GRAMS"
	}
	if i%9 != 2 {
		it.UnitCost = amount(s.price(i, j)*6/10, 2)
	}
	start := len(levels)
	for l := range s.places {
		if l == 1 && i%4 == 1 {
			continue // not stocked there
		}
		r := s.rnd(7, i*slots+j*8+l)
		levels = append(levels, InventoryLevel{
			ID: levelBase + (int64(i)*slots+int64(j))*16 + int64(l), ItemID: it.ID, LocationID: locationBase + int64(l)*100,
			Available: r.N(60) - 2, Committed: r.N(3), Incoming: r.N(4), UpdatedAt: v.UpdatedAt,
		})
	}
	it.Levels = levels[start:len(levels):len(levels)]
	return levels
}
