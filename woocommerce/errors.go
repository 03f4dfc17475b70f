package woocommerce

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// failure is the body of a refused call. Data may be an object, a number, null
// or missing; messages are localised and may be HTML, so that only codes and
// statuses decide.
type failure struct {
	Code    string          `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data"`
}

// noRoute is the code of a path that the store has nothing at.
const noRoute = "rest_no_route"

// noRefund is the code of every refund that WooCommerce says no to, with a 500.
// Other failures of its with such a status may come out of the middle of the work.
const noRefund = "woocommerce_rest_cannot_create_order_refund"

// failureIn reads a refusal of the store's; false when the answer is somebody
// else's, such as a firewall's or the host's.
func failureIn(resp *transport.Response) (failure, bool) {
	var f failure
	body, _, ok := jsonIn(resp.Body)
	if !ok || transport.IsHTML(resp) {
		return f, false
	}
	if _, err := transport.Decode(body, &f); err != nil || f.Code == "" {
		return f, false
	}
	return f, true
}

// misplaced reports a 404 that speaks of the API rather than of a record.
func misplaced(resp *transport.Response) bool {
	f, ours := failureIn(resp)
	return !ours || f.Code == noRoute
}

// refused judges an answer that is no success.
func (e *Engine) refused(v transport.Verdict, resp *transport.Response, c call) transport.Verdict {
	f, ours := failureIn(resp)
	if !ours {
		return foreign(v, resp)
	}
	v.Code, v.Message, v.Fields = f.Code, plainText(f.Message), fieldErrors(f.Data)
	switch {
	case strings.HasSuffix(f.Code, "_invalid_id") && resp.Status < 500:
		v.Outcome, v.Kind = transport.Fail, catalog.ErrNotFound // 400 for writes
	case f.Code == "woocommerce_rest_invalid_order_id": // with a 500
		v.Outcome, v.Kind = transport.Fail, catalog.ErrNotFound
	case f.Code == noRoute:
		v.Outcome, v.Kind = transport.Fail, catalog.ErrUnavailable
		if c.native {
			v.Kind = catalog.ErrNotFound
		}
		v.Hint = "WordPress answers and knows no such route: WooCommerce is switched off, too old, or hidden by a plugin"
	case resp.Status == http.StatusUnauthorized:
		v = e.unauthorized(v, resp)
	case resp.Status == http.StatusForbidden:
		v.Hint = "the user the key belongs to lacks the right; have the merchant make a key for a shop manager or an administrator"
	case f.Code == noRefund:
		v.Outcome, v.Kind = transport.Fail, catalog.ErrInvalid // a plain no, whatever its status
	case f.Code == "internal_server_error":
		v.Hint = "PHP broke off; the store's log of fatal errors names the plugin"
	}
	return v
}

// unauthorized tells the meanings of 401 apart.
func (e *Engine) unauthorized(v transport.Verdict, resp *transport.Response) transport.Verdict {
	v.Outcome, v.Kind = transport.Unauthorized, catalog.ErrUnauthorized
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil && e.auth.signs() {
		if apart := resp.Received.Sub(date).Round(time.Minute); apart.Abs() > 10*time.Minute {
			v.Hint = fmt.Sprintf("this machine's clock and the store's differ by %s; signatures are refused from a quarter of an hour on", apart.Abs())
			return v
		}
	}
	recognised := strings.HasPrefix(v.Code, "woocommerce_rest_authentication_")
	switch {
	case recognised && (strings.Contains(v.Message, "read permissions") || strings.Contains(v.Message, "write permissions")):
		v.Outcome, v.Kind = transport.Fail, catalog.ErrForbidden
		v.Hint = "have the merchant make a key whose permissions are Read/Write"
	case recognised && e.auth.signs():
		v.Hint = `the secret is not the key's, or the store believes in another address than it was signed for: behind a proxy that hides https set the account's setting signed_scheme to http`
	case recognised:
		v.Hint = "the consumer secret is not the key's"
	case e.auth.inHeader() && e.auth.signs():
		v.Hint = "the store saw no signature: the host may drop the Authorization header; try the account's setting auth as oauth1_query"
	case e.auth.inHeader():
		v.Hint = "the store saw no valid key: it was revoked, or the host drops the Authorization header (try the setting auth as query), " +
			"or a proxy hides https from WordPress (try auth as oauth1 and signed_scheme as http)"
	default:
		v.Hint = "the store saw no valid key: it was revoked, or its permalinks are Plain, under which stores before 11.1 ignore keys"
	}
	return v
}

