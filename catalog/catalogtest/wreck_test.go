package catalogtest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

// oneFault reads every product as the same one.
func oneFault(sound catalog.Engine) catalog.Engine {
	return brokenEngine{Engine: sound, product: func(context.Context, string) (catalog.Product, error) { return catalog.Product{}, nil }}
}

func TestWrecksAreNoticed(t *testing.T) {
	t.Parallel()
	catalogtest.Wrecks(t, paperHarness(false, nil), map[string]catalogtest.Wreck[catalog.Engine]{
		"finds what is not there": {Rule: "an unknown id is not found", Says: "no error", Engine: oneFault},
	})
}

func TestWrecksThatAreNotNoticed(t *testing.T) {
	t.Parallel()
	sound := func(e catalog.Engine) catalog.Engine { return e }
	for name, c := range map[string]struct {
		missed, want string
	}{
		"a sound adapter": {catalogtest.Missed(t, catalogtest.Wreck[catalog.Engine]{Rule: "an unknown id is not found", Engine: sound}, paperHarness(false, nil)),
			`passes the rule "an unknown id is not found"`},
		"another complaint": {catalogtest.Missed(t, catalogtest.Wreck[catalog.Engine]{Rule: "an unknown id is not found", Says: "a purple cow", Engine: oneFault}, paperHarness(false, nil)),
			`not for saying "a purple cow"`},
		"another engine": {catalogtest.Missed(t, catalogtest.Wreck[brokenEngine]{Rule: "an unknown id is not found", Says: "a purple cow"}, paperHarness(false, nil)),
			"of another engine than"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(c.missed, c.want) {
				t.Errorf("got %q, want %q in it", c.missed, c.want)
			}
		})
	}
}

func TestAroundLeavesTheHarnessAlone(t *testing.T) {
	t.Parallel()
	h := paperHarness(false, nil)
	count := 0
	around := h.Around(func(a catalog.Adapter) catalog.Adapter { count++; return a })
	if f := catalogtest.Failures(t, "an unknown id is not found", around); len(f) > 0 || count == 0 {
		t.Errorf("%d adapters were changed; %v", count, f)
	}
	seen := count
	if f := catalogtest.Failures(t, "an unknown id is not found", h); len(f) > 0 || count != seen {
		t.Errorf("the harness itself was changed: %d more; %v", count-seen, f)
	}
}
