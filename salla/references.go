package salla

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// referred are the names a patch refers to other records by; tags are nil when
// the patch does not name them.
func (w *productWriter) referred(p catalog.ProductPatch) (vendor string, tags []string) {
	vendor, named := p.Vendor.Get()
	if named && vendor == "" {
		w.unsupported("without a brand", "give it another one, or take it off in the admin")
	}
	if given, ok := p.Tags.Get(); ok {
		tags = append([]string{}, given...)
	}
	return vendor, tags
}

// references puts the ids of a brand and of tags, which are given by name, into
// a product's fields. Tags the store lacks are made.
func (e *Engine) references(ctx context.Context, op string, fields map[string]any, brand string, tags []string) error {
	if brand != "" {
		id, err := e.brandID(ctx, op, brand)
		if err != nil {
			return err
		}
		fields["brand_id"] = id
	}
	wanted := tagNames(tags)
	if len(wanted) == 0 {
		return nil
	}
	ids, err := e.tagIDs(ctx, op, wanted)
	if err == nil {
		fields["tags"] = ids
	}
	return err
}

// brandID finds a brand by its exact name.
// https://docs.salla.dev/5394213e0
func (e *Engine) brandID(ctx context.Context, op, name string) (int64, error) {
	rows, err := e.everything(ctx, call{op: op + ": brands", path: "/brands", query: url.Values{"keyword": {name}}})
	if err != nil {
		return 0, err
	}
	for _, raw := range rows {
		var n namedNode
		if _, err := decode(raw, &n); err == nil && n.ID != 0 && n.Name == name {
			return n.ID, nil
		}
	}
	refusal := catalog.FieldError{Field: "Vendor", Message: "the store has no brand of this name"}
	return 0, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: refusal.Message, Fields: []catalog.FieldError{refusal},
		Hint: "create the brand first, in the admin or with a native call to /brands"}
}

// namedNode is a brand or a tag.
type namedNode struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// tagIDs finds tags by their names and makes those the store lacks.
// https://docs.salla.dev/5394180e0 and 5394179e0
func (e *Engine) tagIDs(ctx context.Context, op string, wanted []string) ([]int64, error) {
	find := func(ctx context.Context) (map[string]int64, error) {
		rows, err := e.everything(ctx, call{op: op + ": tags", path: "/products/tags"})
		known := map[string]int64{}
		for _, raw := range rows {
			var n namedNode
			if _, err := decode(raw, &n); err == nil && n.ID != 0 {
				known[n.Name] = n.ID
			}
		}
		return known, err
	}
	known, err := find(ctx)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, name := range wanted {
		if known[name] == 0 {
			// It changes nothing of the product, and a tag is found the next time.
			a, err := e.write(ctx, change{op: op, method: post, path: "/products/tags", query: url.Values{"tag_name": {name}},
				look: func(context.Context) (catalog.Outcome, error) { return catalog.OutcomeNotDone, nil }})
			if err != nil {
				return nil, withHint(err, "only a tag was to be made; the same call may be repeated")
			}
			if known[name] = a.tag(name); known[name] == 0 {
				if known, err = find(ctx); err != nil {
					return nil, err
				}
			}
		}
		if known[name] == 0 {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "a tag was made and cannot be found"}
		}
		ids = append(ids, known[name])
	}
	return ids, nil
}

// tag reads the id of a tag from the answer to its creation: a list of one.
func (a answer) tag(name string) int64 {
	var rows []namedNode
	for _, raw := range elements(a.page.Field("data")) {
		var n namedNode
		if _, err := decode(raw, &n); err == nil {
			rows = append(rows, n)
		}
	}
	if i := slices.IndexFunc(rows, func(n namedNode) bool { return n.Name == name }); i >= 0 {
		return rows[i].ID
	}
	return 0
}

// tagNames are the names of tags without blanks around them, empty ones and
// repeats.
func tagNames(given []string) (names []string) {
	for _, name := range given {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
