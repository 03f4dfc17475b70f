package shopify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/shopify"
)

// absent are the fields of the model that stay zero on Shopify, each with the
// reason.
var absent = map[string]string{
	"Problems":            "there must be none",
	"Cursor":              "only lists have one",
	"Variants[].ImageURL": "not asked for: it costs an object per variant",
	"GroupIDs":            "Shopify has segments, not groups",
	"Fallback":            "every Shopify store has locations",
	// A location's address is that of a place.
	"Address.ID": "places have none", "Address.Name": "places have none", "Address.FirstName": "places have none",
	"Address.LastName": "places have none", "Address.Company": "places have none",
}

// zeros names the fields of a value that are zero. The elements of a list
// count as one.
func zeros(at string, v reflect.Value) []string {
	if stringer, ok := v.Interface().(interface{ IsZero() bool }); ok && v.Kind() == reflect.Struct {
		if stringer.IsZero() {
			return []string{at}
		}
		return nil
	}
	switch v.Kind() {
	case reflect.Struct:
		var found []string
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			name := f.Name
			if at != "" {
				name = at + "." + name
			}
			if f.Anonymous {
				name = at
			}
			found = append(found, zeros(name, v.Field(i))...)
		}
		return found
	case reflect.Pointer:
		if v.IsNil() {
			return []string{at}
		}
		if _, ok := v.Interface().(*catalog.Quantity); ok {
			return nil // any quantity is a statement
		}
		return zeros(at, v.Elem())
	case reflect.Slice:
		if v.Len() == 0 {
			return []string{at}
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return nil
		}
		var found []string
		for i := range v.Len() {
			found = append(found, zeros(at+"[]", v.Index(i))...)
		}
		return found
	default:
		if v.IsZero() {
			return []string{at}
		}
		return nil
	}
}

// single is a record read by itself.
type single struct {
	operation, root string // where its JSON is
	more            bool   // whether it has parts on later pages
	read            func(context.Context, *shopify.Engine) (any, catalog.Record, error)
}

const someID = "9007199254740993"

var singles = map[string]single{
	"shop": {"Shop", "shop", false, func(ctx context.Context, e *shopify.Engine) (any, catalog.Record, error) {
		v, err := e.Shop(ctx)
		return v, v.Record, err
	}},
	"product": {"Product", "product", true, func(ctx context.Context, e *shopify.Engine) (any, catalog.Record, error) {
		v, err := e.Product(ctx, someID)
		return v, v.Record, err
	}},
	"order": {"Order", "order", true, func(ctx context.Context, e *shopify.Engine) (any, catalog.Record, error) {
		v, err := e.Order(ctx, someID)
		return v, v.Record, err
	}},
	"customer": {"Customer", "customer", true, func(ctx context.Context, e *shopify.Engine) (any, catalog.Record, error) {
		v, err := e.Customer(ctx, someID)
		return v, v.Record, err
	}},
	"customer by e-mail": {"CustomerByEmail", "customerByIdentifier", true, func(ctx context.Context, e *shopify.Engine) (any, catalog.Record, error) {
		v, err := e.CustomerByEmail(ctx, "a@example.com")
		return v, v.Record, err
	}},
	"location": {"Locations", "locations.nodes", false, func(ctx context.Context, e *shopify.Engine) (any, catalog.Record, error) {
		all, err := catalog.Collect(e.Locations(ctx, catalog.ListOptions{Limit: 1}))
		if err != nil {
			return nil, catalog.Record{}, err
		}
		return all[0], all[0].Record, nil
	}},
	"stock level of an item": {"InventoryItems", "inventoryItems.nodes.inventoryLevels.nodes", false, func(ctx context.Context, e *shopify.Engine) (any, catalog.Record, error) {
		return level(e.InventoryLevels(ctx, catalog.InventoryQuery{ListOptions: catalog.ListOptions{Limit: 1}}))
	}},
	"stock level of a named item": {"InventoryItemsByID", "nodes.inventoryLevels.nodes", false, func(ctx context.Context, e *shopify.Engine) (any, catalog.Record, error) {
		return level(e.InventoryLevels(ctx, catalog.InventoryQuery{ItemIDs: []string{someID}, ListOptions: catalog.ListOptions{Limit: 1}}))
	}},
	"stock level at a location": {"InventoryLevelsAt", "location.inventoryLevels.nodes", false, func(ctx context.Context, e *shopify.Engine) (any, catalog.Record, error) {
		since := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		return level(e.InventoryLevels(ctx, catalog.InventoryQuery{LocationID: someID, UpdatedSince: since, ListOptions: catalog.ListOptions{Limit: 1}}))
	}},
}

