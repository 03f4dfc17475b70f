package bigcommerce

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// look reads once whether the store shows a write, and changes nothing.
type look func(ctx context.Context) (catalog.Outcome, error)

// write sends a call that changes something, once: BigCommerce knows no
// idempotency keys. A lost answer is a *catalog.OutcomeError. Where BigCommerce
// saved only a part, the answer comes beside an ErrInvalid that says so.
func (e *Engine) write(ctx context.Context, c call, body any, find look) (answer, error) {
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return answer{}, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrInvalid, Message: "the values cannot be written as JSON", Err: err}
		}
		c.body = encoded
	}
	c.empty = true
	a, resp, err := e.send(ctx, c)
	if err != nil {
		return a, e.lost(c.op, err, find)
	}
	if resp.Status == http.StatusMultiStatus {
		return a, inPart(c.op, resp)
	}
	return a, nil
}

// lost gives an error whose outcome is unknown the means to find out.
func (e *Engine) lost(op string, err error, find look) error {
	return transport.Write{Platform: Platform, Op: op, Pause: e.adapter.config.PollInterval, Look: find}.Lost(err)
}

// unclear is the error for an answer that says success, and not of what.
func (e *Engine) unclear(op string, a answer, what string, err error, find look) error {
	return e.lost(op, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrOutcomeUnknown, Status: a.status, RequestID: a.requestID, Err: err,
		Message: "it succeeded by its answer, but the " + what + " cannot be read"}, find)
}

// savedInPart reports the error of a record that was saved, but not whole.
func savedInPart(err error) bool {
	e, ok := errors.AsType[*catalog.Error](err)
	return ok && e.Status == http.StatusMultiStatus
}

// written returns a record after a write: as it is read now, else as the
// write's answer had it, since by then it was written. prepare, which may be
// nil, completes what the answer had.
func written[N, T any](ctx context.Context, e *Engine, op string, raw json.RawMessage, by *reader[N, T], prepare func(*N), read func(ctx context.Context) (T, error), find look) (T, error) {
	item, err := read(ctx)
	if err == nil {
		return item, nil
	}
	c := by.decode([]json.RawMessage{raw})[0]
	if c.err != nil {
		return *new(T), e.unclear(op, answer{}, "record", err, find)
	}
	if prepare != nil {
		prepare(&c.node)
	}
	c.problems = append(c.problems, catalog.NewProblem("", "written, but not read whole: "+err.Error(), ""))
	return finish(ctx, op, by, c, false, nil)
}

// invalid refuses an argument before anything is sent.
func invalid(op, field, message string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message, Fields: []catalog.FieldError{{Field: field, Message: message}}}
}

// conflict is the error for a record that is no longer as the write needs it.
func conflict(op, message, hint string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrConflict, Message: message, Hint: hint}
}

// sum writes an exact amount as the JSON number V3 wants.
func sum(op, field string, m catalog.Money, currency string, digits int) (json.Number, error) {
	text, err := m.Format(currency, digits)
	if err != nil {
		return "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Err: err, Fields: []catalog.FieldError{{Field: field, Message: err.Error()}}}
	}
	return number(decimal.RequireFromString(text)), nil
}

// number writes a decimal without zeros at its end.
func number(d decimal.Decimal) json.Number { return json.Number(d.String()) }

// pieces is a whole count from 1.
func pieces(op, field string, q catalog.Quantity) (int64, error) {
	n, exact := q.Int()
	if !exact || n <= 0 {
		return 0, invalid(op, field, "BigCommerce counts whole pieces, from 1")
	}
	return n, nil
}

// blank reports a text of nothing but blanks.
func blank(text string) bool { return strings.TrimSpace(text) == "" }
