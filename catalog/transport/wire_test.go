package transport_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// listener serves raw connections: script gets each connection and its
// number, from 1, after the request's head and body were read when read is
// true.
func listener(t *testing.T, read bool, script func(c net.Conn, n int)) (url string, requests *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	requests = new(atomic.Int32)
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer c.Close()
				if !read {
					script(c, int(requests.Add(1)))
					return
				}
				in := bufio.NewReader(c)
				for {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					n := int(requests.Add(1))
					script(c, n)
					if n == 1 && r.Header.Get("X-Keep") == "" {
						return
					}
				}
			})
		}
	})
	t.Cleanup(func() { l.Close(); open.Wait() })
	return "http://" + l.Addr().String() + "/", requests
}

func reply(c net.Conn, body string) {
	_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// A write whose answer is lost is never sent again; a read is.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		first func(net.Conn)
	}{
		{"cut before the answer", func(net.Conn) {}},
		{"cut in the headers", func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Le") }},
		{"cut in the body", func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":")
		}},
		{"cut in a chunk", func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\"half\":")
		}},
		{"not HTTP", func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-OpenSSH\r\n\r\n") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, write := range []bool{false, true} {
				url, requests := listener(t, true, func(c net.Conn, n int) {
					if n == 1 {
						tt.first(c)
						return
					}
					reply(c, `{}`)
				})
				c := client(t, transport.Config{})
				req := &transport.Request{Op: "op", URL: address(t, url)}
				if write {
					req.Method, req.Body = http.MethodPost, []byte(`{"a":1}`)
				}
				resp, err := c.Do(t.Context(), req)
				switch {
				case write && (!errors.Is(err, catalog.ErrOutcomeUnknown) || requests.Load() != 1):
					t.Errorf("write: %d requests, %v", requests.Load(), err)
				case !write && (err != nil || requests.Load() != 2 || string(resp.Body) != "{}"):
					t.Errorf("read: %d requests, %v", requests.Load(), err)
				}
			}
		})
	}
}

// refusingDialer fails its first dials.
func refusingDialer(failures int32) (*http.Transport, *atomic.Int32) {
	var dials atomic.Int32
	tr := transport.NewHTTPTransport()
	dial := tr.DialContext
	tr.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if dials.Add(1) <= failures {
			return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
		}
		return dial(ctx, network, addr)
	}
	return tr, &dials
}

// Nothing was written when the dial failed, so a write may be sent after all.
func TestWriteAfterFailedDial(t *testing.T) {
	t.Parallel()
	url, requests := listener(t, true, func(c net.Conn, n int) { reply(c, `{}`) })
	tr, dials := refusingDialer(1)
	c := client(t, transport.Config{Transport: tr})
	req := &transport.Request{Op: "op", Method: http.MethodPost, URL: address(t, url), Body: []byte(`{}`)}
	if _, err := c.Do(t.Context(), req); err != nil || requests.Load() != 1 || dials.Load() != 2 {
		t.Errorf("%d requests, %d dials, %v", requests.Load(), dials.Load(), err)
	}
}

// net/http repeats by itself what it finds replayable, on a kept-alive
// connection that dies: a write must not look so, not even with an
// idempotency key that the adapter does not vouch for.
func TestNetHTTPReplaysNoWrite(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		for _, body := range []string{"", `{"a":1}`} {
			url, requests := listener(t, true, func(c net.Conn, n int) {
				if n == 1 {
					reply(c, `{}`)
					return
				}
				_ = c.Close() // the second request on the connection, read and not answered
			})
			c := client(t, transport.Config{})
			warm := &transport.Request{Op: "warm", URL: address(t, url), Header: http.Header{"X-Keep": {"1"}}}
			if _, err := c.Do(t.Context(), warm); err != nil {
				t.Fatal(err)
			}
			req := &transport.Request{Op: "op", Method: method, URL: address(t, url), Body: []byte(body), Header: http.Header{
				"X-Keep": {"1"}, "Idempotency-Key": {"k"}, "X-Idempotency-Key": {"k"}}}
			_, err := c.Do(t.Context(), req)
			if !errors.Is(err, catalog.ErrOutcomeUnknown) || requests.Load() != 2 {
				t.Errorf("%s %q: %d requests, %v", method, body, requests.Load(), err)
			}
			if len(req.Header) != 3 || req.Header.Get("Idempotency-Key") != "k" {
				t.Errorf("the caller's header was changed: %v", req.Header)
			}
		}
	}
}

