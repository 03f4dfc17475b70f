package shopify_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// writeAll sends each mutation once.
func writeAll(t *testing.T, server *shopifytest.Server) {
	t.Helper()
	e, _ := catalog.As[*shopify.Engine](openWith(t, server, quick, catalog.StaticToken(server.Token())))
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	p, err := e.CreateProduct(ctx, catalog.ProductInput{Title: "t"}, noOptions)
	must(err)
	_, err = e.UpdateProduct(ctx, p.ID, catalog.ProductPatch{Title: catalog.Set("u"), Variants: []catalog.VariantPatch{{ID: p.Variants[0].ID, SKU: catalog.Set("s")}}}, noOptions)
	must(err)
	level := catalog.InventorySet{ItemID: p.Variants[0].InventoryItemID, LocationID: gidOf(server.Locations()[0].ID), Available: catalog.NewQuantity(3)}
	must(e.SetInventory(ctx, []catalog.InventorySet{level}, noOptions))
	must(e.AdjustInventory(ctx, []catalog.InventoryDelta{{ItemID: level.ItemID, LocationID: level.LocationID, Delta: catalog.NewQuantity(-1)}}, noOptions))
	must(e.DeleteProduct(ctx, p.ID, noOptions))
	o := addPaidOrder(server, 0)
	must(e.AddOrderNote(ctx, o, catalog.NoteInput{Text: "n"}, noOptions))
	made, err := e.Fulfill(ctx, o, catalog.FulfillRequest{}, noOptions)
	must(err)
	must(e.UpdateTracking(ctx, o, made[0].ID, []catalog.Tracking{{Number: "1"}}, false, noOptions))
	_, err = e.Refund(ctx, o, catalog.RefundRequest{Amount: money(t, "1", "SAR"), Shipping: true}, noOptions)
	must(err)
	_, err = catalog.Collect(e.OrderHistory(ctx, o))
	must(err)
	must(e.CancelOrder(ctx, addPaidOrder(server, 0), catalog.CancelRequest{}, noOptions))
	c, err := e.CreateCustomer(ctx, catalog.CustomerPatch{Email: catalog.Set("new@example.com")}, noOptions)
	must(err)
	_, err = e.UpdateCustomer(ctx, c.ID, catalog.CustomerPatch{Note: catalog.Set("n")}, noOptions)
	must(err)
	for _, url := range []string{"https://example.com/a", "https://example.com/b", ""} {
		wanted := []catalog.Subscription{{Topic: "orders/create", URL: url}}
		if url == "" {
			wanted = nil
		}
		_, err = e.EnsureSubscriptions(ctx, wanted)
		must(err)
	}
	_, err = catalog.Collect(e.ExportProducts(ctx, catalog.ProductQuery{}))
	must(err)
}

// TestKeyedWritesFollowTheirKey: Shopify may still be at work on the attempt
// before, or may have failed it for good.
func TestKeyedWritesFollowTheirKey(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code     string
		times    int
		kind     catalog.Kind // "" = success
		requests int
		oneKey   bool
	}{
		"it is at work for a while":   {"IDEMPOTENCY_CONCURRENT_REQUEST", 2, "", 3, true},
		"it is at work for ever":      {"IDEMPOTENCY_CONCURRENT_REQUEST", -1, catalog.ErrConflict, 5, true},
		"it failed":                   {"IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", 1, "", 2, false},
		"another write had the key":   {"IDEMPOTENCY_KEY_PARAMETER_MISMATCH", 1, catalog.ErrInvalid, 1, true},
		"somebody changed the amount": {"CHANGE_FROM_QUANTITY_STALE", 1, catalog.ErrConflict, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, shopifytest.Config{})
			level := server.Products()[0].Variants[0].Item.Levels[0]
			server.Inject(shopifytest.Fault{Operation: "InventoryAdjust", Times: c.times, SetAt: "data.inventoryAdjustQuantities",
				SetTo: fmt.Sprintf(`{"inventoryAdjustmentGroup":null,"userErrors":[{"field":null,"message":"m","code":%q}]}`, c.code)})
			err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{{ItemID: gidOf(level.ItemID), LocationID: gidOf(level.LocationID), Delta: catalog.NewQuantity(1)}}, noOptions)
			if catalog.KindOf(err) != c.kind {
				t.Errorf("got %v, want %q", err, c.kind)
			}
			var keys []string
			for _, call := range server.Calls() {
				var v struct{ Key string }
				if call.Operation == "InventoryAdjust" && json.Unmarshal(call.Variables, &v) == nil {
					keys = append(keys, v.Key)
				}
			}
			if n := len(slices.Compact(slices.Clone(keys))); len(keys) != c.requests || (n == 1) != c.oneKey {
				t.Errorf("%d requests with %d keys, want %d", len(keys), n, c.requests)
			}
		})
	}
}

