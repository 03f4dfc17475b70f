package shopifytest

import (
	"strconv"
	"time"
)

func orderPartFields() map[string]fieldSet {
	half := func(get func(*LineItem) Money) resolver { return bagOf(get) }
	return map[string]fieldSet{
		"LineItem": {
			"id":                     gid("LineItem", func(l *LineItem) int64 { return l.ID }),
			"name":                   str((*LineItem).Name),
			"title":                  str(func(l *LineItem) string { return l.Title }),
			"sku":                    opt(func(l *LineItem) string { return l.SKU }),
			"vendor":                 opt(func(l *LineItem) string { return l.Vendor }),
			"variantTitle":           opt(func(l *LineItem) string { return l.VariantTitle }),
			"quantity":               integer(func(l *LineItem) int { return l.Quantity }),
			"currentQuantity":        integer(func(l *LineItem) int { return l.CurrentQuantity }),
			"unfulfilledQuantity":    integer(func(l *LineItem) int { return l.Unfulfilled }),
			"refundableQuantity":     integer(func(l *LineItem) int { return l.Refundable }),
			"nonFulfillableQuantity": fixed("0"),
			"requiresShipping":       boolean(func(l *LineItem) bool { return l.RequiresShipping }),
			"taxable":                boolean(func(l *LineItem) bool { return l.Taxable }),
			"isGiftCard":             boolean(func(l *LineItem) bool { return l.GiftCard }),
			"restockable":            fixed("true"),
			"merchantEditable":       fixed("true"),
			"product":                lineProduct,
			"variant":                lineVariant,
			"image":                  null,
			"customAttributes":       each("Attribute", func(l *LineItem) []Attribute { return l.Attributes }),
			"taxLines":               each("TaxLine", func(l *LineItem) []TaxLine { return l.TaxLines }),
			"discountAllocations":    lineDiscounts,
			"originalUnitPriceSet":   half(func(l *LineItem) Money { return l.OriginalUnit }),
			"originalTotalSet":       half(func(l *LineItem) Money { return l.OriginalTotal }),
			"discountedUnitPriceSet": half(func(l *LineItem) Money { return l.DiscountedUnit }),
			"discountedUnitPriceAfterAllDiscountsSet": half(func(l *LineItem) Money { return l.DiscountedUnit }),
			"discountedTotalSet":                      half(func(l *LineItem) Money { return l.DiscountedTotal }),
			"totalDiscountSet":                        half(func(l *LineItem) Money { return l.TotalDiscount }),
			"unfulfilledDiscountedTotalSet":           half(func(l *LineItem) Money { return l.DiscountedTotal }),
			"unfulfilledOriginalTotalSet":             half(func(l *LineItem) Money { return l.OriginalTotal }),
		},
		"TaxLine": {
			"title":          str(func(t *TaxLine) string { return t.Title }),
			"rate":           func(x *exec, _ *field, o any) { x.buf = appendFloat(x.buf, o.(*TaxLine).Rate) },
			"ratePercentage": func(x *exec, _ *field, o any) { x.buf = appendFloat(x.buf, o.(*TaxLine).Rate*100) },
			"source":         fixed(`"Shopify"`),
			"channelLiable":  fixed("false"),
			"priceSet":       bagOf(func(t *TaxLine) Money { return t.Price }),
		},
		"Attribute": {
			"key": str(func(a *Attribute) string { return a.Key }),
			"value": func(x *exec, f *field, o any) {
				if v := o.(*Attribute).Value; v != nil {
					x.buf = appendString(x.buf, *v)
					return
				}
				x.nothing(f)
			},
		},
		"DiscountAllocation": {
			"allocatedAmountSet": half(func(l *LineItem) Money { return l.TotalDiscount }),
			"discountApplication": func(x *exec, f *field, _ any) {
				x.object(f, "DiscountCodeApplication", &discount{x.order.DiscountCodes[0], 0})
			},
		},
		"DiscountCodeApplication":   discountFields(),
		"ManualDiscountApplication": discountFields(),
		"ShippingLine": {
			"id":                        gid("ShippingLine", func(s *ShippingLine) int64 { return s.ID }),
			"title":                     str(func(s *ShippingLine) string { return s.Title }),
			"code":                      opt(func(s *ShippingLine) string { return s.Code }),
			"source":                    opt(func(s *ShippingLine) string { return s.Source }),
			"carrierIdentifier":         null,
			"deliveryCategory":          null,
			"phone":                     null,
			"shippingRateHandle":        null,
			"custom":                    fixed("false"),
			"isRemoved":                 boolean(func(s *ShippingLine) bool { return s.Removed }),
			"originalPriceSet":          bagOf(func(s *ShippingLine) Money { return s.Original }),
			"discountedPriceSet":        bagOf(func(s *ShippingLine) Money { return s.Discounted }),
			"currentDiscountedPriceSet": bagOf(func(s *ShippingLine) Money { return s.Discounted }),
			"taxLines":                  each("TaxLine", func(s *ShippingLine) []TaxLine { return s.TaxLines }),
			"discountAllocations":       fixed("[]"),
		},
		"Fulfillment": {
			"id":                  gid("Fulfillment", func(p *Fulfillment) int64 { return p.ID }),
			"legacyResourceId":    long(func(p *Fulfillment) int64 { return p.ID }),
			"name":                str(func(p *Fulfillment) string { return p.Name }),
			"status":              or("SUCCESS", func(p *Fulfillment) string { return p.Status }),
			"displayStatus":       opt(func(p *Fulfillment) string { return p.DisplayStatus }),
			"createdAt":           instant(func(p *Fulfillment) time.Time { return p.CreatedAt }),
			"updatedAt":           instant(func(p *Fulfillment) time.Time { return p.UpdatedAt }),
			"deliveredAt":         instant(func(p *Fulfillment) time.Time { return p.DeliveredAt }),
			"inTransitAt":         null,
			"estimatedDeliveryAt": null,
			"requiresShipping":    fixed("true"),
			"totalQuantity": integer(func(p *Fulfillment) int {
				n := 0
				for _, l := range p.Lines {
					n += l.Quantity
				}
				return n
			}),
			"trackingInfo":         each("FulfillmentTrackingInfo", func(p *Fulfillment) []Tracking { return p.Tracking }),
			"location":             func(x *exec, f *field, o any) { x.location(f, o.(*Fulfillment).LocationID) },
			"order":                parentOrder,
			"fulfillmentLineItems": nested(func(p *Fulfillment) []FulfillmentLine { return p.Lines }, func(l *FulfillmentLine) int64 { return l.ID }),
		},
		"FulfillmentTrackingInfo": {
			"company": opt(func(t *Tracking) string { return t.Company }),
			"number":  opt(func(t *Tracking) string { return t.Number }),
			"url":     opt(func(t *Tracking) string { return t.URL }),
		},
		"FulfillmentLineItem": {
			"id":                 gid("FulfillmentLineItem", func(l *FulfillmentLine) int64 { return l.ID }),
			"quantity":           integer(func(l *FulfillmentLine) int { return l.Quantity }),
			"lineItem":           func(x *exec, f *field, o any) { x.line(f, o.(*FulfillmentLine).LineID) },
			"discountedTotalSet": lineMoney(func(o any) int64 { return o.(*FulfillmentLine).LineID }, func(l *LineItem) Money { return l.DiscountedTotal }),
			"originalTotalSet":   lineMoney(func(o any) int64 { return o.(*FulfillmentLine).LineID }, func(l *LineItem) Money { return l.OriginalTotal }),
		},
		"Refund": {
			"id":                  gid("Refund", func(r *Refund) int64 { return r.ID }),
			"legacyResourceId":    long(func(r *Refund) int64 { return r.ID }),
			"createdAt":           instant(func(r *Refund) time.Time { return r.CreatedAt }),
			"updatedAt":           instant(func(r *Refund) time.Time { return r.CreatedAt }),
			"processedAt":         instant(func(r *Refund) time.Time { return r.CreatedAt }),
			"note":                opt(func(r *Refund) string { return r.Note }),
			"totalRefundedSet":    bagOf(func(r *Refund) Money { return r.Total }),
			"order":               parentOrder,
			"refundLineItems":     nested(func(r *Refund) []RefundLine { return r.Lines }, func(l *RefundLine) int64 { return l.ID }),
			"refundShippingLines": empty,
			"orderAdjustments":    empty,
			"transactions":        nested(func(r *Refund) []Transaction { return r.Transactions }, func(t *Transaction) int64 { return t.ID }),
		},
		"RefundLineItem": {
			"id":          gid("RefundLineItem", func(l *RefundLine) int64 { return l.ID }),
			"quantity":    integer(func(l *RefundLine) int { return l.Quantity }),
			"restockType": or("NO_RESTOCK", func(l *RefundLine) string { return l.RestockType }),
			"restocked":   boolean(func(l *RefundLine) bool { return l.RestockType != "" && l.RestockType != "NO_RESTOCK" }),
			"lineItem":    func(x *exec, f *field, o any) { x.line(f, o.(*RefundLine).LineID) },
			"location":    func(x *exec, f *field, o any) { x.location(f, o.(*RefundLine).LocationID) },
			"priceSet":    lineMoney(func(o any) int64 { return o.(*RefundLine).LineID }, func(l *LineItem) Money { return l.DiscountedUnit }),
			"subtotalSet": bagOf(func(l *RefundLine) Money { return l.Subtotal }),
			"totalTaxSet": bagOf(func(l *RefundLine) Money { return l.Tax }),
		},
		"RefundShippingLine": {"id": null, "shippingLine": null, "subtotalAmountSet": null, "taxAmountSet": null},
		"OrderAdjustment":    {"id": null, "reason": null, "amountSet": null, "taxAmountSet": null},
		"OrderTransaction":   transactionFields(),
	}
}

