package stalltest

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Ledger counts the calls, and those refused for want of credit.
type Ledger struct{ Requests, Throttled int }

// Ledger returns the counts so far.
func (s *Server) Ledger() Ledger {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger
}

// pay takes one credit and says what is left.
func (s *Server) pay(h http.Header) bool {
	now := time.Now()
	s.level = min(s.config.Size, s.level+now.Sub(s.filled).Seconds()*s.config.PerSecond)
	s.filled = now
	s.ledger.Requests++
	paid := s.level >= 1
	if paid {
		s.level--
	} else {
		s.ledger.Throttled++
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil((1-s.level)/s.config.PerSecond))))
	}
	h.Set("Stall-Credit", fmt.Sprintf("%d/%.0f; %.0f per second", int(s.level), s.config.Size, s.config.PerSecond))
	return paid
}
