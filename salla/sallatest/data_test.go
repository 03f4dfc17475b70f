package sallatest

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestDeterminism(t *testing.T) {
	t.Parallel()
	c := newClock()
	one, two := start(t, &Config{Seed: 7, Clock: c.now}), start(t, &Config{Seed: 7, Clock: c.now})
	other := start(t, &Config{Seed: 8, Clock: c.now})
	for _, path := range []string{"/products?per_page=60", "/orders?page=3", "/customers", "/branches", "/products/quantities", "/shipments"} {
		a, b := get(t, one, path).body, get(t, two, path).body
		if a != b {
			t.Errorf("%s differs between servers of one seed", path)
		}
		if a == get(t, other, path).body {
			t.Errorf("%s is the same under another seed", path)
		}
	}
}

func TestSeededVariety(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	has := map[string]bool{}
	skus, stamps := map[string]int{}, map[time.Time]int{}
	for _, p := range s.Products() {
		has["type "+p.Type] = true
		has["status "+p.Status] = true
		has["60 variants"] = has["60 variants"] || len(p.Variants) > 60
		has["unlimited"] = has["unlimited"] || p.Unlimited
		has["sale price"] = has["sale price"] || p.SalePrice != ""
		has["no brand"] = has["no brand"] || p.Brand == nil
		for _, m := range p.Images {
			has[m.Type] = true
		}
		skus[p.SKU]++
		stamps[p.UpdatedAt]++
		if len(p.Variants) > 1 && p.Variants[0].SKU == p.Variants[1].SKU {
			has["variants share "+map[bool]string{true: "no sku", false: "a sku"}[p.Variants[0].SKU == ""]] = true
		}
	}
	for sku, n := range skus {
		has["sku twice"] = has["sku twice"] || sku != "" && n > 1
	}
	has["no sku"] = skus[""] > 1
	for _, n := range stamps {
		has["equal times"] = has["equal times"] || n > 2
	}
	oldest := time.Time{}
	for _, o := range s.Orders() {
		has["order "+o.Status.Slug] = true
		has["currency "+o.Currency] = true
		has["guest"] = has["guest"] || o.Customer == nil
		has["many items"] = has["many items"] || len(o.Items) > 100
		has["many shipments"] = has["many shipments"] || len(o.Shipments) > 1
		for _, sh := range o.Shipments {
			has["parcel "+sh.Type] = true
			has["tracking"] = has["tracking"] || sh.TrackingNumber != ""
		}
		oldest = o.CreatedAt
		if o.UpdatedAt.Before(o.CreatedAt) {
			t.Errorf("order %d was changed before it was placed", o.ID)
		}
		for _, it := range o.Items {
			for _, op := range it.Options {
				has["option value "+op.Value[:1]] = true
			}
		}
	}
	if d := s.cfg.Epoch.Sub(oldest); d < 89*24*time.Hour || d > 91*24*time.Hour {
		t.Errorf("orders go back %v", d)
	}
	for _, want := range []string{
		"type product", "type service", "type digital", "type codes", "type food", "type booking", "type donating", "type group_products",
		"status sale", "status out", "status hidden", "60 variants", "unlimited", "sale price", "no brand", "image", "video",
		"sku twice", "no sku", "variants share no sku", "variants share a sku", "equal times", "guest", "many items", "many shipments",
		"parcel shipment", "parcel return", "tracking", "currency SAR", "currency AED", "order ", "order canceled", "order restored",
		"order payment_pending", "option value {", "option value [", "option value \"", "option value 0",
	} {
		if !has[want] {
			t.Errorf("the seeded store has no %s", want)
		}
	}
}

