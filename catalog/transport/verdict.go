package transport

import (
	"net/http"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Outcome says what an answer means for the call.
type Outcome int

// The outcomes a classifier can give.
const (
	// Accept hands the answer to the caller.
	Accept Outcome = iota
	// Fail ends the call; a repetition would fail again.
	Fail
	// Throttled means the platform refused before it executed anything, so
	// that even a write may be repeated after the wait.
	Throttled
	// Transient means the platform had trouble. Only idempotent calls are
	// repeated; the outcome of any other is unknown.
	Transient
	// Unauthorized means a new token can cure it: the credential is refreshed
	// once and the call repeated once. A missing scope is a Fail.
	Unauthorized
)

// String names the outcome for logs.
func (o Outcome) String() string {
	switch o {
	case Accept:
		return "accept"
	case Fail:
		return "fail"
	case Throttled:
		return "throttled"
	case Transient:
		return "transient"
	case Unauthorized:
		return "unauthorized"
	}
	return "unknown"
}

// Verdict is a classifier's judgement of one answer. Beyond Outcome all
// fields are optional; they describe the error the caller gets when the call
// ends with this answer.
type Verdict struct {
	Outcome Outcome
	// Kind classifies the error; "" means the kind that fits Outcome.
	Kind catalog.Kind
	// Code is the platform's own error code.
	Code string
	// Message is the platform's own sentence; "" means what the body plainly
	// says. It is shortened, and cleared of the call's secrets.
	Message string
	// Hint says what the reader can do about it.
	Hint string
	// Fields lists complaints about parts of the request.
	Fields []catalog.FieldError
	// RetryAfter is how long the platform asks to wait; 0 when it does not,
	// and the Client chooses.
	RetryAfter time.Duration
	// Settlement corrects the budget. Nil means: Throttled was refused for
	// RetryAfter, anything else was charged in full.
	Settlement *Settlement
}

// ByStatus judges by the HTTP status alone, the way HTTP means it, and reads
// Retry-After. An HTML page where a success is claimed is Transient. Platform
// classifiers start from it and correct what the platform does otherwise.
func ByStatus(resp *Response) Verdict {
	wait, _ := RetryAfter(resp.Header, resp.Received)
	v := Verdict{Outcome: Fail, RetryAfter: wait}
	switch s := resp.Status; {
	case s >= 200 && s < 300:
		if IsHTML(resp) {
			v.Outcome, v.Kind = Transient, catalog.ErrUnavailable
			return v
		}
		return Verdict{Outcome: Accept}
	case s == http.StatusTooManyRequests:
		v.Outcome, v.Kind = Throttled, catalog.ErrRateLimited
	case s == http.StatusUnauthorized:
		v.Outcome, v.Kind = Unauthorized, catalog.ErrUnauthorized
	case s == http.StatusRequestTimeout, s == http.StatusTooEarly:
		v.Outcome, v.Kind = Transient, catalog.ErrUnavailable
	case s == http.StatusForbidden, s == http.StatusPaymentRequired, s == http.StatusLocked:
		v.Kind = catalog.ErrForbidden
	case s == http.StatusNotFound, s == http.StatusGone:
		v.Kind = catalog.ErrNotFound
	case s == http.StatusConflict, s == http.StatusPreconditionFailed:
		v.Kind = catalog.ErrConflict
	case s >= 400 && s < 500:
		v.Kind = catalog.ErrInvalid
	case s == http.StatusNotImplemented:
		v.Kind = catalog.ErrUnsupported
	case s >= 500:
		v.Outcome, v.Kind = Transient, catalog.ErrUnavailable
	default:
		v.Kind = catalog.ErrBadAnswer
	}
	return v
}

// kind is the verdict's error kind, chosen by outcome when it names none.
func (v Verdict) kind() catalog.Kind {
	if v.Kind != "" {
		return v.Kind
	}
	switch v.Outcome {
	case Throttled:
		return catalog.ErrRateLimited
	case Transient:
		return catalog.ErrUnavailable
	case Unauthorized:
		return catalog.ErrUnauthorized
	}
	return catalog.ErrInvalid
}

// settlement is what the budget hears about an answer of the given cost.
func (v Verdict) settlement(cost float64) Settlement {
	s := Settlement{Charged: cost}
	switch {
	case v.Settlement != nil:
		s = *v.Settlement
	case v.Outcome == Throttled:
		s = Settlement{Refused: true}
	}
	if s.Refused && s.Wait == 0 {
		s.Wait = v.RetryAfter
	}
	s.Sent = true
	s.Failed = s.Failed || v.Outcome == Transient
	return s
}
