package salla

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// failure is the body of a refused call, in all the forms it has.
// https://docs.salla.dev/421123m0
type failure struct {
	Status      int             `json:"status"`
	Error       json.RawMessage `json:"error"`
	Description string          `json:"error_description"`
	Message     string          `json:"message"`
}

// complaint is the envelope's error.
type complaint struct {
	Code    number          `json:"code"` // a word, a number or missing
	Message string          `json:"message"`
	Fields  json.RawMessage `json:"fields"`
	Actions []string        `json:"actions"`
}

// classify judges any answer by its status and says what its body says.
func classify(resp *transport.Response) transport.Verdict {
	v := transport.ByStatus(resp)
	if v.Outcome == transport.Accept || transport.IsHTML(resp) {
		return settled(hinted(v, resp.Status), resp)
	}
	return settled(refused(v, resp.Status, resp.Body), resp)
}

// refused adds what the body says to the verdict of a failed call.
func refused(v transport.Verdict, status int, body []byte) transport.Verdict {
	var f failure
	if _, err := transport.Decode(body, &f); err != nil {
		return hinted(v, status)
	}
	var c complaint
	var text string
	switch {
	case json.Unmarshal(f.Error, &text) == nil: // the accounts host
		v.Code, v.Message = text, f.Description
	default:
		_, _ = transport.Decode(f.Error, &c) // what cannot be read says nothing
		v.Code, v.Message, v.Fields = string(c.Code), c.Message, fieldErrors(c.Fields)
		for _, action := range c.Actions {
			v.Fields = append(v.Fields, catalog.FieldError{Field: "actions", Message: action})
		}
	}
	if v.Message == "" {
		v.Message = f.Message
	}
	v = hinted(v, status)
	if status == http.StatusUnauthorized {
		return unauthorized(v)
	}
	return v
}

// unauthorized tells the meanings of 401 apart, which differ in nothing but
// their sentence. Salla sends the first two in English or Arabic, the scopes'
// in English always.
func unauthorized(v transport.Verdict) transport.Verdict {
	sentence := strings.ToLower(v.Message)
	switch {
	case strings.Contains(sentence, "one of those scopes"):
		v.Outcome, v.Kind = transport.Fail, catalog.ErrForbidden
		v.Hint = "add the scope to the app in the Partners portal and have the merchant approve it"
	case strings.Contains(sentence, "user is not exist"), strings.Contains(sentence, "user does not exist"),
		strings.Contains(sentence, "غير مفعل"):
		v.Outcome, v.Kind = transport.Fail, catalog.ErrReauthorize
		v.Hint = "the app was removed or the store is not active; the merchant has to install the app again"
	default:
		v.Outcome, v.Kind = transport.Unauthorized, catalog.ErrUnauthorized
		v.Hint = "the token is wrong, expired or revoked"
	}
	return v
}

func hinted(v transport.Verdict, status int) transport.Verdict {
	switch status {
	case http.StatusForbidden:
		v.Hint = "the app is not entitled to this, or is blocked for a while after too many errors; do not repeat it at once"
	case http.StatusGone:
		v.Hint = "this part of the API was removed"
	}
	return v
}

// fieldErrors reads complaints by field: lists of sentences, a sentence, or
// anything else as it is.
func fieldErrors(raw json.RawMessage) []catalog.FieldError {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	var all []catalog.FieldError
	for name, value := range fields {
		var list []string
		var one string
		switch {
		case json.Unmarshal(value, &list) == nil:
		case json.Unmarshal(value, &one) == nil:
			list = []string{one}
		default:
			list = []string{string(value)}
		}
		for _, message := range list {
			all = append(all, catalog.FieldError{Field: name, Message: message})
		}
	}
	slices.SortFunc(all, func(a, b catalog.FieldError) int {
		return strings.Compare(a.Field+"\x00"+a.Message, b.Field+"\x00"+b.Message)
	})
	return all
}

// unsuccessful judges a 2xx whose envelope says that it failed.
func unsuccessful(resp *transport.Response) transport.Verdict {
	var f failure
	_, _ = transport.Decode(resp.Body, &f) // opened before, so it is an object
	inner := *resp
	if inner.Status = f.Status; inner.Status < 400 {
		v := refused(transport.Verdict{Outcome: transport.Fail, Kind: catalog.ErrBadAnswer}, resp.Status, resp.Body)
		v.Hint = "the answer has the status " + strconv.Itoa(resp.Status) + " and says that it failed"
		return v
	}
	return refused(transport.ByStatus(&inner), inner.Status, resp.Body)
}
