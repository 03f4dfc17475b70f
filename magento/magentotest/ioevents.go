package magentotest

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// ClientIDForm says how an I/O event spells the field of the recipient's id.
type ClientIDForm int

const (
	ClientIDBoth ClientIDForm = iota // recipientclientid and recipient_client_id
	ClientIDNew                      // recipientclientid
	ClientIDOld                      // recipient_client_id
)

// Event is one event of Adobe I/O. Change it before it goes into
// [Server.IODelivery].
type Event struct {
	ID       string // of the event; deliveries repeat it
	Code     string // "observer.catalog_product_save_commit_after"
	App      string // a segment of the type of shops with several apps; ""
	Time     time.Time
	Value    json.RawMessage // the subscribed fields
	ClientID string          // the recipient's
	Form     ClientIDForm
	// Envelope is the older shape without CloudEvents fields.
	Envelope bool
}

// Provider is the id of the shop's event provider.
const Provider = "fb58963f-0000-4ab4-83da-b6ff15b8ebc0"

// IOEvent makes an event of a record with a few of its fields, numbers as
// texts. isNew says whether the record was just created. The record is a
// Product, Order or Customer, a pointer to one, or json.RawMessage for the value
// as it is.
func (s *Server) IOEvent(code string, record any, isNew bool) (Event, error) {
	w := &writer{plain: true}
	switch r := record.(type) {
	case *Product:
		w.obj("")
		w.str("entity_id", itoa(r.ID))
		w.str("sku", r.SKU)
		w.str("name", r.Name)
		w.time("created_at", r.CreatedAt)
		w.time("updated_at", r.UpdatedAt)
		w.obj("stock_data")
		w.str("qty", "65")
		w.end()
		w.str("price", fixed(r.Price, 6))
	case Product:
		return s.IOEvent(code, &r, isNew)
	case *Order:
		w.obj("")
		w.str("entity_id", itoa(r.ID))
		w.str("increment_id", r.IncrementID)
		w.str("state", r.State)
		w.str("status", r.Status)
		w.str("store_id", itoa(r.StoreID))
		w.str("customer_email", r.CustomerEmail)
		w.str("grand_total", fixed(r.Totals.Grand, 4))
		w.time("created_at", r.CreatedAt)
		w.time("updated_at", r.UpdatedAt)
	case Order:
		return s.IOEvent(code, &r, isNew)
	case *Customer:
		w.obj("")
		w.str("entity_id", itoa(r.ID))
		w.str("email", r.Email)
		w.str("website_id", itoa(r.WebsiteID))
		w.time("created_at", r.CreatedAt)
		w.time("updated_at", r.UpdatedAt)
	case Customer:
		return s.IOEvent(code, &r, isNew)
	case json.RawMessage:
		return Event{ID: uuid(), Code: code, Time: s.now(), Value: r, ClientID: s.cfg.ClientID}, nil
	default:
		return Event{}, fmt.Errorf("magentotest: an event of %T", record)
	}
	w.flag("_isNew", isNew)
	w.end()
	return Event{ID: uuid(), Code: code, Time: s.now(), Value: w.b, ClientID: s.cfg.ClientID}, nil
}

// IODelivery signs one event, or a batch: an array. It panics without any.
func (s *Server) IODelivery(events ...Event) Delivery {
	if len(events) == 0 {
		panic("magentotest: a delivery of no events")
	}
	w := &writer{plain: true}
	if len(events) > 1 {
		w.arr("")
	}
	for i := range events {
		events[i].write(w, s)
	}
	if len(events) > 1 {
		w.endArr()
	}
	e := events[0]
	d := newDelivery(KindIO, e.Code, w.b)
	d.Header.Set("User-Agent", "Adobe/1.0")
	d.Header.Set(HeaderEventID, e.ID)
	d.Header.Set(HeaderEventCode, e.typ())
	d.Header.Set(HeaderProvider, Provider)
	return s.SignIO(d)
}

func (e *Event) typ() string {
	if e.App != "" {
		return "com.adobe.commerce." + e.App + "." + e.Code
	}
	return "com.adobe.commerce." + e.Code
}

func (e *Event) write(w *writer, s *Server) {
	w.obj("")
	client := func() {
		if e.Form != ClientIDNew {
			w.str("recipient_client_id", e.ClientID)
		}
		if e.Form != ClientIDOld {
			w.str("recipientclientid", e.ClientID)
		}
	}
	if e.Envelope {
		w.str("event_id", e.ID)
		w.obj("event")
		e.data(w, s)
		w.end()
		client()
		w.end()
		return
	}
	w.str("specversion", "1.0")
	w.str("id", uuid())
	w.str("source", "urn:uuid:"+Provider)
	w.str("type", e.typ())
	w.str("datacontenttype", "application/json")
	w.str("time", e.Time.UTC().Format("2006-01-02T15:04:05.000Z"))
	w.str("eventid", e.ID)
	w.str("event_id", e.ID)
	client()
	e.data(w, s)
	w.end()
}

