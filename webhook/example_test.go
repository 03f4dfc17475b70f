package webhook_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
	"github.com/soukhq/souk/webhook"
)

// credentials gives every account the test server's token; a host uses
// auth.NewProvider.
type credentials struct{ token string }

func (c credentials) CredentialSource(catalog.Adapter, catalog.Account) (catalog.CredentialSource, error) {
	return catalog.StaticToken(c.token), nil
}

// A shop sends an order, and sends it again: it is handled once.
func Example() {
	shop := shopifytest.NewServer(nil)
	defer shop.Close()
	app, err := shopify.New(shopify.Config{ClientID: shop.ClientID(), ClientSecret: catalog.NewSecret(shop.ClientSecret()), Transport: shop.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	stores := &catalog.Stores{Registry: &catalog.Registry{}, Accounts: &catalog.MemoryAccounts{}, Credentials: credentials{shop.Token()}}
	if err := stores.Registry.Register(app); err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if err := stores.Accounts.Put(ctx, catalog.Account{ID: "tenant-42", Platform: "shopify", Store: shop.Shop()}); err != nil {
		fmt.Println(err)
		return
	}

	inbox := webhook.NewMemoryInbox(webhook.MemoryInboxConfig{})
	server := httptest.NewServer(&webhook.Receiver{Stores: stores, Inbox: inbox})
	defer server.Close()

	order := shop.Orders()[0]
	delivery := shop.Webhook("orders/create", shop.OrderPayload(order))
	for range 2 {
		attempts, err := shop.Send(ctx, server.URL+"/webhooks/shopify/orders/create", delivery)
		fmt.Println("answered", attempts[0].Status, err)
	}

	d := webhook.NewDispatcher(stores, inbox)
	d.On(catalog.EventOrderCreated, func(ctx context.Context, ev catalog.Event) error {
		order, err := stores.Order(ctx, ev)
		if err != nil {
			return err
		}
		fmt.Println(ev.Account, ev.Kind, order.Number)
		stop()
		return nil
	})
	fmt.Println("stopped", d.Run(ctx))
	// Output:
	// answered 200 <nil>
	// answered 200 <nil>
	// tenant-42 order.created #1001
	// stopped <nil>
}
