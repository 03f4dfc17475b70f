package shopify

// document is one GraphQL operation. Every one of them validates against the
// vendor's schema of all versions the adapter is tested on; see the contract
// module. Page information comes before the nodes, so that the next page can
// be asked for as early as possible.
type document struct {
	name string
	text string
}

func newDocument(name, text string, fragments ...string) document {
	for _, f := range fragments {
		text += "\n" + f
	}
	return document{name, text}
}

const (
	moneyFragment = `fragment Money on MoneyBag { shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }`

	addressFragment = `fragment Address on MailingAddress {
  id name firstName lastName company address1 address2 city province provinceCode country countryCodeV2 zip phone
}`

	variantFragment = `fragment Variant on ProductVariant {
  id legacyResourceId title sku barcode price compareAtPrice position inventoryQuantity inventoryPolicy availableForSale taxable
  createdAt updatedAt selectedOptions { name value }
  inventoryItem { id tracked requiresShipping measurement { weight { unit value } } unitCost { amount currencyCode } }
}`

	mediaFragment = `fragment Medium on Media {
  id alt mediaContentType status preview { image { url width height } }
}`

	productFragment = `fragment Product on Product {
  id legacyResourceId title handle descriptionHtml vendor productType status tags createdAt updatedAt publishedAt
  onlineStoreUrl totalInventory tracksInventory hasOnlyDefaultVariant isGiftCard templateSuffix
  seo { title description } category { id fullName } options { id name position values }
}`

	lineItemFragment = `fragment Line on LineItem {
  id name title variantTitle sku vendor quantity currentQuantity unfulfilledQuantity requiresShipping taxable isGiftCard
  product { id } variant { id } customAttributes { key value }
  originalUnitPriceSet { ...Money } totalDiscountSet { ...Money } discountedTotalSet { ...Money }
  taxLines { title rate priceSet { ...Money } }
}`

	fulfillmentFragment = `fragment Shipment on Fulfillment {
  id name status displayStatus createdAt updatedAt deliveredAt location { id } trackingInfo { company number url }
}`

	orderFragment = `fragment Order on Order {
  id legacyResourceId name number confirmationNumber poNumber sourceName test note tags paymentGatewayNames
  createdAt updatedAt processedAt closed closedAt cancelledAt cancelReason
  displayFinancialStatus displayFulfillmentStatus returnStatus currencyCode presentmentCurrencyCode taxesIncluded email phone
  subtotalPriceSet { ...Money } totalDiscountsSet { ...Money } totalShippingPriceSet { ...Money } totalTaxSet { ...Money }
  totalPriceSet { ...Money } currentTotalPriceSet { ...Money } totalRefundedSet { ...Money } totalOutstandingSet { ...Money }
  customer { id displayName defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } }
  billingAddress { ...Address } shippingAddress { ...Address } customAttributes { key value }
}`

	customerFragment = `fragment Customer on Customer {
  id legacyResourceId displayName firstName lastName note tags state locale taxExempt verifiedEmail numberOfOrders
  amountSpent { amount currencyCode } createdAt updatedAt
  defaultEmailAddress { emailAddress marketingState } defaultPhoneNumber { phoneNumber } defaultAddress { ...Address }
}`

	levelFragment = `fragment Level on InventoryLevel {
  id updatedAt location { id } quantities(names: ["available", "on_hand", "committed", "incoming"]) { name quantity updatedAt }
}`

	itemFragment = `fragment Item on InventoryItem { id sku tracked variant { id product { id } } }`
)

