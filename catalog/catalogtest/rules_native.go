package catalogtest

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

var nativeRules = []rule{
	{name: "a native call goes through and stays in its store", check: nativeCalls, core: true},
	{name: "an order's history comes oldest first", check: historyInOrder},
	{name: "formatting an adapter, an engine or a credential shows no secret", check: formatting},
}

func nativeCalls(t testing.TB, s *suite) {
	x := s.open(t)
	rest, hasREST := catalog.As[catalog.RESTCaller](x.engine)
	graphQL, hasGraphQL := catalog.As[catalog.GraphQLCaller](x.engine)
	if !hasREST && !hasGraphQL {
		t.Skip("Features says there are no native calls")
	}
	if s.Native == "" {
		t.Fatal("the adapter makes native calls, but the harness names none")
	}
	if hasGraphQL {
		result, err := graphQL.GraphQL(t.Context(), s.Native, nil)
		if err != nil || !json.Valid(result.Data) {
			t.Errorf("GraphQL: %.80q, %v", result.Data, err)
		}
	}
	if !hasREST {
		return
	}
	result, err := rest.Do(t.Context(), catalog.RESTRequest{Path: s.Native})
	if err != nil || result.Status != 200 || !json.Valid(result.Body) {
		t.Errorf("REST: status %d, %.80q, %v", result.Status, result.Body, err)
	}
	for _, path := range []string{"../../evil", "/..", "https://elsewhere.example/x", "//elsewhere.example/x", s.Native + "/../../../x", "%2e%2e/x"} {
		before := x.wire.sent()
		_, err := rest.Do(t.Context(), catalog.RESTRequest{Path: path})
		x.fails(err, fmt.Sprintf("REST with the path %q", path), catalog.ErrInvalid)
		if x.wire.sent() > before {
			t.Errorf("REST with the path %q was sent", path)
		}
	}
}

func historyInOrder(t testing.TB, s *suite) {
	x := s.open(t)
	reader, ok := catalog.As[catalog.OrderHistoryReader](x.engine)
	if !ok {
		t.Skip("Features says that there is no history")
	}
	entries := 0
	for _, id := range x.Orders.IDs() {
		var last time.Time
		for h, err := range reader.OrderHistory(t.Context(), id) {
			if err != nil {
				t.Fatalf("history of order %s: %v", id, err)
			}
			if entries++; h.At.Before(last) || h.Kind == "" || h.Platform != s.Platform || !json.Valid(h.Raw) {
				t.Errorf("history of order %s: kind %q at %v after %v, platform %q", id, h.Kind, h.At, last, h.Platform)
			}
			last = h.At
			for _, fault := range unsound(h) {
				t.Errorf("history of order %s: %s", id, fault)
			}
		}
	}
	if entries == 0 {
		t.Error("no order of the harness's server has a history")
	}
	_, err := catalog.Collect(reader.OrderHistory(t.Context(), s.UnknownID))
	x.fails(err, "history of an unknown order", catalog.ErrNotFound)
	_, err = catalog.Collect(reader.OrderHistory(t.Context(), s.MalformedIDs[0]))
	x.fails(err, "history of a malformed id", catalog.ErrInvalid)
}

// formatting prints what a host may print by accident.
func formatting(t testing.TB, s *suite) {
	x := s.open(t)
	adapter := x.NewAdapter()
	for _, v := range []any{adapter, x.engine, x.Credential, x.engine.Account(), adapter.Features()} {
		x.watch.note("%v %+v %#v", v, v, v)
		if text, err := json.Marshal(v); err == nil {
			x.watch.note("%s", text)
		}
	}
}
