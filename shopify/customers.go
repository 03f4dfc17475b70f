package shopify

import (
	"context"
	"iter"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// customerKind names the shape of a customer's Raw.
const customerKind catalog.RawKind = "shopify.graphql.Customer"

// Customer reads one customer by its numeric id or GID.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/customer
func (e *Engine) Customer(ctx context.Context, id string) (catalog.Customer, error) {
	const op = "get customer"
	global, err := gid(op, "Customer", id)
	if err != nil {
		return catalog.Customer{}, err
	}
	one, err := e.one(ctx, op, customerDocument, "customer", map[string]any{"id": global})
	if err != nil {
		return catalog.Customer{}, err
	}
	return readOne(ctx, e, op, one, customerReader)
}

// CustomerByEmail reads the customer with this e-mail address.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/customerByIdentifier
func (e *Engine) CustomerByEmail(ctx context.Context, email string) (catalog.Customer, error) {
	const op = "find customer by e-mail"
	if !strings.Contains(email, "@") {
		return catalog.Customer{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "that is not an e-mail address"}
	}
	one, err := e.one(ctx, op, customerByEmailDocument, "customerByIdentifier", map[string]any{"email": email})
	if err != nil {
		return catalog.Customer{}, err
	}
	return readOne(ctx, e, op, one, customerReader)
}

// Customers lists customers with all their addresses.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/customers
func (e *Engine) Customers(ctx context.Context, query catalog.CustomerQuery) iter.Seq2[catalog.Customer, error] {
	var s search
	s.between("updated_at", query.UpdatedSince, query.UpdatedBefore)
	s.between("customer_date", query.CreatedSince, query.CreatedBefore)
	if query.Email != "" {
		s.equal("email", query.Email)
	}
	return list(ctx, e, listing[customerNode, catalog.Customer]{
		op: "list customers", resource: catalog.Customers, root: "customers", document: customersDocument,
		options: query.ListOptions, search: s, reader: customerReader,
		// The filters may match whole days, and e-mail by words.
		keep: exactly(s, func(c *catalog.Customer) bool {
			return transport.Within(c.UpdatedAt, query.UpdatedSince, query.UpdatedBefore) && transport.Within(c.CreatedAt, query.CreatedSince, query.CreatedBefore) &&
				(query.Email == "" || strings.EqualFold(c.Email, query.Email))
		}),
	})
}

// customerReader turns a customer's node into the model.
var customerReader = itemReader[customerNode, catalog.Customer]{
	kind:     customerKind,
	id:       func(n *customerNode) string { return n.ID },
	record:   func(c *catalog.Customer) *catalog.Record { return &c.Record },
	position: func(c *catalog.Customer) (string, string) { return c.ID, stamp(c.UpdatedAt) },
	complete: func(ctx context.Context, e *Engine, n *customerNode, x *extra) error {
		return more(ctx, e, moreAddresses, n.ID, &n.Addresses, x)
	},
	convert: func(r *reader, n *customerNode, _ pageContext) catalog.Customer {
		c := catalog.Customer{
			ID: numericID(n.ID), Name: n.DisplayName, FirstName: n.FirstName, LastName: n.LastName,
			Email: n.EmailAddress.EmailAddress, Phone: n.PhoneNumber.PhoneNumber, Marketing: n.EmailAddress.MarketingState,
			Locale: n.Locale, NativeState: n.State, VerifiedEmail: n.VerifiedEmail, TaxExempt: n.TaxExempt, Note: n.Note, Tags: n.Tags,
			Spent:          r.Money("amountSpent", only, n.AmountSpent.Amount, n.AmountSpent.CurrencyCode),
			DefaultAddress: r.address(n.DefaultAddress),
			CreatedAt:      r.time("createdAt", only, n.CreatedAt), UpdatedAt: r.time("updatedAt", only, n.UpdatedAt),
		}
		if orders, err := n.NumberOfOrders.Int64(); err == nil {
			c.Orders = &orders
		} else if n.NumberOfOrders != "" {
			r.Add("numberOfOrders", only, "not a whole number", n.NumberOfOrders.String())
		}
		for i := range n.Addresses.Nodes {
			c.Addresses = append(c.Addresses, *r.address(&n.Addresses.Nodes[i]))
		}
		return c
	},
}
