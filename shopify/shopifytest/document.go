package shopifytest

import (
	"errors"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// document is a parsed and validated query text.
type document struct {
	ast  *ast.QueryDocument
	errs []gqlError
	grow int // size of the largest answer, to allocate the next one at once
}

// documents keeps what was parsed, by text.
type documents struct {
	mu  sync.Mutex
	all map[string]*document
}

func (d *documents) get(text string) *document {
	d.mu.Lock()
	defer d.mu.Unlock()
	if doc := d.all[text]; doc != nil {
		return doc
	}
	if d.all == nil || len(d.all) >= 512 {
		d.all = map[string]*document{}
	}
	doc := parseDocument(text)
	d.all[text] = doc
	return doc
}

func (d *documents) size(doc *document) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return doc.grow + 1024
}

func (d *documents) grew(doc *document, n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	doc.grow = max(doc.grow, n)
}

func parseDocument(text string) *document {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		var ge *gqlerror.Error
		if !errors.As(err, &ge) {
			ge = gqlerror.Wrap(err)
		}
		ge.Rule = ""
		return &document{errs: []gqlError{validationError(ge)}}
	}
	out := &document{ast: doc}
	for _, e := range validator.ValidateWithRules(schema(), doc, nil) {
		out.errs = append(out.errs, validationError(e))
	}
	return out
}

// name is the name of the operation that will run, "" when it has none.
func (d *document) name(asked string) string {
	if op := d.operation(asked); op != nil {
		return op.Name
	}
	return asked
}

func (d *document) operation(asked string) *ast.OperationDefinition {
	switch {
	case d.ast == nil:
		return nil
	case asked != "":
		return d.ast.Operations.ForName(asked)
	case len(d.ast.Operations) == 1:
		return d.ast.Operations[0]
	}
	return nil
}

// since lists fields that older versions do not have.
var since = map[string]string{
	"InventoryLevel.isActive": "2026-04",
	"Order.cartToken":         "2026-07",
	"Order.checkoutToken":     "2026-07",
}

// newerThan reports the fields that the version does not know yet.
func (d *document) newerThan(version string) []gqlError {
	var errs []gqlError
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, sel := range set {
			switch v := sel.(type) {
			case *ast.Field:
				if v.ObjectDefinition != nil && since[v.ObjectDefinition.Name+"."+v.Name] > version {
					typ := v.ObjectDefinition.Name
					errs = append(errs, gqlError{message: "Field '" + v.Name + "' doesn't exist on type '" + typ + "'",
						code: "undefinedField", more: map[string]any{"typeName": typ, "fieldName": v.Name}})
				}
				walk(v.SelectionSet)
			case *ast.InlineFragment:
				walk(v.SelectionSet)
			}
		}
	}
	for _, op := range d.ast.Operations {
		walk(op.SelectionSet)
	}
	for _, f := range d.ast.Fragments {
		walk(f.SelectionSet)
	}
	return errs
}
