package shopify

import (
	"context"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// CreateCustomer creates a customer, who needs a name, an e-mail address or a
// phone number. Addresses and numbers are unique in a store: one that is taken
// is ErrInvalid, with the field named. It is sent once; with an address it may
// be repeated, since a second customer of the same address is refused, and
// Confirm looks for that address. Without one Confirm cannot tell.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/customerCreate
func (e *Engine) CreateCustomer(ctx context.Context, patch catalog.CustomerPatch, _ catalog.WriteOptions) (catalog.Customer, error) {
	const op = "create customer"
	fields := customerFields(patch)
	given := false
	for _, name := range []string{"firstName", "lastName", "email", "phone"} {
		text, _ := fields[name].(string)
		given = given || strings.TrimSpace(text) != ""
	}
	if !given {
		return catalog.Customer{}, invalid(op, "patch", "a customer needs a name, an e-mail address or a phone number")
	}
	since := e.clock.now()
	m := mutation{op: op, document: customerCreateDocument, root: "customerCreate", variables: map[string]any{"input": fields},
		look: func(ctx context.Context) (catalog.Outcome, error) { return e.lookForCustomer(ctx, patch, since) }}
	a, err := e.mutate(ctx, m)
	if err != nil {
		return catalog.Customer{}, err
	}
	return record(ctx, e, m, a, customerReader, "customer")
}

func (e *Engine) lookForCustomer(ctx context.Context, patch catalog.CustomerPatch, since time.Time) (catalog.Outcome, error) {
	email, _ := patch.Email.Get()
	if email == "" {
		return catalog.OutcomeUnknown, nil
	}
	c, err := e.CustomerByEmail(ctx, email)
	switch {
	case vanished(err):
		return catalog.OutcomeNotDone, nil
	case err != nil:
		return catalog.OutcomeUnknown, err
	case c.CreatedAt.Before(since):
		return catalog.OutcomeNotDone, nil // it was there before
	}
	return catalog.OutcomeUnknown, nil // who created it nobody can tell
}

// UpdateCustomer changes the named fields and nothing else. It sets a state and
// may be repeated; it is sent once.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/customerUpdate
func (e *Engine) UpdateCustomer(ctx context.Context, id string, patch catalog.CustomerPatch, _ catalog.WriteOptions) (catalog.Customer, error) {
	const op = "update customer"
	global, err := gid(op, "Customer", id)
	if err != nil {
		return catalog.Customer{}, err
	}
	fields := customerFields(patch)
	if len(fields) == 0 {
		return catalog.Customer{}, invalid(op, "patch", "it names no field to change")
	}
	fields["id"] = global
	m := mutation{op: op, document: customerUpdateDocument, root: "customerUpdate", variables: map[string]any{"input": fields}, kind: missingAt("id"),
		look: func(ctx context.Context) (catalog.Outcome, error) {
			c, err := e.Customer(ctx, global)
			switch {
			case vanished(err):
				return catalog.OutcomeNotDone, nil
			case err != nil:
				return catalog.OutcomeUnknown, err
			case customerPatched(c, patch):
				return catalog.OutcomeDone, nil
			}
			return catalog.OutcomeNotDone, nil
		}}
	a, err := e.mutate(ctx, m)
	if err != nil {
		return catalog.Customer{}, err
	}
	return record(ctx, e, m, a, customerReader, "customer")
}

// customerFields are the fields a patch names; "" empties one.
func customerFields(p catalog.CustomerPatch) map[string]any {
	fields := map[string]any{}
	for name, field := range map[string]catalog.Field[string]{"firstName": p.FirstName, "lastName": p.LastName, "email": p.Email, "phone": p.Phone, "note": p.Note} {
		if value, ok := field.Get(); ok {
			fields[name] = value
		}
	}
	if tags, ok := p.Tags.Get(); ok {
		fields["tags"] = append([]string{}, tags...)
	}
	return fields
}

func customerPatched(c catalog.Customer, p catalog.CustomerPatch) bool {
	if email, ok := p.Email.Get(); ok && !strings.EqualFold(strings.TrimSpace(email), c.Email) {
		return false
	}
	if tags, ok := p.Tags.Get(); ok && !transport.SameNames(tags, c.Tags) {
		return false
	}
	if phone, ok := p.Phone.Get(); ok && plainPhone(phone) != plainPhone(c.Phone) {
		return false
	}
	return transport.HasText(p.FirstName, c.FirstName) && transport.HasText(p.LastName, c.LastName) && transport.HasText(p.Note, c.Note)
}

// plainPhone is a number without the ways to write it.
func plainPhone(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}
