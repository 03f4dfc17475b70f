package auth

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
)

const (
	maxQuery     = 16 << 10
	maxBody      = 64 << 10
	maxParam     = 4 << 10
	maxParams    = 64
	maxHeader    = 8 << 10
	stepTime     = 50 * time.Second // WooCommerce waits a minute for its answer
	statePath    = 3                // elements of a path that ends in a state
	routeStart   = "start"
	routeConfirm = "confirm"
	routeShown   = "connected"
)

// ServeHTTP implements http.Handler.
func (c *Connect) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	elements := strings.Split(strings.Trim(strings.TrimPrefix(r.URL.Path, c.base.Path), "/"), "/")
	platform, route := elements[0], routeStart
	if len(elements) > 1 {
		route = elements[1]
	}
	v := &visitor{Connect: c, w: w, r: r, platform: platform, route: route, offer: c.plans[platform]}
	v.secure()
	// What the platform has granted must be stored though the browser leaves.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), stepTime)
	defer cancel()
	if err := v.serve(ctx, elements); err != nil {
		v.fail(ctx, err)
	}
}

// visitor is one request on its way through Connect.
type visitor struct {
	*Connect
	w        http.ResponseWriter
	r        *http.Request
	platform string
	route    string
	offer    *offer
	server   bool // a program asks: no pages
	account  string
	reply    *catalog.Reply // a route's own answer to a refused request
}

func (v *visitor) serve(ctx context.Context, elements []string) error {
	switch {
	case v.platform == "":
		v.route = ""
		return v.list(ctx)
	case v.offer == nil, len(elements) > statePath:
		return v.noPage()
	}
	if len(v.r.Header.Get("Authorization")) > maxHeader {
		return v.invalid("the Authorization header is too long")
	}
	state := ""
	if len(elements) == statePath {
		state = elements[2]
	}
	switch v.route {
	case routeStart:
		if state != "" {
			return v.noPage()
		}
		return v.start(ctx)
	case routeConfirm:
		return v.confirm(ctx)
	case routeShown:
		return v.shown(ctx, state)
	}
	for i := range v.offer.Routes {
		if r := &v.offer.Routes[i]; r.Name == v.route {
			v.server = r.Server
			return v.step(ctx, r, state)
		}
	}
	return v.noPage()
}

func (v *visitor) failed(kind catalog.Kind, message string) *catalog.Error {
	return &catalog.Error{Platform: v.platform, Op: opConnect, Kind: kind, Message: message}
}

func (v *visitor) invalid(message string) error { return v.failed(catalog.ErrInvalid, message) }

func (v *visitor) noPage() error {
	return &catalog.Error{Op: opConnect, Kind: catalog.ErrNotFound, Message: "there is no such page"}
}

// only refuses other HTTP methods.
func (v *visitor) only(methods ...string) error {
	if slices.Contains(methods, v.r.Method) {
		return nil
	}
	v.w.Header().Set("Allow", strings.Join(methods, ", "))
	e := v.failed(catalog.ErrInvalid, "the HTTP method is not allowed")
	e.Status = http.StatusMethodNotAllowed
	return e
}

// ours refuses a form that another site's page has sent.
func (v *visitor) ours() error {
	if v.protection.Check(v.r) != nil {
		return v.failed(catalog.ErrUnauthorized, "the form was sent by another site's page")
	}
	return nil
}

// query reads the query's parameters.
func (v *visitor) query() (url.Values, error) {
	if len(v.r.URL.RawQuery) > maxQuery {
		return nil, v.invalid("the query is too long")
	}
	return v.params(v.r.URL.RawQuery)
}

// body reads the body, and its parameters when it is a form.
func (v *visitor) body() ([]byte, url.Values, error) {
	if v.r.Method != http.MethodPost {
		return nil, nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(v.w, v.r.Body, maxBody))
	if err != nil {
		return nil, nil, v.invalid("the body is too long or was cut")
	}
	if kind, _, _ := mime.ParseMediaType(v.r.Header.Get("Content-Type")); kind != "application/x-www-form-urlencoded" {
		return body, nil, nil
	}
	form, err := v.params(string(body))
	return body, form, err
}