// What the nested connections of a record ask for; whatever lies beyond comes
// in further answers.
const (
	variantsPart     = `variants(first: 50) { pageInfo { hasNextPage endCursor } nodes { ...Variant } }`
	mediaPart        = `media(first: 10) { pageInfo { hasNextPage endCursor } nodes { ...Medium } }`
	linesPart        = `lineItems(first: 50) { pageInfo { hasNextPage endCursor } nodes { ...Line } }`
	shippingPart     = `shippingLines(first: 5) { pageInfo { hasNextPage endCursor } nodes { id title code originalPriceSet { ...Money } } }`
	fulfillmentsPart = `fulfillments { ...Shipment fulfillmentLineItems(first: 25) { pageInfo { hasNextPage endCursor } nodes { ...ShipmentLine } } }`
	refundsPart      = `refunds { id createdAt note totalRefundedSet { ...Money } refundLineItems(first: 25) { pageInfo { hasNextPage endCursor } nodes { ...RefundLine } } }`
	addressesPart    = `addressesV2(first: 10) { pageInfo { hasNextPage endCursor } nodes { ...Address } }`
	levelsPart       = `inventoryLevels(first: 10) { pageInfo { hasNextPage endCursor } nodes { ...Level } }`

	shipmentLineFragment = `fragment ShipmentLine on FulfillmentLineItem { id quantity lineItem { id } }`
	refundLineFragment   = `fragment RefundLine on RefundLineItem { quantity restockType lineItem { id } subtotalSet { ...Money } }`
)

var (
	shopDocument = newDocument("Shop", `query Shop {
  shop {
    id name myshopifyDomain email contactEmail currencyCode ianaTimezone weightUnit taxesIncluded createdAt
    primaryDomain { host url } plan { publicDisplayName partnerDevelopment shopifyPlus } shopAddress { countryCodeV2 city }
  }
}`)

	productsDocument = newDocument("Products", `query Products($first: Int!, $after: String, $query: String, $sortKey: ProductSortKeys) {
  shop { currencyCode }
  products(first: $first, after: $after, query: $query, sortKey: $sortKey) {
    pageInfo { hasNextPage endCursor }
    nodes { ...Product `+mediaPart+` `+variantsPart+` }
  }
}`, productFragment, variantFragment, mediaFragment)

	productDocument = newDocument("Product", `query Product($id: ID!) {
  shop { currencyCode }
  product(id: $id) { ...Product `+mediaPart+` `+variantsPart+` }
}`, productFragment, variantFragment, mediaFragment)

	skuDocument = newDocument("VariantsBySKU", `query VariantsBySKU($first: Int!, $after: String, $query: String) {
  productVariants(first: $first, after: $after, query: $query) {
    pageInfo { hasNextPage endCursor }
    nodes { id sku product { id } }
  }
}`)

	ordersDocument = newDocument("Orders", `query Orders($first: Int!, $after: String, $query: String, $sortKey: OrderSortKeys) {
  orders(first: $first, after: $after, query: $query, sortKey: $sortKey) {
    pageInfo { hasNextPage endCursor }
    nodes { ...Order `+linesPart+` `+shippingPart+` `+fulfillmentsPart+` `+refundsPart+` }
  }
}`, orderFragment, lineItemFragment, fulfillmentFragment, shipmentLineFragment, refundLineFragment, addressFragment, moneyFragment)

	orderDocument = newDocument("Order", `query Order($id: ID!) {
  order(id: $id) { ...Order `+linesPart+` `+shippingPart+` `+fulfillmentsPart+` `+refundsPart+` }
}`, orderFragment, lineItemFragment, fulfillmentFragment, shipmentLineFragment, refundLineFragment, addressFragment, moneyFragment)

	customersDocument = newDocument("Customers", `query Customers($first: Int!, $after: String, $query: String, $sortKey: CustomerSortKeys) {
  customers(first: $first, after: $after, query: $query, sortKey: $sortKey) {
    pageInfo { hasNextPage endCursor }
    nodes { ...Customer `+addressesPart+` }
  }
}`, customerFragment, addressFragment)

	customerDocument = newDocument("Customer", `query Customer($id: ID!) {
  customer(id: $id) { ...Customer `+addressesPart+` }
}`, customerFragment, addressFragment)

	customerByEmailDocument = newDocument("CustomerByEmail", `query CustomerByEmail($email: String!) {
  customerByIdentifier(identifier: { emailAddress: $email }) { ...Customer `+addressesPart+` }
}`, customerFragment, addressFragment)

	locationsDocument = newDocument("Locations", `query Locations($first: Int!, $after: String, $query: String, $sortKey: LocationSortKeys) {
  locations(first: $first, after: $after, query: $query, sortKey: $sortKey, includeInactive: true, includeLegacy: true) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id legacyResourceId name isActive fulfillsOnlineOrders shipsInventory
      address { address1 address2 city province provinceCode country countryCode zip phone }
    }
  }
}`)

	itemsDocument = newDocument("InventoryItems", `query InventoryItems($first: Int!, $after: String, $query: String) {
  inventoryItems(first: $first, after: $after, query: $query) {
    pageInfo { hasNextPage endCursor }
    nodes { ...Item `+levelsPart+` }
  }
}`, itemFragment, levelFragment)

	itemsByIDDocument = newDocument("InventoryItemsByID", `query InventoryItemsByID($ids: [ID!]!) {
  nodes(ids: $ids) { ... on InventoryItem { ...Item `+levelsPart+` } }
}`, itemFragment, levelFragment)

	levelsAtDocument = newDocument("InventoryLevelsAt", `query InventoryLevelsAt($id: ID!, $first: Int!, $after: String, $query: String) {
  location(id: $id) {
    inventoryLevels(first: $first, after: $after, query: $query) {
      pageInfo { hasNextPage endCursor }
      nodes { ...Level item { ...Item } }
    }
  }
}`, itemFragment, levelFragment)

	countsDocuments = map[string]document{
		"productsCount":        newDocument("CountProducts", `query CountProducts { productsCount(limit: null) { count precision } }`),
		"productVariantsCount": newDocument("CountVariants", `query CountVariants { productVariantsCount(limit: null) { count precision } }`),
		"ordersCount":          newDocument("CountOrders", `query CountOrders { ordersCount(limit: null) { count precision } }`),
		"customersCount":       newDocument("CountCustomers", `query CountCustomers { customersCount(limit: null) { count precision } }`),
	}
)

