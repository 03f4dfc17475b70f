package salla_test

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla/sallatest"
)

// ids reads a list and returns its ids, sorted.
func ids[T any](t *testing.T, seq iter.Seq2[T, error], id func(T) string) []string {
	t.Helper()
	var all []string
	for v, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, id(v))
	}
	slices.Sort(all)
	return all
}

// chosen returns the ids of the records that are wanted, sorted.
func chosen[T any](all []T, wanted func(T) bool, id func(T) string) []string {
	var out []string
	for _, v := range all {
		if wanted(v) {
			out = append(out, id(v))
		}
	}
	slices.Sort(out)
	return out
}

func between(t, since, before time.Time) bool {
	return (since.IsZero() || !t.Before(since)) && (before.IsZero() || t.Before(before))
}

func TestProductFilters(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 260, Orders: -1, Customers: -1})
	all := mapped(server.Products(), wantProduct)
	middle := all[100].UpdatedAt
	for name, q := range map[string]catalog.ProductQuery{
		"active":              {Status: []catalog.ProductStatus{catalog.ProductActive}},
		"hidden":              {Status: []catalog.ProductStatus{catalog.ProductHidden}},
		"sold out or hidden":  {Status: []catalog.ProductStatus{catalog.ProductSoldOut, catalog.ProductHidden}},
		"archived":            {Status: []catalog.ProductStatus{catalog.ProductArchived}},
		"updated since":       {UpdatedSince: middle},
		"updated before":      {UpdatedBefore: middle},
		"updated between":     {UpdatedSince: middle.Add(-50 * time.Hour), UpdatedBefore: middle.Add(time.Hour)},
		"active and updated":  {UpdatedSince: middle, Status: []catalog.ProductStatus{catalog.ProductActive}},
		"small pages":         {ListOptions: catalog.ListOptions{PageSize: 7}, UpdatedSince: middle},
		"larger than allowed": {ListOptions: catalog.ListOptions{PageSize: 5000}},
	} {
		want := chosen(all, func(p catalog.Product) bool {
			return between(p.UpdatedAt, q.UpdatedSince, q.UpdatedBefore) && (len(q.Status) == 0 || slices.Contains(q.Status, p.Status))
		}, func(p catalog.Product) string { return p.ID })
		got := ids(t, engine.Products(t.Context(), q), func(p catalog.Product) string { return p.ID })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestOrderFilters(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 40, Orders: 130, Customers: 25})
	all := mapped(server.Orders(), wantOrder)
	middle, changed := all[60].CreatedAt, all[60].UpdatedAt
	buyer := all[slices.IndexFunc(all, func(o catalog.Order) bool { return o.Customer != nil })].Customer.ID
	for name, q := range map[string]catalog.OrderQuery{
		"pending":               {Status: []catalog.OrderStatus{catalog.OrderPending}},
		"completed":             {Status: []catalog.OrderStatus{catalog.OrderCompleted}},
		"shipped or cancelled":  {Status: []catalog.OrderStatus{catalog.OrderShipped, catalog.OrderCancelled}},
		"failed, of which none": {Status: []catalog.OrderStatus{catalog.OrderFailed}},
		"created since":         {CreatedSince: middle},
		"created before":        {CreatedBefore: middle},
		"created within hours":  {CreatedSince: middle.Add(-7 * time.Hour), CreatedBefore: middle.Add(7 * time.Hour)},
		"updated since":         {UpdatedSince: changed},
		"updated before":        {UpdatedBefore: changed},
		"updated between":       {UpdatedSince: changed.Add(-40 * time.Hour), UpdatedBefore: changed.Add(40 * time.Hour)},
		"of a customer":         {CustomerID: buyer},
		"paid":                  {Payment: []catalog.PaymentStatus{catalog.PaymentPaid}},
		"fulfilled":             {Fulfillment: []catalog.FulfillmentStatus{catalog.FulfillmentDone, catalog.FulfillmentNotNeeded}},
		"several at once":       {CreatedSince: middle, UpdatedSince: changed, Status: []catalog.OrderStatus{catalog.OrderCompleted}},
	} {
		want := chosen(all, func(o catalog.Order) bool {
			return between(o.UpdatedAt, q.UpdatedSince, q.UpdatedBefore) && between(o.CreatedAt, q.CreatedSince, q.CreatedBefore) &&
				(len(q.Status) == 0 || slices.Contains(q.Status, o.Status)) && (len(q.Payment) == 0 || slices.Contains(q.Payment, o.Payment)) &&
				(len(q.Fulfillment) == 0 || slices.Contains(q.Fulfillment, o.Fulfillment)) &&
				(q.CustomerID == "" || o.Customer != nil && o.Customer.ID == q.CustomerID)
		}, func(o catalog.Order) string { return o.ID })
		got := ids(t, engine.Orders(t.Context(), q), func(o catalog.Order) string { return o.ID })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCustomerFilters(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: -1, Orders: -1, Customers: 200})
	all := mapped(server.Customers(), wantCustomer)
	middle := all[90].CreatedAt
	for name, q := range map[string]catalog.CustomerQuery{
		"created since":   {CreatedSince: middle},
		"created before":  {CreatedBefore: middle},
		"created between": {CreatedSince: middle.Add(-30 * time.Hour), CreatedBefore: middle.Add(30 * time.Hour)},
		"updated since":   {UpdatedSince: all[50].UpdatedAt},
		"by e-mail":       {Email: strings.ToUpper(all[11].Email)},
	} {
		want := chosen(all, func(c catalog.Customer) bool {
			return between(c.UpdatedAt, q.UpdatedSince, q.UpdatedBefore) && between(c.CreatedAt, q.CreatedSince, q.CreatedBefore) &&
				(q.Email == "" || strings.EqualFold(q.Email, c.Email))
		}, func(c catalog.Customer) string { return c.ID })
		got := ids(t, engine.Customers(t.Context(), q), func(c catalog.Customer) string { return c.ID })
		if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	finder := capability[catalog.CustomerFinder](t, engine)
	if c, err := finder.CustomerByEmail(t.Context(), strings.ToUpper(all[5].Email)); err != nil || c.ID != all[5].ID || c.Cursor != "" {
		t.Errorf("by e-mail: %q, %v", c.ID, err)
	}
	if _, err := finder.CustomerByEmail(t.Context(), "nobody@example.org"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("an unknown address: %v", err)
	}
	if _, err := finder.CustomerByEmail(t.Context(), "nobody"); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no address: %v", err)
	}
}

