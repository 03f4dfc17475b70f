package catalogtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

var writeRules = []rule{
	{name: "each write changes the store once", check: writesOnce},
	{name: "a write whose answer is lost or spoilt tells the truth", check: writesUnderFaults},
	{name: "confirming is right when a merchant did the same meanwhile", check: writesBesideMerchant},
	{name: "a write repeated with its key is made once", check: writesRepeated},
	{name: "a write whose context ends says so and that its outcome is unknown", check: writesCancelled},
	{name: "an option the platform does not have is refused before anything is sent", check: writesRefused},
	{name: "random faults never double a write", check: writesAtRandom},
}

// mishap is one way a write's answer goes wrong.
type mishap struct {
	name string
	with fault
	// unsent says that the write did not reach the platform, and safe that the
	// caller need not notice.
	unsent, safe bool
}

// hurry is a Retry-After that tests can wait for.
var hurry = http.Header{"Retry-After": {"0.001"}, "Content-Type": {"text/html"}}

const proxyPage = "<!DOCTYPE html>\n<html><body><h1>502 Bad Gateway</h1></body></html>"

var mishaps = []mishap{
	{name: "none", safe: true},
	{name: "cut before the request", with: fault{lose: true}, unsent: true},
	{name: "cut before the answer", with: fault{swallow: true}},
	{name: "cut amid the answer", with: fault{half: true}},
	{name: "half an answer", with: fault{truncate: true}},
	{name: "a 429", with: fault{answer: &Answer{Status: 429, Header: hurry, Body: "Too Many Requests"}}, unsent: true, safe: true},
	{name: "a 500", with: fault{answer: &Answer{Status: 500, Header: hurry}}, unsent: true},
	{name: "a proxy's 502", with: fault{answer: &Answer{Status: 502, Header: hurry, Body: proxyPage}}, unsent: true},
	{name: "a proxy's page in place of the answer", with: fault{edit: func(_ *http.Request, _ []byte) ([]byte, bool) { return []byte(proxyPage), true }}},
}

func (tr mishap) inject(x *session) {
	if tr.name == "none" {
		return
	}
	f := tr.with
	f.write = true
	x.wire.inject(f)
}

// size is how many effects the write has when all goes well.
func (x *session) size(w write) int {
	x.t.Helper()
	do, _ := w.target(x)
	x.settle()
	before := x.effects()
	if err := do(x.t.Context(), x.engine, catalog.WriteOptions{}); err != nil {
		x.t.Fatalf("%s: %v", w.name, err)
	}
	made := x.effects() - before
	if made <= 0 {
		x.t.Fatalf("%s: no error, but the harness counts %d effects", w.name, made)
	}
	return made
}

func writesOnce(t testing.TB, s *suite) {
	x := s.openForWrites(t)
	for _, w := range x.writes() {
		if first, second := x.size(w), x.size(w); first != second {
			t.Errorf("%s: %d effects, and %d the next time", w.name, first, second)
		}
	}
}

func writesUnderFaults(t testing.TB, s *suite) {
	x := s.openForWrites(t)
	for _, w := range x.writes() {
		size := x.size(w)
		for _, tr := range mishaps {
			x.try(w, tr, size)
		}
	}
}

// try makes a write in trouble and holds what the caller is told against what
// happened.
func (x *session) try(w write, tr mishap, size int) {
	x.t.Helper()
	what := w.name + ", " + tr.name
	do, _ := w.target(x)
	x.settle()
	before := x.effects()
	tr.inject(x)
	options := catalog.WriteOptions{IdempotencyKey: unique("6f9619ff-8b86-4011-b42d")}
	err := do(within(x.t, patience), x.engine, options)
	x.wire.heal()
	made := x.effects() - before
	switch {
	case made != 0 && made != size:
		x.t.Errorf("%s: %d effects of one write, want 0 or %d", what, made, size)
		return
	case err == nil:
		if made == 0 {
			x.t.Errorf("%s: no error, but nothing was changed", what)
		}
		return
	case tr.safe:
		x.t.Errorf("%s: %v; want no error", what, err)
	}
	if !errors.Is(err, catalog.ErrOutcomeUnknown) {
		x.fails(err, what, catalog.KindOf(err))
		if made > 0 {
			x.t.Errorf("%s: the error %v says that nothing happened, but it did", what, err)
		}
		return
	}
	found := x.confirm(what, err)
	switch {
	case made == 0 && found != catalog.OutcomeNotDone:
		x.t.Errorf("%s: Confirm says %q, but nothing happened", what, found)
	case made > 0 && found != catalog.OutcomeDone && !(found == catalog.OutcomeUnknown && w.adds):
		x.t.Errorf("%s: Confirm says %q, but it was done", what, found)
	}
	if found == catalog.OutcomeNotDone || x.keyed(w) {
		if err := do(x.t.Context(), x.engine, options); err != nil {
			x.t.Errorf("%s, once more after Confirm: %v", what, err)
		}
		if made := x.effects() - before; made != size {
			x.t.Errorf("%s: %d effects after repeating it as Confirm allows, want %d", what, made, size)
		}
	}
}

