package woocommercetest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// Delivery is a webhook ready to be sent. Sending it again sends the same bytes,
// which the store itself never does.
type Delivery struct {
	Topic   string // "" for a ping
	Webhook int64
	Header  http.Header
	Body    []byte
}

// Forgery is a way a delivery can be false.
type Forgery int

const (
	WrongSecret   Forgery = iota // signed with another secret
	AlteredByte                  // a byte of the body changed after signing; still valid JSON
	MissingHeader                // no signature
)

// Sign returns the base64 HMAC-SHA256 of a body. The store decodes the entities
// of HTML's own characters in the secret first, and no others.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(decodeSpecial.Replace(numbered.ReplaceAllString(secret, "&#$1$2;"))))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// What wp_specialchars_decode knows, with zeros before a number left out.
var (
	numbered      = regexp.MustCompile(`&#([xX]?)0*([0-9]+);`)
	decodeSpecial = strings.NewReplacer("&amp;", "&", "&#38;", "&", "&#x26;", "&", "&lt;", "<", "&#60;", "<", "&gt;", ">", "&#62;", ">",
		"&quot;", `"`, "&#34;", `"`, "&#x22;", `"`, "&#39;", "'", "&#x27;", "'", "&#X26;", "&", "&#X22;", `"`, "&#X27;", "'")
)

// Ping builds the form a store posts when a webhook is made: no signature, no
// X-WC headers.
func (s *Server) Ping(webhook int64) Delivery {
	return Delivery{
		Webhook: webhook, Body: []byte("webhook_id=" + strconv.FormatInt(webhook, 10)),
		Header: http.Header{"User-Agent": {s.hookshot()}, "Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"*/*"}},
	}
}

func (s *Server) hookshot() string {
	return "WooCommerce/" + s.cfg.Version + " Hookshot (WordPress/" + s.cfg.WPVersion + ")"
}

// Delivery builds the delivery of a record as it is now to the webhook, signed
// with its secret. Of a deleted topic the body is the id alone; of a record that
// is gone, or that the webhook's user may not see, it is an error of the API,
// signed all the same. The error says that there is no such webhook.
func (s *Server) Delivery(webhook, record int64) (Delivery, error) {
	h := s.subscription(webhook)
	if h == nil {
		return Delivery{}, missing("webhook", webhook)
	}
	return s.DeliveryOf(*h, s.payload(h, record)), nil
}

// DeliveryOf builds the delivery of any body for a webhook that need not be in
// the store: ID, Topic and Secret count.
func (s *Server) DeliveryOf(h Subscription, body []byte) Delivery {
	resource, event, _ := strings.Cut(h.Topic, ".")
	salted := hmac.New(md5.New, []byte("wp-salt"))
	salted.Write([]byte(unixText(h.ID, s.now())))
	return Delivery{Topic: h.Topic, Webhook: h.ID, Body: body, Header: http.Header{
		"User-Agent": {s.hookshot()}, "Content-Type": {"application/json"}, "Accept": {"*/*"},
		"X-Wc-Webhook-Source": {s.cfg.HomeURL + "/"}, "X-Wc-Webhook-Topic": {h.Topic},
		"X-Wc-Webhook-Resource": {resource}, "X-Wc-Webhook-Event": {event},
		"X-Wc-Webhook-Signature": {Sign(h.Secret, body)},
		"X-Wc-Webhook-Id":        {strconv.FormatInt(h.ID, 10)},
		// The same for all deliveries of a webhook within a second.
		"X-Wc-Webhook-Delivery-Id": {hex.EncodeToString(salted.Sum(nil))},
	}}
}

// payload is the body of a delivery, made with the rights of its user.
func (s *Server) payload(h *Subscription, id int64) []byte {
	resource, event, _ := strings.Cut(h.Topic, ".")
	var w writer
	if event == "deleted" || resource == "action" {
		w.obj("")
		if resource == "action" {
			w.str("action", event)
			w.num("arg", id)
		} else {
			w.num("id", id)
		}
		w.end()
		return w.b
	}
	if k := s.keyOfUser(h.UserID); k != nil && !k.manages() {
		denied(http.StatusForbidden, actView).write(&w)
		return w.b
	}
	switch resource {
	case "product":
		p, v := s.anyProduct(id)
		switch {
		case v != nil:
			w.variationAsProduct(s, nil, p, v)
		case p != nil:
			w.product(s, nil, p)
		}
	case "order":
		if o := s.anyOrder(id); o != nil {
			w.order(s, nil, o, s.cfg.Decimals)
		}
	case "customer":
		if u := s.anyCustomer(id); u != nil {
			w.customer(s, nil, u)
		}
	}
	if len(w.b) == 0 {
		invalidID(resource, http.StatusNotFound).write(&w)
	}
	return w.b
}

