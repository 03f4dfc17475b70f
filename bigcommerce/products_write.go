package bigcommerce

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// CreateProduct creates a product with its variants and pictures in one call.
// BigCommerce fetches the pictures during the call. Names and SKUs are unique
// in a store: a name that is taken is ErrConflict before anything is sent. A
// vendor that is no brand yet becomes one. Type is "physical" or "digital", ""
// the former; ProductHidden is for what shoppers cannot see. Stores with
// BigCommerce's newer product pages ask for a category, which is to be given
// by a native call.
//
// It is sent once. After a lost answer Confirm looks for the name: a product
// that has it now may be this call's or somebody else's, so it answers
// OutcomeUnknown; a second call cannot create it twice.
// https://developer.bigcommerce.com/docs/rest-catalog/products#create-a-product
func (e *Engine) CreateProduct(ctx context.Context, input catalog.ProductInput, _ catalog.WriteOptions) (catalog.Product, error) {
	const op = "create product"
	if e.channel != "" {
		return catalog.Product{}, catalog.Unsupported(Platform, op+" in a channel", "create it with an engine whose account names no channel, and assign it with a native call")
	}
	w := productWriter{op: op}
	w.check(input)
	if w.err == nil {
		w.store, w.err = e.storeFacts(ctx, op)
	}
	fields := w.create(input)
	if w.err != nil {
		return catalog.Product{}, w.err
	}
	if taken, err := e.productNamed(ctx, op, input.Title); err != nil {
		return catalog.Product{}, err
	} else if taken != "" {
		return catalog.Product{}, conflict(op, "the product "+taken+" has this name", "names are unique in a store")
	}
	find := func(ctx context.Context) (catalog.Outcome, error) {
		found, err := e.productNamed(ctx, "confirm "+op, input.Title)
		if err != nil || found != "" {
			return catalog.OutcomeUnknown, err // the name was free; who took it nobody can tell
		}
		return catalog.OutcomeNotDone, nil
	}
	a, err := e.write(ctx, call{op: op, method: http.MethodPost, path: "/v3/catalog/products"}, fields, find)
	if err != nil && !savedInPart(err) {
		return catalog.Product{}, err
	}
	made, unread := e.productAfter(ctx, op, a, "", find)
	if unread != nil {
		return made, unread
	}
	return made, err
}

// productNamed returns the id of the product with this name, whatever the case
// of its letters, "" for none.
func (e *Engine) productNamed(ctx context.Context, op, name string) (string, error) {
	_, rows, err := e.rows(ctx, call{op: op + ": find the name", path: "/v3/catalog/products", list: inData,
		query: url.Values{"name": {name}, "include_fields": {"name"}, "limit": {"50"}}})
	for _, c := range productReader.decode(rows) {
		if c.err == nil && strings.EqualFold(strings.TrimSpace(c.node.Name), strings.TrimSpace(name)) {
			return c.id, nil
		}
	}
	return "", err
}

// productAfter is a product after a write, whose id may be in the answer alone.
// One that was saved in part comes as a list of one.
func (e *Engine) productAfter(ctx context.Context, op string, a answer, id string, find look) (catalog.Product, error) {
	raw := a.page.Field("data")
	if first, ok := firstOf(raw); ok {
		raw = first
	}
	if id == "" {
		if c := productReader.decode([]json.RawMessage{raw})[0]; c.err == nil {
			id = c.id
		}
	}
	prepare := func(n *productNode) {
		e.facts.mu.Lock()
		defer e.facts.mu.Unlock()
		n.store = e.facts.facts
	}
	return written(ctx, e, op, raw, &productReader, prepare, func(ctx context.Context) (catalog.Product, error) { return e.Product(ctx, id) }, find)
}

