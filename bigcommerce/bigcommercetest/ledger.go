package bigcommercetest

import (
	"net/http"
	"time"
)

const (
	maxCalls    = 20_000
	maxCallBody = 4 << 10
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

// Calls returns the latest requests, oldest first, at most 20,000.
func (s *Server) Calls() []Call {
	out := s.book.Calls()
	for i := range out {
		out[i].Header = out[i].Header.Clone()
	}
	return out
}

// Violations returns what clients did that BigCommerce's documents forbid or
// that cannot work against the real API, at most 1,000 entries, oldest first.
func (s *Server) Violations() []string { return s.book.Violations() }

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
