package woocommercetest

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	maxCalls      = 20_000
	maxViolations = 1_000
	maxCallBody   = 4 << 10
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
	header := c.r.Header.Clone()
	for _, name := range []string{"Authorization", "Cookie"} {
		if header.Get(name) != "" {
			header.Set(name, "REDACTED")
		}
	}
	record := &Call{
		Time: s.cfg.Clock(), Method: c.r.Method, HTTPS: https, Host: c.r.Host, Path: c.r.URL.Path, Route: c.at,
		Query: redactQuery(c.r.URL.RawQuery), Header: header,
	}
	if !isWebhooks(c.at) {
		record.Body = string(c.body[:min(len(c.body), maxCallBody)])
	}
	return record
}

// book keeps calls and violations.
type book struct {
	mu         sync.Mutex
	tb         TB
	calls      []Call
	next       int // where the oldest call is once the list is full
	violations []string
	ledger     Ledger
	under      int
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
	defer b.mu.Unlock()
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
	if len(b.calls) < maxCalls {
		b.calls = append(b.calls, c)
		return
	}
	b.calls[b.next] = c
	b.next = (b.next + 1) % maxCalls
}

func (b *book) violation(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	text := fmt.Sprintf(format, args...)
	if len(b.violations) < maxViolations {
		b.violations = append(b.violations, text)
	}
	if b.tb != nil {
		b.tb.Helper()
		b.tb.Errorf("woocommercetest: %s", text)
	}
}

// mute stops reporting to the test, which may be over.
func (b *book) mute() {
	b.mu.Lock()
	b.tb = nil
	b.mu.Unlock()
}

// Calls returns the latest requests, oldest first, at most 20,000.
func (s *Server) Calls() []Call {
	s.book.mu.Lock()
	defer s.book.mu.Unlock()
	out := slices.Concat(s.book.calls[s.book.next:], s.book.calls[:s.book.next])
	for i := range out {
		out[i].Header = out[i].Header.Clone()
	}
	return out
}

// Violations returns what clients did that cannot work against a real store, or
// that it silently ignores or spoils, at most 1,000 entries, oldest first.
func (s *Server) Violations() []string {
	s.book.mu.Lock()
	defer s.book.mu.Unlock()
	return slices.Clone(s.book.violations)
}

// Ledger returns what the store was asked so far.
func (s *Server) Ledger() Ledger {
	s.book.mu.Lock()
	defer s.book.mu.Unlock()
	return s.book.ledger
}
