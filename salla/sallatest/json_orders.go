package sallatest

import (
	"strconv"
	"time"
)

// placed writes an order's date, as UTC where the Config asks for it.
func (w *writer) placed(s *Store, t time.Time) {
	if s.cfg.OrderDateUTC {
		w.stamp("date", t.UTC())
		return
	}
	w.date("date", t)
}

func (w *writer) pendingEnds(o *Order) {
	if o.PendingEnds < 0 {
		w.null("pending_payment_ends_at")
	} else {
		w.num("pending_payment_ends_at", o.PendingEnds)
	}
}

func (o *Order) canCancel() bool {
	return o.Status.Slug == "payment_pending" || o.Status.Slug == "under_review"
}

// orderRow writes the form of the order list.
func (w *writer) orderRow(s *Store, o *Order, english bool) {
	w.obj("")
	w.id("id", o.ID)
	w.id("reference_id", o.ReferenceID)
	w.money("total", o.Total, o.Currency)
	if o.Currency != "SAR" {
		w.obj("exchange_rate")
		w.str("base_currency", "SAR")
		w.str("exchange_currency", o.Currency)
		w.raw("rate", "0.979432")
		w.end()
	} else if o.index%2 == 0 {
		w.null("exchange_rate")
	}
	w.placed(s, o.CreatedAt)
	w.orderStatus("status", o.Status, english)
	w.flag("can_cancel", o.canCancel())
	w.flag("can_reorder", true)
	w.str("payment_method", o.PaymentMethod)
	w.flag("is_pending_payment", o.Pending)
	w.pendingEnds(o)
	w.obj("features")
	w.flag("digitalable", !o.Shippable)
	w.flag("shippable", o.Shippable)
	w.flag("has_suspicious_alert", false)
	w.end()
	w.arr("items")
	for i, it := range o.Items {
		if i == 5 {
			break // the list shows no more than a few
		}
		w.obj("")
		w.str("name", it.Name)
		w.num("quantity", it.Quantity)
		if i%2 == 0 {
			w.str("thumbnail", "https://cdn.salla.sa/placeholder.png")
		}
		w.end()
	}
	w.endArr()
	if o.Customer == nil {
		w.absent("customer", o.index, "null", "[]", "{}")
	} else {
		w.obj("customer")
		w.id("id", o.Customer.ID)
		w.str("first_name", o.Customer.FirstName)
		w.str("last_name", o.Customer.LastName)
		w.mobile(o.Customer)
		w.str("mobile_code", o.Customer.MobileCode)
		w.str("email", o.Customer.Email)
		w.end()
	}
	w.end()
}

// order writes the details: light ones, or the full ones with items, address,
// shipments and branch that the documents call deprecated.
func (w *writer) order(k string, s *Store, o *Order, english, light bool) {
	w.obj(k)
	w.id("id", o.ID)
	w.id("checkout_id", o.CheckoutID)
	w.id("reference_id", o.ReferenceID)
	w.obj("features")
	w.flag("shippable", o.Shippable)
	w.flag("digitalable", !o.Shippable)
	w.flag("multiple_shipments_supported", len(o.Shipments) > 1)
	w.flag("order_type_price_quote", false)
	w.flag("has_suspicious_alert", false)
	w.end()
	w.obj("actions")
	w.flag("cancellable", o.canCancel())
	w.flag("reorderable", true)
	w.flag("payable", o.Pending)
	w.end()
	slug := strconv.FormatInt(o.ID, 36)
	w.obj("urls")
	w.str("customer", s.domain()+"/order/"+slug)
	w.str("admin", "/orders/order/"+slug)
	w.str("digital_content", "https://salla.sa/dev/orders/digital/"+slug)
	w.str("rating", s.domain()+"/rating/"+slug)
	w.str("checkout", s.domain()+"/checkout/"+slug)
	w.end()
	w.placed(s, o.CreatedAt)
	w.date("updated_at", o.UpdatedAt)
	w.str("source", o.Source)
	w.obj("source_details")
	w.str("type", "direct")
	w.null("value")
	w.str("device", "desktop")
	w.str("user-agent", "Mozilla/5.0")
	w.str("ip", "192.0.2.10")
	w.end()
	w.orderStatus("status", o.Status, english)
	w.flag("is_price_quote", false)
	w.str("payment_method", o.PaymentMethod)
	w.str("currency", o.Currency)
	w.orderAmounts(o)
	if o.Currency != "SAR" {
		w.obj("exchange_rate")
		w.str("base_currency", "SAR")
		w.str("exchange_currency", o.Currency)
		w.str("rate", "0.979432")
		w.end()
	}
	w.flag("can_cancel", o.canCancel())
	w.flag("show_weight", true)
	w.flag("can_reorder", true)
	w.flag("is_pending_payment", o.Pending)
	w.pendingEnds(o)
	w.str("total_weight", "٠٫٥١ كجم")
	w.obj("receiver")
	w.str("name", o.Receiver.Name)
	w.str("email", o.Receiver.Email)
	w.str("phone", o.Receiver.Phone)
	w.end()
	if o.Customer == nil {
		w.absent("customer", o.index, "null", "[]", "{}")
	} else {
		w.obj("customer")
		w.buyer(o.Customer)
		w.end()
	}
	if o.PaymentMethod == "bank" {
		w.raw("bank", `{"id":1473353380,"bank_name":"بنك الرياض","status":"active"}`)
	} else {
		w.absent("bank", o.index, "null", "[]", "{}")
	}
	w.refs("tags", o.Tags)
	if !light {
		w.fullOrder(s, o)
	}
	w.end()
}

