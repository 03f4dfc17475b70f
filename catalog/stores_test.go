package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

// sourceFor gives each account a token of its own.
type sourceFor func(catalog.Adapter, catalog.Account) (catalog.CredentialSource, error)

func (f sourceFor) CredentialSource(a catalog.Adapter, account catalog.Account) (catalog.CredentialSource, error) {
	return f(a, account)
}

// openedEngine remembers what it was opened with.
type openedEngine struct {
	catalog.Engine
	account catalog.Account
	source  catalog.CredentialSource
}

func (e *openedEngine) Product(_ context.Context, id string) (catalog.Product, error) {
	return catalog.Product{ID: e.account.ID + "/product/" + id}, nil
}

func (e *openedEngine) Order(_ context.Context, id string) (catalog.Order, error) {
	return catalog.Order{ID: e.account.ID + "/order/" + id}, nil
}

func (e *openedEngine) Customer(_ context.Context, id string) (catalog.Customer, error) {
	return catalog.Customer{}, &catalog.Error{Platform: "shopify", Op: "get customer", Kind: catalog.ErrNotFound}
}

func testStores(t *testing.T, accounts ...catalog.Account) *catalog.Stores {
	t.Helper()
	stores := &catalog.Stores{Registry: &catalog.Registry{}, Accounts: &catalog.MemoryAccounts{},
		Credentials: sourceFor(func(_ catalog.Adapter, account catalog.Account) (catalog.CredentialSource, error) {
			return catalog.StaticToken("token of " + account.ID), nil
		})}
	if err := stores.Registry.Register(&fakeAdapter{name: "shopify", open: func(a catalog.Account, s catalog.CredentialSource) (catalog.Engine, error) {
		return &openedEngine{account: a, source: s}, nil
	}}); err != nil {
		t.Fatal(err)
	}
	for _, account := range accounts {
		if err := stores.Accounts.Put(t.Context(), account); err != nil {
			t.Fatal(err)
		}
	}
	return stores
}

func TestStoresOpen(t *testing.T) {
	t.Parallel()
	stores := testStores(t, catalog.Account{ID: "a", Platform: "shopify", Store: "a.example"},
		catalog.Account{ID: "b", Platform: "shopify", Store: "b.example", Status: catalog.AccountActive})
	for name, open := range map[string]func() (catalog.Engine, error){
		"by id":    func() (catalog.Engine, error) { return stores.Open(t.Context(), "b") },
		"by store": func() (catalog.Engine, error) { return stores.OpenStore(t.Context(), "shopify", "b.example") },
	} {
		engine, err := open()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		opened := engine.(*openedEngine)
		c, err := opened.source.Credential(t.Context())
		if opened.account.ID != "b" || err != nil || c.AccessToken.Reveal() != "token of b" {
			t.Errorf("%s: opened %s with %s, %v", name, opened.account.ID, c.AccessToken.Reveal(), err)
		}
	}
}

func TestStoresOpenRefused(t *testing.T) {
	t.Parallel()
	account := func(id, platform string, status catalog.AccountStatus, reason string) catalog.Account {
		return catalog.Account{ID: id, Platform: platform, Store: id + ".example", Status: status, Reason: reason}
	}
	stores := testStores(t,
		account("dead", "shopify", catalog.AccountReauthorize, "token revoked"), account("gone", "shopify", catalog.AccountUninstalled, ""),
		account("frozen", "shopify", catalog.AccountSuspended, "unpaid"), account("other", "magento", "", ""), account("blocked", "shopify", "", ""))
	cause := errors.New("vault closed")
	stores.Credentials = sourceFor(func(_ catalog.Adapter, a catalog.Account) (catalog.CredentialSource, error) {
		return nil, cause
	})
	for id, c := range map[string]struct {
		is   error
		text string
	}{
		"dead":    {catalog.ErrReauthorize, "shopify: open account dead: merchant must reconnect: the account is reauthorize: token revoked; have the merchant connect the store again"},
		"gone":    {catalog.ErrReauthorize, "shopify: open account gone: merchant must reconnect: the account is uninstalled; have the merchant connect the store again"},
		"frozen":  {catalog.ErrForbidden, "shopify: open account frozen: forbidden: the account is suspended: unpaid; the platform has to lift the suspension"},
		"other":   {catalog.ErrNotFound, `unknown platform "magento": registered are shopify; pass its adapter to catalog.Register first`},
		"blocked": {cause, "vault closed"},
		"absent":  {catalog.ErrNotFound, "get account absent: not found: no such account"},
	} {
		engine, err := stores.Open(t.Context(), id)
		if engine != nil || !errors.Is(err, c.is) || err.Error() != c.text {
			t.Errorf("%s: %v, %v", id, engine, err)
		}
		if id != "absent" {
			if _, err := stores.OpenStore(t.Context(), map[bool]string{true: "magento", false: "shopify"}[id == "other"], id+".example"); err == nil || err.Error() != c.text {
				t.Errorf("%s by store: %v", id, err)
			}
		}
	}
	if _, err := stores.OpenStore(t.Context(), "shopify", "unknown.example"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("unknown store: %v", err)
	}
	stores.Registry = nil // the Default one, which has no magento
	if _, err := stores.Open(t.Context(), "other"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("without a registry: %v", err)
	}
}