func level(list iter.Seq2[catalog.InventoryLevel, error]) (any, catalog.Record, error) {
	all, err := catalog.Collect(list)
	if err != nil || len(all) == 0 {
		return nil, catalog.Record{}, errors.Join(err, errors.New("no level"))
	}
	return all[0], all[0].Record, nil
}

// TestRecordsAreWhole answers with a value for every field: none may be zero
// in the model, none may be a problem, and Raw must be the very bytes.
func TestRecordsAreWhole(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			schema(t, version) // without it nothing may be counted as whole
			whole := 0
			for name, one := range singles {
				if t.Run(name, func(t *testing.T) { one.check(t, version) }) {
					whole++
				}
			}
			specs.Report(t, "shopify records whole %s on %s", fraction(whole, len(singles)), version)
		})
	}
}

func (s single) check(t *testing.T, version string) {
	v := newVendor(t, version, answerer{})
	got, record, err := s.read(t.Context(), engine(t, version, unhurried{v}))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range zeros("", reflect.ValueOf(got)) {
		if absent[path] == "" && (path != "More" || s.more) {
			t.Errorf("%s is empty although the answer has everything", path)
		}
	}
	if len(record.Problems) > 0 {
		t.Errorf("problems %v", record.Problems)
	}
	if want := cut(t, v.bodies[s.operation], s.root); !bytes.Equal(record.Raw, want) {
		t.Errorf("Raw is not the bytes that came:\n%s\nwant\n%s", record.Raw, want)
	}
	if id := reflect.ValueOf(got).Field(1).String(); id != someID {
		t.Errorf("the id is %s, want %s", id, someID)
	}
}

// cut finds the bytes of a record in an answer; of a list, the first.
func cut(t testing.TB, body []byte, root string) []byte {
	t.Helper()
	at := json.RawMessage(body)
	for _, key := range strings.Split("data."+root, ".") {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(at, &object); err != nil {
			t.Fatalf("%s: %v", root, err)
		}
		at = object[key]
		var list []json.RawMessage
		if json.Unmarshal(at, &list) == nil && len(list) > 0 {
			at = list[0]
		}
	}
	return at
}

// TestWordsAreKnown answers with every word of the enums that the model
// normalises, on both versions.
func TestWordsAreKnown(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	enums := map[string]func(e *shopify.Engine) (string, catalog.Record, error){
		"ProductStatus": func(e *shopify.Engine) (string, catalog.Record, error) {
			p, err := e.Product(ctx, someID)
			return string(p.Status), p.Record, err
		},
		"OrderDisplayFinancialStatus": func(e *shopify.Engine) (string, catalog.Record, error) {
			o, err := e.Order(ctx, someID)
			return string(o.Payment), o.Record, err
		},
		"OrderDisplayFulfillmentStatus": func(e *shopify.Engine) (string, catalog.Record, error) {
			o, err := e.Order(ctx, someID)
			return string(o.Fulfillment), o.Record, err
		},
		"FulfillmentStatus": func(e *shopify.Engine) (string, catalog.Record, error) {
			o, err := e.Order(ctx, someID)
			if len(o.Fulfillments) != 1 {
				return "", o.Record, err
			}
			return string(o.Fulfillments[0].Status), o.Record, err
		},
		"WeightUnit": func(e *shopify.Engine) (string, catalog.Record, error) {
			p, err := e.Product(ctx, someID)
			if len(p.Variants) == 0 || len(p.Variants[0].Weight.Unit) > 2 {
				return "", p.Record, err
			}
			return p.Variants[0].Weight.Unit, p.Record, err
		},
	}
	for _, version := range versions {
		known, total := 0, 0
		for name, read := range enums {
			def := schema(t, version).Types[name]
			if def == nil || def.Kind != ast.Enum {
				t.Errorf("%s: %s is no enum", version, name)
				continue
			}
			for _, value := range def.EnumValues {
				total++
				v := newVendor(t, version, answerer{words: map[string]string{name: value.Name}})
				got, record, err := read(engine(t, version, unhurried{v}))
				if err != nil || slices.Contains([]string{"", "unknown"}, got) || len(record.Problems) > 0 {
					t.Errorf("%s: %s %s becomes %q, %v, %v", version, name, value.Name, got, record.Problems, err)
					continue
				}
				known++
			}
		}
		specs.Report(t, "shopify words known %s on %s", fraction(known, total), version)
	}
}
