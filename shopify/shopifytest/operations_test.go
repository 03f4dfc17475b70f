package shopifytest

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// sharedFile reads a reference file that lies outside the repository, or
// skips.
func sharedFile(t *testing.T, name string) []byte {
	t.Helper()
	for _, up := range []string{"../../../", "../../../../"} {
		if text, err := os.ReadFile(up + "shared/specs/shopify/" + name); err == nil {
			return text
		}
	}
	t.Skipf("SKIPPED: %s is not next to this repository", name)
	return nil
}

// neverMade lists the types of which the shop has no object.
var neverMade = map[string]bool{"Collection": true, "ProductSetOperation": true, "ProductDeleteOperation": true,
	"ProductSetUserError": true, "UserError": true, "SuggestedRefund": true, "SuggestedOrderTransaction": true,
	"WebhookSubscription": true, "BulkOperation": true}

func TestEveryFieldHasAResolver(t *testing.T) {
	t.Parallel()
	for name, d := range schema().Types {
		if d.Kind != ast.Object || d.BuiltIn || neverMade[name] {
			continue
		}
		for _, f := range d.Fields {
			if resolverFor(name, f.Name) == nil && f.Name != "__schema" && f.Name != "__type" {
				t.Errorf("%s.%s has no resolver", name, f.Name)
			}
		}
	}
}

func TestReferenceQueriesRun(t *testing.T) {
	t.Parallel()
	text := sharedFile(t, "operations.graphql")
	doc, err := parser.ParseQuery(&ast.Source{Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, &Config{Unthrottled: true, TB: t})
	product, order, customer := s.Products()[7], s.Orders()[12], s.Customers()[3]
	gid := func(kind string, id int64) string { return string(appendGID(nil, kind, id)[1:]) }
	trim := func(s string) string { return s[:len(s)-1] }
	vars := map[string]map[string]any{
		"ProductsList": {"first": 50}, "OrdersList": {"first": 50}, "CustomersList": {"first": 250},
		"ProductGet":          {"id": trim(gid("Product", product.ID))},
		"ProductVariantsPage": {"id": trim(gid("Product", product.ID))},
		"VariantsBySku":       {"query": "sku:DUP-001"}, "InventoryItemsBySku": {"query": "sku:DUP-001"},
		"OrderGet":               {"id": trim(gid("Order", order.ID))},
		"CustomerGet":            {"id": trim(gid("Customer", customer.ID))},
		"CustomerByEmail":        {"identifier": map[string]any{"emailAddress": customer.Email}},
		"Locations":              {"first": 10},
		"InventoryByItems":       {"ids": []string{trim(gid("InventoryItem", product.Variants[0].Item.ID))}},
		"InventoryAtLocation":    {"id": trim(gid("Location", locationBase)), "first": 5},
		"DeletedEvents":          {"first": 5},
		"OrderFulfillmentOrders": {"id": trim(gid("Order", order.ID))}, "SuggestedRefund": {"id": trim(gid("Order", order.ID))},
		"JobPoll": {"id": "gid://shopify/Job/1"}, "ProductOp": {"id": "gid://shopify/ProductSetOperation/1"},
		"BulkGet": {"id": "gid://shopify/BulkOperation/1"},
	}
	cost := map[string]int{"ProductsList": 373, "OrdersList": 324, "CustomersList": 46, "ProductGet": 93, "OrderGet": 95}
	ran, total := 0, 0
	for _, op := range doc.Operations {
		if op.Operation != ast.Query {
			continue
		}
		total++
		body, _ := json.Marshal(map[string]any{"query": only(string(text), doc, op), "operationName": op.Name, "variables": vars[op.Name]})
		a := post(t, s, "/admin/api/2026-07/graphql.json", s.Token(), "application/json", string(body))
		if a.Status != 200 || len(a.Errors) > 0 {
			t.Errorf("%s: %d %v", op.Name, a.Status, a.Errors)
			continue
		}
		ran++
		if want := cost[op.Name]; want != 0 && a.Extensions.Cost.Requested != want {
			t.Errorf("%s costs %d, want %d", op.Name, a.Extensions.Cost.Requested, want)
		}
		if a.Extensions.Cost.Actual == nil || *a.Extensions.Cost.Actual > a.Extensions.Cost.Requested {
			t.Errorf("%s: actual cost %v above %d", op.Name, a.Extensions.Cost.Actual, a.Extensions.Cost.Requested)
		}
	}
	t.Logf("%d of %d reference queries ran", ran, total)
}

// only cuts one operation and the fragments it uses out of a document.
func only(text string, doc *ast.QueryDocument, op *ast.OperationDefinition) string {
	runes := []rune(text)
	out := string(runes[op.Position.Start:end(runes, op.Position.Start)])
	seen := map[string]bool{}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, sel := range set {
			switch v := sel.(type) {
			case *ast.Field:
				walk(v.SelectionSet)
			case *ast.InlineFragment:
				walk(v.SelectionSet)
			case *ast.FragmentSpread:
				if d := doc.Fragments.ForName(v.Name); !seen[v.Name] {
					seen[v.Name] = true
					out += "\n" + string(runes[d.Position.Start:end(runes, d.Position.Start)])
					walk(d.SelectionSet)
				}
			}
		}
	}
	walk(op.SelectionSet)
	return out
}

// end finds the brace that closes the definition that starts at from.
func end(text []rune, from int) int {
	depth, parens := 0, 0
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '(':
			parens++
		case ')':
			parens--
		case '{':
			if parens == 0 {
				depth++
			}
		case '}':
			if parens == 0 {
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
	}
	return len(text)
}
