package salla_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

func whole(n int) catalog.Quantity { return catalog.NewQuantity(int64(n)) }

// TestStockIsQueuedAndWaitedFor: the 201 comes before anything is done.
func TestStockIsQueuedAndWaitedFor(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{QueueRequests: 9})
	one, several := simple(t, server), varied(t, server)
	items := []string{"product-" + id(one.ID), "variant-" + id(several.Variants[0].ID)}
	if err := e.SetInventory(t.Context(), []catalog.InventorySet{{ItemID: items[0], Available: whole(41)}, {ItemID: items[1], Available: whole(42)}}, noOptions); err != nil {
		t.Fatal(err)
	}
	if n := len(server.Effects()); n != 2 {
		t.Errorf("it returned after %d changes, want 2", n)
	}
	if err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{{ItemID: items[0], Delta: whole(-1)}, {ItemID: items[1], Delta: whole(2)}}, noOptions); err != nil {
		t.Fatal(err)
	}
	left := map[string]int{}
	for _, q := range server.Quantities() {
		left[wantLevel(q).ItemID] = q.Quantity
	}
	if left[items[0]] != 40 || left[items[1]] != 44 {
		t.Errorf("left are %d and %d, want 40 and 44", left[items[0]], left[items[1]])
	}
	for _, c := range server.Calls() {
		if c.Method == "POST" && (!strings.Contains(c.Body, `"identifer_type":"variant_id"`) || !strings.Contains(c.Body, `"identifer":"`+id(one.ID)+`"`)) {
			t.Errorf("the body is %s", c.Body)
		}
	}
}

// TestQueuedStockThatNeverShowsIsNoSuccess: the queue may lose what it took.
func TestQueuedStockThatNeverShowsIsNoSuccess(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	p := simple(t, server)
	item := "product-" + id(p.ID)
	server.LoseQueued(1)
	delta := []catalog.InventoryDelta{{ItemID: item, Delta: whole(3)}}
	err := e.AdjustInventory(t.Context(), delta, noOptions)
	if !errors.Is(err, catalog.ErrOutcomeUnknown) {
		t.Fatalf("got %v", err)
	}
	if found := confirm(t, err); found != catalog.OutcomeNotDone {
		t.Errorf("Confirm says %q", found)
	}
	if err := e.AdjustInventory(t.Context(), delta, noOptions); err != nil {
		t.Fatal(err)
	}
	server.LoseQueued(1)
	err = e.SetInventory(t.Context(), []catalog.InventorySet{{ItemID: item, Available: whole(900)}}, noOptions)
	if !errors.Is(err, catalog.ErrOutcomeUnknown) || confirm(t, err) != catalog.OutcomeNotDone {
		t.Errorf("setting: %v", err)
	}
	if now := server.Product(p.ID); now.Quantity != p.Quantity+3 {
		t.Errorf("%d are left of %d and 3", now.Quantity, p.Quantity)
	}
}

// TestALostAdjustmentBesideASale: a sale explains a level that is not as it
// was, a merchant's change is not told from ours.
func TestALostAdjustmentBesideASale(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	p := simple(t, server)
	lost := func(cut sallatest.Cut, meanwhile func(*sallatest.Product)) catalog.Outcome {
		server.Inject(sallatest.Disconnect(cut).On("POST", "/products/quantities/bulk"))
		err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{{ItemID: "product-" + id(p.ID), Delta: whole(5)}}, noOptions)
		server.FinishQueued()
		if err := server.UpdateProduct(p.ID, meanwhile); err != nil {
			t.Error(err)
		}
		return confirm(t, err)
	}
	sale := func(p *sallatest.Product) { p.Quantity, p.Sold = p.Quantity-5, p.Sold+5 }
	if found := lost(sallatest.CutUnread, sale); found != catalog.OutcomeNotDone {
		t.Errorf("nothing happened but a sale: Confirm says %q", found)
	}
	if found := lost(sallatest.CutBefore, sale); found != catalog.OutcomeUnknown {
		t.Errorf("done, and a sale took as much: Confirm says %q", found)
	}
	if found := lost(sallatest.CutUnread, func(p *sallatest.Product) { p.Quantity += 5 }); found != catalog.OutcomeUnknown {
		t.Errorf("a merchant added as much: Confirm says %q", found)
	}
}

