package woocommerce_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// failing puts the store's own failure in the place of a batch's item.
func failing(at, status string) woocommercetest.Fault {
	return woocommercetest.Fault{Method: http.MethodPost, Path: "/products/*", Replace: map[string]string{
		at: `{"id":0,"error":{"code":"woocommerce_rest_cannot_update","message":"Deadlock found","data":` + status + `}}`}}
}

// TestAnItemTheStoreFailedAtIsNotWrong: what became of it is for Confirm to find
// out; nothing says that the level was wrong.
func TestAnItemTheStoreFailedAtIsNotWrong(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	for _, status := range []string{`{"status":500}`, `503`} {
		one, two := addSimple(server, func(*woocommercetest.Product) {}), addSimple(server, func(*woocommercetest.Product) {})
		server.Inject(failing("update.1", status))
		err := e.SetInventory(t.Context(), []catalog.InventorySet{toSet(one.ID, 4), toSet(two.ID, 5)}, noOptions)
		batch, ok := errors.AsType[*catalog.BatchError](err)
		if !ok || len(batch.Failed) != 1 || !errors.Is(batch.Failed[1], catalog.ErrOutcomeUnknown) {
			t.Fatalf("%s: got %v", status, err)
		}
		confirmed(t, batch.Failed[1], catalog.OutcomeDone) // it was, but for the answer
		if err := server.SetStock(two.ID, 3); err != nil {
			t.Fatal(err)
		}
		confirmed(t, batch.Failed[1], catalog.OutcomeUnknown)
	}
	p := addSimple(server, func(*woocommercetest.Product) {})
	server.Inject(failing("update.0", `{"status":400}`))
	refusedAs(t, e.SetInventory(t.Context(), []catalog.InventorySet{toSet(p.ID, 4)}, noOptions), catalog.ErrInvalid, "Deadlock")
}

// TestAVariationTheStoreFailedAt: it may be changed; a new product is made whole
// or not at all, whosever fault that is.
func TestAVariationTheStoreFailedAt(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := withVariations(server, 3, false)
	addSimple(server, func(p *woocommercetest.Product) { p.SKU = "TAKEN" })
	var patch catalog.ProductPatch
	for i, sku := range []string{"A", "TAKEN", "C"} {
		patch.Variants = append(patch.Variants, catalog.VariantPatch{ID: id(p.Variations[i].ID), SKU: catalog.Set(sku)})
	}
	f := failing("update.2", `{"status":500}`)
	f.Path = "/products/*/variations/batch"
	server.Inject(f)
	_, err := e.UpdateProduct(t.Context(), id(p.ID), patch, noOptions)
	failed, ok := errors.AsType[*catalog.Error](err)
	if !ok || failed.Kind != catalog.ErrOutcomeUnknown || len(failed.Fields) != 2 || strings.Contains(failed.Hint, "were not") {
		t.Errorf("got %v", err)
	}
	confirmed(t, err, catalog.OutcomeNotDone) // not all of it
	f = failing("create.1", `{"status":500}`)
	f.Path = "/products/*/variations/batch"
	server.Inject(f)
	before := len(server.Products())
	_, err = e.CreateProduct(t.Context(), shirts("X", "Y"), noOptions)
	refusedAs(t, err, catalog.ErrUnavailable, "Deadlock")
	if n := len(server.Products()) - before; n != 0 {
		t.Errorf("%d products are left", n)
	}
}

// TestMoreVariationsThanACallHolds are read and written by the hundred, and one
// that is refused keeps back none that is not.
func TestMoreVariationsThanACallHolds(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	const many = 230
	p := withVariations(server, many, false)
	addSimple(server, func(p *woocommercetest.Product) { p.SKU = "TAKEN" })
	var patch catalog.ProductPatch
	for _, v := range p.Variations {
		patch.Variants = append(patch.Variants, catalog.VariantPatch{ID: id(v.ID), SKU: catalog.Set("A-" + id(v.ID))})
	}
	got, err := e.UpdateProduct(t.Context(), id(p.ID), patch, noOptions)
	if err != nil || len(got.Variants) != many {
		t.Fatalf("%d variants, %v", len(got.Variants), err)
	}
	for i, v := range got.Variants {
		if v.SKU != "A-"+v.ID {
			t.Fatalf("variant %d has the SKU %q", i, v.SKU)
		}
	}
	// One of the first hundred and one of the last are refused.
	for i := range patch.Variants {
		patch.Variants[i].SKU = catalog.Set("B-" + patch.Variants[i].ID)
	}
	patch.Title = catalog.Set("Shirts")
	patch.Variants[7].SKU, patch.Variants[229].SKU = catalog.Set("TAKEN"), catalog.Set("TAKEN")
	_, err = e.UpdateProduct(t.Context(), id(p.ID), patch, noOptions)
	failed, ok := errors.AsType[*catalog.Error](err)
	if !ok || failed.Kind != catalog.ErrInvalid || len(failed.Fields) != 2 || failed.Fields[0].Field != "Variants.7" || failed.Fields[1].Field != "Variants.229" {
		t.Fatalf("got %v", err)
	}
	changed := 0
	for _, v := range server.Product(p.ID).Variations {
		if strings.HasPrefix(v.SKU, "B-") {
			changed++
		}
	}
	if changed != many-2 || server.Product(p.ID).Name != "Shirt" {
		t.Errorf("%d variations were changed, want %d; the title is %q", changed, many-2, server.Product(p.ID).Name)
	}
	// The second call is refused as a whole: the error says which were not sent.
	for i := range patch.Variants {
		patch.Variants[i].SKU = catalog.Set("C-" + patch.Variants[i].ID)
	}
	deny := woocommercetest.Firewall(403).On(http.MethodPost, "/products/*/variations/batch")
	deny.Skip = 1
	server.Inject(deny)
	_, err = e.UpdateProduct(t.Context(), id(p.ID), patch, noOptions)
	refusedAs(t, err, catalog.ErrUnavailable, "Variants.100")
}

// TestAFailureOfTheStoreIsNoRefusal: a 500 with a code of WooCommerce's came out
// of the middle of the work, but for that of a refund, which is a plain no.
func TestAFailureOfTheStoreIsNoRefusal(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := addSimple(server, func(*woocommercetest.Product) {})
	for after, want := range map[bool]catalog.Outcome{true: catalog.OutcomeDone, false: catalog.OutcomeNotDone} {
		server.Inject(woocommercetest.Fault{Method: http.MethodPost, Path: "/products/*", After: after, Status: 500, Header: http.Header{"Content-Type": {"application/json"}},
			Body: `{"code":"woocommerce_rest_cannot_update","message":"Deadlock found","data":{"status":500}}`})
		title := "Mug " + string(want)
		_, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Title: catalog.Set(title)}, noOptions)
		refusedAs(t, err, catalog.ErrOutcomeUnknown, "Deadlock")
		confirmed(t, err, want)
	}
}
