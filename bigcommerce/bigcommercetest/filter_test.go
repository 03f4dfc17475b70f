package bigcommercetest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestProductFilters(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true, Products: 240})
	all := s.Products()
	cut := all[100].ModifiedAt
	for _, test := range []struct {
		query string
		keep  func(*Product) bool
	}{
		{"id:in=101,105,9999,105", func(p *Product) bool { return p.ID == 101 || p.ID == 105 }},
		{"id=103", func(p *Product) bool { return p.ID == 103 }},
		{"id:min=150&id:max=160", func(p *Product) bool { return p.ID >= 150 && p.ID <= 160 }},
		{"id:greater=150&id:less=160", func(p *Product) bool { return p.ID > 150 && p.ID < 160 }},
		{"id:not_in=101,102&id:max=110", func(p *Product) bool { return p.ID > 102 && p.ID <= 110 }},
		{"sku=sku-1", func(p *Product) bool { return p.SKU == "SKU-1" }},
		{"sku:in=SKU-1,SKU-2,V-3-1", func(p *Product) bool { return p.SKU == "SKU-1" || p.SKU == "SKU-2" }},
		{"sku=" + url.QueryEscape("A/B&C+D 5"), func(p *Product) bool { return p.SKU == "A/B&C+D 5" }},
		{"is_visible=false", func(p *Product) bool { return !p.Visible }},
		{"is_visible=1", func(p *Product) bool { return p.Visible }},
		{"availability=preorder", func(p *Product) bool { return p.Availability == "preorder" }},
		{"type=digital", func(p *Product) bool { return p.Type == "digital" }},
		{"brand_id=37", func(p *Product) bool { return p.BrandID == 37 }},
		{"channel_id:in=2", func(p *Product) bool { return slices.Contains(p.Channels, 2) }},
		{"categories:in=19,21", func(p *Product) bool { return slices.Contains(p.Categories, 21) }},
		{"categories=19", func(*Product) bool { return false }},
		{"name=" + url.QueryEscape(all[3].Name), func(p *Product) bool { return p.ID == all[3].ID }},
		{"keyword=chambray", func(p *Product) bool { return strings.Contains(p.Name, "Chambray") }},
		{"condition=used", func(p *Product) bool { return p.Condition == "Used" }},
		{"out_of_stock=1", func(p *Product) bool { return p.Tracking != "none" && p.InventoryLevel() <= 0 }},
		{"inventory_level:min=50&inventory_level:less=60", func(p *Product) bool { n := p.InventoryLevel(); return n >= 50 && n < 60 }},
		{"date_modified:min=" + url.QueryEscape(cut.Format(time.RFC3339)), func(p *Product) bool { return !p.ModifiedAt.Before(cut) }},
		{"date_modified:max=" + cut.Format("2006-01-02T15:04:05Z"), func(p *Product) bool { return !p.ModifiedAt.After(cut) }},
		{"date_modified:min=" + url.QueryEscape(cut.In(time.FixedZone("", 3*3600)).Format(time.RFC3339)) + "&is_visible=true",
			func(p *Product) bool { return p.Visible && !p.ModifiedAt.Before(cut) }},
	} {
		want := []int64{}
		for _, p := range all {
			if test.keep(p) {
				want = append(want, p.ID)
			}
		}
		p := v3[idOnly](t, s, "/v3/catalog/products?limit=250&"+test.query)
		if diff := cmp.Diff(want, ids(p.Data)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.query, diff)
		}
	}
}

func TestProductSorts(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true, Products: 90})
	for sort, less := range map[string]func(a, b *Product) int{
		"id":              func(a, b *Product) int { return int(a.ID - b.ID) },
		"date_modified":   func(a, b *Product) int { return a.ModifiedAt.Compare(b.ModifiedAt) },
		"name":            func(a, b *Product) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) },
		"inventory_level": func(a, b *Product) int { return a.InventoryLevel() - b.InventoryLevel() },
		"total_sold":      func(a, b *Product) int { return a.TotalSold - b.TotalSold },
	} {
		for _, direction := range []string{"asc", "desc"} {
			list := s.Products()
			slices.SortStableFunc(list, func(a, b *Product) int {
				if direction == "desc" {
					a, b = b, a
				}
				return less(a, b)
			})
			want := []int64{}
			for _, p := range list {
				want = append(want, p.ID)
			}
			got := ids(v3[idOnly](t, s, "/v3/catalog/products?limit=250&sort="+sort+"&direction="+direction).Data)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s %s (-want +got)\n%s", sort, direction, diff)
			}
		}
	}
}