func TestStockOfABranch(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	p, branch := simple(t, server), server.Branches()[1]
	level := catalog.InventorySet{ItemID: "product-" + id(p.ID), LocationID: id(branch.ID), Available: whole(77)}
	if err := e.SetInventory(t.Context(), []catalog.InventorySet{level}, noOptions); err != nil {
		t.Fatal(err)
	}
	if err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{{ItemID: level.ItemID, LocationID: level.LocationID, Delta: whole(-7)}}, noOptions); err != nil {
		t.Fatal(err)
	}
	got, err := catalog.Collect(e.InventoryLevels(t.Context(), catalog.InventoryQuery{LocationID: level.LocationID, ItemIDs: []string{level.ItemID}}))
	if err != nil || len(got) != 1 || *got[0].Available != whole(70) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestABatchOfStockGoesInHundreds(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{Products: 260, Orders: -1, Customers: -1})
	var levels []catalog.InventorySet
	unlimited := -1
	for _, q := range server.Quantities() {
		if q.Unlimited && unlimited >= 0 {
			continue
		}
		if q.Unlimited {
			unlimited = len(levels)
		}
		levels = append(levels, catalog.InventorySet{ItemID: wantLevel(q).ItemID, Available: whole(q.Quantity + 1)})
		if len(levels) == 231 {
			break
		}
	}
	levels[5].ItemID = "product-" + id(varied(t, server).ID) // of which each variant has its own
	err := e.SetInventory(t.Context(), levels, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	want := map[int]catalog.Kind{5: catalog.ErrNotFound}
	if unlimited >= 0 {
		want[unlimited] = catalog.ErrConflict
	}
	if !ok || len(batch.Failed) != len(want) || batch.Total != 231 {
		t.Fatalf("got %v", err)
	}
	for i, kind := range want {
		if catalog.KindOf(batch.Failed[i]) != kind {
			t.Errorf("item %d: %v, want %q", i, batch.Failed[i], kind)
		}
	}
	if n := len(server.Effects()); n != 231-len(want) {
		t.Errorf("%d levels were set", n)
	}
	if n := sent(server, "POST", "/products/quantities/bulk"); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
	server.Inject(sallatest.Fault{Method: "POST", Path: "/products/quantities/bulk", Skip: 1, Status: 403, Body: `{"status":403,"success":false,"error":{"code":"error","message":"no"}}`})
	for i := range levels {
		levels[i].Available = whole(5000 + i)
	}
	err = e.SetInventory(t.Context(), levels, noOptions)
	if batch, ok = errors.AsType[*catalog.BatchError](err); !ok || batch.Failed[99] != nil || !errors.Is(batch.Failed[150], catalog.ErrForbidden) || !errors.Is(batch.Failed[230], catalog.ErrUnavailable) {
		t.Errorf("with the second call refused: %v", err)
	}
}

// TestRowsThatSallaRefusesAreSetAside: a 422 names rows, and nothing of the call
// was done.
func TestRowsThatSallaRefusesAreSetAside(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	server.Inject(sallatest.Invalid(map[string][]string{"products.1.quantity": {"too many"}}).On("POST", "/products/quantities/bulk"))
	var levels []catalog.InventorySet
	for _, q := range server.Quantities() {
		if !q.Unlimited && len(levels) < 3 {
			levels = append(levels, catalog.InventorySet{ItemID: wantLevel(q).ItemID, Available: whole(500)})
		}
	}
	err := e.SetInventory(t.Context(), levels, noOptions)
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 1 || !errors.Is(batch.Failed[1], catalog.ErrInvalid) || len(server.Effects()) != 2 {
		t.Errorf("%d changes, %v", len(server.Effects()), err)
	}
}

