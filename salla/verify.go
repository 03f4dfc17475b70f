package salla

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Scheme is how webhooks are authenticated: what Salla calls a webhook's
// security strategy.
type Scheme string

// The schemes a webhook can be set to in the Partners portal or by the API.
const (
	// SchemeSignature: the hex HMAC-SHA256 of the body in X-Salla-Signature.
	SchemeSignature Scheme = "signature"
	// SchemeToken: the secret itself in the Authorization header; the body is not
	// protected.
	SchemeToken Scheme = "token"
)

// Verifier makes a verifier for webhooks by Config.WebhookScheme: what the
// configuration says is checked, whatever scheme a request claims. Secrets
// of the webhooks an account registered for itself come in config.
// https://docs.salla.dev/421119m0
func (a *Adapter) Verifier(config catalog.VerifierConfig) (catalog.WebhookVerifier, error) {
	secrets := slices.Clone(config.Secrets)
	if secrets == nil {
		secrets = slices.Clone(a.config.WebhookSecrets)
	}
	if len(secrets) == 0 {
		return nil, &catalog.ConfigError{Platform: Platform, Field: "WebhookSecrets", Reason: "is empty: without a secret no webhook can be verified, and none is accepted"}
	}
	if slices.ContainsFunc(secrets, catalog.Secret.IsZero) {
		return nil, &catalog.ConfigError{Platform: Platform, Field: "Secrets", Reason: "holds an empty secret, which anybody could sign with"}
	}
	v := &verifier{secrets: secrets, scheme: a.config.WebhookScheme}
	if config.Account != nil {
		store, err := checkStore("make verifier", config.Account.Store)
		if err != nil {
			return nil, err
		}
		v.store = store
	}
	return v, nil
}

type verifier struct {
	secrets []catalog.Secret
	scheme  Scheme
	store   string // the only merchant accepted; "" = any
}

func refuse(code, message, hint string) error {
	return &catalog.Error{Platform: Platform, Op: "verify webhook", Kind: catalog.ErrUnauthorized, Code: code, Message: message, Hint: hint}
}

// Verify checks the delivery over its raw bytes before anything is parsed.
// Neither scheme signs a time, so the host must refuse what it has seen, by
// the event's Key. With SchemeToken the body is not protected at all.
//
// app.store.authorize gives a Grant; its event's payload has no token.
func (v *verifier) Verify(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
	if ctx.Err() != nil {
		return catalog.Verdict{}, transport.CalledOff(Platform, "verify webhook", transport.Ended(ctx))
	}
	check := v.signature
	if v.scheme == SchemeToken {
		check = v.token
	}
	index, err := check(d)
	if err != nil {
		return catalog.Verdict{}, err
	}
	verdict, err := v.read(d)
	verdict.SecretIndex = index
	return verdict, err
}

func (v *verifier) signature(d catalog.Delivery) (int, error) {
	const header = "X-Salla-Signature"
	text := strings.TrimSpace(d.Header.Get(header))
	if text == "" {
		return 0, refuse("missing_header", "there is no "+header+" header",
			"set the webhook's security strategy to Signature, or configure SchemeToken; a proxy must pass the header on")
	}
	mac, err := hex.DecodeString(strings.TrimPrefix(text, "sha256="))
	if err != nil || len(mac) != sha256.Size {
		return 0, refuse("malformed_signature", "the signature is not the hex of 32 bytes", "")
	}
	return v.first("signature_mismatch", "no configured secret made this signature, or the body was changed on its way",
		"use the webhook's secret from the Partners portal, and hand over the raw body",
		func(s catalog.Secret) bool {
			made := hmac.New(sha256.New, []byte(s.Reveal()))
			made.Write(d.Body)
			return hmac.Equal(mac, made.Sum(nil))
		})
}

