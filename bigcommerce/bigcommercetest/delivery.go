package bigcommercetest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a webhook, as Standard Webhooks names them.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp"
	HeaderSignature = "Webhook-Signature"
)

// Delivery is a webhook as it goes over the wire. Methods return a changed
// copy, so a delivery can be sent as often as needed.
type Delivery struct {
	Scope  string
	Hash   string
	Header http.Header
	Body   []byte // exactly the bytes that are signed

	secret string
}

// Delivery builds the webhook of an event, signed with the app's secret at the
// clock's time. The record is a Product, an Order or a Customer (or a pointer to
// one), json.RawMessage for data as it is, or nil for an event of the store.
// Every call is an event of its own; sending one Delivery again is a redelivery.
func (s *Store) Delivery(scope string, record any) (Delivery, error) {
	data, err := eventData(scope, record)
	if err != nil {
		return Delivery{}, err
	}
	s.mu.Lock()
	e := s.newEvent(scope, data)
	s.mu.Unlock()
	return s.deliveryOf(e, s.server.cfg.ClientSecret, nil), nil
}

// eventData has the ids of a record. Scopes of a channel have no type.
func eventData(scope string, record any) (string, error) {
	var kind string
	var id int64
	switch v := record.(type) {
	case nil:
		return `{"type":"store"}`, nil
	case json.RawMessage:
		return string(v), nil
	case *Product:
		kind, id = "product", v.ID
	case Product:
		kind, id = "product", v.ID
	case *Order:
		kind, id = "order", v.ID
	case Order:
		kind, id = "order", v.ID
	case *Customer:
		kind, id = "customer", v.ID
	case Customer:
		kind, id = "customer", v.ID
	default:
		return "", fmt.Errorf("bigcommercetest: a webhook of a %T cannot be built; give its data as json.RawMessage", record)
	}
	if strings.HasPrefix(scope, "store/channel/") {
		return fmt.Sprintf(`{"%s_id":%d}`, kind, id), nil
	}
	return fmt.Sprintf(`{"type":%q,"id":%d}`, kind, id), nil
}

// deliveryOf signs an event with the secret of the hook's account.
func (s *Store) deliveryOf(e Event, secret string, headers map[string]string) Delivery {
	d := Delivery{Scope: e.Scope, Hash: e.Hash, Body: s.body(e), Header: http.Header{}}
	d.Header.Set("Content-Type", "application/json")
	d.Header.Set("User-Agent", "pekko-http/1.3.0")
	for name, value := range headers {
		d.Header.Set(name, value)
	}
	d.Header.Set(HeaderID, e.Hash)
	return d.Signed(secret, s.now())
}

// Sign returns the signature of a webhook without its version: the base64
// HMAC-SHA256 of id, timestamp and body, keyed with the raw bytes of the secret.
func Sign(secret, id, timestamp string, body []byte) string {
	return base64.StdEncoding.EncodeToString(mac(secret, id, timestamp, body))
}

func mac(secret, id, timestamp string, body []byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(id + "." + timestamp + "."))
	h.Write(body)
	return h.Sum(nil)
}

func (d Delivery) clone() Delivery {
	d.Header, d.Body = d.Header.Clone(), bytes.Clone(d.Body)
	return d
}

// Signed signs the delivery with a secret for a time.
func (d Delivery) Signed(secret string, at time.Time) Delivery {
	d = d.clone()
	d.secret = secret
	stamp := strconv.FormatInt(at.Unix(), 10)
	d.Header.Set(HeaderTimestamp, stamp)
	d.Header.Set(HeaderSignature, "v1,"+Sign(secret, d.Header.Get(HeaderID), stamp, d.Body))
	return d
}

// With sets a header without signing again.
func (d Delivery) With(name, value string) Delivery {
	d = d.clone()
	d.Header.Set(name, value)
	return d
}

// Without removes a header.
func (d Delivery) Without(name string) Delivery {
	d = d.clone()
	d.Header.Del(name)
	return d
}

// Forgery is a way a delivery can be false.
type Forgery int

