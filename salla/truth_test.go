package salla_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// What the model must say of the server's records, written from the records
// and Salla's documents, not from the adapter.

var withShipments = salla.Config{ListShipments: true}

func mapped[A, B any](all []A, f func(A) B) []B {
	out := make([]B, len(all))
	for i, a := range all {
		out[i] = f(a)
	}
	return out
}

func amount(text, currency string) catalog.Money {
	if text == "" {
		return catalog.Money{}
	}
	m, err := catalog.NewMoney(text, currency)
	if err != nil {
		panic(err)
	}
	return m
}

func one(text, currency string) catalog.DualMoney {
	return catalog.DualMoney{Store: amount(text, currency)}
}

func units(n int) *catalog.Quantity {
	q := catalog.NewQuantity(int64(n))
	return &q
}

func refNames(refs []sallatest.Ref) []string {
	return mapped(refs, func(r sallatest.Ref) string { return r.Name })
}

func wantProduct(p *sallatest.Product) catalog.Product {
	w := catalog.Product{
		ID: id(p.ID), Title: p.Name, Description: p.Description, Type: p.Type, NativeStatus: p.Status, Tags: refNames(p.Tags),
		Status: map[string]catalog.ProductStatus{"sale": catalog.ProductActive, "out": catalog.ProductSoldOut, "hidden": catalog.ProductHidden}[p.Status],
		URL:    "https://salla.sa/dev-ll1tn9/p" + id(p.ID), UpdatedAt: p.UpdatedAt,
	}
	if p.Brand != nil {
		w.Vendor = p.Brand.Name
	}
	for _, c := range p.Categories {
		w.Categories = append(w.Categories, catalog.Category{ID: id(c.ID), Name: c.Name})
	}
	names := map[int64]catalog.OptionValue{}
	for _, o := range p.Options {
		option := catalog.Option{ID: id(o.ID), Name: o.Name}
		for _, v := range o.Values {
			option.Values = append(option.Values, v.Name)
			names[v.ID] = catalog.OptionValue{Name: o.Name, Value: v.Name}
		}
		w.Options = append(w.Options, option)
	}
	for i, m := range p.Images {
		w.Images = append(w.Images, catalog.Image{ID: id(m.ID), URL: m.URL, Alt: m.Alt, Kind: m.Type, Position: i + 1})
	}
	base := catalog.Variant{RequiresShipping: p.Type == "product" || p.Type == "food", Taxable: p.WithTax}
	if len(p.Variants) == 0 {
		v := base
		v.ID, v.InventoryItemID, v.SKU, v.Barcode, v.Position = id(p.ID), "product-"+id(p.ID), p.SKU, p.GTIN, 1
		prices(&v, p.Price, p.RegularPrice, p.CostPrice, p.Currency)
		stock(&v, p.Quantity, p.Unlimited, p.Status)
		v.Weight = catalog.Weight{Value: p.Weight, Unit: p.WeightType}
		w.Variants = []catalog.Variant{v}
	}
	for i, s := range p.Variants {
		v := base
		v.ID, v.InventoryItemID, v.SKU, v.Barcode, v.Position = id(s.ID), "variant-"+id(s.ID), s.SKU, s.Barcode, i+1
		prices(&v, s.Price, s.RegularPrice, s.CostPrice, p.Currency)
		stock(&v, s.Quantity, s.Unlimited, p.Status)
		v.Weight = catalog.Weight{Value: s.Weight, Unit: p.WeightType}
		var title []string
		for _, value := range s.Values {
			v.Options = append(v.Options, names[value])
			title = append(title, names[value].Value)
		}
		v.Title = strings.Join(title, " / ")
		w.Variants = append(w.Variants, v)
	}
	return w
}

func prices(v *catalog.Variant, price, regular, cost, currency string) {
	v.Price, v.Cost = amount(price, currency), amount(cost, currency)
	if regular != "" && decimal.RequireFromString(regular).GreaterThan(decimal.RequireFromString(price)) {
		v.CompareAtPrice = amount(regular, currency)
	}
}

func stock(v *catalog.Variant, quantity int, unlimited bool, status string) {
	v.Tracked = !unlimited
	if v.Tracked {
		v.Quantity = units(quantity)
	}
	v.Available = status == "sale" && (unlimited || quantity > 0)
}

func wantLevel(q sallatest.Quantity) catalog.InventoryLevel {
	l := catalog.InventoryLevel{ItemID: "product-" + id(q.ProductID), ProductID: id(q.ProductID), VariantID: id(q.ProductID), SKU: q.SKU, Tracked: !q.Unlimited}
	if q.VariantID != 0 {
		l.ItemID, l.VariantID = "variant-"+id(q.VariantID), id(q.VariantID)
	}
	if l.Tracked {
		l.Available = units(q.Quantity)
	}
	return l
}

func wantLocation(b *sallatest.Branch) catalog.Location {
	return catalog.Location{ID: id(b.ID), Name: b.Name, Active: b.Status == "active", Ships: b.Status == "active", Address: &catalog.Address{
		Name: b.Name, Line1: b.Address.Line, Line2: spaced(b.Address.BuildingNo, b.Address.Street, b.Address.Block), City: b.Address.City,
		PostalCode: b.Address.PostalCode, Country: b.Address.Country, CountryCode: b.Address.CountryCode, Phone: b.Phone,
	}}
}

func spaced(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

func wantCustomer(c *sallatest.Customer) catalog.Customer {
	w := catalog.Customer{
		ID: id(c.ID), Name: strings.TrimSpace(c.FirstName + " " + c.LastName), FirstName: c.FirstName, LastName: c.LastName, Email: c.Email,
		Phone: mobile(c), Locale: c.Language, Note: c.BlockReason, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
		GroupIDs: mapped(c.Groups, id),
	}
	if c.Blocked {
		w.NativeState = "blocked"
	}
	a := catalog.Address{Line1: c.Location, City: c.City, Country: c.Country, CountryCode: strings.ToUpper(c.CountryCode)}
	if a != (catalog.Address{}) {
		w.DefaultAddress, w.Addresses = &a, []catalog.Address{a}
	}
	return w
}

func mobile(c *sallatest.Customer) string {
	if c.Mobile == 0 {
		return ""
	}
	return "+" + strings.TrimPrefix(c.MobileCode, "+") + id(c.Mobile)
}

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
