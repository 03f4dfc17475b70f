package woocommerce

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// result is what became of one item of a batch.
type result struct {
	raw json.RawMessage
	err *catalog.Error // nil when it is done; see failure.of
}

// batch sends the items of one list, create or update, of which a call holds a
// hundred. The store answers 200 whatever becomes of them, in their order, and
// checks no item's form: only what was checked before may be in it.
func (e *Engine) batch(ctx context.Context, c change, list string, items int) ([]result, error) {
	a, err := e.write(ctx, c)
	if err != nil {
		return nil, err
	}
	unclear := func(err error) error {
		return e.lost(c, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrOutcomeUnknown, Status: a.resp.Status,
			Message: "the answer does not say what became of each item", Err: err})
	}
	raw, err := transport.Field(a.body, list)
	var all []json.RawMessage
	if err == nil && len(raw) > 0 {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil || len(all) != items {
		return nil, unclear(err)
	}
	results := make([]result, len(all))
	for i, raw := range all {
		var item struct {
			Error *failure `json:"error"`
		}
		if _, err := transport.Decode(raw, &item); err != nil {
			return nil, unclear(err)
		}
		results[i].raw = raw
		if item.Error != nil {
			results[i].err = item.Error.of(c.op)
		}
	}
	return results, nil
}

// of is the error of one item of a batch. Nothing was done for one that was
// refused. One that the store failed at may be done, in part too: that is
// ErrOutcomeUnknown, for which the caller has to look.
func (f *failure) of(op string) *catalog.Error {
	e := &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Status: f.status(), Code: f.Code, Message: plainText(f.Message), Fields: fieldErrors(f.Data)}
	switch {
	case strings.HasSuffix(f.Code, "_invalid_id"), e.Status == http.StatusNotFound:
		e.Kind = catalog.ErrNotFound
	case e.Status == http.StatusForbidden, e.Status == http.StatusUnauthorized:
		e.Kind = catalog.ErrForbidden
	case e.Status >= http.StatusInternalServerError && e.Status != http.StatusNotImplemented:
		e.Kind = catalog.ErrOutcomeUnknown
	}
	return e
}

// status is the HTTP status in a failure's data, which is an object with it or
// the bare number; 0 where there is none.
func (f *failure) status() (status int) {
	var data struct {
		Status int `json:"status"`
	}
	if json.Unmarshal(f.Data, &status) == nil {
		return status
	}
	_ = json.Unmarshal(f.Data, &data) // what cannot be read says nothing
	return data.Status
}
