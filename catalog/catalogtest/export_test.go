package catalogtest

import (
	"testing"

	"github.com/soukhq/souk/catalog"
)

// Missing names what a harness must say and does not.
func (h Harness) Missing() string { return h.missing() }

// Missed tells how a rule passes over a mistake, "" when it does not.
func Missed[E catalog.Engine](t testing.TB, w Wreck[E], h Harness) string { return w.missed(t, h) }
