package woocommercetest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
)

// setting is one option of the store.
type setting struct{ group, id, label, kind, value string }

func (s *Server) settings() []setting {
	return []setting{
		{"general", "woocommerce_store_address", "Address line 1", "text", "طريق الملك فهد"},
		{"general", "woocommerce_store_city", "City", "text", "الرياض"},
		{"general", "woocommerce_default_country", "Country / State", "select", "SA"},
		{"general", "woocommerce_store_postcode", "Postcode / ZIP", "text", "12211"},
		{"general", "woocommerce_calc_taxes", "Enable taxes", "checkbox", "yes"},
		{"general", "woocommerce_currency", "Currency", "select", s.cfg.Currency},
		{"general", "woocommerce_currency_pos", "Currency position", "select", "left"},
		{"general", "woocommerce_price_thousand_sep", "Thousand separator", "text", ","},
		{"general", "woocommerce_price_decimal_sep", "Decimal separator", "text", "."},
		{"general", "woocommerce_price_num_decimals", "Number of decimals", "number", strconv.Itoa(s.cfg.Decimals)},
		{"products", "woocommerce_weight_unit", "Weight unit", "select", "kg"},
		{"products", "woocommerce_dimension_unit", "Dimensions unit", "select", "cm"},
		{"products", "woocommerce_manage_stock", "Manage stock", "checkbox", "yes"},
		{"tax", "woocommerce_prices_include_tax", "Prices entered with tax", "radio", "no"},
	}
}

var settingGroups = []struct{ id, label string }{
	{"wc_admin", "WooCommerce Admin"}, {"general", "General"}, {"products", "Products"}, {"tax", "Tax"},
	{"shipping", "Shipping"}, {"checkout", "Payments"}, {"account", "Accounts &amp; Privacy"}, {"email", "Emails"}, {"advanced", "Advanced"},
}

func (c *call) listSettings() *apiError {
	rowsOf(c, settingGroups, func(w *writer, g struct{ id, label string }) {
		w.obj("")
		w.str("id", g.id)
		w.str("label", g.label)
		w.str("description", "")
		w.str("parent_id", "")
		if g.id == "email" {
			w.texts("sub_groups", []string{"email_new_order"})
		} else {
			w.raw("sub_groups", "[]")
		}
		w.obj("_links")
		w.link("options", c.server.apiURL("/settings/"+g.id), "")
		w.end()
		w.end()
	})
	return nil
}

func (w *writer) setting(s *Server, o setting, alone bool) {
	w.obj("")
	w.str("id", o.id)
	w.str("label", o.label)
	w.str("description", "")
	w.str("type", o.kind)
	w.str("default", o.value)
	if o.id == "woocommerce_currency" {
		w.obj("options")
		for _, code := range s.currencies() {
			w.name(code)
			w.b = appendText(w.b, cmp.Or(symbols[code][1], code)+" ("+symbolOf(code)+") — "+code)
		}
		w.end()
	}
	w.str("tip", "")
	w.str("value", o.value)
	if alone {
		w.str("group_id", o.group)
	}
	base := s.apiURL("/settings/" + o.group)
	w.obj("_links")
	w.link("self", base+"/"+o.id, "GET POST PUT PATCH")
	w.link("collection", base, "")
	w.end()
	w.end()
}

func noSettingGroup() *apiError {
	return fail(http.StatusNotFound, "rest_setting_setting_group_invalid", "Invalid setting group.")
}

func (c *call) listSettingGroup() *apiError {
	if !slices.ContainsFunc(settingGroups, func(g struct{ id, label string }) bool { return g.id == c.words[0] }) {
		return noSettingGroup()
	}
	list := slices.DeleteFunc(c.server.settings(), func(o setting) bool { return o.group != c.words[0] })
	rowsOf(c, list, func(w *writer, o setting) { w.setting(c.server, o, false) })
	return nil
}

func (c *call) getSetting() *apiError {
	for _, o := range c.server.settings() {
		if o.group == c.words[0] && o.id == c.words[1] {
			c.answer(http.StatusOK, func(w *writer) { w.setting(c.server, o, true) })
			return nil
		}
	}
	return fail(http.StatusNotFound, "rest_setting_setting_invalid", "Invalid setting.")
}

// systemStatus is slow and calls out in a real store unless _fields trims it,
// so the lack of that is reported.
func (c *call) systemStatus() *apiError {
	s := c.server
	if c.only() == nil {
		s.book.Violationf("%s %s without _fields: the store calls out to others for the rest", c.method, c.at)
	}
	c.answer(http.StatusOK, func(w *writer) {
		w.obj("")
		w.obj("environment")
		w.str("home_url", s.cfg.HomeURL)
		w.str("site_url", s.cfg.HomeURL)
		w.str("store_id", "3bb7d223-0000-4c98-a54b-77ccd184d57e")
		w.str("version", s.cfg.Version)
		w.str("wp_version", s.cfg.WPVersion)
		w.flag("wp_multisite", false)
		w.num("wp_memory_limit", 536870912)
		w.flag("wp_cron", true)
		w.str("language", "ar")
		w.null("external_object_cache")
		w.str("server_info", "nginx/1.22.1")
		w.str("php_version", "8.2.35")
		w.str("default_timezone", "UTC")
		w.end()
		w.obj("database")
		w.str("wc_database_version", s.cfg.Version)
		w.str("database_prefix", "wp_")
		w.end()
		w.arr("active_plugins")
		w.obj("")
		w.str("plugin", "woocommerce/woocommerce.php")
		w.str("name", "WooCommerce")
		w.str("version", s.cfg.Version)
		w.flag("network_activated", false)
		w.end()
		w.endArr()
		w.obj("settings")
		w.flag("api_enabled", false)
		w.flag("force_ssl", false)
		w.str("currency", s.cfg.Currency)
		w.str("currency_symbol", symbolOf(s.cfg.Currency))
		w.str("currency_position", "left")
		w.str("thousand_separator", ",")
		w.str("decimal_separator", ".")
		w.num("number_of_decimals", int64(s.cfg.Decimals))
		w.flag("HPOS_enabled", true)
		w.flag("HPOS_sync_enabled", false)
		w.end()
		w.obj("security")
		w.flag("secure_connection", c.secure)
		w.flag("hide_errors", true)
		w.end()
		w.end()
	})
	return nil
}
