package storetest

import (
	"errors"
	"sync"
	"testing"
)

// count runs f 32 times at once; each is a success or the kind of error. It
// returns the successes.
func count(t *testing.T, kind error, f func(i int) error) (won []int) {
	t.Helper()
	var wg sync.WaitGroup
	errs := make([]error, 32)
	for i := range errs {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	for i, err := range errs {
		if err == nil {
			won = append(won, i)
		} else if !errors.Is(err, kind) {
			t.Errorf("%d: %v, want %v", i, err, kind)
		}
	}
	return won
}