func TestStockThatCannotBe(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	p := simple(t, server)
	item := "product-" + id(p.ID)
	half, err := catalog.ParseQuantity("0.5")
	if err != nil {
		t.Fatal(err)
	}
	for name, level := range map[string]catalog.InventorySet{
		"a number for an item": {ItemID: id(p.ID)}, "a branch of no number": {ItemID: item, LocationID: "main"},
		"half a piece": {ItemID: item, Available: half}, "less than none": {ItemID: item, Available: whole(-1)},
	} {
		if err := e.SetInventory(t.Context(), []catalog.InventorySet{level}, noOptions); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{{ItemID: item, Delta: whole(-1 - p.Quantity)}}, noOptions); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("taking more than there is: %v", err)
	}
	if err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{{ItemID: item}}, noOptions); err != nil {
		t.Errorf("adding nothing: %v", err)
	}
	if n := sent(server, "POST", "/"); n > 0 {
		t.Errorf("%d writes were sent", n)
	}
}

// TestAnAdjustmentDoneInPartIsNoneToRepeat: the queue takes nothing from what is
// sold out meanwhile, and does the other rows.
func TestAnAdjustmentDoneInPartIsNoneToRepeat(t *testing.T) {
	t.Parallel()
	server, e := writer(t, sallatest.Config{})
	one, several := simple(t, server), varied(t, server)
	server.Inject(sallatest.Disconnect(sallatest.CutBefore).On("POST", "/products/quantities/bulk"))
	err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{{ItemID: "product-" + id(one.ID), Delta: whole(-1)}, {ItemID: "variant-" + id(several.Variants[0].ID), Delta: whole(5)}}, noOptions)
	must(t, server.UpdateProduct(one.ID, func(p *sallatest.Product) { p.Quantity, p.Sold = 0, p.Sold+p.Quantity }))
	server.FinishQueued()
	if found := confirm(t, err); found != catalog.OutcomeUnknown {
		t.Errorf("Confirm says %q", found)
	}
}

// TestWhatDoesNotTellItsSalesIsNotJudgedByThem: the record of a variant has no
// sold_quantity, its product's counts the sales of all variants and a branch's
// row those of all branches, so a level that is as it was may be one that was
// adjusted and sold from.
func TestWhatDoesNotTellItsSalesIsNotJudgedByThem(t *testing.T) {
	t.Parallel()
	sell := func(pieces, sold int) func(*sallatest.Server, int64) error {
		return func(server *sallatest.Server, product int64) error {
			return server.UpdateProduct(product, func(p *sallatest.Product) {
				p.Quantity, p.Sold = p.Quantity-pieces, p.Sold+sold
				for i := range p.Variants[:min(1, len(p.Variants))] {
					v := &p.Variants[i]
					v.Quantity, v.Sold = v.Quantity-pieces, v.Sold+sold
				}
			})
		}
	}
	nothing := sell(0, 0)
	for name, c := range map[string]struct {
		variant, branch bool
		bare            bool // without a SKU
		delta           int
		cut             sallatest.Cut
		meanwhile       func(*sallatest.Server, int64) error
		want            catalog.Outcome
	}{
		"a variant, done and sold":              {true, false, false, 5, sallatest.CutBefore, sell(5, 5), catalog.OutcomeUnknown},
		"a variant, not done":                   {true, false, false, 5, sallatest.CutUnread, nothing, catalog.OutcomeNotDone},
		"a variant, done and not sold":          {true, false, false, 5, sallatest.CutBefore, nothing, catalog.OutcomeUnknown},
		"no SKU, done and sold":                 {true, false, true, 5, sallatest.CutBefore, sell(5, 5), catalog.OutcomeUnknown},
		"no SKU, not done":                      {true, false, true, 5, sallatest.CutUnread, nothing, catalog.OutcomeUnknown},
		"a branch, not done":                    {false, true, false, 5, sallatest.CutUnread, nothing, catalog.OutcomeNotDone},
		"a branch, done and sold elsewhere":     {false, true, false, -1, sallatest.CutBefore, sell(0, 1), catalog.OutcomeUnknown},
		"a branch, not done and sold elsewhere": {false, true, false, -1, sallatest.CutUnread, sell(0, 1), catalog.OutcomeNotDone},
		"a product, not done":                   {false, false, false, 5, sallatest.CutUnread, nothing, catalog.OutcomeNotDone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, sallatest.Config{})
			p := simple(t, server)
			delta := catalog.InventoryDelta{ItemID: "product-" + id(p.ID), Delta: whole(c.delta)}
			if c.variant {
				p = varied(t, server)
				delta.ItemID = "variant-" + id(p.Variants[0].ID)
				must(t, server.UpdateProduct(p.ID, func(p *sallatest.Product) {
					if p.Variants[0].SKU = "V-1"; c.bare {
						p.Variants[0].SKU = ""
					}
				}))
			}
			if c.branch {
				delta.LocationID = id(server.Branches()[0].ID)
				must(t, e.SetInventory(t.Context(), []catalog.InventorySet{{ItemID: delta.ItemID, LocationID: delta.LocationID, Available: whole(20)}}, noOptions))
			}
			server.Inject(sallatest.Disconnect(c.cut).On("POST", "/products/quantities/bulk"))
			err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{delta}, noOptions)
			server.FinishQueued()
			must(t, c.meanwhile(server, p.ID))
			if found := confirm(t, err); found != c.want {
				t.Errorf("Confirm says %q, want %q", found, c.want)
			}
		})
	}
}

