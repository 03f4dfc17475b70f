package shopify

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"github.com/soukhq/souk/catalog"
)

// keyOf is the caller's idempotency key, or a new one.
func keyOf(options catalog.WriteOptions) string {
	if options.IdempotencyKey != "" {
		return options.IdempotencyKey
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return uuid(b, 4)
}

// derivedKey is the key of the n-th part of a write: the same whenever the
// write is repeated. Part 0 has the write's own.
func derivedKey(key string, n int) string {
	if n == 0 {
		return key
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "souk %s %d", key, n))
	return uuid([16]byte(sum[:16]), 8)
}

func uuid(b [16]byte, version byte) string {
	b[6], b[8] = b[6]&0x0f|version<<4, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
