package catalogtest_test

import (
	"context"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

func TestConfirmAsksTheError(t *testing.T) {
	t.Parallel()
	lost := &catalog.OutcomeError{Err: &catalog.Error{Kind: catalog.ErrOutcomeUnknown}, Confirm: func(context.Context) (catalog.Outcome, error) {
		return catalog.OutcomeDone, nil
	}}
	if found, err := catalogtest.Confirm(t, lost); found != catalog.OutcomeDone || err != nil {
		t.Errorf("%s, %v", found, err)
	}
}