func TestIdempotencyKeyReachesThePlatform(t *testing.T) {
	t.Parallel()
	var got atomic.Value
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got.Store(r.Header.Get("Idempotency-Key")) }))
	defer s.Close()
	req := &transport.Request{Op: "op", Method: http.MethodPost, URL: address(t, s.URL), Header: http.Header{"Idempotency-Key": {"k-1"}}}
	if _, err := client(t, transport.Config{}).Do(t.Context(), req); err != nil || got.Load() != "k-1" {
		t.Errorf("%v, %v", got.Load(), err)
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0123456789", 5000)
	handler := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/length":
			w.Header().Set("Content-Length", strconv.Itoa(len(long)))
			_, _ = io.WriteString(w, long)
		case "/chunked":
			w.(http.Flusher).Flush()
			_, _ = io.WriteString(w, long)
		case "/gzip":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, long)
			_ = z.Close()
		case "/none":
			w.WriteHeader(http.StatusNoContent)
		}
	}
	s := httptest.NewServer(http.HandlerFunc(handler))
	t.Cleanup(s.Close)
	tests := []struct {
		name, method, path string
		limit              int64
		want               string
		kind               catalog.Kind
	}{
		{"Content-Length", "GET", "/length", 0, long, ""},
		{"exactly the limit", "GET", "/length", int64(len(long)), long, ""},
		{"chunked, exactly the limit", "GET", "/chunked", int64(len(long)), long, ""},
		{"chunked", "GET", "/chunked", 0, long, ""},
		{"gzip", "GET", "/gzip", 0, long, ""},
		{"no content", "GET", "/none", 0, "", ""},
		{"HEAD", "HEAD", "/length", 0, "", ""},
		{"announced too long", "GET", "/length", 1000, "", catalog.ErrBadAnswer},
		{"too long", "GET", "/chunked", 1000, "", catalog.ErrBadAnswer},
		{"gzip bomb", "GET", "/gzip", 1000, "", catalog.ErrBadAnswer},
		{"too long an answer to a write", "POST", "/chunked", 1000, "", catalog.ErrOutcomeUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := client(t, transport.Config{MaxBody: tt.limit})
			resp, err := c.Do(t.Context(), &transport.Request{Op: "op", Method: tt.method, URL: address(t, s.URL+tt.path)})
			if catalog.KindOf(err) != tt.kind {
				t.Fatal(err)
			}
			if err == nil && (string(resp.Body) != tt.want || cap(resp.Body) > len(tt.want)+len(tt.want)/8) {
				t.Errorf("body of %d bytes in %d, want %d", len(resp.Body), cap(resp.Body), len(tt.want))
			}
			if err != nil && (resp == nil || resp.Status != 200 || !strings.Contains(err.Error(), "larger than the limit of 1000 bytes")) {
				t.Errorf("%+v, %v", resp, err)
			}
		})
	}
}

// Bodies belong to their receivers: later answers must not write into them.
func TestBodiesAreNotReused(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		_, _ = w.Write(bytes.Repeat([]byte{byte('a' + n.Add(1)%26)}, 2000))
	}))
	defer s.Close()
	c := client(t, transport.Config{})
	var kept [][]byte
	for range 20 {
		resp, err := c.Do(t.Context(), &transport.Request{Op: "op", URL: address(t, s.URL)})
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, resp.Body)
	}
	for i, body := range kept {
		if want := bytes.Repeat([]byte{byte('a' + (i+1)%26)}, 2000); !bytes.Equal(body, want) {
			t.Fatalf("body %d was overwritten", i)
		}
	}
}

