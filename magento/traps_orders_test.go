package magento_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento/magentotest"
)

// The state is Magento's own machine, the status a label that merchants add to
// as they like.
func TestTrapTheStateDecidesAndTheStatusIsALabel(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1, Orders: -1, Customers: -1})
	for state, want := range map[string]catalog.OrderStatus{
		magentotest.StateNew: catalog.OrderPending, magentotest.StatePendingPayment: catalog.OrderPending, magentotest.StatePaymentReview: catalog.OrderPending,
		magentotest.StateProcessing: catalog.OrderOpen, magentotest.StateComplete: catalog.OrderCompleted, magentotest.StateClosed: catalog.OrderRefunded,
		magentotest.StateCanceled: catalog.OrderCancelled, magentotest.StateHolded: catalog.OrderOnHold,
	} {
		// A label that reads like another state.
		added := server.AddOrder(magentotest.Order{State: state, Status: "complete"})
		o, err := engine.Order(t.Context(), id(added.ID))
		if err != nil || o.Status != want || o.NativeStatus != "complete" || len(o.Problems) > 0 {
			t.Errorf("%s: %s, native %q, %v, %v", state, o.Status, o.NativeStatus, o.Problems, err)
		}
		if got := ids(t, engine.Orders(t.Context(), catalog.OrderQuery{Status: []catalog.OrderStatus{want}}), orderID); !slices.Contains(got, id(added.ID)) {
			t.Errorf("%s: filtering by %s finds %v", state, want, got)
		}
	}
	_, err := catalog.Collect(engine.Orders(t.Context(), catalog.OrderQuery{Status: []catalog.OrderStatus{catalog.OrderShipped}}))
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a status no state stands for: %v", err)
	}
}

// Calls take the entity id. What shoppers see is another number, which may be
// the id of another order.
func TestTrapAnOrdersNumberIsNotItsID(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 10, Orders: 10})
	added := server.AddOrder(magentotest.Order{IncrementID: "100000042"})
	o, err := engine.Order(t.Context(), id(added.ID))
	if err != nil || o.Number != "100000042" || o.ID != id(added.ID) {
		t.Errorf("id %s, number %s, %v", o.ID, o.Number, err)
	}
	if _, err := engine.Order(t.Context(), "100000042"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("by its number: %v", err)
	}
	if _, err := engine.Order(t.Context(), "000000042"); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("by a number with zeros before: %v", err)
	}
}

// A configurable product makes two lines, of which the first has the price and
// the second the variant's id.
func TestTrapTwoLinesAreOnePosition(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 150, Orders: 60, Customers: 20})
	byID := map[string]*magentotest.Order{}
	for _, o := range server.Orders() {
		byID[id(o.ID)] = o
	}
	pairs := 0
	for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, it := range byID[o.ID].Items {
			if it.ParentID == 0 {
				want++
			}
		}
		if len(o.LineItems) != want {
			t.Errorf("order %s has %d lines, want %d", o.ID, len(o.LineItems), want)
		}
		var sum catalog.Money
		for _, l := range o.LineItems {
			if l.VariantID != l.ProductID {
				pairs++
				if l.UnitPrice.Store.Sign() <= 0 || l.SKU == "" || l.Variant == "" {
					t.Errorf("order %s: the line %s of a variant has the price %v", o.ID, l.ID, l.UnitPrice)
				}
			}
			if sum, err = sum.Add(l.Total.Store); err != nil {
				t.Fatal(err)
			}
		}
		// The test server takes discounts off the order, not the lines.
		if lines, err := o.Subtotal.Store.Add(o.Discount.Store); err != nil || !sum.Equal(lines) {
			t.Errorf("order %s: the lines add up to %v, the subtotal is %v less %v", o.ID, sum, o.Subtotal.Store, o.Discount.Store)
		}
		for _, f := range o.Fulfillments {
			for _, line := range f.Lines {
				if !slices.ContainsFunc(o.LineItems, func(l catalog.LineItem) bool { return l.ID == line.LineItemID }) {
					t.Errorf("order %s: a shipment names the line %s, which is none", o.ID, line.LineItemID)
				}
			}
		}
	}
	if pairs == 0 {
		t.Error("no order has a variant")
	}
}

