package shopifytest

import (
	"fmt"
	"strconv"
	"time"
)

// levelRef is a level with the item it counts.
type levelRef struct {
	item *itemRef
	l    *InventoryLevel
}

// quantity is one named number of a level.
type quantity struct {
	level *InventoryLevel
	name  string
	n     int
	at    time.Time // zero = null
}

func (l *InventoryLevel) quantity(name string) (quantity, bool) {
	q := quantity{level: l, name: name, at: l.UpdatedAt}
	switch name {
	case "available":
		q.n = l.Available
	case "committed":
		q.n = l.Committed
	case "incoming":
		q.n = l.Incoming
	case "reserved":
		q.n = l.Reserved
	case "on_hand":
		q.n, q.at = l.OnHand(), time.Time{}
	case "damaged", "quality_control", "safety_stock":
		q.at = time.Time{}
	default:
		return q, false
	}
	return q, true
}

func levelRefs(r *itemRef) []levelRef {
	refs := make([]levelRef, len(r.item().Levels))
	for i := range refs {
		refs[i] = levelRef{r, &r.item().Levels[i]}
	}
	return refs
}

func inventoryFields() map[string]fieldSet {
	item := func(get func(*InventoryItem) string) func(*itemRef) string {
		return func(r *itemRef) string { return get(r.item()) }
	}
	return map[string]fieldSet{
		"InventoryItem": {
			"id":               gid("InventoryItem", func(r *itemRef) int64 { return r.item().ID }),
			"legacyResourceId": long(func(r *itemRef) int64 { return r.item().ID }),
			"sku":              str(func(r *itemRef) string { return r.v.SKU }),
			"tracked":          boolean(func(r *itemRef) bool { return r.item().Tracked }),
			"requiresShipping": boolean(func(r *itemRef) bool { return r.item().RequiresShipping }),
			"measurement":      same("InventoryItemMeasurement"),
			"unitCost": func(x *exec, f *field, o any) {
				x.amount(f, item(func(i *InventoryItem) string { return i.UnitCost })(o.(*itemRef)), x.srv.currency)
			},
			"createdAt":           instant(func(r *itemRef) time.Time { return r.item().CreatedAt }),
			"updatedAt":           instant(func(r *itemRef) time.Time { return r.item().UpdatedAt }),
			"countryCodeOfOrigin": null, "provinceCodeOfOrigin": null, "harmonizedSystemCode": null,
			"inventoryHistoryUrl": null,
			"duplicateSkuCount":   fixed("0"),
			"locationsCount": func(x *exec, f *field, o any) {
				x.object(f, "Count", &count{n: len(o.(*itemRef).item().Levels)})
			},
			"inventoryLevel": func(x *exec, f *field, o any) {
				_, id, _ := parseGID(f.text("locationId"))
				x.level(f, o.(*itemRef), func(l *InventoryLevel) bool { return l.LocationID == id })
			},
			"inventoryLevels": func(x *exec, f *field, o any) {
				refs := levelRefs(o.(*itemRef))
				q := x.query(f, levelFilters)
				x.connection(f, q.text, placeSeq(len(refs), func(i int) int64 { return refs[i].l.ID },
					func(i int) any {
						if !q.matches(levelKey(refs[i].l), func() any { return &refs[i] }) {
							return nil
						}
						return &refs[i]
					}))
			},
			"variant": func(x *exec, f *field, o any) { x.object(f, "ProductVariant", (*variantRef)(o.(*itemRef))) },
			"variants": func(x *exec, f *field, o any) {
				v := (*variantRef)(o.(*itemRef))
				x.connection(f, "", placeSeq(1, func(int) int64 { return v.v.ID }, func(int) any { return v }))
			},
		},
		"InventoryItemMeasurement": {
			"id":     gid("InventoryItemMeasurement", func(r *itemRef) int64 { return r.item().ID }),
			"weight": same("Weight"),
		},
		"Weight": {
			"unit": or("KILOGRAMS", item(func(i *InventoryItem) string { return i.WeightUnit })),
			"value": func(x *exec, _ *field, o any) {
				x.buf = appendFloat(x.buf, o.(*itemRef).item().Weight)
			},
		},
		"InventoryLevel": {
			"id": func(x *exec, _ *field, o any) {
				l := o.(*levelRef).l
				x.buf = fmt.Appendf(x.buf, `"gid://shopify/InventoryLevel/%d?inventory_item_id=%d"`, l.ID, l.ItemID)
			},
			"item": func(x *exec, f *field, o any) { x.object(f, "InventoryItem", o.(*levelRef).item) },
			"location": func(x *exec, f *field, o any) {
				x.location(f, o.(*levelRef).l.LocationID)
			},
			"quantities": func(x *exec, f *field, o any) {
				var qs []quantity
				for _, name := range f.texts("names") {
					q, ok := o.(*levelRef).l.quantity(name)
					if !ok {
						x.fail(f, gqlError{message: "The quantity name '" + name + "' is not valid.", code: "INVALID_FIELD_ARGUMENTS"})
						return
					}
					qs = append(qs, q)
				}
				x.list(f, len(qs), func(i int) { x.object(f, "InventoryQuantity", &qs[i]) })
			},
			"createdAt": instant(func(r *levelRef) time.Time { return r.item.item().CreatedAt }),
			"updatedAt": instant(func(r *levelRef) time.Time { return r.l.UpdatedAt }),
			"isActive":  fixed("true"), "canDeactivate": fixed("true"), "deactivationAlert": null,
		},
		"InventoryQuantity": {
			"id": func(x *exec, _ *field, o any) {
				q := o.(*quantity)
				x.buf = fmt.Appendf(x.buf, `"gid://shopify/InventoryQuantity/%d?inventory_item_id=%d&name=%s"`,
					q.level.ID, q.level.ItemID, q.name)
			},
			"name":     str(func(q *quantity) string { return q.name }),
			"quantity": integer(func(q *quantity) int { return q.n }),
			"updatedAt": func(x *exec, _ *field, o any) {
				x.buf = appendTime(x.buf, o.(*quantity).at)
			},
		},
		"Location": locationFields(),
		"LocationAddress": {
			"address1": opt(func(a *Address) string { return a.Address1 }),
			"address2": opt(func(a *Address) string { return a.Address2 }),
			"city":     opt(func(a *Address) string { return a.City }),
			"country":  opt(func(a *Address) string { return a.Country }), "countryCode": opt(func(a *Address) string { return a.CountryCode }),
			"province": opt(func(a *Address) string { return a.Province }), "provinceCode": opt(func(a *Address) string { return a.ProvinceCode }),
			"zip": opt(func(a *Address) string { return a.Zip }), "phone": opt(func(a *Address) string { return a.Phone }),
			"formatted": texts(formatAddress), "latitude": null, "longitude": null,
		},
	}
}