func discountFields() fieldSet {
	return fieldSet{
		"code":             str(func(d *discount) string { return d.code }),
		"title":            str(func(d *discount) string { return d.code }),
		"description":      null,
		"index":            integer(func(d *discount) int { return d.index }),
		"allocationMethod": fixed(`"ACROSS"`),
		"targetSelection":  fixed(`"ALL"`),
		"targetType":       fixed(`"LINE_ITEM"`),
		"value":            func(x *exec, f *field, o any) { x.object(f, "PricingPercentageValue", o) },
	}
}

func transactionFields() fieldSet {
	return fieldSet{
		"id":               gid("OrderTransaction", func(t *Transaction) int64 { return t.ID }),
		"kind":             str(func(t *Transaction) string { return t.Kind }),
		"status":           str(func(t *Transaction) string { return t.Status }),
		"gateway":          opt(func(t *Transaction) string { return t.Gateway }),
		"formattedGateway": opt(func(t *Transaction) string { return t.Gateway }),
		"amountSet":        bagOf(func(t *Transaction) Money { return t.Amount }),
		"createdAt":        instant(func(t *Transaction) time.Time { return t.CreatedAt }),
		"processedAt":      instant(func(t *Transaction) time.Time { return t.CreatedAt }),
		"parentTransaction": func(x *exec, f *field, o any) {
			for i := range x.order.Transactions {
				if t := &x.order.Transactions[i]; t.ID == o.(*Transaction).ParentID {
					x.object(f, "OrderTransaction", t)
					return
				}
			}
			x.nothing(f)
		},
		"order":             parentOrder,
		"test":              boolean(func(t *Transaction) bool { return t.Test }),
		"paymentId":         str(func(t *Transaction) string { return "pay-" + strconv.FormatInt(t.ID, 36) }),
		"authorizationCode": null, "authorizationExpiresAt": null, "errorCode": null, "accountNumber": null,
		"maximumRefundableV2": null, "settlementCurrency": null,
		"manualPaymentGateway": boolean(func(t *Transaction) bool { return t.Gateway == "manual" }),
		"manuallyCapturable":   fixed("false"), "multiCapturable": fixed("false"),
	}
}

