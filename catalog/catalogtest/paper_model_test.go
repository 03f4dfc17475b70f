package catalogtest_test

import (
	"context"
	"iter"

	"github.com/soukhq/souk/catalog"
)

func mapped[T any](rows iter.Seq2[row, error], to func(row) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for r, err := range rows {
			var v T
			if err == nil {
				v = to(r)
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

// refuse is what a query asks for that paper cannot do.
func refuse[T any](op string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, catalog.Unsupported("paper", op, "read the whole list"))
	}
}

func toProduct(r row) catalog.Product {
	p := catalog.Product{Record: r.record, ID: r.ID, Title: r.Name, NativeStatus: r.State, Tags: r.Labels,
		Variants: []catalog.Variant{{ID: r.ID, Price: r.price}}, CreatedAt: r.created, UpdatedAt: r.updated}
	switch r.State {
	case "live":
		p.Status = catalog.ProductActive
	case "hidden":
		p.Status = catalog.ProductHidden
	default:
		p.Status = catalog.ProductStatusUnknown
	}
	return p
}

func toOrder(r row) catalog.Order {
	return catalog.Order{Record: r.record, ID: r.ID, Number: r.Name, NativeStatus: r.State, Tags: r.Labels, Currency: "SAR",
		Total: catalog.DualMoney{Store: r.price}, CreatedAt: r.created, UpdatedAt: r.updated}
}

func toCustomer(r row) catalog.Customer {
	return catalog.Customer{Record: r.record, ID: r.ID, Name: r.Name, NativeState: r.State, Tags: r.Labels, Spent: r.price,
		CreatedAt: r.created, UpdatedAt: r.updated}
}

func (e *paperEngine) Product(ctx context.Context, id string) (catalog.Product, error) {
	r, err := e.one(ctx, "products", id)
	if err != nil {
		return catalog.Product{}, err
	}
	return toProduct(r), nil
}

func (e *paperEngine) Order(ctx context.Context, id string) (catalog.Order, error) {
	r, err := e.one(ctx, "orders", id)
	if err != nil {
		return catalog.Order{}, err
	}
	return toOrder(r), nil
}

func (e *paperEngine) Customer(ctx context.Context, id string) (catalog.Customer, error) {
	r, err := e.one(ctx, "customers", id)
	if err != nil {
		return catalog.Customer{}, err
	}
	return toCustomer(r), nil
}

func (e *paperEngine) Products(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	if len(q.Status) > 0 || !q.CreatedSince.IsZero() || !q.CreatedBefore.IsZero() {
		return refuse[catalog.Product]("list products")
	}
	return mapped(e.rows(ctx, "products", q.ListOptions, q.UpdatedSince, q.UpdatedBefore), toProduct)
}

func (e *paperEngine) Orders(ctx context.Context, q catalog.OrderQuery) iter.Seq2[catalog.Order, error] {
	if len(q.Status)+len(q.Payment)+len(q.Fulfillment) > 0 || q.CustomerID != "" || !q.CreatedSince.IsZero() || !q.CreatedBefore.IsZero() {
		return refuse[catalog.Order]("list orders")
	}
	return mapped(e.rows(ctx, "orders", q.ListOptions, q.UpdatedSince, q.UpdatedBefore), toOrder)
}

func (e *paperEngine) Customers(ctx context.Context, q catalog.CustomerQuery) iter.Seq2[catalog.Customer, error] {
	if q.Email != "" || !q.CreatedSince.IsZero() || !q.CreatedBefore.IsZero() {
		return refuse[catalog.Customer]("list customers")
	}
	return mapped(e.rows(ctx, "customers", q.ListOptions, q.UpdatedSince, q.UpdatedBefore), toCustomer)
}
