package serverkit

// Rand is splitmix64: a few operations a number, and the same numbers on every
// machine and with every version of Go. Its value is its state, which may start
// from any number. Not safe for concurrent use.
type Rand uint64

// NewRand starts the numbers of one seeded record. Records of different kinds
// (numbered up to 255) or indexes have different numbers, so that any of them
// can be made without those before it.
func NewRand(seed int64, kind uint64, index int) *Rand {
	r := Rand(uint64(seed)*0x9e3779b97f4a7c15 + kind<<56 + uint64(index))
	r.Uint64()
	return &r
}

// Uint64 returns the next number.
func (r *Rand) Uint64() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// N returns a number from 0 to limit-1. It panics when limit is 0.
func (r *Rand) N(limit int) int { return int(r.Uint64() % uint64(limit)) }

// Pick returns one element of list. It panics when list is empty.
func Pick[T any](r *Rand, list []T) T { return list[r.N(len(list))] }
