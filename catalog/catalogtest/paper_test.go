package catalogtest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

func TestAPlatformWithKeysetPagesAndNativeChanges(t *testing.T) {
	t.Parallel()
	catalogtest.Run(t, paperHarness(false, nil))
}

func TestAPlatformWithPageNumbersAndScannedChanges(t *testing.T) {
	t.Parallel()
	catalogtest.Run(t, paperHarness(true, nil))
}

// paperHarness is the whole harness of a platform. A non-nil spoil stands
// around every adapter.
func paperHarness(numbers bool, spoil func(catalog.Adapter) catalog.Adapter) catalogtest.Harness {
	wire := catalogtest.Wire{List: "rows", Odd: []string{"name", "amount", "labels", "changed"}}
	word := wire
	word.Word = "state"
	found := catalog.ChangesNative
	if numbers {
		found = catalog.ChangesScan
	}
	return catalogtest.Harness{
		Platform: "paper", UnknownID: "4711", MalformedIDs: []string{"x", "-1", "1.5", "../shop"},
		Wires: map[catalog.Resource]catalogtest.Wire{catalog.Products: word, catalog.Orders: word, catalog.Customers: word},
		Answers: catalogtest.Answers{
			Unauthorized: catalogtest.Answer{Status: 401, Body: `{"message":"unknown token {secret}"}`},
			Forbidden:    []catalogtest.Answer{{Status: 403, Body: `{"message":"not with {secret}"}`}},
			Invalid:      catalogtest.Answer{Status: 422, Body: `{"message":"wrong","fields":{"limit":"not {secret}"}}`},
		},
		Unfilled: paperLacks,
		Minimum:  &catalogtest.Minimum{Changes: map[catalog.Resource]catalog.ChangeSupport{catalog.Products: found, catalog.Orders: found}},
		New: func(t testing.TB, o catalogtest.Options) *catalogtest.Store {
			p := newPaper(o.Clock, map[string]int{"products": o.Products, "orders": o.Orders, "customers": o.Customers})
			p.numbers = numbers
			if o.Throttled {
				p.perSecond = 90
			}
			secret := catalog.NewSecret("paper-app-secret-0123456789")
			rt := o.Wrap(p)
			records := func(resource string) catalogtest.Records {
				number := func(id string) int64 { n, _ := strconv.ParseInt(id, 10, 64); return n }
				return catalogtest.Records{IDs: func() []string { return p.ids(resource) },
					Add:    func() string { return strconv.FormatInt(p.add(resource, o.Clock()), 10) },
					Touch:  func(id string) { p.change(resource, number(id), func(s sheet) *sheet { s.Name += "!"; return &s }) },
					Delete: func(id string) { p.change(resource, number(id), func(sheet) *sheet { return nil }) }}
			}
			return &catalogtest.Store{
				NewAdapter: func() catalog.Adapter {
					a, err := newPaperAdapter(rt, numbers, o.Throttled, secret, o.Logger, o.Observer)
					if err != nil {
						t.Fatal(err)
					}
					if spoil != nil {
						return spoil(a)
					}
					return a
				},
				Account:    catalog.Account{ID: "1", Platform: "paper", Store: "acme.paper.example"},
				Credential: catalog.Credential{AccessToken: catalog.NewSecret(p.token)}, AppSecrets: []catalog.Secret{secret},
				Products: records("products"), Orders: records("orders"), Customers: records("customers"),
				Samples: paperSamples(t, p),
				Ledger: func() catalogtest.Ledger {
					p.mu.Lock()
					defer p.mu.Unlock()
					return catalogtest.Ledger{Requests: p.requests, Throttled: p.refused}
				},
				Webhooks: paperWebhooks(secret),
			}
		},
	}
}

// paperSamples are the first record of each kind.
func paperSamples(t testing.TB, p *paper) (s catalogtest.Samples) {
	first := func(resource string) (all []row) {
		for _, sheet := range p.records[resource][:min(1, len(p.records[resource]))] {
			text, err := json.Marshal(sheet)
			if err != nil {
				t.Fatal(err)
			}
			r, err := readRow(text, "sample", true)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, r)
		}
		return all
	}
	s.Shop = catalog.Shop{ID: "5", Name: "Paper & Sons", Currency: "SAR"}
	for _, r := range first("products") {
		s.Products = append(s.Products, toProduct(r))
	}
	for _, r := range first("orders") {
		s.Orders = append(s.Orders, toOrder(r))
	}
	for _, r := range first("customers") {
		s.Customers = append(s.Customers, toCustomer(r))
	}
	return s
}

func paperWebhooks(secret catalog.Secret) *catalogtest.Webhooks {
	return &catalogtest.Webhooks{
		Secret: secret, Proofs: []string{"Paper-Signature"},
		Deliver: func(secret catalog.Secret, e catalogtest.Sent) catalog.Delivery {
			return catalog.Delivery{Method: http.MethodPost, URL: &url.URL{Path: "/hooks"}, Header: http.Header{"Paper-Signature": {signPaper(secret, e.Body)}},
				Body: e.Body, ReceivedAt: time.Now()}
		},
		Events: []catalogtest.Sent{
			{Topic: "order.new", Body: []byte(`{"topic":"order.new","id":7}`), Kind: catalog.EventOrderCreated, Resource: catalog.Orders, ResourceID: "7"},
			{Topic: "order.new", Body: []byte(`{"topic":"order.new","id":8}`), Kind: catalog.EventOrderCreated, Resource: catalog.Orders, ResourceID: "8"},
			{Topic: "ink.low", Body: []byte(`{"topic":"ink.low","id":1}`), Kind: catalog.EventOther},
		},
	}
}

// paperLacks is what sheets do not hold.
var paperLacks = func() map[string]string {
	lacks := map[string]string{}
	for prefix, names := range map[string]string{
		"Product":          "Handle Description Vendor Type Categories URL Options Images PublishedAt",
		"Product.Variants": "InventoryItemID Title SKU Barcode Options CompareAtPrice Cost Tracked Quantity Available RequiresShipping Taxable Weight Position ImageURL CreatedAt UpdatedAt",
		"Order": "Status Payment NativePayment Fulfillment NativeFulfillment ShopperCurrency Subtotal Discount Shipping Tax CurrentTotal Refunded Outstanding " +
			"TaxesIncluded Customer Email Phone BillingAddress ShippingAddress LineItems ShippingLines Fulfillments Refunds Note Attributes PaymentMethods " +
			"Source Test CancelReason ProcessedAt CancelledAt ClosedAt Total.Shopper",
		"Customer": "FirstName LastName Email Phone Locale VerifiedEmail TaxExempt Marketing Note GroupIDs Orders DefaultAddress Addresses",
		"Shop":     "Domain URL Email TimeZone CountryCode WeightUnit TaxesIncluded Plan Test CreatedAt",
	} {
		for name := range strings.FieldsSeq(names) {
			lacks[prefix+"."+name] = "sheets have no such thing"
		}
	}
	return lacks
}()
