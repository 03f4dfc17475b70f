package shopify

import "strings"

// topicResources are the first parts of topics that hold an underscore
// themselves, which the API's word for a topic cannot tell from a slash.
var topicResources = strings.Fields(`
	app_purchases_one_time app_subscriptions audit_events bulk_operations collection_listings collection_publications company_contact_roles
	company_contacts company_locations customer_account_settings customer_groups customer_payment_methods customers_email_marketing_consent
	customers_marketing_consent customers_whats_app_marketing_consent delivery_promise_settings draft_orders finance_app_staff_member
	finance_kyc_information fulfillment_events fulfillment_holds fulfillment_orders inventory_items inventory_levels inventory_shipments
	inventory_transfers markets_backup_region metafield_definitions order_transactions payment_schedules payment_terms product_feeds
	product_listings product_publications reverse_deliveries reverse_fulfillment_orders scheduled_product_listings selling_plan_groups
	shipping_addresses subscription_billing_attempts subscription_billing_cycle_edits subscription_billing_cycles subscription_contracts
	tax_services tender_transactions`)

// nativeTopic is the API's word for a topic: ORDERS_CREATE for orders/create. A
// word of the API stays as it is.
func nativeTopic(topic string) string {
	return strings.ToUpper(strings.NewReplacer("/", "_", ".", "_").Replace(topic))
}

// topicOf is the topic as deliveries name it.
func topicOf(native string) string {
	text := strings.ToLower(native)
	resource := ""
	for _, r := range topicResources {
		if len(r) > len(resource) && strings.HasPrefix(text, r+"_") {
			resource = r
		}
	}
	switch {
	case resource != "":
	case strings.HasPrefix(text, "customer_"):
		return "customer." + strings.TrimPrefix(text, "customer_")
	default:
		resource, _, _ = strings.Cut(text, "_")
	}
	return resource + "/" + strings.TrimPrefix(text[len(resource):], "_")
}
