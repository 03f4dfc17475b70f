package magentotest

import (
	"net/http"
	"strconv"
)

func (w *writer) stock(s *stock) {
	w.obj("")
	w.int("stock_id", s.id)
	w.str("name", s.name)
	w.obj("extension_attributes")
	w.arr("sales_channels")
	for _, code := range s.sites {
		w.obj("")
		w.str("type", "website")
		w.str("code", code)
		w.end()
	}
	w.endArr()
	w.end()
	w.end()
}

func listStocks(c *call) {
	serveSlice(c, stocks, map[string]column[stock]{
		"stock_id": {numberColumn, some(func(s *stock) string { return itoa(s.id) })},
		"name":     {textColumn, some(func(s *stock) string { return s.name })},
	}, (*writer).stock)
}

// findStock looks a stock up by the text of its id; nil after an error.
func (c *call) findStock(id string) *stock {
	for i := range stocks {
		if itoa(stocks[i].id) == id {
			return &stocks[i]
		}
	}
	c.fail(http.StatusNotFound, `Stock with id "%value" does not exist.`, "value", id)
	return nil
}

func getStock(c *call) {
	if s := c.findStock(c.args[0]); s != nil {
		c.out.stock(s)
	}
}

type stockLink struct {
	stock    int64
	source   string
	priority int
}

func listStockSources(c *call) {
	c.locked(func(s *store) {
		var links []stockLink
		for i := range stocks {
			for n, code := range s.stock.sourcesOf(&stocks[i]) {
				links = append(links, stockLink{stocks[i].id, code, n + 1})
			}
		}
		serveSlice(c, links, map[string]column[stockLink]{
			"stock_id":    {numberColumn, some(func(l *stockLink) string { return itoa(l.stock) })},
			"source_code": {textColumn, some(func(l *stockLink) string { return l.source })},
			"priority":    {numberColumn, some(func(l *stockLink) string { return strconv.Itoa(l.priority) })},
		}, func(w *writer, l *stockLink) {
			w.obj("")
			w.int("stock_id", l.stock)
			w.str("source_code", l.source)
			w.int("priority", int64(l.priority))
			w.end()
		})
	})
}

// channel finds the stock of a sales channel; nil after an error.
func (c *call) channel() *stock {
	if c.args[0] == "website" {
		if s := stockOfSite(c.args[1]); s != nil {
			return s
		}
	}
	c.fail(http.StatusNotFound, "No linked stock found for sales channel type: %1 code: %2", c.args[0], c.args[1])
	return nil
}

func resolveStock(c *call) {
	if s := c.channel(); s != nil {
		c.out.stock(s)
	}
}
