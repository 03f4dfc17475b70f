package bigcommerce_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// Amounts are in the currency the order was settled in, whatever the store's
// default is and whatever the shopper was shown.
func TestTrapAmountsAreInDefaultCurrencyCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ settled, shown, store, shopper string }{
		"one currency":            {"SAR", "SAR", "SAR", "SAR"},
		"settled in another":      {"KWD", "KWD", "KWD", "KWD"},
		"merely shown in another": {"SAR", "EUR", "SAR", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, engine := quick(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: -1})
			o := server.AddOrder(bigcommercetest.Order{StatusID: 10, Currency: c.settled, DisplayCurrency: c.shown, ExchangeRate: "0.2450000000",
				Lines: []bigcommercetest.LineItem{{ID: 1, Name: "A", Type: "digital", Price: 12_3456, Quantity: 1}}})
			got := one(t, engine, o.ID)
			if got.Currency != c.settled || got.ShopperCurrency != c.shown || got.Total.Store.Currency() != c.store || got.Total.Shopper.Currency() != c.shopper ||
				got.LineItems[0].UnitPrice.Store != amount("12.3456", c.settled) {
				t.Errorf("currency %s, shopper's %s, total %+v", got.Currency, got.ShopperCurrency, got.Total)
			}
		})
	}
}

// What an order says was refunded is always 0: the refunds are in V3, for a
// page of orders at once.
func TestRefundsComeFromV3(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 30, Orders: 300, Customers: 10})
	refunded := 0
	for _, o := range collect(t, engine.Orders(t.Context(), catalog.OrderQuery{})) {
		want := server.Order(mustInt(t, o.ID)).Refunds
		if len(o.Refunds) != len(want) {
			t.Errorf("order %s has %d refunds, want %d", o.ID, len(o.Refunds), len(want))
		}
		if len(want) > 0 {
			refunded++
			if o.Refunded.Store.IsZero() || o.Refunds[0].Total.Store.Currency() != o.Currency {
				t.Errorf("order %s: %+v", o.ID, o.Refunded)
			}
		}
	}
	if n := calls(server, "/payment_actions/refunds"); refunded < 20 || n != 2 {
		t.Errorf("%d refunded orders, %d calls", refunded, n)
	}
}

// A refund that a new one pushes onto the next page counts once.
func TestRefundsThatComeTwice(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	order := server.AddOrder(bigcommercetest.Order{StatusID: 14})
	refund := func(n int) string {
		return `{"id":` + strconv.Itoa(n) + `,"order_id":` + id(order.ID) + `,"total_amount":10.50}`
	}
	for page, rows := range []string{refund(1) + "," + refund(2), refund(2) + "," + refund(3)} {
		server.Inject(answered(200, `{"data":[`+rows+`],"meta":{"pagination":{"current_page":`+strconv.Itoa(page+1)+`,"total_pages":2}}}`).On("GET", "/v3/orders/payment_actions/refunds"))
	}
	if got := one(t, engine, order.ID); len(got.Refunds) != 3 || got.Refunded.Store != amount("31.50", "SAR") {
		t.Errorf("%d refunds of %s", len(got.Refunds), got.Refunded.Store)
	}
}

// Where prices have tax in them, all of an order's do.
func TestPricesWithTax(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	o := server.AddOrder(bigcommercetest.Order{StatusID: 11, Shipping: []bigcommercetest.OrderAddress{{ID: 7, Cost: 10_0000, ShippingMethod: "Flat"}},
		Lines: []bigcommercetest.LineItem{{ID: 1, AddressID: 7, Type: "physical", Price: 100_0000, Quantity: 2, Discount: 30_0000}}})
	server.Inject(bigcommercetest.Replaced("is_tax_inclusive_pricing", "true").On(http.MethodGet, "/v2/orders/*"))
	got := one(t, engine, o.ID)
	l := got.LineItems[0]
	for name, pair := range map[string][2]string{
		"subtotal": {got.Subtotal.Store.Amount(), "230.0000"}, "shipping": {got.Shipping.Store.Amount(), "11.5000"}, "unit price": {l.UnitPrice.Store.Amount(), "115"},
		"line": {l.Total.Store.Amount(), "200"}, "way": {got.ShippingLines[0].Price.Store.Amount(), "11.5"},
	} {
		if pair[0] != pair[1] || !got.TaxesIncluded {
			t.Errorf("%s: %s, want %s", name, pair[0], pair[1])
		}
	}
}
