package catalogtest

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// recorder is a test that fails without failing the one around it. A cleanup
// runs when the rule is over.
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

// Failures holds a platform to one rule and returns how it failed, without
// failing t: for tests that a rule notices what an adapter does wrong. A rule of
// another name than those Rules returns fails t.
func Failures(t testing.TB, name string, h Harness) []string {
	t.Helper()
	r := &recorder{TB: t}
	known := false
	var done sync.WaitGroup
	done.Go(func() {
		for _, group := range groups {
			for _, one := range group.rules {
				if one.name == name {
					known = true
					one.check(r, &suite{Harness: h})
				}
			}
		}
	})
	done.Wait()
	for _, f := range slices.Backward(r.cleanups) {
		done.Go(f)
		done.Wait()
	}
	if !known {
		t.Fatalf("there is no rule %q", name)
	}
	return r.failures
}
