package shopify

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// graphQLError is one entry of an answer's errors.
type graphQLError struct {
	Message    string `json:"message"`
	Path       []any  `json:"path"`
	Extensions struct {
		Code           string `json:"code"`
		RequiredAccess string `json:"requiredAccess"`
		Problems       []struct {
			Path        []any  `json:"path"`
			Explanation string `json:"explanation"`
		} `json:"problems"`
	} `json:"extensions"`
}

// parseErrors reads errors in all the forms they come in: a list of objects, a
// plain string, or an object of strings.
func parseErrors(raw json.RawMessage) []graphQLError {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var list []graphQLError
	if raw[0] == '[' {
		for element, err := range transport.Elements(raw) {
			var one graphQLError
			if err == nil {
				_, err = transport.Decode(element, &one) // an odd part does not cost the rest
			}
			if err != nil {
				one.Message = "an error in an unknown form"
			}
			list = append(list, one)
		}
		return list
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return []graphQLError{{Message: text}}
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) == nil {
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			list = append(list, graphQLError{Message: name + ": " + strings.Trim(string(fields[name]), `"`)})
		}
		return list
	}
	return []graphQLError{{Message: "errors in an unknown form"}}
}

// classify opens an answer and judges it: GraphQL reports throttling and
// failures in a 200.
// https://shopify.dev/docs/api/usage/response-codes
func classify(resp *transport.Response, list ...string) (answer, transport.Verdict) {
	if resp.Status != http.StatusOK || transport.IsHTML(resp) {
		v := classifyStatus(resp)
		if v.Outcome != transport.Throttled {
			v.Settlement = &transport.Settlement{} // what ran no query costs no points
		}
		return answer{}, v
	}
	a, err := parseAnswer(resp.Body, list...)
	if err == nil {
		return a, judge(a)
	}
	if plain, err := parseAnswer(resp.Body); err == nil { // whole, but a list is none: asking again would not help
		return plain, transport.Verdict{Outcome: transport.Fail, Kind: catalog.ErrBadAnswer, Message: "the answer holds no list where one belongs", Settlement: plain.cost.settlement()}
	}
	return a, transport.Verdict{Outcome: transport.Transient, Kind: catalog.ErrBadAnswer, Message: "the answer is not complete JSON", Settlement: &transport.Settlement{}}
}

// classifyStatus judges an answer that is not GraphQL's.
func classifyStatus(resp *transport.Response) transport.Verdict {
	switch resp.Status {
	case http.StatusUnauthorized:
		v := transport.ByStatus(resp)
		v.Message, v.Hint = messageOf(resp.Body), "the token is wrong, expired or revoked, or the app was uninstalled"
		return v
	case http.StatusPaymentRequired:
		return fail(catalog.ErrForbidden, messageOf(resp.Body), "the store is frozen until its owner pays Shopify, or its plan lacks this feature")
	case http.StatusForbidden:
		return fail(catalog.ErrForbidden, messageOf(resp.Body), "the app lacks a scope, or the store was closed")
	case http.StatusNotFound:
		return fail(catalog.ErrNotFound, messageOf(resp.Body), "there is no such store, or the API version does not exist")
	case http.StatusLocked:
		return fail(catalog.ErrForbidden, messageOf(resp.Body), "the store is locked after repeated abuse of the rate limit")
	case 430:
		return fail(catalog.ErrForbidden, "Shopify suspects malicious traffic", "slow down and contact Shopify")
	default:
		v := transport.ByStatus(resp)
		if !transport.IsHTML(resp) {
			v.Message = messageOf(resp.Body)
		}
		return v
	}
}

func fail(kind catalog.Kind, message, hint string) transport.Verdict {
	return transport.Verdict{Outcome: transport.Fail, Kind: kind, Message: message, Hint: hint}
}

