package catalogtest

import (
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
)

var orderWriteRules = []rule{
	{name: "a cancelled order is cancelled and cannot be so again", check: orderCancelled},
	{name: "notes add up", check: notesAdded},
	{name: "an order is shipped in parts and no further", check: orderShipped},
	{name: "tracking that is updated is read so", check: trackingUpdated},
	{name: "a refund gives back what it says and no more than was paid", check: orderRefunded},
}

var customerWriteRules = []rule{
	{name: "customers are created, found and changed only where named", check: customerWritten},
}

func (x *session) order(id string) catalog.Order {
	x.t.Helper()
	o, err := x.suite.reader(x).Order(x.t.Context(), id)
	if err != nil {
		x.t.Fatal(err)
	}
	return o
}

func orderCancelled(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanCancelOrders)
	canceller, _ := catalog.As[catalog.OrderCanceller](x.engine)
	id, other := x.cancellable(), x.cancellable()
	request := catalog.CancelRequest{Reason: x.Writes.CancelReason}
	if err := canceller.CancelOrder(t.Context(), id, request, catalog.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	o := x.order(id)
	if o.Status != catalog.OrderCancelled {
		t.Errorf("the call returned and the order is %s", o.Status)
	}
	if request.Reason != "" && !strings.EqualFold(o.CancelReason, request.Reason) {
		t.Errorf("cancelled for %q, want %q", o.CancelReason, request.Reason)
	}
	if o := x.order(other); o.Status == catalog.OrderCancelled {
		t.Error("another order was cancelled too")
	}
	before := x.effects()
	x.fails(canceller.CancelOrder(t.Context(), id, request, catalog.WriteOptions{}), "cancelling it again", catalog.ErrConflict)
	x.fails(canceller.CancelOrder(t.Context(), s.UnknownID, request, catalog.WriteOptions{}), "cancelling an unknown order", catalog.ErrNotFound)
	x.fails(canceller.CancelOrder(t.Context(), s.MalformedIDs[0], request, catalog.WriteOptions{}), "cancelling a malformed id", catalog.ErrInvalid)
	if made := x.effects() - before; made > 0 {
		t.Errorf("%d effects of what was refused", made)
	}
}

