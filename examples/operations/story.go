package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// story is what is done to one store. Nothing in here knows the platform.
type story struct {
	engine   catalog.Engine
	currency string
	store    store
	out      io.Writer
}

// tell does one thing after the other. It ends with the first that should have
// worked and did not.
func (s story) tell(ctx context.Context) error {
	for _, chapter := range []func(context.Context) error{s.subscribe, s.products, s.customers, s.orders} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	return nil
}

// step does one thing and prints what came of it. What a platform cannot do is
// no failure: the error says why, and what to do instead.
func (s story) step(ctx context.Context, what string, do func() (string, error)) error {
	did, err := do()
	if lost, ok := errors.AsType[*catalog.OutcomeError](err); ok {
		// The answer was lost on its way: the store knows what happened.
		found, confirmErr := lost.Confirm(ctx)
		if confirmErr == nil && found == catalog.OutcomeDone {
			did, err = "done, as the store confirms", nil
		}
	}
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		fmt.Fprintf(s.out, "  cannot  %-22s %s\n", what, reason(err))
	case err != nil:
		return fmt.Errorf("%s: %w", what, err)
	default:
		fmt.Fprintf(s.out, "  did     %-22s %s\n", what, did)
	}
	return nil
}

// reason is what an ErrUnsupported says to do instead.
func reason(err error) string {
	if failed, ok := errors.AsType[*catalog.Error](err); ok && failed.Hint != "" {
		return failed.Hint
	}
	return err.Error()
}

func (s story) money(amount string) catalog.Money {
	m, err := catalog.NewMoney(amount, s.currency)
	if err != nil {
		panic(err) // the amounts stand in this program
	}
	return m
}

func (s story) subscribe(ctx context.Context) error {
	for _, what := range []string{"subscribe", "subscribe again"} {
		err := s.step(ctx, what, func() (string, error) {
			subscriber, err := catalog.Require[catalog.Subscriber](s.engine)
			if err != nil {
				return "", err
			}
			changes, err := subscriber.EnsureSubscriptions(ctx, s.store.subscriptions)
			return fmt.Sprintf("%d created, %d updated, %d removed", len(changes.Created), len(changes.Updated), len(changes.Removed)), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

var none catalog.WriteOptions

func (s story) products(ctx context.Context) error {
	writer, err := catalog.Require[catalog.ProductWriter](s.engine)
	if err != nil {
		return s.step(ctx, "create a product", func() (string, error) { return "", err })
	}
	var product catalog.Product
	err = s.step(ctx, "create a product", func() (string, error) {
		product, err = writer.CreateProduct(ctx, catalog.ProductInput{
			Title: "Coffee from Sanaa", Description: "<p>Dark, with cardamom.</p>", Status: catalog.ProductActive,
			Variants: []catalog.VariantInput{{SKU: "COFFEE-SANAA", Price: s.money("12.5"), Tracked: true, Weight: catalog.Weight{Value: "0.5", Unit: "kg"}}},
		}, none)
		return fmt.Sprintf("%s %q, %s", product.ID, product.Title, priceOf(product)), err
	})
	if err != nil {
		return err
	}
	err = s.step(ctx, "edit it", func() (string, error) {
		// What is not named stays as it is; Set("") would empty a field.
		patch := catalog.ProductPatch{Title: catalog.Set("Coffee from Haraz")}
		if len(product.Variants) > 0 {
			patch.Variants = []catalog.VariantPatch{{ID: product.Variants[0].ID, Price: catalog.Set(s.money("14"))}}
		}
		if product, err = writer.UpdateProduct(ctx, product.ID, patch, none); err != nil {
			return "", err
		}
		return fmt.Sprintf("%q, %s; the description is still %q", product.Title, priceOf(product), product.Description), nil
	})
	if err != nil {
		return err
	}
	if err := s.stock(ctx, product); err != nil {
		return err
	}
	return s.step(ctx, "delete it", func() (string, error) {
		if err := writer.DeleteProduct(ctx, product.ID, none); err != nil {
			return "", err
		}
		if _, err := s.engine.Product(ctx, product.ID); !errors.Is(err, catalog.ErrNotFound) {
			return "", fmt.Errorf("the deleted product was read: %w", err)
		}
		return "gone", nil
	})
}

func priceOf(p catalog.Product) string {
	if len(p.Variants) == 0 {
		return "no variants"
	}
	return p.Variants[0].Price.String()
}

func (s story) stock(ctx context.Context, product catalog.Product) error {
	if len(product.Variants) == 0 {
		return errors.New("the product has no variant")
	}
	item, location := product.Variants[0].ItemID(), ""
	if locations, ok := catalog.As[catalog.LocationReader](s.engine); ok {
		for l, err := range locations.Locations(ctx, catalog.ListOptions{Limit: 1}) {
			if err != nil {
				return err
			}
			location = l.ID
		}
	}
	level := catalog.InventorySet{ItemID: item, LocationID: location, Available: catalog.NewQuantity(20)}
	err := s.step(ctx, "set its stock", func() (string, error) {
		setter, err := catalog.Require[catalog.InventorySetter](s.engine)
		if err == nil {
			err = setter.SetInventory(ctx, []catalog.InventorySet{level}, none)
		}
		return "20 at location " + location, err
	})
	if err != nil {
		return err
	}
	err = s.step(ctx, "set it if it is 20", func() (string, error) {
		setter, err := catalog.Require[catalog.InventorySetter](s.engine)
		if err != nil {
			return "", err
		}
		expected := catalog.NewQuantity(20)
		level.Available, level.Expected = catalog.NewQuantity(15), &expected
		return "15", setter.SetInventory(ctx, []catalog.InventorySet{level}, none)
	})
	if err != nil {
		return err
	}
	return s.step(ctx, "sell two elsewhere", func() (string, error) {
		adjuster, err := catalog.Require[catalog.InventoryAdjuster](s.engine)
		if err == nil {
			err = adjuster.AdjustInventory(ctx, []catalog.InventoryDelta{{ItemID: item, LocationID: location, Delta: catalog.NewQuantity(-2)}}, none)
		}
		return "two less", err
	})
}

func (s story) customers(ctx context.Context) error {
	writer, err := catalog.Require[catalog.CustomerWriter](s.engine)
	var customer catalog.Customer
	err = s.step(ctx, "create a customer", func() (string, error) {
		if err != nil {
			return "", err
		}
		huda := catalog.CustomerPatch{FirstName: catalog.Set("Huda"), LastName: catalog.Set("Saleh"), Email: catalog.Set("huda@example.com"), Phone: catalog.Set("+966501234567")}
		if customer, err = writer.CreateCustomer(ctx, huda, none); errors.Is(err, errors.ErrUnsupported) {
			huda.Phone = catalog.Field[string]{} // some keep it with addresses alone
			customer, err = writer.CreateCustomer(ctx, huda, none)
		}
		return customer.ID, err
	})
	if err != nil || customer.ID == "" {
		return err
	}
	return s.step(ctx, "rename her", func() (string, error) {
		changed, err := writer.UpdateCustomer(ctx, customer.ID, catalog.CustomerPatch{LastName: catalog.Set("Al-Saleh")}, none)
		return strings.Join([]string{changed.FirstName, changed.LastName, changed.Email}, " "), err
	})
}

func number[N int | int64](n N) string { return strconv.FormatInt(int64(n), 10) }
