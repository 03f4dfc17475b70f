package bigcommerce_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// calls counts the calls to paths that end so.
func calls(server *bigcommercetest.Server, suffix string) (n int) {
	for _, c := range server.Calls() {
		if strings.HasSuffix(c.Path, suffix) {
			n++
		}
	}
	return n
}

// manyLines is an order of so many lines to one address.
func manyLines(n int) bigcommercetest.Order {
	o := bigcommercetest.Order{StatusID: 11, Shipping: []bigcommercetest.OrderAddress{{ID: 77, City: "Riyadh"}}}
	for i := range n {
		o.Lines = append(o.Lines, bigcommercetest.LineItem{ID: int64(5000 - i), AddressID: 77, Name: "Line " + strconv.Itoa(i), Type: "physical", Price: 100, Quantity: 1 + i%3})
	}
	return o
}

// A consignment shows fifty lines at most: an order of more is asked for its
// lines, until a page is empty; an order of fifty is not.
func TestTrapConsignmentsAreCutAtFifty(t *testing.T) {
	t.Parallel()
	for n, extra := range map[int]int{49: 0, 50: 0, 51: 2, 250: 2, 600: 4} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			server, engine := quick(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: -1})
			order := server.AddOrder(manyLines(n))
			for name, got := range map[string]catalog.Order{"the list": collect(t, engine.Orders(t.Context(), catalog.OrderQuery{}))[0], "one": one(t, engine, order.ID)} {
				ids := mapped(got.LineItems, func(l catalog.LineItem) string { return l.ID })
				if len(ids) != n || !slices.IsSorted(ids) || len(slices.Compact(ids)) != n || len(got.Problems) > 0 {
					t.Errorf("%s: %d lines, problems %v", name, len(ids), got.Problems)
				}
				if want := min(extra, 1) * n; len(got.More) != want {
					t.Errorf("%s: %d parts in More, want %d", name, len(got.More), want)
				}
			}
			if got := calls(server, "/products"); got != 2*extra {
				t.Errorf("%d calls for lines, want %d", got, 2*extra)
			}
		})
	}
}

func one(t *testing.T, engine catalog.Engine, order int64) catalog.Order {
	t.Helper()
	o, err := engine.Order(t.Context(), id(order))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Where the consignments are missing, cut without a warning, or in an older
// form, the order reads the same.
func TestConsignmentsThatDoNotSuffice(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 30, Orders: 60, Customers: 10})
	i := slices.IndexFunc(server.Orders(), func(o *bigcommercetest.Order) bool {
		return len(o.Lines) > 2 && len(o.Shipping) == 2 && o.StatusID != 0
	})
	number := server.Orders()[i].ID
	want := one(t, engine, number)
	want.Record = catalog.Record{}
	for name, raw := range map[string][2]string{
		"a link":               {"consignments", `{"url":"https://api.bigcommerce.com/x","resource":"/orders/1/consignments"}`},
		"a list":               {"consignments", `[{"id":1}]`},
		"nothing":              {"consignments", `null`},
		"lines that are links": {"consignments.shipping.0.line_items", `[{"url":"https://api.bigcommerce.com/x","resource":"/orders/1/products/2"}]`},
		"a line too few":       {"consignments.shipping.1.line_items", `[]`},
	} {
		server.Inject(bigcommercetest.Replaced(raw[0], raw[1]).On("GET", "/v2/orders/*"))
		got := one(t, engine, number)
		if len(got.Problems) > 0 {
			t.Errorf("%s: %v", name, got.Problems)
		}
		got.Record = catalog.Record{}
		// As texts amounts have four places.
		same := cmp.Comparer(func(a, b catalog.Money) bool { return a.Equal(b) })
		if diff := cmp.Diff(want, got, same); diff != "" {
			t.Errorf("%s (-whole +read):\n%s", name, diff)
		}
	}
}

func mustInt(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Incomplete orders are checkouts nobody finished, archived ones are
// BigCommerce's deleted ones: whether its own list has them or not, ours has
// neither, and Order reads both.
func TestIncompleteAndArchivedOrders(t *testing.T) {
	t.Parallel()
	for _, omitted := range []bool{false, true} {
		server, engine := quick(t, bigcommercetest.Config{Products: 10, Orders: 60, Customers: 10, OmitIncomplete: omitted, OmitArchived: omitted})
		var want []string
		for _, o := range server.Orders() {
			if o.StatusID != 0 && !o.Deleted {
				want = append(want, id(o.ID))
			}
		}
		if got := mapped(collect(t, engine.Orders(t.Context(), catalog.OrderQuery{})), func(o catalog.Order) string { return o.ID }); !slices.Equal(got, want) {
			t.Errorf("left out by the server: %v; %d orders, want %d", omitted, len(got), len(want))
		}
		incomplete := one(t, engine, server.Orders()[0].ID)
		if incomplete.Status != catalog.OrderPending || incomplete.NativeStatus != "Incomplete" {
			t.Errorf("an incomplete order is %s (%s)", incomplete.Status, incomplete.NativeStatus)
		}
		for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{Status: []catalog.OrderStatus{catalog.OrderPending}}) {
			if err != nil || o.NativeStatus == "Incomplete" {
				t.Errorf("the pending ones hold order %s (%s), %v", o.ID, o.NativeStatus, err)
			}
		}
	}
}

