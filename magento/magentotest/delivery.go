package magentotest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Kind is a way a shop tells about events.
type Kind int

const (
	// KindIO is Adobe I/O Events: one event or up to twenty, signed with RSA.
	KindIO Kind = iota
	// KindAsync is Mage-OS async-events: a record, no word of the event, an
	// HMAC in hex.
	KindAsync
	// KindStandard is any sender that follows Standard Webhooks.
	KindStandard
	// KindCommerce is Adobe Commerce Webhooks, which wait for an operation in
	// the answer, signed with RSA over the base64 of the body.
	KindCommerce
)

// The headers of the kinds.
const (
	HeaderEventID    = "X-Adobe-Event-Id"
	HeaderDeliveryID = "X-Adobe-Delivery-Id"
	HeaderEventCode  = "X-Adobe-Event-Code"
	HeaderProvider   = "X-Adobe-Provider"
	HeaderRetryCount = "X-Adobe-Retry-Count"
	HeaderSignature1 = "X-Adobe-Digital-Signature-1"
	HeaderSignature2 = "X-Adobe-Digital-Signature-2"
	HeaderKeyPath1   = "X-Adobe-Public-Key1-Path"
	HeaderKeyPath2   = "X-Adobe-Public-Key2-Path"
	HeaderAsync      = "X-Magento-Signature"
	HeaderWebhookID  = "Webhook-Id"
	HeaderWebhookTS  = "Webhook-Timestamp"
	HeaderWebhookSig = "Webhook-Signature"
	HeaderCommerce   = "X-Adobe-Commerce-Webhook-Signature"
	HeaderRequestID  = "X-Adobe-Commerce-Request-Id"
)

// Delivery is a webhook ready to be sent. Build it once and send it as often as
// needed, the bytes stay the same. Methods return a changed copy.
type Delivery struct {
	Kind   Kind
	Event  string
	Header http.Header
	Body   []byte // exactly the bytes that are signed
}

func newDelivery(kind Kind, event string, body []byte) Delivery {
	return Delivery{kind, event, http.Header{"Content-Type": {"application/json"}}, body}
}

// With sets a header without signing again.
func (d Delivery) With(name, value string) Delivery {
	d.Header = d.Header.Clone()
	d.Header.Set(name, value)
	return d
}

// Without removes a header.
func (d Delivery) Without(names ...string) Delivery {
	d.Header = d.Header.Clone()
	for _, name := range names {
		d.Header.Del(name)
	}
	return d
}

// Altered changes a character of the body and leaves the signature, so that
// the signature is wrong and the body still JSON.
func (d Delivery) Altered() Delivery {
	d.Body = bytes.Clone(d.Body)
	for i := len(d.Body) - 1; i > 0; i-- {
		if c := d.Body[i]; c >= '0' && c < '9' && d.Body[i-1] != '\\' {
			d.Body[i]++
			return d
		}
	}
	d.Body = append(d.Body, ' ')
	return d
}

// Unsigned removes every header that authenticates.
func (d Delivery) Unsigned() Delivery {
	return d.Without(HeaderSignature1, HeaderSignature2, HeaderAsync, HeaderWebhookSig, HeaderCommerce, "X-Adobe-Signature")
}

// Request builds the POST of a delivery.
func (d Delivery) Request(ctx context.Context, url string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(d.Body))
	if err != nil {
		return nil, fmt.Errorf("magentotest: delivery of %s: %w", d.Event, err)
	}
	r.Header = d.Header.Clone()
	return r, nil
}

// record writes a record as the API does: a Product, Order, Customer, Shipment
// with its Order, or raw JSON.
func (s *Server) record(w *writer, record any) error {
	c := &call{server: s, view: viewByCode("default")}
	switch r := record.(type) {
	case Product:
		c.product(w, &r, true)
	case *Product:
		c.product(w, r, true)
	case Order:
		w.order(&r)
	case *Order:
		w.order(r)
	case Customer:
		w.customer(&r)
	case *Customer:
		w.customer(r)
	case json.RawMessage:
		w.raw("", string(r))
	case nil:
		w.raw("", "[]")
	default:
		return fmt.Errorf("magentotest: a delivery of %T", record)
	}
	return nil
}

// AsyncDelivery builds the webhook of Mage-OS async-events: {"data": record},
// signed with VerificationToken. The event is in no byte of it; senders tell
// events by their URL. The record is a Product, Order or Customer, a pointer to
// one, or json.RawMessage.
func (s *Server) AsyncDelivery(event string, record any) (Delivery, error) {
	w := &writer{plain: true}
	w.obj("")
	w.key("data")
	s.mu.RLock()
	err := s.record(w, record)
	s.mu.RUnlock()
	if err != nil {
		return Delivery{}, err
	}
	w.end()
	return newDelivery(KindAsync, event, w.b).SignedWith(s.cfg.VerificationToken), nil
}

// StandardDelivery builds a webhook of a sender that follows Standard Webhooks:
// {"type": event, "timestamp": ..., "data": record}, signed with StandardSecret.
// Every call is an event of its own, with its own id.
func (s *Server) StandardDelivery(event string, record any) (Delivery, error) {
	w := &writer{plain: true}
	w.obj("")
	w.str("type", event)
	w.str("timestamp", s.now().Format("2006-01-02T15:04:05Z"))
	w.key("data")
	s.mu.RLock()
	err := s.record(w, record)
	s.mu.RUnlock()
	if err != nil {
		return Delivery{}, err
	}
	w.end()
	d := newDelivery(KindStandard, event, w.b)
	d.Header.Set(HeaderWebhookID, "msg_"+key32())
	d.Header.Set(HeaderWebhookTS, strconv.FormatInt(s.now().Unix(), 10))
	return d.SignedWith(s.cfg.StandardSecret), nil
}

// SignedWith signs a delivery of async-events or Standard Webhooks with another
// secret, for the id and the time it has. Of several secrets, separated by
// blanks, a standard delivery has a signature each. Other kinds come back as
// they are: their keys are the server's.
func (d Delivery) SignedWith(secret string) Delivery {
	switch d.Kind {
	case KindAsync:
		return d.With(HeaderAsync, SignAsync(secret, d.Body))
	case KindStandard:
		var all []string
		for one := range strings.FieldsSeq(secret) {
			all = append(all, SignStandard(one, d.Header.Get(HeaderWebhookID), d.Header.Get(HeaderWebhookTS), d.Body))
		}
		return d.With(HeaderWebhookSig, strings.Join(all, " "))
	}
	return d
}

// SignAsync returns the lower-case hex HMAC-SHA256 of a body.
func SignAsync(token string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// SignStandard returns "v1," and the base64 HMAC-SHA256 of id, timestamp and
// body. The secret is whsec_ and base64; one that is no base64 is taken as it is.
func SignStandard(secret, id, timestamp string, body []byte) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		key = []byte(secret)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// DeliverSubscribed sends an async event to every active subscription to it,
// with that subscription's token.
func (s *Server) DeliverSubscribed(ctx context.Context, event string, record any) error {
	var all []error
	for _, h := range s.Subscriptions() {
		if h.Event != event || !h.Active {
			continue
		}
		d, err := s.AsyncDelivery(event, record)
		if err != nil {
			return err
		}
		_, err = s.Deliver(ctx, h.URL, d.SignedWith(h.Token))
		all = append(all, err)
	}
	return errors.Join(all...)
}
