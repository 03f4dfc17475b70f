package shopifytest

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// presented is the amount as the shopper sees it.
func (m Money) presented() *big.Rat {
	text := m.Presentment
	if text == "" {
		text = m.Shop
	}
	return rat(text)
}

func rat(text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return new(big.Rat)
	}
	return r
}

// inBoth makes an amount of what the shopper pays, at the order's own rate.
func (o *Order) inBoth(presented *big.Rat) Money {
	shop := new(big.Rat).Set(presented)
	if total := o.Total.presented(); total.Sign() > 0 && o.Currency != o.PresentmentCurrency {
		shop.Mul(shop, rat(o.Total.Shop)).Quo(shop, total)
	}
	digits := 2
	if _, fraction, ok := strings.Cut(o.Total.Presentment, "."); ok {
		digits = max(digits, len(fraction))
	}
	return Money{Shop: shop.FloatString(2), Presentment: presented.FloatString(digits)}
}

// refundable is what can still be given back.
func (o *Order) refundable() *big.Rat {
	if !o.paid() {
		return new(big.Rat)
	}
	return new(big.Rat).Sub(o.Total.presented(), o.Refunded.presented())
}

// worth is what lines and shipping cost, at most what can be given back.
func (o *Order) worth(lines []input, shipping bool) *big.Rat {
	sum := new(big.Rat)
	for _, in := range lines {
		if l := o.line(in.id("lineItemId", "LineItem")); l != nil && l.Quantity > 0 {
			n, _ := in.number("quantity")
			sum.Add(sum, new(big.Rat).Mul(l.DiscountedTotal.presented(), big.NewRat(int64(n), int64(l.Quantity))))
		}
	}
	if shipping {
		sum.Add(sum, o.ShippingTotal.presented())
	}
	if most := o.refundable(); sum.Cmp(most) > 0 {
		return most
	}
	return sum
}

// suggestion is what the platform proposes to give back.
type suggestion struct{ amount, most Money }

func suggestedRefund(x *exec, f *field, v any) {
	o := v.(*Order)
	in := input(f.args)
	sum := o.worth(in.list("refundLineItems"), in.bool("refundShipping"))
	if in.bool("suggestFullRefund") {
		sum = o.refundable()
	}
	x.object(f, "SuggestedRefund", &suggestion{o.inBoth(sum), o.inBoth(o.refundable())})
}

// sale is the payment that refunds go back to.
func (o *Order) sale() *Transaction {
	for i := range o.Transactions {
		if t := &o.Transactions[i]; (t.Kind == "SALE" || t.Kind == "CAPTURE") && t.Status == "SUCCESS" {
			return t
		}
	}
	return nil
}

func suggestionFields() map[string]fieldSet {
	bag := func(get func(*suggestion) Money) resolver { return bagOf(get) }
	return map[string]fieldSet{
		"SuggestedRefund": {
			"amountSet": bag(func(s *suggestion) Money { return s.amount }), "maximumRefundableSet": bag(func(s *suggestion) Money { return s.most }),
			"subtotalSet": bag(func(s *suggestion) Money { return s.amount }),
			"suggestedTransactions": func(x *exec, f *field, o any) {
				n := 1
				if x.order.sale() == nil {
					n = 0
				}
				x.list(f, n, func(int) { x.object(f, "SuggestedOrderTransaction", o) })
			},
		},
		"SuggestedOrderTransaction": {
			"gateway":   func(x *exec, _ *field, _ any) { x.buf = appendString(x.buf, x.order.sale().Gateway) },
			"kind":      fixed(`"SUGGESTED_REFUND"`),
			"amountSet": bag(func(s *suggestion) Money { return s.amount }), "maximumRefundableSet": bag(func(s *suggestion) Money { return s.most }),
			"parentTransaction": func(x *exec, f *field, _ any) { x.object(f, "OrderTransaction", x.order.sale()) },
		},
	}
}

