package woocommerce

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// priceNode is what a product or a variation costs, as the store keeps it.
// Price is what a buyer pays: the sale price while there is a sale.
type priceNode struct {
	ID       int64     `json:"id"`
	ParentID int64     `json:"parent_id"`
	Price    string    `json:"price"`
	Regular  string    `json:"regular_price"`
	Sale     string    `json:"sale_price"`
	SaleFrom moment    `json:"date_on_sale_from_gmt"`
	SaleTo   moment    `json:"date_on_sale_to_gmt"`
	Manage   stockMode `json:"manage_stock"`
}

// prices turns the model's price and the one it is compared with into the
// store's regular and sale price. The store empties a sale price that is not
// below the regular one without a word, so that is refused here.
func (w *productWriter) prices(fields map[string]any, at func(string) string, had priceNode, patch catalog.VariantPatch) {
	p, named := patch.Price.Get()
	c, compared := patch.CompareAtPrice.Get()
	if !named && !compared || w.err != nil {
		return
	}
	sale, hasSale := amount(had.Sale)
	now, hasPrice := amount(had.Price)
	regular, hasRegular := amount(had.Regular)
	onSale := hasSale && hasPrice && hasRegular && now.Equal(sale) && sale.LessThan(regular)
	price, compare := w.text(now, hasPrice), w.text(regular, onSale)
	if named {
		price = w.money(at("Price"), p)
	}
	if compared {
		compare = w.money(at("CompareAtPrice"), c)
	}
	if w.err != nil {
		return
	}
	low, priced := amount(price)
	high, _ := amount(compare)
	switch {
	case compare == "" && hasSale && !onSale && !compared && !(priced && sale.LessThan(low)):
		w.refuse(at("Price"), "a sale at %s is kept for another time and would be lost; end it first by emptying CompareAtPrice", had.Sale)
	case compare == "":
		fields["regular_price"] = price
		if hasSale && (onSale || compared) {
			fields["sale_price"] = ""
			had.always(fields)
		}
	case price == "":
		w.refuse(at("Price"), "without a price there is none it could be compared with; empty CompareAtPrice too")
	case !low.LessThan(high):
		field := "Price"
		if compared {
			field = "CompareAtPrice"
		}
		w.refuse(at(field), "the price %s is not below the one it is compared with, %s; name both", price, compare)
	default:
		fields["regular_price"], fields["sale_price"] = compare, price
		if compared || !onSale {
			had.always(fields)
		}
	}
}

// always takes the dates from a sale. The store reads null as nothing said.
func (n priceNode) always(fields map[string]any) {
	if !n.SaleFrom.IsZero() {
		fields["date_on_sale_from_gmt"] = ""
	}
	if !n.SaleTo.IsZero() {
		fields["date_on_sale_to_gmt"] = ""
	}
}

// amount reads a price as the store keeps it.
func amount(text string) (decimal.Decimal, bool) {
	d, err := decimal.NewFromString(text)
	return d, err == nil
}

func (w *productWriter) text(d decimal.Decimal, there bool) string {
	if !there {
		return ""
	}
	return d.String()
}

// money writes an amount as the store takes it; "" empties. The store cleans
// what it does not understand into other amounts, so that nothing else is sent.
func (w *productWriter) money(field string, m catalog.Money) string {
	if m.IsZero() || w.err != nil {
		return ""
	}
	text, err := m.Format(w.currency, w.decimals)
	if err != nil {
		w.err = &catalog.Error{Platform: Platform, Op: w.op, Kind: catalog.ErrInvalid, Err: err, Fields: []catalog.FieldError{{Field: field, Message: err.Error()}}}
	}
	return text
}

func (w *productWriter) refuse(field, format string, values ...any) {
	if w.err == nil {
		w.err = invalid(w.op, field, fmt.Sprintf(format, values...))
	}
}

func (w *productWriter) unsupported(what, instead string) {
	if w.err == nil {
		w.err = catalog.Unsupported(Platform, w.op+" with "+what, instead)
	}
}
