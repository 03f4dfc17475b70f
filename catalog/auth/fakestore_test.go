package auth_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/soukhq/souk/catalog"
)

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
