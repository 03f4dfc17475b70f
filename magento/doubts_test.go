package magento_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/magento/magentotest"
)

// TestAPageOfAWebServerIsNoRecordGone: a 404 that is not Magento's does not say
// that a product was deleted, or that it was there and is gone.
func TestAPageOfAWebServerIsNoRecordGone(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	p := server.AddProduct(magentotest.Product{SKU: "A", Name: "A", Price: "1"})
	writes := map[string]func() error{
		"DELETE /V1/products/*": func() error { return e.DeleteProduct(t.Context(), id(p.ID), noOptions) },
		"POST /V1/products": func() error {
			_, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Title: catalog.Set("B")}, noOptions)
			return err
		},
	}
	for request, write := range writes {
		method, path, _ := strings.Cut(request, " ")
		for name, page := range map[string]magentotest.Fault{"a page": magentotest.ServerError(http.StatusNotFound), "no route": magentotest.NoRoute()} {
			server.Inject(magentotest.Disconnect(magentotest.CutUnread).On(method, path))
			err := write()
			server.Inject(page.On("GET", "/V1/products").Repeat(20))
			if found, err := catalogtest.Confirm(t, err); found != catalog.OutcomeUnknown || err == nil {
				t.Errorf("%s, %s: Confirm says %s, %v", request, name, found, err)
			}
			server.ClearFaults()
		}
	}
}

// TestWhatCannotBeTakenBackIsTold: some web servers take no slash in a path, and
// answer 404 as if the variant were gone already.
func TestWhatCannotBeTakenBackIsTold(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{NoEncodedSlashes: true})
	variant := func(sku, size string) catalog.VariantInput {
		return catalog.VariantInput{SKU: sku, Price: sar(t, "30"), Options: []catalog.OptionValue{{Name: "Size", Value: size}}}
	}
	server.Inject(magentotest.Invalid("no").On("POST", "/V1/products").Following(1))
	_, err := e.CreateProduct(t.Context(), catalog.ProductInput{Title: "Shirt", Options: []catalog.Option{{Name: "Size"}}, Variants: []catalog.VariantInput{variant("S/1", "S"), variant("S/2", "M")}}, noOptions)
	refuses(t, "the second variant", err, catalog.ErrInvalid)
	if err == nil || server.ProductBySKU("S/1") == nil || !strings.Contains(err.Error(), "S/1") {
		t.Errorf("a variant is left, and the error is %v", err)
	}
}

// TestALevelOutOfStockIsNotAsAsked: the number alone may be there before the
// write.
func TestALevelOutOfStockIsNotAsAsked(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	server.AddProduct(magentotest.Product{SKU: "A", Name: "A", Price: "1"})
	for name, c := range map[string]struct {
		cut  magentotest.Cut
		want catalog.Outcome
	}{
		"not set": {magentotest.CutUnread, catalog.OutcomeNotDone}, "set": {magentotest.CutBefore, catalog.OutcomeDone},
	} {
		body := map[string]any{"sourceItems": []any{map[string]any{"sku": "A", "source_code": "default", "quantity": 5, "status": 0}}}
		_, err := e.Do(t.Context(), catalog.RESTRequest{Method: "POST", Path: "/inventory/source-items", Body: body})
		must(t, err)
		server.Inject(magentotest.Disconnect(c.cut).On("POST", "/V1/inventory/source-items"))
		err = e.SetInventory(t.Context(), []catalog.InventorySet{level("A", "default", 5)}, noOptions)
		if found, err := catalogtest.Confirm(t, err); found != c.want || err != nil {
			t.Errorf("%s: Confirm says %s, %v; want %s", name, found, err, c.want)
		}
	}
}

// TestALongNoteOfARefundIsRefused: behind it stands the reference by which a
// refund is known, and Magento keeps so much.
func TestALongNoteOfARefundIsRefused(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	o := server.AddSale(true)
	line := []catalog.FulfillmentLine{{LineItemID: id(o.Items[0].ID), Quantity: catalog.NewQuantity(1)}}
	before := len(server.Calls())
	_, err := e.Refund(t.Context(), id(o.ID), catalog.RefundRequest{Lines: line, Note: strings.Repeat("x", 65_535)}, noOptions)
	refuses(t, "a note without room for the reference", err, catalog.ErrInvalid)
	if n := len(server.Calls()) - before; n > 0 {
		t.Errorf("%d calls", n)
	}
}

