package shopifytest

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// schemaText is what can be read, writeText what can be written.
//
//go:embed schema.graphql
var schemaText string

//go:embed schema_write.graphql
var writeText string

// schema is parsed once per process; it never changes.
var schema = sync.OnceValue(func() *ast.Schema {
	return gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphql", Input: schemaText}, &ast.Source{Name: "schema_write.graphql", Input: writeText})
})

// resolver writes the value of one field of o.
type resolver func(x *exec, f *field, o any)

// field is one field of a selection, ready to run: its arguments and
// conditions are already resolved against the variables of the request.
type field struct {
	key     string // response key
	prefix  []byte // the key as JSON with its colon
	name    string
	typ     string // named type
	nonNull bool
	list    bool
	args    map[string]any
	once    *string // the key of @idempotent; nil where the directive is absent
	resolve resolver
	sub     *selection // nil on a leaf
	pos     *ast.Position
}

// selection is what is selected on a composite type, worked out per concrete
// type when it is first met.
type selection struct {
	plan   *plan
	typ    string
	sets   []ast.SelectionSet
	fields map[string][]*field
	single []*field // of typ itself, the common case
}

// plan is one operation with the variables of one request. It belongs to
// that request.
type plan struct {
	schema *ast.Schema
	vars   map[string]any
	frags  ast.FragmentDefinitionList
	root   *selection
	op     *ast.OperationDefinition
}

func newPlan(s *ast.Schema, doc *ast.QueryDocument, op *ast.OperationDefinition, vars map[string]any) *plan {
	p := &plan{schema: s, vars: vars, frags: doc.Fragments, op: op}
	p.root = p.selection(p.rootType(), op.SelectionSet)
	return p
}

// rootType is the type the operation starts from.
func (p *plan) rootType() string {
	if p.op.Operation == ast.Mutation && p.schema.Mutation != nil {
		return p.schema.Mutation.Name
	}
	return p.schema.Query.Name
}

func (p *plan) selection(typ string, sets ...ast.SelectionSet) *selection {
	return &selection{plan: p, typ: typ, sets: sets}
}

// of returns the fields to write for an object of the concrete type.
func (s *selection) of(typ string) []*field {
	if typ == s.typ && s.single != nil {
		return s.single
	}
	if fs, ok := s.fields[typ]; ok {
		return fs
	}
	c := collector{plan: s.plan, typ: typ}
	for _, set := range s.sets {
		c.collect(set)
	}
	fs := c.finish()
	if s.fields == nil {
		s.fields = map[string][]*field{}
	}
	s.fields[typ] = fs
	if typ == s.typ {
		s.single = fs
	}
	return fs
}

// collector flattens fragments and merges fields with one response key.
type collector struct {
	plan  *plan
	typ   string
	order []*ast.Field
	sets  map[string][]ast.SelectionSet
}

func (c *collector) collect(set ast.SelectionSet) {
	for _, sel := range set {
		switch s := sel.(type) {
		case *ast.Field:
			if !c.plan.wanted(s.Directives) {
				continue
			}
			if c.sets == nil {
				c.sets = map[string][]ast.SelectionSet{}
			}
			if _, seen := c.sets[s.Alias]; !seen {
				c.order = append(c.order, s)
				c.sets[s.Alias] = nil
			}
			if len(s.SelectionSet) > 0 {
				c.sets[s.Alias] = append(c.sets[s.Alias], s.SelectionSet)
			}
		case *ast.InlineFragment:
			if c.plan.wanted(s.Directives) && c.plan.applies(s.TypeCondition, c.typ) {
				c.collect(s.SelectionSet)
			}
		case *ast.FragmentSpread:
			d := c.plan.frags.ForName(s.Name)
			if c.plan.wanted(s.Directives) && d != nil && c.plan.applies(d.TypeCondition, c.typ) {
				c.collect(d.SelectionSet)
			}
		}
	}
}

func (c *collector) finish() []*field {
	out := make([]*field, 0, len(c.order))
	for _, a := range c.order {
		f := &field{key: a.Alias, name: a.Name, pos: a.Position}
		f.prefix = append(appendString(nil, a.Alias), ':')
		if a.Name == "__typename" {
			typ := c.typ
			f.nonNull, f.typ = true, "String"
			f.resolve = func(x *exec, _ *field, _ any) { x.buf = appendString(x.buf, typ) }
			out = append(out, f)
			continue
		}
		def := c.plan.schema.Types[c.typ].Fields.ForName(a.Name)
		f.typ, f.nonNull, f.list = def.Type.Name(), def.Type.NonNull, def.Type.Elem != nil
		if len(def.Arguments) > 0 {
			f.args = a.ArgumentMap(c.plan.vars)
		}
		if d := a.Directives.ForName("idempotent"); d != nil {
			key, _ := d.ArgumentMap(c.plan.vars)["key"].(string)
			f.once = &key
		}
		f.resolve = resolverFor(c.typ, a.Name)
		if sets := c.sets[a.Alias]; len(sets) > 0 {
			f.sub = c.plan.selection(f.typ, sets...)
		}
		out = append(out, f)
	}
	return out
}

// wanted applies @include and @skip.
func (p *plan) wanted(ds ast.DirectiveList) bool {
	for _, d := range ds {
		switch d.Name {
		case "include":
			if on, _ := d.ArgumentMap(p.vars)["if"].(bool); !on {
				return false
			}
		case "skip":
			if on, _ := d.ArgumentMap(p.vars)["if"].(bool); on {
				return false
			}
		}
	}
	return true
}

func (p *plan) applies(cond, typ string) bool {
	if cond == "" || cond == typ {
		return true
	}
	for _, d := range p.schema.PossibleTypes[cond] {
		if d.Name == typ {
			return true
		}
	}
	return false
}

// concrete lists the object types a value of typ can have.
func (p *plan) concrete(typ string) []string {
	d := p.schema.Types[typ]
	if d == nil || !d.IsAbstractType() {
		return []string{typ}
	}
	var out []string
	for _, t := range p.schema.PossibleTypes[typ] {
		out = append(out, t.Name)
	}
	return out
}

// resolverFor finds how a field is written; connections and their edges are
// the same for every type of node.
func resolverFor(typ, name string) resolver {
	switch {
	case strings.HasSuffix(typ, "Connection"):
		return resolvers()["*Connection"][name]
	case strings.HasSuffix(typ, "Edge"):
		return resolvers()["*Edge"][name]
	}
	return resolvers()[typ][name]
}
