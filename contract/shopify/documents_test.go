package shopify_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/shopify"
)

// deprecated are the deprecated parts the documents may use, each with the
// reason.
var deprecated = map[string]string{
	// Its successor is the connection variants, which costs a connection per
	// item to read what is one variant on all but a few stores.
	"InventoryItem.variant": "succeeded by variants",
}

func TestDocumentsAreValid(t *testing.T) {
	t.Parallel()
	var counts []string
	used := map[string]bool{}
	for _, version := range versions {
		s := schema(t, version)
		valid, total, mutations := 0, 0, 0
		for name, text := range shopify.Documents() {
			total++
			doc, err := query(s, text)
			if err != nil {
				t.Errorf("%s on %s: %v", name, version, err)
				continue
			}
			good := len(doc.Operations) == 1 && doc.Operations[0].Name == name && doc.Operations[0].Operation != ast.Subscription
			if !good {
				t.Errorf("%s on %s: want exactly one operation of that name", name, version)
				continue
			}
			if doc.Operations[0].Operation == ast.Mutation {
				mutations++
			}
			for _, part := range deprecatedParts(s, doc) {
				used[part] = true
				if deprecated[part] == "" {
					good = false
					t.Errorf("%s on %s: %s is deprecated", name, version, part)
				}
			}
			if good {
				valid++
			}
		}
		counts = append(counts, fmt.Sprintf("%s on %s, %d of them mutations", fraction(valid, total), version, mutations))
	}
	for part := range deprecated {
		if !used[part] {
			t.Errorf("%s stands in the list of exceptions and is deprecated nowhere", part)
		}
	}
	specs.Report(t, "shopify documents %s", strings.Join(counts, ", "))
}

// deprecatedParts names the deprecated fields, arguments and enum values a
// document uses. Input objects are looked into as far as they are written out.
func deprecatedParts(s *ast.Schema, doc *ast.QueryDocument) []string {
	var found []string
	note := func(directives ast.DirectiveList, part string) {
		if directives.ForName("deprecated") != nil {
			found = append(found, part)
		}
	}
	var value func(v *ast.Value)
	value = func(v *ast.Value) {
		if v.Kind == ast.EnumValue && v.Definition != nil {
			if e := v.Definition.EnumValues.ForName(v.Raw); e != nil {
				note(e.Directives, v.Definition.Name+"."+v.Raw)
			}
		}
		for _, child := range v.Children {
			if v.Kind == ast.ObjectValue && v.Definition != nil {
				if f := v.Definition.Fields.ForName(child.Name); f != nil {
					note(f.Directives, v.Definition.Name+"."+child.Name)
				}
			}
			value(child.Value)
		}
	}
	var walk func(set ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch one := selection.(type) {
			case *ast.Field:
				at := one.ObjectDefinition.Name + "." + one.Name
				note(one.Definition.Directives, at)
				for _, a := range one.Arguments {
					if d := one.Definition.Arguments.ForName(a.Name); d != nil {
						note(d.Directives, at+"("+a.Name+")")
					}
					value(a.Value)
				}
				walk(one.SelectionSet)
			case *ast.InlineFragment:
				walk(one.SelectionSet)
			case *ast.FragmentSpread: // walked as a definition
			}
		}
	}
	for _, op := range doc.Operations {
		walk(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		walk(f.SelectionSet)
	}
	return found
}

func TestDeprecatedPartsAreFound(t *testing.T) {
	t.Parallel()
	s := schema(t, versions[0])
	doc, err := query(s, `query Q { inventoryItems(first: 1) { nodes { ...Item } } } fragment Item on InventoryItem { variant { id } }`)
	if err != nil {
		t.Fatal(err)
	}
	if got := deprecatedParts(s, doc); len(got) != 1 || got[0] != "InventoryItem.variant" {
		t.Errorf("%v", got)
	}
}
