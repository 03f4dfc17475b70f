package catalog

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Kind classifies an error by what the caller can do about it. Each Kind is
// itself an error, so errors.Is(err, catalog.ErrNotFound) works on every error
// souk returns.
type Kind string

// The kinds of failure, the same on every platform.
const (
	// ErrRateLimited: the store's rate budget is spent and the retries that
	// fit into the call are used up. Error.RetryAfter says how long to wait.
	ErrRateLimited Kind = "rate limited"
	// ErrUnauthorized: the credential was refused. For webhooks: the delivery
	// did not prove that it comes from the platform.
	ErrUnauthorized Kind = "unauthorized"
	// ErrReauthorize: the credential is dead for good; only the merchant can
	// help, by connecting the store again. Do not retry.
	ErrReauthorize Kind = "merchant must reconnect"
	// ErrForbidden: the credential is alive but lacks a scope or a feature of
	// the merchant's plan, or the store is frozen or locked.
	ErrForbidden Kind = "forbidden"
	// ErrNotFound: no such store, record or account.
	ErrNotFound Kind = "not found"
	// ErrInvalid: the request, or an argument to souk, is wrong; the same call
	// will fail again. Error.Fields names what the platform complained about.
	ErrInvalid Kind = "invalid"
	// ErrConflict: somebody else changed or owns the thing meanwhile; read it
	// again and decide.
	ErrConflict Kind = "conflict"
	// ErrUnavailable: the platform, or the way to it, does not work now (5xx,
	// a cut connection, an answer that is not the platform's). Reads may be
	// repeated later.
	ErrUnavailable Kind = "unavailable"
	// ErrOutcomeUnknown: a write was sent and its answer was lost: it may or
	// may not have happened. Read the truth before sending it again.
	ErrOutcomeUnknown Kind = "outcome unknown"
	// ErrUnsupported: the platform cannot do this. Such an error also is
	// errors.ErrUnsupported, and its Hint says what to do instead.
	ErrUnsupported Kind = "unsupported"
	// ErrBadAnswer: the platform answered something that cannot be read as
	// promised (truncated JSON, a missing required part).
	ErrBadAnswer Kind = "unreadable answer"
)

// Error makes a Kind a target for errors.Is.
func (k Kind) Error() string { return string(k) }

// Is makes ErrUnsupported match errors.ErrUnsupported, and ErrReauthorize
// match ErrUnauthorized.
func (k Kind) Is(target error) bool {
	switch target {
	case errors.ErrUnsupported:
		return k == ErrUnsupported
	case error(ErrUnauthorized):
		return k == ErrReauthorize
	}
	return false
}

// FieldError is a complaint about one part of a request.
type FieldError struct {
	// Field is the platform's path to the part, such as "products.0.quantity".
	Field string
	// Code is the platform's word for the complaint; "" when it has none.
	Code string
	// Message is the platform's sentence, often localised.
	Message string
}

// Error is the one error type of a failed call. Fields that do not apply are
// zero. Its text starts "platform: operation:" and never holds a secret, a
// token or a query string. Find it with errors.AsType[*catalog.Error] and its
// Kind with errors.Is.
type Error struct {
	// Platform names the adapter, such as "shopify"; "" for souk itself.
	Platform string
	// Op is what was being done, such as "list products".
	Op string
	// Kind classifies the failure. Empty only in errors made outside souk.
	Kind Kind
	// Status is the HTTP status, 0 when there was no answer.
	Status int
	// Code is the platform's own error code, such as "THROTTLED".
	Code string
	// Message is the platform's own sentence, bounded in length.
	Message string
	// Hint says what the reader can do about it.
	Hint string
	// Fields lists complaints about single parts of the request.
	Fields []FieldError
	// RequestID identifies the call to the platform's support.
	RequestID string
	// RetryAfter is how long the platform asked to wait; 0 when it did not.
	RetryAfter time.Duration
	// Err is the cause, when there is one below this error. Its text is
	// repeated, so it must hold no secret; of a *url.Error only the cause is.
	Err error
}

// Error formats the failure for a log line.
func (e *Error) Error() string {
	var b strings.Builder
	for _, part := range []string{e.Platform, e.Op} {
		if part != "" {
			b.WriteString(part)
			b.WriteString(": ")
		}
	}
	if e.Kind != "" {
		b.WriteString(string(e.Kind))
	} else {
		b.WriteString("failed")
	}
	if what := e.answer(); what != "" {
		b.WriteString(" (" + what + ")")
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	for _, f := range e.Fields {
		b.WriteString("; " + f.String())
	}
	if e.Err != nil {
		b.WriteString(": " + causeText(e.Err))
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; retry after %s", e.RetryAfter.Round(time.Millisecond))
	}
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	if e.RequestID != "" {
		b.WriteString(" [request " + e.RequestID + "]")
	}
	return b.String()
}

// causeText is the cause's text without the URL that net/http puts in front:
// its query may hold a key.
func causeText(err error) string {
	if inner, ok := err.(*Error); ok {
		return inner.Error()
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		return causeText(u.Err)
	}
	return err.Error()
}

func (e *Error) answer() string {
	var parts []string
	if e.Status != 0 {
		parts = append(parts, strconv.Itoa(e.Status))
	}
	if e.Code != "" {
		parts = append(parts, e.Code)
	}
	return strings.Join(parts, " ")
}

// String formats one complaint.
func (f FieldError) String() string {
	s := f.Message
	if f.Code != "" {
		s += " (" + f.Code + ")"
	}
	if f.Field == "" {
		return s
	}
	return f.Field + ": " + s
}

// Is matches the error's Kind; ErrUnsupported also matches
// errors.ErrUnsupported, and ErrReauthorize also matches ErrUnauthorized.
func (e *Error) Is(target error) bool { return target == error(e.Kind) || e.Kind.Is(target) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Unsupported makes the error for something a platform cannot do; instead
// says what the caller can do about it.
func Unsupported(platform, op, instead string) error {
	return &Error{Platform: platform, Op: op, Kind: ErrUnsupported, Hint: instead}
}

// ConfigError says which field of a configuration is wrong, and why. It is
// ErrInvalid. The offending value is not repeated: it may be a secret.
type ConfigError struct {
	// Platform names the package whose configuration it is.
	Platform string
	// Field is the Go name of the field.
	Field string
	// Reason says what is wrong and what is expected.
	Reason string
}

// Error names the field and the reason.
func (e *ConfigError) Error() string {
	return fmt.Sprintf("%s: config: %s %s", e.Platform, e.Field, e.Reason)
}

// Is matches ErrInvalid.
func (e *ConfigError) Is(target error) bool { return target == error(ErrInvalid) }

// KindOf returns the kind of the first souk error in err's tree, "" when
// there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[interface {
		error
		kind() Kind
	}](err); ok {
		return e.kind()
	}
	return ""
}

func (k Kind) kind() Kind                { return k }
func (e *Error) kind() Kind              { return e.Kind }
func (*ConfigError) kind() Kind          { return ErrInvalid }
func (*ItemError) kind() Kind            { return ErrBadAnswer }
func (*OutcomeError) kind() Kind         { return ErrOutcomeUnknown }
func (*UnknownPlatformError) kind() Kind { return ErrNotFound }
