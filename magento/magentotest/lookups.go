package magentotest

// attribute is a product attribute with a list of options.
type attribute struct {
	id     int64
	code   string
	label  string
	input  string
	first  int64 // id of the first option; the others follow
	labels []string
}

var (
	colorNames = []string{"Black", "White", "Navy", "Red", "Grey", "Beige", "Green", "Brown", "Pink", "Gold", "Silver", "Teal"}
	sizeNames  = []string{"S", "M", "L", "XL", "XXL", "38", "40", "42", "44", "46"}

	attrColor = &attribute{93, "color", "Color", "select", 49, colorNames}
	attrSize  = &attribute{144, "size", "المقاس", "select", 166, sizeNames}
	attrBrand = &attribute{83, "manufacturer", "Manufacturer", "select", 210, []string{"Zara", "دار السلام", "Burberry"}}

	attributes = []*attribute{
		{73, "name", "Product Name", "text", 0, nil}, {74, "sku", "SKU", "text", 0, nil},
		{77, "price", "Price", "price", 0, nil}, {78, "special_price", "Special Price", "price", 0, nil},
		{81, "cost", "Cost", "price", 0, nil}, attrBrand, attrColor, attrSize,
		{155, "barcode", "Barcode", "text", 0, nil}, {75, "description", "Description", "textarea", 0, nil},
	}
)

type category struct {
	id, parent int64
	name       string
	level      int
	path       string
}

var categories = []category{
	{1, 0, "Root Catalog", 0, "1"}, {2, 1, "Default Category", 1, "1/2"},
	{3, 2, "العطور", 2, "1/2/3"}, {4, 2, "Clothes & more", 2, "1/2/4"}, {5, 4, "Tops", 3, "1/2/4/5"},
	{6, 2, "Electronics", 2, "1/2/6"}, {7, 2, "هدايا 🎁", 2, "1/2/7"},
}

// storeView is one view of the shop; 0 is the scope of the admin.
type storeView struct {
	id, website, group int64
	code, name, locale string
	currency           string // the shopper sees
	active             bool
}

const baseCurrency = "SAR"

var storeViews = []storeView{
	{0, 0, 0, "admin", "Admin", "en_US", baseCurrency, true},
	{1, 1, 1, "default", "Default Store View", "en_US", baseCurrency, true},
	{2, 1, 1, "ar", "المتجر العربي", "ar_SA", baseCurrency, true},
	{3, 2, 2, "intl", "International", "en_US", "USD", true},
	{4, 2, 2, "closed", "Closed view", "fr_FR", "USD", false},
}

// usdRate is base to order currency in the view intl, in ten-thousandths.
const usdRate = 2667

type website struct {
	id         int64
	code, name string
	group      int64
}

var websites = []website{{0, "admin", "Admin", 0}, {1, "base", "Main Website", 1}, {2, "intl", "International Website", 2}}

type storeGroup struct {
	id, website, root, view int64
	code, name              string
}

var storeGroups = []storeGroup{{0, 0, 0, 0, "default", "Default"}, {1, 1, 2, 1, "main_website_store", "Main Website Store"}, {2, 2, 2, 3, "intl_store", "International Store"}}

// stock is what websites sell from: some sources in an order.
type stock struct {
	id    int64
	name  string
	sites []string // website codes
}

var stocks = []stock{{1, "Default Stock", nil}, {2, "Kingdom Stock", []string{"base"}}, {3, "World Stock", []string{"intl"}}}

func viewByCode(code string) *storeView {
	for i := range storeViews {
		if storeViews[i].code == code {
			return &storeViews[i]
		}
	}
	return nil
}

func viewByID(id int64) *storeView {
	for i := range storeViews {
		if storeViews[i].id == id {
			return &storeViews[i]
		}
	}
	return nil
}

func stockOfSite(code string) *stock {
	for i := range stocks {
		for _, c := range stocks[i].sites {
			if c == code {
				return &stocks[i]
			}
		}
	}
	return nil
}
