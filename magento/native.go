package magento

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// Do sends the host's own call. Path is what follows V1 of the engine's view,
// such as "/orders/123"; give a SKU in it with url.PathEscape. What the shop's
// version signs in a way of its own, such as a SKU with a slash, is tried in
// each way there is. A refusal is an error, with its placeholders filled in.
// https://developer.adobe.com/commerce/webapi/rest/quick-reference
func (e *Engine) Do(ctx context.Context, request catalog.RESTRequest) (catalog.RESTResult, error) {
	const op = "native call"
	path, err := transport.Confine(Platform, op, request.Path, `give the path behind V1, such as "/orders/123", and the query for itself`)
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
