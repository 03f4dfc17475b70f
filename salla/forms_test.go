package salla_test

import (
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla/sallatest"
)

// A customer read alone may bring how many orders there were; a list does not.
func TestOrdersOfACustomer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stats    string
		orders   int64 // negative for none
		problems int
	}{
		"told":   {`{"orders_count":5,"orders_amount":720.91}`, 5, 0},
		"none":   {`{"orders_count":0}`, 0, 0},
		"absent": {`[]`, -1, 0},
		"null":   {`{"orders_count":null}`, -1, 0},
		"odd":    {`{"orders_count":"many"}`, -1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, engine := quick(t, sallatest.Config{Products: -1, Orders: -1, Customers: 1})
			server.Inject(answered(200, `{"status":200,"success":true,"data":{"id":7,"currency":"SAR","stats":`+c.stats+`}}`).On("GET", "/customers/7"))
			got, err := engine.Customer(t.Context(), "7")
			if err != nil {
				t.Fatal(err)
			}
			orders := int64(-1)
			if got.Orders != nil {
				orders = *got.Orders
			}
			if orders != c.orders || len(got.Problems) != c.problems || !got.Spent.IsZero() {
				t.Errorf("%d orders, spent %s, problems %v", orders, got.Spent, got.Problems)
			}
		})
	}
}

// The carrier is a name in most answers and an object in some.
func TestCarrierOfAParcel(t *testing.T) {
	t.Parallel()
	for name, carrier := range map[string]string{
		"a name":    `"courier_name":"Falcon"`,
		"an object": `"courier":{"id":814202285,"name":"Falcon","logo":"https://cdn.example.com/f.png"}`,
		"both":      `"courier_name":"Falcon","courier":{"id":1,"name":"Another"}`,
		"empty":     `"courier_name":"Falcon","courier":[]`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, engine := quick(t, sallatest.Config{Products: 1, Orders: 1, Customers: 1})
			number := id(server.Orders()[0].ID)
			server.Inject(answered(200, `{"status":200,"success":true,"data":{"id":`+number+`,"amounts":{},"updated_at":"2024-02-15 11:23:05"}}`).
				On("GET", "/orders/"+number))
			server.Inject(answered(200, `{"status":200,"success":true,"data":[{"id":9,"status":"created","tracking_number":"T1",`+carrier+`}]}`).
				On("GET", "/shipments"))
			order, err := engine.Order(t.Context(), number)
			if err != nil || len(order.Problems) != 0 || len(order.Fulfillments) != 1 {
				t.Fatalf("%+v, %v", order, err)
			}
			if got, want := order.Fulfillments[0].Tracking, (catalog.Tracking{Company: "Falcon", Number: "T1"}); len(got) != 1 || got[0] != want {
				t.Errorf("tracking %+v, want %+v", got, want)
			}
		})
	}
}
