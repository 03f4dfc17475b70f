package catalogtest

import (
	"errors"
	"testing"

	"github.com/soukhq/souk/catalog"
)

// Confirm asks an error whose outcome is unknown what became of the write, once
// and with the test's context. Any other error, nil too, ends the test.
func Confirm(t testing.TB, err error) (catalog.Outcome, error) {
	t.Helper()
	lost, ok := errors.AsType[*catalog.OutcomeError](err)
	if !ok {
		t.Fatalf("got %v, want an unknown outcome", err)
	}
	return lost.Confirm(t.Context())
}
