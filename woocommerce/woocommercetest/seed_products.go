package woocommercetest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

func seedTerms() map[string][]Term {
	colors := []Term{}
	for i, n := range colorNames {
		colors = append(colors, Term{int64(60 + i), n, strings.ToLower(n), 0})
	}
	return map[string][]Term{
		"categories": {
			{15, "Uncategorized", "uncategorized", 0}, {16, "قمصان", "%d9%82%d9%85%d8%b5%d8%a7%d9%86", 0},
			{17, "Shoes", "shoes", 0}, {18, "Mugs &amp; Cups", "mugs-cups", 0}, {21, "Running", "running", 17},
		},
		"tags":   {{22, "new", "new", 0}, {23, "sale 🔥", "sale", 0}, {24, "Q&amp;A", "qa", 0}},
		"brands": {{30, "Smith &amp; Söhne", "smith-sohne", 0}, {31, "نور", "nour", 0}},
		"colors": colors,
	}
}

var (
	productNouns = []string{"Boot", "قميص", "Mug", "静か Chair", "عطر", "Belt", "Hat"}
	productMoods = []string{"", " 👕", " &amp; Co", ` "Deluxe"`, " – القديم", "’s best", " 50% off"}
	colorNames   = []string{"Red", "Green", "Blue", "Black", "White", "أسود", "Gold", "Silver", "Pink", "Cyan", "Olive", "Plum"}
	sizeNames    = []string{"S", "M", "L", "XL", "XXL", "كبير", "42", "43", "44", "45"}
)

func seedType(i int) string {
	switch {
	case seedVariations(i) > 0:
		return "variable"
	case i%20 == 7:
		return "external"
	case i%20 == 9:
		return "grouped"
	case i%50 == 25:
		return "subscription" // a plugin's
	case i%50 == 35:
		return "bundle"
	}
	return "simple"
}

func (s *Server) seedStatus(i int) string {
	switch {
	case i >= s.cfg.Products:
		return "trash"
	case i%200 == 77:
		return "future"
	case i%25 == 14:
		return "draft"
	case i%40 == 11:
		return "private"
	case i%100 == 33:
		return "pending"
	}
	return "publish"
}

// seedSKU holds the index of the product as its first number, which finding a
// product by SKU relies on.
func seedSKU(i int) string {
	switch {
	case i%11 == 5:
		return ""
	case i%23 == 8:
		return fmt.Sprintf("قطعة/%d &%%", i)
	}
	return fmt.Sprintf("SKU-%06d", i)
}

func (s *Server) seedProduct(i int) *Product {
	r := serverkit.NewRand(s.cfg.Seed, kindProduct, i)
	k := s.productKey(i)
	noun := serverkit.Pick(r, productNouns)
	regular := int64(500 + 25*r.N(4000))
	p := &Product{
		ID: k.id, Name: noun + " " + strconv.Itoa(i) + serverkit.Pick(r, productMoods), Slug: "product-" + strconv.Itoa(i),
		Type: seedType(i), Status: s.seedStatus(i), Featured: i%13 == 4, CatalogVisibility: "visible",
		SKU: seedSKU(i), RegularPrice: cents(regular), TotalSales: r.N(40), TaxStatus: "taxable",
		StockStatus: "instock", Backorders: "no", ReviewsAllowed: true, CreatedAt: fromUnix(k.created), ModifiedAt: fromUnix(k.modified),
		Description:      "<p>" + noun + " \"أصلي\" &amp; more</p>\n",
		ShortDescription: "<p>Short " + strconv.Itoa(i) + "</p>\n", statusBefore: "publish",
	}
	switch i % 40 {
	case 2:
		p.RegularPrice = "12.345"
	case 14:
		p.RegularPrice = "7"
	case 26:
		p.RegularPrice = "00012.5"
	case 30:
		p.RegularPrice = "" // no price yet
	}
	if i%4 == 1 && p.RegularPrice != "" {
		p.SalePrice = cents(regular * 80 / 100)
		if i%8 == 1 {
			p.SaleFrom, p.SaleTo = s.cfg.Epoch.Add(-30*day), s.cfg.Epoch.Add(30*day)
		}
	}
	if i%3 != 1 {
		p.GlobalUniqueID = fmt.Sprintf("4006381%06d", i)
	}
	if p.Status == "draft" {
		p.Slug = "" // not given out yet
	}
	if i%6 != 5 {
		p.Weight, p.Dimensions = serverkit.Pick(r, []string{"0.25", "1", "0.7"}), Dimensions{"10", "5", "2"}
	}
	s.seedStock(p, r, i)
	s.seedKind(p, r, i)
	p.settleUncounted()
	terms := seedTermsFor
	p.Categories = append(p.Categories, terms["categories"][i%5])
	if i%5 == 4 {
		p.Categories = append(p.Categories, terms["categories"][2])
	}
	if i%3 == 0 {
		p.Tags = append(p.Tags, terms["tags"][i%3], terms["tags"][2])
	}
	if i%4 == 2 {
		p.Brands = append(p.Brands, terms["brands"][i/4%2])
	}
	for n := range r.N(4) {
		p.Images = append(p.Images, Image{
			ID: 800_000 + int64(i)*4 + int64(n), Name: fmt.Sprintf("p%d-%d", i, n), Alt: strings.Repeat("قميص", n%2), At: p.CreatedAt,
			Src: fmt.Sprintf("%s/wp-content/uploads/2026/01/p%d-%d.jpg", s.cfg.HomeURL, i, n),
		})
	}
	if i%6 == 1 {
		p.Meta = append(p.Meta, Meta{k.id * 4, "vendor", `"Vendor ` + strconv.Itoa(i%7) + `"`},
			Meta{k.id*4 + 1, "_ext", `{"a":[1,2],"b":{"c":null,"d":1.5}}`}, Meta{k.id*4 + 2, "_cost", `"` + cents(regular*35/100) + `"`},
			Meta{k.id*4 + 3, "_list", "[]"})
	}
	return p
}

