package magento

import (
	"cmp"
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/catalog/transport/standardwebhooks"
)

// Scheme is how a store's webhooks are authenticated, and by whom they are
// sent.
type Scheme string

// The schemes.
const (
	// SchemeAsyncEvents: Mage-OS async-events, and modules that send as it
	// does. The secrets are verification tokens; the hex HMAC-SHA256 of the
	// body is in X-Magento-Signature. Nothing in a delivery names its event:
	// the address does, with its last part or with the parameter "event".
	SchemeAsyncEvents Scheme = "async_events"
	// SchemeIOEvents: Adobe I/O Events, for Adobe Commerce and SaaS. There is
	// no secret: Adobe signs with RSA keys it publishes, and each event names
	// Config.ClientID as its recipient.
	SchemeIOEvents Scheme = "io_events"
	// SchemeStandard: a sender of the merchant's own that keeps to Standard
	// Webhooks. The secrets are base64, with or without "whsec_" before it. The
	// body's "type" names the event, its "data" holds the record.
	SchemeStandard Scheme = "standard_webhooks"
	// SchemeCommerce: Adobe Commerce Webhooks, for which the shop waits. The
	// secrets are PEM public keys from the shop's configuration. The reply says
	// that all is well.
	SchemeCommerce Scheme = "commerce_webhooks"
	// SchemeHeader: modules that sign nothing. The secret itself is in the
	// header Config.WebhookHeader; the body is not protected. The address names
	// the event, as for SchemeAsyncEvents.
	SchemeHeader Scheme = "shared_header"
)

var schemes = []Scheme{SchemeAsyncEvents, SchemeIOEvents, SchemeStandard, SchemeCommerce, SchemeHeader}

func (s Scheme) known() bool { return slices.Contains(schemes, s) }

func schemeNames() string { return strings.Join(words(schemes), ", ") }

// features describes the deliveries of a scheme.
func (s Scheme) features() catalog.WebhookFeatures {
	switch s {
	case SchemeIOEvents: // https://developer.adobe.com/events/docs/support/faq
		return catalog.WebhookFeatures{Signed: true, Redelivery: 24 * time.Hour, Timeout: 10 * time.Second}
	case SchemeStandard: // https://www.standardwebhooks.com
		return catalog.WebhookFeatures{Signed: true, TimeSigned: true, Bodies: true, Timeout: 15 * time.Second}
	case SchemeCommerce: // https://developer.adobe.com/commerce/extensibility/webhooks
		return catalog.WebhookFeatures{Signed: true, Timeout: time.Second}
	case SchemeHeader:
		return catalog.WebhookFeatures{Bodies: true, Timeout: 5 * time.Second}
	}
	// Five tries, one, four, nine and sixteen seconds apart.
	// https://github.com/mage-os/mageos-async-events
	return catalog.WebhookFeatures{Signed: true, Bodies: true, Redelivery: 30 * time.Second, Timeout: 15 * time.Second}
}

// Verifier makes a verifier for the webhooks of one store, by the account's
// setting "webhooks" or Config.WebhookScheme. It needs the account: no delivery
// names the store it comes from, so that its address has to.
func (a *Adapter) Verifier(config catalog.VerifierConfig) (catalog.WebhookVerifier, error) {
	wrong := func(field, reason string) (catalog.WebhookVerifier, error) {
		return nil, &catalog.ConfigError{Platform: Platform, Field: field, Reason: reason}
	}
	if config.Account == nil {
		return wrong("Account", "is nil: deliveries name no store, so each store's webhooks need an address of their own")
	}
	at, err := parseAddress("make verifier", config.Account.Store)
	if err != nil {
		return nil, err
	}
	v := &verifier{scheme: cmp.Or(Scheme(config.Account.Settings["webhooks"]), a.config.WebhookScheme), store: at.String(),
		header: a.config.WebhookHeader, clientID: a.config.ClientID, provider: config.Account.Settings["event_provider"], ring: a.keys, http: a.http}
	v.secrets = slices.Clone(config.Secrets)
	if v.secrets == nil {
		v.secrets = slices.Clone(a.config.WebhookSecrets)
	}
	switch {
	case !v.scheme.known():
		return wrong("Account", `has an unknown setting "webhooks"; there are: `+schemeNames())
	case slices.ContainsFunc(v.secrets, catalog.Secret.IsZero):
		return wrong("Secrets", "holds an empty secret, which anybody could sign with")
	case v.scheme == SchemeIOEvents && v.clientID == "":
		return wrong("ClientID", "is empty: Adobe signs the events of all its customers with the same keys, and only the client id tells whose they are")
	case v.scheme != SchemeIOEvents && len(v.secrets) == 0:
		return wrong("WebhookSecrets", "is empty: without a secret no webhook can be verified, and none is accepted")
	}
	for i, s := range v.secrets {
		switch v.scheme {
		case SchemeCommerce:
			key, err := publicKey([]byte(s.Reveal()))
			if err != nil {
				return wrong("WebhookSecrets", "holds what is no PEM public key of RSA with 2048 bits or more")
			}
			v.keys = append(v.keys, key)
		case SchemeStandard:
			if v.secrets[i], err = standardwebhooks.Key(s); err != nil {
				return wrong("WebhookSecrets", `holds what is not base64, with or without "whsec_" before it`)
			}
		}
	}
	return v, nil
}

