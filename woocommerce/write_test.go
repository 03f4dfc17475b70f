package woocommerce_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// writer starts a server and opens its store for writing.
func writer(t testing.TB, config woocommercetest.Config) (*woocommercetest.Server, *woocommerce.Engine) {
	t.Helper()
	server := newServer(t, config)
	opened := openStore(t, newAdapter(t, server, woocommerce.Config{PollInterval: time.Millisecond}), server)
	e, ok := catalog.As[*woocommerce.Engine](opened)
	if !ok {
		t.Fatalf("%T", opened)
	}
	return server, e
}

// sent are the calls that were to change something, with their bodies.
type sent struct {
	method, route string
	body          map[string]any
}

func sentTo(t testing.TB, server *woocommercetest.Server) (all []sent) {
	t.Helper()
	for _, c := range server.Calls() {
		if c.Method == http.MethodGet || c.Method == http.MethodHead {
			continue
		}
		s := sent{c.Method, c.Route, nil}
		if c.Body != "" && len(c.Body) < 4<<10 { // else it is cut
			if err := json.Unmarshal([]byte(c.Body), &s.body); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, s)
	}
	return all
}

// plain is a product without variations, as the test asks for it.
func addSimple(server *woocommercetest.Server, change func(*woocommercetest.Product)) *woocommercetest.Product {
	p := woocommercetest.Product{Name: "Cup", Type: "simple", RegularPrice: "100"}
	change(&p)
	return server.AddProduct(p)
}

// refusedAs holds an error's kind and the text it must have.
func refusedAs(t testing.TB, err error, kind catalog.Kind, says string) {
	t.Helper()
	if e, ok := errors.AsType[*catalog.Error](err); !ok || e.Kind != kind || !strings.Contains(err.Error(), says) {
		t.Errorf("got %v, want %s that says %q", err, kind, says)
	}
}

func confirmed(t testing.TB, err error, want catalog.Outcome) {
	t.Helper()
	lost, ok := errors.AsType[*catalog.OutcomeError](err)
	if !ok {
		t.Fatalf("got %v, want an unknown outcome", err)
	}
	if found, err := lost.Confirm(t.Context()); err != nil || found != want {
		t.Errorf("Confirm: %s, %v; want %s", found, err, want)
	}
}

// TestUpdatesSendWhatIsNamed: one POST, and in it nothing else.
func TestUpdatesSendWhatIsNamed(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := addSimple(server, func(p *woocommercetest.Product) { p.Description = "long" })
	for name, c := range map[string]struct {
		patch catalog.ProductPatch
		want  map[string]any
	}{
		"a title":              {catalog.ProductPatch{Title: catalog.Set("Mug")}, map[string]any{"name": "Mug"}},
		"nothing on purpose":   {catalog.ProductPatch{Description: catalog.Set("")}, map[string]any{"description": ""}},
		"no tags":              {catalog.ProductPatch{Tags: catalog.Set([]string(nil))}, map[string]any{"tags": []any{}}},
		"the variant's SKU":    {catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: id(p.ID), SKU: catalog.Set("")}}}, map[string]any{"sku": ""}},
		"a price":              {catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: id(p.ID), Price: catalog.Set(amount("12.5", "SAR"))}}}, map[string]any{"regular_price": "12.50"}},
		"a weight":             {catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: id(p.ID), Weight: catalog.Set(catalog.Weight{Value: "250", Unit: "g"})}}}, map[string]any{"weight": "0.25"}},
		"both of two levels":   {catalog.ProductPatch{Title: catalog.Set("x"), Variants: []catalog.VariantPatch{{ID: id(p.ID), Tracked: catalog.Set(true)}}}, map[string]any{"name": "x", "manage_stock": true}},
		"one in the catalogue": {catalog.ProductPatch{Status: catalog.Set(catalog.ProductHidden)}, map[string]any{"status": "publish", "catalog_visibility": "hidden"}},
	} {
		before := len(sentTo(t, server))
		if _, err := e.UpdateProduct(t.Context(), id(p.ID), c.patch, noOptions); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := sentTo(t, server)[before:]
		have, _ := json.Marshal(got[0].body)
		want, _ := json.Marshal(c.want)
		if len(got) != 1 || got[0].method != http.MethodPost || got[0].route != "/products/"+id(p.ID) || string(have) != string(want) {
			t.Errorf("%s: sent %v, want %s", name, got, want)
		}
	}
}

