package shopify

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/soukhq/souk/catalog"
)

// trackingInput is how parcels can be followed; nil when there is nothing.
func trackingInput(op string, all []catalog.Tracking) (map[string]any, error) {
	if len(all) == 0 {
		return nil, nil
	}
	var numbers, urls []string
	for i, t := range all {
		if t.Company != all[0].Company {
			return nil, catalog.Unsupported(Platform, op+" with several companies", "ship each company's parcels in a shipment of its own")
		}
		if u, err := url.Parse(t.URL); t.URL != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
			return nil, invalid(op, "Tracking."+strconv.Itoa(i)+".URL", "it is not a web address")
		}
		if t.Number == "" && t.URL == "" && (t.Company == "" || len(all) > 1) {
			return nil, invalid(op, "Tracking."+strconv.Itoa(i), "it has neither a number nor a URL")
		}
		numbers, urls = append(numbers, t.Number), append(urls, t.URL)
	}
	fields := map[string]any{}
	if all[0].Company != "" {
		fields["company"] = all[0].Company
	}
	if len(all) == 1 {
		if numbers[0] != "" {
			fields["number"] = numbers[0]
		}
		if urls[0] != "" {
			fields["url"] = urls[0]
		}
		return fields, nil
	}
	if slices.Contains(numbers, "") {
		return nil, invalid(op, "Tracking", "several parcels each need a number")
	}
	fields["numbers"] = numbers
	if urls = slices.DeleteFunc(urls, func(u string) bool { return u == "" }); len(urls) == len(numbers) {
		fields["urls"] = urls
	} else if len(urls) > 0 {
		return nil, invalid(op, "Tracking", "either all of several parcels have a URL or none")
	}
	return fields, nil
}

// sameTracking compares numbers; Shopify may add companies' names and URLs.
func sameTracking(got, want []catalog.Tracking) bool {
	return slices.EqualFunc(got, want, func(a, b catalog.Tracking) bool {
		return a.Number == b.Number && (b.Company == "" || a.Company == b.Company) && (b.URL == "" || a.URL == b.URL)
	})
}

// UpdateTracking replaces how a shipment can be followed; Shopify cannot empty
// it. It sets a state and may be repeated; it is sent once, so that a shopper
// who is notified hears of it once.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentTrackingInfoUpdate
func (e *Engine) UpdateTracking(ctx context.Context, orderID, fulfillmentID string, tracking []catalog.Tracking, notify bool, _ catalog.WriteOptions) error {
	const op = "update tracking"
	order, err := gid(op, "Order", orderID)
	if err != nil {
		return err
	}
	id, err := gid(op, "Fulfillment", fulfillmentID)
	if err != nil {
		return err
	}
	if len(tracking) == 0 {
		return catalog.Unsupported(Platform, op+" to nothing", "Shopify keeps the numbers of a shipment; write the right ones")
	}
	fields, err := trackingInput(op, tracking)
	if err != nil {
		return err
	}
	_, err = e.mutate(ctx, mutation{op: op, document: trackingUpdateDocument, root: "fulfillmentTrackingInfoUpdate", kind: missingAt("fulfillmentId"),
		variables: map[string]any{"id": id, "tracking": fields, "notify": notify},
		look: func(ctx context.Context) (catalog.Outcome, error) {
			o, err := e.Order(ctx, order)
			if err != nil {
				return catalog.OutcomeUnknown, err
			}
			for _, f := range o.Fulfillments {
				if f.ID == numericID(id) && sameTracking(f.Tracking, tracking) {
					return catalog.OutcomeDone, nil
				}
			}
			return catalog.OutcomeNotDone, nil
		}})
	return err
}
