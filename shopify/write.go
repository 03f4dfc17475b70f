package shopify

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// mutation is one write.
type mutation struct {
	op        string
	document  document
	variables map[string]any
	root      string // the mutation's field
	key       string // of @idempotent; "" = it has none and is sent once
	// kind classifies a complaint without a code of its own meaning; nil, or
	// "" returned, means ErrInvalid.
	kind func(complaint) catalog.Kind
	// look finds what became of it.
	look func(ctx context.Context) (catalog.Outcome, error)
}

// complaint is one of userErrors.
type complaint struct {
	Field   []string `json:"field"`
	Message string   `json:"message"`
	Code    string   `json:"code"`
}

func (c complaint) at(field ...string) bool {
	return strings.Join(c.Field, ".") == strings.Join(field, ".")
}

// mutate sends a write and returns its payload. Complaints are an error; a lost
// answer is a *catalog.OutcomeError.
func (e *Engine) mutate(ctx context.Context, m mutation) (answer, error) {
	if m.key != "" {
		m.variables["key"] = m.key
	}
	how := once
	if m.key != "" {
		how = keyed
	}
	for n := 1; ; n++ {
		a, err := e.send(ctx, m.op, m.document, m.variables, how)
		if err != nil {
			return a, e.lost(m, err)
		}
		complaints, err := e.complaints(m, a)
		if err != nil || len(complaints) == 0 {
			return a, err
		}
		// Under this key there was nothing but a failure, and will be nothing else.
		if complaints[0].Code == "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED" && n == 1 {
			m.key = derivedKey(m.key, -1)
			m.variables["key"] = m.key
			continue
		}
		// The attempt before this one is still at work: its result comes under
		// the same key.
		if complaints[0].Code == "IDEMPOTENCY_CONCURRENT_REQUEST" && n < transport.Looks {
			err := e.pause(ctx, n)
			if err == nil {
				continue
			}
			return a, e.lost(m, &catalog.Error{Platform: Platform, Op: m.op, Kind: catalog.ErrOutcomeUnknown, Code: complaints[0].Code,
				Message: complaints[0].Message, Err: err, RequestID: a.requestID})
		}
		return a, m.refusal(complaints, a)
	}
}

// complaints reads what a payload complains of. A payload that is missing says
// nothing about what happened, unless the answer's errors do.
func (e *Engine) complaints(m mutation, a answer) ([]complaint, error) {
	payload := a.page.Field("data", m.root)
	if null(payload) {
		err := absent(m.op, a)
		if kind := catalog.KindOf(err); kind == catalog.ErrUnavailable || kind == catalog.ErrBadAnswer || len(a.errors) == 0 {
			var unknown *catalog.Error
			if errors.As(err, &unknown) {
				unknown.Kind = catalog.ErrOutcomeUnknown
			}
		}
		return nil, e.lost(m, err)
	}
	raw := a.page.Field("data", m.root, "userErrors")
	if raw == nil {
		raw = a.page.Field("data", m.root, "orderCancelUserErrors")
	}
	var list []complaint
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, e.lost(m, &catalog.Error{Platform: Platform, Op: m.op, Kind: catalog.ErrOutcomeUnknown, Status: http.StatusOK,
			Message: "the answer does not say whether it succeeded", RequestID: a.requestID, Err: err})
	}
	return list, nil
}

// refusal is the error for a write that Shopify complained of: it did nothing.
func (m mutation) refusal(list []complaint, a answer) error {
	e := &catalog.Error{Platform: Platform, Op: m.op, Status: http.StatusOK, Code: list[0].Code, Message: list[0].Message, RequestID: a.requestID}
	for _, c := range list {
		e.Fields = append(e.Fields, catalog.FieldError{Field: strings.Join(c.Field, "."), Code: c.Code, Message: c.Message})
	}
	e.Kind = m.kindOf(list[0])
	if list[0].Code == "IDEMPOTENCY_KEY_PARAMETER_MISMATCH" {
		e.Hint = "use another idempotency key for another write"
	}
	return e
}

// kindOf classifies by code, else by the mutation and its field, never by the
// message.
func (m mutation) kindOf(c complaint) catalog.Kind {
	switch {
	case c.Code == "NOT_FOUND", strings.HasSuffix(c.Code, "_DOES_NOT_EXIST"), c.Code == "INVALID_INVENTORY_ITEM", c.Code == "INVALID_LOCATION":
		return catalog.ErrNotFound
	case strings.HasSuffix(c.Code, "_STALE"), c.Code == "OPERATION_IN_PROGRESS", c.Code == "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", c.Code == "IDEMPOTENCY_CONCURRENT_REQUEST":
		return catalog.ErrConflict
	case strings.HasPrefix(c.Code, "NO_REFUND"):
		return catalog.ErrForbidden
	case c.Code == "SERVICE_UNAVAILABLE", c.Code == "INTERNAL_ERROR":
		return catalog.ErrUnavailable
	case m.kind != nil:
		return cmp.Or(m.kind(c), catalog.ErrInvalid)
	}
	return catalog.ErrInvalid
}

// lost gives an error whose outcome is unknown the means to find out.
func (e *Engine) lost(m mutation, err error) error {
	if m.look == nil {
		return err
	}
	return transport.Write{Platform: Platform, Op: m.op, Key: m.key, Pause: e.adapter.config.PollInterval, Look: m.look}.Lost(err)
}

// pause waits before the next look; n counts from 1. It ends with ctx.
func (e *Engine) pause(ctx context.Context, n int) error {
	return transport.Pause(ctx, e.adapter.config.PollInterval, n)
}

// record reads what a write left from its payload. A record that cannot be
// read whole is still one that was written, so that is a Problem on it.
func record[N, T any](ctx context.Context, e *Engine, m mutation, a answer, by itemReader[N, T], part string) (T, error) {
	path := []string{m.root, part}
	node := rawNode{raw: a.page.Field("data", m.root, part), errors: a.errors, prefix: path, index: only}
	if c := e.money.Load(); c != nil {
		node.page.currency = *c
	}
	item, err := readOne(ctx, e, m.op, node, by)
	if err == nil {
		return item, nil
	}
	var n N
	problems, bad := transport.Decode(node.raw, &n)
	if bad != nil || by.id(&n) == "" {
		var none T
		return none, e.lost(m, &catalog.Error{Platform: Platform, Op: m.op, Kind: catalog.ErrOutcomeUnknown, Status: http.StatusOK,
			Message: "it succeeded, but its answer cannot be read", RequestID: a.requestID, Err: err})
	}
	r := reader{transport.Notes{Problems: append(problems, catalog.NewProblem(part, "written, but not read whole: "+err.Error(), ""))}}
	item = by.convert(&r, &n, node.page)
	held := by.record(&item)
	held.Platform, held.Problems, held.Raw, held.RawKind = Platform, r.Problems, node.raw, by.kind
	return item, nil
}

// invalid refuses an argument before anything is sent.
func invalid(op, field, message string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message, Fields: []catalog.FieldError{{Field: field, Message: message}}}
}

// currency is the store's currency; it does not change.
func (e *Engine) currency(ctx context.Context, op string) (string, error) {
	if c := e.money.Load(); c != nil {
		return *c, nil
	}
	a, err := e.call(ctx, op, currencyDocument, nil)
	if err != nil {
		return "", err
	}
	c := contextOf(a).currency
	if c == "" {
		return "", absent(op, a)
	}
	e.money.Store(&c)
	return c, nil
}
