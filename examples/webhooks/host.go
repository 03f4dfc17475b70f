package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/webhook"
)

// host is the program: what receives, what handles, and what is shown.
type host struct {
	settings
	shops      shops
	logger     *slog.Logger
	store      *sqlstore.Store
	inbox      webhook.Inbox
	effects    *effects
	receiver   *webhook.Receiver
	dispatcher *webhook.Dispatcher
	feed       *feed
	counts     counts
}

// open opens the database and puts the parts together.
func open(ctx context.Context, s settings, shops shops, logger *slog.Logger) (*host, error) {
	h := &host{settings: s, shops: shops, logger: logger, feed: newFeed()}
	if err := h.openDatabase(ctx); err != nil {
		return nil, errors.Join(err, h.close())
	}
	registry, err := shops.registry()
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	stores := &catalog.Stores{Registry: registry, Accounts: h.store.Accounts(), Credentials: credentials{shops, h.store.Credentials()}}
	h.receiver = &webhook.Receiver{
		Stores: stores, Inbox: h.inbox, Logger: logger, OnGrant: h.grant,
		OnDelivery: func(_ context.Context, report webhook.Report) { h.feed.add(report) },
	}
	h.dispatcher = webhook.NewDispatcher(stores, h.inbox)
	h.dispatcher.Workers, h.dispatcher.MaxTries, h.dispatcher.Timeout = 16, 6, 20*time.Second
	h.dispatcher.Backoff = webhook.Backoff(2*time.Second, 5*time.Minute)
	h.dispatcher.Lease, h.dispatcher.Grace = 10*time.Second, 5*time.Second
	h.dispatcher.Logger = logger
	h.dispatcher.OnAttempt = func(context.Context, webhook.AttemptReport) { h.feed.changed() }
	newWorker(h, stores).register(h.dispatcher)
	if err := h.receiver.Check(); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

func (h *host) openDatabase(ctx context.Context) error {
	store, err := sqlstore.OpenSQLite(ctx, h.file, sqlstore.Keys{Current: sqlstore.Key{ID: "webhooks", Secret: h.key}})
	if err != nil {
		return err
	}
	h.store = store
	if h.effects, err = openEffects(ctx, h.file); err != nil {
		return err
	}
	if h.inbox, err = store.Inbox(ctx, sqlstore.InboxConfig{Logger: h.logger}); err != nil {
		return err
	}
	for _, shop := range h.shops {
		if shop.account.Store == "" {
			continue // deliveries of any store are taken, and belong to no account
		}
		if err := store.Accounts().Put(ctx, shop.account); err != nil {
			return err
		}
	}
	return nil
}

// grant keeps credentials that arrive by webhook, and makes the account of a
// store that nobody has heard of. It may come twice.
func (h *host) grant(ctx context.Context, grant catalog.Grant, event catalog.Event) error {
	account, err := h.store.Accounts().ByStore(ctx, event.Platform, grant.Store)
	if errors.Is(err, catalog.ErrNotFound) {
		account = catalog.Account{ID: event.Platform + "-" + grant.Store, Platform: event.Platform, Store: grant.Store}
		err = h.store.Accounts().Put(ctx, account)
	}
	if err != nil {
		return err
	}
	stored, err := h.store.Credentials().Load(ctx, account.ID)
	if err != nil && !errors.Is(err, catalog.ErrNotFound) {
		return err
	}
	_, err = h.store.Credentials().CompareAndSwap(ctx, account.ID, stored.Version, grant.Credential)
	return err
}

// platforms are the names of those that are received from.
func (h *host) platforms() []string {
	var names []string
	for _, p := range platforms {
		if slices.ContainsFunc(h.shops, func(s *shop) bool { return s.adapter.Platform() == p.name }) {
			names = append(names, p.name)
		}
	}
	return names
}

// close lets go of the database.
func (h *host) close() error {
	var all []error
	if h.effects != nil {
		all = append(all, h.effects.close())
	}
	if h.store != nil {
		all = append(all, h.store.Close())
	}
	return errors.Join(all...)
}
