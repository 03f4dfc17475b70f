package bigcommerce_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

// TestTheRulesFindWhatGoesWrongHere builds the mistakes into the adapter that
// BigCommerce's API invites, and holds that a rule of writes says so.
func TestTheRulesFindWhatGoesWrongHere(t *testing.T) {
	t.Parallel()
	h := harness()
	h.FaultRuns = 120
	catalogtest.Wrecks(t, h, writeWrecks)
}

type (
	trusting  struct{ *bigcommerce.Engine }
	replacing struct{ *bigcommerce.Engine }
	archiving struct{ *bigcommerce.Engine }
	blind     struct{ *bigcommerce.Engine }
	emptying  struct{ *bigcommerce.Engine }
	wholesale struct{ *bigcommerce.Engine }
	stubborn  struct{ *bigcommerce.Engine }
)

var writeWrecks = map[string]catalogtest.Wreck[*bigcommerce.Engine]{
	"takes a quote that was cut":      {Rule: "a refund gives back what it says and no more than was paid", Says: "no error", Engine: func(e *bigcommerce.Engine) catalog.Engine { return trusting{e} }},
	"replaces the staff notes":        {Rule: "notes add up", Says: "neither on the order", Engine: func(e *bigcommerce.Engine) catalog.Engine { return replacing{e} }},
	"archives in place of cancelling": {Rule: "a cancelled order is cancelled and cannot be so again", Says: "the order is", Engine: func(e *bigcommerce.Engine) catalog.Engine { return archiving{e} }},
	"leaves what was switched off":    {Rule: "ensuring subscriptions repairs what was damaged", Says: "were damaged", Engine: func(e *bigcommerce.Engine) catalog.Engine { return blind{e} }},
	"sends lists with each update":    {Rule: "random partial updates change what they name and nothing else", Says: "Categories", Engine: func(e *bigcommerce.Engine) catalog.Engine { return emptying{e} }},
	"lets one level cost the batch":   {Rule: "of a batch only the bad items fail", Says: "want a *catalog.BatchError", Engine: func(e *bigcommerce.Engine) catalog.Engine { return wholesale{e} }},
	"posts a shipment a second time":  {Rule: "random faults never double a write", Says: "2 effects of one write", Engine: func(e *bigcommerce.Engine) catalog.Engine { return stubborn{e} }},
}

func (w trusting) Refund(ctx context.Context, order string, r catalog.RefundRequest, o catalog.WriteOptions) (catalog.Refund, error) {
	made, err := w.Engine.Refund(ctx, order, r, o)
	if errors.Is(err, catalog.ErrInvalid) && strings.Contains(err.Error(), "would give back") {
		return made, nil
	}
	return made, err
}

func (w replacing) AddOrderNote(ctx context.Context, id string, n catalog.NoteInput, _ catalog.WriteOptions) error {
	_, err := w.Do(ctx, catalog.RESTRequest{Method: http.MethodPut, Path: "/v2/orders/" + id, Body: map[string]any{"staff_notes": n.Text}})
	return err
}

func (w archiving) CancelOrder(ctx context.Context, id string, _ catalog.CancelRequest, _ catalog.WriteOptions) error {
	_, err := w.Do(ctx, catalog.RESTRequest{Method: http.MethodDelete, Path: "/v2/orders/" + id})
	return err
}

func (w blind) EnsureSubscriptions(ctx context.Context, desired []catalog.Subscription) (catalog.SubscriptionChanges, error) {
	present, err := w.Subscriptions(ctx)
	if err == nil && len(present) > 0 && !present[0].Active {
		return catalog.SubscriptionChanges{}, nil
	}
	return w.Engine.EnsureSubscriptions(ctx, desired)
}

func (w emptying) UpdateProduct(ctx context.Context, id string, p catalog.ProductPatch, o catalog.WriteOptions) (catalog.Product, error) {
	if _, err := w.Do(ctx, catalog.RESTRequest{Method: http.MethodPut, Path: "/v3/catalog/products/" + id, Body: map[string]any{"categories": []int{}}}); err != nil {
		return catalog.Product{}, err
	}
	return w.Engine.UpdateProduct(ctx, id, p, o)
}

func (w wholesale) SetInventory(ctx context.Context, levels []catalog.InventorySet, _ catalog.WriteOptions) error {
	var items []any
	for _, l := range levels {
		item, _ := strconv.Atoi(l.ItemID)
		location, _ := strconv.Atoi(l.LocationID)
		n, _ := l.Available.Int()
		items = append(items, map[string]any{"variant_id": item, "location_id": location, "quantity": n})
	}
	_, err := w.Do(ctx, catalog.RESTRequest{Method: http.MethodPut, Path: "/v3/inventory/adjustments/absolute", Body: map[string]any{"reason": "r", "items": items}})
	return err
}

func (w stubborn) Fulfill(ctx context.Context, id string, r catalog.FulfillRequest, o catalog.WriteOptions) ([]catalog.Fulfillment, error) {
	made, err := w.Engine.Fulfill(ctx, id, r, o)
	if errors.Is(err, catalog.ErrOutcomeUnknown) {
		return w.Engine.Fulfill(ctx, id, r, o)
	}
	return made, err
}
