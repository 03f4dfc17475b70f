// Package bigcommercetest runs a server inside the test process that behaves
// like BigCommerce: the same answers of V2 and V3, paging quirks, rate headers,
// error shapes, install flow and signed webhooks.
//
//	srv := bigcommercetest.NewServer(&bigcommercetest.Config{TB: t, Products: 40})
//	defer srv.Close()
//
//	client := srv.Client() // sends api.bigcommerce.com and login.bigcommerce.com here
//	req, _ := http.NewRequest("GET", srv.StoreURL()+"/v3/catalog/products", nil)
//	req.Header.Set("X-Auth-Token", srv.Token())
//	req.Header.Set("Accept", "application/json")
//	srv.Inject(bigcommercetest.Throttle(1500, "2").On("GET", "/v3/catalog/products"))
//	resp, err := client.Do(req) // 429, then the first page
//
// A [Server] holds one merchant's [Store]; [Server.AddStore] puts more beside
// it, told apart by hash and token. Records come from Config.Seed and their
// index, so a store of 100,000 products costs little memory until a record is
// changed. Ids grow with the index; lists are by id unless sorted. What the
// client did wrong is in [Server.Violations], what the quota was charged in
// [Store.Ledger], what was sent in [Server.Calls]. Changes, by the API or by
// methods such as [Store.UpdateOrder], leave [Store.Events], which
// [Store.DeliverEvents] sends to the hooks registered for them. What requests
// changed, and only that, is in [Store.Effects].
//
// # Choices
//
// Where the vendor's documents are silent or contradict each other, this server
// does the following. A Config field changes those that a host may want
// otherwise.
//
//   - Incomplete and archived orders are in the default list; is_deleted filters.
//   - A limit over the cap (250; 1000 of inventory items) is refused with 413.
//   - Unknown parameters of V2 do nothing; both versions report a violation.
//   - min and max of dates are inclusive.
//   - A token used for another store is answered 403; no or an unknown one 401.
//   - The quota is one fixed window per store that begins with its first request;
//     a 429 carries the rate headers and X-Retry-After. A 429 of a concurrency
//     cap carries the rate headers alone.
//   - Pages by cursor carry cursor_pagination alone; page numbers carry
//     pagination, and the first page both.
//   - V2 escapes JSON as PHP does: \/ and \uXXXX.
//   - A change of a variant or of stock moves its product's date_modified.
//   - inventory_level of the catalog is the stock of all locations.
//   - No item of an inventory adjustment, and no product, variant or customer of
//     a batch, is saved if one is refused; a 207 saves all but what it names.
//   - What sets what is there already changes no date and fires nothing.
//   - The catalog's inventory_level sets the default location. Its amounts are
//     rounded to four decimals, and have to be JSON numbers.
//   - The 207 of a new product and of a batch has an array in data, as the
//     vendor's file says, that of a changed product an object.
//   - Custom fields and images sent with a product are added where they have no
//     id and changed where they have one.
//   - A shipment makes an order Shipped or Partially Shipped, a refund Refunded
//     or Partially Refunded once it is paid, whatever it was before. An order
//     that is cancelled may still be shipped, refunded or given another status.
//   - Pieces go back to stock once in the life of an order, and only by status
//     (see Config.RestockOrders): never by a refund, as the vendor's guide says.
//   - A tracking_carrier has the form of AfterShip's names; which of them there
//     are is not checked.
//   - A quote of a refund over what is left is of what is left, with the
//     difference in adjustment; the refund itself has to match the quote.
//   - Refunds of one order at the same time are a violation, but are served.
//   - A retry of a webhook is signed with a fresh timestamp. The same event has
//     the same hash for every hook. Wildcard hooks get the concrete scope.
//   - Codes of the install flow live ten minutes; its errors are {"error": text}.
//
// # Limits
//
// The read side of store, currencies, channels, shipping zones, settings,
// catalog, orders, refunds, transactions, customers, inventory and hooks is
// served, and the writes a shop connector needs. Metafields, writes of
// categories, brands, custom fields, modifiers and settings, deletes of options,
// price lists, carts, scripts and GraphQL are not: they answer 404 or 405 and
// are reported as violations. Images are not fetched, and files not taken. An
// order has one fee, which those that are written add up to; refunds adjust no
// taxes. Attributes and form fields of customers are always empty.
package bigcommercetest
