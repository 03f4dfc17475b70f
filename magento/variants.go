package magento

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// productPage is what is known of the products of one page together.
type productPage struct {
	engine     *Engine
	view       *viewNode
	zone       *time.Location
	now        time.Time
	attributes map[string]*attributeNode
	categories map[string]string                  // names by id
	children   map[string]*candidate[productNode] // by id
	salable    map[string]salableNode             // by folded SKU; nil = not read
	denied     bool                               // what can be sold may not be read
}

// productKind is the shape of a product in lists, of variants too.
const productKind catalog.RawKind = "magento.product"

// completeProducts reads what the rows of a page lack: the variants, the names
// of their options, the view's currency, and what can be sold.
func (e *Engine) completeProducts(ctx context.Context, op string, page []*candidate[productNode], salable bool) error {
	with := &productPage{engine: e, now: time.Now(), zone: time.UTC}
	var err error
	if with.view, err = e.viewOf(ctx); err != nil {
		return err
	}
	if with.view == nil {
		with.view = &viewNode{}
	}
	if zone, err := time.LoadLocation(with.view.TimeZone); err == nil {
		with.zone = zone
	}
	if with.children, err = e.readChildren(ctx, op, page); err != nil {
		return err
	}
	names, categories := map[string]bool{}, map[string]bool{}
	for _, c := range page {
		c.node.with = with
		for _, o := range c.node.Extension.Options {
			if checkID("", "", o.AttributeID) == nil {
				names[o.AttributeID] = true
			}
		}
		if c.node.Custom.of(e.vendor) != "" {
			names[e.vendor] = true
		}
		for _, category := range c.node.Extension.Categories {
			categories[category.ID] = true
		}
		for _, id := range c.node.Extension.Links {
			if child := with.children[id]; child != nil {
				c.part(productKind, child.raw)
			}
		}
	}
	if with.attributes, err = e.attributesOf(ctx, names); err != nil {
		return err
	}
	if with.categories, err = e.categoryNames(ctx, categories); err != nil {
		return err
	}
	if !salable {
		return nil
	}
	return e.salableOfPage(ctx, op, with, page)
}

// readChildren reads the variants of all configurable products of a page by
// their ids, a hundred at a call; those that are on the page themselves need
// none.
func (e *Engine) readChildren(ctx context.Context, op string, page []*candidate[productNode]) (map[string]*candidate[productNode], error) {
	all := map[string]*candidate[productNode]{}
	missing := map[string]bool{}
	for _, c := range page {
		all[c.id] = c
	}
	for _, c := range page {
		for _, id := range c.node.Extension.Links {
			if all[id] == nil && checkID("", "", id) == nil {
				missing[id] = true
			}
		}
	}
	chunks := slices.Collect(slices.Chunk(slices.Sorted(maps.Keys(missing)), batch))
	read := func(ctx context.Context, ids []string) ([]json.RawMessage, error) {
		return e.named(ctx, call{op: op + ": variants", path: "/products", proven: true}, []group{oneOf("entity_id", ids)}, len(ids), "entity_id")
	}
	for rows, err := range transport.InOrder(ctx, chunks, defaultMost, read) {
		if err != nil {
			return nil, err
		}
		for _, raw := range rows {
			if c := single(raw, productReader); c.err == nil {
				all[c.id] = c
			}
		}
	}
	return all, nil
}

// named reads records that the filters name: no more than so many, in one page
// unless the shop limits pages.
func (e *Engine) named(ctx context.Context, c call, groups []group, most int, sort ...string) ([]json.RawMessage, error) {
	var all []json.RawMessage
	q := criteria{groups: groups, sort: sort, size: int64(most)}
	for q.page = 1; q.page <= int64(most); q.page++ {
		rows, total, size, err := e.page(ctx, c, q)
		if err != nil {
			return nil, err
		}
		if q.page > 1 && size != q.size { // the limit was found out amid the list
			all, q.page, q.size = nil, 0, size
			continue
		}
		q.size = size
		all = append(all, rows...)
		if len(rows) == 0 || int64(len(all)) >= total || len(all) >= most {
			break
		}
	}
	return all, nil
}

