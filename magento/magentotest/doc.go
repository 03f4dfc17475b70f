// Package magentotest runs a server inside the test process that behaves like a
// Magento 2 shop: Magento Open Source or Mage-OS, Adobe Commerce, or Adobe
// Commerce as a Cloud Service. It has the same REST answers, search criteria
// and paging quirks, OAuth 1.0a signatures as each version computes them, error
// shapes, token endpoints, and webhooks.
//
//	server := magentotest.NewServer(&magentotest.Config{TB: t, Products: 40, BearerTokens: true})
//	defer server.Close()
//
//	client := server.Client() // sends the shop's genuine host, and Adobe's, here
//	req, _ := http.NewRequest("GET", server.StoreURL()+"/rest/all/V1/products?searchCriteria[pageSize]=10", nil)
//	req.Header.Set("Authorization", "Bearer "+server.AccessToken())
//	server.Inject(magentotest.Throttle("2").On("GET", "/V1/products"))
//	resp, err := client.Do(req) // 429, then the first page
//
// Records come from Config.Seed and their index, so a shop of 100,000 products
// costs little memory until a record is changed. [Server.Products],
// [Server.Orders] and the like are what is true, AddProduct, UpdateOrder,
// SetStock and the like change it. [Server.Effects] lists what requests
// changed, so that a lost answer can be held against what happened;
// [Server.AddSale] makes an order to ship, refund or cancel. What the client did
// wrong is in [Server.Violations], what it cost in [Server.Ledger], what it sent
// in [Server.Calls]. Records handed out are copies; errors of the package start
// with its name and hold no secret.
//
// Violations name what the shop lets pass and a client should not do: saving a
// product by a SKU that is none, which creates it, stock of a SKU that is none,
// more pieces to ship than there are, the bare repositories of orders and
// shipments.
//
// # Limits
//
// The read side of store, catalog, inventory, orders with their documents and
// customers is served, and of the writes those a shop connector needs, at once
// or as asynchronous and bulk requests. Filters know the columns and attributes
// the seeded shop has, collation is by lower-casing, and category_id takes one
// id. Entries of a bulk request are checked when they are done, not when they
// are sent. Tier prices and links have no endpoints of their own, and GraphQL is
// not there: such requests answer 404 and are reported as violations. The body
// of requests and answers is JSON alone. Where the vendor documents nothing,
// the choice is said at the Config field or the method.
package magentotest
