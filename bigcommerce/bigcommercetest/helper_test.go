package bigcommercetest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is time under a test's control.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	c.t = c.t.Add(d)
	c.mu.Unlock()
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	c.t = t
	c.mu.Unlock()
}

func start(t testing.TB, c *Config) *Server {
	t.Helper()
	s := NewServer(c)
	t.Cleanup(s.Close)
	return s
}

type reply struct {
	status int
	header http.Header
	body   string
}

// decode reads the body into v.
func (r reply) decode(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.body), v); err != nil {
		t.Fatalf("status %d, %v in %.300s", r.status, err, r.body)
	}
}

// send makes a request with a token and the headers the API wants.
func send(ctx context.Context, s *Server, token, method, path, body string) (reply, error) {
	r, err := newRequest(ctx, s.Store, token, method, path, body)
	if err != nil {
		return reply{}, err
	}
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return roundTrip(client, r)
}

func newRequest(ctx context.Context, s *Store, token, method, path, body string) (*http.Request, error) {
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, s.StoreURL()+path, in)
	if err != nil {
		return nil, err
	}
	r.Header.Set("X-Auth-Token", token)
	r.Header.Set("Accept", "application/json")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, nil
}

func roundTrip(client *http.Client, r *http.Request) (reply, error) {
	res, err := client.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, string(b)}, err
}

func do(t testing.TB, s *Server, method, path, body string) reply {
	t.Helper()
	res, err := send(t.Context(), s, s.Token(), method, path, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return res
}

func fetch(t testing.TB, s *Server, path string) reply {
	t.Helper()
	return do(t, s, http.MethodGet, path, "")
}

// meta is what V3 says about a page.
type meta struct {
	Pagination *struct {
		Total       int `json:"total"`
		Count       int `json:"count"`
		PerPage     int `json:"per_page"`
		CurrentPage int `json:"current_page"`
		TotalPages  int `json:"total_pages"`
		Links       struct{ Previous, Current, Next string }
	} `json:"pagination"`
	Cursors *struct {
		Count   int    `json:"count"`
		PerPage int    `json:"per_page"`
		Start   string `json:"start_cursor"`
		End     string `json:"end_cursor"`
		Links   struct{ Previous, Next string }
	} `json:"cursor_pagination"`
}

type pageOf[T any] struct {
	Data []T  `json:"data"`
	Meta meta `json:"meta"`
}

type idOnly struct {
	ID int64 `json:"id"`
}

func v3[T any](t testing.TB, s *Server, path string) pageOf[T] {
	t.Helper()
	var out pageOf[T]
	r := fetch(t, s, path)
	if r.status != http.StatusOK {
		t.Fatalf("GET %s: %d %.300s", path, r.status, r.body)
	}
	r.decode(t, &out)
	return out
}

func v2[T any](t testing.TB, s *Server, path string) []T {
	t.Helper()
	r := fetch(t, s, path)
	if r.status == http.StatusNoContent {
		return nil
	}
	if r.status != http.StatusOK {
		t.Fatalf("GET %s: %d %.300s", path, r.status, r.body)
	}
	var out []T
	r.decode(t, &out)
	return out
}

func ids(list []idOnly) []int64 {
	out := []int64{}
	for _, v := range list {
		out = append(out, v.ID)
	}
	return out
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func body(text string) io.ReadCloser { return io.NopCloser(strings.NewReader(text)) }
