package bigcommercetest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSameSeedSameStore(t *testing.T) {
	t.Parallel()
	epoch := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	config := func(seed int64) *Config {
		return &Config{Seed: seed, Epoch: epoch, Products: 120, Orders: 60, Customers: 30, Unthrottled: true}
	}
	a, b, c := start(t, config(1)), start(t, config(1)), start(t, config(2))
	if diff := cmp.Diff(a.Products(), b.Products()); diff != "" {
		t.Errorf("products (-a +b)\n%s", diff)
	}
	if diff := cmp.Diff(a.Orders(), b.Orders()); diff != "" {
		t.Errorf("orders (-a +b)\n%s", diff)
	}
	if diff := cmp.Diff(a.Customers(), b.Customers()); diff != "" {
		t.Errorf("customers (-a +b)\n%s", diff)
	}
	if cmp.Equal(a.Products(), c.Products()) {
		t.Error("another seed, the same products")
	}
	for _, path := range []string{"/v3/catalog/products?include=variants,images&limit=250", "/v2/orders?limit=250"} {
		if fetch(t, a, path).body != fetch(t, b, path).body {
			t.Errorf("%s differs", path)
		}
	}
}

func TestSeededProducts(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	names, skus, tracking, sizes := map[string]int{}, map[string]int{}, map[string]int{}, map[int]int{}
	seconds := map[time.Time]int{}
	for i, p := range s.Products() {
		names[p.Name]++
		tracking[p.Tracking]++
		sizes[len(p.Variants)]++
		seconds[p.ModifiedAt]++
		for _, v := range p.Variants {
			if v.SKU != "" {
				skus[v.SKU]++
			}
			if p.Simple() && (v.SKUID != 0 || v.SKU != p.SKU) || !p.Simple() && len(v.Values) != len(p.Options) {
				t.Fatalf("product %d: %+v", p.ID, v)
			}
		}
		created, modified := s.productTimes(i)
		if p.ModifiedAt.Unix() != modified || p.CreatedAt.Unix() != created || p.ModifiedAt.After(s.cfg.Epoch) || p.CreatedAt.After(p.ModifiedAt) {
			t.Fatalf("product %d: created %v, changed %v", p.ID, p.CreatedAt, p.ModifiedAt)
		}
		if len(p.Variants) != variantsOf(i) || p.stocked() != stockedOf(i) {
			t.Fatalf("product %d: %d variants, %d expected", p.ID, len(p.Variants), variantsOf(i))
		}
	}
	for name, list := range map[string]map[string]int{"name": names, "SKU": skus} {
		for v, n := range list {
			if n > 1 {
				t.Errorf("the %s %q is used %d times", name, v, n)
			}
		}
	}
	if sizes[600] == 0 || sizes[100] == 0 || sizes[1] < 200 || len(tracking) != 3 || len(seconds) > 110 {
		t.Errorf("sizes %v, tracking %v, %d seconds", sizes, tracking, len(seconds))
	}
}

func TestSeededOrderTimes(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	list := s.Orders()
	for i, o := range list {
		created, modified := s.orderTimes(i)
		if o.CreatedAt.Unix() != created || o.ModifiedAt.Unix() != modified || o.CreatedAt.After(o.ModifiedAt) || o.ModifiedAt.After(s.cfg.Epoch) {
			t.Fatalf("order %d: created %v, changed %v", o.ID, o.CreatedAt, o.ModifiedAt)
		}
		if len(o.Refunds) != refundsOf(i) {
			t.Fatalf("order %d: %d refunds", o.ID, len(o.Refunds))
		}
		if i > 0 && !o.CreatedAt.After(list[i-1].CreatedAt) {
			t.Fatalf("order %d is older than the one before", o.ID)
		}
	}
	if span := list[len(list)-1].CreatedAt.Sub(list[0].CreatedAt); span < 88*24*time.Hour {
		t.Errorf("orders span %v", span)
	}
	if !slices.ContainsFunc(s.Customers(), func(c *Customer) bool { return len(c.Addresses) > maxInline }) {
		t.Error("no customer has more addresses than come inside")
	}
}

func TestEmptyStore(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: -1, Orders: -1, Customers: -1, Locations: -1})
	for _, path := range []string{"/v3/catalog/products", "/v3/catalog/variants", "/v3/customers", "/v3/customers/addresses",
		"/v3/inventory/items", "/v3/inventory/locations", "/v3/orders/payment_actions/refunds"} {
		if p := v3[idOnly](t, s, path); len(p.Data) != 0 {
			t.Errorf("%s: %v", path, p.Data)
		}
	}
	if got := v2[idOnly](t, s, "/v2/orders"); got != nil {
		t.Errorf("orders %v", got)
	}
	if o := s.AddOrder(Order{}); o.ID != orderBase {
		t.Errorf("the first order is %d", o.ID)
	}
}
