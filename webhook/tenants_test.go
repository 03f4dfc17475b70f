package webhook_test

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"net/http/httptest"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla/sallatest"
	"github.com/soukhq/souk/webhook"
)

func TestAccountsHaveSecretsOfTheirOwn(t *testing.T) {
	t.Parallel()
	credentials := &catalog.MemoryCredentials{}
	w := newWorld(t, func(w *world) { w.receiver.Secrets = webhook.SecretsFrom(credentials) })
	check(t, w.stores.Accounts.Put(t.Context(), catalog.Account{ID: "a/b c", Platform: "salla", Store: "77"}))
	_, err := credentials.CompareAndSwap(t.Context(), "a/b c", 0, catalog.Credential{AccessToken: catalog.NewSecret("t"),
		WebhookSecrets: []catalog.Secret{catalog.NewSecret("new"), catalog.NewSecret("old")}})
	check(t, err)
	d, err := w.merchant.Delivery("order.updated", w.merchant.Orders()[0])
	check(t, err)
	other, err := w.salla.AddStore(&sallatest.Config{MerchantID: 78}).Delivery("order.updated", nil)
	check(t, err)
	for name, c := range map[string]struct {
		path   string
		d      sallatest.Delivery
		secret string
		status int
		index  int
	}{
		"the account's, new":               {"/webhooks/salla/a%2Fb%20c", d, "new", 200, 0},
		"the account's, old":               {"/webhooks/salla/a%2Fb%20c", d, "old", 200, 1},
		"the app's, at the account's":      {"/webhooks/salla/a%2Fb%20c", d, w.salla.WebhookSecret(), 401, 0},
		"the account's, at the app's":      {"/webhooks/salla", d, "new", 401, 0},
		"the app's":                        {"/webhooks/salla", d, w.salla.WebhookSecret(), 200, 0},
		"an account of another platform":   {"/webhooks/salla/tenant-1", d, w.salla.WebhookSecret(), 200, 0},
		"the account's, for another store": {"/webhooks/salla/a%2Fb%20c", other, "new", 401, 0},
	} {
		signed := c.d.SignedWith(sallatest.StrategySignature, c.secret)
		if got := send(t, "POST", w.url+c.path, signed.Header, signed.Body); got.status != c.status || w.last(t).SecretIndex != c.index {
			t.Errorf("%s: answered %d, secret %d; want %d, %d (%v)", name, got.status, w.last(t).SecretIndex, c.status, c.index, w.last(t).Err)
		}
	}
	for _, r := range w.records(t, webhook.Query{}) {
		if r.Event.Account != "a/b c" {
			t.Errorf("the event was assigned to %q", r.Event.Account)
		}
	}
}

// counting counts look-ups.
type counting struct {
	*catalog.MemoryAccounts
	gets, stores atomic.Int32
	fail         atomic.Bool
}

func (c *counting) Get(ctx context.Context, id string) (catalog.Account, error) {
	c.gets.Add(1)
	if c.fail.Load() {
		return catalog.Account{}, errors.New("database away")
	}
	return c.MemoryAccounts.Get(ctx, id)
}

func (c *counting) ByStore(ctx context.Context, platform, store string) (catalog.Account, error) {
	c.stores.Add(1)
	return c.MemoryAccounts.ByStore(ctx, platform, store)
}

