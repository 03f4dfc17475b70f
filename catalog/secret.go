package catalog

import (
	"crypto/subtle"
	"fmt"
	"log/slog"
)

// redacted is what every way of printing a Secret shows.
const redacted = "REDACTED"

// Secret holds a token, key or password that must never be printed.
//
// Formatting, logging and JSON show "REDACTED" (the empty string for an
// absent secret); only Reveal gives the value. The value hides behind a
// pointer, so it stays hidden even in an unexported field of another struct,
// where fmt may not call methods. The zero value is "no secret". A Secret is
// immutable and safe for concurrent use. Compare with Equal, not ==.
type Secret struct{ value *string }

// NewSecret wraps value. An empty value gives the zero Secret.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{value: &value}
}

// Reveal returns the value, "" for the zero Secret. Do not log it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.value == nil }

// Equal compares two secrets in constant time for a given length. Two absent
// secrets are equal; use IsZero first where an empty one must be refused.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String returns "REDACTED", or "" when there is no secret.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// Format prints String whatever the verb or flag.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue gives slog the redacted text.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText writes the redacted text, so that no encoder stores a secret by
// accident. Stores that mean to keep one call Reveal.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a secret, as from a host's configuration. The redacted
// text is refused: a secret that was lost in writing must not pass for one.
func (s *Secret) UnmarshalText(text []byte) error {
	if string(text) == redacted {
		return &Error{Op: "read secret", Kind: ErrInvalid, Message: "the text is the redacted form of a secret", Hint: "store secrets by Reveal"}
	}
	*s = NewSecret(string(text))
	return nil
}
