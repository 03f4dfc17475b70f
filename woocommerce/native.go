package woocommerce

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// Do sends the host's own call. Path is what follows wc/v3, such as
// "/orders/123/notes". Several values of one query name are sent as one list
// with commas, which is how the store reads lists. The answer's Link header is
// left out: it repeats the query, keys included. A method that a host blocks
// can be sent as POST with the query _method.
// https://woocommerce.github.io/woocommerce-rest-api-docs/
func (e *Engine) Do(ctx context.Context, request catalog.RESTRequest) (catalog.RESTResult, error) {
	const op = "native call"
	path, err := confine(op, request.Path)
	if err != nil {
		return catalog.RESTResult{}, err
	}
	c := call{op: op, method: request.Method, path: path, query: request.Query, native: true}
	if request.Body != nil {
		if c.body, err = json.Marshal(request.Body); err != nil {
			return catalog.RESTResult{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the body cannot be encoded as JSON", Err: err}
		}
	}
	a, err := e.send(ctx, c)
	if a.resp == nil {
		return catalog.RESTResult{}, err
	}
	header := a.resp.Header.Clone()
	header.Del("Link")
	result := catalog.RESTResult{Status: a.resp.Status, Header: header, Body: a.resp.Body}
	if err == nil && request.Method != http.MethodHead {
		result.Body = a.body
	}
	return result, err
}

// confine returns the escaped path, if it stays below the API's root.
func confine(op, path string) (string, error) {
	refuse := func(message string) (string, error) {
		return "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message,
			Hint: `give the path behind wc/v3, such as "/orders/123", and the query for itself`}
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
		case plain == "." || plain == "..", strings.ContainsAny(plain, "\r\n\x00/"):
			return refuse("the path leaves the API")
		case plain == "" && i < len(segments)-1:
			return refuse("the path has an empty part")
		}
		segments[i] = url.PathEscape(plain)
	}
	return "/" + strings.Join(segments, "/"), nil
}

var (
	_ catalog.ProductFinder      = (*Engine)(nil)
	_ catalog.InventoryReader    = (*Engine)(nil)
	_ catalog.LocationReader     = (*Engine)(nil)
	_ catalog.OrderHistoryReader = (*Engine)(nil)
	_ catalog.CustomerFinder     = (*Engine)(nil)
	_ catalog.Counter            = (*Engine)(nil)
	_ catalog.RESTCaller         = (*Engine)(nil)
)
