package inboxtest_test

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/soukhq/souk/webhook/inboxtest"
)

// recorder is a test that fails without failing the one around it.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	failures []string
	skipped  bool
	cleanups []func()
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); runtime.Goexit() }
func (r *recorder) Skip(...any)                       { r.skipped = true; runtime.Goexit() }
func (r *recorder) Cleanup(f func())                  { r.cleanups = append(r.cleanups, f) }

// failing holds an inbox to a rule and returns how it failed.
func failing(t *testing.T, rule string, h inboxtest.Harness) []string {
	r := &recorder{TB: t}
	known := true
	var done sync.WaitGroup
	done.Go(func() { known = inboxtest.Check(r, rule, h) })
	done.Wait()
	for _, f := range slices.Backward(r.cleanups) {
		f()
	}
	if !known || r.skipped {
		t.Fatalf("the rule %q is unknown, or was skipped", rule)
	}
	return r.failures
}
