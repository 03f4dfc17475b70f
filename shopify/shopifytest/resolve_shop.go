package shopifytest

import (
	"strings"
	"time"
)

func shopFields() map[string]fieldSet {
	text := func(s string) resolver { return fixed(`"` + s + `"`) }
	host := func(s *Server) string { return s.shop }
	return map[string]fieldSet{
		"Shop": {
			"id":                           text("gid://shopify/Shop/68000000001"),
			"name":                         text("Acme متجر"),
			"email":                        text("owner@example.com"),
			"contactEmail":                 text("hello@example.com"),
			"myshopifyDomain":              str(host),
			"currencyCode":                 str(func(s *Server) string { return s.currency }),
			"enabledPresentmentCurrencies": fixed(`["SAR","USD","AED","KWD"]`),
			"ianaTimezone":                 text("Asia/Riyadh"),
			"timezoneAbbreviation":         text("+03"),
			"timezoneOffset":               text("+0300"),
			"timezoneOffsetMinutes":        fixed("180"),
			"weightUnit":                   text("KILOGRAMS"),
			"unitSystem":                   text("METRIC_SYSTEM"),
			"taxesIncluded":                fixed("true"),
			"taxShipping":                  fixed("false"),
			"setupRequired":                fixed("false"),
			"primaryDomain":                same("Domain"),
			"plan":                         same("ShopPlan"),
			"shopAddress":                  same("ShopAddress"),
			"shopOwnerName":                text("Acme Owner"),
			"description":                  null,
			"url":                          str(func(s *Server) string { return "https://" + s.shop }),
			"createdAt":                    text("2024-01-15T09:30:00Z"),
			"updatedAt":                    instant(func(s *Server) time.Time { return s.store.epoch }),
			"orderNumberFormatPrefix":      text("#"),
			"orderNumberFormatSuffix":      text(""),
		},
		"Domain": {
			"id":         text("gid://shopify/Domain/1"),
			"host":       str(host),
			"url":        str(func(s *Server) string { return "https://" + s.shop }),
			"sslEnabled": fixed("true"),
		},
		"ShopPlan": {
			"displayName": text("Basic"), "publicDisplayName": text("Basic"),
			"partnerDevelopment": fixed("false"), "shopifyPlus": fixed("false"),
		},
		"ShopAddress": {
			"id": text("gid://shopify/ShopAddress/1"), "address1": text("King Fahd Road 12"), "address2": null,
			"city": text("Riyadh"), "company": null, "country": text("Saudi Arabia"), "countryCodeV2": text("SA"),
			"formatted": fixed(`["King Fahd Road 12","Riyadh","Saudi Arabia"]`), "latitude": null, "longitude": null,
			"phone": null, "province": text("Riyadh"), "provinceCode": null, "zip": text("12211"),
			"coordinatesValidated": fixed("false"),
		},
		"AppInstallation": {
			"id":           text("gid://shopify/AppInstallation/500000000001"),
			"accessScopes": each("AccessScope", func(g *grant) []string { return g.list }),
			"app":          func(x *exec, f *field, _ any) { x.object(f, "App", x.srv) },
			"launchUrl":    str(func(*grant) string { return "https://app.example.com" }),
		},
		"AccessScope": {
			"handle":      str(func(s *string) string { return *s }),
			"description": str(func(s *string) string { return strings.ReplaceAll(*s, "_", " ") }),
		},
		"App": {
			"id": text("gid://shopify/App/600000000001"), "apiKey": str(func(s *Server) string { return s.cfg.ClientID }),
			"title": text("Test app"), "handle": text("test-app"), "developerName": text("Acme"),
			"embedded": fixed("false"), "published": fixed("false"),
			"webhookApiVersion": str(func(s *Server) string { return s.versions[len(s.versions)-1] }),
		},
		"ApiVersion": {
			"handle":      str(func(v *string) string { return *v }),
			"displayName": str(func(v *string) string { return *v }),
			"supported":   boolean(func(v *string) bool { return *v != "unstable" }),
		},
		"BasicEvent": {
			"id":        gid("BasicEvent", func(e *Event) int64 { return e.ID }),
			"action":    str(func(e *Event) string { return e.Action }),
			"createdAt": instant(func(e *Event) time.Time { return e.CreatedAt }),
			"message": str(func(e *Event) string {
				if e.Message != "" {
					return e.Message
				}
				return e.Action + " " + strings.ToLower(e.SubjectType)
			}),
			"appTitle":        opt(func(e *Event) string { return e.AppTitle }),
			"attributeToApp":  boolean(func(e *Event) bool { return e.AppTitle != "" }),
			"attributeToUser": boolean(func(e *Event) bool { return e.AppTitle == "" }),
			"criticalAlert":   fixed("false"),
			"author":          null, "hasAdditionalContent": fixed("false"),
			"subjectId": func(x *exec, _ *field, o any) {
				e := o.(*Event)
				kind := map[string]string{"PRODUCT": "Product", "ORDER": "Order", "CUSTOMER": "Customer"}[e.SubjectType]
				x.buf = appendGID(x.buf, kind, e.SubjectID)
			},
			"subjectType": str(func(e *Event) string { return e.SubjectType }),
		},
	}
}

// location writes one location, or null when it is unknown.
func (x *exec) location(f *field, id int64) {
	if l := x.srv.store.location(id); l != nil {
		x.object(f, "Location", l)
		return
	}
	x.nothing(f)
}
