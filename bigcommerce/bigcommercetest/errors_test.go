package bigcommercetest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// problem is a V3 error.
type problem struct {
	Status int
	Code   int
	Title  string
	Type   string
	Errors map[string]string
}

func TestErrorShapes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, method, path, body string
		status                   int
	}{
		{"unknown product", "GET", "/v3/catalog/products/9", "", 404},
		{"unknown order", "GET", "/v2/orders/9", "", 404},
		{"unknown hook", "GET", "/v3/hooks/9", "", 404},
		{"no such path", "GET", "/v3/nothing", "", 404},
		{"no such path in V2", "GET", "/v2/nothing", "", 404},
		{"orders are in V2", "GET", "/v3/orders/100", "", 404},
		{"customer by id", "GET", "/v3/customers/1", "", 404},
		{"hook events are gone", "GET", "/v3/hooks/events", "", 404},
		{"no messages to send", "POST", "/v2/orders/100/messages", `{"message":"hi"}`, 405},
		{"no messages in V3", "POST", "/v3/orders/100/messages", `{"message":"hi"}`, 404},
		{"unknown filter", "GET", "/v3/catalog/products?colour=red", "", 422},
		{"unknown include", "GET", "/v3/catalog/products?include=colours", "", 422},
		{"unknown sort", "GET", "/v3/catalog/products?sort=colour", "", 422},
		{"unknown sort in V2", "GET", "/v2/orders?sort=colour", "", 400},
		{"page zero", "GET", "/v3/catalog/products?page=0", "", 422},
		{"a limit that is no number", "GET", "/v2/orders?limit=many", "", 400},
		{"a filter that is no number", "GET", "/v2/orders?status_id=shipped", "", 400},
		{"both cursors", "GET", "/v3/customers?after=eyJpZCI6Mn0&before=eyJpZCI6Mn0", "", 422},
		{"a broken cursor", "GET", "/v3/customers?after=x", "", 422},
		{"no JSON", "POST", "/v3/catalog/products", `[`, 422},
		{"missing fields", "POST", "/v3/catalog/products", `{"name":"x"}`, 422},
		{"duplicate name", "POST", "/v3/catalog/products", `{"name":"عطر العود الملكي 1","type":"physical","weight":1,"price":1}`, 409},
		{"duplicate SKU", "POST", "/v3/catalog/products", `{"name":"n","sku":"SKU-2","type":"physical","weight":1,"price":1}`, 409},
		{"eleven products", "PUT", "/v3/catalog/products", `[{"id":101}` + strings.Repeat(`,{"id":101}`, 10) + `]`, 413},
		{"51 variants", "PUT", "/v3/catalog/variants", `[{"id":1}` + strings.Repeat(`,{"id":1}`, 50) + `]`, 413},
		{"eleven customers", "PUT", "/v3/customers", `[{"id":1}` + strings.Repeat(`,{"id":1}`, 10) + `]`, 413},
		{"a customer without a name", "POST", "/v3/customers", `[{"email":"x@example.com"}]`, 422},
		{"an e-mail taken", "POST", "/v3/customers", `[{"email":"buyer1@example.com","first_name":"a","last_name":"b"}]`, 422},
		{"a field that cannot be written", "PUT", "/v2/orders/100", `{"date_modified":"x"}`, 400},
		{"no such status", "PUT", "/v2/orders/100", `{"status_id":15}`, 400},
		{"wrong tracking", "PUT", "/v3/inventory/adjustments/absolute", `{"reason":"r","items":[{"location_id":1,"variant_id":10005000,"quantity":1},{"location_id":1,"product_id":106,"quantity":1}]}`, 422},
		{"unknown location", "PUT", "/v3/inventory/adjustments/absolute", `{"reason":"r","items":[{"location_id":99,"variant_id":10000000,"quantity":1}]}`, 422},
		{"stock of an unknown location", "GET", "/v3/inventory/locations/99/items", "", 404},
		{"delete everything", "DELETE", "/v3/catalog/products", "", 422},
		{"a hook without destination", "POST", "/v3/hooks", `{"scope":"store/order/created"}`, 422},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{Products: 20, Orders: 20, Customers: 10})
			r := do(t, s, test.method, test.path, test.body)
			if r.status != test.status {
				t.Fatalf("%d %s", r.status, r.body)
			}
			if strings.HasPrefix(test.path, "/v2") {
				var list []struct {
					Status  int
					Message string
				}
				r.decode(t, &list)
				if len(list) != 1 || list[0].Status != test.status || list[0].Message == "" {
					t.Errorf("body %s", r.body)
				}
				return
			}
			var p problem
			r.decode(t, &p)
			if p.Status != test.status || p.Title == "" || !strings.Contains(p.Type, "api-status-codes") {
				t.Errorf("body %s", r.body)
			}
		})
	}
}