// TestOutcomeIsUnknownInsideA200: an answer can fail to say what happened.
func TestOutcomeIsUnknownInsideA200(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]shopifytest.Fault{
		"an internal error":          {Internal: true},
		"an internal error, in part": {NullAt: "data.orderUpdate"},
		"no payload":                 {SetAt: "data.orderUpdate", SetTo: "null"},
		"no complaints":              {SetAt: "data.orderUpdate.userErrors", SetTo: "7"},
		"half an answer":             {Truncate: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, shopifytest.Config{})
			o := addPaidOrder(server, 0)
			fault.Operation = "OrderNoteUpdate"
			server.Inject(fault)
			err := e.AddOrderNote(t.Context(), o, catalog.NoteInput{Text: "n"}, noOptions)
			lost, ok := errors.AsType[*catalog.OutcomeError](err)
			if !ok {
				t.Fatalf("got %v, want an unknown outcome", err)
			}
			want := catalog.OutcomeNotDone
			if len(server.Effects()) > 0 {
				want = catalog.OutcomeDone
			}
			if found, err := lost.Confirm(t.Context()); err != nil || found != want {
				t.Errorf("Confirm: %s, %v; want %s", found, err, want)
			}
		})
	}
}

// TestAMissingScopeIsNoMystery: what was refused did not happen.
func TestAMissingScopeIsNoMystery(t *testing.T) {
	t.Parallel()
	server, e := writer(t, shopifytest.Config{Scopes: []string{"read_products", "read_orders", "read_all_orders"}})
	err := e.AddOrderNote(t.Context(), addPaidOrder(server, 0), catalog.NoteInput{Text: "n"}, noOptions)
	if !errors.Is(err, catalog.ErrForbidden) || errors.Is(err, catalog.ErrOutcomeUnknown) {
		t.Errorf("got %v", err)
	}
}

// TestStockInSeveralCalls sets 300 levels, of which one is stale in each call.
func TestStockInSeveralCalls(t *testing.T) {
	t.Parallel()
	server, e := writer(t, shopifytest.Config{Products: 120, Orders: -1, Customers: -1})
	var levels []catalog.InventorySet
	for _, p := range server.Products() {
		for _, v := range p.Variants {
			for _, l := range v.Item.Levels {
				if len(levels) < 300 {
					levels = append(levels, catalog.InventorySet{ItemID: gidOf(l.ItemID), LocationID: gidOf(l.LocationID), Available: catalog.NewQuantity(77)})
				}
			}
		}
	}
	if len(levels) < 300 {
		t.Fatalf("only %d levels", len(levels))
	}
	stale := catalog.NewQuantity(123456)
	levels[3].Expected, levels[270].Expected = &stale, &stale
	key := catalog.WriteOptions{IdempotencyKey: "the host's own"}
	for range 2 { // again with the same key: nothing more
		err := e.SetInventory(t.Context(), levels, key)
		batch, ok := errors.AsType[*catalog.BatchError](err)
		if !ok || len(batch.Failed) != 2 || batch.Failed[3] == nil || batch.Failed[270] == nil || !errors.Is(err, catalog.ErrConflict) {
			t.Fatalf("got %v", err)
		}
		if n := len(server.Effects()); n != 298 {
			t.Errorf("%d levels were set, want 298", n)
		}
	}
	server.Inject(shopifytest.Fault{Operation: "InventorySet", Skip: 1, Status: 403, Body: `{"errors":"no"}`})
	levels[3].Expected, levels[270].Expected = nil, nil
	err := e.SetInventory(t.Context(), levels, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 50 || batch.Failed[249] != nil || !errors.Is(batch.Failed[250], catalog.ErrForbidden) {
		t.Errorf("with the second call refused: %v", err)
	}
}

// TestKeysAreUUIDs: Shopify asks for that form.
func TestKeysAreUUIDs(t *testing.T) {
	t.Parallel()
	server, e := writer(t, shopifytest.Config{})
	level := server.Products()[0].Variants[0].Item.Levels[0]
	if err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{{ItemID: gidOf(level.ItemID), LocationID: gidOf(level.LocationID), Delta: catalog.NewQuantity(1)}}, noOptions); err != nil {
		t.Fatal(err)
	}
	for _, call := range server.Calls() {
		var v struct{ Key string }
		if call.Operation == "InventoryAdjust" && (json.Unmarshal(call.Variables, &v) != nil || len(v.Key) != 36 || strings.Count(v.Key, "-") != 4 || v.Key[14] != '4') {
			t.Errorf("key %q", v.Key)
		}
	}
}

