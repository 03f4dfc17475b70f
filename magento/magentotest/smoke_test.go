package magentotest

import "testing"

func TestSmoke(t *testing.T) {
	s := start(t, nil)
	for _, p := range []string{"/V1/products" + sc(3, 1, "entity_id ASC"), "/V1/orders" + sc(2, 1, "entity_id ASC"), "/V1/customers/search" + sc(2, 1, "entity_id ASC"), "/V1/store/storeConfigs",
		"/V1/products/24-MB00000", "/V1/inventory/source-items" + sc(2, 1, ""), "/V1/shipments" + sc(1, 1, ""), "/V1/creditmemos" + sc(1, 1, ""), "/V1/invoices" + sc(1, 1, "")} {
		r := get(t, s, p)
		t.Logf("%s %d %s", p, r.status, r.body)
		decode[any](t, r)
	}
}
