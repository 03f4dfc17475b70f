package magento

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// The shapes of what comes with an order.
const (
	shipmentKind catalog.RawKind = "magento.shipment"
	refundKind   catalog.RawKind = "magento.creditmemo"
)

// completeOrders reads the shipments and refunds of a page of orders, those
// that have any. Without the permission to see them a Problem says so.
// https://developer.adobe.com/commerce/webapi/rest/b2c-quick-reference
func (e *Engine) completeOrders(ctx context.Context, op string, page []*candidate[orderNode]) error {
	var shipped, refunded []string
	orders := map[string]*candidate[orderNode]{}
	for _, c := range page {
		orders[c.id] = c
		if c.node.shipped() {
			shipped = append(shipped, c.id)
		}
		if c.node.refunded() {
			refunded = append(refunded, c.id)
		}
	}
	err := e.documentsOf(ctx, call{op: op + ": shipments", path: "/shipments"}, shipped, func(raw json.RawMessage) {
		var n shipmentNode
		problems, err := decode(raw, &n)
		if c := orders[n.OrderID]; err == nil && c != nil {
			c.node.shipments = append(c.node.shipments, n)
			c.keep(shipmentKind, "shipments."+n.ID+".", raw, problems)
		}
	}, func() {
		for _, id := range shipped {
			orders[id].problem("shipments", "the shipments cannot be read: the resource Magento_Sales::shipment is missing", "")
		}
	})
	if err != nil {
		return err
	}
	return e.documentsOf(ctx, call{op: op + ": refunds", path: "/creditmemos"}, refunded, func(raw json.RawMessage) {
		var n refundNode
		problems, err := decode(raw, &n)
		if c := orders[n.OrderID]; err == nil && c != nil {
			c.node.refunds = append(c.node.refunds, n)
			c.keep(refundKind, "creditmemos."+n.ID+".", raw, problems)
		}
	}, func() {
		for _, id := range refunded {
			orders[id].problem("creditmemos", "the refunds cannot be read: the resource Magento_Sales::sales_creditmemo is missing", "")
		}
	})
}

// shipped and refunded say whether an order has documents of its own.
func (n *orderNode) shipped() bool {
	return slices.ContainsFunc(n.Items, func(it itemNode) bool { return positive(it.Shipped) })
}

func (n *orderNode) refunded() bool { return positive(n.BaseRefunded) || positive(n.Refunded) }

// keep notes what came for a record in an answer of its own.
func (c *candidate[N]) keep(kind catalog.RawKind, path string, raw json.RawMessage, problems []catalog.Problem) {
	c.part(kind, raw)
	for _, p := range problems {
		p.Path = path + p.Path
		c.problems = append(c.problems, p)
	}
}

// documentsOf reads the documents of some orders, page by page behind the last
// id: an order may have any number of them.
func (e *Engine) documentsOf(ctx context.Context, c call, ids []string, each func(json.RawMessage), denied func()) error {
	c.proven = true
	for chunk := range slices.Chunk(ids, batch) {
		err := e.behind(ctx, c, []group{oneOf("order_id", chunk)}, each)
		if catalog.KindOf(err) == catalog.ErrForbidden {
			denied()
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// behind reads a whole list by ids.
func (e *Engine) behind(ctx context.Context, c call, groups []group, each func(json.RawMessage)) error {
	for after := (place{}); ; {
		q := criteria{groups: groups, sort: []string{"entity_id"}, size: batch}.where(after.behind(catalog.SortStable)...)
		rows, total, size, err := e.page(ctx, c, q)
		if err != nil {
			return err
		}
		before := after
		for _, raw := range rows {
			var n struct {
				ID int64 `json:"entity_id"`
			}
			if _, err := decode(raw, &n); err == nil && n.ID > after.id {
				after.id = n.ID
			}
			each(raw)
		}
		n := int64(len(rows))
		if after == before || total <= n && (total >= 0 || n < size) {
			return nil
		}
	}
}

func positive(text string) bool {
	d, err := decimal.NewFromString(text)
	return err == nil && d.IsPositive()
}

// documents adds the shipments and refunds that were read.
func (r *reader) documents(o *catalog.Order, n *orderNode, c currencies) {
	for i, s := range n.shipments {
		o.Fulfillments = append(o.Fulfillments, r.shipment("shipments."+strconv.Itoa(i)+".", &s))
	}
	for i, m := range n.refunds {
		o.Refunds = append(o.Refunds, r.refund("creditmemos."+strconv.Itoa(i)+".", n, &m, c))
	}
}

// refund turns a credit memo into the model.
func (r *reader) refund(at string, n *orderNode, m *refundNode, c currencies) catalog.Refund {
	back := catalog.Refund{ID: ref(m.ID), CreatedAt: m.CreatedAt.Time,
		Total: catalog.DualMoney{Store: r.money(at+"base_grand_total", only, m.BaseTotal, c.base), Shopper: r.money(at+"grand_total", only, m.Total, c.order)}}
	if len(m.Comments) > 0 {
		back.Note = unreferenced(m.Comments[len(m.Comments)-1].Comment)
	}
	for j, it := range m.Items {
		if !positive(it.Qty) || part(n, it.ItemID) {
			continue
		}
		back.Lines = append(back.Lines, catalog.RefundLine{LineItemID: ref(it.ItemID), Quantity: r.count(at+"items.%d.qty", j, it.Qty),
			Subtotal: catalog.DualMoney{Store: r.money(at+"items.%d.base_row_total", j, it.BaseRow, c.base), Shopper: r.money(at+"items.%d.row_total", j, it.Row, c.order)}})
	}
	return back
}

// shipment turns a shipment into the model.
func (r *reader) shipment(at string, s *shipmentNode) catalog.Fulfillment {
	f := catalog.Fulfillment{ID: ref(s.ID), Name: s.Number, Status: catalog.FulfillmentDone, LocationID: s.Extension.Source,
		CreatedAt: s.CreatedAt.Time, UpdatedAt: s.UpdatedAt.Time}
	for _, t := range s.Tracks {
		f.Tracking = append(f.Tracking, catalog.Tracking{Company: cmp.Or(t.Title, t.Carrier), Number: t.Number})
	}
	for j, it := range s.Items {
		f.Lines = append(f.Lines, catalog.FulfillmentLine{LineItemID: ref(it.ItemID), Quantity: r.count(at+"items.%d.qty", j, it.Qty)})
	}
	return f
}

// part reports the second line of a configurable product, which is none of
// the model's.
func part(n *orderNode, itemID string) bool {
	for i := range n.Items {
		it := &n.Items[i]
		if it.ID != itemID || parent(it) == "" {
			continue
		}
		for j := range n.Items {
			if n.Items[j].ID == it.ParentID {
				return n.Items[j].Type == "configurable"
			}
		}
	}
	return false
}