func TestFieldsAndIncludes(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true, Products: 12})
	p := v3[map[string]any](t, s, "/v3/catalog/products?include_fields=name,custom_url&include=variants")
	for _, v := range p.Data {
		if len(v) != 4 || v["id"] == nil || v["name"] == nil || v["custom_url"] == nil || v["variants"] == nil {
			t.Fatalf("members %v", v)
		}
	}
	p = v3[map[string]any](t, s, "/v3/catalog/products?exclude_fields=description,id,price")
	if v := p.Data[0]; v["description"] != nil || v["price"] != nil || v["id"] == nil || v["name"] == nil {
		t.Fatalf("members %v", v)
	}
}

func TestOrderFilters(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true})
	all := s.Orders()
	cut := all[120].ModifiedAt
	rfc, iso := url.QueryEscape(cut.Format(time.RFC1123Z)), url.QueryEscape(cut.Format(time.RFC3339))
	for _, test := range []struct {
		query string
		keep  func(*Order) bool
	}{
		{"min_id=150&max_id=160", func(o *Order) bool { return o.ID >= 150 && o.ID <= 160 }},
		{"status_id=11", func(o *Order) bool { return o.StatusID == 11 }},
		{"status_id=0", func(o *Order) bool { return o.StatusID == 0 }},
		{"customer_id=0", func(o *Order) bool { return o.CustomerID == 0 }},
		{"customer_id=8", func(o *Order) bool { return o.CustomerID == 8 }},
		{"email=buyer8%40example.com", func(o *Order) bool { return o.Billing.Email == "buyer8@example.com" }},
		{"channel_id=2", func(o *Order) bool { return o.ChannelID == 2 }},
		{"is_deleted=true", func(o *Order) bool { return o.Deleted }},
		{"is_deleted=false", func(o *Order) bool { return !o.Deleted }},
		{"external_order_id=legacy-5", func(o *Order) bool { return o.ExternalID == "legacy-5" }},
		{"min_total=1000", func(o *Order) bool { return o.Total() >= 1000*Unit }},
		{"min_date_modified=" + rfc, func(o *Order) bool { return !o.ModifiedAt.Before(cut) }},
		{"min_date_modified=" + iso, func(o *Order) bool { return !o.ModifiedAt.Before(cut) }},
		{"max_date_modified=" + iso, func(o *Order) bool { return !o.ModifiedAt.After(cut) }},
		{"min_date_created=" + url.QueryEscape("Thu, 20 Apr 2017 11:32:00 -0400"), func(*Order) bool { return true }},
		{"max_date_created=2017-04-20T11:32:00.000-04:00", func(*Order) bool { return false }},
	} {
		want := []int64{}
		for _, o := range all {
			if test.keep(o) {
				want = append(want, o.ID)
			}
		}
		got := ids(v2[idOnly](t, s, "/v2/orders?limit=250&"+test.query))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.query, diff)
		}
		var count struct{ Count int }
		fetch(t, s, "/v2/orders/count?"+test.query).decode(t, &count)
		if count.Count != len(want) {
			t.Errorf("%s: count %d, want %d", test.query, count.Count, len(want))
		}
	}
}

func TestOrdersSortedByChange(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true})
	list := s.Orders()
	slices.SortStableFunc(list, func(a, b *Order) int { return a.ModifiedAt.Compare(b.ModifiedAt) })
	same := 0
	want := []int64{}
	for i, o := range list {
		want = append(want, o.ID)
		if i > 0 && o.ModifiedAt.Equal(list[i-1].ModifiedAt) {
			same++
		}
	}
	if diff := cmp.Diff(want, ids(v2[idOnly](t, s, "/v2/orders?limit=250&sort=date_modified:asc"))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if same < 50 {
		t.Errorf("only %d orders share the second of their change", same)
	}
}

