package bigcommercetest

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

// Ledger counts what a store's quota was charged.
type Ledger struct {
	Requests  int // all that came in with one of the store's tokens
	Answered  int // let through
	Throttled int // refused with 429 because the quota was used up
	Crowded   int // refused with 429 because too many were under way
	Injected  int // answered by a fault before the quota was asked
}

// Call is one request the server saw. It holds no secret: tokens are replaced
// by REDACTED; bodies for the login host and for hooks are left out.
type Call struct {
	Time      time.Time
	StoreHash string // "" when no store could be told
	Method    string
	Host      string
	Path      string
	Query     string // encoded
	Header    http.Header
	Body      string // the first 4 KiB
	Status    int    // 0 when the connection was cut before the answer
	Injected  bool   // a fault took part
}

// book keeps calls and violations.
type book struct {
	mu         sync.Mutex
	tb         TB
	calls      []Call
	next       int // where the oldest call is once the list is full
	violations []string
}

func (b *book) add(c Call) {
	b.mu.Lock()
	defer b.mu.Unlock()
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
		b.tb.Errorf("bigcommercetest: %s", text)
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

// Violations returns what clients did that BigCommerce's documents forbid or
// that cannot work against the real API, at most 1,000 entries, oldest first.
func (s *Server) Violations() []string {
	s.book.mu.Lock()
	defer s.book.mu.Unlock()
	return slices.Clone(s.book.violations)
}

// Ledger returns what the store's quota was charged.
func (s *Store) Ledger() Ledger {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger
}

func (s *Store) count(change func(*Ledger)) {
	s.mu.Lock()
	change(&s.ledger)
	s.mu.Unlock()
}

func redactedHeader(h http.Header) http.Header {
	out := h.Clone()
	for _, name := range []string{"X-Auth-Token", "Authorization", "Cookie"} {
		if out.Get(name) != "" {
			out.Set(name, "REDACTED")
		}
	}
	return out
}
