package shopify_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

func TestNativeGraphQL(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	caller, ok := catalog.As[catalog.GraphQLCaller](open(t, server))
	if !ok {
		t.Fatal("no GraphQLCaller")
	}
	result, err := caller.GraphQL(t.Context(), `query($n: Int!) { products(first: $n) { nodes { title } } }`, map[string]any{"n": 3})
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Products struct{ Nodes []struct{ Title string } }
	}
	if err := json.Unmarshal(result.Data, &data); err != nil || len(data.Products.Nodes) != 3 {
		t.Errorf("got %s, %v", result.Data, err)
	}
	if !strings.Contains(string(result.Extensions), "throttleStatus") {
		t.Errorf("extensions: %s", result.Extensions)
	}
}

func TestNativeGraphQLErrors(t *testing.T) {
	t.Parallel()
	server := shopifytest.NewServer(nil) // not strict: the query is wrong on purpose
	t.Cleanup(server.Close)
	caller, _ := catalog.As[catalog.GraphQLCaller](open(t, server))
	_, err := caller.GraphQL(t.Context(), `{ shop { nonsense } }`, nil)
	if !errors.Is(err, catalog.ErrInvalid) || !strings.HasPrefix(err.Error(), "shopify: graphql: invalid (200 undefinedField)") {
		t.Errorf("got %v", err)
	}
}

// A mutation whose answer is lost may have happened: it is not sent again.
func TestNativeMutationIsSentOnce(t *testing.T) {
	t.Parallel()
	server := shopifytest.NewServer(nil)
	t.Cleanup(server.Close)
	caller, _ := catalog.As[catalog.GraphQLCaller](open(t, server))
	server.Inject(shopifytest.Fault{Times: -1, Cut: true})
	_, err := caller.GraphQL(t.Context(), `mutation M { anything { id } }`, nil)
	if !errors.Is(err, catalog.ErrOutcomeUnknown) {
		t.Errorf("got %v, want ErrOutcomeUnknown", err)
	}
	if n := len(server.Calls()); n != 1 {
		t.Errorf("the mutation was sent %d times", n)
	}
}

// The cost predicted for every document must be what the platform asks for,
// before it was ever asked.
func TestPredictedCosts(t *testing.T) {
	t.Parallel()
	server := serve(t, shopifytest.Config{})
	engine := open(t, server)
	drain(t, engine)
	writeAll(t, server)
	seen := map[string]bool{}
	for _, call := range server.Calls() {
		if call.Operation == "" || call.Requested == 0 {
			continue
		}
		seen[call.Operation] = true
		var variables map[string]any
		if len(call.Variables) > 0 {
			if err := json.Unmarshal(call.Variables, &variables); err != nil {
				t.Fatal(err)
			}
		}
		if got := shopify.EstimateCost(call.Query, variables); got != float64(call.Requested) {
			t.Errorf("%s: predicted %v, asked for %d", call.Operation, got, call.Requested)
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d documents were tried: %v", len(seen), seen)
	}
}

// drain uses everything an engine can read.
func drain(t *testing.T, engine catalog.Engine) {
	t.Helper()
	fatal := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := engine.Shop(t.Context())
	fatal(err)
	products, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{}))
	fatal(err)
	orders, err := catalog.Collect(engine.Orders(t.Context(), catalog.OrderQuery{}))
	fatal(err)
	customers, err := catalog.Collect(engine.Customers(t.Context(), catalog.CustomerQuery{}))
	fatal(err)
	_, err = engine.Product(t.Context(), products[0].ID)
	fatal(err)
	_, err = engine.Order(t.Context(), orders[0].ID)
	fatal(err)
	_, err = engine.Customer(t.Context(), customers[0].ID)
	fatal(err)
	e := engine.(*shopify.Engine)
	_, err = e.CustomerByEmail(t.Context(), customers[0].Email)
	fatal(err)
	_, err = catalog.Collect(e.Locations(t.Context(), catalog.ListOptions{}))
	fatal(err)
	levels, err := catalog.Collect(e.InventoryLevels(t.Context(), catalog.InventoryQuery{}))
	fatal(err)
	_, err = catalog.Collect(e.InventoryLevels(t.Context(), catalog.InventoryQuery{ItemIDs: []string{levels[0].ItemID}}))
	fatal(err)
	_, err = catalog.Collect(e.InventoryLevels(t.Context(), catalog.InventoryQuery{UpdatedSince: levels[0].UpdatedAt}))
	fatal(err)
	_, err = catalog.Collect(e.ProductsBySKU(t.Context(), products[0].Variants[0].SKU))
	fatal(err)
	for _, resource := range []catalog.Resource{catalog.Products, catalog.Variants, catalog.Orders, catalog.Customers} {
		_, err = e.Count(t.Context(), resource)
		fatal(err)
	}
}
