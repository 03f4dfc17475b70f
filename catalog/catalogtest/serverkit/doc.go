// Package serverkit holds the parts that the platforms' test servers share: a
// book of the calls they saw, a list of injected faults, spoilt JSON, seeded
// random numbers, a cache of rendered pages and a transport that keeps genuine
// URLs inside the test.
//
// A server puts them together like this:
//
//	type Server struct {
//		book   *serverkit.Book[Call]
//		faults serverkit.Faults[Fault]
//		wire   *serverkit.Loopback
//	}
//
//	s.book = serverkit.NewBook[Call]("shoptest", config.TB, 20_000)
//	s.wire = serverkit.NewLoopback(listener.Addr().String())
//	f := s.faults.Take(func(f *Fault) bool { return serverkit.Matches(f.Method, f.Path, r.Method, r.URL.Path) })
//
// It is meant for test servers alone: production code has no use for it, and
// nothing in it knows a platform.
package serverkit
