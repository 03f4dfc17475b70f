package woocommercetest

import (
	"testing"
	"time"
)

// TestASaleHasItsTime: outside of it buyers pay the regular price.
func TestASaleHasItsTime(t *testing.T) {
	t.Parallel()
	now := newClock()
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		from, to time.Duration // from now; 0 = none
		price    string
		on       bool
	}{"always": {0, 0, "80", true}, "now": {-day, day, "80", true}, "later": {day, 2 * day, "100", false}, "before": {-2 * day, -day, "100", false}, "from now on": {-day, 0, "80", true}} {
		s := start(t, &Config{Products: -1, Orders: -1, Customers: -1, Clock: now.now, TB: t})
		at := func(d time.Duration) time.Time {
			if d == 0 {
				return time.Time{}
			}
			return now.now().Add(d)
		}
		p := s.AddProduct(Product{Name: "Cup", RegularPrice: "100", SalePrice: "80", SaleFrom: at(c.from), SaleTo: at(c.to)})
		got := decode[struct {
			Price string
			Sale  string `json:"sale_price"`
			On    bool   `json:"on_sale"`
		}](t, get(t, s, "/products/"+itoa64(p.ID)))
		if got.Price != c.price || got.Sale != "80" || got.On != c.on {
			t.Errorf("%s: %+v, want %+v", name, got, c)
		}
	}
}
