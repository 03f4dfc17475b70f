package sallatest

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// InstallHost is the host of the apps' pages in Salla's store.
const InstallHost = "s.salla.sa"

const installPath = "/apps/install/"

// consentPage is the page a merchant agrees on, once logged in. Its form's
// address is relative, so that a browser that opened the page at the server's
// own URL stays there.
var consentPage = template.Must(template.New("consent").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Install app</title></head>
<body><main><h1>Install the app?</h1>
{{if .Scopes}}<p>The app asks for:</p><ul>{{range .Scopes}}<li>{{.}}</li>{{end}}</ul>{{end}}
<form method="post">
{{range $name, $value := .Query}}<input type="hidden" name="{{$name}}" value="{{index $value 0}}">
{{end}}<p><label>Store <select name="merchant">{{range .Merchants}}<option>{{.}}</option>{{end}}</select></label></p>
<button type="submit" name="answer" value="allow">Allow</button>
<button type="submit" name="answer" value="deny">Deny</button>
</form></main></body></html>
`))

func (c *call) html(status int, page string) {
	c.header.Set("Content-Type", "text/html; charset=utf-8")
	c.status = status
	c.out.b = append(c.out.b[:0], page...)
}

// serveConsent shows the consent page and takes the merchant's answer, which
// sends the browser back: with a code, or with access_denied.
func (s *Server) serveConsent(c *call) {
	q, ok := c.answered()
	if !ok {
		c.oauthError(http.StatusBadRequest, "invalid_request", "form body expected")
		return
	}
	if code, why := s.refuseConsent(q); code != "" {
		status := http.StatusBadRequest
		if code == "invalid_client" {
			status = http.StatusUnauthorized
		}
		c.oauthError(status, code, why)
		return
	}
	if c.r.Method != http.MethodPost {
		s.showConsent(c, q)
		return
	}
	answer := q.Get("answer")
	store := s.merchant(q.Get("merchant"))
	if store == nil {
		c.html(http.StatusBadRequest, "<p>There is no such store.")
		return
	}
	to := store.Consent(q)
	if answer != "allow" {
		to = denied(q)
	}
	c.header.Set("Location", to)
	c.status = http.StatusFound
	c.out.b = c.out.b[:0]
}

// answered is the query, or the form that repeats it.
func (c *call) answered() (url.Values, bool) {
	if c.r.Method != http.MethodPost {
		return c.query, true
	}
	form, err := url.ParseQuery(string(c.body))
	return form, err == nil
}

func (s *Server) showConsent(c *call, q url.Values) {
	var page strings.Builder
	var merchants []string
	s.mu.Lock()
	for _, store := range s.stores {
		merchants = append(merchants, strconv.FormatInt(store.cfg.MerchantID, 10))
	}
	s.mu.Unlock()
	_ = consentPage.Execute(&page, map[string]any{"Scopes": askedScopes(q), "Query": q, "Merchants": merchants}) // writes to memory
	c.html(http.StatusOK, page.String())
}

// merchant finds a store by its number; "" is the first.
func (s *Server) merchant(number string) *Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, store := range s.stores {
		if number == "" || number == strconv.FormatInt(store.cfg.MerchantID, 10) {
			return store
		}
	}
	return nil
}

// refuseConsent says what is wrong with the query of an authorize address.
func (s *Server) refuseConsent(q url.Values) (code, why string) {
	redirect := q.Get("redirect_uri")
	to, err := url.Parse(redirect)
	switch {
	case !equal(q.Get("client_id"), s.cfg.ClientID):
		return "invalid_client", "Client authentication failed."
	case err != nil || !to.IsAbs() || s.cfg.RedirectURI != "" && redirect != s.cfg.RedirectURI:
		return "invalid_request", "The redirect_uri does not match the app's."
	case q.Get("response_type") != "code":
		return "unsupported_response_type", "Only the response type code is supported."
	}
	if strings.Contains(q.Get("scope"), ",") {
		s.book.Violationf("/oauth2/auth: scopes are separated by spaces")
	}
	if q.Get("state") == "" {
		s.book.Violationf("/oauth2/auth without state")
	}
	return "", ""
}

func askedScopes(q url.Values) []string {
	return strings.FieldsFunc(q.Get("scope"), func(r rune) bool { return r == ' ' || r == ',' })
}

// Consent agrees, for this store, to what an authorize address asks for, given
// its query, and returns the address the browser is sent to: the redirect_uri
// with a code, and the state without its hyphens. The portal decides what the
// app may do; the address adds offline_access only.
func (s *Store) Consent(authorize url.Values) string {
	asked := askedScopes(authorize)
	scopes := slices.DeleteFunc(slices.Clone(s.cfg.Scopes), func(v string) bool {
		return v == "offline_access" && !slices.Contains(asked, v)
	})
	redirect := authorize.Get("redirect_uri")
	s.server.auth.install(s)
	code := s.server.auth.issueCode(s, scopes, redirect)
	return callback(redirect, code, strings.ReplaceAll(authorize.Get("state"), "-", ""), scopes)
}

// Approve walks the consent page that the address leads to, as this store's
// merchant who agrees, and returns where the browser is sent then.
func (s *Store) Approve(authorize string) (string, error) {
	u, err := url.Parse(authorize)
	if err != nil || u.Scheme != "https" || u.Host != AccountsHost || u.Path != "/oauth2/auth" {
		return "", fmt.Errorf("sallatest: not the consent page")
	}
	if code, why := s.server.refuseConsent(u.Query()); code != "" {
		return "", fmt.Errorf("sallatest: consent refused: %s: %s", code, why)
	}
	return s.Consent(u.Query()), nil
}

func denied(q url.Values) string {
	to, err := url.Parse(q.Get("redirect_uri"))
	if err != nil {
		return ""
	}
	back := to.Query()
	back.Set("error", "access_denied")
	back.Set("error_description", "The resource owner denied the request")
	back.Set("state", strings.ReplaceAll(q.Get("state"), "-", ""))
	to.RawQuery = back.Encode()
	return to.String()
}

// serveInstall is the app's page in Salla's store, of easy mode: who agrees
// makes Salla send app.store.authorize to Config.AppWebhookURL, and stays.
func (s *Server) serveInstall(c *call) {
	q, ok := c.answered()
	if c.r.Method != http.MethodPost {
		s.showConsent(c, url.Values{})
		return
	}
	store := s.merchant(q.Get("merchant"))
	if !ok || store == nil {
		c.html(http.StatusBadRequest, "<p>There is no such store.")
		return
	}
	if q.Get("answer") != "allow" {
		c.html(http.StatusOK, "<p>The app was not installed.")
		return
	}
	s.auth.install(store)
	if s.cfg.AppWebhookURL == "" {
		s.book.Violationf("an app was installed in easy mode, but there is no Config.AppWebhookURL to send its tokens to")
	} else if err := store.deliverAuthorize(c.r.Context()); err != nil {
		c.html(http.StatusOK, "<p>The app is installed, but did not take the webhook with its tokens.")
		return
	}
	c.html(http.StatusOK, "<h1>The app is installed</h1><p>Go back to the app.")
}

func (s *Store) deliverAuthorize(ctx context.Context) error {
	d, _ := s.AuthorizeDelivery()
	_, err := s.server.Deliver(ctx, s.server.cfg.AppWebhookURL, d)
	return err
}

// install puts the app back into a store that took it out.
func (a *authority) install(st *Store) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.gone[st] {
		return
	}
	delete(a.gone, st)
	for _, t := range a.access {
		if t.store == st {
			t.dead = t.family != nil
		}
	}
}
