package shopify

import "encoding/json"

// The shapes of Shopify's GraphQL answers, as far as the model needs them.
// Strings are empty where Shopify sends null.

type pageInfo struct {
	HasNextPage bool   `json:"hasNextPage"`
	EndCursor   string `json:"endCursor"`
}

type connection[T any] struct {
	PageInfo pageInfo `json:"pageInfo"`
	Nodes    []T      `json:"nodes"`
}

type nodeID struct {
	ID string `json:"id"`
}

type moneyNode struct {
	Amount       string `json:"amount"`
	CurrencyCode string `json:"currencyCode"`
}

type moneyBag struct {
	ShopMoney        moneyNode `json:"shopMoney"`
	PresentmentMoney moneyNode `json:"presentmentMoney"`
}

type shopNode struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	MyshopifyDomain string `json:"myshopifyDomain"`
	Email           string `json:"email"`
	ContactEmail    string `json:"contactEmail"`
	CurrencyCode    string `json:"currencyCode"`
	IanaTimezone    string `json:"ianaTimezone"`
	WeightUnit      string `json:"weightUnit"`
	TaxesIncluded   bool   `json:"taxesIncluded"`
	CreatedAt       string `json:"createdAt"`
	PrimaryDomain   struct {
		URL string `json:"url"`
	} `json:"primaryDomain"`
	Plan struct {
		PublicDisplayName  string `json:"publicDisplayName"`
		PartnerDevelopment bool   `json:"partnerDevelopment"`
	} `json:"plan"`
	ShopAddress struct {
		CountryCode string `json:"countryCodeV2"`
	} `json:"shopAddress"`
}

type productNode struct {
	ID              string `json:"id"`
	Title           string `json:"title"`
	Handle          string `json:"handle"`
	DescriptionHTML string `json:"descriptionHtml"`
	Vendor          string `json:"vendor"`
	ProductType     string `json:"productType"`
	Status          string `json:"status"`
	OnlineStoreURL  string `json:"onlineStoreUrl"`
	CreatedAt       string `json:"createdAt"`
	UpdatedAt       string `json:"updatedAt"`
	PublishedAt     string `json:"publishedAt"`
	Category        *struct {
		ID       string `json:"id"`
		FullName string `json:"fullName"`
	} `json:"category"`
	Tags    []string `json:"tags"`
	Options []struct {
		ID     string   `json:"id"`
		Name   string   `json:"name"`
		Values []string `json:"values"`
	} `json:"options"`
	Media    connection[mediumNode]  `json:"media"`
	Variants connection[variantNode] `json:"variants"`
}

type mediumNode struct {
	ID               string `json:"id"`
	Alt              string `json:"alt"`
	MediaContentType string `json:"mediaContentType"`
	Preview          struct {
		Image struct {
			URL    string `json:"url"`
			Width  int    `json:"width"`
			Height int    `json:"height"`
		} `json:"image"`
	} `json:"preview"`
}

type variantNode struct {
	ID                string `json:"id"`
	Title             string `json:"title"`
	SKU               string `json:"sku"`
	Barcode           string `json:"barcode"`
	Price             string `json:"price"`
	CompareAtPrice    string `json:"compareAtPrice"`
	InventoryPolicy   string `json:"inventoryPolicy"`
	CreatedAt         string `json:"createdAt"`
	UpdatedAt         string `json:"updatedAt"`
	Position          int    `json:"position"`
	InventoryQuantity *int64 `json:"inventoryQuantity"`
	AvailableForSale  bool   `json:"availableForSale"`
	Taxable           bool   `json:"taxable"`
	SelectedOptions   []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"selectedOptions"`
	InventoryItem struct {
		ID               string `json:"id"`
		Tracked          bool   `json:"tracked"`
		RequiresShipping bool   `json:"requiresShipping"`
		Measurement      struct {
			Weight struct {
				Unit  string      `json:"unit"`
				Value json.Number `json:"value"`
			} `json:"weight"`
		} `json:"measurement"`
		UnitCost moneyNode `json:"unitCost"`
	} `json:"inventoryItem"`
}

type addressNode struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	FirstName    string `json:"firstName"`
	LastName     string `json:"lastName"`
	Company      string `json:"company"`
	Address1     string `json:"address1"`
	Address2     string `json:"address2"`
	City         string `json:"city"`
	Province     string `json:"province"`
	ProvinceCode string `json:"provinceCode"`
	Country      string `json:"country"`
	// Locations call it countryCode, everything else countryCodeV2.
	CountryCode   string `json:"countryCode"`
	CountryCodeV2 string `json:"countryCodeV2"`
	Zip           string `json:"zip"`
	Phone         string `json:"phone"`
}

type contactNode struct {
	ID           string `json:"id"`
	DisplayName  string `json:"displayName"`
	EmailAddress struct {
		EmailAddress   string `json:"emailAddress"`
		MarketingState string `json:"marketingState"`
	} `json:"defaultEmailAddress"`
	PhoneNumber struct {
		PhoneNumber string `json:"phoneNumber"`
	} `json:"defaultPhoneNumber"`
}

type attributeNode struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type customerNode struct {
	contactNode
	FirstName      string                  `json:"firstName"`
	LastName       string                  `json:"lastName"`
	Note           string                  `json:"note"`
	State          string                  `json:"state"`
	Locale         string                  `json:"locale"`
	CreatedAt      string                  `json:"createdAt"`
	UpdatedAt      string                  `json:"updatedAt"`
	NumberOfOrders json.Number             `json:"numberOfOrders"`
	Tags           []string                `json:"tags"`
	TaxExempt      bool                    `json:"taxExempt"`
	VerifiedEmail  bool                    `json:"verifiedEmail"`
	AmountSpent    moneyNode               `json:"amountSpent"`
	DefaultAddress *addressNode            `json:"defaultAddress"`
	Addresses      connection[addressNode] `json:"addressesV2"`
}

type locationNode struct {
	ID                   string      `json:"id"`
	Name                 string      `json:"name"`
	IsActive             bool        `json:"isActive"`
	FulfillsOnlineOrders bool        `json:"fulfillsOnlineOrders"`
	Address              addressNode `json:"address"`
}

type itemNode struct {
	ID      string `json:"id"`
	SKU     string `json:"sku"`
	Tracked bool   `json:"tracked"`
	Variant *struct {
		ID      string  `json:"id"`
		Product *nodeID `json:"product"`
	} `json:"variant"`
	Levels connection[levelNode] `json:"inventoryLevels"`
}

type levelNode struct {
	ID         string    `json:"id"`
	UpdatedAt  string    `json:"updatedAt"`
	Location   nodeID    `json:"location"`
	Item       *itemNode `json:"item"`
	Quantities []struct {
		Name     string `json:"name"`
		Quantity int64  `json:"quantity"`
	} `json:"quantities"`
}
