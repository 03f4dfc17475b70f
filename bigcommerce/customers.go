package bigcommerce

import (
	"context"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

const customerAddressKind catalog.RawKind = "bigcommerce.v3.customer_address"

// Customer reads one customer with all addresses. There is no call for one, so
// the list is asked for its id.
// https://developer.bigcommerce.com/docs/rest-management/customers
func (e *Engine) Customer(ctx context.Context, id string) (catalog.Customer, error) {
	const op = "get customer"
	if err := checkID(op, "a customer", id); err != nil {
		return catalog.Customer{}, err
	}
	a, rows, err := e.rows(ctx, customersCall(op).with("id:in", id, "limit", "1"))
	if err != nil {
		return catalog.Customer{}, err
	}
	if len(rows) == 0 {
		return catalog.Customer{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Status: a.status,
			Message: "no customer has this id", RequestID: a.requestID}
	}
	return readOne(ctx, op, rows[0], &customerReader, func(ctx context.Context, c *candidate[customerNode]) error {
		return e.addressesOf(ctx, op, []*candidate[customerNode]{c})
	})
}

// CustomerByEmail reads the customer with this e-mail address.
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

// Customers lists customers with all their addresses by id. BigCommerce
// filters by change, creation and e-mail address. Guests are no customers:
// orders have their names.
// https://developer.bigcommerce.com/docs/rest-management/customers#get-all-customers
func (e *Engine) Customers(ctx context.Context, query catalog.CustomerQuery) iter.Seq2[catalog.Customer, error] {
	return e.customers(ctx, "list customers", query)
}

func (e *Engine) customers(ctx context.Context, op string, query catalog.CustomerQuery) iter.Seq2[catalog.Customer, error] {
	updated, created := times{query.UpdatedSince, query.UpdatedBefore}, times{query.CreatedSince, query.CreatedBefore}
	c := created.of(updated.of(customersCall(op), "date_modified:min", "date_modified:max"), "date_created:min", "date_created:max")
	if query.Email != "" {
		if strings.Contains(query.Email, ",") { // which would be two addresses
			return transport.Failed[catalog.Customer](&catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "that is not an e-mail address"})
		}
		c = c.with("email:in", query.Email)
	}
	l := listing[customerNode, catalog.Customer]{
		op: op, resource: catalog.Customers, options: query.ListOptions, reader: customerReader, pages: byCursor(e, c, &customerReader),
		filter: filterOf("updated", updated, "created", created, "email", query.Email),
		batch:  func(ctx context.Context, rows []*candidate[customerNode]) error { return e.addressesOf(ctx, op, rows) },
	}
	if l.filter != "" {
		l.skip = func(n *customerNode) bool {
			return !updated.holds(n.DateModified.Time) || !created.holds(n.DateCreated.Time) ||
				query.Email != "" && !strings.EqualFold(n.Email, query.Email)
		}
	}
	return list(ctx, l)
}

func customersCall(op string) call {
	return call{op: op, path: "/v3/customers", list: inData, query: url.Values{"include": {"addresses"}}}
}

// addressesOf asks for the addresses of those who have more than come inside
// the customer, which is ten.
// https://developer.bigcommerce.com/docs/rest-management/customers/addresses
func (e *Engine) addressesOf(ctx context.Context, op string, rows []*candidate[customerNode]) error {
	cut := map[int64]*candidate[customerNode]{}
	var ids []int64
	for _, c := range rows {
		if n := &c.node; c.err == nil && int64(len(n.Addresses)) < n.AddressCount {
			cut[n.ID], ids = c, append(ids, n.ID)
		}
	}
	for chunk := range slices.Chunk(ids, mostIDs) {
		c := call{op: op + ": list addresses", path: "/v3/customers/addresses", list: inData}
		found, err := e.everything(ctx, c.with("customer_id:in", commas(chunk)), mostRows)
		if err != nil {
			return err
		}
		for _, id := range chunk {
			cut[id].node.Addresses = nil
		}
		for _, raw := range found {
			var a customerAddressNode
			problems, err := transport.Decode(raw, &a)
			c := cut[a.CustomerID]
			if err != nil || c == nil {
				continue // names no customer to tell
			}
			for _, p := range problems {
				p.Path = "addresses." + idText(a.ID) + "." + p.Path
				c.problems = append(c.problems, p)
			}
			c.node.Addresses = append(c.node.Addresses, a)
			c.part(customerAddressKind, raw)
		}
	}
	return nil
}

// customerReader turns a customer into the model.
var customerReader = reader[customerNode, catalog.Customer]{
	kind:   "bigcommerce.v3.customer",
	id:     func(n *customerNode) string { return idText(n.ID) },
	record: func(c *catalog.Customer) *catalog.Record { return &c.Record },
	convert: func(_ *notes, n *customerNode) catalog.Customer {
		c := catalog.Customer{
			ID: idText(n.ID), Name: joined(n.FirstName, n.LastName), FirstName: n.FirstName, LastName: n.LastName, Email: n.Email,
			Phone: n.Phone, Note: n.Notes, TaxExempt: n.TaxExempt != "", CreatedAt: n.DateCreated.Time, UpdatedAt: n.DateModified.Time,
		}
		if group := idText(n.GroupID); group != "" {
			c.GroupIDs = []string{group}
		}
		for i := range n.Addresses {
			a := &n.Addresses[i]
			c.Addresses = append(c.Addresses, catalog.Address{ID: idText(a.ID), Name: joined(a.FirstName, a.LastName), FirstName: a.FirstName, LastName: a.LastName,
				Company: a.Company, Line1: a.Address1, Line2: a.Address2, City: a.City, Province: a.State, PostalCode: a.PostalCode,
				Country: a.Country, CountryCode: strings.ToUpper(a.CountryISO), Phone: a.Phone})
		}
		return c
	},
}
