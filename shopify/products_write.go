package shopify

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Most entries Shopify takes in one list of an input.
const maxInput = 250

// CreateProduct creates a product with all variants in one call and returns it.
// It is not published to any sales channel. Images are fetched by Shopify after
// the call; until then they have no URL. Tags lose blanks around them and
// repeats; prices are written with the currency's digits.
//
// It is sent once, with a mark no merchant sees (the metafield $app:souk.write,
// which holds the idempotency key), by which Confirm knows the product from one
// that somebody else created.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/productSet
func (e *Engine) CreateProduct(ctx context.Context, input catalog.ProductInput, options catalog.WriteOptions) (catalog.Product, error) {
	const op = "create product"
	w := productWriter{op: op}
	fields := w.create(input)
	if w.err == nil {
		w.currency, w.err = e.currency(ctx, op)
	}
	w.variants(fields, input)
	if w.err != nil {
		return catalog.Product{}, w.err
	}
	key := keyOf(options)
	fields["metafields"] = []any{map[string]any{"namespace": "$app:souk", "key": "write", "type": "single_line_text_field", "value": key}}
	since := e.clock.now()
	m := mutation{op: op, document: productSetDocument, variables: map[string]any{"input": fields}, root: "productSet",
		look: func(ctx context.Context) (catalog.Outcome, error) { return e.lookForProduct(ctx, key, since) }}
	a, err := e.mutate(ctx, m)
	if err != nil {
		return catalog.Product{}, err
	}
	return record(ctx, e, m, a, productReader, "product")
}

// lookForProduct searches what was created since for the mark.
func (e *Engine) lookForProduct(ctx context.Context, key string, since time.Time) (catalog.Outcome, error) {
	const op = "confirm create product"
	for node, err := range e.nodes(ctx, nodesRequest{op: op, root: []string{"products"}, document: recentProductsDocument, size: 50}) {
		if err != nil {
			return catalog.OutcomeUnknown, err
		}
		var n struct {
			CreatedAt string `json:"createdAt"`
			Mark      struct {
				Value string `json:"value"`
			} `json:"metafield"`
		}
		if _, err := transport.Decode(node.raw, &n); err != nil {
			return catalog.OutcomeUnknown, unreadable(op, node, "", err)
		}
		if n.Mark.Value == key {
			return catalog.OutcomeDone, nil
		}
		if at, err := time.Parse(time.RFC3339, n.CreatedAt); err == nil && at.Before(since) {
			break
		}
	}
	return catalog.OutcomeNotDone, nil
}

// UpdateProduct changes the named fields and nothing else. Emptying a title or
// a price is refused, since Shopify has neither without. Variants that are
// named change all or none, and before the product's own fields: when those are
// refused afterwards the error says that the variants were changed. Tags are
// replaced as a whole; blanks around them and repeats are dropped.
//
// It sets a state and may be repeated; souk does not repeat it by itself, so as
// not to undo what somebody changed meanwhile.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/productUpdate
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/productVariantsBulkUpdate
func (e *Engine) UpdateProduct(ctx context.Context, id string, patch catalog.ProductPatch, _ catalog.WriteOptions) (catalog.Product, error) {
	const op = "update product"
	global, err := gid(op, "Product", id)
	if err != nil {
		return catalog.Product{}, err
	}
	w := productWriter{op: op}
	fields := w.patch(patch)
	if len(fields) == 0 && len(patch.Variants) == 0 {
		return catalog.Product{}, invalid(op, "patch", "it names no field to change")
	}
	w.checkVariants(patch.Variants)
	if w.err == nil {
		w.currency, w.err = e.currency(ctx, op)
	}
	variants := w.patchVariants(patch.Variants)
	if w.err != nil {
		return catalog.Product{}, w.err
	}
	var product catalog.Product
	if len(variants) > 0 {
		part := catalog.ProductPatch{Variants: patch.Variants}
		m := mutation{op: op, document: variantsUpdateDocument, root: "productVariantsBulkUpdate", variables: map[string]any{"productId": global, "variants": variants},
			look: func(ctx context.Context) (catalog.Outcome, error) { return e.lookAtProduct(ctx, global, part) }}
		if len(fields) > 0 {
			m.look = func(ctx context.Context) (catalog.Outcome, error) { return e.lookAtProduct(ctx, global, patch) }
		}
		a, err := e.mutate(ctx, m)
		if err != nil {
			return catalog.Product{}, err
		}
		if product, err = record(ctx, e, m, a, productReader, "product"); err != nil || len(fields) == 0 {
			return product, err
		}
	}
	fields["id"] = global
	m := mutation{op: op, document: productUpdateDocument, root: "productUpdate", variables: map[string]any{"product": fields}, kind: missingAt("id"),
		look: func(ctx context.Context) (catalog.Outcome, error) { return e.lookAtProduct(ctx, global, patch) }}
	a, err := e.mutate(ctx, m)
	if err != nil {
		if failed, ok := errors.AsType[*catalog.Error](err); ok && len(variants) > 0 {
			failed.Hint = "the variants were changed, the product's own fields not; the same call may be repeated"
			if errors.Is(err, catalog.ErrOutcomeUnknown) {
				failed.Hint = "the variants were changed; find out with Confirm whether the product's own fields were; the same call may be repeated"
			}
		}
		return product, err
	}
	return record(ctx, e, m, a, productReader, "product")
}

// missingAt says that complaints at a field mean that the record is not there.
func missingAt(field ...string) func(complaint) catalog.Kind {
	return func(c complaint) catalog.Kind {
		if c.at(field...) {
			return catalog.ErrNotFound
		}
		return ""
	}
}

// lookAtProduct says whether a product is as a patch leaves it.
func (e *Engine) lookAtProduct(ctx context.Context, id string, patch catalog.ProductPatch) (catalog.Outcome, error) {
	p, err := e.Product(ctx, id)
	switch {
	case vanished(err):
		return catalog.OutcomeNotDone, nil
	case err != nil:
		return catalog.OutcomeUnknown, err
	case patched(p, patch):
		return catalog.OutcomeDone, nil
	}
	return catalog.OutcomeNotDone, nil
}

// DeleteProduct deletes a product for good; one that is gone is ErrNotFound. It
// may be repeated: souk does not, so that the answer says whose doing it was.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/productDelete
func (e *Engine) DeleteProduct(ctx context.Context, id string, _ catalog.WriteOptions) error {
	const op = "delete product"
	global, err := gid(op, "Product", id)
	if err != nil {
		return err
	}
	_, err = e.mutate(ctx, mutation{op: op, document: productDeleteDocument, root: "productDelete", variables: map[string]any{"id": global}, kind: missingAt("id"),
		look: func(ctx context.Context) (catalog.Outcome, error) {
			_, err := e.one(ctx, "confirm "+op, productDocument, "product", map[string]any{"id": global})
			if vanished(err) {
				return catalog.OutcomeDone, nil
			}
			return catalog.OutcomeNotDone, err
		}})
	return err
}

// number writes an exact decimal as a JSON number.
func number(text string) json.Number { return json.Number(text) }
