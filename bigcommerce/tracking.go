package bigcommerce

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
)

// providers are the carriers BigCommerce knows by itself.
// https://developer.bigcommerce.com/docs/rest-management/orders/order-shipments#create-an-order-shipment
var providers = []string{"auspost", "canadapost", "endicia", "usps", "fedex", "royalmail", "ups", "upsready", "shipperhq"}

var (
	ownCarrier  = regexp.MustCompile(`^carrier_[A-Za-z0-9_-]{1,100}$`)
	carrierForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// The longest number and address of a shipment's tracking, in characters.
const (
	maxTrackingNumber = 50
	maxTrackingLink   = 500
)

// company finds the two fields of a carrier, one of which is always empty.
func company(op, name string) (provider, carrier string, err error) {
	folded := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	carrier = strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(name, "_", " ")), "-"))
	switch {
	case name == "":
		return "", "", nil
	case folded == "australiapost":
		return "auspost", "", nil
	case slices.Contains(providers, folded):
		return folded, "", nil
	case ownCarrier.MatchString(name):
		return name, "", nil
	case carrierForm.MatchString(carrier):
		return "", carrier, nil
	}
	return "", "", invalid(op, "Tracking.0.Company", `it is neither a provider of BigCommerce, such as "usps", nor a carrier as AfterShip names it, such as "dhl"`)
}

// trackingFields are how a parcel can be followed; those that are not given
// are left out.
func trackingFields(op string, all []catalog.Tracking, notify bool) (map[string]any, error) {
	if notify {
		return nil, catalog.Unsupported(Platform, op+" and notify", "the store's settings decide whether shipments are mailed")
	}
	if len(all) > 1 {
		return nil, catalog.Unsupported(Platform, op+" with several parcels", "ship each parcel in a shipment of its own")
	}
	fields := map[string]any{}
	if len(all) == 0 {
		return fields, nil
	}
	t := all[0]
	provider, carrier, err := company(op, t.Company)
	u, wrong := url.Parse(t.URL)
	switch {
	case err != nil:
		return nil, err
	case t == (catalog.Tracking{}):
		return nil, invalid(op, "Tracking.0", "it has neither a company nor a number nor a URL")
	case utf8.RuneCountInString(t.Number) > maxTrackingNumber:
		return nil, invalid(op, "Tracking.0.Number", "it is longer than 50 characters")
	case t.URL != "" && (wrong != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == ""):
		return nil, invalid(op, "Tracking.0.URL", "it is not a web address")
	case utf8.RuneCountInString(t.URL) > maxTrackingLink:
		return nil, invalid(op, "Tracking.0.URL", "it is longer than 500 characters")
	}
	for name, value := range map[string]string{"shipping_provider": provider, "tracking_carrier": carrier, "tracking_number": t.Number, "tracking_link": t.URL} {
		if value != "" {
			fields[name] = value
		}
	}
	return fields, nil
}

// UpdateTracking replaces how a shipment can be followed, by at most one
// Tracking as Fulfill takes it; none empties it. It sets a state and may be
// repeated; it is sent once. Notify is errors.ErrUnsupported.
// https://developer.bigcommerce.com/docs/rest-management/orders/order-shipments#update-a-shipment
func (e *Engine) UpdateTracking(ctx context.Context, orderID, fulfillmentID string, tracking []catalog.Tracking, notify bool, _ catalog.WriteOptions) error {
	const op = "update tracking"
	if err := checkID(op, "an order", orderID); err != nil {
		return err
	}
	if err := checkID(op, "a shipment", fulfillmentID); err != nil {
		return err
	}
	fields, err := trackingFields(op, tracking, notify)
	if err != nil {
		return err
	}
	for _, name := range []string{"shipping_provider", "tracking_carrier", "tracking_number", "tracking_link"} {
		if _, given := fields[name]; !given {
			fields[name] = ""
		}
	}
	path := "/v2/orders/" + orderID + "/shipments/" + fulfillmentID
	_, err = e.write(ctx, call{op: op, method: http.MethodPut, path: path}, fields, func(ctx context.Context) (catalog.Outcome, error) {
		a, err := e.get(ctx, call{op: "confirm " + op, path: path})
		if err != nil {
			return catalog.OutcomeUnknown, err
		}
		if holds(a.page.Field(), fields, "") {
			return catalog.OutcomeDone, nil
		}
		return catalog.OutcomeNotDone, nil
	})
	return err
}
