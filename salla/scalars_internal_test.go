package salla

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMoneyInAllItsForms(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]money{
		`{"amount":100,"currency":"SAR"}`:              {"100", "SAR"},
		`{"amount":"1000.00","currency":"SAR"}`:        {"1000.00", "SAR"},
		`{"amount": 13.04 ,"currency":"SAR"}`:          {"13.04", "SAR"},
		`{ "currency" : "SAR", "amount" : 5 }`:         {"5", "SAR"},
		`{"amount":1,"currency":"SAR","more":{"x":1}}`: {"1", "SAR"},
		`{"amount":"1\u0030","currency":"S\u0041R"}`:   {"10", "SAR"},
		`{"amount":null,"currency":"SAR"}`:             {"", "SAR"},
		`{"amount":{},"currency":"SAR"}`:               {"", "SAR"},
		`{"amount":0.1}`:                               {"0.1", ""},
		`35`:                                           {"35", ""}, `"35.00"`: {"35.00", ""}, `-1.5`: {"-1.5", ""},
		`null`: {}, `{}`: {}, `[]`: {}, `""`: {}, `{ }`: {}, `" "`: {},
		`12345678901234567890.123456789`: {"12345678901234567890.123456789", ""},
	} {
		var got money
		if err := json.Unmarshal([]byte(raw), &got); err != nil || got != want {
			t.Errorf("%s: %+v, %v", raw, got, err)
		}
	}
	for _, raw := range []string{`true`, `[1]`, `{"amount":[1]}`, `{"amount":{"amount":1}}`, `{"amount":1,"currency":5}`} {
		var got money
		if err := json.Unmarshal([]byte(raw), &got); err == nil {
			t.Errorf("%s is taken for %+v", raw, got)
		}
	}
}

func TestZeroIsNoSalePrice(t *testing.T) {
	t.Parallel()
	for text, want := range map[number]bool{"": false, "0": false, "0.00": false, "-1": false, "0.01": true, "100": true} {
		if got := (money{Amount: text}).positive(); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func TestPhonesJoinTheirCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, mobile, want number }{
		{"+966", "500000001", "+966500000001"}, {"967", "777777777", "+967777777777"}, {"+966", "+966500000001", "+966500000001"},
		{"", "500000001", "500000001"}, {"+966", "", ""}, {"00966", "0500000001", "+966500000001"}, {"+966", "0", ""},
	} {
		if got := phone(c.code, c.mobile); got != string(c.want) {
			t.Errorf("%s %s: %s", c.code, c.mobile, got)
		}
	}
}

func TestOptionValuesKeepZeroAndFalse(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`{"id":1090448197,"name":"256G","price":{"amount":0}}`: "256G", `{"id":5}`: "5", `[{"name":"a"},{"name":"b"}]`: "a, b",
		`0`: "0", `false`: "false", `12.50`: "12.50", `"text \u00e9"`: "text é", `null`: "", `[]`: "", `{}`: "", `""`: "", `[1,"x"]`: "1, x", `{"odd":[1]}`: `{"odd":[1]}`,
	} {
		if got, _ := optionValue(json.RawMessage(raw)); got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
}

func TestStatusesAreFoundByConstants(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`{"id":566146469,"name":"بإنتظار المراجعة","slug":"under_review"}`: "under_review",
		`{"id":566146469,"name":"x","slug":null}`:                          "under_review",
		`{"id":1,"slug":"","original":{"id":814202285}}`:                   "shipped",
		`{"id":1,"slug":"","original":{},"parent":{"id":525144736}}`:       "canceled",
		`{"id":"1298199463"}`:                   "completed",
		`{"id":1,"name":"shipped","slug":null}`: "",
	} {
		var s statusNode
		if _, err := decode(json.RawMessage(raw), &s); err != nil || s.slug() != want {
			t.Errorf("%s: %q, %v", raw, s.slug(), err)
		}
	}
}

func TestRecentForgetsOnlyTheOldest(t *testing.T) {
	t.Parallel()
	var r recent
	name := func(i int) string { return idText(int64(i + 1)) }
	for i := range 100_000 {
		if !r.add(name(i)) {
			t.Fatalf("%d is taken for old", i)
		}
		if i >= mostRecent/2-1 && r.add(name(i-mostRecent/2+1)) {
			t.Fatalf("%d is forgotten at %d", i-mostRecent/2+1, i)
		}
	}
	if n := len(r.now) + len(r.before); n > mostRecent {
		t.Errorf("%d are remembered", n)
	}
}

