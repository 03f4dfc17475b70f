package woocommercetest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		fault   Fault
		status  int
		content string
		start   string
	}{
		{"throttle", Throttle("2.5"), 429, "json", `{"code"`},
		{"throttle with HTML", ThrottleHTML(""), 429, "html", "<!DOCTYPE"},
		{"wrong secret", SecretInvalid(), 401, "json", `{"code":"woocommerce_rest_authentication_error"`},
		{"no key seen", Anonymous(), 401, "json", `{"code":"woocommerce_rest_cannot_view"`},
		{"forbidden", Forbidden(), 403, "json", `{"code":"woocommerce_rest_cannot_view"`},
		{"not found", NotFound(), 404, "json", `{"code":"woocommerce_rest_product_invalid_id"`},
		{"no route", NoRoute(), 404, "json", `{"code":"rest_no_route"`},
		{"invalid", Invalid(map[string]string{"name": "bad"}), 400, "json", `{"code":"rest_invalid_param"`},
		{"PHP fatal", PHPFatal(), 500, "json", `{"code":"internal_server_error"`},
		{"PHP notice", PHPNotice(), 200, "json", "<br />"},
		{"byte order mark", BOM(), 200, "json", "\xef\xbb\xbf["},
		{"firewall", Firewall(403), 403, "html", "<!DOCTYPE"},
		{"challenge", Challenge(202), 202, "html", "<!DOCTYPE"},
		{"maintenance", Maintenance(), 503, "html", "<!DOCTYPE"},
		{"no database", NoDatabase(), 500, "html", "<!DOCTYPE"},
		{"gateway", ServerError(502), 502, "html", "<!DOCTYPE"},
		{"coming soon", HTMLPage(), 200, "html", "<!DOCTYPE"},
		{"redirect", Redirect(301, "https://www.example.test/"), 301, "html", "<!DOCTYPE"},
		{"null", Nulled("0.name"), 200, "json", `[{"id":`},
	} {
		s := start(t, nil)
		s.Inject(c.fault.On("GET", "/products"))
		r := get(t, s, "/products?per_page=2")
		if r.status != c.status || !strings.Contains(r.header.Get("Content-Type"), c.content) || !strings.HasPrefix(r.body, c.start) {
			t.Errorf("%s: %d %s %.80q", c.name, r.status, r.header.Get("Content-Type"), r.body)
		}
		if r := get(t, s, "/products?per_page=2"); r.status != 200 || !strings.HasPrefix(r.body, `[{"id"`) {
			t.Errorf("%s acted twice: %d", c.name, r.status)
		}
		if l := s.Ledger(); l.Injected != 1 || l.Requests != 2 {
			t.Errorf("%s: %+v", c.name, l)
		}
	}
}

func TestFaultsOfTheConnection(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, cut := range []Cut{CutBefore, CutMiddle} {
		s.Inject(Disconnect(cut).On("POST", "/products"))
		before := len(s.Products())
		if r, err := send(t.Context(), s, "POST", "/products", `{"name":"x"}`); err == nil {
			t.Errorf("cut %d: %d %.80s", cut, r.status, r.body)
		}
		if n := len(s.Products()); n != before+1 {
			t.Errorf("cut %d: the write was lost", cut)
		}
	}
	s.Inject(Truncated())
	if r := get(t, s, "/products?per_page=1"); !strings.HasPrefix(r.body, "[{") || strings.HasSuffix(r.body, "]") {
		t.Errorf("truncated: %.40s", r.body)
	}
	s.Inject(Fault{Status: 504, After: true}.On("PUT", "/products/*"))
	p := s.Products()[0]
	if r := do(t, s, "PUT", "/products/"+itoa64(p.ID), `{"menu_order":77}`); r.status != 504 || s.Product(p.ID).MenuOrder != 77 {
		t.Errorf("after: %d, menu order %d", r.status, s.Product(p.ID).MenuOrder)
	}
	s.Inject(Fault{Skip: 1, Status: 500, Times: 2})
	var got []int
	for range 4 {
		got = append(got, get(t, s, "/orders?per_page=1").status)
	}
	if d := cmp.Diff([]int{200, 500, 500, 200}, got); d != "" {
		t.Error(d)
	}
	s.Inject(Replaced("0.price", `{"odd":[]}`).Repeat(-1))
	if r := get(t, s, "/products?per_page=1"); !strings.Contains(r.body, `"price":{"odd":[]}`) {
		t.Errorf("replaced: %.400s", r.body)
	}
	s.ClearFaults()
	s.Inject(Fault{Delay: time.Hour})
	client := s.Client()
	client.Timeout = 20 * time.Millisecond // ends the wait, whenever that is
	if _, err := client.Do(request(t, "GET", s.StoreURL()+products)); err == nil {
		t.Error("a delay of an hour was not one")
	}
}

