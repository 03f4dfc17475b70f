package shopify

import (
	"encoding/json"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// topic is what a webhook topic means. Bodies marked partial are not the whole
// record: they hold its id, or leave parts out.
// https://shopify.dev/docs/api/webhooks/latest
type topic struct {
	kind     catalog.EventKind
	resource catalog.Resource
	partial  bool
}

var topics = map[string]topic{
	"products/create":             {catalog.ProductCreated, catalog.Products, true}, // at most 100 variants
	"products/update":             {catalog.ProductUpdated, catalog.Products, true},
	"products/delete":             {catalog.ProductDeleted, catalog.Products, true},
	"inventory_levels/update":     {catalog.InventoryChanged, catalog.Inventory, true},
	"inventory_levels/connect":    {catalog.InventoryChanged, catalog.Inventory, true},
	"inventory_levels/disconnect": {catalog.InventoryChanged, catalog.Inventory, true},
	"orders/create":               {catalog.OrderCreated, catalog.Orders, false},
	"orders/updated":              {catalog.OrderUpdated, catalog.Orders, false},
	"orders/edited":               {catalog.OrderUpdated, catalog.Orders, true},
	"orders/paid":                 {catalog.OrderPaid, catalog.Orders, false},
	"orders/cancelled":            {catalog.OrderCanceled, catalog.Orders, false},
	"orders/delete":               {catalog.OrderDeleted, catalog.Orders, true},
	"orders/fulfilled":            {catalog.OrderFulfilled, catalog.Orders, false},
	"orders/partially_fulfilled":  {catalog.OrderFulfilled, catalog.Orders, false},
	"fulfillments/create":         {catalog.OrderFulfilled, catalog.Orders, true},
	"fulfillments/update":         {catalog.OrderFulfilled, catalog.Orders, true},
	"refunds/create":              {catalog.OrderRefundMade, catalog.Orders, true},
	"customers/create":            {catalog.CustomerCreated, catalog.Customers, true},
	"customers/update":            {catalog.CustomerUpdated, catalog.Customers, true},
	"customers/delete":            {catalog.CustomerDeleted, catalog.Customers, true},
	"app/uninstalled":             {catalog.AppUninstalled, catalog.App, true},
	"shop/update":                 {catalog.ShopUpdated, catalog.Shops, true},
	"customers/data_request":      {catalog.PrivacyDataRequest, catalog.Customers, true},
	"customers/redact":            {catalog.PrivacyCustomerRedact, catalog.Customers, true},
	"shop/redact":                 {catalog.PrivacyShopRedact, catalog.Shops, true},
}

// identify finds the id of the record an event is about. Ids exceed 2^53, so
// they are taken from their digits.
func identify(e *catalog.Event) error {
	var body struct {
		ID              string `json:"id"`
		OrderID         string `json:"order_id"`
		InventoryItemID string `json:"inventory_item_id"`
		Customer        struct {
			ID string `json:"id"`
		} `json:"customer"`
		OrderEdit struct {
			OrderID string `json:"order_id"`
		} `json:"order_edit"`
		Refund struct {
			OrderID string `json:"order_id"`
		} `json:"refund"`
	}
	if _, err := transport.Decode(json.RawMessage(e.Payload), &body); err != nil {
		return &catalog.Error{Platform: Platform, Op: "read webhook " + e.Topic, Kind: catalog.ErrBadAnswer, Message: "the body is authentic but cannot be read", Err: err}
	}
	switch e.Topic {
	case "fulfillments/create", "fulfillments/update":
		e.ResourceID = body.OrderID
	case "refunds/create":
		e.ResourceID = body.OrderID
		if e.ResourceID == "" {
			e.ResourceID = body.Refund.OrderID
		}
	case "orders/edited":
		e.ResourceID = body.OrderEdit.OrderID
	case "customers/data_request", "customers/redact":
		e.ResourceID = body.Customer.ID
	default:
		e.ResourceID = body.ID
		if e.Resource == catalog.Inventory {
			e.ResourceID = body.InventoryItemID
		}
	}
	return nil
}
