package shopify_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/shopify"
)

// drain reads a list to its end and returns its records.
func drain[T any](t testing.TB, what string, list iter.Seq2[T, error]) []T {
	t.Helper()
	all, err := catalog.Collect(list)
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
	return all
}

// callEverything makes the adapter send each of its documents, with every
// filter and order it knows.
func callEverything(ctx context.Context, t testing.TB, e *shopify.Engine) {
	t.Helper()
	try := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	since, before := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), time.Date(2026, 12, 2, 3, 4, 5, 6, time.UTC)
	id := "9007199254740993"

	_, err := e.Shop(ctx)
	try("shop", err)
	drain(t, "locations", e.Locations(ctx, catalog.ListOptions{}))

	products := drain(t, "products", e.Products(ctx, catalog.ProductQuery{}))
	for _, status := range []catalog.ProductStatus{catalog.ProductActive, catalog.ProductDraft, catalog.ProductArchived, catalog.ProductHidden} {
		drain(t, "products by status", e.Products(ctx, catalog.ProductQuery{Status: []catalog.ProductStatus{status}}))
	}
	drain(t, "products filtered", e.Products(ctx, catalog.ProductQuery{UpdatedSince: since, UpdatedBefore: before, CreatedSince: since, CreatedBefore: before,
		Status: []catalog.ProductStatus{catalog.ProductActive, catalog.ProductDraft}}))
	sorted := catalog.ListOptions{Sort: catalog.SortUpdated}
	for _, p := range drain(t, "products sorted", e.Products(ctx, catalog.ProductQuery{ListOptions: sorted}))[:1] {
		next := sorted
		next.After = p.Cursor
		drain(t, "products sorted, continued", e.Products(ctx, catalog.ProductQuery{ListOptions: next}))
	}
	if len(products) > 0 {
		drain(t, "products continued", e.Products(ctx, catalog.ProductQuery{ListOptions: catalog.ListOptions{After: products[0].Cursor}}))
	}
	_, err = e.Product(ctx, id)
	try("product", err)
	drain(t, "products by SKU", e.ProductsBySKU(ctx, "the sku"))

	drain(t, "orders", e.Orders(ctx, catalog.OrderQuery{}))
	drain(t, "orders sorted", e.Orders(ctx, catalog.OrderQuery{ListOptions: sorted}))
	drain(t, "orders filtered", e.Orders(ctx, catalog.OrderQuery{UpdatedSince: since, CreatedBefore: before, CustomerID: id}))
	for _, s := range []catalog.OrderStatus{catalog.OrderOpen, catalog.OrderCompleted, catalog.OrderCancelled} {
		drain(t, "orders by status", e.Orders(ctx, catalog.OrderQuery{Status: []catalog.OrderStatus{s}}))
	}
	for _, s := range []catalog.PaymentStatus{catalog.PaymentPending, catalog.PaymentAuthorized, catalog.PaymentPartiallyPaid, catalog.PaymentPaid,
		catalog.PaymentPartiallyRefunded, catalog.PaymentRefunded, catalog.PaymentVoided, catalog.PaymentFailed} {
		drain(t, "orders by payment", e.Orders(ctx, catalog.OrderQuery{Payment: []catalog.PaymentStatus{s}}))
	}
	for _, s := range []catalog.FulfillmentStatus{catalog.FulfillmentNone, catalog.FulfillmentPartial, catalog.FulfillmentDone,
		catalog.FulfillmentScheduled, catalog.FulfillmentOnHold} {
		drain(t, "orders by fulfilment", e.Orders(ctx, catalog.OrderQuery{Fulfillment: []catalog.FulfillmentStatus{s}}))
	}
	_, err = e.Order(ctx, id)
	try("order", err)

	drain(t, "customers", e.Customers(ctx, catalog.CustomerQuery{}))
	drain(t, "customers sorted", e.Customers(ctx, catalog.CustomerQuery{ListOptions: sorted}))
	drain(t, "customers filtered", e.Customers(ctx, catalog.CustomerQuery{UpdatedSince: since, CreatedSince: since, CreatedBefore: before, Email: "a@example.com"}))
	_, err = e.Customer(ctx, id)
	try("customer", err)
	_, err = e.CustomerByEmail(ctx, "a@example.com")
	try("customer by e-mail", err)

	drain(t, "stock", e.InventoryLevels(ctx, catalog.InventoryQuery{}))
	drain(t, "stock by SKU", e.InventoryLevels(ctx, catalog.InventoryQuery{SKU: "the sku"}))
	drain(t, "stock at a location", e.InventoryLevels(ctx, catalog.InventoryQuery{LocationID: id}))
	drain(t, "stock of items", e.InventoryLevels(ctx, catalog.InventoryQuery{ItemIDs: []string{id}}))
	drain(t, "stock changed", e.InventoryLevels(ctx, catalog.InventoryQuery{UpdatedSince: since, UpdatedBefore: before}))

	for _, what := range []catalog.Resource{catalog.Products, catalog.Variants, catalog.Orders, catalog.Customers} {
		_, err = e.Count(ctx, what)
		try("count "+string(what), err)
	}
}

// TestRequestsAreValid sends every document with every variable the adapter
// gives it.
func TestRequestsAreValid(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			v := newVendor(t, version, answerer{words: map[string]string{"BulkOperationStatus": "COMPLETED", "FulfillmentOrderAction": "CREATE_FULFILLMENT"}})
			e := engine(t, version, unhurried{v})
			callEverything(t.Context(), t, e)
			writeEverything(t.Context(), t, e)
			loseProduct(t.Context(), t, engine(t, version, losing{unhurried{v}, "ProductCreate"}))
			documents, sent := shopify.Documents(), 0
			for name, text := range documents {
				if v.texts[text] {
					sent++
				} else {
					t.Errorf("%s was never sent", name)
				}
			}
			if sent != len(v.texts) {
				t.Errorf("%d documents were sent that Documents does not return", len(v.texts)-sent)
			}
			v.report(t, "requests")
			specs.Report(t, "shopify documents sent %s on %s", fraction(sent, len(documents)), version)
		})
	}
}

// TestRecordsThatAreAlmostEmpty answers with null wherever the schema allows
// it: no record may be lost or complained of.
func TestRecordsThatAreAlmostEmpty(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			v := newVendor(t, version, answerer{sparse: true})
			e := engine(t, version, unhurried{v})
			ctx := t.Context()
			var problems []catalog.Problem
			count := 0
			note := func(r catalog.Record, id string, err error) {
				count++
				problems = append(problems, r.Problems...)
				if err != nil || id == "" || len(r.Raw) == 0 {
					t.Errorf("record %q: %v", id, err)
				}
			}
			s, err := e.Shop(ctx)
			note(s.Record, s.ID, err)
			for l, err := range e.Locations(ctx, catalog.ListOptions{}) {
				note(l.Record, l.ID, err)
			}
			for p, err := range e.Products(ctx, catalog.ProductQuery{}) {
				note(p.Record, p.ID, err)
			}
			for o, err := range e.Orders(ctx, catalog.OrderQuery{}) {
				note(o.Record, o.ID, err)
			}
			for c, err := range e.Customers(ctx, catalog.CustomerQuery{}) {
				note(c.Record, c.ID, err)
			}
			for l, err := range e.InventoryLevels(ctx, catalog.InventoryQuery{}) {
				note(l.Record, l.ItemID, err)
			}
			if len(problems) > 0 || count != 6 {
				t.Errorf("%d records, problems %v", count, problems)
			}
			v.report(t, "almost empty answers")
		})
	}
}
