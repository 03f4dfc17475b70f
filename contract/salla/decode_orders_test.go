package salla_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
)

const order = `
	ID {id}
	Number {reference_id}
	Status completed
	NativeStatus {status.slug}
	Payment paid
	Currency {currency}
	Source {source}
	PaymentMethods.0 {payment_method}
	Subtotal.Store {amounts.sub_total}
	Shipping.Store {amounts.shipping_cost}
	Tax.Store {amounts.tax.amount}
	Discount.Store {amounts.discounts.0.discount} {amounts.discounts.0.currency}
	Total.Store {amounts.total}
	Customer.ID {customer.id}
	Customer.Name {customer.first_name} {customer.last_name}
	Customer.Email {customer.email}
	Customer.Phone {customer.mobile_code}{customer.mobile}
	Email {receiver.email}
	Phone {receiver.phone}
	CreatedAt {@date}
	UpdatedAt {@updated_at}
`

const line = `
	LineItems.0.ID {data.0.id}
	LineItems.0.Title {data.0.name}
	LineItems.0.Quantity {data.0.quantity}
	LineItems.0.UnitPrice.Store {data.0.amounts.price_without_tax}
	LineItems.0.Discount.Store {data.0.amounts.total_discount}
	LineItems.0.Tax.Store {data.0.amounts.tax.amount}
	LineItems.0.Total.Store {data.0.amounts.total}
`

// orderPart is an answer an order is completed with.
type orderPart struct {
	file, answer, path string
	kind               catalog.RawKind // of its records in More
	wrap               bool            // a single record, put into a list
	want               string          // what it adds to the order
	problems           []string
}

var orderParts = []orderPart{
	{file: "list-order-items", answer: "Success | with Options", path: "/orders/items", kind: "salla.order.item", want: line + `
		LineItems.0.SKU {data.0.sku}
		LineItems.0.Variant {data.0.options.0.value.name}
		LineItems.0.Attributes.0.Name {data.0.options.0.name}
		LineItems.0.Attributes.0.Value {data.0.options.0.value.name}
		LineItems.0.RequiresShipping true
	`},
	// Codes are not shipped.
	{file: "list-order-items", answer: "Success | with Codes", path: "/orders/items", kind: "salla.order.item", want: line},
	// The answer to a change, the only parcel there is a sample of. Its number
	// "0" is none, and its status is the order's, which is no parcel's.
	{file: "update-shipment-details", path: "/shipments", kind: "salla.shipment", wrap: true, problems: []string{"shipments.0.status"}, want: `
		Fulfillments.0.ID {data.0.id}
		Fulfillments.0.Name {data.0.shipping_number}
		Fulfillments.0.Status unknown
		Fulfillments.0.NativeStatus {data.0.status.slug}
		Fulfillments.0.LocationID {data.0.ship_from.branch_id}
		Fulfillments.0.Tracking.0.Company {data.0.external_company_name}
		Fulfillments.0.Tracking.0.URL {data.0.tracking_link}
		Fulfillments.0.Lines.0.LineItemID {data.0.packages.0.item_id}
		Fulfillments.0.Lines.0.Quantity {data.0.packages.0.quantity}
		Fulfillments.0.Lines.1.LineItemID {data.0.packages.1.item_id}
		Fulfillments.0.Lines.1.Quantity {data.0.packages.1.quantity}
		Fulfillments.0.CreatedAt {@data.0.created_at}
		ShippingAddress.Name {data.0.ship_to.name}
		ShippingAddress.Line1 {data.0.ship_to.address_line}
		ShippingAddress.Line2 {data.0.ship_to.street_number} {data.0.ship_to.block}
		ShippingAddress.City {data.0.ship_to.city}
		ShippingAddress.PostalCode {data.0.ship_to.postal_code}
		ShippingAddress.Country {data.0.ship_to.country}
		ShippingAddress.Phone {data.0.ship_to.phone}
	`},
}

