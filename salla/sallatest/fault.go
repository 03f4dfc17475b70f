package sallatest

import (
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Cut says where a fault closes the connection.
type Cut int

const (
	CutNone   Cut = iota
	CutBefore     // before the first byte of the answer, when the request took effect
	CutMiddle     // after the headers and half of the body
	CutUnread     // before the request is looked at: it has no effect
)

// Fault makes matching requests go wrong. The zero value matches the next
// request of any kind and does nothing to it. Of the fields that act, Delay
// comes first; a Status answers instead of the server unless After is set, and
// the others spoil the genuine answer.
type Fault struct {
	Method   string // "" for any
	Path     string // pattern of path.Match on the path without /admin/v2; "" for any
	Merchant int64  // 0 for any
	Skip     int    // matching requests let through first
	Times    int    // how often it acts; 0 is once, negative for ever

	Delay  time.Duration // waits, or until the request ends
	Status int           // 0 leaves the genuine answer
	Header http.Header   // added to the answer
	Body   string        // sent with Status
	// After lets the request take effect before Status is answered, as when a
	// gateway loses an answer.
	After    bool
	Cut      Cut
	Truncate bool // sends the first half of the JSON with a fitting length
	// NotSuccess sends success:false under the genuine 2xx status.
	NotSuccess bool
	// Replace puts raw JSON in the place of values of the genuine answer, by
	// dotted path: "data.0.price.amount". Paths that are not there are passed over.
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

func jsonFault(status int, code, message string, fields map[string][]string) Fault {
	c := call{}
	c.failWith(status, code, message, fields)
	return Fault{Status: status, Body: string(c.out.b)}
}

func htmlFault(status int) Fault {
	text := strconv.Itoa(status) + " " + http.StatusText(status)
	return Fault{
		Status: status, Header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}},
		Body: "<!DOCTYPE html><html><head><title>" + text + "</title></head><body><h1>" + text + "</h1></body></html>",
	}
}

// Throttle answers 429 with Retry-After as given: seconds, a decimal, an HTTP
// date, or "" to leave it out.
func Throttle(retryAfter string) Fault {
	f := jsonFault(http.StatusTooManyRequests, `"error"`, "Too Many Attempts.", nil)
	if retryAfter != "" {
		f.Header = http.Header{"Retry-After": {retryAfter}}
	}
	return f
}

// ThrottleHTML is Throttle with a page of HTML, as from a firewall.
func ThrottleHTML(retryAfter string) Fault {
	f := htmlFault(http.StatusTooManyRequests)
	if retryAfter != "" {
		f.Header.Set("Retry-After", retryAfter)
	}
	return f
}

// TokenInvalid answers the 401 of a token that expired or never was.
func TokenInvalid() Fault {
	return jsonFault(http.StatusUnauthorized, `"Unauthorized"`, msgInvalidToken, nil)
}

// TokenInvalidCode is TokenInvalid with the other error code in use.
func TokenInvalidCode() Fault {
	return jsonFault(http.StatusUnauthorized, `"Invalid-token"`, msgInvalidToken, nil)
}

// StoreGone answers the 401 of a store that took the app out.
func StoreGone() Fault {
	return jsonFault(http.StatusUnauthorized, `"Unauthorized"`, msgGone, nil)
}

// StoreInactive answers the 401 of an account that is not active.
func StoreInactive() Fault {
	return jsonFault(http.StatusUnauthorized, `"Unauthorized"`, "عفوا لا يمكنك تسجيل الدخول, حسابك غير مفعل", nil)
}

// ScopeMissing answers the 401 of a token without a scope.
func ScopeMissing(scope string) Fault {
	return jsonFault(http.StatusUnauthorized, `"Unauthorized"`, msgScope+scope, nil)
}

// Forbidden answers the 403 of a feature the app is not entitled to.
func Forbidden() Fault {
	return jsonFault(http.StatusForbidden, `"error"`, "التطبيق لا يدعم هذه الخاصية", nil)
}

// NotFound answers 404 in the Arabic form.
func NotFound() Fault { return jsonFault(http.StatusNotFound, `"error"`, msgNotFoundAR, nil) }

// Invalid answers 422; fields may be nil.
func Invalid(fields map[string][]string) Fault {
	return jsonFault(http.StatusUnprocessableEntity, `"validation_failed"`, "Validation is not successfull", fields)
}

// InvalidGrant answers the token endpoint's refusal.
func InvalidGrant(status int) Fault {
	c := call{header: http.Header{}}
	c.oauthError(status, "invalid_grant", msgInvalidGrant)
	return Fault{Status: status, Body: string(c.out.b)}
}

// ServerError answers a status such as 500, 502 or 503 with HTML.
func ServerError(status int) Fault { return htmlFault(status) }

// HTMLPage answers 200 with HTML.
func HTMLPage() Fault { return htmlFault(http.StatusOK) }

// Redirect answers 302 to the address.
func Redirect(to string) Fault {
	return Fault{Status: http.StatusFound, Header: http.Header{"Location": {to}, "Content-Type": {"text/html"}}}
}

// Disconnect closes the connection at cut; unless that is CutUnread the request
// has taken effect.
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
func (s *Server) fault(method, at string, merchant int64) *Fault {
	return s.faults.Take(func(f *Fault) bool {
		return (f.Merchant == 0 || f.Merchant == merchant) && serverkit.Matches(f.Method, f.Path, method, at)
	})
}

// early says whether the fault acts before the server does anything.
func (f *Fault) early() bool { return f.Status != 0 && !f.After || f.Cut == CutUnread }

// answer replaces whatever the answer was.
func (f *Fault) answer(c *call) {
	c.status = f.Status
	c.out.b = append(c.out.b[:0], f.Body...)
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
	for name, values := range f.Header {
		c.header[http.CanonicalHeaderKey(name)] = values
	}
	if f.NotSuccess {
		c.out.b = serverkit.ReplaceJSON(c.out.b, "success", "false")
	}
	for at, raw := range f.Replace {
		c.out.b = serverkit.ReplaceJSON(c.out.b, at, raw)
	}
	if f.Truncate {
		c.out.b = c.out.b[:len(c.out.b)/2]
	}
}
