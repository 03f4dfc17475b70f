package catalogtest_test

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/soukhq/souk/catalog/catalogtest"
)

// recorder is a test that fails without failing the one around it.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	failures []string
	cleanups []func()
}

func (r *recorder) note(message string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, message)
}

func (r *recorder) Errorf(format string, args ...any) { r.note(fmt.Sprintf(format, args...)) }
func (r *recorder) Error(args ...any)                 { r.note(fmt.Sprint(args...)) }
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); runtime.Goexit() }
func (r *recorder) Fatal(args ...any)                 { r.Error(args...); runtime.Goexit() }
func (r *recorder) Skip(args ...any)                  { runtime.Goexit() }
func (r *recorder) Skipf(string, ...any)              { runtime.Goexit() }
func (r *recorder) Logf(string, ...any)               {}

func (r *recorder) Cleanup(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cleanups = append(r.cleanups, f)
}

// failing holds a harness to a rule and returns how it failed.
func failing(t *testing.T, rule string, h catalogtest.Harness) []string {
	r := &recorder{TB: t}
	known := true
	var done sync.WaitGroup
	done.Go(func() { known = catalogtest.Check(r, rule, h) })
	done.Wait()
	for _, f := range slices.Backward(r.cleanups) {
		done.Go(f)
		done.Wait()
	}
	if !known {
		t.Fatalf("there is no rule %q", rule)
	}
	return r.failures
}
