package magentotest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// The catalog repeats every 250 rows: five blocks of 25 rows, then one
// configurable product with 120 variants and a few simple products.
//
//	block: 0 configurable, 1-6 its variants; 7 configurable, 8-10 its variants;
//	       11 bundle; 12 virtual; 13 grouped; 14 downloadable; 15-24 simple
const (
	cycle    = 250
	bigAt    = 125
	bigCount = 120
	blockLen = 25
)

var (
	productNouns = []string{
		"Cotton T-shirt", "Royal oud perfume", "تمر سكري فاخر", "Handbag", "قهوة عربية محمصة", "Wireless headset",
		"عباية مطرزة", "Smart watch", `Curved 24" screen`, `Book "Thousand Nights"`, "Café crème & co", "Hex <b>bolt</b>",
	}
	nounsAR = []string{
		"تي شيرت قطن", "عطر العود الملكي", "تمر سكري فاخر", "حقيبة يد", "قهوة عربية محمصة", "سماعة لاسلكية",
		"عباية مطرزة", "ساعة ذكية", "شاشة 24\" منحنية", "كتاب \"ألف ليلة\"", "كريمة", "برغي",
	}
	moods = []string{"", " 🌙", " - limited", " (new)", " ✨ gift", " l'été"}
)

// place says what a row of the catalog is.
type place struct {
	kind          string
	parent        int // index of the configurable this row is a variant of; -1 for none
	child         int // which variant
	first, second int // of a configurable: how many values its two attributes have
}

func placeOf(i int) place {
	at := i % cycle
	if at >= bigAt {
		switch n := at - bigAt; {
		case n == 0:
			return place{kind: TypeConfigurable, parent: -1, first: 12, second: 10}
		case n <= bigCount:
			return place{kind: TypeSimple, parent: i - n, child: n - 1}
		}
		return place{kind: TypeSimple, parent: -1}
	}
	switch n := at % blockLen; {
	case n == 0:
		return place{kind: TypeConfigurable, parent: -1, first: 3, second: 2}
	case n <= 6:
		return place{kind: TypeSimple, parent: i - n, child: n - 1}
	case n == 7:
		return place{kind: TypeConfigurable, parent: -1, first: 3}
	case n <= 10:
		return place{kind: TypeSimple, parent: i - n + 7, child: n - 8}
	case n == 11:
		return place{kind: TypeBundle, parent: -1}
	case n == 12:
		return place{kind: TypeVirtual, parent: -1}
	case n == 13:
		return place{kind: TypeGrouped, parent: -1}
	case n == 14:
		return place{kind: TypeDownloadable, parent: -1}
	case n == 24 && at/blockLen == 3: // all its variants were deleted
		return place{kind: TypeConfigurable, parent: -1}
	}
	return place{kind: TypeSimple, parent: -1}
}

// seedSKU has every odd shape a SKU can take; each is unique.
func seedSKU(i int) string {
	p := placeOf(i)
	if p.parent >= 0 {
		parent := placeOf(p.parent)
		if parent.second > 0 {
			return seedSKU(p.parent) + "-" + colorNames[p.child/parent.second] + "-" + sizeNames[p.child%parent.second]
		}
		return seedSKU(p.parent) + "-" + colorNames[p.child]
	}
	switch n := strconv.Itoa(i); {
	case i%23 == 15:
		return "AB/" + n
	case i%23 == 16:
		return "C++ " + n
	case i%23 == 17:
		return "قطعة-" + n
	case i%23 == 18:
		return "50% off & more #" + n + "?"
	case i%23 == 19:
		return "a,b," + n
	case i%23 == 20:
		return "naïve 'q' " + n
	}
	return fmt.Sprintf("24-MB%05d", i)
}

// seedPrice is in ten-thousandths.
func seedPrice(seed int64, i int) int64 {
	p := placeOf(i)
	if p.parent >= 0 {
		return seedPrice(seed, p.parent) + int64(p.child%5)*25_000
	}
	r := serverkit.NewRand(seed, kindProduct, i)
	return int64(50_000 + 2_500*r.N(4_000))
}

func seedName(seed int64, i int) string {
	p := placeOf(i)
	if p.parent >= 0 {
		return seedName(seed, p.parent) + strings.TrimPrefix(seedSKU(i), seedSKU(p.parent))
	}
	r := serverkit.NewRand(seed, kindProduct, i)
	r.N(4_000)
	n, m := r.N(len(productNouns)), r.N(len(moods))
	return productNouns[n] + " " + strconv.Itoa(i) + moods[m]
}

func (s *store) productID(i int) int64 { return seedID(i, s.cfg.Products) }

func (s *store) seedProductRow(i int) row {
	created, updated := seedTimes(s.cfg.Epoch, i, s.cfg.Products, 7919)
	return row{id: s.productID(i), created: created, updated: updated}
}

func (s *store) seedProduct(i int) *Product {
	at, r := placeOf(i), serverkit.NewRand(s.cfg.Seed, kindProduct, i+1<<40)
	times := s.seedProductRow(i)
	price := seedPrice(s.cfg.Seed, i)
	p := &Product{
		index: i, ID: times.id, SKU: seedSKU(i), Name: seedName(s.cfg.Seed, i), Type: at.kind,
		AttributeSetID: 4, Price: units(price), Status: 1, Visibility: 4, Weight: "0.51",
		CreatedAt: time.Unix(times.created, 0).UTC(), UpdatedAt: time.Unix(times.updated, 0).UTC(),
		Websites: []int64{1},
	}
	if i%3 == 0 {
		p.Websites = append(p.Websites, 2)
	}
	if i%29 == 8 {
		p.Websites = nil // sold nowhere
	}
	for n := r.N(3); n >= 0; n-- {
		p.Categories = append(p.Categories, categories[2+(i+n)%(len(categories)-2)].id)
	}
	if i%12 == 10 {
		p.Status = 2
	}
	if i%37 == 19 {
		p.Price = units(price + 33) // four decimals
	}
	switch at.kind {
	case TypeConfigurable:
		p.Price = "0"
		if i%2 == 1 {
			p.Price = ""
		}
		s.seedConfigurable(p, at)
	case TypeBundle:
		p.Price = ""
		s.seedBundle(p)
	case TypeGrouped:
		p.Price, p.Weight = "", ""
		for n, d := range []int{2, 3, 4} {
			if i+d < s.cfg.Products {
				p.Links = append(p.Links, Link{"associated", seedSKU(i + d), placeOf(i + d).kind, n + 1})
			}
		}
	case TypeVirtual, TypeDownloadable:
		p.Weight = ""
	}
	if at.parent >= 0 {
		p.Visibility = 1
	}
	if i%5 == 3 && at.parent < 0 && i > 20 {
		p.Links = append(p.Links, Link{"related", seedSKU(i - 20), placeOf(i - 20).kind, 1})
	}
	s.seedMedia(p, r)
	s.seedAttributes(p, at, price)
	if i%9 == 2 && p.Price != "" {
		p.TierPrices = []TierPrice{{32000, "5", units(price * 9 / 10)}, {1, "10", units(price * 8 / 10)}}
	}
	if i%31 == 17 {
		p.CustomOptions = []CustomOption{{int64(i)*2 + 1, "نقش / Engraving", "field", "15"}}
	}
	if i%2 == 0 {
		r := serverkit.NewRand(s.cfg.Seed, kindProduct, i)
		r.N(4_000)
		p.Scoped = map[string]map[string]string{"ar": {"name": nounsAR[r.N(len(nounsAR))] + " " + strconv.Itoa(i)}}
	}
	return p
}
