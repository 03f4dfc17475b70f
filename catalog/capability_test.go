package catalog_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/soukhq/souk/catalog"
)

// capable can set inventory and add notes.
type capable struct {
	catalog.Engine
	name string
	set  []string // who set inventory
}

func (c *capable) SetInventory(context.Context, []catalog.InventorySet, catalog.WriteOptions) error {
	c.set = append(c.set, c.name)
	return nil
}

func (c *capable) AddOrderNote(context.Context, string, catalog.NoteInput, catalog.WriteOptions) error {
	return nil
}

// passing decorates an engine and lets capabilities through.
type passing struct {
	catalog.Engine
	name string
}

func (p passing) Unwrap() catalog.Engine { return p.Engine }

// overriding adds a capability of its own and lets the others through.
type overriding struct {
	passing
	set *[]string
}

func (o overriding) SetInventory(context.Context, []catalog.InventorySet, catalog.WriteOptions) error {
	*o.set = append(*o.set, "decorator")
	return nil
}

// closed decorates an engine and shows the core alone.
type closed struct{ catalog.Engine }

func TestAsThroughDecorators(t *testing.T) {
	t.Parallel()
	inner := &capable{name: "engine"}
	var byDecorator []string
	both := []catalog.Capability{catalog.CanSetInventory, catalog.CanAddNotes}
	slices.Sort(both)
	for name, c := range map[string]struct {
		engine catalog.Engine
		want   []catalog.Capability
		setter string
	}{
		"bare":                {inner, both, "engine"},
		"one decorator":       {passing{inner, "a"}, both, "engine"},
		"two decorators":      {passing{passing{inner, "a"}, "b"}, both, "engine"},
		"override":            {overriding{passing{inner, "a"}, &byDecorator}, both, "decorator"},
		"override under one":  {passing{overriding{passing{inner, "a"}, &byDecorator}, "b"}, both, "decorator"},
		"hidden":              {closed{inner}, nil, ""},
		"hidden under one":    {passing{closed{inner}, "a"}, nil, ""},
		"override, hidden":    {overriding{passing{closed{inner}, "a"}, &byDecorator}, []catalog.Capability{catalog.CanSetInventory}, "decorator"},
		"unwraps to nothing":  {passing{nil, "a"}, nil, ""},
		"nil":                 {nil, nil, ""},
		"override on nothing": {overriding{passing{nil, "a"}, &byDecorator}, []catalog.Capability{catalog.CanSetInventory}, "decorator"},
	} {
		if got := catalog.CapabilitiesOf(c.engine); !slices.Equal(got, c.want) {
			t.Errorf("%s: CapabilitiesOf = %v, want %v", name, got, c.want)
		}
		inner.set, byDecorator = nil, nil
		setter, ok := catalog.As[catalog.InventorySetter](c.engine)
		if ok != (c.setter != "") {
			t.Errorf("%s: As found %v", name, setter)
			continue
		}
		if !ok {
			if setter != nil {
				t.Errorf("%s: As gave %v beside false", name, setter)
			}
			continue
		}
		if err := setter.SetInventory(t.Context(), nil, catalog.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		if set := append(inner.set, byDecorator...); !slices.Equal(set, []string{c.setter}) {
			t.Errorf("%s: set by %v, want %s", name, set, c.setter)
		}
	}
}

func TestAsFindsConcreteTypes(t *testing.T) {
	t.Parallel()
	inner := &capable{}
	engine := passing{passing{inner, "inside"}, "outside"}
	if found, ok := catalog.As[*capable](engine); !ok || found != inner {
		t.Errorf("got %v, %v", found, ok)
	}
	if found, ok := catalog.As[passing](engine); !ok || found.name != "outside" {
		t.Errorf("got %v, %v; want the outermost", found.name, ok)
	}
	if _, ok := catalog.As[*openedEngine](engine); ok {
		t.Error("found a type that is not there")
	}
}

// everything implements all capabilities by embedding their interfaces.
type everything struct {
	catalog.Engine
	catalog.ProductFinder
	catalog.ProductWriter
	catalog.InventoryReader
	catalog.InventorySetter
	catalog.InventoryAdjuster
	catalog.LocationReader
	catalog.OrderCanceller
	catalog.OrderNoter
	catalog.OrderHistoryReader
	catalog.Fulfiller
	catalog.TrackingUpdater
	catalog.Refunder
	catalog.CustomerFinder
	catalog.CustomerWriter
	catalog.Subscriber
	catalog.Counter
	catalog.ProductExporter
	catalog.GraphQLCaller
	catalog.RESTCaller
}

func TestCapabilitiesOfAll(t *testing.T) {
	t.Parallel()
	all := []catalog.Capability{catalog.CanFindBySKU, catalog.CanWriteProducts, catalog.CanReadInventory, catalog.CanSetInventory,
		catalog.CanAdjustInventory, catalog.CanReadLocations, catalog.CanCancelOrders, catalog.CanAddNotes, catalog.CanReadHistory,
		catalog.CanFulfill, catalog.CanUpdateTracking, catalog.CanRefund, catalog.CanFindCustomers, catalog.CanWriteCustomers,
		catalog.CanSubscribe, catalog.CanCount, catalog.CanExport, catalog.CanCallGraphQL, catalog.CanCallREST}
	slices.Sort(all)
	got := catalog.CapabilitiesOf(everything{})
	if !slices.Equal(got, all) {
		t.Errorf("got %v\nwant %v", got, all)
	}
	features := catalog.Features{Capabilities: got[:3]}
	if !features.Has(got[0]) || features.Has(got[3]) {
		t.Error("Has is wrong")
	}
}

// lacking has no capability and says why.
type lacking struct{ catalog.Engine }

func (lacking) Platform() string { return "acme" }
func (lacking) Features() catalog.Features {
	return catalog.Features{Instead: map[catalog.Capability]string{catalog.CanRefund: "refund in the store's office"}}
}

func TestRequireSaysWhatToDoInstead(t *testing.T) {
	t.Parallel()
	if setter, err := catalog.Require[catalog.InventorySetter](passing{&capable{name: "engine"}, "outer"}); err != nil || setter == nil {
		t.Errorf("%v, %v", setter, err)
	}
	_, err := catalog.Require[catalog.Refunder](lacking{})
	failed, ok := errors.AsType[*catalog.Error](err)
	if !ok || !errors.Is(err, errors.ErrUnsupported) || failed.Platform != "acme" || failed.Op != string(catalog.CanRefund) || failed.Hint != "refund in the store's office" {
		t.Errorf("got %#v", err)
	}
	if _, err := catalog.Require[interface{ Fly() }](lacking{}); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("what is no capability: %v", err)
	}
	if _, err := catalog.Require[catalog.Refunder](nil); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("without an engine: %v", err)
	}
}

