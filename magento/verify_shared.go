package magento

import (
	"cmp"
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
	"github.com/soukhq/souk/catalog/transport/standardwebhooks"
)

// asyncSignature checks the HMAC of Mage-OS async-events.
// https://github.com/mage-os/mageos-async-events
func (v *verifier) asyncSignature(d catalog.Delivery) (int, error) {
	text, err := header(d.Header, "X-Magento-Signature")
	if err != nil {
		return 0, err
	}
	mac, err := hex.DecodeString(text)
	if err != nil || len(mac) != sha256.Size {
		return 0, refuse("malformed_signature", "the signature is not the hex of 32 bytes", "")
	}
	return v.first("signature_mismatch", "no configured token made this signature, or the body was changed on its way",
		"use the subscription's verification token, and hand over the raw body: PHP's escapes are part of it",
		func(i int) bool {
			made := hmac.New(sha256.New, []byte(v.secrets[i].Reveal()))
			made.Write(d.Body)
			return hmac.Equal(mac, made.Sum(nil))
		})
}

// sharedHeader compares the header of senders that sign nothing.
func (v *verifier) sharedHeader(d catalog.Delivery) (int, error) {
	text, err := header(d.Header, v.header)
	if err != nil {
		return 0, err
	}
	sent := catalog.NewSecret(text)
	return v.first("secret_mismatch", "the "+v.header+" header is none of the configured secrets", "set the header in the module's configuration",
		func(i int) bool { return v.secrets[i].Equal(sent) })
}

// asyncEvent reads {"data": record}, as async-events sends it. Other modules
// send what the merchant wrote, which is the record itself where there is no
// data.
func (v *verifier) asyncEvent(d catalog.Delivery) (catalog.Verdict, error) {
	topic := addressed(d.URL)
	if !topicForm.MatchString(topic) {
		return catalog.Verdict{}, unreadable("its address names no event: end it with one, such as /sales.order.created")
	}
	body := slices.Clone(d.Body)
	page, err := transport.OpenPage(body, nowhere...)
	if err != nil {
		return catalog.Verdict{}, unreadable("its body is not JSON")
	}
	if whole := page.Field(); len(whole) == 0 || whole[0] != '{' {
		return catalog.Verdict{}, unreadable("its body is not an object")
	}
	e := v.event(d, topic, body)
	record := page.Field("data")
	if len(record) == 0 || record[0] != '{' {
		record = page.Field()
	}
	identify(&e, record, v.scheme)
	return catalog.Verdict{Events: []catalog.Event{e}}, nil
}

// standardSignature checks the scheme of Standard Webhooks.
func (v *verifier) standardSignature(d catalog.Delivery) (int, error) {
	index, err := standardwebhooks.Verify(v.secrets, standardwebhooks.Received(d.Header, d.Body), d.ReceivedAt, 0)
	if e, ok := err.(*catalog.Error); ok {
		e.Platform = Platform
	}
	return index, err
}

// standardEvent reads what such a sender is asked to send: type, timestamp and
// data. The id in the header is signed and the same each time.
func (v *verifier) standardEvent(d catalog.Delivery) (catalog.Verdict, error) {
	body := slices.Clone(d.Body)
	var n struct {
		Type string `json:"type"`
		Time moment `json:"timestamp"`
	}
	if _, err := decode(body, &n); err != nil {
		return catalog.Verdict{}, unreadable("its body is not an object")
	}
	topic := cmp.Or(n.Type, addressed(d.URL))
	if !topicForm.MatchString(topic) {
		return catalog.Verdict{}, unreadable("neither its body nor its address names an event")
	}
	e := v.event(d, topic, body)
	e.Key = catalog.EventKey(Platform, v.store, "message", standardwebhooks.Received(d.Header, nil).ID)
	e.OccurredAt = n.Time.Time
	data, err := transport.Field(body, "data")
	if err != nil {
		return catalog.Verdict{}, unreadable("its body is not JSON")
	}
	identify(&e, data, v.scheme)
	return catalog.Verdict{Events: []catalog.Event{e}}, nil
}

// commerceSignature checks the RSA signature of Adobe Commerce Webhooks, which
// covers the base64 text of the body.
// https://developer.adobe.com/commerce/extensibility/webhooks/signature-verification
func (v *verifier) commerceSignature(d catalog.Delivery) (int, error) {
	text, err := header(d.Header, "X-Adobe-Commerce-Webhook-Signature")
	if err != nil {
		return 0, err
	}
	signature, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return 0, refuse("malformed_signature", "the signature is not base64", "")
	}
	sum := sha256.Sum256([]byte(base64.StdEncoding.EncodeToString(d.Body)))
	return v.first("signature_mismatch", "no configured key fits this signature, or the body was changed on its way",
		"copy the public key from the shop's configuration again, and hand over the raw body",
		func(i int) bool { return rsa.VerifyPKCS1v15(v.keys[i], crypto.SHA256, sum[:], signature) == nil })
}

// commerceEvent reads what the merchant configured to be sent. The shop waits
// for the reply, which lets the shopper go on.
func (v *verifier) commerceEvent(d catalog.Delivery) (catalog.Verdict, error) {
	body := slices.Clone(d.Body)
	var n struct {
		Event string `json:"eventName"`
	}
	if _, err := decode(body, &n); err != nil {
		return catalog.Verdict{}, unreadable("its body is not an object")
	}
	topic := cmp.Or(n.Event, addressed(d.URL))
	if !topicForm.MatchString(topic) {
		return catalog.Verdict{}, unreadable("neither its body nor its address names an event")
	}
	e := v.event(d, topic, body)
	if id := d.Header.Get("X-Adobe-Commerce-Request-Id"); id != "" {
		e.Correlation = catalog.EventKey(id)
	}
	data, err := transport.Field(body, "data")
	if err == nil && len(data) > 0 && data[0] == '{' {
		identify(&e, data, v.scheme)
	} else {
		identify(&e, body, v.scheme)
	}
	return catalog.Verdict{Events: []catalog.Event{e}, Reply: catalog.Reply{
		Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"op":"success"}`)}}, nil
}
