package bigcommerce_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// refusedAs makes one call that is refused and returns its error.
func refusedAs(t *testing.T, fault bigcommercetest.Fault, request catalog.RESTRequest) (*catalog.Error, int) {
	t.Helper()
	server := newServer(t, bigcommercetest.Config{Products: 1, Orders: 1, Customers: 1, Unthrottled: true})
	engine := openStore(t, newAdapter(t, server, bigcommerce.Config{Attempts: 2}), server.Store)
	server.Inject(fault.Repeat(-1))
	_, err := capability[catalog.RESTCaller](t, engine).Do(t.Context(), request)
	e, ok := errors.AsType[*catalog.Error](err)
	if !ok || strings.Contains(err.Error(), server.Token()) || e.Platform != bigcommerce.Platform {
		t.Fatalf("%v", err)
	}
	return e, len(server.Calls())
}

// Refusals in the shapes of both versions, and those of neither.
func TestTrapErrorsHaveManyShapes(t *testing.T) {
	t.Parallel()
	type fields = []catalog.FieldError
	for name, c := range map[string]struct {
		fault   bigcommercetest.Fault
		kind    catalog.Kind
		code    string
		message string
		fields  fields
	}{
		"V3 with fields": {bigcommercetest.Invalid("JSON data is missing or invalid", map[string]string{"customer_id": "error.expected.jsnumber"}), catalog.ErrInvalid, "",
			"JSON data is missing or invalid", fields{{Field: "customer_id", Message: "error.expected.jsnumber"}}},
		"V3 with a code": {answered(422, `{"status":422,"code":22004,"title":"Variant sku cannot be empty","errors":{"sku":"Variant sku cannot be empty"}}`), catalog.ErrInvalid, "22004",
			"Variant sku cannot be empty", fields{{Field: "sku", Message: "Variant sku cannot be empty"}}},
		"V3 with nested fields": {answered(422, `{"status":422,"title":"x","errors":{"0.data":{"name":["a","b"]},"n":7}}`), catalog.ErrInvalid, "",
			"x", fields{{Field: "0.data.name", Message: "a"}, {Field: "0.data.name", Message: "b"}, {Field: "n", Message: "7"}}},
		"V3 whose errors are a list":        {answered(422, `{"status":422,"title":"x","errors":[]}`), catalog.ErrInvalid, "", "x", nil},
		"V3 whose title alone speaks":       {answered(422, `{"status":422,"title":"Item with variant_id 7 is tracked by product","errors":{}}`), catalog.ErrInvalid, "", "Item with variant_id 7 is tracked by product", nil},
		"V2, an array":                      {bigcommercetest.NotFoundV2(), catalog.ErrNotFound, "", "The requested resource was not found.", nil},
		"V2 whose body says another status": {bigcommercetest.InvalidV2("Bad Request"), catalog.ErrInvalid, "", "Bad Request", nil},
		"V2 with details": {answered(400, `[{"status":400,"message":"The field 'x' is invalid.","details":{"invalid_reason":"too long","errors":["a"]}}]`), catalog.ErrInvalid, "",
			"The field 'x' is invalid.", fields{{Field: "errors", Message: "a"}, {Field: "invalid_reason", Message: "too long"}}},
		"V2 without the array": {bigcommercetest.BareV2(400, "Bad Request"), catalog.ErrInvalid, "", "Bad Request", nil},
		"V2 without a body":    {bigcommercetest.NotFoundEmpty(), catalog.ErrNotFound, "", "", nil},
		"a batch": {answered(422, `{"batch_errors":[{"status":422,"title":"one","errors":{"sku":"taken"}},{"status":422,"title":"two","errors":{"price":"negative"}}]}`), catalog.ErrInvalid, "",
			"one", fields{{Field: "batch_errors.0.sku", Message: "taken"}, {Field: "batch_errors.1.price", Message: "negative"}}},
		"a refund's, inside data": {answered(422, `{"data":[{"status":422,"title":"Unable to provide store credit for a guest customer."}]}`), catalog.ErrInvalid, "",
			"Unable to provide store credit for a guest customer.", fields{{Field: "data", Message: "Unable to provide store credit for a guest customer."}}},
		"a refund's, as error": {answered(503, `{"data":[{"status":503,"error":"Try again"}]}`), catalog.ErrUnavailable, "", "Try again", fields{{Field: "data", Message: "Try again"}}},
		"a duplicate":          {bigcommercetest.Conflict("The product name is a duplicate"), catalog.ErrConflict, "", "The product name is a duplicate", nil},
		"too many items":       {answered(413, `{"status":413,"title":"The maximum items allowed in the array is 50"}`), catalog.ErrInvalid, "", "The maximum items allowed in the array is 50", nil},
		"the plan's limit":     {bigcommercetest.PlanLimit(), catalog.ErrForbidden, "", "The store has reached its product limit.", nil},
		"locked":               {answered(423, `{"status":423,"title":"locked"}`), catalog.ErrForbidden, "", "locked", nil},
		"a scope is missing":   {bigcommercetest.ScopeMissing(), catalog.ErrForbidden, "", "You don't have a required scope to access the endpoint", nil},
		"a scope of V2":        {bigcommercetest.ScopeMissingV2(), catalog.ErrForbidden, "", "You don't have a required scope to access the endpoint", nil},
		"an odd Accept":        {answered(406, `{"status":406,"title":"x"}`), catalog.ErrInvalid, "", "x", nil},
		"a gateway's page":     {bigcommercetest.ServerError(502), catalog.ErrUnavailable, "", "", nil},
		"a gateway that left":  {answered(499, ``), catalog.ErrUnavailable, "", "", nil},
		"the platform's 500":   {answered(500, `{"status":500,"title":"Internal"}`), catalog.ErrUnavailable, "", "Internal", nil},
		"a 400 of HTML":        {bigcommercetest.ServerError(400), catalog.ErrInvalid, "", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, n := refusedAs(t, c.fault, catalog.RESTRequest{Path: "/v3/catalog/brands"})
			if e.Kind != c.kind || e.Code != c.code || c.message != "" && e.Message != c.message {
				t.Errorf("%q %q %q: %v", e.Kind, e.Code, e.Message, e)
			}
			if diff := cmp.Diff(c.fields, e.Fields); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if want := map[bool]int{true: 2, false: 1}[e.Kind == catalog.ErrUnavailable]; n != want {
				t.Errorf("%d calls, want %d", n, want)
			}
		})
	}
}

