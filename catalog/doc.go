// Package catalog is the contract of souk: one set of types for merchants'
// stores on different platforms, and the interfaces that adapters implement.
//
//	app, err := shopify.New(shopify.Config{})
//	err = catalog.Register(app)
//	adapter, err := catalog.Get("shopify")
//	engine, err := adapter.Open(catalog.Account{Store: "acme.myshopify.com"}, catalog.StaticToken(token))
//	for product, err := range engine.Products(ctx, catalog.ProductQuery{UpdatedSince: yesterday}) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(product.Title, product.Variants[0].Price)
//	}
//
// An [Adapter] is one platform with the app's keys; [Adapter.Open] gives an
// [Engine], one merchant's store. Every engine reads shop, products, orders
// and customers; what only some platforms can do is found with [As]. A host
// with thousands of merchants keeps [Account] values and credentials in stores
// of its own and opens them through [Stores]. [ProductChanges] and its like
// read what changed since a checkpoint.
//
// # Values
//
// Ids are text, times are UTC and zero when absent, [Money] and [Quantity] are
// exact. A record carries its native JSON in Raw. What could not be read, or
// is a word souk does not know, is a [Problem] on the record: one odd field
// never costs the record, and one odd record costs the list only if the query
// has no OnBadItem.
//
// # Errors
//
// Failed calls return *[Error]; its [Kind] says what can be done about it and
// works with errors.Is:
//
//	switch {
//	case errors.Is(err, catalog.ErrReauthorize): // ask the merchant to connect again
//	case errors.Is(err, catalog.ErrRateLimited): // come back after Error.RetryAfter
//	case errors.Is(err, catalog.ErrNotFound):    // it is gone
//	}
//
// No error, log line or formatted value holds a secret; see [Secret].
//
// # Concurrency
//
// Adapters, engines, registries, stores and verifiers are safe for concurrent
// use. Iterators, and the [Changes] readers, belong to one goroutine each.
// Every call that can wait takes a context and ends with it.
package catalog
