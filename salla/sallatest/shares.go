package sallatest

import "slices"

// share is what lies at the n-th branch of a stock.
func (s *Store) share(of map[int64]int, stock, n int) int {
	sum := 0
	for _, part := range of {
		sum += part
	}
	if of != nil && sum == stock {
		return of[s.branches[n].ID]
	}
	count := len(s.branches)
	part := stock / count
	if n < stock%count {
		part++
	}
	return part
}

// shift changes the stock at a branch and returns the spread and the whole
// after it. Without a branch the whole is changed and spread evenly again.
func (s *Store) shift(of map[int64]int, stock int, branch int64, change func(int) int) (map[int64]int, int) {
	n := slices.IndexFunc(s.branches, func(b *Branch) bool { return b.ID == branch })
	if n < 0 {
		if to := change(stock); to != stock {
			return nil, to
		}
		return of, stock
	}
	next := map[int64]int{}
	for i, b := range s.branches {
		next[b.ID] = s.share(of, stock, i)
	}
	was := next[branch]
	next[branch] = change(was)
	if next[branch] == was {
		return of, stock
	}
	return next, stock + next[branch] - was
}
