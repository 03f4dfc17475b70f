package bigcommercetest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestFaultAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault  Fault
		status int
		check  func(r reply) bool
	}{
		"throttle": {Throttle(1500, "2"), 429, func(r reply) bool {
			return r.header.Get("X-Rate-Limit-Time-Reset-Ms") == "1500" && r.header.Get("X-Retry-After") == "2"
		}},
		"throttle by decimal":    {Throttle(0, "2.5"), 429, func(r reply) bool { return r.header.Get("X-Retry-After") == "2.5" }},
		"overload":               {Overload(), 429, func(r reply) bool { return r.header.Get("X-Rate-Limit-Time-Reset-Ms") == "" }},
		"throttle in HTML":       {ThrottleHTML("3"), 429, func(r reply) bool { return strings.HasPrefix(r.body, "<!DOCTYPE") }},
		"bad token":              {TokenInvalid(), 401, func(r reply) bool { return r.body[0] == '{' }},
		"bad token in V2":        {TokenInvalidV2(), 401, func(r reply) bool { return r.body[0] == '[' }},
		"bad token in plain":     {TokenInvalidText(), 401, func(r reply) bool { return !json.Valid([]byte(r.body)) }},
		"scope":                  {ScopeMissing(), 403, func(r reply) bool { return strings.Contains(r.body, "scope") }},
		"scope in V2":            {ScopeMissingV2(), 403, func(r reply) bool { return r.body[0] == '[' }},
		"not found":              {NotFound(), 404, func(r reply) bool { return r.body[0] == '{' }},
		"not found in V2":        {NotFoundV2(), 404, func(r reply) bool { return r.body[0] == '[' }},
		"not found, empty":       {NotFoundEmpty(), 404, func(r reply) bool { return r.body == "" }},
		"invalid":                {Invalid("No", map[string]string{"name": "x"}), 422, func(r reply) bool { return strings.Contains(r.body, `"errors":{"name":"x"}`) }},
		"another status in body": {InvalidV2("No"), 400, func(r reply) bool { return strings.Contains(r.body, `"status":404`) }},
		"bare object":            {BareV2(400, "No"), 400, func(r reply) bool { return r.body[0] == '{' && strings.Contains(r.body, `"message"`) }},
		"conflict":               {Conflict("dup"), 409, func(r reply) bool { return true }},
		"plan limit":             {PlanLimit(), 507, func(r reply) bool { return true }},
		"gateway":                {ServerError(502), 502, func(r reply) bool { return r.header.Get("Content-Type") == "text/html; charset=UTF-8" }},
		"HTML":                   {HTMLPage(), 200, func(r reply) bool { return r.body[0] == '<' }},
		"redirect":               {Redirect("https://evil.example.com/"), 302, func(r reply) bool { return r.header.Get("Location") != "" }},
		"truncated":              {Truncated(), 200, func(r reply) bool { return !json.Valid([]byte(r.body)) }},
		"replaced":               {Replaced("data.1.price", `"1e400"`), 200, func(r reply) bool { return strings.Contains(r.body, `"price":"1e400"`) }},
		"null":                   {Nulled("data.0.variants"), 200, func(r reply) bool { return true }},
		"null id":                {Nulled("data.0.id"), 200, func(r reply) bool { return strings.HasPrefix(r.body, `{"data":[{"id":null,`) }},
		"no headers":             {WithoutRateHeaders(), 200, func(r reply) bool { return r.header.Get("X-Rate-Limit-Requests-Left") == "" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{TB: t, Products: 3})
			s.Inject(test.fault.On("GET", "/v3/catalog/*"))
			r := fetch(t, s, "/v3/catalog/products")
			if r.status != test.status || !test.check(r) {
				t.Errorf("%d %v %.300s", r.status, r.header, r.body)
			}
			if r := fetch(t, s, "/v3/catalog/products"); r.status != 200 || !json.Valid([]byte(r.body)) {
				t.Errorf("after it: %d", r.status)
			}
		})
	}
}

func TestFaultsThatCut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		cut     Cut
		applied bool
	}{{CutBefore, false}, {CutAfter, true}, {CutMiddle, true}} {
		s := start(t, &Config{Orders: 3})
		s.Inject(Disconnect(test.cut).On("PUT", "/v2/orders/*"))
		if r, err := send(t.Context(), s, s.Token(), "PUT", "/v2/orders/101", `{"staff_notes":"cut"}`); err == nil {
			t.Errorf("cut %d: answered %d", test.cut, r.status)
		}
		if got := s.Order(101).StaffNotes == "cut"; got != test.applied {
			t.Errorf("cut %d: applied %v", test.cut, got)
		}
	}
	s := start(t, &Config{Orders: 3})
	s.Inject(LostAnswer(502))
	if r := do(t, s, "PUT", "/v2/orders/101", `{"staff_notes":"lost"}`); r.status != 502 || s.Order(101).StaffNotes != "lost" {
		t.Errorf("a lost answer: %d", r.status)
	}
}

func TestFaultMatching(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 2})
	s.Inject(NotFound().On("GET", "/v3/catalog/products").Skipping(1).Repeat(2))
	var got []int
	for range 4 {
		got = append(got, fetch(t, s, "/v3/catalog/products").status)
	}
	if got[0] != 200 || got[1] != 404 || got[2] != 404 || got[3] != 200 {
		t.Errorf("statuses %v", got)
	}
	s.Inject(Fault{StoreHash: "other", Status: 500, Times: -1})
	s.Inject(Fault{Method: "POST", Status: 500, Times: -1})
	if r := fetch(t, s, "/v2/store"); r.status != 200 {
		t.Errorf("another store's fault: %d", r.status)
	}
	s.ClearFaults()
	s.Inject(Fault{Status: 503, Times: -1})
	for range 2 {
		if r := fetch(t, s, "/v2/store"); r.status != 503 {
			t.Errorf("a fault for ever ended: %d", r.status)
		}
	}
	s.ClearFaults()
	if r := fetch(t, s, "/v2/store"); r.status != 200 {
		t.Errorf("cleared: %d", r.status)
	}
	if l := s.Ledger(); l.Injected != 4 {
		t.Errorf("ledger %+v", l)
	}
}

func TestDelayEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	s.Inject(Fault{Delay: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	r, err := newRequest(ctx, s.Store, s.Token(), "GET", "/v2/store", "")
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(time.Millisecond, cancel)
	if _, err := s.Client().Do(r); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestGzip(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Gzip: true, Products: 3})
	r, err := newRequest(t.Context(), s.Store, s.Token(), "GET", "/v3/catalog/products", "")
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var p pageOf[idOnly]
	if err := json.NewDecoder(res.Body).Decode(&p); err != nil || !res.Uncompressed || len(p.Data) != 3 {
		t.Errorf("%v, uncompressed %v, %d products", err, res.Uncompressed, len(p.Data))
	}
	if res.StatusCode != http.StatusOK {
		t.Error(res.Status)
	}
}
