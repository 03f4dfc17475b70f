package salla

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

var productStatuses = map[string]catalog.ProductStatus{
	"sale": catalog.ProductActive, "out": catalog.ProductSoldOut,
	"hidden": catalog.ProductHidden, "deleted": catalog.ProductArchived,
}

// Product reads one product with its variants and images.
// https://docs.salla.dev/5394170e0
func (e *Engine) Product(ctx context.Context, id string) (catalog.Product, error) {
	const op = "get product"
	if err := checkID(op, "a product", id); err != nil {
		return catalog.Product{}, err
	}
	return e.product(ctx, op, "/products/"+id)
}

func (e *Engine) product(ctx context.Context, op, path string) (catalog.Product, error) {
	a, err := e.get(ctx, call{op: op, path: path})
	if err != nil {
		return catalog.Product{}, err
	}
	raw, err := a.object(op)
	if err != nil {
		return catalog.Product{}, err
	}
	return readOne(ctx, op, raw, productReader, nil)
}

// Products lists products with their variants and images. Salla filters by one
// status; everything else is filtered here, at the price of reading all.
// Products have no time of creation.
// https://docs.salla.dev/5394168e0
func (e *Engine) Products(ctx context.Context, query catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	const op = "list products"
	if !query.CreatedSince.IsZero() || !query.CreatedBefore.IsZero() {
		return transport.Failed[catalog.Product](catalog.Unsupported(Platform, op+" by creation", "products do not tell when they were made; filter by change"))
	}
	c := call{path: "/products", query: url.Values{}}
	var words []string
	for _, status := range query.Status {
		word, ok := wordFor(productStatuses, status)
		if !ok {
			return transport.Failed[catalog.Product](catalog.Unsupported(Platform, fmt.Sprintf("filter by status %q", status),
				"filter by active, sold_out or hidden, or look at the products"))
		}
		words = append(words, word)
	}
	if len(words) == 1 && words[0] != "deleted" { // known in answers only
		c.query.Set("status", words[0])
	}
	statuses := slices.Clone(query.Status)
	l := listing[productNode, catalog.Product]{
		op: op, resource: catalog.Products, call: c, options: query.ListOptions, reader: productReader,
		unsettled: len(c.query) > 0,
		filter:    transport.FilterName("status", transport.Words(words), "updated", transport.Span(query.UpdatedSince, query.UpdatedBefore)),
	}
	if l.filter != "" {
		l.skip = func(n *productNode) bool {
			return !transport.Within(n.UpdatedAt.Time, query.UpdatedSince, query.UpdatedBefore) ||
				len(statuses) > 0 && !slices.Contains(statuses, productStatuses[n.Status])
		}
	}
	return list(ctx, e, l)
}

