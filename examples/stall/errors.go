package stall

import (
	"maps"
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// classify judges any answer: by its status, corrected by what Stall means, and
// with what its body says.
func classify(resp *transport.Response) transport.Verdict {
	v := transport.ByStatus(resp)
	if v.Outcome == transport.Accept && !isObject(resp.Body) {
		// Cut on its way, or a proxy's: the same read may succeed.
		v = transport.Verdict{Outcome: transport.Transient, Kind: catalog.ErrBadAnswer, Message: "the answer is not a JSON object"}
	}
	if v.Outcome != transport.Accept {
		v = explained(v, resp.Body)
	}
	v.Settlement = &transport.Settlement{Charged: 1, Observed: observed(resp)}
	if v.Outcome == transport.Throttled {
		v.Settlement = &transport.Settlement{Refused: true, Wait: v.RetryAfter, Observed: observed(resp)}
	}
	return v
}

func isObject(body []byte) bool {
	page, err := transport.OpenPage(body, "\x00") // no list: checked to its end, nothing cut
	return err == nil && page.Field()[0] == '{'
}

// explained adds the fault in the body of a refusal.
func explained(v transport.Verdict, body []byte) transport.Verdict {
	var refusal struct {
		Fault struct {
			Code   string            `json:"code"`
			Text   string            `json:"text"`
			Fields map[string]string `json:"fields"`
		} `json:"fault"`
	}
	if _, err := transport.Decode(body, &refusal); err != nil {
		return v // a proxy's page, or nothing: the status says enough
	}
	v.Code = refusal.Fault.Code
	if refusal.Fault.Text != "" {
		v.Message = refusal.Fault.Text
	}
	for _, name := range slices.Sorted(maps.Keys(refusal.Fault.Fields)) {
		v.Fields = append(v.Fields, catalog.FieldError{Field: name, Message: refusal.Fault.Fields[name]})
	}
	if v.Code == "scope_missing" {
		v.Hint = "add the scope to the app and have the merchant approve it"
	}
	return v
}