func TestStockFilters(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 60, Orders: -1, Customers: -1})
	all := mapped(server.Quantities(), wantLevel)
	items := []string{all[3].ItemID, all[40].ItemID}
	for name, q := range map[string]catalog.InventoryQuery{
		"items": {ItemIDs: items}, "SKU": {SKU: all[9].SKU}, "nothing has it": {SKU: "never heard of"},
	} {
		want := chosen(all, func(l catalog.InventoryLevel) bool {
			return (len(q.ItemIDs) == 0 || slices.Contains(q.ItemIDs, l.ItemID)) && (q.SKU == "" || l.SKU == q.SKU)
		}, func(l catalog.InventoryLevel) string { return l.ItemID })
		got := ids(t, capability[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), q), func(l catalog.InventoryLevel) string { return l.ItemID })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWhatCannotBeAskedForIsRefusedBeforeACall(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{})
	now := time.Now()
	sorted := catalog.ListOptions{Sort: catalog.SortUpdated}
	inventory := capability[catalog.InventoryReader](t, engine)
	history := capability[catalog.OrderHistoryReader](t, engine)
	_, noID := engine.Product(t.Context(), "abc")
	_, long := engine.Order(t.Context(), strings.Repeat("9", 30))
	_, path := engine.Customer(t.Context(), "1/../2")
	for name, c := range map[string]struct {
		err  error
		want catalog.Kind
	}{
		"products by creation":   {first(engine.Products(t.Context(), catalog.ProductQuery{CreatedSince: now})), catalog.ErrUnsupported},
		"products by draft":      {first(engine.Products(t.Context(), catalog.ProductQuery{Status: []catalog.ProductStatus{catalog.ProductDraft}})), catalog.ErrUnsupported},
		"products sorted":        {first(engine.Products(t.Context(), catalog.ProductQuery{ListOptions: sorted})), catalog.ErrUnsupported},
		"orders sorted":          {first(engine.Orders(t.Context(), catalog.OrderQuery{ListOptions: sorted})), catalog.ErrUnsupported},
		"orders on hold":         {first(engine.Orders(t.Context(), catalog.OrderQuery{Status: []catalog.OrderStatus{catalog.OrderOnHold}})), catalog.ErrUnsupported},
		"orders of nobody":       {first(engine.Orders(t.Context(), catalog.OrderQuery{CustomerID: "me"})), catalog.ErrInvalid},
		"stock by change":        {first(inventory.InventoryLevels(t.Context(), catalog.InventoryQuery{UpdatedSince: now})), catalog.ErrUnsupported},
		"stock of a named place": {first(inventory.InventoryLevels(t.Context(), catalog.InventoryQuery{LocationID: "main"})), catalog.ErrInvalid},
		"history of nothing":     {first(history.OrderHistory(t.Context(), "")), catalog.ErrInvalid},
		"another list's cursor":  {first(engine.Orders(t.Context(), catalog.OrderQuery{ListOptions: catalog.ListOptions{After: catalog.NewCursor("salla", catalog.Products, "", "1.60.60.5.7")}})), catalog.ErrInvalid},
		"a damaged cursor":       {first(engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{After: catalog.NewCursor("salla", catalog.Products, "", "x.60.60.5.7")}})), catalog.ErrInvalid},
		"a cursor from nowhere":  {first(engine.Products(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{After: catalog.NewCursor("salla", catalog.Products, "", "-1.60.60.5.7")}})), catalog.ErrInvalid},
		"a word for an id":       {noID, catalog.ErrInvalid},
		"an endless id":          {long, catalog.ErrInvalid},
		"a path for an id":       {path, catalog.ErrInvalid},
		"an empty SKU":           {first(capability[catalog.ProductFinder](t, engine).ProductsBySKU(t.Context(), " ")), catalog.ErrInvalid},
	} {
		if catalog.KindOf(c.err) != c.want || c.want == catalog.ErrUnsupported && !errors.Is(c.err, errors.ErrUnsupported) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if n := len(server.Calls()); n != 0 {
		t.Errorf("%d calls were made", n)
	}
}

