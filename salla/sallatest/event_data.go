package sallatest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// eventData writes the data of an event, which for several events is not the
// record as the API answers it.
func (w *writer) eventData(s *Store, event string, record any) error {
	switch r := record.(type) {
	case nil:
		w.raw("data", "{}")
	case json.RawMessage:
		if !json.Valid(r) {
			return fmt.Errorf("sallatest: event %s: data is not valid JSON", event)
		}
		w.raw("data", string(r))
	case Product:
		w.productEvent(s, event, &r)
	case *Product:
		w.productEvent(s, event, r)
	case Order:
		w.orderEvent(s, event, &r)
	case *Order:
		w.orderEvent(s, event, r)
	case Customer:
		w.customer("data", &r, nil)
	case *Customer:
		w.customer("data", r, nil)
	default:
		return fmt.Errorf("sallatest: event %s: no record of type %T; use Product, Order, Customer or json.RawMessage", event, record)
	}
	return nil
}

// productEvent writes the whole product, or for the newer events its id and the
// part that changed.
func (w *writer) productEvent(s *Store, event string, p *Product) {
	part, ok := map[string]func(){
		"product.status.updated":   func() { w.str("status", p.Status) },
		"product.category.updated": func() { w.refs("categories", p.Categories) },
		"product.tags.updated":     func() { w.refs("tags", p.Tags) },
		"product.image.updated":    func() { w.images(p.Images) },
		"product.channels.changed": func() { w.texts("channels", p.Channels) },
		"product.brand.updated": func() {
			if p.Brand == nil {
				w.null("brand")
			} else {
				w.ref("brand", *p.Brand)
			}
		},
		"product.price.updated": func() { w.priceParts(p) },
	}[event]
	w.obj("data")
	if !ok {
		w.productFields(s, p, false)
		w.productExtras(s, p)
		w.end()
		return
	}
	w.id("id", p.ID)
	if event == "product.category.updated" {
		w.null("barcode")
	}
	if event != "product.channels.changed" {
		w.str("sku", p.SKU)
		w.strOrNull("mpn", p.MPN)
		w.strOrNull("gtin", p.GTIN)
	}
	part()
	w.end()
}

// productExtras writes what an event has beside the fields of a list.
func (w *writer) productExtras(s *Store, p *Product) {
	w.null("starting_price")
	w.flag("allow_attachments", false)
	w.flag("enable_upload_image", false)
	w.raw("services_blocks", `{"installments":[]}`)
	if p.Type != "booking" {
		return
	}
	w.obj("booking_details")
	w.id("id", p.ID)
	w.str("location", "الرياض")
	w.str("type", "date_time")
	w.num("time_strict", 1)
	w.str("time_strict_type", "days")
	w.num("sessions_count", 1)
	w.num("session_gap", 15)
	w.num("session_duration", 30)
	w.raw("availabilities", `[{"day":"sunday","is_available":true,"times":[{"from":"09:00","to":"17:00"}]}]`)
	w.arr("overrides")
	w.obj("")
	w.id("id", s.ids.encode(p.index))
	w.str("date", "2026-12-25")
	w.end()
	w.endArr()
	w.end()
}

// priceParts writes bare amounts beside one currency.
func (w *writer) priceParts(p *Product) {
	if p.CostPrice == "" {
		w.null("cost")
	} else {
		w.amount("cost", p.CostPrice)
	}
	w.null("starting_price")
	w.amount("price", p.Price)
	if p.SalePrice == "" {
		w.null("sale_price")
	} else {
		w.obj("sale_price")
		w.amount("amount", p.SalePrice)
		w.absent("expired_at", p.index/4, `"2026-12-01"`, "null")
		w.end()
	}
	price := toCents(p.Price)
	w.amount("tax", cents(price*15/100))
	w.amount("taxed_price", cents(price+price*15/100))
	w.amount("regular_price", p.RegularPrice)
	w.str("currency", p.Currency)
	w.flag("with_tax", p.WithTax)
}

func (w *writer) orderEvent(s *Store, event string, o *Order) {
	switch event {
	case "order.status.updated":
		w.statusEvent(s, o)
	case "order.shipment.cancelled":
		w.obj("data")
		w.id("id", o.ID)
		w.id("reference_id", o.ReferenceID)
		number := ""
		if len(o.Shipments) > 0 {
			number = o.Shipments[0].ShippingNumber
		}
		w.str("shipping_number", number)
		w.end()
	default:
		w.order("data", s, o, false, false)
		if event == "order.created" { // the branch stands outside of data
			if b := s.branch(o.BranchID); b != nil {
				w.branch("pickup_branch", b)
			} else {
				w.null("pickup_branch")
			}
		}
	}
}

// statusEvent writes a row of the order's history with the order inside: the
// id of data is the row's.
func (w *writer) statusEvent(s *Store, o *Order) {
	h := History{ID: s.ids.encode(o.index * historyRoom), Status: o.Status, CreatedAt: o.UpdatedAt}
	if len(o.Histories) > 0 {
		h = o.Histories[0]
	}
	w.obj("data")
	w.id("id", h.ID)
	w.str("status", h.Status.Name)
	w.null("customized")
	w.str("note", h.Note)
	w.date("created_at", h.CreatedAt)
	w.obj("order")
	w.id("id", o.ID)
	w.id("reference_id", o.ReferenceID)
	w.placed(s, o.CreatedAt)
	w.date("updated_at", o.UpdatedAt)
	w.str("source", o.Source)
	w.orderStatus("status", o.Status, false)
	w.str("payment_method", o.PaymentMethod)
	w.str("currency", o.Currency)
	w.orderAmounts(o)
	if c := o.Customer; c != nil {
		w.obj("customer")
		w.id("id", c.ID)
		w.str("name", c.FirstName+" "+c.LastName)
		w.str("mobile", "+"+strings.TrimPrefix(c.MobileCode, "+")+strconv.FormatInt(c.Mobile, 10))
		w.str("email", c.Email)
		w.str("avatar", "https://cdn.salla.sa/avatar_male.png")
		w.str("country", c.Country)
		w.str("city", c.City)
		w.end()
	} else {
		w.null("customer")
	}
	w.arr("items")
	for i := range o.Items {
		w.item(o, &o.Items[i], true)
	}
	w.endArr()
	w.money("total", o.Total, o.Currency)
	w.end()
	w.end()
}
