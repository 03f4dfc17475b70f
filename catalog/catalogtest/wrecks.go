package catalogtest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
)

// Wreck is a mistake that an adapter could make, and the rule that notices it.
// E is the type of the adapter's engines.
type Wreck[E catalog.Engine] struct {
	// Rule is the rule's name, as Rules returns it.
	Rule string
	// Says is a part of what the rule must complain of, so that it fails for the
	// mistake and for nothing else.
	Says string
	// Engine returns an engine that makes the mistake, most often a struct that
	// embeds the sound one and overrides a method.
	Engine func(sound E) catalog.Engine
}

// Wrecks builds each mistake into the adapters of a harness and holds that its
// rule fails, and says so: a rule that an adapter cannot break there proves
// nothing about it. The keys finish the sentence "an adapter that ...", such as
// "cancels nothing", and name the subtests, which run in parallel. That the
// sound adapter keeps the rules is for Run to hold.
func Wrecks[E catalog.Engine](t *testing.T, h Harness, wrecks map[string]Wreck[E]) {
	t.Helper()
	for name, w := range wrecks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if missed := w.missed(t, h); missed != "" {
				t.Errorf("an adapter that %s %s", name, missed)
			}
		})
	}
}

// missed tells how the rule passes over the mistake, "" when it does not.
func (w Wreck[E]) missed(t testing.TB, h Harness) string {
	failures := Failures(t, w.Rule, h.Around(func(a catalog.Adapter) catalog.Adapter { return wrecked[E]{a, w.Engine} }))
	all := strings.Join(failures, "\n")
	switch {
	case len(failures) == 0:
		return fmt.Sprintf("passes the rule %q", w.Rule)
	case !strings.Contains(all, w.Says):
		return fmt.Sprintf("fails the rule %q, but not for saying %q:\n%.800s", w.Rule, w.Says, all)
	}
	return ""
}

// wrecked is an adapter whose engines have a mistake built in.
type wrecked[E catalog.Engine] struct {
	catalog.Adapter
	wreck func(E) catalog.Engine
}

func (w wrecked[E]) Open(a catalog.Account, c catalog.CredentialSource) (catalog.Engine, error) {
	opened, err := w.Adapter.Open(a, c)
	if err != nil {
		return nil, err
	}
	sound, ok := opened.(E)
	if !ok {
		return nil, fmt.Errorf("catalogtest: the wreck is of another engine than %T", opened)
	}
	return w.wreck(sound), nil
}

// Around returns a harness like h whose adapters all stand behind change: for
// adapters with something built in, such as a decorator that must keep the
// rules too. h itself stays as it is.
func (h Harness) Around(change func(catalog.Adapter) catalog.Adapter) Harness {
	sound := h.New
	h.New = func(t testing.TB, o Options) *Store {
		s := sound(t, o)
		made := s.NewAdapter
		s.NewAdapter = func() catalog.Adapter { return change(made()) }
		return s
	}
	return h
}
