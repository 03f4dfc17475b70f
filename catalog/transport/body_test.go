package transport_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

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
