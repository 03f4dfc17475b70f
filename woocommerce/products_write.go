package woocommerce

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
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
// that somebody else created. It must not be repeated before Confirm was asked:
// only a SKU keeps a second product from being made. SKUs are unique in a store:
// one that is taken is ErrInvalid.
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
		answered := err == nil
		if answered {
			i := slices.IndexFunc(results, func(r result) bool { return r.err != nil })
			if i < 0 {
				continue
			}
			err = results[i].err
		}
		// A call whose answer was lost may still be at work.
		if (answered || catalog.KindOf(err) != catalog.ErrOutcomeUnknown) && e.undo(ctx, c.op, id) {
			return none, undone(err)
		}
		return none, e.lost(c, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrOutcomeUnknown, Err: err,
			Message: "the product " + id + " was created, perhaps without its variations", Hint: "look at it, or delete it before creating it again"})
	}
	return e.asItIs(ctx, c.op, id)
}

// undone is the error of what is known not to be there any more.
func undone(err error) error {
	if failed, ok := errors.AsType[*catalog.Error](err); ok && failed.Kind == catalog.ErrOutcomeUnknown {
		failed.Kind, failed.Hint = catalog.ErrUnavailable, "nothing of it is left; the same call may be repeated"
	}
	return err
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
		doubt = doubt || n.mark() == "" && transport.SameHTML(plain(n.Name), title) && !n.old(since)
		return id != 0 || n.old(since)
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
