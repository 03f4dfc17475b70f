package shopify

import (
	"slices"
	"strconv"

	"github.com/soukhq/souk/catalog"
)

// shipment is one call: what one location sends.
type shipment struct {
	location string
	orders   []any
	lines    map[string]int64 // by line item's numeric id
}

func (s *shipment) holds(lines []catalog.FulfillmentLine) bool {
	got := map[string]int64{}
	for _, l := range lines {
		n, _ := l.Quantity.Int()
		got[l.LineItemID] += n
	}
	if len(got) != len(s.lines) {
		return false
	}
	for line, n := range s.lines {
		if got[line] != n {
			return false
		}
	}
	return true
}

// wantedLines adds up the named lines by their numeric ids; nil means all.
func wantedLines(op string, lines []catalog.FulfillmentLine) (map[string]int64, error) {
	if lines == nil {
		return nil, nil
	}
	wanted := map[string]int64{}
	for i, l := range lines {
		id, err := gid(op, "LineItem", l.LineItemID)
		if err != nil {
			return nil, err
		}
		n, exact := l.Quantity.Int()
		if !exact || n <= 0 {
			return nil, invalid(op, "Lines."+strconv.Itoa(i)+".Quantity", "Shopify counts whole pieces, from 1")
		}
		wanted[numericID(id)] += n
	}
	if len(wanted) == 0 {
		return nil, invalid(op, "Lines", "it names no line; nil means all that is left")
	}
	return wanted, nil
}

// planShipments spreads what is wanted over the open fulfilment orders.
func planShipments(op string, all []fulfillmentOrderNode, location string, wanted map[string]int64) ([]*shipment, error) {
	var plan []*shipment
	held := ""
	everything := wanted == nil
	for _, fo := range all {
		at := ""
		if fo.Assigned.Location != nil {
			at = fo.Assigned.Location.ID
		}
		if !slices.Contains(fo.Actions, actionNode{"CREATE_FULFILLMENT"}) {
			if fo.Status == "ON_HOLD" || fo.Status == "SCHEDULED" {
				held = fo.Status
			}
			continue
		}
		if location != "" && at != location {
			continue
		}
		var lines []any
		taken := map[string]int64{}
		for _, l := range fo.Lines.Nodes {
			line := numericID(l.LineItem.ID)
			n := l.Remaining
			if !everything {
				n = min(n, wanted[line])
				wanted[line] -= n
			}
			if n > 0 {
				lines = append(lines, map[string]any{"id": l.ID, "quantity": n})
				taken[line] += n
			}
		}
		if lines == nil {
			continue
		}
		i := slices.IndexFunc(plan, func(s *shipment) bool { return s.location == at })
		if i < 0 {
			i, plan = len(plan), append(plan, &shipment{location: at, lines: map[string]int64{}})
		}
		plan[i].orders = append(plan[i].orders, map[string]any{"fulfillmentOrderId": fo.ID, "fulfillmentOrderLineItems": lines})
		for line, n := range taken {
			plan[i].lines[line] += n
		}
	}
	for line, n := range wanted {
		if n > 0 {
			return nil, invalid(op, "Lines", "of the line "+line+" "+strconv.FormatInt(n, 10)+" pieces more are wanted than are open there")
		}
	}
	if len(plan) == 0 {
		e := &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrConflict, Message: "nothing of the order is open to be shipped"}
		if held != "" {
			e.Code, e.Hint = held, "release the fulfilment order in the admin first"
		}
		return nil, e
	}
	return plan, nil
}
