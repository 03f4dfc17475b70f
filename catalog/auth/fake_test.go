package auth_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

const (
	id     = "tenant-1"
	canary = "s3cr3t"
	life   = time.Hour
)

var account = catalog.Account{ID: id, Platform: "bazaar", Store: "acme"}

// errDown is a failure without a kind, as a database driver gives.
var errDown = errors.New("connection refused")

func unavailable() error {
	return &catalog.Error{Platform: "bazaar", Op: "refresh", Kind: catalog.ErrUnavailable, Message: "the platform is down"}
}

func lostAnswer() error {
	return &catalog.Error{Platform: "bazaar", Op: "refresh", Kind: catalog.ErrOutcomeUnknown, Message: "the connection was cut"}
}

func refused() error {
	return &catalog.Error{Platform: "bazaar", Op: "refresh", Kind: catalog.ErrReauthorize, Code: "invalid_grant"}
}

// platform is a Refresher that gives out numbered pairs and keeps a record of
// the refresh tokens it was sent.
type platform struct {
	policy auth.Policy
	takes  time.Duration
	life   time.Duration // of the tokens; 0 = life
	// answer decides about the call with this number, from 1; nil grants.
	answer func(ctx context.Context, call int, used catalog.Credential) (catalog.Credential, error)

	mu   sync.Mutex
	sent []string
	n    int
}

func (p *platform) RefreshPolicy() auth.Policy { return p.policy }

func (p *platform) RefreshCredential(ctx context.Context, a catalog.Account, used catalog.Credential) (catalog.Credential, error) {
	p.mu.Lock()
	p.sent = append(p.sent, used.RefreshToken.Reveal())
	call := len(p.sent)
	p.mu.Unlock()
	if a.Store != account.Store {
		return catalog.Credential{}, errors.New("the wrong account")
	}
	if p.takes > 0 {
		select {
		case <-time.After(p.takes):
		case <-ctx.Done():
			return catalog.Credential{}, ctx.Err()
		}
	}
	if p.answer != nil {
		return p.answer(ctx, call, used)
	}
	return p.issue(), nil
}

// issue makes the next pair.
func (p *platform) issue() catalog.Credential {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	lasts := p.life
	if lasts == 0 {
		lasts = life
	}
	return pair(fmt.Sprint(p.n), lasts)
}

func (p *platform) calls() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.sent)
}

// sentTwice names a refresh token that came twice, "" when none did.
func (p *platform) sentTwice() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := make(map[string]bool)
	for _, token := range p.sent {
		if token != "" && seen[token] {
			return token
		}
		seen[token] = true
	}
	return ""
}

// failing answers the first calls with the errors, then grants.
func (p *platform) failing(errs ...error) *platform {
	p.answer = func(_ context.Context, call int, _ catalog.Credential) (catalog.Credential, error) {
		if call <= len(errs) && errs[call-1] != nil {
			return catalog.Credential{}, errs[call-1]
		}
		return p.issue(), nil
	}
	return p
}

// pair is a credential that lives as long from now.
func pair(name string, lasts time.Duration) catalog.Credential {
	return catalog.Credential{AccessToken: catalog.NewSecret("access-" + canary + "-" + name), RefreshToken: catalog.NewSecret("refresh-" + canary + "-" + name),
		ExpiresAt: time.Now().Add(lasts)}
}

// fault is what becomes of one call of the store.
type fault int

const (
	works fault = iota
	fails       // nothing is done
	loses       // it is done, and the answer is lost
	hangs       // until the context ends
	panics
)

// store is a CredentialStore whose calls can be made to fail.
type store struct {
	catalog.MemoryCredentials
	// fault decides about a call of this name with this number, from 1.
	fault func(op string, call int) fault

	mu    sync.Mutex
	count map[string]int
	hook  map[string]func() // run once, before the call is made
}

func (s *store) before(ctx context.Context, op string) (lose bool, err error) {
	s.mu.Lock()
	if s.count == nil {
		s.count = make(map[string]int)
	}
	s.count[op]++
	call, hook := s.count[op], s.hook[op]
	delete(s.hook, op)
	what := works
	if s.fault != nil {
		what = s.fault(op, call)
	}
	s.mu.Unlock()
	if hook != nil {
		hook()
	}
	switch what {
	case fails:
		return false, errDown
	case hangs:
		<-ctx.Done()
		return false, ctx.Err()
	case panics:
		panic("the store panics with " + canary)
	}
	return what == loses, nil
}

// faulty makes the first calls of op fail in these ways.
func (s *store) faulty(op string, faults ...fault) *store {
	return s.with(func(name string, call int) fault {
		if name == op && call <= len(faults) {
			return faults[call-1]
		}
		return works
	})
}

