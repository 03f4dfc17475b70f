package magento

import (
	"context"
	"fmt"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// productChange is one call of a write of products.
type productChange struct {
	what   string // the product's SKU
	fields map[string]any
	// stock are the settings of the stock to be changed, in a call of their own:
	// within a product they would stand for all.
	sku   string
	stock map[string]any
}

// send changes a product that is there. The id is in the body, so that the SKU
// can change; a path would hold the SKU, which many web servers do not take.
func (c productChange) send(ctx context.Context, e *Engine, op string, find look) error {
	if c.stock != nil {
		return e.setStockItem(ctx, op, c.sku, c.stock, find)
	}
	a, err := e.change(ctx, op, post, "/products", map[string]any{"product": c.fields}, find)
	if err != nil || !c.renamed() {
		return err
	}
	if n, _, err := a.product(op); err == nil && n.SKU != "" && folded(n.SKU) != folded(c.fields["sku"].(string)) {
		return conflict(op, "", fmt.Sprintf("the SKU was taken meanwhile, and Magento named the product %q", n.SKU), "the rest of it was changed")
	}
	return nil
}

// renamed reports a change of the SKU.
func (c productChange) renamed() bool { return c.stock == nil && c.fields["sku"] != c.what }

// freeSKUs refuses SKUs that other products have: Magento would add a number to
// them.
func (e *Engine) freeSKUs(ctx context.Context, op string, changes []productChange) error {
	ids := map[string]any{} // of the product that is to have it, by folded SKU
	var skus []string
	for _, c := range changes {
		if sku, _ := c.fields["sku"].(string); c.renamed() && folded(sku) != folded(c.what) {
			ids[folded(sku)], skus = c.fields["id"], append(skus, sku)
		}
	}
	if len(skus) == 0 {
		return nil
	}
	if len(ids) < len(skus) {
		return invalid(op, "Variants", "two variants are to have the same SKU")
	}
	taken, err := e.bySKU(ctx, op, skus)
	for sku, n := range taken {
		if ids[sku] != idNumber(n.ID) {
			return conflict(op, "", fmt.Sprintf("the SKU %q is that of product %s already", n.SKU, n.ID), "use another SKU")
		}
	}
	return err
}

// setStockItem changes settings of a product's stock, those alone that are
// named.
// https://developer.adobe.com/commerce/webapi/rest/b2c-quick-reference
func (e *Engine) setStockItem(ctx context.Context, op, sku string, fields map[string]any, find look) error {
	n, err := e.stockItem(ctx, op, sku)
	if err != nil {
		return notTaken(op, err)
	}
	_, err = e.change(ctx, op, put, "/products/"+oauth1.Encode(sku)+"/stockItems/"+n.ID, map[string]any{"stockItem": fields}, find)
	return err
}

// stockItem reads the stock of a SKU as it was before there were sources.
func (e *Engine) stockItem(ctx context.Context, op, sku string) (n stockItemNode, err error) {
	a, err := e.get(ctx, call{op: op + ": stock item", path: "/stockItems/" + oauth1.Encode(sku), proven: true})
	if err != nil {
		return n, err
	}
	raw, err := a.object(op)
	if err == nil {
		_, err = decode(raw, &n)
	}
	if err == nil {
		err = checkID(op, "a stock item", n.ID)
	}
	return n, err
}

// notTaken tells a web server that does not take a SKU in a path from a product
// that is not there.
func notTaken(op string, err error) error {
	if failed, ok := err.(*catalog.Error); ok && failed.Code == noMagento {
		return catalog.Unsupported(Platform, op+" whose SKU the web server takes in no path",
			"change the SKU to one without a slash, or have the web server take them (Apache: AllowEncodedSlashes NoDecode)")
	}
	return err
}
