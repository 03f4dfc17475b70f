package bigcommerce_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

// lastIsBad are two levels and one at a place that is not there, for which the
// call is sent again in halves.
func lastIsBad(server *bigcommercetest.Server) []catalog.InventorySet {
	p, v, _ := counted(server)
	bad := levelOf(id(v.Variants[1].ID), server, 3)
	bad.LocationID = "987654"
	return []catalog.InventorySet{levelOf(id(p.Variants[0].ID), server, 1), levelOf(id(v.Variants[0].ID), server, 2), bad}
}

// TestALostHalfSpeaksForItselfAlone: of a call that is sent again in halves the
// levels of a lost half are in doubt, and those behind it were never sent.
func TestALostHalfSpeaksForItselfAlone(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	levels := lastIsBad(server)
	server.Inject(bigcommercetest.Disconnect(bigcommercetest.CutAfter).On(http.MethodPut, "/v3/inventory/adjustments/absolute").Skipping(1))
	err := e.SetInventory(t.Context(), levels, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 3 || !errors.Is(batch.Failed[0], catalog.ErrOutcomeUnknown) {
		t.Fatalf("got %v", err)
	}
	if found, err := catalogtest.Confirm(t, batch.Failed[0]); found != catalog.OutcomeDone || err != nil {
		t.Errorf("the level that was sent: %s, %v", found, err)
	}
	for i := 1; i < 3; i++ {
		if !errors.Is(batch.Failed[i], catalog.ErrUnavailable) || errors.Is(batch.Failed[i], catalog.ErrOutcomeUnknown) {
			t.Errorf("level %d was not sent, and is told as %v", i, batch.Failed[i])
		}
	}
}

// TestALostHalfDoesNotCastDoubtOnTheOneBefore: what was answered is done.
func TestALostHalfDoesNotCastDoubtOnTheOneBefore(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	levels := lastIsBad(server)
	server.Inject(bigcommercetest.Disconnect(bigcommercetest.CutBefore).On(http.MethodPut, "/v3/inventory/adjustments/absolute").Skipping(2))
	err := e.SetInventory(t.Context(), levels, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 2 || batch.Failed[0] != nil {
		t.Fatalf("got %v", err)
	}
	if found, err := catalogtest.Confirm(t, batch.Failed[1]); found != catalog.OutcomeNotDone || err != nil {
		t.Errorf("the half that was lost: %s, %v", found, err)
	}
}

// TestADifferenceOfNothingProvesNothing: a level that was to stay as it is does
// not tell whether the others were changed.
func TestADifferenceOfNothingProvesNothing(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	p, v, _ := counted(server)
	location := id(server.Locations()[0].ID)
	server.Inject(bigcommercetest.Disconnect(bigcommercetest.CutAfter).On(http.MethodPost, "/v3/inventory/adjustments/relative"))
	err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{
		{ItemID: id(p.Variants[0].ID), LocationID: location},
		{ItemID: id(v.Variants[0].ID), LocationID: location, Delta: catalog.NewQuantity(2)},
	}, noOptions)
	if err == nil {
		t.Fatal("no error")
	}
	if batch, ok := errors.AsType[*catalog.BatchError](err); ok {
		err = batch.Failed[1]
	}
	if found, err := catalogtest.Confirm(t, err); found != catalog.OutcomeUnknown || err != nil || server.Product(v.ID).Variants[0].Levels[0].OnHand != 11 {
		t.Errorf("Confirm says %s, %v", found, err)
	}
}

// TestANoteIsNotAPartOfAnother: somebody else's note that holds the same words
// is not this one.
func TestANoteIsNotAPartOfAnother(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	o := server.AddPaidOrder().ID
	for name, c := range map[string]struct {
		cut  bigcommercetest.Cut
		then string // what the merchant makes of the notes meanwhile
		want catalog.Outcome
	}{
		"written":                          {bigcommercetest.CutAfter, "", catalog.OutcomeDone},
		"not written":                      {bigcommercetest.CutBefore, "", catalog.OutcomeNotDone},
		"not written, and others wrote":    {bigcommercetest.CutBefore, "before\nLooks ok to me", catalog.OutcomeNotDone},
		"written, and others wrote behind": {bigcommercetest.CutAfter, "before\r\nok\r\nLooks ok to me", catalog.OutcomeDone},
	} {
		update(t, server.UpdateOrder(o, func(o *bigcommercetest.Order) { o.StaffNotes = "before" }))
		server.Inject(bigcommercetest.Disconnect(c.cut).On(http.MethodPut, "/v2/orders/*"))
		err := e.AddOrderNote(t.Context(), id(o), catalog.NoteInput{Text: "ok"}, noOptions)
		if c.then != "" {
			update(t, server.UpdateOrder(o, func(o *bigcommercetest.Order) { o.StaffNotes = c.then }))
		}
		if found, err := catalogtest.Confirm(t, err); found != c.want || err != nil {
			t.Errorf("%s: Confirm says %s, %v; want %s", name, found, err, c.want)
		}
	}
}

// TestAPageOfAGatewayIsNoRecordGone: HTML with the status 404 is somebody on the
// way, and does not say that a product was deleted.
func TestAPageOfAGatewayIsNoRecordGone(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	p := server.AddProduct(bigcommercetest.Product{Name: "Coffee", Price: "1"})
	server.Inject(bigcommercetest.Disconnect(bigcommercetest.CutBefore).On(http.MethodDelete, "/v3/catalog/products/*"))
	err := e.DeleteProduct(t.Context(), id(p.ID), noOptions)
	server.Inject(bigcommercetest.ServerError(http.StatusNotFound).On(http.MethodGet, "/v3/catalog/products/*").Repeat(20))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	lost, ok := errors.AsType[*catalog.OutcomeError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	if found, err := lost.Confirm(ctx); found != catalog.OutcomeUnknown || err == nil || strings.Contains(err.Error(), "<") {
		t.Errorf("Confirm says %s, %v, of a product that is there", found, err)
	}
}

// TestARefusalDoesNotRepeatAHeader: headers of webhooks prove the sender.
func TestARefusalDoesNotRepeatAHeader(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	const secret = "header-canary-1"
	server.Inject(bigcommercetest.Invalid("headers: "+secret, map[string]string{"headers": "cannot be " + secret}).On(http.MethodPost, "/v3/hooks"))
	_, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{{Topic: "store/order/created", URL: "https://app.example/hooks", Headers: map[string]catalog.Secret{"X-Proof": catalog.NewSecret(secret)}}})
	failed, ok := errors.AsType[*catalog.Error](err)
	if !ok || failed.Kind != catalog.ErrInvalid || strings.Contains(fmt.Sprintf("%v %+v", err, *failed), secret) {
		t.Errorf("got %+v", failed)
	}
}

// TestAnExportOfHugeIDsEnds: windows are as wide as the ids are apart.
func TestAnExportOfHugeIDsEnds(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	server.Inject(bigcommercetest.Replaced("data.0.id", "900000000000000000").On(http.MethodGet, "/v3/catalog/products").Skipping(1))
	n := 0
	for _, err := range e.ExportProducts(t.Context(), catalog.ProductQuery{}) {
		if n++; err != nil || n > 5 {
			t.Fatalf("after %d products: %v", n, err)
		}
	}
	if calls := len(server.Calls()); n != 5 || calls > 20 {
		t.Errorf("%d products in %d calls", n, calls)
	}
}
