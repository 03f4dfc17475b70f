// Package shopifytest runs a Shopify store inside a test: a real HTTP server
// that answers the GraphQL Admin API, hands out and rotates OAuth tokens,
// charges the cost bucket the way the platform does, and goes wrong on
// request.
//
//	srv := shopifytest.NewServer(nil)
//	defer srv.Close()
//
//	req, _ := http.NewRequest("POST", "https://"+srv.Shop()+"/admin/api/2026-07/graphql.json",
//		strings.NewReader(`{"query":"{ products(first: 3) { nodes { id title } } }"}`))
//	req.Header.Set("Content-Type", "application/json")
//	req.Header.Set("X-Shopify-Access-Token", srv.Token())
//	res, err := srv.Client().Do(req) // the genuine URL, served here
//
// The shop is seeded: the same Config gives the same records, among them the
// odd ones that real shops have. Tests change it with AddProduct,
// UpdateOrder, SetInventory and the like, look at what was charged with
// Ledger, at what was asked with Calls, at what a correct client would not
// have done with Violations, and break things with Inject.
//
// # Limits
//
// Mutations are those that a service for catalogue, orders, customers, stock and
// webhooks needs: Effects lists what they changed. Orders are cancelled, and
// products exported in bulk, by jobs that take some further requests; bulk
// queries are served for products. The schema holds the fields that a
// service for catalogue, orders, customers and stock reads, with the names
// and the nullability of versions 2026-07 and 2026-10; deprecated fields are
// mostly left out, so using one is an error here before it is one there. Cost
// follows a formula that was derived from recorded answers, not a published
// one. Metafields and collections are always empty.
package shopifytest
