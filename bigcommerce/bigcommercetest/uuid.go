package bigcommercetest

import "github.com/soukhq/souk/catalog/catalogtest/serverkit"

// Kinds keep the random numbers of the same index apart.
const (
	kindProduct = iota + 1
	kindOrder
	kindCustomer
	kindUUID
)

// uuid writes a version 4 UUID from r.
func uuid(r *serverkit.Rand) string {
	const hex = hexDigits
	var b [36]byte
	v := r.Uint64()
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
				v = r.Uint64()
			}
			b[i] = hex[v&15]
			v >>= 4
		}
	}
	return string(b[:])
}
