package catalogtest

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

// faultWorkers is how many stores random writes go to at the same time.
const faultWorkers = 20

// writesAtRandom makes random writes with up to two random faults and holds
// each against the truth.
func writesAtRandom(t testing.TB, s *suite) {
	runs := s.FaultRuns
	if runs == 0 {
		runs, _ = strconv.Atoi(os.Getenv("SOUK_FAULT_RUNS"))
	}
	if runs <= 0 {
		runs = 100
	}
	probe := s.openForWrites(t)
	writes := probe.writes()
	sizes := map[string]int{}
	for _, w := range writes {
		sizes[w.name] = probe.size(w)
	}
	if len(writes) == 0 {
		t.Skip("Features says that nothing is written")
	}
	var workers sync.WaitGroup
	for n := range faultWorkers {
		x := s.openForWrites(t)
		workers.Go(func() {
			r := rand.New(rand.NewPCG(uint64(n), 7))
			for i := n; i < runs; i += faultWorkers {
				x.gamble(r, writes, sizes)
			}
		})
	}
	workers.Wait()
}

// gamble makes one random write.
func (x *session) gamble(r *rand.Rand, writes []write, sizes map[string]int) {
	w := writes[r.IntN(len(writes))]
	do, hand := w.target(x)
	x.settle()
	before := x.effects()
	what := w.name
	for range 1 + r.IntN(2) {
		tr := mishaps[r.IntN(len(mishaps))]
		if r.IntN(6) == 0 {
			tr.with.times = -1
		}
		what += ", " + tr.name
		tr.inject(x)
	}
	ctx, cancel := context.WithTimeout(x.t.Context(), 1200*time.Millisecond)
	options := catalog.WriteOptions{IdempotencyKey: unique("7d444840-9dc0-41d1-b245")}
	err := do(ctx, x.engine, options)
	cancel()
	x.wire.heal()
	made, size := x.effects()-before, sizes[w.name]
	unknown := errors.Is(err, catalog.ErrOutcomeUnknown)
	switch {
	case made != 0 && made != size:
		x.t.Errorf("%s: %d effects of one write, want 0 or %d (%v)", what, made, size, err)
	case err == nil && made == 0:
		x.t.Errorf("%s: no error, but nothing was changed", what)
	case err != nil && !unknown && made > 0:
		x.t.Errorf("%s: %v, but it was done", what, err)
	}
	if !unknown {
		return
	}
	merchant := r.IntN(3) == 0
	if merchant {
		_ = hand(x.t.Context(), x.suite.reader(x), catalog.WriteOptions{})
	}
	theirs := x.effects() - before - made
	found := x.confirm(what, err)
	switch {
	case made > 0 && found == catalog.OutcomeNotDone:
		x.t.Errorf("%s: Confirm says %q, but it was done", what, found)
	case made == 0 && found == catalog.OutcomeDone && (w.adds || theirs == 0):
		x.t.Errorf("%s: Confirm says %q, but it was not done", what, found)
	case made == 0 && !merchant && found != catalog.OutcomeNotDone:
		x.t.Errorf("%s: Confirm says %q, but nothing happened", what, found)
	}
	// What the host does next: repeat what did not happen.
	if found == catalog.OutcomeNotDone || x.keyed(w) {
		err := do(x.t.Context(), x.engine, options)
		if total := x.effects() - before - theirs; total > size || err == nil && total == 0 {
			x.t.Errorf("%s: %d effects after repeating it as Confirm allows, want at most %d (%v)", what, total, size, err)
		}
	}
}
