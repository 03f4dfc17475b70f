package transport

import (
	"context"

	"github.com/soukhq/souk/catalog"
)

// Pair finds, for each thing that is wanted, the present one to keep or to
// change: one that is alike in the first way, else in the second, and so on.
// pairs is by the index of the wanted, with none for those to be made; a present
// one is in one pair at most. surplus are those in no pair, in their order.
func Pair[W, P any](wanted []W, present []P, alike ...func(P, W) bool) (pairs map[int]*P, surplus []P) {
	pairs = map[int]*P{}
	used := make([]bool, len(present))
	for _, like := range alike {
		for i, w := range wanted {
			for k := range present {
				if pairs[i] == nil && !used[k] && like(present[k], w) {
					pairs[i], used[k] = &present[k], true
				}
			}
		}
	}
	for k, p := range present {
		if !used[k] {
			surplus = append(surplus, p)
		}
	}
	return pairs, surplus
}

// LookPaired is the Look of a Write that makes what is present equal to what is
// wanted, one for one: done when each wanted has a present one that is equal to
// it and none is left over, whoever brought that about; else not done. read
// reads what is present; its error is returned with OutcomeUnknown. wanted must
// not be changed afterwards.
func LookPaired[W, P any](wanted []W, equal func(P, W) bool, read func(ctx context.Context) ([]P, error)) func(ctx context.Context) (catalog.Outcome, error) {
	return func(ctx context.Context) (catalog.Outcome, error) {
		present, err := read(ctx)
		if err != nil {
			return catalog.OutcomeUnknown, err
		}
		if pairs, surplus := Pair(wanted, present, equal); len(pairs) < len(wanted) || len(surplus) > 0 {
			return catalog.OutcomeNotDone, nil
		}
		return catalog.OutcomeDone, nil
	}
}
