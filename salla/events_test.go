package salla_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// Section 5.3: what each event is about, and where its id hides.
func TestEventsAreUnderstood(t *testing.T) {
	t.Parallel()
	const secret = "s"
	v := verifier(t, salla.Config{WebhookSecrets: secrets(secret)}, catalog.VerifierConfig{})
	for event, c := range map[string]struct {
		data     string
		kind     catalog.EventKind
		resource catalog.Resource
		id       string
		full     bool
	}{ // a bare id is no whole record
		"order.created":            {`{"id":2116149737}`, "order.created", catalog.Orders, "2116149737", false},
		"order.updated":            {`{"id":7}`, "order.updated", catalog.Orders, "7", false},
		"order.status.updated":     {`{"id":198290473,"status":"تم","order":{"id":629263027}}`, "order.updated", catalog.Orders, "629263027", false},
		"order.cancelled":          {`{"id":7}`, "order.cancelled", catalog.Orders, "7", false},
		"order.refunded":           {`{"id":7}`, "order.refunded", catalog.Orders, "7", false},
		"order.deleted":            {`{"id":7}`, "order.deleted", catalog.Orders, "7", false},
		"order.shipment.cancelled": {`{"id":1427738113,"reference_id":41030566,"shipping_number":"1"}`, "order.updated", catalog.Orders, "1427738113", false},
		"order.something.new":      {`{"id":7}`, "order.updated", catalog.Orders, "7", false},
		"shipment.creating":        {`{"id":362985662,"order_id":560695738}`, "order.updated", catalog.Orders, "560695738", false},
		"product.created":          {`{"id":19940416533}`, "product.created", catalog.Products, "19940416533", false},
		"product.price.updated":    {`{"id":7,"price":150}`, "product.updated", catalog.Products, "7", false},
		"product.updated":          {`{"id":7}`, "product.updated", catalog.Products, "7", false},
		"product.deleted":          {`{"id":7}`, "product.deleted", catalog.Products, "7", false},
		"product.quantity.low":     {`{"id":7}`, "inventory.changed", catalog.Inventory, "7", false},
		"customer.created":         {`{"id":7}`, "customer.created", catalog.Customers, "7", false},
		"customer.updated":         {`{"id":7}`, "customer.updated", catalog.Customers, "7", false},
		"customer.otp.request":     {`{"code":"5331"}`, "other", catalog.Customers, "", false},
		"store.branch.updated":     {`{"id":7}`, "other", catalog.Locations, "7", false},
		"app.uninstalled":          {`{}`, "app.uninstalled", catalog.App, "", false},
		"app.installed":            {`[]`, "other", catalog.App, "", false},
		"review.added":             {`{"order":{"id":"1289663293"}}`, "other", "", "", false},
		"category.created":         {`{"id":1429120554}`, "other", "", "", false},
		"never.heard.of":           {`"text"`, "other", "", "", false},
	} {
		body := fmt.Sprintf(`{"event":%q,"merchant":1305146709,"created_at":"Sun Jun 26 2022 12:21:48 GMT+0300","data":%s,"pickup_branch":{"id":1}}`, event, c.data)
		verdict, err := v.Verify(t.Context(), delivery(body, "X-Salla-Signature", hexMAC(secret, body)))
		if err != nil || len(verdict.Events) != 1 {
			t.Errorf("%s: %v", event, err)
			continue
		}
		e := verdict.Events[0]
		if e.Kind != c.kind || e.Resource != c.resource || e.ResourceID != c.id || e.Partial == c.full || e.Topic != event ||
			e.PayloadKind != catalog.RawKind("salla.webhook."+event) || !bytes.Equal(e.Payload, []byte(body)) || e.Store != "1305146709" ||
			!e.OccurredAt.Equal(time.Date(2022, 6, 26, 9, 21, 48, 0, time.UTC)) || e.ReceivedAt.IsZero() || e.Account != "" {
			t.Errorf("%s: %+v", event, e)
		}
	}
}

