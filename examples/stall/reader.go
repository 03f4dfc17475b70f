package stall

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// reader turns one kind of Stall's records, N, into the model's, T.
type reader[N, T any] struct {
	kind    catalog.RawKind
	id      func(*N) string
	record  func(*T) *catalog.Record
	updated func(*T) time.Time // nil where it is never listed
	convert func(*transport.Notes, *N) T
}

// read decodes one record. An odd field becomes a Problem; what is no record at
// all is an *catalog.ItemError.
func (r reader[N, T]) read(op string, raw json.RawMessage, omitRaw bool) (item T, id string, err error) {
	var n N
	problems, err := transport.Decode(raw, &n)
	if id = r.id(&n); err == nil && id == "" {
		err = errors.New("it has no id")
	}
	if err != nil {
		return item, id, &catalog.ItemError{Platform: Platform, Op: op, ID: id, Raw: raw, Err: err}
	}
	notes := transport.Notes{Problems: problems}
	item = r.convert(&notes, &n)
	record := r.record(&item)
	record.Platform, record.Problems = Platform, notes.Problems
	if !omitRaw {
		record.Raw, record.RawKind = raw, r.kind
	}
	return item, id, nil
}

// get reads one record by its id.
func get[N, T any](ctx context.Context, e *Engine, op string, resource catalog.Resource, id string, r reader[N, T]) (T, error) {
	if !idForm.MatchString(id) {
		return *new(T), invalid(op, "the id is not ten digits and letters")
	}
	return getFrom(ctx, e, op, paths[resource]+"/"+id, r)
}

// getFrom reads the record that is the whole answer.
func getFrom[N, T any](ctx context.Context, e *Engine, op, path string, r reader[N, T]) (T, error) {
	body, err := e.call(ctx, op, path, nil)
	if err != nil {
		return *new(T), err
	}
	item, _, err := r.read(op, body, false)
	if bad, ok := errors.AsType[*catalog.ItemError](err); ok {
		return *new(T), &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "the answer holds no record", Err: bad.Err}
	}
	return item, err
}
