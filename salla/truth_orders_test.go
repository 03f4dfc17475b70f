package salla_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla/sallatest"
)

// statusWords are Salla's own statuses and what they mean.
var statusWords = map[string]catalog.OrderStatus{
	"payment_pending": catalog.OrderPending, "under_review": catalog.OrderPending, "in_progress": catalog.OrderOpen,
	"completed": catalog.OrderCompleted, "delivering": catalog.OrderShipped, "delivered": catalog.OrderCompleted, "shipped": catalog.OrderShipped,
	"canceled": catalog.OrderCancelled, "restored": catalog.OrderRefunded, "restoring": catalog.OrderOpen,
}

// nativeStatus is the slug an order has; the store's own status without one
// was made from completed.
func nativeStatus(s sallatest.OrderStatus) string {
	if s.Slug == "" {
		return "completed"
	}
	return s.Slug
}

func wantOrder(o *sallatest.Order) catalog.Order {
	slug := nativeStatus(o.Status)
	w := catalog.Order{
		ID: id(o.ID), Number: id(o.ReferenceID), Status: statusWords[slug], NativeStatus: slug, Currency: o.Currency,
		Subtotal: one(o.SubTotal, o.Currency), Shipping: one(o.ShippingCost, o.Currency), Tax: one(o.Tax, o.Currency), Total: one(o.Total, o.Currency),
		Tags: refNames(o.Tags), Source: o.Source, PaymentMethods: []string{o.PaymentMethod}, CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt,
		Phone: o.Receiver.Phone, Email: o.Receiver.Email,
	}
	if c := o.Customer; c != nil {
		w.Customer = &catalog.OrderCustomer{ID: id(c.ID), Name: strings.TrimSpace(c.FirstName + " " + c.LastName), Email: c.Email, Phone: mobile(c)}
		if w.Email == "" {
			w.Email = c.Email
		}
	}
	if len(o.Discounts) > 0 {
		sum := decimal.Zero
		for _, d := range o.Discounts {
			sum = sum.Add(decimal.RequireFromString(d.Amount))
		}
		w.Discount = one(sum.String(), o.Currency)
	}
	w.Payment, w.Fulfillment = wantPayment(o, slug), wantFulfillment(o, slug)
	for _, item := range o.Items {
		w.LineItems = append(w.LineItems, wantLine(o, item))
	}
	for _, s := range o.Shipments {
		if s.Type != "shipment" || !o.Shippable {
			continue
		}
		w.Fulfillments = append(w.Fulfillments, wantShipment(o, s))
		if w.ShippingAddress == nil {
			w.ShippingAddress = &catalog.Address{Name: s.To.Name, Line1: s.To.Line, Line2: spaced(s.To.BuildingNo, s.To.Street, s.To.Block),
				City: s.To.City, PostalCode: s.To.PostalCode, Country: s.To.Country, Phone: s.To.Phone}
		}
	}
	if o.Currency != "SAR" { // the shopper's, told by the rate beside it
		w.ShopperCurrency = o.Currency
		both := func(d *catalog.DualMoney) { d.Shopper = d.Store }
		for _, d := range []*catalog.DualMoney{&w.Subtotal, &w.Shipping, &w.Tax, &w.Total, &w.Discount} {
			both(d)
		}
		for i := range w.LineItems {
			for _, d := range []*catalog.DualMoney{&w.LineItems[i].UnitPrice, &w.LineItems[i].Discount, &w.LineItems[i].Tax, &w.LineItems[i].Total} {
				both(d)
			}
		}
	}
	return w
}

func wantPayment(o *sallatest.Order, slug string) catalog.PaymentStatus {
	later := o.PaymentMethod == "cod" || o.PaymentMethod == "bank"
	switch {
	case slug == "restored":
		return catalog.PaymentRefunded
	case o.Pending || slug == "payment_pending":
		return catalog.PaymentPending
	case slug == "canceled":
		return ""
	case !later:
		return catalog.PaymentPaid
	case slug == "delivered", slug == "completed" && o.PaymentMethod == "bank":
		return catalog.PaymentPaid
	case slug == "under_review", o.PaymentMethod == "cod" && slug != "completed":
		return catalog.PaymentPending
	}
	return ""
}

