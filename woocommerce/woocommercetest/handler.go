package woocommercetest

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// call is one request on its way through the server.
type call struct {
	server *Server
	r      *http.Request
	secure bool   // the store sees https
	rest   bool   // a REST request, with a route
	route  string // "/wc/v3/products"
	at     string // what faults and the book of calls go by: "/products", or the path
	method string // after an override
	query  *phpArray
	form   *phpArray
	body   []byte
	key    *Key
	args   []int64           // numbers in the path
	words  []string          // other parts of the path
	params map[string]string // of the query, checked
	input  input

	header http.Header
	status int
	out    writer
	record *Call
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// ServeHTTP answers one request to the store.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	buf := buffers.Get().(*[]byte)
	c := &call{server: s, r: r, method: r.Method, header: w.Header(), out: writer{b: (*buf)[:0]}, query: &phpArray{}}
	defer func() {
		*buf = c.out.b
		buffers.Put(buf)
	}()
	s.book.enter()
	defer s.book.leave()
	https := r.Header.Get(schemeHeader) == "https"
	r.Header.Del(schemeHeader)
	c.secure = https && !s.cfg.HiddenTLS
	c.query.parseQuery(r.URL.RawQuery)
	c.body, _ = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	c.locate()
	c.record = s.newRecord(c, https)
	if c.header.Get("Date") == "" {
		c.header.Set("Date", s.now().Format(http.TimeFormat))
	}
	if !wait(r, s.cfg.Latency) {
		s.book.add(*c.record)
		return
	}
	f := s.fault(r.Method, c.at)
	if f != nil {
		c.record.Injected = true
		if !wait(r, f.Delay) {
			s.book.add(*c.record)
			return
		}
	}
	switch {
	case f != nil && f.early():
		f.answer(c)
	case !https && s.cfg.RedirectToHTTPS:
		c.redirect(http.StatusMovedPermanently, "https://"+r.Host+r.RequestURI)
	default:
		s.serve(c)
	}
	if f != nil && !f.early() {
		f.alter(c)
	}
	c.send(w, f)
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

// serve answers a request no fault or redirect took.
func (s *Server) serve(c *call) {
	if !s.transport.knows(c.r.Host) {
		s.book.Violationf("%s %s sent to the host %s", c.r.Method, c.at, c.r.Host)
		c.html(http.StatusNotFound, "404 Not Found", "")
		return
	}
	if !c.rest {
		s.servePage(c)
		return
	}
	c.restHeaders()
	c.checkManners()
	if m := c.override(); m != "" {
		c.method = m
	}
	c.readForm()
	key, err := c.authenticate()
	c.key = key
	if err == nil {
		err = c.permit()
	}
	if key != nil {
		s.keys.used(key.ConsumerKey, s.now())
		c.record.KeyID = key.ID
		c.header.Set("Cache-Control", "no-cache, must-revalidate, max-age=0, no-store, private")
	}
	if err == nil {
		err = c.dispatch()
	}
	if err != nil {
		c.fail(err)
	}
}

// override is the method a POST asks for instead.
func (c *call) override() string {
	if c.r.Method != http.MethodPost {
		return ""
	}
	if m := c.query.text("_method"); m != "" {
		return strings.ToUpper(m)
	}
	return strings.ToUpper(c.r.Header.Get("X-HTTP-Method-Override"))
}

func (c *call) reading() bool { return c.method == http.MethodGet || c.method == http.MethodHead }

func (c *call) fail(e *apiError) {
	c.status = e.status
	c.out.b = c.out.b[:0]
	e.write(&c.out)
}

func (c *call) restHeaders() {
	c.header.Set("Content-Type", "application/json; charset=UTF-8")
	c.header.Set("Link", "<"+c.server.restURL("/")+`>; rel="https://api.w.org/"`)
	c.header.Set("X-Robots-Tag", "noindex")
	c.header.Set("X-Content-Type-Options", "nosniff")
	c.header.Set("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link")
}

// servePage answers what is no REST request: the shop's pages and the granting
// of keys.
func (s *Server) servePage(c *call) {
	if step, ok := strings.CutPrefix(c.at, "/wc-auth/v1/"); ok {
		s.serveGrant(c, strings.TrimSuffix(step, "/"))
		return
	}
	if c.at == "/wp-login.php" {
		s.serveLogin(c)
		return
	}
	c.header.Set("Link", "<"+s.restURL("/")+`>; rel="https://api.w.org/"`)
	if c.at == "" || c.at == "/" {
		c.html(http.StatusOK, "Shop", "")
		return
	}
	if strings.HasPrefix(c.at, "/wc-api/") {
		s.book.Violationf("%s %s: the legacy API left WooCommerce in 9.0", c.r.Method, c.at)
	}
	c.html(http.StatusNotFound, "Page not found", "")
}

func (c *call) html(status int, title, body string) {
	c.header.Set("Content-Type", "text/html; charset=UTF-8")
	c.status = status
	c.out.b = append(c.out.b[:0], "<!DOCTYPE html>\n<html><head><title>"+title+"</title></head><body><h1>"+title+"</h1>"+body+"</body></html>\n"...)
}

func (c *call) redirect(status int, to string) {
	c.html(status, http.StatusText(status), "")
	c.header.Set("Location", to)
}

// checkManners reports what a client should not do whatever the answer is.
func (c *call) checkManners() {
	book := &c.server.book
	if len(c.body) > 0 && (c.r.Method == http.MethodGet || c.r.Method == http.MethodHead) {
		book.Violationf("%s %s with a body", c.r.Method, c.at)
	}
	if !c.record.HTTPS {
		if c.query.text("consumer_secret") != "" || strings.HasPrefix(c.r.Header.Get("Authorization"), "Basic ") {
			book.Violationf("%s %s: a consumer secret over plain http", c.r.Method, c.at)
		}
	}
	if strings.HasPrefix(c.route, "/wc/") && !strings.HasPrefix(c.route, "/wc/v3") {
		book.Violationf("%s %s: integrations use wc/v3", c.r.Method, c.route)
	}
}

// send writes the answer, or cuts the connection as the fault says.
func (c *call) send(w http.ResponseWriter, f *Fault) {
	cut := f != nil && (f.Cut == CutBefore || f.Cut == CutRequest)
	if !cut {
		c.record.Status = c.status
	}
	c.server.book.add(*c.record) // before the client can ask for it
	if cut {
		panic(http.ErrAbortHandler)
	}
	body := c.out.b
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(c.status)
	if c.r.Method == http.MethodHead {
		return
	}
	if f != nil && f.Cut == CutMiddle {
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = io.Copy(w, bytes.NewReader(body)) // the client may be gone
}
