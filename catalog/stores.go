package catalog

import (
	"context"
	"time"
)

// CredentialProvider gives the source of an account's credential. Package
// catalog/auth has one that keeps credentials in a CredentialStore and
// refreshes them. It is safe for concurrent use.
type CredentialProvider interface {
	// CredentialSource returns the source for the account; an account without
	// a credential is found out at the first call.
	CredentialSource(adapter Adapter, account Account) (CredentialSource, error)
}

// Stores opens the stores of a host with many merchants. The fields are
// required, except Registry, where nil means Default. It is safe for
// concurrent use; do not change the fields once it is in use.
type Stores struct {
	Registry    *Registry
	Accounts    Accounts
	Credentials CredentialProvider
}

// Open opens the store of the account with the host's id. An unknown account
// is ErrNotFound; one that was uninstalled or must be connected again is
// ErrReauthorize, a suspended or unclaimed one ErrForbidden.
func (s *Stores) Open(ctx context.Context, accountID string) (Engine, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	account, err := s.Accounts.Get(ctx, accountID)
	if err != nil {
		return nil, err
	}
	return s.open(account)
}

// OpenStore opens the store with the platform's own name for it.
func (s *Stores) OpenStore(ctx context.Context, platform, store string) (Engine, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	account, err := s.Accounts.ByStore(ctx, platform, store)
	if err != nil {
		return nil, err
	}
	return s.open(account)
}

func (s *Stores) check() error {
	switch {
	case s.Accounts == nil:
		return &ConfigError{Platform: "catalog", Field: "Stores.Accounts", Reason: "is nil; &catalog.MemoryAccounts{} keeps accounts in memory"}
	case s.Credentials == nil:
		return &ConfigError{Platform: "catalog", Field: "Stores.Credentials", Reason: "is nil; auth.NewProvider makes one"}
	}
	return nil
}

func (s *Stores) open(account Account) (Engine, error) {
	registry := s.Registry
	if registry == nil {
		registry = Default
	}
	if !account.Status.Usable() {
		return nil, unusable(account)
	}
	adapter, err := registry.Get(account.Platform)
	if err != nil {
		return nil, err
	}
	credentials, err := s.Credentials.CredentialSource(adapter, account)
	if err != nil {
		return nil, err
	}
	return adapter.Open(account, credentials)
}

func unusable(account Account) error {
	e := &Error{Platform: account.Platform, Op: "open account " + account.ID, Kind: ErrReauthorize,
		Message: "the account is " + string(account.Status), Hint: "have the merchant connect the store again"}
	if account.Reason != "" {
		e.Message += ": " + account.Reason
	}
	switch account.Status {
	case AccountSuspended:
		e.Kind, e.Hint = ErrForbidden, "the platform has to lift the suspension"
	case AccountUnclaimed:
		e.Kind, e.Hint = ErrForbidden, "claim the store for an account first"
	}
	return e
}

// Product returns the product an event is about: from the event's payload
// where that is the whole record and the engine is an EventDecoder, else
// fetched. The payload is the state at the time of the event; set Partial to
// fetch the present one.
func (s *Stores) Product(ctx context.Context, event Event) (Product, error) {
	return recordOf(ctx, s, event, Products, Engine.Product, func(p *Product) time.Time { return p.UpdatedAt })
}

// Order returns the order an event is about, as Product does.
func (s *Stores) Order(ctx context.Context, event Event) (Order, error) {
	return recordOf(ctx, s, event, Orders, Engine.Order, func(o *Order) time.Time { return o.UpdatedAt })
}

// Customer returns the customer an event is about, as Product does.
func (s *Stores) Customer(ctx context.Context, event Event) (Customer, error) {
	return recordOf(ctx, s, event, Customers, Engine.Customer, func(c *Customer) time.Time { return c.UpdatedAt })
}

func recordOf[T any](ctx context.Context, s *Stores, event Event, want Resource,
	get func(Engine, context.Context, string) (T, error), updated func(*T) time.Time) (T, error) {
	var none T
	if event.Resource != want || event.ResourceID == "" {
		return none, &Error{Platform: event.Platform, Op: "fetch the record of an event", Kind: ErrInvalid,
			Message: "the event " + clip(event.Topic, 60) + " is not about one record of " + string(want)}
	}
	var engine Engine
	var err error
	if event.Account != "" {
		engine, err = s.Open(ctx, event.Account)
	} else {
		engine, err = s.OpenStore(ctx, event.Platform, event.Store)
	}
	if err != nil {
		return none, err
	}
	record, decoded := decodeEvent[T](engine, event)
	if !decoded {
		if record, err = get(engine, ctx, event.ResourceID); err != nil {
			return record, err
		}
	}
	if observe, ok := ctx.Value(observerKey{}).(func(Event, time.Time)); ok {
		observe(event, updated(&record))
	}
	return record, nil
}

// decodeEvent reads the record in a whole payload. One that cannot be read is
// fetched instead: the platform has the truth.
func decodeEvent[T any](engine Engine, event Event) (T, bool) {
	var record, none T
	if event.Partial || len(event.Payload) == 0 {
		return none, false
	}
	decoder, ok := As[EventDecoder](engine)
	if !ok || decoder.DecodeEvent(event, &record) != nil {
		return none, false
	}
	return record, true
}

type observerKey struct{}

// ObserveRecords returns a context with which Stores.Product, Order and
// Customer tell observe which state of an event's record they gave out;
// updated is the record's UpdatedAt, zero when the platform has none. Package
// webhook remembers by it what a handler has seen. observe is called on the
// caller's goroutine.
func ObserveRecords(ctx context.Context, observe func(event Event, updated time.Time)) context.Context {
	return context.WithValue(ctx, observerKey{}, observe)
}
