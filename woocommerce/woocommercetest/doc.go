// Package woocommercetest runs a server inside the test process that behaves
// like a WooCommerce store: its REST API wc/v3 with the same answers, headers,
// paging, error shapes and odd values, its two ways of authenticating, its
// signed webhooks and its granting of keys.
//
//	server := woocommercetest.NewServer(&woocommercetest.Config{TB: t, Products: 40})
//	defer server.Close()
//
//	client := server.Client() // carries server.StoreURL() here
//	req, _ := http.NewRequest("GET", server.StoreURL()+"/wp-json/wc/v3/products", nil)
//	req.SetBasicAuth(server.ConsumerKey(), server.ConsumerSecret())
//	server.Inject(woocommercetest.Firewall(503).On("GET", "/products"))
//	resp, err := client.Do(req) // 503 with HTML, then the first page
//
// Basic counts only where the store sees https, so the Transport tells it the
// scheme; a request to [Server.URL] itself is plain http and needs OAuth, signed
// with the store's own address ([Server.HomeURL]).
//
// Records come from Config.Seed and their index, so a store of 100,000 products
// costs little memory until a record is changed. What the client did wrong is in
// [Server.Violations], what it sent in [Server.Calls], how much at once in
// [Server.Ledger]. Changes queue webhooks, which [Server.RunQueue] sends.
//
// What requests changed is in [Server.Effects], whatever became of their
// answers, so that a test can tell an answer that was lost from a write that was
// not made:
//
//	order := server.AddPaidOrder()
//	server.Inject(woocommercetest.Disconnect(woocommercetest.CutBefore).On("PUT", "/orders/*"))
//	// ... cancel the order ...
//	server.Effects() // order.update, and a stock.move for each line
//
// # Limits
//
// Products with variations, orders with notes and refunds, customers, webhooks
// and batches are read and written; categories, tags, brands, attributes,
// currencies, settings, system status and counts are read. Coupons, taxes,
// shipping zones, reviews and the other reports are not served: they answer 404
// rest_no_route and are reported. Sale dates are kept and sent but prices do not
// wait for them; taxes and coupons of written orders are not worked out; pictures
// get an address in the store and are never fetched; a slug is only made of one
// that is written; context=edit answers as view does. Messages are in English.
package woocommercetest
