package shopify

// Mutations. Their payloads hold what the model needs of the record, so that a
// write need not be followed by a read.
const wholeProduct = `product { ...Product ` + mediaPart + ` ` + variantsPart + ` }`

var (
	currencyDocument = newDocument("StoreCurrency", `query StoreCurrency { shop { currencyCode } }`)

	productSetDocument = newDocument("ProductCreate", `mutation ProductCreate($input: ProductSetInput!) {
  productSet(input: $input, synchronous: true) { `+wholeProduct+` userErrors { field message code } }
}`, productFragment, variantFragment, mediaFragment)

	productUpdateDocument = newDocument("ProductUpdate", `mutation ProductUpdate($product: ProductUpdateInput!) {
  productUpdate(product: $product) { `+wholeProduct+` userErrors { field message } }
}`, productFragment, variantFragment, mediaFragment)

	variantsUpdateDocument = newDocument("VariantsUpdate", `mutation VariantsUpdate($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $productId, variants: $variants, allowPartialUpdates: false) { `+wholeProduct+` userErrors { field message code } }
}`, productFragment, variantFragment, mediaFragment)

	productDeleteDocument = newDocument("ProductDelete", `mutation ProductDelete($id: ID!) {
  productDelete(input: { id: $id }, synchronous: true) { deletedProductId userErrors { field message } }
}`)

	recentProductsDocument = newDocument("RecentProducts", `query RecentProducts($first: Int!, $after: String) {
  products(first: $first, after: $after, sortKey: CREATED_AT, reverse: true) {
    pageInfo { hasNextPage endCursor }
    nodes { id createdAt metafield(namespace: "$app:souk", key: "write") { value } }
  }
}`)

	inventorySetDocument = newDocument("InventorySet", `mutation InventorySet($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) { inventoryAdjustmentGroup { id } userErrors { field message code } }
}`)

	inventoryAdjustDocument = newDocument("InventoryAdjust", `mutation InventoryAdjust($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) { inventoryAdjustmentGroup { id } userErrors { field message code } }
}`)

	orderCancelDocument = newDocument("OrderCancel", `mutation OrderCancel($id: ID!, $reason: OrderCancelReason!, $restock: Boolean!, $refund: OrderCancelRefundMethodInput, $notify: Boolean, $note: String) {
  orderCancel(orderId: $id, reason: $reason, restock: $restock, refundMethod: $refund, notifyCustomer: $notify, staffNote: $note) {
    job { id done } orderCancelUserErrors { field message code }
  }
}`)

	jobDocument = newDocument("Job", `query Job($id: ID!) { job(id: $id) { id done } }`)

	cancellationDocument = newDocument("Cancellation", `query Cancellation($id: ID!) { order(id: $id) { id cancelledAt cancelReason cancellation { staffNote } } }`)

	orderNoteDocument = newDocument("OrderNote", `query OrderNote($id: ID!) { order(id: $id) { id note } }`)

	orderNoteUpdateDocument = newDocument("OrderNoteUpdate", `mutation OrderNoteUpdate($input: OrderInput!) {
  orderUpdate(input: $input) { order { id } userErrors { field message } }
}`)

	orderEventsDocument = newDocument("OrderEvents", `query OrderEvents($id: ID!, $first: Int!, $after: String) {
  order(id: $id) {
    events(first: $first, after: $after, sortKey: CREATED_AT) {
      pageInfo { hasNextPage endCursor }
      nodes { __typename id action message createdAt appTitle attributeToApp attributeToUser }
    }
  }
}`)

	fulfillmentOrdersDocument = newDocument("FulfillmentOrders", `query FulfillmentOrders($id: ID!, $first: Int!, $after: String) {
  order(id: $id) {
    fulfillmentOrders(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        id status supportedActions { action } assignedLocation { location { id } }
        lineItems(first: 50) { pageInfo { hasNextPage endCursor } nodes { ...FulfillmentOrderLine } }
      }
    }
  }
}`, fulfillmentOrderLineFragment)

	fulfillmentCreateDocument = newDocument("FulfillmentCreate", `mutation FulfillmentCreate($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { ...Shipment fulfillmentLineItems(first: 25) { pageInfo { hasNextPage endCursor } nodes { ...ShipmentLine } } }
    userErrors { field message }
  }
}`, fulfillmentFragment, shipmentLineFragment)

	trackingUpdateDocument = newDocument("TrackingUpdate", `mutation TrackingUpdate($id: ID!, $tracking: FulfillmentTrackingInput!, $notify: Boolean) {
  fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking, notifyCustomer: $notify) { fulfillment { id } userErrors { field message } }
}`)

	refundPlanDocument = newDocument("RefundPlan", `query RefundPlan($id: ID!, $lines: [RefundLineItemInput!], $shipping: Boolean) {
  order(id: $id) {
    id currencyCode presentmentCurrencyCode
    suggestedRefund(refundLineItems: $lines, refundShipping: $shipping) {
      maximumRefundableSet { ...Money }
      suggestedTransactions { gateway amountSet { ...Money } maximumRefundableSet { ...Money } parentTransaction { id } }
    }
  }
}`, moneyFragment)

	refundCreateDocument = newDocument("RefundCreate", `mutation RefundCreate($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { id createdAt note totalRefundedSet { ...Money } refundLineItems(first: 25) { pageInfo { hasNextPage endCursor } nodes { ...RefundLine } } }
    userErrors { field message }
  }
}`, refundLineFragment, moneyFragment)

	customerCreateDocument = newDocument("CustomerCreate", `mutation CustomerCreate($input: CustomerInput!) {
  customerCreate(input: $input) { customer { ...Customer `+addressesPart+` } userErrors { field message } }
}`, customerFragment, addressFragment)

	customerUpdateDocument = newDocument("CustomerUpdate", `mutation CustomerUpdate($input: CustomerInput!) {
  customerUpdate(input: $input) { customer { ...Customer `+addressesPart+` } userErrors { field message } }
}`, customerFragment, addressFragment)

	subscriptionsDocument = newDocument("Subscriptions", `query Subscriptions($first: Int!, $after: String) {
  webhookSubscriptions(first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { ...Subscription }
  }
}`, subscriptionFragment)

	subscriptionCreateDocument = newDocument("SubscriptionCreate", `mutation SubscriptionCreate($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) { webhookSubscription { ...Subscription } userErrors { field message } }
}`, subscriptionFragment)

	subscriptionUpdateDocument = newDocument("SubscriptionUpdate", `mutation SubscriptionUpdate($id: ID!, $subscription: WebhookSubscriptionInput!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $subscription) { webhookSubscription { ...Subscription } userErrors { field message } }
}`, subscriptionFragment)

	subscriptionDeleteDocument = newDocument("SubscriptionDelete", `mutation SubscriptionDelete($id: ID!) {
  webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } }
}`)

	bulkRunDocument = newDocument("BulkRun", `mutation BulkRun($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: true) { bulkOperation { id status } userErrors { field message code } }
}`)

	bulkDocument = newDocument("Bulk", `query Bulk($id: ID!) {
  bulkOperation(id: $id) { id status errorCode objectCount rootObjectCount url partialDataUrl }
}`)

	moreFulfillmentOrderLines = moreDocument("FulfillmentOrder", "lineItems", "...FulfillmentOrderLine", fulfillmentOrderLineFragment)
)

const (
	fulfillmentOrderLineFragment = `fragment FulfillmentOrderLine on FulfillmentOrderLineItem { id remainingQuantity lineItem { id } }`

	subscriptionFragment = `fragment Subscription on WebhookSubscription { id topic uri name filter format includeFields apiVersion { handle } }`
)

// writeDocuments are those of the writes, and of the reads that go with them.
func writeDocuments() []document {
	return []document{currencyDocument, productSetDocument, productUpdateDocument, variantsUpdateDocument, productDeleteDocument, recentProductsDocument,
		inventorySetDocument, inventoryAdjustDocument, orderCancelDocument, jobDocument, cancellationDocument, orderNoteDocument, orderNoteUpdateDocument,
		orderEventsDocument, fulfillmentOrdersDocument, fulfillmentCreateDocument, trackingUpdateDocument, refundPlanDocument, refundCreateDocument,
		customerCreateDocument, customerUpdateDocument, subscriptionsDocument, subscriptionCreateDocument, subscriptionUpdateDocument,
		subscriptionDeleteDocument, bulkRunDocument, bulkDocument, moreFulfillmentOrderLines.document}
}