// The parts of a bundle are what is packed; their price is the bundle's. They
// may be shipped by themselves.
func TestTrapPartsOfABundleAreLinesWithoutAmounts(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1, Orders: -1, Customers: -1})
	bundle := func(shipped, part1, part2 string) string {
		to := magentotest.Address{Street: []string{"1 St"}, City: "Riyadh", CountryID: "SA"}
		o := server.AddOrder(magentotest.Order{State: magentotest.StateProcessing, Shipping: &to, Items: []magentotest.OrderItem{
			{ID: 11, ProductID: 1, Type: magentotest.TypeBundle, SKU: "SET", Name: "Set", BasePrice: "90", Ordered: "1", Shipped: shipped},
			{ID: 12, ParentID: 11, ProductID: 2, SKU: "BAG", Name: "Bag", BasePrice: "60", Ordered: "1", Shipped: part1},
			{ID: 13, ParentID: 11, ProductID: 3, SKU: "MAT", Name: "Mat", BasePrice: "30", Ordered: "2", Shipped: part2}}})
		return id(o.ID)
	}
	for name, c := range map[string]struct {
		order string
		want  catalog.FulfillmentStatus
	}{
		"nothing sent":            {bundle("0", "0", "0"), catalog.FulfillmentNone},
		"sent as a whole":         {bundle("1", "0", "0"), catalog.FulfillmentDone},
		"one part sent by itself": {bundle("0", "1", "0"), catalog.FulfillmentPartial},
		"both parts sent":         {bundle("0", "1", "2"), catalog.FulfillmentDone},
	} {
		o, err := engine.Order(t.Context(), c.order)
		if err != nil || o.Fulfillment != c.want {
			t.Errorf("%s: %s, %v; want %s", name, o.Fulfillment, err, c.want)
		}
		var skus []string
		for _, l := range o.LineItems {
			skus = append(skus, l.SKU)
			if (l.SKU == "SET") == l.UnitPrice.Store.IsZero() {
				t.Errorf("%s: the line %s has the price %v", name, l.SKU, l.UnitPrice.Store)
			}
		}
		if !slices.Equal(skus, []string{"SET", "BAG", "MAT"}) {
			t.Errorf("%s: lines %v", name, skus)
		}
	}
}

// Discounts are negative and hold what is taken off the shipping.
func TestTrapDiscountsAreNegative(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1, Orders: 1, Customers: -1})
	order := id(server.Orders()[0].ID)
	server.Inject(magentotest.Fault{Path: "/V1/orders/*", Replace: map[string]string{
		"subtotal": "100", "discount_amount": "-15.5", "shipping_discount_amount": "5.5", "base_subtotal": "100", "base_discount_amount": "-15.5", "base_shipping_discount_amount": "5.5"}})
	o, err := engine.Order(t.Context(), order)
	if err != nil || o.Discount.Store.Amount() != "15.5" || o.Subtotal.Store.Decimal().String() != "90" {
		t.Errorf("discount %v, subtotal %v, %v", o.Discount.Store, o.Subtotal.Store, err)
	}
}

// Payment and fulfilment have no words: they are told from amounts and
// quantities.
func TestTrapPaymentAndFulfilmentAreToldFromNumbers(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1, Orders: -1, Customers: -1})
	to := magentotest.Address{Street: []string{"1 St"}, City: "Riyadh", CountryID: "SA"}
	for name, c := range map[string]struct {
		state, paid, refunded, ordered, shipped, back, canceled string
		digital                                                 bool
		payment                                                 catalog.PaymentStatus
		fulfillment                                             catalog.FulfillmentStatus
	}{
		"placed":              {state: "new", payment: catalog.PaymentPending, fulfillment: catalog.FulfillmentNone},
		"held":                {state: "holded", payment: catalog.PaymentPending, fulfillment: catalog.FulfillmentOnHold},
		"paid in part":        {state: "processing", paid: "40", payment: catalog.PaymentPartiallyPaid, fulfillment: catalog.FulfillmentNone},
		"paid, sent in part":  {state: "processing", paid: "100", shipped: "1", payment: catalog.PaymentPaid, fulfillment: catalog.FulfillmentPartial},
		"sent":                {state: "complete", paid: "100", shipped: "2", payment: catalog.PaymentPaid, fulfillment: catalog.FulfillmentDone},
		"taken back in part":  {state: "complete", paid: "100", refunded: "50", shipped: "2", back: "1", payment: catalog.PaymentPartiallyRefunded, fulfillment: catalog.FulfillmentDone},
		"refunded, not sent":  {state: "closed", paid: "100", refunded: "100", back: "2", payment: catalog.PaymentRefunded, fulfillment: catalog.FulfillmentCancelled},
		"cancelled":           {state: "canceled", canceled: "2", payment: catalog.PaymentVoided, fulfillment: catalog.FulfillmentCancelled},
		"digital":             {state: "complete", paid: "100", digital: true, payment: catalog.PaymentPaid, fulfillment: catalog.FulfillmentNotNeeded},
		"more than was asked": {state: "processing", paid: "100.0001", payment: catalog.PaymentPaid, fulfillment: catalog.FulfillmentNone},
	} {
		o := magentotest.Order{State: c.state, Items: []magentotest.OrderItem{{ProductID: 1, SKU: "A", Ordered: "2", BasePrice: "50", Shipped: c.shipped, Refunded: c.back, Canceled: c.canceled}},
			Totals: magentotest.Totals{Subtotal: "100", Grand: "100", Paid: c.paid, Refunded: c.refunded}, Base: magentotest.Totals{Subtotal: "100", Grand: "100", Paid: c.paid, Refunded: c.refunded}}
		if o.Shipping = &to; c.digital {
			o.Shipping, o.Items[0].Type = nil, magentotest.TypeVirtual
		}
		added := server.AddOrder(o)
		got, err := engine.Order(t.Context(), id(added.ID))
		if err != nil || got.Payment != c.payment || got.Fulfillment != c.fulfillment {
			t.Errorf("%s: payment %s, fulfilment %s, %v; want %s, %s", name, got.Payment, got.Fulfillment, err, c.payment, c.fulfillment)
		}
		found := ids(t, engine.Orders(t.Context(), catalog.OrderQuery{Payment: []catalog.PaymentStatus{c.payment}, Fulfillment: []catalog.FulfillmentStatus{c.fulfillment}}), orderID)
		if !slices.Contains(found, id(added.ID)) {
			t.Errorf("%s: the filters do not find it", name)
		}
	}
}

