package woocommercetest

import "testing"

// TestTermsAreMadeOnce: a name that is there is refused and its id told.
func TestTermsAreMadeOnce(t *testing.T) {
	t.Parallel()
	for kind, action := range map[string]string{"categories": "category.create", "tags": "tag.create", "brands": "brand.create"} {
		s := start(t, &Config{Products: -1, Orders: -1, Customers: -1, TB: t})
		first := do(t, s, "POST", "/products/"+kind, `{"name":"A & B"}`)
		made := decode[Term](t, first)
		if first.status != 201 || made.Name != "A &amp; B" || made.ID == 0 {
			t.Errorf("%s: %d %s", kind, first.status, first.body)
		}
		again := do(t, s, "POST", "/products/"+kind, `{"name":"a &amp; b"}`)
		refusal := decode[struct {
			Code string
			Data struct {
				ID int64 `json:"resource_id"`
			}
		}](t, again)
		if again.status != 400 || refusal.Code != "term_exists" || refusal.Data.ID != made.ID {
			t.Errorf("%s, again: %d %s", kind, again.status, again.body)
		}
		if none := do(t, s, "POST", "/products/"+kind, `{"name":"<b></b>"}`); none.status != 400 {
			t.Errorf("%s without a name: %d %s", kind, none.status, none.body)
		}
		if all := s.Effects(); len(all) != 1 || all[0].Action != action {
			t.Errorf("%s: effects %v", kind, all)
		}
	}
}
