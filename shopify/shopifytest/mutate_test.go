package shopifytest

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

const adjustMutation = `mutation Adjust($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) { inventoryAdjustmentGroup { id } userErrors { field message code } } }`

func adjust(s *Server, delta int, from any, key string) map[string]any {
	l := s.Products()[0].Variants[0].Item.Levels[0]
	return map[string]any{"key": key, "input": map[string]any{"name": "available", "reason": "correction", "changes": []any{map[string]any{
		"inventoryItemId": "gid://shopify/InventoryItem/" + strconv.FormatInt(l.ItemID, 10),
		"locationId":      "gid://shopify/Location/" + strconv.FormatInt(l.LocationID, 10), "delta": delta, "changeFromQuantity": from}}}}
}

// says holds an answer against a part of its text.
func says(t *testing.T, what string, a answer, want string) {
	t.Helper()
	if a.Status != http.StatusOK || !strings.Contains(string(a.Raw), want) {
		t.Errorf("%s: status %d, want %s in\n%s", what, a.Status, want, a.Raw)
	}
}

func TestKeysAnswerAsTheFirstTime(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	first := ask(t, s, adjustMutation, adjust(s, 3, nil, "k"))
	again := ask(t, s, adjustMutation, adjust(s, 3, nil, "k"))
	if string(first.Data) != string(again.Data) || len(s.Effects()) != 1 {
		t.Errorf("%d effects\n%s\n%s", len(s.Effects()), first.Data, again.Data)
	}
	says(t, "another write with the key", ask(t, s, adjustMutation, adjust(s, 4, nil, "k")), "IDEMPOTENCY_KEY_PARAMETER_MISMATCH")
	says(t, "a stale quantity", ask(t, s, adjustMutation, adjust(s, 4, -77, "l")), "CHANGE_FROM_QUANTITY_STALE")
	absent := adjust(s, 4, nil, "m")
	delete(absent["input"].(map[string]any)["changes"].([]any)[0].(map[string]any), "changeFromQuantity")
	says(t, "an absent quantity", ask(t, s, adjustMutation, absent), "must include the following argument: changeFromQuantity")
	bare := adjust(s, 4, nil, "")
	delete(bare, "key")
	text := strings.NewReplacer(", $key: String!", "", " @idempotent(key: $key)", "").Replace(adjustMutation)
	says(t, "no key", ask(t, s, text, bare), "The @idempotent directive is required")
	if n := len(s.Effects()); n != 1 {
		t.Errorf("%d effects, want the first alone", n)
	}
}

func TestCancellingIsAJob(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	id := s.AddOrder(Order{Lines: []LineItem{{Title: "x", Quantity: 1, Unfulfilled: 1}}}).ID
	gid := "gid://shopify/Order/" + strconv.FormatInt(id, 10)
	text := `mutation { orderCancel(orderId: "` + gid + `", reason: FRAUD, restock: true, staffNote: "n") { job { id done } orderCancelUserErrors { field message code } } }`
	says(t, "the first", ask(t, s, text, nil), `"done":false`)
	if !s.Order(id).CancelledAt.IsZero() {
		t.Error("the order is cancelled at once")
	}
	says(t, "while the job runs", ask(t, s, text, nil), "already being canceled")
	_ = ask(t, s, `{ shop { name } }`, nil)
	if o := s.Order(id); o.CancelReason != "FRAUD" || o.CancelNote != "n" || len(s.Effects()) != 1 {
		t.Errorf("%+v, %d effects", o, len(s.Effects()))
	}
	says(t, "when it is over", ask(t, s, text, nil), "already been canceled")
}

func TestListReplacingIsAViolation(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	_ = ask(t, s, `mutation { productSet(identifier: { handle: "product-1" }, input: { title: "x" }) { userErrors { message } } }`, nil)
	if len(s.Violations()) != 1 || len(s.Effects()) != 0 {
		t.Errorf("violations %v, %d effects", s.Violations(), len(s.Effects()))
	}
}

func TestWritesNeedTheirScope(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Scopes: []string{"read_products"}})
	a := ask(t, s, `mutation { productDelete(input: { id: "gid://shopify/Product/1" }) { deletedProductId } }`, nil)
	if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "ACCESS_DENIED" || string(a.Data) != `{"productDelete":null}` {
		t.Errorf("%s", a.Raw)
	}
}

func TestMutationsCostTen(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	a := ask(t, s, `mutation { orderUpdate(input: { id: "gid://shopify/Order/1", note: "n" }) { order { id customer { id } } userErrors { field message } } }`, nil)
	if a.Extensions.Cost.Requested != 10 {
		t.Errorf("%d points", a.Extensions.Cost.Requested)
	}
}

func TestResultsDoNotSeeTheToken(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+bulkHost+"/bulk/1", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Shopify-Access-Token", s.Token())
	res, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden || len(s.Violations()) != 1 {
		t.Errorf("status %d, violations %v", res.StatusCode, s.Violations())
	}
}