// params reads parameters such that nothing about them is left to guess: each
// comes once, and is text of a bounded length.
func (v *visitor) params(text string) (url.Values, error) {
	params, err := url.ParseQuery(text)
	if err != nil {
		return nil, v.invalid("the parameters are malformed")
	}
	if len(params) > maxParams {
		return nil, v.invalid("there are too many parameters")
	}
	for name, values := range params {
		switch {
		case len(values) != 1:
			return nil, v.invalid("a parameter comes twice")
		case len(name) > maxParam || len(values[0]) > maxParam:
			return nil, v.invalid("a parameter is too long")
		case !plainText(name) || !plainText(values[0]):
			return nil, v.invalid("a parameter is not plain text")
		}
	}
	return params, nil
}

// plainText reports whether s is UTF-8 without control characters.
func plainText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// secure sets the headers that every answer has.
func (v *visitor) secure() {
	h := v.w.Header()
	ancestors := "'none'"
	if v.offer != nil && len(v.offer.FrameAncestors) > 0 {
		ancestors = strings.Join(v.offer.FrameAncestors, " ")
	} else {
		h.Set("X-Frame-Options", "DENY")
	}
	// There is no form-action: browsers hold it against the redirect to the
	// platform that answers a form, and a store may be anywhere.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; base-uri 'none'; frame-ancestors "+ancestors)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
}

// redirect sends the browser on. The address is the platform's or configured.
func (v *visitor) redirect(to string) {
	v.w.Header().Set("Location", to)
	v.w.WriteHeader(http.StatusSeeOther)
}

// send answers a program.
func (v *visitor) send(reply *catalog.Reply) {
	if reply == nil {
		reply = &catalog.Reply{}
	}
	h := v.w.Header()
	for name, values := range reply.Header {
		h[name] = values
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "text/plain; charset=utf-8")
	}
	status := reply.Status
	if status == 0 {
		status = http.StatusOK
	}
	v.w.WriteHeader(status)
	_, _ = v.w.Write(reply.Body)
}

// fail tells the host what went wrong and the visitor what to do.
func (v *visitor) fail(ctx context.Context, err error) {
	v.logger.WarnContext(ctx, "connect: request refused", "platform", known(v.offer, v.platform), "route", v.route, "account", v.account, "error", err.Error())
	if v.config.Failed != nil {
		v.config.Failed(ctx, Failure{Platform: known(v.offer, v.platform), Route: v.route, Account: v.account, Err: err})
	}
	status, text := advice(err)
	switch {
	case v.reply != nil:
		v.send(v.reply)
	case v.server:
		v.send(&catalog.Reply{Status: status, Body: []byte(http.StatusText(status) + "\n")})
	default:
		v.show(View{Page: PageFailed, Status: status, Heading: "The store was not connected", Text: text})
	}
}

// known keeps what a stranger wrote into the path out of logs.
func known(o *offer, platform string) string {
	if o == nil {
		return ""
	}
	return platform
}

// advice is what a merchant may know of an error: its kind, in words.
func advice(err error) (int, []string) {
	const again = "Go back and begin again."
	var e *catalog.Error
	if errors.As(err, &e) && e.Status == http.StatusMethodNotAllowed {
		return http.StatusMethodNotAllowed, []string{"This page cannot be opened this way.", again}
	}
	if e != nil && e.Code == "state" {
		return http.StatusBadRequest, []string{"This attempt has expired, was finished before, or was begun in another browser.", again + " Cookies have to be allowed."}
	}
	switch catalog.KindOf(err) {
	case catalog.ErrInvalid:
		return http.StatusBadRequest, []string{"Something in the address or the form was not as expected.", again}
	case catalog.ErrNotFound:
		return http.StatusNotFound, []string{"There is nothing here.", "Check the address, or begin again."}
	case catalog.ErrForbidden:
		return http.StatusForbidden, []string{"The platform did not allow the connection, or it was declined.", "Begin again and accept what is asked for, or ask the store's owner to do it."}
	case catalog.ErrConflict:
		return http.StatusConflict, []string{"This store, or this account, is connected elsewhere already.", "Disconnect it there first, or choose the other store."}
	case catalog.ErrUnauthorized, catalog.ErrReauthorize:
		return http.StatusForbidden, []string{"The platform's answer could not be verified, or it refused what was entered.", again}
	case catalog.ErrRateLimited, catalog.ErrUnavailable, catalog.ErrBadAnswer, catalog.ErrOutcomeUnknown:
		return http.StatusServiceUnavailable, []string{"The platform could not be reached, or its answer was lost.", "Wait a minute and begin again."}
	}
	return http.StatusInternalServerError, []string{"Something went wrong on our side.", "Wait a minute and begin again."}
}