// TestOrderSamplesAreDecoded reads the sample of an order by itself and
// completed with each of its parts.
func TestOrderSamplesAreDecoded(t *testing.T) {
	t.Parallel()
	all := samples(t)
	body := all["_order-details-light"].answers(t, "200")[""]
	raw := records(t, body)[0]
	id := parse(t, raw).text(t, "id")
	for _, part := range append([]orderPart{{}}, orderParts...) {
		t.Run(strings.TrimSpace("_order-details-light "+part.file+" "+part.answer), func(t *testing.T) {
			answers := script{"/orders/" + id: body, "/orders/items": envelope("[]"), "/shipments": envelope("[]")}
			want := expected(t, parse(t, raw), order)
			var rows []json.RawMessage
			if part.file != "" {
				answer := all[part.file].answers(t, "200")[part.answer]
				if part.wrap {
					answer = envelope("[" + string(records(t, answer)[0]) + "]")
				}
				answers[part.path] = answer
				rows = records(t, answer)
				maps.Copy(want, expected(t, parse(t, answer), part.want))
			}
			got, err := open(t, answers, "a token").Order(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			for _, wrong := range differences(want, filled(got)) {
				t.Error(wrong)
			}
			if !bytes.Equal(got.Raw, raw) || !slices.Equal(problemsOf(got.Record), part.problems) {
				t.Errorf("Raw equal %t, problems %v", bytes.Equal(got.Raw, raw), got.Problems)
			}
			if len(got.More) != len(rows) {
				t.Fatalf("%d parts, want %d", len(got.More), len(rows))
			}
			for i, p := range got.More {
				if p.Kind != part.kind || !bytes.Equal(p.Raw, rows[i]) {
					t.Errorf("part %d, a %s, is not the sample's bytes", i, p.Kind)
				}
			}
		})
	}
}

// TestOrderRowsAreKept reads the list. Its orders are completed with the
// details of another sample under their id.
func TestOrderRowsAreKept(t *testing.T) {
	t.Parallel()
	all := samples(t)
	list := all["_list-orders"].answers(t, "200")[""]
	rows, light := records(t, list), all["_order-details-light"].answers(t, "200")[""]
	lightID := `"id": ` + parse(t, light).text(t, "data.id")
	answers := script{"/orders": list, "/orders/items": envelope("[]"), "/shipments": envelope("[]")}
	details := map[string]json.RawMessage{}
	for _, row := range rows {
		id := parse(t, row).text(t, "id")
		if bytes.Count(light, []byte(lightID)) != 1 {
			t.Fatal("the sample's id is not where it was")
		}
		body := bytes.Replace(light, []byte(lightID), []byte(`"id": `+id), 1)
		answers["/orders/"+id], details[id] = body, records(t, body)[0]
	}
	got, err := catalog.Collect(open(t, answers, "a token").Orders(t.Context(), catalog.OrderQuery{}))
	if err != nil || len(got) != len(rows) {
		t.Fatalf("%d orders of %d, %v", len(got), len(rows), err)
	}
	for i, o := range got {
		want := expected(t, parse(t, details[o.ID]), order)
		if i == 0 { // only the row tells the shopper's currency
			maps.Copy(want, expected(t, parse(t, rows[i]), "ShopperCurrency {exchange_rate.exchange_currency}"))
		}
		for _, wrong := range differences(want, filled(o)) {
			t.Errorf("order %d: %s", i, wrong)
		}
		if !bytes.Equal(o.Raw, details[o.ID]) || len(o.Problems) != 0 {
			t.Errorf("order %d: Raw is not the details, or problems %v", i, o.Problems)
		}
		if len(o.More) != 1 || o.More[0].Kind != "salla.order.row" || !bytes.Equal(o.More[0].Raw, rows[i]) {
			t.Errorf("order %d: the row is not kept", i)
		}
	}
}

// TestStatusSamples gives an order each status the samples list, without its
// slug, by the id alone.
func TestStatusSamples(t *testing.T) {
	t.Parallel()
	all := samples(t)
	for _, file := range []string{"list-order-statuses", "order-status-details"} {
		for name, body := range all[file].answers(t, "200") {
			t.Run(file+" "+name, func(t *testing.T) {
				rows := records(t, body)
				table := body
				if file == "order-status-details" {
					table = envelope("[" + string(rows[0]) + "]")
				}
				for _, row := range rows {
					id, slug := parse(t, row).text(t, "id"), parse(t, row).text(t, "slug")
					got, err := open(t, script{"/orders/statuses": table, "/orders/items": envelope("[]"), "/shipments": envelope("[]"),
						"/orders/1": envelope(`{"id":1,"amounts":{},"updated_at":"2024-02-15 11:23:05","status":{"id":` + id + `}}`),
					}, "a token").Order(t.Context(), "1")
					if err != nil || got.NativeStatus != slug || got.Status == catalog.OrderStatusUnknown || got.Status == "" || len(got.Problems) != 0 {
						t.Errorf("%s is %s %s, want %s, %v %v", id, got.Status, got.NativeStatus, slug, got.Problems, err)
					}
				}
			})
		}
	}
}
