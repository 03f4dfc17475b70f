package bigcommercetest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCustomerRefusals(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Customers: 5})
	long := strings.Repeat("x", 101)
	for _, test := range []struct {
		name, method, body, says string
	}{
		{"an e-mail taken", "POST", `[{"email":"BUYER2@example.com","first_name":"a","last_name":"b"}]`, "already in use"},
		{"one e-mail twice", "POST", `[{"email":"n@example.com","first_name":"a","last_name":"b"},{"email":"N@example.com","first_name":"a","last_name":"b"}]`, "twice"},
		{"no last name", "POST", `[{"email":"n@example.com","first_name":"a"}]`, "missing last_name"},
		{"no e-mail address", "POST", `[{"email":"nobody","first_name":"a","last_name":"b"}]`, `"0.email":"is invalid"`},
		{"a good one and a bad one", "POST", `[{"email":"n@example.com","first_name":"a","last_name":"b"},{"email":"m@example.com","first_name":"` + long + `","last_name":"b"}]`, `"1.first_name":"error.maxLength"`},
		{"an unknown customer", "PUT", `[{"id":1,"notes":"x"},{"id":99,"notes":"x"}]`, "customer 99 not found"},
		{"another's e-mail", "PUT", `[{"id":1,"notes":"x"},{"id":1,"email":"buyer2@example.com"}]`, "already in use"},
		{"a name of nothing", "PUT", `[{"id":1,"last_name":""}]`, `"0.last_name":"error.minLength"`},
		{"null for a note", "PUT", `[{"id":1,"notes":null}]`, `"0.notes":"error.expected.jsstring"`},
		{"no array", "PUT", `{"id":1,"notes":"x"}`, "error.expected"},
	} {
		before := s.Customers()
		if r := do(t, s, test.method, "/v3/customers", test.body); r.status != 422 || !strings.Contains(r.body, test.says) {
			t.Errorf("%s: %d %s", test.name, r.status, r.body)
		}
		if diff := cmp.Diff(before, s.Customers()); diff != "" || len(s.Effects()) > 0 || len(s.Events()) > 0 {
			t.Errorf("%s changed something\n%s", test.name, diff)
		}
	}
}

func TestCustomerEffects(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Customers: 5})
	do(t, s, "POST", "/v3/customers", `[{"email":"new+1@example.com","first_name":"a","last_name":"b","notes":"n"}]`)
	for range 2 {
		do(t, s, "PUT", "/v3/customers", `[{"id":6,"notes":"","last_name":"Ali"},{"id":1,"email":"buyer1@example.com"}]`)
	}
	if v := s.Customer(6); v.Notes != "" || v.LastName != "Ali" || v.FirstName != "a" || v.ChannelIDs != nil {
		t.Errorf("%+v", v)
	}
	if found := v3[idOnly](t, s, "/v3/customers?email:in="+url.QueryEscape("NEW+1@example.com")); len(found.Data) != 1 || found.Data[0].ID != 6 {
		t.Errorf("%+v", found.Data)
	}
	for range 2 { // the second time it is there already
		do(t, s, "POST", "/v3/customers/addresses", `[{"customer_id":6,"first_name":"b","last_name":"c","address1":"s","city":"c","country_code":"SA"}]`)
	}
	do(t, s, "DELETE", "/v3/customers?id:in=6,7", "")
	if r := do(t, s, "DELETE", "/v3/customers", ""); r.status != 204 || len(s.Customers()) != 5 || len(s.Violations()) != 1 {
		t.Errorf("a delete of nobody: %d, %v", r.status, s.Violations())
	}
	want := []string{"POST /v3/customers customer 6", "PUT /v3/customers customer 6"}
	if got := told(s); len(got) != 4 || cmp.Diff(want, got[:2]) != "" || !strings.HasPrefix(got[2], "POST /v3/customers/addresses address ") || got[3] != "DELETE /v3/customers customer 6" {
		t.Errorf("%q", got)
	}
}

func TestHookEffects(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	theirs := s.AddForeignSubscription(Hook{Scope: "store/order/created", Destination: destination, Active: true})
	var made struct{ Data idOnly }
	do(t, s, "POST", "/v3/hooks", hookBody("store/order/created")).decode(t, &made)
	path := fmt.Sprintf("/v3/hooks/%d", made.Data.ID)
	if !s.UpdateSubscription(made.Data.ID, func(h *Hook) { h.Active, h.Headers = false, nil }) {
		t.Fatal("there is no such hook")
	}
	if r := fetch(t, s, path); !strings.Contains(r.body, `"headers":null,"is_active":false`) {
		t.Errorf("%s", r.body)
	}
	for range 2 { // the second time it is so already
		do(t, s, "PUT", path, `{"is_active":true,"headers":{"X-Own":"s3cret"}}`)
	}
	if h := s.Subscriptions(); len(h) != 1 || !h[0].Active || h[0].Headers["X-Own"] != "s3cret" || h[0].secret != s.ClientSecret() {
		t.Errorf("%+v", h)
	}
	for name, r := range map[string]reply{
		"the same again": do(t, s, "POST", "/v3/hooks", hookBody("store/order/created")), "nothing to change": do(t, s, "PUT", path, `{}`),
		"no scope": do(t, s, "PUT", path, `{"scope":"store/order/eaten"}`), "no https": do(t, s, "PUT", path, `{"destination":"http://example.com"}`),
	} {
		if r.status != 422 {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		if r := do(t, s, method, fmt.Sprintf("/v3/hooks/%d", theirs.ID), map[string]string{"PUT": `{"is_active":false}`}[method]); r.status != 404 {
			t.Errorf("%s of another's: %d %s", method, r.status, r.body)
		}
	}
	do(t, s, "DELETE", path, "")
	do(t, s, "DELETE", path, "")
	want := []string{"POST /v3/hooks hook ", "PUT /v3/hooks/* hook ", "DELETE /v3/hooks/* hook "}
	for i := range want {
		want[i] += itoa(made.Data.ID)
	}
	if diff := cmp.Diff(want, told(s)); diff != "" {
		t.Error(diff)
	}
	if left := s.ForeignSubscriptions(); len(left) != 1 || !left[0].Active || left[0].ID != theirs.ID {
		t.Errorf("%+v", left)
	}
	if !s.DropSubscription(theirs.ID) || s.DropSubscription(theirs.ID) || len(s.Hooks()) != 0 {
		t.Error("a dropped hook is there")
	}
}
