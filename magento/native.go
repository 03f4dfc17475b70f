package magento

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// Do sends the host's own call. Path is what follows V1 of the engine's view,
// such as "/orders/123"; give a SKU in it with url.PathEscape. What the shop's
// version signs in a way of its own, such as a SKU with a slash, is tried in
// each way there is. A refusal is an error, with its placeholders filled in.
// https://developer.adobe.com/commerce/webapi/rest/quick-reference
func (e *Engine) Do(ctx context.Context, request catalog.RESTRequest) (catalog.RESTResult, error) {
	const op = "native call"
	path, err := confine(op, request.Path)
	if err != nil {
		return catalog.RESTResult{}, err
	}
	c := call{op: op, method: strings.ToUpper(request.Method), path: path, empty: true}
	for _, name := range slices.Sorted(maps.Keys(request.Query)) {
		for _, value := range request.Query[name] {
			c.query = append(c.query, oauth1.Param{Name: name, Value: value})
		}
	}
	if request.Body != nil {
		if c.body, err = json.Marshal(request.Body); err != nil {
			return catalog.RESTResult{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the body cannot be encoded as JSON", Err: err}
		}
	}
	_, resp, err := e.send(ctx, c)
	if resp == nil {
		return catalog.RESTResult{}, err
	}
	return catalog.RESTResult{Status: resp.Status, Header: resp.Header, Body: resp.Body}, err
}

// confine returns the path, escaped as RFC 3986 has it, if it stays below the
// API's root: a plus is %2B, since the shop takes a bare one for a space.
func confine(op, path string) (string, error) {
	refuse := func(message string) (string, error) {
		return "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message,
			Hint: `give the path behind V1, such as "/orders/123", and the query for itself`}
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if strings.ContainsAny(path, "?#\\") {
		return refuse("the path holds a query, a fragment or a backslash")
	}
	segments := strings.Split(path[1:], "/")
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		switch {
		case err != nil:
			return refuse("the path is not escaped properly")
		case plain == "." || plain == "..", strings.ContainsAny(plain, "\r\n\x00"):
			return refuse("the path leaves the API")
		case plain == "" && i < len(segments)-1:
			return refuse("the path has an empty part")
		}
		segments[i] = oauth1.Encode(plain)
	}
	return "/" + strings.Join(segments, "/"), nil
}
