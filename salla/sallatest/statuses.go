package sallatest

import "strings"

// status is a row of the store's status list.
type status struct {
	id         int64
	name, en   string
	slug       string // "" is null
	custom     bool
	original   int64
	parent     int64
	unfinished bool
}

// originals are Salla's own statuses; their ids are the same in every store.
var originals = []status{
	{id: 1473353380, slug: "payment_pending", name: "بإنتظار الدفع", en: "Payment pending", unfinished: true},
	{id: 566146469, slug: "under_review", name: "بإنتظار المراجعة", en: "Under review", unfinished: true},
	{id: 1939592358, slug: "in_progress", name: "قيد التنفيذ", en: "In progress", unfinished: true},
	{id: 1298199463, slug: "completed", name: "تم التنفيذ", en: "Completed"},
	{id: 349994915, slug: "delivering", name: "جاري التوصيل", en: "Delivering"},
	{id: 1723506348, slug: "delivered", name: "تم التوصيل", en: "Delivered"},
	{id: 814202285, slug: "shipped", name: "تم الشحن", en: "Shipped"},
	{id: 525144736, slug: "canceled", name: "ملغي", en: "Canceled"},
	{id: 989286562, slug: "restored", name: "مسترجع", en: "Restored"},
	{id: 1548352431, slug: "restoring", name: "قيد الإسترجاع", en: "Restoring"},
}

const (
	completedCustomID = 1638621685
	// packingID is a sub-status the merchant made under completed; its slug is null.
	packingID   = 1790312455
	packingName = "تم التغليف 📦"
)

var customIDs = []int64{863076598, 986688842, 1597755120, completedCustomID, 1422535667, 647449340, 1887201789, 1718741844, 2062355698, 1113229566}

// storeStatuses lists the originals and the store's custom ones.
func storeStatuses() []status {
	list := append([]status(nil), originals...)
	for i, o := range originals {
		c := status{id: customIDs[i], name: o.name, en: o.en, slug: o.slug, custom: true, original: o.id}
		switch o.slug {
		case "in_progress":
			c.name, c.en = "بنجهز طلبك", "We are on it"
		case "delivering", "delivered", "shipped":
			c.parent = completedCustomID
		}
		list = append(list, c)
	}
	return append(list, status{id: packingID, name: packingName, en: "Packed", custom: true, original: 1298199463, parent: completedCustomID})
}

var statusList = storeStatuses()

func statusByID(id int64) *status {
	for i := range statusList {
		if statusList[i].id == id {
			return &statusList[i]
		}
	}
	return nil
}

// orderStatus makes an order's status from a slug ("" for the merchant's own
// packing status). Slugs are Salla's, so "canceled" has one l.
func orderStatus(slug string) OrderStatus {
	if slug == "" {
		return OrderStatus{ID: packingID, Name: packingName, NameEN: "Packed", CustomID: packingID, CustomName: packingName}
	}
	for i, o := range originals {
		if o.slug == slug {
			c := statusByID(customIDs[i])
			return OrderStatus{ID: o.id, Name: o.name, NameEN: o.en, Slug: o.slug, CustomID: c.id, CustomName: c.name}
		}
	}
	return OrderStatus{}
}

// statusByRow makes an order's status from a row of the status list.
func statusByRow(s *status) OrderStatus {
	if s.slug == "" {
		return orderStatus("")
	}
	return orderStatus(s.slug)
}

func (w *writer) orderStatus(k string, s OrderStatus, english bool) {
	w.obj(k)
	w.id("id", s.ID)
	w.str("name", text(s.Name, s.NameEN, english))
	w.strOrNull("slug", s.Slug)
	if s.CustomID != 0 {
		w.obj("customized")
		w.id("id", s.CustomID)
		w.str("name", s.CustomName)
		w.end()
	} else {
		w.null("customized")
	}
	w.end()
}

func (w *writer) status(k string, s *status, english, details bool) {
	w.obj(k)
	w.id("id", s.id)
	w.str("name", text(s.name, s.en, english))
	w.str("type", map[bool]string{true: "custom", false: "original"}[s.custom])
	w.strOrNull("slug", s.slug)
	if s.custom || details {
		w.num("sort", int(s.id%10))
		w.str("message", "[ {store.name} ] \\n أصبحت حالة طلبك {order.id} {status}")
		w.str("icon", "sicon-gold-badge")
		w.flag("is_active", s.slug != "shipped" || !s.custom)
	}
	ref := func(key string, id int64) {
		w.obj(key)
		if to := statusByID(id); to != nil {
			w.id("id", to.id)
			w.str("name", text(to.name, to.en, english))
		}
		w.end()
	}
	ref("original", s.original)
	ref("parent", s.parent)
	if details {
		w.str("color", "#58C9B9")
		w.arr("children")
		for i := range statusList {
			if c := &statusList[i]; c.parent == s.id {
				w.obj("")
				w.id("id", c.id)
				w.str("name", text(c.name, c.en, english))
				w.strOrNull("slug", c.slug)
				w.str("type", "custom")
				w.str("message", "")
				w.str("color", "#58C9B9")
				w.str("icon", "sicon-shipping")
				w.num("sort", i)
				w.flag("is_active", true)
				w.end()
			}
		}
		w.endArr()
	}
	w.end()
}

// text is the English form where it is wanted and known.
func text(arabic, english string, wantEnglish bool) string {
	if wantEnglish && english != "" {
		return english
	}
	return arabic
}

// isEnglish reads an Accept-Language header; Arabic is the default.
func isEnglish(header string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(header)), "en")
}
