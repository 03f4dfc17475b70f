package magentotest

import "time"

// Kinds keep the random numbers of the same index apart.
const (
	kindProduct = iota + 1
	kindOrder
	kindCustomer
	kindStock
)

// Ids are unsigned 32-bit numbers that only grow, in steps of three as on a
// cluster. The second half of the seeded ones lies above 2^31.
const highIDs = 4_000_000_000

func seedID(index, count int) int64 {
	id := int64(index)*3 + 1
	if index >= (count+1)/2 {
		id += highIDs
	}
	return id
}

// seedIndex is the inverse of seedID; -1 for an id no seeded record has.
func seedIndex(id int64, count int) int {
	n := id
	if n >= highIDs {
		n -= highIDs
	}
	index := int(n-1) / 3
	if n < 1 || index >= count || seedID(index, count) != id {
		return -1
	}
	return index
}

// seedTimes spreads the records of a kind over the 90 days before the epoch.
// Groups of three share a second; the groups are shuffled by stride.
func seedTimes(epoch time.Time, index, count, stride int) (created, updated int64) {
	groups := max(1, (count+2)/3)
	const span = 90 * 24 * 60 * 60
	updated = epoch.Unix() - int64(index/3*stride%groups)*span/int64(groups)
	created = updated
	if index%4 != 0 { // every fourth was never touched again
		created -= int64(1+index%300) * 3601
	}
	return created, updated
}
