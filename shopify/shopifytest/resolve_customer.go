package shopifytest

import (
	"fmt"
	"strings"
	"time"
)

func customerFields() map[string]fieldSet {
	addr := func(get func(*Address) string) resolver { return opt(get) }
	return map[string]fieldSet{
		"Customer": {
			"id":                gid("Customer", func(c *Customer) int64 { return c.ID }),
			"legacyResourceId":  long(func(c *Customer) int64 { return c.ID }),
			"firstName":         personal(opt(func(c *Customer) string { return c.FirstName })),
			"lastName":          personal(opt(func(c *Customer) string { return c.LastName })),
			"displayName":       str((*Customer).display),
			"email":             personal(opt(func(c *Customer) string { return c.Email })),
			"phone":             personal(opt(func(c *Customer) string { return c.Phone })),
			"note":              opt(func(c *Customer) string { return c.Note }),
			"tags":              texts(func(c *Customer) []string { return c.Tags }),
			"state":             or("DISABLED", func(c *Customer) string { return c.State }),
			"locale":            or("en", func(c *Customer) string { return c.Locale }),
			"taxExempt":         boolean(func(c *Customer) bool { return c.TaxExempt }),
			"taxExemptions":     fixed("[]"),
			"verifiedEmail":     boolean(func(c *Customer) bool { return c.VerifiedEmail }),
			"validEmailAddress": boolean(func(c *Customer) bool { return c.Email != "" }),
			"numberOfOrders":    long(func(c *Customer) int64 { return c.NumberOfOrders }),
			"amountSpent": func(x *exec, f *field, o any) {
				s := o.(*Customer).AmountSpent
				if s == "" {
					s = "0.0"
				}
				x.amount(f, s, x.srv.currency)
			},
			"createdAt": instant(func(c *Customer) time.Time { return c.CreatedAt }),
			"updatedAt": instant(func(c *Customer) time.Time { return c.UpdatedAt }),
			"defaultEmailAddress": personal(func(x *exec, f *field, o any) {
				if o.(*Customer).Email == "" {
					x.nothing(f)
					return
				}
				x.object(f, "CustomerEmailAddress", o)
			}),
			"defaultPhoneNumber": personal(func(x *exec, f *field, o any) {
				if o.(*Customer).Phone == "" {
					x.nothing(f)
					return
				}
				x.object(f, "CustomerPhoneNumber", o)
			}),
			"defaultAddress": personal(addressField(func(c *Customer) *Address {
				if len(c.Addresses) == 0 {
					return nil
				}
				return &c.Addresses[0]
			})),
			"addresses":   each("MailingAddress", func(c *Customer) []Address { return c.Addresses }),
			"addressesV2": nested(func(c *Customer) []Address { return c.Addresses }, func(a *Address) int64 { return a.ID }),
			"canDelete":   boolean(func(c *Customer) bool { return c.NumberOfOrders == 0 }), "dataSaleOptOut": fixed("false"),
			"lifetimeDuration": fixed(`"about 1 year"`), "multipassIdentifier": null,
			"productSubscriberStatus": fixed(`"NEVER_SUBSCRIBED"`),
			"lastOrder":               null,
			"orders": func(x *exec, f *field, o any) {
				x.orders(f, fmt.Sprintf("customer_id:%d", o.(*Customer).ID))
			},
			"metafield": null, "metafields": empty,
		},
		"CustomerEmailAddress": {
			"emailAddress":        str(func(c *Customer) string { return c.Email }),
			"marketingState":      or("NOT_SUBSCRIBED", func(c *Customer) string { return c.MarketingState }),
			"marketingOptInLevel": null, "marketingUpdatedAt": null,
			"validFormat": fixed("true"), "openTrackingLevel": fixed(`"UNKNOWN"`),
		},
		"CustomerPhoneNumber": {
			"phoneNumber":         str(func(c *Customer) string { return c.Phone }),
			"marketingState":      or("NOT_SUBSCRIBED", func(c *Customer) string { return c.MarketingState }),
			"marketingOptInLevel": null, "marketingUpdatedAt": null,
		},
		"MailingAddress": {
			"id": func(x *exec, _ *field, o any) {
				x.buf = fmt.Appendf(x.buf, `"gid://shopify/MailingAddress/%d?model_name=CustomerAddress"`, o.(*Address).ID)
			},
			"name":      addr((*Address).name),
			"firstName": addr(func(a *Address) string { return a.FirstName }), "lastName": addr(func(a *Address) string { return a.LastName }),
			"company": addr(func(a *Address) string { return a.Company }), "address1": addr(func(a *Address) string { return a.Address1 }),
			"address2": addr(func(a *Address) string { return a.Address2 }), "city": addr(func(a *Address) string { return a.City }),
			"province": addr(func(a *Address) string { return a.Province }), "provinceCode": addr(func(a *Address) string { return a.ProvinceCode }),
			"country": addr(func(a *Address) string { return a.Country }), "countryCodeV2": addr(func(a *Address) string { return a.CountryCode }),
			"zip": addr(func(a *Address) string { return a.Zip }), "phone": addr(func(a *Address) string { return a.Phone }),
			"latitude": null, "longitude": null, "timeZone": null,
			"formatted":            texts(formatAddress),
			"formattedArea":        addr(func(a *Address) string { return strings.Trim(a.City+", "+a.Country, ", ") }),
			"coordinatesValidated": fixed("false"),
		},
	}
}

func (c *Customer) display() string {
	if n := strings.TrimSpace(c.FirstName + " " + c.LastName); n != "" {
		return n
	}
	if c.Email != "" {
		return c.Email
	}
	return c.Phone
}

func (a *Address) name() string { return strings.TrimSpace(a.FirstName + " " + a.LastName) }

func formatAddress(a *Address) []string {
	var out []string
	for _, s := range []string{a.Address1, a.Address2, strings.TrimSpace(a.City + " " + a.Zip), a.Country} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// personal guards a field of protected customer data: an app without
// approval gets null and an error entry without a code.
func personal(r resolver) resolver {
	return func(x *exec, f *field, o any) {
		if !x.srv.cfg.ProtectedData {
			r(x, f, o)
			return
		}
		x.fail(f, gqlError{message: "This app is not approved to access the Customer object. " +
			"See https://partners.shopify.com/1/apps/1/customer_data for more details."})
	}
}
