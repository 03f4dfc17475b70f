package magento

import (
	"context"
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
	var skus []string
	for _, l := range lines {
		for sku := range l.skus {
			skus = append(skus, sku)
		}
	}
	items, err := e.sourcesOf(ctx, op, skus)
	if err != nil {
		return nil, err
	}
	s := shelves{}
	for sku, all := range items {
		for _, it := range all {
			if q, err := decimal.NewFromString(it.Quantity); err == nil && it.Status == inStock {
				s[sku+"@"+it.Source] = q
			}
		}
	}
	return s.plan(op, sources, lines)
}

// shelves is the stock that is there, by folded SKU and source.
type shelves map[string]decimal.Decimal

// plan takes each line from the first source that has enough of it, and from
// several where none has.
func (s shelves) plan(op string, sources []string, lines []shipLine) ([]*parcel, error) {
	var plan []*parcel
	take := func(source string, l shipLine, quantity decimal.Decimal) {
		for sku, each := range l.skus {
			s[folded(sku)+"@"+source] = s[folded(sku)+"@"+source].Sub(each.Mul(quantity))
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
	for sku, each := range l.skus {
		if !each.IsPositive() {
			continue
		}
		n := s[folded(sku)+"@"+source].DivRound(each, 4)
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
	enabled := map[string]bool{}
	for l, err := range e.Locations(ctx, catalog.ListOptions{}) {
		if err != nil {
			return nil, err
		}
		if l.Fallback {
			return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound, Code: noRoute}
		}
		if l.Active {
			enabled[l.ID] = true
		}
	}
	if len(enabled) < 2 {
		return nil, nil
	}
	stock, err := e.stockOfView(ctx, op, storeID)
	if err != nil {
		return nil, err
	}
	var sources []string
	q := criteria{groups: []group{is("stock_id", stock)}, sort: []string{"priority"}, size: batch}
	rows, _, _, err := e.page(ctx, call{op: op + ": stock's sources", path: "/inventory/stock-source-links", proven: true}, q)
	for _, raw := range rows {
		var link struct {
			Source string `json:"source_code"`
		}
		if _, err := decode(raw, &link); err == nil && enabled[link.Source] {
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
