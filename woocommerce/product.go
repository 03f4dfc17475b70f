package woocommerce

import (
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// productKind turns a product, completed with its variations, into the model.
var productKind = recordKind[productNode, catalog.Product]{
	name:    "woocommerce.product",
	id:      func(n *productNode) int64 { return n.ID },
	changed: func(n *productNode) time.Time { return n.Modified.Time },
	record:  func(p *catalog.Product) *catalog.Record { return &p.Record },
	convert: convertProduct,
}

func convertProduct(r *reader, n *productNode) catalog.Product {
	p := catalog.Product{
		ID: idText(n.ID), Title: plain(n.Name), Handle: n.Slug, Description: n.Description, Type: n.Type,
		Status:       transport.Word(&r.Notes, "status", only, n.Status, productStatuses, catalog.ProductStatusUnknown),
		NativeStatus: n.Status, CreatedAt: n.Created.Time, UpdatedAt: n.Modified.Time,
	}
	if s := statusOf(n); s != "" {
		p.Status = s
	}
	if n.Status == "publish" {
		p.URL = n.Permalink
	}
	if len(n.Brands) > 0 {
		p.Vendor = plain(n.Brands[0].Name)
	}
	for _, t := range n.Tags {
		p.Tags = append(p.Tags, plain(t.Name))
	}
	for _, c := range n.Categories {
		p.Categories = append(p.Categories, catalog.Category{ID: idText(c.ID), Name: plain(c.Name)})
	}
	for i, m := range n.Images {
		p.Images = append(p.Images, catalog.Image{ID: idText(m.ID), URL: m.Src, Alt: plain(m.Alt), Kind: "image", Position: i + 1})
	}
	if !n.variable() {
		p.Variants = []catalog.Variant{r.only(n)}
		return p
	}
	for _, a := range n.Attributes {
		if !a.Variation {
			continue
		}
		o := catalog.Option{ID: idText(a.ID), Name: plain(a.Name)}
		for _, value := range a.Options {
			o.Values = append(o.Values, plain(value))
		}
		p.Options = append(p.Options, o)
	}
	p.Variants = make([]catalog.Variant, len(n.variants))
	for i := range n.variants {
		p.Variants[i] = r.variant(i, n, &n.variants[i])
	}
	return p
}

// variable reports a product that is bought by its variations; plugins have
// kinds of their own, such as variable-subscription.
func (n *productNode) variable() bool {
	return len(n.Variations) > 0 || strings.HasPrefix(n.Type, "variable")
}

// inStock are the states in which a product can be bought.
var inStock = []string{"instock", "onbackorder"}

// only is the one variant of a product without variations; it has the
// product's id.
func (r *reader) only(n *productNode) catalog.Variant {
	v := catalog.Variant{
		ID: idText(n.ID), SKU: n.SKU, Barcode: n.GlobalID, Price: r.money("price", only, n.Price, n.settings.currency),
		Tracked: n.ManageStock.counted(), Available: n.Purchasable && slices.Contains(inStock, n.StockStatus),
		RequiresShipping: !n.Virtual, Taxable: n.TaxStatus == "taxable", Weight: weight(n.Weight, n.settings.weightUnit),
		Position: 1, CreatedAt: n.Created.Time, UpdatedAt: n.Modified.Time,
	}
	v.CompareAtPrice = above(v.Price, r.money("regular_price", only, n.RegularPrice, n.settings.currency))
	if v.Tracked {
		v.Quantity = r.Quantity("stock_quantity", only, n.StockQuantity)
	}
	return v
}

func (r *reader) variant(i int, p *productNode, n *variationNode) catalog.Variant {
	v := catalog.Variant{
		ID: idText(n.ID), SKU: n.SKU, Barcode: n.GlobalID, Price: r.money("variants.%d.price", i, n.Price, p.settings.currency),
		Tracked: n.ManageStock.counted(), Available: n.Purchasable && slices.Contains(inStock, n.StockStatus),
		RequiresShipping: !n.Virtual, Taxable: n.TaxStatus == "taxable", Weight: weight(n.Weight, p.settings.weightUnit),
		Position: i + 1, ImageURL: n.Image.Src, CreatedAt: n.Created.Time, UpdatedAt: n.Modified.Time,
	}
	if n.ManageStock == "parent" {
		v.InventoryItemID = idText(p.ID)
	}
	v.CompareAtPrice = above(v.Price, r.money("variants.%d.regular_price", i, n.RegularPrice, p.settings.currency))
	if v.Tracked {
		v.Quantity = r.Quantity("variants.%d.stock_quantity", i, n.StockQuantity)
	}
	var title []string
	for _, a := range n.Attributes { // one that may have any value is left out
		v.Options = append(v.Options, catalog.OptionValue{Name: plain(a.Name), Value: plain(a.Option)})
		title = append(title, plain(a.Option))
	}
	v.Title = joined(" / ", title...)
	return v
}

// above is the regular price where it is above the price.
func above(price, regular catalog.Money) catalog.Money {
	if more, err := regular.Cmp(price); err != nil || more <= 0 || price.IsZero() || regular.IsZero() {
		return catalog.Money{}
	}
	return regular
}

func weight(value, unit string) catalog.Weight {
	if value == "" {
		return catalog.Weight{}
	}
	return catalog.Weight{Value: value, Unit: unit}
}
