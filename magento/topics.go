package magento

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// topic is what an event means. id names the member of the record that has the
// id; saved topics come for new records and for changed ones.
type topic struct {
	kind     catalog.EventKind
	resource catalog.Resource
	id       string // "" = entity_id or id
	created  catalog.EventKind
	whole    bool // async-events sends the whole record, see wholeRecord
}

// topics of Mage-OS async-events, which senders of the merchant's own are asked
// to use too, then of Adobe I/O Events without their prefix.
// https://github.com/mage-os/mageos-common-async-events
// https://developer.adobe.com/commerce/extensibility/events
var topics = map[string]topic{
	"sales.order.created":   {kind: catalog.EventOrderCreated, resource: catalog.Orders, whole: true},
	"sales.order.updated":   {kind: catalog.EventOrderUpdated, resource: catalog.Orders, whole: true},
	"sales.order.paid":      {kind: catalog.EventOrderPaid, resource: catalog.Orders, whole: true},
	"sales.order.shipped":   {kind: catalog.EventOrderFulfilled, resource: catalog.Orders},
	"sales.order.holded":    {kind: catalog.EventOrderUpdated, resource: catalog.Orders, whole: true},
	"sales.order.unholded":  {kind: catalog.EventOrderUpdated, resource: catalog.Orders, whole: true},
	"sales.unholdedcreated": {kind: catalog.EventOrderUpdated, resource: catalog.Orders, whole: true}, // as the module calls it by mistake
	"sales.order.cancelled": {kind: catalog.EventOrderCancelled, resource: catalog.Orders, whole: true},
	// The record is the document, the change is the order's.
	"sales.shipment.created":   {kind: catalog.EventOrderUpdated, resource: catalog.Orders, id: "order_id"},
	"sales.invoice.created":    {kind: catalog.EventOrderUpdated, resource: catalog.Orders, id: "order_id"},
	"sales.invoice.paid":       {kind: catalog.EventOrderPaid, resource: catalog.Orders, id: "order_id"},
	"sales.creditmemo.created": {kind: catalog.EventOrderRefunded, resource: catalog.Orders, id: "order_id"},
	"catalog.product.created":  {kind: catalog.EventProductCreated, resource: catalog.Products},
	"catalog.product.updated":  {kind: catalog.EventProductUpdated, resource: catalog.Products},
	"catalog.product.deleted":  {kind: catalog.EventProductDeleted, resource: catalog.Products},
	"customer.created":         {kind: catalog.EventCustomerCreated, resource: catalog.Customers, whole: true},
	"customer.updated":         {kind: catalog.EventCustomerUpdated, resource: catalog.Customers, whole: true},
	"customer.deleted":         {kind: catalog.EventCustomerDeleted, resource: catalog.Customers},

	"observer.catalog_product_save_commit_after":   {kind: catalog.EventProductUpdated, created: catalog.EventProductCreated, resource: catalog.Products},
	"observer.catalog_product_save_after":          {kind: catalog.EventProductUpdated, created: catalog.EventProductCreated, resource: catalog.Products},
	"observer.catalog_product_delete_commit_after": {kind: catalog.EventProductDeleted, resource: catalog.Products},
	"observer.catalog_product_delete_after":        {kind: catalog.EventProductDeleted, resource: catalog.Products},

	"observer.cataloginventory_stock_item_save_commit_after": {kind: catalog.EventInventoryChanged, resource: catalog.Inventory, id: "product_id"},

	"observer.sales_order_save_commit_after":         {kind: catalog.EventOrderUpdated, created: catalog.EventOrderCreated, resource: catalog.Orders},
	"observer.sales_order_save_after":                {kind: catalog.EventOrderUpdated, created: catalog.EventOrderCreated, resource: catalog.Orders},
	"plugin.sales.api.order_management.place":        {kind: catalog.EventOrderCreated, resource: catalog.Orders},
	"observer.sales_order_shipment_save_after":       {kind: catalog.EventOrderUpdated, resource: catalog.Orders, id: "order_id"},
	"observer.sales_order_shipment_track_save_after": {kind: catalog.EventOrderUpdated, resource: catalog.Orders, id: "order_id"},
	"observer.sales_order_status_history_save_after": {kind: catalog.EventOrderUpdated, resource: catalog.Orders, id: "parent_id"},
	"plugin.sales.api.order_repository.save":         {kind: catalog.EventOrderUpdated, created: catalog.EventOrderCreated, resource: catalog.Orders},
	"observer.sales_order_invoice_save_after":        {kind: catalog.EventOrderUpdated, resource: catalog.Orders, id: "order_id"},
	"observer.sales_order_creditmemo_save_after":     {kind: catalog.EventOrderRefunded, resource: catalog.Orders, id: "order_id"},

	"observer.customer_save_commit_after":   {kind: catalog.EventCustomerUpdated, created: catalog.EventCustomerCreated, resource: catalog.Customers},
	"observer.customer_save_after":          {kind: catalog.EventCustomerUpdated, created: catalog.EventCustomerCreated, resource: catalog.Customers},
	"observer.customer_delete_commit_after": {kind: catalog.EventCustomerDeleted, resource: catalog.Customers},
	"observer.customer_delete_after":        {kind: catalog.EventCustomerDeleted, resource: catalog.Customers},
}

// ioTopic is an event's code without what comes before it: apps that share an
// organisation have a part of their own there.
func ioTopic(eventType string) string {
	rest, ok := strings.CutPrefix(eventType, "com.adobe.commerce.")
	if !ok {
		return eventType
	}
	for _, kind := range []string{"observer.", "plugin."} {
		if at := strings.Index("."+rest, "."+kind); at >= 0 {
			return rest[at:]
		}
	}
	return rest
}

// identify says what an event is about. Values hold the fields a merchant
// chose, ids as numbers or as texts: what is missing is left open.
//
// Only senders that read the record when they send it tell its time of change:
// what a shop's own hooks hold is the time of the change before.
func identify(e *catalog.Event, value json.RawMessage, scheme Scheme) {
	t, ok := topics[e.Topic]
	if !ok {
		return
	}
	e.Kind, e.Resource, e.Partial = t.kind, t.resource, !t.whole || scheme != SchemeAsyncEvents || !wholeRecord(t.resource, value)
	var n struct {
		EntityID  string `json:"entity_id"`
		ID        string `json:"id"`
		OrderID   string `json:"order_id"`
		ParentID  string `json:"parent_id"`
		ProductID string `json:"product_id"`
		New       *bool  `json:"_isNew"`
		CreatedAt moment `json:"created_at"`
		UpdatedAt moment `json:"updated_at"`
	}
	if len(value) == 0 {
		return
	}
	if _, err := decode(value, &n); err != nil {
		return // an event about something unknown is still an event
	}
	id := n.EntityID
	switch t.id {
	case "order_id":
		id = n.OrderID
	case "parent_id":
		id = n.ParentID
	case "product_id":
		id = n.ProductID
	default:
		id = cmp.Or(id, n.ID)
	}
	if checkID("", "", id) == nil {
		e.ResourceID = id
	}
	if t.created != "" && (n.New != nil && *n.New || n.New == nil && !n.CreatedAt.IsZero() && n.CreatedAt.Equal(n.UpdatedAt.Time)) {
		e.Kind = t.created
	}
	if e.OccurredAt.IsZero() && t.id == "" {
		e.OccurredAt = n.UpdatedAt.Time
	}
	if (scheme == SchemeAsyncEvents || scheme == SchemeStandard) && t.id == "" && e.ResourceID != "" {
		e.UpdatedAt = n.UpdatedAt.Time
	}
}
