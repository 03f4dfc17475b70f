package bigcommerce

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// completeOrder takes an order's lines out of its consignments, and asks for
// what is not in them.
func (e *Engine) completeOrder(ctx context.Context, op string, c *candidate[orderNode], shipments bool) error {
	o := &c.node
	whole := o.unpack()
	if !whole {
		if err := e.readLines(ctx, op, c); err != nil {
			return gone(err)
		}
	}
	if o.Consignments.value == nil {
		if err := e.readAddresses(ctx, op, c); err != nil {
			return gone(err)
		}
	}
	if shipments && o.ItemsShipped > 0 {
		return gone(e.readShipments(ctx, op, c))
	}
	return nil
}

// unpack gathers the lines of all consignments by id. It reports whether these
// are all: BigCommerce shows fifty of a consignment and marks those it cut.
func (o *orderNode) unpack() (all bool) {
	in := o.Consignments.value
	if in == nil {
		return false
	}
	o.addresses = in.Shipping
	parts := slices.Concat(in.Downloads, in.Email.Certificates)
	for i := range in.Shipping {
		parts = append(parts, in.Shipping[i].linesNode)
	}
	for i := range in.Pickups {
		parts = append(parts, in.Pickups[i].linesNode)
	}
	for _, p := range parts {
		if p.Warning != nil {
			return false
		}
		o.lines = append(o.lines, p.Lines...)
	}
	if !o.complete() {
		return false
	}
	slices.SortStableFunc(o.lines, func(a, b lineNode) int { return cmp.Compare(a.ID, b.ID) })
	return true
}

// complete reports whether the lines are as many pieces as the order says.
func (o *orderNode) complete() bool {
	pieces := int64(0)
	for i := range o.lines {
		n, err := strconv.ParseInt(string(o.lines[i].Quantity), 10, 64)
		if err != nil || o.lines[i].ID == 0 { // a link
			return false
		}
		pieces += n
	}
	return pieces == o.ItemsTotal
}

// readLines asks for all lines.
// https://developer.bigcommerce.com/docs/rest-management/orders/order-products
func (e *Engine) readLines(ctx context.Context, op string, c *candidate[orderNode]) (err error) {
	c.node.lines, err = readParts[lineNode](ctx, e, c, op+": list lines", "products", lineKind)
	slices.SortStableFunc(c.node.lines, func(a, b lineNode) int { return cmp.Compare(a.ID, b.ID) })
	return err
}

// readAddresses asks for where an order goes, when it came without its
// consignments. Links of an order are misspelt, so paths are made here.
// https://developer.bigcommerce.com/docs/rest-management/orders/order-shipping-addresses
func (e *Engine) readAddresses(ctx context.Context, op string, c *candidate[orderNode]) (err error) {
	c.node.addresses, err = readParts[shippingNode](ctx, e, c, op+": list addresses", "shipping_addresses", addressKind)
	return err
}

// readShipments asks for an order's parcels.
// https://developer.bigcommerce.com/docs/rest-management/orders/order-shipments
func (e *Engine) readShipments(ctx context.Context, op string, c *candidate[orderNode]) (err error) {
	c.node.shipments, err = readParts[shipmentNode](ctx, e, c, op+": list shipments", "shipments", shipmentKind)
	return err
}

// readParts reads a list that belongs to an order.
func readParts[P any](ctx context.Context, e *Engine, c *candidate[orderNode], op, name string, kind catalog.RawKind) ([]P, error) {
	rows, err := e.everything(ctx, call{op: op, path: "/v2/orders/" + c.id + "/" + name, list: atTop}, mostRows)
	if err != nil {
		return nil, err
	}
	parts := make([]P, 0, len(rows))
	for i, raw := range rows {
		var p P
		problems, err := transport.Decode(raw, &p)
		at := name + "." + strconv.Itoa(i)
		if err != nil { // it must not look like an order that lacks a part
			c.problems = append(c.problems, catalog.NewProblem(at, err.Error(), string(raw)))
			continue
		}
		for _, problem := range problems {
			problem.Path = at + "." + problem.Path
			c.problems = append(c.problems, problem)
		}
		parts = append(parts, p)
		c.part(kind, raw)
	}
	return parts, nil
}

// refundsOf asks for the refunds of a page's orders at once: what an order
// says was refunded is always 0.
// https://developer.bigcommerce.com/docs/rest-management/orders/payment-actions#get-all-refunds
func (e *Engine) refundsOf(ctx context.Context, op string, rows []*candidate[orderNode]) error {
	byID := map[int64]*candidate[orderNode]{}
	var ids []int64
	for _, c := range rows {
		if c.err == nil {
			byID[c.node.ID], ids = c, append(ids, c.node.ID)
		}
	}
	for chunk := range slices.Chunk(ids, mostIDs) {
		c := call{op: op + ": list refunds", path: "/v3/orders/payment_actions/refunds", list: inData}
		refunds, err := e.everything(ctx, c.with("order_id:in", commas(chunk)), mostRows)
		if err != nil {
			return err
		}
		for _, raw := range refunds {
			placeRefund(byID, raw)
		}
	}
	for _, c := range byID {
		slices.SortStableFunc(c.node.refunds, func(a, b refundNode) int { return cmp.Compare(a.ID, b.ID) })
	}
	return nil
}

// placeRefund gives a refund to its order. One that cannot be read names no
// order, so there is none to tell.
func placeRefund(orders map[int64]*candidate[orderNode], raw json.RawMessage) {
	var r refundNode
	problems, err := transport.Decode(raw, &r)
	c := orders[r.OrderID]
	if err != nil || c == nil {
		return
	}
	for _, p := range problems {
		p.Path = "refunds." + idText(r.ID) + "." + p.Path
		c.problems = append(c.problems, p)
	}
	c.node.refunds = append(c.node.refunds, r)
	c.part(refundKind, raw)
}
