package bigcommerce_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// Arrays of a product replace what is there, so a partial update holds none;
// zero values are not sent either.
func TestTrapAPartialUpdateHoldsWhatIsNamedAlone(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	simple := server.Products()[slices.IndexFunc(server.Products(), func(p *bigcommercetest.Product) bool { return p.Simple() })]
	patch := catalog.ProductPatch{Title: catalog.Set("New"), Status: catalog.Set(catalog.ProductHidden),
		Variants: []catalog.VariantPatch{{ID: id(simple.Variants[0].ID), SKU: catalog.Set("NEW-1"), Cost: catalog.Set(catalog.Money{})}}}
	if _, err := e.UpdateProduct(t.Context(), id(simple.ID), patch, noOptions); err != nil {
		t.Fatal(err)
	}
	calls := sent(server)
	if len(calls) != 1 { // the only variant is the product itself
		t.Fatalf("%d calls, want one", len(calls))
	}
	var fields map[string]any
	if err := json.Unmarshal([]byte(calls[0].Body), &fields); err != nil {
		t.Fatal(err)
	}
	if len(fields) != 4 || fields["name"] != "New" || fields["is_visible"] != false || fields["sku"] != "NEW-1" || fields["cost_price"] != 0.0 {
		t.Errorf("sent %v", fields)
	}
	now := server.Product(simple.ID)
	if !slices.Equal(now.Categories, simple.Categories) || now.Price != simple.Price || now.Name != "New" {
		t.Errorf("%+v\nwas %+v", now, simple)
	}
}

// Variants go into calls of fifty, each all or none.
func TestTrapVariantsAreChangedFiftyAtATime(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	p := bigcommercetest.Product{Name: "Coffee", Price: "10", Options: []bigcommercetest.Option{{Name: "Size", Type: "dropdown"}}}
	for n := range int64(60) {
		p.Options[0].Values = append(p.Options[0].Values, bigcommercetest.OptionValue{ID: 901 + n, Label: id(n + 1)})
		p.Variants = append(p.Variants, bigcommercetest.Variant{SKU: "C-" + id(n+1), Values: []int64{901 + n}})
	}
	made := server.AddProduct(p)
	var patch catalog.ProductPatch
	for _, v := range made.Variants {
		patch.Variants = append(patch.Variants, catalog.VariantPatch{ID: id(v.ID), Price: catalog.Set(sar("8"))})
	}
	got, err := e.UpdateProduct(t.Context(), id(made.ID), patch, noOptions)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range got.Variants {
		if !v.Price.Equal(sar("8")) {
			t.Errorf("%s costs %s", v.SKU, v.Price)
		}
	}
	if n := len(sent(server)); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
	patch.Variants = patch.Variants[:3]
	patch.Title = catalog.Set("Coffee 2")
	patch.Variants[1].SKU = catalog.Set(server.Products()[0].Variants[0].SKU) // taken
	_, err = e.UpdateProduct(t.Context(), id(made.ID), patch, noOptions)
	if !errors.Is(err, catalog.ErrInvalid) && !errors.Is(err, catalog.ErrConflict) || !strings.Contains(err.Error(), "other parts of the update were written") {
		t.Errorf("a refused call behind another: %v", err)
	}
	now := server.Product(made.ID)
	if now.Name != "Coffee 2" || now.Variants[0].SKU != "C-1" || now.Variants[1].SKU != "C-2" {
		t.Errorf("%s, %s", now.Name, now.Variants[0].SKU)
	}
	_, err = e.UpdateProduct(t.Context(), id(made.ID), catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: id(made.Variants[0].ID), SKU: catalog.Set("")}}}, noOptions)
	if !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("an SKU that is emptied: %v", err)
	}
}

