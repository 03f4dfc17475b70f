package bigcommercetest

import (
	"maps"
	"net/http"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Cut says where a fault closes the connection.
type Cut int

const (
	CutNone   Cut = iota // nowhere
	CutBefore            // before the first byte of the answer; the request does not take effect
	CutAfter             // before the first byte of the answer, after the request took effect
	CutMiddle            // after the headers and half of the body
)

// Fault makes matching requests go wrong. The zero value matches the next
// request of any kind and does nothing to it. Of the fields that act, Delay
// comes first; a Status answers instead of the server unless After is set, and
// the others spoil the genuine answer.
type Fault struct {
	Method    string // "" for any
	Path      string // pattern of path.Match on the path from /v2 or /v3, or /oauth2/token; "" for any
	StoreHash string // "" for any
	Skip      int    // matching requests let through first
	Times     int    // how often it acts; 0 is once, negative for ever

	Delay  time.Duration // waits, or until the request ends
	Status int           // 0 leaves the genuine answer
	Header http.Header   // added to the answer; a nil value removes the genuine header
	Body   string        // sent with Status
	// After lets the request take effect before Status is answered, as when a
	// gateway loses an answer.
	After    bool
	Cut      Cut
	Truncate bool // sends the first half of the JSON with a fitting length
	// Replace puts raw JSON in the place of values of the genuine answer, by
	// dotted path: "data.0.price". Paths that are not there are passed over.
	Replace map[string]string
}

// On returns the fault limited to a method and a path pattern.
func (f Fault) On(method, pattern string) Fault {
	f.Method, f.Path = method, pattern
	return f
}

// Repeat returns the fault acting n times, or for ever when n is negative.
func (f Fault) Repeat(n int) Fault {
	f.Times = n
	return f
}

// Skipping returns the fault letting n matching requests through first.
func (f Fault) Skipping(n int) Fault {
	f.Skip = n
	return f
}

// Inject adds a fault. Faults are tried in the order they came; the first that
// matches and has not acted often enough takes the request.
func (s *Server) Inject(f Fault) {
	f.Header, f.Replace = f.Header.Clone(), maps.Clone(f.Replace)
	s.faults.Add(f, f.Skip, f.Times)
}

// ClearFaults removes every fault.
func (s *Server) ClearFaults() { s.faults.Clear() }

// fault returns the fault that acts on a request, or nil.
func (s *Server) fault(method, at, hash string) *Fault {
	return s.faults.Take(func(f *Fault) bool {
		return (f.StoreHash == "" || f.StoreHash == hash) && serverkit.Matches(f.Method, f.Path, method, at)
	})
}

// early says whether the fault answers before the server does anything.
func (f *Fault) early() bool { return f.Status != 0 && !f.After || f.Cut == CutBefore }

// answer replaces whatever the answer was.
func (f *Fault) answer(c *call) {
	c.status = f.Status
	c.out.b = append(c.out.b[:0], f.Body...)
	f.headers(c)
}

func (f *Fault) headers(c *call) {
	for name, values := range f.Header {
		if values == nil {
			c.header.Del(name)
			continue
		}
		c.header[http.CanonicalHeaderKey(name)] = values
	}
}

// alter spoils a genuine answer.
func (f *Fault) alter(c *call) {
	if f.Status != 0 {
		f.answer(c)
		return
	}
	f.headers(c)
	for at, raw := range f.Replace {
		c.out.b = serverkit.ReplaceJSON(c.out.b, at, raw)
	}
	if f.Truncate {
		c.out.b = c.out.b[:len(c.out.b)/2]
	}
}