func TestMutators(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, &Config{TB: t, Clock: c.now})
	c.add(time.Hour)
	added := s.AddProduct(Product{Name: "جديد \"\\ \u2028 😀", Price: "12.50", SKU: "NEW", Quantity: 3})
	ids := walk(t, s, "/products?per_page=60")
	if ids[0] != added.ID || len(ids) != 501 || !added.UpdatedAt.Equal(c.now()) {
		t.Errorf("added %+v, first of list %d of %d", added, ids[0], len(ids))
	}
	got := decode[struct {
		Data struct {
			Name  string
			Price struct{ Amount json.Number }
		}
	}](t, get(t, s, "/products/"+itoa64(added.ID)))
	if got.Data.Name != added.Name || got.Data.Price.Amount != "12.5" {
		t.Errorf("read back %+v", got.Data)
	}
	victim := s.Orders()[5]
	if err := s.UpdateOrder(victim.ID, func(o *Order) { o.ID, o.Status = 1, s.StatusNamed("canceled") }); err != nil {
		t.Fatal(err)
	}
	if o := s.Order(victim.ID); o == nil || o.Status.Slug != "canceled" || !o.UpdatedAt.Equal(c.now()) {
		t.Errorf("updated order %+v", o)
	}
	victim.Items[0].Name = "changed by the caller"
	if s.Order(victim.ID).Items[0].Name == victim.Items[0].Name {
		t.Error("records are shared with the caller")
	}
	if err := s.DeleteCustomer(s.Customers()[0].ID); err != nil || len(s.Customers()) != 99 {
		t.Errorf("delete: %v, %d customers", err, len(s.Customers()))
	}
	if s.UpdateProduct(3, func(*Product) {}) == nil || s.DeleteOrder(3) == nil {
		t.Error("changing what is not there is no error")
	}
	if s.AddOrder(Order{Items: []OrderItem{{Name: "x", Quantity: 1}}}).ID != s.Orders()[0].ID || s.AddCustomer(Customer{FirstName: "A"}).ID != s.Customers()[0].ID {
		t.Error("added records do not come first")
	}
	get(t, s, "/orders/"+itoa64(s.Orders()[0].ID))
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := s.Products()[1]
	for language, want := range map[string]string{"": p.Name, "ar": p.Name, "en": p.NameEN, "en-GB,en;q=0.8": p.NameEN} {
		r := newRequest(t, s, "/products/"+itoa64(p.ID))
		r.Header.Set("Accept-Language", language)
		res, err := roundTrip(s.Client(), r)
		if err != nil {
			t.Fatal(err)
		}
		if got := decode[struct{ Data struct{ Name string } }](t, res).Data.Name; got != want {
			t.Errorf("%q: %q, want %q", language, got, want)
		}
	}
}

func TestProductsBySKU(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	for _, index := range []int{1, 8, 50, 51} {
		p := s.Products()[index]
		want := p.ID
		if index == 51 {
			want = s.Products()[50].ID // the first of two
		}
		got := decode[struct{ Data struct{ ID int64 } }](t, get(t, s, "/products/sku/"+url.PathEscape(p.SKU)))
		if got.Data.ID != want {
			t.Errorf("%q: %d, want %d", p.SKU, got.Data.ID, want)
		}
	}
	if r := get(t, s, "/products/sku/none"); r.status != 404 {
		t.Errorf("unknown sku: %d", r.status)
	}
}

func TestEveryAnswerIsValid(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true})
	for _, o := range s.Orders() {
		id := itoa64(o.ID)
		for _, path := range []string{"/orders/" + id, "/orders/" + id + "?format=light", "/orders/items?order_id=" + id, "/orders/" + id + "/histories", "/shipments?order_id=" + id} {
			if r := get(t, s, path); r.status != 200 || !json.Valid([]byte(r.body)) {
				t.Fatalf("%s: %d %s", path, r.status, r.body)
			}
		}
		for _, sh := range o.Shipments {
			for _, path := range []string{"/shipments/" + itoa64(sh.ID), "/shipments/" + itoa64(sh.ID) + "/tracking"} {
				if r := get(t, s, path); r.status != 200 || !json.Valid([]byte(r.body)) {
					t.Fatalf("%s: %d %s", path, r.status, r.body)
				}
			}
		}
	}
	for _, path := range []string{
		"/store/info", "/orders/statuses", "/orders/statuses/1638621685", "/customers/groups", "/shipping/companies/", "/categories",
		"/categories/1032561074", "/brands", "/taxes", "/payment/methods?status=enabled", "/countries", "/countries/1473353380/cities",
		"/currencies", "/webhooks", "/webhooks/events", "/products/" + itoa64(s.Products()[12].ID) + "/variants",
		"/products/variants/" + itoa64(s.Products()[12].Variants[63].ID), "/branches/1473353380",
		"/customers/1473353380?fields[]=is_blocked&fields[]=block_reason", "/products/quantities?branch=1473353380",
	} {
		if r := get(t, s, path); r.status != 200 || !json.Valid([]byte(r.body)) || strings.Contains(r.body, "\uFFFD") {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}

func TestCloneIsDeep(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	unexported := cmp.AllowUnexported(Product{}, Order{}, Customer{})
	for i := range 20 {
		o, p := s.seedOrder(i), s.seedProduct(i)
		if diff := cmp.Diff(o, o.clone(), unexported, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("order %d (-seed +clone):\n%s", i, diff)
		}
		if diff := cmp.Diff(p, p.clone(), unexported, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("product %d (-seed +clone):\n%s", i, diff)
		}
	}
}