// TestSalesElsewhereAreNoProofOfABranchsStock: what other branches sell makes a
// level look as if the queue had got to it.
func TestSalesElsewhereAreNoProofOfABranchsStock(t *testing.T) {
	t.Parallel()
	server := newServer(t, sallatest.Config{Products: 12, Orders: 3, Customers: 3, Unthrottled: true, PerMinute: 1_000_000})
	p := simple(t, server)
	adapter, err := salla.New(salla.Config{PollInterval: 50 * time.Microsecond, Transport: afterPost(server.Transport(), func() error {
		return server.UpdateProduct(p.ID, func(p *sallatest.Product) { p.Sold += 5 })
	})})
	must(t, err)
	e := capability[catalog.InventoryAdjuster](t, openStore(t, adapter, server.Store))
	server.LoseQueued(1)
	delta := catalog.InventoryDelta{ItemID: "product-" + id(p.ID), LocationID: id(server.Branches()[0].ID), Delta: whole(5)}
	if err := e.AdjustInventory(t.Context(), []catalog.InventoryDelta{delta}, noOptions); !errors.Is(err, catalog.ErrOutcomeUnknown) {
		t.Errorf("nothing was done, and the error is %v", err)
	}
}

// afterPost does something once a POST was answered.
func afterPost(next http.RoundTripper, do func() error) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(r)
		if err == nil && r.Method == http.MethodPost {
			err = do()
		}
		return resp, err
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestASaleBetweenTwoLooksIsInBothOrNeither: a variant's level and what its
// product sold are of one moment, else a sale between them hides a change.
func TestASaleBetweenTwoLooksIsInBothOrNeither(t *testing.T) {
	t.Parallel()
	server := newServer(t, sallatest.Config{Products: 12, Orders: 3, Customers: 3, Unthrottled: true, PerMinute: 1_000_000})
	p := varied(t, server)
	must(t, server.UpdateProduct(p.ID, func(p *sallatest.Product) { p.Variants[0].SKU, p.Variants[0].Quantity = "V-1", 50 }))
	sells := &meanwhile{RoundTripper: server.Transport(), path: "/products/sku/V-1", act: func(request int) {
		if request == 1 { // the variant was read
			if err := server.UpdateProduct(p.ID, func(p *sallatest.Product) { p.Variants[0].Quantity, p.Sold = 45, p.Sold+5 }); err != nil {
				t.Error(err)
			}
		}
	}}
	adapter, err := salla.New(salla.Config{PollInterval: 50 * time.Microsecond, Transport: sells})
	must(t, err)
	e := capability[catalog.InventoryAdjuster](t, openStore(t, adapter, server.Store))
	server.Inject(sallatest.Disconnect(sallatest.CutBefore).On("POST", "/products/quantities/bulk"))
	err = e.AdjustInventory(t.Context(), []catalog.InventoryDelta{{ItemID: "variant-" + id(p.Variants[0].ID), Delta: whole(5)}}, noOptions)
	server.FinishQueued()
	if found := confirm(t, err); found != catalog.OutcomeUnknown {
		t.Errorf("it was done, and Confirm says %q", found)
	}
}