func TestFeaturesCloneSharesNothing(t *testing.T) {
	t.Parallel()
	f := catalog.Features{
		Resources:    map[catalog.Resource]catalog.ResourceFeatures{catalog.Orders: {Filters: []catalog.Filter{catalog.FilterStatus}}},
		Capabilities: []catalog.Capability{catalog.CanRefund, catalog.CanCount}, Keyed: []catalog.Capability{catalog.CanRefund, catalog.CanCount},
		Instead: map[catalog.Capability]string{catalog.CanExport: "list"},
	}
	c := f.Clone()
	if !slices.IsSorted(c.Capabilities) || !slices.IsSorted(c.Keyed) || slices.IsSorted(f.Capabilities) {
		t.Errorf("sorted: %v, %v of %v", c.Capabilities, c.Keyed, f.Capabilities)
	}
	c.Resources[catalog.Orders].Filters[0], c.Capabilities[0], c.Keyed[0] = "", "", ""
	c.Resources[catalog.Products], c.Instead[catalog.CanExport] = catalog.ResourceFeatures{}, ""
	if f.Resources[catalog.Orders].Filters[0] == "" || len(f.Resources) != 1 || f.Capabilities[0] == "" || f.Keyed[0] == "" || f.Instead[catalog.CanExport] == "" {
		t.Errorf("the original was changed: %+v", f)
	}
}

func TestStockIsKeptUnderTheItem(t *testing.T) {
	t.Parallel()
	if own, other := (catalog.Variant{ID: "1"}).ItemID(), (catalog.Variant{ID: "1", InventoryItemID: "2"}).ItemID(); own != "1" || other != "2" {
		t.Errorf("%q, %q", own, other)
	}
}
