package magento

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// reference marks what a write leaves, so that it is told from what others did
// meanwhile. It follows from the caller's idempotency key, if there is one.
func reference(options catalog.WriteOptions) string {
	seed := options.IdempotencyKey
	if seed == "" {
		seed = rand.Text()
	}
	sum := sha256.Sum256([]byte("souk " + seed))
	return hex.EncodeToString(sum[:6])
}

// anyReference stands for a reference where its length matters: all have one.
const anyReference = "000000000000"

// referenced is a comment of the staff with the reference behind it.
func referenced(note, reference string) string {
	return strings.TrimSpace(strings.TrimSpace(note) + " [souk " + reference + "]")
}

var referenceForm = regexp.MustCompile(` ?\[souk [0-9a-f]{12}\]$`)

// unreferenced is a comment as it was before.
func unreferenced(note string) string { return referenceForm.ReplaceAllString(note, "") }