// TestSalePrices: what shoppers pay and the price that is crossed out, by the
// store's regular and sale price.
func TestSalePrices(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	none, sar := catalog.Money{}, func(text string) catalog.Money { return amount(text, "SAR") }
	planned := func(p *woocommercetest.Product) {
		p.SalePrice, p.SaleFrom, p.SaleTo = "80", now.AddDate(0, 0, 7), now.AddDate(0, 0, 14)
	}
	onSale := func(p *woocommercetest.Product) { p.SalePrice = "80" }
	dated := func(p *woocommercetest.Product) {
		p.SalePrice, p.SaleFrom, p.SaleTo = "80", now.AddDate(0, 0, -7), now.AddDate(0, 0, 7)
	}
	price := func(m catalog.Money) catalog.VariantPatch { return catalog.VariantPatch{Price: catalog.Set(m)} }
	compare := func(m catalog.Money) catalog.VariantPatch {
		return catalog.VariantPatch{CompareAtPrice: catalog.Set(m)}
	}
	both := func(a, b catalog.Money) catalog.VariantPatch {
		return catalog.VariantPatch{Price: catalog.Set(a), CompareAtPrice: catalog.Set(b)}
	}
	for name, c := range map[string]struct {
		had           func(*woocommercetest.Product)
		patch         catalog.VariantPatch
		price, before string // "" = none
		refused       string
	}{
		"a price":                                {nil, price(sar("90")), "90", "", ""},
		"no price":                               {nil, price(none), "", "", ""},
		"a price that begins a sale":             {nil, both(sar("90"), sar("120")), "90", "120", ""},
		"what it is compared with":               {nil, compare(sar("120")), "100", "120", ""},
		"that must be more":                      {nil, compare(sar("100")), "100", "", "not below"},
		"a price during a sale":                  {onSale, price(sar("70")), "70", "100", ""},
		"a price of nothing during a sale":       {onSale, price(sar("0")), "0", "100", ""},
		"a price above the regular one":          {onSale, price(sar("100")), "80", "100", "not below"},
		"no price during a sale":                 {onSale, price(none), "80", "100", "empty CompareAtPrice too"},
		"the end of a sale":                      {onSale, compare(none), "80", "", ""},
		"the end of a sale at another price":     {onSale, both(sar("95"), none), "95", "", ""},
		"the end of everything":                  {onSale, both(none, none), "", "", ""},
		"a price during a sale that has an end":  {dated, price(sar("70")), "70", "100", ""},
		"a new sale in place of that":            {dated, both(sar("60"), sar("90")), "60", "90", ""},
		"the end of it":                          {dated, compare(none), "80", "", ""},
		"a price beside a sale that is planned":  {planned, price(sar("90")), "90", "", ""},
		"a price that would undo the plan":       {planned, price(sar("75")), "100", "", "kept for another time"},
		"the same once the plan is given up":     {planned, both(sar("75"), none), "75", "", ""},
		"a sale now in place of one later":       {planned, both(sar("75"), sar("100")), "75", "100", ""},
		"a price with more digits than it keeps": {nil, price(sar("1.005")), "100", "", "digits after the point"},
		"a price in another currency":            {nil, price(amount("1", "USD")), "100", "", "USD"},
		"a negative price":                       {nil, price(sar("-1")), "100", "", "negative"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1, Clock: func() time.Time { return now }})
			p := addSimple(server, func(p *woocommercetest.Product) {
				if c.had != nil {
					c.had(p)
				}
			})
			c.patch.ID = id(p.ID)
			got, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Variants: []catalog.VariantPatch{c.patch}}, noOptions)
			if c.refused != "" {
				refusedAs(t, err, catalog.ErrInvalid, c.refused)
				if n := len(sentTo(t, server)); n > 0 {
					t.Errorf("%d changes were sent", n)
				}
				if got, err = e.Product(t.Context(), id(p.ID)); err != nil {
					t.Fatal(err)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			v := got.Variants[0]
			if !same(v.Price, c.price) || !same(v.CompareAtPrice, c.before) {
				t.Errorf("%s, compared with %s; want %q and %q", v.Price, v.CompareAtPrice, c.price, c.before)
			}
		})
	}
}

func same(m catalog.Money, want string) bool {
	if want == "" {
		return m.IsZero()
	}
	return m.Equal(amount(want, "SAR"))
}

// TestTextsComeBack: the store escapes names, mends HTML and takes a level of
// backslashes off.
func TestTextsComeBack(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := addSimple(server, func(*woocommercetest.Product) {})
	title, text := `C:\Mugs & "Cups" \\ O'Neil`, `<p>5 &lt; 6, \n and C:\</p>`
	patch := catalog.ProductPatch{Title: catalog.Set(title), Description: catalog.Set(text), Vendor: catalog.Set(`Müller & "Sons"`), Tags: catalog.Set([]string{"a & b", "A & B", " ", "نص"})}
	for range 2 { // the names are found the second time
		got, err := e.UpdateProduct(t.Context(), id(p.ID), patch, noOptions)
		if err != nil {
			t.Fatal(err)
		}
		if got.Title != title || got.Description != text || got.Vendor != `Müller & "Sons"` || strings.Join(got.Tags, "|") != "a & b|نص" {
			t.Errorf("%q, %q, %q, %q", got.Title, got.Description, got.Vendor, got.Tags)
		}
	}
	terms := 0
	for _, s := range server.Effects() {
		if strings.HasSuffix(s.Action, "tag.create") || strings.HasSuffix(s.Action, "brand.create") {
			terms++
		}
	}
	if terms != 3 {
		t.Errorf("%d names were made, want 3", terms)
	}
	_, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Tags: catalog.Set([]string{"<b>x</b>"})}, noOptions)
	refusedAs(t, err, catalog.ErrInvalid, "markup")
}

