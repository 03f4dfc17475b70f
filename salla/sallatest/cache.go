package sallatest

import (
	"bytes"
	"net/http"
	"sync"
)

// maxPages bounds the bytes of rendered pages a store keeps.
const maxPages = 64 << 20

// pageCache keeps rendered pages, so that a benchmark which lists a large store
// again and again measures its client. An entry holds for one version of the
// records. Ready to use when zero.
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

// pageOf answers a page, rendered before if the records are still those. The
// version must have been read before the page was chosen.
func (c *call) pageOf(version int, pg page, each func(w *writer)) {
	key := c.path + "?" + c.r.URL.RawQuery
	if c.english {
		key = "en " + key
	}
	if b := c.store.pages.get(version, key); b != nil {
		c.status, c.out.b = http.StatusOK, append(c.out.b[:0], b...)
		return
	}
	c.rows(pg, each)
	c.store.pages.put(version, key, c.out.b)
}
