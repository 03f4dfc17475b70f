package woocommerce_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/woocommerce"
)

// TestTheRulesOfWritesCanFail builds a fault that WooCommerce invites to into
// the adapter and holds that the matching rule says so.
func TestTheRulesOfWritesCanFail(t *testing.T) {
	t.Parallel()
	h := harness("https://shop.example.test")
	h.FaultRuns = 120
	of := h.New
	h.New = func(t testing.TB, o catalogtest.Options) *catalogtest.Store { return of(lenient{t}, o) }
	catalogtest.Wrecks(t, h, writeWrecks)
}

// lenient hears nothing of what the server complains of: the rules are to.
type lenient struct{ testing.TB }

func (lenient) Errorf(string, ...any) {}

type (
	trashing  struct{ *woocommerce.Engine }
	uncounted struct{ *woocommerce.Engine }
	batching  struct{ *woocommerce.Engine }
	comma     struct{ *woocommerce.Engine }
	defaulted struct{ *woocommerce.Engine }
	insistent struct{ *woocommerce.Engine }
	greedy    struct{ *woocommerce.Engine }
)

var writeWrecks = map[string]catalogtest.Wreck[*woocommerce.Engine]{
	"moves to the trash in place of deleting": {Rule: "a deleted product is gone", Says: "reading it", Engine: func(e *woocommerce.Engine) catalog.Engine { return trashing{e} }},
	"sets a quantity that is not counted":     {Rule: "of a batch only the bad items fail", Says: "want", Engine: func(e *woocommerce.Engine) catalog.Engine { return uncounted{e} }},
	"cancels by a batch that checks nothing":  {Rule: "a cancelled order is cancelled and cannot be so again", Says: "the order is", Engine: func(e *woocommerce.Engine) catalog.Engine { return batching{e} }},
	"writes decimals with a comma":            {Rule: "random partial updates change what they name and nothing else", Says: "Price", Engine: func(e *woocommerce.Engine) catalog.Engine { return comma{e} }},
	"has the store work a refund out":         {Rule: "a refund gives back what it says and no more than was paid", Says: "the order says", Engine: func(e *woocommerce.Engine) catalog.Engine { return defaulted{e} }},
	"notes again when the answer is lost":     {Rule: "random faults never double a write", Says: "2 effects of one write", Engine: func(e *woocommerce.Engine) catalog.Engine { return insistent{e} }},
	"takes the store's webhooks for its own":  {Rule: "ensuring subscriptions twice changes nothing the second time", Says: "somebody else's subscription was touched", Engine: func(e *woocommerce.Engine) catalog.Engine { return greedy{e} }},
}

func call(ctx context.Context, e *woocommerce.Engine, method, path string, body any) error {
	_, err := e.Do(ctx, catalog.RESTRequest{Method: method, Path: path, Body: body})
	return err
}

func (w trashing) DeleteProduct(ctx context.Context, id string, o catalog.WriteOptions) error {
	if _, err := w.Product(ctx, id); err != nil {
		return err
	}
	return call(ctx, w.Engine, http.MethodDelete, "/products/"+id, nil)
}

func (w uncounted) SetInventory(ctx context.Context, levels []catalog.InventorySet, o catalog.WriteOptions) error {
	var items []any
	for _, l := range levels {
		n, _ := l.Available.Int()
		items = append(items, map[string]any{"id": l.ItemID, "stock_quantity": n})
	}
	return call(ctx, w.Engine, http.MethodPost, "/products/batch", map[string]any{"update": items})
}

func (w batching) CancelOrder(ctx context.Context, id string, r catalog.CancelRequest, o catalog.WriteOptions) error {
	return call(ctx, w.Engine, http.MethodPost, "/orders/batch", map[string]any{"update": []any{map[string]any{"id": id, "status": "canceled"}}})
}

func (w comma) UpdateProduct(ctx context.Context, id string, p catalog.ProductPatch, o catalog.WriteOptions) (catalog.Product, error) {
	made, err := w.Engine.UpdateProduct(ctx, id, p, o)
	for _, v := range p.Variants {
		price, ok := v.Price.Get()
		if !ok || err != nil {
			continue
		}
		path := "/products/" + id
		if v.ID != id {
			path += "/variations/" + v.ID
		}
		if err := call(ctx, w.Engine, http.MethodPut, path, map[string]any{"regular_price": strings.ReplaceAll(price.Amount(), ".", ",")}); err != nil {
			return made, err
		}
	}
	return made, err
}

// defaulted leaves out what the store then takes for true, and the sum.
func (w defaulted) Refund(ctx context.Context, id string, r catalog.RefundRequest, o catalog.WriteOptions) (catalog.Refund, error) {
	if len(r.Lines) == 0 {
		return w.Engine.Refund(ctx, id, r, o)
	}
	var lines []any
	for _, l := range r.Lines {
		n, _ := l.Quantity.Int()
		lines = append(lines, map[string]any{"id": l.LineItemID, "quantity": n, "refund_total": 0})
	}
	if err := call(ctx, w.Engine, http.MethodPost, "/orders/"+id+"/refunds", map[string]any{"line_items": lines}); err != nil {
		return catalog.Refund{}, err
	}
	order, err := w.Order(ctx, id)
	return order.Refunds[len(order.Refunds)-1], err
}

func (w insistent) AddOrderNote(ctx context.Context, id string, n catalog.NoteInput, o catalog.WriteOptions) error {
	err := w.Engine.AddOrderNote(ctx, id, n, o)
	if errors.Is(err, catalog.ErrOutcomeUnknown) && ctx.Err() == nil {
		return w.Engine.AddOrderNote(ctx, id, n, o)
	}
	return err
}

func (w greedy) EnsureSubscriptions(ctx context.Context, wanted []catalog.Subscription) (catalog.SubscriptionChanges, error) {
	if len(wanted) == 0 {
		for n := range 200 { // ids are small
			_, _ = w.Do(ctx, catalog.RESTRequest{Method: http.MethodDelete, Path: "/webhooks/" + id(int64(n+1)), Query: url.Values{"force": {"true"}}})
		}
	}
	return w.Engine.EnsureSubscriptions(ctx, wanted)
}
