package magento_test

import (
	"encoding/json"
	"testing"

	"github.com/soukhq/souk/catalog/catalogtest"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// The suite tries async-events; here is every other scheme that signs. Of
// Adobe's two signatures one is sent, for either is a proof.
func TestAnyChangeIsRefusedByEveryScheme(t *testing.T) {
	t.Parallel()
	server := newServer(t, magentotest.Config{Edition: magentotest.Commerce, Products: 5, Orders: 5, Customers: 5})
	standard, err := server.StandardDelivery("customer.updated", server.Customers()[0])
	if err != nil {
		t.Fatal(err)
	}
	io := server.IODelivery(ioEvent(t, server, productSaved, server.Products()[1], false))
	io.Header.Del(magentotest.HeaderSignature2)
	for scheme, c := range map[magento.Scheme]struct {
		sent   magentotest.Delivery
		secret string
		proofs []string
	}{
		magento.SchemeStandard: {standard, server.StandardSecret(), []string{magentotest.HeaderWebhookID, magentotest.HeaderWebhookTS, magentotest.HeaderWebhookSig}},
		magento.SchemeIOEvents: {io, "", []string{magentotest.HeaderSignature1}},
		magento.SchemeCommerce: {server.CommerceDelivery("observer.sales_order_place_after", json.RawMessage(`{"order":{"entity_id":"8"}}`)), string(server.WebhookPublicKey()), []string{magentotest.HeaderCommerce}},
	} {
		t.Run(string(scheme), func(t *testing.T) {
			t.Parallel()
			var secrets []string
			if c.secret != "" {
				secrets = []string{c.secret}
			}
			v := verifying(t, server, scheme, secrets...)
			catalogtest.RefusesEveryChange(t, v, delivery(c.sent, "/"), c.proofs...)
			// The time is that of the record's change only where the sender
			// reads the record when it sends it.
			if e := one(t, v, delivery(c.sent, "/")); e.UpdatedAt.IsZero() == (scheme == magento.SchemeStandard) {
				t.Errorf("the event is of %v", e.UpdatedAt)
			}
		})
	}
}
