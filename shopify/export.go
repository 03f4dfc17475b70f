package shopify

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// bulkKind names the shape of an exported product's Raw: its own row. Its
// variants and media are in Record.More, a row each.
const bulkKind catalog.RawKind = "shopify.bulk.Product"

// ExportProducts yields what Products would, by a bulk operation: Shopify works
// on it in the background, which takes seconds at least, and it costs the rate
// budget next to nothing. The result is read as it comes, one product at a
// time. Filters, After, Limit and OnBadItem are honoured; Sort only stable, and
// PageSize has no meaning.
//
// An operation that fails, is cancelled or expires, and a result that ends
// early or holds less than Shopify counted, end the list with an error after
// what was read. Five operations can run per app and store; a sixth is
// ErrConflict. When ctx ends first the operation goes on by itself.
// https://shopify.dev/docs/api/usage/bulk-operations/queries
func (e *Engine) ExportProducts(ctx context.Context, query catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	const op = "export products"
	l := productListing(query)
	l.op = op
	if l.search.err != nil {
		return transport.Failed[catalog.Product](l.search.err)
	}
	if query.Sort != catalog.SortStable {
		return transport.Failed[catalog.Product](catalog.Unsupported(Platform, op+" sorted by "+string(query.Sort), "use the stable order, or Products"))
	}
	filter := string(l.options.Sort) + "|" + l.search.text()
	position, err := l.options.After.Position(Platform, l.resource, filter)
	if err != nil {
		return transport.Failed[catalog.Product](err)
	}
	request, err := l.request(position, 0)
	if err != nil {
		return transport.Failed[catalog.Product](err)
	}
	search, _ := request.variables["query"].(string)
	return func(yield func(catalog.Product, error) bool) {
		currency, err := e.currency(ctx, op)
		var done bulkNode
		if err == nil {
			done, err = e.bulk(ctx, op, bulkText(search))
		}
		if err != nil {
			yield(catalog.Product{}, err)
			return
		}
		count := 0
		for p, err := range e.exported(ctx, op, done, pageContext{currency}, l.options.OmitRaw) {
			skip, err := transport.BadItem(err, l.options.OnBadItem)
			if skip {
				continue
			}
			if err != nil {
				yield(p, err)
				return
			}
			if l.keep != nil && !l.keep(&p) {
				continue
			}
			p.Cursor = catalog.NewCursor(Platform, l.resource, filter, p.ID)
			if !yield(p, nil) {
				return
			}
			if count++; count == l.options.Limit {
				return
			}
		}
	}
}

// bulkText is the export's query. Bulk queries have no variables, and edges in
// the place of nodes.
func bulkText(search string) string {
	arguments := "sortKey: ID"
	if search != "" {
		quoted, err := json.Marshal(search)
		if err != nil {
			panic(err) // text always encodes
		}
		arguments += ", query: " + string(quoted)
	}
	return `query Export { products(` + arguments + `) { edges { node { id ...Product
  media { edges { node { ...Medium } } }
  variants { edges { node { ...Variant } } }
} } } }
` + productFragment + "\n" + mediaFragment + "\n" + variantFragment
}

// bulkNode is a bulk operation.
type bulkNode struct {
	ID         string      `json:"id"`
	Status     string      `json:"status"`
	ErrorCode  string      `json:"errorCode"`
	Objects    json.Number `json:"objectCount"`
	Roots      json.Number `json:"rootObjectCount"`
	URL        string      `json:"url"`
	PartialURL string      `json:"partialDataUrl"`
}

// bulk runs a bulk operation to its end. It reads, so a lost answer to its
// start is asked for again; at worst two operations run.
func (e *Engine) bulk(ctx context.Context, op, text string) (b bulkNode, err error) {
	m := mutation{op: op, document: bulkRunDocument, root: "bulkOperationRunQuery"}
	a, err := e.send(ctx, op, bulkRunDocument, map[string]any{"query": text}, reading)
	if err != nil {
		return b, err
	}
	complaints, err := e.complaints(m, a)
	if err != nil {
		return b, err
	}
	if len(complaints) > 0 {
		err := m.refusal(complaints, a)
		if failed, ok := err.(*catalog.Error); ok && failed.Kind == catalog.ErrConflict {
			failed.Hint = "five bulk operations run at once; try again when one has ended"
		}
		return b, err
	}
	if raw := a.page.Field("data", m.root, "bulkOperation"); null(raw) || json.Unmarshal(raw, &b) != nil || b.ID == "" {
		return b, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "the answer names no bulk operation", RequestID: a.requestID}
	}
	for n := 1; ; n++ {
		one, err := e.one(ctx, op, bulkDocument, "bulkOperation", map[string]any{"id": b.ID})
		if err != nil {
			return b, err
		}
		b = bulkNode{}
		if err := json.Unmarshal(one.raw, &b); err != nil {
			return b, unreadable(op, one, "", err)
		}
		switch b.Status {
		case "COMPLETED":
			return b, nil
		case "CREATED", "RUNNING", "CANCELING":
		default:
			return b, b.failure(op)
		}
		if err := e.pause(ctx, n); err != nil {
			return b, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrUnavailable, Message: "Shopify was still at work", Err: err}
		}
	}
}

// failure is the error for an operation that ended without a whole result.
func (b bulkNode) failure(op string) error {
	e := &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrUnavailable, Code: b.ErrorCode, Message: "the bulk operation ended as " + b.Status,
		Hint: "export again, or list the products"}
	if e.Code == "" {
		e.Code = b.Status
	}
	if b.ErrorCode == "ACCESS_DENIED" {
		e.Kind, e.Hint = catalog.ErrForbidden, "grant the app the missing scope and have the merchant approve it"
	}
	if b.PartialURL != "" {
		e.Message += ", with a part of the data, which was not read"
	}
	return e
}

// download opens a result. It lies with somebody else, under a signed address,
// and must not see the token.
func (e *Engine) download(ctx context.Context, op, address string) (*http.Response, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: "the result has no https address"}
	}
	request := (&http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{"User-Agent": {transport.DefaultUserAgent}},
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}).WithContext(ctx)
	resp, err := e.adapter.files.RoundTrip(request)
	if err != nil {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrUnavailable, Message: "the result cannot be fetched", Err: plain(err, address)}
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrUnavailable, Status: resp.StatusCode, Message: "the result cannot be fetched",
			Hint: "its address lives seven days; export again"}
	}
	return resp, nil
}
