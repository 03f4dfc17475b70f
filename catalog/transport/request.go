package transport

import (
	"math"
	"net/http"
	"net/url"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Request is one call. The Client never changes it, and reads it until Do
// returns.
type Request struct {
	// Op says what is being done, such as "list products", for errors, logs
	// and traces. It must not hold merchants' data.
	Op string
	// Method is the HTTP method; "" means GET.
	Method string
	// URL is absolute, http or https, without user info. The adapter has
	// checked that its host is the store's.
	URL *url.URL
	// Header is sent with every attempt. Leave Accept-Encoding unset: the
	// transport then handles gzip.
	Header http.Header
	// Body is sent with every attempt; nil means none.
	Body []byte
	// Secrets are those the body holds: like the credential, none of them is
	// ever in an error, also where the platform repeats what it was sent.
	Secrets []catalog.Secret
	// Idempotent says that the call may be repeated after an attempt whose
	// outcome is unknown: a read sent by POST, or a write that carries an
	// idempotency key. GET, HEAD and OPTIONS always are.
	Idempotent bool
	// Write says that an Idempotent call changes something: when it ends in an
	// error while the outcome of one of its attempts is unknown, the error is
	// catalog.ErrOutcomeUnknown. Calls that are not repeatable always are such.
	Write bool
	// Cost is what one attempt reserves in the Budget, in the budget's unit.
	Cost float64
	// Budget paces the attempts; nil means unpaced.
	Budget Budget
	// Credential is asked before each attempt, after the wait for the budget;
	// nil means the call is anonymous.
	Credential catalog.CredentialSource
	// Authorize puts the credential on one attempt's request: its header or
	// its URL, both fresh copies, with a new nonce each time. The body is
	// Request.Body. It is not called when Credential is nil; nil means a
	// bearer token in the Authorization header.
	Authorize func(*http.Request, catalog.Credential) error
	// Classify judges the answers of this call in place of Config.Classify,
	// for an adapter that reads an answer once for both judgement and use. It
	// is called once per attempt, never concurrently. nil means the adapter's.
	Classify func(*Response) Verdict
}

// Response is one answer, read to its end.
type Response struct {
	// Status is the HTTP status.
	Status int
	// Header is the answer's header.
	Header http.Header
	// Body is the whole body, decompressed, empty when there was none. It
	// belongs to the receiver: slices of it may be kept, nothing reuses it.
	Body []byte
	// Received is when the body was complete.
	Received time.Time
	// Attempts counts the attempts so far, this one included.
	Attempts int
}

func (r *Request) method() string {
	if r.Method == "" {
		return http.MethodGet
	}
	return r.Method
}

func (r *Request) repeatable() bool {
	switch r.method() {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	return r.Idempotent
}

// problem says what is wrong with the request, "" when nothing is.
func (r *Request) problem() string {
	switch {
	case r.URL == nil:
		return "the request has no URL"
	case r.URL.Scheme != "https" && r.URL.Scheme != "http":
		return "the URL's scheme is not http or https"
	case r.URL.Host == "":
		return "the URL has no host"
	case r.URL.User != nil:
		return "the URL holds user info; pass a credential instead"
	case r.Cost < 0 || math.IsNaN(r.Cost) || math.IsInf(r.Cost, 0):
		return "the cost is not a number from 0 up"
	}
	return ""
}
