package woocommerce

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// The store takes tags and brands by their ids alone.
const (
	tagTerms   = "tags"
	brandTerms = "brands"
)

// terms finds the ids of names, among those the product has or in the store.
// Names that are new are created: a name without products changes nothing a
// shopper sees, and creating it again finds it.
func (e *Engine) terms(ctx context.Context, op, kind string, names []string, had []termNode) ([]any, error) {
	all := []any{} // [] empties
	used := map[int64]bool{}
	for _, name := range names {
		name = strings.TrimSpace(name)
		if name == "" {
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
			used[id] = true
			all = append(all, map[string]any{"id": id})
		}
	}
	return all, nil
}

// match finds a name as it is, else in other letters' case: the store has one
// of both only.
func match(terms []termNode, name string) int64 {
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		if i := slices.IndexFunc(terms, func(t termNode) bool { return same(strings.TrimSpace(plain(t.Name)), name) }); i >= 0 {
			return terms[i].ID
		}
	}
	return 0
}

// term finds a name in the store or creates it.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-product-tags
func (e *Engine) term(ctx context.Context, op, kind, name string) (int64, error) {
	path := "/products/" + kind
	search := html.EscapeString(name) // as names are kept
	if strings.ContainsAny(name, `'"`) {
		search = strings.NewReplacer("&#34;", `"`, "&#39;", "'").Replace(search)
	}
	var terms []termNode
	for from := 0; ; from += mostIncluded {
		c := call{op: op, path: path, shape: wantList, query: url.Values{"search": {search}, "per_page": {itoa(mostIncluded)}, "orderby": {"id"}, "order": {"asc"}, "_fields": {"id,name"}}}
		if from > 0 {
			c.query.Set("page", itoa(from/mostIncluded+1))
		}
		a, err := e.send(ctx, c)
		if err != nil {
			return 0, e.noTerms(op, kind, err)
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
		return 0, e.noTerms(op, kind, err)
	}
	var n termNode
	if _, err := transport.Decode(a.body, &n); err != nil || n.ID == 0 {
		return 0, badAnswer(op, "the name "+kind+" was created as cannot be read")
	}
	return n.ID, nil
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

// noTerms explains a store that has no such names.
func (e *Engine) noTerms(op, kind string, err error) error {
	if failed, ok := errors.AsType[*catalog.Error](err); ok && failed.Code == noRoute && kind == brandTerms {
		return catalog.Unsupported(Platform, op+" with a vendor", "have the store update WooCommerce: brands are part of it since 9.6")
	}
	return err
}
