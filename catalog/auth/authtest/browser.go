package authtest

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// Base is the BaseURL of the Connect that Run makes.
const Base = "https://app.example.com/connect"

// Browser is a merchant's browser in front of a Connect. It keeps cookies and
// follows nothing by itself. It is for one goroutine.
type Browser struct {
	handler http.Handler
	cookies map[string]*http.Cookie
	// Seen is all that the browser was shown: addresses, headers and pages.
	Seen []Answer
}

// Answer is what a request got.
type Answer struct {
	Status   int
	Header   http.Header
	Location string
	Body     string
}

// NewBrowser opens a browser without cookies.
func NewBrowser(handler http.Handler) *Browser {
	return &Browser{handler: handler, cookies: map[string]*http.Cookie{}}
}

// Get follows a link from another site, as every way back from a platform is.
func (b *Browser) Get(address string) Answer {
	return b.send(http.MethodGet, address, nil, "cross-site")
}

// Post submits a form of a page of ours.
func (b *Browser) Post(address string, form url.Values) Answer {
	return b.send(http.MethodPost, address, form, "same-origin")
}

// PostFrom submits a form of another site's page. The cookie, which is Lax,
// stays at home.
func (b *Browser) PostFrom(address string, form url.Values) Answer {
	return b.send(http.MethodPost, address, form, "cross-site")
}

// Do sends a request with another method.
func (b *Browser) Do(method, address string) Answer {
	return b.send(method, address, nil, "cross-site")
}

func (b *Browser) send(method, address string, form url.Values, site string) Answer {
	r := httptest.NewRequest(method, "https://app.example.com/", strings.NewReader(form.Encode()))
	path, query, _ := strings.Cut(strings.TrimPrefix(address, "https://app.example.com"), "?")
	r.URL.Path, r.URL.RawQuery, r.RequestURI = path, query, address
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Sec-Fetch-Site", site)
	for _, c := range b.cookies {
		if site != "cross-site" || method == http.MethodGet || method == http.MethodHead {
			r.AddCookie(c)
		}
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	res := w.Result()
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c
	}
	a := Answer{Status: res.StatusCode, Header: res.Header, Location: res.Header.Get("Location"), Body: w.Body.String()}
	b.Seen = append(b.Seen, a)
	return a
}

// Cookies are what the browser holds.
func (b *Browser) Cookies() []*http.Cookie {
	var all []*http.Cookie
	for _, c := range b.cookies {
		all = append(all, c)
	}
	return all
}
