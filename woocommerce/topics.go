package woocommerce

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// topics is what the topics mean that souk has kinds for. full says that the
// body is the whole record; others hold its id.
// https://woocommerce.com/document/webhooks/
var topics = map[string]struct {
	kind catalog.EventKind
	full bool
}{
	"product.created":   {catalog.EventProductCreated, true},
	"product.updated":   {catalog.EventProductUpdated, true},
	"product.published": {catalog.EventProductUpdated, true},
	"product.restored":  {catalog.EventProductUpdated, true},
	"product.deleted":   {catalog.EventProductDeleted, false},
	"order.created":     {catalog.EventOrderCreated, true},
	"order.updated":     {catalog.EventOrderUpdated, true},
	"order.restored":    {catalog.EventOrderUpdated, true},
	"order.deleted":     {catalog.EventOrderDeleted, false},
	"customer.created":  {catalog.EventCustomerCreated, true},
	"customer.updated":  {catalog.EventCustomerUpdated, true},
	"customer.restored": {catalog.EventCustomerUpdated, true},
	"customer.deleted":  {catalog.EventCustomerDeleted, false},
}

// topicForm is a topic of the store's or a hook's name.
var topicForm = regexp.MustCompile(`^[A-Za-z0-9_./:-]{1,200}$`)

// resourceOf is what a topic is about.
func resourceOf(topic string) catalog.Resource {
	family, _, _ := strings.Cut(topic, ".")
	switch family {
	case "product":
		return catalog.Products
	case "order":
		return catalog.Orders
	case "customer":
		return catalog.Customers
	}
	return ""
}

// identify says what an event is about, by its body; false for one that holds
// no record although it should.
//
// The store builds the body when it sends it, not when something happened: the
// record may be gone by then, or the webhook's user may have lost his rights,
// and the body is the API's refusal. Nothing names the record then.
func identify(e *catalog.Event, body []byte) {
	var n struct {
		ID       int64  `json:"id"`
		ParentID int64  `json:"parent_id"`
		Type     string `json:"type"`
		Created  moment `json:"date_created_gmt"`
		Modified moment `json:"date_modified_gmt"`
		Code     string `json:"code"`

		Variations []json.RawMessage `json:"variations"`
		Refunds    []json.RawMessage `json:"refunds"`
	}
	e.Kind, e.Resource, e.Partial = catalog.EventOther, resourceOf(e.Topic), true
	if _, err := transport.Decode(body, &n); err != nil {
		return // an event about something unknown is still an event
	}
	e.OccurredAt = n.Modified.Time
	t, known := topics[e.Topic]
	if n.ID <= 0 {
		if n.Code != "" {
			e.PayloadKind = refusalKind
		}
		return
	}
	if !known {
		if e.Resource != "" {
			e.ResourceID = idText(n.ID)
		}
		return
	}
	// Variations are named by their ids alone, refunds by their sums.
	e.Kind, e.Partial, e.ResourceID = t.kind, !t.full || len(n.Variations)+len(n.Refunds) > 0, idText(n.ID)
	if e.Resource == catalog.Products && n.Type == "variation" && n.ParentID > 0 {
		// The product is what can be read, and what has changed.
		e.Kind, e.Partial, e.ResourceID = catalog.EventProductUpdated, true, idText(n.ParentID)
		return // with a time of change of its own
	}
	e.UpdatedAt = n.Modified.Time
	if e.UpdatedAt.IsZero() && e.Resource == catalog.Customers {
		e.UpdatedAt = n.Created.Time // never changed
	}
}

// refusalKind names the API's refusal in the place of a record.
const refusalKind catalog.RawKind = "woocommerce.webhook.error"
