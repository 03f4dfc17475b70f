package sallatest

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

// call is one request on its way through the server.
type call struct {
	server   *Server
	store    *Store
	r        *http.Request
	path     string // without /admin/v2
	endpoint string // method and pattern, once it is found
	args     []string
	query    url.Values
	english  bool
	body     []byte

	header http.Header
	status int
	out    writer
	record *Call
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// ServeHTTP answers one request, as the API or as the accounts host.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	buf := buffers.Get().(*[]byte)
	c := &call{server: s, r: r, path: r.URL.EscapedPath(), header: w.Header(), out: writer{b: (*buf)[:0]}}
	defer func() {
		*buf = c.out.b
		buffers.Put(buf)
	}()
	record := Call{
		Time: s.cfg.Clock(), Method: r.Method, Host: r.Host, Path: r.URL.Path,
		Query: r.URL.RawQuery, Header: serverkit.Redacted(r.Header, "Authorization", "Cookie"),
	}
	c.record = &record

	accounts := strings.HasPrefix(c.path, "/oauth2/")
	installing := strings.HasPrefix(c.path, installPath)
	c.path = strings.TrimPrefix(c.path, apiPrefix)
	c.body, _ = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if !accounts && !installing && !strings.HasPrefix(c.path, "/webhooks") { // those carry secrets
		record.Body = string(c.body[:min(len(c.body), maxCallBody)])
	}
	c.query = r.URL.Query()
	c.english = isEnglish(r.Header.Get("Accept-Language"))
	state, token := s.auth.bearer(r)
	if token != nil {
		c.store = token.store
		record.Merchant = c.store.cfg.MerchantID
		if !accounts {
			c.store.count(func(l *Ledger) { l.Requests++ })
			c.store.progress(1)
		}
	}
	if !wait(r, s.cfg.Latency) {
		s.book.Add(record)
		return
	}
	f := s.fault(r.Method, c.path, record.Merchant)
	if f != nil {
		record.Injected = true
		if !wait(r, f.Delay) {
			s.book.Add(record)
			return
		}
		if f.early() {
			if c.store != nil && !accounts {
				c.store.count(func(l *Ledger) { l.Injected++ })
			}
			f.answer(c)
			c.send(w, f)
			return
		}
	}
	switch {
	case accounts:
		s.serveAccounts(c)
	case installing && s.rightHost(r, InstallHost):
		s.serveInstall(c)
	default:
		s.serveAPI(c, state, token)
	}
	if f != nil {
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

func (s *Server) serveAPI(c *call, state tokenState, token *accessToken) {
	switch {
	case !s.rightHost(c.r, APIHost):
		s.book.Violationf("%s %s sent to the host %s, not to %s", c.r.Method, c.path, c.r.Host, APIHost)
		c.notFound()
		return
	case !strings.HasPrefix(c.r.URL.Path, apiPrefix+"/"):
		s.book.Violationf("%s %s: the API lives under %s", c.r.Method, c.r.URL.Path, apiPrefix)
		c.notFound()
		return
	}
	s.checkHeaders(c)
	switch state {
	case tokenGone:
		c.fail(http.StatusUnauthorized, `"Unauthorized"`, msgGone)
		return
	case tokenBad:
		c.fail(http.StatusUnauthorized, `"Unauthorized"`, msgInvalidToken)
		return
	}
	if !c.admit() {
		return
	}
	found, args, known := findRoute(c.r.Method, c.path)
	switch {
	case strings.HasPrefix(c.path, "/orders/") && strings.HasSuffix(c.path, "/items") && strings.Count(c.path, "/") == 3:
		s.book.Violationf("%s %s: a list of an order's items is at /orders/items?order_id=", c.r.Method, c.path)
		c.notFound()
		return
	case found == nil && known:
		c.fail(http.StatusMethodNotAllowed, "405", "The "+c.r.Method+" method is not supported for this route.")
		return
	case found == nil:
		s.book.Violationf("%s %s: no such endpoint", c.r.Method, c.path)
		c.notFound()
		return
	case found.scope != "" && !token.allows(found.scope):
		c.scopeMissing(found.scope)
		return
	}
	c.args, c.endpoint = args, found.method+" "+found.pattern
	c.checkQuery(found)
	if len(c.body) > 0 && !found.multipart && !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/json") {
		s.book.Violationf("%s %s with a body that is not application/json", c.r.Method, c.path)
	}
	if found.method != http.MethodGet {
		c.store.writing.Lock()
		defer c.store.writing.Unlock()
	}
	found.serve(c)
}

// rightHost accepts the genuine host and the server's own address.
func (s *Server) rightHost(r *http.Request, want string) bool {
	return strings.EqualFold(r.Host, want) || r.Host == s.listener.Addr().String()
}

func (s *Server) checkHeaders(c *call) {
	if !strings.Contains(c.r.Header.Get("Accept"), "application/json") {
		s.book.Violationf("%s %s without Accept: application/json", c.r.Method, c.path)
	}
	if a := c.r.Header.Get("Authorization"); !strings.HasPrefix(a, "Bearer ") {
		s.book.Violationf("%s %s without Authorization: Bearer", c.r.Method, c.path)
	}
	if len(c.body) > 0 && (c.r.Method == http.MethodGet || c.r.Method == http.MethodDelete) {
		s.book.Violationf("%s %s with a body", c.r.Method, c.path)
	}
}

// checkQuery reports parameters the endpoint does not have. Array parameters
// count under the name before the bracket.
func (c *call) checkQuery(to *route) {
	for name, values := range c.query {
		base, _, bracket := strings.Cut(name, "[")
		if !to.takes(base) {
			c.server.book.Violationf("%s %s: unknown query parameter %s", c.r.Method, c.path, base)
		}
		if len(values) > 1 && !bracket {
			c.server.book.Violationf("%s %s: %s repeated; arrays are spelled %s[]", c.r.Method, c.path, base, base)
		}
	}
}

// list returns the values of an array parameter in any of its spellings:
// name[]=a, name[0]=a, name=a.
func (c *call) list(name string) []string {
	var out []string
	for k, v := range c.query {
		if base, _, _ := strings.Cut(k, "["); base == name {
			out = append(out, v...)
		}
	}
	return out
}

// send writes the answer, or cuts the connection as the fault says.
func (c *call) send(w http.ResponseWriter, f *Fault) {
	cut := f != nil && (f.Cut == CutBefore || f.Cut == CutUnread)
	if !cut {
		c.record.Status = c.status
	}
	c.server.book.Add(*c.record) // before the client can ask for it
	if cut {
		panic(http.ErrAbortHandler)
	}
	h := w.Header()
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "application/json")
	}
	h.Set("Content-Length", strconv.Itoa(len(c.out.b)))
	if c.status == http.StatusNoContent {
		h.Del("Content-Length")
	}
	w.WriteHeader(c.status)
	body := c.out.b
	if f != nil && f.Cut == CutMiddle {
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = io.Copy(w, bytes.NewReader(body)) // the client may be gone
}
