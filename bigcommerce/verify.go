package bigcommerce

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/catalog/transport/standardwebhooks"
)

// Scheme is how webhooks are authenticated.
type Scheme string

// The schemes.
const (
	// SchemeSignature: the Standard Webhooks signature with the client secret of
	// the API account or app that made the hook.
	SchemeSignature Scheme = "signature"
	// SchemeHeader: the secret itself is in the header Config.WebhookHeader, which
	// the hook was made with and every delivery repeats. It does not protect the
	// body, nor does it sign a time.
	SchemeHeader Scheme = "header"
	// SchemeBoth: the signature and the header.
	SchemeBoth Scheme = "both"
)

// clientSecrets are those that may have signed, newest first; nil = none.
func (a *Adapter) clientSecrets() []catalog.Secret {
	if a.config.ClientSecret.IsZero() {
		return nil
	}
	return append([]catalog.Secret{a.config.ClientSecret}, a.config.OldSecrets...)
}

// Verifier makes a verifier for webhooks by Config.WebhookScheme: what the
// configuration says is checked, whatever a request claims. Secrets in config
// are client secrets, such as those of a store's own API account; with
// SchemeHeader they are values of the header.
// https://developer.bigcommerce.com/docs/integrations/webhooks/https-webhook-overview
func (a *Adapter) Verifier(config catalog.VerifierConfig) (catalog.WebhookVerifier, error) {
	own, field := a.clientSecrets(), "ClientSecret"
	if a.config.WebhookScheme == SchemeHeader {
		own, field = a.config.WebhookSecrets, "WebhookSecrets"
	}
	secrets := slices.Clone(config.Secrets)
	if secrets == nil {
		secrets = slices.Clone(own)
	}
	if len(secrets) == 0 {
		return nil, &catalog.ConfigError{Platform: Platform, Field: field, Reason: "is empty: without a secret no webhook can be verified, and none is accepted"}
	}
	if slices.ContainsFunc(secrets, catalog.Secret.IsZero) {
		return nil, &catalog.ConfigError{Platform: Platform, Field: "Secrets", Reason: "holds an empty secret, which anybody could sign with"}
	}
	v := &verifier{secrets: secrets, scheme: a.config.WebhookScheme, header: a.config.WebhookHeader, values: a.config.WebhookSecrets, tolerance: a.config.WebhookTolerance}
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
	secrets   []catalog.Secret
	scheme    Scheme
	header    string
	values    []catalog.Secret // of the header, with SchemeBoth
	tolerance time.Duration
	store     string // the only one accepted; "" = any
}

func refuse(code, message, hint string) error {
	return &catalog.Error{Platform: Platform, Op: "verify webhook", Kind: catalog.ErrUnauthorized, Code: code, Message: message, Hint: hint}
}

// Verify checks the delivery over its raw bytes before anything is parsed. Its
// event holds ids only, so fetch the record: a late event then does no harm.
func (v *verifier) Verify(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
	if err := ctx.Err(); err != nil {
		return catalog.Verdict{}, err
	}
	var index int
	var err error
	switch v.scheme {
	case SchemeHeader:
		index, err = v.byHeader(d, v.secrets)
	case SchemeBoth:
		if index, err = v.bySignature(d); err == nil {
			_, err = v.byHeader(d, v.values)
		}
	default:
		index, err = v.bySignature(d)
	}
	if err != nil {
		return catalog.Verdict{}, err
	}
	e, err := v.read(d)
	if err != nil {
		return catalog.Verdict{}, err
	}
	return catalog.Verdict{Events: []catalog.Event{e}, SecretIndex: index}, nil
}

func (v *verifier) bySignature(d catalog.Delivery) (int, error) {
	index, err := standardwebhooks.Verify(v.secrets, standardwebhooks.Received(d.Header, d.Body), d.ReceivedAt, v.tolerance)
	if e, ok := errors.AsType[*catalog.Error](err); ok {
		e.Platform = Platform
		if e.Code == standardwebhooks.CodeMismatch {
			e.Hint = "use the client secret of the API account or app that made the hook, as it is; hand over the raw body"
		}
	}
	return index, err
}

func (v *verifier) byHeader(d catalog.Delivery, values []catalog.Secret) (int, error) {
	value := d.Header.Get(v.header)
	if value == "" {
		return 0, refuse("missing_header", "there is no "+v.header+" header", "make the hook with this header; a proxy must pass it on")
	}
	given, found := catalog.NewSecret(value), -1
	for i, s := range values { // all, so that the time taken tells nothing of which
		if s.Equal(given) && found < 0 {
			found = i
		}
	}
	if found < 0 {
		return 0, refuse("header_mismatch", "the "+v.header+" header is none of the configured secrets", "use the value the hook was made with")
	}
	return found, nil
}

func unreadable(message string) error {
	return &catalog.Error{Platform: Platform, Op: "read webhook", Kind: catalog.ErrBadAnswer, Message: "the delivery is authentic, but " + message}
}

// envelope is the body of every webhook. What data holds differs by scope.
type envelope struct {
	Producer string          `json:"producer"`
	Hash     string          `json:"hash"`
	Created  string          `json:"created_at"`
	Scope    string          `json:"scope"`
	Data     json.RawMessage `json:"data"`
}

// longestCreated is the most digits a time in Unix seconds has.
const longestCreated = 11

// read turns an authentic body into its event.
func (v *verifier) read(d catalog.Delivery) (catalog.Event, error) {
	body := slices.Clone(d.Body)
	var n envelope
	if _, err := transport.Decode(body, &n); err != nil {
		return catalog.Event{}, unreadable("its body is not an object")
	}
	if n.Scope == "" || len(n.Scope) > 200 {
		return catalog.Event{}, unreadable("its body names no scope")
	}
	// store_id is another id than the one in paths.
	store, err := checkStore("read webhook", n.Producer)
	if err != nil {
		return catalog.Event{}, unreadable("its body names no store")
	}
	if v.store != "" && store != v.store {
		return catalog.Event{}, refuse("wrong_store", "the delivery is of another store than the address it came to", "")
	}
	if n.Hash == "" { // what names an event, else what it consists of
		sum := sha256.Sum256([]byte(catalog.EventKey(n.Scope, string(n.Data), n.Created, n.Producer)))
		n.Hash = hex.EncodeToString(sum[:])
	}
	e := catalog.Event{
		Key: catalog.EventKey(Platform, store, n.Scope, n.Hash), Platform: Platform, Store: store, Topic: n.Scope, ReceivedAt: d.ReceivedAt,
		Partial: true, Payload: body, PayloadKind: catalog.RawKind("bigcommerce.webhook." + n.Scope),
	}
	if len(n.Created) <= longestCreated {
		if seconds, err := strconv.ParseInt(n.Created, 10, 64); err == nil && seconds > 0 {
			e.OccurredAt = time.Unix(seconds, 0).UTC()
		}
	}
	identify(&e, n.Data)
	return e, nil
}
