package bigcommerce_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// answered is a fault that answers in the server's place.
func answered(status int, body string) bigcommercetest.Fault {
	return bigcommercetest.Fault{Status: status, Body: body, Header: http.Header{"Content-Type": {"application/json"}}}
}

// Orders exist in V2 alone; V3 has only what belongs to them.
func TestTrapOrdersAreInV2Only(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 5, Orders: 20, Customers: 5})
	orders := collect(t, engine.Orders(t.Context(), catalog.OrderQuery{}))
	if _, err := engine.Order(t.Context(), orders[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := capability[catalog.Counter](t, engine).Count(t.Context(), catalog.Orders); err != nil {
		t.Fatal(err)
	}
	for _, c := range server.Calls() {
		_, path, _ := strings.Cut(strings.TrimPrefix(c.Path, "/stores/"), "/")
		if strings.Contains(path, "orders") && !strings.HasPrefix(path, "v2/orders") && !strings.Contains(path, "payment_actions/refunds") {
			t.Errorf("%s %s", c.Method, c.Path)
		}
	}
}

// Messages of orders can be read; there is no call that sends one.
func TestTrapOrderMessagesAreReadOnly(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 5, Orders: 20, Customers: 5})
	err := capability[catalog.OrderNoter](t, engine).AddOrderNote(t.Context(), id(server.Orders()[0].ID), catalog.NoteInput{Text: "x", ForShopper: true}, catalog.WriteOptions{})
	if !errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("a message to be sent: %v", err)
	}
	of := server.Orders()[slices.IndexFunc(server.Orders(), func(o *bigcommercetest.Order) bool { return len(o.Messages) == 2 })]
	history := capability[catalog.OrderHistoryReader](t, engine)
	got := collect(t, history.OrderHistory(t.Context(), id(of.ID)))
	if len(got) != 2 || got[0].Kind != "message" || got[0].Text != of.Messages[0].Subject+"\n"+of.Messages[0].Text || got[1].Author != "staff 1" || !got[0].ForShopper {
		t.Errorf("%+v", got)
	}
}

// V2 answers 204 where there is nothing to list, also past the last page, and
// has no envelope.
func TestTrapV2AnswersNothingWith204(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	if got := collect(t, engine.Orders(t.Context(), catalog.OrderQuery{})); len(got) != 0 {
		t.Errorf("%d orders", len(got))
	}
	last := server.Calls()[len(server.Calls())-1]
	if last.Status != http.StatusNoContent {
		t.Fatalf("the empty list was answered %d", last.Status)
	}
	for _, n := range []int{1, 2, 3} { // pages of one order end with a 204 behind the last
		server.AddOrder(bigcommercetest.Order{StatusID: 11})
		if got := collect(t, engine.Orders(t.Context(), catalog.OrderQuery{ListOptions: catalog.ListOptions{PageSize: 1}})); len(got) != n {
			t.Errorf("%d orders of %d", len(got), n)
		}
	}
	// An order without messages, and one that is answered with nothing at all.
	order := id(server.Orders()[0].ID)
	if got := collect(t, capability[catalog.OrderHistoryReader](t, engine).OrderHistory(t.Context(), order)); len(got) != 0 {
		t.Errorf("%d messages", len(got))
	}
	server.Inject(bigcommercetest.Fault{Status: http.StatusNoContent}.On("GET", "/v2/orders/*"))
	if _, err := engine.Order(t.Context(), order); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("a 204 in place of an order: %v", err)
	}
	result, err := capability[catalog.RESTCaller](t, engine).Do(t.Context(), catalog.RESTRequest{Path: "/v2/orders/" + order + "/coupons"})
	if err != nil || result.Status != http.StatusNoContent || len(result.Body) != 0 {
		t.Errorf("a native call: %d %q, %v", result.Status, result.Body, err)
	}
}

