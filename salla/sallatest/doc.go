// Package sallatest runs a server inside the test process that behaves like
// Salla's Merchant API v2: the same answers, paging quirks, rate limits, error
// shapes, OAuth endpoints and signed webhooks.
//
//	server := sallatest.NewServer(&sallatest.Config{TB: t, Products: 40})
//	defer server.Close()
//
//	client := server.Client() // sends api.salla.dev and accounts.salla.sa here
//	req, _ := http.NewRequest("GET", "https://api.salla.dev/admin/v2/products", nil)
//	req.Header.Set("Authorization", "Bearer "+server.Token())
//	req.Header.Set("Accept", "application/json")
//	server.Inject(sallatest.Throttle("2").On("GET", "/products"))
//	resp, err := client.Do(req) // 429, then the first page
//
// A [Server] holds one merchant's [Store]; [Server.AddStore] puts more beside
// it, told apart by their access tokens. Records come from Config.Seed and
// their index, so a store of 100,000 products costs no memory until a record is
// changed. What the client did wrong is in [Server.Violations], what it was
// charged in [Store.Ledger], what it sent in [Server.Calls].
//
// # Limits
//
// The read side of store, products, orders, customers, branches, shipments and
// their look-ups is served. Of the writes, those are here that a shop connector
// needs; bulk writes apply at once although their answer says queued. Stock is
// kept per product or variant: a branch's share is computed, and the branch of
// a stock write is not looked at. The order filters country, city,
// shipping_app_id, unread, assign_employee, selling_channel, created_by and
// accounting_services are taken and do nothing. Webhook rules are stored and
// not evaluated. Uploads of images, options' writes, carts and invoices are not
// served: they answer 404 and are reported as violations. Where the
// vendor documents nothing (the body of a 429, whether an old access token
// dies at refresh) the choice is said at the Config field or method.
package sallatest
