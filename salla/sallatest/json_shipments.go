package sallatest

import (
	"strconv"
	"strings"
)

// shipment writes a parcel. The label, the policy's options and the names of
// weight units take the several forms they have.
func (w *writer) shipment(k string, o *Order, sh *Shipment) {
	w.obj(k)
	w.parcel(o, sh)
	w.str("status", sh.Status)
	w.end()
}

// changedShipment writes the answer to a change, where the status may be the
// order's, as an object, and the courier is one too.
func (w *writer) changedShipment(k string, o *Order, sh *Shipment) {
	w.obj(k)
	w.parcel(o, sh)
	w.obj("courier")
	w.id("id", sh.CourierID)
	w.str("name", sh.CourierName)
	w.str("logo", "https://cdn.salla.sa/couriers/"+strconv.FormatInt(sh.CourierID, 10)+".png")
	w.end()
	if sh.ID%2 == 0 {
		w.orderStatus("status", o.Status, false)
	} else {
		w.str("status", sh.Status)
	}
	w.end()
}

func (w *writer) parcel(o *Order, sh *Shipment) {
	w.id("id", sh.ID)
	w.id("order_id", sh.OrderID)
	w.id("order_reference_id", o.ReferenceID)
	w.raw("reference", `{"external_id":null,"external_additional_id":null}`)
	w.date("created_at", sh.CreatedAt)
	w.shipmentHead(sh)
	w.str("payment_method", sh.PaymentMethod)
	w.str("source", "dashboard")
	w.str("external_company_name", sh.CourierName)
	w.money("total", sh.Cost, o.Currency)
	w.money("cash_on_delivery", o.CashFee, o.Currency)
	w.flag("is_international", false)
	w.obj("total_weight")
	w.amount("value", "0.60")
	w.str("units", "kg")
	w.end()
	w.str("billing_account", "salla")
	w.null("description")
	w.null("remarks")
	w.raw("service_types", "[]")
	w.ref("shipping_route", Ref{1967988572, "Default Route"})
	w.arr("packages")
	for i := range o.Items {
		it := &o.Items[i]
		for _, id := range sh.ItemIDs {
			if id == it.ID {
				w.packed(o, it, i)
			}
		}
	}
	w.endArr()
	w.address("ship_from", &sh.From)
	w.address("ship_to", &sh.To)
	w.obj("meta")
	w.null("app_id")
	w.absent("policy_options", o.index, "[]", `{"boxes":2}`, "null")
	w.end()
}

// shipmentHead writes what the details and the tracking answer share.
func (w *writer) shipmentHead(sh *Shipment) {
	w.str("type", sh.Type)
	w.id("courier_id", sh.CourierID)
	w.str("courier_name", sh.CourierName)
	w.str("courier_logo", "https://cdn.salla.sa/couriers/"+strconv.FormatInt(sh.CourierID, 10)+".png")
	w.str("shipping_number", sh.ShippingNumber)
	if sh.TrackingNumber == "" && sh.ID%2 == 0 {
		w.str("tracking_number", "0")
	} else {
		w.strOrNull("tracking_number", sh.TrackingNumber)
	}
	if sh.ID%3 == 0 {
		w.str("pickup_id", "076543")
	} else {
		w.null("pickup_id")
	}
	w.flag("trackable", sh.TrackingNumber != "")
	w.strOrNull("tracking_link", sh.TrackingLink)
	if sh.Label == "" {
		w.absent("label", int(sh.ID%2), "[]", "null")
		return
	}
	w.obj("label")
	w.str("format", "pdf")
	w.str("url", sh.Label)
	w.end()
}

func (w *writer) packed(o *Order, it *OrderItem, n int) {
	w.obj("")
	w.id("item_id", it.ID)
	w.null("external_id")
	w.str("name", it.Name)
	w.str("sku", it.SKU)
	w.moneyText("price", it.Price, o.Currency)
	w.num("quantity", it.Quantity)
	w.obj("weight")
	w.str("value", it.Weight)
	w.str([]string{"unit", "units"}[n%2], "kg")
	w.end()
	w.end()
}

func (w *writer) address(k string, a *Address) {
	w.obj(k)
	if a.BranchID != 0 {
		w.str("type", "branch")
		w.id("branch_id", a.BranchID)
	} else {
		w.str("type", "address")
	}
	w.str("name", a.Name)
	w.strOrNull("email", a.Email)
	w.str("phone", a.Phone)
	w.str("country", a.Country)
	w.str("city", a.City)
	w.str("address_line", strings.TrimSpace(a.Line))
	w.str("street_number", a.Street)
	w.str("block", a.Block)
	w.amountOrNull("building_number", a.BuildingNo)
	w.amountOrNull("additional_number", a.AdditionalNo)
	w.str("short_address", "")
	w.null("region")
	w.str("postal_code", a.PostalCode)
	w.amountOrNull("latitude", a.Latitude)
	w.amountOrNull("longitude", a.Longitude)
	w.obj("geo_coordinates")
	w.str("lat", a.Latitude)
	w.str("lng", a.Longitude)
	w.end()
	w.end()
}