// ProductsBySKU finds the products that have this SKU or a variant with it,
// compared exactly. Salla's own look-up names one product at most, so its
// search is asked too.
// https://docs.salla.dev/5394172e0
func (e *Engine) ProductsBySKU(ctx context.Context, sku string) iter.Seq2[catalog.Product, error] {
	const op = "find products by SKU"
	if strings.TrimSpace(sku) == "" {
		return transport.Failed[catalog.Product](&catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the SKU is empty"})
	}
	has := func(p *catalog.Product) bool {
		return slices.ContainsFunc(p.Variants, func(v catalog.Variant) bool { return v.SKU == sku })
	}
	return func(yield func(catalog.Product, error) bool) {
		seen := map[string]bool{}
		if sku != "." && sku != ".." { // which would be another path
			product, err := e.product(ctx, op, "/products/sku/"+url.PathEscape(sku))
			switch {
			case catalog.KindOf(err) == catalog.ErrNotFound:
			case err != nil:
				yield(catalog.Product{}, err)
				return
			case has(&product):
				seen[product.ID] = true
				if !yield(product, nil) {
					return
				}
			}
		}
		for product, err := range list(ctx, e, listing[productNode, catalog.Product]{
			op: op, resource: catalog.Products, call: call{path: "/products", query: url.Values{"keyword": {sku}}},
			filter: transport.FilterName("sku", sku), reader: productReader, keep: has,
		}) {
			if err == nil && seen[product.ID] {
				continue
			}
			product.Cursor = ""
			if !yield(product, err) || err != nil {
				return
			}
		}
	}
}

// productReader turns a product into the model.
var productReader = itemReader[productNode, catalog.Product]{
	kind:    "salla.product",
	id:      func(n *productNode) string { return idText(n.ID) },
	record:  func(p *catalog.Product) *catalog.Record { return &p.Record },
	convert: convertProduct,
}

func convertProduct(r *reader, n *productNode) catalog.Product {
	p := catalog.Product{
		ID: idText(n.ID), Title: n.Name, Description: n.Description, Type: n.Type,
		Status:       transport.Word(&r.Notes, "status", only, n.Status, productStatuses, catalog.ProductStatusUnknown),
		NativeStatus: n.Status, URL: n.URLs.Customer, Tags: names(n.Tags), UpdatedAt: n.UpdatedAt.Time,
	}
	if p.URL == "" {
		p.URL = n.URL
	}
	if brand := take(r, "brand", n.Brand); brand != nil {
		p.Vendor = brand.Name
	}
	for _, c := range n.Categories {
		p.Categories = append(p.Categories, catalog.Category{ID: ref(c.ID), Name: c.Name})
	}
	if len(n.Options) > 0 {
		p.Options = make([]catalog.Option, len(n.Options))
	}
	for i, o := range n.Options {
		p.Options[i] = catalog.Option{ID: idText(o.ID), Name: o.Name}
		for _, v := range o.Values {
			p.Options[i].Values = append(p.Options[i].Values, v.Name)
		}
	}
	if len(n.Images) > 0 {
		p.Images = make([]catalog.Image, len(n.Images))
	}
	for i, m := range n.Images {
		p.Images[i] = catalog.Image{ID: idText(m.ID), URL: m.URL, Alt: m.Alt, Kind: m.Type, Position: i + 1}
	}
	if len(n.SKUs) == 0 {
		p.Variants = []catalog.Variant{r.only(n)}
		return p
	}
	p.Variants = make([]catalog.Variant, len(n.SKUs))
	for i := range n.SKUs {
		p.Variants[i] = r.variant(i, n, &n.SKUs[i])
	}
	return p
}

// The item stock is kept under: a product's and a variant's id can be the same
// number, so the kind is part of it.
const (
	productItem = "product-"
	variantItem = "variant-"
)

// only is the one variant of a product without options; it has the product's
// id.
func (r *reader) only(n *productNode) catalog.Variant {
	currency := n.Price.Currency
	v := catalog.Variant{
		ID: idText(n.ID), InventoryItemID: productItem + idText(n.ID), SKU: n.SKU, Barcode: n.GTIN,
		Price: r.money("price", only, n.Price, ""), Cost: r.money("cost_price", only, n.CostPrice, currency),
		Tracked: !n.Unlimited, RequiresShipping: n.RequireShipping, Taxable: n.WithTax,
		Weight: weight(n.Weight, n.WeightType, ""), Position: 1,
	}
	v.CompareAtPrice = r.compareAt("regular_price", only, v.Price, n.RegularPrice, currency)
	if v.Tracked {
		v.Quantity = r.Quantity("quantity", only, string(n.Quantity))
	}
	v.Available = n.IsAvailable && inStock(v)
	return v
}

func (r *reader) variant(i int, n *productNode, s *skuNode) catalog.Variant {
	currency := s.Price.in(n.Price.Currency)
	v := catalog.Variant{
		ID: idText(s.ID), InventoryItemID: variantItem + idText(s.ID), SKU: s.SKU, Barcode: s.Barcode,
		Price: r.money("skus.%d.price", i, s.Price, currency), Cost: r.money("skus.%d.cost_price", i, s.CostPrice, currency),
		Tracked: !n.Unlimited, RequiresShipping: n.RequireShipping, Taxable: n.WithTax,
		Weight: weight(s.Weight, s.WeightType, n.WeightType), Position: i + 1,
	}
	if v.Barcode == "" {
		v.Barcode = n.ownGTIN(s)
	}
	v.CompareAtPrice = r.compareAt("skus.%d.regular_price", i, v.Price, s.RegularPrice, currency)
	if s.Unlimited != nil {
		v.Tracked = !*s.Unlimited
	}
	if v.Tracked {
		v.Quantity = r.Quantity("skus.%d.stock_quantity", i, string(s.Quantity))
	}
	v.Available = n.IsAvailable && inStock(v)
	var title []string
	for _, value := range s.Values {
		option, name, ok := n.choice(value)
		if !ok {
			r.Add("skus.%d.related_option_values", i, "names a value no option has", idText(value))
			continue
		}
		v.Options = append(v.Options, catalog.OptionValue{Name: option, Value: name})
		title = append(title, name)
	}
	v.Title = strings.Join(title, " / ")
	return v
}

// ownGTIN is a variant's GTIN; one without tells the product's.
func (n *productNode) ownGTIN(s *skuNode) string {
	if s.GTIN == n.GTIN {
		return ""
	}
	return s.GTIN
}

// choice finds an option's value by its id.
func (n *productNode) choice(id int64) (option, value string, ok bool) {
	for i := range n.Options {
		for j := range n.Options[i].Values {
			if n.Options[i].Values[j].ID == id {
				return n.Options[i].Name, n.Options[i].Values[j].Name, true
			}
		}
	}
	return "", "", false
}

// compareAt is the regular price where it is above the price; Salla sends the
// same, or 0, when there is no sale.
func (r *reader) compareAt(path string, i int, price catalog.Money, regular money, currency string) catalog.Money {
	if !regular.positive() {
		return catalog.Money{}
	}
	m := r.money(path, i, regular, currency)
	if above, err := m.Cmp(price); err != nil || above <= 0 {
		return catalog.Money{}
	}
	return m
}

func inStock(v catalog.Variant) bool {
	return !v.Tracked || v.Quantity == nil || v.Quantity.Decimal().IsPositive()
}

func weight(value number, unit, otherwise string) catalog.Weight {
	if value == "" {
		return catalog.Weight{}
	}
	if unit == "" {
		unit = otherwise
	}
	return catalog.Weight{Value: string(value), Unit: unit}
}
