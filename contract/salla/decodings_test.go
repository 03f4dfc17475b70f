package salla_test

import (
	"context"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
)

func readCustomer(ctx context.Context, e *salla.Engine) ([]any, error) {
	return one(e.Customer(ctx, "1"))
}

func readCustomers(ctx context.Context, e *salla.Engine) ([]any, error) {
	return some(catalog.Collect(e.Customers(ctx, catalog.CustomerQuery{})))
}

func readBranches(ctx context.Context, e *salla.Engine) ([]any, error) {
	return some(catalog.Collect(e.Locations(ctx, catalog.ListOptions{})))
}

func readHistory(ctx context.Context, e *salla.Engine) ([]any, error) {
	return some(catalog.Collect(e.OrderHistory(ctx, "1")))
}

const customer = `
	ID {id}
	Name {first_name} {last_name}
	FirstName {first_name}
	LastName {last_name}
	Email {email}
	Phone +967{mobile}
	GroupIDs.0 {groups.0}
	GroupIDs.1 {groups.1}
	UpdatedAt {@updated_at}
	DefaultAddress.City {city}
	DefaultAddress.Country {country}
	Addresses.0.City {city}
	Addresses.0.Country {country}
`

const newerCustomer = `
	ID {id}
	Name {full_name}
	FirstName {first_name}
	LastName {last_name}
	Email {email}
	Phone {mobile_code}{mobile}
	Locale {lang}
	CreatedAt {@created_at}
	UpdatedAt {@updated_at}
	DefaultAddress.Country {country}
	DefaultAddress.CountryCode {country_code}
	Addresses.0.Country {country}
	Addresses.0.CountryCode {country_code}
	GroupIDs.0 {groups.0}
`

const branch = `
	ID {id}
	Name {name}
	Active true
	Ships true
	Address.Name {name}
	Address.Line1 {address_description}
	Address.PostalCode {postal_code}
	Address.Country {country.name}
	Address.CountryCode {country.code}
	Address.City {city.name}
`

const buildingOfBranch = `
	Address.Line2 {building_number} {street} {local}
`

const phoneOfBranch = `
	Address.Phone {contacts.phone}
`

const location = `
	DefaultAddress.Line1 {location}
	Addresses.0.Line1 {location}
`

// history is an entry that names its status by a label alone.
const history = `
	ID {id}
	Kind status
	Text {note}
	At {@created_at}
`

// decodings are the answers whose records the adapter reads as they are.
var decodings = []decoding{
	{file: "store-information", path: "/store/info", want: []string{`
		ID {id}
		Name {name}
		Domain salla.sa/{name}
		URL {domain}
		Email {email}
		Currency {currency}
		Plan {plan}
		Test true
	`}, read: func(ctx context.Context, e *salla.Engine) ([]any, error) { return one(e.Shop(ctx)) }},

	{file: "list-customers", answer: "Example", path: "/customers", read: readCustomers, want: []string{customer + location, customer}},
	{file: "list-customers", answer: "With Extra Keys", path: "/customers", read: readCustomers, want: []string{newerCustomer + location + `
		DefaultAddress.City {city}
		Addresses.0.City {city}
	`}},
	{file: "customer-details", answer: "Example", path: "/customers/1", read: readCustomer, want: []string{customer + location + `
		DefaultAddress.CountryCode SA
		Addresses.0.CountryCode SA
	`}},
	{file: "customer-details", answer: "Example With Extra Keys", path: "/customers/1", read: readCustomer, want: []string{newerCustomer + `
		GroupIDs.1 {groups.1}
		Orders {stats.orders_count}
	`}},

	{file: "list-branches", path: "/branches", read: readBranches, want: []string{branch + buildingOfBranch + phoneOfBranch, branch + buildingOfBranch}},
	{file: "branch-details", path: "/branches", read: readBranches, body: asList("200"), want: []string{branch + buildingOfBranch + phoneOfBranch}},
	{file: "branch-details", answer: "x-200:With translations", path: "/branches", read: readBranches, body: asList("x-200:With translations"),
		want: []string{branch + phoneOfBranch + `
			Address.Line2 {street} {local}
		`}},

	{file: "list-order-histories", answer: "Example", path: "/orders/1/histories", read: readHistory, backwards: true,
		want: []string{history, history, history}},
	{file: "list-order-histories", answer: "Success | With Created_by", path: "/orders/1/histories", read: readHistory, want: []string{`
		ID {id}
		Kind status
		Status {customized.slug}
		Author {created_by.name}
		At {@created_at}
	`}},

	{file: "_list-product-quantities", path: "/products/quantities", want: []string{`
		ItemID product-{id}
		ProductID {id}
		VariantID {id}
		SKU {sku}
		Tracked true
		Available {quantity}
	`, `
		ItemID variant-{sku_id}
		ProductID {id}
		VariantID {sku_id}
	`}, read: func(ctx context.Context, e *salla.Engine) ([]any, error) {
		return some(catalog.Collect(e.InventoryLevels(ctx, catalog.InventoryQuery{})))
	}},
}

// TestSamplesAreDecoded holds each field of the model that is filled against
// the place in the sample it comes from, and Raw against the sample's bytes.
func TestSamplesAreDecoded(t *testing.T) {
	t.Parallel()
	all := samples(t)
	for _, d := range decodings {
		t.Run(d.file+" "+d.answer, func(t *testing.T) { d.check(t, all) })
	}
}
