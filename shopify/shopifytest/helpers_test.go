package shopifytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// testClock is a clock that moves only when told to.
type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *testClock { return &testClock{now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)} }

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func start(t testing.TB, cfg *Config) *Server {
	t.Helper()
	s := NewServer(cfg)
	t.Cleanup(s.Close)
	return s
}

type answer struct {
	Status     int
	Header     http.Header
	Raw        []byte
	Data       json.RawMessage
	Errors     []answerError
	Extensions struct {
		Cost struct {
			Requested int  `json:"requestedQueryCost"`
			Actual    *int `json:"actualQueryCost"`
			Throttle  struct {
				Maximum   json.Number `json:"maximumAvailable"`
				Available json.Number `json:"currentlyAvailable"`
				Restore   json.Number `json:"restoreRate"`
			} `json:"throttleStatus"`
		}
		Search []struct {
			Path     []any
			Warnings []struct{ Field, Code string }
		}
	}
}

type answerError struct {
	Message    string
	Path       []any
	Extensions map[string]any
}

// post sends a raw body with a token to a path of the shop.
func post(t testing.TB, s *Server, path, token, contentType, body string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", "https://"+s.Shop()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	if token != "" {
		req.Header.Set("X-Shopify-Access-Token", token)
	}
	res, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{Status: res.StatusCode, Header: res.Header, Raw: raw}
	if bytes.HasPrefix(raw, []byte(`{"data`)) || bytes.HasPrefix(raw, []byte(`{"errors":[`)) {
		if err := json.Unmarshal(raw, &a); err != nil {
			t.Fatalf("the answer is not JSON: %v\n%s", err, raw)
		}
	}
	return a
}

func ask(t testing.TB, s *Server, query string, vars map[string]any) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		t.Fatal(err)
	}
	return post(t, s, "/admin/api/2026-07/graphql.json", s.Token(), "application/json", string(body))
}

// into decodes the data of an answer that must be clean.
func into[T any](t testing.TB, a answer) T {
	t.Helper()
	var v T
	if len(a.Errors) > 0 || a.Status != 200 {
		t.Fatalf("status %d, errors %v\n%s", a.Status, a.Errors, a.Raw)
	}
	if err := json.Unmarshal(a.Data, &v); err != nil {
		t.Fatalf("%v\n%s", err, a.Data)
	}
	return v
}