func TestRefusalWhoseTextIsCut(t *testing.T) {
	t.Parallel()
	url, requests := listener(t, true, func(c net.Conn, n int) {
		_, _ = io.WriteString(c, "HTTP/1.1 422 Unprocessable\r\nContent-Length: 100\r\n\r\n{\"half\":")
	})
	req := &transport.Request{Op: "op", Method: http.MethodPost, URL: address(t, url), Body: []byte(`{}`)}
	resp, err := client(t, transport.Config{}).Do(t.Context(), req)
	if !errors.Is(err, catalog.ErrInvalid) || resp.Status != 422 || requests.Load() != 1 {
		t.Errorf("%v", err)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var followed atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	defer other.Close()
	otherHost := strings.TrimPrefix(other.URL, "http://")
	tests := []struct {
		name, location, want string
	}{
		{"other host", other.URL + "/in?token=tok-canary", "redirects to " + otherHost},
		{"scheme", "https://%s/x?token=tok-canary", " by https"},
		{"path", "/login?token=tok-canary", "another path of "},
		{"unreadable", "http://a b/?token=tok-canary", "an unreadable address"},
	}
	for _, tt := range tests {
		for _, status := range []int{301, 302, 303, 307, 308} {
			for _, method := range []string{"GET", "POST"} {
				s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path != "/" {
						followed.Add(1)
					}
					w.Header().Set("Location", strings.Replace(tt.location, "%s", r.Host, 1))
					w.WriteHeader(status)
				}))
				req := &transport.Request{Op: "op", Method: method, URL: address(t, s.URL+"/"), Body: []byte("{}"), Credential: catalog.StaticToken("tok-secret")}
				resp, err := client(t, transport.Config{}).Do(t.Context(), req)
				s.Close()
				if !errors.Is(err, catalog.ErrInvalid) || resp == nil || resp.Status != status || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "canary") {
					t.Errorf("%s %d %s: %v", tt.name, status, method, err)
				}
			}
		}
	}
	if followed.Load() > 0 {
		t.Errorf("%d redirects were followed", followed.Load())
	}
}

func TestHTMLIsNamed(t *testing.T) {
	t.Parallel()
	page := "\xef\xbb\xbf <!DOCTYPE html><title>Just a moment</title>"
	tests := []struct {
		status   int
		ct, body string
		kind     catalog.Kind
	}{
		{200, "text/html; charset=utf-8", page, catalog.ErrUnavailable},
		{200, "application/json", page, catalog.ErrUnavailable},
		{200, "text/html", `{"fine":true}`, ""},
		{403, "text/html", page, catalog.ErrForbidden},
		{404, "text/html", "<p>gone</p>", catalog.ErrNotFound},
	}
	for _, tt := range tests {
		c := client(t, transport.Config{Transport: wire(says(tt.status, tt.body, "Content-Type", tt.ct)), Attempts: 1})
		_, err := c.Do(t.Context(), get(t))
		if catalog.KindOf(err) != tt.kind {
			t.Errorf("%d %s: %v", tt.status, tt.ct, err)
		}
		if err != nil && !strings.Contains(err.Error(), "the answer is an HTML page, not JSON (content type "+tt.ct+")") {
			t.Errorf("%v", err)
		}
	}
}

func TestConcurrentCallsShareOneBucket(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer new" {
			w.WriteHeader(401)
			return
		}
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	defer s.Close()
	c := client(t, transport.Config{})
	b := bucket(t, 1e6, 1e6)
	creds := &source{tokens: []string{"old", "new"}}
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for range 20 {
				req := &transport.Request{Op: "op", URL: address(t, s.URL), Cost: 1, Budget: b, Credential: creds}
				if resp, err := c.Do(t.Context(), req); err != nil || string(resp.Body) != `{"ok":true}` {
					t.Errorf("%v", err)
				}
			}
		})
	}
	all.Wait()
}
