package serverkit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// They must never change, for all seeded records come from them.
func TestRandIsSplitmix64(t *testing.T) {
	t.Parallel()
	r := serverkit.Rand(1234567)
	got := []uint64{r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()}
	if d := cmp.Diff([]uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestNewRandSpendsOneNumber(t *testing.T) {
	t.Parallel()
	if got := serverkit.NewRand(0, 0, 1234567).Uint64(); got != 3203168211198807973 {
		t.Errorf("the first number is %d", got)
	}
}

func TestRandKeepsRecordsApart(t *testing.T) {
	t.Parallel()
	seen := map[uint64]bool{}
	for seed := range int64(5) {
		for kind := range uint64(5) {
			for index := range 100 {
				seen[serverkit.NewRand(seed, kind, index).Uint64()] = true
			}
		}
	}
	if len(seen) != 2500 {
		t.Errorf("%d different numbers of 2500", len(seen))
	}
}

func TestPickReachesEveryElement(t *testing.T) {
	t.Parallel()
	r, seen := serverkit.NewRand(1, 1, 1), map[string]bool{}
	for range 100 {
		seen[serverkit.Pick(r, []string{"a", "b", "c"})] = true
	}
	if d := cmp.Diff(map[string]bool{"a": true, "b": true, "c": true}, seen); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
