package magentotest

import (
	"net/http"
	"strconv"
)

func listSourceItems(c *call) {
	q, ok := c.criteria()
	if !ok {
		return
	}
	c.locked(func(s *store) {
		var all []SourceItem
		if skus, ok := q.skus(); ok {
			all = s.sourceItemsOf(skus)
		} else {
			all = s.sourceItems()
		}
		answerSlice(c, &q, all, map[string]column[SourceItem]{
			"sku":         {textColumn, some(func(i *SourceItem) string { return i.SKU })},
			"source_code": {textColumn, some(func(i *SourceItem) string { return i.Source })},
			"quantity":    {numberColumn, some(func(i *SourceItem) string { return i.Quantity })},
			"status":      {numberColumn, some(func(i *SourceItem) string { return strconv.Itoa(i.Status) })},
		}, func(w *writer, i *SourceItem) {
			w.obj("")
			w.str("sku", i.SKU)
			w.str("source_code", i.Source)
			w.num("quantity", i.Quantity)
			w.int("status", int64(i.Status))
			w.end()
		})
	})
}

func (w *writer) source(s *Source) {
	w.obj("")
	w.str("source_code", s.Code)
	w.str("name", s.Name)
	w.flag("enabled", s.Enabled)
	w.optNum("latitude", s.Latitude)
	w.optNum("longitude", s.Longitude)
	w.str("country_id", s.CountryID)
	w.opt("city", s.City)
	w.opt("street", s.Street)
	w.str("postcode", s.Postcode)
	w.flag("use_default_carrier_config", true)
	w.arr("carrier_links")
	w.endArr()
	w.obj("extension_attributes")
	w.flag("is_pickup_location_active", false)
	w.str("frontend_name", s.Name)
	w.end()
	w.end()
}

func listSources(c *call) {
	c.locked(func(s *store) {
		serveSlice(c, s.stock.sources, map[string]column[Source]{
			"source_code": {textColumn, some(func(x *Source) string { return x.Code })},
			"name":        {textColumn, some(func(x *Source) string { return x.Name })},
			"enabled":     {numberColumn, some(func(x *Source) string { return map[bool]string{true: "1", false: "0"}[x.Enabled] })},
		}, (*writer).source)
	})
}

func getSource(c *call) {
	c.locked(func(s *store) {
		if x := s.stock.source(c.args[0]); x != nil {
			c.out.source(x)
			return
		}
		c.fail(http.StatusNotFound, `Source with code "%value" does not exist.`, "value", c.args[0])
	})
}
