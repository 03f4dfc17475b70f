package bigcommerce

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
)

func (n *notes) line(i int, l *lineNode, in currencies) catalog.LineItem {
	out := catalog.LineItem{
		ID: idText(l.ID), ProductID: idText(l.ProductID), VariantID: idText(l.VariantID), Title: l.Name, SKU: l.SKU,
		UnitPrice: n.dual("line_items.%d.price", i, in.pick(l.PriceEx, l.PriceInc), in), Tax: n.dual("line_items.%d.total_tax", i, l.TotalTax, in),
		RequiresShipping: l.Type == "physical", GiftCard: l.Type == "giftcertificate",
	}
	// The line's total is before discounts.
	discounts := make([]catalog.DualMoney, len(l.Discounts))
	for k, d := range l.Discounts {
		discounts[k] = n.dual("line_items.%d.applied_discounts", i, d.Amount, in)
	}
	out.Discount = n.sum(in, discounts...)
	out.Total = n.less(n.dual("line_items.%d.total", i, in.pick(l.TotalEx, l.TotalInc), in), out.Discount, in)
	if q := n.Quantity("line_items.%d.quantity", i, string(l.Quantity)); q != nil {
		out.Quantity = *q
	}
	out.Current = n.remaining(i, out.Quantity, "quantity_refunded", l.Refunded)
	if out.RequiresShipping {
		out.Unfulfilled = n.remaining(i, out.Quantity, "quantity_shipped", l.Shipped)
	}
	var variant []string
	for _, o := range l.Options {
		out.Attributes = append(out.Attributes, catalog.Attribute{Name: o.Name, Value: o.Value})
		if slices.Contains(choices, o.Type) {
			variant = append(variant, o.Value)
		}
	}
	out.Variant = strings.Join(variant, " / ")
	return out
}

// choices are the types of options that a variant is chosen by. Others are
// texts, dates, files and boxes to tick.
var choices = []string{"Multiple choice", "Swatch", "Product Pick List"}

// less takes a discount off an amount.
func (n *notes) less(from, discount catalog.DualMoney, in currencies) catalog.DualMoney {
	if from.Store.IsZero() || discount.Store.Sign() == 0 {
		return from
	}
	rest, err := catalog.MoneyFromDecimal(from.Store.Decimal().Sub(discount.Store.Decimal()), in.settled)
	if err != nil {
		return from
	}
	return n.dual("", only, amount(rest.Amount()), in)
}

// remaining is what is left of a line's quantity; nil when the part that is
// gone is not told.
func (n *notes) remaining(i int, of catalog.Quantity, field string, part amount) *catalog.Quantity {
	q := n.Quantity("line_items.%d."+field, i, string(part))
	if q == nil {
		return nil
	}
	left, err := catalog.ParseQuantity(of.Decimal().Sub(q.Decimal()).String())
	if err != nil {
		return nil
	}
	return &left
}

// deliveries are the ways the goods go. The first address is the order's.
func (n *notes) deliveries(out *catalog.Order, o *orderNode, in currencies) {
	for i := range o.addresses {
		a := &o.addresses[i]
		if out.ShippingAddress == nil {
			out.ShippingAddress = a.address(a.ID)
		}
		out.ShippingLines = append(out.ShippingLines, catalog.ShippingLine{ID: idText(a.ID), Title: a.Method,
			Price: n.dual("consignments.shipping.%d.cost", i, in.pick(a.CostEx, a.CostInc), in)})
	}
	if o.Consignments.value == nil {
		return
	}
	for _, p := range o.Consignments.value.Pickups {
		out.ShippingLines = append(out.ShippingLines, catalog.ShippingLine{ID: idText(p.ID), Title: p.Method})
	}
}

func (a *addressNode) address(id int64) *catalog.Address {
	return &catalog.Address{ID: idText(id), Name: joined(a.FirstName, a.LastName), FirstName: a.FirstName, LastName: a.LastName, Company: a.Company,
		Line1: a.Street1, Line2: a.Street2, City: a.City, Province: a.State, PostalCode: a.Zip, Country: a.Country,
		CountryCode: strings.ToUpper(a.ISO2), Phone: a.Phone}
}

// shipments adds the parcels. BigCommerce knows of a parcel that it was sent,
// and no more.
func (n *notes) shipments(out *catalog.Order, o *orderNode) {
	for i := range o.shipments {
		s := &o.shipments[i]
		f := catalog.Fulfillment{ID: idText(s.ID), Status: catalog.FulfillmentDone, CreatedAt: s.DateCreated.Time}
		t := catalog.Tracking{Company: cmp.Or(s.ProviderName, s.Provider, s.TrackingCarrier), Number: s.TrackingNumber, URL: cmp.Or(s.TrackingLink, s.GeneratedLink)}
		if t != (catalog.Tracking{}) {
			f.Tracking = []catalog.Tracking{t}
		}
		for j, item := range s.Items {
			if q := n.Quantity("shipments."+strconv.Itoa(i)+".items.%d.quantity", j, string(item.Quantity)); q != nil {
				f.Lines = append(f.Lines, catalog.FulfillmentLine{LineItemID: idText(item.LineID), Quantity: *q})
			}
		}
		out.Fulfillments = append(out.Fulfillments, f)
	}
}

// refunds adds the refunds and what they come to.
func (n *notes) refunds(out *catalog.Order, o *orderNode, in currencies) {
	totals := make([]catalog.DualMoney, len(o.refunds))
	for i := range o.refunds {
		r := &o.refunds[i]
		totals[i] = n.dual("refunds.%d.total_amount", i, r.Total, in)
		refund := catalog.Refund{ID: idText(r.ID), Note: r.Reason, Total: totals[i], CreatedAt: r.Created.Time}
		for j, item := range r.Items {
			refund.Note = cmp.Or(refund.Note, item.Reason) // the refund's own may be empty
			path := "refunds." + strconv.Itoa(i) + ".items.%d."
			if item.Type != "PRODUCT" { // shipping, or the order as a whole
				continue
			}
			if q := n.Quantity(path+"quantity", j, string(item.Quantity)); q != nil {
				refund.Lines = append(refund.Lines, catalog.RefundLine{LineItemID: idText(item.ID), Quantity: *q,
					Subtotal: n.dual(path+"requested_amount", j, item.Requested, in)})
			}
		}
		out.Refunds = append(out.Refunds, refund)
	}
	out.Refunded = n.sum(in, totals...)
}
