package sqlstore

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// Keys are what a store encrypts with. To replace a key without a pause: give
// every process the new one among Old; then make it Current and the former one
// Old everywhere; then call Store.Reseal, and drop the former key. One key may
// seal 2^32 values, so replace it once in a few years.
type Keys struct {
	// Current seals everything that is written. Required.
	Current Key
	// Old open what was written before, or is written by processes that are
	// not yet, or no longer, on the same Current.
	Old []Key
}

// Key is one AES-256 key.
type Key struct {
	// ID names the key in the database; short, such as a year. Required, and
	// never used again for another Secret.
	ID string
	// Secret is 32 random bytes in base64, such as "openssl rand -base64 32"
	// prints; also without padding and in the URL alphabet. Required.
	Secret catalog.Secret
}

// NewKey makes a random key. Keep its Secret where the database is not.
func NewKey(id string) Key {
	raw := make([]byte, keySize)
	_, _ = rand.Read(raw) // never fails
	return Key{ID: id, Secret: catalog.NewSecret(base64.StdEncoding.EncodeToString(raw))}
}

const keySize = 32

// KeyError says that a sealed value cannot be opened with the keys given.
// Nothing was changed.
type KeyError struct {
	// ID is the key the value was sealed with.
	ID string
	// Reason says what is wrong with it.
	Reason string
}

// Error names the key and the reason.
func (e *KeyError) Error() string { return fmt.Sprintf("key %q %s", e.ID, e.Reason) }

const (
	unknownKey = "is not among the keys given; add it to Keys.Old"
	wrongKey   = "does not open what was sealed under its ID: its Secret is another, or the value was tampered with"
)

// keyring is Keys ready for use.
type keyring struct {
	current string
	ciphers map[string]cipher.AEAD
}

func newKeyring(keys Keys) (*keyring, error) {
	ring := &keyring{current: keys.Current.ID, ciphers: map[string]cipher.AEAD{}}
	add := func(field string, key Key) error {
		wrong := func(part, reason string) error {
			return &catalog.ConfigError{Platform: "sqlstore", Field: field + "." + part, Reason: reason}
		}
		if key.ID == "" || len(key.ID) > 64 || checkText(key.ID) != nil {
			return wrong("ID", "must be 1 to 64 bytes of text")
		}
		if _, twice := ring.ciphers[key.ID]; twice {
			return wrong("ID", "is given twice")
		}
		text := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(strings.TrimSpace(key.Secret.Reveal()), "="))
		raw, err := base64.RawStdEncoding.DecodeString(text)
		if err != nil || len(raw) != keySize {
			return wrong("Secret", "must be 32 bytes in base64, as openssl rand -base64 32 prints")
		}
		block, err := aes.NewCipher(raw)
		if err != nil {
			return err
		}
		ring.ciphers[key.ID], err = cipher.NewGCMWithRandomNonce(block)
		return err
	}
	if err := add("Keys.Current", keys.Current); err != nil {
		return nil, err
	}
	for i, key := range keys.Old {
		if err := add(fmt.Sprintf("Keys.Old[%d]", i), key); err != nil {
			return nil, err
		}
	}
	return ring, nil
}

// What a sealed value is: part of what authenticates it, so that a value moved
// to another column or account does not open.
const (
	kindCredential = "souk_credentials.sealed"
	kindState      = "souk_states.sealed"
	kindKey        = "souk_keys.sealed"
	kindAnswer     = "journal"
)

// sealed is a value as it is stored.
type sealed struct {
	keyID string
	bytes []byte
}

// seal encrypts with the current key.
func (k *keyring) seal(kind, owner string, plain []byte) sealed {
	return sealed{k.current, k.ciphers[k.current].Seal(nil, nil, plain, bound(k.current, kind, owner))}
}

// open decrypts. The error is a *KeyError.
func (k *keyring) open(kind, owner string, s sealed) ([]byte, error) {
	aead, ok := k.ciphers[s.keyID]
	if !ok {
		return nil, &KeyError{s.keyID, unknownKey}
	}
	plain, err := aead.Open(nil, nil, s.bytes, bound(s.keyID, kind, owner))
	if err != nil {
		return nil, &KeyError{s.keyID, wrongKey}
	}
	return plain, nil
}

// bound is the additional data: each part with its length in front, so that no
// two lists of parts give the same bytes.
func bound(parts ...string) []byte {
	data := []byte("souk 1")
	for _, part := range parts {
		data = binary.AppendUvarint(data, uint64(len(part)))
		data = append(data, part...)
	}
	return data
}
