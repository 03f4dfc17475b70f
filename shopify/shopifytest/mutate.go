package shopifytest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// writes is what mutations leave beside the records. It is guarded by the
// server's lock.
type writes struct {
	effects []Effect
	answers map[string]onceAnswer // by key of @idempotent
	jobs    []*job
	hooks   []*Subscription
	foreign []*Subscription
	bulk    []*bulkJob
	spoil   *BulkFault
	history map[int64][]*Event // by order
	nextID  int64
}

// Effect is one change a request made. A mutation that was refused, or
// answered from its key, has none.
type Effect struct {
	Mutation string // the mutation's field, such as orderCancel
	ID       int64  // of what it changed
	Time     time.Time
}

// Effects returns all changes that requests made so far, in order.
func (s *Server) Effects() []Effect {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.writes.effects)
}

// onceAnswer is what a mutation with a key was told.
type onceAnswer struct {
	request string
	value   []byte
}

// complaint is one entry of userErrors.
type complaint struct {
	code    string // "" where the mutation has none
	field   []string
	message string
}

func refuse(code, message string, field ...string) []complaint {
	return []complaint{{code, field, message}}
}

// payload is what a mutation answers: its parts by field, and complaints.
type payload struct {
	parts map[string]any
	bad   []complaint
}

// mutation changes the store; it is called with the server's lock held.
type mutation func(x *exec, in input) payload

// keyed are the mutations that must carry @idempotent since 2026-04.
var keyed = map[string]bool{"inventorySetQuantities": true, "inventoryAdjustQuantities": true, "refundCreate": true}

// mutationFields makes a resolver of each mutation: scope, key, then the work.
func mutationFields() map[string]fieldSet {
	fs := fieldSet{}
	for name, m := range mutations() {
		fs[name] = func(x *exec, f *field, _ any) {
			if !x.may(f, mutationScopes[name]) {
				return
			}
			if keyed[name] && f.once == nil && x.ver >= "2026-04" {
				x.srv.book.Violationf("%s without @idempotent", name)
				x.fail(f, gqlError{message: "The @idempotent directive is required for this mutation but was not provided.", code: "BAD_REQUEST"})
				return
			}
			if e := absentArgument(name, f.args); e != nil {
				x.srv.book.Violationf("%s: %s", name, e.message)
				x.fail(f, *e)
				return
			}
			x.once(name, m, f)
		}
	}
	return map[string]fieldSet{"Mutation": fs}
}

