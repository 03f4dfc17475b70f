package shopify_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// One test for each fact about Shopify that shapes the adapter; most have a
// closer look elsewhere in this package.

func TestTrap01EveryCallIsGraphQLAtOneAddress(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{Products: 3, Orders: 3, Customers: 3})
	engine := open(t, server)
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, err := range engine.Orders(t.Context(), catalog.OrderQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range server.Calls() {
		if c.Path != "/admin/api/2026-07/graphql.json" {
			t.Errorf("%s went to %s", c.Operation, c.Path)
		}
	}
}

func TestTrap02AVersionThatFellForwardIsNoticed(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Inject(shopifytest.Fault{Operation: "Shop", Version: "2026-01"})
	_, err := open(t, server).Shop(t.Context())
	if failure, ok := errors.AsType[*catalog.Error](err); !ok || failure.Code != "version_mismatch" || !strings.Contains(failure.Hint, "APIVersion") {
		t.Errorf("an answer by another version than the one asked for: %v", err)
	}
}

func TestTrap03TokensExpireAndAreReplaced(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	app := appOf(t, server)
	pair := server.NewExpiringToken()
	fresh, err := app.RefreshCredential(t.Context(), catalog.Account{Store: server.Shop()}, catalog.Credential{
		AccessToken: catalog.NewSecret(pair.AccessToken), RefreshToken: catalog.NewSecret(pair.RefreshToken), ExpiresAt: time.Now()})
	if err != nil || fresh.AccessToken.Reveal() == pair.AccessToken || fresh.RefreshToken.Reveal() == pair.RefreshToken || fresh.ExpiresAt.IsZero() || fresh.RefreshExpiresAt.IsZero() {
		t.Errorf("the pair was not replaced as a whole: %v", err)
	}
}

func TestTrap04A200MayBeAFailure(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Inject(shopifytest.Fault{Operation: "Shop", OnlyErrors: true})
	engine := open(t, server)
	if _, err := engine.Shop(t.Context()); err == nil {
		t.Error("errors without data are a success")
	}
	writer := capability[catalog.ProductWriter](t, engine)
	title := catalog.ProductPatch{Title: catalog.Set("x")}
	if _, err := writer.UpdateProduct(t.Context(), "9223372036854775807", title, catalog.WriteOptions{}); err == nil {
		t.Error("userErrors are a success")
	}
}