// Statuses are told by their ids: the labels are the merchant's.
func TestStatusesAreToldByID(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	o := server.AddOrder(bigcommercetest.Order{StatusID: 11})
	server.Inject(bigcommercetest.Fault{Replace: map[string]string{"status": `"On Hold"`, "custom_status": `"جديد"`}}.On("GET", "/v2/orders/*"))
	if got := one(t, engine, o.ID); got.Status != catalog.OrderOpen || got.NativeStatus != "Awaiting Fulfillment" || len(got.Problems) > 0 {
		t.Errorf("%s (%s), %v", got.Status, got.NativeStatus, got.Problems)
	}
	server.Inject(bigcommercetest.Replaced("status_id", "99").On("GET", "/v2/orders/*"))
	if got := one(t, engine, o.ID); got.Status != catalog.OrderStatusUnknown || len(got.Problems) != 1 || got.Problems[0].Value != "99" {
		t.Errorf("%s, %v", got.Status, got.Problems)
	}
}

// One status can be asked for, several are chosen here.
func TestFiltersOfOrdersThatBigCommerceHas(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 10, Orders: 60, Customers: 10})
	for want, q := range map[string]catalog.OrderQuery{
		"status_id=5":   {Status: []catalog.OrderStatus{catalog.OrderCancelled}},
		"customer_id=3": {CustomerID: "3"},
	} {
		got := collect(t, engine.Orders(t.Context(), q))
		query := ""
		for _, c := range server.Calls() {
			if strings.HasSuffix(c.Path, "/v2/orders") {
				query = c.Query
			}
		}
		if !strings.Contains(query, want) || len(got) == 0 {
			t.Errorf("%s: asked for %s, got %d", want, query, len(got))
		}
	}
}

// Shipments cost a call each, so lists have them only when asked to.
func TestShipmentsInLists(t *testing.T) {
	t.Parallel()
	server, plain := quick(t, bigcommercetest.Config{Products: 10, Orders: 60, Customers: 10})
	shipped := 0
	for o, err := range plain.Orders(t.Context(), catalog.OrderQuery{}) {
		if err != nil || len(o.Fulfillments) > 0 {
			t.Fatalf("%d shipments, %v", len(o.Fulfillments), err)
		}
		shipped += min(1, len(server.Order(mustInt(t, o.ID)).Shipments))
	}
	if n := calls(server, "/shipments"); n > 0 {
		t.Errorf("%d calls for shipments", n)
	}
	engine := openStore(t, newAdapter(t, server, bigcommerce.Config{ListShipments: true}), server.Store)
	for _, o := range collect(t, engine.Orders(t.Context(), catalog.OrderQuery{})) {
		if want := server.Order(mustInt(t, o.ID)).Shipments; len(o.Fulfillments) != len(want) {
			t.Errorf("order %s has %d shipments, want %d", o.ID, len(o.Fulfillments), len(want))
		}
	}
	if n := calls(server, "/shipments"); n != shipped {
		t.Errorf("%d calls for %d orders with shipments", n, shipped)
	}
}

// An order that is deleted while its parts are read is left out of the list,
// and is not found when it is read alone.
func TestOrderGoneWhileItIsRead(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	server.AddOrder(bigcommercetest.Order{StatusID: 11})
	gone := server.AddOrder(manyLines(51))
	server.AddOrder(bigcommercetest.Order{StatusID: 11})
	server.Inject(bigcommercetest.NotFoundEmpty().On("GET", "/v2/orders/*/products").Repeat(2))
	if got := collect(t, engine.Orders(t.Context(), catalog.OrderQuery{})); len(got) != 2 {
		t.Errorf("%d orders, want the other two", len(got))
	}
	if _, err := engine.Order(t.Context(), id(gone.ID)); catalog.KindOf(err) != catalog.ErrNotFound {
		t.Errorf("%v", err)
	}
}

// Goods that are collected, downloaded or sent by e-mail are lines too.
func TestLinesThatAreNotShipped(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 30, Orders: 80, Customers: 10})
	kinds := map[string]int{}
	for _, o := range collect(t, engine.Orders(t.Context(), catalog.OrderQuery{})) {
		of := server.Order(mustInt(t, o.ID))
		if len(o.LineItems) != len(of.Lines) {
			t.Errorf("order %s has %d lines, want %d", o.ID, len(o.LineItems), len(of.Lines))
		}
		for i, l := range o.LineItems {
			kinds[of.Lines[i].Type]++
			if l.GiftCard != (of.Lines[i].Type == "giftcertificate") || l.RequiresShipping != (of.Lines[i].Type == "physical") || (l.Unfulfilled != nil) != l.RequiresShipping {
				t.Errorf("order %s: %+v", o.ID, l)
			}
		}
		if of.Pickup {
			kinds["pickup"]++
			if o.ShippingAddress != nil || len(o.ShippingLines) != 1 || o.ShippingLines[0].Title != "استلام من الفرع" {
				t.Errorf("order %s is collected: %+v", o.ID, o.ShippingLines)
			}
		}
	}
	for _, kind := range []string{"physical", "digital", "giftcertificate", "pickup"} {
		if kinds[kind] == 0 {
			t.Errorf("no line is %s", kind)
		}
	}
}
