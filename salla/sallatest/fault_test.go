package sallatest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFaultAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		fault  Fault
		status int
		header http.Header
		body   string
	}{
		{"throttle, seconds", Throttle("7"), 429, http.Header{"Retry-After": {"7"}}, `"success":false`},
		{"throttle, decimal", Throttle("2.0"), 429, http.Header{"Retry-After": {"2.0"}}, ""},
		{"throttle, date", Throttle("Fri, 20 Nov 2026 12:00:00 GMT"), 429, http.Header{"Retry-After": {"Fri, 20 Nov 2026 12:00:00 GMT"}}, ""},
		{"throttle, silent", Throttle(""), 429, http.Header{"Retry-After": nil}, ""},
		{"throttle, html", ThrottleHTML("1"), 429, http.Header{"Content-Type": {"text/html; charset=UTF-8"}, "Retry-After": {"1"}}, "<html>"},
		{"token", TokenInvalid(), 401, nil, msgInvalidToken},
		{"token, other code", TokenInvalidCode(), 401, nil, `"Invalid-token"`},
		{"gone", StoreGone(), 401, nil, msgGone},
		{"inactive", StoreInactive(), 401, nil, "غير مفعل"},
		{"scope", ScopeMissing("orders.read"), 401, nil, msgScope + "orders.read"},
		{"forbidden", Forbidden(), 403, nil, `"success":false`},
		{"not found", NotFound(), 404, nil, msgNotFoundAR},
		{"invalid", Invalid(map[string][]string{`products.0."x"`: {"must be\n\"y\""}}), 422, nil, `"products.0.\"x\"":["must be\n\"y\""]`},
		{"server error", ServerError(503), 503, http.Header{"Content-Type": {"text/html; charset=UTF-8"}}, "<h1>503"},
		{"html page", HTMLPage(), 200, http.Header{"Content-Type": {"text/html; charset=UTF-8"}}, "<html>"},
		{"redirect", Redirect("https://evil.example.com/"), 302, http.Header{"Location": {"https://evil.example.com/"}}, ""},
		{"no success", Fault{NotSuccess: true}, 200, nil, `"status":200,"success":false,"data":{`},
		{"replaced", Replaced("data.plan", `["odd"]`), 200, nil, `"plan":["odd"],"type"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{TB: t})
			s.Inject(tt.fault)
			r := get(t, s, "/store/info")
			if r.status != tt.status || !strings.Contains(r.body, tt.body) {
				t.Errorf("%d %s", r.status, r.body)
			}
			for name, want := range tt.header {
				if diff := cmp.Diff(want, r.header[name]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
			if r := get(t, s, "/store/info"); r.status != 200 || !strings.Contains(r.body, `"success":true`) {
				t.Errorf("the fault stays: %d %s", r.status, r.body)
			}
			if calls := s.Calls(); !calls[0].Injected || calls[1].Injected {
				t.Error("calls do not say which was injected")
			}
		})
	}
}

func TestFaultMatching(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	f := NotFound().On("GET", "/orders/*/histories").Repeat(2)
	f.Skip = 1
	s.Inject(f)
	path := "/orders/" + itoa64(s.Orders()[0].ID)
	var got []int
	for _, p := range []string{path, path + "/histories", path + "/histories", "/orders", path + "/histories", path + "/histories"} {
		got = append(got, get(t, s, p).status)
	}
	if diff := cmp.Diff([]int{200, 200, 404, 200, 404, 200}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.Inject(ServerError(500).Repeat(-1))
	for range 3 {
		if r := get(t, s, "/orders"); r.status != 500 {
			t.Errorf("status %d", r.status)
		}
	}
	s.ClearFaults()
	if r := get(t, s, "/orders"); r.status != 200 {
		t.Errorf("after ClearFaults: %d", r.status)
	}
	if l := s.Ledger(); l.Injected != 5 || l.Answered != 5 {
		t.Errorf("ledger %+v", l)
	}
}

func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	for _, cut := range []Cut{CutBefore, CutMiddle} {
		s.Inject(Disconnect(cut).On("GET", "/products").Repeat(2)) // the client may try again by itself
		if _, err := send(t.Context(), s, s.Token(), "GET", "/products", ""); err == nil {
			t.Errorf("cut %d: no error", cut)
		}
		s.ClearFaults()
	}
	s.Inject(Fault{Truncate: true})
	if r := get(t, s, "/products"); r.status != 200 || json.Valid([]byte(r.body)) || r.header.Get("Content-Length") != itoa(len(r.body)) {
		t.Errorf("truncated: %d, %d bytes", r.status, len(r.body))
	}
	s.Inject(Fault{Delay: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := send(ctx, s, s.Token(), "GET", "/products", ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("delayed: %v", err)
	}
}

func TestLostAnswerOfARefresh(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	p := s.IssueTokens()
	f := ServerError(502).On("POST", "/oauth2/token")
	f.After = true
	s.Inject(f)
	form := func() url.Values {
		return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {p.RefreshToken}}
	}
	if r := token(t, s, form()); r.status != 502 {
		t.Fatalf("status %d", r.status)
	}
	if r := token(t, s, form()); r.status != 401 || s.RefreshReuses() != 1 {
		t.Errorf("the lost refresh did not count: %d", r.status)
	}
}
