package shopifytest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxCalls bounds the call log; the oldest calls go first.
const maxCalls = 4096

// Call is one request as the server saw it.
type Call struct {
	Time      time.Time
	Host      string
	Path      string
	Version   string // that answered, "" outside GraphQL
	Operation string // operation name, or oauth.<grant type>
	Query     string
	Variables json.RawMessage
	Status    int         // 0 when the connection was cut
	Requested int         // points
	Actual    int         // points, 0 when nothing ran
	Codes     []string    // extensions.code of each entry in errors, "" where it has none
	Fault     string      // what was injected, "" = nothing
	Header    http.Header // of the request, without secrets
}

type callLog struct {
	mu         sync.Mutex
	calls      []Call
	violations []string
}

func (l *callLog) add(c Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.calls) >= maxCalls {
		l.calls = slices.Delete(l.calls, 0, maxCalls/4)
	}
	l.calls = append(l.calls, c)
}

// Calls returns the latest requests, oldest first, at most 4096.
func (s *Server) Calls() []Call {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.calls)
}

// ResetCalls empties the call log and the violations.
func (s *Server) ResetCalls() {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.calls, s.log.violations = nil, nil
}

// Violations lists what a correct client would not have sent: a field the
// schema does not have, a dead version, a page above 250, a query above 1000
// points, a search the platform half ignores, a stale cursor, another shop's
// host, clear text. At most 1000 are kept.
func (s *Server) Violations() []string {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.violations)
}

func (s *Server) violation(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	s.log.mu.Lock()
	if len(s.log.violations) < 1000 {
		s.log.violations = append(s.log.violations, text)
	}
	s.log.mu.Unlock()
	if tb := s.cfg.TB; tb != nil && !s.closed.Load() {
		tb.Helper()
		tb.Errorf("shopifytest: %s", text)
	}
}

// redact copies headers without the values that are secret.
func redact(h http.Header) http.Header {
	c := h.Clone()
	for name := range c {
		switch strings.ToLower(name) {
		case "x-shopify-access-token", "authorization", "cookie":
			c[name] = []string{"REDACTED"}
		}
	}
	return c
}
