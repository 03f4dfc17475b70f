package shopifytest

import (
	"strconv"
	"sync"
	"time"
)

type fieldSet map[string]resolver

// resolverTable maps type and field to what writes it. It is filled on first
// use and never changes; an initializer would be a cycle.
var resolverTable struct {
	once sync.Once
	all  map[string]fieldSet
}

func resolvers() map[string]fieldSet {
	resolverTable.once.Do(func() {
		resolverTable.all = map[string]fieldSet{}
		for _, part := range []map[string]fieldSet{
			commonFields(), rootFields(), shopFields(), productFields(), inventoryFields(),
			orderFields(), orderPartFields(), customerFields(), fulfillmentOrderFields(),
			mutationFields(), payloadFields(), webhookFields(), bulkFields(), suggestionFields(),
		} {
			for typ, fs := range part {
				resolverTable.all[typ] = fs
			}
		}
	})
	return resolverTable.all
}

func str[T any](get func(*T) string) resolver {
	return func(x *exec, _ *field, o any) { x.buf = appendString(x.buf, get(o.(*T))) }
}

// opt writes null for the empty text.
func opt[T any](get func(*T) string) resolver {
	return func(x *exec, _ *field, o any) { x.buf = appendOptional(x.buf, get(o.(*T))) }
}

// or writes a default for the empty text.
func or[T any](dflt string, get func(*T) string) resolver {
	return func(x *exec, _ *field, o any) {
		s := get(o.(*T))
		if s == "" {
			s = dflt
		}
		x.buf = appendString(x.buf, s)
	}
}

func boolean[T any](get func(*T) bool) resolver {
	return func(x *exec, _ *field, o any) { x.buf = appendBool(x.buf, get(o.(*T))) }
}

func integer[T any](get func(*T) int) resolver {
	return func(x *exec, _ *field, o any) { x.buf = strconv.AppendInt(x.buf, int64(get(o.(*T))), 10) }
}

// long writes an UnsignedInt64, which is text on the wire.
func long[T any](get func(*T) int64) resolver {
	return func(x *exec, _ *field, o any) {
		x.buf = append(x.buf, '"')
		x.buf = strconv.AppendInt(x.buf, get(o.(*T)), 10)
		x.buf = append(x.buf, '"')
	}
}

func instant[T any](get func(*T) time.Time) resolver {
	return func(x *exec, f *field, o any) {
		t := get(o.(*T))
		if t.IsZero() {
			x.nothing(f)
			return
		}
		x.buf = appendTime(x.buf, t)
	}
}

func gid[T any](kind string, get func(*T) int64) resolver {
	return func(x *exec, _ *field, o any) { x.buf = appendGID(x.buf, kind, get(o.(*T))) }
}

func texts[T any](get func(*T) []string) resolver {
	return func(x *exec, _ *field, o any) { x.strings(get(o.(*T))) }
}

// fixed writes the same JSON for every object.
func fixed(json string) resolver {
	return func(x *exec, _ *field, _ any) { x.buf = append(x.buf, json...) }
}

func null(x *exec, f *field, _ any) { x.nothing(f) }

// same writes a sub-object out of the object itself.
func same(typ string) resolver {
	return func(x *exec, f *field, o any) { x.object(f, typ, o) }
}

// each writes a plain list, cut at its "first" argument where it has one.
func each[T, E any](typ string, get func(*T) []E) resolver {
	return func(x *exec, f *field, o any) {
		items := get(o.(*T))
		if n, ok := f.int("first"); ok && n < len(items) {
			items = items[:n]
		}
		x.list(f, len(items), func(i int) { x.object(f, typ, &items[i]) })
	}
}

// nested writes a connection over a list that o holds.
func nested[T, E any](get func(*T) []E, id func(*E) int64) resolver {
	return func(x *exec, f *field, o any) {
		items := get(o.(*T))
		x.connection(f, "", placeSeq(len(items),
			func(i int) int64 { return id(&items[i]) },
			func(i int) any { return &items[i] }))
	}
}

// empty writes a connection without nodes.
func empty(x *exec, f *field, _ any) { x.connection(f, "", seq{}) }

func (x *exec) strings(list []string) {
	x.buf = append(x.buf, '[')
	for i, s := range list {
		if i > 0 {
			x.buf = append(x.buf, ',')
		}
		x.buf = appendString(x.buf, s)
	}
	x.buf = append(x.buf, ']')
}

type moneyBag struct{ Money }

type moneyV2 struct{ amount, currency string }

// bagOf writes a MoneyBag of the order around; an amount the order does not
// have is 0.0 where the schema forbids null.
func bagOf[T any](get func(*T) Money) resolver {
	return func(x *exec, f *field, o any) { x.money(f, get(o.(*T))) }
}

func (x *exec) money(f *field, m Money) {
	if m.Shop == "" {
		if !f.nonNull {
			x.nothing(f)
			return
		}
		m = Money{"0.0", "0.0"}
	}
	if m.Presentment == "" {
		m.Presentment = m.Shop
	}
	x.bag = moneyBag{m}
	x.object(f, "MoneyBag", &x.bag)
}

// amount writes a MoneyV2, or null for the empty amount.
func (x *exec) amount(f *field, amount, currency string) {
	if amount == "" {
		x.nothing(f)
		return
	}
	x.amt = moneyV2{amount, currency}
	x.object(f, "MoneyV2", &x.amt)
}

func commonFields() map[string]fieldSet {
	return map[string]fieldSet{
		"*Connection": connectionFields(),
		"*Edge":       edgeFields(),
		"PageInfo":    pageInfoFields(),
		"MoneyBag": {
			"shopMoney": func(x *exec, f *field, o any) {
				x.amount(f, o.(*moneyBag).Shop, x.order.Currency)
			},
			"presentmentMoney": func(x *exec, f *field, o any) {
				x.amount(f, o.(*moneyBag).Presentment, x.order.PresentmentCurrency)
			},
		},
		"MoneyV2": {
			"amount":       str(func(m *moneyV2) string { return m.amount }),
			"currencyCode": str(func(m *moneyV2) string { return m.currency }),
		},
		"PricingPercentageValue": {"percentage": fixed("10.0")},
		"Count": {
			"count": integer(func(c *count) int { return c.n }),
			"precision": str(func(c *count) string {
				if c.more {
					return "AT_LEAST"
				}
				return "EXACT"
			}),
		},
		"Metafield": {
			"id": gid("Metafield", func(m *Metafield) int64 { return m.ID }), "legacyResourceId": long(func(m *Metafield) int64 { return m.ID }),
			"namespace": str(func(m *Metafield) string { return m.Namespace }), "key": str(func(m *Metafield) string { return m.Key }),
			"type": str(func(m *Metafield) string { return m.Type }), "value": str(func(m *Metafield) string { return m.Value }),
			"createdAt": fixed(`"2026-01-01T00:00:00Z"`), "updatedAt": fixed(`"2026-01-01T00:00:00Z"`),
		},
	}
}

// count is the answer of a count field; more says that the limit cut it.
type count struct {
	n    int
	more bool
}
