package shopify_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/shopify"
)

// TestTheRulesOfWritesCanFail builds a fault into the adapter and holds that
// the matching rule says so.
func TestTheRulesOfWritesCanFail(t *testing.T) {
	t.Parallel()
	h := harness()
	h.FaultRuns = 120
	catalogtest.Wrecks(t, h, writeWrecks)
}

type (
	noter       struct{ *shopify.Engine }
	deaf        struct{ *shopify.Engine }
	confirms    struct{ *shopify.Engine }
	forgetful   struct{ *shopify.Engine }
	lingering   struct{ *shopify.Engine }
	public      struct{ *shopify.Engine }
	stubborn    struct{ *shopify.Engine }
	sparing     struct{ *shopify.Engine }
	zeroing     struct{ *shopify.Engine }
	trusting    struct{ *shopify.Engine }
	archiving   struct{ *shopify.Engine }
	generous    struct{ *shopify.Engine }
	blind       struct{ *shopify.Engine }
	sweeping    struct{ *shopify.Engine }
	idle        struct{ *shopify.Engine }
	replacing   struct{ *shopify.Engine }
	wholesale   struct{ *shopify.Engine }
	linkless    struct{ *shopify.Engine }
	openHanded  struct{ *shopify.Engine }
	overwriting struct{ *shopify.Engine }
	renewing    struct{ *shopify.Engine }
	topical     struct{ *shopify.Engine }
	lossy       struct{ *shopify.Engine }
	swallowing  struct{ *shopify.Engine }
)

var writeWrecks = map[string]catalogtest.Wreck[*shopify.Engine]{
	"says done and does nothing":        {Rule: "each write changes the store once", Says: "counts 0 effects", Engine: func(e *shopify.Engine) catalog.Engine { return noter{e} }},
	"takes a lost answer for a success": {Rule: "a write whose answer is lost or spoilt tells the truth", Says: "nothing was changed", Engine: func(e *shopify.Engine) catalog.Engine { return deaf{e} }},
	"confirms whatever happened":        {Rule: "confirming is right when a merchant did the same meanwhile", Says: "of what somebody else did", Engine: func(e *shopify.Engine) catalog.Engine { return confirms{e} }},
	"forgets the caller's key":          {Rule: "a write repeated with its key is made once", Says: "effects of three times", Engine: func(e *shopify.Engine) catalog.Engine { return forgetful{e} }},
	"does not end with its context":     {Rule: "a write whose context ends says so and that its outcome is unknown", Says: "is not the context's error", Engine: func(e *shopify.Engine) catalog.Engine { return lingering{e} }},
	"drops an option":                   {Rule: "an option the platform does not have is refused before anything is sent", Says: "want errors.ErrUnsupported", Engine: func(e *shopify.Engine) catalog.Engine { return public{e} }},
	"repeats blindly":                   {Rule: "random faults never double a write", Says: "2 effects of one write", Engine: func(e *shopify.Engine) catalog.Engine { return stubborn{e} }},
	"loses a field of a new product":    {Rule: "a created product is as it was asked for", Says: "returned", Engine: func(e *shopify.Engine) catalog.Engine { return sparing{e} }},
	"writes zero values":                {Rule: "random partial updates change what they name and nothing else", Says: "Vendor", Engine: func(e *shopify.Engine) catalog.Engine { return zeroing{e} }},
	"passes over what is wrong":         {Rule: "a bad product is refused and nothing is changed", Says: "no error", Engine: func(e *shopify.Engine) catalog.Engine { return trusting{e} }},
	"archives in place of deleting":     {Rule: "a deleted product is gone", Says: "still on the server", Engine: func(e *shopify.Engine) catalog.Engine { return archiving{e} }},
	"sets one more":                     {Rule: "stock that is set or adjusted is read so", Says: "read as 42", Engine: func(e *shopify.Engine) catalog.Engine { return generous{e} }},
	"overwrites what it should compare": {Rule: "a level that somebody changed is a conflict and stays", Says: "no error", Engine: func(e *shopify.Engine) catalog.Engine { return blind{e} }},
	"fails the whole batch":             {Rule: "of a batch only the bad items fail", Says: "want a *catalog.BatchError", Engine: func(e *shopify.Engine) catalog.Engine { return sweeping{e} }},
	"cancels nothing":                   {Rule: "a cancelled order is cancelled and cannot be so again", Says: "the order is", Engine: func(e *shopify.Engine) catalog.Engine { return idle{e} }},
	"replaces the note":                 {Rule: "notes add up", Says: "neither on the order", Engine: func(e *shopify.Engine) catalog.Engine { return replacing{e} }},
	"ships everything":                  {Rule: "an order is shipped in parts and no further", Says: "no error", Engine: func(e *shopify.Engine) catalog.Engine { return wholesale{e} }},
	"loses the link":                    {Rule: "tracking that is updated is read so", Says: "read as", Engine: func(e *shopify.Engine) catalog.Engine { return linkless{e} }},
	"refunds too much without a word":   {Rule: "a refund gives back what it says and no more than was paid", Says: "no error", Engine: func(e *shopify.Engine) catalog.Engine { return openHanded{e} }},
	"empties what is not named":         {Rule: "customers are created, found and changed only where named", Says: "after changing the last name", Engine: func(e *shopify.Engine) catalog.Engine { return overwriting{e} }},
	"subscribes anew each time":         {Rule: "ensuring subscriptions twice changes nothing the second time", Says: "the second time changed", Engine: func(e *shopify.Engine) catalog.Engine { return renewing{e} }},
	"looks at topics alone":             {Rule: "ensuring subscriptions repairs what was damaged", Says: "were damaged", Engine: func(e *shopify.Engine) catalog.Engine { return topical{e} }},
	"exports all but one":               {Rule: "an export yields what the list yields", Says: "missing", Engine: func(e *shopify.Engine) catalog.Engine { return lossy{e} }},
	"ends a cut export quietly":         {Rule: "an export that is cut is no success", Says: "and no error", Engine: func(e *shopify.Engine) catalog.Engine { return swallowing{e} }},
}