func refundCreate(x *exec, args input) payload {
	in := args.sub("input")
	old := x.srv.store.orders.get(in.id("orderId", "Order"))
	if old == nil {
		return payload{bad: refuse("", "Order does not exist", "orderId")}
	}
	o := old.clone()
	if cur := in.text("currency"); o.Currency != o.PresentmentCurrency && cur != o.PresentmentCurrency {
		return payload{bad: refuse("", "Currency must be the presentment currency", "currency")}
	}
	r := Refund{ID: x.srv.fresh(), CreatedAt: x.srv.second(), Note: in.text("note")}
	for i, line := range in.list("refundLineItems") {
		l := o.line(line.id("lineItemId", "LineItem"))
		n, _ := line.number("quantity")
		if l == nil || n <= 0 || n > l.Refundable {
			return payload{bad: refuse("", "Quantity cannot refund more items than were purchased", "refundLineItems", strconv.Itoa(i), "quantity")}
		}
		kind := line.text("restockType")
		if kind == "" {
			kind = "NO_RESTOCK"
		}
		location := line.id("locationId", "Location")
		if kind != "NO_RESTOCK" && x.srv.store.location(location) == nil {
			return payload{bad: refuse("", "Location must be given to restock", "refundLineItems", strconv.Itoa(i), "locationId")}
		}
		l.Refundable, l.CurrentQuantity = l.Refundable-n, l.CurrentQuantity-n
		if kind == "CANCEL" {
			if n > l.Unfulfilled {
				return payload{bad: refuse("", "Restock type cancel is only for items that are not fulfilled", "refundLineItems", strconv.Itoa(i), "restockType")}
			}
			l.Unfulfilled -= n
		}
		share := new(big.Rat).Mul(l.DiscountedTotal.presented(), big.NewRat(int64(n), int64(l.Quantity)))
		r.Lines = append(r.Lines, RefundLine{ID: x.srv.fresh(), LineID: l.ID, Quantity: n, RestockType: kind, LocationID: max(0, location), Subtotal: o.inBoth(share)})
	}
	sum := new(big.Rat)
	for i, t := range in.list("transactions") {
		amount := rat(fmt.Sprint(t["amount"]))
		if amount.Sign() <= 0 || t.text("kind") != "REFUND" || o.sale() == nil || t.id("parentId", "OrderTransaction") != o.sale().ID || t.text("gateway") != o.sale().Gateway {
			return payload{bad: refuse("", "Transaction is not a refund of a payment of this order", "transactions", strconv.Itoa(i))}
		}
		sum.Add(sum, amount)
	}
	if sum.Cmp(o.refundable()) > 0 && !in.bool("allowOverRefunding") {
		return payload{bad: refuse("", "Refund amount cannot be greater than the amount that is refundable", "transactions")}
	}
	if len(r.Lines) == 0 && sum.Sign() == 0 {
		return payload{bad: refuse("", "There is nothing to refund")}
	}
	made := x.srv.giveBack(o, r, sum)
	for _, l := range r.Lines {
		if l.RestockType != "NO_RESTOCK" {
			x.srv.restock(o.line(l.LineID), l.Quantity, l.LocationID)
		}
	}
	x.srv.putOrder(o, "refund_created", "Money was refunded.")
	x.effect("refundCreate", o.ID)
	return payload{parts: map[string]any{"order": o, "refund": &orderPart{o, "Refund", made}}}
}

// giveBack adds a refund to an order and corrects its sums.
func (s *Server) giveBack(o *Order, r Refund, sum *big.Rat) *Refund {
	r.Total = o.inBoth(sum)
	if sale := o.sale(); sale != nil && sum.Sign() > 0 {
		r.Transactions = []Transaction{{ID: s.fresh(), ParentID: sale.ID, Kind: "REFUND", Status: "SUCCESS", Gateway: sale.Gateway, Amount: r.Total, CreatedAt: r.CreatedAt}}
		o.Transactions = append(o.Transactions, r.Transactions...)
	}
	o.Refunds = append(o.Refunds, r)
	back := new(big.Rat).Add(o.Refunded.presented(), sum)
	o.Refunded = o.inBoth(back)
	left := new(big.Rat).Sub(o.Total.presented(), back)
	o.Net, o.CurrentTotal = o.inBoth(left), o.inBoth(left)
	if sum.Sign() > 0 {
		o.FinancialStatus = "PARTIALLY_REFUNDED"
		if left.Sign() <= 0 {
			o.FinancialStatus = "REFUNDED"
		}
	}
	return &o.Refunds[len(o.Refunds)-1]
}
