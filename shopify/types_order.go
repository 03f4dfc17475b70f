package shopify

type orderNode struct {
	ID                string                   `json:"id"`
	Name              string                   `json:"name"`
	SourceName        string                   `json:"sourceName"`
	Note              string                   `json:"note"`
	CancelReason      string                   `json:"cancelReason"`
	FinancialStatus   string                   `json:"displayFinancialStatus"`
	FulfillmentStatus string                   `json:"displayFulfillmentStatus"`
	Currency          string                   `json:"currencyCode"`
	ShopperCurrency   string                   `json:"presentmentCurrencyCode"`
	Email             string                   `json:"email"`
	Phone             string                   `json:"phone"`
	CreatedAt         string                   `json:"createdAt"`
	UpdatedAt         string                   `json:"updatedAt"`
	ProcessedAt       string                   `json:"processedAt"`
	ClosedAt          string                   `json:"closedAt"`
	CancelledAt       string                   `json:"cancelledAt"`
	Tags              []string                 `json:"tags"`
	Gateways          []string                 `json:"paymentGatewayNames"`
	Test              bool                     `json:"test"`
	Closed            bool                     `json:"closed"`
	TaxesIncluded     bool                     `json:"taxesIncluded"`
	Subtotal          *moneyBag                `json:"subtotalPriceSet"`
	Discounts         *moneyBag                `json:"totalDiscountsSet"`
	Shipping          *moneyBag                `json:"totalShippingPriceSet"`
	Tax               *moneyBag                `json:"totalTaxSet"`
	Total             *moneyBag                `json:"totalPriceSet"`
	CurrentTotal      *moneyBag                `json:"currentTotalPriceSet"`
	Refunded          *moneyBag                `json:"totalRefundedSet"`
	Outstanding       *moneyBag                `json:"totalOutstandingSet"`
	Customer          *contactNode             `json:"customer"`
	BillingAddress    *addressNode             `json:"billingAddress"`
	ShippingAddress   *addressNode             `json:"shippingAddress"`
	Attributes        []attributeNode          `json:"customAttributes"`
	LineItems         connection[lineNode]     `json:"lineItems"`
	ShippingLines     connection[shippingNode] `json:"shippingLines"`
	Fulfillments      []fulfillmentNode        `json:"fulfillments"`
	Refunds           []refundNode             `json:"refunds"`
}

type lineNode struct {
	ID               string          `json:"id"`
	Title            string          `json:"title"`
	VariantTitle     string          `json:"variantTitle"`
	SKU              string          `json:"sku"`
	Quantity         int64           `json:"quantity"`
	CurrentQuantity  *int64          `json:"currentQuantity"`
	Unfulfilled      *int64          `json:"unfulfilledQuantity"`
	RequiresShipping bool            `json:"requiresShipping"`
	IsGiftCard       bool            `json:"isGiftCard"`
	Product          *nodeID         `json:"product"`
	Variant          *nodeID         `json:"variant"`
	UnitPrice        *moneyBag       `json:"originalUnitPriceSet"`
	Discount         *moneyBag       `json:"totalDiscountSet"`
	Total            *moneyBag       `json:"discountedTotalSet"`
	Attributes       []attributeNode `json:"customAttributes"`
	TaxLines         []struct {
		PriceSet moneyBag `json:"priceSet"`
	} `json:"taxLines"`
}

type shippingNode struct {
	ID    string    `json:"id"`
	Title string    `json:"title"`
	Code  string    `json:"code"`
	Price *moneyBag `json:"originalPriceSet"`
}

type fulfillmentNode struct {
	ID           string  `json:"id"`
	Name         string  `json:"name"`
	Status       string  `json:"status"`
	CreatedAt    string  `json:"createdAt"`
	UpdatedAt    string  `json:"updatedAt"`
	DeliveredAt  string  `json:"deliveredAt"`
	Location     *nodeID `json:"location"`
	TrackingInfo []struct {
		Company string `json:"company"`
		Number  string `json:"number"`
		URL     string `json:"url"`
	} `json:"trackingInfo"`
	Lines connection[fulfilledNode] `json:"fulfillmentLineItems"`
}

type fulfilledNode struct {
	Quantity int64  `json:"quantity"`
	LineItem nodeID `json:"lineItem"`
}

type refundNode struct {
	ID        string                   `json:"id"`
	Note      string                   `json:"note"`
	CreatedAt string                   `json:"createdAt"`
	Total     *moneyBag                `json:"totalRefundedSet"`
	Lines     connection[refundedNode] `json:"refundLineItems"`
}

type refundedNode struct {
	Quantity    int64     `json:"quantity"`
	RestockType string    `json:"restockType"`
	LineItem    nodeID    `json:"lineItem"`
	Subtotal    *moneyBag `json:"subtotalSet"`
}
