package magentotest

import (
	"net/http"
	"strings"
)

// route is one endpoint.
type route struct {
	method, pattern string
	acl             string // "" for anonymous ones
	query           string // parameters besides fields and the search criteria
	list            bool   // takes search criteria
	only            int    // which shops have it
	vars            string // names of the variables, for bulk requests of writes
	owns            bool   // the body has what the path names, in a bulk request
	serve           func(*call)
	parts           []string
}

// Where a route exists.
const (
	everywhere = iota
	notSaaS
	withMSI
	withMSINotSaaS
	withEvents // I/O Events: not on open source
	withAsync  // Mage-OS async-events: on open source
	onlySaaS
)

func (t *route) served(cfg *Config) bool {
	switch t.only {
	case notSaaS:
		return cfg.Edition != SaaS
	case withMSI:
		return !cfg.NoMSI
	case withMSINotSaaS:
		return !cfg.NoMSI && cfg.Edition != SaaS
	case withEvents:
		return cfg.Edition != OpenSource
	case withAsync:
		return cfg.Edition == OpenSource
	case onlySaaS:
		return cfg.Edition == SaaS
	}
	return true
}

func (t *route) takes(name string) bool {
	switch name {
	case "fields":
		return true
	case "searchCriteria", "search_criteria":
		return t.list
	}
	if strings.HasPrefix(name, "oauth_") {
		return true
	}
	for q := range strings.FieldsSeq(t.query) {
		if q == name {
			return true
		}
	}
	return false
}

const (
	aclProducts  = "Magento_Catalog::products"
	aclCatalog   = "Magento_Catalog::catalog"
	aclView      = "Magento_Sales::actions_view"
	aclStore     = "Magento_Backend::store"
	aclCustomer  = "Magento_Customer::customer"
	aclStock     = "Magento_InventoryApi::stock"
	aclSource    = "Magento_InventoryApi::source"
	aclEvents    = "Magento_AdobeCommerceEventsClient::event_subscriptions"
	aclSubscribe = "Magento_AdobeCommerceEventsClient::event_subscribe"
	aclBulk      = "Magento_Logging::system_magento_logging_bulk_operations"
	aclAsync     = "MageOS_AsyncEvents::manage"
)

var routes = allRoutes()

// findRoute matches a path as sent: constant parts to the letter, variables
// decoded as PHP does. Constant routes win over those with variables.
func findRoute(method, path string) (*route, []string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	var best *route
	var bestArgs []string
	for _, t := range routes {
		if t.method != method || len(t.parts) != len(parts) {
			continue
		}
		args, ok := matchParts(t.parts, parts)
		if ok && (best == nil || len(args) < len(bestArgs)) {
			best, bestArgs = t, args
		}
	}
	return best, bestArgs
}

func matchParts(pattern, parts []string) ([]string, bool) {
	var args []string
	for i, p := range pattern {
		switch {
		case p == "*":
			args = append(args, phpURLDecode(parts[i]))
		case p != parts[i]:
			return nil, false
		}
	}
	return args, true
}

