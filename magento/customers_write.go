package magento

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// CreateCustomer creates a customer of the website the engine's view belongs to,
// who needs a first and a last name and an e-mail address. Magento writes to
// him. An address that is taken is ErrInvalid. Phone numbers belong to
// addresses, and there are no notes and no tags: ErrUnsupported.
//
// It is sent once. It may be repeated, since a second customer of the same
// address is refused; Confirm says Unknown once there is one, since nothing
// tells by whose doing.
// https://developer.adobe.com/commerce/webapi/rest/b2c-quick-reference
func (e *Engine) CreateCustomer(ctx context.Context, patch catalog.CustomerPatch, _ catalog.WriteOptions) (catalog.Customer, error) {
	const op = "create customer"
	named, err := customerFields(op, patch)
	if err != nil {
		return catalog.Customer{}, err
	}
	for _, field := range []string{"email", "firstname", "lastname"} {
		if named[field] == "" {
			return catalog.Customer{}, invalid(op, field, "a customer needs a first name, a last name and an e-mail address")
		}
	}
	view, err := e.viewOf(ctx)
	if err != nil {
		return catalog.Customer{}, err
	}
	fields := map[string]any{}
	for name, value := range named {
		fields[name] = value
	}
	if view != nil && checkID("", "", view.ID) == nil && checkID("", "", view.WebsiteID) == nil {
		fields["store_id"], fields["website_id"] = idNumber(view.ID), idNumber(view.WebsiteID)
	}
	email := named["email"]
	find := func(ctx context.Context) (catalog.Outcome, error) {
		_, err := e.CustomerByEmail(ctx, email)
		if vanished(err) {
			return catalog.OutcomeNotDone, nil
		}
		return catalog.OutcomeUnknown, err
	}
	// The credential was not needed yet, so that it may have ended.
	c := call{op: op, method: http.MethodPost, path: "/customers"}
	if c.body, err = json.Marshal(map[string]any{"customer": fields}); err != nil {
		return catalog.Customer{}, err
	}
	a, err := e.get(ctx, c)
	if err != nil {
		return catalog.Customer{}, e.lost(op, err, find)
	}
	return e.customerMade(op, a, find)
}

// UpdateCustomer changes the named fields and nothing else. Magento asks for who
// a customer is with every change, so his names, address, group and website are
// read and sent along as they are: what somebody changes of these at that moment
// is lost. His addresses and other values are not sent and stay.
//
// It sets a state and may be repeated; it is sent once.
// https://developer.adobe.com/commerce/webapi/rest/b2c-quick-reference
func (e *Engine) UpdateCustomer(ctx context.Context, id string, patch catalog.CustomerPatch, _ catalog.WriteOptions) (catalog.Customer, error) {
	const op = "update customer"
	if err := checkID(op, "a customer", id); err != nil {
		return catalog.Customer{}, err
	}
	named, err := customerFields(op, patch)
	if err != nil {
		return catalog.Customer{}, err
	}
	if len(named) == 0 {
		return catalog.Customer{}, invalid(op, "patch", "it names no field to change")
	}
	a, err := e.get(ctx, call{op: op, path: "/customers/" + id})
	if err != nil {
		return catalog.Customer{}, err
	}
	raw, err := a.object(op)
	if err != nil {
		return catalog.Customer{}, err
	}
	var n customerNode
	if _, err := decode(raw, &n); err != nil || n.ID == "" {
		return catalog.Customer{}, a.bad(op, "the answer holds no customer")
	}
	fields := map[string]any{"id": idNumber(id), "email": n.Email, "firstname": n.FirstName, "lastname": n.LastName}
	for name, value := range map[string]string{"website_id": n.WebsiteID, "store_id": n.StoreID, "group_id": n.GroupID} {
		if checkID("", "", value) == nil {
			fields[name] = idNumber(value)
		}
	}
	for name, value := range named {
		fields[name] = value
	}
	find := func(ctx context.Context) (catalog.Outcome, error) {
		c, err := e.Customer(ctx, id)
		if vanished(err) {
			return catalog.OutcomeNotDone, nil
		}
		return settled(err == nil && customerPatched(c, patch), err)
	}
	if a, err = e.change(ctx, op, put, "/customers/"+id, map[string]any{"customer": fields}, find); err != nil {
		return catalog.Customer{}, err
	}
	return e.customerMade(op, a, find)
}

// customerMade reads what a write left.
func (e *Engine) customerMade(op string, a answer, find look) (catalog.Customer, error) {
	raw, err := a.object(op)
	if err != nil {
		return catalog.Customer{}, e.unclear(op, a, find)
	}
	one := single(raw, customerReader)
	if one.err != nil {
		return catalog.Customer{}, e.unclear(op, a, find)
	}
	return finish(op, customerReader, one, false)
}

// customerFields are the fields a patch names.
func customerFields(op string, p catalog.CustomerPatch) (map[string]string, error) {
	for name, instead := range map[string]string{"phone": "write it to one of the customer's addresses by a native call: PUT /customers/{id}", "note": "keep notes about customers yourself"} {
		field := p.Phone
		if name == "note" {
			field = p.Note
		}
		if _, named := field.Get(); named {
			return nil, catalog.Unsupported(Platform, op+" with a "+name, instead)
		}
	}
	if _, named := p.Tags.Get(); named {
		return nil, catalog.Unsupported(Platform, op+" with tags", "customers have a group: write it by a native call, PUT /customers/{id}")
	}
	fields := map[string]string{}
	for name, field := range map[string]catalog.Field[string]{"firstname": p.FirstName, "lastname": p.LastName, "email": p.Email} {
		value, named := field.Get()
		if !named {
			continue
		}
		if value = strings.TrimSpace(value); value == "" || len([]rune(value)) > longestName {
			return nil, invalid(op, name, "it cannot be empty on Magento, or longer than 255 characters")
		}
		fields[name] = value
	}
	if email, named := fields["email"]; named && !strings.Contains(email, "@") {
		return nil, invalid(op, "email", "that is not an e-mail address")
	}
	return fields, nil
}

func customerPatched(c catalog.Customer, p catalog.CustomerPatch) bool {
	if email, ok := p.Email.Get(); ok && !strings.EqualFold(strings.TrimSpace(email), c.Email) {
		return false
	}
	return transport.HasText(p.FirstName, c.FirstName) && transport.HasText(p.LastName, c.LastName)
}
