package magentotest

// shipment, invoice and creditMemo write a document of an order.

func (w *writer) shipment(o *Order, s *Shipment) {
	w.obj("")
	w.int("billing_address_id", o.Billing.ID)
	w.time("created_at", s.CreatedAt)
	if o.CustomerID != 0 {
		w.int("customer_id", o.CustomerID)
	}
	w.int("entity_id", s.ID)
	w.str("increment_id", s.IncrementID)
	w.int("order_id", o.ID)
	w.arr("packages")
	w.endArr()
	if o.Shipping != nil {
		w.int("shipping_address_id", o.Shipping.ID)
	}
	w.int("store_id", o.StoreID)
	var qty int64
	for _, d := range s.Items {
		if it := o.Item(d.OrderItemID); it != nil && it.top() {
			qty += toUnits(d.Qty)
		}
	}
	w.num("total_qty", units(qty))
	w.time("updated_at", s.UpdatedAt)
	w.arr("items")
	for _, d := range s.Items {
		it := o.Item(d.OrderItemID)
		if it == nil || !it.top() {
			continue // shipments hold the parents alone
		}
		w.obj("")
		w.int("entity_id", d.ID)
		w.str("name", it.Name)
		w.int("parent_id", s.ID)
		w.num("price", it.BasePrice)
		w.int("product_id", it.ProductID)
		w.str("sku", it.SKU)
		w.optNum("weight", it.Weight)
		w.int("order_item_id", d.OrderItemID)
		w.num("qty", d.Qty)
		w.end()
	}
	w.endArr()
	w.arr("tracks")
	for i := range s.Tracks {
		w.track(o.ID, s.ID, &s.Tracks[i])
	}
	w.endArr()
	w.arr("comments")
	for i := range s.Comments {
		w.comment(s.ID, &s.Comments[i])
	}
	w.endArr()
	w.obj("extension_attributes")
	w.opt("source_code", s.Source)
	w.end()
	w.end()
}

func (w *writer) track(order, shipment int64, t *Track) {
	w.obj("")
	w.int("order_id", order)
	w.time("created_at", t.CreatedAt)
	w.int("entity_id", t.ID)
	w.int("parent_id", shipment)
	w.time("updated_at", t.CreatedAt)
	w.raw("weight", "null")
	w.raw("qty", "null")
	w.nullable("description", t.Description)
	w.str("track_number", t.Number)
	w.str("title", t.Title)
	w.str("carrier_code", t.Carrier)
	w.end()
}

// documentHead writes what invoices and credit memos share; the sums of the
// lines are computed.
func (w *writer) documentHead(o *Order, items []DocumentItem, grand, baseGrand, ship, baseShip string) {
	var sub, baseSub, tax, baseTax int64
	for _, d := range items {
		it := o.Item(d.OrderItemID)
		if it == nil {
			continue
		}
		q, all := toUnits(d.Qty), max(1, toUnits(it.Ordered))
		sub, baseSub = sub+mul(toUnits(it.Price), q), baseSub+mul(toUnits(it.BasePrice), q)
		tax, baseTax = tax+toUnits(it.Tax)*q/all/100*100, baseTax+toUnits(it.BaseTax)*q/all/100*100
	}
	w.str("base_currency_code", o.BaseCurrency)
	sums := func(prefix, grand, ship string, sub, tax int64) {
		w.num(prefix+"grand_total", grand)
		w.num(prefix+"shipping_amount", ship)
		w.num(prefix+"subtotal", units(sub))
		w.num(prefix+"subtotal_incl_tax", units(sub+tax))
		w.num(prefix+"tax_amount", units(tax))
	}
	sums("base_", baseGrand, baseShip, baseSub, baseTax)
	w.num("base_to_order_rate", o.Rate)
	w.int("billing_address_id", o.Billing.ID)
	sums("", grand, ship, sub, tax)
	w.str("order_currency_code", o.Currency)
	w.int("order_id", o.ID)
	w.int("store_id", o.StoreID)
}

func (w *writer) documentItems(o *Order, parent int64, items []DocumentItem) {
	w.arr("items")
	for _, d := range items {
		it := o.Item(d.OrderItemID)
		if it == nil {
			continue
		}
		q := toUnits(d.Qty)
		w.obj("")
		w.raw("base_cost", "null")
		w.num("base_price", it.BasePrice)
		w.num("base_row_total", units(mul(toUnits(it.BasePrice), q)))
		w.int("entity_id", d.ID)
		w.str("name", it.Name)
		w.int("parent_id", parent)
		w.num("price", it.Price)
		w.int("product_id", it.ProductID)
		w.num("row_total", units(mul(toUnits(it.Price), q)))
		w.str("sku", it.SKU)
		w.int("order_item_id", d.OrderItemID)
		w.num("qty", d.Qty)
		w.end()
	}
	w.endArr()
}

func (w *writer) invoice(o *Order, inv *Invoice) {
	w.obj("")
	w.documentHead(o, inv.Items, inv.Grand, inv.BaseGrand, inv.Shipping, inv.BaseShip)
	w.time("created_at", inv.CreatedAt)
	w.int("entity_id", inv.ID)
	w.str("increment_id", inv.IncrementID)
	w.int("state", int64(inv.State))
	if inv.Transaction != "" {
		w.str("transaction_id", inv.Transaction)
	}
	var qty int64
	for _, d := range inv.Items {
		if it := o.Item(d.OrderItemID); it != nil && it.top() {
			qty += toUnits(d.Qty)
		}
	}
	w.num("total_qty", units(qty))
	w.time("updated_at", inv.UpdatedAt)
	w.documentItems(o, inv.ID, inv.Items)
	w.arr("comments")
	w.endArr()
	w.end()
}

func (w *writer) creditMemo(o *Order, m *CreditMemo) {
	adjust, baseAdjust := toUnits(m.Adjustment), toUnits(m.BaseAdjust)
	w.obj("")
	w.num("adjustment", m.Adjustment)
	w.num("adjustment_negative", units(max(0, -adjust)))
	w.num("adjustment_positive", units(max(0, adjust)))
	w.num("base_adjustment", m.BaseAdjust)
	w.num("base_adjustment_negative", units(max(0, -baseAdjust)))
	w.num("base_adjustment_positive", units(max(0, baseAdjust)))
	w.documentHead(o, m.Items, m.Grand, m.BaseGrand, m.Shipping, m.BaseShip)
	w.time("created_at", m.CreatedAt)
	w.int("entity_id", m.ID)
	w.str("increment_id", m.IncrementID)
	if m.InvoiceID != 0 {
		w.int("invoice_id", m.InvoiceID)
	}
	w.int("state", int64(m.State))
	w.time("updated_at", m.UpdatedAt)
	w.documentItems(o, m.ID, m.Items)
	w.arr("comments")
	for i := range m.Comments {
		w.comment(m.ID, &m.Comments[i])
	}
	w.endArr()
	w.end()
}
