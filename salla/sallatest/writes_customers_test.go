package sallatest

import (
	"strings"
	"testing"
)

func TestCustomersChangeOnlyWhereNamed(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	put(t, s, "POST", "/customers", `{"first_name":"فاطمة","last_name":"Saad","email":"Fatima@example.com","gender":"female","birthday":"1997-06-03"}`, 200)
	made := s.Customers()[0]
	path := "/customers/" + itoa64(made.ID)
	if body := put(t, s, "GET", path, "", 200); !strings.Contains(body, `"mobile":null`) {
		t.Errorf("without a number: %s", body)
	}
	counts(t, s, "one name", 1, func() { put(t, s, "PUT", path, `{"last_name":"Ali"}`, 200) })
	counts(t, s, "the same name", 0, func() { put(t, s, "PUT", path, `{"last_name":"Ali","email":"Fatima@example.com"}`, 200) })
	counts(t, s, "no address", 1, func() { put(t, s, "PUT", path, `{"email":""}`, 200) })
	got := s.Customer(made.ID)
	made.LastName, made.Email, made.UpdatedAt = "Ali", "", got.UpdatedAt
	if diff := (snapshot{Customers: []*Customer{made}}).diff(snapshot{Customers: []*Customer{got}}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	counts(t, s, "a number and a deletion", 2, func() {
		put(t, s, "PUT", path, `{"mobile":"501234567","mobile_code_country":"+966"}`, 200)
		put(t, s, "DELETE", path, "", 200)
	})
	put(t, s, "DELETE", path, "", 404)
}

func TestCustomersThatAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 10, Orders: 10, Customers: 30})
	a, b := s.Customers()[0], s.Customers()[1]
	path := "/customers/" + itoa64(a.ID)
	number := `"mobile":"` + itoa64(b.Mobile) + `","mobile_code_country":"` + strings.TrimPrefix(b.MobileCode, "+") + `"`
	refuseAll(t, s, []refusal{
		{"nobody", "POST", "/customers", `{}`, 422, `"first_name":["الاسم الاول للعميل مطلوب"]`},
		{"nobody to reach", "POST", "/customers", `{"first_name":"A"}`, 422, `"mobile"`},
		{"a number of no country", "POST", "/customers", `{"first_name":"A","mobile":"501234567"}`, 422, `"mobile_code_country"`},
		{"a number with its country", "POST", "/customers", `{"first_name":"A","mobile":"+966501234567","mobile_code_country":"+966"}`, 422, `"mobile"`},
		{"an address that is taken", "POST", "/customers", `{"first_name":"A","email":"` + strings.ToUpper(b.Email) + `"}`, 422, `"email"`},
		{"a number that is taken", "POST", "/customers", `{"first_name":"A",` + number + `}`, 422, `"mobile"`},
		{"the other's address", "PUT", path, `{"email":"` + b.Email + `"}`, 422, `"email"`},
		{"the other's number", "PUT", path, `{` + number + `}`, 422, `"mobile"`},
		{"no address at all", "PUT", path, `{"email":"nobody"}`, 422, `"email"`},
		{"no first name", "PUT", path, `{"first_name":""}`, 422, `"first_name"`},
		{"a third gender word", "PUT", path, `{"gender":"f"}`, 422, `"gender"`},
		{"a birthday of another form", "PUT", path, `{"birthday":"3/6/1997"}`, 422, `"birthday"`},
		{"an unknown customer", "PUT", "/customers/7", `{"last_name":"x"}`, 404, ""},
	})
}
