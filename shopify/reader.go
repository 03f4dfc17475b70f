package shopify

import (
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// reader turns the parts of one native record into the model and notes what
// does not fit. Paths are given as a format and an index, and written out only
// when there is something to say.
type reader struct{ transport.Notes }

// only marks a path without an index.
const only = transport.NoIndex

func (r *reader) bag(path string, i int, b *moneyBag) catalog.DualMoney {
	if b == nil {
		return catalog.DualMoney{}
	}
	return catalog.DualMoney{
		Store:   r.Money(path, i, b.ShopMoney.Amount, b.ShopMoney.CurrencyCode),
		Shopper: r.Money(path, i, b.PresentmentMoney.Amount, b.PresentmentMoney.CurrencyCode),
	}
}

func (r *reader) time(path string, i int, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.Add(path, i, "not a time", text)
		return time.Time{}
	}
	return t.UTC()
}

func (r *reader) address(a *addressNode) *catalog.Address {
	if a == nil {
		return nil
	}
	code := a.CountryCodeV2
	if code == "" {
		code = a.CountryCode
	}
	return &catalog.Address{
		ID: numericID(a.ID), Name: a.Name, FirstName: a.FirstName, LastName: a.LastName, Company: a.Company,
		Line1: a.Address1, Line2: a.Address2, City: a.City, Province: a.Province, ProvinceCode: a.ProvinceCode,
		PostalCode: a.Zip, Country: a.Country, CountryCode: code, Phone: a.Phone,
	}
}

func attributes(nodes []attributeNode) []catalog.Attribute {
	if len(nodes) == 0 {
		return nil
	}
	all := make([]catalog.Attribute, len(nodes))
	for i, n := range nodes {
		all[i] = catalog.Attribute{Name: n.Key, Value: n.Value}
	}
	return all
}

func quantity(n *int64) *catalog.Quantity {
	if n == nil {
		return nil
	}
	q := catalog.NewQuantity(*n)
	return &q
}
