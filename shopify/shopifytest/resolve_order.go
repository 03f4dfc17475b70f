package shopifytest

import (
	"strconv"
	"time"
)

func orderFields() map[string]fieldSet {
	bag := func(get func(*Order) Money) resolver { return bagOf(get) }
	zero := bag(func(*Order) Money { return Money{"0.0", "0.0"} })
	return map[string]fieldSet{
		"Order": {
			"id":                 gid("Order", func(o *Order) int64 { return o.ID }),
			"legacyResourceId":   long(func(o *Order) int64 { return o.ID }),
			"name":               str(func(o *Order) string { return o.Name }),
			"number":             integer(func(o *Order) int { return o.Number }),
			"confirmationNumber": opt(func(o *Order) string { return o.ConfirmationNumber }),
			"poNumber":           opt(func(o *Order) string { return o.PONumber }),
			"sourceName":         opt(func(o *Order) string { return o.SourceName }),
			"sourceIdentifier":   null, "clientIp": null, "cartToken": null, "checkoutToken": null,
			"test":         boolean(func(o *Order) bool { return o.Test }),
			"note":         opt(func(o *Order) string { return o.Note }),
			"tags":         texts(func(o *Order) []string { return o.Tags }),
			"createdAt":    instant(func(o *Order) time.Time { return o.CreatedAt }),
			"updatedAt":    instant(func(o *Order) time.Time { return o.UpdatedAt }),
			"processedAt":  instant((*Order).processed),
			"closed":       boolean(func(o *Order) bool { return !o.ClosedAt.IsZero() }),
			"closedAt":     instant(func(o *Order) time.Time { return o.ClosedAt }),
			"cancelledAt":  instant(func(o *Order) time.Time { return o.CancelledAt }),
			"cancelReason": opt(func(o *Order) string { return o.CancelReason }),
			"cancellation": func(x *exec, f *field, o any) {
				if o.(*Order).CancelledAt.IsZero() {
					x.nothing(f)
					return
				}
				x.object(f, "OrderCancellation", o)
			},
			"confirmed":              fixed("true"),
			"edited":                 fixed("false"),
			"estimatedTaxes":         fixed("false"),
			"dutiesIncluded":         fixed("false"),
			"taxExempt":              fixed("false"),
			"capturable":             fixed("false"),
			"merchantEditable":       fixed("true"),
			"restockable":            fixed("true"),
			"canMarkAsPaid":          fixed("false"),
			"canNotifyCustomer":      boolean(func(o *Order) bool { return o.Email != "" }),
			"displayFinancialStatus": opt(func(o *Order) string { return o.FinancialStatus }),
			"displayFulfillmentStatus": func(x *exec, _ *field, v any) {
				s := v.(*Order).FulfillmentStatus
				if s == "" || (s == "FULFILLMENT_NOT_REQUIRED" && x.ver < "2026-10") {
					s = "UNFULFILLED"
				}
				x.buf = appendString(x.buf, s)
			},
			"returnStatus":            or("NO_RETURN", func(o *Order) string { return o.ReturnStatus }),
			"fullyPaid":               boolean(func(o *Order) bool { return o.paid() }),
			"unpaid":                  boolean(func(o *Order) bool { return !o.paid() }),
			"currencyCode":            str(func(o *Order) string { return o.Currency }),
			"presentmentCurrencyCode": str(func(o *Order) string { return o.PresentmentCurrency }),
			"taxesIncluded":           boolean(func(o *Order) bool { return o.TaxesIncluded }),
			"email":                   personal(opt(func(o *Order) string { return o.Email })),
			"phone":                   personal(opt(func(o *Order) string { return o.Phone })),
			"customerLocale":          fixed(`"ar"`),
			"customer":                personal(orderCustomer),
			"billingAddress":          personal(addressField(func(o *Order) *Address { return o.Billing })),
			"shippingAddress":         personal(addressField(func(o *Order) *Address { return o.Shipping })),
			"displayAddress":          personal(addressField(func(o *Order) *Address { return o.Shipping })),
			"billingAddressMatchesShippingAddress": boolean(func(o *Order) bool {
				return o.Billing != nil && o.Shipping != nil && o.Billing.Address1 == o.Shipping.Address1
			}),
			"customAttributes": each("Attribute", func(o *Order) []Attribute { return o.Attributes }),
			"discountCode": opt(func(o *Order) string {
				if len(o.DiscountCodes) == 0 {
					return ""
				}
				return o.DiscountCodes[0]
			}),
			"discountCodes":        texts(func(o *Order) []string { return o.DiscountCodes }),
			"discountApplications": discounts,
			"taxLines":             each("TaxLine", func(o *Order) []TaxLine { return o.TaxLines }),
			"currentTaxLines":      each("TaxLine", func(o *Order) []TaxLine { return o.TaxLines }),
			"shippingLine": func(x *exec, f *field, v any) {
				if o := v.(*Order); len(o.ShippingLines) > 0 {
					x.object(f, "ShippingLine", &o.ShippingLines[0])
					return
				}
				x.nothing(f)
			},
			"shippingLines":           shippingLines,
			"lineItems":               nested(func(o *Order) []LineItem { return o.Lines }, func(l *LineItem) int64 { return l.ID }),
			"nonFulfillableLineItems": empty,
			"fulfillments":            each("Fulfillment", func(o *Order) []Fulfillment { return o.Fulfillments }),
			"fulfillmentOrders":       fulfillmentOrders,
			"suggestedRefund":         suggestedRefund,
			"events":                  orderEvents,
			"fulfillmentsCount": func(x *exec, f *field, o any) {
				x.object(f, "Count", &count{n: len(o.(*Order).Fulfillments)})
			},
			"fulfillable": boolean(func(o *Order) bool { return o.unfulfilled() > 0 && o.CancelledAt.IsZero() }),
			"refunds":     each("Refund", func(o *Order) []Refund { return o.Refunds }),
			"refundable":  boolean(func(o *Order) bool { return o.paid() && o.FinancialStatus != "REFUNDED" }),
			"requiresShipping": boolean(func(o *Order) bool {
				for i := range o.Lines {
					if o.Lines[i].RequiresShipping {
						return true
					}
				}
				return false
			}),
			"transactions": each("OrderTransaction", func(o *Order) []Transaction { return o.Transactions }),
			"transactionsCount": func(x *exec, f *field, o any) {
				x.object(f, "Count", &count{n: len(o.(*Order).Transactions)})
			},
			"paymentGatewayNames": texts(func(o *Order) []string { return o.Gateways }),
			"statusPageUrl": func(x *exec, _ *field, o any) {
				x.buf = appendString(x.buf, "https://"+x.srv.shop+"/orders/"+strconv.FormatInt(o.(*Order).ID, 36))
			},
			"retailLocation":                   null,
			"app":                              null,
			"subtotalLineItemsQuantity":        integer(func(o *Order) int { return o.quantity(func(l *LineItem) int { return l.Quantity }) }),
			"currentSubtotalLineItemsQuantity": integer(func(o *Order) int { return o.quantity(func(l *LineItem) int { return l.CurrentQuantity }) }),
			"totalWeight":                      fixed(`"1200"`), "currentTotalWeight": fixed(`"1200"`),
			"totalPriceSet":                bag(func(o *Order) Money { return o.Total }),
			"originalTotalPriceSet":        bag(func(o *Order) Money { return o.Total }),
			"currentTotalPriceSet":         bag(func(o *Order) Money { return o.CurrentTotal }),
			"subtotalPriceSet":             bag(func(o *Order) Money { return o.Subtotal }),
			"currentSubtotalPriceSet":      bag(func(o *Order) Money { return o.CurrentSubtotal }),
			"totalTaxSet":                  bag(func(o *Order) Money { return o.Tax }),
			"currentTotalTaxSet":           bag(func(o *Order) Money { return o.CurrentTax }),
			"totalDiscountsSet":            bag(func(o *Order) Money { return o.Discounts }),
			"currentTotalDiscountsSet":     bag(func(o *Order) Money { return o.CurrentDiscounts }),
			"cartDiscountAmountSet":        bag(func(o *Order) Money { return o.Discounts }),
			"currentCartDiscountAmountSet": bag(func(o *Order) Money { return o.CurrentDiscounts }),
			"totalShippingPriceSet":        bag(func(o *Order) Money { return o.ShippingTotal }),
			"currentShippingPriceSet":      bag(func(o *Order) Money { return o.ShippingTotal }),
			"totalRefundedSet":             bag(func(o *Order) Money { return o.Refunded }),
			"totalRefundedShippingSet":     zero,
			"totalOutstandingSet":          bag(func(o *Order) Money { return o.Outstanding }),
			"totalReceivedSet":             bag(func(o *Order) Money { return o.Received }),
			"totalCapturableSet":           zero,
			"totalTipReceivedSet":          zero,
			"netPaymentSet":                bag(func(o *Order) Money { return o.Net }),
			"refundDiscrepancySet":         zero,
			"metafield":                    null,
			"metafields":                   empty,
		},
		"OrderApp":          {"id": null, "name": null, "icon": null},
		"OrderCancellation": {"staffNote": opt(func(o *Order) string { return o.CancelNote })},
	}
}

