package serverkit

import (
	"bytes"
	"sync"
)

// maxPageBytes bounds the pages kept; a server's pages are a few hundred KiB.
const maxPageBytes = 64 << 20

// Pages keeps rendered pages, so that a benchmark which lists a large store
// again and again measures its client. A page holds for one version of the
// records. It keeps about 64 MiB and starts afresh beyond. Ready to use when
// zero; safe for concurrent use.
type Pages struct {
	mu    sync.Mutex
	size  int
	pages map[string]page
}

type page struct {
	version int
	body    []byte
}

// Get returns the page kept under key for that version, which is not to be
// written to, or nil.
func (p *Pages) Get(version int, key string) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e := p.pages[key]; e.version == version {
		return e.body
	}
	return nil
}

// Put keeps a copy of body under key in the place of any other version. The
// version must have been read before the records of the page were.
func (p *Pages) Put(version int, key string, body []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.size > maxPageBytes || p.pages == nil {
		p.pages, p.size = map[string]page{}, 0
	}
	p.size += len(body) - len(p.pages[key].body)
	p.pages[key] = page{version, bytes.Clone(body)}
}