// once runs a mutation, or answers as it did the first time.
func (x *exec) once(name string, m mutation, f *field) {
	typ := f.typ
	if f.once == nil {
		p := m(x, f.args)
		x.object(f, typ, &p)
		return
	}
	args, _ := json.Marshal(f.args)
	request, w := name+string(args), &x.srv.writes
	if old, ok := w.answers[*f.once]; ok {
		if old.request != request {
			x.object(f, typ, &payload{bad: refuse("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "The same idempotency key cannot be used with different operation parameters.")})
			return
		}
		x.buf = append(x.buf, old.value...)
		return
	}
	at := len(x.buf)
	p := m(x, f.args)
	x.object(f, typ, &p)
	if w.answers == nil {
		w.answers = map[string]onceAnswer{}
	}
	w.answers[*f.once] = onceAnswer{request, bytes.Clone(x.buf[at:])}
}

// absentArgument finds a changeFromQuantity that is neither a number nor an
// explicit null.
func absentArgument(name string, args map[string]any) *gqlError {
	list, kind := "quantities", "InventoryQuantityInput"
	switch name {
	case "inventorySetQuantities":
	case "inventoryAdjustQuantities":
		list, kind = "changes", "InventoryChangeInput"
	default:
		return nil
	}
	for _, one := range input(args).sub("input").list(list) {
		if !one.has("changeFromQuantity") {
			return &gqlError{message: kind + " must include the following argument: changeFromQuantity.", code: "INVALID_FIELD_ARGUMENTS"}
		}
	}
	return nil
}

// effect notes a change.
func (x *exec) effect(mutation string, id int64) { x.srv.effect(mutation, id) }

func (s *Server) effect(mutation string, id int64) {
	s.writes.effects = append(s.writes.effects, Effect{mutation, id, s.now()})
}

// fresh is an id nobody has had.
func (s *Server) fresh() int64 {
	s.writes.nextID++
	return 90_000_000_000_000 + s.writes.nextID
}

// payloadFields writes what mutations answer.
func payloadFields() map[string]fieldSet {
	part := func(name string) resolver {
		return func(x *exec, f *field, o any) {
			v := o.(*payload).parts[name]
			switch v := v.(type) {
			case string:
				x.buf = appendOptional(x.buf, v)
			case nil:
				x.nothing(f)
			case []any:
				x.list(f, len(v), func(i int) { x.any(f, v[i]) })
			default:
				x.orNothing(f, v)
			}
		}
	}
	complaints := func(x *exec, f *field, o any) {
		bad := o.(*payload).bad
		x.list(f, len(bad), func(i int) { x.object(f, f.typ, &bad[i]) })
	}
	all := map[string]fieldSet{
		"Job": {
			"id":   str(func(j *job) string { return j.id }),
			"done": boolean(func(j *job) bool { return j.left <= 0 }),
		},
		"InventoryAdjustmentGroup": {
			"id": gid("InventoryAdjustmentGroup", func(g *adjustment) int64 { return g.id }), "createdAt": instant(func(g *adjustment) time.Time { return g.at }),
			"reason": str(func(g *adjustment) string { return g.reason }), "referenceDocumentUri": opt(func(g *adjustment) string { return g.document }),
		},
	}
	for typ, d := range schema().Types {
		switch {
		case d.Fields.ForName("userErrors") != nil || typ == "OrderCancelPayload":
			fs := fieldSet{}
			for _, f := range d.Fields {
				fs[f.Name] = part(f.Name)
			}
			fs["userErrors"], fs["orderCancelUserErrors"] = complaints, complaints
			fs["shop"] = func(x *exec, f *field, _ any) { x.object(f, "Shop", x.srv) }
			all[typ] = fs
		case d.Fields.ForName("message") != nil && d.Fields.ForName("field") != nil:
			all[typ] = fieldSet{
				"code": opt(func(c *complaint) string { return c.code }), "message": str(func(c *complaint) string { return c.message }),
				"field": func(x *exec, f *field, o any) {
					if fields := o.(*complaint).field; len(fields) > 0 {
						x.strings(fields)
						return
					}
					x.nothing(f)
				},
			}
		}
	}
	return all
}

// input is an input object as it came; a name that is absent differs from one
// that is null.
type input map[string]any

func (in input) has(name string) bool { _, ok := in[name]; return ok }

func (in input) text(name string) string {
	s, _ := in[name].(string)
	return s
}

func (in input) number(name string) (int, bool) {
	n, err := strconv.Atoi(fmt.Sprint(in[name]))
	return n, err == nil && in[name] != nil
}

func (in input) bool(name string) bool {
	b, _ := in[name].(bool)
	return b
}

func (in input) sub(name string) input {
	m, _ := in[name].(map[string]any)
	return m
}

func (in input) list(name string) []input {
	all, _ := in[name].([]any)
	var out []input
	for _, one := range all {
		m, _ := one.(map[string]any)
		out = append(out, m)
	}
	return out
}

func (in input) texts(name string) []string {
	all, _ := in[name].([]any)
	var out []string
	for _, one := range all {
		out = append(out, fmt.Sprint(one))
	}
	return out
}

// id reads a global id of a kind.
func (in input) id(name, kind string) int64 {
	k, id, ok := parseGID(in.text(name))
	if !ok || k != "" && k != kind {
		return -1
	}
	return id
}

// put changes a text that is named; null empties it.
func (in input) put(name string, to *string) {
	if in.has(name) {
		*to = in.text(name)
	}
}
