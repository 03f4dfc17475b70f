package magento

import (
	"bytes"
	"cmp"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// ioEvents verifies a delivery of Adobe I/O Events: one event or a batch, or
// the challenge of a new address. Every byte is signed, twice, with keys that
// Adobe publishes; one signature that fits is enough.
// https://developer.adobe.com/events/docs/guides
func (v *verifier) ioEvents(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
	if d.Method == http.MethodGet {
		return challenge(d)
	}
	index, err := v.ioSignature(ctx, d)
	if catalog.KindOf(err) == catalog.ErrUnauthorized && unsigned(d.Header) {
		if validated, confirmErr := v.confirm(ctx, d); validated {
			return catalog.Verdict{}, confirmErr
		}
	}
	if err != nil {
		return catalog.Verdict{}, err
	}
	body := slices.Clone(d.Body)
	raws, err := batchOf(body)
	if err != nil {
		return catalog.Verdict{}, err
	}
	verdict := catalog.Verdict{SecretIndex: index}
	for _, raw := range raws {
		e, err := v.ioEvent(d, raw, len(raws) == 1)
		if err != nil {
			return catalog.Verdict{}, err
		}
		verdict.Events = append(verdict.Events, e)
	}
	return verdict, nil
}

// challenge answers the request by which Adobe tries a new address.
func challenge(d catalog.Delivery) (catalog.Verdict, error) {
	var text string
	if d.URL != nil {
		text = d.URL.Query().Get("challenge")
	}
	if text == "" || len(text) > 512 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return catalog.Verdict{}, refuse("missing_challenge", "a GET without a challenge", "")
	}
	return catalog.Verdict{Reply: catalog.Reply{Status: http.StatusOK, Body: []byte(text),
		Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "X-Content-Type-Options": {"nosniff"}}}}, nil
}

// The headers of the two signatures, each with the path of its key.
var ioSignatures = [2]struct{ signature, path string }{
	{"X-Adobe-Digital-Signature-1", "X-Adobe-Public-Key1-Path"},
	{"X-Adobe-Digital-Signature-2", "X-Adobe-Public-Key2-Path"},
}

func unsigned(h http.Header) bool {
	return h.Get(ioSignatures[0].signature) == "" && h.Get(ioSignatures[1].signature) == ""
}

// ioSignature checks the signatures and returns which one fits.
func (v *verifier) ioSignature(ctx context.Context, d catalog.Delivery) (int, error) {
	if unsigned(d.Header) {
		return 0, refuse("missing_header", "there is no "+ioSignatures[0].signature+" header", "only Adobe's own deliveries carry it; a proxy must pass it on")
	}
	sum := sha256.Sum256(d.Body)
	var unfetched error
	for i, names := range ioSignatures {
		signature, err := base64.StdEncoding.DecodeString(strings.TrimSpace(d.Header.Get(names.signature)))
		if err != nil || len(signature) == 0 {
			continue
		}
		key, err := v.ring.key(ctx, d.Header.Get(names.path))
		switch {
		case err != nil && ctx.Err() != nil:
			return 0, err
		case catalog.KindOf(err) == catalog.ErrUnavailable:
			unfetched = err
		case err == nil && rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil:
			return i, nil
		}
	}
	if unfetched != nil {
		return 0, unfetched
	}
	return 0, refuse("signature_mismatch", "no signature fits a key of Adobe's, or the body was changed on its way", "hand over the raw body")
}

// mostEvents bounds a batch, above what Adobe sends.
const mostEvents = 100

// batchOf returns the events of a body, which is one or a list of them.
func batchOf(body []byte) ([]json.RawMessage, error) {
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] != '[' {
		return []json.RawMessage{trimmed}, nil
	}
	var all []json.RawMessage
	for raw, err := range transport.Elements(body) {
		if err != nil || len(all) == mostEvents {
			return nil, unreadable("its body is not JSON, or too many events")
		}
		all = append(all, raw)
	}
	if len(all) == 0 {
		return nil, unreadable("its body holds no event")
	}
	return all, nil
}

// ioNode is an event: a CloudEvent, or the older envelope.
type ioNode struct {
	ID       string `json:"id"`
	EventID  string `json:"eventid"`
	EventID2 string `json:"event_id"`
	Source   string `json:"source"`
	Type     string `json:"type"`
	Time     moment `json:"time"`
	// Adobe renames the recipient's field; both are read.
	Recipient  string `json:"recipientclientid"`
	Recipient2 string `json:"recipient_client_id"`
	Data       struct {
		Value json.RawMessage `json:"value"`
	} `json:"data"`
	Event struct {
		Data struct {
			Value json.RawMessage `json:"value"`
		} `json:"data"`
	} `json:"event"`
}

// ioEvent reads one signed event. Its recipient must be the app: Adobe signs
// what it sends to others with the same keys. Alone names the event in its
// headers, where the older envelope has no type.
func (v *verifier) ioEvent(d catalog.Delivery, raw json.RawMessage, alone bool) (catalog.Event, error) {
	var n ioNode
	if _, err := decode(raw, &n); err != nil {
		return catalog.Event{}, unreadable("an event in its body is not an object")
	}
	mine := catalog.NewSecret(v.clientID)
	recipients := []string{n.Recipient, n.Recipient2}
	named := false
	for _, r := range recipients {
		if r != "" && !mine.Equal(catalog.NewSecret(r)) {
			return catalog.Event{}, refuse("wrong_recipient", "the event is signed by Adobe, but meant for another client id", "check Config.ClientID")
		}
		named = named || r != ""
	}
	if !named {
		return catalog.Event{}, refuse("wrong_recipient", "the event names no recipient", "")
	}
	if v.provider != "" && strings.TrimPrefix(n.Source, "urn:uuid:") != v.provider {
		return catalog.Event{}, refuse("wrong_provider", "the event is another store's: it comes from another event provider", "check the account's setting event_provider")
	}
	code := n.Type
	if code == "" && alone {
		code = d.Header.Get("X-Adobe-Event-Code")
	}
	topic := ioTopic(code)
	if !topicForm.MatchString(topic) {
		return catalog.Event{}, unreadable("an event in its body has no type")
	}
	e := v.event(d, topic, raw)
	id := cmp.Or(n.EventID, n.EventID2, n.ID)
	if id == "" && alone {
		id = d.Header.Get("X-Adobe-Event-Id")
	}
	if id != "" {
		e.Key = catalog.EventKey(Platform, v.store, "event", id)
	}
	e.OccurredAt = n.Time.Time
	value := n.Data.Value
	if len(value) == 0 {
		value = n.Event.Data.Value
	}
	identify(&e, value, v.scheme)
	return e, nil
}

// validationHost is the only host a validation may ask to be visited.
const validationHost = "csm.adobe.io"

// confirm answers the other way Adobe has to try a new address: it posts a
// link, unsigned, that the receiver visits within five minutes. It reports
// whether the delivery is one.
func (v *verifier) confirm(ctx context.Context, d catalog.Delivery) (bool, error) {
	var n struct {
		URL string `json:"validationUrl"`
	}
	if len(d.Body) > 4<<10 {
		return false, nil
	}
	if _, err := decode(d.Body, &n); err != nil || n.URL == "" {
		return false, nil
	}
	u, err := url.Parse(n.URL)
	if err != nil || u.Scheme != "https" || u.Host != validationHost || u.User != nil {
		return true, refuse("wrong_host", "the validation's link does not lead to Adobe", "")
	}
	_, err = v.http.Do(ctx, &transport.Request{Op: "confirm webhook address", URL: u})
	return true, err
}