// TestAmountsAreCheckedBeforeSending: nothing is rounded or converted.
func TestAmountsAreCheckedBeforeSending(t *testing.T) {
	t.Parallel()
	server, e := writer(t, shopifytest.Config{})
	p := server.Products()[0]
	for _, amount := range []catalog.Money{money(t, "1.005", "SAR"), money(t, "1.00", "USD"), money(t, "-1", "SAR")} {
		_, err := e.UpdateProduct(t.Context(), gidOf(p.ID), catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: gidOf(p.Variants[0].ID), Price: catalog.Set(amount)}}}, noOptions)
		failed, ok := errors.AsType[*catalog.Error](err)
		if !ok || failed.Kind != catalog.ErrInvalid || len(failed.Fields) != 1 || failed.Fields[0].Field != "Variants.0.Price" {
			t.Errorf("%s: %v", amount, err)
		}
	}
	if n := len(server.Effects()); n > 0 {
		t.Errorf("%d changes", n)
	}
}

// TestHalfAnUpdateSaysWhichHalf: the variants are changed first, and what became
// of the product's own fields is said only where it is known.
func TestHalfAnUpdateSaysWhichHalf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault shopifytest.Fault
		says  string
		not   string
	}{
		"refused": {shopifytest.Fault{Status: 403, Body: `{"errors":"no"}`}, "the product's own fields not", "Confirm"},
		"lost":    {shopifytest.Fault{CutAfter: true}, "find out with Confirm", "own fields not"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, shopifytest.Config{})
			c.fault.Operation = "ProductUpdate"
			server.Inject(c.fault)
			p := server.Products()[0]
			_, err := e.UpdateProduct(t.Context(), gidOf(p.ID), catalog.ProductPatch{Title: catalog.Set("u"), Variants: []catalog.VariantPatch{{ID: gidOf(p.Variants[0].ID), SKU: catalog.Set("s")}}}, noOptions)
			failed, ok := errors.AsType[*catalog.Error](err)
			if !ok || !strings.Contains(failed.Hint, "the variants were changed") || !strings.Contains(failed.Hint, c.says) || strings.Contains(failed.Hint, c.not) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestASubscriptionTakenMeanwhileIsTheOneWanted, or it is no success.
func TestASubscriptionTakenMeanwhileIsTheOneWanted(t *testing.T) {
	t.Parallel()
	wanted := catalog.Subscription{Topic: "orders/create", URL: "https://example.com/hooks", Name: "souk-orders"}
	for name, c := range map[string]struct {
		made catalog.Subscription
		kind catalog.Kind
	}{
		"it is":                  {wanted, ""},
		"it is but for its name": {catalog.Subscription{Topic: wanted.Topic, URL: wanted.URL, Name: "other"}, catalog.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, shopifytest.Config{})
			if _, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{c.made}); err != nil {
				t.Fatal(err)
			}
			server.Inject(shopifytest.Fault{Operation: "Subscriptions", SetAt: "data.webhookSubscriptions.nodes", SetTo: "[]"})
			if _, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{wanted}); catalog.KindOf(err) != c.kind {
				t.Errorf("got %v, want %q", err, c.kind)
			}
		})
	}
}
