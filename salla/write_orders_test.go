package salla_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla/sallatest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestOrderFromNoteToDelivery takes one order through everything.
func TestOrderFromNoteToDelivery(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	ctx := t.Context()
	truth := server.AddOpenOrder()
	o := id(truth.ID)
	must(t, e.AddOrderNote(ctx, o, catalog.NoteInput{Text: "Ring twice"}, noOptions))
	first := id(truth.Items[0].ID)
	shipped, err := e.Fulfill(ctx, o, catalog.FulfillRequest{Lines: []catalog.FulfillmentLine{{LineItemID: first, Quantity: whole(2)}},
		Tracking: []catalog.Tracking{{Company: "Naqel", Number: "1Z", URL: "https://example.com/1Z"}}}, noOptions)
	must(t, err)
	if len(shipped) != 1 || shipped[0].Tracking[0] != (catalog.Tracking{Company: "Naqel", Number: "1Z", URL: "https://example.com/1Z"}) || len(shipped[0].Lines) != 1 || shipped[0].Status != catalog.FulfillmentDone {
		t.Errorf("%+v", shipped)
	}
	must(t, e.UpdateTracking(ctx, o, shipped[0].ID, []catalog.Tracking{{Number: "2Z"}}, false, noOptions))
	order, err := e.Order(ctx, o)
	must(t, err)
	if f := order.Fulfillments[0]; f.Tracking[0] != (catalog.Tracking{Company: "Naqel", Number: "2Z", URL: "https://example.com/1Z"}) || f.Status != catalog.FulfillmentDone {
		t.Errorf("what was not named did not stay: %+v", f)
	}
	rest, err := e.Fulfill(ctx, o, catalog.FulfillRequest{}, noOptions)
	must(t, err)
	if len(rest) != 1 || len(rest[0].Lines) != 2 {
		t.Errorf("of the rest %+v", rest)
	}
	if order, err = e.Order(ctx, o); err != nil || order.Fulfillment != catalog.FulfillmentDone {
		t.Errorf("the order is %s, %v", order.Fulfillment, err)
	}
	if _, err = e.Fulfill(ctx, o, catalog.FulfillRequest{}, noOptions); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("shipping what is shipped: %v", err)
	}
	history, err := catalog.Collect(e.OrderHistory(ctx, o))
	if err != nil || len(history) == 0 || history[0].Text != "Ring twice" {
		t.Errorf("%+v, %v", history, err)
	}
}

// TestCancelledGoodsGoBackOnce: cancelling twice would put them back twice.
func TestCancelledGoodsGoBackOnce(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	for _, restock := range []bool{false, true} {
		o := server.AddOpenOrder()
		before := total(server)
		if err := e.CancelOrder(t.Context(), id(o.ID), catalog.CancelRequest{Restock: restock, Note: "changed his mind"}, noOptions); err != nil {
			t.Fatal(err)
		}
		if err := e.CancelOrder(t.Context(), id(o.ID), catalog.CancelRequest{Restock: restock}, noOptions); !errors.Is(err, catalog.ErrConflict) {
			t.Errorf("a second time: %v", err)
		}
		server.FinishQueued()
		if back := total(server) - before; back != map[bool]int{false: 0, true: 4}[restock] {
			t.Errorf("restock %t: %d pieces went back", restock, back)
		}
		if now := server.Order(o.ID); now.Status.Slug != "canceled" || now.Histories[0].Note != "changed his mind" {
			t.Errorf("%+v", now.Status)
		}
	}
	if err := e.CancelOrder(t.Context(), "4711", catalog.CancelRequest{}, noOptions); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("an unknown order: %v", err)
	}
}

func total(s *sallatest.Server) (n int) {
	for _, q := range s.Quantities() {
		n += q.Quantity
	}
	return n
}

// TestAStatusThatCannotBeLeftIsAConflict: the request was right.
func TestAStatusThatCannotBeLeftIsAConflict(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	o := server.AddOpenOrder()
	server.Inject(sallatest.Invalid(map[string][]string{"slug": {"no"}}).On("POST", "/orders/*/status"))
	if err := e.CancelOrder(t.Context(), id(o.ID), catalog.CancelRequest{}, noOptions); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("got %v", err)
	}
}

