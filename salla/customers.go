package salla

import (
	"context"
	"iter"
	"net/url"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Customer reads one customer.
// https://docs.salla.dev/5394122e0
func (e *Engine) Customer(ctx context.Context, id string) (catalog.Customer, error) {
	const op = "get customer"
	if err := checkID(op, "a customer", id); err != nil {
		return catalog.Customer{}, err
	}
	a, err := e.get(ctx, call{op: op, path: "/customers/" + id})
	if err != nil {
		return catalog.Customer{}, err
	}
	raw, err := a.object(op)
	if err != nil {
		return catalog.Customer{}, err
	}
	return readOne(ctx, op, raw, customerReader, nil)
}

// CustomerByEmail reads the customer with this e-mail address, by Salla's
// search.
func (e *Engine) CustomerByEmail(ctx context.Context, email string) (catalog.Customer, error) {
	const op = "find customer by e-mail"
	if !strings.Contains(email, "@") {
		return catalog.Customer{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "that is not an e-mail address"}
	}
	for customer, err := range e.customers(ctx, op, catalog.CustomerQuery{Email: email, ListOptions: catalog.ListOptions{Limit: 1}}) {
		customer.Cursor = ""
		return customer, err
	}
	return catalog.Customer{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Message: "no customer has this e-mail address"}
}

// Customers lists customers, under a limit of their own that all stores of the
// process share. Salla filters by day of creation and searches for an e-mail
// address; filtering by change reads all.
// https://docs.salla.dev/5394121e0
func (e *Engine) Customers(ctx context.Context, query catalog.CustomerQuery) iter.Seq2[catalog.Customer, error] {
	return e.customers(ctx, "list customers", query)
}

func (e *Engine) customers(ctx context.Context, op string, query catalog.CustomerQuery) iter.Seq2[catalog.Customer, error] {
	c := call{path: "/customers", query: url.Values{}}
	if !query.CreatedSince.IsZero() {
		c.query.Set("date_from", firstDay(query.CreatedSince))
	}
	if !query.CreatedBefore.IsZero() {
		c.query.Set("date_to", lastDay(query.CreatedBefore))
	}
	if query.Email != "" {
		c.query.Set("keyword", query.Email)
	}
	l := listing[customerNode, catalog.Customer]{
		op: op, resource: catalog.Customers, call: c, options: query.ListOptions, reader: customerReader,
		filter: transport.FilterName("updated", transport.Span(query.UpdatedSince, query.UpdatedBefore), "created", transport.Span(query.CreatedSince, query.CreatedBefore), "email", query.Email),
	}
	if l.filter != "" {
		l.skip = func(n *customerNode) bool {
			return !transport.Within(n.UpdatedAt.Time, query.UpdatedSince, query.UpdatedBefore) ||
				!transport.Within(n.CreatedAt.Time, query.CreatedSince, query.CreatedBefore) ||
				query.Email != "" && !strings.EqualFold(n.Email, query.Email)
		}
	}
	return list(ctx, e, l)
}

func (n *customerNode) fullName() string {
	for _, name := range []string{n.FullName, joined(n.FirstName, n.LastName), n.Name} {
		if name != "" {
			return name
		}
	}
	return ""
}

// customerReader turns a customer into the model. Salla keeps one address,
// without its parts. The amount it states of a customer's orders counts
// cancelled ones, so Spent stays empty.
var customerReader = itemReader[customerNode, catalog.Customer]{
	kind:   "salla.customer",
	id:     func(n *customerNode) string { return idText(n.ID) },
	record: func(c *catalog.Customer) *catalog.Record { return &c.Record },
	convert: func(r *reader, n *customerNode) catalog.Customer {
		c := catalog.Customer{
			ID: idText(n.ID), Name: n.fullName(), FirstName: n.FirstName, LastName: n.LastName, Email: n.Email,
			Phone: phone(n.MobileCode, n.Mobile), Locale: n.Language, Note: n.BlockReason,
			CreatedAt: n.CreatedAt.Time, UpdatedAt: n.UpdatedAt.Time,
		}
		switch {
		case n.Blocked:
			c.NativeState = "blocked"
		case n.Inactive:
			c.NativeState = "inactive"
		}
		if stats := take(r, "stats", n.Stats); stats != nil {
			c.Orders = stats.Orders
		}
		for _, group := range n.Groups {
			c.GroupIDs = append(c.GroupIDs, string(group))
		}
		address := catalog.Address{Line1: text(n.Location), City: text(n.City), Country: text(n.Country), CountryCode: strings.ToUpper(n.CountryCode)}
		if address != (catalog.Address{}) {
			c.DefaultAddress, c.Addresses = &address, []catalog.Address{address}
		}
		return c
	},
}
