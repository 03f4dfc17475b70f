package magento_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/magento"
)

// TestTheRulesOfWritesCanFail builds the mistakes that Magento invites into the
// adapter and holds that the matching rule says so.
func TestTheRulesOfWritesCanFail(t *testing.T) {
	t.Parallel()
	h := harness()
	h.FaultRuns = 120
	catalogtest.Wrecks(t, h, writeWrecks)
}

type (
	trusting  struct{ *magento.Engine }
	upserting struct{ *magento.Engine }
	unmarked  struct{ *magento.Engine }
	generous  struct{ *magento.Engine }
	grasping  struct{ *magento.Engine }
	stubborn  struct{ *magento.Engine }
	piling    struct{ *magento.Engine }
	short     struct{ *magento.Engine }
)

var writeWrecks = map[string]catalogtest.Wreck[*magento.Engine]{
	"takes false for a cancellation":     {Rule: "a cancelled order is cancelled and cannot be so again", Says: "no error", Engine: func(e *magento.Engine) catalog.Engine { return trusting{e} }},
	"sets the stock of SKUs nobody has":  {Rule: "of a batch only the bad items fail", Says: "want a *catalog.BatchError", Engine: func(e *magento.Engine) catalog.Engine { return upserting{e} }},
	"confirms by the lines alone":        {Rule: "confirming is right when a merchant did the same meanwhile", Says: "of what somebody else did", Engine: func(e *magento.Engine) catalog.Engine { return unmarked{e} }},
	"refunds all where no line is named": {Rule: "a refund gives back what it says and no more than was paid", Says: "refunds of", Engine: func(e *magento.Engine) catalog.Engine { return generous{e} }},
	"manages everybody's subscriptions":  {Rule: "ensuring subscriptions twice changes nothing the second time", Says: "somebody else's", Engine: func(e *magento.Engine) catalog.Engine { return grasping{e} }},
	"repeats a shipment that was lost":   {Rule: "random faults never double a write", Says: "2 effects of one write", Engine: func(e *magento.Engine) catalog.Engine { return stubborn{e} }},
	"adds tracks to those there are":     {Rule: "tracking that is updated is read so", Says: "read as", Engine: func(e *magento.Engine) catalog.Engine { return piling{e} }},
	"leaves out the last window":         {Rule: "an export yields what the list yields", Says: "missing", Engine: func(e *magento.Engine) catalog.Engine { return short{e} }},
}

func (w trusting) CancelOrder(ctx context.Context, id string, r catalog.CancelRequest, o catalog.WriteOptions) error {
	if err := w.Engine.CancelOrder(ctx, id, r, o); !errors.Is(err, catalog.ErrConflict) {
		return err
	}
	return nil
}

func (w upserting) SetInventory(ctx context.Context, levels []catalog.InventorySet, _ catalog.WriteOptions) error {
	var items []any
	for _, l := range levels {
		items = append(items, map[string]any{"sku": l.ItemID, "source_code": l.LocationID, "quantity": l.Available, "status": 1})
	}
	_, err := w.Do(ctx, catalog.RESTRequest{Method: "POST", Path: "/inventory/source-items", Body: map[string]any{"sourceItems": items}})
	return err
}

func (w unmarked) Fulfill(ctx context.Context, id string, r catalog.FulfillRequest, o catalog.WriteOptions) ([]catalog.Fulfillment, error) {
	made, err := w.Engine.Fulfill(ctx, id, r, o)
	if lost, ok := errors.AsType[*catalog.OutcomeError](err); ok {
		lost.Confirm = func(ctx context.Context) (catalog.Outcome, error) {
			o, err := w.Order(ctx, id)
			if err == nil && len(o.Fulfillments) > 0 {
				return catalog.OutcomeDone, nil
			}
			return catalog.OutcomeNotDone, err
		}
	}
	return made, err
}

func (w generous) Refund(ctx context.Context, id string, r catalog.RefundRequest, o catalog.WriteOptions) (catalog.Refund, error) {
	if len(r.Lines) > 0 || r.Amount.IsZero() {
		return w.Engine.Refund(ctx, id, r, o)
	}
	made, err := w.Engine.Refund(ctx, id, r, o)
	if err == nil { // the shop gives back the shipping too
		_, err = w.Engine.Refund(ctx, id, catalog.RefundRequest{Shipping: true}, o)
	}
	return made, err
}

func (w grasping) EnsureSubscriptions(ctx context.Context, desired []catalog.Subscription) (catalog.SubscriptionChanges, error) {
	r, err := w.Do(ctx, catalog.RESTRequest{Path: "/async_events", Query: map[string][]string{"searchCriteria[pageSize]": {"50"}}})
	if err != nil {
		return catalog.SubscriptionChanges{}, err
	}
	for id := range strings.SplitSeq(string(r.Body), `"subscription_id":`) {
		id, rest, _ := strings.Cut(id, ",")
		if strings.Contains(rest, "other.example.com") {
			if _, err := w.Do(ctx, catalog.RESTRequest{Method: "PUT", Path: "/async_event/" + id, Body: map[string]any{"asyncEvent": map[string]any{"subscription_id": json.Number(id), "status": false}}}); err != nil {
				return catalog.SubscriptionChanges{}, err
			}
		}
	}
	return w.Engine.EnsureSubscriptions(ctx, desired)
}

func (w stubborn) Fulfill(ctx context.Context, id string, r catalog.FulfillRequest, o catalog.WriteOptions) ([]catalog.Fulfillment, error) {
	made, err := w.Engine.Fulfill(ctx, id, r, o)
	if errors.Is(err, catalog.ErrOutcomeUnknown) {
		return w.Engine.Fulfill(ctx, id, r, o)
	}
	return made, err
}

func (w piling) UpdateTracking(ctx context.Context, order, shipment string, all []catalog.Tracking, notify bool, o catalog.WriteOptions) error {
	return w.Engine.UpdateTracking(ctx, order, shipment, append(all, catalog.Tracking{Company: "DHL", Number: "before"}), notify, o)
}

func (w short) ExportProducts(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	all, err := catalog.Collect(w.Engine.ExportProducts(ctx, q))
	return func(yield func(catalog.Product, error) bool) {
		for _, p := range all[:len(all)/2] {
			if !yield(p, nil) {
				return
			}
		}
		if err != nil {
			yield(catalog.Product{}, err)
		}
	}
}
