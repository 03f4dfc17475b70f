package sallatest

import (
	"fmt"
	"strings"
	"testing"
)

// ship sends a shipment of so many pieces of the order's first line.
func ship(t testing.TB, s *Server, o *Order, pieces int, more string) int64 {
	t.Helper()
	body := put(t, s, "POST", "/shipments", shipBody(o, pieces, more), 200)
	if !strings.Contains(body, `"status":"creating"`) {
		t.Errorf("made %s", body)
	}
	return decode[struct{ Data struct{ ID int64 } }](t, reply{body: body}).Data.ID
}

func shipBody(o *Order, pieces int, more string) string {
	return fmt.Sprintf(`{"order_id":%d,"courier_id":%d,"shipment_type":"shipment","payment_method":"pre_paid",%s"packages":[{"name":%q,"sku":%q,"quantity":%d,"external_id":"p-1"}]}`,
		o.ID, couriers[0].ID, more, o.Items[0].Name, o.Items[0].SKU, pieces)
}

func TestShippingInParts(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddOpenOrder()
	var first int64
	counts(t, s, "the same shipment twice, and more than was ordered", 3, func() {
		first = ship(t, s, o, 2, `"external_id":"mine-1","external_company_name":"DHL",`)
		ship(t, s, o, 2, `"external_id":"mine-1",`)
		ship(t, s, o, 40, "")
	})
	got := s.Order(o.ID).Shipments
	if len(got) != 3 || got[0].ID != first || got[0].ExternalID != "mine-1" || got[2].Packages[0].Quantity != 40 || got[0].Packages[0].ItemID != o.Items[0].ID {
		t.Fatalf("shipments %+v", got)
	}
	path := "/shipments/" + itoa64(first)
	details := put(t, s, "GET", path, "", 200)
	for _, want := range []string{
		`"external_id":"mine-1"`, `"external_company_name":"DHL"`, `"quantity":2`, `"item_id":` + itoa64(o.Items[0].ID), `"source":"api"`, `"external_id":"p-1"`,
	} {
		if !strings.Contains(details, want) {
			t.Errorf("no %s in %s", want, details)
		}
	}
	track := `{"shipment_number":"N1","status":"in_transit","tracking_number":"T1","tracking_link":"https://t.example/T1","external_company_name":"SMSA","cost":12.5}`
	counts(t, s, "tracking sent twice", 1, func() {
		put(t, s, "PUT", path, track, 200)
		put(t, s, "PUT", path, track, 200)
	})
	counts(t, s, "tracking that changes the number alone", 1, func() {
		put(t, s, "PUT", path, `{"shipment_number":"N1","status":"in_transit","tracking_number":"T2"}`, 200)
	})
	if sh := s.Order(o.ID).Shipments[0]; sh.TrackingNumber != "T2" || sh.TrackingLink != "https://t.example/T1" || sh.ExternalCompany != "SMSA" || len(sh.History) != 2 {
		t.Errorf("tracked %+v", sh)
	}
	counts(t, s, "cancelling a shipment twice", 1, func() {
		put(t, s, "POST", path+"/cancel", "", 200)
		put(t, s, "POST", path+"/cancel", "", 200)
	})
	if n := len(walk(t, s, "/shipments?order_id="+itoa64(o.ID))); n != 3 {
		t.Errorf("%d shipments are listed", n)
	}
	counts(t, s, "one in the place of those that wait", 1, func() { ship(t, s, o, 1, `"overwrite_exists_pending":true,`) })
	if got := s.Order(o.ID).Shipments; len(got) != 2 || got[0].ID != first || got[1].Packages[0].Quantity != 1 {
		t.Errorf("after the overwriting: %+v", got)
	}
	for range 12 {
		last := ship(t, s, o, 1, "")
		put(t, s, "GET", "/shipments/"+itoa64(last)+"/tracking", "", 200)
	}
}