const (
	WrongSecret      Forgery = iota // signed with another secret
	AlteredBody                     // one byte changed after signing, still JSON
	AlteredID                       // another webhook-id after signing
	AlteredTimestamp                // another webhook-timestamp after signing
	Reserialised                    // the same JSON with spaces
	MissingSignature                // no webhook-signature
	EmptySignature                  // "v1," without one
	WrongVersion                    // a right signature under v2
	Base64Key                       // keyed with the base64 text of the secret
	HexDigest                       // the right MAC in hex
	BodyOnly                        // the MAC of the body alone
	Stale                           // rightly signed, but an hour ago
	FromFuture                      // rightly signed for an hour from now
)

// Forgeries returns every Forgery.
func Forgeries() []Forgery {
	out := make([]Forgery, FromFuture+1)
	for i := range out {
		out[i] = Forgery(i)
	}
	return out
}

// String names the forgery.
func (f Forgery) String() string {
	return []string{"WrongSecret", "AlteredBody", "AlteredID", "AlteredTimestamp", "Reserialised", "MissingSignature",
		"EmptySignature", "WrongVersion", "Base64Key", "HexDigest", "BodyOnly", "Stale", "FromFuture"}[f]
}

// Forged returns a copy that a receiver must refuse.
func (d Delivery) Forged(how Forgery) Delivery {
	d = d.clone()
	id, stamp := d.Header.Get(HeaderID), d.Header.Get(HeaderTimestamp)
	seconds, _ := strconv.ParseInt(stamp, 10, 64)
	at := time.Unix(seconds, 0)
	sign := func(v string) { d.Header.Set(HeaderSignature, v) }
	switch how {
	case WrongSecret:
		secret := d.secret
		d = d.Signed("not-the-secret", at)
		d.secret = secret
	case AlteredBody:
		d.Body = bytes.Replace(d.Body, []byte(`"store_id":"`), []byte(`"store_id":"9`), 1)
	case AlteredID:
		d.Header.Set(HeaderID, strings.Repeat("e", 40))
	case AlteredTimestamp:
		d.Header.Set(HeaderTimestamp, strconv.FormatInt(seconds+1, 10))
	case Reserialised:
		d.Body = bytes.ReplaceAll(d.Body, []byte(`":`), []byte(`": `))
	case MissingSignature:
		d.Header.Del(HeaderSignature)
	case EmptySignature:
		sign("v1,")
	case WrongVersion:
		sign("v2," + Sign(d.secret, id, stamp, d.Body))
	case Base64Key:
		sign("v1," + Sign(base64.StdEncoding.EncodeToString([]byte(d.secret)), id, stamp, d.Body))
	case HexDigest:
		sign("v1," + hex.EncodeToString(mac(d.secret, id, stamp, d.Body)))
	case BodyOnly:
		h := hmac.New(sha256.New, []byte(d.secret))
		h.Write(d.Body)
		sign("v1," + base64.StdEncoding.EncodeToString(h.Sum(nil)))
	case Stale:
		d = d.Signed(d.secret, at.Add(-time.Hour))
	case FromFuture:
		d = d.Signed(d.secret, at.Add(time.Hour))
	}
	return d
}

// Rotated returns a copy signed with several secrets, any of which is enough,
// after a signature of a version nobody knows.
func (d Delivery) Rotated(secrets ...string) Delivery {
	d = d.clone()
	list := []string{"v1a,AAAA"}
	for _, secret := range secrets {
		list = append(list, "v1,"+Sign(secret, d.Header.Get(HeaderID), d.Header.Get(HeaderTimestamp), d.Body))
	}
	d.Header.Set(HeaderSignature, strings.Join(list, " "))
	return d
}

// Request builds the POST of a delivery.
func (d Delivery) Request(ctx context.Context, url string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(d.Body))
	if err != nil {
		return nil, fmt.Errorf("bigcommercetest: delivery of %s: %w", d.Scope, err)
	}
	r.Header = d.Header.Clone()
	return r, nil
}
