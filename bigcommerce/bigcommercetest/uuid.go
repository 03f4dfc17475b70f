package bigcommercetest

// rng is splitmix64: a few operations a number, the same on every machine.
type rng struct{ state uint64 }

// Kinds keep the random numbers of the same index apart.
const (
	kindProduct = iota + 1
	kindOrder
	kindCustomer
	kindUUID
)

func newRand(seed int64, kind uint64, index int) *rng {
	r := &rng{uint64(seed)*0x9e3779b97f4a7c15 + kind<<56 + uint64(index)}
	r.next()
	return r
}

func (r *rng) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *rng) n(limit int) int { return int(r.next() % uint64(limit)) }

func pick[T any](r *rng, list []T) T { return list[r.n(len(list))] }

// uuid writes a version 4 UUID from the generator.
func (r *rng) uuid() string {
	const hex = hexDigits
	var b [36]byte
	v := r.next()
	for i := range b {
		switch i {
		case 8, 13, 18, 23:
			b[i] = '-'
		case 14:
			b[i] = '4'
		case 19:
			b[i] = 'a'
		default:
			if v == 0 {
				v = r.next()
			}
			b[i] = hex[v&15]
			v >>= 4
		}
	}
	return string(b[:])
}
