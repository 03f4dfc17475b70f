package bigcommercetest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

func storeRoutes() []route {
	const info = "store_v2_information"
	return []route{
		{method: get, pattern: "v2/store", scope: info, serve: storeInfo},
		{method: get, pattern: "v2/time", serve: storeTime},
		{method: get, pattern: "v2/currencies", scope: info, params: paging, serve: listCurrencies},
		{method: get, pattern: "v2/currencies/*", scope: info, serve: getCurrency},
		{method: get, pattern: "v2/shipping/zones", scope: info, serve: listZones},
		{method: get, pattern: "v2/shipping/zones/*/methods", scope: info, serve: listMethods},
		{method: get, pattern: "v3/channels", scope: "store_channel_settings|" + info, serve: listChannels,
			params: paging + "available date_created:min date_created:max date_modified:min date_modified:max include platform:in status:in type:in"},
		{method: get, pattern: "v3/channels/*", scope: "store_channel_settings|" + info, params: "include", serve: getChannel},
		{method: get, pattern: "v3/settings/store/profile", scope: info, params: "channel_id", serve: setting(profile)},
		{method: get, pattern: "v3/settings/store/locale", scope: info, params: "channel_id", serve: setting(locale)},
		{method: get, pattern: "v3/settings/store/units-of-measurement", scope: info, params: "channel_id", serve: setting(units)},
		{method: get, pattern: "v3/settings/inventory", scope: info, params: "channel_id", serve: stockSettings},
		{method: get, pattern: "v3/settings/inventory/notifications", scope: info, params: "channel_id", serve: setting(notifications)},
	}
}

const (
	locale = `{"default_shopper_language":"en","shopper_language_selection_method":"default_shopper_language","store_country":"Saudi Arabia"}`
	units  = `{"weight_measurement":"KGS","length_measurement":"Centimeters","decimal_token":".","thousands_token":",","decimal_places":2,"factoring_dimension":"depth"}`

	profile = `{"store_address":"طريق الملك فهد\nالرياض","store_address_type":"Retail","store_email":"shop@example.com","store_name":"متجر الاختبار & Co","store_phone":"+966110000000"}`

	inventorySettings = `{"product_out_of_stock_behavior":"do_nothing","option_out_of_stock_behavior":"do_nothing",` +
		`"update_stock_behavior":%q,"edit_order_stock_adjustment":false,` +
		`"refund_order_stock_adjustment":%t,"stock_level_display":"dont_show","default_out_of_stock_message":"",` +
		`"hide_in_product_filtering":false,"show_pre_order_stock_levels":false,"show_out_of_stock_message":false}`

	notifications = `{"low_stock_notification_address":["stock@example.com"],"out_of_stock_notification_address":[]}`
)

func setting(body string) func(c *call) {
	return func(c *call) { c.data(func(w *writer) { w.raw("data", body) }) }
}

func stockSettings(c *call) {
	behavior := [2]string{"order_placed", "order_completed_or_shipped"}[btoi(c.store.cfg.StockOnShipment)]
	setting(fmt.Sprintf(inventorySettings, behavior, c.store.cfg.RestockOrders))(c)
}

func storeTime(c *call) {
	c.ok(func(w *writer) {
		w.obj("")
		w.id("time", c.store.now().Unix())
		w.end()
	})
}

func storeInfo(c *call) {
	s := c.store
	cur := currencyOf(s.cfg.Currency)
	c.ok(func(w *writer) {
		w.obj("")
		w.str("id", s.cfg.StoreHash)
		w.str("account_uuid", uuid(serverkit.NewRand(s.cfg.StoreID, kindUUID, 1)))
		w.str("domain", "shop-"+s.cfg.StoreHash+".example.com")
		w.str("secure_url", "https://shop-"+s.cfg.StoreHash+".example.com")
		w.str("control_panel_base_url", "https://store-"+s.cfg.StoreHash+".mybigcommerce.com")
		w.str("status", "live")
		w.str("name", "متجر الاختبار & Co")
		w.str("first_name", "Jane")
		w.str("last_name", "Doe")
		w.str("address", "طريق الملك فهد\nالرياض")
		w.str("country", "Saudi Arabia")
		w.str("country_code", "SA")
		w.str("infrastructure_region", "us-central1")
		w.str("phone", "+966110000000")
		w.str("admin_email", "owner@example.com")
		w.str("order_email", "orders@example.com")
		w.str("favicon_url", "")
		w.obj("timezone")
		w.str("name", "Asia/Riyadh")
		w.num("raw_offset", 10800)
		w.num("dst_offset", 10800)
		w.flag("dst_correction", false)
		w.raw("date_format", `{"display":"M jS Y","export":"M jS Y","extended_display":"M jS Y @ g:i A"}`)
		w.end()
		w.str("language", "en")
		w.str("currency", cur.code)
		w.str("currency_symbol", cur.symbol)
		w.str("decimal_separator", ".")
		w.str("thousands_separator", ",")
		w.num("decimal_places", cur.places)
		w.str("currency_symbol_location", "left")
		w.str("weight_units", "KGS")
		w.str("dimension_units", "Centimeters")
		w.num("dimension_decimal_places", 2)
		w.str("dimension_decimal_token", ".")
		w.str("dimension_thousands_token", ",")
		w.str("plan_name", s.cfg.Plan)
		w.str("plan_level", s.cfg.Plan)
		w.flag("plan_is_trial", false)
		w.str("industry", "Technology")
		w.raw("logo", "[]") // an object only where there is one
		w.flag("is_price_entered_with_tax", false)
		w.id("store_id", s.cfg.StoreID)
		w.num("default_channel_id", 1)
		w.num("default_site_id", 1000)
		w.raw("active_comparison_modules", "[]")
		w.raw("features", `{"stencil_enabled":true,"sitewidehttps_enabled":true,"facebook_catalog_id":"","checkout_type":"optimized",`+
			`"wishlists_enabled":true,"graphql_storefront_api_enabled":true,"shopper_consent_tracking_enabled":true,`+
			`"multi_storefront_enabled":true,"storefront_limits":{"active":3,"total_including_inactive":4}}`)
		w.end()
	})
}

