package salla_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/salla"
)

// TestTheRulesSeeWhatIsWrongOnSalla builds into the adapter what Salla in
// particular leads to, and holds that a rule says so.
func TestTheRulesSeeWhatIsWrongOnSalla(t *testing.T) {
	t.Parallel()
	catalogtest.Wrecks(t, harness(), map[string]catalogtest.Wreck[*salla.Engine]{
		"takes the 201 of the queue for its end":      {Rule: "stock that is set or adjusted is read so", Says: "read as", Engine: func(e *salla.Engine) catalog.Engine { return hasty{e} }},
		"overwrites stock in place of adding":         {Rule: "confirming is right when a merchant did the same meanwhile", Says: "of what somebody else did", Engine: func(e *salla.Engine) catalog.Engine { return overwriting{e} }},
		"writes all that a variant's schema asks for": {Rule: "random partial updates change what they name and nothing else", Says: "Quantity", Engine: func(e *salla.Engine) catalog.Engine { return complete{e} }},
		"cancels once more what is cancelled":         {Rule: "a cancelled order is cancelled and cannot be so again", Says: "no error", Engine: func(e *salla.Engine) catalog.Engine { return insistent{e} }},
		"takes a shipment it asked for as shipped":    {Rule: "an order is shipped in parts and no further", Says: "the shipment is", Engine: func(e *salla.Engine) catalog.Engine { return unmarked{e} }},
		"removes webhooks by their address":           {Rule: "ensuring subscriptions twice changes nothing the second time", Says: "somebody else's", Engine: func(e *salla.Engine) catalog.Engine { return sweeping{e} }},
	})
}

type (
	hasty       struct{ *salla.Engine }
	overwriting struct{ *salla.Engine }
	complete    struct{ *salla.Engine }
	insistent   struct{ *salla.Engine }
	unmarked    struct{ *salla.Engine }
	sweeping    struct{ *salla.Engine }
)

func (w hasty) SetInventory(ctx context.Context, levels []catalog.InventorySet, o catalog.WriteOptions) error {
	if len(levels) != 1 {
		return w.Engine.SetInventory(ctx, levels, o)
	}
	n, _ := levels[0].Available.Int()
	kind, id, _ := strings.Cut(levels[0].ItemID, "-")
	_, err := w.Do(ctx, catalog.RESTRequest{Method: "POST", Path: "/products/quantities/bulk", Body: map[string]any{"products": []any{map[string]any{
		"identifer_type": map[string]string{"product": "id", "variant": "variant_id"}[kind], "identifer": id, "quantity": n}}}})
	return err
}

func (w overwriting) AdjustInventory(ctx context.Context, deltas []catalog.InventoryDelta, o catalog.WriteOptions) error {
	var levels []catalog.InventorySet
	for _, d := range deltas {
		for l, err := range w.InventoryLevels(ctx, catalog.InventoryQuery{ItemIDs: []string{d.ItemID}}) {
			if err != nil {
				return err
			}
			now, _ := l.Available.Int()
			more, _ := d.Delta.Int()
			levels = append(levels, catalog.InventorySet{ItemID: d.ItemID, Available: catalog.NewQuantity(now + more)})
		}
	}
	return w.Engine.SetInventory(ctx, levels, o)
}

func (w complete) UpdateProduct(ctx context.Context, id string, p catalog.ProductPatch, o catalog.WriteOptions) (catalog.Product, error) {
	for _, v := range p.Variants {
		if v.ID != id {
			_, _ = w.Do(ctx, catalog.RESTRequest{Method: "PUT", Path: "/products/variants/" + v.ID, Body: map[string]any{"stock_quantity": 0}})
		}
	}
	return w.Engine.UpdateProduct(ctx, id, p, o)
}

func (w insistent) CancelOrder(ctx context.Context, id string, r catalog.CancelRequest, o catalog.WriteOptions) error {
	if err := w.Engine.CancelOrder(ctx, id, r, o); !errors.Is(err, catalog.ErrConflict) {
		return err
	}
	_, err := w.Do(ctx, catalog.RESTRequest{Method: "POST", Path: "/orders/" + id + "/status", Body: map[string]any{"slug": "canceled", "restore_items": r.Restock}})
	return err
}

func (w unmarked) Fulfill(ctx context.Context, id string, r catalog.FulfillRequest, o catalog.WriteOptions) ([]catalog.Fulfillment, error) {
	made, err := w.Engine.Fulfill(ctx, id, r, o)
	for i := range made {
		made[i].Tracking = nil
	}
	return made, err
}

func (w sweeping) EnsureSubscriptions(ctx context.Context, desired []catalog.Subscription) (catalog.SubscriptionChanges, error) {
	if len(desired) == 0 {
		all, err := w.Do(ctx, catalog.RESTRequest{Path: "/webhooks"})
		if err == nil && strings.Contains(string(all.Body), "other.example") {
			_, err = w.Do(ctx, catalog.RESTRequest{Method: "DELETE", Path: "/webhooks/unsubscribe", Query: map[string][]string{"url": {"https://other.example/hooks"}}})
		}
		if err != nil {
			return catalog.SubscriptionChanges{}, err
		}
	}
	return w.Engine.EnsureSubscriptions(ctx, desired)
}
