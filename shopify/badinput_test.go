package shopify_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// expect holds an error against its kind and its whole text, request id aside.
func expect(t *testing.T, err error, kind error, text string) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("error %v is not %v", err, kind)
	}
	got := ""
	if err != nil {
		got, _, _ = strings.Cut(err.Error(), " [request ")
	}
	if got != text {
		t.Errorf("the error reads\n %s\nwant\n %s", got, text)
	}
}

func TestUnknownPlatform(t *testing.T) {
	t.Parallel()
	var registry catalog.Registry
	_, err := registry.Get("shopify")
	expect(t, err, catalog.ErrNotFound, `unknown platform "shopify": no adapter is registered; make one, such as shopify.New(...), and pass it to catalog.Register first`)
	app, err := shopify.New(shopify.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := registry.Register(app); err != nil {
		t.Fatal(err)
	}
	_, err = registry.Get("magneto")
	expect(t, err, catalog.ErrNotFound, `unknown platform "magneto": registered are shopify; pass its adapter to catalog.Register first`)
}

func TestEmptySecret(t *testing.T) {
	t.Parallel()
	_, err := shopify.New(shopify.Config{ClientID: "key"})
	expect(t, err, catalog.ErrInvalid, "shopify: config: ClientSecret is empty although ClientID is set; both come from the app's settings in the Dev Dashboard")
	app, err := shopify.New(shopify.Config{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = app.Verifier(catalog.VerifierConfig{})
	expect(t, err, catalog.ErrInvalid, "shopify: config: ClientSecret is empty: without it no webhook can be verified, and none is accepted")
	_, err = app.Verifier(catalog.VerifierConfig{Secrets: []catalog.Secret{catalog.NewSecret("good"), {}}})
	expect(t, err, catalog.ErrInvalid, "shopify: config: Secrets holds an empty secret, which anybody could sign with")
	_, err = app.ClientCredentials("acme.myshopify.com")
	expect(t, err, catalog.ErrInvalid, "shopify: config: ClientID is empty; asking for tokens needs the app's client id and secret")
	_, err = shopify.New(shopify.Config{APIVersion: "2026-02"})
	expect(t, err, catalog.ErrInvalid, `shopify: config: APIVersion must be a quarterly version such as "2026-07"`)
}

func TestEmptyToken(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	_, err := openWith(t, server, shopify.Config{}, catalog.StaticToken("")).Shop(t.Context())
	expect(t, err, catalog.ErrUnauthorized, "shopify: get shop: credential: unauthorized: the credential is empty; pass the store's token or key pair")
	if calls := server.Calls(); len(calls) != 0 {
		t.Errorf("%d requests were sent without a token", len(calls))
	}
}

func TestStoreNamesThatAreNotShopifys(t *testing.T) {
	t.Parallel()
	app, err := shopify.New(shopify.Config{ClientID: "id", ClientSecret: catalog.NewSecret("secret")})
	if err != nil {
		t.Fatal(err)
	}
	for _, store := range []string{"", "acme", "myshopify.com", ".myshopify.com", "myshopify.com.evil.example", "acme.myshopify.com.evil.example",
		"acme.myshopify.com/../x", "acme.myshopify.com/", "https://acme.myshopify.com", "acme.myshopify.com:443", "user@acme.myshopify.com",
		"evil.example/?x=.myshopify.com", "evil.example#.myshopify.com", "acme.myshopify.com\n", "ac me.myshopify.com", "a.b.myshopify.com",
		"аcme.myshopify.com", "-acme.myshopify.com", strings.Repeat("a", 300) + ".myshopify.com"} {
		const text = "shopify: open store: invalid: the store's name is not of the form name.myshopify.com; use the permanent myshopify.com domain from the admin's address, without https:// or a path"
		_, err := app.Open(catalog.Account{Store: store}, catalog.StaticToken("token"))
		expect(t, err, catalog.ErrInvalid, text)
		_, err = app.ClientCredentials(store)
		expect(t, err, catalog.ErrInvalid, text)
	}
	engine, err := app.Open(catalog.Account{Store: "Acme-2.MyShopify.com"}, catalog.StaticToken("token"))
	if err != nil || engine.Account().Store != "acme-2.myshopify.com" {
		t.Errorf("a name in capitals: %v", err)
	}
}

func TestHTMLAnswer(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Inject(shopifytest.Fault{Operation: "Shop", Times: -1, HTML: true})
	_, err := openWith(t, server, shopify.Config{Attempts: 1}, catalog.StaticToken(server.Token())).Shop(t.Context())
	if !errors.Is(err, catalog.ErrUnavailable) || !strings.HasPrefix(err.Error(), "shopify: get shop: unavailable (200)") || !strings.Contains(err.Error(), "HTML") {
		t.Errorf("got %v", err)
	}
}

func TestTruncatedJSON(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Inject(shopifytest.Fault{Operation: "Products", Truncate: true})
	if all, err := catalog.Collect(open(t, server).Products(t.Context(), catalog.ProductQuery{})); err != nil || len(all) != 500 {
		t.Errorf("one truncated answer: %d products, %v; want it asked for again", len(all), err)
	}
	server.Inject(shopifytest.Fault{Operation: "Products", Truncate: true, Times: -1})
	_, err := catalog.Collect(openWith(t, server, shopify.Config{Attempts: 1}, catalog.StaticToken(server.Token())).Products(t.Context(), catalog.ProductQuery{}))
	expect(t, err, catalog.ErrBadAnswer, "shopify: list products: unreadable answer (200): the answer is not complete JSON")
}

func TestA200WithErrorsOnly(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Inject(shopifytest.Fault{Operation: "Orders", Status: 200, Body: `{"errors":[{"message":"Access denied for orders field.","extensions":{"code":"ACCESS_DENIED","requiredAccess":"` + "`read_orders` access scope" + `"}}]}`})
	_, err := catalog.Collect(open(t, server).Orders(t.Context(), catalog.OrderQuery{}))
	expect(t, err, catalog.ErrForbidden, "shopify: list orders: forbidden (200 ACCESS_DENIED): Access denied for orders field.; it needs `read_orders` access scope")
	for name, body := range map[string]string{"text": `{"errors":"Not Found"}`, "an object": `{"errors":{"query":"Required parameter missing"}}`} {
		server.Inject(shopifytest.Fault{Operation: "Orders", Status: 400, Body: body})
		if _, err := catalog.Collect(open(t, server).Orders(t.Context(), catalog.OrderQuery{})); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("errors as %s: %v", name, err)
		}
	}
}

func TestPartialData(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{ProtectedData: true})
	var hidden int
	for order, err := range open(t, server).Orders(t.Context(), catalog.OrderQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if order.Customer != nil || order.ID == "" || order.Total.Store.IsZero() {
			t.Fatalf("order %s came with its customer, or without its total", order.ID)
		}
		for _, p := range order.Problems {
			if p.Path == "customer" && strings.Contains(p.Reason, "not approved to access") {
				hidden++
			}
		}
	}
	if hidden == 0 {
		t.Error("no order tells that its customer is hidden")
	}
}

func TestUnknownEnum(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Inject(shopifytest.Fault{Operation: "Products", SetAt: "data.products.nodes.1.status", SetTo: `"ON_THE_MOON"`})
	all, err := catalog.Collect(open(t, server).Products(t.Context(), catalog.ProductQuery{}))
	if err != nil || len(all) != 500 {
		t.Fatalf("%d products, %v", len(all), err)
	}
	p := all[1]
	if p.Status != catalog.ProductStatusUnknown || p.NativeStatus != "ON_THE_MOON" || len(p.Problems) != 1 || p.Problems[0].String() != "status: unknown word (ON_THE_MOON)" {
		t.Errorf("status %q, native %q, problems %v", p.Status, p.NativeStatus, p.Problems)
	}
	if !strings.Contains(string(p.Raw), "ON_THE_MOON") {
		t.Error("Raw lost the word")
	}
}

func TestIDAbove53Bits(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Inject(shopifytest.Fault{Operation: "Products", SetAt: "data.products.nodes.0.id", SetTo: `"gid://shopify/Product/9223372036854775807"`})
	server.Inject(shopifytest.Fault{Operation: "Products", Skip: 0, SetAt: "data.products.nodes.0.legacyResourceId", SetTo: `9223372036854775807`})
	engine := open(t, server)
	for product, err := range engine.Products(t.Context(), catalog.ProductQuery{}) {
		if err != nil || product.ID != "9223372036854775807" || len(product.Problems) != 0 {
			t.Fatalf("id %s, problems %v, %v", product.ID, product.Problems, err)
		}
		break
	}
	_, err := engine.Product(t.Context(), "9223372036854775807")
	expect(t, err, catalog.ErrNotFound, "shopify: get product: not found (200): there is no such record, or the app may not see it")
	_, err = engine.Product(t.Context(), "9.2e18")
	expect(t, err, catalog.ErrInvalid, "shopify: get product: invalid: the id is not the number or the GID of a Product; use ids as this package returns them")
}

func TestMoneyWithAComma(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Inject(shopifytest.Fault{Operation: "Products", SetAt: "data.products.nodes.0.variants.nodes.0.price", SetTo: `"12,50"`})
	all, err := catalog.Collect(open(t, server).Products(t.Context(), catalog.ProductQuery{}))
	if err != nil || len(all) != 500 {
		t.Fatalf("%d products, %v", len(all), err)
	}
	p := all[0]
	if !p.Variants[0].Price.IsZero() || len(p.Problems) != 1 || p.Problems[0].String() != "variants.nodes.0.price: not a decimal amount (12,50)" {
		t.Errorf("price %v, problems %v", p.Variants[0].Price, p.Problems)
	}
}

func TestOddFieldType(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Inject(shopifytest.Fault{Operation: "Products", SetAt: "data.products.nodes.0.vendor", SetTo: `{"name":"Acme"}`})
	all, err := catalog.Collect(open(t, server).Products(t.Context(), catalog.ProductQuery{}))
	if err != nil || len(all) != 500 {
		t.Fatalf("%d products, %v", len(all), err)
	}
	p := all[0]
	if p.Vendor != "" || p.Title == "" || len(p.Variants) == 0 || len(p.Problems) != 1 || p.Problems[0].String() != `vendor: an object where text was expected ({"name":"Acme"})` {
		t.Errorf("vendor %q, title %q, %d variants, problems %v", p.Vendor, p.Title, len(p.Variants), p.Problems)
	}
}

func TestUnreadableItem(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Inject(shopifytest.Fault{Operation: "Products", Times: -1, SetAt: "data.products.nodes.2", SetTo: `7`})
	engine := open(t, server)

	got := 0
	var failure error
	for _, err := range engine.Products(t.Context(), catalog.ProductQuery{}) {
		if failure = err; err == nil {
			got++
		}
	}
	expect(t, failure, catalog.ErrBadAnswer, "shopify: list products: item (unknown id) cannot be read: it is a number, not an object; set OnBadItem to go on without it")
	if got != 2 {
		t.Errorf("%d products before the bad one, want 2", got)
	}

	var bad []string
	query := catalog.ProductQuery{}
	query.OnBadItem = func(e *catalog.ItemError) error { bad = append(bad, string(e.Raw)); return nil }
	all, err := catalog.Collect(engine.Products(t.Context(), query))
	if err != nil || len(all) != 498 || strings.Join(bad, " ") != "7 7" {
		t.Errorf("with OnBadItem: %d products, bad %v, %v; want 498 and one bad on each of two pages", len(all), bad, err)
	}

	stop := errors.New("enough")
	query.OnBadItem = func(*catalog.ItemError) error { return stop }
	if _, err := catalog.Collect(engine.Products(t.Context(), query)); !errors.Is(err, stop) {
		t.Errorf("OnBadItem's own error did not end the list: %v", err)
	}
}

func TestVersionThatFellForward(t *testing.T) {
	t.Parallel()
	server := shopifytest.NewServer(&shopifytest.Config{Versions: []string{"2026-07", "2026-10"}})
	t.Cleanup(server.Close)
	_, err := openWith(t, server, shopify.Config{APIVersion: "2024-01"}, catalog.StaticToken(server.Token())).Shop(t.Context())
	expect(t, err, catalog.ErrInvalid, `shopify: get shop: invalid (200 version_mismatch): asked for API version 2024-01, Shopify answered with "2026-07"; the version is no longer supported; set Config.APIVersion to one that is`)
	if _, err := openWith(t, server, shopify.Config{APIVersion: "2026-10"}, catalog.StaticToken(server.Token())).Shop(t.Context()); err != nil {
		t.Error(err)
	}
}
