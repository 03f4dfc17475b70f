package catalogtest

import (
	"context"
	"testing"

	"github.com/soukhq/souk/catalog"
)

var subscriptionRules = []rule{
	{name: "ensuring subscriptions twice changes nothing the second time", check: subscriptionsEnsured},
	{name: "ensuring subscriptions repairs what was damaged", check: subscriptionsRepaired},
}

var exportRules = []rule{
	{name: "an export yields what the list yields", check: exportIsList},
	{name: "an export that is cut is no success", check: exportCut},
}

func (x *session) ensure(wanted []catalog.Subscription) catalog.SubscriptionChanges {
	x.t.Helper()
	subscriber, _ := catalog.As[catalog.Subscriber](x.engine)
	changes, err := subscriber.EnsureSubscriptions(x.t.Context(), wanted)
	if err != nil {
		x.t.Fatalf("EnsureSubscriptions: %v", err)
	}
	return changes
}

// subscribed holds the store's subscriptions against those wanted.
func (x *session) subscribed(what string, wanted []catalog.Subscription) {
	x.t.Helper()
	subscriber, _ := catalog.As[catalog.Subscriber](x.engine)
	got, err := subscriber.Subscriptions(x.t.Context())
	if err != nil {
		x.t.Fatal(err)
	}
	var found, want []string
	for _, s := range got {
		if s.ID == "" || !s.Active {
			x.t.Errorf("%s: the subscription to %s has the id %q and is active: %t", what, s.Topic, s.ID, s.Active)
		}
		found = append(found, s.Topic+" "+s.URL+" "+s.Name+" "+s.Rule)
	}
	for _, s := range wanted {
		want = append(want, s.Topic+" "+s.URL+" "+s.Name+" "+s.Rule)
	}
	once(x.t, what, found, want)
}

func total(c catalog.SubscriptionChanges) int {
	return len(c.Created) + len(c.Updated) + len(c.Removed)
}

func subscriptionsEnsured(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanSubscribe)
	wanted := x.Writes.Subscriptions
	untouched := func() bool { return true }
	if x.Writes.Foreign != nil {
		untouched = x.Writes.Foreign()
	}
	if c := x.ensure(wanted); len(c.Created) != len(wanted) || len(c.Updated)+len(c.Removed) > 0 {
		t.Errorf("the first time: %+v, want %d made", c, len(wanted))
	}
	x.subscribed("after the first time", wanted)
	changed := x.wire.changed()
	if c := x.ensure(wanted); total(c) > 0 || x.wire.changed() > changed {
		t.Errorf("the second time changed %+v", c)
	}
	if c := x.ensure(wanted[:1]); len(c.Removed) != len(wanted)-1 || len(c.Created)+len(c.Updated) > 0 {
		t.Errorf("with one fewer: %+v, want %d removed", c, len(wanted)-1)
	}
	x.subscribed("with one fewer", wanted[:1])
	subscriber, _ := catalog.As[catalog.Subscriber](x.engine)
	_, err := subscriber.EnsureSubscriptions(t.Context(), []catalog.Subscription{wanted[0], wanted[0]})
	x.fails(err, "the same subscription twice", catalog.ErrInvalid)
	x.subscribed("after a refusal", wanted[:1])
	x.ensure(nil)
	x.subscribed("with none wanted", nil)
	if !untouched() {
		t.Error("somebody else's subscription was touched")
	}
}

func subscriptionsRepaired(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanSubscribe)
	wanted := x.Writes.Subscriptions
	x.ensure(wanted)
	damaged := x.Writes.Spoil()
	c := x.ensure(wanted)
	if total(c) < damaged {
		t.Errorf("%d subscriptions were damaged, and changed were %+v", damaged, c)
	}
	x.subscribed("after the repair", wanted)
	if c := x.ensure(wanted); total(c) > 0 {
		t.Errorf("after the repair it changed %+v", c)
	}
}

func exportIsList(t testing.TB, s *suite) {
	x := s.open(t, sized(60, 2, 2))
	exporter, ok := catalog.As[catalog.ProductExporter](x.engine)
	if !ok {
		t.Skip("Features says that there is no export")
	}
	all := x.read(products, x.engine, query{})
	middle := all[len(all)/2].updated
	for what, q := range map[string]catalog.ProductQuery{
		"everything": {}, "what changed": {UpdatedSince: middle}, "after a cursor": {ListOptions: catalog.ListOptions{After: all[20].record.Cursor}},
		"so many": {ListOptions: catalog.ListOptions{Limit: 7}}, "without native JSON": {ListOptions: catalog.ListOptions{OmitRaw: true}},
	} {
		listed, err := catalog.Collect(x.engine.Products(t.Context(), q))
		if err != nil {
			t.Fatal(err)
		}
		exported, err := catalog.Collect(exporter.ExportProducts(t.Context(), q))
		if err != nil {
			t.Errorf("exporting %s: %v", what, err)
			continue
		}
		once(t, "exporting "+what, ids(itemsOf(exported, productItem)), ids(itemsOf(listed, productItem)))
		byID := map[string]catalog.Product{}
		for _, p := range listed {
			byID[p.ID] = p
		}
		for _, p := range exported {
			if diff := s.diff(byID[p.ID], p, s.ListOmits); diff != "" {
				t.Errorf("exporting %s, product %s (-listed +exported):\n%s", what, p.ID, diff)
				break
			}
			if (len(p.Raw) == 0) != q.OmitRaw {
				t.Errorf("exporting %s: %d bytes of Raw", what, len(p.Raw))
				break
			}
		}
	}
	_, err := catalog.Collect(exporter.ExportProducts(t.Context(), catalog.ProductQuery{ListOptions: catalog.ListOptions{After: "nonsense"}}))
	x.fails(err, "exporting after a damaged cursor", catalog.ErrInvalid)
}

// exportCut breaks every answer in turn: what comes is either everything or an
// error.
func exportCut(t testing.TB, s *suite) {
	x := s.open(t, sized(20, 2, 2))
	exporter, ok := catalog.As[catalog.ProductExporter](x.engine)
	if !ok {
		t.Skip("Features says that there is no export")
	}
	want := len(x.Products.IDs())
	for skip := 0; ; skip++ {
		f := x.wire.inject(fault{skip: skip, half: true})
		ctx, cancel := context.WithCancel(t.Context())
		got, err := catalog.Collect(exporter.ExportProducts(ctx, catalog.ProductQuery{}))
		cancel()
		x.wire.heal()
		if err == nil && len(got) != want {
			t.Errorf("with answer %d cut: %d of %d products, and no error", skip, len(got), want)
		}
		if err != nil {
			x.fails(err, "an export that is cut", catalog.ErrUnavailable, catalog.ErrBadAnswer)
		}
		if f.acted == 0 {
			return
		}
	}
}
