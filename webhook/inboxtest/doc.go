// Package inboxtest holds an implementation of webhook.Inbox to its contract.
//
//	func TestInbox(t *testing.T) {
//		inboxtest.Run(t, inboxtest.Harness{
//			Open: func(t testing.TB, now func() time.Time) webhook.Inbox {
//				inbox, err := mystore.Open(t.Context(), t.TempDir(), mystore.WithClock(now))
//				if err != nil {
//					t.Fatal(err)
//				}
//				t.Cleanup(func() { inbox.Close() })
//				return inbox
//			},
//		})
//	}
//
// Each rule opens an inbox of its own, and the rules run in parallel. An inbox
// that schedules by itself (a webhook.Runner) is held to the same rules but for
// those about claims; one whose clock is not under the test's control says so
// and is spared the rules that move it.
//
// What the rules cannot see: whether what was kept survives a power cut, and
// whether two processes agree. Test that where the inbox is made.
package inboxtest
