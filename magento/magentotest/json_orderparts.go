package magentotest

func (w *writer) address(k, kind string, o *Order, a *Address) {
	w.obj(k)
	w.str("address_type", kind)
	w.str("city", a.City)
	w.opt("company", a.Company)
	w.str("country_id", a.CountryID)
	w.str("email", o.CustomerEmail)
	w.int("entity_id", a.ID)
	w.str("firstname", a.FirstName)
	w.str("lastname", a.LastName)
	w.int("parent_id", o.ID)
	w.str("postcode", a.Postcode)
	w.opt("region", a.Region)
	w.opt("region_code", a.RegionCode)
	if a.RegionID != 0 {
		w.int("region_id", a.RegionID)
	}
	w.strs("street", a.Street)
	w.str("telephone", a.Telephone)
	w.end()
}

func (w *writer) payment(o *Order) {
	w.obj("payment")
	w.raw("account_status", "null")
	w.strs("additional_information", o.PayInfo)
	w.num("amount_ordered", o.Totals.Grand)
	w.num("base_amount_ordered", o.Base.Grand)
	w.num("base_shipping_amount", o.Base.Shipping)
	w.raw("cc_last4", "null")
	if toUnits(o.Totals.Paid) != 0 {
		w.num("amount_paid", o.Totals.Paid)
		w.num("base_amount_paid", o.Base.Paid)
	}
	w.int("entity_id", o.ID)
	w.str("method", o.Payment)
	w.int("parent_id", o.ID)
	w.num("shipping_amount", o.Totals.Shipping)
	w.end()
}

func (w *writer) comment(parent int64, h *Comment) {
	w.obj("")
	w.nullable("comment", h.Text)
	w.time("created_at", h.CreatedAt)
	w.int("entity_id", h.ID)
	if h.Entity != "shipment" && h.Entity != "creditmemo" {
		w.opt("entity_name", h.Entity)
	}
	if h.Notified == 2 {
		w.raw("is_customer_notified", "null")
	} else {
		w.int("is_customer_notified", int64(h.Notified))
	}
	w.bit("is_visible_on_front", h.Visible)
	w.int("parent_id", parent)
	w.opt("status", h.Status)
	w.end()
}

// assignment holds the address and the method an order is shipped by, and the
// items once more.
func (w *writer) assignment(o *Order) {
	w.obj("")
	w.obj("shipping")
	w.address("address", "shipping", o, o.Shipping)
	w.str("method", o.Method)
	w.obj("total")
	w.num("base_shipping_amount", o.Base.Shipping)
	w.num("base_shipping_incl_tax", o.Base.Shipping)
	w.num("shipping_amount", o.Totals.Shipping)
	w.num("shipping_incl_tax", o.Totals.Shipping)
	w.end()
	w.end()
	w.arr("items")
	for i := range o.Items {
		w.orderItem(o, &o.Items[i])
	}
	w.endArr()
	w.end()
}
