package sallatest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Strategies of authenticating a webhook.
const (
	StrategySignature = "signature" // X-Salla-Signature: hex HMAC-SHA256 of the raw body
	StrategyToken     = "token"     // Authorization: the secret itself
)

// redeliveries is how often a delivery is tried again.
const redeliveries = 3

// Delivery is a webhook ready to be sent: build it once and send it as often as
// needed, the bytes stay the same.
type Delivery struct {
	Event    string
	Merchant int64
	Header   http.Header
	Body     []byte
}

// Forgery is a way a delivery can be false.
type Forgery int

const (
	// WrongSecret authenticates with another secret.
	WrongSecret Forgery = iota
	// AlteredByte changes the body after it was signed; still valid JSON.
	AlteredByte
	// MissingHeader leaves the signature or token out.
	MissingHeader
)

// layoutEvent is form C, which store events are stamped with.
const layoutEvent = "Mon Jan 2 2006 15:04:05 GMT-0700"

// Delivery builds the webhook of an event. The record is a Product, Order or
// Customer (or a pointer to one), whose fields take the shape the event has, or
// json.RawMessage for data as it is, or nil for an empty object.
func (s *Store) Delivery(event string, record any) (Delivery, error) {
	w := &writer{php: true}
	app := strings.HasPrefix(event, "app.")
	w.obj("")
	w.str("event", event)
	w.id("merchant", s.cfg.MerchantID)
	if app {
		w.str("created_at", s.now().In(riyadh).Format(layoutPlain))
	} else {
		w.str("created_at", s.now().In(riyadh).Format(layoutEvent))
	}
	if err := w.eventData(s, event, record); err != nil {
		return Delivery{}, err
	}
	w.end()
	d := Delivery{Event: event, Merchant: s.cfg.MerchantID, Body: w.b}
	d.sign(s.server.cfg.WebhookStrategy, s.server.cfg.WebhookSecret)
	return d, nil
}

// AuthorizeDelivery builds app.store.authorize with a fresh pair of tokens,
// which it returns too. The expiry is absolute there.
func (s *Store) AuthorizeDelivery() (Delivery, Tokens) {
	t := s.IssueTokens()
	var w writer
	w.obj("")
	w.str("access_token", t.AccessToken)
	w.id("expires", t.Expires.Unix())
	w.str("refresh_token", t.RefreshToken)
	w.str("scope", strings.Join(t.Scopes, " "))
	w.str("token_type", "bearer")
	w.end()
	d, _ := s.Delivery("app.store.authorize", json.RawMessage(w.b)) // raw data never fails
	return d, t
}

// UninstallDelivery takes the app out of the store, as Revoke does, and builds
// app.uninstalled.
func (s *Store) UninstallDelivery() Delivery {
	s.Revoke()
	d, _ := s.Delivery("app.uninstalled", nil) // an empty object never fails
	return d
}

// Sign returns the lower-case hex HMAC-SHA256 of a body.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

func (d *Delivery) sign(strategy, secret string) {
	d.Header = http.Header{"Content-Type": {"application/json"}, "User-Agent": {"Salla-Webhook"}}
	switch strategy {
	case StrategySignature:
		d.Header.Set("X-Salla-Security-Strategy", "Signature")
		d.Header.Set("X-Salla-Signature", Sign(secret, d.Body))
	case StrategyToken:
		d.Header.Set("X-Salla-Security-Strategy", "Token")
		d.Header.Set("Authorization", secret)
	}
}

// SignedWith returns the delivery authenticated by another strategy or secret;
// the strategy "" sends neither header.
func (d Delivery) SignedWith(strategy, secret string) Delivery {
	d.sign(strategy, secret)
	return d
}

// Forged returns a copy that a receiver must refuse. AlteredByte means nothing
// to the token strategy, which does not look at the body.
func (d Delivery) Forged(how Forgery) Delivery {
	d.Header, d.Body = d.Header.Clone(), bytes.Clone(d.Body)
	switch how {
	case WrongSecret:
		if d.Header.Get("Authorization") != "" {
			d.Header.Set("Authorization", "not-the-secret")
		} else {
			d.Header.Set("X-Salla-Signature", Sign("not-the-secret", d.Body))
		}
	case AlteredByte:
		at := bytes.Index(d.Body, []byte(`"merchant":`)) + len(`"merchant":`)
		if d.Body[at] = '9'; d.Merchant/1_000_000_000 == 9 {
			d.Body[at] = '8'
		}
	case MissingHeader:
		d.Header.Del("X-Salla-Signature")
		d.Header.Del("Authorization")
	}
	return d
}

// Request builds a POST of the delivery.
func (d Delivery) Request(ctx context.Context, url string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(d.Body))
	if err != nil {
		return nil, fmt.Errorf("sallatest: delivery of %s: %w", d.Event, err)
	}
	r.Header = d.Header.Clone()
	return r, nil
}

// Attempt is one try of a delivery.
type Attempt struct {
	Status int   // 0 when no answer came
	Err    error // what went wrong when none came
}

// Deliver posts the delivery until it is answered 200 or 201: once and then
// three times more, Config.RedeliveryGap apart, with the same bytes. The error
// says that no try succeeded or that the context ended.
func (s *Server) Deliver(ctx context.Context, url string, d Delivery) ([]Attempt, error) {
	client := &http.Client{Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	var tries []Attempt
	for n := 0; ; n++ {
		r, err := d.Request(ctx, url)
		if err != nil {
			return tries, err
		}
		var a Attempt
		res, err := client.Do(r)
		if err != nil {
			a.Err = err
		} else {
			_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20)) // only for keep-alive
			_ = res.Body.Close()
			a.Status = res.StatusCode
		}
		tries = append(tries, a)
		switch {
		case a.Status == http.StatusOK || a.Status == http.StatusCreated:
			return tries, nil
		case n == redeliveries:
			return tries, fmt.Errorf("sallatest: delivery of %s: no success in %d tries, last status %d", d.Event, len(tries), a.Status)
		}
		timer := time.NewTimer(s.cfg.RedeliveryGap)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return tries, ctx.Err()
		}
	}
}

// DeliverSubscribed sends the event to every webhook registered for it, with
// that webhook's headers and strategy. Rules are not evaluated.
func (s *Store) DeliverSubscribed(ctx context.Context, event string, record any) error {
	for _, h := range s.webhooks() {
		if h.Event != event {
			continue
		}
		d, err := s.Delivery(event, record)
		if err != nil {
			return err
		}
		d.sign(h.Strategy, h.Secret)
		for name, value := range h.Headers {
			if d.Header.Get(name) == "" {
				d.Header.Set(name, value)
			}
		}
		if _, err := s.server.Deliver(ctx, h.URL, d); err != nil {
			return err
		}
	}
	return nil
}
