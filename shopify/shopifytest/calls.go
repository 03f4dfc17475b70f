package shopifytest

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
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

// Calls returns the latest requests, oldest first, at most 4096.
func (s *Server) Calls() []Call { return s.book.Calls() }

// ResetCalls empties the call log and the violations.
func (s *Server) ResetCalls() { s.book.Reset() }

// Violations lists what a correct client would not have sent: a field the
// schema does not have, a dead version, a page above 250, a query above 1000
// points, a search the platform half ignores, a stale cursor, another shop's
// host, clear text. At most 1000 are kept.
func (s *Server) Violations() []string { return s.book.Violations() }

// redact copies headers without the values that are secret.
func redact(h http.Header) http.Header {
	return serverkit.Redacted(h, "X-Shopify-Access-Token", "Authorization", "Cookie")
}
