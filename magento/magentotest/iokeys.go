package magentotest

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"sync"
)

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