func TestTrap05ThrottledComesInA200WithoutRetryAfter(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	server.Inject(shopifytest.Fault{Operation: "Shop", Throttle: true})
	if _, err := open(t, server).Shop(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls := server.Calls()
	if first := calls[0]; len(calls) != 2 || first.Status != 200 || len(first.Codes) != 1 || first.Codes[0] != "THROTTLED" {
		t.Errorf("%+v", calls)
	}
}

func TestTrap06StockIsWrittenWithAKeyAndAnExplicitNull(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{Products: 1, Orders: -1, Customers: -1})
	engine := open(t, server)
	var level catalog.InventoryLevel
	for l, err := range capability[catalog.InventoryReader](t, engine).InventoryLevels(t.Context(), catalog.InventoryQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		level = l
		break
	}
	set := capability[catalog.InventorySetter](t, engine)
	changes := []catalog.InventorySet{{ItemID: level.ItemID, LocationID: level.LocationID, Available: catalog.NewQuantity(7)}}
	if err := set.SetInventory(t.Context(), changes, catalog.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	calls := server.Calls()
	last := calls[len(calls)-1]
	if !strings.Contains(last.Query, "@idempotent(key:") || !strings.Contains(string(last.Variables), `"changeFromQuantity":null`) {
		t.Errorf("sent %s with %s", last.Query, last.Variables)
	}
}

func TestTrap07TheEventIDNamesTheActionAndNotTheDelivery(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	verifier := verifierOf(t, catalog.VerifierConfig{Secrets: []catalog.Secret{catalog.NewSecret(server.ClientSecret())}})
	body := server.ProductPayload(server.Products()[0])
	one, two := server.Webhook("products/update", body), server.Webhook("products/update", body)
	two.Header.Set("X-Shopify-Event-Id", one.Header.Get("X-Shopify-Event-Id"))
	first, err := verifier.Verify(t.Context(), delivered(one))
	if err != nil {
		t.Fatal(err)
	}
	second, err := verifier.Verify(t.Context(), delivered(two))
	if err != nil || first.Events[0].Key == second.Events[0].Key || first.Events[0].Correlation != second.Events[0].Correlation {
		t.Errorf("two webhooks of one action: %v, %+v, %+v", err, first, second)
	}
}

func TestTrap08WebhooksHaveAShapeOfTheirOwn(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	engine := open(t, server)
	verifier := verifierOf(t, catalog.VerifierConfig{Secrets: []catalog.Secret{catalog.NewSecret(server.ClientSecret())}})
	want := server.Products()[0]
	verdict, err := verifier.Verify(t.Context(), delivered(server.Webhook("products/update", server.ProductPayload(want))))
	if err != nil {
		t.Fatal(err)
	}
	event := verdict.Events[0]
	product, err := engine.Product(t.Context(), event.ResourceID) // a numeric id out of the payload reads what GraphQL knows by its gid
	if err != nil || product.ID != gidOf(want.ID) || product.RawKind == event.PayloadKind || !event.UpdatedAt.Equal(product.UpdatedAt) || event.UpdatedAt.Location() != time.UTC {
		t.Errorf("%v: record %s of shape %s, event %+v", err, product.ID, product.RawKind, event)
	}
	var shape struct {
		ID   int64           `json:"id"`
		Tags json.RawMessage `json:"tags"`
	}
	if err := json.Unmarshal(event.Payload, &shape); err != nil || shape.ID != want.ID || len(shape.Tags) == 0 || shape.Tags[0] != '"' {
		t.Errorf("the payload is not REST shaped: %v, %+v", err, shape)
	}
}

func TestTrap09AnOrderIsShippedByItsFulfilmentOrders(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	engine := open(t, server)
	for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{Status: []catalog.OrderStatus{catalog.OrderOpen}, Fulfillment: []catalog.FulfillmentStatus{catalog.FulfillmentNone}}) {
		if err != nil {
			t.Fatal(err)
		}
		made, err := capability[catalog.Fulfiller](t, engine).Fulfill(t.Context(), o.ID, catalog.FulfillRequest{}, catalog.WriteOptions{})
		if err != nil || len(made) == 0 {
			t.Fatalf("order %s: %v, %v", o.ID, made, err)
		}
		places, sent := map[string]bool{}, 0
		for _, f := range made {
			places[f.LocationID] = true
		}
		for _, c := range server.Calls() {
			if strings.Contains(c.Query, "fulfillmentCreate") {
				sent++
			}
		}
		if sent != len(places) {
			t.Errorf("%d calls for shipments from %d locations", sent, len(places))
		}
		return
	}
	t.Fatal("the store has no order to ship")
}

func TestTrap10HiddenCustomersAreAProblemAndOldOrdersAreAbsent(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{ProtectedData: true, Scopes: []string{"read_orders"}})
	engine := open(t, server)
	told := false
	for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if time.Since(o.CreatedAt) > 61*24*time.Hour {
			t.Errorf("order %s of %v came without the scope for old orders", o.ID, o.CreatedAt)
		}
		told = told || len(o.Problems) > 0 && o.Customer == nil
	}
	if !told {
		t.Error("no order says that its customer is hidden")
	}
	old := false
	for _, o := range server.Orders() {
		old = old || time.Since(o.CreatedAt) > 61*24*time.Hour
		if time.Since(o.CreatedAt) > 61*24*time.Hour {
			if _, err := engine.Order(t.Context(), gidOf(o.ID)); !errors.Is(err, catalog.ErrNotFound) {
				t.Errorf("an old order: %v", err)
			}
			break
		}
	}
	if !old {
		t.Error("the server has no old order")
	}
}
