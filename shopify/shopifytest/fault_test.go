package shopifytest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func newGet(t *testing.T, s *Server, path string) (*http.Request, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", "https://"+s.Shop()+path, nil)
	r.Header.Set("X-Shopify-Access-Token", s.Token())
	return r, err
}

const twoProducts = `query List { products(first: 2) { nodes { id title status priceRangeV2 { minVariantPrice { amount } } } } }`

// raw posts a query and returns the pieces, an error while reading included.
func raw(ctx context.Context, s *Server) (status int, header http.Header, body []byte, err error) {
	text, _ := json.Marshal(map[string]string{"query": twoProducts})
	req, err := http.NewRequestWithContext(ctx, "POST", "https://"+s.Shop()+path07, strings.NewReader(string(text)))
	if err != nil {
		return 0, nil, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Shopify-Access-Token", s.Token())
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	return res.StatusCode, res.Header, body, err
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		fault  Fault
		status int
		has    string
		cut    bool
		header [2]string
	}{
		{name: "429 with a decimal wait", fault: RetryAfter("2.0"), status: 429, has: "Exceeded", header: [2]string{"Retry-After", "2.0"}},
		{name: "429 without a wait", fault: RetryAfter(""), status: 429, has: "Exceeded", header: [2]string{"Retry-After", ""}},
		{name: "502", fault: BadGateway(), status: 502, has: "<!DOCTYPE", header: [2]string{"Content-Type", "text/html"}},
		{name: "503", fault: Fault{Status: 503}, status: 503},
		{name: "throttled", fault: Fault{Throttle: true}, status: 200, has: `"THROTTLED"`},
		{name: "cut before", fault: Fault{Cut: true}, cut: true},
		{name: "cut in the middle", fault: Fault{CutAfter: true}, cut: true},
		{name: "truncated", fault: Fault{Truncate: true}, status: 200, has: `{"data":`},
		{name: "html", fault: Fault{HTML: true}, status: 200, has: "<html>"},
		{name: "only errors", fault: Fault{OnlyErrors: true}, status: 200, has: `{"errors":[{"message"`},
		{name: "internal", fault: Fault{Internal: true}, status: 200, has: `"INTERNAL_SERVER_ERROR","requestId":"`},
		{name: "null at", fault: Fault{NullAt: "data.products.nodes.1.priceRangeV2"}, status: 200,
			has: `"path":["products","nodes",1,"priceRangeV2"]`},
		{name: "unknown word", fault: Fault{SetAt: "data.products.nodes.0.status", SetTo: `"SLEEPING"`}, status: 200, has: `"status":"SLEEPING"`},
		{name: "odd money", fault: Fault{SetAt: "data.products.nodes.0.priceRangeV2.minVariantPrice.amount", SetTo: `"12,50"`}, status: 200, has: `"12,50"`},
		{name: "a number for a node", fault: Fault{SetAt: "data.products.nodes.0", SetTo: `7`}, status: 200, has: `"nodes":[7,{`},
		{name: "another version", fault: Fault{Version: "2026-01"}, status: 200, has: `"data"`, header: [2]string{"X-Shopify-Api-Version", "2026-01"}},
		{name: "redirect", fault: Fault{Redirect: "https://evil.example.com/"}, status: 307, header: [2]string{"Location", "https://evil.example.com/"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{Products: 5})
			tc.fault.Operation, tc.fault.Skip, tc.fault.Times = "List", 1, 2
			s.Inject(tc.fault)
			for i := range 4 {
				status, header, body, err := raw(t.Context(), s)
				if i == 0 || i == 3 {
					if err != nil || status != 200 || !json.Valid(body) {
						t.Fatalf("request %d is hit: %d %v", i, status, err)
					}
					continue
				}
				if tc.cut {
					if err == nil {
						t.Fatalf("request %d: the connection held: %d %s", i, status, body)
					}
					continue
				}
				if err != nil || status != tc.status || !strings.Contains(string(body), tc.has) {
					t.Fatalf("request %d: %d %v %s", i, status, err, body)
				}
				if h := tc.header; h[0] != "" && header.Get(h[0]) != h[1] {
					t.Errorf("%s is %q", h[0], header.Get(h[0]))
				}
				if valid := json.Valid(body); valid == tc.fault.Truncate && tc.fault.kind() == "truncate" {
					t.Error("truncated JSON is still valid")
				}
			}
			calls := s.Calls()
			if len(calls) != 4 || calls[1].Fault == "" || calls[0].Fault != "" || calls[1].Operation != "List" {
				t.Errorf("%+v", calls)
			}
		})
	}
}

func TestFaultsLeaveOthersAlone(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 5})
	s.Inject(Fault{Operation: "Other", Status: 500, Times: -1})
	s.Inject(Fault{Operation: "oauth.client_credentials", Status: 503})
	if status, _, _, _ := raw(t.Context(), s); status != 200 {
		t.Errorf("status %d", status)
	}
	raw1 := `{"client_id":"` + s.ClientID() + `","client_secret":"` + s.ClientSecret() + `","grant_type":"client_credentials"}`
	if a := post(t, s, "/admin/oauth/access_token", "", "application/json", raw1); a.Status != 503 {
		t.Errorf("the token endpoint is not hit: %d", a.Status)
	}
	if a := post(t, s, "/admin/oauth/access_token", "", "application/json", raw1); a.Status != 200 {
		t.Errorf("%d", a.Status)
	}
}

func TestDelayEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 5})
	s.Inject(Fault{Delay: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, _, err := raw(ctx, s); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestCallsHideTheToken(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Products: 5})
	_, _, _, _ = raw(t.Context(), s)
	c := s.Calls()[0]
	if c.Header.Get("X-Shopify-Access-Token") != "REDACTED" || c.Requested != 4 || c.Actual == 0 || c.Status != 200 || c.Version != "2026-07" {
		t.Errorf("%+v", c)
	}
}