func locationFields() fieldSet {
	return fieldSet{
		"id":                   gid("Location", func(l *Location) int64 { return l.ID }),
		"legacyResourceId":     long(func(l *Location) int64 { return l.ID }),
		"name":                 str(func(l *Location) string { return l.Name }),
		"address":              func(x *exec, f *field, o any) { x.object(f, "LocationAddress", &o.(*Location).Address) },
		"isActive":             boolean(func(l *Location) bool { return l.Active }),
		"isPrimary":            boolean(func(l *Location) bool { return l.ID == locationBase }),
		"fulfillsOnlineOrders": boolean(func(l *Location) bool { return l.Active }),
		"shipsInventory":       boolean(func(l *Location) bool { return l.Active }),
		"hasActiveInventory":   boolean(func(l *Location) bool { return l.Active }), "hasUnfulfilledOrders": fixed("false"),
		"activatable":   boolean(func(l *Location) bool { return !l.Active }),
		"deactivatable": boolean(func(l *Location) bool { return l.Active }), "deletable": fixed("false"),
		"deactivatedAt": null, "addressVerified": fixed("true"), "isFulfillmentService": fixed("false"),
		"createdAt": instant(func(l *Location) time.Time { return l.CreatedAt }),
		"updatedAt": instant(func(l *Location) time.Time { return l.UpdatedAt }),
		"inventoryLevel": func(x *exec, f *field, o any) {
			_, id, _ := parseGID(f.text("inventoryItemId"))
			r := x.srv.store.item(id)
			if r == nil {
				x.nothing(f)
				return
			}
			x.level(f, r, func(l *InventoryLevel) bool { return l.LocationID == o.(*Location).ID })
		},
		"inventoryLevels": func(x *exec, f *field, o any) { x.levelsAt(f, o.(*Location).ID) },
	}
}

// level writes the first level of an item that fits, or null.
func (x *exec) level(f *field, r *itemRef, fits func(*InventoryLevel) bool) {
	for i := range r.item().Levels {
		if l := &r.item().Levels[i]; fits(l) {
			x.object(f, "InventoryLevel", &levelRef{r, l})
			return
		}
	}
	x.nothing(f)
}

// levelsAt writes the levels of one location in item order.
func (x *exec) levelsAt(f *field, location int64) {
	refs := x.srv.store.variantOrder()
	q := x.query(f, levelFilters)
	x.connection(f, q.text+strconv.FormatInt(location, 10), idSeq(len(refs), func(i int) int64 { return refs[i].item },
		func(i int) any {
			v := x.variantAt(refs[i])
			if v == nil {
				return nil
			}
			for k := range v.v.Item.Levels {
				l := &v.v.Item.Levels[k]
				if l.LocationID != location {
					continue
				}
				ref := &levelRef{(*itemRef)(v), l}
				if q.matches(levelKey(l), func() any { return ref }) {
					return ref
				}
			}
			return nil
		}))
}

func levelKey(l *InventoryLevel) key {
	return key{l.ID, l.UpdatedAt.Unix(), l.UpdatedAt.Unix()}
}
