package magento

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/soukhq/souk/catalog"
)

// parcel is one call: what one source ships.
type parcel struct {
	source string // "" = the shop's only one
	lines  []shipLine
}

func (p *parcel) items() []any {
	all := make([]any, len(p.lines))
	for i, l := range p.lines {
		all[i] = map[string]any{"order_item_id": idNumber(l.id), "qty": exact(l.quantity)}
	}
	return all
}

// planParcels says which source ships what. Without a source in the call
// Magento takes the default one, whether or not the goods are there.
func (e *Engine) planParcels(ctx context.Context, op string, n *orderNode, lines []shipLine, location string) ([]*parcel, error) {
	one := []*parcel{{source: location, lines: lines}}
	if location != "" || e.known.noMSI.Load() {
		return one, nil
	}
	sources, err := e.sourcesFor(ctx, op, n.StoreID)
	if missing(err) {
		e.known.noMSI.Store(true)
		return one, nil
	}
	if err != nil || len(sources) < 2 {
		if len(sources) == 1 {
			one[0].source = sources[0]
		}
		return one, err
	}
	skus, err := e.skusOfLines(ctx, op, lines)
	if err != nil {
		return nil, err
	}
	items, err := e.sourcesOf(ctx, op, slices.Sorted(maps.Values(skus)))
	if err != nil {
		return nil, err
	}
	s := shelves{}
	for of, sku := range skus {
		for _, it := range items[folded(sku)] {
			if q, err := decimal.NewFromString(it.Quantity); err == nil && it.Status == inStock {
				s[shelf{of, it.Source}] = q
			}
		}
	}
	return s.plan(op, sources, lines)
}

// skusOfLines reads under which SKUs the stock of the lines is kept today.
func (e *Engine) skusOfLines(ctx context.Context, op string, lines []shipLine) (map[stocked]string, error) {
	skus := map[stocked]string{}
	ids := map[string]bool{}
	for _, l := range lines {
		for of := range l.stock {
			skus[of] = of.sku
			if checkID("", "", of.product) == nil {
				ids[of.product] = true
			}
		}
	}
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(ids)), batch) {
		rows, err := e.named(ctx, call{op: op + ": products", path: "/products", proven: true}, []group{oneOf("entity_id", chunk)}, len(chunk), "entity_id")
		if err != nil {
			return nil, err
		}
		for _, raw := range rows {
			var n productNode
			if _, err := decode(raw, &n); err != nil || n.SKU == "" || !hasStock(n.Type) {
				continue
			}
			for of := range skus {
				if of.product == n.ID {
					skus[of] = n.SKU
				}
			}
		}
	}
	return skus, nil
}

// shelf is where something lies.
type shelf struct {
	of     stocked
	source string
}

// shelves is the stock that is there.
type shelves map[shelf]decimal.Decimal

// plan takes each line from the first source that has enough of it, and from
// several where none has.
func (s shelves) plan(op string, sources []string, lines []shipLine) ([]*parcel, error) {
	var plan []*parcel
	take := func(source string, l shipLine, quantity decimal.Decimal) {
		for of, each := range l.stock {
			s[shelf{of, source}] = s[shelf{of, source}].Sub(each.Mul(quantity))
		}
		i := slices.IndexFunc(plan, func(p *parcel) bool { return p.source == source })
		if i < 0 {
			i, plan = len(plan), append(plan, &parcel{source: source})
		}
		l.quantity = quantity
		plan[i].lines = append(plan[i].lines, l)
	}
	for _, l := range lines {
		if i := slices.IndexFunc(sources, func(source string) bool { return s.has(source, l).GreaterThanOrEqual(l.quantity) }); i >= 0 {
			take(sources[i], l, l.quantity)
			continue
		}
		left := l.quantity
		for _, source := range sources {
			if q := decimal.Min(left, s.has(source, l).Floor()); q.IsPositive() {
				take(source, l, q)
				left = left.Sub(q)
			}
		}
		if left.IsPositive() {
			return nil, conflict(op, "", "no source has enough of the line "+l.id, "set the stock, or name the source in LocationID")
		}
	}
	return plan, nil
}

// has is how many pieces of a line a source can ship.
func (s shelves) has(source string, l shipLine) decimal.Decimal {
	var most *decimal.Decimal
	for of, each := range l.stock {
		if !each.IsPositive() {
			continue
		}
		n := s[shelf{of, source}].DivRound(each, 4)
		if most == nil || n.LessThan(*most) {
			most = &n
		}
	}
	if most == nil || most.IsNegative() {
		return decimal.Zero
	}
	return *most
}

// sourcesFor reads the enabled sources that the website of a view sells from, in
// the order of their priority.
// https://developer.adobe.com/commerce/webapi/rest/inventory/manage-stocks
func (e *Engine) sourcesFor(ctx context.Context, op, storeID string) ([]string, error) {
	enabled, only := map[string]bool{}, ""
	for l, err := range e.Locations(ctx, catalog.ListOptions{}) {
		if err != nil {
			return nil, err
		}
		if l.Fallback {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Code: noRoute}
		}
		if l.Active {
			enabled[l.ID], only = true, l.ID
		}
	}
	if len(enabled) == 1 {
		return []string{only}, nil
	}
	stock, err := e.stockOfView(ctx, op, storeID)
	if err != nil {
		return nil, err
	}
	var sources []string
	q := criteria{groups: []group{is("stock_id", stock)}, sort: []string{"priority", "source_code"}, size: batch}
	rows, err := e.numbered(ctx, call{op: op + ": stock's sources", path: "/inventory/stock-source-links", proven: true}, q)
	for _, raw := range rows {
		var link struct {
			Source string `json:"source_code"`
		}
		if _, err := decode(raw, &link); err == nil && enabled[link.Source] && !slices.Contains(sources, link.Source) {
			sources = append(sources, link.Source)
		}
	}
	return sources, err
}

// stockOfView reads the id of the stock that a view's website sells from.
func (e *Engine) stockOfView(ctx context.Context, op, storeID string) (string, error) {
	a, err := e.get(ctx, call{op: op + ": views", path: "/store/storeConfigs", list: atRoot, proven: true})
	if err != nil {
		return "", err
	}
	website := ""
	for _, raw := range a.page.Items {
		var n viewNode
		if _, err := decode(raw, &n); err == nil && n.ID == storeID {
			website = n.WebsiteID
		}
	}
	code, err := e.websiteCode(ctx, website)
	if err != nil {
		return "", err
	}
	if code == "" {
		return "", conflict(op, "", "the view the order was placed in is not there any more", "name the source in LocationID")
	}
	if a, err = e.get(ctx, call{op: op + ": stock", path: "/inventory/stock-resolver/website/" + strings.ToLower(code), proven: true}); err != nil {
		return "", err
	}
	var n struct {
		ID string `json:"stock_id"`
	}
	if _, err := decode(a.page.Field(), &n); err != nil || checkID("", "", n.ID) != nil {
		return "", a.bad(op, "the answer holds no stock")
	}
	return n.ID, nil
}