// connectionDocuments fetch what a nested connection did not hold.
var (
	moreVariants  = moreDocument("Product", "variants", "...Variant", variantFragment)
	moreMedia     = moreDocument("Product", "media", "...Medium", mediaFragment)
	moreLines     = moreDocument("Order", "lineItems", "...Line", lineItemFragment, moneyFragment)
	moreShipping  = moreDocument("Order", "shippingLines", "id title code originalPriceSet { ...Money }", moneyFragment)
	moreShipment  = moreDocument("Fulfillment", "fulfillmentLineItems", "...ShipmentLine", shipmentLineFragment)
	moreRefunded  = moreDocument("Refund", "refundLineItems", "...RefundLine", refundLineFragment, moneyFragment)
	moreAddresses = moreDocument("Customer", "addressesV2", "...Address", addressFragment)
	moreLevels    = moreDocument("InventoryItem", "inventoryLevels", "...Level", levelFragment)
)

// moreDocument pages through a connection of one node.
func moreDocument(on, connection, selection string, fragments ...string) connectionDocument {
	return connectionDocument{connection, newDocument("More"+on+"_"+connection,
		`query More`+on+`_`+connection+`($id: ID!, $first: Int!, $after: String) {
  node(id: $id) { ... on `+on+` { `+connection+`(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes { `+selection+` } } } }
}`, fragments...)}
}

type connectionDocument struct {
	connection string
	document
}

// Documents returns the text of every GraphQL operation the adapter sends, by
// name, so that they can be checked against a schema.
func Documents() map[string]string {
	all := []document{shopDocument, productsDocument, productDocument, skuDocument, ordersDocument, orderDocument,
		customersDocument, customerDocument, customerByEmailDocument, locationsDocument, itemsDocument, itemsByIDDocument, levelsAtDocument}
	all = append(all, writeDocuments()...)
	for _, d := range countsDocuments {
		all = append(all, d)
	}
	for _, m := range []connectionDocument{moreVariants, moreMedia, moreLines, moreShipping, moreShipment, moreRefunded, moreAddresses, moreLevels} {
		all = append(all, m.document)
	}
	texts := make(map[string]string, len(all))
	for _, d := range all {
		texts[d.name] = d.text
	}
	return texts
}
