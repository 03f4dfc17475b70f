package woocommerce

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// CreateCustomer creates a user of the role customer, who needs an e-mail
// address; the store may welcome him by e-mail. Addresses are unique: one that
// is taken is ErrInvalid. Phone is that of the billing address. WooCommerce
// keeps no note and no tags of a customer.
//
// It is sent once, with an entry of meta_data no shopper sees (_souk_write, which
// holds the idempotency key), by which Confirm knows the customer as this
// call's. It may be repeated, since a second one of the same address is refused.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#create-a-customer
func (e *Engine) CreateCustomer(ctx context.Context, patch catalog.CustomerPatch, options catalog.WriteOptions) (catalog.Customer, error) {
	const op = "create customer"
	var none catalog.Customer
	fields, err := customerFields(op, patch)
	if err != nil {
		return none, err
	}
	email, _ := patch.Email.Get()
	if email == "" {
		return none, invalid(op, "Email", "a customer needs an e-mail address")
	}
	mark, began := newMark(options), time.Now()
	fields["meta_data"] = marked(mark)
	c := change{call: post(op, "/customers", fields), look: func(ctx context.Context) (catalog.Outcome, error) {
		return e.lookForCustomer(ctx, email, mark, began)
	}}
	a, err := e.write(ctx, c)
	if err != nil {
		return none, err
	}
	return written(ctx, e, c, a, customerKind, nil)
}

// lookForCustomer reads whose the customer with the address is.
func (e *Engine) lookForCustomer(ctx context.Context, email, mark string, began time.Time) (catalog.Outcome, error) {
	found := catalog.OutcomeNotDone
	err := e.newest(ctx, "confirm create customer", "/customers", url.Values{"email": {email}, "role": {"all"}}, began, func(n *markedNode, since time.Time) bool {
		switch {
		case n.mark() == mark:
			found = catalog.OutcomeDone
		case n.mark() == "" && !n.old(since):
			found = catalog.OutcomeUnknown
		}
		return true
	})
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	return found, nil
}

// UpdateCustomer changes the named fields and nothing else. It sets a state and
// may be repeated; it is sent once.
// https://woocommerce.github.io/woocommerce-rest-api-docs/#update-a-customer
func (e *Engine) UpdateCustomer(ctx context.Context, id string, patch catalog.CustomerPatch, _ catalog.WriteOptions) (catalog.Customer, error) {
	const op = "update customer"
	var none catalog.Customer
	if err := checkID(op, "a customer", id); err != nil {
		return none, err
	}
	fields, err := customerFields(op, patch)
	if err != nil {
		return none, err
	}
	if len(fields) == 0 {
		return none, invalid(op, "patch", "it names no field to change")
	}
	c := change{post(op, "/customers/"+id, fields), func(ctx context.Context) (catalog.Outcome, error) {
		found, err := e.Customer(ctx, id)
		return settled(err == nil && customerPatched(found, patch), err)
	}}
	a, err := e.write(ctx, c)
	if err != nil {
		return none, err
	}
	return written(ctx, e, c, a, customerKind, nil)
}

// customerFields are the fields a patch names; "" empties one.
func customerFields(op string, p catalog.CustomerPatch) (map[string]any, error) {
	fields := map[string]any{}
	for name, field := range map[string]catalog.Field[string]{"first_name": p.FirstName, "last_name": p.LastName, "email": p.Email} {
		if value, ok := field.Get(); ok {
			fields[name] = value
		}
	}
	if phone, ok := p.Phone.Get(); ok {
		fields["billing"] = map[string]any{"phone": phone}
	}
	email, named := p.Email.Get()
	switch {
	case is(p.Note):
		return nil, catalog.Unsupported(Platform, op+" with a note", "write notes to the customer's orders with AddOrderNote")
	case is(p.Tags):
		return nil, catalog.Unsupported(Platform, op+" with tags", "keep them in the service, or in meta_data with Do")
	case named && !strings.Contains(email, "@"):
		return nil, invalid(op, "Email", "that is not an e-mail address")
	}
	return fields, nil
}

func customerPatched(c catalog.Customer, p catalog.CustomerPatch) bool {
	email, ok := p.Email.Get()
	return (!ok || strings.EqualFold(strings.TrimSpace(email), c.Email)) &&
		transport.HasText(p.FirstName, c.FirstName) && transport.HasText(p.LastName, c.LastName) && transport.HasText(p.Phone, c.Phone)
}
