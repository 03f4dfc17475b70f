package bigcommercetest

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxEvents bounds the events a store remembers.
const maxEvents = 20_000

// Event is something that happened in a store and that hooks are told of.
type Event struct {
	Scope     string
	Data      json.RawMessage // ids only
	Hash      string          // also the webhook-id of its deliveries
	CreatedAt time.Time
}

// Events returns what happened since the server started, oldest first, at most
// 20,000: changes by the API and by methods of the Store alike.
func (s *Store) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}

// newEvent is called with mu held.
func (s *Store) newEvent(scope, data string) Event {
	now := s.now()
	s.serial++
	sum := sha1.Sum([]byte(s.cfg.StoreHash + scope + data + now.String() + strconv.Itoa(s.serial)))
	return Event{scope, json.RawMessage(data), hex.EncodeToString(sum[:]), now}
}

// fire records an event and queues its deliveries to the hooks there are.
func (s *Store) fire(scope, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.newEvent(scope, data)
	if len(s.events) >= maxEvents {
		s.events = s.events[maxEvents/10:]
	}
	s.events = append(s.events, e)
	s.hooks.enqueue(e)
}

// body writes the payload of an event, in the order live deliveries have.
func (s *Store) body(e Event) []byte {
	var w writer
	w.obj("")
	w.str("producer", "stores/"+s.cfg.StoreHash)
	w.str("hash", e.Hash)
	w.id("created_at", e.CreatedAt.Unix())
	w.str("store_id", strconv.FormatInt(s.cfg.StoreID, 10))
	w.str("scope", e.Scope)
	w.raw("data", string(e.Data))
	w.end()
	return w.b
}

func productEvent(id int64) string  { return fmt.Sprintf(`{"type":"product","id":%d}`, id) }
func orderEvent(id int64) string    { return fmt.Sprintf(`{"type":"order","id":%d}`, id) }
func customerEvent(id int64) string { return fmt.Sprintf(`{"type":"customer","id":%d}`, id) }

func (p *Product) eventData() string { return productEvent(p.ID) }

func statusEvent(id int64, before, after int) string {
	return fmt.Sprintf(`{"type":"order","id":%d,"status":{"previous_status_id":%d,"new_status_id":%d}}`, id, before, after)
}

// skuEvent has the legacy id of the variant as its id.
func skuEvent(sku, product, variant int64) string {
	return fmt.Sprintf(`{"type":"sku","id":%d,"sku":{"product_id":%d,"variant_id":%d}}`, sku, product, variant)
}

func shipmentEvent(order, id int64) string {
	return fmt.Sprintf(`{"type":"shipment","id":%d,"orderId":%d}`, id, order)
}

func refundEvent(order, id int64) string {
	return fmt.Sprintf(`{"type":"order","id":%d,"refund":{"refund_id":%d}}`, order, id)
}

func addressEvent(customer, id int64) string {
	return fmt.Sprintf(`{"type":"customer","id":%d,"address":{"customer_id":%d}}`, id, customer)
}

// fireStock fires the two events a change of stock has: the older one with a
// value and the newer one with the location.
func (s *Store) fireStock(at target, n int, absolute bool) {
	method := [2]string{"relative", "absolute"}[btoi(absolute)]
	variant := at.variant
	if variant == 0 {
		if p := s.products.get(at.product); p != nil {
			variant = p.Variants[0].ID
		}
		s.fire("store/product/inventory/updated", fmt.Sprintf(
			`{"type":"product","id":%d,"inventory":{"product_id":%d,"method":%q,"value":%d}}`, at.product, at.product, method, n))
	} else {
		s.fire("store/sku/inventory/updated", fmt.Sprintf(
			`{"type":"sku","id":%d,"inventory":{"product_id":%d,"method":%q,"value":%d,"variant_id":%d}}`,
			variant-skuIDGap, at.product, method, n, variant))
	}
	s.fire("store/channel/*/inventory/product/stock_changed", fmt.Sprintf(
		`{"variant_id":%d,"product_id":%d,"location_id":%d}`, variant, at.product, at.location))
}

// Scopes returns the webhook scopes a hook may be made for, wildcards among them.
func Scopes() []string { return slices.Clone(scopes) }

var scopes = buildScopes()

func buildScopes() []string {
	var out []string
	for _, family := range strings.Fields(`order:*,created,updated,archived,statusUpdated,message/created,refund/created,transaction/created,transaction/updated,metafield/created,metafield/updated,metafield/deleted
		product:*,created,updated,deleted,inventory/updated,inventory/order/updated,metafield/created,metafield/updated,metafield/deleted
		sku:*,created,updated,deleted,inventory/updated,inventory/order/updated
		customer:*,created,updated,deleted,address/*,address/created,address/updated,address/deleted,payment/instrument/default/updated,channel/login/access/updated
		shipment:*,created,updated,deleted
		cart:*,created,updated,deleted,couponApplied,abandoned,converted,lineItem/*,lineItem/created,lineItem/updated,lineItem/deleted
		category:*,created,updated,deleted
		subscriber:*,created,updated,deleted
		variant:metafield/created,metafield/updated,metafield/deleted
		brand:metafield/created,metafield/updated,metafield/deleted
		inventory:location/created,location/updated,location/metafield/created
		channel:created,updated,*/order/*,*/order/created,*/order/updated,*/product/assigned,*/product/unassigned,*/inventory/product/stock_changed,*/inventory/product/low_stock_reached,*/inventory/product/out_of_stock_reached,*/inventory/product/settings_changed
		priceList:created,updated,record/created,records/created,assignment/updated
		information:updated
		app:uninstalled
		hook:deliveryException`) {
		name, list, _ := strings.Cut(family, ":")
		for scope := range strings.SplitSeq(list, ",") {
			out = append(out, "store/"+name+"/"+scope)
		}
	}
	return out
}

// covers says whether a hook's scope takes an event: the same scope, or one
// with a wildcard at its end. A wildcard takes what is directly below it; those
// of orders and carts also what is deeper. Stock has to be named: no listed
// wildcard takes it.
func covers(hook, event string) bool {
	if hook == event {
		return true
	}
	prefix, wild := strings.CutSuffix(hook, "/*")
	rest, below := strings.CutPrefix(event, prefix+"/")
	return wild && below && (!strings.Contains(rest, "/") || prefix == "store/order" || prefix == "store/cart")
}
