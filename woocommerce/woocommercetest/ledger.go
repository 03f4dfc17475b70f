package woocommercetest

import (
	"net/http"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

const (
	maxCalls    = 20_000
	maxCallBody = 4 << 10
)

// Ledger counts what the store was asked. WooCommerce has no rate limit, so what
// matters is how much at once.
type Ledger struct {
	Requests   int // all that came in
	Succeeded  int // answered 2xx or 3xx
	Refused    int // answered 401 or 403
	Failed     int // answered any other error, or cut
	Injected   int // a fault took part
	Concurrent int // the most under way at the same time
}

// Call is one request the server saw. It holds no secret: keys, signatures and
// webhook secrets are replaced or left out.
type Call struct {
	Time   time.Time
	Method string // as sent, before an override
	HTTPS  bool
	Host   string
	Path   string // as sent
	// Route is the path faults match: of wc/v3 without that, such as
	// "/products/12"; of anything else the path inside the store.
	Route    string
	Query    string // encoded, secrets replaced
	Header   http.Header
	Body     string // the first 4 KiB; not of webhooks
	Status   int    // 0 when the connection was cut before the answer
	KeyID    int64  // of the key that counted; 0 for none
	Injected bool   // a fault took part
}

func (s *Server) newRecord(c *call, https bool) *Call {
	record := &Call{
		Time: s.cfg.Clock(), Method: c.r.Method, HTTPS: https, Host: c.r.Host, Path: c.r.URL.Path, Route: c.at,
		Query: redactQuery(c.r.URL.RawQuery), Header: serverkit.Redacted(c.r.Header, "Authorization", "Cookie"),
	}
	if !isWebhooks(c.at) {
		record.Body = string(c.body[:min(len(c.body), maxCallBody)])
	}
	return record
}

// book counts the calls besides keeping them.
type book struct {
	*serverkit.Book[Call]
	mu     sync.Mutex
	ledger Ledger
	under  int
}

func (b *book) enter() {
	b.mu.Lock()
	b.under++
	b.ledger.Requests++
	b.ledger.Concurrent = max(b.ledger.Concurrent, b.under)
	b.mu.Unlock()
}

func (b *book) leave() {
	b.mu.Lock()
	b.under--
	b.mu.Unlock()
}

func (b *book) add(c Call) {
	b.mu.Lock()
	switch {
	case c.Status >= 200 && c.Status < 400:
		b.ledger.Succeeded++
	case c.Status == http.StatusUnauthorized || c.Status == http.StatusForbidden:
		b.ledger.Refused++
	default:
		b.ledger.Failed++
	}
	if c.Injected {
		b.ledger.Injected++
	}
	b.mu.Unlock()
	b.Add(c)
}

// Calls returns the latest requests, oldest first, at most 20,000.
func (s *Server) Calls() []Call {
	out := s.book.Calls()
	for i := range out {
		out[i].Header = out[i].Header.Clone()
	}
	return out
}

// Violations returns what clients did that cannot work against a real store, or
// that it silently ignores or spoils, at most 1,000 entries, oldest first.
func (s *Server) Violations() []string { return s.book.Violations() }

// Ledger returns what the store was asked so far.
func (s *Server) Ledger() Ledger {
	s.book.mu.Lock()
	defer s.book.mu.Unlock()
	return s.book.ledger
}