func (v *verifier) token(d catalog.Delivery) (int, error) {
	token := d.Header.Get("Authorization")
	if token == "" {
		return 0, refuse("missing_header", "there is no Authorization header",
			"set the webhook's security strategy to Token, or configure SchemeSignature; a proxy must pass the header on")
	}
	bare, prefixed := strings.CutPrefix(token, "Bearer ")
	return v.first("token_mismatch", "the Authorization header is none of the configured secrets",
		"use the webhook's secret from the Partners portal",
		func(s catalog.Secret) bool {
			return s.Equal(catalog.NewSecret(token)) || prefixed && s.Equal(catalog.NewSecret(bare))
		})
}

// first finds the secret that fits. All are tried, so that the time taken
// tells nothing of which.
func (v *verifier) first(code, message, hint string, fits func(catalog.Secret) bool) (int, error) {
	found := -1
	for i, s := range v.secrets {
		if fits(s) && found < 0 {
			found = i
		}
	}
	if found < 0 {
		return 0, refuse(code, message, hint)
	}
	return found, nil
}

func unreadable(message string) error {
	return &catalog.Error{Platform: Platform, Op: "read webhook", Kind: catalog.ErrBadAnswer, Message: "the delivery is authentic, but " + message}
}

// read turns an authentic body into its event.
func (v *verifier) read(d catalog.Delivery) (catalog.Verdict, error) {
	body := slices.Clone(d.Body)
	page, err := transport.OpenPage(body, nowhere)
	if err != nil {
		return catalog.Verdict{}, unreadable("its body is not JSON")
	}
	var envelope struct {
		Event    string `json:"event"`
		Merchant number `json:"merchant"`
		Created  moment `json:"created_at"`
	}
	if _, err := decode(page.Field(), &envelope); err != nil {
		return catalog.Verdict{}, unreadable("its body is not an object")
	}
	if envelope.Event == "" || len(envelope.Event) > 100 {
		return catalog.Verdict{}, unreadable("its body names no event")
	}
	store, err := checkStore("read webhook", string(envelope.Merchant))
	if err != nil {
		return catalog.Verdict{}, unreadable("its body names no merchant")
	}
	if v.store != "" && store != v.store {
		return catalog.Verdict{}, refuse("wrong_store", "the delivery is of another merchant than the address it came to", "")
	}
	// No delivery has an id of its own; a redelivery has the same bytes.
	sum := sha256.Sum256(body)
	e := catalog.Event{
		Key: catalog.EventKey(Platform, store, envelope.Event, hex.EncodeToString(sum[:])), Platform: Platform, Store: store,
		Topic: envelope.Event, Kind: catalog.EventOther, OccurredAt: envelope.Created.Time, ReceivedAt: d.ReceivedAt,
		Payload: body, PayloadKind: payloadKind(envelope.Event), Partial: true,
	}
	data := page.Field("data")
	identify(&e, data)
	verdict := catalog.Verdict{Events: []catalog.Event{e}}
	if e.Topic == authorizeTopic {
		grant, payload, err := granted(&e, data)
		if err != nil {
			return catalog.Verdict{}, err
		}
		verdict.Grants = []catalog.Grant{grant}
		verdict.Events[0].Payload = payload
	}
	return verdict, nil
}

const authorizeTopic = "app.store.authorize"

// granted takes the tokens out of app.store.authorize and leaves a payload
// that says what may be stored.
func granted(e *catalog.Event, data json.RawMessage) (catalog.Grant, json.RawMessage, error) {
	var n tokenNode
	if _, err := decode(data, &n); err != nil || n.AccessToken == "" {
		return catalog.Grant{}, nil, unreadable("its body holds no token")
	}
	now := e.ReceivedAt
	if now.IsZero() {
		now = time.Now()
	}
	credential := n.credential(now)
	type safe struct {
		Scopes    []string  `json:"scopes"`
		ExpiresAt time.Time `json:"expires_at,omitzero"`
	}
	payload, err := json.Marshal(struct {
		Event    string      `json:"event"`
		Merchant json.Number `json:"merchant"`
		Data     safe        `json:"data"`
	}{e.Topic, json.Number(e.Store), safe{credential.Scopes, credential.ExpiresAt}})
	if err != nil {
		return catalog.Grant{}, nil, unreadable("its body cannot be kept")
	}
	return catalog.Grant{Store: e.Store, Credential: credential}, payload, nil
}
