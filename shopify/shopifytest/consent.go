package shopifytest

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// consentPage is the page a merchant agrees on. Its form's address is relative,
// so that a browser that opened the page at the server's own URL stays there.
var consentPage = template.Must(template.New("consent").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Install app</title></head>
<body><main><h1>Install app on {{.Shop}}?</h1>
<p>The app asks for:</p><ul>{{range .Scopes}}<li>{{.}}</li>{{else}}<li>what its configuration says</li>{{end}}</ul>
<form method="post" action="authorize">
{{range $name, $value := .Query}}<input type="hidden" name="{{$name}}" value="{{index $value 0}}">
{{end}}<button type="submit" name="answer" value="install">Install</button>
<button type="submit" name="answer" value="cancel">Cancel</button>
</form></main></body></html>
`))

// serveConsent answers /admin/oauth/authorize: GET shows the page, POST takes
// the merchant's answer. The merchant is taken to be logged in. A merchant who
// cancels stays in the admin; the app hears nothing.
func (s *Server) serveConsent(w http.ResponseWriter, r *http.Request) {
	call := Call{Time: s.now(), Host: r.Host, Path: r.URL.Path, Operation: "oauth.authorize", Header: redact(r.Header)}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	q := r.URL.Query()
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
		if r.ParseForm() != nil {
			s.finish(w, r, &call, nil, result{http.StatusBadRequest, []byte("<p>Bad request")})
			return
		}
		q = r.PostForm
	}
	answer := q.Get("answer")
	q.Del("answer")
	if why := s.refuseConsent(q); why != "" {
		s.book.Violationf("consent: %s", why)
		s.finish(w, r, &call, nil, result{http.StatusBadRequest, []byte("<p>Oauth error " + template.HTMLEscapeString(why))})
		return
	}
	switch {
	case r.Method == http.MethodGet:
		var page strings.Builder
		_ = consentPage.Execute(&page, map[string]any{"Shop": s.shop, "Scopes": scopesOf(q.Get("scope")), "Query": q}) // writes to memory
		s.finish(w, r, &call, nil, result{http.StatusOK, []byte(page.String())})
	case answer == "install":
		w.Header().Set("Location", s.Install(q))
		s.finish(w, r, &call, nil, result{http.StatusFound, nil})
	default:
		s.finish(w, r, &call, nil, result{http.StatusOK, []byte("<p>The app was not installed.")})
	}
}

// refuseConsent says what is wrong with the query of an authorize address.
func (s *Server) refuseConsent(q url.Values) string {
	to, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != s.cfg.ClientID:
		return "invalid_request: Could not find a Shopify API application with this api_key"
	case err != nil || !to.IsAbs() || s.cfg.RedirectURIs != nil && !slices.Contains(s.cfg.RedirectURIs, q.Get("redirect_uri")):
		return "invalid_request: The redirect_uri is not whitelisted"
	case q.Get("state") == "":
		return "there is no state, so that anybody can bring a code to the app"
	case q.Get("grant_options[]") != "" && q.Get("grant_options[]") != "per-user":
		return "unknown grant_options"
	}
	return ""
}

// Install agrees to what an authorize address asks for, given its query, and
// returns the address the merchant's browser is sent to: the redirect_uri with
// a signed callback.
func (s *Server) Install(authorize url.Values) string {
	granted := s.cfg.Scopes
	if asked := scopesOf(authorize.Get("scope")); len(asked) > 0 {
		granted = slices.DeleteFunc(slices.Clone(granted), func(scope string) bool { return !slices.Contains(asked, scope) })
	}
	to, err := url.Parse(authorize.Get("redirect_uri"))
	if err != nil {
		return ""
	}
	q := to.Query()
	for name, values := range s.callback(s.issueCode(granted), authorize.Get("state")) {
		q[name] = values
	}
	to.RawQuery = q.Encode()
	return to.String()
}

// Approve walks the consent page that the address leads to, as a merchant who
// agrees, and returns where the browser is sent then.
func (s *Server) Approve(authorize string) (string, error) {
	u, err := url.Parse(authorize)
	if err != nil || u.Scheme != "https" || !strings.EqualFold(u.Host, s.shop) || u.Path != "/admin/oauth/authorize" {
		return "", fmt.Errorf("shopifytest: not the consent page of %s", s.shop)
	}
	if why := s.refuseConsent(u.Query()); why != "" {
		return "", fmt.Errorf("shopifytest: consent refused: %s", why)
	}
	return s.Install(u.Query()), nil
}

func scopesOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// authCode is an authorization code that was not exchanged yet.
type authCode struct {
	scopes  []string
	expires time.Time
}

func (s *Server) issueCode(scopes []string) string {
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	code := secret()
	s.tokens.codes[code] = authCode{scopes, s.now().Add(s.cfg.CodeLifetime)}
	return code
}

// useCode takes a code that lives. Called with mu held.
func (t *tokens) useCode(code string) ([]string, bool) {
	c, ok := t.codes[code]
	delete(t.codes, code)
	return c.scopes, ok && t.srv.now().Before(c.expires)
}
