package shopifytest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// The headers of a webhook.
const (
	HeaderTopic       = "X-Shopify-Topic"
	HeaderHMAC        = "X-Shopify-Hmac-Sha256"
	HeaderShop        = "X-Shopify-Shop-Domain"
	HeaderVersion     = "X-Shopify-Api-Version"
	HeaderWebhookID   = "X-Shopify-Webhook-Id"
	HeaderEventID     = "X-Shopify-Event-Id"
	HeaderTriggeredAt = "X-Shopify-Triggered-At"
)

// Delivery is one webhook as it goes over the wire. Methods return a changed
// copy, so a delivery can be sent as often as needed.
type Delivery struct {
	Header http.Header
	Body   []byte // exactly the bytes that are signed
}

// Webhook signs a body for a topic such as orders/create with the app's
// secret. Every call is a delivery of its own, with its own webhook and event
// id; sending one Delivery again is a redelivery.
func (s *Server) Webhook(topic string, body []byte) Delivery {
	d := Delivery{Header: http.Header{}, Body: slices.Clone(body)}
	d.Header.Set("Content-Type", "application/json")
	d.Header.Set("User-Agent", "Shopify-Captain-Hook")
	d.Header.Set(HeaderTopic, topic)
	d.Header.Set(HeaderShop, s.shop)
	d.Header.Set(HeaderVersion, s.versions[len(s.versions)-1])
	d.Header.Set(HeaderWebhookID, requestID())
	d.Header.Set(HeaderEventID, requestID())
	d.Header.Set(HeaderTriggeredAt, s.now().Format(time.RFC3339Nano))
	return d.Signed(s.cfg.ClientSecret)
}

// Signed signs the body with another secret, to forge a delivery or to
// rotate secrets.
func (d Delivery) Signed(secret string) Delivery {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(d.Body)
	return d.With(HeaderHMAC, base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// With sets a header without signing again.
func (d Delivery) With(name, value string) Delivery {
	if d.Header = d.Header.Clone(); d.Header == nil {
		d.Header = http.Header{}
	}
	d.Header.Set(name, value)
	return d
}

// Without removes a header.
func (d Delivery) Without(name string) Delivery {
	d.Header = d.Header.Clone()
	d.Header.Del(name)
	return d
}

// Altered changes one byte of the body and leaves the signature, so that the
// signature is wrong.
func (d Delivery) Altered() Delivery {
	d.Body = slices.Clone(d.Body)
	if len(d.Body) == 0 {
		d.Body = []byte(" ")
		return d
	}
	d.Body[len(d.Body)/2] ^= 1
	return d
}

// Request builds the POST of a delivery.
func (d Delivery) Request(ctx context.Context, url string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(d.Body))
	if err != nil {
		return nil, err
	}
	r.Header = d.Header.Clone()
	return r, nil
}

// Attempt is one try to deliver a webhook.
type Attempt struct {
	Status int   // 0 when there was no answer
	Err    error // nil when there was one
}

// ErrUndelivered says that every attempt failed.
var ErrUndelivered = errors.New("shopifytest: webhook not delivered")

// maxAttempts is the first try and eight retries.
const maxAttempts = 9

// Deliver signs a body and posts it the way the platform does, see Send.
func (s *Server) Deliver(ctx context.Context, url, topic string, body []byte) ([]Attempt, error) {
	return s.Send(ctx, url, s.Webhook(topic, body))
}

// Send posts a delivery until it is answered with 2xx: nine attempts with
// the same bytes and ids, five seconds each, the gaps doubling from
// Config.WebhookGap. A redirect counts as a failure. It returns what became
// of each attempt, and an error that wraps ErrUndelivered when all failed or
// that of the context when it ended.
func (s *Server) Send(ctx context.Context, url string, d Delivery) ([]Attempt, error) {
	client := &http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	gap := s.cfg.WebhookGap
	var tries []Attempt
	for range maxAttempts {
		if len(tries) > 0 {
			select {
			case <-ctx.Done():
				return tries, ctx.Err()
			case <-time.After(gap):
				gap *= 2
			}
		}
		a := try(ctx, client, url, d)
		tries = append(tries, a)
		if a.Status >= 200 && a.Status < 300 {
			return tries, nil
		}
		if ctx.Err() != nil {
			return tries, ctx.Err()
		}
	}
	return tries, fmt.Errorf("%w: %d attempts", ErrUndelivered, len(tries))
}

func try(ctx context.Context, client *http.Client, url string, d Delivery) Attempt {
	r, err := d.Request(ctx, url)
	if err != nil {
		return Attempt{Err: err}
	}
	res, err := client.Do(r)
	if err != nil {
		return Attempt{Err: err}
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	return Attempt{Status: res.StatusCode}
}
