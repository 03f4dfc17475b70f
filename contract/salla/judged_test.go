package salla_test

// verdict says who is at fault for a field that is not as described.
type verdict string

const (
	byExample verdict = "the specification's own examples break its schema in the same way"
	bySample  verdict = "a sample of the same resource has the form the schema forbids"
	bySheet   verdict = "the specification is wrong by other sources"
	undecided verdict = "no source tells who is right"
)

func (v verdict) ofTheSpecification() bool { return v == byExample || v == bySample || v == bySheet }

// judgement is a decision that the samples of the resource could not make.
type judgement struct {
	verdict verdict
	reason  string
}

// judged are the decisions made by hand, by field of a resource and rule of
// the schema. One that is not needed any more fails the test.
var judged = map[string]judgement{
	"/customers/country_code nullable":          {bySheet, "null is met beside SA and sa"},
	"/orders/statuses/slug nullable":            {bySheet, "statuses of the merchant's own may have none"},
	"/orders/statuses/slug enum":                {bySheet, "statuses of the merchant's own may have none"},
	"/orders/statuses/children/*/slug nullable": {bySheet, "statuses of the merchant's own may have none"},
	"/shipments/meta/policy_options type":       {bySheet, "an absent object is {}, [] or null"},
	"/shipments/meta/policy_options nullable":   {bySheet, "an absent object is {}, [] or null"},
	"/shipments/label nullable":                 {bySheet, "an absent object is {}, [] or null"},
	variants + "/sale_price nullable":           {bySheet, "an absent object is {}, [] or null"},
	variants + "/sale_price/amount required":    {bySheet, "an absent price is {}"},
	variants + "/sale_price/currency required":  {bySheet, "an absent price is {}"},
	variants + "/stock_quantity type":           {bySheet, "a number, a string of digits or null"},
	variants + "/stock_quantity nullable":       {bySheet, "null where stock is unlimited"},
	variants + "/notify_low type":               {bySheet, "the variants inside the sample of a product have a string"},
	variants + "/mpn nullable":                  {bySheet, "null in the sample of a product"},
	variants + "/gtin nullable":                 {bySheet, "null in the sample of a product"},

	"/shipments/tracking_link nullable":         {undecided, "null before there is a link; no sample is of so early a shipment"},
	"/shipments/tracking_number nullable":       {undecided, "null before there is a number; one sample has \"0\""},
	"/shipments/ship_to/email nullable":         {undecided, "null for a buyer without an address; samples have null for branches only"},
	"/shipments/ship_from/branch_id required":   {undecided, "none for a return, whose origin is the buyer; samples begin at branches"},
	"/customers/gender enum":                    {undecided, "an empty string for a customer who did not say"},
	"/categories/metadata/title nullable":       {undecided, "null where the merchant wrote nothing"},
	"/categories/metadata/description nullable": {undecided, "null where the merchant wrote nothing"},
	"/categories/metadata/url nullable":         {undecided, "null where the merchant wrote nothing"},
	"/webhooks/rule nullable":                   {undecided, "null for a subscription without a rule"},
	"/webhooks/headers type":                    {undecided, "[] for no headers, as PHP writes an empty map"},
}