func TestPositionsSurvive(t *testing.T) {
	t.Parallel()
	want := place{page: 7, size: 30, asked: 60, total: 1234567}
	got, after, err := parsePosition("list", want.position("variant-5.x"))
	if err != nil || got != want || after != "variant-5.x" {
		t.Errorf("%+v %q, %v", got, after, err)
	}
	for _, text := range []string{"1", "1.2", "1.2.3.4", "a.2.3.4.5", "0.2.3.4.5", "1.0.3.4.5", "1.-2.3.4.5", "99999999999999999999.1.1.1.x"} {
		if _, _, err := parsePosition("list", text); err == nil {
			t.Errorf("%q is taken for a place", text)
		}
	}
}

func TestDaysAskForTooMuchRatherThanTooLittle(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 3, 4, 22, 30, 0, 0, time.UTC) // the next day in Riyadh
	if since, before := firstDay(late), lastDay(late); since != "2026-03-04" || before != "2026-03-06" {
		t.Errorf("%s to %s", since, before)
	}
}

// FuzzDecode: whatever a record holds, it is read or refused, and what was
// read and written again reads the same.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"id":1,"price":{"amount":1,"currency":"SAR"},"brand":[],"quantity":"5","updated_at":"2024-03-06 13:50:32"}`,
		`{"id":"5","status":{"id":1,"slug":null},"customer":{},"amounts":{"tax":{"amount":{"amount":"1"}}},"date":{"date":"x"}}`,
		`{"id":1,"mobile":"+9665","options":[{"value":[{"name":"x"},0]}]}`, `[]`, `{`, `null`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var p productNode
		if _, err := decode(raw, &p); err == nil {
			convertProduct(&reader{}, &p)
		}
		var o orderNode
		if _, err := decode(raw, &o); err == nil {
			o.items = decodeAll[itemNode]([]json.RawMessage{raw}, "items", itemKind, &extra{})
			o.shipments = decodeAll[shipmentNode]([]json.RawMessage{raw}, "shipments", shipmentKind, &extra{})
			convertOrder(&reader{}, &o)
		}
		var c customerNode
		if _, err := decode(raw, &c); err == nil {
			customerReader.convert(&reader{}, &c)
		}
		if json.Valid(raw) {
			optionValue(json.RawMessage(strings.TrimSpace(string(raw))))
		}
	})
}

// FuzzMoney: the quick way and the plain way read the same.
func FuzzMoney(f *testing.F) {
	for _, seed := range []string{`{"amount":1,"currency":"SAR"}`, `{"amount":"1,\"currency\":\"X\"}","currency":"Y"}`, `{"amount":"1","currency":"S\"}"}`, `{"amount":1,"currency":"A"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var quick money
		if !json.Valid(raw) || json.Unmarshal(raw, &quick) != nil {
			return
		}
		type slow struct {
			Amount   number `json:"amount"`
			Currency string `json:"currency"`
		}
		var plain slow
		if json.Unmarshal(raw, &plain) == nil {
			if diff := cmp.Diff(plain, slow(quick)); diff != "" && len(strings.TrimSpace(string(raw))) > 0 && strings.TrimSpace(string(raw))[0] == '{' {
				t.Errorf("%s (-plain +quick):\n%s", raw, diff)
			}
		}
	})
}

func BenchmarkDecodeProduct(b *testing.B) {
	raw := []byte(`{"id":1473353380,"sku":"SKU-000000","type":"product","name":"كتاب","urls":{"customer":"https://salla.sa/p","admin":"https://s.salla.sa/p"},` +
		`"price":{"amount":958.25,"currency":"SAR"},"regular_price":{"amount":958.25,"currency":"SAR"},"sale_price":{"amount":0,"currency":"SAR"},"cost_price":"335.38",` +
		`"quantity":101,"status":"sale","weight":0.25,"weight_type":"kg","updated_at":"2026-11-21 03:00:00","brand":[],"tags":[],` +
		`"images":[{"id":1,"url":"https://cdn.salla.sa/0/0.jpg","type":"image"}],"options":[{"id":1,"name":"اللون","values":[{"id":2,"name":"أسود"}]}],` +
		`"skus":[{"id":3,"price":{"amount":958.25,"currency":"SAR"},"regular_price":{"amount":958.25,"currency":"SAR"},"sale_price":{},"stock_quantity":12,"sku":"S","related_option_values":[2],"weight":0.25}]}`)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		var n productNode
		problems, err := decode(raw, &n)
		if err != nil || problems != nil {
			b.Fatal(problems, err)
		}
		convertProduct(&reader{}, &n)
	}
}
