package magento

import (
	"context"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// stockItems reads the stock of the products of a page one by one, as a shop
// without the inventory modules has it. The SKU is in the path: where the web
// server does not take it there, a Problem says so.
func (e *Engine) stockItems(ctx context.Context, op string, page []*candidate[stockNode]) error {
	type result struct {
		raw      []byte
		node     stockItemNode
		problems []catalog.Problem
	}
	read := func(ctx context.Context, c *candidate[stockNode]) (*result, error) {
		a, err := e.get(ctx, call{op: op + ": stock item", path: "/stockItems/" + oauth1.Encode(c.node.SKU), proven: true})
		if catalog.KindOf(err) == catalog.ErrNotFound || catalog.KindOf(err) == catalog.ErrInvalid {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		raw, err := a.object(op)
		if err != nil {
			return nil, err
		}
		r := &result{raw: raw}
		r.problems, err = decode(raw, &r.node)
		return r, err
	}
	i := 0
	for r, err := range transport.InOrder(ctx, page, defaultMost, read) {
		if err != nil {
			return err
		}
		c := page[i]
		i++
		c.kind = stockItemKind
		if r == nil {
			c.node.stockItem = &stockItemNode{}
			c.kind = productKind
			c.problem("stock_item", "it cannot be read: the web server may not take the SKU in a path", c.node.SKU)
			continue
		}
		c.node.stockItem, c.raw = &r.node, r.raw
		c.problems = append(c.problems, r.problems...)
	}
	return nil
}