func TestSeedsAreDeterministic(t *testing.T) {
	t.Parallel()
	epoch := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	a, b := start(t, &Config{Seed: 7, Epoch: epoch}), start(t, &Config{Seed: 7, Epoch: epoch})
	other := start(t, &Config{Seed: 8, Epoch: epoch})
	for _, path := range []string{"/products?per_page=100&page=2", "/orders?per_page=100", "/customers?per_page=100", "/variations?per_page=100", "/refunds"} {
		x, y := get(t, a, path).body, get(t, b, path).body
		if x != y {
			t.Errorf("%s differs between two servers of one seed", path)
		}
		if path == "/products?per_page=100&page=2" && x == get(t, other, path).body {
			t.Error("another seed makes the same products")
		}
	}
	if a.ConsumerKey() != b.ConsumerKey() || a.ConsumerKey() == other.ConsumerKey() || len(a.ConsumerKey()) != 43 {
		t.Errorf("keys %s %s", a.ConsumerKey(), other.ConsumerKey())
	}
	for _, o := range a.Orders() {
		if o.ModifiedAt.After(epoch) || o.ModifiedAt.Before(o.CreatedAt) {
			t.Errorf("order %d: made %s, changed %s", o.ID, o.CreatedAt, o.ModifiedAt)
		}
	}
}

// The seed holds what a real store surprises with.
func TestSeedsHoldTheOddities(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	seen := map[string]int{}
	for _, p := range s.Products() {
		seen["type "+p.Type]++
		seen["status "+p.Status]++
		seen["price "+p.RegularPrice]++
		seen[fmt.Sprint("modified ", p.ModifiedAt)]++
		if p.SKU == "" {
			seen["no sku"]++
		}
		for _, v := range p.Variations {
			seen["manage "+v.ManageStock]++
		}
	}
	currencies := map[string]int{}
	for _, o := range s.Orders() {
		seen["order "+o.Status]++
		currencies[o.Currency]++
		if o.CustomerID == 0 {
			seen["guest"]++
		}
		for _, l := range o.Items {
			if s.Product(l.ProductID) == nil {
				seen["gone product"]++
			}
		}
	}
	for _, want := range []string{
		"type simple", "type variable", "type grouped", "type external", "type subscription", "type bundle", "status future", "status draft",
		"status private", "status pending", "price 12.345", "price 7", "price 00012.5", "no sku", "manage true", "manage false", "manage parent",
		"order pending", "order processing", "order on-hold", "order completed", "order cancelled", "order refunded", "order failed",
		"order checkout-draft", "order awaiting-shipment", "guest", "gone product",
	} {
		if seen[want] == 0 {
			t.Errorf("no record with %s", want)
		}
	}
	shared := 0
	for k, n := range seen {
		if strings.HasPrefix(k, "modified ") && n > 1 {
			shared++
		}
	}
	if shared == 0 || len(currencies) != 2 {
		t.Errorf("%d shared moments, currencies %v", shared, currencies)
	}
	page := get(t, s, "/orders?per_page=100").body
	for _, odd := range []string{`"sku":null`, `"image":{"id":"",`, `"image":{"id":0,`, `"parent_name":null`, `"date_paid":null`, `"display_value":{`, "_wc_shipment_tracking_items"} {
		if !strings.Contains(page, odd) {
			t.Errorf("no order with %s", odd)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 120, Orders: 60, Customers: 40})
	s.AddSubscription(Subscription{Topic: "product.updated", DeliveryURL: "http://127.0.0.1:1/"})
	var wg sync.WaitGroup
	failed := make(chan error, 16)
	for g := range 16 {
		wg.Go(func() {
			for n := range 10 {
				var err error
				switch g % 4 {
				case 0:
					_, err = send(t.Context(), s, "GET", fmt.Sprintf("/products?search=a&page=%d", n%3+1), "")
				case 1:
					_, err = send(t.Context(), s, "GET", "/orders?orderby=modified&per_page=30", "")
				case 2:
					p := s.AddProduct(Product{Name: "x", SKU: fmt.Sprint("R-", g, "-", n, "x")})
					err = errors.Join(s.SetStock(p.ID, n), s.DeleteProduct(p.ID))
					_ = s.Products()
				default:
					_, err = send(t.Context(), s, "POST", "/orders", `{"status":"processing","line_items":[{"product_id":`+itoa64(s.productID(n))+`}]}`)
					s.Inject(Fault{})
					_, _, _ = s.Calls(), s.Violations(), s.Ledger()
					if n == 5 {
						s.RunQueue(t.Context())
					}
				}
				if err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
	if n := len(s.Products()); n != 120 {
		t.Errorf("%d products", n)
	}
	if n := len(s.Orders()); n != 100 {
		t.Errorf("%d orders", n)
	}
}

// A large store is listed in time that allows benchmarks of clients.
func BenchmarkList10000Products(b *testing.B) {
	s := start(b, &Config{Products: 10_000})
	client := s.Client()
	for b.Loop() {
		for n := 1; n <= 100; n++ {
			r := request(b, http.MethodGet, fmt.Sprintf("%s%s?orderby=id&order=asc&per_page=100&page=%d", s.StoreURL(), products, n))
			r.SetBasicAuth(s.ConsumerKey(), s.ConsumerSecret())
			res, err := client.Do(r)
			if err != nil || res.StatusCode != http.StatusOK {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, res.Body); err != nil {
				b.Fatal(err)
			}
			res.Body.Close()
		}
	}
}

// The first listing makes and writes every record.
func BenchmarkFirstListOfProducts(b *testing.B) {
	s := start(b, &Config{Products: 10_000})
	var w writer
	i := 0
	for b.Loop() {
		w.b = w.b[:0]
		w.product(s, nil, s.seedProduct(i%10_000))
		i++
	}
}
