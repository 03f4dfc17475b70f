package magento_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// eachWrite is one of each kind, on something fresh, and the request it is made
// of.
func eachWrite(t *testing.T, server *magentotest.Server, e *magento.Engine) map[string]func() error {
	t.Helper()
	ctx := t.Context()
	p := server.AddProduct(magentotest.Product{SKU: "W-1", Name: "W", Price: "1"})
	gone := server.AddProduct(magentotest.Product{SKU: "W-2", Name: "W", Price: "1"})
	open, sold := server.AddSale(false), server.AddSale(true)
	line := []catalog.FulfillmentLine{{LineItemID: id(sold.Items[0].ID), Quantity: catalog.NewQuantity(1)}}
	shipped := server.AddSale(true)
	made, err := e.Fulfill(ctx, id(shipped.ID), catalog.FulfillRequest{}, noOptions)
	must(t, err)
	return map[string]func() error{
		"POST /V1/products": func() error {
			_, err := e.UpdateProduct(ctx, id(p.ID), catalog.ProductPatch{Title: catalog.Set("x")}, noOptions)
			return err
		},
		"DELETE /V1/products/*": func() error { return e.DeleteProduct(ctx, id(gone.ID), noOptions) },
		"POST /V1/inventory/source-items": func() error {
			return e.SetInventory(ctx, []catalog.InventorySet{level("W-1", "default", 9)}, noOptions)
		},
		"POST /V1/orders/*/cancel":   func() error { return e.CancelOrder(ctx, id(open.ID), catalog.CancelRequest{}, noOptions) },
		"POST /V1/orders/*/comments": func() error { return e.AddOrderNote(ctx, id(open.ID), catalog.NoteInput{Text: "x"}, noOptions) },
		"POST /V1/order/*/ship": func() error {
			_, err := e.Fulfill(ctx, id(sold.ID), catalog.FulfillRequest{Lines: line}, noOptions)
			return err
		},
		"POST /V1/shipment/track": func() error {
			return e.UpdateTracking(ctx, id(shipped.ID), made[0].ID, []catalog.Tracking{{Company: "DHL", Number: "1"}}, false, noOptions)
		},
		"POST /V1/order/*/refund": func() error {
			_, err := e.Refund(ctx, id(sold.ID), catalog.RefundRequest{Lines: line}, noOptions)
			return err
		},
		"POST /V1/customers": func() error {
			_, err := e.CreateCustomer(ctx, catalog.CustomerPatch{FirstName: catalog.Set("a"), LastName: catalog.Set("b"), Email: catalog.Set("a@example.com")}, noOptions)
			return err
		},
		"PUT /V1/customers/*": func() error {
			_, err := e.UpdateCustomer(ctx, id(server.Customers()[0].ID), catalog.CustomerPatch{LastName: catalog.Set("c")}, noOptions)
			return err
		},
		"POST /V1/async_event": func() error {
			_, err := e.EnsureSubscriptions(ctx, []catalog.Subscription{{Topic: "sales.order.created", URL: webhooksAt}})
			return err
		},
	}
}

// TestAnAnswerThatIsNoneIsNoSuccess: a write that succeeded by its status alone
// may have been answered by somebody else.
func TestAnAnswerThatIsNoneIsNoSuccess(t *testing.T) {
	t.Parallel()
	// What these answer when all is well is nothing, or nothing that is needed.
	silent := []string{"POST /V1/inventory/source-items"}
	server, e := writer(t, magentotest.Config{})
	for request, write := range eachWrite(t, server, e) {
		method, path, _ := strings.Cut(request, " ")
		before := len(server.Effects())
		server.Inject(magentotest.Fault{Status: 200, Body: `{"ok":1}`, Header: http.Header{"Content-Type": {"application/json"}}}.On(method, path))
		err := write()
		if len(silent) > 0 && request == silent[0] || request == "POST /V1/products" || request == "POST /V1/shipment/track" {
			continue // an object of any kind is a success
		}
		lost, ok := errors.AsType[*catalog.OutcomeError](err)
		if !ok {
			t.Errorf("%s: %v, want an unknown outcome", request, err)
			continue
		}
		if found, err := lost.Confirm(t.Context()); err != nil || found != catalog.OutcomeNotDone || len(server.Effects()) > before {
			t.Errorf("%s: Confirm says %s, %v", request, found, err)
		}
	}
}

