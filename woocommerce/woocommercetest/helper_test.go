package woocommercetest

import (
	"bytes"
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

// send sends a request to a path of wc/v3 with the first key over Basic.
func send(ctx context.Context, s *Server, method, path, body string) (reply, error) {
	r, err := http.NewRequestWithContext(ctx, method, s.StoreURL()+"/wp-json/wc/v3"+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.SetBasicAuth(s.ConsumerKey(), s.ConsumerSecret())
	return roundTrip(s, r)
}

func roundTrip(s *Server, r *http.Request) (reply, error) {
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
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
	res, err := send(t.Context(), s, method, path, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return res
}

func get(t testing.TB, s *Server, path string) reply {
	t.Helper()
	return do(t, s, "GET", path, "")
}

func decode[T any](t testing.TB, r reply) T {
	t.Helper()
	var v T
	d := json.NewDecoder(bytes.NewReader([]byte(r.body)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("status %d: %v in %.300s", r.status, err, r.body)
	}
	return v
}

type object = map[string]any

// walk reads every page of a list and returns the ids in order.
func walk(t testing.TB, s *Server, path string) []int64 {
	t.Helper()
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	var ids []int64
	for n := 1; ; n++ {
		r := get(t, s, path+sep+"_fields=id&page="+strconv.Itoa(n))
		if r.status != http.StatusOK {
			t.Fatalf("%s page %d: %d %.300s", path, n, r.status, r.body)
		}
		for _, rec := range decode[[]struct{ ID int64 }](t, r) {
			ids = append(ids, rec.ID)
		}
		if pages, _ := strconv.Atoi(r.header.Get("X-WP-TotalPages")); n >= pages {
			return ids
		}
	}
}

type failure struct {
	Code    string
	Message string
	Data    json.RawMessage
}

// fails asserts the status and code of an error.
func fails(t testing.TB, r reply, status int, code string) failure {
	t.Helper()
	f := decode[failure](t, r)
	if r.status != status || f.Code != code {
		t.Errorf("got %d %s, want %d %s: %.300s", r.status, f.Code, status, code, r.body)
	}
	return f
}

func itoa64(n int64) string { return strconv.FormatInt(n, 10) }
