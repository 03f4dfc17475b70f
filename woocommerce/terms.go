package woocommerce

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// names checks names of brands or tags, out of which the store takes markup.
func (w *productWriter) names(field string, names ...string) {
	for _, n := range names {
		if strings.ContainsAny(n, "<>") {
			w.refuse(field, "the store takes markup out of names")
		}
	}
}

// Brands and tags are written by their ids alone. The store would take names of
// tags, and mistakes one for another that has the same address.
const (
	brandTerms = "brands"
	tagTerms   = "tags"
)

// terms are names as a product is to have them, those it has already among
// them.
func (e *Engine) terms(ctx context.Context, op, kind string, names []string, had []termNode) ([]any, error) {
	all, used := []any{}, map[int64]bool{} // [] empties
	for _, name := range names {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		id := match(had, name)
		if id == 0 {
			var err error
			if id, err = e.term(ctx, op, kind, name); err != nil {
				return nil, err
			}
		}
		if !used[id] {
			used[id], all = true, append(all, map[string]any{"id": id})
		}
	}
	return all, nil
}

// match finds the id of a name as it is, else in other letters' case: the store
// has one of both only.
func match(terms []termNode, name string) int64 {
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		if i := slices.IndexFunc(terms, func(t termNode) bool { return same(strings.TrimSpace(plain(t.Name)), name) }); i >= 0 {
			return terms[i].ID
		}
	}
	return 0
}

// brands are a product's brands, the vendor first. Others it had stay, unless
// the vendor is emptied.
func (e *Engine) brands(ctx context.Context, op, vendor string, had []termNode) ([]any, error) {
	names := []string{vendor}
	for i, b := range had {
		if i > 0 && strings.TrimSpace(vendor) != "" {
			names = append(names, plain(b.Name))
		}
	}
	return e.terms(ctx, op, brandTerms, names, had)
}

// term finds a name in the store or makes it: one without products changes
// nothing a shopper sees, and making it again finds it.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-product-tags
func (e *Engine) term(ctx context.Context, op, kind, name string) (int64, error) {
	path := "/products/" + kind
	var terms []termNode
	var pages turning
	for page := 1; ; page++ {
		a, err := e.send(ctx, call{op: op, path: path, shape: wantList,
			query: url.Values{"search": {longest(name)}, "per_page": {itoa(mostIncluded)}, "page": {itoa(page)}, "_fields": {"id,name"}}})
		if err != nil {
			return 0, noTerms(op, kind, err)
		}
		if err := pages.turn(op, a.items); err != nil {
			return 0, err
		}
		for _, raw := range a.items {
			var n termNode
			if _, err := transport.Decode(raw, &n); err == nil {
				terms = append(terms, n)
			}
		}
		if len(a.items) < mostIncluded {
			break
		}
	}
	if id := match(terms, name); id != 0 {
		return id, nil
	}
	// What becomes of a lost answer here is no matter: the write the name is for
	// was not sent.
	nothing := func(context.Context) (catalog.Outcome, error) { return catalog.OutcomeNotDone, nil }
	a, err := e.write(ctx, change{post(op, path, map[string]any{"name": name}), nothing})
	if err != nil {
		if id := existing(a); id != 0 {
			return id, nil
		}
		return 0, noTerms(op, kind, err)
	}
	var n termNode
	if _, err := transport.Decode(a.body, &n); err != nil || n.ID == 0 {
		return 0, badAnswer(op, "what the name was made as cannot be read")
	}
	return n.ID, nil
}

// longest is the longest part of a name that the store does not write in
// another way; it searches in names as it keeps them.
func longest(name string) string {
	best := ""
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("&\"'\\", r) }) {
		if part = strings.TrimSpace(part); len(part) > len(best) {
			best = part
		}
	}
	return best
}

// existing finds, in the refusal of a name, the one that was there already; 0
// for any other refusal.
func existing(a answer) int64 {
	if a.resp == nil {
		return 0
	}
	var data struct {
		ID int64 `json:"resource_id"`
	}
	f, ours := failureIn(a.resp)
	if !ours || f.Code != "term_exists" || json.Unmarshal(f.Data, &data) != nil {
		return 0
	}
	return data.ID
}

// noTerms explains a store that has no brands.
func noTerms(op, kind string, err error) error {
	if failed, ok := errors.AsType[*catalog.Error](err); ok && failed.Code == noRoute && kind == brandTerms {
		return catalog.Unsupported(Platform, op+" with a vendor", "have the store update WooCommerce: brands are part of it since 9.6")
	}
	return err
}