// TestABatchIsCheckedInTimeThatGrowsWithIt: each level is held against the others
// of its SKU alone. Against all others it would take longer than tests may.
func TestABatchIsCheckedInTimeThatGrowsWithIt(t *testing.T) {
	t.Parallel()
	_, e := writer(t, magentotest.Config{})
	levels := make([]catalog.InventorySet, 300_000)
	for i := range levels {
		levels[i] = level("SKU-"+id(int64(i)), "default", 1)
	}
	levels = append(levels, level("sku-7", "", 1))
	refuses(t, "one of them twice", e.SetInventory(t.Context(), levels, noOptions), catalog.ErrInvalid)
}

// TestALostShipmentTellsOfThoseBehindIt: a call is not done while others of its
// shipments were not sent, which the error says and Confirm too.
func TestALostShipmentTellsOfThoseBehindIt(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]magentotest.Fault{
		"lost": magentotest.Disconnect(magentotest.CutBefore), "answered by somebody else": {After: true, Status: 200, Body: `{"ok":1}`, Header: http.Header{"Content-Type": {"application/json"}}},
	} {
		server, e := writer(t, magentotest.Config{Sources: 2})
		o := server.AddSale(true)
		for i, source := range []string{"riyadh", "jeddah"} {
			server.SetStock(o.Items[i].SKU, "default", "0")
			server.SetStock(o.Items[i].SKU, source, "9")
		}
		server.Inject(fault.On("POST", "/V1/order/*/ship"))
		made, err := e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{}, noOptions)
		if found, looked := catalogtest.Confirm(t, err); len(made) > 0 || found != catalog.OutcomeUnknown || catalog.KindOf(looked) != catalog.ErrConflict || !strings.Contains(err.Error(), "not sent 1") {
			t.Errorf("%s: %d made, %v; Confirm says %s, %v", name, len(made), err, found, looked)
		}
		if made, err = e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{}, noOptions); err != nil || len(made) != 1 {
			t.Errorf("%s: the other one: %d, %v", name, len(made), err)
		}
	}
}

// TestAProductLostHalfWayNamesWhatThereIs: the variants before the lost one stay,
// since the product may come to be all the same.
func TestAProductLostHalfWayNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	variant := func(sku, size string) catalog.VariantInput {
		return catalog.VariantInput{SKU: sku, Price: sar(t, "30"), Options: []catalog.OptionValue{{Name: "Size", Value: size}}}
	}
	server.Inject(magentotest.Disconnect(magentotest.CutUnread).On("POST", "/V1/products").Following(1))
	_, err := e.CreateProduct(t.Context(), catalog.ProductInput{Title: "Shirt", Options: []catalog.Option{{Name: "Size"}}, Variants: []catalog.VariantInput{variant("S-1", "S"), variant("S-2", "M")}}, noOptions)
	if found, looked := catalogtest.Confirm(t, err); found != catalog.OutcomeUnknown || looked != nil || !strings.Contains(err.Error(), "S-1") || strings.Contains(err.Error(), "S-2") {
		t.Errorf("%v; Confirm says %s, %v", err, found, looked)
	}
}

// TestARefusalDoesNotRepeatASecret: that of a subscription signs deliveries.
func TestARefusalDoesNotRepeatASecret(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	const secret = "verification-canary-1"
	server.Inject(magentotest.Invalid("%value is no token", "value", secret).On("POST", "/V1/async_event"))
	_, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{{Topic: "sales.order.created", URL: webhooksAt, Secret: catalog.NewSecret(secret)}})
	failed, ok := errors.AsType[*catalog.Error](err)
	if !ok || failed.Kind != catalog.ErrInvalid || strings.Contains(fmt.Sprintf("%v %+v", err, *failed), secret) {
		t.Errorf("got %+v", failed)
	}
}

// TestAnExportHoldsFewWindows: however many products an answer says there are,
// and however far apart their ids.
func TestAnExportHoldsFewWindows(t *testing.T) {
	t.Parallel()
	server, e := writer(t, magentotest.Config{})
	server.Inject(magentotest.Replaced("items.0.id", "2000000000").On("GET", "/V1/products"))
	server.Inject(magentotest.Replaced("total_count", "1000000000000000").On("GET", "/V1/products"))
	all, err := catalog.Collect(e.ExportProducts(t.Context(), catalog.ProductQuery{}))
	if calls := len(server.Calls()); err != nil || len(all) == 0 || calls > 100 {
		t.Errorf("%d products in %d calls, %v", len(all), calls, err)
	}
}
