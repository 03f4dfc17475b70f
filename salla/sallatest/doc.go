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
// What requests changed is in [Store.Effects]. Work that the API queues (stock,
// prices and actions on many records) is done after some further requests, see
// Config.QueueRequests, [Store.FinishQueued] and [Store.LoseQueued].
//
// # Limits
//
// Store, products, orders, customers, branches, shipments, webhooks and their
// look-ups are served. Of the writes, those are here that a shop connector
// needs; making and editing orders, the lines of orders, carts and invoices are
// not: they answer 404 and are reported as violations. The order filters
// country, city, shipping_app_id, unread, assign_employee, selling_channel,
// created_by and accounting_services are taken and do nothing, and so are the
// fields of a product that [Product] lacks. Webhook rules are stored and not
// evaluated.
//
// Where the vendor documents nothing, the less comfortable answer was chosen,
// and it is said at the Config field, method or handler. In stock: a row for
// what does not exist, or for a product whose variants have the stock, is
// dropped by the queue; no decrement goes below zero; a quantity of what is
// unlimited is passed over; and one without a branch is spread evenly. In
// orders: every status can follow every other. In shipments: nothing keeps one
// from shipping more than was ordered. In products: a variant's price does not
// follow its product's, a variant that new options make is unlimited, and an
// option's quantity does nothing.
package sallatest
