package bigcommerce

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// lookAtProduct says whether a product is as the steps of an update leave it.
func (e *Engine) lookAtProduct(ctx context.Context, op, id string, steps []step) (catalog.Outcome, error) {
	raw, err := e.productRaw(ctx, op, id)
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return catalog.OutcomeNotDone, nil
	}
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	var n struct {
		BrandID  int64             `json:"brand_id"`
		Variants []json.RawMessage `json:"variants"`
	}
	if _, err := transport.Decode(raw, &n); err != nil {
		return catalog.OutcomeUnknown, err
	}
	brand := ""
	if n.BrandID != 0 {
		names, err := e.readNames(ctx, op, brandNames, []int64{n.BrandID})
		if err != nil {
			return catalog.OutcomeUnknown, err
		}
		brand = names[n.BrandID]
	}
	records := map[string]json.RawMessage{"0": raw}
	for _, v := range n.Variants {
		if id, err := transport.Field(v, "id"); err == nil {
			records[string(id)] = v
		}
	}
	for _, s := range steps {
		for _, w := range s.wants {
			if !holds(records[strconv.FormatInt(w.variant, 10)], w.fields, brand) {
				return catalog.OutcomeNotDone, nil
			}
		}
	}
	return catalog.OutcomeDone, nil
}

// holds says whether a record has the values that were written, allowing for
// what BigCommerce makes of them.
func holds(raw json.RawMessage, fields map[string]any, brand string) bool {
	for name, value := range fields {
		if name == "brand_name" {
			if text, _ := value.(string); !strings.EqualFold(strings.TrimSpace(text), strings.TrimSpace(brand)) {
				return false
			}
			continue
		}
		got, err := transport.Field(raw, name)
		if name == "email" { // has no case
			value, got = strings.ToLower(fmt.Sprint(value)), bytes.ToLower(got)
		}
		if raw == nil || err != nil || !same(value, got) {
			return false
		}
	}
	return true
}

// same compares a value that was written with the JSON that is read: numbers
// by what they are worth, texts by what a reader sees of them.
func same(value any, got json.RawMessage) bool {
	got = bytes.TrimSpace(got)
	if len(got) == 0 || string(got) == "null" {
		return value == nil || value == "" || value == 0
	}
	switch value := value.(type) {
	case string:
		var text string
		return json.Unmarshal(got, &text) == nil && transport.SameHTML(text, value)
	case bool:
		return string(got) == strconv.FormatBool(value)
	case json.Number:
		return worth(string(value), got)
	case int:
		return worth(strconv.Itoa(value), got)
	}
	return false
}

// worth compares a number with one that may be written as text.
func worth(number string, got json.RawMessage) bool {
	a, err := decimal.NewFromString(number)
	if err != nil {
		return false
	}
	b, err := decimal.NewFromString(strings.Trim(string(got), `"`))
	return err == nil && a.Equal(b)
}
