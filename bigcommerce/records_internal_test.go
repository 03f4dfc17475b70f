package bigcommerce

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// FuzzRecords: whatever a record holds, it is read, with problems, or refused;
// its amounts have a currency and its times a zone. Whatever a refusal holds,
// it says something bounded.
func FuzzRecords(f *testing.F) {
	for _, text := range []string{
		`{"id":7,"price":1.5e2,"is_visible":true,"availability":"disabled","inventory_tracking":"variant","date_created":"2018-08-15T14:49:05+00:00",` +
			`"variants":[{"id":8,"sku":"V-1","price":null,"calculated_price":"9","option_values":[{"id":1,"label":"M"}]}],"images":[{"id":1,"sort_order":2}]}`,
		`{"id":7,"status_id":3,"default_currency_code":"SAR","total_inc_tax":"8","items_total":1,"date_created":"Tue, 05 Mar 2019 21:40:11 +0000",` +
			`"consignments":{"shipping":[{"id":1,"line_items":[{"id":2,"quantity":1,"applied_discounts":[{"amount":1}]}]}],"downloads":[],"email":{}}}`,
		`{"id":7,"email":"a@b","address_count":2,"addresses":[{"id":1}]}`,
		`{"identity":{"sku":"V-1","variant_id":8},"locations":[{"location_id":1,"available_to_sell":-3}]}`,
		`{"id":1,"subject":"s","message":"m","date_created":""}`,
		`[{"status":400,"message":"x","details":{"a":[{"b":1}]}}]`,
		`{"batch_errors":[{"title":"x","errors":{"sku":"taken"}}],"data":[{"error":{}}]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		ctx := t.Context()
		if p, err := readOne(ctx, "op", raw, &productReader, nil); err == nil && (p.ID == "" || p.CreatedAt.Location() != time.UTC) {
			t.Errorf("product %q at %v", p.ID, p.CreatedAt)
		}
		o, err := readOne(ctx, "op", raw, &orderReader, func(_ context.Context, c *candidate[orderNode]) error {
			c.node.unpack()
			return nil
		})
		if err == nil && (o.ID == "" || !o.Total.Store.IsZero() && o.Total.Store.Currency() != o.Currency) {
			t.Errorf("order %q: %v in %q", o.ID, o.Total, o.Currency)
		}
		if c, err := readOne(ctx, "op", raw, &customerReader, nil); err == nil && c.ID == "" {
			t.Error("a customer without an id")
		}
		for _, row := range levelsIn(raw) {
			if l, err := finish(ctx, "op", &levelReader, row, false, nil); err == nil && l.ItemID == "" {
				t.Error("stock of nothing")
			}
		}
		if h, err := readOne(ctx, "op", raw, &messageReader, nil); err == nil && h.ID == "" {
			t.Error("a message without an id")
		}
		v := classify(&transport.Response{Status: 422, Body: raw})
		if v.Outcome != transport.Fail || v.Kind != catalog.ErrInvalid || len(v.Fields) > 10_000 {
			t.Errorf("%+v", v)
		}
	})
}

// Amounts keep their digits and their scale, whatever they are written as.
func FuzzAmount(f *testing.F) {
	for _, text := range []string{`"69.8400"`, `8`, `"-0"`, `1e3`, `1.5E-3`, `"1,5"`, `""`, `true`, `"9007199254740993.0001"`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			return
		}
		var node struct {
			Amount amount `json:"amount"`
		}
		problems, err := transport.Decode([]byte(`{"amount":`+string(raw)+`}`), &node)
		if err != nil {
			t.Fatal(err)
		}
		n := notes{}
		got := n.money("amount", only, node.Amount, "SAR")
		if want, err := catalog.MoneyFromJSON(raw, "SAR"); err == nil && len(problems) == 0 && got != want {
			t.Errorf("%s: %q, want %q", raw, got.Amount(), want.Amount())
		}
	})
}
