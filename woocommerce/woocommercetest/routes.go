package woocommercetest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// act is what a route does, for the words of a refusal.
type act int

const (
	actList act = iota
	actView
	actCreate
	actEdit
	actDelete
	actBatch
)

// route is an endpoint. In its path # is a number and * a word.
type route struct {
	methods string // with spaces between
	path    string
	act     act
	fields  []field // of the query when reading, of the body when writing
	serve   func(*call) *apiError
	public  bool
	since   [2]int // version of WooCommerce
	segs    []string
}

const editing = "POST PUT PATCH"

// routesOf lists the endpoints; made once per server, since what is accepted
// depends on its statuses.
func (s *Server) routesOf() []*route {
	s.routesOnce.Do(func() {
		s.routes = slices.Concat(s.productRoutes(), s.orderRoutes(), s.customerRoutes(), s.webhookRoutes(), s.otherRoutes(), termRoutes())
		for _, r := range s.routes {
			r.segs = strings.Split(strings.Trim(r.path, "/"), "/")
		}
	})
	return s.routes
}

// routeTable is part of Server.
type routeTable struct {
	routesOnce sync.Once
	routes     []*route
}

func (r *route) match(segs []string) (args []int64, words []string, ok bool) {
	if len(segs) != len(r.segs) {
		return nil, nil, false
	}
	for i, want := range r.segs {
		switch want {
		case "#":
			n, err := strconv.ParseInt(segs[i], 10, 64)
			if err != nil || segs[i][0] == '-' || segs[i][0] == '+' {
				return nil, nil, false
			}
			args = append(args, n)
		case "*":
			words = append(words, segs[i])
		default:
			if want != segs[i] {
				return nil, nil, false
			}
		}
	}
	return args, words, true
}

// dispatch finds the route, checks what was sent and who sent it, and serves.
func (c *call) dispatch() *apiError {
	s := c.server
	if c.route == "/" || c.route == "/wc/v3" && !s.cfg.NoWooCommerce {
		return c.serveIndex()
	}
	short, ok := strings.CutPrefix(c.route, "/wc/v3/")
	if !ok || s.cfg.NoWooCommerce {
		return noRoute()
	}
	segs := strings.Split(short, "/")
	var found *route
	var methods []string
	for _, r := range s.routesOf() {
		args, words, ok := r.match(segs)
		if !ok || !s.cfg.atLeast(r.since[0], r.since[1]) {
			continue
		}
		of := strings.Fields(r.methods)
		methods = append(methods, of...)
		method := c.method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		if found == nil && slices.Contains(of, method) {
			found, c.args, c.words = r, args, words
		}
	}
	if found == nil {
		if len(methods) == 0 {
			s.book.Violationf("%s %s: no such endpoint", c.method, c.at)
		}
		return noRoute()
	}
	if err := c.check(found); err != nil {
		return err
	}
	if err := c.allowed(found); err != nil {
		return err
	}
	c.header.Set("Allow", strings.Join(methods, ", "))
	return found.serve(c)
}

// globals are parameters WordPress itself takes on every route.
func isGlobal(name string) bool {
	switch name {
	case "_fields", "_method", "_locale", "rest_route", "consumer_key", "consumer_secret":
		return true
	}
	return strings.HasPrefix(name, "oauth_")
}

// check validates the parameters of the query or the body.
func (c *call) check(r *route) *apiError {
	if c.reading() || r.act == actDelete {
		return c.checkQuery(r)
	}
	if err := c.readInput(); err != nil {
		return err
	}
	for _, n := range c.query.names { // parameters of the query count too
		if text, ok := c.query.values[n].(string); ok && !isGlobal(n) && c.input[n] == nil {
			c.input[n] = json.RawMessage(appendText(nil, text))
		}
	}
	if r.act == actBatch {
		return nil
	}
	var missing []string
	var bad []wrong
	for i := range r.fields {
		f := &r.fields[i]
		raw, there := c.input[f.name]
		switch {
		case f.required && (!there || isNull(raw)):
			missing = append(missing, f.name)
			continue
		case !there:
			continue
		case isNull(raw):
			c.sanitizeNull(f)
			continue
		}
		if w := f.checkJSON(raw); w != nil {
			bad = append(bad, *w)
		}
	}
	c.unknownInput(c.input, r.fields)
	if missing != nil {
		return missingParams(missing)
	}
	if bad != nil {
		return invalidParams(bad)
	}
	return nil
}

// sanitizeNull makes of null what WordPress makes of it before a route sees it:
// no validation minds it, and it becomes the zero value of its type.
func (c *call) sanitizeNull(f *field) {
	kind, nullable := strings.CutSuffix(f.kind, "?")
	zero := map[string]string{"string": `""`, "integer": "0", "boolean": "false", "array": "[]", "object": "[]"}[kind]
	switch {
	case kind == "integer" && nullable: // emptied on purpose
	case nullable && kind != "object", kind == "stockflag":
		delete(c.input, f.name)
		c.server.book.Violationf("%s %s: %s is null, silently ignored", c.method, c.at, f.name)
	case zero != "":
		c.input[f.name] = json.RawMessage(zero)
		if !nullable {
			c.server.book.Violationf("%s %s: null writes %s into %s", c.method, c.at, zero, f.name)
		}
	}
}

// unknownInput reports fields of a body the store ignores.
func (c *call) unknownInput(in input, fields []field) {
	for name := range in {
		if name != "id" && !slices.ContainsFunc(fields, func(f field) bool { return f.name == name }) {
			c.server.book.Violationf("%s %s: unknown field %s, silently ignored", c.method, c.at, name)
		}
	}
}

func (c *call) checkQuery(r *route) *apiError {
	c.params = map[string]string{}
	for _, n := range c.query.names {
		if !isGlobal(n) && !slices.ContainsFunc(r.fields, func(f field) bool { return f.name == n }) {
			c.server.book.Violationf("%s %s: unknown parameter %s, silently ignored", c.method, c.at, n)
		}
	}
	var bad []wrong
	for i := range r.fields {
		f := &r.fields[i]
		v, there := c.query.values[f.name]
		if !there {
			continue
		}
		if w := f.checkText(v); w != nil {
			bad = append(bad, *w)
			continue
		}
		if text, ok := v.(string); ok {
			c.params[f.name] = text
		}
	}
	if bad != nil {
		return invalidParams(bad)
	}
	return nil
}

// list returns a list parameter, however it was spelled.
func (c *call) list(name string) []string { return listOf(c.query.values[name]) }

func (c *call) ids(name string) []int64 {
	var out []int64
	for _, t := range c.list(name) {
		n, _ := strconv.ParseInt(t, 10, 64)
		out = append(out, n)
	}
	return out
}

func (c *call) flag(name string) (value, given bool) { return parseBool(c.params[name]) }

func (c *call) number(name string, def int) int {
	if v, ok := c.params[name]; ok {
		return atoi(v)
	}
	return def
}

// isWebhooks says whether a route's bodies hold secrets.
func isWebhooks(at string) bool { return at == "/webhooks" || strings.HasPrefix(at, "/webhooks/") }
