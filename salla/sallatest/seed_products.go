package sallatest

import (
	"fmt"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Room for the parts of one record in the index space of its type.
const (
	variantRoom = 128
	optionRoom  = 8
	valueRoom   = 64
	imageRoom   = 16
)

var (
	productNouns = [][2]string{
		{"تي شيرت قطن", "Cotton T-shirt"}, {"عطر العود الملكي", "Royal oud perfume"},
		{"تمر سكري فاخر", "Sukkari dates"}, {"حقيبة يد", "Handbag"}, {"قهوة عربية محمصة", "Roasted Arabic coffee"},
		{"سماعة لاسلكية", "Wireless headset"}, {"عباية مطرزة", "Embroidered abaya"}, {"ساعة ذكية", "Smart watch"},
		{"شاشة 24\" منحنية", `Curved 24" screen`}, {"كتاب \"ألف ليلة\"", `Book "Thousand Nights"`},
	}
	productMoods = [][2]string{
		{"", ""}, {" 🌙", " 🌙"}, {" - إصدار محدود", " - limited"}, {" (جديد)", " (new)"}, {" ✨ هدية", " ✨ gift"},
	}
	colors     = []string{"أسود", "أبيض", "كحلي", "أحمر", "رمادي", "بيج", "أخضر", "بني"}
	sizes      = []string{"S", "M", "L", "XL", "XXL", "٣٨", "٤٠", "٤٢"}
	categories = []Ref{{1032561074, "العطور"}, {1390018242, "الملابس"}, {115638743, "الإلكترونيات"}, {601049212, "أطعمة"}, {558898595, "الهدايا"}}
	brands     = []Ref{{1473353380, "زارا"}, {883017162, "بربري"}, {259940351, "دار السلام"}}
	tags       = []Ref{{566146469, "جديد"}, {1939592358, "الأكثر مبيعا"}, {1298199463, "صيف"}}
)

func seedType(i int) string {
	switch {
	case i%50 == 25:
		return "donating"
	case i%50 == 35:
		return "group_products"
	}
	switch i % 20 {
	case 7:
		return "service"
	case 9:
		return "digital"
	case 11:
		return "codes"
	case 13:
		return "food"
	case 17:
		return "booking"
	}
	return "product"
}

// seedShape returns how many values the two options of product i have; 0 for
// an option it lacks.
func seedShape(i int) (first, second int) {
	if seedType(i) != "product" {
		return 0, 0
	}
	switch {
	case i%97 == 12:
		return 8, 8
	case i%4 == 0:
		return 3, 2
	case i%7 == 3:
		return 3, 0
	}
	return 0, 0
}

func (s *Store) seedProduct(i int) *Product {
	r := serverkit.NewRand(s.cfg.Seed, kindProduct, i)
	noun, mood := serverkit.Pick(r, productNouns), serverkit.Pick(r, productMoods)
	regular := int64(500 + 25*r.N(4000))
	p := &Product{
		index: i, ID: s.ids.encode(i), Type: seedType(i), Currency: "SAR",
		Name:        fmt.Sprintf("%s %d%s", noun[0], i, mood[0]),
		NameEN:      fmt.Sprintf("%s %d%s", noun[1], i, mood[1]),
		Description: "<p>" + noun[0] + " \"أصلي\"</p>",
		SKU:         fmt.Sprintf("SKU-%06d", i),
		WithTax:     r.N(4) != 0, Status: "sale", Sold: r.N(40),
		Quantity: r.N(200), Weight: serverkit.Pick(r, []string{"0.25", "1", "0.51", "3"}), WeightType: "kg",
		RegularPrice: cents(regular), Price: cents(regular), CostPrice: cents(regular * 35 / 100),
		Channels: []string{"web", "app"},
	}
	switch {
	case i%11 == 5:
		p.SKU = ""
	case i%100 == 51: // repeats the one before
		p.SKU = fmt.Sprintf("SKU-%06d", i-1)
	case i%23 == 8:
		p.SKU = fmt.Sprintf("قطعة/%d &%%", i)
	}
	if i%3 != 1 {
		p.MPN, p.GTIN = fmt.Sprintf("58%06d", i), fmt.Sprintf("45344%06d", i)
	}
	if i%6 == 5 {
		p.CostPrice = ""
	}
	sale := i%4 == 1
	if sale {
		p.SalePrice = cents(regular * 80 / 100)
		p.Price = p.SalePrice
	}
	switch {
	case i%15 == 6:
		p.Unlimited, p.Quantity = true, 0
	case i%10 == 2:
		p.Status, p.Quantity = "out", 0
	case i%12 == 10:
		p.Status = "hidden"
	}
	if p.Type != "product" && p.Type != "food" {
		p.Weight = "0"
	}
	// Groups of three share a second; the groups are shuffled over 90 days.
	groups := max(1, (s.cfg.Products+2)/3)
	at := (i / 3 * 7919) % groups
	p.UpdatedAt = s.cfg.Epoch.Add(-90 * 24 * time.Hour * time.Duration(at) / time.Duration(groups)).Truncate(time.Second)

	s.seedImages(p, r)
	s.seedVariants(p, r, regular, sale)
	for n := r.N(3); n >= 0; n-- {
		p.Categories = append(p.Categories, categories[(i+n)%len(categories)])
	}
	if i%3 != 0 {
		b := serverkit.Pick(r, brands)
		p.Brand = &b
	}
	if i%5 != 0 {
		p.Tags = append(p.Tags, serverkit.Pick(r, tags))
	}
	return p
}

func (s *Store) seedImages(p *Product, r *serverkit.Rand) {
	for n := range r.N(4) {
		img := Image{
			ID: s.ids.encode(p.index*imageRoom + n), Main: n == 0, Sort: n, Type: "image",
			URL: fmt.Sprintf("https://cdn.salla.sa/%d/%d.jpg", p.index, n), Alt: p.Name,
		}
		if n == 2 {
			img.Type, img.VideoURL = "video", fmt.Sprintf("https://www.youtube.com/watch?v=v%d", p.index)
		}
		p.Images = append(p.Images, img)
	}
}

func (s *Store) seedVariants(p *Product, r *serverkit.Rand, regular int64, sale bool) {
	first, second := seedShape(p.index)
	if first == 0 {
		return
	}
	option := func(at int, name string, words []string, n int) Option {
		o := Option{ID: s.ids.encode(p.index*optionRoom + at), Name: name, Type: "radio", Description: "اختر " + name}
		for v := range n {
			o.Values = append(o.Values, OptionValue{
				ID: s.ids.encode(p.index*valueRoom + at*8 + v), Name: words[v], Price: "0", Default: v == 0,
			})
		}
		return o
	}
	p.Options = []Option{option(0, "اللون", colors, first)}
	if second > 0 {
		p.Options = append(p.Options, option(1, "المقاس", sizes, second))
	}
	p.Quantity = 0
	for n := range first * max(second, 1) {
		v := Variant{
			ID: s.ids.encode(p.index*variantRoom + n), SKU: fmt.Sprintf("SKU-%06d-%d", p.index, n),
			Barcode: fmt.Sprintf("628%07d%02d", p.index, n), Weight: p.Weight, Sold: r.N(9),
			Price: p.Price, RegularPrice: p.RegularPrice, CostPrice: cents(regular * 35 / 100),
			Unlimited: p.Unlimited,
		}
		switch p.index % 9 {
		case 4:
			v.SKU = "" // no codes at all
		case 8:
			v.SKU = p.SKU // one code for every variant
		}
		if sale {
			v.SalePrice = p.SalePrice
		}
		if p.Status == "sale" && !p.Unlimited {
			v.Quantity = r.N(30)
		}
		at := []int{n, 0}
		if second > 0 {
			at = []int{n / second, n % second}
		}
		for o := range p.Options {
			v.Options = append(v.Options, p.Options[o].ID)
			v.Values = append(v.Values, p.Options[o].Values[at[o]].ID)
		}
		p.Quantity += v.Quantity
		p.Variants = append(p.Variants, v)
	}
}
