package salla_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// The ten things a client of Salla gets wrong, by number. The rest of the
// package's tests go further into most of them.

func TestTrap01AMissingScopeIsA401ThatIsNotRefreshed(t *testing.T) {
	t.Parallel()
	config := quiet(5, -1, -1, true)
	config.Scopes = []string{"products.read", "offline_access"}
	server := newServer(t, config)
	engine, _ := kept(t, server, credential(server.IssueTokens()))
	if _, err := catalog.Collect(engine.Customers(t.Context(), catalog.CustomerQuery{})); !errors.Is(err, catalog.ErrForbidden) || errors.Is(err, catalog.ErrUnauthorized) {
		t.Errorf("got %v", err)
	}
	if n := tokenCalls(server); n != 0 {
		t.Errorf("%d refreshes", n)
	}
}

func TestTrap02ARefreshTokenIsUsedOnceByTwoProcesses(t *testing.T) {
	t.Parallel()
	server := newServer(t, quiet(5, -1, -1, true))
	c := credential(server.IssueTokens())
	server.ExpireTokens()
	engine, store := kept(t, server, c)
	adapter := newAdapter(t, server, salla.Config{}) // another process over the same store
	second, err := adapter.Open(engine.Account(), auth.NewSource(engine.Account(), store, adapter))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, err := []catalog.Engine{engine, second}[i%2].Shop(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := tokenCalls(server); n != 1 || server.RefreshReuses() != 0 {
		t.Errorf("%d refreshes, %d reuses", n, server.RefreshReuses())
	}
}

func TestTrap03ExpiryOfAGrantIsAMoment(t *testing.T) {
	t.Parallel()
	const secret = "s"
	v := verifier(t, salla.Config{WebhookSecrets: secrets(secret)}, catalog.VerifierConfig{})
	received := delivery("").ReceivedAt
	for expires, want := range map[string]time.Time{
		"1634819484": time.Unix(1634819484, 0), `"1634819484"`: time.Unix(1634819484, 0), "1209599": received.Add(1209599 * time.Second),
		"null": {}, "-1": {}, `"soon"`: {}, "1e30": {},
	} {
		body := `{"event":"app.store.authorize","merchant":7,"data":{"access_token":"a","refresh_token":"r","scope":"x.read offline_access","expires":` + expires + `}}`
		verdict, err := v.Verify(t.Context(), delivery(body, "X-Salla-Signature", hexMAC(secret, body)))
		if err != nil || !verdict.Grants[0].Credential.ExpiresAt.Equal(want) {
			t.Errorf("%s: %+v, %v", expires, verdict.Grants, err)
		}
	}
}

func TestTrap04SignatureIsHexOfTheRawBody(t *testing.T) {
	t.Parallel()
	v := verifier(t, salla.Config{WebhookSecrets: secrets("s")}, catalog.VerifierConfig{})
	body := `{"event":"order.updated", "merchant":7,"data":{"u":"https:\/\/x"}}`
	for text, ok := range map[string]bool{hexMAC("s", body): true, "sha256=" + hexMAC("s", body): true,
		hexMAC("s", strings.ReplaceAll(body, `\/`, "/")): false, hexMAC("s", strings.ReplaceAll(body, " ", "")): false} {
		if _, err := v.Verify(t.Context(), delivery(body, "X-Salla-Signature", text)); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestTrap05RedeliveriesHaveTheSameKey(t *testing.T) {
	t.Parallel()
	server := newServer(t, sallatest.Config{Products: 3})
	v := verifier(t, salla.Config{WebhookSecrets: secrets(server.WebhookSecret())}, catalog.VerifierConfig{})
	d, err := server.Delivery("product.created", server.Products()[0])
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for range 4 {
		verdict, err := v.Verify(t.Context(), catalog.Delivery{Header: d.Header, Body: d.Body})
		if err != nil {
			t.Fatal(err)
		}
		keys[verdict.Events[0].Key] = true
	}
	if len(keys) != 1 {
		t.Errorf("%d keys", len(keys))
	}
}

func TestTrap06TheMerchantIsTheStore(t *testing.T) {
	t.Parallel()
	server := newServer(t, sallatest.Config{Products: 3})
	second := server.AddStore(nil)
	v := verifier(t, salla.Config{WebhookSecrets: secrets(server.WebhookSecret())}, catalog.VerifierConfig{})
	for _, store := range []*sallatest.Store{server.Store, second} {
		d, err := store.Delivery("order.deleted", nil)
		if err != nil {
			t.Fatal(err)
		}
		verdict, err := v.Verify(t.Context(), catalog.Delivery{Header: d.Header, Body: d.Body})
		if err != nil || verdict.Events[0].Store != id(store.MerchantID()) {
			t.Errorf("%+v, %v", verdict.Events, err)
		}
	}
}

func TestTrap07LightOrdersGetTheirLines(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 20, Orders: 35, Customers: 5})
	lines := 0
	for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{}) {
		if err != nil || len(o.LineItems) == 0 || o.UpdatedAt.IsZero() || o.Subtotal.Store.IsZero() {
			t.Fatalf("order %s: %d lines, %v", o.ID, len(o.LineItems), err)
		}
		lines += len(o.LineItems)
	}
	list, items, details, statuses := 0, 0, 0, 0
	for _, call := range server.Calls() {
		switch {
		case call.Path == "/admin/v2/orders":
			list++
		case call.Path == "/admin/v2/orders/items" && strings.Contains(call.Query, "order_id="):
			items++
		case strings.Contains(call.Query, "format=light"):
			details++
		case call.Path == "/admin/v2/orders/statuses": // for the store's own ones, once
			statuses++
		default:
			t.Errorf("a call to %s?%s", call.Path, call.Query)
		}
	}
	if statuses > 1 || list != 2 || items != 35 || details != 35 || lines == 0 {
		t.Errorf("%d lists, %d items, %d details, %d lines", list, items, details, lines)
	}
}

