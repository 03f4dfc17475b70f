package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/soukhq/souk/catalog"
)

func (s story) orders(ctx context.Context) error {
	id := s.store.order()
	order, err := s.engine.Order(ctx, id)
	if err != nil {
		return err
	}
	err = s.step(ctx, "note on order "+order.Number, func() (string, error) {
		noter, err := catalog.Require[catalog.OrderNoter](s.engine)
		if err == nil {
			err = noter.AddOrderNote(ctx, id, catalog.NoteInput{Text: "Wrap it as a gift"}, none)
		}
		return "for the staff", err
	})
	if err != nil {
		return err
	}
	if err := s.ship(ctx, order); err != nil {
		return err
	}
	if err := s.refund(ctx, order); err != nil {
		return err
	}
	return s.cancel(ctx)
}

func (s story) ship(ctx context.Context, order catalog.Order) error {
	tracking := []catalog.Tracking{{Company: s.store.carrier, Number: "AR-1001", URL: "https://track.example/AR-1001"}}
	var made []catalog.Fulfillment
	fulfil := func(lines []catalog.FulfillmentLine) func() (string, error) {
		return func() (string, error) {
			fulfiller, err := catalog.Require[catalog.Fulfiller](s.engine)
			if err != nil {
				return "", err
			}
			shipments, err := fulfiller.Fulfill(ctx, order.ID, catalog.FulfillRequest{Lines: lines, Tracking: tracking}, none)
			if errors.Is(err, errors.ErrUnsupported) { // not all keep an address beside the number
				tracking[0].URL = ""
				shipments, err = fulfiller.Fulfill(ctx, order.ID, catalog.FulfillRequest{Lines: lines, Tracking: tracking}, none)
			}
			made = append(made, shipments...)
			return pieces(shipments), err
		}
	}
	// One piece of the first line, then all that is left.
	first := []catalog.FulfillmentLine{{LineItemID: order.LineItems[0].ID, Quantity: catalog.NewQuantity(1)}}
	if err := s.step(ctx, "ship one piece", fulfil(first)); err != nil {
		return err
	}
	if err := s.step(ctx, "ship what is left", fulfil(nil)); err != nil {
		return err
	}
	return s.step(ctx, "correct the tracking", func() (string, error) {
		updater, err := catalog.Require[catalog.TrackingUpdater](s.engine)
		if err != nil || len(made) == 0 {
			return "nothing was shipped", err
		}
		corrected := []catalog.Tracking{{Company: s.store.carrier, Number: "AR-2002"}}
		if tracking[0].URL != "" {
			corrected[0].URL = "https://track.example/AR-2002"
		}
		return "AR-2002", updater.UpdateTracking(ctx, order.ID, made[0].ID, corrected, false, none)
	})
}

func pieces(shipments []catalog.Fulfillment) string {
	var all []string
	for _, f := range shipments {
		for _, t := range f.Tracking {
			all = append(all, strings.TrimSpace(t.Company+" "+t.Number))
		}
	}
	return fmt.Sprintf("%d shipment(s) by %s", len(shipments), strings.Join(all, ", "))
}

func (s story) refund(ctx context.Context, order catalog.Order) error {
	return s.step(ctx, "refund one piece", func() (string, error) {
		refunder, err := catalog.Require[catalog.Refunder](s.engine)
		if err != nil {
			return "", err
		}
		back, err := refunder.Refund(ctx, order.ID, catalog.RefundRequest{
			Lines: []catalog.FulfillmentLine{{LineItemID: order.LineItems[0].ID, Quantity: catalog.NewQuantity(1)}}, Note: "It came broken"}, none)
		return back.Total.Store.String(), err
	})
}

// cancel cancels another order: asks for the goods to be put back where the
// platform can, and without that where it cannot.
func (s story) cancel(ctx context.Context) error {
	place := s.store.order
	if s.store.cancellable != nil {
		place = s.store.cancellable
	}
	id := place()
	for _, restock := range []bool{true, false} {
		cancelled := false
		what := "cancel an order"
		if restock {
			what = "cancel and restock"
		}
		err := s.step(ctx, what, func() (string, error) {
			canceller, err := catalog.Require[catalog.OrderCanceller](s.engine)
			if err != nil {
				return "", err
			}
			if err := canceller.CancelOrder(ctx, id, catalog.CancelRequest{Restock: restock}, none); err != nil {
				return "", err
			}
			cancelled = true
			order, err := s.engine.Order(ctx, id)
			return string(order.Status), err
		})
		if err != nil || cancelled {
			return err
		}
	}
	return nil
}
