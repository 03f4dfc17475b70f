package catalogtest

import (
	"slices"
	"testing"

	"github.com/soukhq/souk/catalog"
)

// Run holds the platform to every rule, each in a parallel subtest.
func Run(t *testing.T, h Harness) {
	t.Helper()
	if missing := h.missing(); missing != "" {
		t.Fatalf("the harness lacks %s", missing)
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			for _, r := range group.rules {
				t.Run(r.name, func(t *testing.T) {
					t.Parallel()
					r.check(t, &suite{Harness: h})
				})
			}
		})
	}
	t.Run("Decorated", func(t *testing.T) {
		t.Parallel()
		for _, group := range groups {
			for _, r := range group.rules {
				if !r.core {
					continue
				}
				t.Run(r.name, func(t *testing.T) {
					t.Parallel()
					r.check(t, &suite{Harness: h, decorate: true})
				})
			}
		}
	})
}

// Rules are the names of all rules.
func Rules() (names []string) {
	for _, group := range groups {
		for _, r := range group.rules {
			names = append(names, r.name)
		}
	}
	return names
}

// rule is one thing every platform keeps.
type rule struct {
	name  string
	check func(t testing.TB, s *suite)
	// core rules are held a second time through an engine that decorates the
	// platform's.
	core bool
}

var groups = []struct {
	name  string
	rules []rule
}{
	{"Features", featureRules},
	{"Filters", filterRules},
	{"Lists", listRules},
	{"Native", nativeRules},
	{"Cursors", cursorRules},
	{"Changes", changeRules},
	{"Values", valueRules},
	{"BadInput", inputRules},
	{"Problems", problemRules},
	{"Errors", errorRules},
	{"Throttling", throttleRules},
	{"Context", contextRules},
	{"Concurrency", concurrencyRules},
	{"Webhooks", webhookRules},
	{"Writes", writeRules},
	{"ProductWrites", productWriteRules},
	{"StockWrites", stockWriteRules},
	{"OrderWrites", orderWriteRules},
	{"CustomerWrites", customerWriteRules},
	{"Subscriptions", subscriptionRules},
	{"Exports", exportRules},
}

// missing names what the harness must say and does not.
func (h Harness) missing() string {
	switch {
	case h.Platform == "":
		return "Platform"
	case h.New == nil:
		return "New"
	case h.UnknownID == "":
		return "UnknownID"
	case len(h.MalformedIDs) == 0:
		return "MalformedIDs"
	case h.Answers.Unauthorized.Status == 0:
		return "Answers.Unauthorized"
	case len(h.Answers.Forbidden) == 0:
		return "Answers.Forbidden"
	case (h.Answers.Invalid.Status == 0) == (h.Answers.NoFields == ""):
		return "Answers.Invalid or, in its place, Answers.NoFields"
	}
	if _, known := minimums[h.Platform]; !known && h.Minimum == nil {
		return "Minimum, the least that " + h.Platform + " must be able to do"
	}
	for _, r := range []catalog.Resource{catalog.Products, catalog.Orders, catalog.Customers} {
		if w := h.Wires[r]; len(w.Odd) == 0 {
			return "Wires of " + string(r)
		}
	}
	return ""
}

// suite is one rule's run.
type suite struct {
	Harness
	decorate bool
}

// decorated is the least a host writes to see or change calls.
type decorated struct{ catalog.Engine }

func (d decorated) Unwrap() catalog.Engine { return d.Engine }

// features asks an adapter that talks to nobody's server.
func (x *session) features(r catalog.Resource) (catalog.ResourceFeatures, bool) {
	f, ok := x.engine.Features().Resources[r]
	return f, ok
}

func (x *session) has(c catalog.Capability) bool {
	return slices.Contains(x.engine.Features().Capabilities, c)
}
