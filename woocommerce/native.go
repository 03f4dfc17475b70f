package woocommerce

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Do sends the host's own call. Path is what follows wc/v3, such as
// "/orders/123/notes". Several values of one query name are sent as one list
// with commas, which is how the store reads lists. The answer's Link header is
// left out: it repeats the query, keys included. A method that a host blocks
// can be sent as POST with the query _method.
// https://woocommerce.github.io/woocommerce-rest-api-docs/
func (e *Engine) Do(ctx context.Context, request catalog.RESTRequest) (catalog.RESTResult, error) {
	const op = "native call"
	path, err := transport.Confine(Platform, op, request.Path, `give the path behind wc/v3, such as "/orders/123", and the query for itself`)
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

var (
	_ catalog.ProductFinder      = (*Engine)(nil)
	_ catalog.InventoryReader    = (*Engine)(nil)
	_ catalog.LocationReader     = (*Engine)(nil)
	_ catalog.OrderHistoryReader = (*Engine)(nil)
	_ catalog.CustomerFinder     = (*Engine)(nil)
	_ catalog.Counter            = (*Engine)(nil)
	_ catalog.RESTCaller         = (*Engine)(nil)

	_ catalog.ProductWriter   = (*Engine)(nil)
	_ catalog.InventorySetter = (*Engine)(nil)
	_ catalog.OrderCanceller  = (*Engine)(nil)
	_ catalog.OrderNoter      = (*Engine)(nil)
	_ catalog.Refunder        = (*Engine)(nil)
	_ catalog.CustomerWriter  = (*Engine)(nil)
	_ catalog.Subscriber      = (*Engine)(nil)
	_ catalog.ProductExporter = (*Engine)(nil)
)