func TestTrap08PageSizesAreCapped(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 130, Orders: 65, Customers: 5, EvenPages: true})
	large := catalog.ListOptions{PageSize: 100}
	products := ids(t, engine.Products(t.Context(), catalog.ProductQuery{ListOptions: large}), func(p catalog.Product) string { return p.ID })
	orders := ids(t, engine.Orders(t.Context(), catalog.OrderQuery{ListOptions: large}), func(o catalog.Order) string { return o.ID })
	if len(products) != 130 || len(orders) != 65 {
		t.Errorf("%d products, %d orders", len(products), len(orders))
	}
	for _, call := range server.Calls() {
		want := map[string]string{"/admin/v2/products": "per_page=60", "/admin/v2/orders": "per_page=30"}[call.Path]
		if !strings.Contains(call.Query, want) {
			t.Errorf("%s?%s", call.Path, call.Query)
		}
	}
}

func TestTrap09EmptyValuesHaveFourForms(t *testing.T) {
	t.Parallel()
	for _, empty := range []string{`null`, `{}`, `[]`, `""`} {
		server, engine := quick(t, sallatest.Config{Products: 8, Orders: 3, Customers: 3})
		all := server.Products() // one whose variants need no options to be named
		plain := all[slices.IndexFunc(all, func(p *sallatest.Product) bool { return len(p.Variants) == 0 })]
		for _, path := range []string{"brand", "sale_price", "regular_price", "cost_price", "sale_end", "quantity", "weight", "updated_at", "options",
			"skus", "images", "categories", "tags", "urls", "description", "gtin", "metadata"} {
			server.Inject(sallatest.Fault{Method: "GET", Path: "/products/*", Times: 1, Replace: map[string]string{"data." + path: empty}})
			p, err := engine.Product(t.Context(), id(plain.ID))
			if err != nil || len(p.Problems) > 0 || p.Title == "" || len(p.Variants) == 0 {
				t.Errorf("product's %s as %s: %v, %v", path, empty, p.Problems, err)
			}
		}
		for _, path := range []string{"customer", "receiver", "exchange_rate", "tags", "bank", "updated_at", "payment_method", "amounts.discounts", "status"} {
			server.Inject(sallatest.Fault{Method: "GET", Path: "/orders/[0-9]*", Times: 1, Replace: map[string]string{"data." + path: empty}})
			o, err := engine.Order(t.Context(), id(server.Orders()[0].ID))
			if err != nil || len(o.Problems) > 0 || o.Number == "" || len(o.LineItems) == 0 {
				t.Errorf("order's %s as %s: %v, %v", path, empty, o.Problems, err)
			}
		}
		for _, path := range []string{"birthday", "country_code", "groups", "mobile", "email", "created_at", "urls", "location"} {
			server.Inject(sallatest.Fault{Method: "GET", Path: "/customers/*", Times: 1, Replace: map[string]string{"data." + path: empty}})
			c, err := engine.Customer(t.Context(), id(server.Customers()[0].ID))
			if err != nil || len(c.Problems) > 0 || c.FirstName == "" {
				t.Errorf("customer's %s as %s: %v, %v", path, empty, c.Problems, err)
			}
		}
	}
}

