package stall_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"example.com/stall"
	"example.com/stall/stalltest"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

// TestConformance holds the adapter to every rule of souk.
func TestConformance(t *testing.T) {
	t.Parallel()
	native := catalog.ChangesNative
	catalogtest.Run(t, catalogtest.Harness{
		Platform:     stall.Platform,
		New:          newStore,
		UnknownID:    "0000000zzz",
		MalformedIDs: []string{"42", "UPPERCASE1", "../../stal", "0000000zz?", "0000000zzz1"},
		Wires: map[catalog.Resource]catalogtest.Wire{
			catalog.Products:  {List: "items", Word: "state", Odd: []string{"name", "modified", "keywords", "variants", "variants.0.price", "variants.0.price.minor"}},
			catalog.Orders:    {List: "items", Word: "state", Odd: []string{"number", "created", "total", "total.minor", "buyer", "lines"}},
			catalog.Customers: {List: "items", Odd: []string{"name", "email", "created", "modified"}},
		},
		Answers: catalogtest.Answers{
			Unauthorized: fault(401, `"code":"token_dead","text":"not {secret}"`),
			Forbidden:    []catalogtest.Answer{fault(403, `"code":"scope_missing","text":"{secret} may not"`)},
			Invalid:      fault(422, `"code":"bad_request","text":"wrong","fields":{"per_page":"is {secret}"}`),
			Throttled:    fault(429, `"code":"no_credit","text":"wait"`),
		},
		Minimum: &catalogtest.Minimum{
			Capabilities: []catalog.Capability{catalog.CanFindBySKU, catalog.CanCount},
			Changes:      map[catalog.Resource]catalog.ChangeSupport{catalog.Products: native, catalog.Orders: native, catalog.Customers: native},
			Counts:       []catalog.Resource{catalog.Products, catalog.Orders, catalog.Customers},
		},
		Unfilled: unfilled(),
	})
}

func fault(status int, inside string) catalogtest.Answer {
	return catalogtest.Answer{Status: status, Body: `{"fault":{` + inside + `}}`}
}

// newStore starts a stall whose first record of each kind is a sample.
func newStore(t testing.TB, o catalogtest.Options) *catalogtest.Store {
	config := stalltest.Config{Token: "token-5c1f6b0f9a2e4d7c", Clock: o.Clock, Size: 1e6, PerSecond: 1e6}
	if o.Throttled {
		config.Size, config.PerSecond = 20, 70
	}
	server := stalltest.New(config)
	secret := catalog.NewSecret("secret-0d9e8f7a6b5c4d3e")
	store := &catalogtest.Store{
		Account:    catalog.Account{ID: "tenant-1", Platform: stall.Platform, Store: "brass-lamp"},
		Credential: catalog.Credential{AccessToken: catalog.NewSecret(config.Token)},
		AppSecrets: []catalog.Secret{secret},
		Ledger:     func() catalogtest.Ledger { return catalogtest.Ledger(server.Ledger()) },
		Webhooks:   webhooks(secret),
		Samples:    samples(server, o),
	}
	rt := o.Wrap(server)
	store.NewAdapter = func() catalog.Adapter {
		a, err := stall.New(stall.Config{Transport: rt, WebhookSecrets: []catalog.Secret{secret}, Logger: o.Logger, Observer: o.Observer})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	store.Products = records(server, stalltest.Products)
	store.Orders = records(server, stalltest.Orders)
	store.Customers = records(server, stalltest.Customers)
	return store
}

// records tells and changes one kind of the server's records.
func records(server *stalltest.Server, kind stalltest.Kind) catalogtest.Records {
	return catalogtest.Records{
		IDs:    func() []string { return server.IDs(kind) },
		Add:    func() string { return server.Add(kind, fresh[kind]) },
		Touch:  func(id string) { server.Touch(kind, id) },
		Delete: func(id string) { server.Delete(kind, id) },
	}
}

var fresh = map[stalltest.Kind]stalltest.Record{
	stalltest.Products:  {"name": "New", "state": "hidden", "variants": []stalltest.Record{{"id": "new", "sku": "NEW"}}},
	stalltest.Orders:    {"number": "N-1", "state": "placed"},
	stalltest.Customers: {"name": "New"},
}

func webhooks(secret catalog.Secret) *catalogtest.Webhooks {
	sent := func(n int, topic, subject string, kind catalog.EventKind, resource catalog.Resource) catalogtest.Sent {
		body := fmt.Sprintf(`{"id":"evt-%d","stall":"brass-lamp","topic":%q,"subject":%q,"at":1790000000}`, n, topic, subject)
		return catalogtest.Sent{Topic: topic, Body: []byte(body), Kind: kind, Resource: resource, ResourceID: subject}
	}
	other := sent(4, "lamp.lit", "00cellar01", catalog.EventOther, "")
	other.ResourceID = "" // nobody knows what it is the id of
	return &catalogtest.Webhooks{
		Secret: secret,
		Proofs: []string{"Stall-Signature"},
		Deliver: func(secret catalog.Secret, e catalogtest.Sent) catalog.Delivery {
			now := time.Now()
			return catalog.Delivery{Method: http.MethodPost, Header: stalltest.Sign(secret.Reveal(), now, e.Body), Body: e.Body, ReceivedAt: now}
		},
		Events: []catalogtest.Sent{
			sent(1, "order.placed", "00order001", catalog.EventOrderCreated, catalog.Orders),
			sent(2, "order.placed", "00order002", catalog.EventOrderCreated, catalog.Orders),
			sent(3, "product.removed", "00product1", catalog.EventProductDeleted, catalog.Products),
			other,
		},
	}
}