func TestDefaultListOfOrders(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, OmitIncomplete: true, OmitArchived: true})
	want := 0
	for _, o := range s.Orders() {
		want += btoi(o.StatusID != 0 && !o.Deleted)
	}
	if got := len(v2[idOnly](t, s, "/v2/orders?limit=250")); got != want {
		t.Errorf("%d orders, want %d", got, want)
	}
	if len(v2[idOnly](t, s, "/v2/orders?status_id=0")) == 0 {
		t.Error("incomplete orders are not found when asked for")
	}
}

func TestVariantAndStockFilters(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true, Products: 80})
	p := s.Product(106) // three by two
	if len(p.Variants) < 2 {
		t.Fatalf("product 106 has %d variants", len(p.Variants))
	}
	v := p.Variants[1]
	for path, want := range map[string]int{
		"/v3/catalog/variants?sku=" + strings.ToLower(v.SKU):                                        1,
		fmt.Sprintf("/v3/catalog/variants?id=%d", v.ID):                                             1,
		"/v3/catalog/variants?product_id:in=106,107":                                                len(p.Variants) + 1,
		"/v3/catalog/variants?sku=nobody":                                                           0,
		"/v3/inventory/items?product_id:in=106":                                                     p.stocked(),
		fmt.Sprintf("/v3/inventory/items?variant_id:in=%d", p.Variants[0].ID):                       min(1, p.stocked()),
		"/v3/inventory/items?sku:in=SKU-1,SKU-2":                                                    2,
		"/v3/inventory/items?product_id:in=103":                                                     0, // not tracked
		"/v3/inventory/locations?is_default=true":                                                   1,
		"/v3/inventory/locations?is_active=false":                                                   1,
		"/v3/catalog/categories?name:like=kit":                                                      1,
		"/v3/catalog/brands?id:in=36,38":                                                            2,
		"/v3/customers?id:in=1,2,77777":                                                             2,
		"/v3/customers?email:in=BUYER5@example.com":                                                 1,
		"/v3/customers?name:like=Doe&limit=250":                                                     17,
		"/v3/customers/addresses?customer_id:in=13":                                                 13,
		"/v3/orders/payment_actions/refunds?order_id:in=104,114":                                    2,
		"/v3/catalog/products/106/variants?limit=250":                                               len(p.Variants),
		"/v3/catalog/products/104/images":                                                           3,
		"/v3/orders/payment_actions/refunds?created:min=" + url.QueryEscape("2100-01-01T00:00:00Z"): 0,
	} {
		if got := len(v3[map[string]any](t, s, path).Data); got != want {
			t.Errorf("%s: %d rows, want %d", path, got, want)
		}
	}
}

func TestDayAloneGetsTheTimeOfTheRequest(t *testing.T) {
	t.Parallel()
	c := newClock() // noon
	s := start(t, &Config{Clock: c.now, Products: 1})
	p := s.Products()[0]
	c.set(time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC))
	if err := s.UpdateProduct(p.ID, func(p *Product) { p.Name = "changed at ten" }); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		at   int
		want int
	}{{11, 0}, {9, 1}} {
		c.set(time.Date(2026, 11, 22, test.at, 0, 0, 0, time.UTC))
		got := v3[idOnly](t, s, "/v3/catalog/products?date_modified:min=2026-11-21")
		if len(got.Data) != test.want {
			t.Errorf("asked at %d o'clock: %d products, want %d", test.at, len(got.Data), test.want)
		}
	}
	if len(s.Violations()) != 2 {
		t.Errorf("violations %q", s.Violations())
	}
}

func TestPlusSignMustBeEncoded(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{})
	for path, want := range map[string]int{
		"/v2/orders?min_date_modified=2017-04-20T11:32:00+00:00":             http.StatusBadRequest,
		"/v3/catalog/products?date_modified:min=2017-04-20T11:32:00+00:00":   http.StatusUnprocessableEntity,
		"/v2/orders?min_date_modified=2017-04-20T11:32:00%2B00:00":           http.StatusOK,
		"/v3/catalog/products?date_modified:min=2017-04-20T11:32:00%2B00:00": http.StatusOK,
	} {
		if r := fetch(t, s, path); r.status != want {
			t.Errorf("%s: %d, want %d", path, r.status, want)
		}
	}
}
