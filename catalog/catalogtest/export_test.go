package catalogtest

import (
	"testing"
)

// Check holds a harness to one rule only, by its name; false means that there
// is no such rule.
func Check(t testing.TB, name string, h Harness) bool {
	for _, group := range groups {
		for _, r := range group.rules {
			if r.name == name {
				r.check(t, &suite{Harness: h})
				return true
			}
		}
	}
	return false
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

// Missing names what a harness must say and does not.
func (h Harness) Missing() string { return h.missing() }
