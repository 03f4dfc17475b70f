package shopify_test

import (
	"math"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// Hosts send documents of their own; whatever they hold, the estimate ends
// and is a number a budget can work with.
func TestCostOfOddDocuments(t *testing.T) {
	t.Parallel()
	doubling := "{ ...A }"
	for i := 'A'; i < 'Z'; i++ {
		doubling += " fragment " + string(i) + " on Shop { ..." + string(i+1) + " a { ..." + string(i+1) + " } }"
	}
	for name, text := range map[string]string{
		"empty": "", "an open bracket": "query Q($a: Int", "an open brace": "{ shop {", "only brackets": "}{)(][",
		"a fragment in itself":              "{ ...A } fragment A on Shop { ...A ...A }",
		"a connection's fragment in itself": "{ products(first: 1) { ...A } } fragment A on ProductConnection { ...A }",
		"fragments that double":             doubling,
		"a spread without a name":           "{ ... }", "a directive without a name": "{ a @ }", "an open string": `{ a(b: "`,
		"deep": strings.Repeat("{a", 5000) + strings.Repeat("}", 5000),
	} {
		got := shopify.EstimateCost(text, nil)
		if !(got > 0) || math.IsInf(got, 0) {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, n := range []any{math.NaN(), math.Inf(1), 1e300, -1e300, math.MaxInt, int64(math.MinInt64), "7", nil} {
		got := shopify.EstimateCost("query($n: Int) { products(first: $n) { nodes { id } } }", map[string]any{"n": n})
		if !(got > 0 && got <= 1000) {
			t.Errorf("first: %v costs %v", n, got)
		}
	}
}

func FuzzEstimateCost(f *testing.F) {
	for _, text := range shopify.Documents() {
		f.Add(text, 50.0)
	}
	f.Add("query Q($a", 1.0)
	f.Add("{ p(first: $n) { ...A } } fragment A on X { ...A ...A }", 1e300)
	f.Add(`{ a(b: """ "{ """) @c { ... on } }`, -1.0)
	f.Fuzz(func(t *testing.T, text string, n float64) {
		got := shopify.EstimateCost(text, map[string]any{"first": n, "n": n})
		if !(got > 0) || math.IsInf(got, 0) {
			t.Fatalf("cost %v", got)
		}
	})
}

// A call is repeated after a lost answer only when it cannot have changed
// anything.
func TestOnlyQueriesAreRepeated(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text   string
		writes bool
	}{
		"a query":                       {`query { shop { id } }`, false},
		"shorthand":                     {`{ shop { id } }`, false},
		"mutation as a field":           {`{ mutation { id } }`, false},
		"mutation in a comment":         {"# mutation M { a }\n{ shop { id } }", false},
		"mutation in a string":          {`{ products(query: "} mutation {") { nodes { id } } }`, false},
		"mutation in a block string":    {`{ products(query: """ " } mutation { """) { nodes { id } } }`, false},
		"a mutation":                    {`mutation { a { id } }`, true},
		"behind a comment":              {"# \"\nmutation { a { id } }", true},
		"behind a byte order mark":      {"\ufeffmutation { a { id } }", true},
		"second operation":              {`query A { shop { id } } mutation B { a { id } }`, true},
		"behind an odd block string":    {`query A { products(query: """ " """) { nodes { id } } } mutation B { a { id } }`, true},
		"behind an escaped block quote": {`query A { a(b: """ \""" """) } mutation B { a { id } }`, true},
		"a subscription":                {`subscription { a { id } }`, true},
		"behind a fragment":             {`fragment F on Shop { id } mutation { a { ...F } }`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := shopifytest.NewServer(nil)
			t.Cleanup(server.Close)
			caller, _ := catalog.As[catalog.GraphQLCaller](openWith(t, server, shopify.Config{Attempts: 2}, catalog.StaticToken(server.Token())))
			server.Inject(shopifytest.Fault{Times: -1, Cut: true})
			_, err := caller.GraphQL(t.Context(), c.text, nil)
			sent := len(server.Calls())
			if c.writes && sent != 1 || !c.writes && sent != 2 {
				t.Errorf("it was sent %d times: %v", sent, err)
			}
		})
	}
}
