package shopifytest

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// variantRef is a variant with the product it belongs to.
type variantRef struct {
	p *Product
	v *Variant
}

// itemRef is the stock keeping side of a variant.
type itemRef variantRef

func (r *itemRef) item() *InventoryItem { return &r.v.Item }

// variantRefs lists the variants of a product.
func variantRefs(p *Product) []variantRef {
	refs := make([]variantRef, len(p.Variants))
	for i := range refs {
		refs[i] = variantRef{p, &p.Variants[i]}
	}
	return refs
}

var tags = regexp.MustCompile(`<[^>]*>`)

func plainText(s string) string {
	return strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(s, "")))
}

// inventory is what a variant has available over all locations.
func (v *Variant) inventory() int {
	n := 0
	for i := range v.Item.Levels {
		n += v.Item.Levels[i].Available
	}
	return n
}

func (p *Product) inventory() int {
	n := 0
	for i := range p.Variants {
		if p.Variants[i].Item.Tracked {
			n += p.Variants[i].inventory()
		}
	}
	return n
}

func (p *Product) onlyDefault() bool {
	return len(p.Variants) == 1 && p.Variants[0].Title == "Default Title"
}

// priceRange is the lowest and the highest price by value; "" skips.
func (p *Product) priceRange(get func(*Variant) string) (low, high string) {
	var lo, hi float64
	for i := range p.Variants {
		s := get(&p.Variants[i])
		f, err := strconv.ParseFloat(s, 64) // only to compare; the text goes out
		if err != nil {
			continue
		}
		if low == "" || f < lo {
			low, lo = s, f
		}
		if high == "" || f > hi {
			high, hi = s, f
		}
	}
	return low, high
}

func priceOf(v *Variant) string     { return v.Price }
func compareAtOf(v *Variant) string { return v.CompareAtPrice }

func rangeEnd(get func(*Variant) string, high bool) resolver {
	return func(x *exec, f *field, o any) {
		low, top := o.(*Product).priceRange(get)
		if high {
			low = top
		}
		if low == "" {
			low = "0.0"
		}
		x.amount(f, low, x.srv.currency)
	}
}

