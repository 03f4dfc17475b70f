package woocommercetest

// cached writes a list, rendered before if the records are still those. The
// version must have been read before the rows were chosen.
func cached[R any](c *call, version int, list []R, each func(w *writer, r R)) {
	key := c.pageName()
	if b := c.server.pages.Get(version, key); b != nil {
		c.status, c.out.b = 200, append(c.out.b[:0], b...)
		return
	}
	rowsOf(c, list, each)
	c.server.pages.Put(version, key, c.out.b)
}

// pageName names a page by all that its body depends on.
func (c *call) pageName() string {
	q := &phpArray{}
	for _, n := range c.query.names {
		if n == "_fields" || !isGlobal(n) {
			q.set(n, c.query.values[n])
		}
	}
	return c.route + "?" + q.encode()
}