// Trap 5: the same bytes are the same event, anything else is another.
func TestKeysTellEventsApart(t *testing.T) {
	t.Parallel()
	const secret = "s"
	v := verifier(t, salla.Config{WebhookSecrets: secrets(secret)}, catalog.VerifierConfig{})
	key := func(body string) string {
		verdict, err := v.Verify(t.Context(), delivery(body, "X-Salla-Signature", hexMAC(secret, body), "X-Salla-Delivery-Id", "guessed"))
		if err != nil {
			t.Fatal(err)
		}
		return verdict.Events[0].Key
	}
	seen := map[string]string{}
	for _, body := range []string{
		`{"event":"order.updated","merchant":1,"data":{"id":5}}`, `{"event":"order.updated","merchant":2,"data":{"id":5}}`,
		`{"event":"order.deleted","merchant":1,"data":{"id":5}}`, `{"event":"order.updated","merchant":1,"data":{"id":5,"n":1}}`,
	} {
		k := key(body)
		if k != key(body) || seen[k] != "" || k == "" {
			t.Errorf("key %q of %s", k, body)
		}
		seen[k] = body
	}
}

func TestEveryFormOfTimeIsRead(t *testing.T) {
	t.Parallel()
	const secret = "s"
	v := verifier(t, salla.Config{WebhookSecrets: secrets(secret)}, catalog.VerifierConfig{})
	for form, want := range map[string]time.Time{
		`"Sun Dec 14 2025 11:41:40 GMT+0300"`: time.Date(2025, 12, 14, 8, 41, 40, 0, time.UTC),
		`"Wed Jul 7 2021 14:50:48 GMT+0300"`:  time.Date(2021, 7, 7, 11, 50, 48, 0, time.UTC),
		`"2022-12-31 12:31:25"`:               time.Date(2022, 12, 31, 9, 31, 25, 0, time.UTC),
		`"2022-12-31T12:31:25Z"`:              time.Date(2022, 12, 31, 12, 31, 25, 0, time.UTC),
		`{"date":"2022-06-16 14:48:20.000000","timezone_type":3,"timezone":"Asia/Riyadh"}`: time.Date(2022, 6, 16, 11, 48, 20, 0, time.UTC),
		`{"date":"2022-06-16 14:48:20.000000","timezone_type":3,"timezone":"UTC"}`:         time.Date(2022, 6, 16, 14, 48, 20, 0, time.UTC),
		`{"date":"2022-06-16 14:48:20.000000","timezone_type":1,"timezone":"+02:00"}`:      time.Date(2022, 6, 16, 12, 48, 20, 0, time.UTC),
		`null`: {}, `{}`: {}, `""`: {}, `"yesterday"`: {}, `5`: {},
	} {
		body := `{"event":"order.updated","merchant":1,"created_at":` + form + `}`
		verdict, err := v.Verify(t.Context(), delivery(body, "X-Salla-Signature", hexMAC(secret, body)))
		if err != nil || !verdict.Events[0].OccurredAt.Equal(want) {
			t.Errorf("%s: %v, %v", form, verdict.Events, err)
		}
	}
}

func TestAuthenticNonsenseIsUnreadable(t *testing.T) {
	t.Parallel()
	const secret = "s"
	v := verifier(t, salla.Config{WebhookSecrets: secrets(secret)}, catalog.VerifierConfig{})
	for _, body := range []string{"", "null", "[]", "{", `{"event":"order.updated"}`, `{"merchant":1}`, `{"event":"","merchant":1}`, `{"event":"a","merchant":"x"}`,
		`{"event":"a","merchant":1}}`, `{"event":"app.store.authorize","merchant":1,"data":{}}`, `{"event":{},"merchant":1}`} {
		if verdict, err := v.Verify(t.Context(), delivery(body, "X-Salla-Signature", hexMAC(secret, body))); !errors.Is(err, catalog.ErrBadAnswer) || len(verdict.Events) > 0 {
			t.Errorf("%q: %v", body, err)
		}
	}
}

