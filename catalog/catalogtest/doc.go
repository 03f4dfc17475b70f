// Package catalogtest is the conformance suite of souk: every rule that an
// adapter must keep, stated once, as a subtest whose name says the rule. It
// is public so that an adapter in another repository can be held to the same
// rules.
//
//	func TestConformance(t *testing.T) {
//		catalogtest.Run(t, catalogtest.Harness{
//			Platform: acme.Platform,
//			New: func(t testing.TB, o catalogtest.Options) *catalogtest.Store {
//				server := acmetest.NewServer(o.Products, o.Orders, o.Customers, o.Clock)
//				t.Cleanup(server.Close)
//				...
//			},
//		})
//	}
//
// The harness brings a server that behaves like the platform and a few words
// about the wire: where the records are in an answer and how the platform
// words its refusals. What goes wrong on the way (lost connections, cut
// bodies, proxies' pages, odd fields, throttling) the suite does itself, in a
// round tripper between adapter and server, so it is the same everywhere.
//
// What is written is held against the server's own count of effects
// (Store.Writes), so that a rule knows what happened whatever an answer said:
// answers are cut, lost and replaced, merchants do the same meanwhile, and the
// caller must be told the truth, without anything being done twice.
//
// A rule is skipped only where Features says that the platform lacks what it
// is about; a harness that leaves out what Features promises fails.
//
// In souk's repository docs/adding-a-platform.md says what a failing rule means,
// and examples/stall is an adapter, its server and its harness to begin from.
//
// # Limits
//
// The suite holds reads, writes, errors, pacing and webhooks. It needs an
// adapter built so that its http.RoundTripper, logger and observer can be
// given. A run takes some ten seconds, most of them waits that the platform
// asked for; rules run in parallel.
package catalogtest