func (w noter) AddOrderNote(context.Context, string, catalog.NoteInput, catalog.WriteOptions) error {
	return nil
}

func (w deaf) AddOrderNote(ctx context.Context, id string, n catalog.NoteInput, o catalog.WriteOptions) error {
	if err := w.Engine.AddOrderNote(ctx, id, n, o); !errors.Is(err, catalog.ErrOutcomeUnknown) {
		return err
	}
	return nil
}

func (w confirms) Fulfill(ctx context.Context, id string, r catalog.FulfillRequest, o catalog.WriteOptions) ([]catalog.Fulfillment, error) {
	made, err := w.Engine.Fulfill(ctx, id, r, o)
	if lost, ok := errors.AsType[*catalog.OutcomeError](err); ok {
		lost.Confirm = func(context.Context) (catalog.Outcome, error) { return catalog.OutcomeDone, nil }
	}
	return made, err
}

func (w forgetful) AdjustInventory(ctx context.Context, d []catalog.InventoryDelta, _ catalog.WriteOptions) error {
	return w.Engine.AdjustInventory(ctx, d, catalog.WriteOptions{})
}

func (w lingering) CancelOrder(ctx context.Context, id string, r catalog.CancelRequest, o catalog.WriteOptions) error {
	if ctx.Err() != nil {
		return w.Engine.CancelOrder(ctx, id, r, o)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	return w.Engine.CancelOrder(ctx, id, r, o)
}

func (w public) AddOrderNote(ctx context.Context, id string, n catalog.NoteInput, o catalog.WriteOptions) error {
	return w.Engine.AddOrderNote(ctx, id, catalog.NoteInput{Text: n.Text}, o)
}

func (w stubborn) Fulfill(ctx context.Context, id string, r catalog.FulfillRequest, o catalog.WriteOptions) ([]catalog.Fulfillment, error) {
	made, err := w.Engine.Fulfill(ctx, id, r, o)
	if errors.Is(err, catalog.ErrOutcomeUnknown) {
		return w.Engine.Fulfill(ctx, id, r, o)
	}
	return made, err
}

func (w sparing) CreateProduct(ctx context.Context, in catalog.ProductInput, o catalog.WriteOptions) (catalog.Product, error) {
	in.Description = ""
	return w.Engine.CreateProduct(ctx, in, o)
}

func (w zeroing) UpdateProduct(ctx context.Context, id string, p catalog.ProductPatch, o catalog.WriteOptions) (catalog.Product, error) {
	if _, named := p.Vendor.Get(); !named {
		p.Vendor = catalog.Set("")
	}
	return w.Engine.UpdateProduct(ctx, id, p, o)
}

func (w trusting) UpdateProduct(ctx context.Context, id string, p catalog.ProductPatch, o catalog.WriteOptions) (catalog.Product, error) {
	made, err := w.Engine.UpdateProduct(ctx, id, p, o)
	if errors.Is(err, catalog.ErrInvalid) {
		return made, nil
	}
	return made, err
}

func (w archiving) DeleteProduct(ctx context.Context, id string, o catalog.WriteOptions) error {
	_, err := w.UpdateProduct(ctx, id, catalog.ProductPatch{Status: catalog.Set(catalog.ProductArchived)}, o)
	return err
}

func (w generous) SetInventory(ctx context.Context, levels []catalog.InventorySet, o catalog.WriteOptions) error {
	for i := range levels {
		n, _ := levels[i].Available.Int()
		levels[i].Available = catalog.NewQuantity(n + 1)
	}
	return w.Engine.SetInventory(ctx, levels, o)
}

func (w blind) SetInventory(ctx context.Context, levels []catalog.InventorySet, o catalog.WriteOptions) error {
	for i := range levels {
		levels[i].Expected = nil
	}
	return w.Engine.SetInventory(ctx, levels, o)
}

func (w sweeping) SetInventory(ctx context.Context, levels []catalog.InventorySet, o catalog.WriteOptions) error {
	if err := w.Engine.SetInventory(ctx, levels, o); err != nil {
		return &catalog.Error{Platform: shopify.Platform, Op: "set inventory", Kind: catalog.ErrInvalid}
	}
	return nil
}

func (w idle) CancelOrder(context.Context, string, catalog.CancelRequest, catalog.WriteOptions) error {
	return nil
}

func (w replacing) AddOrderNote(ctx context.Context, id string, n catalog.NoteInput, _ catalog.WriteOptions) error {
	_, err := w.GraphQL(ctx, `mutation Note($input: OrderInput!) { orderUpdate(input: $input) { userErrors { message } } }`,
		map[string]any{"input": map[string]any{"id": "gid://shopify/Order/" + id, "note": n.Text}})
	return err
}

func (w wholesale) Fulfill(ctx context.Context, id string, r catalog.FulfillRequest, o catalog.WriteOptions) ([]catalog.Fulfillment, error) {
	r.Lines = nil
	return w.Engine.Fulfill(ctx, id, r, o)
}

func (w linkless) UpdateTracking(ctx context.Context, order, id string, all []catalog.Tracking, notify bool, o catalog.WriteOptions) error {
	return w.Engine.UpdateTracking(ctx, order, id, []catalog.Tracking{{Company: all[0].Company, Number: all[0].Number}}, notify, o)
}

func (w openHanded) Refund(ctx context.Context, id string, r catalog.RefundRequest, o catalog.WriteOptions) (catalog.Refund, error) {
	made, err := w.Engine.Refund(ctx, id, r, o)
	if errors.Is(err, catalog.ErrInvalid) && !r.Amount.IsZero() {
		return made, nil
	}
	return made, err
}

func (w overwriting) UpdateCustomer(ctx context.Context, id string, p catalog.CustomerPatch, o catalog.WriteOptions) (catalog.Customer, error) {
	p.FirstName = catalog.Set("")
	return w.Engine.UpdateCustomer(ctx, id, p, o)
}

func (w renewing) EnsureSubscriptions(ctx context.Context, desired []catalog.Subscription) (catalog.SubscriptionChanges, error) {
	if _, err := w.Engine.EnsureSubscriptions(ctx, nil); err != nil {
		return catalog.SubscriptionChanges{}, err
	}
	return w.Engine.EnsureSubscriptions(ctx, desired)
}

func (w topical) EnsureSubscriptions(ctx context.Context, desired []catalog.Subscription) (catalog.SubscriptionChanges, error) {
	present, err := w.Subscriptions(ctx)
	if err == nil && len(present) > 0 {
		return catalog.SubscriptionChanges{}, nil
	}
	return w.Engine.EnsureSubscriptions(ctx, desired)
}

func (w lossy) ExportProducts(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	return func(yield func(catalog.Product, error) bool) {
		n := 0
		for p, err := range w.Engine.ExportProducts(ctx, q) {
			if n++; n != 3 && !yield(p, err) {
				return
			}
		}
	}
}

func (w swallowing) ExportProducts(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	return func(yield func(catalog.Product, error) bool) {
		for p, err := range w.Engine.ExportProducts(ctx, q) {
			if err != nil || !yield(p, nil) {
				return
			}
		}
	}
}
