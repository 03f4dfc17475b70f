package salla

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// stock is a level as Salla tells it. sold counts what was ever sold: what it
// grew by explains a level that shrank.
type stock struct {
	quantity, sold int64
	of             counter // what sold counts
	unlimited      bool
}

// counter says what was counted; only numbers of one counter can be compared.
type counter byte

const (
	untold    counter = iota
	ofProduct         // all that was sold of the product
	ofRow             // what the list of levels says beside a variant's level
)

// fewItems is up to how many items are read one by one rather than out of the
// list of all levels.
const fewItems = 20

// stocks reads the levels of lines, with sales also what was sold wherever that
// can be known; those that are not there are left out.
func (e *Engine) stocks(ctx context.Context, op string, lines []*stockLine, sales bool) (map[*stockLine]stock, error) {
	found := make(map[*stockLine]stock, len(lines))
	branches := map[string][]*stockLine{}
	for _, line := range lines {
		branches[line.location] = append(branches[line.location], line)
	}
	for branch, lines := range branches {
		if branch == "" && len(lines) <= fewItems {
			for _, line := range lines {
				s, err := e.stockOf(ctx, op, line.item, sales)
				if err != nil && !vanished(err) {
					return nil, err
				}
				if err == nil {
					found[line] = s
				}
			}
			continue
		}
		wanted := map[string]*stockLine{}
		query := catalog.InventoryQuery{LocationID: branch}
		for _, line := range lines {
			wanted[line.item] = line
			query.ItemIDs = append(query.ItemIDs, line.item)
		}
		for level, err := range e.InventoryLevels(ctx, query) {
			if err != nil {
				return nil, err
			}
			var n quantityNode
			if _, err := decode(level.Raw, &n); err != nil {
				continue // read as a level before
			}
			by := ofProduct
			if ref(n.SKUID) != "" {
				by = ofRow
			}
			if s, ok := stockFrom(n.Quantity, n.Sold, by, n.Unlimited); ok && wanted[level.ItemID] != nil {
				found[wanted[level.ItemID]] = s
				delete(wanted, level.ItemID)
			}
			if len(wanted) == 0 {
				break
			}
		}
	}
	return found, nil
}

// stockOf reads one item's level over all branches. A product with options has
// none of its own.
func (e *Engine) stockOf(ctx context.Context, op, item string, sales bool) (stock, error) {
	kind, id := itemParts(item)
	path := "/products/" + id
	if kind == "variant_id" {
		path = "/products/variants/" + id
	}
	a, err := e.get(ctx, call{op: op, path: path})
	if err != nil {
		return stock{}, err
	}
	raw, err := a.object(op)
	if err != nil {
		return stock{}, err
	}
	var n struct {
		Quantity  number    `json:"quantity"`
		Stock     number    `json:"stock_quantity"`
		Sold      number    `json:"sold_quantity"`
		Unlimited bool      `json:"unlimited_quantity"`
		SKU       string    `json:"sku"`
		SKUs      []skuNode `json:"skus"`
	}
	if _, err := decode(raw, &n); err != nil {
		return stock{}, a.bad(op, "the answer holds no level")
	}
	if kind == "variant_id" {
		n.Quantity, n.Sold = n.Stock, ""
		if sales {
			v, sold, ok, err := e.besideSales(ctx, op, id, n.SKU)
			if err != nil {
				return stock{}, err
			}
			if ok && v.Unlimited != nil {
				n.Quantity, n.Sold, n.Unlimited = v.Quantity, sold, *v.Unlimited
			}
		}
	} else if len(n.SKUs) > 0 {
		return stock{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrNotFound}
	}
	s, ok := stockFrom(n.Quantity, n.Sold, ofProduct, n.Unlimited)
	if !ok {
		return stock{}, a.bad(op, "the level is no whole number")
	}
	return s, nil
}

// besideSales reads a variant in its product, which tells what was sold of it:
// the variant's record does not. Level and sales come in one answer, so that no
// sale is in one of them alone. The look-up by SKU is the one way there; ok is
// false for a variant that has none of its own.
// https://docs.salla.dev/5394172e0
func (e *Engine) besideSales(ctx context.Context, op, variant, sku string) (v skuNode, sold number, ok bool, err error) {
	if strings.TrimSpace(sku) == "" || sku == "." || sku == ".." { // which would be another path
		return v, "", false, nil
	}
	a, err := e.get(ctx, call{op: op, path: "/products/sku/" + url.PathEscape(sku)})
	if vanished(err) || catalog.KindOf(err) == catalog.ErrInvalid {
		return v, "", false, nil
	}
	if err != nil {
		return v, "", false, err
	}
	var n struct {
		Sold number    `json:"sold_quantity"`
		SKUs []skuNode `json:"skus"`
	}
	if _, err := decode(a.page.Field("data"), &n); err != nil {
		return v, "", false, nil
	}
	i := slices.IndexFunc(n.SKUs, func(s skuNode) bool { return idText(s.ID) == variant })
	if i < 0 {
		return v, "", false, nil
	}
	return n.SKUs[i], n.Sold, true, nil
}

// stockFrom reads a level; an absent one is 0.
func stockFrom(quantity, sold number, of counter, unlimited bool) (s stock, ok bool) {
	n, err := wholeNumber(quantity)
	m, unread := wholeNumber(sold)
	if sold == "" || unread != nil {
		of = untold
	}
	return stock{quantity: n, sold: m, of: of, unlimited: unlimited}, err == nil || unlimited
}

var errFraction = errors.New("it is no whole number")

// wholeNumber reads 50, "50" and "50.00".
func wholeNumber(n number) (int64, error) {
	if n == "" {
		return 0, nil
	}
	q, err := catalog.ParseQuantity(string(n))
	if err != nil {
		return 0, err
	}
	whole, exact := q.Int()
	if !exact {
		return 0, errFraction
	}
	return whole, nil
}

// idNumber is an id, checked before, as a number.
func idNumber(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}
