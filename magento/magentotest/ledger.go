package magentotest

import (
	"net/http"
	"time"
)

const (
	maxCalls    = 20_000
	maxCallBody = 4 << 10
)

// Ledger counts what the shop was asked to do. Magento has no rate limit of
// its own, so MaxConcurrent is what tells a polite client from a rude one.
type Ledger struct {
	Requests      int // all that came in for the API
	Answered      int // answered with 2xx
	Refused       int // answered with any other status by the shop itself
	Injected      int // answered by a fault before the shop did anything
	Rows          int // records in answered lists
	MaxConcurrent int // requests under way at the same time, at most
}

// Call is one request the server saw. It holds no secret: tokens are replaced
// by REDACTED, and bodies of the paths that carry secrets are left out.
type Call struct {
	Time     time.Time
	Method   string
	Host     string
	Path     string // as sent, percent-encoded
	Query    string // as sent
	Scope    string // store code of the path or Store header; "" without one
	Auth     string // "oauth", "bearer" or ""
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

// Violations returns what clients did that cannot work against a real shop or
// works there only by accident: an unknown parameter or field, a wrong path or
// host, a store scope that does not exist, a sort or filter on no column, a
// session cookie sent back. At most 1,000 entries, oldest first.
func (s *Server) Violations() []string { return s.book.Violations() }

// ResetCalls empties the list of calls, the violations and the ledger.
func (s *Server) ResetCalls() {
	s.book.Reset()
	s.count(func(l *Ledger) { *l = Ledger{} })
}

// Ledger returns what was counted since the start or ResetCalls.
func (s *Server) Ledger() Ledger {
	s.ledgerMu.Lock()
	defer s.ledgerMu.Unlock()
	return s.ledger
}

func (s *Server) count(change func(*Ledger)) {
	s.ledgerMu.Lock()
	change(&s.ledger)
	s.ledgerMu.Unlock()
}
