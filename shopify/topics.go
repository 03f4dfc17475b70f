package shopify

import (
	"encoding/json"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// topic is what a webhook topic means. Bodies marked partial are not the whole
// record: they hold its id, or leave parts out. None is whole, so that all
// records are fetched. An order's does not tell an order on hold from one that
// nothing was shipped of, when a parcel arrived, nor what is owed in the
// shopper's currency; a product's has neither costs nor weights; a customer's
// neither tags nor sums.
// https://shopify.dev/docs/api/webhooks/latest
type topic struct {
	kind     catalog.EventKind
	resource catalog.Resource
	partial  bool
}

var topics = map[string]topic{
	"products/create":             {catalog.EventProductCreated, catalog.Products, true}, // at most 100 variants
	"products/update":             {catalog.EventProductUpdated, catalog.Products, true},
	"products/delete":             {catalog.EventProductDeleted, catalog.Products, true},
	"inventory_levels/update":     {catalog.EventInventoryChanged, catalog.Inventory, true},
	"inventory_levels/connect":    {catalog.EventInventoryChanged, catalog.Inventory, true},
	"inventory_levels/disconnect": {catalog.EventInventoryChanged, catalog.Inventory, true},
	"orders/create":               {catalog.EventOrderCreated, catalog.Orders, true},
	"orders/updated":              {catalog.EventOrderUpdated, catalog.Orders, true},
	"orders/edited":               {catalog.EventOrderUpdated, catalog.Orders, true},
	"orders/paid":                 {catalog.EventOrderPaid, catalog.Orders, true},
	"orders/cancelled":            {catalog.EventOrderCancelled, catalog.Orders, true},
	"orders/delete":               {catalog.EventOrderDeleted, catalog.Orders, true},
	"orders/fulfilled":            {catalog.EventOrderFulfilled, catalog.Orders, true},
	"orders/partially_fulfilled":  {catalog.EventOrderFulfilled, catalog.Orders, true},
	"fulfillments/create":         {catalog.EventOrderFulfilled, catalog.Orders, true},
	"fulfillments/update":         {catalog.EventOrderFulfilled, catalog.Orders, true},
	"refunds/create":              {catalog.EventOrderRefunded, catalog.Orders, true},
	"customers/create":            {catalog.EventCustomerCreated, catalog.Customers, true},
	"customers/update":            {catalog.EventCustomerUpdated, catalog.Customers, true},
	"customers/delete":            {catalog.EventCustomerDeleted, catalog.Customers, true},
	"app/uninstalled":             {catalog.EventAppUninstalled, catalog.App, true},
	"shop/update":                 {catalog.EventShopUpdated, catalog.Shops, true},
	"customers/data_request":      {catalog.EventPrivacyDataRequest, catalog.Customers, true},
	"customers/redact":            {catalog.EventPrivacyCustomerRedact, catalog.Customers, true},
	"shop/redact":                 {catalog.EventPrivacyShopRedact, catalog.Shops, true},
}

// identify finds the id of the record an event is about. Ids exceed 2^53, so
// they are taken from their digits.
func identify(e *catalog.Event) error {
	var body struct {
		ID              string `json:"id"`
		ShopID          string `json:"shop_id"`
		OrderID         string `json:"order_id"`
		InventoryItemID string `json:"inventory_item_id"`
		UpdatedAt       string `json:"updated_at"`
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
	case "shop/redact":
		e.ResourceID = body.ShopID
	default:
		e.ResourceID = body.ID
		if e.Resource == catalog.Inventory {
			e.ResourceID = body.InventoryItemID
			return nil // the time is that of one place's stock
		}
		if at, err := time.Parse(time.RFC3339, body.UpdatedAt); err == nil && e.ResourceID != "" {
			e.UpdatedAt = at.UTC()
		}
	}
	return nil
}
