package magento

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// Refund gives back lines and shipping, at what was paid for them, or an amount
// in their place, in the shop's base currency. An order that was paid by a
// gateway is refunded through it, by the invoice that holds the payment; any
// other offline: Magento keeps the credit memo, and the merchant hands out the
// money. Lines for an amount of their own are ErrUnsupported, as is an order
// paid by several gateway payments. More than is left is ErrInvalid before
// anything is sent.
//
// It is sent once, and must not be repeated before Confirm was asked, since a
// part can be refunded twice. A short reference behind the Note, such as
// "[souk 5f2c9a81d04e]", tells Confirm this call's credit memo from another; it
// is left out where refunds are read.
// https://developer.adobe.com/commerce/webapi/rest/tutorials/orders
func (e *Engine) Refund(ctx context.Context, orderID string, request catalog.RefundRequest, options catalog.WriteOptions) (catalog.Refund, error) {
	const op = "refund order"
	if err := checkRefund(op, orderID, request); err != nil {
		return catalog.Refund{}, err
	}
	n, err := e.openOrder(ctx, op, orderID)
	if err != nil {
		return catalog.Refund{}, err
	}
	items, ids, err := n.toRefund(op, request)
	if err != nil {
		return catalog.Refund{}, err
	}
	arguments, err := n.refundArguments(op, request)
	if err != nil {
		return catalog.Refund{}, err
	}
	if request.Restock && len(ids) > 0 { // Magento takes no null for a list
		arguments["extension_attributes"] = map[string]any{"return_to_stock_items": ids}
	}
	path, online, err := e.refundPath(ctx, op, orderID)
	if err != nil {
		return catalog.Refund{}, err
	}
	mark := reference(options)
	body := map[string]any{"items": items, "notify": request.Notify, "appendComment": false, "arguments": arguments,
		"comment": map[string]any{"comment": referenced(request.Note, mark), "is_visible_on_front": 0}}
	if online {
		body["isOnline"] = true
	}
	find := func(ctx context.Context) (catalog.Outcome, error) { return e.lookForRefund(ctx, orderID, mark) }
	a, err := e.change(ctx, op, post, path, body, find)
	if err != nil {
		return catalog.Refund{}, err
	}
	id := a.scalar()
	if checkID("", "", id) != nil {
		return catalog.Refund{}, e.unclear(op, a, find)
	}
	return e.refundMade(ctx, op, id, n, request), nil
}

func checkRefund(op, orderID string, request catalog.RefundRequest) error {
	if err := checkID(op, "an order", orderID); err != nil {
		return err
	}
	switch {
	case len(request.Lines) == 0 && !request.Shipping && request.Amount.IsZero():
		return invalid(op, "Lines", "it names no lines, no shipping and no amount")
	case !request.Amount.IsZero() && (len(request.Lines) > 0 || request.Shipping):
		return catalog.Unsupported(Platform, op+" of lines or shipping for another amount", "refund the amount alone, or the lines, and what differs by itself")
	case !request.Amount.IsZero() && request.Amount.Sign() == 0:
		return invalid(op, "Amount", "it is zero")
	case len(referenced(request.Note, anyReference)) > longestNote:
		return invalid(op, "Note", "with the reference behind it, it is longer than the 65,535 bytes Magento keeps")
	}
	return nil
}

// toRefund are the lines of a credit memo. It names them all, those not wanted
// with 0: one that names none would give back the whole order.
func (n *orderNode) toRefund(op string, request catalog.RefundRequest) (items, ids []any, err error) {
	wanted := map[string]decimal.Decimal{}
	if len(request.Lines) > 0 {
		if wanted, err = wantedLines(op, request.Lines); err != nil {
			return nil, nil, err
		}
	}
	quiet, invoiced := &reader{}, false
	for i := range n.Items {
		it := &n.Items[i]
		if parent(it) != "" && part(n, it.ID) {
			continue
		}
		invoiced = invoiced || positive(it.Invoiced)
		left := quiet.count("", only, it.Invoiced).Decimal().Sub(quiet.count("", only, it.Refunded).Decimal())
		take, named := wanted[it.ID]
		delete(wanted, it.ID)
		switch {
		case take.GreaterThan(left):
			return nil, nil, invalid(op, "Lines", "of the line "+it.ID+" "+take.Sub(left).String()+" pieces more are wanted than were paid and not refunded")
		case !named && (!left.IsPositive() || parent(it) != ""):
			continue
		}
		items = append(items, map[string]any{"order_item_id": idNumber(it.ID), "qty": exact(take)})
		if named {
			ids = append(ids, idNumber(it.ID))
		}
	}
	for id := range wanted {
		return nil, nil, invalid(op, "Lines", "the order has no line "+id)
	}
	if !invoiced {
		return nil, nil, conflict(op, n.State, "nothing of the order was paid", "cancel it with CancelOrder")
	}
	if len(items) == 0 { // all is refunded; a line with 0 is better than none
		for i := range n.Items {
			if it := &n.Items[i]; parent(it) == "" {
				items = append(items, map[string]any{"order_item_id": idNumber(it.ID), "qty": exact(decimal.Zero)})
			}
		}
	}
	return items, ids, nil
}

