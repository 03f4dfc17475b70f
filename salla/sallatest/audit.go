package sallatest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// auditRow is a change of stock as the store's log keeps it. The log has neither
// the variant's id nor the time of day.
type auditRow struct {
	product      *Product // as it was after the change
	variant      int      // its place, or -1
	was, is      int
	at           time.Time
	reason       string
	hasUnlimited bool
}

var changeReasons = []Ref{
	{1473353380, "لا يوجد"}, {566146469, "تصحيح"}, {1939592358, "إعادة تخزين"}, {1298199463, "استقبال"},
	{525144736, "تالف"}, {1764372897, "السرقة أو الضياع"}, {989286562, "توريد"},
}

// reasonName returns the reason's name, or "".
func reasonName(id int64) string {
	if i := slices.IndexFunc(changeReasons, func(r Ref) bool { return r.ID == id }); i >= 0 {
		return changeReasons[i].Name
	}
	return ""
}

// audited logs the changes of stock that change makes to a product.
func (s *Store) audited(id int64, reason string, change func() bool) bool {
	s.auditing.Lock()
	defer s.auditing.Unlock()
	before := s.products.get(id)
	if !change() {
		return false
	}
	after := s.products.get(id)
	if before == nil || after == nil {
		return true
	}
	was := map[int64]int{}
	for _, q := range quantitiesOf(before) {
		was[q.VariantID] = q.Quantity
	}
	for i, q := range quantitiesOf(after) {
		old, known := was[q.VariantID]
		if !known || old == q.Quantity {
			continue
		}
		if q.VariantID == 0 {
			i = -1
		}
		s.mu.Lock()
		s.audit = append(s.audit, auditRow{after, i, old, q.Quantity, s.stamp(), reason, q.Unlimited})
		s.mu.Unlock()
	}
	return true
}

func listReasons(c *call) {
	c.answer(http.StatusOK, func(w *writer) { w.refs("data", changeReasons) })
}

// listAudit answers the log of stock, newest first. It has a cursor where other
// lists have their pagination.
func listAudit(c *call) {
	word := strings.ToLower(c.query.Get("keyword"))
	c.store.mu.Lock()
	var rows []auditRow
	for _, r := range slices.Backward(c.store.audit) {
		if r.product.mentions(word) && among(c.list("categories"), r.product.Categories) && among(c.list("tags"), r.product.Tags) {
			rows = append(rows, r)
		}
	}
	c.store.mu.Unlock()
	pg := c.paginate(len(rows), defaultSize, maxSize)
	c.answer(http.StatusOK, func(w *writer) {
		w.arr("data")
		for _, r := range rows[pg.from:pg.to] {
			w.audited(r)
		}
		w.endArr()
		w.obj("cursor")
		w.num("current", pg.number)
		w.num("previous", pg.number-1)
		w.num("next", min(pg.number+1, pg.last))
		w.num("count", pg.to-pg.from)
		w.end()
	})
}

// among says whether one of the ids asked for, if any, is in the list.
func among(ids []string, list []Ref) bool {
	return len(ids) == 0 || slices.ContainsFunc(list, func(r Ref) bool { return slices.Contains(ids, strconv.FormatInt(r.ID, 10)) })
}

func (w *writer) audited(r auditRow) {
	w.obj("")
	w.id("id", r.product.ID)
	w.str("name", r.product.Name)
	w.str("image", "https://cdn.salla.sa/placeholder.png")
	sku, label := r.product.SKU, ""
	if r.variant >= 0 {
		sku, label = r.product.Variants[r.variant].SKU, variantLabel(r.product, r.variant)
	}
	w.strOrNull("sku", sku)
	w.key("created_at")
	w.b = append(append(append(w.b, '"'), r.at.In(riyadh).Format(layoutDay)...), '"')
	w.num("old_quantity", r.was)
	w.num("new_quantity", r.is)
	w.strOrNull("variant", label)
	w.flag("unlimited_quantity", r.hasUnlimited)
	w.str("reason", r.reason)
	w.obj("user")
	w.id("id", idFirst)
	w.str("type", "user")
	w.str("first_name", "أحمد")
	w.end()
	w.end()
}
