package magentotest

import "testing"

const newAddress = `{"firstname":"n","lastname":"x","street":["1"],"city":"Riyadh","country_id":"SA","postcode":"1","telephone":"2","default_billing":true}`

func TestCustomerWrites(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	made := decode[struct{ ID int64 }](t, do(t, s, "POST", "/V1/customers", `{"customer":{"email":"a@example.com","firstname":"نورة","lastname":"O'Brien","addresses":[`+newAddress+`]}}`))
	if x := s.Customer(made.ID); x.FirstName != "نورة" || len(x.Addresses) != 1 || x.DefaultBilling != x.Addresses[0].ID || x.WebsiteID != 1 {
		t.Errorf("%+v", x)
	}
	path := "/V1/customers/" + itoa(made.ID)
	change := func(more string) reply {
		return do(t, s, "PUT", path, `{"customer":{"email":"a@example.com","firstname":"نورة","website_id":1`+more+`}}`)
	}
	decode[any](t, change(`,"lastname":"Y","dob":"1990-04-05"`))
	decode[any](t, change(`,"lastname":"Y"`))
	if x := s.Customer(made.ID); x.LastName != "Y" || x.Birthday != "1990-04-05" || len(x.Addresses) != 1 || x.DefaultBilling == 0 {
		t.Errorf("what was not named changed: %+v", x)
	}
	id := itoa(made.ID)
	wantEffects(t, s, "customer.create "+id, "customer.update "+id)
	decode[any](t, change(`,"lastname":"Y","dob":"","addresses":[]`)) // a list replaces
	if x := s.Customer(made.ID); len(x.Addresses) != 0 || x.DefaultBilling != 0 || x.Birthday != "" {
		t.Errorf("%+v", x)
	}
	if r := do(t, s, "DELETE", path, ""); r.body != "true" {
		t.Errorf("%d %s", r.status, r.body)
	}
	failure(t, do(t, s, "DELETE", path, ""), 404)
	failure(t, get(t, s, path), 404)
	failure(t, change(`,"lastname":"Y"`), 404)
	wantEffects(t, s, "customer.create "+id, "customer.update "+id, "customer.update "+id, "customer.delete "+id)
}

func TestBadCustomersAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	x := s.AddCustomer(Customer{Email: "x@example.com", FirstName: "X", LastName: "Y"})
	s.AddCustomer(Customer{Email: "taken@example.com", FirstName: "X", LastName: "Y"})
	const (
		missing = "The customer email is missing. Enter and try again."
		taken   = "A customer with the same email address already exists in an associated website."
	)
	for body, message := range map[string]string{
		`{"firstname":"A","lastname":"B"}`:                                      "The email address is required to create a customer account.",
		`{"email":"","firstname":"A","lastname":"B"}`:                           missing,
		`{"email":"b@example.com"}`:                                             "\"First Name\" is a required value.\n\"Last Name\" is a required value.",
		`{"email":"b","firstname":"A","lastname":"B"}`:                          `"Email" is not a valid email address.`,
		`{"email":"b@example.com","firstname":"<A>","lastname":"B"}`:            "First Name is not valid!",
		`{"email":"TAKEN@example.com","firstname":"A","lastname":"B"}`:          taken,
		`{"email":"b@example.com","firstname":"A","lastname":"B","group_id":9}`: "The specified customer group id does not exist.",
	} {
		if e := failure(t, do(t, s, "POST", "/V1/customers", `{"customer":`+body+`}`), 400); e.Message != message {
			t.Errorf("%s: %q", body, e.Message)
		}
	}
	for body, message := range map[string]string{
		`{"lastname":"B"}`:                         missing,
		`{"email":"x@example.com","lastname":"B"}`: "\"Associate to Website\" is a required value.\n\"First Name\" is a required value.",
		`{"email":"x@example.com","firstname":"X","lastname":"","website_id":1}`:            `"Last Name" is a required value.`,
		`{"email":"taken@example.com","firstname":"X","lastname":"Y","website_id":1}`:       taken,
		`{"email":"x@example.com","firstname":"X","lastname":"Y","website_id":1,"note":""}`: msgField,
	} {
		strict := s
		if message == msgField {
			strict = start(t, &Config{})
			x = strict.Customers()[0]
		}
		if e := failure(t, do(t, strict, "PUT", "/V1/customers/"+itoa(x.ID), `{"customer":`+body+`}`), 400); e.Message != message {
			t.Errorf("%s: %q", body, e.Message)
		}
		x = s.Customers()[len(s.Customers())-2]
	}
	wantEffects(t, s)
	if e := failure(t, do(t, s, "POST", "/V1/customers", `{"customer":{"email":"b@example.com","firstname":"A","lastname":"B","addresses":[{"city":"Riyadh"}]}}`), 400); len(e.Errors) != 5 {
		t.Errorf("%+v", e)
	}
	wantEffects(t, s)
	// A bad address comes too late for the rest of a change.
	failure(t, do(t, s, "PUT", "/V1/customers/"+itoa(x.ID), `{"customer":{"email":"x@example.com","firstname":"X","lastname":"Changed","website_id":1,"addresses":[{"city":"Riyadh"}]}}`), 400)
	if got := s.Customer(x.ID); got.LastName != "Changed" {
		t.Errorf("%+v", got)
	}
	wantEffects(t, s, "customer.update "+itoa(x.ID))
}