func (w *writer) orderAmounts(o *Order) {
	w.obj("amounts")
	w.money("sub_total", o.SubTotal, o.Currency)
	w.money("shipping_cost", o.ShippingCost, o.Currency)
	w.money("cash_on_delivery", o.CashFee, o.Currency)
	w.tax(o.TaxPercent, o.Tax, o.Currency)
	w.arr("discounts")
	for _, d := range o.Discounts {
		w.obj("")
		w.str("title", d.Title)
		w.str("type", d.Type)
		w.str("code", d.Code)
		w.str("discount", d.Amount)
		w.str("currency", o.Currency)
		if o.index%2 == 0 {
			w.str("discounted_shipping", d.Shipping)
		} else {
			w.amount("discounted_shipping", d.Shipping)
		}
		w.flag("hasMarketing", false)
		w.end()
	}
	w.endArr()
	if o.index%13 == 6 {
		w.moneyText("total", o.Total, o.Currency)
	} else {
		w.money("total", o.Total, o.Currency)
	}
	w.end()
}

func (w *writer) tax(percent, amount, currency string) {
	w.obj("tax")
	w.str("percent", percent)
	w.money("amount", amount, currency)
	w.end()
}

func (w *writer) fullOrder(s *Store, o *Order) {
	w.flag("draft", false)
	w.flag("read", true)
	w.str("source_device", "desktop")
	if o.PaymentMethod == "bank" {
		w.str("receipt_image", "https://cdn.salla.sa/receipt.png")
	} else {
		w.null("receipt_image")
	}
	w.arr("items")
	for i := range o.Items {
		w.item(o, &o.Items[i], true)
	}
	w.endArr()
	if o.Shippable {
		w.obj("shipping")
		w.id("id", o.ID)
		w.str("company", "سمسا")
		w.obj("receiver")
		w.str("name", o.ShipTo.Name)
		w.str("email", o.ShipTo.Email)
		w.str("phone", o.ShipTo.Phone)
		w.end()
		w.obj("shipper")
		w.str("name", "Demo")
		w.str("company_name", "dev-store")
		w.str("email", "owner@example.com")
		w.str("phone", "966500000000")
		w.end()
		w.shippingAddress("pickup_address", &o.ShipTo)
		w.shippingAddress("address", &o.ShipTo)
		w.end()
	} else {
		w.absent("shipping", o.index, "[]", "null")
	}
	w.arr("shipments")
	for i := range o.Shipments {
		w.shipment("", o, &o.Shipments[i])
	}
	w.endArr()
	if b := s.branch(o.BranchID); b != nil {
		w.branch("pickup_branch", b)
	} else {
		w.absent("pickup_branch", o.index, "null", "[]")
	}
}
