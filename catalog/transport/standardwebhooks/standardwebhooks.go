// Package standardwebhooks verifies webhooks signed by the Standard Webhooks
// scheme, for adapters of platforms that use it.
//
//	message := standardwebhooks.Received(delivery.Header, delivery.Body)
//	index, err := standardwebhooks.Verify(secrets, message, delivery.ReceivedAt, 0)
//	if err != nil {
//		return catalog.Verdict{}, err // a *catalog.Error of kind ErrUnauthorized
//	}
//
// The signature is the HMAC-SHA256 of id, time and raw body, joined by points,
// in base64 behind "v1,"; a header may hold several, of which one must fit. The
// key is the secret's bytes as they are: platforms that hand out the scheme's
// own form of secret, "whsec_" and base64, take it through Key first. Asymmetric
// signatures ("v1a") are not verified.
package standardwebhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// The headers of a delivery.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp"
	HeaderSignature = "Webhook-Signature"
)

// DefaultTolerance is how far a delivery's time may be from ours, both ways.
const DefaultTolerance = 5 * time.Minute

// The codes of the errors Verify returns. CodeStale and CodeFuture are of
// deliveries whose signature fits.
const (
	CodeMissing   = "missing_header"
	CodeTimestamp = "malformed_timestamp"
	CodeSignature = "malformed_signature"
	CodeMismatch  = "signature_mismatch"
	CodeStale     = "stale"
	CodeFuture    = "future"
)

// mostSignatures bounds how many signatures of one header are looked at.
const mostSignatures = 32

// Message is a delivery as it was received.
type Message struct {
	// ID is the header webhook-id: the same each time an event is sent.
	ID string
	// Timestamp is the header webhook-timestamp, in Unix seconds.
	Timestamp string
	// Signature is the header webhook-signature.
	Signature string
	// Body is the raw body.
	Body []byte
}

// Received takes a message from a request. The body is not copied.
func Received(header http.Header, body []byte) Message {
	return Message{
		ID:        strings.TrimSpace(header.Get(HeaderID)),
		Timestamp: strings.TrimSpace(header.Get(HeaderTimestamp)),
		Signature: strings.Join(header.Values(HeaderSignature), " "),
		Body:      body,
	}
}

// Verify returns which of the secrets signed the message. The signature comes
// first and then the time, so that an old delivery is known to be authentic:
// CodeStale and CodeFuture are for those further than tolerance from now; a
// tolerance of 0 or less means DefaultTolerance, a zero now the current time.
// All secrets are tried against all signatures in constant time.
//
// A message that does not prove its origin gives a *catalog.Error of kind
// ErrUnauthorized without a Platform, which is the caller's to set; the error
// is new each time. No secret, or an empty one, is a *catalog.ConfigError.
func Verify(secrets []catalog.Secret, m Message, now time.Time, tolerance time.Duration) (int, error) {
	if len(secrets) == 0 || slices.ContainsFunc(secrets, catalog.Secret.IsZero) {
		return 0, &catalog.ConfigError{Field: "Secrets", Reason: "has no secret or an empty one, which anybody could sign with"}
	}
	for _, header := range []struct{ name, value string }{{HeaderID, m.ID}, {HeaderTimestamp, m.Timestamp}, {HeaderSignature, m.Signature}} {
		if strings.TrimSpace(header.value) == "" {
			return 0, refuse(CodeMissing, "there is no "+header.name+" header", "a proxy must pass the webhook headers on")
		}
	}
	at, ok := seconds(m.Timestamp)
	if !ok {
		return 0, refuse(CodeTimestamp, "the "+HeaderTimestamp+" header is no number of seconds", "")
	}
	given := signatures(m.Signature)
	if len(given) == 0 {
		return 0, refuse(CodeSignature, "the "+HeaderSignature+" header holds no v1 signature", "")
	}
	found := -1
	for i, secret := range secrets {
		made := mac(secret, m.ID, m.Timestamp, m.Body)
		for _, signature := range given {
			if hmac.Equal(signature, made) && found < 0 {
				found = i
			}
		}
	}
	if found < 0 {
		return 0, refuse(CodeMismatch, "no configured secret made this signature, or the delivery was changed on its way",
			"check the secret, and hand over the raw body")
	}
	if tolerance <= 0 {
		tolerance = DefaultTolerance
	}
	if now.IsZero() {
		now = time.Now()
	}
	switch apart := now.Sub(at); {
	case apart > tolerance:
		return 0, refuse(CodeStale, "the signature fits, but is older than "+tolerance.String(), "it may be a replay; check the clock of this machine")
	case apart < -tolerance:
		return 0, refuse(CodeFuture, "the signature fits, but is from more than "+tolerance.String()+" ahead", "check the clock of this machine")
	}
	return found, nil
}

// Sign returns the value of the header webhook-signature for a delivery, for
// tests and senders. An empty secret gives a signature that Verify refuses.
func Sign(secret catalog.Secret, id string, at time.Time, body []byte) string {
	return "v1," + base64.StdEncoding.EncodeToString(mac(secret, id, strconv.FormatInt(at.Unix(), 10), body))
}

// Key decodes a secret in the scheme's own form: base64, with or without
// "whsec_" before it. Anything else is a *catalog.ConfigError.
func Key(secret catalog.Secret) (catalog.Secret, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret.Reveal(), "whsec_"))
	if err != nil || len(key) == 0 {
		return catalog.Secret{}, &catalog.ConfigError{Field: "Secrets", Reason: `holds a secret that is not base64, with or without "whsec_" before it`}
	}
	return catalog.NewSecret(string(key)), nil
}

func mac(secret catalog.Secret, id, timestamp string, body []byte) []byte {
	h := hmac.New(sha256.New, []byte(secret.Reveal()))
	h.Write([]byte(id + "." + timestamp + "."))
	h.Write(body)
	return h.Sum(nil)
}

// signatures are those of version 1 in a header of several.
func signatures(header string) [][]byte {
	var all [][]byte
	for text := range strings.FieldsSeq(header) {
		encoded, ok := strings.CutPrefix(text, "v1,")
		if !ok || len(all) == mostSignatures {
			continue
		}
		if signature, err := base64.StdEncoding.Strict().DecodeString(encoded); err == nil && len(signature) == sha256.Size {
			all = append(all, signature)
		}
	}
	return all
}

// seconds reads a time of digits alone, as far as a time can be.
func seconds(text string) (time.Time, bool) {
	if len(text) > 12 || strings.Trim(text, "0123456789") != "" {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(n, 0), err == nil
}

func refuse(code, message, hint string) error {
	return &catalog.Error{Op: "verify webhook", Kind: catalog.ErrUnauthorized, Code: code, Message: message, Hint: hint}
}