// TestAShipmentHalfMadeIsNeverMadeAgain: making it and marking it as shipped
// are two calls.
func TestAShipmentHalfMadeIsNeverMadeAgain(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sallatest.Fault{
		"the mark is refused":     sallatest.Invalid(map[string][]string{"tracking_number": {"no"}}).On("PUT", "/shipments/*"),
		"the mark is lost":        sallatest.Disconnect(sallatest.CutUnread).On("PUT", "/shipments/*"),
		"the shipment is unheard": sallatest.Disconnect(sallatest.CutBefore).On("POST", "/shipments"),
		"the shipment is garbled": {Method: "POST", Path: "/shipments", Replace: map[string]string{"data.id": "null"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, sallatest.Config{})
			o := id(server.AddOpenOrder().ID)
			server.Inject(fault)
			tracking := []catalog.Tracking{{Company: "Naqel", Number: "1Z"}}
			made, err := e.Fulfill(t.Context(), o, catalog.FulfillRequest{Tracking: tracking}, noOptions)
			if !errors.Is(err, catalog.ErrOutcomeUnknown) || confirm(t, err) != catalog.OutcomeUnknown {
				t.Fatalf("got %v", err)
			}
			if strings.HasPrefix(name, "the mark") && (len(made) != 1 || !strings.Contains(err.Error(), made[0].ID)) {
				t.Fatalf("%+v, %v", made, err)
			}
			if _, err := e.Fulfill(t.Context(), o, catalog.FulfillRequest{Tracking: tracking}, noOptions); !errors.Is(err, catalog.ErrConflict) {
				t.Errorf("once more: %v", err)
			}
			order, err2 := e.Order(t.Context(), o)
			if err2 != nil || len(order.Fulfillments) != 1 {
				t.Fatalf("%d shipments, %v", len(order.Fulfillments), err2)
			}
			must(t, e.UpdateTracking(t.Context(), o, order.Fulfillments[0].ID, tracking, false, noOptions))
			if order, err = e.Order(t.Context(), o); err != nil || order.Fulfillments[0].Tracking[0].Number != "1Z" {
				t.Errorf("%+v, %v", order.Fulfillments, err)
			}
		})
	}
}

// TestALostShipmentIsKnownByItsReference: one that a merchant made of the same
// lines is not taken for it.
func TestALostShipmentIsKnownByItsReference(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	lines := func(o *sallatest.Order) []catalog.FulfillmentLine {
		return []catalog.FulfillmentLine{{LineItemID: id(o.Items[0].ID), Quantity: whole(1)}}
	}
	for name, c := range map[string]struct {
		fault sallatest.Fault
		want  catalog.Outcome
		hand  bool
	}{
		"the mark was written":      {sallatest.Disconnect(sallatest.CutBefore).On("PUT", "/shipments/*"), catalog.OutcomeDone, false},
		"beside a merchant's":       {sallatest.Disconnect(sallatest.CutUnread).On("POST", "/shipments"), catalog.OutcomeUnknown, true},
		"nothing happened":          {sallatest.Disconnect(sallatest.CutUnread).On("POST", "/shipments"), catalog.OutcomeNotDone, false},
		"a proxy answered with 502": {sallatest.ServerError(502).On("POST", "/shipments"), catalog.OutcomeNotDone, false},
	} {
		o := server.AddOpenOrder()
		server.Inject(c.fault)
		_, err := e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{Lines: lines(o), Tracking: []catalog.Tracking{{Number: "1Z"}}}, noOptions)
		if c.hand {
			must(t, server.UpdateOrder(o.ID, func(o *sallatest.Order) {
				o.Shipments = append(o.Shipments, sallatest.Shipment{ID: 1<<40 + o.ID, OrderID: o.ID, Type: "shipment", Status: "created", CourierID: 1723506348,
					Packages: []sallatest.Package{{ItemID: o.Items[0].ID, Name: o.Items[0].Name, Quantity: 1}}})
			}))
		}
		if found := confirm(t, err); found != c.want {
			t.Errorf("%s: Confirm says %q, want %q", name, found, c.want)
		}
	}
}