func notesAdded(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanAddNotes)
	noter, _ := catalog.As[catalog.OrderNoter](x.engine)
	id := x.Writes.NewOrder()
	texts := []string{unique("first"), "نص \"عربي\" 🔔 " + unique("second")}
	for _, text := range texts {
		if err := noter.AddOrderNote(t.Context(), id, catalog.NoteInput{Text: text}, catalog.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	o := x.order(id)
	found := o.Note
	for _, a := range o.Attributes {
		found += "\n" + a.Value
	}
	if reader, ok := catalog.As[catalog.OrderHistoryReader](x.engine); ok {
		for h, err := range reader.OrderHistory(t.Context(), id) {
			if err != nil {
				t.Fatal(err)
			}
			found += "\n" + h.Text
		}
	}
	for _, text := range texts {
		if !strings.Contains(found, text) {
			t.Errorf("the note %q is neither on the order nor in its history", text)
		}
	}
	x.fails(noter.AddOrderNote(t.Context(), id, catalog.NoteInput{}, catalog.WriteOptions{}), "an empty note", catalog.ErrInvalid)
	x.fails(noter.AddOrderNote(t.Context(), s.UnknownID, catalog.NoteInput{Text: "x"}, catalog.WriteOptions{}), "a note on an unknown order", catalog.ErrNotFound)
}

// shippedOf adds up what was shipped of a line.
func shippedOf(o catalog.Order, line string) (n int64) {
	for _, f := range o.Fulfillments {
		for _, l := range f.Lines {
			if l.LineItemID == line {
				m, _ := l.Quantity.Int()
				n += m
			}
		}
	}
	return n
}

func orderShipped(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanFulfill)
	fulfiller, _ := catalog.As[catalog.Fulfiller](x.engine)
	id := x.Writes.NewOrder()
	first, second := x.order(id).LineItems[0].ID, x.order(id).LineItems[1].ID
	tracking := []catalog.Tracking{x.tracking(0)}
	before := x.effects()
	too := x.lines(id, 4)
	_, err := fulfiller.Fulfill(t.Context(), id, catalog.FulfillRequest{Lines: too}, catalog.WriteOptions{})
	x.fails(err, "shipping four of three pieces", catalog.ErrInvalid, catalog.ErrConflict)
	_, err = fulfiller.Fulfill(t.Context(), id, catalog.FulfillRequest{Lines: []catalog.FulfillmentLine{}}, catalog.WriteOptions{})
	x.fails(err, "shipping no line", catalog.ErrInvalid)
	if !x.takes("Tracking.URL") {
		changed := x.wire.changed()
		_, err := fulfiller.Fulfill(t.Context(), id, catalog.FulfillRequest{Tracking: []catalog.Tracking{{Company: x.carrier(0), Number: "1", URL: "https://example.com/1"}}}, catalog.WriteOptions{})
		x.unwritable(err, "Tracking.URL", changed)
	}
	if made := x.effects() - before; made > 0 {
		t.Errorf("%d effects of what was refused", made)
	}
	made, err := fulfiller.Fulfill(t.Context(), id, catalog.FulfillRequest{Lines: x.lines(id, 2), Tracking: tracking}, catalog.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	o := x.order(id)
	if a, b := shippedOf(o, first), shippedOf(o, second); a != 2 || b != 0 {
		t.Errorf("%d and %d pieces are shipped, want 2 and 0", a, b)
	}
	if len(made) != 1 || len(made[0].Tracking) != 1 || made[0].Tracking[0].Number != tracking[0].Number || made[0].Tracking[0].Company != x.carrier(0) {
		t.Errorf("the shipment is %+v", made)
	} else if !slices.ContainsFunc(o.Fulfillments, func(f catalog.Fulfillment) bool { return f.ID == made[0].ID }) {
		t.Errorf("the order does not have the shipment %q", made[0].ID)
	}
	if _, err := fulfiller.Fulfill(t.Context(), id, catalog.FulfillRequest{}, catalog.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	o = x.order(id)
	if a, b := shippedOf(o, first), shippedOf(o, second); a != 3 || b != 1 || o.Fulfillment != catalog.FulfillmentDone {
		t.Errorf("%d and %d pieces are shipped and the order is %s, want 3, 1 and fulfilled", a, b, o.Fulfillment)
	}
	_, err = fulfiller.Fulfill(t.Context(), id, catalog.FulfillRequest{}, catalog.WriteOptions{})
	x.fails(err, "shipping what is shipped", catalog.ErrConflict, catalog.ErrInvalid)
}

// tracking is how a parcel can be followed, with all the platform keeps of it.
func (x *session) tracking(n int) catalog.Tracking {
	tracking := catalog.Tracking{Company: x.carrier(n), Number: unique("TRACK")}
	if x.takes("Tracking.URL") {
		tracking.URL = "https://example.com/" + tracking.Number
	}
	return tracking
}

func trackingUpdated(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanUpdateTracking, catalog.CanFulfill)
	fulfiller, _ := catalog.As[catalog.Fulfiller](x.engine)
	updater, _ := catalog.As[catalog.TrackingUpdater](x.engine)
	id := x.Writes.NewOrder()
	made, err := fulfiller.Fulfill(t.Context(), id, catalog.FulfillRequest{Lines: x.lines(id, 1)}, catalog.WriteOptions{})
	if err != nil || len(made) == 0 {
		t.Fatalf("%d shipments, %v", len(made), err)
	}
	want := x.tracking(1)
	if err := updater.UpdateTracking(t.Context(), id, made[0].ID, []catalog.Tracking{want}, false, catalog.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	o := x.order(id)
	if got := o.Fulfillments[len(o.Fulfillments)-1].Tracking; len(got) != 1 || got[0] != want {
		t.Errorf("read as %+v, want %+v", got, want)
	}
	x.fails(updater.UpdateTracking(t.Context(), id, s.UnknownID, []catalog.Tracking{want}, false, catalog.WriteOptions{}), "tracking of an unknown shipment", catalog.ErrNotFound)
}

func orderRefunded(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanRefund)
	refunder, _ := catalog.As[catalog.Refunder](x.engine)
	id := x.Writes.NewOrder()
	total := x.order(id).Total.Store
	before := x.effects()
	_, err := refunder.Refund(t.Context(), id, catalog.RefundRequest{}, catalog.WriteOptions{})
	x.fails(err, "refunding nothing", catalog.ErrInvalid)
	more, err := total.Add(x.money("0.01"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = refunder.Refund(t.Context(), id, catalog.RefundRequest{Amount: more}, catalog.WriteOptions{})
	x.fails(err, "refunding more than was paid", catalog.ErrInvalid, catalog.ErrConflict)
	if made := x.effects() - before; made > 0 {
		t.Errorf("%d effects of what was refused", made)
	}
	first, err := refunder.Refund(t.Context(), id, catalog.RefundRequest{Lines: x.lines(id, 1), Note: "broken"}, catalog.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	second, err := refunder.Refund(t.Context(), id, catalog.RefundRequest{Amount: x.money("1.05")}, catalog.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sum, err := first.Total.Store.Add(second.Total.Store)
	if err != nil {
		t.Fatal(err)
	}
	if o := x.order(id); !o.Refunded.Store.Equal(sum) || !second.Total.Store.Equal(x.money("1.05")) || first.Total.Store.Sign() <= 0 || len(o.Refunds) != 2 {
		t.Errorf("refunds of %s and %s; the order says %s in %d", first.Total.Store, second.Total.Store, o.Refunded.Store, len(o.Refunds))
	}
	_, err = refunder.Refund(t.Context(), s.UnknownID, catalog.RefundRequest{Amount: x.money("1")}, catalog.WriteOptions{})
	x.fails(err, "refunding an unknown order", catalog.ErrNotFound)
}

func customerWritten(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanWriteCustomers)
	writer, _ := catalog.As[catalog.CustomerWriter](x.engine)
	email := unique("fatima") + "@example.com"
	patch, note := catalog.CustomerPatch{FirstName: catalog.Set("فاطمة"), LastName: catalog.Set("Saad"), Email: catalog.Set(email), Phone: x.phone()}, ""
	change := catalog.CustomerPatch{LastName: catalog.Set("Ali")}
	if x.takes("Customer.Note") {
		note = "VIP"
		patch.Note, change.Note = catalog.Set(note), catalog.Set("")
	}
	made, err := writer.CreateCustomer(t.Context(), patch, catalog.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	read, err := x.engine.Customer(t.Context(), made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if read.FirstName != "فاطمة" || read.LastName != "Saad" || !strings.EqualFold(read.Email, email) || read.Note != note {
		t.Errorf("read as %+v", read)
	}
	if finder, ok := catalog.As[catalog.CustomerFinder](x.engine); ok {
		if found, err := finder.CustomerByEmail(t.Context(), email); err != nil || found.ID != made.ID {
			t.Errorf("found %q, %v; want %q", found.ID, err, made.ID)
		}
	}
	x.clock.push(5_000_000_000)
	if _, err := writer.UpdateCustomer(t.Context(), made.ID, change, catalog.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	after, err := x.engine.Customer(t.Context(), made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if after.FirstName != read.FirstName || after.LastName != "Ali" || after.Email != read.Email || after.Note != "" {
		t.Errorf("after changing the last name and emptying the note: %+v", after)
	}
	before := x.effects()
	_, err = writer.UpdateCustomer(t.Context(), made.ID, catalog.CustomerPatch{}, catalog.WriteOptions{})
	x.fails(err, "a patch that names nothing", catalog.ErrInvalid)
	for field, patch := range map[string]catalog.CustomerPatch{"Customer.Note": {Note: catalog.Set("x")}, "Customer.Tags": {Tags: catalog.Set([]string{"x"})}} {
		if !x.takes(field) {
			changed := x.wire.changed()
			_, err := writer.UpdateCustomer(t.Context(), made.ID, patch, catalog.WriteOptions{})
			x.unwritable(err, field, changed)
		}
	}
	_, err = writer.UpdateCustomer(t.Context(), s.UnknownID, catalog.CustomerPatch{LastName: catalog.Set("x")}, catalog.WriteOptions{})
	x.fails(err, "updating an unknown customer", catalog.ErrNotFound)
	_, err = writer.CreateCustomer(t.Context(), catalog.CustomerPatch{Email: catalog.Set(email)}, catalog.WriteOptions{})
	x.fails(err, "creating a customer whose address is taken", catalog.ErrInvalid, catalog.ErrConflict)
	if made := x.effects() - before; made > 0 {
		t.Errorf("%d effects of what was refused", made)
	}
}
