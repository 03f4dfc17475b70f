package magentotest

import "strconv"

// order writes an order with everything it holds.
func (w *writer) order(o *Order) {
	w.obj("")
	w.opt("applied_rule_ids", map[bool]string{true: "1"}[o.Coupon != ""])
	w.str("base_currency_code", o.BaseCurrency)
	w.totals("base_", &o.Base)
	shipping, baseShipping := o.shippingLeft()
	w.refunded("base_", toUnits(o.Base.Shipping)-baseShipping)
	w.num("base_to_global_rate", "1")
	w.num("base_to_order_rate", o.Rate)
	w.int("billing_address_id", o.Billing.ID)
	w.opt("coupon_code", o.Coupon)
	w.time("created_at", o.CreatedAt)
	w.str("customer_email", o.CustomerEmail)
	w.opt("customer_firstname", o.FirstName)
	if o.CustomerID != 0 {
		w.int("customer_group_id", 1)
		w.int("customer_id", o.CustomerID)
	} else {
		w.int("customer_group_id", 0)
	}
	w.bit("customer_is_guest", o.CustomerID == 0)
	w.opt("customer_lastname", o.LastName)
	w.opt("customer_note", o.CustomerNote)
	w.bit("customer_note_notify", o.CustomerNote != "")
	w.totals("", &o.Totals)
	w.refunded("", toUnits(o.Totals.Shipping)-shipping)
	w.bit("email_sent", true)
	w.int("entity_id", o.ID)
	w.str("global_currency_code", baseCurrency)
	w.opt("hold_before_state", o.HoldState)
	w.opt("hold_before_status", o.HoldStatus)
	w.str("increment_id", o.IncrementID)
	w.bit("is_virtual", o.Shipping == nil)
	w.str("order_currency_code", o.Currency)
	w.str("protect_code", "0123456789abcdef0123456789abcdef")
	w.int("quote_id", o.ID)
	w.opt("remote_ip", o.RemoteIP)
	w.opt("shipping_description", o.MethodTxt)
	w.opt("state", o.State)
	w.opt("status", o.Status)
	w.str("store_currency_code", o.BaseCurrency)
	w.int("store_id", o.StoreID)
	w.str("store_name", storeName(o.StoreID))
	w.num("store_to_base_rate", "0")
	w.num("store_to_order_rate", "0")
	var qty int64
	top := int64(0)
	for i := range o.Items {
		if o.Items[i].top() {
			qty, top = qty+toUnits(o.Items[i].Ordered), top+1
		}
	}
	w.int("total_item_count", top)
	w.num("total_qty_ordered", units(qty))
	w.time("updated_at", o.UpdatedAt)
	w.num("weight", "1.02")
	w.arr("items")
	for i := range o.Items {
		w.orderItem(o, &o.Items[i])
	}
	w.endArr()
	w.address("billing_address", "billing", o, &o.Billing)
	w.payment(o)
	w.arr("status_histories")
	for i := len(o.History) - 1; i >= 0; i-- { // the latest first
		w.comment(o.ID, &o.History[i])
	}
	w.endArr()
	w.obj("extension_attributes")
	w.arr("shipping_assignments")
	if o.Shipping != nil {
		w.assignment(o)
	}
	w.endArr()
	w.arr("payment_additional_info")
	if len(o.PayInfo) > 0 {
		w.obj("")
		w.str("key", "method_title")
		w.str("value", o.PayInfo[0])
		w.end()
	}
	w.endArr()
	w.end()
	w.end()
}

func storeName(id int64) string {
	v := viewByID(id)
	if v == nil {
		return ""
	}
	for _, site := range websites {
		if site.id == v.website {
			return site.name + "\n" + storeGroups[v.group].name + "\n" + v.name
		}
	}
	return v.name
}

