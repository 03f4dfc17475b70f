package sallatest

import "strconv"

// shippingAddress writes the form an address has inside shipping.
func (w *writer) shippingAddress(k string, a *Address) {
	w.obj(k)
	w.str("country", a.Country)
	w.str("city", a.City)
	w.str("shipping_address", a.Line)
	w.str("street_number", a.Street)
	w.str("block", a.Block)
	w.str("postal_code", a.PostalCode)
	w.obj("geo_coordinates")
	w.amount("lat", a.Latitude)
	w.amount("lng", a.Longitude)
	w.end()
	w.end()
}

// item writes an order line; full adds the product, which light answers lack.
func (w *writer) item(o *Order, it *OrderItem, full bool) {
	w.obj("")
	w.id("id", it.ID)
	if full && it.ProductID != 0 {
		w.id("product_id", it.ProductID)
	}
	w.str("name", it.Name)
	w.str("sku", it.SKU)
	w.num("quantity", it.Quantity)
	w.str("currency", o.Currency)
	w.amount("weight", it.Weight)
	if it.Weight == "0" {
		w.null("weight_label")
	} else {
		w.str("weight_label", arabicDigits.Replace(it.Weight)+" كجم")
	}
	w.obj("amounts")
	w.money("price_without_tax", it.Price, o.Currency)
	w.money("total_discount", it.Discount, o.Currency)
	w.tax(o.TaxPercent, it.Tax, o.Currency)
	w.money("total", it.Total, o.Currency)
	w.end()
	w.str("notes", it.Notes)
	w.arr("options")
	for _, op := range it.Options {
		w.obj("")
		w.id("id", op.ID)
		w.id("product_option_id", op.ProductOptionID)
		w.str("name", op.Name)
		w.str("type", op.Type)
		w.raw("value", op.Value)
		w.end()
	}
	w.endArr()
	w.raw("images", "[]")
	w.arr("codes")
	for _, code := range it.Codes {
		w.obj("")
		w.str("code", code)
		w.str("status", "sold")
		w.end()
	}
	w.endArr()
	w.raw("files", "[]")
	w.raw("reservations", "[]")
	w.raw("product_reservations", "[]")
	if full && it.ProductID != 0 {
		w.obj("product")
		w.id("id", it.ProductID)
		w.str("type", "product")
		w.raw("promotion", `{"title":"عرض","sub_title":""}`)
		w.str("status", "sale")
		w.flag("is_available", true)
		w.str("sku", it.SKU)
		w.str("name", it.Name)
		w.money("price", it.Price, o.Currency)
		w.money("sale_price", "0", o.Currency)
		w.str("currency", o.Currency)
		w.str("url", "https://salla.sa/dev/p"+strconv.FormatInt(it.ProductID, 10))
		w.str("thumbnail", "https://cdn.salla.sa/placeholder.png")
		w.end()
	}
	w.end()
}

func (w *writer) history(k string, h *History, english bool) {
	w.obj(k)
	w.id("id", h.ID)
	w.str("status", text(h.Status.Name, h.Status.NameEN, english))
	if h.Status.CustomID == 0 {
		w.null("customized")
	} else {
		w.obj("customized")
		w.id("id", h.Status.CustomID)
		w.str("name", h.Status.CustomName)
		w.str("type", "custom")
		w.strOrNull("slug", h.Status.Slug)
		w.obj("original")
		if h.Status.ID != h.Status.CustomID {
			w.id("id", h.Status.ID)
			w.str("name", h.Status.Name)
		}
		w.end()
		w.raw("parent", "{}")
		w.end()
	}
	w.str("note", h.Note)
	w.date("created_at", h.CreatedAt)
	if h.By != nil {
		w.ref("created_by", *h.By)
	} else {
		w.null("created_by")
	}
	w.str("type", "activity")
	w.end()
}
