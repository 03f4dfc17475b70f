package catalog

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Delivery is an incoming webhook request, as received.
type Delivery struct {
	Method string
	// URL is the request's path and query; some platforms name the event or
	// pass a challenge there.
	URL    *url.URL
	Header http.Header
	// Body is the raw body, byte for byte: signatures cover these bytes.
	Body []byte
	// ReceivedAt is when it came; schemes that sign a time check against it.
	ReceivedAt time.Time
}

// WebhookVerifier proves that a delivery comes from the platform. It is safe
// for concurrent use.
type WebhookVerifier interface {
	// Verify checks the signature over the raw bytes, in constant time,
	// before anything is parsed. A delivery that does not prove its origin is
	// an ErrUnauthorized error whose Code and Message tell the operator what
	// is wrong; the sender must not see them. An authentic delivery that
	// cannot be read is ErrBadAnswer; a failure to fetch a key is
	// ErrUnavailable, so that the platform sends again.
	Verify(ctx context.Context, delivery Delivery) (Verdict, error)
}

// Verdict is what an authentic delivery holds.
type Verdict struct {
	// Events are none for a ping or a challenge, mostly one, up to many for
	// platforms that send batches.
	Events []Event
	// Grants are credentials that arrived by webhook, possibly for a store no
	// account exists for yet. They are not repeated in the events' payloads.
	Grants []Grant
	// Reply is what the platform counts as success. Send it only once the
	// events are safe.
	Reply Reply
	// SecretIndex is which of the configured secrets signed it, 0 the newest;
	// higher means a rotation is not finished.
	SecretIndex int
}

// Reply is an HTTP answer. The zero value is 200 with an empty body.
type Reply struct {
	Status int // 0 = 200
	Header http.Header
	Body   []byte
}

// Grant is a credential a platform sent by itself.
type Grant struct {
	// Store is the platform's name for the store.
	Store string
	// Credential is what was granted.
	Credential Credential
}

// EventKind is the normalised meaning of a webhook topic.
type EventKind string

// The normalised kinds of events.
const (
	EventProductCreated   EventKind = "product.created"
	EventProductUpdated   EventKind = "product.updated"
	EventProductDeleted   EventKind = "product.deleted"
	EventInventoryChanged EventKind = "inventory.changed"
	EventOrderCreated     EventKind = "order.created"
	EventOrderUpdated     EventKind = "order.updated"
	EventOrderPaid        EventKind = "order.paid"
	EventOrderCancelled   EventKind = "order.cancelled"
	EventOrderDeleted     EventKind = "order.deleted"
	EventOrderFulfilled   EventKind = "order.fulfilled"
	EventOrderRefunded    EventKind = "order.refunded"
	EventCustomerCreated  EventKind = "customer.created"
	EventCustomerUpdated  EventKind = "customer.updated"
	EventCustomerDeleted  EventKind = "customer.deleted"
	EventAppAuthorized    EventKind = "app.authorized"
	EventAppUninstalled   EventKind = "app.uninstalled"
	EventShopUpdated      EventKind = "shop.updated"
	// The privacy requests a host must acknowledge and act on.
	EventPrivacyDataRequest    EventKind = "privacy.data_request"
	EventPrivacyCustomerRedact EventKind = "privacy.customer_redact"
	EventPrivacyShopRedact     EventKind = "privacy.shop_redact"
	// EventOther is any topic souk has no kind for; Topic names it.
	EventOther EventKind = "other"
)

// Event is one thing a platform reported. It is plain data, holds no engine
// and no secret, and can be stored and replayed.
type Event struct {
	// Key identifies the event for deduplication: equal for every redelivery
	// of it and different for every other event of any store.
	Key string `json:"key"`
	// Platform and Store say whose event it is; Account is the host's account
	// id, "" until the receiver has found it.
	Platform string `json:"platform"`
	Store    string `json:"store"`
	Account  string `json:"account,omitempty"`
	// Topic is the platform's word, Kind souk's.
	Topic string    `json:"topic"`
	Kind  EventKind `json:"kind"`
	// Resource and ResourceID name what changed; ResourceID may be "".
	Resource   Resource `json:"resource,omitempty"`
	ResourceID string   `json:"resource_id,omitempty"`
	// OccurredAt is the platform's time of the change, zero when not told;
	// with it a late event is recognised.
	OccurredAt time.Time `json:"occurred_at,omitzero"`
	// UpdatedAt is the record's own time of change as the payload has it, the
	// UpdatedAt of the same record read from the platform; zero when not told.
	// With it an event and a later read of the same state are told to be one.
	UpdatedAt  time.Time `json:"updated_at,omitzero"`
	ReceivedAt time.Time `json:"received_at,omitzero"`
	// Partial says that Payload is not the whole record: fetch it.
	Partial bool `json:"partial,omitempty"`
	// Correlation groups events of one action of the merchant.
	Correlation string `json:"correlation,omitempty"`
	// Payload is the event's part of the body, PayloadKind names its shape.
	Payload     json.RawMessage `json:"payload,omitempty"`
	PayloadKind RawKind         `json:"payload_kind,omitempty"`
}

// OlderThan reports whether the event is known to tell of an older state of
// its record than the other event of the same record: one that came late, or
// out of order. The records' own times are compared where both events have
// them, else the times of the events; without either the answer is false, for
// what cannot be told must be handled.
func (e Event) OlderThan(other Event) bool {
	if !e.UpdatedAt.IsZero() && !other.UpdatedAt.IsZero() {
		return e.UpdatedAt.Before(other.UpdatedAt)
	}
	return !e.OccurredAt.IsZero() && !other.OccurredAt.IsZero() && e.OccurredAt.Before(other.OccurredAt)
}

// EventDecoder is implemented by an engine that can read the records in its
// platform's events, so that nothing has to be fetched.
type EventDecoder interface {
	// DecodeEvent reads the record in the event's payload into what record
	// points to: a Product, Order or Customer. It does not use the network. A
	// payload that is not the whole record, or of a shape it does not know, is
	// ErrUnsupported.
	DecodeEvent(event Event, record any) error
}

// EventKey builds a Key from parts such that different parts never give the
// same key. The key is valid UTF-8 without control characters, whatever bytes
// the parts hold.
func EventKey(parts ...string) string {
	var key []byte
	for i, part := range parts {
		if i > 0 {
			key = append(key, ',')
		}
		key = strconv.AppendQuote(key, part)
	}
	return string(key)
}
