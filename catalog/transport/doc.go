// Package transport is the kit adapters are built on: one Client that sends a
// platform's calls, budgets that pace them, and helpers that cut JSON pages.
//
// A Client has four layers, from the outside in: retry, pace, authorise,
// http. Every attempt takes a fresh permit from the store's Budget and then,
// after that wait, a fresh credential.
//
//	client, err := transport.New(transport.Config{Platform: "acme", Classify: classify})
//	bucket, err := transport.NewBucket(transport.BucketConfig{Capacity: 40, RestoreRate: 2})
//	resp, err := client.Do(ctx, &transport.Request{
//		Op: "list products", URL: u, Cost: 1, Budget: bucket, Credential: source,
//	})
//	page, err := transport.OpenPage(resp.Body, "products")
//	for _, raw := range page.Items {
//		...
//	}
//
// Do repeats only what is safe to repeat. A write whose answer was lost ends
// with catalog.ErrOutcomeUnknown. Waits end with their context; errors, logs
// and hooks never hold a secret, a query string or a body.
//
// Limits: answers are read whole, up to Config.MaxBody; for larger files use
// an http client of your own. Redirects are never followed. A budget here
// lives in one process; implement Budget to share one between processes.
package transport
