package magentotest

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func stockOf(s *Server, sku, source string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	it, ok := s.stockAt(sku, source)
	if !ok {
		return "none"
	}
	return it.Quantity
}

func TestStockSet(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	s.AddProduct(Product{SKU: "S", Price: "1"})
	if r := do(t, s, "POST", "/V1/inventory/source-items", `{"sourceItems":[{"sku":"s","source_code":"default","quantity":5.00005,"status":1},{"sku":"S","source_code":"riyadh","quantity":-2,"status":0}]}`); r.body != "[]" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if a, b := stockOf(s, "S", "default"), stockOf(s, "S", "riyadh"); a != "5.0001" || b != "-2" {
		t.Errorf("%s and %s", a, b)
	}
	do(t, s, "POST", "/V1/inventory/source-items", `{"sourceItems":[{"sku":"S","source_code":"riyadh","quantity":-2,"status":0}]}`)
	wantEffects(t, s, "stock.set S@default", "stock.set S@riyadh")
	if r := do(t, s, "PUT", "/V1/products/S/stockItems/"+itoa(s.ProductBySKU("S").ID), `{"stockItem":{"qty":9,"is_in_stock":true}}`); r.status != 200 || stockOf(s, "S", "default") != "9" {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := do(t, s, "POST", "/V1/inventory/source-items-delete", `{"sourceItems":[{"sku":"S","source_code":"riyadh"},{"sku":"S","source_code":"jeddah"}]}`); r.body != "[]" || stockOf(s, "S", "riyadh") != "none" {
		t.Errorf("%d %s", r.status, r.body)
	}
	wantEffects(t, s, "stock.set S@default", "stock.set S@riyadh", "stock.set S@default", "stock.delete S@riyadh")
}

func TestBadStockIsRefusedWhole(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{})
	before := stockOf(s, "AB/15", "default")
	for bad, message := range map[string]string{
		`{"source_code":"default","quantity":1,"status":1}`:                `Validation Failed: "sku" can not be empty.`,
		`{"sku":" AB/15","source_code":"default","quantity":1,"status":1}`: `Validation Failed: "sku" can not contain leading or trailing spaces.`,
		`{"sku":"AB/15","source_code":"","quantity":1,"status":1}`:         `Validation Failed: "source_code" can not be empty.`,
		`{"sku":"AB/15","source_code":"nowhere","quantity":1,"status":1}`:  "Could not save Source Item",
		`{"sku":"AB/15","source_code":"default","status":1}`:               `Validation Failed: "quantity" should be numeric.`,
		`{"sku":"AB/15","source_code":"default","quantity":1}`:             `Validation Failed: "status" should be numeric.`,
		`{"sku":"AB/15","source_code":"default","quantity":1,"status":7}`:  `Validation Failed: "status" should a known status.`,
		`{"sku":"AB/15","source_code":"default","quantity":"x"}`:           msgType,
	} {
		e := failure(t, do(t, s, "POST", "/V1/inventory/source-items", `{"sourceItems":[{"sku":"AB/15","source_code":"default","quantity":99,"status":1},`+bad+`]}`), 400)
		if e.Message != message {
			t.Errorf("%s: %q", bad, e.Message)
		}
	}
	if got := stockOf(s, "AB/15", "default"); got != before {
		t.Errorf("a refused batch set %s", got)
	}
	failure(t, do(t, s, "POST", "/V1/inventory/source-items", `{"sourceItems":[]}`), 400)
	wantEffects(t, s)
	// Any SKU is taken.
	if r := do(t, s, "POST", "/V1/inventory/source-items", `{"sourceItems":[{"sku":"ghost","source_code":"default","quantity":1,"status":1}]}`); r.body != "[]" || stockOf(s, "ghost", "default") != "1" {
		t.Errorf("%d %s", r.status, r.body)
	}
	wantViolation(t, s, "which is no product")
}

func TestStockMovedBetweenSources(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	s.SetStock("AB/16", "default", "5")
	move := func(from, to, qty string) reply {
		return do(t, s, "POST", "/V1/inventory/bulk-partial-source-transfer", `{"originSourceCode":"`+from+`","destinationSourceCode":"`+to+`","items":[{"sku":"AB/16","qty":`+qty+`}]}`)
	}
	s.AddProduct(Product{SKU: "AB/16", Price: "1"})
	if r := move("default", "jeddah", "3"); r.body != "[]" || stockOf(s, "AB/16", "default") != "2" || stockOf(s, "AB/16", "jeddah") != "3" {
		t.Errorf("%d %s", r.status, r.body)
	}
	failure(t, move("default", "jeddah", "3"), 400)
	failure(t, move("default", "nowhere", "1"), 400)
	wantEffects(t, s, "stock.set AB/16@default", "stock.set AB/16@jeddah")
}

func TestFaultsOfWrites(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct {
		fault   Fault
		effects int
		answer  bool
	}{
		"cut before the request":   {Disconnect(CutUnread), 0, false},
		"cut after it":             {Disconnect(CutBefore), 1, false},
		"cut amid the answer":      {Disconnect(CutMiddle), 1, false},
		"a 429":                    {Throttle(""), 0, true},
		"a 502 with HTML":          {ServerError(502), 0, true},
		"a 502 after it":           {Fault{Status: 502, After: true, Body: "<html>"}, 1, true},
		"a 500 of the shop itself": {InternalError(), 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{TB: t})
			s.Inject(try.fault.On("PUT", "/V1/products/*"))
			_, err := send(s, bearer(request(t, s, "PUT", "/V1/products/AB%2F15", `{"product":{"name":"Changed"}}`), s.AccessToken()))
			if (err == nil) != try.answer || len(s.Effects()) != try.effects {
				t.Errorf("%v, effects %v", err, s.Effects())
			}
			if _, ok := errors.AsType[*url.Error](err); err != nil && !ok && !strings.Contains(err.Error(), "EOF") {
				t.Errorf("%T %v", err, err)
			}
			if changed := s.ProductBySKU("AB/15").Name == "Changed"; changed != (try.effects == 1) {
				t.Errorf("changed %v", changed)
			}
		})
	}
}

// TestStockThatIsNotCounted: a setting of the stock alone, and 0 pieces that can
// be sold.
func TestStockThatIsNotCounted(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{})
	p := s.AddProduct(Product{SKU: "FREE", Price: "1"})
	s.SetStock("FREE", "default", "7")
	decode[int64](t, do(t, s, "PUT", "/V1/products/FREE/stockItems/"+itoa(p.ID), `{"stockItem":{"manage_stock":false,"use_config_manage_stock":false}}`))
	item := decode[struct {
		Qty     float64
		Managed bool `json:"manage_stock"`
	}](t, get(t, s, "/V1/stockItems/FREE"))
	if item.Managed || item.Qty != 7 {
		t.Errorf("%+v", item)
	}
	rows := decode[struct {
		Items []struct {
			Qty     float64
			Salable bool `json:"is_salable"`
		}
	}](t, get(t, s, "/V1/inventory/export-stock-salable-qty/website/base"+sc(9, 1, "", "sku", "eq", "FREE")))
	if len(rows.Items) != 1 || rows.Items[0].Qty != 0 || !rows.Items[0].Salable {
		t.Errorf("%+v", rows)
	}
	if got := s.Effects(); len(got) != 1 || got[0].Action != "stock.manage" {
		t.Errorf("%+v", got)
	}
}
