package magento

import (
	"context"
	"fmt"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// defaultAttributeSet is the id of the set every shop is made with.
const defaultAttributeSet = "4"

// CreateProduct creates a product for all views and websites, and returns it. A
// product without options is simple, or of the type "virtual" where Type says
// so. With options it is configurable: its variants are made first, hidden, each
// a call of its own, and then the product that holds them. An option is a
// drop-down attribute of the product's attribute set, found by its code or its
// name; values its list lacks are added.
//
// Every variant needs a price, and a SKU that is free: Magento would change the product that
// has it. One that is taken is ErrConflict. The product around variants gets a
// SKU of souk's own. Stock is counted where Tracked is set, and begins at 0. A
// shop refuses the same title twice where that gives the same address. Images
// are ErrUnsupported: Magento takes files, not addresses. There are no tags.
//
// It is sent once and must not be repeated before Confirm was asked. What a
// refusal leaves of a configurable product is deleted again; what a lost answer
// leaves stays, and the error names it. Confirm says Unknown where a product has
// the SKU by now, since nothing tells by whose doing; of a configurable product
// it knows its own.
// https://developer.adobe.com/commerce/webapi/rest/tutorials/configurable-product
func (e *Engine) CreateProduct(ctx context.Context, input catalog.ProductInput, options catalog.WriteOptions) (catalog.Product, error) {
	const op = "create product"
	whole := e.whole
	w := productWriter{op: op, engine: whole}
	w.checkInput(input)
	if w.err != nil {
		return catalog.Product{}, w.err
	}
	view, err := whole.viewOf(ctx)
	if err != nil {
		return catalog.Product{}, err
	}
	if view == nil {
		view = &viewNode{}
	}
	w.with = &productPage{view: view}
	var plan creation
	plan.find = func(ctx context.Context) (catalog.Outcome, error) { return whole.lookForProducts(ctx, &plan) }
	if len(input.Options) == 0 && len(input.Variants) == 1 && len(input.Variants[0].Options) == 0 {
		w.simple(&plan, input)
	} else if err = w.configurable(ctx, &plan, input, reference(options)); err != nil {
		return catalog.Product{}, err
	}
	if w.err != nil {
		return catalog.Product{}, w.err
	}
	taken, err := whole.bySKU(ctx, op, plan.skus())
	if err != nil {
		return catalog.Product{}, err
	}
	for _, sku := range plan.skus() {
		if n := taken[folded(sku)]; n != nil {
			return catalog.Product{}, conflict(op, "", fmt.Sprintf("the SKU %q is that of product %s already", sku, n.ID), "update that product, or use another SKU")
		}
	}
	if err := w.addValues(ctx); err != nil {
		return catalog.Product{}, err
	}
	id, err := whole.create(ctx, op, &plan)
	if err != nil {
		return catalog.Product{}, err
	}
	e.forget(w.added)
	return e.readAgain(ctx, id)
}

// creation is what is to be created: products, the last of which is the one
// asked for.
type creation struct {
	products []map[string]any
	own      bool // the last has a SKU that is this call's own
	find     look
}

func (c *creation) skus() []string {
	all := make([]string, len(c.products))
	for i, fields := range c.products {
		all[i], _ = fields["sku"].(string)
	}
	return all
}

// checkInput refuses what can be seen to be wrong at once.
func (w *productWriter) checkInput(in catalog.ProductInput) {
	w.text("Title", in.Title, longestName, true)
	switch {
	case len(in.Tags) > 0:
		w.refuse(catalog.Unsupported(Platform, w.op+" with tags", "Magento has none: use categories or an attribute of your own"))
	case len(in.Images) > 0:
		w.refuse(catalog.Unsupported(Platform, w.op+" with images by their addresses", "fetch each and send its content by a native call: POST /products/{sku}/media"))
	case in.Type != "" && in.Type != "configurable" && len(in.Options) > 0, in.Type != "" && in.Type != "simple" && in.Type != "virtual" && len(in.Options) == 0:
		w.refuse(catalog.Unsupported(Platform, w.op+" of the type "+in.Type, `use "simple" or "virtual" without options and "configurable" with options, or a native call: POST /products`))
	case len(in.Variants) == 0:
		w.invalid("Variants", "a product needs a SKU on Magento: name a variant with one")
	case len(in.Variants) > 1 && len(in.Options) == 0 && len(in.Variants[0].Options) == 0:
		w.invalid("Options", "several variants need options to tell them apart")
	}
	seen := map[string]bool{}
	for i, v := range in.Variants {
		w.text(at("Variants", i, "SKU"), v.SKU, longestSKU, true)
		if key := folded(v.SKU); seen[key] {
			w.invalid(at("Variants", i, "SKU"), "another variant has the same; letters' case does not count")
		} else {
			seen[key] = true
		}
	}
	w.status(map[string]any{}, in.Status)
}

// product reads the fields that simple and configurable products share.
func (w *productWriter) product(in catalog.ProductInput, kind string) map[string]any {
	fields := map[string]any{"name": in.Title, "type_id": kind, "attribute_set_id": idNumber(w.engine.set)}
	w.status(fields, in.Status)
	if fields["visibility"] == nil {
		fields["visibility"] = visibleEverywhere
	}
	if in.Description != "" {
		w.custom(fields, "description", in.Description)
	}
	if in.Vendor != "" {
		w.vendor(fields, in.Vendor)
	}
	return fields
}

// simple plans a product that is its own variant.
func (w *productWriter) simple(plan *creation, in catalog.ProductInput) {
	kind := "simple"
	if in.Type != "" {
		kind = in.Type
	}
	fields := w.product(in, kind)
	w.newVariant(fields, 0, in.Variants[0], kind)
	plan.products = append(plan.products, fields)
}

// newVariant reads a variant of a new product.
func (w *productWriter) newVariant(fields map[string]any, i int, v catalog.VariantInput, kind string) {
	fields["sku"] = strings.TrimSpace(v.SKU)
	if v.Price.IsZero() {
		w.invalid(at("Variants", i, "Price"), "a product needs a price on Magento; 0 is one")
		return
	}
	paid := w.money(at("Variants", i, "Price"), v.Price)
	fields["price"] = paid
	if !v.CompareAtPrice.IsZero() {
		fields["price"] = w.money(at("Variants", i, "CompareAtPrice"), v.CompareAtPrice)
		if v.Price.Decimal().GreaterThanOrEqual(v.CompareAtPrice.Decimal()) {
			w.invalid(at("Variants", i, "Price"), "it must be below the price it is compared with")
		}
		w.custom(fields, "special_price", paid)
	}
	if !v.Cost.IsZero() {
		w.custom(fields, "cost", w.money(at("Variants", i, "Cost"), v.Cost))
	}
	if v.Barcode != "" {
		w.barcode(fields, at("Variants", i, "Barcode"), v.Barcode)
	}
	if v.Weight != (catalog.Weight{}) && kind != "virtual" {
		w.weight(fields, at("Variants", i, "Weight"), v.Weight)
	}
	stock := manage(v.Tracked)
	stock["qty"], stock["is_in_stock"] = 0, !v.Tracked
	fields["extension_attributes"] = map[string]any{"stock_item": stock}
}

// create sends what was planned and returns the id of the last.
func (e *Engine) create(ctx context.Context, op string, plan *creation) (string, error) {
	var made, links []string
	for i, fields := range plan.products {
		last := i == len(plan.products)-1
		if last && i > 0 {
			ids := make([]any, len(links))
			for k, id := range links {
				ids[k] = idNumber(id)
			}
			fields["extension_attributes"].(map[string]any)["configurable_product_links"] = ids
		}
		a, err := e.change(ctx, op, post, "/products", map[string]any{"product": fields}, plan.find)
		var n *productNode
		if err == nil {
			var unread error
			if n, _, unread = a.product(op); unread != nil || checkID("", "", n.ID) != nil {
				err = e.unclear(op, a, plan.find)
			}
		}
		switch {
		case err == nil:
		case len(made) == 0:
			return "", err
		case catalog.KindOf(err) == catalog.ErrOutcomeUnknown:
			return "", withHint(err, "of the product these were made before, and stay: "+strings.Join(made, " "))
		default:
			return "", withHint(err, e.takeBack(ctx, op, made))
		}
		made, links = append(made, n.SKU), append(links, n.ID)
	}
	return links[len(links)-1], nil
}

// takeBack deletes what was made of a product that was refused in the end.
func (e *Engine) takeBack(ctx context.Context, op string, skus []string) string {
	for i, sku := range skus {
		if _, err := e.change(ctx, op+": take back", remove, "/products/"+oauth1.Encode(sku), nil, nil); err != nil && !vanished(err) {
			return "of the product these were made and could not be deleted: " + strings.Join(skus[i:], " ")
		}
	}
	return ""
}

// lookForProducts says what there is of a new product.
func (e *Engine) lookForProducts(ctx context.Context, plan *creation) (catalog.Outcome, error) {
	skus := plan.skus()
	found, err := e.bySKU(ctx, "confirm create product", skus)
	switch {
	case err != nil:
		return catalog.OutcomeUnknown, err
	case plan.own && found[folded(skus[len(skus)-1])] != nil:
		return catalog.OutcomeDone, nil
	case len(found) > 0:
		return catalog.OutcomeUnknown, nil
	}
	return catalog.OutcomeNotDone, nil
}
