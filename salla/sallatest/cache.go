package sallatest

import "net/http"

// pageOf answers a page, rendered before if the records are still those. The
// version must have been read before the page was chosen.
func (c *call) pageOf(version int, pg page, each func(w *writer)) {
	key := c.path + "?" + c.r.URL.RawQuery
	if c.english {
		key = "en " + key
	}
	if b := c.store.pages.Get(version, key); b != nil {
		c.status, c.out.b = http.StatusOK, append(c.out.b[:0], b...)
		return
	}
	c.rows(pg, each)
	c.store.pages.Put(version, key, c.out.b)
}
