package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/soukhq/souk/catalog"
)

// shown is how many records of a kind a table lists; the totals count all.
const shown = 5

// tables prints a short table and the totals of each kind of record.
type tables struct {
	w         *bufio.Writer
	products  section
	orders    section
	customers section
	stock     map[string]*place // by location id
	places    []string
	variants  int
	images    int
	levels    int
	sales     map[string]catalog.Money // by currency
	statuses  map[string]int
	problems  int
	err       error
}

type place struct {
	name   string
	items  int
	pieces int64
}

// section collects the rows of one table.
type section struct {
	count int
	rows  []string
}

func (s *section) add(cells ...string) {
	s.count++
	if len(s.rows) < shown {
		s.rows = append(s.rows, strings.Join(cells, "\t"))
	}
}

func newTables(w io.Writer) *tables {
	return &tables{w: bufio.NewWriter(w), stock: map[string]*place{}, sales: map[string]catalog.Money{}, statuses: map[string]int{}}
}

func (t *tables) wantsRaw() bool { return false }

func (t *tables) shop(s catalog.Shop) error {
	fmt.Fprintf(t.w, "%s on %s (%s)", s.Name, s.Platform, s.Domain)
	for _, part := range []string{s.Currency, s.TimeZone} {
		if part != "" {
			fmt.Fprint(t.w, ", ", part)
		}
	}
	fmt.Fprintln(t.w)
	return t.w.Flush()
}

func (t *tables) product(p catalog.Product) error {
	t.variants += len(p.Variants)
	t.images += len(p.Images)
	t.problems += len(p.Problems)
	price := ""
	if len(p.Variants) > 0 {
		price = p.Variants[0].Price.String()
	}
	t.products.add(p.ID, clip(p.Title), string(p.Status), fmt.Sprint(len(p.Variants)), price)
	return nil
}

func (t *tables) location(l catalog.Location) error {
	if l.Fallback { // it holds all stock, which names no place
		return nil
	}
	t.stock[l.ID] = &place{name: l.Name}
	t.places = append(t.places, l.ID)
	return nil
}

func (t *tables) level(l catalog.InventoryLevel) error {
	t.levels++
	at := t.stock[l.LocationID]
	if at == nil {
		at = &place{name: "(all together)"}
		t.stock[l.LocationID], t.places = at, append(t.places, l.LocationID)
	}
	at.items++
	if l.Available != nil {
		n, _ := l.Available.Int()
		at.pieces += n
	}
	return nil
}

func (t *tables) order(o catalog.Order) error {
	t.problems += len(o.Problems)
	t.statuses[string(o.Status)]++
	total := o.Total.Store
	sum, err := t.sales[total.Currency()].Add(total)
	if err != nil {
		return err
	}
	t.sales[total.Currency()] = sum
	t.orders.add(o.Number, day(o.CreatedAt), string(o.Status), string(o.Payment), string(o.Fulfillment), fmt.Sprint(len(o.LineItems)), total.String())
	return nil
}

func (t *tables) customer(c catalog.Customer) error {
	t.problems += len(c.Problems)
	orders := ""
	if c.Orders != nil {
		orders = fmt.Sprint(*c.Orders)
	}
	t.customers.add(c.ID, clip(c.Name), orders, c.Spent.String())
	return nil
}

func (t *tables) close() error {
	t.table(fmt.Sprintf("%d products, %d variants, %d images", t.products.count, t.variants, t.images), "ID\tTITLE\tSTATUS\tVARIANTS\tPRICE", t.products)
	t.stockTable()
	t.table(fmt.Sprintf("%d orders%s", t.orders.count, t.orderTotals()), "NUMBER\tDATE\tSTATUS\tPAYMENT\tFULFILLMENT\tLINES\tTOTAL", t.orders)
	t.table(fmt.Sprintf("%d customers", t.customers.count), "ID\tNAME\tORDERS\tSPENT", t.customers)
	if t.problems > 0 {
		fmt.Fprintf(t.w, "\n%d parts of records could not be read; -json shows which\n", t.problems)
	}
	if t.err != nil {
		return t.err
	}
	return t.w.Flush()
}

func (t *tables) orderTotals() string {
	var b strings.Builder
	for _, status := range slices.Sorted(maps.Keys(t.statuses)) {
		fmt.Fprintf(&b, ", %d %s", t.statuses[status], status)
	}
	for _, currency := range slices.Sorted(maps.Keys(t.sales)) {
		b.WriteString(", " + t.sales[currency].String())
	}
	return b.String()
}

func (t *tables) stockTable() {
	if len(t.places) == 0 {
		return
	}
	s := section{count: len(t.places)}
	for _, id := range t.places {
		at := t.stock[id]
		if at.items == 0 && t.levels > 0 {
			s.count--
			continue
		}
		s.rows = append(s.rows, fmt.Sprintf("%s\t%d\t%d", clip(at.name), at.items, at.pieces))
	}
	t.table(fmt.Sprintf("%d stock levels in %d locations", t.levels, len(t.places)), "LOCATION\tITEMS\tAVAILABLE", s)
}

func (t *tables) table(title, head string, s section) {
	fmt.Fprintf(t.w, "\n%s\n", title)
	if s.count == 0 {
		return
	}
	w := tabwriter.NewWriter(t.w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "  %s\n", head)
	for _, row := range s.rows {
		fmt.Fprintf(w, "  %s\n", row)
	}
	if rest := s.count - len(s.rows); rest > 0 {
		fmt.Fprintf(w, "  ... and %d more\n", rest)
	}
	t.err = w.Flush()
}

func day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.DateOnly)
}

// clip shortens text to what fits into a table and keeps it on one line.
func clip(s string) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) > 32 {
		return string(runes[:31]) + "…"
	}
	return string(runes)
}
