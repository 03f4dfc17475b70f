package magento

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// failure is the body of a refused call. Its trace, which only shops in
// developer mode send, is never read.
type failure struct {
	Message    string          `json:"message"`
	Parameters json.RawMessage `json:"parameters"`
	Errors     []struct {
		Message    string          `json:"message"`
		Parameters json.RawMessage `json:"parameters"`
	} `json:"errors"`
}

// judge judges the answers of one call.
type judge struct {
	call   call
	saas   bool
	signed bool // the attempt carries a signature
	last   bool // there is no other way to sign it
	limit  int64
}

// Codes for what Magento tells in sentences alone.
const (
	badSignature = "signature_invalid"
	usedNonce    = "nonce_used"
	badTime      = "timestamp_refused"
	noRoute      = "no_route"
	pageTooLarge = "page_too_large"
	noMagento    = "no_magento"
)

// oauthProblems are the beginnings of sentences about a signed request, as
// far as something can be done about it.
var oauthProblems = []struct{ sentence, code string }{
	{"the signature is invalid", badSignature},
	{"the nonce is already being used", usedNonce},
	{"the timestamp value", badTime},
	{"a consumer", "consumer_key_rejected"},
	{"consumer key", "consumer_key_rejected"},
	{"the token length", "token_rejected"},
	{"specified token", "token_rejected"},
	{"access token has been revoked", "token_revoked"},
	{"token", "token_rejected"},
}

// classify judges an answer by its status and says what its body says.
// Sentences are in the language of the view: where there is something else to
// go by, it is gone by.
func (j *judge) classify(resp *transport.Response) transport.Verdict {
	v := transport.ByStatus(resp)
	if v.Outcome == transport.Accept {
		return v
	}
	var f failure
	if _, err := transport.Decode(resp.Body, &f); err != nil || transport.IsHTML(resp) {
		return hinted(v, resp.Status)
	}
	v.Message = fill(f.Message, f.Parameters)
	for _, one := range f.Errors {
		v.Fields = append(v.Fields, catalog.FieldError{Field: parameter(one.Parameters, "fieldName"), Message: fill(one.Message, one.Parameters)})
	}
	switch resp.Status {
	case http.StatusUnauthorized:
		return j.unauthorized(v, &f)
	case http.StatusBadRequest:
		if limit, err := strconv.ParseInt(parameter(f.Parameters, "max"), 10, 64); err == nil && limit > 0 {
			j.limit, v.Code = limit, pageTooLarge
		}
	case http.StatusNotFound:
		// A list that is there is empty, not absent.
		if slices.Equal(j.call.list, inItems) || strings.HasPrefix(v.Message, "Request does not match any route") {
			v.Code = noRoute
			v.Hint = "the shop lacks the module, or the store's address or the setting store_view is wrong"
		}
	case http.StatusInternalServerError:
		v.Hint = "the shop's log has the reason under the report's number"
	}
	return v
}

// unauthorized tells apart the meanings of 401, which is also what Magento
// answers where a permission is missing.
func (j *judge) unauthorized(v transport.Verdict, f *failure) transport.Verdict {
	if resources := parameter(f.Parameters, "resources"); resources != "" {
		v.Code = resources
		if j.signed || j.call.proven {
			v.Outcome, v.Kind = transport.Fail, catalog.ErrForbidden
			v.Hint = "grant the integration the resource " + resources + " in the admin and activate it again"
			return v
		}
		v.Outcome, v.Kind = transport.Unauthorized, catalog.ErrUnauthorized
		v.Hint = "the token is wrong or has ended, or the shop does not take integration tokens as bearer tokens (off since 2.4.4: sign with the four values), or the resource " +
			resources + " is not granted; the shop does not tell which"
		return v
	}
	v.Outcome, v.Kind = transport.Unauthorized, catalog.ErrUnauthorized
	if !j.signed {
		v.Hint = "the token is wrong or has ended"
		return v
	}
	sentence := strings.ToLower(v.Message)
	for _, p := range oauthProblems {
		if strings.HasPrefix(sentence, p.sentence) {
			v.Code = p.code
			break
		}
	}
	if v.Code == "" && !j.last { // in another language it may be anything
		v.Code = badSignature
	}
	switch v.Code {
	case badSignature: // keys that were replaced give another refusal
		v.Outcome = transport.Fail
		v.Hint = "check the integration's four values; if they are right, the shop sees another address than the one it is called at: a proxy before it hides https or the host"
	case usedNonce: // somebody on the way sent the request twice
		v.Outcome, v.Kind = transport.Transient, catalog.ErrUnavailable
		v.Hint = "a proxy may be repeating requests"
	case badTime:
		v.Outcome = transport.Fail
		v.Hint = "set this machine's clock: it is more than ten minutes ahead of the shop's"
	default:
		v.Hint = "the integration was deleted, deactivated or given new values"
	}
	return v
}

func hinted(v transport.Verdict, status int) transport.Verdict {
	switch status {
	case http.StatusForbidden:
		v.Hint = "a firewall before the shop refused the call; have this service's addresses allowed"
	case http.StatusNotFound:
		v.Code = noMagento
		v.Hint = "no Magento answers there: check the store's address, and whether it needs /index.php"
	case http.StatusServiceUnavailable:
		v.Hint = "the shop may be in maintenance mode"
	}
	return v
}

// values reads parameters: by position or by name.
func values(raw json.RawMessage) (list []string, named map[string]string) {
	plain := func(raw json.RawMessage) string {
		var text string
		var texts []string
		switch {
		case json.Unmarshal(raw, &text) == nil:
			return text
		case json.Unmarshal(raw, &texts) == nil:
			return strings.Join(texts, ", ")
		}
		return string(raw)
	}
	var all []json.RawMessage
	var members map[string]json.RawMessage
	switch {
	case json.Unmarshal(raw, &all) == nil:
		for _, v := range all {
			list = append(list, plain(v))
		}
	case json.Unmarshal(raw, &members) == nil:
		named = make(map[string]string, len(members))
		for name, v := range members {
			named[name] = plain(v)
		}
	}
	return list, named
}

func parameter(raw json.RawMessage, name string) string {
	_, named := values(raw)
	return named[name]
}

// longestFill bounds what is put in for one placeholder.
const longestFill = 200

// fill puts the parameters in the places a sentence has for them, in one pass:
// what a parameter holds is never taken for a place.
func fill(sentence string, raw json.RawMessage) string {
	if len(bytes.TrimSpace(raw)) == 0 || !strings.Contains(sentence, "%") {
		return sentence
	}
	list, named := values(raw)
	for i, v := range list {
		if named == nil {
			named = map[string]string{}
		}
		named[strconv.Itoa(i+1)] = v
	}
	names := make([]string, 0, len(named))
	for name := range named {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) }) // %10 before %1
	var pairs []string
	for _, name := range names {
		value := strings.ToValidUTF8(named[name][:min(len(named[name]), longestFill)], "")
		pairs = append(pairs, "%"+name, value)
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}
