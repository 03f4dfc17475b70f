package woocommerce

import (
	"cmp"
	"context"
	"iter"
	"net/url"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Customer reads one user of the store, whatever his role.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#retrieve-a-customer
func (e *Engine) Customer(ctx context.Context, id string) (catalog.Customer, error) {
	const op = "get customer"
	if err := checkID(op, "a customer", id); err != nil {
		return catalog.Customer{}, err
	}
	return one(ctx, e, call{op: op, path: "/customers/" + id}, customerKind, nil)
}

// CustomerByEmail reads the user with this e-mail address, whatever his role:
// one of the staff may have bought too.
func (e *Engine) CustomerByEmail(ctx context.Context, email string) (catalog.Customer, error) {
	const op = "find customer by e-mail"
	if !strings.Contains(email, "@") {
		return catalog.Customer{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "that is not an e-mail address"}
	}
	l := e.customers(op, catalog.CustomerQuery{Email: email})
	c := call{path: "/customers", query: url.Values{"email": {email}, "role": {"all"}}}
	for customer, err := range start(ctx, e, c, l) {
		customer.Cursor = ""
		return customer, err
	}
	return catalog.Customer{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Message: "no customer has this e-mail address"}
}

// Customers lists the users whose role is customer; guests are in their orders
// alone. WooCommerce finds an e-mail address; filtering by times reads all.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#list-all-customers
func (e *Engine) Customers(ctx context.Context, query catalog.CustomerQuery) iter.Seq2[catalog.Customer, error] {
	c := call{path: "/customers", query: url.Values{}}
	if query.Email != "" {
		c.query.Set("email", query.Email)
	}
	return start(ctx, e, c, e.customers("list customers", query))
}

func (e *Engine) customers(op string, query catalog.CustomerQuery) *listing[customerNode, catalog.Customer] {
	l := &listing[customerNode, catalog.Customer]{
		op: op, resource: catalog.Customers, kind: customerKind, options: query.ListOptions,
		filter: filterOf("updated", span(query.UpdatedSince, query.UpdatedBefore), "created", span(query.CreatedSince, query.CreatedBefore), "email", query.Email),
	}
	if l.filter != "" {
		l.skip = func(n *customerNode) bool {
			return !transport.Within(n.changed().Time, query.UpdatedSince, query.UpdatedBefore) ||
				!transport.Within(n.Created.Time, query.CreatedSince, query.CreatedBefore) ||
				query.Email != "" && !strings.EqualFold(n.Email, query.Email)
		}
	}
	return l
}

// changed is when the customer changed last, or was made.
func (n *customerNode) changed() moment {
	if n.Modified.IsZero() {
		return n.Created
	}
	return n.Modified
}

// customerKind turns a customer into the model. The API has not told the sum
// of a customer's orders since version 3.
var customerKind = recordKind[customerNode, catalog.Customer]{
	name:   "woocommerce.customer",
	id:     func(n *customerNode) int64 { return n.ID },
	record: func(c *catalog.Customer) *catalog.Record { return &c.Record },
	convert: func(_ *reader, n *customerNode) catalog.Customer {
		c := catalog.Customer{
			ID: idText(n.ID), FirstName: n.FirstName, LastName: n.LastName, Email: n.Email, Phone: n.Billing.Phone,
			Name:      cmp.Or(joined(" ", n.FirstName, n.LastName), n.Billing.name(), n.Username),
			CreatedAt: n.Created.Time, UpdatedAt: n.changed().Time,
		}
		for _, a := range []*catalog.Address{n.Billing.address(), n.Shipping.address()} {
			if a == nil {
				continue
			}
			if c.DefaultAddress == nil {
				c.DefaultAddress = a
			}
			c.Addresses = append(c.Addresses, *a)
		}
		return c
	},
}
