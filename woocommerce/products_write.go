package woocommerce

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// writer knows what the store's prices and weights are written in.
func (e *Engine) writer(ctx context.Context, op string) (w *productWriter, err error) {
	w = &productWriter{op: op}
	if w.settings, err = e.settings(ctx, op); err == nil {
		w.decimals, err = e.decimals(ctx, op)
	}
	return w, err
}

// CreateProduct creates a product and returns it. With options it is a variable
// one, whose variations are created by the hundred in further calls: when the
// store refuses one of them, the product is deleted again. Vendor is a brand;
// brands and tags the store does not know are made. The store fetches the
// images before it answers, which takes a while for each.
//
// It is sent once, with an entry of meta_data no shopper sees (_souk_write,
// which holds the idempotency key), by which Confirm knows the product from one
// that somebody else created. SKUs are unique in a store: one that is taken is
// ErrInvalid.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#create-a-product
func (e *Engine) CreateProduct(ctx context.Context, input catalog.ProductInput, options catalog.WriteOptions) (catalog.Product, error) {
	const op = "create product"
	var none catalog.Product
	checked := productWriter{op: op}
	if checked.create(bare(input)); checked.err != nil {
		return none, checked.err
	}
	w, err := e.writer(ctx, op)
	if err != nil {
		return none, err
	}
	fields := w.create(input)
	var variations []any
	if fields["type"] == "variable" {
		for i, v := range input.Variants {
			variations = append(variations, w.variation(i, v))
		}
	}
	if w.err != nil {
		return none, w.err
	}
	if input.Vendor != "" {
		if fields["brands"], err = e.brands(ctx, op, input.Vendor, nil); err != nil {
			return none, err
		}
	}
	if len(input.Tags) > 0 {
		if fields["tags"], err = e.terms(ctx, op, tagTerms, input.Tags, nil); err != nil {
			return none, err
		}
	}
	mark, began := newMark(options), time.Now()
	fields["meta_data"] = marked(mark)
	c := change{call: post(op, "/products", fields), look: func(ctx context.Context) (catalog.Outcome, error) {
		return e.lookForProduct(ctx, input.Title, mark, began, len(variations))
	}}
	a, err := e.write(ctx, c)
	if err != nil {
		return none, e.lost(c, halfMade(err))
	}
	if len(variations) == 0 {
		return written(ctx, e, c, a, productKind, e.complete(op))
	}
	return e.createVariations(ctx, c, a, variations)
}

// bare leaves of a product what needs no knowledge of the store to be checked.
func bare(in catalog.ProductInput) catalog.ProductInput {
	in.Variants = slices.Clone(in.Variants)
	for i := range in.Variants {
		v := &in.Variants[i]
		v.Price, v.CompareAtPrice, v.Weight = catalog.Money{}, catalog.Money{}, catalog.Weight{}
	}
	return in
}

func (e *Engine) complete(op string) func(context.Context, []*row[productNode]) error {
	return func(ctx context.Context, rows []*row[productNode]) error { return e.completeProducts(ctx, op, rows) }
}

// halfMade is the error of a picture that cannot be fetched, with which some
// versions of the store answer although they made the product.
func halfMade(err error) error {
	if failed, ok := errors.AsType[*catalog.Error](err); ok && failed.Code == "woocommerce_product_image_upload_error" {
		failed.Kind = catalog.ErrOutcomeUnknown
	}
	return err
}

// createVariations adds the variations to a new product; all or none.
func (e *Engine) createVariations(ctx context.Context, c change, a answer, variations []any) (catalog.Product, error) {
	var none catalog.Product
	made := productKind.readRow(a.body)
	if made.err != nil {
		return written(ctx, e, c, a, productKind, nil)
	}
	id := idText(made.id)
	for part := range slices.Chunk(variations, mostIncluded) {
		results, err := e.batch(ctx, change{post(c.op, "/products/"+id+"/variations/batch", map[string]any{"create": part}), c.look}, "create", len(part))
		if err == nil {
			i := slices.IndexFunc(results, func(r result) bool { return r.err != nil })
			if i < 0 {
				continue
			}
			err = results[i].err
		}
		if failed, ok := errors.AsType[*catalog.Error](err); ok {
			failed.Hint = "the product " + id + " was created, its variations not all: delete it"
			if failed.Kind != catalog.ErrOutcomeUnknown && e.undo(ctx, c.op, id) {
				failed.Hint = ""
			}
		}
		return none, err
	}
	return e.asItIs(ctx, c.op, id)
}

// undo deletes what was created a moment ago and reports whether it is gone.
func (e *Engine) undo(ctx context.Context, op, id string) bool {
	_, err := e.send(ctx, remove(op, "/products/"+id))
	return err == nil
}

