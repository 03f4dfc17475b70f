package bigcommerce

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
)

// CreateCustomer creates a customer, who needs both names and an e-mail
// address. Addresses are unique in a store: one that is taken is ErrConflict
// before anything is sent. Customers have groups in the place of tags, which
// are errors.ErrUnsupported. No mail is sent.
//
// It is sent once. After a lost answer Confirm looks for the address: a
// customer who has it now may be this call's or somebody else's,
// OutcomeUnknown; a second call cannot create one twice.
// https://developer.bigcommerce.com/docs/rest-management/customers#create-customers
func (e *Engine) CreateCustomer(ctx context.Context, patch catalog.CustomerPatch, _ catalog.WriteOptions) (catalog.Customer, error) {
	const op = "create customer"
	fields, err := customerFields(op, patch)
	if err != nil {
		return catalog.Customer{}, err
	}
	for name, field := range map[string]string{"first_name": "FirstName", "last_name": "LastName", "email": "Email"} {
		if _, given := fields[name]; !given {
			return catalog.Customer{}, invalid(op, field, "a customer needs both names and an e-mail address")
		}
	}
	email, _ := patch.Email.Get()
	switch taken, err := e.customerOf(ctx, op, email); {
	case err != nil:
		return catalog.Customer{}, err
	case taken != "":
		return catalog.Customer{}, conflict(op, "the customer "+taken+" has this e-mail address", "addresses are unique in a store")
	}
	find := func(ctx context.Context) (catalog.Outcome, error) {
		found, err := e.customerOf(ctx, "confirm "+op, email)
		if err != nil || found != "" {
			return catalog.OutcomeUnknown, err // it was free; who took it nobody can tell
		}
		return catalog.OutcomeNotDone, nil
	}
	return e.writeCustomer(ctx, op, http.MethodPost, fields, find)
}

// customerOf returns the id of the customer with this address, "" for none.
func (e *Engine) customerOf(ctx context.Context, op, email string) (string, error) {
	c, err := e.CustomerByEmail(ctx, email)
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return "", nil
	}
	if failed, ok := err.(*catalog.Error); ok {
		failed.Op = op + ": find the address"
	}
	return c.ID, err
}

// UpdateCustomer changes the named fields and nothing else; addresses and
// groups are never sent. Names and the e-mail address cannot be emptied. It sets
// a state and may be repeated; it is sent once.
// https://developer.bigcommerce.com/docs/rest-management/customers#update-customers
func (e *Engine) UpdateCustomer(ctx context.Context, id string, patch catalog.CustomerPatch, _ catalog.WriteOptions) (catalog.Customer, error) {
	const op = "update customer"
	if err := checkID(op, "a customer", id); err != nil {
		return catalog.Customer{}, err
	}
	fields, err := customerFields(op, patch)
	if err != nil {
		return catalog.Customer{}, err
	}
	if len(fields) == 0 {
		return catalog.Customer{}, invalid(op, "patch", "it names no field to change")
	}
	find := func(ctx context.Context) (catalog.Outcome, error) {
		_, rows, err := e.rows(ctx, customersCall("confirm "+op).with("id:in", id, "limit", "1"))
		switch {
		case err != nil:
			return catalog.OutcomeUnknown, err
		case len(rows) > 0 && holds(rows[0], fields, ""):
			return catalog.OutcomeDone, nil
		}
		return catalog.OutcomeNotDone, nil
	}
	if _, err := e.Customer(ctx, id); err != nil { // the answer to the write does not tell that there is none
		if failed, ok := err.(*catalog.Error); ok {
			failed.Op = op + ": " + failed.Op
		}
		return catalog.Customer{}, err
	}
	sent := map[string]any{"id": numeric(id)}
	for name, value := range fields {
		sent[name] = value
	}
	return e.writeCustomer(ctx, op, http.MethodPut, sent, find)
}

// writeCustomer sends a list of one, which is what the calls take.
func (e *Engine) writeCustomer(ctx context.Context, op, method string, fields map[string]any, find look) (catalog.Customer, error) {
	a, err := e.write(ctx, call{op: op, method: method, path: "/v3/customers", list: inData}, []any{fields}, find)
	if err != nil {
		return catalog.Customer{}, err
	}
	var raw json.RawMessage
	id := ""
	if len(a.page.Items) > 0 {
		raw = a.page.Items[0]
		id = customerReader.decode(a.page.Items[:1])[0].id
	}
	return written(ctx, e, op, raw, &customerReader, nil, func(ctx context.Context) (catalog.Customer, error) { return e.Customer(ctx, id) }, find)
}

// customerTexts are the fields that can be written, with the most characters
// they have; 0 = no limit is known.
var customerTexts = []struct {
	name, field string
	most        int
	needed      bool
}{
	{"first_name", "FirstName", 100, true}, {"last_name", "LastName", 100, true}, {"email", "Email", 250, true},
	{"phone", "Phone", 50, false}, {"notes", "Note", 0, false},
}

// customerFields are the fields a patch names; "" empties one.
func customerFields(op string, p catalog.CustomerPatch) (map[string]any, error) {
	if _, ok := p.Tags.Get(); ok {
		return nil, catalog.Unsupported(Platform, op+" with tags", "put the customer into a group with a native call")
	}
	fields := map[string]any{}
	for i, field := range []catalog.Field[string]{p.FirstName, p.LastName, p.Email, p.Phone, p.Note} {
		text, named := field.Get()
		as := customerTexts[i]
		switch {
		case !named:
			continue
		case as.needed && blank(text):
			return nil, invalid(op, as.field, "a customer needs both names and an e-mail address")
		case as.most > 0 && utf8.RuneCountInString(text) > as.most:
			return nil, invalid(op, as.field, "it is too long")
		case as.name == "email" && !strings.Contains(text, "@"):
			return nil, invalid(op, as.field, "that is not an e-mail address")
		}
		fields[as.name] = text
	}
	return fields, nil
}