func TestSpecialErrorShapes(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 60, Orders: 60})
	r := do(t, s, "PUT", "/v3/catalog/variants", `[{"id":10000000,"price":1},{"id":5},{"id":10001000,"sku":""}]`)
	var batch struct {
		BatchErrors []problem `json:"batch_errors"`
	}
	r.decode(t, &batch)
	if r.status != 422 || len(batch.BatchErrors) != 2 || batch.BatchErrors[1].Code != 22004 {
		t.Errorf("batch: %d %s", r.status, r.body)
	}
	if v := s.Product(101).Variants[0]; v.Price != "" {
		t.Errorf("a variant of a refused batch was changed: %+v", v)
	}

	r = do(t, s, "PUT", "/v3/catalog/products/101", `{"price":5,"inventory_level":-3}`)
	var multi struct {
		Data   struct{ Price json.Number }
		Errors problem
	}
	r.decode(t, &multi)
	if r.status != http.StatusMultiStatus || multi.Data.Price != "5" || multi.Errors.Status != 422 {
		t.Errorf("207: %d %s", r.status, r.body)
	}

	guest := int64(0)
	for _, o := range s.Orders() {
		if o.CustomerID == 0 && o.settled() && len(o.Lines) > 0 && o.Lines[0].Price > 0 {
			guest = o.ID
			body := `{"items":[{"item_type":"ORDER","item_id":` + itoa(o.ID) + `,"amount":1}],"payments":[{"provider_id":"storecredit","amount":1,"offline":true}]}`
			r = do(t, s, "POST", "/v3/orders/"+itoa(o.ID)+"/payment_actions/refunds", body)
			var inside struct{ Data []problem }
			r.decode(t, &inside)
			if r.status != 422 || len(inside.Data) != 1 || inside.Data[0].Title != "Unable to provide store credit for a guest customer." {
				t.Errorf("refund: %d %s", r.status, r.body)
			}
			break
		}
	}
	if guest == 0 {
		t.Error("no guest's order to refund")
	}
	r = do(t, s, "POST", "/v3/inventory/adjustments/relative", `{"reason":"r","items":[{"location_id":3,"sku":"SKU-2","quantity":1}]}`)
	if r.status != 422 || r.header.Get("Content-Type") != "application/problem+json" || !strings.Contains(r.body, "requires absolute adjustment before relative") {
		t.Errorf("stock: %d %s %s", r.status, r.header.Get("Content-Type"), r.body)
	}
}

