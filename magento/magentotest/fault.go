package magentotest

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Cut says where a fault closes the connection.
type Cut int

const (
	CutNone   Cut = iota
	CutBefore     // within the status line; the request took effect
	CutMiddle     // after the headers and half of the body
	CutUnread     // within the status line; the request had no effect
)

// Fault makes matching requests go wrong. The zero value matches the next
// request of any kind and does nothing to it. Of the fields that act, Delay
// comes first; a Status answers instead of the shop unless After is set, and
// the others spoil the genuine answer.
type Fault struct {
	Method string // "" for any
	// Path is a pattern of path.Match on the path as sent from /V1 on, without
	// the scope: "/V1/orders/*". Other endpoints have their whole path:
	// "/oauth/token/access", "/ims/token/v3". "" for any.
	Path  string
	Scope string // store code; "" for any
	Skip  int    // matching requests let through first
	Times int    // how often it acts; 0 is once, negative for ever

	Delay  time.Duration // waits, or until the request ends
	Status int           // 0 leaves the genuine answer
	Header http.Header   // added to the answer
	Body   string        // sent with Status
	// After lets the request take effect before Status is answered, as when a
	// gateway loses an answer.
	After    bool
	Cut      Cut
	Truncate bool // sends the first half of the JSON with a fitting length
	// Replace puts raw JSON in the place of values of the genuine answer, by
	// dotted path: "items.0.price". Paths that are not there are passed over.
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

// Following returns the fault acting only from the n-th matching request on.
func (f Fault) Following(n int) Fault {
	f.Skip = n
	return f
}

func jsonFault(status int, message string, params ...any) Fault {
	return Fault{Status: status, Body: string(errorBody(message, params, "", nil))}
}

func htmlFault(status int) Fault {
	return Fault{
		Status: status, Header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}}, Body: htmlPage(status),
	}
}

func htmlPage(status int) string {
	text := strconv.Itoa(status) + " " + http.StatusText(status)
	return "<!DOCTYPE html>\n<html><head><title>" + text + "</title></head><body><h1>" + text + "</h1></body></html>\n"
}

func (f Fault) retryAfter(value string) Fault {
	if value == "" {
		return f
	}
	if f.Header == nil {
		f.Header = http.Header{}
	}
	f.Header.Set("Retry-After", value)
	return f
}

// Throttle answers 429 in JSON with Retry-After as given: seconds, a decimal,
// an HTTP date, or "" to leave it out, as the shop's own back-pressure does.
func Throttle(retryAfter string) Fault {
	return jsonFault(http.StatusTooManyRequests, "Too Many Requests").retryAfter(retryAfter)
}

// ThrottleHTML is Throttle with a page of HTML, as from Fastly.
func ThrottleHTML(retryAfter string) Fault {
	return htmlFault(http.StatusTooManyRequests).retryAfter(retryAfter)
}

// TokenInvalid answers the 401 of a bearer token that expired, never was, is
// not allowed, or lacks a resource: all look the same.
func TokenInvalid() Fault { return ResourceMissing("Magento_Catalog::products") }

// ResourceMissing answers the 401 of a token without an ACL resource.
func ResourceMissing(resource string) Fault {
	return jsonFault(http.StatusUnauthorized, msgUnauthorized, "resources", resource)
}

// SignatureInvalid answers the 401 of an OAuth signature that does not fit.
func SignatureInvalid() Fault { return jsonFault(http.StatusUnauthorized, msgSignature) }

// NonceUsed answers the 401 of a nonce that was sent before.
func NonceUsed() Fault { return jsonFault(http.StatusUnauthorized, msgNonce, "1") }

// Forbidden answers 403 with HTML, as a firewall does; the shop itself never
// does.
func Forbidden() Fault { return htmlFault(http.StatusForbidden) }

// NotFound answers 404 of a record that is not there.
func NotFound() Fault { return jsonFault(http.StatusNotFound, msgNoEntity) }

// NoRoute answers 404 of a module that is not installed.
func NoRoute() Fault { return jsonFault(http.StatusNotFound, msgNoRoute) }

// Invalid answers 400 with a message and its parameters: pairs of a name and a
// value if the message has %name placeholders, values if it has %1, %2.
func Invalid(message string, params ...string) Fault {
	list := make([]any, len(params))
	for i, p := range params {
		list[i] = p
	}
	return jsonFault(http.StatusBadRequest, message, list...)
}

// InvalidFields answers 400 with one entry in errors for each field, which is
// said to be required.
func InvalidFields(fields ...string) Fault {
	return Fault{Status: http.StatusBadRequest, Body: string(errorBody("One or more input exceptions have occurred.", nil, "", fields))}
}

// InternalError answers the 500 of anything the shop did not expect.
func InternalError() Fault {
	return jsonFault(http.StatusInternalServerError, "Internal Error. Details are available in Magento log file. Report ID: webapi-60f1c0de00001")
}

// ServerError answers a status such as 500, 502 or 503 with HTML.
func ServerError(status int) Fault { return htmlFault(status) }

// Maintenance answers 503 with the HTML page of a shop in maintenance mode.
func Maintenance() Fault { return htmlFault(http.StatusServiceUnavailable) }

// HTMLPage answers 200 with HTML.
func HTMLPage() Fault { return htmlFault(http.StatusOK) }

// Redirect answers 302 to the address.
func Redirect(to string) Fault {
	return Fault{Status: http.StatusFound, Header: http.Header{"Location": {to}, "Content-Type": {"text/html"}}}
}

// Disconnect closes the connection at cut: before the request had an effect
// with CutUnread, after it with the others.
func Disconnect(cut Cut) Fault { return Fault{Cut: cut} }

// Replaced puts raw JSON in the place of the value at path.
func Replaced(path, raw string) Fault { return Fault{Replace: map[string]string{path: raw}} }

// Inject adds a fault. Faults are tried in the order they came; the first that
// matches and has not acted often enough takes the request.
func (s *Server) Inject(f Fault) {
	f.Header, f.Replace = f.Header.Clone(), maps.Clone(f.Replace)
	s.faults.Add(f, f.Skip, f.Times)
}

// ClearFaults removes every fault.
func (s *Server) ClearFaults() { s.faults.Clear() }

// fault returns the fault that acts on a request, or nil.
func (s *Server) fault(method, at, scope string) *Fault {
	return s.faults.Take(func(f *Fault) bool {
		return (f.Scope == "" || strings.EqualFold(f.Scope, scope)) && serverkit.Matches(f.Method, f.Path, method, at)
	})
}

// answer replaces whatever the answer was.
func (f *Fault) answer(c *call) {
	c.status = f.Status
	c.out.b = append(c.out.b[:0], f.Body...)
	f.headers(c)
}

func (f *Fault) headers(c *call) {
	for name, values := range f.Header {
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
