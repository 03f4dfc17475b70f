package magento_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// readEverything makes the adapter send every request its reads know, with
// each filter by itself and all together.
func readEverything(t *testing.T, e *magento.Engine, s *magentotest.Server) {
	t.Helper()
	ctx := t.Context()
	try := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	since, before := time.Date(2020, 1, 2, 22, 4, 5, 6, time.UTC), time.Now().Add(time.Hour)
	_, err := e.Shop(ctx)
	try("shop", err)
	locations := drain(t, "locations", e.Locations(ctx, catalog.ListOptions{PageSize: 1}))

	for _, sort := range []catalog.Sort{catalog.SortStable, catalog.SortUpdated} {
		options := catalog.ListOptions{PageSize: 30, Sort: sort}
		products := drain(t, "products", e.Products(ctx, catalog.ProductQuery{ListOptions: options}))
		options.After = products[len(products)/2].Cursor
		drain(t, "products continued", e.Products(ctx, catalog.ProductQuery{ListOptions: options}))
		options.After = ""
		for _, status := range []catalog.ProductStatus{catalog.ProductActive, catalog.ProductHidden, catalog.ProductDraft} {
			drain(t, "products filtered", e.Products(ctx, catalog.ProductQuery{ListOptions: options, UpdatedSince: since, UpdatedBefore: before,
				CreatedSince: since, CreatedBefore: before, Status: []catalog.ProductStatus{status}}))
		}
		orders := drain(t, "orders", e.Orders(ctx, catalog.OrderQuery{ListOptions: options}))
		options.After = orders[len(orders)/2].Cursor
		drain(t, "orders continued", e.Orders(ctx, catalog.OrderQuery{ListOptions: options}))
		options.After = ""
		drain(t, "orders filtered", e.Orders(ctx, catalog.OrderQuery{ListOptions: options, UpdatedSince: since, UpdatedBefore: before, CreatedSince: since, CreatedBefore: before,
			Status: []catalog.OrderStatus{catalog.OrderPending, catalog.OrderOpen}, Payment: []catalog.PaymentStatus{catalog.PaymentPaid},
			Fulfillment: []catalog.FulfillmentStatus{catalog.FulfillmentDone}, CustomerID: "1"}))
		drain(t, "customers", e.Customers(ctx, catalog.CustomerQuery{ListOptions: options}))
		drain(t, "customers filtered", e.Customers(ctx, catalog.CustomerQuery{ListOptions: options, UpdatedSince: since, UpdatedBefore: before, CreatedSince: since,
			CreatedBefore: before, Email: "Customer+4@Example.com"}))
	}
	for _, sku := range []string{s.Products()[1].SKU, "a,b,19", "no such/sku?&"} {
		drain(t, "products by SKU", e.ProductsBySKU(ctx, sku))
	}
	_, err = e.Product(ctx, id(s.Products()[0].ID))
	try("product", err)
	order := id(s.Orders()[3].ID)
	_, err = e.Order(ctx, order)
	try("order", err)
	drain(t, "history", e.OrderHistory(ctx, order))
	customer := s.Customers()[1]
	_, err = e.Customer(ctx, id(customer.ID))
	try("customer", err)
	_, err = e.CustomerByEmail(ctx, customer.Email)
	try("customer by e-mail", err)

	levels := drain(t, "stock", e.InventoryLevels(ctx, catalog.InventoryQuery{}))
	for _, place := range append(locations, catalog.Location{}) {
		drain(t, "stock at "+place.ID, e.InventoryLevels(ctx, catalog.InventoryQuery{LocationID: place.ID, ListOptions: catalog.ListOptions{PageSize: 20}}))
		drain(t, "stock of items", e.InventoryLevels(ctx, catalog.InventoryQuery{LocationID: place.ID, ItemIDs: []string{levels[0].ItemID, "a%2Cb", levels[1].ItemID}}))
		drain(t, "stock of a SKU", e.InventoryLevels(ctx, catalog.InventoryQuery{LocationID: place.ID, SKU: levels[2].SKU}))
	}
	for _, what := range []catalog.Resource{catalog.Products, catalog.Orders, catalog.Customers} {
		_, err = e.Count(ctx, what)
		try("count "+string(what), err)
	}
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// TestRequestsOfTheAdapter holds every request of the adapter against the
// description of its edition.
func TestRequestsOfTheAdapter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spec   string
		config magentotest.Config
	}{
		"requests against 2.4.9":                        {onPremises, magentotest.Config{}},
		"requests against 2.4.9, without the modules":   {onPremises, magentotest.Config{NoMSI: true}},
		"requests against 2.4.9, where pages are small": {onPremises, magentotest.Config{PageLimit: 11}},
		"requests against SaaS":                         {asService, magentotest.Config{Edition: magentotest.SaaS}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := loadAPI(t, c.spec)
			c.config.TB, c.config.Products, c.config.Orders, c.config.Customers = t, 150, 60, 40
			s := magentotest.NewServer(&c.config)
			t.Cleanup(s.Close)
			wire := &recorder{to: s.Transport()}
			readEverything(t, open(t, s, wire, c.config.Edition == magentotest.SaaS), s)
			wire.check(t, a, name)
		})
	}
}
