package bigcommerce

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// failure is a refusal: V3's object, one element of V2's array, or an entry of
// a batch.
// https://developer.bigcommerce.com/docs/start/about/status-codes
type failure struct {
	Status  int             `json:"status"`
	Code    string          `json:"code"`
	Title   string          `json:"title"`   // V3
	Message string          `json:"message"` // V2
	Detail  string          `json:"detail"`
	Error   json.RawMessage `json:"error"`
	Errors  json.RawMessage `json:"errors"`  // V3: an object, a list, or absent
	Details json.RawMessage `json:"details"` // V2
	Batch   json.RawMessage `json:"batch_errors"`
	Data    json.RawMessage `json:"data"` // refunds put the refusal here
}

// classify judges any answer by its status and says what its body says.
func classify(resp *transport.Response) transport.Verdict {
	v := transport.ByStatus(resp)
	switch resp.Status {
	case http.StatusTooManyRequests:
		v.RetryAfter = throttledFor(resp)
	case http.StatusInsufficientStorage: // a limit of the plan, not of a disk
		v.Outcome, v.Kind = transport.Fail, catalog.ErrForbidden
	case http.StatusNotFound:
		if transport.IsHTML(resp) { // a gateway's page, which knows of no record
			v.Outcome, v.Kind = transport.Transient, catalog.ErrUnavailable
		}
	case 499: // a gateway gave up waiting
		v.Outcome, v.Kind = transport.Transient, catalog.ErrUnavailable
	}
	if v.Outcome != transport.Accept {
		if !transport.IsHTML(resp) {
			refused(&v, resp.Body)
		}
		v.Hint = hint(resp.Status)
	}
	return settled(v, resp)
}

// hint says what can be done about a status.
func hint(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "the token was revoked or never was one; BigCommerce's tokens cannot be refreshed: connect the store again, or make a new API account"
	case http.StatusForbidden:
		return "the token lacks a scope, is of another store, or the store's plan has a limit; look at the API account's scopes"
	case http.StatusNotAcceptable:
		return "the header Accept was changed on the way: look for a proxy"
	case http.StatusConflict:
		return "a name, SKU or URL is taken by another record"
	case http.StatusRequestEntityTooLarge:
		return "the call holds more items than allowed, or asks for too large a page"
	case http.StatusLocked:
		return "the record is locked, as while another call changes it"
	case http.StatusInternalServerError:
		return "BigCommerce asks to wait a minute at least before it is tried again"
	case http.StatusServiceUnavailable:
		return "the store is down, suspended or being upgraded"
	case http.StatusInsufficientStorage:
		return "a limit of the store's plan is reached"
	}
	return ""
}

// refused adds what a refusal's body says to its verdict.
func refused(v *transport.Verdict, body []byte) {
	// V2: an array, of which one element is all anybody has seen.
	if first, ok := firstOf(body); ok {
		body = first
	}
	var f failure
	if _, err := transport.Decode(body, &f); err != nil {
		return
	}
	f.into(v, "")
	entries := ""
	for _, list := range []struct {
		name string
		raw  json.RawMessage
	}{{"batch_errors", f.Batch}, {"data", f.Data}} {
		i := 0
		for raw, err := range transport.Elements(list.raw) {
			if err != nil {
				break
			}
			var entry failure
			if _, err := transport.Decode(raw, &entry); err == nil {
				entry.into(v, list.name+"."+strconv.Itoa(i)+".")
				entries = list.name
			}
			i++
		}
	}
	if entries != "" && len(v.Fields) == 0 {
		v.Fields = []catalog.FieldError{{Field: entries, Code: v.Code, Message: v.Message}}
	}
}

// into adds one refusal; the first one's words are the verdict's.
func (f *failure) into(v *transport.Verdict, prefix string) {
	said := f.Title
	for _, text := range []string{f.Message, f.Detail, plainText(f.Error)} {
		if said == "" {
			said = text
		}
	}
	if v.Message == "" {
		v.Message = said
	}
	if v.Code == "" {
		v.Code = f.Code
	}
	for _, raw := range []json.RawMessage{f.Errors, f.Details} {
		v.Fields = append(v.Fields, fieldErrors(prefix, raw)...)
	}
}

// fieldErrors flattens complaints by field: sentences, lists of them, or
// objects within objects.
func fieldErrors(path string, raw json.RawMessage) []catalog.FieldError {
	var all []catalog.FieldError
	var walk func(at string, raw json.RawMessage, depth int)
	walk = func(at string, raw json.RawMessage, depth int) {
		var members map[string]json.RawMessage
		var elements []json.RawMessage
		if depth > 8 || len(all) >= 100 {
			return
		}
		switch {
		case len(raw) == 0 || string(raw) == "null":
		case json.Unmarshal(raw, &members) == nil:
			for name, value := range members {
				walk(at+name+".", value, depth+1)
			}
		case json.Unmarshal(raw, &elements) == nil:
			for _, value := range elements {
				walk(at, value, depth+1)
			}
		default:
			all = append(all, catalog.FieldError{Field: strings.TrimSuffix(at, "."), Message: plainText(raw)})
		}
	}
	walk(path, raw, 0)
	slices.SortStableFunc(all, func(a, b catalog.FieldError) int { return strings.Compare(a.Field, b.Field) })
	return all
}

// plainText is what a scalar says.
func plainText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	if len(raw) > 0 && (raw[0] == '{' || raw[0] == '[' || raw[0] == 'n') {
		return ""
	}
	return string(raw)
}

// firstOf returns the first element of a JSON array.
func firstOf(body []byte) (json.RawMessage, bool) {
	if text := strings.TrimSpace(string(body[:min(len(body), 64)])); !strings.HasPrefix(text, "[") {
		return nil, false
	}
	for raw, err := range transport.Elements(body) {
		return raw, err == nil && len(raw) > 0
	}
	return nil, false
}

// inPart is the error beside a 207: the record was saved, but not all of it.
func inPart(op string, resp *transport.Response) error {
	var body struct {
		Errors json.RawMessage `json:"errors"`
	}
	e := &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Status: resp.Status, RequestID: resp.Header.Get("X-Request-Id"),
		Message: "the record was saved, but not all of it", Hint: "the result beside this error holds what was saved: send only the rest again"}
	if _, err := transport.Decode(resp.Body, &body); err != nil {
		return e
	}
	var v transport.Verdict
	refused(&v, body.Errors)
	if e.Code, e.Fields = v.Code, v.Fields; v.Message != "" {
		e.Message += ": " + v.Message
	}
	return e
}
