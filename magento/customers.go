package magento

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Customer reads one customer. Guests have no record but their orders.
// https://developer.adobe.com/commerce/webapi/rest/b2c-quick-reference
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
	return finish(op, customerReader, single(raw, customerReader), false)
}

// CustomerByEmail reads the customer with this e-mail address, the oldest
// where a shop lets each website have one.
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

// Customers lists customers.
// https://developer.adobe.com/commerce/webapi/rest/use-rest/performing-searches
func (e *Engine) Customers(ctx context.Context, query catalog.CustomerQuery) iter.Seq2[catalog.Customer, error] {
	return e.customers(ctx, "list customers", query)
}

func (e *Engine) customers(ctx context.Context, op string, query catalog.CustomerQuery) iter.Seq2[catalog.Customer, error] {
	l := listing[customerNode, catalog.Customer]{
		op: op, resource: catalog.Customers, path: "/customers/search", options: query.ListOptions, reader: customerReader,
		groups: append(within("updated_at", query.UpdatedSince, query.UpdatedBefore), within("created_at", query.CreatedSince, query.CreatedBefore)...),
		filter: filterName("updated", span(query.UpdatedSince, query.UpdatedBefore), "created", span(query.CreatedSince, query.CreatedBefore), "email", query.Email),
	}
	if query.Email != "" {
		l.groups = append(l.groups, is("email", query.Email))
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

// customerReader turns a customer into the model. Telephone numbers belong to
// addresses.
var customerReader = itemReader[customerNode, catalog.Customer]{
	kind:    "magento.customer",
	id:      func(n *customerNode) string { return ref(n.ID) },
	updated: func(n *customerNode) time.Time { return n.UpdatedAt.Time },
	record:  func(c *catalog.Customer) *catalog.Record { return &c.Record },
	convert: func(_ *reader, n *customerNode) catalog.Customer {
		c := catalog.Customer{
			ID: ref(n.ID), Name: joined(n.FirstName, n.LastName), FirstName: n.FirstName, LastName: n.LastName, Email: n.Email,
			CreatedAt: n.CreatedAt.Time, UpdatedAt: n.UpdatedAt.Time,
		}
		if n.GroupID != "" {
			c.GroupIDs = []string{n.GroupID}
		}
		if s := n.Extension.Subscribed; s != nil {
			c.Marketing = "not_subscribed"
			if *s {
				c.Marketing = "subscribed"
			}
		}
		for _, a := range n.Addresses {
			place := catalog.Address{
				ID: ref(a.ID), Name: joined(a.FirstName, a.LastName), FirstName: a.FirstName, LastName: a.LastName, Company: a.Company,
				City: a.City, Province: a.Region.Name, ProvinceCode: a.Region.Code, PostalCode: a.Postcode, CountryCode: a.CountryID, Phone: a.Telephone,
			}
			place.Line1, place.Line2 = street(a.Street)
			c.Addresses = append(c.Addresses, place)
			if a.ID != "" && a.ID == n.DefaultShipping || c.DefaultAddress == nil && a.ID != "" && a.ID == n.DefaultBilling {
				c.DefaultAddress = &place
			}
		}
		return c
	},
}
