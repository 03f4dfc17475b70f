package shopify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// answerer makes answers out of a schema: every field selected gets a value of
// its type, never the zero value, so that a field that is lost on the way
// shows. Ids lie above 2^53. It keeps nothing between calls.
type answerer struct {
	schema *ast.Schema
	words  map[string]string // the word for an enum, by its name; else the first
	sparse bool              // everything that may be null is, and lists are empty
}

// bigID is more than a float64 holds.
const bigID = 9007199254740993

// answer makes the whole body.
func (a answerer) answer(doc *ast.QueryDocument, op *ast.OperationDefinition, variables map[string]any) ([]byte, error) {
	b := &builder{answerer: a, doc: doc, variables: variables}
	b.out.WriteString(`{"data":`)
	if op.Operation == ast.Mutation {
		b.object(a.schema.Mutation, op.SelectionSet, "")
	} else {
		b.object(a.schema.Query, op.SelectionSet, "")
	}
	b.out.WriteString(`}`)
	return b.out.Bytes(), b.err
}

type builder struct {
	answerer
	doc       *ast.QueryDocument
	variables map[string]any
	out       bytes.Buffer
	err       error
}

func (b *builder) json(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		b.err = err
	}
	b.out.Write(text)
}

// object writes the selected fields of a concrete type.
func (b *builder) object(of *ast.Definition, set ast.SelectionSet, given string) {
	fields := b.collect(of, set, nil)
	b.out.WriteByte('{')
	for i, f := range fields {
		if i > 0 {
			b.out.WriteByte(',')
		}
		b.json(f.Alias)
		b.out.WriteByte(':')
		b.field(of, f, given)
	}
	b.out.WriteByte('}')
}

// collect gathers the fields that apply to a concrete type.
func (b *builder) collect(of *ast.Definition, set ast.SelectionSet, into []*ast.Field) []*ast.Field {
	applies := func(condition string) bool {
		return condition == "" || condition == of.Name ||
			slices.Contains(b.schema.GetPossibleTypes(b.schema.Types[condition]), of)
	}
	for _, selection := range set {
		switch one := selection.(type) {
		case *ast.Field:
			if !slices.ContainsFunc(into, func(f *ast.Field) bool { return f.Alias == one.Alias }) {
				into = append(into, one)
			}
		case *ast.InlineFragment:
			if applies(one.TypeCondition) {
				into = b.collect(of, one.SelectionSet, into)
			}
		case *ast.FragmentSpread:
			f := b.doc.Fragments.ForName(one.Name)
			if applies(f.TypeCondition) {
				into = b.collect(of, f.SelectionSet, into)
			}
		}
	}
	return into
}

func (b *builder) field(of *ast.Definition, f *ast.Field, given string) {
	args := f.ArgumentMap(b.variables)
	root := of == b.schema.Query || of == b.schema.Mutation
	// A root record and its page have to be there for a record to be read.
	if b.sparse && !f.Definition.Type.NonNull && !root {
		b.out.WriteString("null")
		return
	}
	switch {
	case strings.HasSuffix(f.Name, "serErrors"): // a write that succeeds
		b.out.WriteString("[]")
	case of.Name == "Job" && f.Name == "done": // once it is asked for
		b.json(given != "")
	case of.Name == "PageInfo" && f.Name == "hasNextPage":
		b.json(given == "more")
	case f.Name == "id" && given != "" && given != "more" && given != "last":
		b.json(given)
	case of.Name == "InventoryQuantity" && f.Name == "name":
		b.json(given)
	case f.Name == "quantities" && args["names"] != nil:
		b.each(f, args["names"].([]any))
	case f.Name == "nodes" && args["ids"] != nil:
		b.each(f, args["ids"].([]any))
	case strings.HasSuffix(f.Definition.Type.Name(), "Connection"):
		b.value(f, f.Definition.Type, pages(args, b.sparse))
	case f.Name == "pageInfo" || of.Name != "PageInfo" && strings.HasSuffix(of.Name, "Connection") && f.Name != "nodes":
		b.value(f, f.Definition.Type, given)
	default:
		id, _ := args["id"].(string)
		b.value(f, f.Definition.Type, id)
	}
}

// pages says whether a connection goes on: each has two pages.
func pages(args map[string]any, sparse bool) string {
	if args["after"] != nil || sparse {
		return "last"
	}
	return "more"
}

// each writes one object per name or id that was asked for.
func (b *builder) each(f *ast.Field, given []any) {
	b.out.WriteByte('[')
	for i, g := range given {
		if i > 0 {
			b.out.WriteByte(',')
		}
		b.value(f, f.Definition.Type.Elem, fmt.Sprint(g))
	}
	b.out.WriteByte(']')
}

// value writes a value of a type. Given is what the object is to be: an id, a
// name, or whether a connection goes on.
func (b *builder) value(f *ast.Field, of *ast.Type, given string) {
	if of.Elem != nil {
		b.out.WriteByte('[')
		if !b.sparse || f.Name == "nodes" {
			b.value(f, of.Elem, "")
		}
		b.out.WriteByte(']')
		return
	}
	def := b.schema.Types[of.NamedType]
	switch def.Kind {
	case ast.Object:
		b.object(def, f.SelectionSet, given)
	case ast.Interface, ast.Union:
		b.object(b.concrete(def, given), f.SelectionSet, given)
	case ast.Enum:
		b.json(b.word(def))
	default:
		b.scalar(f, def)
	}
}

// concrete picks a type for an abstract one: the one a global id names, or an
// image for media, or the first.
func (b *builder) concrete(def *ast.Definition, given string) *ast.Definition {
	possible := b.schema.GetPossibleTypes(def)
	kind, _, _ := strings.Cut(strings.TrimPrefix(given, "gid://shopify/"), "/")
	for _, want := range []string{kind, "MediaImage"} {
		for _, p := range possible {
			if p.Name == want {
				return p
			}
		}
	}
	return possible[0]
}

func (b *builder) word(def *ast.Definition) string {
	if w := b.words[def.Name]; w != "" {
		return w
	}
	for _, preferred := range []string{"SAR", "SA"} { // of currencies and countries
		if def.EnumValues.ForName(preferred) != nil {
			return preferred
		}
	}
	return def.EnumValues[0].Name
}

// scalar writes what Shopify sends for a scalar type.
func (b *builder) scalar(f *ast.Field, def *ast.Definition) {
	switch def.Name {
	case "ID":
		b.json(globalID(f.ObjectDefinition.Name))
	case "UnsignedInt64":
		b.json(fmt.Sprint(bigID))
	case "Int":
		b.out.WriteString("7")
	case "Float":
		b.out.WriteString("1.25")
	case "Boolean":
		b.out.WriteString("true")
	case "DateTime":
		b.json("2026-11-01T10:00:00Z")
	case "Decimal", "Money":
		b.json("12.340")
	case "URL":
		b.json("https://example.com/" + f.Name)
	case "String", "HTML", "FormattedString":
		b.json("the " + f.Name)
	default:
		b.err = fmt.Errorf("%s: no value is known for the type %s", f.Name, def.Name)
	}
}

// globalID is an id as real stores give it; some carry a query part.
func globalID(kind string) string {
	id := fmt.Sprintf("gid://shopify/%s/%d", kind, bigID)
	switch kind {
	case "InventoryLevel":
		id += fmt.Sprintf("?inventory_item_id=%d", bigID)
	case "MailingAddress":
		id += "?model_name=CustomerAddress"
	}
	return id
}
