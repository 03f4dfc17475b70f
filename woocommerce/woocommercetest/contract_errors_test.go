package woocommercetest

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type recordedError struct {
	Case    string
	Request struct {
		Method, Path string
		Body         json.RawMessage
	}
	Status int
	Body   json.RawMessage
}

// The recorded errors hold ids and names of the store they come from.
func TestErrorsAreThoseOfARealStore(t *testing.T) {
	t.Parallel()
	list := load[[]recordedError](t, filepath.Join(specs(t), "samples", "errors.json"))
	s := start(t, &Config{CustomStatuses: []string{}})
	reader, scribe := s.AddKey(Key{Permissions: "read"}), s.AddKey(Key{Permissions: "write"})
	taken := s.AddProduct(Product{SKU: "SKU-0001", Name: "x"})
	paid := s.AddOrder(Order{Total: "10.00", Status: "completed", Method: "cod"})
	s.AddCustomer(Customer{Email: "customer1@example.test"})
	swap := strings.NewReplacer("/orders/435/", "/orders/"+itoa64(paid.ID)+"/", `"resource_id":11`, `"resource_id":`+itoa64(taken.ID),
		`"product_id":18`, `"product_id":`+itoa64(taken.ID))
	for _, e := range list {
		t.Run(e.Case, func(t *testing.T) {
			path := swap.Replace(e.Request.Path)
			if at := strings.Index(path, "/wp-json"); at > 0 {
				path = path[at:]
			}
			body := swap.Replace(compactJSON(t, e.Request.Body))
			if e.Case == "bad json" {
				body = "{bad"
			}
			if body == "null" {
				body = ""
			}
			r, err := http.NewRequestWithContext(t.Context(), e.Request.Method, s.StoreURL()+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			switch {
			case strings.HasPrefix(e.Case, "no credentials"):
			case strings.HasPrefix(e.Case, "unknown key"):
				r.SetBasicAuth("ck_unknown", "cs_x")
			case strings.HasPrefix(e.Case, "wrong secret"):
				r.SetBasicAuth(s.ConsumerKey(), "cs_x")
			case strings.HasPrefix(e.Case, "read key"):
				r.SetBasicAuth(reader.ConsumerKey, reader.ConsumerSecret)
			case strings.HasPrefix(e.Case, "write key"):
				r.SetBasicAuth(scribe.ConsumerKey, scribe.ConsumerSecret)
			default:
				r.SetBasicAuth(s.ConsumerKey(), s.ConsumerSecret())
			}
			res := reach(t, s, r)
			if res.status != e.Status {
				t.Errorf("status %d, want %d", res.status, e.Status)
			}
			want := plainDecode(t, swap.Replace(compactJSON(t, e.Body)))
			if d := cmp.Diff(want, plainDecode(t, res.body)); d != "" {
				t.Errorf("(-real +ours):\n%s", d)
			}
		})
	}
	t.Logf("%d errors", len(list))
}

func compactJSON(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	if len(raw) == 0 {
		return ""
	}
	b, err := json.Marshal(plainDecode(t, string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What the store says it takes, we take; what it does not, we report.
func TestListsTakeTheStoresParameters(t *testing.T) {
	t.Parallel()
	index := sampleBody(t, filepath.Join(specs(t), "samples", "index_v3.json")).(object)["routes"].(object)
	s := start(t, nil)
	checked := 0
	for _, r := range s.routesOf() {
		if r.act == actBatch {
			continue
		}
		id := `(?P<id>[\d]+)`
		path := "/wc/v3/" + r.path
		for _, at := range []struct{ from, to string }{
			{"products/#/variations", `products/(?P<product_id>[\d]+)/variations`}, {"orders/#/notes", `orders/(?P<order_id>[\d]+)/notes`},
			{"orders/#/refunds", `orders/(?P<order_id>[\d]+)/refunds`}, {"attributes/#/terms", `attributes/(?P<attribute_id>[\d]+)/terms`},
			{"settings/*/*", `settings/(?P<group_id>[\w-]+)/(?P<id>[\w-]+)`}, {"settings/*", `settings/(?P<group_id>[\w-]+)`},
			{"currencies/*", `currencies/(?P<currency>[\w-]{3})`}, {"#", id},
		} {
			path = strings.ReplaceAll(path, at.from, at.to)
		}
		real, ok := index[path].(object)
		if !ok {
			t.Errorf("the store has no route %s", path)
			continue
		}
		for _, e := range real["endpoints"].([]any) {
			endpoint := e.(object)
			if !slices.Contains(endpoint["methods"].([]any), any(strings.Fields(r.methods)[0])) {
				continue
			}
			args, _ := endpoint["args"].(object)
			for name := range args {
				if strings.HasSuffix(name, "id") && strings.Contains(path, "<"+name+">") || name == "context" || name == "group" || name == "location" {
					continue
				}
				checked++
				if !slices.ContainsFunc(r.fields, func(f field) bool { return f.name == name }) {
					t.Errorf("%s %s: we do not know %s", r.methods, path, name)
				}
			}
		}
	}
	t.Logf("%d parameters of %d routes", checked, len(s.routesOf()))
}
