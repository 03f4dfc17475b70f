package salla

import "github.com/soukhq/souk/catalog"

// payLater are the ways of paying after the order was placed.
var payLater = map[string]bool{"cod": true, "bank": true}

// prepaid are the ways that charge before an order is accepted.
var prepaid = map[string]bool{
	"mada": true, "credit_card": true, "apple_pay": true, "google_pay": true, "stc_pay": true, "paypal": true, "knet": true,
	"tabby": true, "tabby_installment": true, "tamara": true, "tamara_installment": true, "mispay_installment": true, "emkan_installment": true,
}

// payment infers how far an order is paid, since Salla does not say: "" where
// nothing can be told.
func payment(n *orderNode, slug string) catalog.PaymentStatus {
	switch {
	case slug == "payment_failed":
		return catalog.PaymentFailed
	case slug == "restored":
		return catalog.PaymentRefunded
	case n.IsPendingPayment, slug == "payment_pending", slug == "waiting_for_payment_confirmation":
		return catalog.PaymentPending
	case slug == "canceled" || slug == "":
		return ""
	case prepaid[n.PaymentMethod]:
		return catalog.PaymentPaid
	case payLater[n.PaymentMethod] && (slug == "delivered" || slug == "completed" && n.PaymentMethod == "bank"):
		return catalog.PaymentPaid
	case payLater[n.PaymentMethod] && (n.PaymentMethod == "cod" && slug != "completed" || slug == "under_review"):
		return catalog.PaymentPending
	}
	return ""
}

// fulfillment infers how far an order has gone. Completed only says that the
// merchant is done with it.
func fulfillment(n *orderNode, slug string) catalog.FulfillmentStatus {
	if n.Features.Shippable != nil && !*n.Features.Shippable {
		return catalog.FulfillmentNotNeeded
	}
	switch slug {
	case "payment_pending", "under_review", "waiting_for_payment_confirmation", "in_progress":
		return catalog.FulfillmentNone
	case "shipped", "delivering", "delivered":
		return catalog.FulfillmentDone
	case "restored":
		return catalog.FulfillmentReturned
	}
	return ""
}