// foreign judges an answer that is not WooCommerce's: a firewall's, a
// challenge, the host's own page.
func foreign(v transport.Verdict, resp *transport.Response) transport.Verdict {
	v.Message = "not an answer of WooCommerce" + told(resp)
	switch {
	case v.Outcome == transport.Throttled, v.Outcome == transport.Transient:
		return v
	case resp.Status == http.StatusUnauthorized:
		v.Outcome, v.Kind = transport.Fail, catalog.ErrUnauthorized
		v.Hint = "the web server asks for a password of its own, as staging sites do; it has to let the API's path through"
	case resp.Status == http.StatusMethodNotAllowed, resp.Status == http.StatusNotImplemented:
		v.Outcome, v.Kind = transport.Fail, catalog.ErrUnavailable
		v.Hint = "the host blocks the method; WooCommerce takes POST for changes, and POST with _method=DELETE in the query"
	case resp.Status == http.StatusNotFound:
		v.Outcome, v.Kind = transport.Fail, catalog.ErrUnavailable // never a record's: nothing may be deleted for it
	default:
		v.Outcome, v.Kind = transport.Fail, catalog.ErrUnavailable
		v.Hint = "a firewall or the host answers in the store's place; have it let this service through to the API's path"
	}
	return v
}

// told says what an answer is, and how it begins where that is no record.
func told(resp *transport.Response) string {
	kind := resp.Header.Get("Content-Type")
	if kind == "" {
		kind = "without a content type"
	}
	text := fmt.Sprintf(" (status %d, %s)", resp.Status, kind)
	page := string(resp.Body[:min(len(resp.Body), 4096)])
	if i := strings.IndexAny(page, "{["); i >= 0 && !transport.IsHTML(resp) {
		page = page[:i]
	}
	if gist := plainText(page); gist != "" {
		text += ": " + gist // cut to length once secrets are out of it
	}
	return text
}

// hidden are the parts of a page that are no text.
var hidden = regexp.MustCompile(`(?is)<(script|style|head)\b.*?</(script|style|head)>|<!--.*?-->|<[^>]*>?`)

// titleOf finds a page's title.
var titleOf = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// plainText takes the tags out of HTML, the title first.
func plainText(page string) string {
	title := ""
	if found := titleOf.FindStringSubmatch(page); found != nil {
		title = found[1] + " "
	}
	return strings.Join(strings.Fields(html.UnescapeString(title+hidden.ReplaceAllString(page, " "))), " ")
}

// fieldErrors reads the complaints about parameters.
func fieldErrors(raw json.RawMessage) []catalog.FieldError {
	var data struct {
		Params  map[string]json.RawMessage `json:"params"`
		Details map[string]struct {
			Code string `json:"code"`
		} `json:"details"`
	}
	if json.Unmarshal(raw, &data) != nil {
		var named struct {
			Params []string `json:"params"` // of missing parameters, names alone
		}
		_ = json.Unmarshal(raw, &named) // what cannot be read says nothing
		data.Params = map[string]json.RawMessage{}
		for _, name := range named.Params {
			data.Params[name] = json.RawMessage(`"missing"`)
		}
	}
	var all []catalog.FieldError
	for name, value := range data.Params {
		var message string
		if json.Unmarshal(value, &message) != nil {
			message = string(value)
		}
		all = append(all, catalog.FieldError{Field: name, Code: data.Details[name].Code, Message: plainText(message)})
	}
	slices.SortFunc(all, func(a, b catalog.FieldError) int { return strings.Compare(a.Field, b.Field) })
	return all
}