// confirm holds an unknown outcome against its form and finds the truth.
func (x *session) confirm(what string, err error) catalog.Outcome {
	x.t.Helper()
	x.fails(err, what, catalog.ErrOutcomeUnknown)
	lost, ok := errors.AsType[*catalog.OutcomeError](err)
	if !ok || lost.Err == nil || lost.Confirm == nil {
		x.t.Errorf("%s: %v has no Confirm", what, err)
		return ""
	}
	changed := x.wire.changed()
	found, err := lost.Confirm(within(x.t, patience))
	if err != nil {
		x.t.Errorf("%s: Confirm: %v", what, err)
	}
	if x.wire.changed() > changed {
		x.t.Errorf("%s: Confirm changes the store", what)
	}
	return found
}

func writesBesideMerchant(t testing.TB, s *suite) {
	x := s.openForWrites(t)
	for _, w := range x.writes() {
		size := x.size(w)
		for _, tr := range mishaps {
			if tr.safe || x.keyed(w) && !tr.unsent {
				continue // the answer comes under the key
			}
			tr.with.times = -1
			what := w.name + ", " + tr.name + ", beside a merchant"
			do, hand := w.target(x)
			x.settle()
			before := x.effects()
			tr.inject(x)
			ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
			err := do(ctx, x.engine, catalog.WriteOptions{})
			cancel()
			x.wire.heal()
			made := x.effects() - before
			if !errors.Is(err, catalog.ErrOutcomeUnknown) {
				if made > 0 && err != nil {
					t.Errorf("%s: %v, but it was done", what, err)
				}
				continue
			}
			_ = hand(t.Context(), s.reader(x), catalog.WriteOptions{}) // may be too late for him
			theirs := x.effects() - before - made
			found := x.confirm(what, err)
			switch {
			case made > 0 && found == catalog.OutcomeNotDone:
				t.Errorf("%s: Confirm says %q, but it was done", what, found)
			case made == 0 && found == catalog.OutcomeDone && (w.adds || theirs == 0):
				t.Errorf("%s: Confirm says %q of what somebody else did", what, found)
			}
			_ = size
		}
	}
}

func writesRepeated(t testing.TB, s *suite) {
	x := s.openForWrites(t)
	tried := 0
	for _, w := range x.writes() {
		if !x.keyed(w) {
			continue
		}
		tried++
		do, _ := w.target(x)
		size := x.size(w)
		x.settle()
		before := x.effects()
		key := catalog.WriteOptions{IdempotencyKey: unique("0e1f2a3b-4c5d-4e6f-8a9b")}
		for n := range 3 {
			engine := x.engine
			if n > 0 {
				engine = x.reopen() // as after a crash
			}
			if err := do(t.Context(), engine, key); err != nil {
				t.Errorf("%s, time %d with the same key: %v", w.name, n+1, err)
			}
		}
		if made := x.effects() - before; made != size {
			t.Errorf("%s: %d effects of three times with one key, want %d", w.name, made, size)
		}
		other, _ := w.target(x)
		before = x.effects()
		if err := other(t.Context(), x.engine, key); err != nil {
			x.fails(err, w.name+" with the key of another write", catalog.ErrInvalid, catalog.ErrConflict)
		} else if made := x.effects() - before; made > 0 && !strings.Contains(w.name, "adjust") {
			_ = made // another target of the same values is the same write to the platform
		}
	}
	if tried == 0 {
		t.Skip("Features says that the platform knows no idempotency keys")
	}
	for _, c := range x.engine.Features().Keyed {
		if !x.has(c) {
			t.Errorf("Features.Keyed lists %s, which is no capability", c)
		}
	}
}

func writesCancelled(t testing.TB, s *suite) {
	x := s.openForWrites(t)
	for _, w := range x.writes() {
		do, _ := w.target(x)
		before := x.effects()
		over, cancel := context.WithCancel(t.Context())
		cancel()
		changed := x.wire.changed()
		err := do(over, x.engine, catalog.WriteOptions{})
		if !errors.Is(err, context.Canceled) || errors.Is(err, catalog.ErrOutcomeUnknown) || x.wire.changed() > changed {
			t.Errorf("%s with a context that is over: %v, %d requests; want the context's error, and nothing sent", w.name, err, x.wire.changed()-changed)
		}
		x.wire.inject(fault{hold: true, write: true})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		changed = x.wire.changed()
		go func() { done <- do(ctx, x.engine, catalog.WriteOptions{}) }()
		x.wire.until(within(t, patience), func() bool { return x.wire.written > changed })
		cancel()
		select {
		case err = <-done:
		case <-time.After(prompt):
			t.Fatalf("%s: still waiting long after its context ended", w.name)
		}
		x.wire.heal()
		x.fails(err, w.name+", cancelled while it waits for the answer", catalog.ErrOutcomeUnknown)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v is not the context's error", w.name, err)
		}
		if made := x.effects() - before; made > 0 {
			t.Errorf("%s: %d effects of a request that was held back", w.name, made)
		}
		if found := x.confirm(w.name+", cancelled", err); found == catalog.OutcomeDone {
			t.Errorf("%s, cancelled: Confirm says %q", w.name, found)
		}
	}
}

func writesRefused(t testing.TB, s *suite) {
	x := s.openForWrites(t)
	if len(x.Writes.Refused) == 0 {
		t.Skip("the harness says that the platform has every option")
	}
	for what, try := range x.Writes.Refused {
		changed := x.wire.changed()
		x.unsupported(try(t.Context(), x.engine), what)
		if x.wire.changed() > changed {
			t.Errorf("%s was sent", what)
		}
	}
}

func (w write) String() string { return fmt.Sprintf("%s (%s)", w.name, w.needs) }
