package catalogtest

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

// None of these is a measure. They end what would otherwise hang, and are
// reached by a broken adapter alone, on the busiest machine too.
const (
	prompt      = 5 * time.Second // for what needs no waiting
	patience    = 2 * time.Minute // for what should succeed, with some retries
	someRetries = 5 * time.Second // for what fails again and again
)

// session is one store with an engine opened on it, watched from all sides.
type session struct {
	*Store
	suite  *suite
	t      testing.TB
	wire   *wire
	watch  *watch
	clock  *clock
	source *source
	engine catalog.Engine
	clean  map[catalog.Resource][]item // unspoilt lists, for rules that change nothing

	second   catalog.Engine // another process of the same app
	currency string
}

// option changes what server is asked for.
type option func(*Options)

func sized(products, orders, customers int) option {
	return func(o *Options) { o.Products, o.Orders, o.Customers = products, orders, customers }
}

func throttled(o *Options) { o.Throttled = true }

// open starts a server and opens an engine on it. When the test ends,
// everything that was logged, observed or returned as an error is searched
// for secrets.
func (s *suite) open(t testing.TB, options ...option) *session {
	t.Helper()
	x := &session{suite: s, t: t, clock: newClock(), watch: &watch{}, clean: map[catalog.Resource][]item{}}
	x.wire = &wire{hosts: map[string]bool{}, idle: make(chan struct{})}
	o := Options{Products: 12, Orders: 12, Customers: 12, Clock: x.clock.now, Logger: x.watch.logger(), Observer: x.watch,
		Wrap: func(base http.RoundTripper) http.RoundTripper { x.wire.base = base; return x.wire }}
	for _, change := range options {
		change(&o)
	}
	x.Store = s.New(t, o)
	x.check()
	if x.Writes != nil {
		x.wire.writes = x.Writes.IsWrite
	}
	x.watch.secrets = x.secrets()
	x.wire.secret = x.watch.secrets[0]
	x.source = &source{credential: x.Credential}
	x.engine = x.reopen()
	// The first answer tells the adapter what it may spend; without it the
	// rules would wait for a budget that is not the server's.
	_, _ = x.engine.Shop(t.Context())
	x.wire.reset()
	t.Cleanup(func() { x.watch.search(t) })
	return x
}

// check refuses a store that cannot show anything.
func (x *session) check() {
	x.t.Helper()
	st := x.Store
	if st.NewAdapter == nil || st.Credential.IsZero() || st.Ledger == nil {
		x.t.Fatal("the harness's store lacks NewAdapter, Credential or Ledger")
	}
	for name, r := range map[string]Records{"Products": st.Products, "Orders": st.Orders, "Customers": st.Customers} {
		if r.IDs == nil || r.Add == nil || r.Touch == nil || r.Delete == nil {
			x.t.Fatalf("the harness's store cannot tell or change its %s", name)
		}
	}
	for _, secret := range x.secrets() {
		if len(secret) < 16 {
			x.t.Fatal("the harness uses a secret shorter than 16 characters, which cannot be searched for")
		}
	}
}

func (x *session) secrets() []string {
	c := x.Credential
	var all []string
	for _, s := range append([]catalog.Secret{c.AccessToken, c.Secret, c.TokenSecret, c.RefreshToken, c.Key}, x.AppSecrets...) {
		if !s.IsZero() {
			all = append(all, s.Reveal())
		}
	}
	return all
}

// reopen makes an engine as a new process would.
func (x *session) reopen() catalog.Engine {
	x.t.Helper()
	return x.openWith(x.NewAdapter(), x.source)
}

func (x *session) openWith(a catalog.Adapter, source catalog.CredentialSource) catalog.Engine {
	x.t.Helper()
	engine, err := a.Open(x.Account, source)
	if err != nil {
		x.t.Fatalf("Open: %v", err)
	}
	if x.suite.decorate {
		return decorated{engine}
	}
	return engine
}

// source gives the credential and counts what is asked of it.
type source struct {
	credential catalog.Credential
	first      catalog.Credential // given until the first Refresh, unless zero
	refreshes  atomic.Int32
	used       catalog.Credential // what Refresh was told; read when calls are over
}

func (s *source) Credential(ctx context.Context) (catalog.Credential, error) {
	if s.refreshes.Load() == 0 && !s.first.IsZero() {
		return s.first, ctx.Err()
	}
	return s.credential, ctx.Err()
}

func (s *source) Refresh(_ context.Context, used catalog.Credential) (catalog.Credential, error) {
	if s.refreshes.Add(1) == 1 {
		s.used = used
	}
	return s.credential, nil
}

// clock runs ahead of the real one, as the rules push it.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func newClock() *clock { return &clock{} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead).UTC()
}

func (c *clock) push(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}