// variants returns the variants of a product: itself, unless it is
// configurable.
func (r *reader) variants(n *productNode) []catalog.Variant {
	if n.Type != "configurable" {
		v := r.variant(only, n, n)
		v.Position = 1
		return []catalog.Variant{v}
	}
	all := make([]catalog.Variant, 0, len(n.Extension.Links))
	for i, id := range n.Extension.Links {
		child := n.with.children[id]
		if child == nil {
			r.Add("extension_attributes.configurable_product_links.%d", i, "names a product that is not there", id)
			continue
		}
		for _, p := range child.problems {
			p.Path = "variants." + id + "." + p.Path
			r.Problems = append(r.Problems, p)
		}
		v := r.variant(i, &child.node, n)
		v.Position = len(all) + 1
		var title []string
		for _, o := range n.Extension.Options {
			a := n.with.attributes[o.AttributeID]
			if a == nil {
				continue // said once, at the options
			}
			value := child.node.Custom.of(a.Code)
			name, ok := a.label(value)
			if !ok {
				if name = value; value == "" {
					continue
				}
			}
			v.Options = append(v.Options, catalog.OptionValue{Name: o.Label, Value: name})
			title = append(title, name)
		}
		v.Title = strings.Join(title, " / ")
		all = append(all, v)
	}
	return all
}

// options returns what shoppers choose of a configurable product.
func (r *reader) options(n *productNode) []catalog.Option {
	var all []catalog.Option
	for i, o := range n.Extension.Options {
		option := catalog.Option{ID: ref(o.ID), Name: o.Label}
		a := n.with.attributes[o.AttributeID]
		if a == nil {
			r.Add("extension_attributes.configurable_product_options.%d.attribute_id", i,
				"the values' names cannot be read: the resource Magento_Catalog::attributes_attributes may be missing", o.AttributeID)
		}
		for _, v := range o.Values {
			name, ok := a.label(v.Index)
			if !ok {
				name = v.Index
			}
			option.Values = append(option.Values, name)
		}
		all = append(all, option)
	}
	return all
}

// variant turns a product into a variant of another, or of itself.
func (r *reader) variant(i int, n, of *productNode) catalog.Variant {
	at := func(path string) string {
		if i == only {
			return path
		}
		return "variants.%d." + path
	}
	with, currency := of.with, of.with.view.Currency
	stocked := hasStock(n.Type)
	v := catalog.Variant{
		ID: ref(n.ID), InventoryItemID: itemID(n.SKU), SKU: n.SKU, Cost: r.money(at("custom_attributes.cost"), i, n.Custom.of("cost"), currency),
		Tracked: stocked, Available: n.Status == statusEnabled && of.Status == statusEnabled,
		RequiresShipping: n.Type != "virtual" && n.Type != "downloadable", CreatedAt: n.CreatedAt.Time, UpdatedAt: n.UpdatedAt.Time,
	}
	v.Price = r.money(at("price"), i, n.Price, currency)
	if special := n.special(with); special != "" {
		now := r.money(at("custom_attributes.special_price"), i, special, currency)
		if below, err := now.Cmp(v.Price); err == nil && below < 0 && !now.IsZero() {
			v.Price, v.CompareAtPrice = now, v.Price
		}
	}
	if code := with.engine.barcode; code != "" {
		v.Barcode = n.Custom.of(code)
	}
	if class := n.Custom.of("tax_class_id"); class != "" && class != "0" {
		v.Taxable = true
	}
	if n.Weight != "" {
		v.Weight = catalog.Weight{Value: n.Weight, Unit: unit(with.view.WeightUnit)}
	}
	if file := n.Custom.of("image"); file != "" && file != "no_selection" {
		v.ImageURL = with.picture(file)
	}
	if stocked && with.salable != nil {
		stock := with.salable[folded(n.SKU)]
		v.Available = v.Available && stock.Salable
		if v.Tracked = stock.Qty != nil; v.Tracked {
			v.Quantity = r.quantity(at("salable.qty"), i, *stock.Qty)
		}
	}
	return v
}