// totals writes the sums of an order in one currency. What did not happen yet
// is null in the database and left out.
func (w *writer) totals(prefix string, t *Totals) {
	sub, tax := toUnits(t.Subtotal), toUnits(t.Tax)
	paid, refunded, canceled := toUnits(t.Paid), toUnits(t.Refunded), toUnits(t.Canceled)
	w.num(prefix+"discount_amount", t.Discount)
	w.num(prefix+"grand_total", t.Grand)
	w.num(prefix+"shipping_amount", t.Shipping)
	w.num(prefix+"shipping_discount_amount", "0")
	w.num(prefix+"shipping_incl_tax", t.Shipping)
	w.num(prefix+"shipping_tax_amount", "0")
	w.num(prefix+"subtotal", t.Subtotal)
	w.num(prefix+"subtotal_incl_tax", units(sub+tax))
	w.num(prefix+"tax_amount", t.Tax)
	w.num(prefix+"total_due", units(toUnits(t.Grand)-paid-canceled))
	if canceled != 0 {
		w.num(prefix+"subtotal_canceled", t.Subtotal)
		w.num(prefix+"total_canceled", t.Canceled)
	}
	if paid != 0 {
		w.num(prefix+"subtotal_invoiced", t.Subtotal)
		w.num(prefix+"tax_invoiced", t.Tax)
		w.num(prefix+"total_invoiced", t.Paid)
		w.num(prefix+"total_paid", t.Paid)
	}
	if refunded != 0 {
		w.num(prefix+"total_offline_refunded", t.Refunded)
		w.num(prefix+"total_refunded", t.Refunded)
	}
}

// refunded writes what was given back of the shipping cost.
func (w *writer) refunded(prefix string, shipping int64) {
	if shipping != 0 {
		w.num(prefix+"shipping_refunded", units(shipping))
	}
}

func (w *writer) orderItem(o *Order, it *OrderItem) {
	w.obj("")
	w.orderItemFields(o, it)
	if p := o.Item(it.ParentID); p != nil {
		w.obj("parent_item") // the whole parent once more
		w.orderItemFields(o, p)
		w.end()
	}
	if len(it.Options) > 0 {
		w.obj("product_option")
		w.obj("extension_attributes")
		w.arr("configurable_item_options")
		for _, op := range it.Options {
			w.obj("")
			w.str("option_id", strconv.FormatInt(op.OptionID, 10))
			w.int("option_value", op.Value)
			w.end()
		}
		w.endArr()
		w.end()
		w.end()
	}
	w.end()
}

func (w *writer) orderItemFields(o *Order, it *OrderItem) {
	qty := toUnits(it.Ordered)
	sums := func(prefix, price, tax string) {
		row := mul(toUnits(price), qty)
		perPiece := int64(0)
		if qty != 0 {
			perPiece = toUnits(tax) * 10_000 / qty / 100 * 100
		}
		w.num(prefix+"discount_amount", "0")
		w.num(prefix+"original_price", price)
		w.num(prefix+"price", price)
		w.num(prefix+"price_incl_tax", units(toUnits(price)+perPiece))
		w.num(prefix+"row_total", units(row))
		w.num(prefix+"row_total_incl_tax", units(row+toUnits(tax)))
		w.num(prefix+"tax_amount", tax)
	}
	w.num("amount_refunded", units(mul(toUnits(it.Price), toUnits(it.Refunded))))
	sums("base_", it.BasePrice, it.BaseTax)
	w.time("created_at", o.CreatedAt)
	sums("", it.Price, it.Tax)
	w.int("free_shipping", 0)
	w.int("is_qty_decimal", 0)
	w.bit("is_virtual", !it.ships())
	w.int("item_id", it.ID)
	w.str("name", it.Name)
	w.int("no_discount", 0)
	w.int("order_id", o.ID)
	if it.ParentID != 0 {
		w.int("parent_item_id", it.ParentID)
	}
	if it.ProductID != 0 {
		w.int("product_id", it.ProductID)
	}
	w.str("product_type", it.Type)
	w.num("qty_canceled", it.Canceled)
	w.num("qty_invoiced", it.Invoiced)
	w.num("qty_ordered", it.Ordered)
	w.num("qty_refunded", it.Refunded)
	w.num("qty_shipped", it.Shipped)
	w.int("quote_item_id", it.ID)
	w.num("row_invoiced", units(mul(toUnits(it.Price), toUnits(it.Invoiced))))
	w.num("row_weight", units(mul(toUnits(it.Weight), qty)))
	w.str("sku", it.SKU)
	w.int("store_id", o.StoreID)
	w.num("tax_percent", "15")
	w.time("updated_at", o.UpdatedAt)
	w.optNum("weight", it.Weight)
}
