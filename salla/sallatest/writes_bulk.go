package sallatest

import (
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// bulkPrices queues prices. A sale price or cost that a row leaves out stays.
func bulkPrices(c *call) {
	in, ok := c.input("products")
	if !ok {
		return
	}
	rows := in.list("products")
	bad := complaints{}
	if len(rows) == 0 {
		bad.about("products", msgRequired)
	}
	for i, row := range rows {
		row.check(c, "id price cost_price sale_price sale_end")
		at := "products." + strconv.Itoa(i) + "."
		if _, ok := row.number("id"); !ok {
			bad.about(at+"id", msgRequired)
		}
		mine, p := complaints{}, Product{}
		row.product(c.store, &p, mine)
		for field := range mine {
			bad[at+field] = mine[field]
		}
		if !row.has("price") {
			bad.about(at+"price", msgRequired)
		}
	}
	if c.refused(bad) {
		return
	}
	s, endpoint := c.store, c.endpoint
	s.later(func() {
		for _, row := range rows {
			id, _ := row.number("id")
			s.editProduct(author{endpoint, ""}, id, id, func(p *Product) { row.product(s, p, complaints{}) })
		}
	})
	c.message(http.StatusCreated, msgQueued)
}

var actionNames = []string{"duplicate", "sale-channels", "features", "notify-quantity", "pricing", "restore"}

// productActions changes many products: one at once, more by the queue. Without
// ids the other filters choose, and without any filter everything is chosen.
func productActions(c *call) {
	in, ok := c.input("operations filters")
	if !ok {
		return
	}
	operations, filters := in.list("operations"), in.object("filters")
	filters.check(c, "select_all unselected_ids ids categories brands wholesale mahly status types")
	bad := complaints{}
	if len(operations) == 0 {
		bad.about("operations", msgRequired)
	}
	for i, op := range operations {
		at := "operations." + strconv.Itoa(i) + "."
		if !slices.Contains(actionNames, op.text("action_name")) {
			bad[at+"action_name"] = []string{"The selected " + at + "action_name is invalid."}
		}
		if op.text("action_name") == "pricing" && newPrice(&Product{RegularPrice: "0", CostPrice: "0", SalePrice: "0"}, op.object("value")) == "" {
			bad[at+"value.formula"] = []string{"The selected " + at + "value.formula is invalid."}
		}
	}
	if c.refused(bad) {
		return
	}
	s, endpoint := c.store, c.endpoint
	ids := s.chosen(filters)
	do := func() {
		for _, op := range operations {
			for _, id := range ids {
				s.act(endpoint, id, op)
			}
		}
	}
	state := "in_progress"
	if len(ids) == 1 {
		do()
		state = "success"
	} else {
		s.later(do)
	}
	c.answer(http.StatusOK, func(w *writer) {
		w.arr("data")
		for _, op := range operations {
			w.operation(s.takeID(), op.text("action_name"), state)
		}
		w.endArr()
	})
}

func (w *writer) operation(id int64, action, state string) {
	w.obj("")
	w.str("operation_id", fmt.Sprintf("9cde43d8-dbac-40f4-8d39-%012x", id))
	w.str("action_name", action)
	w.str("status", state)
	w.end()
}

func (s *Store) chosen(filters input) []int64 {
	if ids := filters.ids("ids"); len(ids) > 0 {
		return ids
	}
	var out []int64
	states, kinds, not := filters.texts("status"), filters.texts("types"), filters.ids("unselected_ids")
	for _, p := range s.products.all() {
		if (len(states) == 0 || slices.Contains(states, p.Status)) && (len(kinds) == 0 || slices.Contains(kinds, p.Type)) && !slices.Contains(not, p.ID) {
			out = append(out, p.ID)
		}
	}
	return out
}

// act does one operation on one product; what is not there is passed over.
func (s *Store) act(endpoint string, id int64, op input) {
	value := op.object("value")
	edit := func(change func(*Product)) { s.editProduct(author{endpoint, ""}, id, id, change) }
	switch op.text("action_name") {
	case "duplicate":
		if p := s.products.get(id); p != nil {
			p.SKU = ""
			s.effect(endpoint, s.copyProduct(p).ID)
		}
	case "sale-channels", "features":
		edit(func(p *Product) { value.links(s, p, complaints{}) })
	case "pricing":
		edit(func(p *Product) {
			to := newPrice(p, value)
			switch value.text("column") {
			case "price":
				p.RegularPrice = to
			case "sale_price":
				p.SalePrice = to
			case "cost_price":
				p.CostPrice = to
			}
			p.reprice(p.RegularPrice)
		})
	case "restore":
		s.mu.Lock()
		p := s.trashed[id]
		delete(s.trashed, id)
		s.mu.Unlock()
		if p != nil && s.products.restore(p.index, p) {
			s.effect(endpoint, id)
		}
	}
}

// copyProduct adds a product like p; its parts get ids of their own.
func (s *Store) copyProduct(p *Product) *Product {
	old := p.Variants
	p.Variants = nil
	made := s.AddProduct(*p)
	_ = s.products.update(made.ID, func(p *Product) {
		ids := map[int64]int64{}
		for i := range p.Options {
			o := &p.Options[i]
			ids[o.ID] = p.part()
			o.ID = ids[o.ID]
			for j := range o.Values {
				ids[o.Values[j].ID] = p.part()
				o.Values[j].ID = ids[o.Values[j].ID]
			}
		}
		for _, v := range old {
			v.ID = p.part()
			for i := range v.Options {
				v.Options[i], v.Values[i] = ids[v.Options[i]], ids[v.Values[i]]
			}
			p.Variants = append(p.Variants, v)
		}
		for i := range p.Images {
			p.Images[i].ID = p.part()
		}
	})
	return made
}

// newPrice computes one of the fixed formulas; "" for any other. Prices are cut
// to two decimals.
func newPrice(p *Product, value input) string {
	formula := strings.Join(strings.Fields(strings.NewReplacer("(", " ", ")", " ", "/", " / ").Replace(value.text("formula"))), " ")
	amount, ok := new(big.Rat).SetString(value.text("amount"))
	if !ok {
		return ""
	}
	of := map[string]string{"price": p.RegularPrice, "cost_price": p.CostPrice, "sale_price": p.SalePrice}
	if formula == "amount" {
		return amount.FloatString(2)
	}
	words := strings.Fields(formula)
	if len(words) < 3 {
		return ""
	}
	base, known := new(big.Rat).SetString(of[words[0]])
	if _, column := of[words[0]]; !column {
		return ""
	} else if !known {
		base = new(big.Rat)
	}
	switch rest := strings.Join(words[1:], " "); rest {
	case "+ amount":
		base.Add(base, amount)
	case "- amount":
		base.Sub(base, amount)
	case "+ " + words[0] + " * amount / 100":
		base.Add(base, new(big.Rat).Mul(base, amount.Mul(amount, big.NewRat(1, 100))))
	case "- " + words[0] + " * amount / 100":
		base.Sub(base, new(big.Rat).Mul(base, amount.Mul(amount, big.NewRat(1, 100))))
	default:
		return ""
	}
	if base.Sign() < 0 {
		base.SetInt64(0)
	}
	return base.FloatString(2)
}
