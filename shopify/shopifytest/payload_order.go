package shopifytest

import "strings"

func set(m Money, o *Order) object {
	if m.Shop == "" {
		m = Money{"0.0", "0.0"}
	}
	if m.Presentment == "" {
		m.Presentment = m.Shop
	}
	return object{
		"shop_money":        object{"amount": places(m.Shop, o.Currency), "currency_code": o.Currency},
		"presentment_money": object{"amount": places(m.Presentment, o.PresentmentCurrency), "currency_code": o.PresentmentCurrency},
	}
}

// places gives an amount its currency's places: webhooks say "14.00" where
// the API says "14.0".
func places(amount, currency string) string {
	want := 2
	if currency == "KWD" {
		want = 3
	}
	whole, frac, _ := strings.Cut(amount, ".")
	for len(frac) < want {
		frac += "0"
	}
	return whole + "." + frac
}

func price(m Money, o *Order) string {
	if m.Shop == "" {
		m.Shop = "0.0"
	}
	return places(m.Shop, o.Currency)
}

// OrderPayload is the body of orders/create, orders/updated,
// orders/cancelled and the other order topics but orders/delete.
func (s *Server) OrderPayload(o *Order) []byte {
	out := object{"id": o.ID, "admin_graphql_api_id": apiID("Order", o.ID), "name": o.Name, "number": o.Number - 1000,
		"order_number": o.Number, "confirmation_number": orNull(o.ConfirmationNumber), "created_at": local(o.CreatedAt),
		"updated_at": local(o.UpdatedAt), "processed_at": local(o.processed()), "cancelled_at": local(o.CancelledAt),
		"cancel_reason": orNull(strings.ToLower(o.CancelReason)), "closed_at": local(o.ClosedAt),
		"financial_status":   orNull(strings.ToLower(o.FinancialStatus)),
		"fulfillment_status": fulfilment(o.FulfillmentStatus), "currency": o.Currency,
		"presentment_currency": o.PresentmentCurrency, "email": o.Email, "contact_email": orNull(o.Email), "phone": orNull(o.Phone),
		"note": orNull(o.Note), "tags": strings.Join(o.Tags, ", "), "test": o.Test, "source_name": o.SourceName,
		"po_number": orNull(o.PONumber), "taxes_included": o.TaxesIncluded, "payment_gateway_names": nonNil(o.Gateways),
		"total_price": price(o.Total, o), "total_price_set": set(o.Total, o),
		"subtotal_price": price(o.Subtotal, o), "subtotal_price_set": set(o.Subtotal, o),
		"total_tax": price(o.Tax, o), "total_tax_set": set(o.Tax, o),
		"total_discounts": price(o.Discounts, o), "total_discounts_set": set(o.Discounts, o),
		"total_outstanding":        price(o.Outstanding, o),
		"total_shipping_price_set": set(o.ShippingTotal, o),
		"current_total_price":      price(o.CurrentTotal, o), "current_total_price_set": set(o.CurrentTotal, o),
		"current_subtotal_price": price(o.CurrentSubtotal, o), "current_total_tax": price(o.CurrentTax, o),
		"billing_address": nil, "shipping_address": nil, "returns": []object{}, "discount_codes": []object{}}
	if o.Billing != nil {
		out["billing_address"] = addressObject(o.Billing)
	}
	if o.Shipping != nil {
		out["shipping_address"] = addressObject(o.Shipping)
	}
	if c := s.Customer(o.CustomerID); c != nil {
		out["customer"] = s.customerObject(c)
	}
	out["note_attributes"] = attributes(o.Attributes)
	codes := []object{}
	for _, c := range o.DiscountCodes {
		codes = append(codes, object{"code": c, "amount": price(o.Discounts, o), "type": "percentage"})
	}
	out["discount_codes"] = codes
	out["tax_lines"] = taxes(o.TaxLines, o)
	lines, shipping, parcels, refunds := []object{}, []object{}, []object{}, []object{}
	for i := range o.Lines {
		lines = append(lines, lineObject(&o.Lines[i], o))
	}
	for i := range o.ShippingLines {
		l := &o.ShippingLines[i]
		shipping = append(shipping, object{"id": l.ID, "title": l.Title, "code": orNull(l.Code), "source": orNull(l.Source),
			"price": price(l.Original, o), "price_set": set(l.Original, o), "discounted_price": price(l.Discounted, o),
			"is_removed": l.Removed, "tax_lines": taxes(l.TaxLines, o)})
	}
	for i := range o.Fulfillments {
		parcels = append(parcels, fulfillmentObject(o, &o.Fulfillments[i]))
	}
	for i := range o.Refunds {
		refunds = append(refunds, refundObject(o, &o.Refunds[i]))
	}
	out["line_items"], out["shipping_lines"], out["fulfillments"], out["refunds"] = lines, shipping, parcels, refunds
	return encode(out)
}

