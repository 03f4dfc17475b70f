package bigcommerce

import (
	"cmp"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// productReader turns a product into the model. Prices are in the store's
// default currency, without or with tax as the store enters them.
var productReader = reader[productNode, catalog.Product]{
	kind:    "bigcommerce.v3.product",
	id:      func(n *productNode) string { return idText(n.ID) },
	record:  func(p *catalog.Product) *catalog.Record { return &p.Record },
	convert: convertProduct,
}

func convertProduct(n *notes, p *productNode) catalog.Product {
	out := catalog.Product{
		ID: idText(p.ID), Title: p.Name, Handle: handle(p.CustomURL.URL), Description: p.Description, Vendor: p.brand, Type: p.Type,
		Status: n.statusOfProduct(p), NativeStatus: p.Availability, CreatedAt: p.DateCreated.Time, UpdatedAt: p.DateModified.Time,
	}
	if p.Visible && p.store.url != "" && strings.HasPrefix(p.CustomURL.URL, "/") {
		out.URL = p.store.url + p.CustomURL.URL
	}
	for i, id := range p.Categories {
		category := catalog.Category{ID: idText(id)}
		if i < len(p.names) {
			category.Name = p.names[i]
		}
		out.Categories = append(out.Categories, category)
	}
	out.Images = images(p.Images)
	out.Variants = make([]catalog.Variant, len(p.Variants))
	for i := range p.Variants {
		out.Variants[i] = n.variant(i, p)
	}
	out.Options = options(p.Variants)
	return out
}

// handle is the last part of a path.
func handle(path string) string {
	path = strings.Trim(path, "/")
	return path[strings.LastIndexByte(path, '/')+1:]
}

// options are gathered from the variants: a value that no variant has cannot
// be bought.
func options(variants []variantNode) []catalog.Option {
	var all []catalog.Option
	for i := range variants {
		for _, v := range variants[i].OptionValue {
			id := idText(v.OptionID)
			at := slices.IndexFunc(all, func(o catalog.Option) bool { return o.ID == id && o.Name == v.Name })
			if at < 0 {
				at = len(all)
				all = append(all, catalog.Option{ID: id, Name: v.Name})
			}
			if !slices.Contains(all[at].Values, v.Label) {
				all[at].Values = append(all[at].Values, v.Label)
			}
		}
	}
	return all
}

func images(nodes []imageNode) []catalog.Image {
	if len(nodes) == 0 {
		return nil
	}
	sorted := slices.Clone(nodes)
	slices.SortStableFunc(sorted, func(a, b imageNode) int { return cmp.Compare(a.SortOrder, b.SortOrder) })
	all := make([]catalog.Image, len(sorted))
	for i, m := range sorted {
		all[i] = catalog.Image{ID: idText(m.ID), URL: cmp.Or(m.Zoom, m.Standard), Alt: m.Description, Kind: "image", Position: i + 1}
	}
	return all
}

// How a product's stock is counted.
const (
	trackedByProduct = "product"
	trackedByVariant = "variant"
)

// variant turns a variant into the model. Calculated is what shoppers pay:
// the sale price, else the variant's, else the product's.
func (n *notes) variant(i int, p *productNode) catalog.Variant {
	v, currency := &p.Variants[i], p.store.currency
	out := catalog.Variant{
		ID: idText(v.ID), SKU: v.SKU, Barcode: cmp.Or(v.GTIN, v.UPC), ImageURL: v.ImageURL, Position: i + 1,
		Tracked: p.Tracking == trackedByProduct || p.Tracking == trackedByVariant, RequiresShipping: p.Type == "physical",
	}
	regular := cmp.Or(v.Price, p.Price)
	out.Price = n.money("variants.%d.calculated_price", i, cmp.Or(v.Calculated, regular), currency)
	if full := n.money("variants.%d.price", i, regular, currency); !full.IsZero() && !out.Price.IsZero() {
		if above, err := full.Cmp(out.Price); err == nil && above > 0 {
			out.CompareAtPrice = full
		}
	}
	if cost := cmp.Or(v.CostPrice, p.CostPrice); !cost.nought() {
		out.Cost = n.money("variants.%d.cost_price", i, cost, currency)
	}
	if weight := cmp.Or(v.Weight, p.Weight); weight != "" {
		out.Weight = catalog.Weight{Value: string(weight), Unit: p.store.weightUnit}
	}
	switch p.Tracking {
	case trackedByProduct: // what all its variants share
		out.Quantity = n.Quantity("inventory_level", only, string(p.Level))
	case trackedByVariant:
		out.Quantity = n.Quantity("variants.%d.inventory_level", i, string(v.Level))
	case "", "none":
	default:
		if i == 0 {
			n.Add("inventory_tracking", only, "unknown word", p.Tracking)
		}
	}
	inStock := !out.Tracked || out.Quantity == nil || out.Quantity.Decimal().IsPositive()
	out.Available = !v.NotForSale && p.Availability != "disabled" && inStock
	var title []string
	for _, value := range v.OptionValue {
		out.Options = append(out.Options, catalog.OptionValue{Name: value.Name, Value: value.Label})
		title = append(title, value.Label)
	}
	out.Title = strings.Join(title, " / ")
	return out
}