// Guests have no customer, and an order of theirs may leave the name out.
func TestTrapGuestsAreNoCustomers(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 20, Orders: 40, Customers: 10})
	guests := 0
	for _, want := range server.Orders() {
		o, err := engine.Order(t.Context(), id(want.ID))
		if err != nil {
			t.Fatal(err)
		}
		if (o.Customer == nil) != (want.CustomerID == 0) || o.Email != want.CustomerEmail || o.BillingAddress == nil {
			t.Errorf("order %s: customer %+v, e-mail %s", o.ID, o.Customer, o.Email)
		}
		if o.Customer == nil {
			guests++
		}
	}
	if guests == 0 {
		t.Error("no guest ordered")
	}
}

// The list of an order's comments is empty, not absent, for an order that is
// not there; Magento lists the latest first.
func TestTrapTheHistoryOfAnUnknownOrder(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: -1, Orders: -1, Customers: -1})
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	o := server.AddOrder(magentotest.Order{History: []magentotest.Comment{
		{ID: 9, Status: "pending", Entity: "order", Notified: 1, CreatedAt: at},
		{ID: 10, Text: "packed", Status: "processing", Entity: "order", CreatedAt: at.Add(time.Hour)},
		{ID: 11, Text: "on its way", Entity: "order", Notified: 1, CreatedAt: at.Add(2 * time.Hour)},
		{ID: 12, Text: "thanks", Entity: "order", Visible: true, CreatedAt: at.Add(2 * time.Hour)}}})
	history := as[catalog.OrderHistoryReader](t, engine)
	type entry struct {
		kind, text, status string
		shopper            bool
	}
	var got []entry
	for h, err := range history.OrderHistory(t.Context(), id(o.ID)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, entry{h.Kind, h.Text, h.Status, h.ForShopper})
	}
	want := []entry{{"status", "", "pending", false}, {"note", "packed", "processing", false}, {"message", "on its way", "", true}, {"message", "thanks", "", true}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := catalog.Collect(history.OrderHistory(t.Context(), "404404")); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("an unknown order: %v", err)
	}
}

// Shipments and refunds are lists of their own: read once for a page of
// orders, whatever their number.
func TestTrapDocumentsAreReadByThePage(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 60, Orders: 90, Customers: 10})
	big := server.AddOrder(magentotest.Order{State: magentotest.StateProcessing, Items: []magentotest.OrderItem{{ID: 77, SKU: "A", Ordered: "150", Shipped: "140"}}})
	if err := server.UpdateOrder(big.ID, func(o *magentotest.Order) {
		for n := range int64(140) {
			o.Shipments = append(o.Shipments, magentotest.Shipment{ID: 900_000 + n, Items: []magentotest.DocumentItem{{ID: 910_000 + n, OrderItemID: 77, Qty: "1"}}})
		}
	}); err != nil {
		t.Fatal(err)
	}
	for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if want := server.Order(mustParse(t, o.ID)); len(o.Fulfillments) != len(want.Shipments) || len(o.Refunds) != len(want.CreditMemos) {
			t.Errorf("order %s: %d shipments, %d refunds; want %d, %d", o.ID, len(o.Fulfillments), len(o.Refunds), len(want.Shipments), len(want.CreditMemos))
		}
	}
	if n := len(server.Calls()); n > 6 {
		t.Errorf("%d calls", n)
	}
}
