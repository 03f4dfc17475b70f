package magento

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// look finds what became of a write.
type look = func(ctx context.Context) (catalog.Outcome, error)

// change sends a write, once. A lost answer is a *catalog.OutcomeError whose
// Confirm looks.
func (e *Engine) change(ctx context.Context, op, method, path string, body any, find look) (answer, error) {
	return e.sent(ctx, call{op: op, method: method, path: path, proven: true}, body, find)
}

// sent sends the call of a write, as change does.
func (e *Engine) sent(ctx context.Context, c call, body any, find look) (answer, error) {
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return answer{}, &catalog.Error{Platform: Platform, Op: c.op, Kind: catalog.ErrInvalid, Message: "it cannot be encoded as JSON", Err: err}
		}
		c.body = encoded
	}
	a, err := e.get(ctx, c)
	return a, e.lost(c.op, err, find)
}

// lost gives an error whose outcome is unknown the means to find out.
func (e *Engine) lost(op string, err error, find look) error {
	return transport.Write{Platform: Platform, Op: op, Pause: e.adapter.config.PollInterval, Look: find}.Lost(err)
}

// unclear is the error for an answer that says success, and not of what.
func (e *Engine) unclear(op string, a answer, find look) error {
	return e.lost(op, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrOutcomeUnknown, Status: a.status,
		Message: "it succeeded by its status, but its answer is none Magento gives", RequestID: a.requestID}, find)
}

// scalar is an answer that is one value, such as an id in digits or in quotes.
func (a answer) scalar() string {
	raw := a.page.Field()
	if text, err := unquote(raw); err == nil {
		return text
	}
	return strings.TrimSpace(string(raw))
}

// invalid refuses an argument before anything is sent.
func invalid(op, field, message string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message, Fields: []catalog.FieldError{{Field: field, Message: message}}}
}

// conflict says that a record is not in a state for the write.
func conflict(op, code, message, hint string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrConflict, Code: code, Message: message, Hint: hint}
}

// written notes that a write succeeded and that what it left could not be read:
// that is no failure of the write.
func written(what string, err error) catalog.Record {
	return catalog.Record{Platform: Platform, Problems: []catalog.Problem{catalog.NewProblem(what, "written, but not read again: "+err.Error(), "")}}
}

// withHint adds a hint to an error, behind the one it has.
func withHint(err error, hint string) error {
	if failed, ok := errors.AsType[*catalog.Error](err); ok {
		failed.Hint = joinedBy("; ", failed.Hint, hint)
	}
	return err
}

// vanished reports that a record is not there, in Magento's own words: a web
// server that does not find the shop says nothing of a record.
func vanished(err error) bool {
	failed, ok := errors.AsType[*catalog.Error](err)
	return errors.Is(err, catalog.ErrNotFound) && !(ok && (failed.Code == noRoute || failed.Code == noMagento))
}

// settled judges a look for a state.
func settled(there bool, err error) (catalog.Outcome, error) {
	switch {
	case err != nil:
		return catalog.OutcomeUnknown, err
	case there:
		return catalog.OutcomeDone, nil
	}
	return catalog.OutcomeNotDone, nil
}

// exact writes a decimal as a JSON number.
func exact(d decimal.Decimal) json.Number { return json.Number(d.String()) }

// PHP keeps numbers as floats, which hold so many digits.
const floatDigits = 15

// amount writes an amount to be sent as a number: in the shop's currency, of at
// most four digits after the point, the most that all versions keep.
func amount(op, field, currency string, m catalog.Money) (json.Number, error) {
	text, err := m.Format(currency, priceDigits)
	if err != nil {
		return "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Err: err, Fields: []catalog.FieldError{{Field: field, Message: err.Error()}}}
	}
	d := decimal.RequireFromString(text)
	if len(strings.Trim(strings.ReplaceAll(d.String(), ".", ""), "0")) > floatDigits {
		return "", invalid(op, field, "it has more digits than Magento keeps")
	}
	return exact(d), nil
}

const priceDigits = 4

// pieces writes a quantity as a number: Magento keeps four digits after the
// point, and up to eight before.
func pieces(op, field string, q catalog.Quantity) (json.Number, error) {
	d := q.Decimal()
	if !d.Round(4).Equal(d) || d.Abs().GreaterThanOrEqual(decimal.New(1, 8)) {
		return "", invalid(op, field, "Magento keeps four digits after the point, and eight before")
	}
	return exact(d), nil
}

// id writes an id, which is known to be one, as a number.
func idNumber(id string) json.Number { return json.Number(id) }

// at names a field of an element of the input.
func at(list string, i int, field string) string {
	return joinedBy(".", list, strconv.Itoa(i), field)
}

func joinedBy(by string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), by)
}

const (
	post   = http.MethodPost
	put    = http.MethodPut
	remove = http.MethodDelete
)
