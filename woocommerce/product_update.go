package woocommerce

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// UpdateProduct changes the named fields and nothing else. The variant of a
// product without options changes with it, in one call; variations change
// before the product's own fields, a hundred per call, and when those are refused
// afterwards the error says so. Of several variations some may be refused: the
// error names them, the others are changed, the product's own fields are not.
// Vendor is the product's first brand; "" takes all. Tags are replaced as a
// whole. Brands and tags the store does not know are made.
//
// The store takes scripts out of texts and mends their HTML, and it reads
// descriptions back with paragraphs. Price and CompareAtPrice are the store's
// sale and regular price: the first must be below the second. A sale that is
// planned for later is not ended by a price.
//
// It sets a state and may be repeated; souk does not repeat it by itself, so as
// not to undo what somebody changed meanwhile.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#update-a-product
func (e *Engine) UpdateProduct(ctx context.Context, id string, patch catalog.ProductPatch, _ catalog.WriteOptions) (catalog.Product, error) {
	const op = "update product"
	var none catalog.Product
	if err := checkID(op, "a product", id); err != nil {
		return none, err
	}
	checked := productWriter{op: op}
	own := checked.patch(patch, "")
	checked.checkVariants(patch.Variants)
	if checked.err != nil {
		return none, checked.err
	}
	if len(own) == 0 && len(patch.Variants) == 0 && !is(patch.Vendor) && !is(patch.Tags) {
		return none, invalid(op, "patch", "it names no field to change")
	}
	u := update{e: e, op: op, id: id, patch: patch}
	if err := u.plan(ctx); err != nil {
		return none, err
	}
	return u.write(ctx)
}

// update is one update of a product.
type update struct {
	e     *Engine
	op    string
	id    string
	patch catalog.ProductPatch

	fields     map[string]any // of the product itself
	variations []any          // each with its id
	index      []int          // of each variation in the patch
}

// plan reads what the change depends on and writes it the store's way.
func (u *update) plan(ctx context.Context) error {
	a, err := u.e.send(ctx, call{op: u.op, path: "/products/" + u.id, shape: wantObject})
	if err != nil {
		return err
	}
	r := productKind.readRow(a.body)
	if r.err != nil {
		return badAnswer(u.op, "the product cannot be read")
	}
	if r.node.Type == "variation" {
		return &catalog.Error{Platform: Platform, Op: u.op, Kind: catalog.ErrNotFound, Message: "that is the id of a variation",
			Hint: "update the product it belongs to, " + idText(r.node.ParentID) + ", and name it among the variants"}
	}
	w, err := u.e.writer(ctx, u.op)
	if err != nil {
		return err
	}
	u.fields = w.patch(u.patch, r.node.Visibility)
	if err := u.variants(ctx, w, r); err != nil {
		return err
	}
	if w.err != nil {
		return w.err
	}
	if names, ok := u.patch.Tags.Get(); ok {
		if u.fields["tags"], err = u.e.terms(ctx, u.op, tagTerms, names, r.node.Tags); err != nil {
			return err
		}
	}
	if vendor, ok := u.patch.Vendor.Get(); ok {
		u.fields["brands"], err = u.e.brands(ctx, u.op, vendor, r.node.Brands)
	}
	return err
}

