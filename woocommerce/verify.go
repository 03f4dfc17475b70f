package woocommerce

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Verifier makes a verifier for the webhooks of one account, which the address
// they are sent to must name: nothing that is signed does, and every
// administrator of a store can read its webhooks' secrets. Secrets are those
// the webhooks were made with.
// https://woocommerce.com/document/webhooks/
func (a *Adapter) Verifier(config catalog.VerifierConfig) (catalog.WebhookVerifier, error) {
	wrong := func(field, reason string) (catalog.WebhookVerifier, error) {
		return nil, &catalog.ConfigError{Platform: Platform, Field: field, Reason: reason}
	}
	if config.Account == nil {
		return wrong("Account", "is nil: give each store an address of its own that names its account, since each signs with secrets of its own")
	}
	base, err := parseStore("make verifier", config.Account.Store)
	if err != nil {
		return nil, err
	}
	secrets := slices.Clone(config.Secrets)
	if secrets == nil {
		secrets = slices.Clone(a.config.WebhookSecrets)
	}
	switch {
	case len(secrets) == 0:
		return wrong("Secrets", "is empty: without a secret no webhook can be verified, and none is accepted")
	case slices.ContainsFunc(secrets, catalog.Secret.IsZero):
		return wrong("Secrets", "holds an empty secret, which anybody could sign with")
	}
	keys := make([]catalog.Secret, len(secrets))
	for i, s := range secrets {
		keys[i] = catalog.NewSecret(signingKey(s.Reveal()))
	}
	return &verifier{keys: keys, store: base.String()}, nil
}

// entities are what WordPress decodes in a webhook's secret before it signs
// (wp_specialchars_decode with both quotes).
var entities = regexp.MustCompile(`&(?:amp|lt|gt|quot|#0*(?:34|38|39|60|62)|#[xX]0*(?:22|26|27));`)

var entityNames = map[string]string{
	"amp": "&", "38": "&", "x26": "&", "lt": "<", "60": "<", "gt": ">", "62": ">", "quot": `"`, "34": `"`, "x22": `"`, "39": "'", "x27": "'",
}

// signingKey is what the store signs with.
func signingKey(secret string) string {
	return entities.ReplaceAllStringFunc(secret, func(entity string) string {
		name, coded := strings.CutPrefix(strings.ToLower(entity[1:len(entity)-1]), "#")
		if hex, ok := strings.CutPrefix(name, "x"); coded && ok {
			name = "x" + strings.TrimLeft(hex, "0")
		} else if coded {
			name = strings.TrimLeft(name, "0")
		}
		return entityNames[name]
	})
}

type verifier struct {
	keys  []catalog.Secret
	store string
}

const signatureHeader = "X-Wc-Webhook-Signature"

// pingForm is the body a store posts when a webhook is made.
var pingForm = regexp.MustCompile(`^webhook_id=[0-9]{1,20}$`)

// isPing recognises that post, which nothing signs.
func isPing(d catalog.Delivery) bool {
	kind, _, err := mime.ParseMediaType(d.Header.Get("Content-Type"))
	for name := range d.Header {
		if strings.HasPrefix(http.CanonicalHeaderKey(name), "X-Wc-Webhook-") {
			return false
		}
	}
	return err == nil && kind == "application/x-www-form-urlencoded" && pingForm.Match(d.Body) && (d.Method == "" || d.Method == http.MethodPost)
}

func refuse(code, message, hint string) error {
	return &catalog.Error{Platform: Platform, Op: "verify webhook", Kind: catalog.ErrUnauthorized, Code: code, Message: message, Hint: hint}
}

// Verify checks the delivery over its raw bytes before anything is parsed.
// Only the body is signed: neither its topic nor any time, so that a host acts
// on what it reads from the store, above all before it deletes something, and
// refuses what it has seen by the event's Key. product.deleted comes for
// anything that is put in the trash, a coupon too.
//
// The store's first post to a new address, webhook_id=N, is signed by nothing.
// It gives no event and is answered 200, which is all that stops the store
// from posting it again.
//
// A body that is the API's refusal in the place of a record, since that was
// gone when the store got round to it, gives an event of kind other without a
// ResourceID; its PayloadKind is woocommerce.webhook.error.
func (v *verifier) Verify(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
	if ctx.Err() != nil {
		return catalog.Verdict{}, transport.CalledOff(Platform, "verify webhook", transport.Ended(ctx))
	}
	if isPing(d) {
		return catalog.Verdict{Reply: catalog.Reply{Status: http.StatusOK}}, nil
	}
	index, err := v.signature(d)
	if err != nil {
		return catalog.Verdict{}, err
	}
	e, err := v.read(d)
	if err != nil {
		return catalog.Verdict{}, err
	}
	return catalog.Verdict{Events: []catalog.Event{e}, SecretIndex: index}, nil
}

// signature finds the secret that fits. All are tried, so that the time taken
// tells nothing of which.
func (v *verifier) signature(d catalog.Delivery) (int, error) {
	text := strings.TrimSpace(d.Header.Get(signatureHeader))
	if text == "" {
		return 0, refuse("missing_header", "there is no X-WC-Webhook-Signature header", "a proxy must pass the header on")
	}
	mac, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(mac) != sha256.Size {
		return 0, refuse("malformed_signature", "the signature is not the base64 of 32 bytes", "")
	}
	found := -1
	for i, key := range v.keys {
		made := hmac.New(sha256.New, []byte(key.Reveal()))
		made.Write(d.Body)
		if hmac.Equal(mac, made.Sum(nil)) && found < 0 {
			found = i
		}
	}
	if found < 0 {
		return 0, refuse("signature_mismatch", "no configured secret made this signature, or the body was changed on its way",
			"use the secret the webhook was made with, and hand over the raw body")
	}
	return found, nil
}

// read turns an authentic body into its event.
func (v *verifier) read(d catalog.Delivery) (catalog.Event, error) {
	unreadable := func(message string) (catalog.Event, error) {
		return catalog.Event{}, &catalog.Error{Platform: Platform, Op: "read webhook", Kind: catalog.ErrBadAnswer, Message: "the delivery is authentic, but " + message}
	}
	body := slices.Clone(d.Body)
	payload, err := transport.Field(body)
	if err != nil {
		return unreadable("its body is not JSON")
	}
	topic := d.Header.Get("X-Wc-Webhook-Topic")
	if !topicForm.MatchString(topic) {
		return unreadable("its headers name no topic")
	}
	sum := sha256.Sum256(body)
	// The webhook's id is the same for all its deliveries, and the delivery's
	// for all of one second: only with the body do they name an event.
	e := catalog.Event{
		Key:      catalog.EventKey(Platform, v.store, topic, d.Header.Get("X-Wc-Webhook-Id"), d.Header.Get("X-Wc-Webhook-Delivery-Id"), hex.EncodeToString(sum[:])),
		Platform: Platform, Store: v.store, Topic: topic, ReceivedAt: d.ReceivedAt,
		Payload: payload, PayloadKind: payloadKind(topic),
	}
	identify(&e, payload)
	return e, nil
}
