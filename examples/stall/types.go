package stall

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Stall's records, as far as the model has room for them. The rest is in Raw.
type (
	shopNode struct {
		Name     string `json:"name"`
		Title    string `json:"title"`
		Currency string `json:"currency"`
		Created  int64  `json:"created"`
	}
	// stamps begin every listed record.
	stamps struct {
		ID       string `json:"id"`
		Created  int64  `json:"created"`
		Modified int64  `json:"modified"`
	}
	productNode struct {
		stamps
		Name     string        `json:"name"`
		Text     string        `json:"text"`
		State    string        `json:"state"`
		Keywords []string      `json:"keywords"`
		Variants []variantNode `json:"variants"`
	}
	variantNode struct {
		ID    string  `json:"id"`
		Label string  `json:"label"`
		SKU   string  `json:"sku"`
		Price *amount `json:"price"`
		Stock *int64  `json:"stock"` // null = not counted
	}
	orderNode struct {
		stamps
		Number string     `json:"number"`
		State  string     `json:"state"`
		Total  *amount    `json:"total"`
		Lines  []lineNode `json:"lines"`
		Buyer  *buyerNode `json:"buyer"`
	}
	lineNode struct {
		ID      string  `json:"id"`
		Product string  `json:"product"`
		Variant string  `json:"variant"`
		Name    string  `json:"name"`
		Count   int64   `json:"count"`
		Price   *amount `json:"price"`
	}
	// buyerNode is a customer, alone or in an order.
	buyerNode struct {
		stamps
		Name  string `json:"name"`
		Email string `json:"email"`
		Phone string `json:"phone"`
	}
	amount struct {
		Minor    *int64 `json:"minor"`
		Currency string `json:"currency"`
	}
)

// identity is the record's id, "" when it is none.
func (s *stamps) identity() string {
	if !idForm.MatchString(s.ID) {
		return ""
	}
	return s.ID
}

// digits are ISO 4217's minor units where they are not two.
var digits = map[string]int32{"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3, "JPY": 0, "KRW": 0, "VND": 0}

// money turns minor units into a decimal. It never passes through a float.
func money(notes *transport.Notes, path string, i int, a *amount) catalog.Money {
	if a == nil || a.Minor == nil {
		return catalog.Money{}
	}
	if len(a.Currency) != 3 {
		notes.Add(path, i, "an amount without its currency", a.Currency)
		return catalog.Money{}
	}
	scale, odd := digits[a.Currency]
	if !odd {
		scale = 2
	}
	m, err := catalog.MoneyFromDecimal(decimal.New(*a.Minor, -scale), a.Currency)
	if err != nil {
		notes.Add(path, i, "not an amount", strconv.FormatInt(*a.Minor, 10))
	}
	return m
}

// moment reads a time; 0 is none.
func moment(notes *transport.Notes, path string, seconds int64) time.Time {
	const year2200 = 7_258_118_400
	if seconds == 0 {
		return time.Time{}
	}
	if seconds < 0 || seconds > year2200 {
		notes.Add(path, transport.NoIndex, "not a time", strconv.FormatInt(seconds, 10))
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
