package bigcommerce

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Do sends the host's own call. Path is what follows the store hash and begins
// with the version, such as "/v3/catalog/brands" or "/v2/orders/123". Body is
// the whole answer: V3 has an envelope, V2 has none, and where V2 has nothing
// to list it is empty, with the status 204.
//
// A 207 says that a record was saved in part: the result then comes beside an
// error that names what was not. Calls that delete all orders, or all shipments
// of an order, are refused.
// https://developer.bigcommerce.com/docs/start/about
func (e *Engine) Do(ctx context.Context, request catalog.RESTRequest) (catalog.RESTResult, error) {
	const op = "native call"
	path, err := confine(op, request.Method, request.Path)
	if err != nil {
		return catalog.RESTResult{}, err
	}
	c := call{op: op, method: strings.ToUpper(request.Method), path: path, query: request.Query, empty: true}
	if request.Body != nil {
		if c.body, err = json.Marshal(request.Body); err != nil {
			return catalog.RESTResult{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the body cannot be encoded as JSON", Err: err}
		}
	}
	_, resp, err := e.send(ctx, c)
	if resp == nil {
		return catalog.RESTResult{}, err
	}
	if err == nil && resp.Status == http.StatusMultiStatus {
		err = inPart(op, resp)
	}
	return catalog.RESTResult{Status: resp.Status, Header: resp.Header, Body: resp.Body}, err
}

// confine returns the escaped path, if it stays below the store's root.
func confine(op, method, path string) (string, error) {
	refuse := func(message, hint string) (string, error) {
		return "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message, Hint: hint}
	}
	const form = `give the path behind the store hash, such as "/v3/catalog/brands", and the query for itself`
	segments, wrong := transport.Segments(path)
	if wrong != "" {
		return refuse(wrong, form)
	}
	if segments[0] != "v2" && segments[0] != "v3" || len(segments) < 2 {
		return refuse("the path does not begin with a version", form)
	}
	if strings.EqualFold(method, http.MethodDelete) && deletesAll(segments) {
		return refuse("the call would delete them all", "name the one to delete in the path")
	}
	return "/" + strings.Join(segments, "/"), nil
}

// deletesAll reports a path of V2 whose deletion takes every order, or every
// shipment of an order, away.
func deletesAll(segments []string) bool {
	if segments[len(segments)-1] == "" {
		segments = segments[:len(segments)-1]
	}
	return segments[0] == "v2" && len(segments) > 1 && segments[1] == "orders" &&
		(len(segments) == 2 || len(segments) == 4 && segments[3] == "shipments")
}