func wantFulfillment(o *sallatest.Order, slug string) catalog.FulfillmentStatus {
	if !o.Shippable {
		return catalog.FulfillmentNotNeeded
	}
	return map[string]catalog.FulfillmentStatus{
		"payment_pending": catalog.FulfillmentNone, "under_review": catalog.FulfillmentNone, "in_progress": catalog.FulfillmentNone,
		"shipped": catalog.FulfillmentDone, "delivering": catalog.FulfillmentDone, "delivered": catalog.FulfillmentDone,
		"restored": catalog.FulfillmentReturned,
	}[slug]
}

func wantLine(o *sallatest.Order, item sallatest.OrderItem) catalog.LineItem {
	l := catalog.LineItem{
		ID: id(item.ID), Title: item.Name, SKU: item.SKU, Quantity: *units(item.Quantity), RequiresShipping: o.Shippable && len(item.Codes) == 0,
		UnitPrice: one(item.Price, o.Currency), Discount: one(item.Discount, o.Currency), Tax: one(item.Tax, o.Currency), Total: one(item.Total, o.Currency),
	}
	var variant []string
	for _, option := range item.Options {
		value, chosen := wantOption(option.Value)
		l.Attributes = append(l.Attributes, catalog.Attribute{Name: option.Name, Value: value})
		if chosen {
			variant = append(variant, value)
		}
	}
	l.Variant = strings.Join(variant, " / ")
	if item.Notes != "" {
		l.Attributes = append(l.Attributes, catalog.Attribute{Name: "notes", Value: item.Notes})
	}
	return l
}

func wantShipment(o *sallatest.Order, s sallatest.Shipment) catalog.Fulfillment {
	f := catalog.Fulfillment{ID: id(s.ID), Name: s.ShippingNumber, NativeStatus: s.Status, LocationID: id(s.From.BranchID), CreatedAt: s.CreatedAt}
	f.Status = map[string]catalog.FulfillmentStatus{"created": catalog.FulfillmentActive, "in_progress": catalog.FulfillmentActive,
		"shipped": catalog.FulfillmentDone, "delivering": catalog.FulfillmentDone, "delivered": catalog.FulfillmentDone,
		"cancelled": catalog.FulfillmentCancelled}[s.Status]
	if s.TrackingNumber != "" {
		f.Tracking = []catalog.Tracking{{Company: s.CourierName, Number: s.TrackingNumber, URL: s.TrackingLink}}
	}
	for _, item := range o.Items {
		if slices.Contains(s.ItemIDs, item.ID) {
			f.Lines = append(f.Lines, catalog.FulfillmentLine{LineItemID: id(item.ID), Quantity: *units(item.Quantity)})
		}
	}
	return f
}

func wantHistory(o *sallatest.Order) []catalog.HistoryEntry {
	var all []catalog.HistoryEntry
	for _, h := range slices.Backward(o.Histories) {
		e := catalog.HistoryEntry{ID: id(h.ID), Kind: "status", Text: h.Note, Status: h.Status.Slug, At: h.CreatedAt}
		if h.By != nil {
			e.Author = h.By.Name
		}
		all = append(all, e)
	}
	return all
}

// wantOption is what an option's value says; chosen tells values of the
// merchant's from what the shopper entered.
func wantOption(raw string) (text string, chosen bool) {
	var object struct{ Name string }
	var objects []struct{ Name string }
	var entered string
	switch {
	case raw == "" || raw == "null":
		return "", false
	case json.Unmarshal([]byte(raw), &object) == nil:
		return object.Name, object.Name != ""
	case json.Unmarshal([]byte(raw), &objects) == nil:
		return strings.Join(mapped(objects, func(o struct{ Name string }) string { return o.Name }), ", "), len(objects) > 0
	case json.Unmarshal([]byte(raw), &entered) == nil:
		return entered, false
	}
	return raw, false
}
