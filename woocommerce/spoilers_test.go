package woocommerce_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// clock is under the test's control.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) push(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// rewritten passes a list's answer through a function.
func rewritten(base http.RoundTripper, r *http.Request, path string, change func(rows []map[string]json.RawMessage) []map[string]json.RawMessage) (*http.Response, error) {
	resp, err := base.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/wc/v3"+path) || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body.Close()
	var rows []map[string]json.RawMessage
	if err := json.Unmarshal(body, &rows); err != nil {
		return nil, err
	}
	body, _ = json.Marshal(change(rows))
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, nil
}

// hider leaves products out of pages, as a store does that may not show them.
type hider struct {
	http.RoundTripper
	every int64
}

func (h *hider) hides(id string) bool {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n/7%h.every == 0
}

func (h *hider) RoundTrip(r *http.Request) (*http.Response, error) {
	return rewritten(h.RoundTripper, r, "/products", func(rows []map[string]json.RawMessage) []map[string]json.RawMessage {
		return slices.DeleteFunc(rows, func(row map[string]json.RawMessage) bool { return h.hides(string(row["id"])) })
	})
}

// reorderer turns pages around, as a plugin does that has its own order.
type reorderer struct{ http.RoundTripper }

func (o *reorderer) RoundTrip(r *http.Request) (*http.Response, error) {
	return rewritten(o.RoundTripper, r, "/products", func(rows []map[string]json.RawMessage) []map[string]json.RawMessage {
		slices.Reverse(rows)
		return rows
	})
}

// latecomer makes the last row of every third page show the time of now.
type latecomer struct {
	http.RoundTripper
	now  func() time.Time
	seen int
	n    int
}

func (l *latecomer) RoundTrip(r *http.Request) (*http.Response, error) {
	return rewritten(l.RoundTripper, r, "/products", func(rows []map[string]json.RawMessage) []map[string]json.RawMessage {
		if l.seen++; l.seen%3 == 1 && len(rows) > 0 {
			l.n++
			rows[len(rows)-1]["date_modified_gmt"] = json.RawMessage(l.now().Format(`"2006-01-02T15:04:05"`))
		}
		return rows
	})
}

// deaf drops the filter by change from requests.
type deaf struct{ http.RoundTripper }

func (d *deaf) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	q := r.URL.Query()
	q.Del("modified_after")
	r.URL.RawQuery = q.Encode()
	return d.RoundTripper.RoundTrip(r)
}