func TestStoresFetchTheRecordOfAnEvent(t *testing.T) {
	t.Parallel()
	stores := testStores(t, catalog.Account{ID: "a", Platform: "shopify", Store: "a.example"})
	event := catalog.Event{Platform: "shopify", Store: "a.example", Topic: "orders/updated", Resource: catalog.Orders, ResourceID: "7"}
	for _, id := range []string{"", "a"} {
		event.Account = id
		if order, err := stores.Order(t.Context(), event); err != nil || order.ID != "a/order/7" {
			t.Errorf("account %q: got %s, %v", id, order.ID, err)
		}
	}
	_, err := stores.Product(t.Context(), event)
	if want := "shopify: fetch the record of an event: invalid: the event orders/updated is not about one record of products"; !errors.Is(err, catalog.ErrInvalid) || err.Error() != want {
		t.Errorf("an order's event as a product: %v", err)
	}
	event.ResourceID = ""
	if _, err := stores.Order(t.Context(), event); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("an event without an id: %v", err)
	}
	event.Resource, event.ResourceID = catalog.Products, "8"
	if product, err := stores.Product(t.Context(), event); err != nil || product.ID != "a/product/8" {
		t.Errorf("got %s, %v", product.ID, err)
	}
	event.Resource = catalog.Customers
	if _, err := stores.Customer(t.Context(), event); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("a customer that is gone: %v", err)
	}
	event.Account = "unknown"
	if _, err := stores.Customer(t.Context(), event); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("an unknown account: %v", err)
	}
}

// decodingEngine reads orders in whole payloads of one shape.
type decodingEngine struct{ *openedEngine }

func (decodingEngine) DecodeEvent(event catalog.Event, record any) error {
	order, ok := record.(*catalog.Order)
	if !ok || event.PayloadKind != "shopify.webhook.orders/updated" {
		return catalog.Unsupported("shopify", "read the payload", "fetch the record")
	}
	order.ID = "from the payload"
	order.UpdatedAt = time.Unix(1_700_000_000, 0).UTC()
	return json.Unmarshal(event.Payload, order)
}

func TestStoresDecodeWholePayloadsAndFetchOthers(t *testing.T) {
	t.Parallel()
	stores := testStores(t, catalog.Account{ID: "a", Platform: "decoding", Store: "a.example"})
	if err := stores.Registry.Register(&fakeAdapter{name: "decoding", open: func(a catalog.Account, s catalog.CredentialSource) (catalog.Engine, error) {
		return decodingEngine{&openedEngine{account: a, source: s}}, nil
	}}); err != nil {
		t.Fatal(err)
	}
	whole := catalog.Event{Platform: "decoding", Store: "a.example", Topic: "orders/updated", Resource: catalog.Orders, ResourceID: "7",
		Payload: []byte(`{}`), PayloadKind: "shopify.webhook.orders/updated"}
	with := func(change func(*catalog.Event)) catalog.Event {
		e := whole
		change(&e)
		return e
	}
	for name, c := range map[string]struct {
		event   catalog.Event
		id      string
		updated int64
	}{
		"whole":         {whole, "from the payload", 1_700_000_000},
		"partial":       {with(func(e *catalog.Event) { e.Partial = true }), "a/order/7", 0},
		"no payload":    {with(func(e *catalog.Event) { e.Payload = nil }), "a/order/7", 0},
		"unknown shape": {with(func(e *catalog.Event) { e.PayloadKind = "other" }), "a/order/7", 0},
		"unreadable":    {with(func(e *catalog.Event) { e.Payload = []byte(`{"id":`) }), "a/order/7", 0},
	} {
		calls, observed := 0, time.Time{}
		ctx := catalog.ObserveRecords(t.Context(), func(e catalog.Event, updated time.Time) {
			calls, observed = calls+1, updated
			if e.ResourceID != "7" {
				t.Errorf("%s: observed %s", name, e.ResourceID)
			}
		})
		order, err := stores.Order(ctx, c.event)
		if err != nil || order.ID != c.id {
			t.Errorf("%s: got %s, %v; want %s", name, order.ID, err, c.id)
		}
		if calls != 1 || c.updated == 0 != observed.IsZero() || c.updated != 0 && observed.Unix() != c.updated {
			t.Errorf("%s: observed %d times, %v", name, calls, observed)
		}
	}
	ctx := catalog.ObserveRecords(t.Context(), func(catalog.Event, time.Time) { t.Error("observed a record that was not given out") })
	if _, err := stores.Product(ctx, whole); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("an order's event as a product: %v", err)
	}
}
