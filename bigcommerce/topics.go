package bigcommerce

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// topic is what a webhook's scope means, and where in its data the id of the
// record is.
// https://developer.bigcommerce.com/docs/integrations/webhooks/events
type topic struct {
	kind     catalog.EventKind
	resource catalog.Resource
	id       func(*eventData) string
}

// eventData is the data of an event, as far as any scope has it. Ids are
// numbers or text; those of carts are not read.
type eventData struct {
	ID         string `json:"id"`
	OrderID    string `json:"order_id"`
	ShippedID  string `json:"orderId"` // the order of a shipment
	ProductID  string `json:"product_id"`
	VariantID  string `json:"variant_id"`
	CustomerID string `json:"customer_id"`
	LocationID string `json:"location_id"`
	ResourceID string `json:"resource_id"` // of a metafield
	SKU        struct {
		ProductID string `json:"product_id"`
	} `json:"sku"`
	Inventory struct {
		ProductID string `json:"product_id"`
		VariantID string `json:"variant_id"`
	} `json:"inventory"`
	Address struct {
		CustomerID string `json:"customer_id"`
	} `json:"address"`
	Status struct {
		New *int64 `json:"new_status_id"`
	} `json:"status"`
}

func (d *eventData) own() string      { return d.ID }
func (d *eventData) order() string    { return d.OrderID }
func (d *eventData) product() string  { return d.ProductID }
func (d *eventData) customer() string { return d.CustomerID }
func (d *eventData) location() string { return d.LocationID }
func (d *eventData) metafield() string {
	return d.ResourceID
}

// stock is the item whose stock changed. The id of a sku is an older one that
// no call takes.
func (d *eventData) stock() string {
	for _, id := range []string{d.Inventory.VariantID, d.VariantID} {
		if id != "" {
			return id
		}
	}
	for _, id := range []string{d.Inventory.ProductID, d.ProductID, d.ID} {
		if id != "" {
			return productItem + id
		}
	}
	return ""
}

var topics = map[string]topic{
	"store/order/created":         {catalog.EventOrderCreated, catalog.Orders, (*eventData).own},
	"store/order/archived":        {catalog.EventOrderDeleted, catalog.Orders, (*eventData).own},
	"store/order/refund/created":  {catalog.EventOrderRefunded, catalog.Orders, (*eventData).own},
	"store/product/created":       {catalog.EventProductCreated, catalog.Products, (*eventData).own},
	"store/product/updated":       {catalog.EventProductUpdated, catalog.Products, (*eventData).own},
	"store/product/deleted":       {catalog.EventProductDeleted, catalog.Products, (*eventData).own},
	"store/customer/created":      {catalog.EventCustomerCreated, catalog.Customers, (*eventData).own},
	"store/customer/updated":      {catalog.EventCustomerUpdated, catalog.Customers, (*eventData).own},
	"store/customer/deleted":      {catalog.EventCustomerDeleted, catalog.Customers, (*eventData).own},
	"store/shipment/created":      {catalog.EventOrderFulfilled, catalog.Orders, func(d *eventData) string { return d.ShippedID }},
	"store/information/updated":   {kind: catalog.EventShopUpdated, resource: catalog.Shops},
	"store/app/uninstalled":       {kind: catalog.EventAppUninstalled, resource: catalog.App},
	"store/order/statusUpdated":   {catalog.EventOrderUpdated, catalog.Orders, (*eventData).own},
	"store/order/updated":         {catalog.EventOrderUpdated, catalog.Orders, (*eventData).own},
	"store/order/message/created": {catalog.EventOrderUpdated, catalog.Orders, (*eventData).own},
}

// families are the scopes that have no entry of their own, the finer first.
var families = []struct {
	prefix string
	topic  topic
}{
	{"store/order/metafield/", topic{catalog.EventOther, catalog.Orders, (*eventData).metafield}},
	{"store/product/metafield/", topic{catalog.EventOther, catalog.Products, (*eventData).metafield}},
	{"store/customer/metafield/", topic{catalog.EventOther, catalog.Customers, (*eventData).metafield}},
	{"store/order/transaction/", topic{catalog.EventOrderUpdated, catalog.Orders, (*eventData).order}},
	{"store/shipment/", topic{catalog.EventOrderUpdated, catalog.Orders, func(d *eventData) string { return d.ShippedID }}},
	{"store/product/inventory/", topic{catalog.EventInventoryChanged, catalog.Inventory, (*eventData).stock}},
	{"store/sku/inventory/", topic{catalog.EventInventoryChanged, catalog.Inventory, (*eventData).stock}},
	// A variant is a part of its product, which no event of its own tells of.
	{"store/sku/", topic{catalog.EventProductUpdated, catalog.Products, func(d *eventData) string { return d.SKU.ProductID }}},
	{"store/customer/address/", topic{catalog.EventCustomerUpdated, catalog.Customers, func(d *eventData) string { return d.Address.CustomerID }}},
	{"store/customer/channel/", topic{catalog.EventCustomerUpdated, catalog.Customers, (*eventData).customer}},
	{"store/inventory/location/metafield/", topic{catalog.EventOther, catalog.Locations, (*eventData).metafield}},
	{"store/inventory/location/", topic{catalog.EventOther, catalog.Locations, (*eventData).location}},
}

// inChannel are the scopes of one channel, told apart by what follows its
// number; stock has a star in its place.
var inChannel = regexp.MustCompile(`^store/channel/(?:\*|[0-9]+)/(.*)$`)

var channelTopics = []struct {
	prefix string
	topic  topic
}{
	{"order/created", topic{catalog.EventOrderCreated, catalog.Orders, (*eventData).order}},
	{"order/", topic{catalog.EventOrderUpdated, catalog.Orders, (*eventData).order}},
	{"product/", topic{catalog.EventProductUpdated, catalog.Products, (*eventData).product}},
	{"inventory/product/", topic{catalog.EventInventoryChanged, catalog.Inventory, (*eventData).stock}},
}

func topicOf(scope string) topic {
	if t, ok := topics[scope]; ok {
		return t
	}
	list := families
	if parts := inChannel.FindStringSubmatch(scope); parts != nil {
		list, scope = channelTopics, parts[1]
	}
	for _, family := range list {
		if strings.HasPrefix(scope, family.prefix) {
			return family.topic
		}
	}
	return topic{kind: catalog.EventOther}
}

// statusKinds are what becomes of an order by its new status.
var statusKinds = map[int64]catalog.EventKind{
	statusShipped: catalog.EventOrderFulfilled, statusPartiallyShipped: catalog.EventOrderFulfilled, statusCancelled: catalog.EventOrderCancelled,
}

// identify says what an event is about. Data may be a list, or have no id: an
// event about something unknown is still an event.
func identify(e *catalog.Event, data json.RawMessage) {
	t := topicOf(e.Topic)
	e.Kind, e.Resource = t.kind, t.resource
	var d eventData
	if _, err := transport.Decode(data, &d); err != nil || t.id == nil {
		return
	}
	if d.Status.New != nil && e.Kind == catalog.EventOrderUpdated {
		if kind, ok := statusKinds[*d.Status.New]; ok {
			e.Kind = kind
		}
	}
	if id := t.id(&d); checkID("", "", strings.TrimPrefix(id, productItem)) == nil {
		e.ResourceID = id
	}
}
