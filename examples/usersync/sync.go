package main

import (
	"context"

	"github.com/soukhq/souk/catalog"
)

// batch is how many customers are saved in one transaction.
const batch = 50

// syncer fills the table from the store. Nothing in it knows the platform.
type syncer struct {
	store *store
	users *users
}

// sync saves the customers that changed since the last one, and says how many
// came. A customer may come again, never too seldom; saving twice does no harm.
func (s *syncer) sync(ctx context.Context) (n int, err error) {
	saved, err := s.users.checkpoint(ctx, s.store.id)
	if err != nil {
		return 0, err
	}
	changes := catalog.CustomerChanges(s.store.engine, saved, catalog.ChangeOptions{OmitRaw: true})
	var waiting []catalog.Customer
	for customer, err := range changes.All(ctx) {
		if err != nil {
			return n, err
		}
		// The checkpoint moves when the next customer is asked for, so it stands
		// behind all that wait and before this one.
		if len(waiting) == batch {
			if err := s.users.save(ctx, s.store.id, changes.Checkpoint(), waiting); err != nil {
				return n, err
			}
			waiting = waiting[:0]
		}
		waiting = append(waiting, customer)
		n++
	}
	return n, s.users.save(ctx, s.store.id, changes.Checkpoint(), waiting)
}

// event brings the table up to date with what a webhook reports. The record is
// fetched: what is fetched is newer than what was sent, whatever order webhooks
// come in.
func (s *syncer) event(ctx context.Context, event catalog.Event) error {
	if event.Store != s.store.id || event.ResourceID == "" {
		return nil
	}
	switch event.Resource {
	case catalog.Customers:
		return s.customer(ctx, event.ResourceID)
	case catalog.Orders:
		order, err := s.store.engine.Order(ctx, event.ResourceID)
		if err != nil {
			return gone(err)
		}
		if order.Customer != nil && order.Customer.ID != "" {
			if err := s.customer(ctx, order.Customer.ID); err != nil {
				return err
			}
		}
		return s.users.bought(ctx, s.store.id, order)
	}
	return nil
}

func (s *syncer) customer(ctx context.Context, id string) error {
	customer, err := s.store.engine.Customer(ctx, id)
	if err != nil {
		return gone(err)
	}
	return s.users.save(ctx, s.store.id, "", []catalog.Customer{customer})
}

// gone passes over what was deleted meanwhile.
func gone(err error) error {
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return nil
	}
	return err
}
