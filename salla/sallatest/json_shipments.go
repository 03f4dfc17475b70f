package sallatest

import (
	"cmp"
	"slices"
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
	w.obj("reference")
	w.strOrNull("external_id", sh.ExternalID)
	w.strOrNull("external_additional_id", sh.ExternalAdditionalID)
	w.end()
	w.date("created_at", sh.CreatedAt)
	w.shipmentHead(sh)
	w.str("payment_method", sh.PaymentMethod)
	w.str("source", cmp.Or(sh.Source, "dashboard"))
	w.str("external_company_name", cmp.Or(sh.ExternalCompany, sh.CourierName))
	w.money("total", sh.Cost, o.Currency)
	w.money("cash_on_delivery", o.CashFee, o.Currency)
	w.flag("is_international", false)
	w.obj("total_weight")
	w.amount("value", "0.60")
	w.str("units", "kg")
	w.end()
	w.str("billing_account", "salla")
	w.strOrNull("description", sh.Description)
	w.strOrNull("remarks", sh.Remarks)
	w.raw("service_types", "[]")
	w.ref("shipping_route", Ref{1967988572, "Default Route"})
	w.arr("packages")
	for i, p := range sh.contents(o) {
		w.packed(o, &p, i)
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

// contents are the packages, made of the lines where the app said nothing.
func (sh *Shipment) contents(o *Order) []Package {
	if sh.Packages != nil {
		return sh.Packages
	}
	var out []Package
	for _, it := range o.Items {
		if slices.Contains(sh.ItemIDs, it.ID) {
			out = append(out, Package{it.ID, "", it.Name, it.SKU, it.Quantity, it.Price, it.Weight})
		}
	}
	return out
}

func (w *writer) packed(o *Order, p *Package, n int) {
	w.obj("")
	if p.ItemID != 0 {
		w.id("item_id", p.ItemID)
	} else {
		w.null("item_id")
	}
	w.strOrNull("external_id", p.ExternalID)
	w.str("name", p.Name)
	w.str("sku", p.SKU)
	w.moneyText("price", p.Price, o.Currency)
	w.num("quantity", p.Quantity)
	w.obj("weight")
	w.str("value", p.Weight)
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