// remove is a call that deletes for good, past the trash.
func remove(op, path string) call {
	return call{op: op, method: http.MethodDelete, path: path, query: url.Values{"force": {"true"}}, shape: wantObject}
}

// lookForProduct searches what was created since for the mark. A product that
// lacks variations is one somebody has to look at.
func (e *Engine) lookForProduct(ctx context.Context, title, mark string, began time.Time, variations int) (catalog.Outcome, error) {
	const op = "confirm create product"
	id, doubt := int64(0), false
	err := e.newest(ctx, op, "/products", nil, began, func(n *markedNode, since time.Time) bool {
		if n.mark() == mark {
			id = n.ID
		}
		doubt = doubt || n.mark() == "" && plain(n.Name) == title && !n.Created.Before(since)
		return id != 0 || n.Created.Before(since)
	})
	switch {
	case err != nil:
		return catalog.OutcomeUnknown, err
	case id == 0 && doubt:
		return catalog.OutcomeUnknown, nil
	case id == 0 || variations == 0:
		return settled(id != 0, nil)
	}
	p, err := e.product(ctx, op, idText(id))
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	if len(p.Variants) < variations {
		return catalog.OutcomeUnknown, nil
	}
	return catalog.OutcomeDone, nil
}

// UpdateProduct changes the named fields and nothing else. The variant of a
// product without options changes with it, in one call; variations change
// before the product's own fields, and when those are refused afterwards the
// error says so. Of several variations some may be refused: the error names
// them, the others are changed. Vendor is the product's first brand; "" takes
// all. Tags are replaced as a whole. Brands and tags the store does not know
// are made.
//
// Names are kept as text without markup and descriptions as HTML, out of which
// the store takes scripts and which it reads back with paragraphs. Price and
// CompareAtPrice are the store's sale and regular price: the first must be
// below the second.
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
	changed, index := false, u.index
	for part := range slices.Chunk(u.variations, mostIncluded) {
		results, err := u.e.batch(ctx, change{post(u.op, "/products/"+u.id+"/variations/batch", map[string]any{"update": part}), look}, "update", len(part))
		if err != nil {
			return none, partly(err, changed)
		}
		var refused *catalog.Error
		for i, r := range results {
			changed = changed || r.err == nil
			if r.err == nil {
				continue
			}
			if refused == nil {
				refused = r.err
			}
			refused.Fields = append(refused.Fields, catalog.FieldError{Field: "Variants." + itoa(index[i]), Code: r.err.Code, Message: r.err.Message})
		}
		if refused != nil {
			return none, partly(refused, changed)
		}
		index = index[len(part):]
	}
	if len(u.fields) == 0 {
		return u.e.asItIs(ctx, u.op, u.id)
	}
	c := change{post(u.op, "/products/"+u.id, u.fields), look}
	a, err := u.e.write(ctx, c)
	if err != nil {
		return none, partly(err, changed)
	}
	return written(ctx, u.e, c, a, productKind, u.e.complete(u.op))
}

// partly says of an update that was refused what was changed before.
func partly(err error, changed bool) error {
	if failed, ok := errors.AsType[*catalog.Error](err); ok && changed {
		failed.Hint = "variants were changed, those that the error names and the product's own fields were not; the same call may be repeated"
	}
	return err
}

// asItIs reads a product that was changed; when that fails, it was all the
// same.
func (e *Engine) asItIs(ctx context.Context, op, id string) (catalog.Product, error) {
	p, err := e.product(ctx, op, id)
	if err != nil {
		p = catalog.Product{ID: id, Record: catalog.Record{Platform: Platform,
			Problems: []catalog.Problem{catalog.NewProblem("", "written, but not read: "+err.Error(), "")}}}
	}
	return p, nil
}

// DeleteProduct deletes a product with its variations for good, past the
// trash; one that is gone is ErrNotFound. The store sends no webhook of it. It
// may be repeated: souk does not, so that the answer says whose doing it was.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#delete-a-product
func (e *Engine) DeleteProduct(ctx context.Context, id string, _ catalog.WriteOptions) error {
	const op = "delete product"
	if err := checkID(op, "a product", id); err != nil {
		return err
	}
	_, err := e.write(ctx, change{remove(op, "/products/"+id), func(ctx context.Context) (catalog.Outcome, error) {
		_, err := e.send(ctx, call{op: "confirm " + op, path: "/products/" + id, query: url.Values{"_fields": {"id"}}, shape: wantObject})
		if catalog.KindOf(err) == catalog.ErrNotFound {
			return catalog.OutcomeDone, nil
		}
		return settled(false, err)
	}})
	return err
}