// first is the error a list begins with.
func first[T any](seq iter.Seq2[T, error]) error {
	for _, err := range seq {
		return err
	}
	return nil
}

func TestProductsBySKU(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 50, Orders: -1, Customers: -1})
	twin := server.AddProduct(sallatest.Product{Name: "twin", SKU: "SKU-000003-0", Price: "5"})
	odd := server.AddProduct(sallatest.Product{Name: "odd", SKU: `a/b?c#d %2e..`, Price: "5"})
	dots := server.AddProduct(sallatest.Product{Name: "dots", SKU: "..", Price: "5"})
	finder := capability[catalog.ProductFinder](t, engine)
	all := mapped(server.Products(), wantProduct)
	for _, sku := range []string{"SKU-000003-0", odd.SKU, dots.SKU, "SKU-000000-1", "sku-000000-1", "SKU-0000", "nothing"} {
		want := chosen(all, func(p catalog.Product) bool {
			return slices.ContainsFunc(p.Variants, func(v catalog.Variant) bool { return v.SKU == sku })
		}, func(p catalog.Product) string { return p.ID })
		got := ids(t, finder.ProductsBySKU(t.Context(), sku), func(p catalog.Product) string { return p.ID })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", sku, diff)
		}
	}
	if got := ids(t, finder.ProductsBySKU(t.Context(), twin.SKU), func(p catalog.Product) string { return p.ID }); len(got) != 2 {
		t.Errorf("a SKU two products share gives %v", got)
	}
}
