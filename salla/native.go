package salla

import (
	"context"
	"encoding/json"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Do sends the host's own call. Path is what follows /admin/v2, such as
// "/orders/123/histories". Calls to the customers endpoints also keep to their
// own limit. Body is the whole envelope; a refusal, also one in a 2xx that
// says success:false, is an error.
// https://docs.salla.dev/422122m0
func (e *Engine) Do(ctx context.Context, request catalog.RESTRequest) (catalog.RESTResult, error) {
	const op = "native call"
	path, err := transport.Confine(Platform, op, request.Path, `give the path behind /admin/v2, such as "/orders/123", and the query for itself`)
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