func TestCourierTakesAShipment(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddOpenOrder()
	body := strings.Replace(shipBody(o, 1, ""), itoa64(couriers[0].ID), itoa64(couriers[2].ID), 1)
	counts(t, s, "a shipment by a courier with an app", 1, func() { put(t, s, "POST", "/shipments", body, 200) })
	if sh := s.Order(o.ID).Shipments[0]; sh.Status != "created" || sh.ShippingNumber == "0" {
		t.Errorf("taken as %+v", sh)
	}
	put(t, s, "POST", "/shipments", body, 200)
	sh := s.Order(o.ID).Shipments[1]
	put(t, s, "PUT", "/shipments/"+itoa64(sh.ID), `{"shipment_number":"mine","status":"shipped"}`, 200)
	if s.FinishQueued(); s.Order(o.ID).Shipments[1].ShippingNumber != "mine" {
		t.Error("the courier's app undoes what was written meanwhile")
	}
}

func TestReturns(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddOpenOrder()
	path := "/shipments/" + itoa64(ship(t, s, o, 3, ""))
	put(t, s, "POST", path+"/return", "", 422)
	put(t, s, "PUT", path, `{"shipment_number":"N","status":"delivered"}`, 200)
	counts(t, s, "a return asked for twice", 2, func() {
		if body := put(t, s, "POST", path+"/return", "", 200); !strings.Contains(body, `"type":"return"`) || !strings.Contains(body, `"status":"creating"`) {
			t.Error(body)
		}
		put(t, s, "POST", path+"/return", "", 200)
	})
}

func TestShipmentsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 60, Orders: 60, Customers: 10})
	o := s.AddOpenOrder()
	shipped := ship(t, s, o, 1, "")
	path := "/shipments/" + itoa64(shipped)
	put(t, s, "PUT", path, `{"shipment_number":"N","status":"shipped"}`, 200)
	good := shipBody(o, 1, "")
	without := func(part, with string) string { return strings.Replace(good, part, with, 1) }
	refuseAll(t, s, []refusal{
		{"nothing", "POST", "/shipments", `{}`, 422, `"courier_id":["حقل رقم الشركة مطلوب."]`},
		{"an unknown order", "POST", "/shipments", without(itoa64(o.ID), "7"), 422, `"order_id"`},
		{"an unknown courier", "POST", "/shipments", without(itoa64(couriers[0].ID), "7"), 422, `"courier_id"`},
		{"another type", "POST", "/shipments", without(`"shipment_type":"shipment"`, `"shipment_type":"parcel"`), 422, `"shipment_type"`},
		{"another way to pay", "POST", "/shipments", without("pre_paid", "mada"), 422, `"payment_method"`},
		{"a return of nothing", "POST", "/shipments", without(`"shipment_type":"shipment"`, `"shipment_type":"return"`), 422, `"shipment_id"`},
		{"no packages", "POST", "/shipments", good[:strings.Index(good, `"packages"`)] + `"packages":[]}`, 422, `"packages"`},
		{"none of a package", "POST", "/shipments", without(`"quantity":1`, `"quantity":0`), 422, `"packages.0.quantity"`},
		{"tracking without its number", "PUT", path, `{"status":"shipped","tracking_number":"T"}`, 422, `"shipment_number"`},
		{"tracking without its status", "PUT", path, `{"shipment_number":"N"}`, 422, `"status":["حقل الحالة مطلوب."]`},
		{"back to creating", "PUT", path, `{"shipment_number":"N","status":"creating"}`, 422, `"status"`},
		{"back to created", "PUT", path, `{"shipment_number":"N","status":"created"}`, 422, `"status"`},
		{"canceled with one l", "PUT", path, `{"shipment_number":"N","status":"canceled"}`, 422, `"status"`},
		{"a link that is too long", "PUT", path, `{"shipment_number":"N","status":"shipped","tracking_link":"https://` + strings.Repeat("x", 300) + `"}`, 422, `"tracking_link"`},
		{"a negative cost", "PUT", path, `{"shipment_number":"N","status":"shipped","cost":-1}`, 422, `"cost"`},
		{"an unknown shipment", "PUT", "/shipments/7", `{"shipment_number":"N","status":"shipped"}`, 404, ""},
		{"cancelling an unknown one", "POST", "/shipments/7/cancel", "", 404, ""},
		{"a return before the delivery", "POST", path + "/return", "", 422, ""},
	})
}