func productFields() map[string]fieldSet {
	return map[string]fieldSet{
		"Product": {
			"id":               gid("Product", func(p *Product) int64 { return p.ID }),
			"legacyResourceId": long(func(p *Product) int64 { return p.ID }),
			"title":            str(func(p *Product) string { return p.Title }),
			"handle":           str(func(p *Product) string { return p.Handle }),
			"description":      str(func(p *Product) string { return plainText(p.DescriptionHTML) }),
			"descriptionHtml":  str(func(p *Product) string { return p.DescriptionHTML }),
			"vendor":           str(func(p *Product) string { return p.Vendor }),
			"productType":      str(func(p *Product) string { return p.ProductType }),
			"status":           or("ACTIVE", func(p *Product) string { return p.Status }),
			"tags":             texts(func(p *Product) []string { return p.Tags }),
			"category": func(x *exec, f *field, o any) {
				if o.(*Product).Category == "" {
					x.nothing(f)
					return
				}
				x.object(f, "TaxonomyCategory", o)
			},
			"seo":                   same("SEO"),
			"createdAt":             instant(func(p *Product) time.Time { return p.CreatedAt }),
			"updatedAt":             instant(func(p *Product) time.Time { return p.UpdatedAt }),
			"publishedAt":           instant(func(p *Product) time.Time { return p.PublishedAt }),
			"totalInventory":        integer((*Product).inventory),
			"tracksInventory":       boolean(func(p *Product) bool { return anyTracked(p) }),
			"hasOnlyDefaultVariant": boolean((*Product).onlyDefault),
			"hasOutOfStockVariants": boolean(func(p *Product) bool {
				for i := range p.Variants {
					if p.Variants[i].Item.Tracked && p.Variants[i].inventory() <= 0 {
						return true
					}
				}
				return false
			}),
			"isGiftCard":                        boolean(func(p *Product) bool { return p.GiftCard }),
			"hasVariantsThatRequiresComponents": fixed("false"),
			"requiresSellingPlan":               fixed("false"),
			"onlineStoreUrl": func(x *exec, f *field, o any) {
				p := o.(*Product)
				if p.PublishedAt.IsZero() || (p.Status != "ACTIVE" && p.Status != "UNLISTED") {
					x.nothing(f)
					return
				}
				x.buf = appendString(x.buf, "https://"+x.srv.shop+"/products/"+p.Handle)
			},
			"onlineStorePreviewUrl": func(x *exec, _ *field, o any) {
				x.buf = appendString(x.buf, "https://"+x.srv.shop+"/products/"+o.(*Product).Handle+"?preview=1")
			},
			"templateSuffix": null,
			"options":        each("ProductOption", func(p *Product) []Option { return p.Options }),
			"variants": func(x *exec, f *field, o any) {
				refs := variantRefs(o.(*Product))
				x.connection(f, "", placeSeq(len(refs),
					func(i int) int64 { return refs[i].v.ID }, func(i int) any { return &refs[i] }))
			},
			"variantsCount": func(x *exec, f *field, o any) {
				x.object(f, "Count", &count{n: len(o.(*Product).Variants)})
			},
			"media": nested(func(p *Product) []Media { return p.Media }, func(m *Media) int64 { return m.ID }),
			"mediaCount": func(x *exec, f *field, o any) {
				x.object(f, "Count", &count{n: len(o.(*Product).Media)})
			},
			"featuredMedia": func(x *exec, f *field, o any) {
				if p := o.(*Product); len(p.Media) > 0 {
					x.any(f, &p.Media[0])
					return
				}
				x.nothing(f)
			},
			"priceRangeV2": same("ProductPriceRangeV2"),
			"compareAtPriceRange": func(x *exec, f *field, o any) {
				if low, _ := o.(*Product).priceRange(compareAtOf); low == "" {
					x.nothing(f)
					return
				}
				x.object(f, "ProductCompareAtPriceRange", o)
			},
			"collections":   empty,
			"defaultCursor": str(func(p *Product) string { return strconv.FormatInt(p.ID, 10) }),
			"metafield": func(x *exec, f *field, o any) {
				p := o.(*Product)
				for i := range p.Metafields {
					if m := &p.Metafields[i]; m.Namespace == f.text("namespace") && m.Key == f.text("key") {
						x.object(f, "Metafield", m)
						return
					}
				}
				x.nothing(f)
			},
			"metafields": nested(func(p *Product) []Metafield { return p.Metafields }, func(m *Metafield) int64 { return m.ID }),
		},
		"ProductPriceRangeV2": {
			"minVariantPrice": rangeEnd(priceOf, false), "maxVariantPrice": rangeEnd(priceOf, true),
		},
		"ProductCompareAtPriceRange": {
			"minVariantCompareAtPrice": rangeEnd(compareAtOf, false),
			"maxVariantCompareAtPrice": rangeEnd(compareAtOf, true),
		},
		"SEO": {
			"title":       opt(func(p *Product) string { return p.SEOTitle }),
			"description": opt(func(p *Product) string { return p.SEODescription }),
		},
		"TaxonomyCategory": {
			"id":       fixed(`"gid://shopify/TaxonomyCategory/aa-1"`),
			"fullName": str(func(p *Product) string { return p.Category }),
			"name": str(func(p *Product) string {
				return p.Category[strings.LastIndex(p.Category, ">")+1:]
			}),
			"level":  integer(func(p *Product) int { return 1 + strings.Count(p.Category, ">") }),
			"isLeaf": fixed("true"), "isRoot": fixed("false"), "isArchived": fixed("false"),
			"parentId": null, "ancestorIds": fixed("[]"), "childrenIds": fixed("[]"),
		},
		"ProductOption": {
			"id":   gid("ProductOption", func(o *Option) int64 { return o.ID }),
			"name": str(func(o *Option) string { return o.Name }),
			"position": func(x *exec, _ *field, _ any) {
				x.buf = strconv.AppendInt(x.buf, int64(x.path[len(x.path)-1].index+1), 10)
			},
			"values": texts(func(o *Option) []string { return o.Values }),
			"optionValues": func(x *exec, f *field, o any) {
				opt := o.(*Option)
				x.list(f, len(opt.Values), func(i int) {
					x.object(f, "ProductOptionValue", &optionValue{opt.ID*100 + int64(i), opt.Values[i]})
				})
			},
		},
		"ProductOptionValue": {
			"id":          gid("ProductOptionValue", func(v *optionValue) int64 { return v.id }),
			"name":        str(func(v *optionValue) string { return v.name }),
			"hasVariants": fixed("true"),
		},
		"ProductVariant": variantFields(),
		"SelectedOption": {
			"name":  str(func(s *SelectedOption) string { return s.Name }),
			"value": str(func(s *SelectedOption) string { return s.Value }),
			"optionValue": func(x *exec, f *field, o any) {
				x.object(f, "ProductOptionValue", &optionValue{1, o.(*SelectedOption).Value})
			},
		},
		"MediaImage":        mediaFields(),
		"ExternalVideo":     mediaFields(),
		"MediaPreviewImage": {"image": mediaImage, "status": or("READY", func(m *Media) string { return m.Status })},
		"Image": {
			"id":  gid("ImageSource", func(m *Media) int64 { return m.ID }),
			"url": str(func(m *Media) string { return m.URL }), "src": str(func(m *Media) string { return m.URL }),
			"originalSrc": str(func(m *Media) string { return m.URL }),
			"width":       integer(func(m *Media) int { return m.Width }),
			"height":      integer(func(m *Media) int { return m.Height }),
			"altText":     opt(func(m *Media) string { return m.Alt }),
			"thumbhash":   null,
		},
	}
}

type optionValue struct {
	id   int64
	name string
}

func anyTracked(p *Product) bool {
	for i := range p.Variants {
		if p.Variants[i].Item.Tracked {
			return true
		}
	}
	return false
}
