package transport_test

import (
	"slices"
	"strings"
	"testing"

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
