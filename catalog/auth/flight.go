package auth

import (
	"context"
	"time"

	"github.com/soukhq/souk/catalog"
)

// flight is a replacement of one credential that several callers wait for.
// There is one at a time.
type flight struct {
	used   catalog.Credential // what is to be replaced; zero = nothing is known yet
	ahead  bool               // used still works, so nobody has to wait for other processes
	done   chan struct{}
	result catalog.Credential
	err    error
}

// urgency says how much a caller wants a replacement.
type urgency int

const (
	needed urgency = iota // the credential does not work
	early                 // it works, so nobody has to wait for other processes
	spare                 // it works, and is kept while the source rests
)

// join returns the credential known to follow used, waits for the flight that
// looks for it, or starts that. The flight goes on when this caller gives up,
// since others wait for it and its answer must be stored.
func (s *Source) join(ctx context.Context, used catalog.Credential, how urgency) (catalog.Credential, error) {
	for {
		if err := ctx.Err(); err != nil {
			return catalog.Credential{}, err
		}
		s.mu.Lock()
		if known := s.current; known.Version != 0 && !known.Credential.Same(used) {
			s.mu.Unlock()
			return known.Credential.Clone(), nil
		}
		f := s.flight
		if f == nil && how == spare && time.Now().Before(s.calm) {
			s.mu.Unlock() // a flight has ended since the caller looked
			return used.Clone(), nil
		}
		if f == nil {
			f = &flight{used: used.Clone(), ahead: how != needed, done: make(chan struct{})}
			s.flight = f
			s.common.start()
			go s.fly(context.WithoutCancel(ctx), f)
		}
		s.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			return catalog.Credential{}, ctx.Err()
		}
		if f.used.Same(used) && (how != needed || !f.ahead) {
			return f.result.Clone(), f.err
		}
		// That flight had another question, or did not insist: look again.
	}
}

// fly makes the flight. Whatever happens in the store or the adapter, those
// who wait are woken: a panic becomes their error, since in this goroutine it
// would end the process.
func (s *Source) fly(ctx context.Context, f *flight) {
	f.err = s.failed(catalog.ErrUnavailable, "the goroutine of the refresh was ended from inside")
	s.memory.event, s.memory.version = nil, 0
	defer s.common.end()
	defer func() {
		if r := recover(); r != nil {
			f.result, f.err = catalog.Credential{}, s.failed(catalog.ErrUnavailable, panicText(r))
		}
		s.mu.Lock()
		s.flight = nil
		if f.ahead {
			s.rest()
		}
		s.mu.Unlock()
		close(f.done)
	}()
	f.result, f.err = s.exchange(ctx, f.used, f.ahead)
	s.tell(ctx, f)
}
