package bigcommerce_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

// writes is the truth about what was written to a server.
func writes(t testing.TB, server *bigcommercetest.Server) *catalogtest.Writes {
	return &catalogtest.Writes{
		Effects: func() int { return len(server.Effects()) },
		IsWrite: func(r *http.Request, _ []byte) bool {
			return r.Method != http.MethodGet && r.Method != http.MethodHead && !strings.HasSuffix(r.URL.Path, "/refund_quotes")
		},
		NewOrder:     func() string { return addPaidOrder(server) },
		HiddenStatus: catalog.ProductHidden,
		Carriers:     []string{"dhl", "aramex"},
		Unwritable: map[string]string{
			"Product.Type":  "it is one of two words",
			"Product.Tags":  "products have search keywords, which are no tags",
			"Customer.Tags": "customers have groups",
		},
	}
}

// addPaidOrder adds an order of three pieces and one, paid and not shipped.
func addPaidOrder(server *bigcommercetest.Server) string {
	o := server.AddOrder(bigcommercetest.Order{StatusID: 11, PaymentStatus: "captured", PaymentMethod: "Credit Card",
		Lines: []bigcommercetest.LineItem{
			{Name: "Coffee", SKU: "C-1", Type: "physical", Price: 10 * bigcommercetest.Unit, Quantity: 3},
			{Name: "Cup", SKU: "C-2", Type: "physical", Price: 5 * bigcommercetest.Unit, Quantity: 1},
		}})
	return id(o.ID)
}