// currencyOf finds a currency; one nobody knows has two places.
func currencyOf(code string) currency {
	if i := slices.IndexFunc(currencies, func(c currency) bool { return c.code == code }); i >= 0 {
		return currencies[i]
	}
	return currency{code: code, symbol: code, name: code, places: 2, rate: "1.0000000000", transactional: true}
}

// storeCurrencies are the store's: its default one first.
func (s *Store) storeCurrencies() []currency {
	out := []currency{currencyOf(s.cfg.Currency)}
	out[0].rate = "1.0000000000"
	for _, c := range currencies {
		if c.code != s.cfg.Currency {
			out = append(out, c)
		}
	}
	return out
}

// currencyID is the number orders and currencies name a currency by.
func (s *Store) currencyID(code string) int {
	return 1 + slices.IndexFunc(s.storeCurrencies(), func(c currency) bool { return c.code == code })
}

func (w *writer) currency(s *Store, cur currency) {
	w.obj("")
	w.num("id", s.currencyID(cur.code))
	w.flag("is_default", cur.code == s.cfg.Currency)
	w.str("last_updated", s.cfg.Epoch.Format(layoutV2))
	w.str("country_iso2", cur.country)
	w.texts("default_for_country_codes", []string{})
	w.str("currency_code", cur.code)
	w.str("currency_exchange_rate", cur.rate)
	w.str("name", cur.name)
	w.str("token", cur.symbol)
	w.flag("auto_update", false)
	w.str("token_location", "left")
	w.str("decimal_token", ".")
	w.str("thousands_token", ",")
	w.num("decimal_places", cur.places)
	w.flag("enabled", true)
	w.flag("is_transactional", cur.transactional)
	w.flag("use_default_name", false)
	w.end()
}

func listCurrencies(c *call) {
	few(c, c.store.storeCurrencies(), maxLimit, func(w *writer, cur *currency) { w.currency(c.store, *cur) })
}

func getCurrency(c *call) {
	id, ok := c.id(0)
	if !ok {
		return
	}
	list := c.store.storeCurrencies()
	if id < 1 || id > int64(len(list)) {
		c.notFound()
		return
	}
	c.ok(func(w *writer) { w.currency(c.store, list[id-1]) })
}

func listZones(c *call) {
	c.ok(func(w *writer) {
		w.raw("", `[{"id":1,"name":"\u0627\u0644\u0633\u0639\u0648\u062f\u064a\u0629","type":"country","locations":[{"id":5,"country_iso2":"SA"}],`+
			`"free_shipping":{"enabled":false,"minimum_sub_total":"0.0000","exclude_fixed_shipping_products":false},"enabled":true},`+
			`{"id":2,"name":"Everywhere else","type":"global","locations":[{"id":6,"country_iso2":""}],`+
			`"free_shipping":{"enabled":true,"minimum_sub_total":"500.0000","exclude_fixed_shipping_products":true},`+
			`"handling_fees":{"display_separately":false,"fixed_surcharge":"0"},"enabled":true}]`)
	})
}

func listMethods(c *call) {
	if c.args[0] != "1" && c.args[0] != "2" {
		c.notFound()
		return
	}
	c.ok(func(w *writer) {
		w.raw("", `[{"id":1,"name":"Flat Rate","type":"perorder","settings":{"rate":12},"enabled":true,`+
			`"handling_fees":{"fixed_surcharge":"0"},"is_fallback":false,"channel_ids":[1,2]}]`)
	})
}

func (w *writer) channel(k string, s *Store, id int) {
	w.obj(k)
	w.num("id", id)
	w.str("name", []string{"متجر الاختبار & Co", "Marketplace"}[id-1])
	w.str("type", []string{"storefront", "marketplace"}[id-1])
	w.str("platform", []string{"bigcommerce", "custom"}[id-1])
	w.str("external_id", "")
	w.str("status", "active")
	w.flag("is_listable_from_ui", true)
	w.flag("is_visible", true)
	w.flag("is_enabled", true)
	w.str("icon_url", "")
	w.zulu("date_created", s.cfg.Epoch.AddDate(-1, 0, 0))
	w.zulu("date_modified", s.cfg.Epoch.AddDate(0, -1, 0))
	w.end()
}

func listChannels(c *call) {
	var list []int
	kinds := []string{"storefront", "marketplace"}
	for id := 1; id <= channels; id++ {
		if in := c.query.Get("type:in"); in == "" || slices.Contains(strings.Split(in, ","), kinds[id-1]) {
			list = append(list, id)
		}
	}
	few(c, list, maxLimit, func(w *writer, id *int) { w.channel("", c.store, *id) })
}

func getChannel(c *call) {
	id, err := strconv.Atoi(c.args[0])
	if err != nil || id < 1 || id > channels {
		c.fail(http.StatusNotFound, "Channel "+c.args[0]+" not found")
		return
	}
	c.data(func(w *writer) { w.channel("data", c.store, id) })
}