// with replaces the faults and counts anew.
func (s *store) with(f func(op string, call int) fault) *store {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.count = f, nil
	return s
}

// once runs f before the next call of op.
func (s *store) once(op string, f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook == nil {
		s.hook = make(map[string]func())
	}
	s.hook[op] = f
}

func (s *store) calls(op string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count[op]
}

func (s *store) Load(ctx context.Context, account string) (catalog.StoredCredential, error) {
	lose, err := s.before(ctx, "Load")
	if err != nil || lose {
		return catalog.StoredCredential{}, errors.Join(err, ifLost(lose))
	}
	return s.MemoryCredentials.Load(ctx, account)
}

func (s *store) CompareAndSwap(ctx context.Context, account string, version int64, next catalog.Credential) (int64, error) {
	lose, err := s.before(ctx, "CompareAndSwap")
	if err != nil {
		return 0, err
	}
	got, err := s.MemoryCredentials.CompareAndSwap(ctx, account, version, next)
	if lose {
		return 0, errDown
	}
	return got, err
}

func (s *store) BeginRefresh(ctx context.Context, account string, version int64, intent catalog.RefreshIntent) error {
	lose, err := s.before(ctx, "BeginRefresh")
	if err != nil {
		return err
	}
	return errors.Join(s.MemoryCredentials.BeginRefresh(ctx, account, version, intent), ifLost(lose))
}

func (s *store) CancelRefresh(ctx context.Context, account, attempt string) error {
	lose, err := s.before(ctx, "CancelRefresh")
	if err != nil {
		return err
	}
	return errors.Join(s.MemoryCredentials.CancelRefresh(ctx, account, attempt), ifLost(lose))
}

func ifLost(lose bool) error {
	if lose {
		return errDown
	}
	return nil
}

// put stores c whatever is there, as an install webhook would.
func (s *store) put(t testing.TB, c catalog.Credential) {
	t.Helper()
	stored, err := s.MemoryCredentials.Load(context.Background(), id)
	if err != nil && !errors.Is(err, catalog.ErrNotFound) {
		t.Fatal(err)
	}
	if _, err := s.MemoryCredentials.CompareAndSwap(context.Background(), id, stored.Version, c); err != nil {
		t.Fatal(err)
	}
}

// record is what the store holds.
func (s *store) record(t testing.TB) catalog.StoredCredential {
	t.Helper()
	stored, err := s.MemoryCredentials.Load(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// holds reports an error unless the store holds want, without an intent.
func (s *store) holds(t testing.TB, want catalog.Credential) {
	t.Helper()
	if got := s.record(t); !got.Credential.Same(want) || got.Refresh != nil {
		t.Errorf("stored is %s with intent %+v, want %s and none", name(got.Credential), got.Refresh, name(want))
	}
}

// name is what the test may show of a credential.
func name(c catalog.Credential) string {
	return strings.TrimPrefix(c.AccessToken.Reveal(), "access-"+canary+"-")
}

// want reports an error unless got is the pair of this name.
func want(t testing.TB, got catalog.Credential, err error, pair string) {
	t.Helper()
	if err != nil || name(got) != pair {
		t.Errorf("got %q, %v; want %q", name(got), err, pair)
	}
}

// wantKind reports an error unless err is of all kinds and shows no secret.
func wantKind(t testing.TB, got catalog.Credential, err error, kinds ...error) {
	t.Helper()
	if !got.IsZero() {
		t.Errorf("%q came beside %v", name(got), err)
	}
	for _, kind := range kinds {
		if !errors.Is(err, kind) {
			t.Errorf("error is %v, want %v", err, kind)
		}
	}
	if err != nil && (strings.Contains(err.Error(), canary) || strings.Contains(fmt.Sprintf("%#v", err), canary)) {
		t.Errorf("the error shows a secret: %v", err)
	}
}

// inTime runs a test in a bubble of its own time.
func inTime(t *testing.T, test func(*testing.T)) {
	t.Parallel()
	synctest.Test(t, test)
}

// due is a store that holds the pair "0", which ends after lasts.
func due(t testing.TB, lasts time.Duration) *store {
	s := &store{}
	s.put(t, pair("0", lasts))
	return s
}

// many calls f from 100 goroutines and waits for them.
func many(f func()) {
	var all sync.WaitGroup
	for range 100 {
		all.Go(f)
	}
	all.Wait()
}

// inTimeAlone is inTime, one after another.
func inTimeAlone(t *testing.T, test func(*testing.T)) { synctest.Test(t, test) }