func allRoutes() []*route {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	list := []*route{
		{method: post, pattern: "integration/admin/token", only: notSaaS, serve: adminToken},
		{method: post, pattern: "tfa/provider/google/authenticate", only: notSaaS, serve: googleToken},

		{method: get, pattern: "store/storeConfigs", acl: aclStore, query: "storeCodes", serve: listStoreConfigs},
		{method: get, pattern: "store/storeViews", acl: aclStore, serve: listStoreViews},
		{method: get, pattern: "store/storeGroups", acl: aclStore, serve: listStoreGroups},
		{method: get, pattern: "store/websites", acl: aclStore, serve: listWebsites},
		{method: get, pattern: "directory/currency", only: notSaaS, serve: getCurrency},
		{method: get, pattern: "modules", acl: "Magento_Backend::admin", serve: listModules},

		{method: get, pattern: "bulk", acl: aclBulk, list: true, serve: listOperations},
		{method: get, pattern: "bulk/*/status", acl: aclBulk, serve: getBulkStatus},
		{method: get, pattern: "bulk/*/detailed-status", acl: aclBulk, serve: getBulkDetails},
		{method: get, pattern: "bulk/*/operation-status/*", acl: aclBulk, serve: countOperations},

		{method: get, pattern: "products", acl: aclProducts, list: true, serve: listProducts},
		{method: post, pattern: "products", acl: aclProducts, serve: saveProduct},
		{method: get, pattern: "products/*", acl: aclProducts, query: "editMode storeId forceReload", serve: getProduct},
		{method: put, pattern: "products/*", vars: "sku", owns: true, acl: aclProducts, serve: saveProduct},
		{method: del, pattern: "products/*", vars: "sku", acl: aclProducts, serve: deleteProduct},
		{method: get, pattern: "products/*/media", acl: aclCatalog, serve: listMedia},
		{method: get, pattern: "products/attributes", acl: "Magento_Catalog::attributes_attributes", list: true, serve: listAttributes},
		{method: get, pattern: "products/attributes/*", acl: "Magento_Catalog::attributes_attributes", serve: getAttribute},
		{method: get, pattern: "products/attributes/*/options", acl: "Magento_Catalog::attributes_attributes", serve: listAttributeOptions},
		{method: post, pattern: "products/attributes/*/options", vars: "attributeCode", acl: "Magento_Catalog::attributes_attributes", serve: addAttributeOption},
		{method: post, pattern: "products/*/media", vars: "sku", acl: aclCatalog, serve: addMedia},
		{method: del, pattern: "products/*/media/*", vars: "sku entryId", acl: aclCatalog, serve: deleteMedia},
		{method: post, pattern: "products/cost", acl: aclCatalog, serve: setCosts},
		{method: post, pattern: "products/special-price-delete", acl: aclCatalog, serve: dropSpecialPrices},
		{method: post, pattern: "configurable-products/*/child", vars: "sku", acl: aclProducts, serve: addChild},
		{method: del, pattern: "configurable-products/*/children/*", vars: "sku childSku", acl: aclProducts, serve: removeChild},
		{method: post, pattern: "configurable-products/*/options", vars: "sku", acl: aclProducts, serve: addOption},
		{method: post, pattern: "inventory/bulk-partial-source-transfer", acl: aclProducts, only: withMSI, serve: transferStock},
		{method: post, pattern: "products/base-prices", acl: aclCatalog, serve: setBasePrices},
		{method: post, pattern: "products/special-price", acl: aclCatalog, serve: setSpecialPrices},
		{method: get, pattern: "configurable-products/*/children", acl: aclProducts, serve: listChildren},
		{method: get, pattern: "configurable-products/*/options/all", acl: aclCatalog, serve: listOptions},
		{method: get, pattern: "bundle-products/*/children", acl: aclProducts, query: "optionId", serve: listBundleChildren},
		{method: get, pattern: "categories", acl: "Magento_Catalog::categories", query: "rootCategoryId depth", serve: getCategories},
		{method: get, pattern: "categories/list", acl: "Magento_Catalog::categories", list: true, serve: listCategories},

		{method: get, pattern: "inventory/source-items", acl: aclSource, list: true, only: withMSI, serve: listSourceItems},
		{method: post, pattern: "inventory/source-items", acl: "Magento_InventoryApi::stock_source_item_assign", only: withMSI, serve: saveSourceItems},
		{method: post, pattern: "inventory/source-items-delete", acl: "Magento_InventoryApi::stock_source_item_assign", only: withMSI, serve: deleteSourceItems},
		{method: get, pattern: "inventory/sources", acl: aclSource, list: true, only: withMSI, serve: listSources},
		{method: get, pattern: "inventory/sources/*", acl: aclSource, only: withMSI, serve: getSource},
		{method: get, pattern: "inventory/stocks", acl: aclStock, list: true, only: withMSI, serve: listStocks},
		{method: get, pattern: "inventory/stocks/*", acl: aclStock, only: withMSI, serve: getStock},
		{method: get, pattern: "inventory/stock-source-links", acl: aclStock, list: true, only: withMSI, serve: listStockSources},
		{method: get, pattern: "inventory/stock-resolver/*/*", acl: "Magento_InventorySalesApi::stock", only: withMSI, serve: resolveStock},
		{method: get, pattern: "inventory/get-product-salable-quantity/*/*", acl: aclProducts, only: withMSI, serve: getSalable},
		{method: get, pattern: "inventory/is-product-salable/*/*", acl: aclProducts, only: withMSI, serve: isSalable},
		{method: get, pattern: "inventory/export-stock-salable-qty/*/*", acl: aclStock, list: true, only: withMSI, serve: exportSalable},
		{method: get, pattern: "inventory/dump-stock-index-data/*/*", acl: aclStock, only: withMSI, serve: dumpStock},
		{method: get, pattern: "stockItems/*", acl: "Magento_CatalogInventory::cataloginventory", query: "scopeId", serve: getStockItem},
		{method: put, pattern: "products/*/stockItems/*", vars: "productSku itemId", acl: aclProducts, serve: putStockItem},
		{method: get, pattern: "stockStatuses/*", acl: "Magento_CatalogInventory::cataloginventory", query: "scopeId", serve: getStockStatus},

		{method: get, pattern: "orders", acl: aclView, list: true, serve: listOrders},
		{method: post, pattern: "orders", acl: "Magento_Sales::create", serve: saveOrder},
		{method: put, pattern: "orders/create", acl: "Magento_Sales::create", serve: saveOrder},
		{method: get, pattern: "orders/*", acl: aclView, serve: getOrder},
		{method: get, pattern: "orders/items", acl: aclView, list: true, serve: listOrderItems},
		{method: get, pattern: "orders/items/*", acl: aclView, serve: getOrderItem},
		{method: get, pattern: "orders/*/statuses", acl: aclView, serve: getOrderStatus},
		{method: get, pattern: "orders/*/comments", acl: aclView, serve: listComments},
		{method: post, pattern: "orders/*/comments", vars: "id", acl: "Magento_Sales::comment", serve: addComment},
		{method: post, pattern: "orders/*/cancel", vars: "id", acl: "Magento_Sales::cancel", serve: cancelOrder},
		{method: post, pattern: "orders/*/hold", vars: "id", acl: "Magento_Sales::hold", serve: holdOrder},
		{method: post, pattern: "orders/*/unhold", vars: "id", acl: "Magento_Sales::unhold", serve: unholdOrder},
		{method: post, pattern: "orders/*/emails", vars: "id", acl: "Magento_Sales::emails", serve: emailOrder},
		{method: post, pattern: "order/*/ship", vars: "orderId", acl: "Magento_Sales::ship", serve: shipOrder},
		{method: post, pattern: "order/*/invoice", vars: "orderId", acl: "Magento_Sales::invoice", serve: invoiceOrder},
		{method: post, pattern: "order/*/refund", vars: "orderId", acl: "Magento_Sales::creditmemo", serve: refundOrder},
		{method: post, pattern: "invoice/*/refund", vars: "invoiceId", acl: "Magento_Sales::sales_invoice", serve: refundInvoice},
		{method: get, pattern: "shipments", acl: "Magento_Sales::shipment", list: true, serve: listShipments},
		{method: post, pattern: "shipment", acl: "Magento_Sales::shipment", serve: saveShipment},
		{method: get, pattern: "shipment/*", acl: "Magento_Sales::shipment", serve: getShipment},
		{method: get, pattern: "shipment/*/comments", acl: "Magento_Sales::shipment", serve: listShipmentComments},
		{method: post, pattern: "shipment/track", acl: "Magento_Sales::shipment", serve: addTrack},
		{method: del, pattern: "shipment/track/*", vars: "id", acl: "Magento_Sales::shipment", serve: deleteTrack},
		{method: get, pattern: "invoices", acl: "Magento_Sales::sales_invoice", list: true, serve: listInvoices},
		{method: get, pattern: "invoices/*", acl: "Magento_Sales::sales_invoice", serve: getInvoice},
		{method: get, pattern: "creditmemos", acl: "Magento_Sales::sales_creditmemo", list: true, serve: listCreditMemos},
		{method: get, pattern: "creditmemo/*", acl: "Magento_Sales::sales_creditmemo", serve: getCreditMemo},

		{method: get, pattern: "customers/search", acl: aclCustomer, list: true, serve: listCustomers},
		{method: get, pattern: "customers/*", acl: aclCustomer, serve: getCustomer},
		{method: post, pattern: "customers", acl: "Magento_Customer::manage", serve: createCustomer},
		{method: put, pattern: "customers/*", vars: "customerId", owns: true, acl: "Magento_Customer::manage", serve: updateCustomer},
		{method: del, pattern: "customers/*", vars: "customerId", acl: "Magento_Customer::delete", serve: deleteCustomer},
		{method: get, pattern: "customers/addresses/*", acl: aclCustomer, serve: getAddress},
		{method: get, pattern: "customerGroups/search", acl: "Magento_Customer::group", list: true, serve: listGroups},

		{method: post, pattern: "eventing/eventSubscribe", acl: aclSubscribe, only: withEvents, serve: subscribeEvent},
		{method: put, pattern: "eventing/eventSubscribe/*", acl: aclSubscribe, only: withEvents, serve: updateEvent},
		{method: post, pattern: "eventing/eventUnsubscribe/*", acl: "Magento_AdobeCommerceEventsClient::event_unsubscribe", only: withEvents, serve: unsubscribeEvent},
		{method: get, pattern: "eventing/getEventSubscriptions", acl: aclEvents, only: withEvents, serve: listEventSubscriptions},
		{method: get, pattern: "eventing/supportedList", acl: aclEvents, only: onlySaaS, serve: listSupported},
		{method: post, pattern: "async_event", acl: aclAsync, only: withAsync, serve: addAsyncEvent},
		{method: put, pattern: "async_event/*", acl: aclAsync, only: withAsync, serve: putAsyncEvent},
		{method: get, pattern: "async_event/*", acl: aclAsync, only: withAsync, serve: getAsyncEvent},
		{method: get, pattern: "async_events", acl: aclAsync, list: true, only: withAsync, serve: listAsyncEvents},
	}
	for _, t := range list {
		t.parts = strings.Split("V1/"+t.pattern, "/")
	}
	return list
}
