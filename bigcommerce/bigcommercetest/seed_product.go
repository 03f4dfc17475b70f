package bigcommercetest

import (
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

var productNames = []string{
	"عطر العود الملكي", "Fog Linen Chambray Towel", `Mug 12" "Classic"`, "قهوة مختصة ☕", "Jar & Lid <1L>",
	"Tea &amp; Honey", "Señor's Ñandú Scarf", "حذاء رياضي 🏃", "Line\tTab", "Café™ Set",
}

const longHTML = `<p class="intro">Soft &amp; light.</p><ul><li>100&nbsp;% قطن</li><li>Say &quot;hi&quot; &#9731;</li></ul>`

func (s *Store) productName(i int) string {
	return productNames[i%len(productNames)] + " " + strconv.Itoa(i+1)
}

// dims are how many values the product's options have; b is 0 with one option
// and both are 0 with none.
func dims(i int) (a, b int) {
	switch {
	case i%200 == 60:
		return 30, 20 // 600, as many as the platform allows
	case i%50 == 7:
		return 10, 10
	case i%10 == 2:
		return 2 + i%3, 0
	case i%10 == 5 || i%10 == 8:
		return 3, 1 + i%4
	}
	return 0, 0
}

func variantsOf(i int) int {
	a, b := dims(i)
	return max(1, a) * max(1, b)
}

func (s *Store) productPrice(i int) string {
	r := serverkit.Rand(uint64(s.cfg.Seed)*43 + uint64(i))
	v := int64(500 + r.Uint64()%50_000)
	switch i % 20 {
	case 3:
		return strconv.FormatInt(v/100, 10) // no decimals
	case 9:
		return Decimal(v*100 + 56) // four decimals
	case 14:
		return "0"
	case 18:
		return "1234567.89"
	}
	return cents(v)
}

// productSKU is "" for a few, and for some products with variants.
func productSKU(i int) string {
	a, _ := dims(i)
	switch {
	case i%29 == 11, a > 0 && i%3 == 0:
		return ""
	case i%17 == 6:
		return "منتج-" + strconv.Itoa(i+1)
	case i%23 == 4:
		return "A/B&C+D " + strconv.Itoa(i+1)
	}
	return "SKU-" + strconv.Itoa(i+1)
}

func variantSKU(i, pos int) string {
	if a, _ := dims(i); a == 0 {
		return productSKU(i)
	}
	return "V-" + strconv.Itoa(i+1) + "-" + strconv.Itoa(pos+1)
}

func variantID(i, pos int) int64 { return variantBase + int64(i)*variantRoom + int64(pos) }

// trackingOf: products without options cannot be tracked by variant.
func trackingOf(i int) string {
	a, _ := dims(i)
	switch i % 4 {
	case 2:
		return "none"
	case 0:
		return "product"
	}
	if a == 0 {
		return "product"
	}
	return "variant"
}

var labels = []string{"Small", "كبير", "XL 🧥", `10"`, "Medium"}

func (s *Store) seedProduct(i int) *Product {
	r := serverkit.NewRand(s.cfg.Seed, kindProduct, i)
	created, modified := s.productTimes(i)
	id := productBase + int64(i)
	p := &Product{
		ID: id, Name: s.productName(i), Type: "physical", SKU: productSKU(i), Description: longHTML,
		Price: s.productPrice(i), CostPrice: "0", RetailPrice: "0", SalePrice: "0", Weight: "1.5",
		Categories: []int64{categoryBase, categoryBase + 1 + int64(i%(len(categoryNames)-1))},
		Tracking:   trackingOf(i), WarningLevel: i % 4, Visible: i%12 != 11, Featured: i%15 == 0,
		Availability: "available", Condition: "New", URL: "/product-" + strconv.FormatInt(id, 10) + "/",
		MetaKeywords: []string{}, SortOrder: i % 7, TotalSold: r.N(90), Channels: []int64{1},
		CreatedAt: unix(created), ModifiedAt: unix(modified),
	}
	if i%3 != 0 {
		p.BrandID = brandBase + int64(i%len(brandNames))
	}
	if i%2 == 0 {
		p.Channels = []int64{1, 2}
	}
	switch i % 16 {
	case 1:
		p.SalePrice, p.RetailPrice, p.CostPrice = "4.99", "99.95", "3.125"
	case 4:
		p.Type, p.Weight = "digital", "0"
	case 6:
		p.Availability, p.PreorderAt = "preorder", s.cfg.Epoch.Add(30*24*time.Hour)
	case 9:
		p.Availability = "disabled"
	case 12:
		p.Description, p.Condition = "", "Used"
		p.UPC, p.GTIN, p.MPN = "012345678905", "00012345678905", "MPN-"+strconv.Itoa(i)
	}
	if i%6 == 2 {
		p.Keywords, p.MetaKeywords = "jar, زجاج", []string{"jar", "زجاج"}
		p.CustomFields = []CustomField{{id*10 + 1, "Material", "Glass & cork"}, {id*10 + 2, "المنشأ", "السعودية"}}
	}
	if i%13 == 3 {
		p.Modifiers = []Modifier{{id*10 + 3, "Gift wrap?", "checkbox", false}, {id*10 + 4, "نقش", "text", true}}
	}
	for k := range i % 4 {
		p.Images = append(p.Images, Image{ID: id*20 + int64(k), Thumbnail: k == 0, SortOrder: k,
			File:        "s/" + strconv.FormatInt(id, 10) + "/photo_" + strconv.Itoa(k) + "__%D8%B9.jpg",
			Description: []string{"", "الصورة & \"alt\""}[k%2], ModifiedAt: p.ModifiedAt})
	}
	s.seedVariants(p, i, r)
	return p
}

func (s *Store) seedVariants(p *Product, i int, r *serverkit.Rand) {
	a, b := dims(i)
	id := p.ID * 1000
	option := func(n int, name, kind string, at int64) {
		o := Option{ID: at, Name: name, Type: kind, Values: make([]OptionValue, n)}
		for k := range o.Values {
			label := labels[k%len(labels)]
			if k >= len(labels) {
				label += " " + strconv.Itoa(k)
			}
			o.Values[k] = OptionValue{at + 1 + int64(k), label, k == 0}
		}
		p.Options = append(p.Options, o)
	}
	if a > 0 {
		option(a, "Size", "rectangles", id)
	}
	if b > 0 {
		option(b, "اللون", "swatch", id+500)
	}
	n := variantsOf(i)
	p.Variants = make([]Variant, n)
	chosen := make([]int64, 0, 2*n)
	levels := make([]Level, 0, len(s.locations)*(n+1))
	stock := func(k int) []Level {
		from := len(levels)
		for at := range s.locations {
			if at == 2 && (i+k)%2 == 1 {
				continue // never set there
			}
			levels = append(levels, Level{LocationID: int64(at + 1), OnHand: max(0, r.N(60)-5), SafetyStock: at, WarningLevel: 3})
		}
		return levels[from:len(levels):len(levels)]
	}
	if p.Tracking == "product" {
		p.Levels = stock(0)
	}
	for k := range p.Variants {
		v := &p.Variants[k]
		v.ID, v.SKU = variantID(i, k), variantSKU(i, k)
		if a == 0 {
			v.UPC, v.MPN, v.GTIN = p.UPC, p.MPN, p.GTIN
		} else {
			v.SKUID = v.ID - skuIDGap
			from := len(chosen)
			chosen = append(chosen, p.Options[0].Values[k%a].ID)
			if b > 0 {
				chosen = append(chosen, p.Options[1].Values[k/a].ID)
			}
			v.Values = chosen[from:len(chosen):len(chosen)]
			switch k % 5 { // the others inherit the product's
			case 1:
				v.Price, v.Weight = "25.5", "2"
			case 3:
				v.Price, v.SalePrice, v.CostPrice = "30", "19.99", "7"
			case 4:
				v.PurchasingDisabled = k%10 == 4
			}
		}
		if p.Tracking == "variant" {
			v.Levels = stock(k)
		}
	}
}
