package transport_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
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

func TestLostAnswersOverHTTP2(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.ProtoMajor != 2 {
			t.Errorf("%s", r.Proto)
		}
		switch n := requests.Add(1); {
		case r.URL.Path == "/headers" && n == 1:
			panic(http.ErrAbortHandler)
		case r.URL.Path == "/body" && n == 1:
			_, _ = io.WriteString(w, "half")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, "{}")
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	c := client(t, transport.Config{Transport: s.Client().Transport})
	for _, path := range []string{"/headers", "/body"} {
		requests.Store(0)
		if _, err := c.Do(t.Context(), &transport.Request{Op: "op", URL: address(t, s.URL+path)}); err != nil || requests.Load() != 2 {
			t.Errorf("read %s: %d requests, %v", path, requests.Load(), err)
		}
		requests.Store(0)
		_, err := c.Do(t.Context(), &transport.Request{Op: "op", Method: http.MethodDelete, URL: address(t, s.URL+path), Header: http.Header{"Idempotency-Key": {"k"}}})
		if !errors.Is(err, catalog.ErrOutcomeUnknown) || requests.Load() != 1 {
			t.Errorf("write %s: %d requests, %v", path, requests.Load(), err)
		}
	}
}

func TestUntrustedCertificateIsNotRetried(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	s.StartTLS()
	defer s.Close()
	seen := &recorder{}
	_, err := client(t, transport.Config{Observer: seen}).Do(t.Context(), &transport.Request{Op: "op", Method: http.MethodPost, URL: address(t, s.URL)})
	if !errors.Is(err, catalog.ErrUnavailable) || len(seen.attempts) != 1 || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("%d attempts, %v", len(seen.attempts), err)
	}
}
