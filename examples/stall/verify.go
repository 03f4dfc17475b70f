package stall

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// window is how far a delivery's signed time may be from the time it came.
const window = 5 * time.Minute

// Verifier makes a verifier for the app's webhooks. With an account it accepts
// that stall's only.
func (a *Adapter) Verifier(config catalog.VerifierConfig) (catalog.WebhookVerifier, error) {
	v := &verifier{adapter: a, secrets: slices.Clone(config.Secrets)}
	if config.Secrets == nil {
		v.secrets = a.secrets
	}
	if len(v.secrets) == 0 || slices.ContainsFunc(v.secrets, catalog.Secret.IsZero) {
		return nil, &catalog.ConfigError{Platform: Platform, Field: "WebhookSecrets", Reason: "holds no secret, or an empty one: no webhook could be verified"}
	}
	if config.Account != nil {
		store, err := a.CanonicalStore(config.Account.Store)
		if err != nil {
			return nil, err
		}
		v.store = store
	}
	return v, nil
}

type verifier struct {
	adapter *Adapter
	secrets []catalog.Secret
	store   string // the only stall accepted; "" = any
}

func refuse(code, message string) error {
	return &catalog.Error{Platform: Platform, Op: "verify webhook", Kind: catalog.ErrUnauthorized, Code: code, Message: message}
}

// Verify checks the signature over the raw bytes, then the signed time, and
// only then reads the body.
func (v *verifier) Verify(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
	if err := ctx.Err(); err != nil {
		return catalog.Verdict{}, err
	}
	stamp, signature, _ := strings.Cut(strings.TrimPrefix(d.Header.Get("Stall-Signature"), "t="), ",v1=")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	mac, bad := hex.DecodeString(signature)
	if err != nil || bad != nil {
		return catalog.Verdict{}, refuse("malformed_signature", "the Stall-Signature header is missing or not of the form t=...,v1=...")
	}
	signer := v.signer(stamp, d.Body, mac)
	if signer < 0 {
		return catalog.Verdict{}, refuse("signature_mismatch", "no configured secret made this signature, or the body was changed on its way")
	}
	received := d.ReceivedAt
	if received.IsZero() {
		received = time.Now()
	}
	if received.Sub(time.Unix(seconds, 0)).Abs() > window {
		return catalog.Verdict{}, refuse("outside_window", "it was signed more than five minutes from now: a replay, or a clock is wrong")
	}
	event, err := v.read(d)
	if err != nil {
		return catalog.Verdict{}, err
	}
	return catalog.Verdict{Events: []catalog.Event{event}, SecretIndex: signer}, nil
}

// signer tells which secret made the signature, -1 for none. All are tried, in
// constant time, so that the time taken says nothing.
func (v *verifier) signer(stamp string, body, mac []byte) int {
	found := -1
	for i, secret := range v.secrets {
		made := hmac.New(sha256.New, []byte(secret.Reveal()))
		made.Write([]byte(stamp + "."))
		made.Write(body)
		if hmac.Equal(mac, made.Sum(nil)) && found < 0 {
			found = i
		}
	}
	return found
}

// topics are the events souk has a kind for.
var topics = map[string]struct {
	kind     catalog.EventKind
	resource catalog.Resource
}{
	"product.added":   {catalog.EventProductCreated, catalog.Products},
	"product.changed": {catalog.EventProductUpdated, catalog.Products},
	"product.removed": {catalog.EventProductDeleted, catalog.Products},
	"order.placed":    {catalog.EventOrderCreated, catalog.Orders},
	"order.changed":   {catalog.EventOrderUpdated, catalog.Orders},
	"app.removed":     {catalog.EventAppUninstalled, catalog.App},
}

// read turns an authentic body into its event.
func (v *verifier) read(d catalog.Delivery) (catalog.Event, error) {
	body := slices.Clone(d.Body) // the event outlives the delivery
	var n struct {
		ID      string `json:"id"`
		Stall   string `json:"stall"`
		Topic   string `json:"topic"`
		Subject string `json:"subject"`
		At      int64  `json:"at"`
	}
	if _, err := transport.Decode(body, &n); err != nil || n.ID == "" || n.Topic == "" {
		return catalog.Event{}, badAnswer("read webhook", "the delivery is authentic, but its body is no event")
	}
	store, err := v.adapter.CanonicalStore(n.Stall)
	if err != nil {
		return catalog.Event{}, badAnswer("read webhook", "the delivery is authentic, but its body names no stall")
	}
	if v.store != "" && store != v.store {
		return catalog.Event{}, refuse("wrong_store", "the delivery is of another stall than the address it came to")
	}
	e := catalog.Event{
		Key: catalog.EventKey(Platform, store, n.ID), Platform: Platform, Store: store, Topic: n.Topic, Kind: catalog.EventOther,
		OccurredAt: moment(&transport.Notes{}, "at", n.At), ReceivedAt: d.ReceivedAt,
		Payload: body, PayloadKind: catalog.RawKind("stall.webhook." + n.Topic), Partial: true,
	}
	if t, ok := topics[n.Topic]; ok {
		e.Kind, e.Resource = t.kind, t.resource
		if idForm.MatchString(n.Subject) {
			e.ResourceID = n.Subject
		}
	}
	return e, nil
}