// refundArguments are the amounts beside the lines. Shipping that is not named
// is given back as a whole, and the shop alone knows whether an amount of it is
// with or without tax: so it is named only where it is to be 0.
func (n *orderNode) refundArguments(op string, request catalog.RefundRequest) (map[string]any, error) {
	arguments := map[string]any{"adjustment_positive": 0, "adjustment_negative": 0}
	if !request.Shipping {
		arguments["shipping_amount"] = 0
	} else if !decimals(n.BaseShipping).GreaterThan(decimals(n.BaseShippingRefunded)) {
		return nil, conflict(op, n.State, "no shipping is left to be refunded", "")
	}
	if request.Amount.IsZero() {
		return arguments, nil
	}
	text, err := request.Amount.Format(n.BaseCurrency, catalog.CurrencyDigits(n.BaseCurrency))
	if err != nil {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Err: err, Fields: []catalog.FieldError{{Field: "Amount", Message: err.Error()}}}
	}
	give := decimal.RequireFromString(text)
	if left := decimals(n.BasePaid).Sub(decimals(n.BaseRefunded)); give.GreaterThan(left) {
		return nil, invalid(op, "Amount", "it is "+give.Sub(left).String()+" "+n.BaseCurrency+" more than is left to be refunded")
	}
	arguments["adjustment_positive"] = exact(give)
	return arguments, nil
}

// decimals reads an amount of an answer; none is 0.
func decimals(text string) decimal.Decimal {
	d, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Zero
	}
	return d
}

// invoiceCancelled is the state of an invoice that asks for no money any more.
const invoiceCancelled = "3"

// refundPath says how an order is refunded: through the gateway that took the
// payment, or offline.
func (e *Engine) refundPath(ctx context.Context, op, orderID string) (path string, online bool, err error) {
	invoices, captured := 0, ""
	gateways := 0
	err = e.behind(ctx, call{op: op + ": invoices", path: "/invoices"}, []group{is("order_id", orderID)}, func(raw json.RawMessage) {
		var n struct {
			ID          string `json:"entity_id"`
			State       string `json:"state"`
			Transaction string `json:"transaction_id"`
		}
		if _, err := decode(raw, &n); err != nil || n.State == invoiceCancelled {
			return
		}
		invoices++
		if strings.TrimSpace(n.Transaction) != "" && checkID("", "", n.ID) == nil {
			gateways, captured = gateways+1, n.ID
		}
	})
	switch {
	case err != nil:
		return "", false, err
	case gateways == 0:
		return "/order/" + orderID + "/refund", false, nil
	case gateways > 1 || invoices > 1:
		return "", false, catalog.Unsupported(Platform, op+" that was paid in several payments", "refund each invoice by a native call: POST /invoice/{id}/refund with isOnline")
	}
	return "/invoice/" + captured + "/refund", true, nil
}

// lookForRefund searches the order's credit memos for the reference.
func (e *Engine) lookForRefund(ctx context.Context, orderID, mark string) (catalog.Outcome, error) {
	found := false
	err := e.behind(ctx, call{op: "confirm refund order", path: "/creditmemos"}, []group{is("order_id", orderID)}, func(raw json.RawMessage) {
		var n refundNode
		if _, err := decode(raw, &n); err == nil {
			found = found || marked(n.Comments, mark)
		}
	})
	return settled(found, err)
}

// refundMade reads a refund that was made.
func (e *Engine) refundMade(ctx context.Context, op, id string, n *orderNode, request catalog.RefundRequest) catalog.Refund {
	var m refundNode
	a, err := e.get(ctx, call{op: op, path: "/creditmemo/" + id})
	if err == nil {
		_, err = decode(a.page.Field(), &m)
	}
	if err != nil || m.ID == "" { // it is there all the same
		return catalog.Refund{ID: id, Note: request.Note, Total: catalog.DualMoney{Store: request.Amount}}
	}
	return (&reader{}).refund("", n, &m, currencies{n.BaseCurrency, n.OrderCurrency})
}
