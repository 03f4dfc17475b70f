package magentotest

import (
	"mime"
	"net/http"
	"strings"
)

// serveAPI goes the way of a request inside the shop: route, rights,
// parameters, service, answer.
func (c *call) serveAPI() {
	s := c.server
	h := c.r.Header
	c.header.Set("Cache-Control", "no-store, no-cache, must-revalidate, max-age=0")
	c.header.Set("Set-Cookie", "PHPSESSID=0123456789abcdef0123456789; path=/; HttpOnly; SameSite=Lax")
	if h.Get("Cookie") != "" {
		c.violation("a cookie was sent: a session can outrank the token")
	}
	if a := h.Get("Accept"); a != "" && !strings.Contains(a, "*/*") && !strings.Contains(a, "application/json") {
		c.violation("Accept: %s; this server speaks JSON alone", a)
		c.fail(http.StatusNotAcceptable, msgAccept, a)
		return
	}
	if !c.resolveScope() {
		return
	}
	s.advance()
	to, args := findRoute(c.r.Method, c.path)
	rest, many, async := asyncPath(c.path)
	if async = async && c.r.Method != http.MethodGet; async {
		if many {
			to = findBulk(c.r.Method, rest)
		} else {
			to, args = findRoute(c.r.Method, rest)
		}
	}
	if to == nil || !to.served(&s.cfg) {
		if to == nil {
			c.violation("no such endpoint")
		}
		c.fail(http.StatusNotFound, msgNoRoute)
		return
	}
	c.args = args
	c.parseQuery()
	resources, ok := c.authenticate(to)
	if !ok {
		return
	}
	if to.acl != "" && !resources.has(to.acl) {
		c.unauthorized(to.acl)
		return
	}
	c.checkQuery(to)
	if len(c.body) > 0 {
		if c.r.Method == http.MethodGet || c.r.Method == http.MethodDelete && !many {
			c.violation("a body, which is not read")
		} else if kind, _, _ := mime.ParseMediaType(h.Get("Content-Type")); kind != "application/json" {
			c.violation("Content-Type %q with a body", h.Get("Content-Type"))
			c.bad("Content-Type header is invalid.")
			return
		}
	}
	c.status = http.StatusOK
	if async {
		c.schedule(to, args, many)
		return
	}
	to.serve(c)
	if fields, ok := c.param("fields"); ok && c.status == http.StatusOK {
		c.project(fields)
	}
}

// resolveScope finds the store view. For SaaS an unknown one is an error; in a
// path it is no scope at all, and the route is unknown.
func (c *call) resolveScope() bool {
	code := c.scope
	switch {
	case code == "all":
		code = "admin"
	case code == "":
		code = "default"
	}
	if c.view = viewByCode(code); c.view == nil {
		c.violation("no store view has the code %q", c.scope)
		c.fail(http.StatusNotFound, "The store that was requested wasn't found. Verify the store and try again.")
		return false
	}
	return true
}