// variants reads the prices there are and writes the variants' fields.
func (u *update) variants(ctx context.Context, w *productWriter, r *row[productNode]) error {
	var ids []int64
	for i, v := range u.patch.Variants {
		id, _ := strconv.ParseInt(v.ID, 10, 64) // checked before
		if id != r.id {
			ids = append(ids, id)
			continue
		}
		if r.node.variable() || r.node.Type == "grouped" && (is(v.Price) || is(v.CompareAtPrice)) {
			w.refuse("Variants."+itoa(i)+".ID", "a product of the type %s has its prices and stock in others", r.node.Type)
		}
		var had priceNode
		if _, err := transport.Decode(r.raw, &had); err != nil {
			return badAnswer(u.op, "the product's prices cannot be read")
		}
		w.patchVariant(u.fields, variantField(i), had, v)
	}
	if len(ids) == 0 || w.err != nil {
		return nil
	}
	found, err := u.e.variations(ctx, u.op, []group{{parent: r.id, ids: ids}}, nil)
	if err != nil {
		return err
	}
	for i, v := range u.patch.Variants {
		id, _ := strconv.ParseInt(v.ID, 10, 64)
		if id == r.id {
			continue
		}
		var had priceNode
		_, err := transport.Decode(found[id], &had)
		if found[id] == nil || err != nil || had.ParentID != 0 && had.ParentID != r.id {
			return &catalog.Error{Platform: Platform, Op: u.op, Kind: catalog.ErrNotFound, Message: "the product has no variant " + v.ID,
				Fields: []catalog.FieldError{{Field: variantField(i)("ID"), Message: "not found"}}}
		}
		fields := map[string]any{"id": id}
		w.patchVariant(fields, variantField(i), had, v)
		if len(fields) > 1 { // else it is so already
			u.variations, u.index = append(u.variations, fields), append(u.index, i)
		}
	}
	return nil
}

func variantField(i int) func(string) string {
	return func(name string) string { return "Variants." + itoa(i) + "." + name }
}

// write sends the variations, then the product.
func (u *update) write(ctx context.Context) (catalog.Product, error) {
	var none catalog.Product
	look := func(ctx context.Context) (catalog.Outcome, error) {
		p, err := u.e.Product(ctx, u.id)
		return settled(err == nil && patched(p, u.patch), err)
	}
	var vs variationsWritten
	for part := range slices.Chunk(u.variations, mostIncluded) {
		c := change{post(u.op, "/products/"+u.id+"/variations/batch", map[string]any{"update": part}), look}
		results, err := u.e.batch(ctx, c, "update", len(part))
		if err != nil {
			return none, vs.partly(err, "Variants."+itoa(u.index[vs.sent]))
		}
		for i, r := range results {
			vs.add(r, u.index[vs.sent+i])
		}
		vs.sent += len(part)
	}
	if vs.failed != nil {
		return none, vs.partly(u.e.lost(change{call{op: u.op}, look}, vs.failed), "")
	}
	if len(u.fields) == 0 {
		return u.e.asItIs(ctx, u.op, u.id)
	}
	c := change{post(u.op, "/products/"+u.id, u.fields), look}
	a, err := u.e.write(ctx, c)
	if err != nil {
		return none, vs.partly(err, "")
	}
	return written(ctx, u.e, c, a, productKind, u.e.complete(u.op))
}

// variationsWritten is what became of the variations of an update so far.
type variationsWritten struct {
	sent    int
	changed bool
	failed  *catalog.Error // the first refusal, or the first of an unknown outcome
	fields  []catalog.FieldError
}

// add counts one result, of the variant with this place in the patch.
func (vs *variationsWritten) add(r result, at int) {
	if r.err == nil {
		vs.changed = true
		return
	}
	vs.fields = append(vs.fields, catalog.FieldError{Field: "Variants." + itoa(at), Code: r.err.Code, Message: r.err.Message})
	if vs.failed == nil || vs.failed.Kind != catalog.ErrOutcomeUnknown && r.err.Kind == catalog.ErrOutcomeUnknown {
		vs.failed = r.err
	}
}

// partly says of an update that failed what was changed before, and names the
// variants that were not. from is the first one that was not sent, "" when all
// were.
func (vs *variationsWritten) partly(err error, from string) error {
	failed, ok := errors.AsType[*catalog.Error](err)
	if !ok {
		return err
	}
	failed.Fields = append(failed.Fields, vs.fields...)
	switch {
	case !vs.changed:
	case failed.Kind == catalog.ErrOutcomeUnknown:
		failed.Hint = "variants were changed, and what became of the rest Confirm finds out; the same call may be repeated"
	case from != "":
		failed.Hint = "variants were changed, those that the error names, those from " + from + " on and the product's own fields were not; the same call may be repeated"
	default:
		failed.Hint = "variants were changed, those that the error names and the product's own fields were not; the same call may be repeated"
	}
	return err
}
