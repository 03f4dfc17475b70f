package catalogtest

import (
	"context"
	"iter"
	"time"

	"github.com/soukhq/souk/catalog"
)

// item is a record of any kind.
type item struct {
	id               string
	created, updated time.Time
	record           catalog.Record
	value            any
	clone            func() catalog.RawHolder // nil where the kind has no Clone
}

// query selects records of any kind; it holds the filters of all of them.
type query struct {
	catalog.ListOptions
	updatedSince, updatedBefore time.Time
	createdSince, createdBefore time.Time
	status                      []string
	payment                     []catalog.PaymentStatus
	fulfillment                 []catalog.FulfillmentStatus
	customer, email             string
	location, sku               string
	items                       []string
}

// changes is a reader of changes of any kind.
type changes interface {
	all(ctx context.Context) iter.Seq2[item, error]
	checkpoint() string
}

// kind is one kind of record with its type erased, so that a rule is written
// once for all.
type kind struct {
	resource catalog.Resource
	truth    func(*Store) Records
	list     func(ctx context.Context, e catalog.Engine, q query) iter.Seq2[item, error]
	get      func(ctx context.Context, e catalog.Engine, id string) (item, error) // nil where there is no single read
	changes  func(e catalog.Engine, checkpoint string, o catalog.ChangeOptions) changes
	filters  []catalog.Filter // those its query has fields for
	samples  func(Samples) []item
}

// kinds are all kinds; those of a platform are the ones Features lists.
var kinds = []kind{products, orders, customers, inventory, locations}

// coreKinds are the kinds that every platform has.
var coreKinds = []kind{products, orders, customers}

var products = kind{
	resource: catalog.Products,
	truth:    func(s *Store) Records { return s.Products },
	filters:  []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterStatus},
	list: func(ctx context.Context, e catalog.Engine, q query) iter.Seq2[item, error] {
		return erase(e.Products(ctx, catalog.ProductQuery{ListOptions: q.ListOptions, UpdatedSince: q.updatedSince, UpdatedBefore: q.updatedBefore,
			CreatedSince: q.createdSince, CreatedBefore: q.createdBefore, Status: words[catalog.ProductStatus](q.status)}), productItem)
	},
	get: func(ctx context.Context, e catalog.Engine, id string) (item, error) {
		v, err := e.Product(ctx, id)
		return productItem(v), err
	},
	changes: func(e catalog.Engine, c string, o catalog.ChangeOptions) changes {
		return reader[catalog.Product]{catalog.ProductChanges(e, c, o), productItem}
	},
	samples: func(s Samples) []item { return itemsOf(s.Products, productItem) },
}

func productItem(v catalog.Product) item {
	return item{v.ID, v.CreatedAt, v.UpdatedAt, v.Record, v, func() catalog.RawHolder { return v.Clone() }}
}

var orders = kind{
	resource: catalog.Orders,
	truth:    func(s *Store) Records { return s.Orders },
	filters: []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterStatus, catalog.FilterPayment,
		catalog.FilterFulfillment, catalog.FilterCustomer},
	list: func(ctx context.Context, e catalog.Engine, q query) iter.Seq2[item, error] {
		return erase(e.Orders(ctx, catalog.OrderQuery{ListOptions: q.ListOptions, UpdatedSince: q.updatedSince, UpdatedBefore: q.updatedBefore,
			CreatedSince: q.createdSince, CreatedBefore: q.createdBefore, Status: words[catalog.OrderStatus](q.status),
			Payment: q.payment, Fulfillment: q.fulfillment, CustomerID: q.customer}), orderItem)
	},
	get: func(ctx context.Context, e catalog.Engine, id string) (item, error) {
		v, err := e.Order(ctx, id)
		return orderItem(v), err
	},
	changes: func(e catalog.Engine, c string, o catalog.ChangeOptions) changes {
		return reader[catalog.Order]{catalog.OrderChanges(e, c, o), orderItem}
	},
	samples: func(s Samples) []item { return itemsOf(s.Orders, orderItem) },
}

func orderItem(v catalog.Order) item {
	return item{v.ID, v.CreatedAt, v.UpdatedAt, v.Record, v, func() catalog.RawHolder { return v.Clone() }}
}

var customers = kind{
	resource: catalog.Customers,
	truth:    func(s *Store) Records { return s.Customers },
	filters:  []catalog.Filter{catalog.FilterUpdated, catalog.FilterCreated, catalog.FilterEmail},
	list: func(ctx context.Context, e catalog.Engine, q query) iter.Seq2[item, error] {
		return erase(e.Customers(ctx, catalog.CustomerQuery{ListOptions: q.ListOptions, UpdatedSince: q.updatedSince, UpdatedBefore: q.updatedBefore,
			CreatedSince: q.createdSince, CreatedBefore: q.createdBefore, Email: q.email}), customerItem)
	},
	get: func(ctx context.Context, e catalog.Engine, id string) (item, error) {
		v, err := e.Customer(ctx, id)
		return customerItem(v), err
	},
	changes: func(e catalog.Engine, c string, o catalog.ChangeOptions) changes {
		return reader[catalog.Customer]{catalog.CustomerChanges(e, c, o), customerItem}
	},
	samples: func(s Samples) []item { return itemsOf(s.Customers, customerItem) },
}

func customerItem(v catalog.Customer) item {
	return item{v.ID, v.CreatedAt, v.UpdatedAt, v.Record, v, func() catalog.RawHolder { return v.Clone() }}
}

var inventory = kind{
	resource: catalog.Inventory,
	truth:    func(s *Store) Records { return s.Inventory },
	filters:  []catalog.Filter{catalog.FilterUpdated, catalog.FilterLocation, catalog.FilterItem, catalog.FilterSKU},
	list: func(ctx context.Context, e catalog.Engine, q query) iter.Seq2[item, error] {
		reader, ok := catalog.As[catalog.InventoryReader](e)
		if !ok {
			return refusal("read inventory")
		}
		return erase(reader.InventoryLevels(ctx, catalog.InventoryQuery{ListOptions: q.ListOptions, UpdatedSince: q.updatedSince,
			UpdatedBefore: q.updatedBefore, LocationID: q.location, ItemIDs: q.items, SKU: q.sku}), levelItem)
	},
	changes: func(e catalog.Engine, c string, o catalog.ChangeOptions) changes {
		return reader[catalog.InventoryLevel]{catalog.InventoryChanges(e, c, o), levelItem}
	},
	samples: func(s Samples) []item { return itemsOf(s.Inventory, levelItem) },
}

func levelItem(v catalog.InventoryLevel) item {
	return item{v.ItemID + "@" + v.LocationID, time.Time{}, v.UpdatedAt, v.Record, v, func() catalog.RawHolder { return v.Clone() }}
}

var locations = kind{
	resource: catalog.Locations,
	truth:    func(s *Store) Records { return s.Locations },
	list: func(ctx context.Context, e catalog.Engine, q query) iter.Seq2[item, error] {
		reader, ok := catalog.As[catalog.LocationReader](e)
		if !ok {
			return refusal("read locations")
		}
		return erase(reader.Locations(ctx, q.ListOptions), locationItem)
	},
	samples: func(s Samples) []item { return itemsOf(s.Locations, locationItem) },
}

func locationItem(v catalog.Location) item { return item{id: v.ID, record: v.Record, value: v} }