// messageOf finds the sentence in an error body.
func messageOf(body []byte) string {
	var envelope struct {
		Errors           json.RawMessage `json:"errors"`
		Error            string          `json:"error"`
		ErrorDescription string          `json:"error_description"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return ""
	}
	if envelope.Error != "" {
		return strings.TrimSuffix(envelope.Error+": "+envelope.ErrorDescription, ": ")
	}
	var parts []string
	for _, e := range parseErrors(envelope.Errors) {
		parts = append(parts, e.Message)
	}
	return strings.Join(parts, "; ")
}

// judge looks at a complete GraphQL answer.
func judge(a answer) transport.Verdict {
	settlement := a.cost.settlement()
	if len(a.errors) == 0 || !null(a.data()) && !a.throttled() {
		return transport.Verdict{Outcome: transport.Accept, Settlement: settlement}
	}
	v := verdictOf(a.errors)
	switch v.Outcome {
	case transport.Throttled:
		wait := a.cost.wait()
		v.RetryAfter = wait
		v.Settlement = &transport.Settlement{Refused: true, Wait: wait, Observed: a.cost.observed()}
	default:
		v.Settlement = settlement
	}
	return v
}

// throttled reports an answer that was refused for its cost although it has a
// shell of data.
func (a answer) throttled() bool {
	var fields map[string]json.RawMessage
	if !slices.ContainsFunc(a.errors, graphQLError.throttled) || json.Unmarshal(a.data(), &fields) != nil {
		return false
	}
	for _, value := range fields {
		if !null(value) {
			return false
		}
	}
	return true
}

func (e graphQLError) throttled() bool { return e.Extensions.Code == "THROTTLED" }

// verdictOf types the errors of an answer without data by the first one that
// has a code; throttling goes before all.
// https://shopify.dev/docs/api/admin-graphql#status-and-error-codes
func verdictOf(list []graphQLError) transport.Verdict {
	at := max(0, slices.IndexFunc(list, func(e graphQLError) bool { return e.Extensions.Code != "" }))
	if i := slices.IndexFunc(list, graphQLError.throttled); i >= 0 {
		at = i
	}
	first := list[at]
	v := fail(catalog.ErrInvalid, first.Message, "")
	v.Code = first.Extensions.Code
	switch first.Extensions.Code {
	case "THROTTLED":
		v.Outcome, v.Kind = transport.Throttled, catalog.ErrRateLimited
	case "ACCESS_DENIED":
		v.Kind, v.Hint = catalog.ErrForbidden, "grant the app the missing scope and have the merchant approve it"
		if need := first.Extensions.RequiredAccess; need != "" {
			v.Hint = "it needs " + need
		}
	case "SHOP_INACTIVE":
		v.Kind, v.Hint = catalog.ErrForbidden, "the store is not active"
	case "INTERNAL_SERVER_ERROR":
		v.Outcome, v.Kind = transport.Transient, catalog.ErrUnavailable
	case "NOT_FOUND", "RESOURCE_NOT_FOUND":
		v.Kind = catalog.ErrNotFound
	case "MAX_COST_EXCEEDED":
		v.Hint = "ask for less at once: a smaller page, or fewer nested records"
	case "":
		if strings.Contains(first.Message, "not approved to access") {
			v.Kind, v.Hint = catalog.ErrForbidden, "apply for access to protected customer data in the Partner Dashboard"
		}
	}
	for _, e := range list {
		for _, p := range e.Extensions.Problems {
			v.Fields = append(v.Fields, catalog.FieldError{Field: joinPath(p.Path), Message: p.Explanation})
		}
	}
	for i, e := range list {
		if i == at {
			continue
		}
		v.Fields = append(v.Fields, catalog.FieldError{Field: joinPath(e.Path), Code: e.Extensions.Code, Message: e.Message})
	}
	return v
}

// failure makes an error of answer errors that came with a 200 and with data,
// where the data asked for is not in it.
func failure(op string, list []graphQLError, requestID string) error {
	v := verdictOf(list)
	return &catalog.Error{Platform: Platform, Op: op, Kind: v.Kind, Status: http.StatusOK, Code: v.Code, Message: v.Message, Hint: v.Hint, Fields: v.Fields, RequestID: requestID}
}

// codeOf returns the platform's code of a souk error, "" when there is none.
func codeOf(err error) string {
	if e, ok := errors.AsType[*catalog.Error](err); ok {
		return e.Code
	}
	return ""
}

// joinPath writes a GraphQL path with points.
func joinPath(path []any) string {
	parts := make([]string, len(path))
	for i, p := range path {
		if n, ok := p.(float64); ok {
			parts[i] = fmt.Sprintf("%.0f", n)
		} else {
			parts[i] = fmt.Sprint(p)
		}
	}
	return strings.Join(parts, ".")
}