// A 207 says that a record was saved, but not whole: the product comes beside
// the error.
func TestTrap207SavesAPart(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	server.Inject(bigcommercetest.Fault{Method: http.MethodPut, After: true, Status: http.StatusMultiStatus, Header: http.Header{"Content-Type": {"application/json"}},
		Body: `{"data":{"id":101},"errors":{"status":422,"title":"The inventory was not saved","errors":{"inventory_level":"below 0"}},"meta":{}}`})
	got, err := e.UpdateProduct(t.Context(), "101", catalog.ProductPatch{Title: catalog.Set("New")}, noOptions)
	failed, ok := errors.AsType[*catalog.Error](err)
	if !ok || failed.Status != http.StatusMultiStatus || len(failed.Fields) != 1 || got.Title != "New" {
		t.Errorf("got %q and %v", got.Title, err)
	}
	server.Inject(bigcommercetest.Fault{Method: http.MethodPost, After: true, Status: http.StatusMultiStatus, Header: http.Header{"Content-Type": {"application/json"}},
		Body: `{"data":[{"id":106}],"errors":{"status":422,"title":"The picture was not fetched"},"meta":{}}`})
	got, err = e.CreateProduct(t.Context(), catalog.ProductInput{Title: "Newer"}, noOptions)
	if failed, ok = errors.AsType[*catalog.Error](err); !ok || failed.Status != http.StatusMultiStatus || got.ID != "106" || got.Title != "Newer" {
		t.Errorf("got %q %q and %v", got.ID, got.Title, err)
	}
}

// Names are unique: a second product is refused before it is sent, and a lost
// answer does not make one.
func TestTrapNamesOfProductsAreUnique(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	input := catalog.ProductInput{Title: "Only one"}
	server.Inject(bigcommercetest.LostAnswer(http.StatusBadGateway).On(http.MethodPost, ""))
	_, err := e.CreateProduct(t.Context(), input, noOptions)
	lost, ok := errors.AsType[*catalog.OutcomeError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	if found, err := lost.Confirm(t.Context()); found != catalog.OutcomeUnknown || err != nil {
		t.Errorf("Confirm: %s, %v", found, err)
	}
	if _, err = e.CreateProduct(t.Context(), input, noOptions); !errors.Is(err, catalog.ErrConflict) || len(sent(server)) != 1 {
		t.Errorf("again: %v after %d calls", err, len(sent(server)))
	}
}

// A shipment goes to one address.
func TestTrapAShipmentForEachAddress(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	to := func(city string) bigcommercetest.OrderAddress {
		return bigcommercetest.OrderAddress{FirstName: "N", City: city, CountryISO2: "SA"}
	}
	o := server.AddOrder(bigcommercetest.Order{StatusID: 11, Shipping: []bigcommercetest.OrderAddress{to("Riyadh"), to("Jeddah")},
		Lines: []bigcommercetest.LineItem{{Name: "a", Type: "physical", Quantity: 2}, {Name: "b", Type: "physical", Quantity: 1}, {Name: "book", Type: "digital", Quantity: 1}}})
	update(t, server.UpdateOrder(o.ID, func(o *bigcommercetest.Order) { o.Lines[1].AddressID = o.Shipping[1].ID }))
	made, err := e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{}, noOptions)
	if err != nil || len(made) != 2 || len(made[0].Lines) != 1 || len(made[1].Lines) != 1 {
		t.Errorf("%+v, %v; want two shipments", made, err)
	}
	_, err = e.Fulfill(t.Context(), id(o.ID), catalog.FulfillRequest{Lines: []catalog.FulfillmentLine{{LineItemID: id(o.Lines[2].ID), Quantity: catalog.NewQuantity(1)}}}, noOptions)
	if !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("shipping what is downloaded: %v", err)
	}
}

