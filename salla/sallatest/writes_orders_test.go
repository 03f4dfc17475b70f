package sallatest

import (
	"fmt"
	"strings"
	"testing"
)

func TestStatuses(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddOpenOrder()
	path := "/orders/" + itoa64(o.ID)
	stock := func() (n int) {
		for _, it := range o.Items {
			n += s.Product(it.ProductID).Quantity
		}
		return n
	}
	before := stock()
	counts(t, s, "two cancellations", 2, func() {
		put(t, s, "POST", path+"/status", `{"slug":"canceled","note":"لا يوجد","restore_items":true}`, 201)
		if got := stock(); got != before+4 {
			t.Errorf("%d pieces came back, want 4", got-before)
		}
		put(t, s, "POST", path+"/status", `{"slug":"canceled","restore_items":true}`, 201)
	})
	if got := s.Order(o.ID); got.Status.Slug != "canceled" || len(got.Histories) != 2 || got.Histories[1].Note != "لا يوجد" || stock() != before+8 {
		t.Errorf("twice cancelled: %s, %d rows of history, %d pieces back", got.Status.Slug, len(got.Histories), stock()-before)
	}
	put(t, s, "POST", path+"/status", `{"slug":"restoring"}`, 201)
	if stock() != before+8 {
		t.Error("items come back although nobody asked")
	}
	put(t, s, "POST", path+"/status", fmt.Sprintf(`{"status_id":%d}`, packingID), 201)
	if got := s.Order(o.ID).Status; got.Slug != "" || got.CustomID != packingID {
		t.Errorf("the merchant's own status %+v", got)
	}
	if row := put(t, s, "GET", path+"?format=light", "", 200); !strings.Contains(row, `"slug":null`) {
		t.Error("it has a slug")
	}
}

func TestRestoredItemsComeToTheBranchOfTheOrder(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := find(t, s, varied)
	v, branch := p.Variants[2], s.Branches()[1].ID
	o := s.AddOrder(Order{BranchID: branch, Items: []OrderItem{{ProductID: p.ID, VariantID: v.ID, Quantity: 2}, {Name: "no product", Quantity: 9}}})
	put(t, s, "POST", "/orders/"+itoa64(o.ID)+"/status", `{"slug":"restored","restore_items":true}`, 201)
	got := s.Product(p.ID)
	if w := got.Variants[2]; w.Quantity != v.Quantity+2 || w.Branches[branch] != s.share(nil, v.Quantity, 1)+2 || got.Quantity != p.Quantity+2 {
		t.Errorf("variant %+v of %d, product %d of %d", w, v.Quantity, got.Quantity, p.Quantity)
	}
}

func TestNotesAddUp(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	o := s.AddOpenOrder()
	path := "/orders/" + itoa64(o.ID) + "/histories"
	seen := map[int64]bool{}
	counts(t, s, "notes", 20, func() {
		for range 20 {
			body := put(t, s, "POST", path, `{"note":"نص \"عربي\" 🔔"}`, 200)
			seen[decode[struct{ Data struct{ ID int64 } }](t, reply{body: body}).Data.ID] = true
		}
	})
	if len(seen) != 20 || len(walk(t, s, path)) != 20 || s.Order(o.ID).Histories[0].Note != "نص \"عربي\" 🔔" {
		t.Errorf("%d ids, %d rows", len(seen), len(walk(t, s, path)))
	}
}

func TestActionsOnOrdersAreQueued(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	a, b := s.AddOpenOrder(), s.AddOpenOrder()
	ids := fmt.Sprintf(`"filters":{"order_ids":[%d,%d,7]}`, a.ID, b.ID)
	body := put(t, s, "POST", "/orders/actions", `{"operations":[{"action_name":"refund"}],`+ids+`}`, 201)
	if !strings.Contains(body, `"action_name":"refund","status":"in_progress"`) || s.Order(a.ID).Status.Slug != "under_review" {
		t.Errorf("done at once: %s", body)
	}
	s.FinishQueued()
	if x, y := s.Order(a.ID).Status.Slug, s.Order(b.ID).Status.Slug; x != "restored" || y != "restored" || len(s.Effects()) != 2 {
		t.Errorf("%s and %s, effects %v", x, y, s.Effects())
	}
	counts(t, s, "a refund again", 2, func() {
		put(t, s, "POST", "/orders/actions", `{"operations":[{"action_name":"refund"}],`+ids+`}`, 201)
	})
	put(t, s, "POST", "/orders/actions", `{"operations":[{"action_name":"change_status","value":"completed"},{"action_name":"print_invoice"}],`+ids+`}`, 201)
	s.FinishQueued()
	if got := s.Order(b.ID).Status.Slug; got != "completed" {
		t.Errorf("changed to %s", got)
	}
	put(t, s, "POST", "/orders/actions", `{"operations":[{"action_name":"delete"}],"filters":{"order_ids":["`+itoa64(b.ID)+`"]}}`, 201)
	if s.FinishQueued(); s.Order(b.ID) != nil {
		t.Error("not deleted")
	}
	n := 0
	for _, o := range s.Orders() {
		if o.Status.Slug == "payment_pending" {
			n++
		}
	}
	counts(t, s, "by status", n, func() {
		put(t, s, "POST", "/orders/actions", `{"operations":[{"action_name":"change_status","value":525144736}],"filters":{"order_status":[1473353380]}}`, 201)
	})
}

func TestOrdersThatAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 60, Orders: 60, Customers: 10})
	o := s.AddOpenOrder()
	path := "/orders/" + itoa64(o.ID)
	ids := `,"filters":{"order_ids":[` + itoa64(o.ID) + `]}}`
	refuseAll(t, s, []refusal{
		{"cancelled with two l", "POST", path + "/status", `{"slug":"cancelled"}`, 422, `"slug":["حقل رمز الحالة مطلوب`},
		{"no status", "POST", path + "/status", `{}`, 422, `"status_id"`},
		{"an unknown order", "POST", "/orders/7/status", `{"slug":"canceled"}`, 404, ""},
		{"an empty note", "POST", path + "/histories", `{"note":""}`, 422, `"note":["نص التعليق مطلوب"]`},
		{"a note on nothing", "POST", "/orders/7/histories", `{"note":"x"}`, 404, ""},
		{"no operations", "POST", "/orders/actions", `{"operations":[]` + ids, 422, `"operations"`},
		{"operations on nothing", "POST", "/orders/actions", `{"operations":[{"action_name":"refund"}]}`, 422, `"operations"`},
		{"an unknown operation", "POST", "/orders/actions", `{"operations":[{"action_name":"cancel"}]` + ids, 422, `"operations.0.action_name"`},
		{"to no status", "POST", "/orders/actions", `{"operations":[{"action_name":"change_status","value":"cancelled"}]` + ids, 422, `"operations.0.value"`},
		{"two that exclude each other", "POST", "/orders/actions", `{"operations":[{"action_name":"create_shipping_policy"},{"action_name":"print_shipping_policy"}]` + ids, 422,
			`"actions":["create_shipping_policy","print_shipping_policy"]`},
	})
}
