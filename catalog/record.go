package catalog

import (
	"encoding/json"
	"fmt"
	"slices"
)

// RawKind names the native shape of a Raw value, such as
// "shopify.graphql.Product" or "shopify.webhook.products/update". The same
// record has different shapes in a list, a single read and a webhook.
type RawKind string

// Record is what every value read from a platform carries besides its fields.
type Record struct {
	// Platform is the adapter's name, such as "shopify".
	Platform string `json:"platform,omitempty"`
	// Raw is the record's own JSON exactly as the platform sent it, nil when
	// the query said OmitRaw. It is never overwritten and safe to keep, but it
	// keeps the page it came with in memory until Clone. Do not change it.
	Raw json.RawMessage `json:"raw,omitempty"`
	// RawKind names the shape of Raw.
	RawKind RawKind `json:"raw_kind,omitempty"`
	// More holds the parts of the record that the platform sent separately,
	// such as the later pages of a long list of variants; nil mostly.
	More []RawPart `json:"more,omitempty"`
	// Problems lists what could not be read or is not known to souk: the rest
	// of the record is good. nil mostly.
	Problems []Problem `json:"problems,omitempty"`
	// Cursor continues the list after this record; "" when the record was not
	// read from a list.
	Cursor Cursor `json:"cursor,omitempty"`
}

// RawPart is a piece of a record that came in an answer of its own.
type RawPart struct {
	Kind RawKind         `json:"kind"`
	Raw  json.RawMessage `json:"raw"`
}

// Problem is something in a record that souk could not turn into the model.
type Problem struct {
	// Path is where in the native record, such as "variants.3.price".
	Path string `json:"path"`
	// Reason says what is odd, such as an unknown word or a missing permission.
	Reason string `json:"reason"`
	// Value is the native value, bounded in length; "" when there is none.
	Value string `json:"value,omitempty"`
}

// String formats the problem for a log line.
func (p Problem) String() string {
	if p.Value == "" {
		return p.Path + ": " + p.Reason
	}
	return fmt.Sprintf("%s: %s (%s)", p.Path, p.Reason, p.Value)
}

// NewProblem makes a Problem with a bounded copy of the native value.
func NewProblem(path, reason, value string) Problem {
	return Problem{Path: path, Reason: reason, Value: clip(value, 120)}
}

// RawJSON returns Raw; with it every model value is a RawHolder.
func (r Record) RawJSON() json.RawMessage { return r.Raw }

// clone detaches the record from its page.
func (r Record) clone() Record {
	r.Raw = slices.Clone(r.Raw)
	r.More = slices.Clone(r.More)
	for i := range r.More {
		r.More[i].Raw = slices.Clone(r.More[i].Raw)
	}
	r.Problems = slices.Clone(r.Problems)
	return r
}

// RawHolder is a value that carries its native JSON.
type RawHolder interface{ RawJSON() json.RawMessage }

// DecodeRaw decodes a value's native JSON into a type of the host's own, for
// what the model does not cover. Look at RawKind to know the shape. A value
// without Raw gives an ErrInvalid error.
func DecodeRaw[T any](v RawHolder) (T, error) {
	var out T
	raw := v.RawJSON()
	if len(raw) == 0 {
		return out, &Error{Op: "decode raw", Kind: ErrInvalid, Message: "the value carries no raw JSON", Hint: "read it without OmitRaw"}
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, &Error{Op: "decode raw", Kind: ErrInvalid, Message: fmt.Sprintf("the raw JSON does not fit %T", out), Err: err}
	}
	return out, nil
}

// ItemError is one record of a list that could not be read at all. It ends
// the list unless the query's OnBadItem says to go on. It is ErrBadAnswer.
type ItemError struct {
	// Platform and Op say where, such as "shopify" and "list products".
	Platform, Op string
	// ID is the record's id when it could be found in the wreck.
	ID string
	// Raw is the record's JSON.
	Raw json.RawMessage
	// Err says what is wrong.
	Err error
}

// Error formats the failure; the record's content is not repeated.
func (e *ItemError) Error() string {
	id := e.ID
	if id == "" {
		id = "(unknown id)"
	}
	return fmt.Sprintf("%s: %s: item %s cannot be read: %v; set OnBadItem to go on without it", e.Platform, e.Op, id, e.Err)
}

// Is matches ErrBadAnswer.
func (e *ItemError) Is(target error) bool { return target == error(ErrBadAnswer) }

// Unwrap gives the cause.
func (e *ItemError) Unwrap() error { return e.Err }
