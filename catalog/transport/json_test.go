package transport_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

func elements(raw []byte) ([]string, error) {
	var list []string
	for e, err := range transport.Elements(raw) {
		if err != nil {
			return list, err
		}
		list = append(list, string(e))
	}
	return list, nil
}

func TestElements(t *testing.T) {
	t.Parallel()
	tests := []struct {
		raw  string
		want []string
		bad  bool
	}{
		{`[]`, nil, false},
		{" [ ] \n", nil, false},
		{`null`, nil, false},
		{`[1,"a]",{"b":[1,2]},[3,[4]],true,false,null,-1.5e+3]`, []string{`1`, `"a]"`, `{"b":[1,2]}`, `[3,[4]]`, `true`, `false`, `null`, `-1.5e+3`}, false},
		{" [ {\"a\" : \"\\\"}\" } ,\t2 ] ", []string{"{\"a\" : \"\\\"}\" }", "2"}, false},
		{`["\u00e9\\","😀"]`, []string{`"\u00e9\\"`, `"😀"`}, false},
		{``, nil, true},
		{`{}`, nil, true},
		{`nul`, nil, true},
		{`null x`, nil, true},
		{`[1,2`, []string{"1", "2"}, true},
		{`[1,2]]`, []string{"1", "2"}, true},
		{`[1 2]`, []string{"1"}, true},
		{`[1,]`, []string{"1"}, true},
		{`[{"a":1},{"a" 1}]`, []string{`{"a":1}`}, true},
		{`[{"a":"cut`, nil, true},
		{"[\"a\nb\"]", nil, true},
		{`["\x"]`, nil, true},
		{`["\u12g4"]`, nil, true},
		{`[01]`, []string{}, true},
		{`[+1]`, nil, true},
		{`[1.]`, nil, true},
		{`[.5]`, nil, true},
		{`[1e]`, nil, true},
		{`[tru]`, nil, true},
		{`[{"a":1,}]`, nil, true},
		{`[{a:1}]`, nil, true},
	}
	for _, tt := range tests {
		got, err := elements([]byte(tt.raw))
		if errors.Is(err, catalog.ErrBadAnswer) != tt.bad || (err != nil) != tt.bad {
			t.Errorf("%s: error %v", tt.raw, err)
		}
		if len(tt.want) > 0 && !cmp.Equal(got, tt.want) {
			t.Errorf("%s: %q", tt.raw, got)
		}
	}
}

func TestElementsAreWindowsThatCannotGrow(t *testing.T) {
	t.Parallel()
	raw := []byte(`[{"a":1},{"b":2}]`)
	for e, err := range transport.Elements(raw) {
		if err != nil {
			t.Fatal(err)
		}
		_ = append(e, "overwritten"...)
		break // breaking out is fine
	}
	if string(raw) != `[{"a":1},{"b":2}]` {
		t.Errorf("an append reached the page: %s", raw)
	}
}

const envelope = ` {"errors":[{"message":"x"}], "data":{"shop":{"name":"a"},"products":{"pageInfo":{"hasNextPage":true,"endCursor":"c\"1"},` +
	`"nodes":[{"id":1,"pageInfo":{"hasNextPage":false}},{"id":2}] , "total":2}},"extensions":{"cost":{"actual":7.5}}} `

func TestOpenPage(t *testing.T) {
	t.Parallel()
	p, err := transport.OpenPage([]byte(envelope), "data", "products", "nodes")
	if err != nil {
		t.Fatal(err)
	}
	if !p.Found || len(p.Items) != 2 || string(p.Items[1]) != `{"id":2}` {
		t.Errorf("items %s", p.Items)
	}
	fields := map[string]string{
		"errors":                             `[{"message":"x"}]`,
		"extensions.cost.actual":             `7.5`,
		"extensions.cost.none":               ``,
		"data.shop.name":                     `"a"`,
		"data.shop.name.more":                ``,
		"data.products.pageInfo.hasNextPage": `true`,
		"data.products.pageInfo.endCursor":   `"c\"1"`,
		"data.products.total":                `2`,
		"data.products.nodes":                `[{"id":1,"pageInfo":{"hasNextPage":false}},{"id":2}]`,
		"data.products.nodes.id":             ``,
		"data.orders":                        ``,
		"none":                               ``,
	}
	for path, want := range fields {
		if got := p.Field(strings.Split(path, ".")...); string(got) != want {
			t.Errorf("page field %s is %s, want %s", path, got, want)
		}
		if got, err := transport.Field([]byte(envelope), strings.Split(path, ".")...); err != nil || string(got) != want {
			t.Errorf("field %s is %s (%v), want %s", path, got, err, want)
		}
	}
	if got := p.Field(); string(got) != strings.TrimSpace(envelope) {
		t.Errorf("the whole is %s", got)
	}
}

