package magentotest

import (
	"strconv"
	"strings"
)

// pair is one parameter as sent, decoded.
type pair struct {
	key, value string
	bare       bool // without "="
}

// splitQuery reads a query string with one of PHP's two decoders.
func splitQuery(query string, decode func(string) string) []pair {
	if query == "" {
		return nil
	}
	var out []pair
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		k, v, eq := strings.Cut(part, "=")
		out = append(out, pair{decode(k), decode(v), !eq})
	}
	return out
}

// node is a parameter as PHP nests it: a[b][c]=1.
type node struct {
	value string
	keys  []string // in the order they came
	sub   map[string]*node
}

func (n *node) child(key string) *node {
	if n.sub == nil {
		n.sub = map[string]*node{}
	}
	c := n.sub[key]
	if c == nil {
		c = &node{}
		n.sub[key] = c
		n.keys = append(n.keys, key)
	}
	return c
}

// get returns the first of the named children that is there.
func (n *node) get(names ...string) *node {
	if n == nil {
		return nil
	}
	for _, name := range names {
		if c := n.sub[name]; c != nil {
			return c
		}
	}
	return nil
}

func (n *node) text() string {
	if n == nil {
		return ""
	}
	return n.value
}

// parseQuery nests the parameters as PHP does.
func (c *call) parseQuery() {
	c.query = &node{}
	if strings.Contains(c.r.URL.RawQuery, "+") {
		c.violation("a plus sign in the query; a space is %%20, and signatures differ")
	}
	c.pairs = splitQuery(c.r.URL.RawQuery, phpURLDecode)
	if len(c.pairs) > maxVars {
		c.violation("%d parameters; PHP reads %d", len(c.pairs), maxVars)
		c.pairs = c.pairs[:maxVars]
	}
	for _, p := range c.pairs {
		name, rest, nested := strings.Cut(p.key, "[")
		n := c.query.child(name)
		for nested {
			var key string
			key, rest, nested = strings.Cut(rest, "]")
			if !nested {
				break
			}
			if key == "" { // a[]=1
				key = strconv.Itoa(len(n.keys))
			}
			n = n.child(key)
			rest, nested = strings.CutPrefix(rest, "[")
		}
		n.value = p.value
	}
}

// param returns a parameter that is no array.
func (c *call) param(name string) (string, bool) {
	n := c.query.get(name)
	return n.text(), n != nil
}

// list returns the values of an array parameter, or of a single one.
func (c *call) list(name string) []string {
	n := c.query.get(name)
	if n == nil {
		return nil
	}
	if len(n.keys) == 0 {
		return []string{n.value}
	}
	var out []string
	for _, k := range n.keys {
		out = append(out, n.sub[k].value)
	}
	return out
}

// checkQuery reports parameters the endpoint does not have. The shop itself
// passes over most of them.
func (c *call) checkQuery(to *route) {
	for _, name := range c.query.keys {
		if !to.takes(name) {
			c.violation("unknown query parameter %s", name)
		}
	}
}
