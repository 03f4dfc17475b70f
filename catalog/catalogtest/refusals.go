package catalogtest

import (
	"context"

	"github.com/soukhq/souk/catalog"
)

// Refusal is an entry of Writes.Refused: a write with something that the
// platform lacks. It returns what the engine said.
type Refusal = func(context.Context, catalog.Engine) error

// Refused is the refusal of a write made through the capability C. Without the
// capability the write fails, but not with what a refusal needs.
func Refused[C any](write func(context.Context, C) error) Refusal {
	return func(ctx context.Context, e catalog.Engine) error {
		return with(e, func(c C) error { return write(ctx, c) })
	}
}

// RefusedCancel is the refusal of cancelling an order; order, asked when the
// write is made, names it.
func RefusedCancel(order func() string, r catalog.CancelRequest) Refusal {
	return Refused(func(ctx context.Context, c catalog.OrderCanceller) error {
		return c.CancelOrder(ctx, order(), r, catalog.WriteOptions{})
	})
}

// RefusedFulfill is the refusal of shipping an order; order, asked when the
// write is made, names it.
func RefusedFulfill(order func() string, r catalog.FulfillRequest) Refusal {
	return Refused(func(ctx context.Context, c catalog.Fulfiller) error {
		_, err := c.Fulfill(ctx, order(), r, catalog.WriteOptions{})
		return err
	})
}

// RefusedRefund is the refusal of a refund; order, asked when the write is made,
// names the order.
func RefusedRefund(order func() string, r catalog.RefundRequest) Refusal {
	return Refused(func(ctx context.Context, c catalog.Refunder) error {
		_, err := c.Refund(ctx, order(), r, catalog.WriteOptions{})
		return err
	})
}

// RefusedNote is the refusal of a note on an order; order, asked when the write
// is made, names it.
func RefusedNote(order func() string, n catalog.NoteInput) Refusal {
	return Refused(func(ctx context.Context, c catalog.OrderNoter) error {
		return c.AddOrderNote(ctx, order(), n, catalog.WriteOptions{})
	})
}

// RefusedUpdate is the refusal of changing a product; product, asked when the
// write is made, names it.
func RefusedUpdate(product func() string, p catalog.ProductPatch) Refusal {
	return Refused(func(ctx context.Context, c catalog.ProductWriter) error {
		_, err := c.UpdateProduct(ctx, product(), p, catalog.WriteOptions{})
		return err
	})
}

// RefusedLevel is the refusal of setting one level of stock.
func RefusedLevel(level catalog.InventorySet) Refusal {
	return Refused(func(ctx context.Context, c catalog.InventorySetter) error {
		return c.SetInventory(ctx, []catalog.InventorySet{level}, catalog.WriteOptions{})
	})
}

// RefusedSubscription is the refusal of a subscription like sound, which the
// platform takes, once change was made to it.
func RefusedSubscription(sound catalog.Subscription, change func(*catalog.Subscription)) Refusal {
	return Refused(func(ctx context.Context, c catalog.Subscriber) error {
		s := sound
		change(&s)
		_, err := c.EnsureSubscriptions(ctx, []catalog.Subscription{s})
		return err
	})
}