func (e *Event) data(w *writer, s *Server) {
	w.obj("data")
	w.str("key", uuid())
	w.raw("value", string(e.Value))
	w.str("source", "acme.Stage")
	w.obj("_metadata")
	w.str("commerceEdition", "Adobe Commerce")
	w.str("commerceVersion", s.cfg.Version)
	w.str("eventsClientVersion", "1.12.1")
	w.str("storeId", "0")
	w.str("websiteId", "0")
	w.str("storeGroupId", "0")
	w.end()
	w.end()
}

// keyPair is made at first use: it takes a moment.
type keyPair struct {
	once sync.Once
	key  *rsa.PrivateKey
}

func (k *keyPair) get() *rsa.PrivateKey {
	k.once.Do(func() {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(fmt.Sprintf("magentotest: no key: %v", err))
		}
		k.key = key
	})
	return k.key
}

// sign is RSA PKCS #1 v1.5 with SHA-256, in base64.
func (k *keyPair) sign(message []byte) string {
	sum := sha256.Sum256(message)
	sig, err := rsa.SignPKCS1v15(nil, k.get(), crypto.SHA256, sum[:])
	if err != nil {
		panic(fmt.Sprintf("magentotest: signing: %v", err))
	}
	return base64.StdEncoding.EncodeToString(sig)
}

func (k *keyPair) publicPEM() []byte {
	der, err := x509.MarshalPKIXPublicKey(&k.get().PublicKey)
	if err != nil {
		panic(fmt.Sprintf("magentotest: public key: %v", err))
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// eventKeys are the two keys of I/O Events, which Adobe turns over one after
// the other, and the one of Commerce Webhooks.
type eventKeys struct {
	first, second, commerce keyPair
}

const (
	keyPath1 = "/prod/keys/pub-key-magentotest-1.pem"
	keyPath2 = "/prod/keys/pub-key-magentotest-2.pem"
)

// SignIO signs a delivery of I/O Events anew: over its body as it is, with both
// keys of the server, which [KeyHost] serves.
func (s *Server) SignIO(d Delivery) Delivery {
	mac := hmac.New(sha256.New, []byte(s.cfg.ClientSecret))
	mac.Write(d.Body)
	return d.With(HeaderSignature1, s.keys.first.sign(d.Body)).With(HeaderSignature2, s.keys.second.sign(d.Body)).
		With(HeaderKeyPath1, keyPath1).With(HeaderKeyPath2, keyPath2).
		With("X-Adobe-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// serveKey answers for KeyHost.
func (c *call) serveKey() {
	c.header.Set("Content-Type", "application/x-pem-file")
	c.status = http.StatusOK
	switch c.path {
	case keyPath1:
		c.out.b = append(c.out.b, c.server.keys.first.publicPEM()...)
	case keyPath2:
		c.out.b = append(c.out.b, c.server.keys.second.publicPEM()...)
	default:
		c.violation("no such key")
		c.html(http.StatusNotFound)
	}
}

// ErrChallenge is wrapped by the error of a challenge that was answered wrong.
var ErrChallenge = errors.New("magentotest: challenge failed")

// Challenge registers a webhook URL as Adobe I/O does: a GET with a challenge,
// which has to come back as plain text or as {"challenge": "..."} with 200.
func (s *Server) Challenge(ctx context.Context, webhook string) error {
	u, err := url.Parse(webhook)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrChallenge, err)
	}
	want := uuid()
	q := u.Query()
	q.Set("challenge", want)
	u.RawQuery = q.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrChallenge, err)
	}
	client := &http.Client{Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	res, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrChallenge, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrChallenge, err)
	}
	kind := res.Header.Get("Content-Type")
	got := string(body)
	if strings.HasPrefix(kind, "application/json") {
		var v struct{ Challenge string }
		_ = json.Unmarshal(body, &v) // what cannot be read is no challenge
		got = v.Challenge
	} else if !strings.HasPrefix(kind, "text/plain") {
		return fmt.Errorf("%w: Content-Type %q", ErrChallenge, kind)
	}
	if res.StatusCode != http.StatusOK || got != want {
		return fmt.Errorf("%w: status %d, %d bytes", ErrChallenge, res.StatusCode, len(body))
	}
	return nil
}

// CommerceDelivery builds a call of Adobe Commerce Webhooks. The receiver has
// to answer 200 with an operation such as {"op":"success"}.
func (s *Server) CommerceDelivery(event string, data json.RawMessage) Delivery {
	w := &writer{plain: true}
	w.obj("")
	w.str("eventName", event)
	w.raw("data", string(data))
	w.end()
	d := newDelivery(KindCommerce, event, w.b)
	d.Header.Set(HeaderRequestID, uuid())
	return d.With(HeaderCommerce, s.keys.commerce.sign([]byte(base64.StdEncoding.EncodeToString(w.b))))
}

// WebhookPublicKey returns the PEM key that verifies Commerce Webhooks, as an
// administrator copies it from the shop's configuration.
func (s *Server) WebhookPublicKey() []byte { return s.keys.commerce.publicPEM() }

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