// TestAMissingResourceIsNoMystery: what was refused did not happen.
func TestAMissingResourceIsNoMystery(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	for request, write := range eachWrite(t, server, e) {
		method, path, _ := strings.Cut(request, " ")
		before := len(server.Effects())
		server.Inject(magentotest.ResourceMissing("Magento_Sales::some").On(method, path))
		refuses(t, request, write(), catalog.ErrForbidden)
		server.Inject(magentotest.Throttle("0.001").On(method, path)) // and what was not taken is sent again
		if err := write(); err != nil {
			t.Errorf("%s, throttled: %v", request, err)
		}
		if n := len(server.Effects()) - before; n != 1 {
			t.Errorf("%s: %d changes, want 1", request, n)
		}
	}
}

// TestWritesNobodyCanReadAgain succeed all the same.
func TestWritesNobodyCanReadAgain(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	ctx := t.Context()
	p := server.AddProduct(magentotest.Product{SKU: "R-1", Name: "R", Price: "1"})
	o := server.AddSale(true)
	line := []catalog.FulfillmentLine{{LineItemID: id(o.Items[0].ID), Quantity: catalog.NewQuantity(2)}}
	// The product is read before, and after.
	server.Inject(magentotest.Forbidden().On("GET", "/V1/products").Following(1).Repeat(-1))
	got, err := e.UpdateProduct(ctx, id(p.ID), catalog.ProductPatch{Title: catalog.Set("x")}, noOptions)
	if err != nil || got.ID != id(p.ID) || len(got.Problems) != 1 {
		t.Errorf("%v %+v", err, got)
	}
	server.ClearFaults()
	server.Inject(magentotest.Forbidden().On("GET", "/V1/shipment/*").Repeat(-1))
	made, err := e.Fulfill(ctx, id(o.ID), catalog.FulfillRequest{Lines: line, Tracking: []catalog.Tracking{{Company: "DHL", Number: "1"}}}, noOptions)
	if err != nil || len(made) != 1 || made[0].ID == "" || len(made[0].Lines) != 1 || made[0].Tracking[0].Number != "1" {
		t.Errorf("%v %+v", err, made)
	}
	server.Inject(magentotest.Forbidden().On("GET", "/V1/creditmemo/*").Repeat(-1))
	back, err := e.Refund(ctx, id(o.ID), catalog.RefundRequest{Amount: sar(t, "2")}, noOptions)
	if err != nil || back.ID == "" || !back.Total.Store.Equal(sar(t, "2")) {
		t.Errorf("%v %+v", err, back)
	}
	if got := actions(server); len(got) != 3 {
		t.Errorf("changes: %v", got)
	}
}

// TestWritesOnEveryVersion: signatures differ, and SKUs in paths with them.
func TestWritesOnEveryVersion(t *testing.T) {
	t.Parallel()
	for _, version := range []string{magentotest.V246, magentotest.V247, magentotest.V248, magentotest.V249} {
		server, e := writer(t, magentotest.Config{Version: version})
		for request, write := range eachWrite(t, server, e) {
			if err := write(); err != nil {
				t.Errorf("%s: %s: %v", version, request, err)
			}
		}
		p := server.AddProduct(magentotest.Product{SKU: "a/b+c d%", Name: "x", Price: "1"})
		must(t, e.DeleteProduct(t.Context(), id(p.ID), noOptions))
		if server.Product(p.ID) != nil {
			t.Errorf("%s: it is still there", version)
		}
	}
	// A web server that takes no slash says so.
	server, e := writer(t, magentotest.Config{NoEncodedSlashes: true})
	p := server.AddProduct(magentotest.Product{SKU: "a/b", Name: "x", Price: "1"})
	if err := e.DeleteProduct(t.Context(), id(p.ID), noOptions); !errors.Is(err, errors.ErrUnsupported) || errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("a slash in the path: %v", err)
	}
	_, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: id(p.ID), Tracked: catalog.Set(false)}}}, noOptions)
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a slash in the path of stock: %v", err)
	}
}
