package magentotest

import (
	"net/http"
	"strings"
	"testing"
)

type bulkAnswer struct {
	UUID   string `json:"bulk_uuid"`
	Items  []struct{ Status string }
	Errors bool
}

type bulkState struct {
	Operations []struct {
		ID      int
		Status  int
		Message string `json:"result_message"`
		Code    *int   `json:"error_code"`
	} `json:"operations_list"`
	Count int `json:"operation_count"`
}

func accepted(t *testing.T, r reply) bulkAnswer {
	t.Helper()
	if r.status != http.StatusAccepted {
		t.Fatalf("%d %s", r.status, r.body)
	}
	r.status = http.StatusOK
	return decode[bulkAnswer](t, r)
}

func TestBulkRequests(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	a := accepted(t, do(t, s, "PUT", "/rest/all/async/bulk/V1/products/bySku", `[{"product":{"sku":"AB/15","price":3.5},"saveOptions":true},{"product":{"sku":"AB/15","price":-1}}]`))
	if a.UUID == "" || a.Errors {
		t.Errorf("%+v", a)
	}
	wantEffects(t, s)
	path := "/V1/bulk/" + a.UUID
	if b := decode[bulkState](t, get(t, s, path+"/status")); b.Count != 2 || b.Operations[0].Status != 4 || b.Operations[1].Status != 4 {
		t.Errorf("%+v", b)
	}
	b := decode[bulkState](t, get(t, s, path+"/status"))
	if b.Operations[0].Status != 1 || b.Operations[1].Status != 3 || b.Operations[1].Code == nil || !strings.Contains(b.Operations[1].Message, "0 or greater") {
		t.Errorf("%+v", b)
	}
	if s.ProductBySKU("AB/15").Price != "3.5" {
		t.Error("the price is the old one")
	}
	wantEffects(t, s, "product.update AB/15")
	if r := get(t, s, path+"/detailed-status"); !strings.Contains(r.body, "meta_information") || !strings.Contains(r.body, a.UUID) {
		t.Error(r.body)
	}
	if n := decode[int](t, get(t, s, path+"/operation-status/1")); n != 1 {
		t.Errorf("%d complete", n)
	}
	if p := decode[page](t, get(t, s, "/V1/bulk"+sc(9, 1, "", "status", "eq", "3"))); p.TotalCount != 1 {
		t.Errorf("%d failed", p.TotalCount)
	}
	failure(t, get(t, s, "/V1/bulk/none/status"), 404)
}

func TestBulkWorkOfManyKinds(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, QueueRequests: 1})
	o, kept := s.AddSale(false), s.AddProduct(Product{SKU: "KEPT", Price: "1"})
	x := s.AddCustomer(Customer{Email: "x@example.com", FirstName: "X", LastName: "Y"})
	for _, try := range [][3]string{
		{"POST", "async/V1/products", `{"product":{"sku":"ASYNC","name":"Later","price":1,"attribute_set_id":4}}`},
		{"POST", "async/bulk/V1/inventory/source-items", `[{"sourceItems":[{"sku":"ASYNC","source_code":"default","quantity":4,"status":1}]}]`},
		{"PUT", "async/bulk/V1/products/byProductSku/stockItems/byItemId", `[{"productSku":"KEPT","itemId":` + itoa(kept.ID) + `,"stockItem":{"qty":5,"is_in_stock":true}}]`},
		{"POST", "async/bulk/V1/orders/byId/cancel", `[{"id":` + itoa(o.ID) + `}]`},
		{"PUT", "async/bulk/V1/customers/byCustomerId", `[{"customer":{"id":` + itoa(x.ID) + `,"email":"x@example.com","firstname":"X","lastname":"Z","website_id":1}}]`},
		{"DELETE", "async/bulk/V1/products/bySku", `[{"sku":"ASYNC"}]`},
	} {
		a := accepted(t, do(t, s, try[0], "/rest/all/"+try[1], try[2]))
		b := decode[bulkState](t, get(t, s, "/V1/bulk/"+a.UUID+"/status"))
		if b.Operations[0].Status != 1 {
			t.Errorf("%s %s: %+v", try[0], try[1], b)
		}
	}
	wantEffects(t, s, "product.create ASYNC", "stock.set ASYNC@default", "stock.set KEPT@default", "order.cancel "+itoa(o.ID), "customer.update "+itoa(x.ID), "product.delete ASYNC")
}

func TestBadBulkRequests(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{QueueRequests: 1})
	const put = "/rest/all/async/bulk/V1/products/bySku"
	failure(t, do(t, s, "PUT", put, `{"product":{"sku":"AB/15","price":3.5}}`), 400)
	failure(t, do(t, s, "PUT", put, `[{"product":{"sku":"AB/15","price":3.5}},7]`), 400)
	failure(t, do(t, s, "POST", "/rest/all/async/bulk/V1/orders/byId/cancel", `[{}]`), 400)
	failure(t, do(t, s, "PUT", "/rest/all/async/bulk/V1/products/AB", `[]`), 404)
	failure(t, get(t, s, "/rest/all/async/V1/products"+sc(1, 1, "")), 404)
	get(t, s, "/V1/store/websites")
	wantEffects(t, s)
	never := start(t, &Config{QueueRequests: -1})
	a := accepted(t, do(t, never, "POST", "/rest/all/async/V1/orders/"+itoa(never.AddSale(false).ID)+"/cancel", ""))
	for range 5 {
		if b := decode[bulkState](t, get(t, never, "/V1/bulk/"+a.UUID+"/status")); b.Operations[0].Status != 4 {
			t.Errorf("%+v", b)
		}
	}
	saas := start(t, &Config{TB: t, Edition: SaaS})
	accepted(t, do(t, saas, "PUT", "/V1/async/bulk/products/bySku", `[{"product":{"sku":"AB/15","price":3.5}}]`))
	for range 2 {
		get(t, saas, "/V1/store/websites")
	}
	wantEffects(t, saas, "product.update AB/15")
}