// Easy mode: the tokens come by webhook for a store nobody knows yet, and the
// event that is stored has none.
func TestTokensComeAsAGrant(t *testing.T) {
	t.Parallel()
	for _, scheme := range []salla.Scheme{salla.SchemeSignature, salla.SchemeToken} {
		server := newServer(t, sallatest.Config{WebhookStrategy: string(scheme)})
		v := verifier(t, salla.Config{WebhookSecrets: secrets(server.WebhookSecret()), WebhookScheme: scheme}, catalog.VerifierConfig{})
		sent, tokens := server.AuthorizeDelivery()
		verdict, err := v.Verify(t.Context(), catalog.Delivery{Method: "POST", Header: sent.Header, Body: sent.Body, ReceivedAt: time.Now()})
		if err != nil || len(verdict.Grants) != 1 || len(verdict.Events) != 1 {
			t.Fatal(verdict, err)
		}
		grant, event := verdict.Grants[0], verdict.Events[0]
		if grant.Store != id(server.MerchantID()) || grant.Credential.AccessToken.Reveal() != tokens.AccessToken ||
			grant.Credential.RefreshToken.Reveal() != tokens.RefreshToken || !grant.Credential.ExpiresAt.Equal(tokens.Expires.Truncate(time.Second)) {
			t.Errorf("%s: grant %+v, want %+v", scheme, grant, tokens)
		}
		if event.Kind != "app.authorized" || event.Resource != catalog.App || !bytes.Contains(event.Payload, []byte(`"scopes":["`)) {
			t.Errorf("%s: event %+v", scheme, event)
		}
		for _, secret := range []string{tokens.AccessToken, tokens.RefreshToken, server.WebhookSecret()} {
			if text := fmt.Sprintf("%+v %s %s", verdict, event.Payload, event.Key); strings.Contains(text, secret) {
				t.Errorf("%s: the verdict prints a secret", scheme)
			}
		}
	}
}

// The server's deliveries pass, its forgeries do not.
func TestDeliveriesAndForgeries(t *testing.T) {
	t.Parallel()
	for _, scheme := range []salla.Scheme{salla.SchemeSignature, salla.SchemeToken} {
		server := newServer(t, sallatest.Config{WebhookStrategy: string(scheme), Products: 5, Orders: 5, Customers: 5})
		v := verifier(t, salla.Config{WebhookSecrets: secrets(server.WebhookSecret()), WebhookScheme: scheme}, catalog.VerifierConfig{})
		order, product := server.Orders()[0], server.Products()[0]
		for event, c := range map[string]struct {
			record any
			id     string
		}{
			"order.created": {order, id(order.ID)}, "order.status.updated": {order, id(order.ID)}, "order.updated": {order, id(order.ID)},
			"product.created": {product, id(product.ID)}, "product.price.updated": {product, id(product.ID)}, "product.status.updated": {product, id(product.ID)},
			"customer.created": {server.Customers()[0], id(server.Customers()[0].ID)},
		} {
			d, err := server.Delivery(event, c.record)
			if err != nil {
				t.Fatal(err)
			}
			as := func(d sallatest.Delivery) catalog.Delivery {
				return catalog.Delivery{Method: "POST", Header: d.Header, Body: d.Body, ReceivedAt: time.Now()}
			}
			verdict, err := v.Verify(t.Context(), as(d))
			if err != nil || verdict.Events[0].ResourceID != c.id || verdict.Events[0].OccurredAt.IsZero() {
				t.Errorf("%s %s: %+v, %v", scheme, event, verdict.Events, err)
			}
			forgeries := []sallatest.Forgery{sallatest.WrongSecret, sallatest.MissingHeader}
			if scheme == salla.SchemeSignature {
				forgeries = append(forgeries, sallatest.AlteredByte)
			}
			for _, forgery := range forgeries {
				if _, err := v.Verify(t.Context(), as(d.Forged(forgery))); !errors.Is(err, catalog.ErrUnauthorized) {
					t.Errorf("%s %s forged %d: %v", scheme, event, forgery, err)
				}
			}
		}
	}
}
