package salla

import (
	"context"
	"net/url"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// CreateCustomer creates a customer, who needs a first name and, as a rule, a
// phone number. Addresses and numbers are unique in a store: one that is taken
// is ErrInvalid, with the field named. Customers have groups in place of tags,
// and no notes: both are ErrUnsupported.
//
// It is sent once, and may be repeated where it names an address or a number,
// since a second customer of the same is refused. Confirm looks for them; a
// customer that is there may be somebody else's, so that is OutcomeUnknown.
// https://docs.salla.dev/5394125e0
func (e *Engine) CreateCustomer(ctx context.Context, patch catalog.CustomerPatch, _ catalog.WriteOptions) (catalog.Customer, error) {
	const op = "create customer"
	fields, err := customerFields(op, patch)
	if err != nil {
		return catalog.Customer{}, err
	}
	if name, _ := patch.FirstName.Get(); strings.TrimSpace(name) == "" {
		return catalog.Customer{}, invalid(op, "FirstName", "a customer of Salla needs a first name")
	}
	email, _ := patch.Email.Get()
	email = strings.TrimSpace(email)
	number, _ := patch.Phone.Get()
	c := change{op: op, method: post, path: "/customers", fields: fields, look: func(ctx context.Context) (catalog.Outcome, error) {
		there, err := e.knows(ctx, "confirm "+op, email, number)
		if err != nil || there || email == "" && number == "" {
			return catalog.OutcomeUnknown, err // who created it nobody can tell
		}
		return catalog.OutcomeNotDone, nil
	}}
	a, err := e.write(ctx, c)
	if err != nil {
		return catalog.Customer{}, err
	}
	return record(ctx, e, c, a, customerReader)
}

// knows says that the store has a customer of this address or number.
func (e *Engine) knows(ctx context.Context, op, email, number string) (bool, error) {
	mobile := ""
	if number != "" {
		_, mobile, _ = splitPhone(number)
	}
	for _, keyword := range []string{email, mobile} {
		if keyword == "" {
			continue
		}
		for c, err := range list(ctx, e, listing[customerNode, catalog.Customer]{
			op: op, resource: catalog.Customers, call: call{path: "/customers", query: url.Values{"keyword": {keyword}}}, filter: "known", reader: customerReader,
		}) {
			if err != nil {
				return false, err
			}
			if email != "" && strings.EqualFold(c.Email, email) || number != "" && c.Phone == plainPhone(number) {
				return true, nil
			}
		}
	}
	return false, nil
}

// UpdateCustomer changes the named fields and nothing else. A number cannot be
// emptied. It sets a state and may be repeated; it is sent once.
// https://docs.salla.dev/5394123e0
func (e *Engine) UpdateCustomer(ctx context.Context, id string, patch catalog.CustomerPatch, _ catalog.WriteOptions) (catalog.Customer, error) {
	const op = "update customer"
	if err := checkID(op, "a customer", id); err != nil {
		return catalog.Customer{}, err
	}
	fields, err := customerFields(op, patch)
	if err == nil && len(fields) == 0 {
		err = invalid(op, "patch", "it names no field to change")
	}
	if err != nil {
		return catalog.Customer{}, err
	}
	c := change{op: op, method: put, path: "/customers/" + id, fields: fields, look: func(ctx context.Context) (catalog.Outcome, error) {
		return asIs(func() (catalog.Customer, error) { return e.Customer(ctx, id) }, func(c catalog.Customer) bool { return customerPatched(c, patch) })
	}}
	a, err := e.write(ctx, c)
	if err != nil {
		return catalog.Customer{}, err
	}
	return record(ctx, e, c, a, customerReader)
}

// customerFields are the fields a patch names.
func customerFields(op string, p catalog.CustomerPatch) (map[string]any, error) {
	fields := map[string]any{}
	for name, field := range map[string]catalog.Field[string]{"first_name": p.FirstName, "last_name": p.LastName} {
		if value, ok := field.Get(); ok {
			fields[name] = value
		}
	}
	if email, ok := p.Email.Get(); ok {
		fields["email"] = strings.TrimSpace(email) // as Confirm looks for it
	}
	if name, ok := p.FirstName.Get(); ok && strings.TrimSpace(name) == "" {
		return nil, invalid(op, "FirstName", "a first name cannot be empty on Salla")
	}
	if _, ok := p.Note.Get(); ok {
		return nil, catalog.Unsupported(Platform, op+" with a note", "Salla has none; keep it with the host")
	}
	if _, ok := p.Tags.Get(); ok {
		return nil, catalog.Unsupported(Platform, op+" with tags", "use groups, by a native call to /customers/groups/add_customers")
	}
	if number, ok := p.Phone.Get(); ok {
		if number == "" {
			return nil, catalog.Unsupported(Platform, op+" without a number", "Salla knows customers by their number; write another one")
		}
		code, mobile, ok := splitPhone(number)
		if !ok {
			return nil, invalid(op, "Phone", "it must begin with + and the country's code, such as +966501234567")
		}
		fields["mobile"], fields["mobile_code_country"] = mobile, "+"+code
	}
	return fields, nil
}

func customerPatched(c catalog.Customer, p catalog.CustomerPatch) bool {
	if email, ok := p.Email.Get(); ok && !strings.EqualFold(strings.TrimSpace(email), c.Email) {
		return false
	}
	if number, ok := p.Phone.Get(); ok && plainPhone(number) != c.Phone {
		return false
	}
	return transport.HasText(p.FirstName, c.FirstName) && transport.HasText(p.LastName, c.LastName)
}

// plainPhone is a number without the ways to write it.
func plainPhone(number string) string {
	code, mobile, ok := splitPhone(number)
	if !ok {
		return number
	}
	return "+" + code + mobile
}

// splitPhone takes a number apart into its country's code and the rest. Codes
// have one to three digits, and none begins another.
// https://www.itu.int/rec/T-REC-E.164
func splitPhone(number string) (code, mobile string, ok bool) {
	rest, plus := strings.CutPrefix(strings.TrimSpace(number), "+")
	rest = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		if strings.ContainsRune(" -.()", r) {
			return -1
		}
		return 'x'
	}, rest)
	if !plus || len(rest) < 7 || len(rest) > 15 || strings.Contains(rest, "x") || rest[0] == '0' {
		return "", "", false
	}
	n := 3
	switch {
	case rest[0] == '1' || rest[0] == '7':
		n = 1
	case strings.Contains(" 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ", " "+rest[:2]+" "):
		n = 2
	}
	return rest[:n], rest[n:], true
}