// FulfillmentPayload is the body of fulfillments/create and
// fulfillments/update for one fulfillment of the order.
func (s *Server) FulfillmentPayload(o *Order, f *Fulfillment) []byte {
	return encode(fulfillmentObject(o, f))
}

// RefundPayload is the body of refunds/create for one refund of the order.
func (s *Server) RefundPayload(o *Order, r *Refund) []byte { return encode(refundObject(o, r)) }

func fulfilment(s string) any {
	switch s {
	case "FULFILLED":
		return "fulfilled"
	case "PARTIALLY_FULFILLED":
		return "partial"
	case "RESTOCKED":
		return "restocked"
	}
	return nil
}

func lineObject(l *LineItem, o *Order) object {
	status := any(nil)
	switch l.Unfulfilled {
	case l.Quantity:
	case 0:
		status = "fulfilled"
	default:
		status = "partial"
	}
	return object{"id": l.ID, "admin_graphql_api_id": apiID("LineItem", l.ID), "product_id": idOrNull(l.ProductID),
		"variant_id": idOrNull(l.VariantID), "product_exists": l.ProductID != 0, "title": l.Title, "name": l.Name(),
		"variant_title": orNull(l.VariantTitle), "sku": orNull(l.SKU), "vendor": orNull(l.Vendor), "quantity": l.Quantity,
		"current_quantity": l.CurrentQuantity, "fulfillable_quantity": l.Unfulfilled, "fulfillment_status": status,
		"price": price(l.OriginalUnit, o), "price_set": set(l.OriginalUnit, o), "total_discount": price(l.TotalDiscount, o),
		"total_discount_set": set(l.TotalDiscount, o), "tax_lines": taxes(l.TaxLines, o), "properties": attributes(l.Attributes),
		"requires_shipping": l.RequiresShipping, "taxable": l.Taxable, "gift_card": l.GiftCard}
}

func fulfillmentObject(o *Order, f *Fulfillment) object {
	numbers, urls, lines := []string{}, []string{}, []object{}
	var company, number, url any
	for i, t := range f.Tracking {
		if i == 0 {
			company, number, url = orNull(t.Company), orNull(t.Number), orNull(t.URL)
		}
		if t.Number != "" {
			numbers = append(numbers, t.Number)
		}
		if t.URL != "" {
			urls = append(urls, t.URL)
		}
	}
	for _, fl := range f.Lines {
		if l := o.line(fl.LineID); l != nil {
			lo := lineObject(l, o)
			lo["quantity"] = fl.Quantity
			lines = append(lines, lo)
		}
	}
	return object{"id": f.ID, "admin_graphql_api_id": apiID("Fulfillment", f.ID), "order_id": o.ID, "name": f.Name,
		"status": strings.ToLower(f.Status), "service": "manual", "shipment_status": orNull(strings.ToLower(f.DisplayStatus)),
		"tracking_company": company, "tracking_number": number, "tracking_numbers": numbers, "tracking_url": url,
		"tracking_urls": urls, "location_id": idOrNull(f.LocationID), "line_items": lines,
		"created_at": local(f.CreatedAt), "updated_at": local(f.UpdatedAt)}
}

func refundObject(o *Order, r *Refund) object {
	lines, moves := []object{}, []object{}
	for i := range r.Lines {
		l := &r.Lines[i]
		lo := object{"id": l.ID, "line_item_id": l.LineID, "quantity": l.Quantity, "restock_type": strings.ToLower(l.RestockType),
			"location_id": idOrNull(l.LocationID), "subtotal": price(l.Subtotal, o), "subtotal_set": set(l.Subtotal, o),
			"total_tax": price(l.Tax, o), "total_tax_set": set(l.Tax, o)}
		if line := o.line(l.LineID); line != nil {
			lo["line_item"] = lineObject(line, o)
		}
		lines = append(lines, lo)
	}
	for i := range r.Transactions {
		t := &r.Transactions[i]
		moves = append(moves, object{"id": t.ID, "order_id": o.ID, "parent_id": idOrNull(t.ParentID), "kind": strings.ToLower(t.Kind),
			"status": strings.ToLower(t.Status), "gateway": t.Gateway, "amount": price(t.Amount, o), "currency": o.Currency,
			"created_at": local(t.CreatedAt), "test": t.Test})
	}
	return object{"id": r.ID, "admin_graphql_api_id": apiID("Refund", r.ID), "order_id": o.ID, "note": orNull(r.Note),
		"created_at": local(r.CreatedAt), "processed_at": local(r.CreatedAt), "refund_line_items": lines, "transactions": moves,
		"order_adjustments": []object{}}
}

func attributes(list []Attribute) []object {
	out := []object{}
	for _, a := range list {
		out = append(out, object{"name": a.Key, "value": a.Value})
	}
	return out
}

func taxes(list []TaxLine, o *Order) []object {
	out := []object{}
	for _, t := range list {
		out = append(out, object{"title": t.Title, "rate": t.Rate, "price": price(t.Price, o), "price_set": set(t.Price, o)})
	}
	return out
}

func nonNil(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
