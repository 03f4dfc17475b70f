package catalog_test

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
)

func TestDecodeRaw(t *testing.T) {
	t.Parallel()
	product := catalog.Product{Record: catalog.Record{Raw: json.RawMessage(`{"id":9007199254740993,"metafields":["a"]}`)}}
	type native struct {
		ID         json.Number
		Metafields []string
	}
	got, err := catalog.DecodeRaw[native](product)
	if err != nil || got.ID != "9007199254740993" || len(got.Metafields) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
	for name, c := range map[string]struct {
		holder catalog.RawHolder
		text   string
	}{
		"no raw":  {catalog.Order{}, "decode raw: invalid: the value carries no raw JSON; read it without OmitRaw"},
		"no fit":  {catalog.Customer{Record: catalog.Record{Raw: json.RawMessage(`[]`)}}, "decode raw: invalid: the raw JSON does not fit catalog_test.native: "},
		"no JSON": {catalog.Location{Record: catalog.Record{Raw: json.RawMessage(`{"ID":`)}}, "decode raw: invalid: the raw JSON does not fit catalog_test.native: "},
	} {
		if _, err := catalog.DecodeRaw[native](c.holder); !errors.Is(err, catalog.ErrInvalid) || !strings.HasPrefix(err.Error(), c.text) {
			t.Errorf("%s: %v, want %s", name, err, c.text)
		}
	}
}

func TestCloneLeavesThePage(t *testing.T) {
	t.Parallel()
	page := []byte(`[{"a":1},{"b":2}]`)
	record := catalog.Record{Platform: "x", Raw: page[1:8], RawKind: "x.list", Cursor: "c",
		More: []catalog.RawPart{{Kind: "x.more", Raw: page[9:16]}}, Problems: []catalog.Problem{{Path: "p"}}}
	clones := map[string]catalog.Record{
		"product":  catalog.Product{Record: record}.Clone().Record,
		"order":    catalog.Order{Record: record}.Clone().Record,
		"customer": catalog.Customer{Record: record}.Clone().Record,
		"level":    catalog.InventoryLevel{Record: record}.Clone().Record,
	}
	for name, clone := range clones {
		if !reflect.DeepEqual(clone, record) {
			t.Errorf("%s: the clone is %+v", name, clone)
		}
	}
	clear(page)
	record.Problems[0].Path, record.More[0].Kind = "changed", "changed"
	for name, clone := range clones {
		if string(clone.Raw) != `{"a":1}` || string(clone.More[0].Raw) != `{"b":2}` || clone.More[0].Kind != "x.more" || clone.Problems[0].Path != "p" {
			t.Errorf("%s: the clone changed with the page: %+v", name, clone)
		}
	}
	if clone := (catalog.Product{}).Clone(); !reflect.DeepEqual(clone, catalog.Product{}) {
		t.Errorf("an empty product's clone is %+v", clone)
	}
}

func TestProblem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		problem catalog.Problem
		want    string
	}{
		"with value":    {catalog.NewProblem("status", "unknown word", "brand_new"), "status: unknown word (brand_new)"},
		"without value": {catalog.NewProblem("customer", "permission missing", ""), "customer: permission missing"},
	} {
		if got := c.problem.String(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	p := catalog.NewProblem("p", "r", strings.Repeat("é", 1000)) // 2,000 bytes, cut within a letter
	if len(p.Value) > 130 || !utf8.ValidString(p.Value) || !strings.HasSuffix(p.Value, "…") {
		t.Errorf("the value is %q", p.Value)
	}
}

func TestItemError(t *testing.T) {
	t.Parallel()
	err := error(&catalog.ItemError{Platform: "salla", Op: "list orders", ID: "7", Raw: json.RawMessage(`{"name":"` + canary + `"}`), Err: io.ErrUnexpectedEOF})
	if want := "salla: list orders: item 7 cannot be read: unexpected EOF; set OnBadItem to go on without it"; err.Error() != want {
		t.Errorf("got %s", err)
	}
	if !errors.Is(err, catalog.ErrBadAnswer) || !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, catalog.ErrInvalid) {
		t.Error("the wrong kinds match")
	}
	if text := (&catalog.ItemError{Platform: "salla", Op: "list orders", Err: io.EOF}).Error(); !strings.Contains(text, "item (unknown id) cannot") {
		t.Errorf("without an id: %s", text)
	}
}

// A host may keep what it read as JSON and read it back whole.
func TestModelJSONRoundTrip(t *testing.T) {
	t.Parallel()
	three := catalog.NewQuantity(3)
	count := int64(4)
	at := time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)
	price := mustMoney(t, "12.50", "SAR")
	record := catalog.Record{Platform: "salla", Raw: json.RawMessage(`{"a":1}`), RawKind: "k", Cursor: "c", Problems: []catalog.Problem{{Path: "p", Reason: "r"}}}
	for name, in := range map[string]any{
		"product":  &catalog.Product{Record: record, ID: "1", UpdatedAt: at, Variants: []catalog.Variant{{ID: "2", Price: price, Quantity: &three}}},
		"order":    &catalog.Order{Record: record, ID: "1", Total: catalog.DualMoney{Store: price}, CreatedAt: at, LineItems: []catalog.LineItem{{ID: "3", Quantity: three, Unfulfilled: &three}}},
		"customer": &catalog.Customer{Record: record, ID: "1", Orders: &count, Spent: price},
		"level":    &catalog.InventoryLevel{Record: record, ItemID: "1", Available: &three, UpdatedAt: at},
		"event":    &catalog.Event{Key: "k", Platform: "salla", Kind: catalog.EventOrderCreated, Payload: json.RawMessage(`{}`), OccurredAt: at},
	} {
		text, err := json.Marshal(in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out := reflect.New(reflect.TypeOf(in).Elem()).Interface()
		if err := json.Unmarshal(text, out); err != nil || !reflect.DeepEqual(in, out) {
			t.Errorf("%s: %s came back as %+v, %v", name, text, out, err)
		}
		if strings.Contains(string(text), "0001-01-01") {
			t.Errorf("%s: an absent time is written: %s", name, text)
		}
	}
}

func TestCollect(t *testing.T) {
	t.Parallel()
	cut := errors.New("cut")
	seq := func(n int, err error) func(func(int, error) bool) {
		return func(yield func(int, error) bool) {
			for i := range n {
				if !yield(i, nil) {
					return
				}
			}
			if err != nil && yield(0, err) {
				t.Error("Collect went on after the error")
			}
		}
	}
	if all, err := catalog.Collect(seq(3, nil)); err != nil || len(all) != 3 {
		t.Errorf("got %v, %v", all, err)
	}
	if all, err := catalog.Collect(seq(2, cut)); err != cut || len(all) != 2 {
		t.Errorf("got %v, %v; want what came before the error", all, err)
	}
	if all, err := catalog.Collect(seq(0, nil)); err != nil || len(all) != 0 {
		t.Errorf("got %v, %v", all, err)
	}
}

func TestField(t *testing.T) {
	t.Parallel()
	var patch catalog.ProductPatch
	if _, ok := patch.Title.Get(); ok {
		t.Error("the zero Field writes")
	}
	patch.Title = catalog.Set("")
	if v, ok := patch.Title.Get(); !ok || v != "" {
		t.Error("Set of an empty text does not write")
	}
}
