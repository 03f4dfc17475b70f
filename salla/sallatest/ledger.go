package sallatest

import (
	"net/http"
	"time"
)

const (
	maxCalls    = 20_000
	maxCallBody = 4 << 10
)

// Ledger counts what one budget was charged.
type Ledger struct {
	Requests  int // all that came in
	Answered  int // let through by the budget
	Throttled int // refused with 429 by the budget; injected ones do not count
	Injected  int // answered by a fault before the budget was asked
}

// Call is one request the server saw. It holds no secret: tokens are replaced
// by REDACTED; bodies for the accounts host and for webhooks are left out.
type Call struct {
	Time     time.Time
	Merchant int64 // 0 when no store could be told
	Method   string
	Host     string
	Path     string
	Query    string // encoded
	Header   http.Header
	Body     string // the first 4 KiB
	Status   int    // 0 when the connection was cut before the answer
	Injected bool   // a fault took part
}

// Calls returns the latest requests, oldest first, at most 20,000.
func (s *Server) Calls() []Call {
	out := s.book.Calls()
	for i := range out {
		out[i].Header = out[i].Header.Clone()
	}
	return out
}

// Violations returns what clients did that Salla's documents forbid or that
// cannot work against the real API, at most 1,000 entries, oldest first.
func (s *Server) Violations() []string { return s.book.Violations() }

// Ledger returns what the store's own budget was charged.
func (s *Store) Ledger() Ledger {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger
}

// CustomersLedger returns what the budget of the customers endpoints was
// charged, over all stores and client addresses.
func (s *Server) CustomersLedger() Ledger {
	var sum Ledger
	s.customers.Range(func(_, v any) bool {
		w := v.(*window)
		w.mu.Lock()
		sum.Requests += w.ledger.Requests
		sum.Answered += w.ledger.Answered
		sum.Throttled += w.ledger.Throttled
		w.mu.Unlock()
		return true
	})
	return sum
}

func (s *Store) count(change func(*Ledger)) {
	s.mu.Lock()
	change(&s.ledger)
	s.mu.Unlock()
}