type verifier struct {
	scheme   Scheme
	store    string
	secrets  []catalog.Secret
	keys     []*rsa.PublicKey // of SchemeCommerce, in the secrets' order
	header   string
	clientID string
	provider string // the only one accepted, of SchemeIOEvents; "" = any
	ring     *keyring
	http     *transport.Client
}

func refuse(code, message, hint string) error {
	return &catalog.Error{Platform: Platform, Op: "verify webhook", Kind: catalog.ErrUnauthorized, Code: code, Message: message, Hint: hint}
}

func unreadable(message string) error {
	return &catalog.Error{Platform: Platform, Op: "read webhook", Kind: catalog.ErrBadAnswer, Message: "the delivery is authentic, but " + message}
}

// Verify checks the delivery over its raw bytes before anything is parsed. Only
// SchemeStandard signs a time, so the host must refuse what it has seen, by the
// event's Key. A challenge by which Adobe tries a new address has no
// events; its reply is what Adobe waits for.
func (v *verifier) Verify(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
	if err := ctx.Err(); err != nil {
		return catalog.Verdict{}, err
	}
	if v.scheme == SchemeIOEvents {
		return v.ioEvents(ctx, d)
	}
	check, read := v.asyncSignature, v.asyncEvent
	switch v.scheme {
	case SchemeCommerce:
		check, read = v.commerceSignature, v.commerceEvent
	case SchemeHeader:
		check = v.sharedHeader
	case SchemeStandard:
		check, read = v.standardSignature, v.standardEvent
	}
	index, err := check(d)
	if err != nil {
		return catalog.Verdict{}, err
	}
	verdict, err := read(d)
	verdict.SecretIndex = index
	return verdict, err
}

// first finds the secret that fits. All are tried, so that the time taken
// tells nothing of which.
func (v *verifier) first(code, message, hint string, fits func(i int) bool) (int, error) {
	found := -1
	for i := range v.secrets {
		if fits(i) && found < 0 {
			found = i
		}
	}
	if found < 0 {
		return 0, refuse(code, message, hint)
	}
	return found, nil
}

// topicForm is the name of an event, as far as it can be stored anywhere.
var topicForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$`)

// addressed is the event that the address of a delivery names.
func addressed(u *url.URL) string {
	if u == nil {
		return ""
	}
	if name := u.Query().Get("event"); name != "" {
		return name
	}
	parts := strings.Split(strings.TrimRight(u.Path, "/"), "/")
	if last := parts[len(parts)-1]; strings.Contains(last, ".") {
		return last
	}
	return ""
}

// event begins the event of a delivery. Its key is that of its bytes, which a
// redelivery repeats, unless the sender has a better one.
func (v *verifier) event(d catalog.Delivery, topic string, payload []byte) catalog.Event {
	sum := sha256.Sum256(payload)
	return catalog.Event{
		Key: catalog.EventKey(Platform, v.store, topic, hex.EncodeToString(sum[:])), Platform: Platform, Store: v.store,
		Topic: topic, Kind: catalog.EventOther, ReceivedAt: d.ReceivedAt, Partial: true,
		Payload: payload, PayloadKind: payloadKind(v.scheme, topic),
	}
}

// header returns the value of a header that must be there.
func header(h http.Header, name string) (string, error) {
	text := strings.TrimSpace(h.Get(name))
	if text == "" {
		return "", refuse("missing_header", "there is no "+name+" header", "another scheme may be in use, see Config.WebhookScheme; a proxy must pass the header on")
	}
	return text, nil
}
