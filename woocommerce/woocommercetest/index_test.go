package woocommercetest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestDiscovery(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, StoreURL: "https://shop.example.test/blog"})
	type index struct {
		URL, Home  string
		Namespaces []string
		Namespace  string
		Routes     map[string]struct{ Methods []string }
	}
	root := decode[index](t, reach(t, s, request(t, "GET", s.StoreURL()+"/wp-json/")))
	if root.Home != s.HomeURL() || !slices.Contains(root.Namespaces, "wc/v3") {
		t.Errorf("%+v", root)
	}
	v3 := decode[index](t, reach(t, s, request(t, "GET", s.StoreURL()+"/wp-json/wc/v3")))
	if v3.Namespace != "wc/v3" || len(v3.Routes[`/wc/v3/products/(?P<id>[\d]+)`].Methods) != 5 {
		t.Errorf("%+v", v3)
	}
	home := reach(t, s, request(t, "HEAD", s.StoreURL()+"/"))
	if want := `<https://shop.example.test/blog/wp-json/>; rel="https://api.w.org/"`; home.header.Get("Link") != want {
		t.Errorf("Link %s", home.header.Get("Link"))
	}
	off := start(t, &Config{TB: t, NoWooCommerce: true})
	if got := decode[index](t, reach(t, off, request(t, "GET", off.StoreURL()+"/wp-json/"))); slices.Contains(got.Namespaces, "wc/v3") {
		t.Error("a store without WooCommerce names wc/v3")
	}
	for permalinks, want := range map[Permalinks]string{PathInfo: "/index.php/wp-json/", Plain: "/index.php?rest_route=/"} {
		p := start(t, &Config{TB: t, Permalinks: permalinks})
		if link := reach(t, p, request(t, "GET", p.StoreURL()+"/")).header.Get("Link"); !strings.Contains(link, want+">") {
			t.Errorf("Link %s", link)
		}
	}
}

func TestWhatAStoreSaysOfItself(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Currency: "KWD", Decimals: 3})
	if got := decode[object](t, get(t, s, "/data/currencies/current")); got["code"] != "KWD" || got["symbol"] != "&#x62f;.&#x643;" {
		t.Errorf("%v", got)
	}
	if got := decode[object](t, get(t, s, "/settings/general/woocommerce_price_num_decimals")); got["value"] != "3" {
		t.Errorf("%v", got)
	}
	if r := get(t, s, "/system_status?_fields=settings.currency,environment.version"); r.body != `{"environment":{"version":"10.5.2"},"settings":{"currency":"KWD"}}` {
		t.Error(r.body)
	}
	if total := decode[orderJSON](t, get(t, s, "/orders/"+itoa64(s.orderID(13)))).Total; !strings.HasSuffix(total, "0") || len(total)-strings.Index(total, ".") != 4 {
		t.Errorf("an amount of three decimals: %s", total)
	}
	sum := 0
	for _, row := range decode[[]struct{ Total int }](t, get(t, s, "/reports/orders/totals")) {
		sum += row.Total
	}
	if sum != 200 {
		t.Errorf("%d orders counted", sum)
	}
	fails(t, get(t, s, "/settings/nothing"), 404, "rest_setting_setting_group_invalid")
	fails(t, get(t, s, "/data/currencies/XXX"), 404, "woocommerce_rest_data_invalid_currency")
	fails(t, get(t, s, "/products/categories/1"), 404, "woocommerce_rest_term_invalid")
	if rows := decode[[]object](t, get(t, s, "/products/attributes/1/terms?per_page=100")); len(rows) != len(colorNames) {
		t.Errorf("%d terms", len(rows))
	}
	if n := len(s.Violations()); n != 0 {
		t.Errorf("violations %q", s.Violations())
	}
}

// A form's fields are signed beside the query's; a JSON body is not.
func TestOAuthSignsForms(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, StoreURL: "http://shop.example.test"})
	for _, c := range []struct{ kind, body string }{
		{"application/x-www-form-urlencoded", "name=Cup+%26+Mug&categories%5B0%5D%5Bid%5D=17"},
		{"application/json", `{"name":"Cup & Mug","categories":[{"id":17}]}`},
	} {
		params := &phpArray{}
		if c.kind != "application/json" {
			params.parseQuery(c.body)
		}
		oauth := &phpArray{}
		for name, value := range map[string]string{
			"oauth_consumer_key": s.ConsumerKey(), "oauth_nonce": c.kind, "oauth_signature_method": "HMAC-SHA256",
			"oauth_timestamp": strconv.FormatInt(s.now().Unix(), 10),
		} {
			params.set(name, value)
			oauth.set(name, value)
		}
		signature, _ := oauthSignature("HMAC-SHA256", s.ConsumerSecret(), signatureBase("POST", s.StoreURL()+products, params))
		oauth.set("oauth_signature", signature)
		r, err := http.NewRequestWithContext(t.Context(), "POST", s.StoreURL()+products, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", c.kind)
		var parts []string
		for _, n := range oauth.names {
			parts = append(parts, n+`="`+rawURLEncode(oauth.text(n))+`"`)
		}
		r.Header.Set("Authorization", "OAuth "+strings.Join(parts, ", "))
		res := reach(t, s, r)
		p := decode[struct {
			Name       string
			Categories []struct{ ID int64 }
		}](t, res)
		if res.status != 201 || p.Name != "Cup &amp; Mug" || len(p.Categories) != 1 || p.Categories[0].ID != 17 {
			t.Errorf("%s: %d %.300s", c.kind, res.status, res.body)
		}
	}
}

func TestALargeStoreIsCheap(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 100_000, Orders: 20_000})
	r := get(t, s, "/products?orderby=id&order=asc&per_page=100&page=1000")
	if r.header.Get("X-WP-Total") != "100000" || len(decode[[]object](t, r)) != 100 {
		t.Errorf("%d, total %s", r.status, r.header.Get("X-WP-Total"))
	}
	last := s.productID(99_999)
	if p := s.Product(last); p == nil || p.Slug != "product-99999" {
		t.Errorf("%+v", p)
	}
	if err := s.SetStock(last, 3); err != nil {
		t.Fatal(err)
	}
	if got := walk(t, s, "/products?sku=SKU-099999"); len(got) != 1 || got[0] != last {
		t.Errorf("by SKU %v", got)
	}
	if r := get(t, s, "/variations?per_page=1"); r.header.Get("X-WP-Total") == "0" {
		t.Error("no variations")
	}
}
