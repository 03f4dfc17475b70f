package transport_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

func TestPair(t *testing.T) {
	t.Parallel()
	same := func(p, w string) bool { return p == w }
	begins := func(p, w string) bool { return p[0] == w[0] }
	for name, c := range map[string]struct{ wanted, present, want, surplus string }{
		"nothing":                     {"", "", "", ""},
		"what is there":               {"a1 b1", "b1 a1", "a1 b1", ""},
		"the same before the similar": {"a1 a2", "a2 a3", "a3 a2", ""},
		"one to be made":              {"a1 b1", "b2", "- b2", ""},
		"one too many":                {"a1", "a2 a1 c1", "a1", "a2 c1"},
		"none wanted":                 {"", "a1 b1", "", "a1 b1"},
	} {
		wanted := strings.Fields(c.wanted)
		pairs, surplus := transport.Pair(wanted, strings.Fields(c.present), same, begins)
		var got []string
		for i := range wanted {
			if pairs[i] == nil {
				got = append(got, "-")
			} else {
				got = append(got, *pairs[i])
			}
		}
		if strings.Join(got, " ") != c.want || !slices.Equal(surplus, strings.Fields(c.surplus)) {
			t.Errorf("%s: %v and %v, want %s and %s", name, got, surplus, c.want, c.surplus)
		}
	}
}

func TestLookPaired(t *testing.T) {
	t.Parallel()
	failed := errors.New("down")
	for name, c := range map[string]struct {
		wanted, present string
		err             error
		want            catalog.Outcome
	}{
		"nothing, as wanted":       {"", "", nil, catalog.OutcomeDone},
		"the same, in any order":   {"a1 b1", "b1 a1", nil, catalog.OutcomeDone},
		"one is missing":           {"a1 b1", "a1", nil, catalog.OutcomeNotDone},
		"one differs":              {"a1", "a2", nil, catalog.OutcomeNotDone},
		"one too many":             {"a1", "a1 b1", nil, catalog.OutcomeNotDone},
		"one is there twice":       {"a1", "a1 a1", nil, catalog.OutcomeNotDone},
		"one for two":              {"a1 a1", "a1 b1", nil, catalog.OutcomeNotDone},
		"all of them are too many": {"", "a1", nil, catalog.OutcomeNotDone},
		"what cannot be read":      {"", "", failed, catalog.OutcomeUnknown},
	} {
		look := transport.LookPaired(strings.Fields(c.wanted), func(p, w string) bool { return p == w },
			func(ctx context.Context) ([]string, error) { return strings.Fields(c.present), c.err })
		if got, err := look(t.Context()); got != c.want || err != c.err {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
}
