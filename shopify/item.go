package shopify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// readItem turns one node into the model.
func readItem[N, T any](ctx context.Context, e *Engine, op string, node rawNode, by itemReader[N, T], omitRaw bool) (T, error) {
	var n N
	return readInto(ctx, e, op, node, by, omitRaw, &n)
}

// readInto is readItem with a node that the caller uses again for the next
// record: what convert returns must not refer to the room reset keeps.
func readInto[N, T any](ctx context.Context, e *Engine, op string, node rawNode, by itemReader[N, T], omitRaw bool, n *N) (T, error) {
	var none T
	if by.reset != nil {
		by.reset(n)
	} else {
		var zero N
		*n = zero
	}
	problems, err := transport.Decode(node.raw, n)
	if err == nil && by.id(n) == "" {
		err = errors.New("it has no id")
	}
	if err != nil {
		return none, unreadable(op, node, numericID(by.id(n)), err)
	}
	x := extra{omitRaw: omitRaw}
	if by.complete != nil {
		if err := by.complete(ctx, e, n, &x); err != nil {
			return none, err
		}
	}
	r := reader{transport.Notes{Problems: append(problems, x.problems...)}}
	item := by.convert(&r, n, node.page)
	record := by.record(&item)
	record.Platform = Platform
	record.Problems = append(r.Problems, node.problems()...)
	if !omitRaw {
		record.Raw, record.RawKind, record.More = node.raw, by.kind, x.parts
	}
	return item, nil
}

// unreadable is the error for a record that is none, with what Shopify says
// of it.
func unreadable(op string, node rawNode, id string, err error) error {
	for _, p := range node.problems() {
		err = fmt.Errorf("%w; Shopify says: %s", err, p)
	}
	return &catalog.ItemError{Platform: Platform, Op: op, ID: id, Raw: node.raw, Err: err}
}

// readOne turns the node of a single read into the model.
func readOne[N, T any](ctx context.Context, e *Engine, op string, node rawNode, by itemReader[N, T]) (T, error) {
	return readItem(ctx, e, op, node, by, false)
}

// vanished reports a record that Shopify knows nothing of any more. A store
// that is not there is another matter, though of the same kind.
func vanished(err error) bool {
	e, ok := errors.AsType[*catalog.Error](err)
	return ok && e.Kind == catalog.ErrNotFound && e.Status == http.StatusOK
}

// emptied keeps a slice's room for the next record. What lies behind its
// length is zero at all times, so that nothing shines through.
func emptied[T any](s []T) []T {
	clear(s)
	return s[:0]
}

// more fetches the nodes of a nested connection that did not fit.
func more[N any](ctx context.Context, e *Engine, d connectionDocument, id string, c *connection[N], x *extra) error {
	if !c.PageInfo.HasNextPage {
		return nil
	}
	if c.PageInfo.EndCursor == "" {
		return &catalog.Error{Platform: Platform, Op: "read the rest of " + d.connection, Kind: catalog.ErrBadAnswer, Message: "there are more, but the answer holds no cursor to them"}
	}
	request := nodesRequest{op: "read the rest of " + d.connection, root: []string{"node", d.connection}, document: d.document,
		size: 250, after: c.PageInfo.EndCursor, variables: map[string]any{"id": id}}
	for node, err := range e.nodes(ctx, request) {
		if vanished(err) {
			x.problems = append(x.problems, catalog.NewProblem(d.connection, "the record vanished before all of it was read", ""))
			return nil
		}
		if err != nil {
			return err
		}
		var n N
		problems, err := transport.Decode(node.raw, &n)
		for _, p := range append(problems, node.problems()...) {
			if p.Path != "" {
				p.Path = "nodes." + strconv.Itoa(len(c.Nodes)) + "." + p.Path
			}
			p.Path = strings.TrimSuffix(d.connection+"."+p.Path, ".")
			if !slices.Contains(x.problems, p) { // one that points nowhere comes with every node
				x.problems = append(x.problems, p)
			}
		}
		if err != nil {
			x.problems = append(x.problems, catalog.NewProblem(d.connection, err.Error(), string(node.raw)))
			continue
		}
		c.Nodes = append(c.Nodes, n)
		if !x.omitRaw {
			x.parts = append(x.parts, catalog.RawPart{Kind: catalog.RawKind("shopify.graphql." + d.connection), Raw: node.raw})
		}
	}
	c.PageInfo.HasNextPage = false
	return nil
}
