package shopifytest

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Fault is one thing that goes wrong. The fields above the line say when,
// exactly one of those below what; Delay and Version go with any of them.
type Fault struct {
	// Operation is the name of the GraphQL operation, or oauth.<grant type>
	// for the token endpoint; "" is any request.
	Operation string
	// Skip lets that many matching requests pass first.
	Skip int
	// Times is how often the fault happens; 0 is once, -1 for ever.
	Times int

	// Status answers with that status, Header and Body instead of running.
	Status int
	Header http.Header
	Body   string
	// Throttle answers THROTTLED although the bucket holds enough.
	Throttle bool
	// Cut closes the connection before the answer; the operation does not run.
	Cut bool
	// CutAfter runs the operation and closes the connection after half of the
	// body.
	CutAfter bool
	// Truncate runs the operation and answers half of the body, with a length
	// that fits the half.
	Truncate bool
	// HTML answers 200 with an HTML page.
	HTML bool
	// OnlyErrors answers 200 with errors and no data.
	OnlyErrors bool
	// Internal answers INTERNAL_SERVER_ERROR in a 200. A mutation's outcome
	// is then unknown.
	Internal bool
	// NullAt makes the value at this path of the answer null and adds an
	// entry to errors. A path is dotted, from the root of the body:
	// data.products.nodes.0.title.
	NullAt string
	// SetAt puts the JSON text SetTo at this path.
	SetAt, SetTo string
	// Redirect answers 307 with this Location.
	Redirect string

	// Delay waits before anything else, at most until the request ends.
	Delay time.Duration
	// Version answers with this X-Shopify-API-Version.
	Version string
}

// RetryAfter is a 429 with that Retry-After: "2", "2.0", an HTTP date, or ""
// for none.
func RetryAfter(value string) Fault {
	f := Fault{Status: http.StatusTooManyRequests, Header: http.Header{},
		Body: `{"errors":"Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service."}`}
	if value != "" {
		f.Header.Set("Retry-After", value)
	}
	return f
}

// BadGateway is a 502 with an HTML page, as the edge sends it.
func BadGateway() Fault {
	return Fault{Status: http.StatusBadGateway, Header: http.Header{"Content-Type": {"text/html"}}, Body: htmlPage}
}

const htmlPage = "<!DOCTYPE html>\n<html><head><title>Something went wrong</title></head><body><h1>502</h1></body></html>\n"

// kind names the fault in the call log.
func (f *Fault) kind() string {
	switch {
	case f.Status != 0:
		return "status " + strconv.Itoa(f.Status)
	case f.Throttle:
		return "throttle"
	case f.Cut:
		return "cut"
	case f.CutAfter:
		return "cut after half"
	case f.Truncate:
		return "truncate"
	case f.HTML:
		return "html"
	case f.OnlyErrors:
		return "only errors"
	case f.Internal:
		return "internal"
	case f.NullAt != "":
		return "null at " + f.NullAt
	case f.SetAt != "":
		return "set " + f.SetAt
	case f.Redirect != "":
		return "redirect"
	case f.Version != "":
		return "version"
	}
	return "delay"
}

// Inject adds a fault. Of several that match, the one injected first wins
// until it is used up.
func (s *Server) Inject(f Fault) {
	f.Header = f.Header.Clone()
	s.faults.Add(f, f.Skip, f.Times)
}

// ClearFaults removes every fault that has not happened yet.
func (s *Server) ClearFaults() { s.faults.Clear() }

// fault returns the fault that acts on an operation, or nil.
func (s *Server) fault(operation string) *Fault {
	return s.faults.Take(func(f *Fault) bool { return f.Operation == "" || f.Operation == operation })
}

// faultBefore does what keeps the operation from running and reports
// whether the answer is done.
func (s *Server) faultBefore(w http.ResponseWriter, r *http.Request, f *Fault, call *Call) bool {
	if !wait(r, f.Delay) {
		return true
	}
	answer := func(status int, kind, body string) bool {
		for name, values := range f.Header {
			w.Header()[name] = values
		}
		if w.Header().Get("Content-Type") == "" {
			w.Header().Set("Content-Type", kind)
		}
		s.finish(w, r, call, f, result{status, []byte(body)})
		return true
	}
	const js = "application/json; charset=utf-8"
	switch {
	case f.Status != 0:
		return answer(f.Status, js, f.Body)
	case f.Redirect != "":
		w.Header().Set("Location", f.Redirect)
		return answer(http.StatusTemporaryRedirect, js, "")
	case f.HTML:
		return answer(http.StatusOK, "text/html; charset=utf-8", htmlPage)
	case f.OnlyErrors:
		call.Codes = append(call.Codes, "")
		return answer(http.StatusOK, js, `{"errors":[{"message":"Something is wrong"}]}`)
	case f.Internal:
		call.Codes = append(call.Codes, "INTERNAL_SERVER_ERROR")
		id := w.Header().Get("X-Request-Id")
		return answer(http.StatusOK, js, `{"errors":[{"message":"Internal error. Looks like something went wrong on our end.\nRequest ID: `+id+
			` (include this in support requests).","extensions":{"code":"INTERNAL_SERVER_ERROR","requestId":"`+id+`"}}]}`)
	case f.Cut:
		s.book.Add(*call)
		cut(w, nil, 0)
		return true
	}
	return false
}

// finish sends the answer, spoilt if the fault says so, and logs the call.
func (s *Server) finish(w http.ResponseWriter, r *http.Request, call *Call, f *Fault, res result) {
	call.Status = res.status
	if f != nil {
		if f.Version != "" {
			w.Header().Set("X-Shopify-API-Version", f.Version)
			call.Version = f.Version
		}
		switch {
		case f.NullAt != "":
			res.body = nullAt(res.body, f.NullAt)
		case f.SetAt != "":
			res.body = serverkit.ReplaceJSON(res.body, f.SetAt, f.SetTo)
		case f.Truncate:
			res.body = res.body[:len(res.body)/2]
		case f.CutAfter:
			call.Status = 0
			s.book.Add(*call)
			cut(w, res.body[:len(res.body)/2], len(res.body))
			return
		}
	}
	s.book.Add(*call)
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(res.body)))
	w.WriteHeader(res.status)
	_, _ = w.Write(res.body)
}

// cut sends what is given of a body that promises total bytes, and closes
// the connection.
func cut(w http.ResponseWriter, part []byte, total int) {
	h, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, rw, err := h.Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	if total == 0 {
		return
	}
	var head strings.Builder
	head.WriteString("HTTP/1.1 200 OK\r\n")
	_ = w.Header().Write(&head)
	head.WriteString("Content-Type: application/json; charset=utf-8\r\nContent-Length: " + strconv.Itoa(total) + "\r\n\r\n")
	_, _ = io.WriteString(rw, head.String())
	_, _ = rw.Write(part)
	_ = rw.Flush()
}