func parentOrder(x *exec, f *field, _ any) { x.object(f, "Order", x.order) }

func lineDiscounts(x *exec, f *field, o any) {
	l := o.(*LineItem)
	if l.TotalDiscount.Shop == "" || len(x.order.DiscountCodes) == 0 {
		x.buf = append(x.buf, "[]"...)
		return
	}
	x.list(f, 1, func(int) { x.object(f, "DiscountAllocation", l) })
}

func (x *exec) line(f *field, id int64) {
	l := x.order.line(id)
	if l == nil {
		x.nothing(f)
		return
	}
	x.object(f, "LineItem", l)
}

func lineMoney(id func(any) int64, get func(*LineItem) Money) resolver {
	return func(x *exec, f *field, o any) {
		if l := x.order.line(id(o)); l != nil {
			x.money(f, get(l))
			return
		}
		x.nothing(f)
	}
}

// lineProduct makes the product only if more than its id is asked for.
func lineProduct(x *exec, f *field, o any) {
	id := o.(*LineItem).ProductID
	r := x.srv.store.products.find(id)
	switch {
	case id == 0 || r == nil:
		x.nothing(f)
	case f.onlyID("Product"):
		x.object(f, "Product", &Product{ID: id})
	default:
		x.object(f, "Product", x.srv.store.products.load(r))
	}
}

func lineVariant(x *exec, f *field, o any) {
	l := o.(*LineItem)
	if l.VariantID == 0 || x.srv.store.products.find(l.ProductID) == nil {
		x.nothing(f)
		return
	}
	if f.onlyID("ProductVariant") && x.srv.store.seededVariant(l.ProductID, l.VariantID) {
		x.object(f, "ProductVariant", &variantRef{v: &Variant{ID: l.VariantID}})
		return
	}
	if v := x.srv.store.variant(l.VariantID); v != nil {
		x.object(f, "ProductVariant", v)
		return
	}
	x.nothing(f)
}
