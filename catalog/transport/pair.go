package transport

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