// Every status of the documents has a word on what to do.
func TestHints(t *testing.T) {
	t.Parallel()
	for status, word := range map[int]string{401: "revoked", 403: "scope", 406: "Accept", 409: "taken", 413: "too large", 423: "locked", 500: "minute", 503: "suspended", 507: "plan"} {
		e, _ := refusedAs(t, answered(status, `{"title":"x"}`), catalog.RESTRequest{Path: "/v3/catalog/brands"})
		if !strings.Contains(e.Hint, word) && status != 401 { // there the credential source speaks
			t.Errorf("%d: %q", status, e.Hint)
		}
	}
}

// A 207 is a record that was saved in part: the result comes beside an error
// that names the rest, and nothing is repeated.
func TestTrapMultiStatusIsHalfASuccess(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 1, Orders: 1, Customers: 1})
	native := capability[catalog.RESTCaller](t, engine)
	server.Inject(answered(http.StatusMultiStatus, `{"data":{"id":7},"errors":{"status":422,"title":"Stock was not saved","type":"x","errors":{"inventory_level":"negative"}},"meta":{}}`))
	result, err := native.Do(t.Context(), catalog.RESTRequest{Method: "POST", Path: "/v3/catalog/products", Body: map[string]string{"name": "x"}})
	e, ok := errors.AsType[*catalog.Error](err)
	if !ok || e.Status != 207 || !strings.Contains(e.Message, "Stock was not saved") || len(e.Fields) != 1 || e.Fields[0].Field != "inventory_level" {
		t.Errorf("%v", err)
	}
	if result.Status != 207 || !strings.Contains(string(result.Body), `"id":7`) || len(server.Calls()) != 1 {
		t.Errorf("%d %s, %d calls", result.Status, result.Body, len(server.Calls()))
	}
	server.Inject(answered(http.StatusMultiStatus, `[]`))
	if _, err := native.Do(t.Context(), catalog.RESTRequest{Method: "PUT", Path: "/v3/catalog/products/1", Body: 1}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("a 207 that names nothing: %v", err)
	}
}

// A store that tells no currency has no prices to tell: that is an error, not
// amounts of nothing.
func TestStoreWithoutACurrency(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 2, Orders: 1, Customers: 1})
	server.Inject(bigcommercetest.Replaced("currency", `""`).On("GET", "/v2/store"))
	if got, err := catalog.Collect(engine.Products(t.Context(), catalog.ProductQuery{})); !errors.Is(err, catalog.ErrBadAnswer) || len(got) > 0 {
		t.Errorf("%d products, %v", len(got), err)
	}
	server.Inject(bigcommercetest.ScopeMissingV2().On("GET", "/v2/store"))
	_, err := engine.Product(t.Context(), id(server.Products()[0].ID))
	if !errors.Is(err, catalog.ErrForbidden) || !strings.Contains(err.Error(), "get store information") {
		t.Errorf("without the scope of the store's information: %v", err)
	}
	if p, err := engine.Product(t.Context(), id(server.Products()[0].ID)); err != nil || p.Variants[0].Price.Currency() != "SAR" {
		t.Errorf("later: %v", err)
	}
}

// Times come in two forms, and both in more than one spelling.
func TestTimes(t *testing.T) {
	t.Parallel()
	at := time.Date(2019, 3, 5, 21, 40, 11, 0, time.UTC)
	for raw, want := range map[string]time.Time{
		`"Tue, 05 Mar 2019 21:40:11 +0000"`: at, `"Tue, 5 Mar 2019 21:40:11 +0000"`: at, `"2019-03-05T21:40:11+00:00"`: at, `"2019-03-05T21:40:11Z"`: at,
		`"2019-03-06T00:40:11+03:00"`: at, `""`: {}, `"0000-00-00 00:00:00"`: {},
	} {
		server, engine := quick(t, bigcommercetest.Config{Products: 1, Orders: 2, Customers: 1})
		server.Inject(bigcommercetest.Replaced("date_created", raw).On("GET", "/v2/orders/*"))
		if got := one(t, engine, server.Orders()[1].ID); !got.CreatedAt.Equal(want) || len(got.Problems) > 0 {
			t.Errorf("%s: %v, %v", raw, got.CreatedAt, got.Problems)
		}
	}
	for _, raw := range []string{`"yesterday"`, `1551822011`, `{}`} {
		server, engine := quick(t, bigcommercetest.Config{Products: 1, Orders: 2, Customers: 1})
		server.Inject(bigcommercetest.Replaced("date_created", raw).On("GET", "/v2/orders/*"))
		if got := one(t, engine, server.Orders()[1].ID); !got.CreatedAt.IsZero() || len(got.Problems) != 1 {
			t.Errorf("%s: %v, %v", raw, got.CreatedAt, got.Problems)
		}
	}
}
