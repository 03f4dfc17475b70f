package woocommercetest

import (
	"bytes"
	"sync"
)

// maxPages bounds the bytes of rendered pages a store keeps.
const maxPages = 64 << 20

// pageCache keeps rendered pages, so that a benchmark which lists a large store
// again and again measures its client. Ready to use when zero.
type pageCache struct {
	mu    sync.Mutex
	size  int
	pages map[string]cachedPage
}

type cachedPage struct {
	version int
	body    []byte
}

func (p *pageCache) get(version int, key string) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e := p.pages[key]; e.version == version {
		return e.body
	}
	return nil
}

func (p *pageCache) put(version int, key string, body []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.size > maxPages || p.pages == nil {
		p.pages, p.size = map[string]cachedPage{}, 0
	}
	p.size += len(body) - len(p.pages[key].body)
	p.pages[key] = cachedPage{version, bytes.Clone(body)}
}

// cached writes a list, rendered before if the records are still those. The
// version must have been read before the rows were chosen.
func cached[R any](c *call, version int, list []R, each func(w *writer, r R)) {
	key := c.pageName()
	if b := c.server.pages.get(version, key); b != nil {
		c.status, c.out.b = 200, append(c.out.b[:0], b...)
		return
	}
	rowsOf(c, list, each)
	c.server.pages.put(version, key, c.out.b)
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
