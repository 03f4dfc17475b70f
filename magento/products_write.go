package magento

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// UpdateProduct changes the named fields and nothing else, in the scope of all
// views; a view with a value of its own goes on showing it. Every product a
// patch touches is one call, which Magento makes whole or not at all: the
// variants first, so that a refusal between two says what was changed.
//
// A type cannot be changed, and there are no tags: both are ErrUnsupported. A
// vendor, where its attribute is a list, is added to the list if it is new.
// Price and CompareAtPrice are Magento's price and special price: with a
// CompareAtPrice it is the price, and Price, which must be lower, the special
// one; emptying it takes the special price away. Where a special price is in
// effect, a Price alone changes that. Amounts have at most four digits after the
// point, and belong to all websites. A price and a weight cannot be emptied.
// Weights are in the shop's unit. Tracked is a setting of the stock, which is
// not told where products are read: there it says that a product has any.
//
// It sets a state and may be repeated; souk does not repeat it by itself, so as
// not to undo what somebody changed meanwhile.
// https://developer.adobe.com/commerce/webapi/rest/tutorials/configurable-product
func (e *Engine) UpdateProduct(ctx context.Context, id string, patch catalog.ProductPatch, _ catalog.WriteOptions) (catalog.Product, error) {
	const op = "update product"
	if err := checkPatch(op, id, patch); err != nil {
		return catalog.Product{}, err
	}
	one, err := e.whole.product(ctx, op, id, false)
	if err != nil {
		return catalog.Product{}, err
	}
	if one.err != nil {
		return catalog.Product{}, &catalog.ItemError{Platform: Platform, Op: op, ID: id, Raw: one.raw, Err: one.err}
	}
	w := productWriter{op: op, engine: e.whole, with: one.node.with}
	changes := w.patch(&one.node, patch)
	if w.err != nil {
		return catalog.Product{}, w.err
	}
	if err := e.whole.freeSKUs(ctx, op, changes); err != nil {
		return catalog.Product{}, err
	}
	if err := w.addValues(ctx); err != nil {
		return catalog.Product{}, err
	}
	find := func(ctx context.Context) (catalog.Outcome, error) {
		now, err := e.whole.Product(ctx, id)
		if vanished(err) {
			return catalog.OutcomeNotDone, nil
		}
		if err != nil || !patched(now, patch) {
			return settled(false, err)
		}
		return e.whole.lookAtTracked(ctx, now, patch)
	}
	done := ""
	for _, c := range changes {
		if err := c.send(ctx, e.whole, op, find); err != nil {
			if done != "" {
				err = withHint(err, "changed before it:"+done+"; the same call may be repeated")
			}
			return catalog.Product{}, err
		}
		done += " " + c.what
	}
	e.forget(w.added)
	return e.readAgain(ctx, id)
}

// forget has the lists of attributes read anew that have new values.
func (e *Engine) forget(attributes []string) {
	for _, name := range attributes {
		e.lookups.attribute.forget(name)
		e.whole.lookups.attribute.forget(name)
	}
}

// readAgain reads a product that was written.
func (e *Engine) readAgain(ctx context.Context, id string) (catalog.Product, error) {
	p, err := e.Product(ctx, id)
	if err != nil {
		return catalog.Product{ID: id, Record: written("product", err)}, nil
	}
	return p, nil
}

// lookAtTracked says whether stock is counted as a patch leaves it: lists do not
// tell.
func (e *Engine) lookAtTracked(ctx context.Context, p catalog.Product, patch catalog.ProductPatch) (catalog.Outcome, error) {
	for _, change := range patch.Variants {
		tracked, ok := change.Tracked.Get()
		i := slices.IndexFunc(p.Variants, func(v catalog.Variant) bool { return v.ID == change.ID })
		if !ok || i < 0 {
			continue
		}
		n, err := e.stockItem(ctx, "confirm update product", p.Variants[i].SKU)
		if err != nil || n.Managed == nil || *n.Managed != tracked {
			return settled(false, err)
		}
	}
	return catalog.OutcomeDone, nil
}

// DeleteProduct deletes a product for good; one that is gone is ErrNotFound. The
// variants of a configurable product are products of their own and stay. The
// path holds the SKU: where a web server takes no slash there, a SKU with one is
// ErrUnsupported, since Magento has no other way.
//
// It may be repeated: souk does not, so that the answer says whose doing it was.
// https://developer.adobe.com/commerce/webapi/rest/b2c-quick-reference
func (e *Engine) DeleteProduct(ctx context.Context, id string, _ catalog.WriteOptions) error {
	const op = "delete product"
	if err := checkID(op, "a product", id); err != nil {
		return err
	}
	sku, err := e.whole.skuOf(ctx, op, id)
	if err != nil {
		return err
	}
	find := func(ctx context.Context) (catalog.Outcome, error) {
		_, err := e.whole.skuOf(ctx, "confirm "+op, id)
		if vanished(err) {
			return catalog.OutcomeDone, nil
		}
		return catalog.OutcomeNotDone, err
	}
	a, err := e.whole.change(ctx, op, remove, "/products/"+oauth1.Encode(sku), nil, find)
	if err != nil {
		return notTaken(op, err)
	}
	if a.scalar() != "true" {
		return e.unclear(op, a, find)
	}
	return nil
}

// skuOf reads the SKU of a product.
func (e *Engine) skuOf(ctx context.Context, op, id string) (string, error) {
	rows, _, _, err := e.page(ctx, call{op: op, path: "/products"}, criteria{groups: []group{is("entity_id", id)}, size: 1}, fields("items[id,sku],total_count"))
	if err != nil {
		return "", err
	}
	if len(rows) == 0 {
		return "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Message: "there is no product with this id"}
	}
	var n productNode
	if _, err := decode(rows[0], &n); err != nil || n.SKU == "" {
		return "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "the product has no SKU", Err: err}
	}
	return n.SKU, nil
}

// bySKU reads the products that have one of the SKUs, by folded SKU.
func (e *Engine) bySKU(ctx context.Context, op string, skus []string) (map[string]*productNode, error) {
	found := map[string]*productNode{}
	for _, f := range bySKUs(skus) {
		rows, err := e.named(ctx, call{op: op, path: "/products", proven: true}, []group{f.group}, len(f.named), "entity_id")
		if err != nil {
			return nil, err
		}
		for _, raw := range rows {
			var n productNode
			if _, err := decode(raw, &n); err == nil {
				found[folded(n.SKU)] = &n
			}
		}
	}
	return found, nil
}

// object reads what a write of a product left.
func (a answer) product(op string) (*productNode, json.RawMessage, error) {
	raw, err := a.object(op)
	var n productNode
	if err == nil {
		_, err = decode(raw, &n)
	}
	return &n, raw, err
}