func TestOpenPageShapes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body, path string
		items            int
		found, bad       bool
	}{
		{"top-level array", `[{"id":1},{"id":2}]`, "", 2, true, false},
		{"empty", `{"data":[]}`, "data", 0, true, false},
		{"null", `{"data":null}`, "data", 0, false, false},
		{"missing", `{"errors":"Not Found"}`, "data.products", 0, false, false},
		{"null on the way", `{"data":null,"errors":[]}`, "data.products.nodes", 0, false, false},
		{"not an array", `{"data":{"id":1}}`, "data", 0, false, true},
		{"an object where no path is given", `{"message":"no"}`, "", 0, false, false},
		{"escaped key", `{"d\u0061ta":[1]}`, "data", 1, true, false},
		{"other case", `{"Data":[1]}`, "data", 0, false, false},
		{"twice", `{"data":[1],"data":[2,3]}`, "data", 2, true, false},
		{"cut after the list", `{"data":[1,2]`, "data", 0, false, true},
		{"cut in the list", `{"data":[1,`, "data", 0, false, true},
		{"something after", `{"data":[1]} x`, "data", 0, false, true},
		{"malformed beside", `{"meta":{"a":tru},"data":[1]}`, "data", 0, false, true},
		{"empty body", ``, "data", 0, false, true},
		{"HTML", `<html>`, "data", 0, false, true},
	}
	for _, tt := range tests {
		var path []string
		if tt.path != "" {
			path = strings.Split(tt.path, ".")
		}
		p, err := transport.OpenPage([]byte(tt.body), path...)
		if errors.Is(err, catalog.ErrBadAnswer) != tt.bad {
			t.Errorf("%s: %v", tt.name, err)
		}
		if err == nil && (len(p.Items) != tt.items || p.Found != tt.found) {
			t.Errorf("%s: %d items, found %v", tt.name, len(p.Items), p.Found)
		}
	}
}

func TestNestingIsBounded(t *testing.T) {
	t.Parallel()
	for _, depth := range []int{9999, 10000, 10001, 2_000_000} {
		raw := []byte(strings.Repeat("[", depth) + strings.Repeat("]", depth))
		_, err := elements(raw)
		if want := json.Valid(raw); (err == nil) != want {
			t.Errorf("depth %d: valid is %v, error %v", depth, want, err)
		}
	}
}

func FuzzElements(f *testing.F) {
	for _, seed := range []string{`[]`, `[1,"a",{"b":[1,2]}]`, `[{"a":"\u00e9\\\"","b":-1.5e+3}]`, envelope, `null`, `[1,`, "[\"\x7f\xff\"]", `["12345678\"",0,-0]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var want []json.RawMessage
		wantErr := json.Unmarshal(raw, &want)
		got, err := elements(raw)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("encoding/json says %v, we say %v: %q", wantErr, err, raw)
		}
		for i, e := range want {
			if err == nil && got[i] != string(e) {
				t.Fatalf("element %d is %q, want %q", i, got[i], e)
			}
		}
		if err == nil && len(got) != len(want) {
			t.Fatalf("%d elements, want %d", len(got), len(want))
		}
		p, err := transport.OpenPage(raw, "data", "nodes")
		var into struct{ Data map[string]json.RawMessage }
		if !json.Valid(raw) {
			if err == nil {
				t.Fatalf("accepted %q", raw)
			}
		} else if json.Unmarshal(raw, &into) == nil && bytes.Contains(raw, []byte(`"data":{"nodes":`)) && err == nil {
			for _, item := range p.Items {
				if !json.Valid(item) {
					t.Fatalf("item %q", item)
				}
			}
		}
	})
}

func samplePage() []byte {
	var b bytes.Buffer
	b.WriteString(`{"products":[`)
	for i := range 250 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"title":"Product number %d","body_html":%q,"vendor":"Acme","tags":"a, b, c","status":"active","variants":[`, 632910392+i, i, strings.Repeat("<p>It is a small plain text.</p>\n", 12))
		for v := range 3 {
			if v > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"id":%d,"price":"199.00","position":%d,"sku":"IPOD2008PINK%d","inventory_quantity":10,"taxable":true,"barcode":null,"admin_graphql_api_id":"gid://shopify/ProductVariant/%d","created_at":"2026-01-02T09:28:43-05:00"}`, v, v, v, v)
		}
		b.WriteString(`],"options":[{"id":1,"name":"Color","values":["Pink","Red"]}],"images":[]}`)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

func TestCuttingAllocatesNothingPerElement(t *testing.T) {
	body := samplePage()
	raw, err := transport.Field(body, "products")
	if err != nil {
		t.Fatal(err)
	}
	allocs := testing.AllocsPerRun(10, func() {
		for _, err := range transport.Elements(raw) {
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	if allocs > 3 {
		t.Errorf("Elements made %g allocations for 250 elements", allocs)
	}
	allocs = testing.AllocsPerRun(10, func() {
		if _, err := transport.OpenPage(body, "products"); err != nil {
			t.Fatal(err)
		}
	})
	if allocs > 12 {
		t.Errorf("OpenPage made %g allocations for 250 items", allocs)
	}
}

func BenchmarkCut(b *testing.B) {
	body := samplePage()
	raw, err := transport.Field(body, "products")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("Elements", func(b *testing.B) {
		b.SetBytes(int64(len(raw)))
		b.ReportAllocs()
		for b.Loop() {
			for _, err := range transport.Elements(raw) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("OpenPage", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := transport.OpenPage(body, "products"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding json Valid", func(b *testing.B) {
		b.SetBytes(int64(len(raw)))
		for b.Loop() {
			if !json.Valid(raw) {
				b.Fatal("invalid")
			}
		}
	})
}

func TestPeekStopsWhereItHasFound(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string][2]string{
		`{"id":7,"a":{"at":1},"at":"x","rest":[1,2]}`: {"7", `"x"`},
		`{"at":null,"id":7}`:                          {"7", "null"},
		`{"id":7,"at":1,"id":8}`:                      {"7", "1"},
		`{"id":7,"at":1, broken`:                      {"7", "1"},
		`{"\u0069d":7}`:                               {"7", ""},
		`{"id":7, broken`:                             {"7", ""},
		` {"id" : 7 }`:                                {"7", ""},
		`{}`:                                          {},
		`{"id":`:                                      {},
		`[{"id":7}]`:                                  {},
		`7`:                                           {},
		``:                                            {},
	} {
		got := transport.Peek([]byte(raw), "id", "at")
		if string(got[0]) != want[0] || string(got[1]) != want[1] {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
}