// Without "Accept: application/json" V2 speaks XML.
func TestTrapV2SpeaksXMLUnlessAsked(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 5, Orders: 5, Customers: 5})
	collect(t, engine.Products(t.Context(), catalog.ProductQuery{}))
	collect(t, engine.Orders(t.Context(), catalog.OrderQuery{}))
	collect(t, engine.Customers(t.Context(), catalog.CustomerQuery{}))
	if _, err := capability[catalog.RESTCaller](t, engine).Do(t.Context(), catalog.RESTRequest{Path: "/v2/time"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range server.Calls() {
		if c.Header.Get("Accept") != "application/json" {
			t.Errorf("%s %s accepts %q", c.Method, c.Path, c.Header.Get("Accept"))
		}
	}
	// A proxy that drops the header is told by its work.
	server.Inject(answered(200, `<?xml version="1.0" encoding="UTF-8"?><store><id>abc</id></store>`).Repeat(-1))
	adapter := newAdapter(t, server, bigcommerce.Config{Attempts: 1})
	_, err := openStore(t, adapter, server.Store).Shop(t.Context())
	if !errors.Is(err, catalog.ErrBadAnswer) || !strings.Contains(err.Error(), "XML") || !strings.Contains(err.Error(), "Accept") {
		t.Errorf("an answer in XML: %v", err)
	}
}

// V2 writes amounts as text with up to four places, older orders with fewer, V3
// as numbers, and both within one order. None passes through a float.
func TestTrapMoneyIsTextOrNumber(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ raw, want string }{
		"text with four places": {`"69.8400"`, "69.8400"},
		"text of an old order":  {`"8"`, "8"},
		"a number":              {`69.84`, "69.84"},
		"a whole number":        {`8`, "8"},
		"an exponent":           {`1.5e-3`, "0.0015"},
		"more than a float has": {`9007199254740993.0001`, "9007199254740993.0001"},
		"below nothing":         {`"-5.0000"`, "-5.0000"},
		"nothing":               {`""`, ""},
		"null":                  {`null`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, engine := quick(t, bigcommercetest.Config{Products: 3, Orders: 3, Customers: 3})
			order := server.Orders()[1].ID
			server.Inject(bigcommercetest.Replaced("total_inc_tax", c.raw).On("GET", "/v2/orders/*"))
			got, err := engine.Order(t.Context(), id(order))
			if err != nil || got.Total.Store.Amount() != c.want || len(got.Problems) > 0 {
				t.Errorf("V2: %q, problems %v, %v; want %q", got.Total.Store.Amount(), got.Problems, err, c.want)
			}
			product := server.Products()[0].ID
			server.Inject(bigcommercetest.Replaced("data.variants.0.calculated_price", c.raw).On("GET", "/v3/catalog/products/*"))
			one, err := engine.Product(t.Context(), id(product))
			if c.want == "" { // then the price it inherits
				c.want = server.Products()[0].Price
			}
			if err != nil || one.Variants[0].Price.Amount() != c.want || len(one.Problems) > 0 {
				t.Errorf("V3: %q, problems %v, %v; want %q", one.Variants[0].Price.Amount(), one.Problems, err, c.want)
			}
		})
	}
}

// Tokens do not expire and cannot be refreshed: a refused one is dead.
func TestTrapTokensAreNotRefreshed(t *testing.T) {
	t.Parallel()
	server := newServer(t, bigcommercetest.Config{Products: 1, Orders: 1, Customers: 1, Unthrottled: true})
	adapter := newAdapter(t, server, bigcommerce.Config{})
	if _, ok := any(adapter).(auth.Refresher); ok {
		t.Error("the adapter claims to refresh tokens")
	}
	engine := openStore(t, adapter, server.Store)
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.Revoke(server.Token())
	for name, fault := range map[string]*bigcommercetest.Fault{"V2's own": nil, "in plain text": new(bigcommercetest.TokenInvalidText()), "V3's": new(bigcommercetest.TokenInvalid())} {
		if fault != nil {
			server.Inject(*fault)
		}
		before := len(server.Calls())
		_, err := engine.Shop(t.Context())
		if !errors.Is(err, catalog.ErrReauthorize) || strings.Contains(err.Error(), server.Token()) {
			t.Errorf("%s: %v", name, err)
		}
		if n := len(server.Calls()) - before; n != 1 {
			t.Errorf("%s: %d calls, want 1", name, n)
		}
	}
}

// No call takes an idempotency key: a write whose answer is lost is not sent
// again, one that was refused for the rate is.
func TestTrapNoIdempotencyKeys(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, bigcommercetest.Config{Products: 1, Orders: 1, Customers: 1})
	native := capability[catalog.RESTCaller](t, engine)
	create := catalog.RESTRequest{Method: "POST", Path: "/v3/customers", Body: []map[string]string{{"email": "a@example.com", "first_name": "A", "last_name": "B"}}}
	server.Inject(bigcommercetest.LostAnswer(502).On("POST", "/v3/customers"))
	if _, err := native.Do(t.Context(), create); !errors.Is(err, catalog.ErrOutcomeUnknown) {
		t.Errorf("a lost answer: %v", err)
	}
	if n := len(server.Customers()); n != 2 {
		t.Errorf("%d customers, want the one made once", n)
	}
	server.Inject(bigcommercetest.Overload().On("POST", "/v3/customers"))
	create.Body = []map[string]string{{"email": "b@example.com", "first_name": "A", "last_name": "B"}}
	if _, err := native.Do(t.Context(), create); err != nil {
		t.Errorf("a throttled write: %v", err)
	}
	if n := len(server.Customers()); n != 3 {
		t.Errorf("%d customers, want 3", n)
	}
	server.Inject(bigcommercetest.ServerError(502).On("GET", "/v2/store"))
	if _, err := engine.Shop(t.Context()); err != nil {
		t.Errorf("a read: %v", err)
	}
}