func (o *Order) processed() time.Time {
	if o.ProcessedAt.IsZero() {
		return o.CreatedAt
	}
	return o.ProcessedAt
}

func (o *Order) paid() bool {
	switch o.FinancialStatus {
	case "PAID", "PARTIALLY_REFUNDED", "REFUNDED":
		return true
	}
	return false
}

func (o *Order) quantity(of func(*LineItem) int) int {
	n := 0
	for i := range o.Lines {
		n += of(&o.Lines[i])
	}
	return n
}

func (o *Order) unfulfilled() int {
	return o.quantity(func(l *LineItem) int { return l.Unfulfilled })
}

func (o *Order) line(id int64) *LineItem {
	for i := range o.Lines {
		if o.Lines[i].ID == id {
			return &o.Lines[i]
		}
	}
	return nil
}

// orderCustomer writes the customer as far as the token may see customers.
func orderCustomer(x *exec, f *field, v any) {
	id := v.(*Order).CustomerID
	if id == 0 {
		x.nothing(f)
		return
	}
	if !x.may(f, "read_customers") {
		return
	}
	c := x.srv.store.customers.get(id)
	if c == nil {
		x.nothing(f)
		return
	}
	x.object(f, "Customer", c)
}

func addressField[T any](get func(*T) *Address) resolver {
	return func(x *exec, f *field, o any) {
		a := get(o.(*T))
		if a == nil {
			x.nothing(f)
			return
		}
		x.object(f, "MailingAddress", a)
	}
}

func shippingLines(x *exec, f *field, v any) {
	o := v.(*Order)
	kept := make([]*ShippingLine, 0, len(o.ShippingLines))
	for i := range o.ShippingLines {
		if l := &o.ShippingLines[i]; !l.Removed || f.bool("includeRemovals") {
			kept = append(kept, l)
		}
	}
	x.connection(f, "", placeSeq(len(kept), func(i int) int64 { return kept[i].ID }, func(i int) any { return kept[i] }))
}

// discount is one code of an order.
type discount struct {
	code  string
	index int
}

func discounts(x *exec, f *field, v any) {
	o := v.(*Order)
	list := make([]discount, len(o.DiscountCodes))
	for i, c := range o.DiscountCodes {
		list[i] = discount{c, i}
	}
	x.connection(f, "", placeSeq(len(list), func(i int) int64 { return int64(i) }, func(i int) any { return &list[i] }))
}
