// Package webhook receives what platforms report, keeps it safe, and has it
// handled once.
//
//	inbox := webhook.NewMemoryInbox(webhook.MemoryInboxConfig{}) // or a durable one
//	receiver := &webhook.Receiver{Stores: stores, Inbox: inbox}
//	http.Handle("/webhooks/", receiver)
//
//	d := webhook.NewDispatcher(stores, inbox)
//	d.On(catalog.EventOrderUpdated, func(ctx context.Context, ev catalog.Event) error {
//		order, err := stores.Order(ctx, ev) // from the payload, or fetched
//		...
//	})
//	err := d.Run(ctx)
//
// A [Receiver] verifies a delivery over its raw bytes before anything else,
// puts its events into an [Inbox], and only then answers success: what the
// platform counts as one. Many deliveries share one commit, see
// [BatchOptions]. A [Dispatcher] takes events from the inbox and hands them to
// the host's handlers, with retries, dead letters and replay. A host without
// an inbox has a [Direct] handle events in the request.
//
// # What is promised
//
//   - An event answered with success is in the inbox: with a durable one, on
//     disk. Until then the platform is told to send again.
//   - A delivery that comes again, or forty times at once, is one event, as
//     long as its key is kept: 30 days, see [Dispatcher.Keep].
//   - A handler runs at least once. It may run again, with the same Event.Key,
//     after a crash or a lost lease. An effect inside [Transact] is there once.
//   - No order is promised: platforms promise none. [catalog.Event.OlderThan]
//     and [Newest] tell events that come late.
//   - What webhooks miss a [Sweeper] finds, without telling twice what a
//     delivery told; its comment says exactly when.
//
// # Against strangers
//
// Bodies are bounded, one by one and together, and read within the time the
// request has. Nothing is stored or parsed, and no key claimed, before the
// signature is verified. A source that keeps being refused is answered 429
// without being read. The sender learns a status and nothing else; the
// operator learns the reason from Receiver.OnDelivery and the log. Stored
// headers hold no secret, see [RedactHeader].
//
// # Limits
//
// Behind a proxy set Receiver.Source, and let the proxy pass the body as it
// came: a body that was parsed and written again does not verify. Where a
// platform sends credentials by webhook (Salla's easy mode), OnGrant is called
// at least once. Whoever can read the inbox reads customers' data: payloads
// are kept as they came.
package webhook
