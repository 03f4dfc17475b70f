package magentotest

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

const (
	maxBody = 16 << 20
	maxURL  = 8190 // what web servers take before they answer 414
	maxVars = 1000 // what PHP reads of a query
)

// call is one request on its way through the server.
type call struct {
	server *Server
	r      *http.Request
	path   string // as sent, from /V1 on; other endpoints have all of it
	scope  string // store code, "" for none
	view   *storeView
	args   []string
	query  *node
	pairs  []pair
	body   []byte

	header http.Header
	status int
	out    writer
	rows   int
	record Call
	late   bool // work of an asynchronous request
	queued bool // and of one whose path has no variables
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// ServeHTTP answers one request, as the shop or as one of Adobe's hosts.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	buf := buffers.Get().(*[]byte)
	c := &call{server: s, r: r, header: w.Header(), out: writer{b: (*buf)[:0]}}
	defer func() {
		*buf = c.out.b[:0]
		buffers.Put(buf)
	}()
	n := int(s.active.Add(1))
	defer s.active.Add(-1)
	path, _, _ := strings.Cut(r.RequestURI, "?")
	c.record = Call{
		Time: s.cfg.Clock(), Method: r.Method, Host: r.Host, Path: path,
		Query: r.URL.RawQuery, Header: serverkit.Redacted(r.Header, "Authorization", "Cookie", "X-Api-Key"), Auth: authKind(r),
	}
	c.body, _ = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	serve := c.route(path)
	c.record.Scope = c.scope
	if !secretPath(c.path) {
		c.record.Body = string(c.body[:min(len(c.body), maxCallBody)])
	}
	s.count(func(l *Ledger) {
		l.Requests++
		l.MaxConcurrent = max(l.MaxConcurrent, n)
	})
	if !wait(r, s.cfg.Latency) {
		s.book.Add(c.record)
		return
	}
	f := s.fault(r.Method, c.path, c.scope)
	if f != nil {
		c.record.Injected = true
		if !wait(r, f.Delay) {
			s.book.Add(c.record)
			return
		}
		if f.Cut == CutUnread {
			s.count(func(l *Ledger) { l.Injected++ })
			c.send(w, f)
			return
		}
		if f.Status != 0 && !f.After {
			s.count(func(l *Ledger) { l.Injected++ })
			f.answer(c)
			c.send(w, f)
			return
		}
	}
	serve()
	s.count(func(l *Ledger) {
		if c.status < 300 {
			l.Answered++
		} else {
			l.Refused++
		}
		l.Rows += c.rows
	})
	if f != nil {
		f.alter(c)
	}
	c.send(w, f)
}

// secretPath says whether bodies for a path carry secrets.
func secretPath(path string) bool {
	return strings.Contains(path, "/token") || strings.Contains(path, "/tfa/") || strings.HasSuffix(path, "/"+newPath) || strings.Contains(path, "/async_event")
}

// route finds out what is asked for, and sets path, scope and view.
func (c *call) route(path string) func() {
	s := c.server
	c.path = path
	host := strings.ToLower(c.r.Host)
	own := host == s.http.Listener.Addr().String()
	switch {
	case host == IMSHost, own && path == "/ims/token/v3":
		return c.serveIMS
	case host == KeyHost, own && strings.HasPrefix(path, "/prod/keys/"):
		return c.serveKey
	case host == ValidationHost:
		return c.serveValidation
	case !own && host != strings.ToLower(s.base.Host):
		c.violation("request for the host %s, but the shop is at %s", host, s.base.Host)
		return func() { c.html(http.StatusNotFound) }
	case len(c.r.RequestURI) > maxURL:
		c.violation("a request line of %d bytes; web servers take about 8000", len(c.r.RequestURI))
		return func() { c.html(http.StatusRequestURITooLong) }
	case s.cfg.NoEncodedSlashes && strings.Contains(strings.ToUpper(path), "%2F"):
		return func() { c.html(http.StatusNotFound) }
	}
	rest, ok := strings.CutPrefix(path, strings.TrimSuffix(s.base.EscapedPath(), "/"))
	if own && !ok {
		rest, ok = path, true
	}
	if !ok {
		c.violation("the shop lives under %s", s.base.Path)
		return func() { c.html(http.StatusNotFound) }
	}
	if s.cfg.Edition == SaaS {
		c.path, c.scope = rest, c.r.Header.Get("Store")
		if strings.HasPrefix(rest, "/rest/") {
			c.violation("the SaaS edition has no /rest")
		}
		return c.serveAPI
	}
	after, index := strings.CutPrefix(rest, "/index.php")
	if s.cfg.NoRewrites && !index {
		return func() { c.html(http.StatusNotFound) }
	}
	switch {
	case after == "/magento_version":
		return func() {
			c.status, c.out.b = http.StatusOK, append(c.out.b, "Magento/2.4 ("+s.editionName()+")"...)
			c.header.Set("Content-Type", "text/html; charset=UTF-8")
		}
	case after == "/oauth/token/request":
		c.path = after
		return c.serveRequestToken
	case after == "/oauth/token/access":
		c.path = after
		return c.serveAccessToken
	}
	if serve := c.adminPage(strings.TrimPrefix(after, "/")); serve != nil {
		return serve
	}
	api, ok := strings.CutPrefix(after, "/rest")
	if !ok || !strings.HasPrefix(api, "/") {
		c.violation("no such page; the API lives under /rest")
		return func() { c.html(http.StatusNotFound) }
	}
	c.path = api
	if first, rest, ok := strings.Cut(api[1:], "/"); ok && (first == "all" || viewByCode(first) != nil) {
		c.scope, c.path = first, "/"+rest
	}
	return c.serveAPI
}

func (s *Server) editionName() string {
	if s.cfg.Edition == OpenSource {
		return "Community"
	}
	return "Enterprise"
}

// wait pauses for d; false when the request ended first.
func wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// phpURLDecode decodes as PHP's urldecode: plus is a space, and a broken
// escape stays as it is.
func phpURLDecode(s string) string {
	return rawURLDecode(strings.ReplaceAll(s, "+", " "))
}

func rawURLDecode(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b = append(b, byte(n))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

// send writes the answer, or cuts the connection as the fault says.
func (c *call) send(w http.ResponseWriter, f *Fault) {
	cut := f != nil && (f.Cut == CutBefore || f.Cut == CutUnread)
	if !cut {
		c.record.Status = c.status
	}
	c.server.book.Add(c.record) // before the client can ask for it
	if cut {
		cutBefore(w)
		return
	}
	h := w.Header()
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	body := c.out.b
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(c.status)
	if f != nil && f.Cut == CutMiddle {
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = io.Copy(w, bytes.NewReader(body)) // the client may be gone
}

// cutBefore closes the connection within the status line. Not a byte less:
// net/http sends a request again by itself if nothing at all came back on a
// connection used before, and the fault would go unnoticed.
func cutBefore(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_, _ = io.WriteString(conn, "HTTP/1.1 ")
		_ = conn.Close()
		return
	}
	panic(http.ErrAbortHandler)
}
