package salla_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/salla/sallatest"
)

// recorded is a request that was sent. It holds no token.
type recorded struct {
	Method, URL string
	Header      http.Header
	Body        []byte
	Bearer      bool // it carried a bearer token
}

// recorder sends requests on and keeps them. It is safe for concurrent use.
type recorder struct {
	to http.RoundTripper

	mu       sync.Mutex
	requests []recorded
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	one := recorded{Method: req.Method, URL: req.URL.String(), Header: req.Header.Clone(),
		Bearer: strings.HasPrefix(req.Header.Get("Authorization"), "Bearer ")}
	one.Header.Del("Authorization")
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		if err := req.Body.Close(); err != nil {
			return nil, err
		}
		one.Body = body
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	r.mu.Lock()
	r.requests = append(r.requests, one)
	r.mu.Unlock()
	return r.to.RoundTrip(req)
}

// check holds all that was recorded against the description and reports the
// numbers. Requests the description does not cover are counted apart.
func (r *recorder) check(t testing.TB, a *api, what string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	valid, covered, total := 0, 0, len(r.requests)
	for _, one := range r.requests {
		err := a.request(t.Context(), one)
		if errors.Is(err, errNotCovered) {
			continue
		}
		if covered++; err != nil {
			t.Errorf("%s %s: %v", one.Method, one.URL, err)
			continue
		}
		valid++
	}
	specs.Report(t, "salla %s %d/%d, %d more are not in the vendor's description", what, valid, covered, total-covered)
}

const base = "https://" + sallatest.APIHost + "/admin/v2"

func send(t testing.TB, through http.RoundTripper, token, method, path, body string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := through.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, answer
}

func TestRequestsAreHeldAgainstTheDescription(t *testing.T) {
	t.Parallel()
	a := loadAPI(t)
	tests := map[string]struct {
		method, path, body, token string
		want                      string // in the error; "" for none
	}{
		"a list":                     {"GET", "/customers?page=2&per_page=60&keyword=x", "", "t", ""},
		"a list of words":            {"GET", "/customers?fields[]=is_blocked&fields[]=block_reason", "", "t", ""},
		"a required parameter":       {"GET", "/orders/items?order_id=1764372897", "", "t", ""},
		"without it":                 {"GET", "/orders/items", "", "t", "order_id"},
		"an unknown parameter":       {"GET", "/customers?updated_since=2026-01-01", "", "t", "no query parameter updated_since"},
		"a word for a number":        {"GET", "/orders/items?order_id=abc", "", "t", "order_id"},
		"a word outside the enum":    {"GET", "/shipments?status=sent", "", "t", "status"},
		"a body":                     {"PUT", "/products/quantities/variant/1", `{"quantity":13}`, "t", ""},
		"a body of the wrong type":   {"PUT", "/products/quantities/variant/1", `{"quantity":"many"}`, "t", "quantity"},
		"a body without its field":   {"POST", "/orders/1/histories", `{"text":"x"}`, "t", "note"},
		"a subscription":             {"POST", "/webhooks/subscribe", `{"name":"n","event":"order.created","url":"https://h.example.com/","version":2}`, "t", ""},
		"of an unknown version":      {"POST", "/webhooks/subscribe", `{"name":"n","event":"order.created","url":"https://h.example.com/","version":3}`, "t", "version"},
		"without a token":            {"GET", "/customers", "", "", "bearer"},
		"a path that is not covered": {"GET", "/products?page=1", "", "t", errNotCovered.Error()},
		"a method not covered":       {"POST", "/store/info", "{}", "t", errNotCovered.Error()},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &recorder{to: silence{}}
			send(t, r, tt.token, tt.method, tt.path, tt.body)
			err := a.request(t.Context(), r.requests[0])
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if r.requests[0].Header.Get("Authorization") != "" {
				t.Error("the token was kept")
			}
		})
	}
}

// silence answers everything with an empty 200.
type silence struct{}

func (silence) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}
