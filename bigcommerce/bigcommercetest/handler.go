package bigcommercetest

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// call is one request on its way through the server.
type call struct {
	server  *Server
	store   *Store
	account *account
	route   *route
	r       *http.Request
	v2      bool
	path    string // from /v2 or /v3, or the whole path on the login host
	args    []string
	query   url.Values
	body    []byte

	header http.Header
	status int
	out    writer
	record *Call
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// ServeHTTP answers one request, as the API or as the login host. It is
// exported so that the server can also be mounted elsewhere.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	buf := buffers.Get().(*[]byte)
	c := &call{server: s, r: r, path: r.URL.EscapedPath(), header: w.Header(), out: writer{b: (*buf)[:0]}}
	defer func() {
		*buf = c.out.b
		buffers.Put(buf)
	}()
	c.header.Set("X-Request-Id", requestID())
	record := Call{
		Time: s.cfg.Clock(), Method: r.Method, Host: r.Host, Path: r.URL.Path,
		Query: r.URL.RawQuery, Header: serverkit.Redacted(r.Header, "X-Auth-Token", "Authorization", "Cookie"),
	}
	c.record = &record
	login := strings.HasPrefix(c.path, "/oauth2/") || strings.HasPrefix(c.path, "/app/")
	if !login {
		c.locate()
		if c.store != nil {
			record.StoreHash = c.store.cfg.StoreHash
			c.store.count(func(l *Ledger) { l.Requests++ })
		}
	}
	var err error
	if c.body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		s.book.Add(record)
		panic(http.ErrAbortHandler) // what did not arrive whole takes no effect
	}
	if !login && !strings.HasPrefix(c.path, "/v3/hooks") { // those carry secrets
		record.Body = string(c.body[:min(len(c.body), maxCallBody)])
	}
	if c.query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
		c.violation("the query cannot be read: %v", err)
	}
	f := s.fault(r.Method, c.path, record.StoreHash)
	record.Injected = f != nil
	if !wait(r, s.cfg.Latency) || f != nil && !wait(r, f.Delay) {
		s.book.Add(record)
		return
	}
	switch {
	case f != nil && f.early():
		if c.store != nil {
			c.store.count(func(l *Ledger) { l.Injected++ })
		}
		f.answer(c)
		c.send(w, f)
		return
	case login:
		s.serveLogin(c)
	default:
		s.serveAPI(c)
	}
	if f != nil {
		f.alter(c)
	}
	c.send(w, f)
}

// locate reads store and version from the path and the account from the token.
func (c *call) locate() {
	rest, ok := strings.CutPrefix(c.path, "/stores/")
	if !ok {
		return
	}
	hash, path, _ := strings.Cut(rest, "/")
	c.path = "/" + path
	c.v2 = path == "v2" || strings.HasPrefix(path, "v2/")
	c.out.php = c.v2
	c.account = c.server.auth.find(c.r.Header.Get("X-Auth-Token"))
	if c.account != nil && c.account.store.cfg.StoreHash == hash {
		c.store = c.account.store
	}
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

func (s *Server) serveAPI(c *call) {
	s.checkHeaders(c)
	if c.v2 && !accepts(c.r, "json") {
		defer c.toXML()
	}
	switch {
	case !s.ownHost(c.r, APIHost):
		s.book.Violationf("%s %s sent to the host %s, not to %s", c.r.Method, c.path, c.r.Host, APIHost)
		c.notFound()
		return
	case !c.v2 && !strings.HasPrefix(c.path, "/v3/") || strings.HasPrefix(c.path, "/stores"):
		s.book.Violationf("%s %s: the API lives under /stores/{hash}/v2 and /v3", c.r.Method, c.r.URL.Path)
		c.notFound()
		return
	case c.account == nil:
		c.fail(http.StatusUnauthorized, msgUnauthorized)
		return
	case c.store == nil:
		s.book.Violationf("%s %s: the token is of the store %s", c.r.Method, c.r.URL.Path, c.account.store.cfg.StoreHash)
		c.fail(http.StatusForbidden, msgScope)
		return
	}
	if !c.admit() {
		return
	}
	c.store.tick()
	c.dispatch()
}

func (c *call) dispatch() {
	found, args, known := findRoute(c.r.Method, c.path)
	switch {
	case !c.v2 && !accepts(c.r, "json", "*/*", ""):
		c.fail(http.StatusNotAcceptable, "The requested media type cannot be sent")
		return
	case len(c.body) > 0 && !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/json"):
		c.fail(http.StatusUnsupportedMediaType, "The body must be application/json")
		return
	case found == nil:
		c.violation("%s", wrongPath(c.r.Method, c.path, known))
		if known {
			c.fail(http.StatusMethodNotAllowed, "The method "+c.r.Method+" is not allowed here.")
			return
		}
		c.notFound()
		return
	case !c.account.allows(found.scope, c.r.Method != http.MethodGet):
		c.fail(http.StatusForbidden, msgScope)
		return
	}
	c.args, c.route = args, found
	leave, ok := c.enter(found)
	if !ok {
		return
	}
	defer leave()
	if !c.checkQuery(found) {
		return
	}
	if found.method != get {
		c.store.writing.Lock() // what is checked holds until it is stored
		defer c.store.writing.Unlock()
	}
	found.serve(c)
}

func (c *call) violation(format string, args ...any) {
	c.server.book.Violationf("%s %s: "+format, append([]any{c.r.Method, c.path}, args...)...)
}

func (s *Server) checkHeaders(c *call) {
	h := c.r.Header
	if h.Get("X-Auth-Token") == "" {
		c.violation("no X-Auth-Token")
	}
	if h.Get("Authorization") != "" {
		c.violation("an Authorization header; the token goes into X-Auth-Token")
	}
	if !accepts(c.r, "json") {
		c.violation("no Accept: application/json; V2 answers XML")
	}
	if len(c.body) > 0 && !strings.HasPrefix(h.Get("Content-Type"), "application/json") {
		c.violation("a body that is not application/json")
	}
	if len(c.body) > 0 && (c.r.Method == http.MethodGet || c.r.Method == http.MethodDelete) {
		c.violation("a body with %s", c.r.Method)
	}
}

// accepts says whether the Accept header holds one of the texts; "" stands for
// an absent header.
func accepts(r *http.Request, texts ...string) bool {
	accept := strings.ToLower(r.Header.Get("Accept"))
	for _, t := range texts {
		if t == "" && accept == "" || t != "" && strings.Contains(accept, t) {
			return true
		}
	}
	return false
}
