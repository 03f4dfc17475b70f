package bigcommerce

import (
	"slices"

	"github.com/soukhq/souk/catalog"
)

// The ids of order statuses are the same in every store; their labels are the
// merchant's.
// https://developer.bigcommerce.com/docs/rest-management/orders/order-status
const (
	statusIncomplete        = 0
	statusShipped           = 2
	statusPartiallyShipped  = 3
	statusCancelled         = 5
	statusCompleted         = 10
	statusPartiallyRefunded = 14
)

// status is an order status: its name in English and what it means.
type status struct {
	name  string
	means catalog.OrderStatus
}

var orderStatuses = map[int64]status{
	statusIncomplete:        {"Incomplete", catalog.OrderPending}, // the shopper left at the payment page
	1:                       {"Pending", catalog.OrderPending},
	statusShipped:           {"Shipped", catalog.OrderShipped},
	statusPartiallyShipped:  {"Partially Shipped", catalog.OrderOpen},
	4:                       {"Refunded", catalog.OrderRefunded},
	statusCancelled:         {"Cancelled", catalog.OrderCancelled},
	6:                       {"Declined", catalog.OrderFailed},
	7:                       {"Awaiting Payment", catalog.OrderPending},
	8:                       {"Awaiting Pickup", catalog.OrderOpen},
	9:                       {"Awaiting Shipment", catalog.OrderOpen},
	statusCompleted:         {"Completed", catalog.OrderCompleted},
	11:                      {"Awaiting Fulfillment", catalog.OrderOpen},
	12:                      {"Manual Verification Required", catalog.OrderPending},
	13:                      {"Disputed", catalog.OrderOnHold},
	statusPartiallyRefunded: {"Partially Refunded", catalog.OrderOpen},
}

// statusIDs returns the ids of the statuses that mean one of the wanted, and
// which of the wanted have none.
func statusIDs(wanted []catalog.OrderStatus) (ids []int64, without catalog.OrderStatus) {
	for _, w := range wanted {
		none := true
		for id, s := range orderStatuses {
			if s.means == w && id != statusIncomplete {
				none = false
				if !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
		if none {
			return nil, w
		}
	}
	return ids, ""
}

// statusOf normalises an order's status by its id.
func (n *notes) statusOf(o *orderNode) (catalog.OrderStatus, string) {
	if o.StatusID == nil {
		if o.Status != "" {
			n.Add("status_id", only, "missing", "")
		}
		return "", o.Status
	}
	s, ok := orderStatuses[*o.StatusID]
	if !ok {
		n.Add("status_id", only, "unknown status", idText(*o.StatusID))
		return catalog.OrderStatusUnknown, o.Status
	}
	return s.means, s.name
}

// paymentStatuses are the words of payment_status.
var paymentStatuses = map[string]catalog.PaymentStatus{
	"authorized": catalog.PaymentAuthorized, "captured": catalog.PaymentPaid, "capture pending": catalog.PaymentAuthorized,
	"declined": catalog.PaymentFailed, "held for review": catalog.PaymentPending, "paid": catalog.PaymentPaid,
	"partially refunded": catalog.PaymentPartiallyRefunded, "pending": catalog.PaymentPending, "refunded": catalog.PaymentRefunded,
	"void": catalog.PaymentVoided, "void pending": catalog.PaymentVoided,
}

// fulfillment is inferred, since orders do not tell it for themselves: from
// the status where that says it, else from how much was shipped.
func fulfillment(o *orderNode) catalog.FulfillmentStatus {
	id := int64(-1)
	if o.StatusID != nil {
		id = *o.StatusID
	}
	switch {
	case o.Digital:
		return catalog.FulfillmentNotNeeded
	case id == statusShipped, id == statusCompleted:
		return catalog.FulfillmentDone
	case id == statusPartiallyShipped:
		return catalog.FulfillmentPartial
	case o.ItemsShipped == 0:
		return catalog.FulfillmentNone
	case o.ItemsShipped < o.ItemsTotal:
		return catalog.FulfillmentPartial
	}
	return catalog.FulfillmentDone
}