// special returns the special price if it holds now. Its dates are days in the
// shop's zone, the last included.
func (n *productNode) special(with *productPage) string {
	price := n.Custom.of("special_price")
	if price == "" {
		return ""
	}
	day := func(code string) time.Time {
		text := n.Custom.of(code)
		t, err := time.ParseInLocation(time.DateOnly, text[:min(len(text), len(time.DateOnly))], with.zone)
		if err != nil {
			return time.Time{}
		}
		return t
	}
	from, to := day("special_from_date"), day("special_to_date")
	if !from.IsZero() && with.now.Before(from) || !to.IsZero() && !with.now.Before(to.AddDate(0, 0, 1)) {
		return ""
	}
	return price
}

// picture is the address of a file of the gallery.
func (p *productPage) picture(file string) string {
	base := p.view.SecurePics
	if base == "" {
		base = p.view.MediaURL
	}
	if base == "" || file == "" {
		return ""
	}
	return strings.TrimSuffix(base, "/") + "/catalog/product/" + strings.TrimPrefix(file, "/")
}

// hasStock reports a type of product that stock is kept of; the stock of
// others is that of their parts.
func hasStock(kind string) bool {
	return kind == "simple" || kind == "virtual" || kind == "downloadable" || kind == "giftcard"
}

// itemID is what the stock of a SKU is known under: the SKU, percent-encoded
// where it holds other than letters, digits and -._~ so that it has no spaces.
func itemID(sku string) string { return oauth1.Encode(sku) }

// folded is a SKU as Magento compares it.
func folded(sku string) string { return strings.ToLower(strings.TrimSpace(sku)) }

// productReader turns a product, completed with its page, into the model.
var productReader = itemReader[productNode, catalog.Product]{
	kind:    productKind,
	id:      func(n *productNode) string { return ref(n.ID) },
	updated: func(n *productNode) time.Time { return n.UpdatedAt.Time },
	record:  func(p *catalog.Product) *catalog.Record { return &p.Record },
	convert: convertProduct,
}

func convertProduct(r *reader, n *productNode) catalog.Product {
	with := n.with
	p := catalog.Product{
		ID: ref(n.ID), Title: n.Name, Handle: n.Custom.of("url_key"), Description: n.Custom.of("description"), Type: n.Type,
		Status: statusOf(n.Status, n.Visibility), NativeStatus: n.Status, CreatedAt: n.CreatedAt.Time, UpdatedAt: n.UpdatedAt.Time,
	}
	if p.Status == catalog.ProductStatusUnknown {
		r.Add("status", only, "unknown word", n.Status)
	}
	if with.view.Currency == "" && n.Price != "" {
		r.Add("price", only, "its currency is unknown: the resource Magento_Backend::store may be missing", "")
	}
	if with.denied {
		r.Add("salable", only, "what can be sold cannot be read: the resource Magento_InventoryApi::stock is missing", "")
	}
	if value := n.Custom.of(with.engine.vendor); value != "" {
		if name, ok := with.attributes[with.engine.vendor].label(value); ok {
			p.Vendor = name
		} else {
			p.Vendor = value
		}
	}
	for _, c := range n.Extension.Categories {
		p.Categories = append(p.Categories, catalog.Category{ID: ref(c.ID), Name: with.categories[c.ID]})
	}
	for _, m := range n.Media {
		if m.Disabled { // kept out of the product's page
			continue
		}
		p.Images = append(p.Images, catalog.Image{ID: ref(m.ID), URL: with.picture(m.File), Alt: m.Label, Kind: m.Type, Position: m.Position})
	}
	p.Options = r.options(n)
	p.Variants = r.variants(n)
	return p
}
