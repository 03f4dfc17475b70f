package bigcommercetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// told are effects without their times.
func told(s *Server) []string {
	out := []string{}
	for _, e := range s.Effects() {
		out = append(out, e.Request+" "+e.Kind+" "+itoa(e.ID))
	}
	return out
}

func TestEffects(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 10, Orders: 5, Customers: 3})
	if err := s.UpdateProduct(101, func(p *Product) { p.Name = "by hand" }); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		method, path, body string
		status             int
		want               []string
	}{
		{"PUT", "/v3/catalog/products/101", `{"name":"by API"}`, 200, []string{"PUT /v3/catalog/products/* product 101"}},
		{"PUT", "/v3/catalog/products/101", `{"name":"by API","price":` + s.Product(101).Price + `0}`, 200, nil},
		{"PUT", "/v3/catalog/products/101", `{"price":-1}`, 422, nil},
		{"PUT", "/v3/catalog/products/9", `{"price":1}`, 404, nil},
		{"PUT", "/v3/catalog/products", `[{"id":102,"name":"two"},{"id":103,"sort_order":77}]`, 200,
			[]string{"PUT /v3/catalog/products product 102", "PUT /v3/catalog/products product 103"}},
		{"PUT", "/v3/inventory/adjustments/absolute", `{"items":[{"location_id":1,"product_id":101,"quantity":1007},{"location_id":2,"product_id":101,"quantity":1008}]}`, 200,
			[]string{"PUT /v3/inventory/adjustments/absolute stock 101", "PUT /v3/inventory/adjustments/absolute stock 101"}},
		{"PUT", "/v3/inventory/adjustments/absolute", `{"items":[{"location_id":1,"product_id":101,"quantity":1007}]}`, 200, nil},
		{"POST", "/v3/inventory/adjustments/relative", `{"items":[{"location_id":1,"product_id":101,"quantity":3}]}`, 200,
			[]string{"POST /v3/inventory/adjustments/relative stock 101"}},
		{"DELETE", "/v3/catalog/products?id:in=104,999", "", 204, []string{"DELETE /v3/catalog/products product 104"}},
	} {
		before := len(told(s))
		modified, events := s.Products()[0].ModifiedAt, len(s.Events())
		if r := do(t, s, step.method, step.path, step.body); r.status != step.status {
			t.Fatalf("%s %s %s: %d %s", step.method, step.path, step.body, r.status, r.body)
		}
		got := told(s)[before:]
		if diff := cmp.Diff(append([]string{}, step.want...), got); diff != "" {
			t.Errorf("%s %s %s (-want +got)\n%s", step.method, step.path, step.body, diff)
		}
		if len(got) == 0 && (len(s.Events()) != events || !s.Products()[0].ModifiedAt.Equal(modified)) {
			t.Errorf("%s %s %s: an event or a new time without an effect", step.method, step.path, step.body)
		}
	}
}

// TestLostAnswers: what is cut before the answer is done, what is cut or
// answered before the request is not.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault Fault
		done  int
	}{
		"cut before":      {Disconnect(CutBefore), 0},
		"cut after":       {Disconnect(CutAfter), 1},
		"cut amid":        {Disconnect(CutMiddle), 1},
		"half an answer":  {Truncated(), 1},
		"a 502":           {ServerError(502), 0},
		"a late 502":      {LostAnswer(502), 1},
		"a 429":           {Throttle(10, "0"), 0},
		"nothing is hurt": {WithoutRateHeaders(), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{TB: t, Products: 3})
			s.Inject(test.fault.On("POST", "/v3/inventory/adjustments/*"))
			before := s.Product(101).Levels[0].OnHand
			_, _ = send(t.Context(), s, s.Token(), "POST", "/v3/inventory/adjustments/relative",
				`{"items":[{"location_id":1,"product_id":101,"quantity":3}]}`) // some are no answer
			if n := len(s.Effects()); n != test.done || s.Product(101).Levels[0].OnHand != before+3*test.done {
				t.Errorf("%d effects, %d pieces more", n, s.Product(101).Levels[0].OnHand-before)
			}
		})
	}
}
