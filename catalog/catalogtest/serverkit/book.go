package serverkit

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
)

// MaxViolations is how many violations a [Book] keeps; later ones are still
// reported to its test.
const MaxViolations = 1_000

// TB is the part of testing.TB a server uses to fail a test.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// Book keeps the latest calls a server saw and what its clients did wrong. C is
// the server's own record of a call. Safe for concurrent use.
type Book[C any] struct {
	name  string
	limit int

	mu         sync.Mutex
	calls      []C
	next       int // where the oldest call is once the list is full
	violations []string

	// reporting is held during a report, so that none is under way after Mute.
	reporting sync.Mutex
	tb        TB
}

// NewBook returns an empty book of at most limit calls, which must be positive.
// Violations fail tb under the server's name; a nil tb is told nothing.
func NewBook[C any](name string, tb TB, limit int) *Book[C] {
	return &Book[C]{name: name, tb: tb, limit: limit}
}

// Add enters a call; of a full book the oldest call goes.
func (b *Book[C]) Add(c C) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.calls) < b.limit {
		b.calls = append(b.calls, c)
		return
	}
	b.calls[b.next] = c
	b.next = (b.next + 1) % b.limit
}

// Calls returns a new list of the calls, oldest first. What a call points to is
// shared with the book.
func (b *Book[C]) Calls() []C {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Concat(b.calls[b.next:], b.calls[:b.next])
}

// Violationf enters what a client did wrong and fails the test.
func (b *Book[C]) Violationf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	b.mu.Lock()
	if len(b.violations) < MaxViolations {
		b.violations = append(b.violations, text)
	}
	b.mu.Unlock()
	b.reporting.Lock()
	defer b.reporting.Unlock()
	if b.tb != nil {
		b.tb.Helper()
		b.tb.Errorf("%s: %s", b.name, text)
	}
}

// Violations returns a new list of the violations, oldest first, at most
// [MaxViolations].
func (b *Book[C]) Violations() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.violations)
}

// Refuse ends a request in a RoundTripper instead of sending it: it closes the
// body, enters why as a violation and returns cause wrapped with why.
func (b *Book[C]) Refuse(r *http.Request, cause error, why string) error {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	b.Violationf("%s", why)
	return fmt.Errorf("%w: %s", cause, why)
}

// Mute stops reporting to the test, which may be over. No report is under way
// when it returns.
func (b *Book[C]) Mute() {
	b.reporting.Lock()
	b.tb = nil
	b.reporting.Unlock()
}

// Reset forgets the calls and the violations. The test is still reported to.
func (b *Book[C]) Reset() {
	b.mu.Lock()
	b.calls, b.next, b.violations = nil, 0, nil
	b.mu.Unlock()
}

// Redacted returns a copy of h in which REDACTED stands for the values of the
// named headers, where they are there.
func Redacted(h http.Header, names ...string) http.Header {
	out := h.Clone()
	for _, name := range names {
		if len(out.Values(name)) > 0 {
			out.Set(name, "REDACTED")
		}
	}
	return out
}