// seedTermsFor is the first state of the terms, shared and not written to.
var seedTermsFor = seedTerms()

func (s *Server) seedStock(p *Product, r *serverkit.Rand, i int) {
	switch i % 10 {
	case 0, 1, 4, 5, 8:
		p.ManageStock, p.StockQuantity = true, r.N(200)
	case 2:
		p.ManageStock, p.StockQuantity = true, 0
	case 6:
		p.ManageStock, p.StockQuantity, p.Backorders = true, -3, "notify"
	case 7:
		p.StockStatus = "outofstock"
	}
	if i%10 == 4 {
		low := 2
		p.LowStock = &low
	}
}

// seedKind adds what the type of the product asks for.
func (s *Server) seedKind(p *Product, r *serverkit.Rand, i int) {
	switch p.Type {
	case "external":
		p.ExternalURL, p.ButtonText = "https://elsewhere.example.test/p?id="+strconv.Itoa(i)+"&x=1", "Buy &amp; go"
		p.ManageStock, p.StockStatus = false, "instock"
	case "grouped":
		p.RegularPrice, p.SalePrice, p.ManageStock = "", "", false
		for n := 1; n <= min(3, i); n++ {
			p.GroupedIDs = append(p.GroupedIDs, s.productID(i-n))
		}
	case "simple":
		p.Virtual = i%20 == 3
		p.Downloadable = i%40 == 3
	case "variable":
		s.seedVariationsOf(p, r, i)
	}
}

func (s *Server) seedVariationsOf(p *Product, r *serverkit.Rand, i int) {
	first, second := seedShape(i)
	p.Attributes = []Attribute{{ID: 1, Name: "Color", Slug: "pa_color", Visible: true, Variation: true, Options: colorNames[:first]}}
	if second > 0 {
		p.Attributes = append(p.Attributes, Attribute{Name: "المقاس", Slug: "المقاس", Position: 1, Visible: true, Variation: true, Options: sizeNames[:second]})
	}
	regular := p.RegularPrice
	if regular == "" || regular[0] == '0' {
		regular = "15.00"
	}
	sale := p.SalePrice
	p.RegularPrice, p.SalePrice = "", ""
	byParent := i%8 == 4 // the product's own stock counts
	if !byParent {
		p.ManageStock, p.StockQuantity = false, 0
	} else {
		p.ManageStock = true
	}
	for n := range first * max(second, 1) {
		color, size := n, -1
		if second > 0 {
			color, size = n/second, n%second
		}
		v := Variation{
			ID: p.ID + 1 + int64(n), SKU: fmt.Sprintf("SKU-%06d-%d", i, n), RegularPrice: regular, SalePrice: sale,
			Status: "publish", ManageStock: "true", StockQuantity: r.N(30), StockStatus: "instock", Backorders: p.Backorders,
			MenuOrder: n, CreatedAt: p.CreatedAt, ModifiedAt: fromUnix(variationModified(p.ModifiedAt.Unix(), n)),
		}
		if n > 0 && sale == "" {
			v.RegularPrice = addDecimal(regular, strconv.Itoa(n))
		}
		switch {
		case byParent:
			v.ManageStock, v.StockQuantity = StockParent, 0
		case n%5 == 3:
			v.ManageStock, v.StockQuantity, v.StockStatus = "false", 0, "onbackorder"
		case n%5 == 4:
			v.StockQuantity = 0
		}
		switch {
		case i%9 == 4:
			v.SKU = "" // sent as the product's
		case n%4 == 1:
			v.GlobalUniqueID = fmt.Sprintf("628%06d%03d", i, n)
		}
		if n == 2 && i%12 == 0 {
			v.Status = "private"
		}
		if n%3 == 1 {
			v.Image = &Image{ID: 900_000 + p.ID%100_000*16 + int64(n), Src: fmt.Sprintf("%s/wp-content/uploads/v%d-%d.jpg", s.cfg.HomeURL, i, n), Name: "v", At: p.CreatedAt}
		}
		v.Choices = []Choice{{1, "Color", "pa_color", colorNames[color]}}
		if size >= 0 && !(i%16 == 8 && size == 0) { // "any" size is left out
			v.Choices = append(v.Choices, Choice{0, "المقاس", "المقاس", sizeNames[size]})
		}
		p.Variations = append(p.Variations, v)
	}
}

// variationModified is when variation n of a seeded product was changed: the
// product moves with its variations, not the other way round.
func variationModified(product int64, n int) int64 {
	return product - int64(n%3)*int64(time.Hour/time.Second)
}

// settleUncounted leaves neither backorders nor a low level where no stock is
// counted, as saving does.
func (p *Product) settleUncounted() {
	if !p.ManageStock {
		p.Backorders, p.LowStock = "no", nil
	}
	for i := range p.Variations {
		if v := &p.Variations[i]; v.ManageStock == "false" {
			v.Backorders = "no"
		}
	}
}
