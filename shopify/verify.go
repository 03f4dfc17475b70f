package shopify

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
)

// clientSecrets are all that may have signed something, the current one first.
func (a *Adapter) clientSecrets() []catalog.Secret {
	return append([]catalog.Secret{a.config.ClientSecret}, a.config.OldSecrets...)
}

// Verifier makes a verifier for webhooks signed with the client secret. While
// a secret is being rotated Shopify goes on signing with the oldest one that
// is not revoked, so list that one too.
// https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin-of-your-webhook
func (a *Adapter) Verifier(config catalog.VerifierConfig) (catalog.WebhookVerifier, error) {
	secrets := slices.Clone(config.Secrets)
	if secrets == nil && !a.config.ClientSecret.IsZero() {
		secrets = a.clientSecrets()
	}
	if len(secrets) == 0 {
		return nil, &catalog.ConfigError{Platform: Platform, Field: "ClientSecret", Reason: "is empty: without it no webhook can be verified, and none is accepted"}
	}
	for _, s := range secrets {
		if s.IsZero() {
			return nil, &catalog.ConfigError{Platform: Platform, Field: "Secrets", Reason: "holds an empty secret, which anybody could sign with"}
		}
	}
	v := &verifier{secrets: secrets}
	if config.Account != nil {
		shop, err := checkShop(config.Account.Store)
		if err != nil {
			return nil, err
		}
		v.shop = shop
	}
	return v, nil
}

type verifier struct {
	secrets []catalog.Secret
	shop    string // the only shop accepted; "" = any
}

func refuse(code, message, hint string) error {
	return &catalog.Error{Platform: Platform, Op: "verify webhook", Kind: catalog.ErrUnauthorized, Code: code, Message: message, Hint: hint}
}

// Verify checks the signature over the raw body. Only the body is signed: the
// topic, the shop and the ids in the headers are not, so the host must look
// for a known account of that shop.
func (v *verifier) Verify(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
	if err := ctx.Err(); err != nil {
		return catalog.Verdict{}, err
	}
	h := headersOf(d.Header)
	signature := h.get("Hmac-Sha256")
	if signature == "" {
		return catalog.Verdict{}, refuse("missing_header", "there is no "+h.name("Hmac-Sha256")+" header", "only Shopify's own deliveries carry it; a proxy must pass it on")
	}
	mac, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || len(mac) != sha256.Size {
		return catalog.Verdict{}, refuse("malformed_signature", "the signature is not the base64 of 32 bytes", "")
	}
	index := slices.IndexFunc(v.secrets, func(s catalog.Secret) bool { return hmac.Equal(mac, sign(s, d.Body)) })
	if index < 0 {
		return catalog.Verdict{}, refuse("signature_mismatch", "no configured secret made this signature, or the body was changed on its way",
			"use the client secret of the app that owns the subscription, and hand over the raw body; subscriptions made by hand in the admin use a secret of their own")
	}
	event, err := v.event(h, d)
	if err != nil {
		return catalog.Verdict{}, err
	}
	return catalog.Verdict{Events: []catalog.Event{event}, SecretIndex: index}, nil
}

func sign(secret catalog.Secret, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write(body)
	return mac.Sum(nil)
}

// headers reads one of the two families of header names; the newer wins where
// both are sent. What it lacks the older may say, but for the signature.
type headers struct {
	header http.Header
	prefix string
}

func headersOf(h http.Header) headers {
	if h.Get("Shopify-Hmac-Sha256") != "" {
		return headers{h, "Shopify-"}
	}
	return headers{h, "X-Shopify-"}
}

func (h headers) name(s string) string { return h.prefix + s }
func (h headers) get(s string) string {
	return cmp.Or(h.header.Get(h.name(s)), h.header.Get("X-Shopify-"+s))
}

func (v *verifier) event(h headers, d catalog.Delivery) (catalog.Event, error) {
	shop, err := checkShop(h.get("Shop-Domain"))
	if err != nil {
		return catalog.Event{}, refuse("wrong_shop", "the Shop-Domain header does not name a shop", "")
	}
	if v.shop != "" && shop != v.shop {
		return catalog.Event{}, refuse("wrong_shop", "the delivery names another shop than the address it came to", "")
	}
	topic := h.get("Topic")
	if topic == "" {
		return catalog.Event{}, refuse("missing_header", "there is no "+h.name("Topic")+" header", "")
	}
	e := catalog.Event{
		Platform: Platform, Store: shop, Topic: topic, Kind: catalog.EventOther, ReceivedAt: d.ReceivedAt,
		Correlation: h.get("Event-Id"), Payload: d.Body, PayloadKind: catalog.RawKind("shopify.webhook." + topic),
	}
	if triggered, err := time.Parse(time.RFC3339, h.get("Triggered-At")); err == nil {
		e.OccurredAt = triggered.UTC()
	}
	// The webhook id is the same for every redelivery and for no other
	// delivery. The event id is not: all deliveries of one action share it.
	if id := h.get("Webhook-Id"); id != "" {
		e.Key = catalog.EventKey(Platform, shop, "id", id)
	} else {
		sum := sha256.Sum256(d.Body)
		e.Key = catalog.EventKey(Platform, shop, topic, h.get("Triggered-At"), base64.StdEncoding.EncodeToString(sum[:]))
	}
	if t, ok := topics[topic]; ok {
		e.Kind, e.Resource, e.Partial = t.kind, t.resource, t.partial
	}
	return e, identify(&e)
}