func TestTheCarrierIsOneOfTheStore(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	for company, want := range map[string]string{"DHL-Express": "DHL Express", "smsa": "سمسا", "Naqel": "Naqel"} {
		o := server.AddOpenOrder()
		made, err := e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{Tracking: []catalog.Tracking{{Company: company, Number: "7"}}}, noOptions)
		if err != nil || made[0].Tracking[0].Company != want {
			t.Errorf("%s: %+v, %v; want %s", company, made, err, want)
		}
	}
	server.Inject(sallatest.Replaced("data", `[{"id":1,"name":"A","activation_type":"api","slug":"a"},{"id":2,"name":"B","activation_type":"api","slug":"b"}]`).On("GET", "/shipping/companies/").Repeat(-1))
	o := server.AddOpenOrder()
	for _, company := range []string{"", "Naqel"} {
		_, err := e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{Tracking: []catalog.Tracking{{Company: company, Number: "7"}}}, noOptions)
		if !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), "A, B") {
			t.Errorf("a carrier that would be booked: %v", err)
		}
	}
}

func TestWhatIsPaidOnDeliveryIsShippedWhole(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	o := server.AddOpenOrder()
	must(t, server.UpdateOrder(o.ID, func(o *sallatest.Order) { o.PaymentMethod = "cod" }))
	part := []catalog.FulfillmentLine{{LineItemID: id(o.Items[0].ID), Quantity: whole(1)}}
	if _, err := e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{Lines: part}, noOptions); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a part: %v", err)
	}
	_, err := e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{}, noOptions)
	must(t, err)
	for _, c := range server.Calls() {
		if c.Method == "POST" && !strings.Contains(c.Body, `"cash_on_delivery":{"amount":`) {
			t.Errorf("the body is %s", c.Body)
		}
	}
}

// TestASentStatusStays: the update of a shipment needs its status.
func TestASentStatusStays(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	o := id(server.AddOpenOrder().ID)
	made, err := e.Fulfill(t.Context(), o, catalog.FulfillRequest{}, noOptions)
	must(t, err)
	caller := capability[catalog.RESTCaller](t, e)
	_, err = caller.Do(t.Context(), catalog.RESTRequest{Method: "PUT", Path: "/shipments/" + made[0].ID, Body: map[string]any{"shipment_number": "9", "status": "delivered"}})
	must(t, err)
	must(t, e.UpdateTracking(t.Context(), o, made[0].ID, []catalog.Tracking{{Number: "1Z"}}, false, noOptions))
	order, err := e.Order(t.Context(), o)
	if f := order.Fulfillments[0]; err != nil || f.NativeStatus != "delivered" || f.Name != "9" || f.Tracking[0].Number != "1Z" {
		t.Errorf("%+v, %v", f, err)
	}
	other := id(server.AddOpenOrder().ID)
	if err := e.UpdateTracking(t.Context(), other, made[0].ID, []catalog.Tracking{{Number: "1Z"}}, false, noOptions); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("of another order: %v", err)
	}
	for name, c := range map[string]struct {
		tracking []catalog.Tracking
		notify   bool
		kind     catalog.Kind
	}{
		"nothing": {nil, false, catalog.ErrUnsupported}, "a mail": {[]catalog.Tracking{{Number: "1"}}, true, catalog.ErrUnsupported},
		"no address": {[]catalog.Tracking{{URL: "1Z"}}, false, catalog.ErrInvalid}, "too long": {[]catalog.Tracking{{URL: "https://example.com/" + strings.Repeat("1", 300)}}, false, catalog.ErrInvalid},
	} {
		if err := e.UpdateTracking(t.Context(), o, made[0].ID, c.tracking, c.notify, noOptions); catalog.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTrackingBringsNothingBack: a status has to be sent along, and is the one
// that is there.
func TestTrackingBringsNothingBack(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	order := server.AddOpenOrder().ID
	o := id(order)
	made, err := e.Fulfill(t.Context(), o, catalog.FulfillRequest{}, noOptions)
	must(t, err)
	for status, want := range map[string]catalog.Kind{"canceled": catalog.ErrConflict, "cancelled": catalog.ErrConflict, "created": "", "delivered": ""} {
		set := func(o *sallatest.Order) {
			for i := range o.Shipments {
				o.Shipments[i].Status = status
			}
		}
		must(t, server.UpdateOrder(order, set))
		err := e.UpdateTracking(t.Context(), o, made[0].ID, []catalog.Tracking{{Number: "1Z"}}, false, noOptions)
		if catalog.KindOf(err) != want {
			t.Errorf("%s: %v, want %q", status, err, want)
		}
		for _, s := range server.Order(order).Shipments {
			if id(s.ID) == made[0].ID && s.Status != status {
				t.Errorf("%s became %s", status, s.Status)
			}
		}
	}
}