// Numbers come as text, text as numbers; ids are larger than 32 bits.
func TestTrap09NumbersAreOftenText(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 3, Orders: -1, Customers: 3})
	truth := server.Products()[0]
	server.Inject(sallatest.Fault{Method: "GET", Path: "/products/*", Times: 1, Replace: map[string]string{
		"data.id": `"9007199254740993123"`, "data.price": `{"amount":"1000.00","currency":"SAR"}`, "data.weight": `"0.50"`, "data.sku": `12345`,
		"data.skus.0.price.amount": `1e3`, "data.skus.0.stock_quantity": `"7"`, "data.updated_at": `{"date":"2022-06-16 14:48:20.000000","timezone_type":3,"timezone":"Asia/Riyadh"}`}})
	p, err := engine.Product(t.Context(), id(truth.ID))
	if err != nil || len(p.Problems) > 1 || p.ID != "9007199254740993123" || p.Variants[0].Quantity.String() != "7" ||
		!p.UpdatedAt.Equal(time.Date(2022, 6, 16, 11, 48, 20, 0, time.UTC)) {
		t.Errorf("%+v, %v", p, err)
	}
	server.Inject(sallatest.Fault{Method: "GET", Path: "/products/*", Times: 1, Replace: map[string]string{
		"data.status": `"brand new"`, "data.updated_at": `"yesterday"`, "data.brand": `"a name"`, "data.images.0.id": `{"odd":1}`}})
	p, err = engine.Product(t.Context(), id(truth.ID))
	if err != nil || len(p.Problems) != 4 || p.Status != catalog.ProductStatusUnknown || p.NativeStatus != "brand new" || p.Title != truth.Name {
		t.Errorf("%v, %v", p.Problems, err)
	}
}

// What is queued answers 201 and applies later: nothing here may take the
// answer of a native write for the record.
func TestTrap10QueuedWritesAreAnswersNotRecords(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, sallatest.Config{Products: 3})
	result, err := capability[catalog.RESTCaller](t, engine).Do(t.Context(), catalog.RESTRequest{Method: "POST", Path: "/products/quantities/bulk",
		Body: map[string]any{"products": []map[string]any{{"identifer_type": "id", "identifer": id(server.Products()[0].ID), "quantity": 5, "mode": "overwrite"}}}})
	if err != nil || result.Status != 201 || !strings.Contains(string(result.Body), `"success":true`) {
		t.Errorf("%d %s, %v", result.Status, result.Body, err)
	}
}
