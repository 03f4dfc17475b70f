package catalogtest

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

// changesUnderChange lets readers live and die while the store changes, and
// holds that in the end the last state of every record was delivered.
func changesUnderChange(t testing.TB, s *suite) {
	for _, seed := range seeds {
		x := s.open(t, sized(25, 25, 25))
		for _, k := range x.changing() {
			x.schedule(k, seed)
		}
	}
}

func (x *session) schedule(k kind, seed uint64) {
	x.t.Helper()
	r := rand.New(rand.NewPCG(seed, 11))
	features, _ := x.features(k.resource)
	step := max(features.Grain, time.Second)
	truth := k.truth(x.Store)
	last := map[string]time.Time{}
	checkpoint := ""
	change := func() {
		present := truth.IDs()
		x.clock.push(step + time.Duration(r.IntN(3))*time.Second)
		switch n := r.IntN(8); {
		case n == 0 && truth.Add != nil:
			truth.Add()
		case n == 1 && truth.Delete != nil && len(present) > 12:
			truth.Delete(present[r.IntN(len(present))])
		case n < 5:
			truth.Touch(present[r.IntN(len(present))])
		}
		x.clock.push(step)
	}
	for round := range 8 {
		busy := round < 6
		engine := x.engine
		if r.IntN(2) == 0 {
			engine = x.reopen()
		}
		reader := k.changes(engine, checkpoint, catalog.ChangeOptions{PageSize: 1 + r.IntN(6)})
		kill, n := 1+r.IntN(40), 0
		for v, err := range reader.all(x.t.Context()) {
			if err != nil {
				x.t.Fatalf("changes of %s, seed %d: %v", k.resource, seed, err)
			}
			last[v.id] = v.updated
			if n++; busy && n == kill || n > 2000 {
				break
			}
			if busy && r.IntN(3) == 0 {
				change()
			}
		}
		if n > 2000 {
			x.t.Fatalf("changes of %s, seed %d: a pass does not end", k.resource, seed)
		}
		checkpoint = reader.checkpoint()
	}
	for id, now := range x.state(k) {
		switch at, ok := last[id]; {
		case !ok:
			x.t.Errorf("changes of %s, seed %d: %s never came", k.resource, seed, id)
		case !at.Equal(now):
			x.t.Errorf("changes of %s, seed %d: %s was changed at %v and last came as of %v", k.resource, seed, id, now, at)
		}
	}
}

// state is when each record present was changed last, read record by record
// where that is possible.
func (x *session) state(k kind) map[string]time.Time {
	x.t.Helper()
	now := map[string]time.Time{}
	if k.get == nil {
		for _, v := range x.read(k, x.engine, query{}) {
			now[v.id] = v.updated
		}
		return now
	}
	for _, id := range k.truth(x.Store).IDs() {
		v, err := k.get(x.t.Context(), x.engine, id)
		if err != nil {
			x.t.Fatalf("%s %s: %v", k.resource, id, err)
		}
		now[id] = v.updated
	}
	return now
}