func TestHeadersThatAreWrong(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, path string
		change     func(*http.Request)
		status     int
		kind       string // media type of the answer
	}{
		{"no token", "/v3/catalog/products", func(r *http.Request) { r.Header.Del("X-Auth-Token") }, 401, "application/json"},
		{"a bearer token", "/v3/catalog/products", func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+r.Header.Get("X-Auth-Token"))
			r.Header.Del("X-Auth-Token")
		}, 401, "application/json"},
		{"V2 without Accept", "/v2/store", func(r *http.Request) { r.Header.Del("Accept") }, 200, "application/xml"},
		{"V2 errors without Accept", "/v2/orders/1", func(r *http.Request) { r.Header.Set("Accept", "*/*") }, 404, "application/xml"},
		{"V2 401 without Accept", "/v2/orders/1", func(r *http.Request) { r.Header.Del("Accept"); r.Header.Del("X-Auth-Token") }, 401, "application/xml"},
		{"V3 without Accept", "/v3/catalog/products", func(r *http.Request) { r.Header.Del("Accept") }, 200, "application/json"},
		{"V3 asked for XML", "/v3/catalog/products", func(r *http.Request) { r.Header.Set("Accept", "application/xml") }, 406, "application/json"},
		{"a form", "/v3/hooks", func(r *http.Request) {
			r.Method, r.Body = "POST", http.NoBody
			*r = *r.Clone(r.Context())
			r.Body, r.ContentLength = body(`{}`), 2
			r.Header.Set("Content-Type", "text/plain")
		}, 415, "application/json"},
		{"another host", "/v3/hooks", func(r *http.Request) { r.Host = "shop.example.com" }, 404, "application/json"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{Products: 3, Orders: 3})
			r, err := newRequest(t.Context(), s.Store, s.Token(), "GET", test.path, "")
			if err != nil {
				t.Fatal(err)
			}
			test.change(r)
			got, err := roundTrip(s.Client(), r)
			if err != nil {
				t.Fatal(err)
			}
			if got.status != test.status || got.header.Get("Content-Type") != test.kind {
				t.Errorf("%d %s %s", got.status, got.header.Get("Content-Type"), got.body)
			}
			if len(s.Violations()) == 0 {
				t.Error("no violation")
			}
		})
	}
}

func TestXML(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Orders: 2})
	r, err := newRequest(t.Context(), s.Store, s.Token(), "GET", "/v2/orders", "")
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Del("Accept")
	got, err := roundTrip(s.Client(), r)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got.body, "<?xml") || !strings.Contains(got.body, "<orders><order><id>100</id>") || !strings.HasSuffix(got.body, "</orders>") {
		t.Errorf("%.300s", got.body)
	}
}

func TestTokensScopesAndStores(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 3, Orders: 3})
	other := s.AddStore(&Config{Products: 2})
	reader := s.AddAccount(Account{Scopes: []string{"store_v2_products_read_only"}})
	for _, test := range []struct {
		name, token, method, path string
		status                    int
	}{
		{"the store's own", s.Token(), "GET", "/v3/catalog/products", 200},
		{"unknown", "nobody", "GET", "/v3/catalog/products", 401},
		{"another store's", other.Token(), "GET", "/v3/catalog/products", 403},
		{"read only, reading", reader.Token, "GET", "/v3/catalog/products", 200},
		{"read only, writing", reader.Token, "DELETE", "/v3/catalog/products/101", 403},
		{"read only, orders", reader.Token, "GET", "/v2/orders", 403},
		{"hooks need no scope", reader.Token, "GET", "/v3/hooks", 200},
	} {
		r, err := send(t.Context(), s, test.token, test.method, test.path, "")
		if err != nil {
			t.Fatal(err)
		}
		if r.status != test.status {
			t.Errorf("%s: %d %s", test.name, r.status, r.body)
		}
	}
	s.Revoke(reader.Token)
	if r, _ := send(t.Context(), s, reader.Token, "GET", "/v3/catalog/products", ""); r.status != 401 {
		t.Errorf("revoked: %d", r.status)
	}
	if diff := cmp.Diff([]int{2}, []int{len(other.Products())}); diff != "" {
		t.Error(diff)
	}
}

func TestOtherHostsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, url := range []string{"https://example.com/", "http://api.bigcommerce.com/stores/abc123xyz/v2/store"} {
		if _, err := s.Client().Get(url); err == nil {
			t.Errorf("%s was answered", url)
		}
	}
	if len(s.Violations()) != 2 {
		t.Errorf("violations %q", s.Violations())
	}
}
