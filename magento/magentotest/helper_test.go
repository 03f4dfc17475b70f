package magentotest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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

// start runs a server that takes bearer tokens, which keeps tests short.
func start(t testing.TB, c *Config) *Server {
	t.Helper()
	if c == nil {
		c = &Config{TB: t}
	}
	c.BearerTokens = true
	s := NewServer(c)
	t.Cleanup(s.Close)
	return s
}

type reply struct {
	status int
	header http.Header
	body   string
}

// request builds a request for a path from /V1 on, or with its own /rest.
func request(t testing.TB, s *Server, method, path, body string) *http.Request {
	t.Helper()
	if s.cfg.Edition != SaaS && strings.HasPrefix(path, "/V1") {
		path = "/rest/all" + path
	}
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.StoreURL()+path, in)
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func bearer(r *http.Request, token string) *http.Request {
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func send(s *Server, r *http.Request) (reply, error) {
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

func mustSend(t testing.TB, s *Server, r *http.Request) reply {
	t.Helper()
	res, err := send(s, r)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func do(t testing.TB, s *Server, method, path, body string) reply {
	t.Helper()
	token := s.AccessToken()
	if s.cfg.Edition == SaaS {
		token = s.IssueIMSToken()
	}
	return mustSend(t, s, bearer(request(t, s, method, path, body), token))
}

func get(t testing.TB, s *Server, path string) reply {
	t.Helper()
	return do(t, s, http.MethodGet, path, "")
}

func decode[T any](t testing.TB, r reply) T {
	t.Helper()
	var v T
	if r.status != http.StatusOK {
		t.Fatalf("status %d: %.400s", r.status, r.body)
	}
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("%v in %.400s", err, r.body)
	}
	return v
}

// page is any list of records.
type page struct {
	Items []struct {
		ID        int64
		EntityID  int64 `json:"entity_id"`
		SKU       string
		Name      string
		Price     json.Number
		State     string
		UpdatedAt string `json:"updated_at"`
	}
	SearchCriteria json.RawMessage `json:"search_criteria"`
	TotalCount     int             `json:"total_count"`
}

func (p *page) ids() []int64 {
	var out []int64
	for _, i := range p.Items {
		out = append(out, i.ID+i.EntityID)
	}
	return out
}

// sc builds search criteria: filters as field, condition, value, each in a
// group of its own.
func sc(size, current int, sort string, filters ...string) string {
	q := []string{}
	for i := 0; i+2 < len(filters); i += 3 {
		for n, name := range []string{"field", "condition_type", "value"} {
			q = append(q, fmt.Sprintf("searchCriteria[filter_groups][%d][filters][0][%s]=%s", i/3, name, encode(filters[i+n])))
		}
	}
	if sort != "" {
		field, dir, _ := strings.Cut(sort, " ")
		q = append(q, "searchCriteria[sortOrders][0][field]="+field, "searchCriteria[sortOrders][0][direction]="+dir)
	}
	if size > 0 {
		q = append(q, "searchCriteria[pageSize]="+strconv.Itoa(size))
	}
	if current > 0 {
		q = append(q, "searchCriteria[currentPage]="+strconv.Itoa(current))
	}
	for i := range q {
		k, v, _ := strings.Cut(q[i], "=")
		q[i] = encode(k) + "=" + v
	}
	return "?" + strings.Join(q, "&")
}

var nonces atomic.Int64

// signOAuth signs by a profile: "rfc", "legacy" or "248". It is written from
// the standard and the fact that a profile changes, not from the server's code.
func signOAuth(r *http.Request, s *Server, profile string) *http.Request {
	p := map[string]string{
		"oauth_consumer_key": s.ConsumerKey(), "oauth_token": s.AccessToken(), "oauth_signature_method": "HMAC-SHA256",
		"oauth_timestamp": strconv.FormatInt(s.now().Unix(), 10), "oauth_nonce": "n" + strconv.FormatInt(nonces.Add(1), 10), "oauth_version": "1.0",
	}
	signWith(r, p, s.ConsumerSecret(), s.AccessTokenSecret(), profile)
	return r
}

func signWith(r *http.Request, p map[string]string, secret, tokenSecret, profile string) {
	type kv struct{ k, v string }
	var all []kv
	for part := range strings.SplitSeq(r.URL.RawQuery, "&") {
		if k, v, ok := strings.Cut(part, "="); ok {
			dk, _ := url.PathUnescape(k)
			dv, _ := url.PathUnescape(v)
			all = append(all, kv{dk, dv})
		}
	}
	for k, v := range p {
		all = append(all, kv{k, v})
	}
	slices.SortFunc(all, func(a, b kv) int {
		switch profile {
		case "248":
			return strings.Compare(a.k, b.k)
		case "legacy":
			return naturalCompare(encode(a.k), encode(b.k))
		}
		return strings.Compare(encode(a.k), encode(b.k))
	})
	var parts []string
	for _, x := range all {
		parts = append(parts, encode(x.k)+"="+encode(x.v))
	}
	path := r.URL.EscapedPath()
	if profile == "legacy" {
		path = strings.NewReplacer("%2F", "/", "%2B", "+").Replace(path)
	}
	base := r.Method + "&" + encode(r.URL.Scheme+"://"+r.URL.Host+path) + "&" + encode(strings.Join(parts, "&"))
	p["oauth_signature"] = hmacSHA256(base, secret, tokenSecret)
	var header []string
	for k, v := range p {
		header = append(header, k+`="`+encode(v)+`"`)
	}
	r.Header.Set("Authorization", "OAuth "+strings.Join(header, ", "))
}

type apiError struct {
	Message    string
	Parameters json.RawMessage
	Errors     []struct {
		Message    string
		Parameters map[string]string
	}
	Trace string
}

func failure(t testing.TB, r reply, status int) apiError {
	t.Helper()
	var e apiError
	if r.status != status {
		t.Fatalf("status %d, want %d: %.300s", r.status, status, r.body)
	}
	if err := json.Unmarshal([]byte(r.body), &e); err != nil {
		t.Fatalf("%v in %.300s", err, r.body)
	}
	return e
}

// quiet makes a server that only records violations.
func quiet(c Config) *Config {
	c.TB = nil
	return &c
}

func wantViolation(t testing.TB, s *Server, part string) {
	t.Helper()
	for _, v := range s.Violations() {
		if strings.Contains(v, part) {
			return
		}
	}
	t.Errorf("no violation with %q in %q", part, s.Violations())
}
