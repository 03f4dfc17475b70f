package salla

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// Do sends the host's own call. Path is what follows /admin/v2, such as
// "/orders/123/histories". Calls to the customers endpoints also keep to their
// own limit. Body is the whole envelope; a refusal, also one in a 2xx that
// says success:false, is an error.
// https://docs.salla.dev/422122m0
func (e *Engine) Do(ctx context.Context, request catalog.RESTRequest) (catalog.RESTResult, error) {
	const op = "native call"
	path, err := confine(op, request.Path)
	if err != nil {
		return catalog.RESTResult{}, err
	}
	c := call{op: op, method: request.Method, path: path, query: request.Query, empty: true}
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

// confine returns the escaped path, if it stays below the API's root.
func confine(op, path string) (string, error) {
	refuse := func(message string) (string, error) {
		return "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message,
			Hint: `give the path behind /admin/v2, such as "/orders/123", and the query for itself`}
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
		segments[i] = url.PathEscape(plain)
	}
	return "/" + strings.Join(segments, "/"), nil
}