// TestOtherBrandsStay: the vendor is the first of a product's brands.
func TestOtherBrandsStay(t *testing.T) {
	t.Parallel()
	server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	p := addSimple(server, func(*woocommercetest.Product) {})
	brands := func() (names []string) {
		for _, b := range server.Product(p.ID).Brands {
			names = append(names, b.Name)
		}
		return names
	}
	for _, c := range []struct {
		vendor string
		want   string
	}{{"One", "One"}, {"Two", "Two"}, {"", ""}} {
		if _, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Vendor: catalog.Set(c.vendor)}, noOptions); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(brands(), "|"); got != c.want {
			t.Errorf("brands %q, want %q", got, c.want)
		}
	}
	two, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Vendor: catalog.Set("One")}, noOptions)
	if err != nil {
		t.Fatal(err)
	}
	var made struct{ Brands []struct{ ID int64 } }
	if err := json.Unmarshal(two.Raw, &made); err != nil || len(made.Brands) != 1 {
		t.Fatalf("%+v, %v", made, err)
	}
	if err := server.UpdateProduct(p.ID, func(p *woocommercetest.Product) {
		p.Brands = append([]woocommercetest.Term{{ID: 901, Name: "A"}}, p.Brands...)
	}); err != nil {
		t.Fatal(err)
	}
	// The first makes way, the other stays.
	if _, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Vendor: catalog.Set("Two")}, noOptions); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(brands(), "|"); got != "Two|One" {
		t.Errorf("brands %q", got)
	}
}

// TestAnAnswerOfAnotherFormSettlesNothing: a change that succeeded is not taken
// for one that failed.
func TestAnAnswerOfAnotherFormSettlesNothing(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"a list": `[]`, "a text": `"ok"`, "nothing that is known": `{}`, "no JSON": `ok`} {
		server, e := writer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
		p := addSimple(server, func(*woocommercetest.Product) {})
		server.Inject(woocommercetest.Fault{Method: http.MethodPost, Status: 200, Body: body, After: true, Header: http.Header{"Content-Type": {"application/json"}}})
		_, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Title: catalog.Set("Mug")}, noOptions)
		if !errors.Is(err, catalog.ErrOutcomeUnknown) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		confirmed(t, err, catalog.OutcomeDone)
	}
}

// onePage is a host whose cache answers every page of a list with the first.
type onePage struct{ http.RoundTripper }

func (o onePage) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	query := r.URL.Query()
	query.Del("page")
	query.Del("offset")
	r.URL.RawQuery = query.Encode()
	return o.RoundTripper.RoundTrip(r)
}

// TestAListThatNeverEndsIsLeft: a search for a name, and for what a lost call
// made, end where the pages bring nothing new.
func TestAListThatNeverEndsIsLeft(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	opened := openStore(t, newAdapter(t, server, woocommerce.Config{PollInterval: time.Millisecond}), server)
	plain, _ := catalog.As[*woocommerce.Engine](opened)
	looped := openStore(t, newAdapter(t, server, woocommerce.Config{PollInterval: time.Millisecond, Transport: onePage{server.Transport()}}), server)
	e, _ := catalog.As[*woocommerce.Engine](looped)
	p := addSimple(server, func(*woocommercetest.Product) {})
	tags := make([]string, 101)
	for i := range tags {
		tags[i] = "tag " + id(int64(i+1)) + " x"
	}
	if _, err := plain.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Tags: catalog.Set(tags)}, noOptions); err != nil {
		t.Fatal(err)
	}
	_, err := e.UpdateProduct(t.Context(), id(p.ID), catalog.ProductPatch{Tags: catalog.Set([]string{"x"})}, noOptions)
	refusedAs(t, err, catalog.ErrBadAnswer, "same page again")
	for range 101 {
		addSimple(server, func(*woocommercetest.Product) {})
	}
	server.Inject(woocommercetest.Fault{Method: http.MethodPost, Path: "/products", Cut: woocommercetest.CutRequest})
	_, err = e.CreateProduct(t.Context(), catalog.ProductInput{Title: "Mug"}, noOptions)
	lost, ok := errors.AsType[*catalog.OutcomeError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	if found, err := lost.Confirm(t.Context()); found != catalog.OutcomeUnknown || !errors.Is(err, catalog.ErrBadAnswer) {
		t.Errorf("Confirm: %s, %v", found, err)
	}
}
