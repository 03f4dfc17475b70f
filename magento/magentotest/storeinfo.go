package magentotest

import (
	"net/http"
	"slices"
)

// listStoreConfigs tells of the views named, or of every active one but the
// admin's.
func listStoreConfigs(c *call) {
	codes := c.list("storeCodes")
	for _, code := range codes {
		if viewByCode(code) == nil {
			c.fail(http.StatusNotFound, msgNoSuch, "fieldName", "code", "fieldValue", code)
			return
		}
	}
	base := c.server.cfg.BaseURL
	if c.server.cfg.Edition == SaaS {
		base = "https://acme.example.com/"
	}
	w := &c.out
	w.arr("")
	for _, v := range storeViews {
		if v.id == 0 && !slices.Contains(codes, v.code) || codes != nil && !slices.Contains(codes, v.code) {
			continue
		}
		w.obj("")
		w.int("id", v.id)
		w.str("code", v.code)
		w.int("website_id", v.website)
		w.str("locale", v.locale)
		w.str("base_currency_code", baseCurrency)
		w.str("default_display_currency_code", v.currency)
		w.str("timezone", map[bool]string{true: "Asia/Riyadh", false: "America/Chicago"}[v.website < 2])
		w.str("weight_unit", "kgs")
		for _, prefix := range []string{"", "secure_"} {
			w.str(prefix+"base_url", base)
			w.str(prefix+"base_link_url", base)
			w.str(prefix+"base_static_url", base+"static/version1/")
			w.str(prefix+"base_media_url", base+"media/")
		}
		w.end()
	}
	w.endArr()
}

func listStoreViews(c *call) {
	w := &c.out
	w.arr("")
	for _, v := range storeViews {
		w.obj("")
		w.int("id", v.id)
		w.str("code", v.code)
		w.str("name", v.name)
		w.int("website_id", v.website)
		w.int("store_group_id", v.group)
		w.bit("is_active", v.active)
		w.end()
	}
	w.endArr()
}

func listStoreGroups(c *call) {
	w := &c.out
	w.arr("")
	for _, g := range storeGroups {
		w.obj("")
		w.int("id", g.id)
		w.int("website_id", g.website)
		w.int("root_category_id", g.root)
		w.int("default_store_id", g.view)
		w.str("name", g.name)
		w.str("code", g.code)
		w.end()
	}
	w.endArr()
}

func listWebsites(c *call) {
	w := &c.out
	w.arr("")
	for _, s := range websites {
		w.obj("")
		w.int("id", s.id)
		w.str("code", s.code)
		w.str("name", s.name)
		w.int("default_group_id", s.group)
		w.end()
	}
	w.endArr()
}

func getCurrency(c *call) {
	w := &c.out
	w.obj("")
	w.str("base_currency_code", baseCurrency)
	w.str("base_currency_symbol", "ر.س")
	w.str("default_display_currency_code", c.view.currency)
	w.str("default_display_currency_symbol", map[string]string{baseCurrency: "ر.س", "USD": "$"}[c.view.currency])
	w.strs("available_currency_codes", []string{"SAR", "USD"})
	w.arr("exchange_rates")
	for _, r := range [][2]string{{"SAR", "1"}, {"USD", units(usdRate)}} {
		w.obj("")
		w.str("currency_to", r[0])
		w.num("rate", r[1])
		w.end()
	}
	w.endArr()
	w.end()
}

func listModules(c *call) {
	list := []string{"Magento_Store", "Magento_Directory", "Magento_Eav", "Magento_Backend", "Magento_Customer", "Magento_Catalog", "Magento_Sales", "Magento_ConfigurableProduct"}
	if !c.server.cfg.NoMSI {
		list = append(list, "Magento_Inventory", "Magento_InventoryApi", "Magento_InventorySalesApi", "Magento_InventoryExportStock")
	}
	if !c.server.cfg.NoTwoFactor {
		list = append(list, "Magento_TwoFactorAuth")
	}
	switch c.server.cfg.Edition {
	case OpenSource:
		list = append(list, "MageOS_AsyncEvents", "MageOS_CommonAsyncEvents")
	default:
		list = append(list, "Magento_AdobeCommerceEventsClient", "Magento_AdobeCommerceWebhooks")
	}
	c.out.strs("", list)
}
