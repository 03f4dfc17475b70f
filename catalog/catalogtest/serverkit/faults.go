package serverkit

import (
	"path"
	"slices"
	"sync"
)

// Faults is a list of faults that wait for their requests. F is the server's
// own type of fault. Ready to use when zero; safe for concurrent use.
type Faults[F any] struct {
	mu   sync.Mutex
	list []*waiting[F]
}

type waiting[F any] struct {
	fault      F
	skip, left int
}

// Add puts a fault at the end of the list. It lets skip matching requests
// through and then acts times times: 0 is once, negative for ever. What f
// points to must not change any more.
func (l *Faults[F]) Add(f F, skip, times int) {
	if times == 0 {
		times = 1
	}
	l.mu.Lock()
	l.list = append(l.list, &waiting[F]{f, skip, times})
	l.mu.Unlock()
}

// Clear removes every fault.
func (l *Faults[F]) Clear() {
	l.mu.Lock()
	l.list = nil
	l.mu.Unlock()
}

// Take returns a copy of the first fault in the order they came that matches
// the request and has its turn, and uses up that turn; nil when there is none.
// Every matching fault before it counts the request as let through. The list is
// locked while match is called, which must not keep or change what it is given.
func (l *Faults[F]) Take(match func(*F) bool) *F {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, w := range l.list {
		if !match(&w.fault) {
			continue
		}
		if w.skip > 0 {
			w.skip--
			continue
		}
		if w.left > 0 {
			if w.left--; w.left == 0 {
				l.list = slices.Delete(l.list, i, i+1)
			}
		}
		hit := w.fault
		return &hit
	}
	return nil
}

// Matches reports whether a request is one a fault is for: wantMethod is "" for
// any, pattern is one of [path.Match] or "" for any. A malformed pattern matches
// nothing.
func Matches(wantMethod, pattern, method, at string) bool {
	if wantMethod != "" && wantMethod != method {
		return false
	}
	if pattern == "" {
		return true
	}
	ok, err := path.Match(pattern, at)
	return ok && err == nil
}