// SignedWith returns the delivery signed with another secret.
func (d Delivery) SignedWith(secret string) Delivery {
	d.Header = d.Header.Clone()
	d.Header.Set("X-WC-Webhook-Signature", Sign(secret, d.Body))
	return d
}

// Forged returns a copy that a receiver must refuse.
func (d Delivery) Forged(how Forgery) Delivery {
	d.Header, d.Body = d.Header.Clone(), bytes.Clone(d.Body)
	switch how {
	case WrongSecret:
		d.Header.Set("X-WC-Webhook-Signature", Sign("not-the-secret", d.Body))
	case AlteredByte:
		for i, b := range d.Body {
			if b >= '1' && b <= '8' {
				d.Body[i]++
				break
			}
		}
	case MissingHeader:
		d.Header.Del("X-WC-Webhook-Signature")
	}
	return d
}

// Request builds a POST of the delivery.
func (d Delivery) Request(ctx context.Context, url string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(d.Body))
	if err != nil {
		return nil, fmt.Errorf("woocommercetest: delivery of %s: %w", d.Topic, err)
	}
	r.Header = d.Header.Clone()
	r.Close = true // as the store asks
	return r, nil
}

// Attempt is what became of a delivery or ping; there is never a second one.
type Attempt struct {
	Delivery
	URL    string
	Status int   // 0 when no answer came
	Err    error // what went wrong when none came
}

// Succeeded says whether the store counts the answer a success: 200 to 302, so
// redirects too, although it does not follow them. A ping wants exactly 200.
func (a Attempt) Succeeded() bool {
	if a.Topic == "" {
		return a.Status == http.StatusOK
	}
	return a.Status >= 200 && a.Status <= 302
}

// Send posts a delivery once, as the store does, over Config.WebhookTransport.
func (s *Server) Send(ctx context.Context, url string, d Delivery) Attempt {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.WebhookTimeout)
	defer cancel()
	a := Attempt{Delivery: d, URL: url}
	r, err := d.Request(ctx, url)
	if err != nil {
		a.Err = err
		return a
	}
	a.Status, a.Err = s.post(r)
	return a
}

// post sends a request and follows no redirect.
func (s *Server) post(r *http.Request) (int, error) {
	client := &http.Client{
		Transport:     s.cfg.WebhookTransport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20)) // the store reads it too
	_ = res.Body.Close()
	return res.StatusCode, nil
}

// ping tells an address that a webhook was made; only 200 ends the waiting.
func (s *Server) ping(ctx context.Context, id int64) Attempt {
	h := s.subscription(id)
	if h == nil {
		return Attempt{Err: errNoWebhook}
	}
	a := s.Send(ctx, h.DeliveryURL, s.Ping(id))
	if a.Succeeded() {
		s.changeSubscription(id, func(h *Subscription) { h.Pending = false })
	}
	return a
}

var errNoWebhook = errors.New("woocommercetest: the webhook is gone")

// QueuedDeliveries returns how many deliveries wait for RunQueue.
func (s *Server) QueuedDeliveries() int {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	return len(s.hooks.queue)
}

// RunQueue sends what waits, one after another, as the store's scheduler does
// some time after the change: bodies are made now, a failure is not tried again,
// the seventh in a row disables the webhook, and a webhook whose ping was never
// answered 200 is pinged after each delivery. It returns every attempt in order
// and ends early with the context; what was not sent waits on.
func (s *Server) RunQueue(ctx context.Context) []Attempt {
	s.hooks.run.Lock()
	defer s.hooks.run.Unlock()
	var out []Attempt
	for ctx.Err() == nil {
		s.hooks.mu.Lock()
		if len(s.hooks.queue) == 0 {
			s.hooks.mu.Unlock()
			return out
		}
		e := s.hooks.queue[0]
		s.hooks.queue = s.hooks.queue[1:]
		s.hooks.mu.Unlock()
		h := s.subscription(e.hook)
		if h == nil || h.Status != "active" {
			continue
		}
		a := s.Send(ctx, h.DeliveryURL, s.DeliveryOf(*h, s.payload(h, e.arg)))
		out = append(out, a)
		s.changeSubscription(h.ID, func(h *Subscription) {
			switch {
			case a.Succeeded():
				h.FailureCount = 0
			case h.FailureCount > 5:
				h.Status = "disabled"
			default:
				h.FailureCount++
			}
		})
		if h.Pending {
			out = append(out, s.ping(ctx, h.ID))
		}
	}
	return out
}