// Carriers have two fields, of which BigCommerce takes one, and words of its
// own in both.
func TestTrapCarriersHaveTwoFields(t *testing.T) {
	t.Parallel()
	for company, want := range map[string]string{
		"usps": "usps/", "FedEx": "fedex/", "Royal Mail": "royalmail/", "Australia Post": "auspost/", "carrier_12": "carrier_12/",
		"dhl": "/dhl", "DHL": "/dhl", "SMSA Express": "/smsa-express", "": "/", "شحن": "refused", "a/b": "refused",
	} {
		t.Run(company, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, bigcommercetest.Config{})
			o := addPaidOrder(server.Store)
			_, err := e.Fulfill(t.Context(), o, catalog.FulfillRequest{Tracking: []catalog.Tracking{{Company: company, Number: "1"}}}, noOptions)
			if want == "refused" {
				if !errors.Is(err, catalog.ErrInvalid) || len(sent(server)) > 0 {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			all := server.Orders()
			if s := all[len(all)-1].Shipments[0]; s.Provider+"/"+s.Carrier != want {
				t.Errorf("sent as %s/%s, want %s", s.Provider, s.Carrier, want)
			}
		})
	}
}

// A quote of more than is left is of what is left, without a word.
func TestTrapAQuoteIsCutToWhatIsLeft(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{})
	o := addPaidOrder(server.Store)
	_, err := e.Refund(t.Context(), o, catalog.RefundRequest{Amount: sar("54.06")}, noOptions)
	if !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), "54.05") || len(sent(server)) > 0 {
		t.Errorf("got %v", err)
	}
	for _, bad := range []catalog.Money{sar("0"), sar("-1"), sar("1.005"), amount("1", "USD")} {
		if _, err := e.Refund(t.Context(), o, catalog.RefundRequest{Amount: bad}, noOptions); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// Refunds of one order go one at a time, those of a host's goroutines too.
func TestTrapRefundsOfAnOrderGoOneAtATime(t *testing.T) {
	t.Parallel()
	server, e := writer(t, bigcommercetest.Config{}) // which reports two at once
	o := addPaidOrder(server.Store)
	failed := make(chan error)
	for range 5 {
		go func() {
			_, err := e.Refund(t.Context(), o, catalog.RefundRequest{Amount: sar("1")}, noOptions)
			failed <- err
		}()
	}
	for range 5 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	order, err := e.Order(t.Context(), o)
	if err != nil || !order.Refunded.Store.Equal(sar("5")) || len(order.Refunds) != 5 {
		t.Errorf("%v, %s in %d", err, order.Refunded.Store, len(order.Refunds))
	}
}

// A refund whose answer is lost is known by its reference, also beside another
// of the same amount.
func TestTrapALostRefundIsKnownByItsReference(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault bigcommercetest.Fault
		want  catalog.Outcome
	}{
		"taxes cannot be worked out": {bigcommercetest.TaxServiceGone(1), catalog.OutcomeNotDone},
		"the answer is lost":         {bigcommercetest.LostAnswer(http.StatusInternalServerError), catalog.OutcomeDone},
		"cut before":                 {bigcommercetest.Disconnect(bigcommercetest.CutBefore), catalog.OutcomeNotDone},
		"cut after":                  {bigcommercetest.Disconnect(bigcommercetest.CutAfter), catalog.OutcomeDone},
		"cut in the middle":          {bigcommercetest.Disconnect(bigcommercetest.CutMiddle), catalog.OutcomeDone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, e := writer(t, bigcommercetest.Config{})
			o := addPaidOrder(server.Store)
			server.Inject(c.fault.On(http.MethodPost, "/v3/orders/*/payment_actions/refunds"))
			_, err := e.Refund(t.Context(), o, catalog.RefundRequest{Amount: sar("5")}, noOptions)
			lost, ok := errors.AsType[*catalog.OutcomeError](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			if _, err := e.Refund(t.Context(), o, catalog.RefundRequest{Amount: sar("5")}, noOptions); err != nil { // the merchant's
				t.Fatal(err)
			}
			if found, err := lost.Confirm(t.Context()); found != c.want || err != nil {
				t.Errorf("Confirm: %s, %v; want %s", found, err, c.want)
			}
		})
	}
}
