package shopifytest

import "slices"

// Records are immutable once stored: mutators change a copy and store that,
// so a page that is being written never changes under its writer.

func (p *Product) clone() *Product {
	c := *p
	c.Tags = slices.Clone(p.Tags)
	c.Options = slices.Clone(p.Options)
	for i := range c.Options {
		c.Options[i].Values = slices.Clone(c.Options[i].Values)
	}
	c.Media = slices.Clone(p.Media)
	c.Metafields = slices.Clone(p.Metafields)
	c.Variants = slices.Clone(p.Variants)
	for i := range c.Variants {
		v := &c.Variants[i]
		v.Options = slices.Clone(v.Options)
		v.Item.Levels = slices.Clone(v.Item.Levels)
	}
	return &c
}

func (c *Customer) clone() *Customer {
	n := *c
	n.Tags = slices.Clone(c.Tags)
	n.Addresses = slices.Clone(c.Addresses)
	return &n
}

func (o *Order) clone() *Order {
	c := *o
	c.Tags = slices.Clone(o.Tags)
	c.Attributes = slices.Clone(o.Attributes)
	c.DiscountCodes = slices.Clone(o.DiscountCodes)
	c.Gateways = slices.Clone(o.Gateways)
	c.Billing, c.Shipping = cloneAddress(o.Billing), cloneAddress(o.Shipping)
	c.TaxLines = slices.Clone(o.TaxLines)
	c.Transactions = slices.Clone(o.Transactions)
	c.Lines = slices.Clone(o.Lines)
	for i := range c.Lines {
		c.Lines[i].TaxLines = slices.Clone(c.Lines[i].TaxLines)
		c.Lines[i].Attributes = slices.Clone(c.Lines[i].Attributes)
	}
	c.ShippingLines = slices.Clone(o.ShippingLines)
	for i := range c.ShippingLines {
		c.ShippingLines[i].TaxLines = slices.Clone(c.ShippingLines[i].TaxLines)
	}
	c.Fulfillments = slices.Clone(o.Fulfillments)
	for i := range c.Fulfillments {
		c.Fulfillments[i].Tracking = slices.Clone(c.Fulfillments[i].Tracking)
		c.Fulfillments[i].Lines = slices.Clone(c.Fulfillments[i].Lines)
	}
	c.Refunds = slices.Clone(o.Refunds)
	for i := range c.Refunds {
		c.Refunds[i].Lines = slices.Clone(c.Refunds[i].Lines)
		c.Refunds[i].Transactions = slices.Clone(c.Refunds[i].Transactions)
	}
	return &c
}

func cloneAddress(a *Address) *Address {
	if a == nil {
		return nil
	}
	c := *a
	return &c
}