// A new secret counts as soon as the old one fails, and look-ups are few.
func TestSecretsAreRememberedAndRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	synctest.Test(t, func(t *testing.T) {
		accounts := &counting{MemoryAccounts: &catalog.MemoryAccounts{}}
		secret, loads := "one", 0
		r := &webhook.Receiver{Stores: &catalog.Stores{Registry: w.stores.Registry, Accounts: accounts}, Inbox: webhook.NewMemoryInbox(webhook.MemoryInboxConfig{}),
			Logger: quiet, RefusalBurst: 1000, Secrets: func(context.Context, catalog.Account) ([]catalog.Secret, error) {
				loads++
				return []catalog.Secret{catalog.NewSecret(secret)}, nil
			}}
		check(t, accounts.Put(t.Context(), catalog.Account{ID: "tenant", Platform: "salla", Store: "77"}))
		d, err := w.merchant.Delivery("order.updated", nil)
		check(t, err)
		try := func(path, with string) int {
			signed := d.SignedWith(sallatest.StrategySignature, with)
			req, err := signed.Request(t.Context(), "http://host.example"+path)
			check(t, err)
			answer := httptest.NewRecorder()
			r.ServeHTTP(answer, req)
			return answer.Code
		}
		for range 10 {
			if got := try("/webhooks/salla/tenant", "one"); got != 200 {
				t.Fatalf("answered %d", got)
			}
		}
		if loads != 1 || accounts.gets.Load() != 1 {
			t.Errorf("10 deliveries made %d loads, %d look-ups", loads, accounts.gets.Load())
		}
		for range 10 { // forged ones, at once: no look-up for each
			try("/webhooks/salla/tenant", "forged")
		}
		if loads != 1 {
			t.Errorf("forged deliveries made %d loads", loads)
		}
		time.Sleep(6 * time.Second)
		secret = "two"
		if got := try("/webhooks/salla/tenant", "two"); got != 200 || loads != 2 {
			t.Errorf("after the secret was replaced: %d, %d loads", got, loads)
		}
		if got := try("/webhooks/salla/tenant", "one"); got != 401 {
			t.Errorf("the old secret: %d", got)
		}
		// What is not there is remembered too, for a while.
		before := accounts.gets.Load()
		for range 10 {
			try("/webhooks/salla/late", w.salla.WebhookSecret())
		}
		if got := accounts.gets.Load() - before; got != 1 {
			t.Errorf("an unknown account was looked up %d times", got)
		}
		check(t, accounts.Put(t.Context(), catalog.Account{ID: "late", Platform: "salla", Store: "99"}))
		time.Sleep(11 * time.Second)
		if got := try("/webhooks/salla/late", "two"); got != 401 { // of another store, but known now
			t.Errorf("answered %d", got)
		}
		// An account that cannot be looked up may be one with its own secret.
		time.Sleep(2 * time.Minute)
		accounts.fail.Store(true)
		if got := try("/webhooks/salla/tenant", "two"); got != 503 {
			t.Errorf("while accounts are away: %d", got)
		}
		accounts.fail.Store(false)
		if got := try("/webhooks/salla/tenant", "two"); got != 200 {
			t.Errorf("after that: %d", got)
		}
	})
}

func TestUnknownAccountsDoNotFillMemory(t *testing.T) {
	t.Parallel()
	c := webhook.NewTestCache(3)
	for i := range 10 {
		key := strconv.Itoa(i)
		if got := c.Get(key, func() string { return "v" + key }); got != "v"+key {
			t.Errorf("got %s", got)
		}
	}
	if c.Len() != 3 {
		t.Errorf("%d are remembered; want 3", c.Len())
	}
	if got := c.Get("9", func() string { return "again" }); got != "v9" {
		t.Errorf("the latest is %s", got)
	}
	if got := c.Get("0", func() string { return "again" }); got != "again" {
		t.Errorf("the first is %s", got)
	}
}

// Salla's easy mode: the tokens come before there is an account.
func TestGrantsMakeTheirAccount(t *testing.T) {
	t.Parallel()
	var grants []catalog.Grant
	fail := true
	w := newWorld(t, nil)
	w.receiver.OnGrant = func(ctx context.Context, g catalog.Grant, e catalog.Event) error {
		if fail {
			fail = false
			return errors.New("vault closed")
		}
		grants = append(grants, g)
		if e.Kind != catalog.EventAppAuthorized || e.Store != g.Store {
			t.Errorf("the grant came with %+v", e)
		}
		return w.stores.Accounts.Put(ctx, catalog.Account{ID: "merchant-" + g.Store, Platform: "salla", Store: g.Store})
	}
	d, tokens := w.merchant.AuthorizeDelivery()
	for _, want := range []int{503, 200, 200} { // sent again after the failure, and once more
		if got := send(t, "POST", w.url+"/webhooks/salla", d.Header, d.Body); got.status != want {
			t.Errorf("answered %d; want %d: %v", got.status, want, w.last(t).Err)
		}
	}
	if len(grants) != 1 || grants[0].Credential.AccessToken.Reveal() != tokens.AccessToken {
		t.Errorf("%d grants were taken; an old one must not replace what was refreshed since", len(grants))
	}
	records := w.records(t, webhook.Query{Account: "merchant-77"})
	if len(records) != 1 {
		t.Fatalf("%d events of the new account", len(records))
	}
	r, err := w.inbox.Get(t.Context(), records[0].ID)
	check(t, err)
	for _, secret := range []string{tokens.AccessToken, tokens.RefreshToken} {
		if string(r.Event.Payload) == "" || contains(r, secret) {
			t.Error("a token is on record")
		}
	}
}

func TestGrantsWithoutAHookAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	d, _ := w.merchant.AuthorizeDelivery()
	if got := send(t, "POST", w.url+"/webhooks/salla", d.Header, d.Body); got.status != 503 {
		t.Errorf("answered %d", got.status)
	}
	if n := len(w.records(t, webhook.Query{})); n != 0 {
		t.Errorf("%d records", n)
	}
}