// UpdateProduct changes the named fields and nothing else; arrays, which
// BigCommerce would replace whole, are never sent. Of a product without options
// all is written in one call, its only variant's values too. Else the product's
// own fields take a call, and its variants another one for fifty of them; when
// a later call is refused the error says that the earlier ones were done.
//
// A variant with a CompareAtPrice is one on sale: BigCommerce keeps the regular
// price and a lower one, which are written together. A vendor that is no brand
// yet becomes one. Barcodes are written as GTIN; emptying one empties the UPC
// too. Weights are in the store's unit. Prices have the digits the store's
// currency has there.
//
// It sets a state and may be repeated; souk does not by itself, so as not to
// undo what somebody changed meanwhile. Confirm compares the written fields.
// https://developer.bigcommerce.com/docs/rest-catalog/products#update-a-product
// https://developer.bigcommerce.com/docs/rest-catalog/product-variants
func (e *Engine) UpdateProduct(ctx context.Context, id string, patch catalog.ProductPatch, _ catalog.WriteOptions) (catalog.Product, error) {
	const op = "update product"
	if err := checkID(op, "a product", id); err != nil {
		return catalog.Product{}, err
	}
	w := productWriter{op: op}
	fields := w.patch(patch)
	w.checkVariants(patch.Variants)
	if w.err == nil && len(fields) == 0 && len(patch.Variants) == 0 && patch.Status.Equal(catalog.Field[catalog.ProductStatus]{}) {
		w.refuse("patch", "it names no field to change")
	}
	if w.err == nil && len(patch.Variants) > 0 {
		if w.store, w.err = e.storeFacts(ctx, op); w.err == nil {
			w.checkAmounts(patch.Variants)
		}
	}
	if w.err != nil {
		return catalog.Product{}, w.err
	}
	steps := []step{{product: id, wants: []want{{fields: fields}}}}
	if _, named := patch.Status.Get(); named || len(patch.Variants) > 0 {
		now, err := e.productNode(ctx, op, id)
		if err != nil {
			return catalog.Product{}, err
		}
		w.status(fields, patch.Status, now)
		steps = append(steps, w.patchVariants(fields, patch.Variants, now)...)
		if w.err != nil {
			return catalog.Product{}, w.err
		}
	}
	if len(fields) == 0 {
		steps = steps[1:]
	}
	return e.take(ctx, op, id, steps)
}

// productNode reads a product as BigCommerce has it.
func (e *Engine) productNode(ctx context.Context, op, id string) (*productNode, error) {
	raw, err := e.productRaw(ctx, op, id)
	if err != nil {
		return nil, err
	}
	c := productReader.decode([]json.RawMessage{raw})[0]
	if c.err != nil {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "the product cannot be read", Err: c.err}
	}
	return &c.node, nil
}

func (e *Engine) productRaw(ctx context.Context, op, id string) (json.RawMessage, error) {
	a, err := e.get(ctx, call{op: op, path: "/v3/catalog/products/" + id, query: url.Values{"include": {"variants"}}})
	if err != nil {
		return nil, err
	}
	return a.object(op, "data")
}

// DeleteProduct deletes a product for good. It looks for it first, so that one
// that is gone is ErrNotFound. It may be repeated: souk does not, so that the
// answer says whose doing it was.
// https://developer.bigcommerce.com/docs/rest-catalog/products#delete-a-product
func (e *Engine) DeleteProduct(ctx context.Context, id string, _ catalog.WriteOptions) error {
	const op = "delete product"
	if err := checkID(op, "a product", id); err != nil {
		return err
	}
	there := func(ctx context.Context, op string) error {
		_, err := e.get(ctx, call{op: op, path: "/v3/catalog/products/" + id, query: url.Values{"include_fields": {"name"}}})
		return err
	}
	if err := there(ctx, op); err != nil {
		return err
	}
	_, err := e.write(ctx, call{op: op, method: http.MethodDelete, path: "/v3/catalog/products/" + id}, nil, func(ctx context.Context) (catalog.Outcome, error) {
		switch err := there(ctx, "confirm "+op); {
		case catalog.KindOf(err) == catalog.ErrNotFound:
			return catalog.OutcomeDone, nil
		case err != nil:
			return catalog.OutcomeUnknown, err
		}
		return catalog.OutcomeNotDone, nil
	})
	return err
}
