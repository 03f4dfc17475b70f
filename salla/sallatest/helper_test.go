package sallatest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
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

// do sends an API request with the token and the headers Salla wants.
func do(t testing.TB, s *Server, token, method, path, body string) reply {
	t.Helper()
	res, err := send(t.Context(), s, token, method, path, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return res
}

func send(ctx context.Context, s *Server, token, method, path, body string) (reply, error) {
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, "https://"+APIHost+apiPrefix+path, in)
	if err != nil {
		return reply{}, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/json")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return roundTrip(client, r)
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

func get(t testing.TB, s *Server, path string) reply {
	t.Helper()
	return do(t, s, s.Token(), http.MethodGet, path, "")
}

// token posts to the token endpoint.
func token(t testing.TB, s *Server, form url.Values) reply {
	t.Helper()
	if !form.Has("client_id") {
		form.Set("client_id", s.ClientID())
		form.Set("client_secret", s.ClientSecret())
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+AccountsHost+"/oauth2/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := roundTrip(s.Client(), r)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func decode[T any](t testing.TB, r reply) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("status %d: %v in %.300s", r.status, err, r.body)
	}
	return v
}

type listing struct {
	Status  int
	Success bool
	Data    []struct {
		ID     int64
		Name   string
		Status json.RawMessage
	}
	Pagination struct {
		Count, Total, PerPage, CurrentPage, TotalPages int
		Links                                          json.RawMessage
	}
}

// walk reads every page and returns the ids in order.
func walk(t testing.TB, s *Server, path string) []int64 {
	t.Helper()
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	var ids []int64
	for n := 1; ; n++ {
		l := decode[listing](t, get(t, s, path+sep+url.Values{"page": {itoa(n)}}.Encode()))
		for _, r := range l.Data {
			ids = append(ids, r.ID)
		}
		if l.Pagination.CurrentPage >= l.Pagination.TotalPages {
			return ids
		}
	}
}

func newRequest(t testing.TB, s *Server, path string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+APIHost+apiPrefix+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.Token())
	r.Header.Set("Accept", "application/json")
	return r
}
